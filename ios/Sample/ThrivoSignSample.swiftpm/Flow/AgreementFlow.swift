//! What the screen with the document shows and does. Takes the person's wishes, gives texts and what is possible; draws nothing.

import Foundation

@MainActor public final class AgreementFlow: Flow {
    public var willChange: (() -> Void)?

    public private(set) var agreement: Agreement? { willSet { willChange?() } }
    public private(set) var isWorking = false { willSet { willChange?() } }
    /// What went wrong, until the person has read it.
    public var alert: String? { willSet { willChange?() } }
    /// The person must set up this device first.
    public var needsSetUp = false { willSet { willChange?() } }

    public let account: Account
    public var language: Language { account.language }
    private let canShow: @MainActor (URL) -> Bool
    private var isShown = false

    /// `canShow`: whether the pages of a file can be drawn.
    public init(account: Account, canShow: @escaping @MainActor (URL) -> Bool) {
        self.account = account
        self.canShow = canShow
    }

    /// The file that the pages are drawn of.
    public var pages: URL? { agreement.flatMap { isShown ? ($0.verdict == nil ? $0.file : $0.signed) : nil } }
    /// The signed document, for other apps.
    public var shared: URL? { isWorking ? nil : agreement.flatMap { $0.verdict == nil ? nil : $0.signed } }
    /// Only a document that can be shown can be signed, and once.
    public var canSign: Bool { !isWorking && isShown && agreement?.verdict == nil }

    public var status: String {
        if isWorking { return language[.working] }
        guard let agreement else { return language[.nothingOpen] }
        if !isShown { return language[.cannotShow] }
        guard let verdict = agreement.verdict else { return language[.ready] }
        return language[verdict.isClean ? .signedClean : .signedNotClean]
    }

    /// What the check found, or the verdict; with its heading.
    public var details: (heading: String, lines: [String])? {
        guard let agreement else { return nil }
        if let verdict = agreement.verdict { return (language[.verdict], [verdict.text]) }
        let lines = agreement.lines(language)
        return (language[.findings], lines.isEmpty ? [language[.noFindings]] : lines)
    }

    public func open(_ name: String, _ read: @escaping @Sendable () throws -> Data) async {
        await work {
            self.agreement = nil
            self.isShown = false
            let opened = try await Agreement.open(name, in: self.account.folder, read)
            self.isShown = self.canShow(opened.file)
            self.agreement = opened
        }
    }

    public func sign() async {
        guard canSign, let agreement else { return }
        await work {
            guard let key = try self.account.key(toSign: agreement.name), let trust = try self.account.trust() else {
                self.needsSetUp = true
                return self.alert = self.language[.notSetUp]
            }
            self.agreement?.verdict = try await agreement.sign(key, trust: trust, self.language)
        }
    }

    private func work(_ job: () async throws -> Void) async {
        guard !isWorking else { return }
        isWorking = true
        alert = nil
        do { try await job() } catch { alert = language.wording(error) }
        isWorking = false
    }
}
