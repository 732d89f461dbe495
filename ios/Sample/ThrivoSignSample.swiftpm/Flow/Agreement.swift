//! The document in hand: a copy of what was opened, what the check found in it, and what became of it.

import CryptoKit
import Foundation
import ThrivoSign

/// The verdict on a signed document, in the person's language.
public struct Verdict: Sendable {
    public let isClean: Bool
    public let text: String
}

public struct Agreement: Sendable {
    public let name: String
    public let file: URL
    /// Where the signed document is, once there is a verdict.
    public let signed: URL
    public internal(set) var verdict: Verdict?
    let findings: Preflight
    private let digest: Data

    /// Copies the document, so that nobody changes it while it is read and signed, and looks it over.
    static func open(_ name: String, in folder: URL, _ read: @Sendable () throws -> Data) async throws -> Agreement {
        // Each has a place of its own: a view that still shows the one before cannot take this one for it.
        let agreements = folder.appendingPathComponent("agreements")
        try remove(agreements)
        let place = agreements.appendingPathComponent(UUID().uuidString)
        let (file, signed) = (place.appendingPathComponent("opened.pdf"), place.appendingPathComponent("signed.pdf"))
        let data = try read()
        try keep(data, file)
        let findings = try await Document.file(file).preflight()
        return Agreement(name: name, file: file, signed: signed, findings: findings, digest: Data(SHA256.hash(data: data)))
    }

    private init(name: String, file: URL, signed: URL, findings: Preflight, digest: Data) {
        (self.name, self.file, self.signed, self.findings, self.digest) = (name, file, signed, findings, digest)
    }

    /// Signs what was shown, and verifies what was signed.
    func sign(_ key: SigningKey, trust: TrustAnchors, _ language: Language) async throws -> Verdict {
        let request = SignatureRequest(placement: .nextFree(width: 180, height: 50), reason: language[.reason])
        // The file could be another one by now than the one that was shown.
        _ = try await key.sign(Document.file(file), to: .file(signed), request: request, options: SignOptions(shown: digest))
        let report = try await Document.file(signed).verify(trust: trust)
        return Verdict(isClean: report.clean(), text: report.text(words: try Words.builtIn(language: language.code)))
    }

    func lines(_ language: Language) -> [String] {
        findings.inspection.markers.map { marker in
            [marker.page.map { language.page($0, of: findings.inspection.pages) }, marker.text].compactMap { $0 }.joined(separator: ": ")
        }
    }
}
