//! What the screen to enrol with shows and does. Takes what the person types and keeps nothing of it; draws nothing.

import Foundation
import ThrivoSign

@MainActor public final class SetUpFlow: Flow {
    public var willChange: (() -> Void)?

    public private(set) var status = "" { willSet { willChange?() } }
    public private(set) var isWorking = false { willSet { willChange?() } }
    /// The person is to type the code that was sent to them.
    public private(set) var isAskingCode = false { willSet { willChange?() } }
    public private(set) var isEnrolled = false { willSet { willChange?() } }

    public let account: Account
    public var language: Language { account.language }
    private var isGone = false
    private var waiting: CheckedContinuation<Secret, any Error>?

    public init(account: Account) {
        self.account = account
    }

    public func enrol(_ form: Enrolment) async {
        isGone = false
        await work {
            self.isEnrolled = try await self.account.enrol(form) { try await self.askCode() }
            return self.isEnrolled ? .enrolled : .waitsForOfficer
        }
    }

    public func choose(_ root: Account.Root, _ read: @escaping @Sendable () throws -> Data) async {
        await work {
            try self.account.choose(root, read)
            return root == .tls ? .tlsChosen : .trustChosen
        }
    }

    /// The screen goes away: nobody can type a code any more.
    public func leave() {
        isGone = true
        answer(nil)
    }

    /// The code that was typed; nothing if the person gives up.
    public func answer(_ code: String?) {
        guard let waiting else { return }
        self.waiting = nil
        isAskingCode = false
        if let code {
            waiting.resume(returning: Secret(text: code.trimmingCharacters(in: .whitespaces)))
        } else {
            waiting.resume(throwing: CancellationError())
        }
    }

    private func askCode() async throws -> Secret {
        if isGone { throw CancellationError() }
        return try await withCheckedThrowingContinuation { waiting in
            self.waiting = waiting
            isAskingCode = true
        }
    }

    /// Runs the job, and shows what it says.
    private func work(_ job: () async throws -> Phrase) async {
        guard !isWorking else { return }
        isWorking = true
        status = language[.working]
        do {
            status = language[try await job()]
        } catch is CancellationError {
            status = ""
        } catch {
            status = language.wording(error)
        }
        isWorking = false
    }
}
