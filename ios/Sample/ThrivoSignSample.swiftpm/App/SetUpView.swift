//! The form to enrol this device with. Shows a `SetUpFlow`; what is typed here is gone with the screen.

import SampleFlow
import SwiftUI
import UniformTypeIdentifiers

struct SetUpView: View {
    @StateObject private var watched: Watched<SetUpFlow>
    @State private var form = Enrolment()
    @State private var code = String()
    @State private var root = Account.Root.tls
    @State private var isChoosing = false
    @Environment(\.dismiss) private var dismiss
    @Environment(\.scenePhase) private var phase

    init(account: Account) {
        _watched = StateObject(wrappedValue: Watched(SetUpFlow(account: account)))
    }

    private var flow: SetUpFlow { watched.flow }
    private var language: Language { flow.language }

    var body: some View {
        NavigationStack {
            Form {
                Section {
                    plain(.service, $form.service).keyboardType(.URL)
                    SecureField(language[.apiKey], text: $form.apiKey)
                    plain(.user, $form.user).textContentType(.username)
                    SecureField(language[.password], text: $form.password).textContentType(.password)
                    TextField(language[.yourName], text: $form.name).textContentType(.name)
                    plain(.country, $form.country)
                }
                Section(language[.files]) {
                    Button(language[.chooseTls]) { choose(.tls) }
                    Button(language[.chooseTrust]) { choose(.trust) }
                }
                Section {
                    Button(language[.enrol]) { Task { await flow.enrol(form) } }
                    Text(flow.status).accessibilityAddTraits(.updatesFrequently)
                }
            }
            .disabled(flow.isWorking)
            .navigationTitle(language[.setUp])
            .navigationBarTitleDisplayMode(.inline)
            .toolbar {
                Button(language[flow.isEnrolled ? .done : .cancel]) { dismiss() }
            }
        }
        .fileImporter(isPresented: $isChoosing, allowedContentTypes: [.data]) { chosen in
            guard case .success(let file) = chosen else { return }
            Task { await flow.choose(root) { try bytes(of: file) } }
        }
        .alert(language[.code], isPresented: asksCode) {
            TextField(language[.code], text: $code).keyboardType(.numberPad).textContentType(.oneTimeCode)
            Button(language[.resume]) {
                flow.answer(code)
                code = String()
            }
            Button(language[.cancel], role: .cancel) { flow.answer(nil) }
        }
        .onChange(of: flow.status) { status in UIAccessibility.post(notification: .announcement, argument: status) }
        .onDisappear { flow.leave() }
        .overlay {
            // No picture of what was typed in the list of recent apps.
            if phase != .active { Color(uiColor: .systemBackground).ignoresSafeArea() }
        }
    }

    private func plain(_ phrase: Phrase, _ text: Binding<String>) -> some View {
        TextField(language[phrase], text: text).autocorrectionDisabled().textInputAutocapitalization(.never)
    }

    private func choose(_ root: Account.Root) {
        self.root = root
        isChoosing = true
    }

    private var asksCode: Binding<Bool> {
        // The buttons answer; the system closes the alert with them.
        Binding { flow.isAskingCode } set: { _ in }
    }
}
