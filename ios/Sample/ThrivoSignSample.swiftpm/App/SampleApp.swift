//! The app: one account, one window, and the approvals that end when it leaves the foreground.

import SampleFlow
import SwiftUI

@main
struct SampleApp: App {
    @Environment(\.scenePhase) private var phase
    private let account = Account(folder: URL.applicationSupportDirectory, deviceName: UIDevice.current.model)

    var body: some Scene {
        WindowGroup { AgreementView(account: account) }
            .onChange(of: phase) { phase in
                // Not `.inactive`: the prompt itself makes the app that.
                if phase == .background { account.forgetApprovals() }
            }
    }
}

/// Tells SwiftUI that a flow is about to change.
@MainActor final class Watched<Shown: Flow>: ObservableObject {
    let flow: Shown

    init(_ flow: Shown) {
        self.flow = flow
        flow.willChange = { [weak self] in self?.objectWillChange.send() }
    }
}
