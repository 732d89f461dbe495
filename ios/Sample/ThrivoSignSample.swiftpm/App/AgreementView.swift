//! The document: its pages, what the check found, and the things to do with it. Shows an `AgreementFlow`, decides nothing.

import SampleFlow
import SwiftUI
import UniformTypeIdentifiers

struct AgreementView: View {
    @StateObject private var watched: Watched<AgreementFlow>
    @State private var isChoosing = false
    @State private var isSettingUp = false

    init(account: Account) {
        _watched = StateObject(wrappedValue: Watched(AgreementFlow(account: account, canShow: Pages.canShow)))
    }

    private var flow: AgreementFlow { watched.flow }
    private var language: Language { flow.language }

    var body: some View {
        NavigationStack {
            VStack {
                Text(flow.status)
                    .font(.headline)
                    .accessibilityAddTraits(.updatesFrequently)
                if let details = flow.details {
                    // As high as its text, unless that is more than the pages leave.
                    ViewThatFits(in: .vertical) {
                        found(details.heading, details.lines)
                        ScrollView { found(details.heading, details.lines) }
                    }
                }
                if let pages = flow.pages {
                    Pages(file: pages)
                        .accessibilityElement(children: .contain)
                        .accessibilityLabel(language[.pagesOfDocument])
                } else {
                    Spacer()
                }
                // Beside each other, or below if the text is large.
                ViewThatFits(in: .horizontal) {
                    HStack { actions }
                    VStack { actions }
                }
            }
            .padding()
            .navigationTitle(language[.appName])
            .navigationBarTitleDisplayMode(.inline)
            .toolbar {
                Button(language[.setUp]) { isSettingUp = true }
            }
        }
        .fileImporter(isPresented: $isChoosing, allowedContentTypes: [.pdf]) { chosen in
            guard case .success(let file) = chosen else { return }
            Task { await flow.open(file.lastPathComponent) { try bytes(of: file) } }
        }
        .sheet(isPresented: $isSettingUp) { SetUpView(account: flow.account) }
        .alert(language[.appName], isPresented: hasAlert) {
            Button(language[.ok]) {
                isSettingUp = flow.needsSetUp
                flow.needsSetUp = false
            }
        } message: {
            if let alert = flow.alert { Text(alert) }
        }
        .onChange(of: flow.status) { status in UIAccessibility.post(notification: .announcement, argument: status) }
    }

    private func found(_ heading: String, _ lines: [String]) -> some View {
        VStack(alignment: .leading) {
            Text(heading)
                .font(.subheadline)
                .accessibilityAddTraits(.isHeader)
            ForEach(Array(lines.enumerated()), id: \.offset) { _, line in
                Text(line).font(.footnote)
            }
        }
        .frame(maxWidth: .infinity, alignment: .leading)
    }

    @ViewBuilder private var actions: some View {
        Button { isChoosing = true } label: { Label(language[.open], systemImage: "doc") }
            .buttonStyle(.bordered)
            .disabled(flow.isWorking)
        Button { Task { await flow.sign() } } label: { Label(language[.sign], systemImage: "signature") }
            .buttonStyle(.borderedProminent)
            .disabled(!flow.canSign)
        if let shared = flow.shared {
            ShareLink(item: shared) { Label(language[.share], systemImage: "square.and.arrow.up") }
                .buttonStyle(.bordered)
        }
    }

    private var hasAlert: Binding<Bool> {
        Binding { flow.alert != nil } set: { if !$0 { flow.alert = nil } }
    }
}
