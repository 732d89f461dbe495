//! Documents without a service: sign, prepare and complete, verify, inspect. Each call ends when its task is cancelled, and takes `Limits`.

import Foundation
import ThrivoSignBindings

extension Document {
    /// A regular file, opened now: whoever replaces it under its name afterwards does not change what is read.
    public static func file(_ url: URL) throws -> Document { try Document.open(path: url.path) }

    /// Verifies every signature. A forged, broken or unsigned document is a report, not an error. `time` is when certificates are judged;
    /// now, by the machine's clock, if absent.
    public func verify(
        trust: TrustAnchors, at time: Date? = nil, revocation: Revocation? = nil, password: Secret? = nil, limits: Limits = Limits()
    ) async throws -> Report {
        let how = VerifyOptions(time: time?.unix, revocation: revocation, password: password)
        return try await offTasks(limits) {
            try ThrivoSignBindings.verify(document: self, trust: trust, verifyOptions: how, options: $0)
        }
    }

    /// Facts, and markers of what may surprise whoever signs or reads it. Judges nothing.
    public func inspect(password: Secret? = nil, limits: Limits = Limits()) async throws -> Inspection {
        try await offTasks(limits) { try ThrivoSignBindings.inspect(document: self, password: password, options: $0) }
    }

    /// Prepares a signature that is made later, maybe in another process: `Prepared.toBlob`. No key is asked.
    public func prepare(
        _ request: SignatureRequest, identity: SigningIdentity, options: SignOptions = SignOptions(), limits: Limits = Limits()
    ) async throws -> Prepared {
        try await offTasks(limits) {
            try ThrivoSignBindings.prepare(document: self, request: request, identity: identity, signOptions: options, options: $0)
        }
    }
}

extension SigningKey {
    /// Signs a document. After the call the whole signed document is where `output` says, and the library's verifier has accepted it. The
    /// key is asked once, last.
    public func sign(
        _ document: Document, to output: Output, request: SignatureRequest = SignatureRequest(),
        options: SignOptions = SignOptions(), limits: Limits = Limits()
    ) async throws -> SignedDocument {
        try await withLimits(limits) {
            try await ThrivoSignBindings.sign(
                document: document, output: output, request: request, key: self, signOptions: options, options: $0)
        }
    }
}

extension Prepared {
    /// Asks a key at hand, once, and checks its answer.
    public func answer(by key: SigningKey, limits: Limits = Limits()) async throws -> Data {
        try await withLimits(limits) { try await self.answer(key: key, options: $0) }
    }

    /// Completes the document with the key's answer. After the call it is where `output` says, and the library's verifier has accepted it;
    /// this object stays, and can be completed again with the same answer.
    public func complete(
        _ document: Document, with value: Data, to output: Output, options: SignOptions = SignOptions(), limits: Limits = Limits()
    ) async throws -> SignedDocument {
        try await offTasks(limits) {
            try self.complete(value: value, document: document, output: output, signOptions: options, options: $0)
        }
    }
}

extension Output {
    /// A file, which is replaced as a whole and flushed to the disk; not the one that is read.
    public static func file(_ url: URL) -> Output { .file(path: url.path, durability: nil) }
}

extension SignatureReport {
    /// The time the signer claims.
    public var claimedDate: Date? { claimedTime.map(Date.init(unix:)) }
}

extension SignerFacts {
    /// From when until when the certificate is valid.
    public var validity: ClosedRange<Date> { Date(unix: notBefore)...Date(unix: max(notBefore, notAfter)) }
}

extension Date {
    init(unix seconds: Int64) { self.init(timeIntervalSince1970: TimeInterval(seconds)) }

    /// Whole seconds; a time beyond what the library can count is its last one.
    var unix: Int64 { Int64(exactly: timeIntervalSince1970.rounded(.down)) ?? (timeIntervalSince1970 < 0 ? .min : .max) }
}
