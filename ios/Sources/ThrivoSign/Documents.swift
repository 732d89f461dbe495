//! Documents without a service: sign, prepare and complete, verify, inspect. Each call ends when its task is cancelled, and takes `Limits`.

import Foundation
import ThrivoSignBindings

extension Document {
    /// A regular file, opened now: whoever replaces it under its name afterwards does not change what is read.
    public static func file(_ url: URL) throws -> Document { try Document.open(path: url.path) }

    /// Verifies every signature. A forged, broken or unsigned document is a report, not an error. `time` is when certificates are judged;
    /// now, by the machine's clock, if absent; `evidence` is at hand beside what the document carries.
    public func verify(
        trust: TrustAnchors, at time: Date? = nil, revocation: Revocation? = nil, password: Secret? = nil, evidence: Evidence? = nil,
        limits: Limits = Limits()
    ) async throws -> Report {
        let how = VerifyOptions(time: time?.unix, revocation: revocation, password: password, evidence: evidence)
        return try await offTasks(limits) {
            try ThrivoSignBindings.verify(document: self, trust: trust, verifyOptions: how, options: $0)
        }
    }

    /// Verifies every signature by the rules of a policy file alone (JSON, schema `thrivosign-policy-1`), which says whom to trust, too. `evidence` is
    /// added to the file's; `time` is for a file that states none.
    public func verify(
        policy: Data, at time: Date? = nil, password: Secret? = nil, evidence: Evidence? = nil, limits: Limits = Limits()
    ) async throws -> Report {
        let beside = VerifyOptions(time: time?.unix, password: password, evidence: evidence)
        return try await offTasks(limits) {
            try ThrivoSignBindings.verifyBy(document: self, policy: policy, verifyOptions: beside, options: $0)
        }
    }

    /// Facts, and markers of what may surprise whoever signs or reads it. Judges nothing.
    public func inspect(password: Secret? = nil, limits: Limits = Limits()) async throws -> Inspection {
        try await offTasks(limits) { try ThrivoSignBindings.inspect(document: self, password: password, options: $0) }
    }

    /// What changed since a signature, counted from 0 in the order of the report; the signature itself is not verified.
    public func diff(since index: Int, password: Secret? = nil, limits: Limits = Limits()) async throws -> Diff {
        try await offTasks(limits) {
            try ThrivoSignBindings.diff(document: self, index: Int32(clamping: index), password: password, options: $0)
        }
    }

    /// Every signature as it presents itself. Nothing is verified: every name and time is claimed.
    public func signatures(password: Secret? = nil, limits: Limits = Limits()) async throws -> [ClaimedSignature] {
        try await offTasks(limits) { try ThrivoSignBindings.signatures(document: self, password: password, options: $0) }
    }

    /// Hands over the document as the signer of a signature saw it. Whether the signature is worth anything is not said.
    public func extractSignedRevision(
        _ index: Int, to output: Output, password: Secret? = nil, limits: Limits = Limits()
    ) async throws -> Extracted {
        try await offTasks(limits) {
            try ThrivoSignBindings.extractSignedRevision(
                document: self, index: Int32(clamping: index), output: output, password: password, options: $0)
        }
    }

    /// The signature fields, signed and empty.
    public func signatureFields(password: Secret? = nil, limits: Limits = Limits()) async throws -> [SignatureField] {
        try await inspect(password: password, limits: limits).facts().signatureFields
    }

    /// What speaks against a signature in the field of that name, or in a new one; nothing is refused. Of the options the password, the policy
    /// and what becomes of damage count.
    public func preflight(
        field: String? = nil, options: SignOptions = SignOptions(), limits: Limits = Limits()
    ) async throws -> Preflight {
        try await offTasks(limits) {
            try ThrivoSignBindings.preflight(document: self, field: field, signOptions: options, options: $0)
        }
    }

    /// Adds empty signature fields. After the call the whole document with them is where `output` says; this document's bytes are its front.
    public func addFields(
        _ fields: [EmptyField], to output: Output, password: Secret? = nil, limits: Limits = Limits()
    ) async throws -> FieldsAdded {
        try await offTasks(limits) {
            try ThrivoSignBindings.addFields(document: self, output: output, fields: fields, password: password, options: $0)
        }
    }

    /// Raises the signatures, without the signer. After the call the document is where `output` says, with what was asked for appended, as far as it
    /// could be had. A level that is not reached, an authority that does not answer, evidence that is missing are no errors: the result tells them.
    public func extend(
        _ extension: Extension, to output: Output, password: Secret? = nil, limits: Limits = Limits()
    ) async throws -> Extended {
        try await withLimits(limits) {
            try await ThrivoSignBindings.extend(document: self, output: output, extension: `extension`, password: password, options: $0)
        }
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

extension SigningKey {
    /// Signs the file where it is. After the call it is its old bytes and one more revision, which the library's verifier has accepted; a
    /// process that ends at any moment leaves the old file or the signed one. `recoverInPlace` settles what an interrupted call left.
    public func signInPlace(
        _ url: URL, request: SignatureRequest = SignatureRequest(), durability: Durability = .fsync,
        options: SignOptions = SignOptions(), limits: Limits = Limits()
    ) async throws -> SignedDocument {
        try await withLimits(limits) {
            try await ThrivoSignBindings.signInPlace(
                path: url.path, request: request, key: self, durability: durability, signOptions: options, options: $0)
        }
    }

    /// Signs every document of a list. `ended` is told of each as it ends, on threads of the library, on one at a time; what it throws stops
    /// the whole. Every document that was told as signed is in place and has passed the library's verifier. Progress counts documents.
    public func signBatch(
        _ items: [BatchItem], request: SignatureRequest = SignatureRequest(), batch: BatchOptions = BatchOptions(),
        options: SignOptions = SignOptions(), limits: Limits = Limits(),
        ended: (@Sendable (Int, BatchOutcome) throws -> Void)? = nil
    ) async throws -> BatchSummary {
        try await withLimits(limits) {
            try await ThrivoSignBindings.signBatch(
                items: items, request: request, key: self, listener: ended.map(Listener.init), batchOptions: batch,
                signOptions: options, options: $0)
        }
    }
}

extension TrustAnchors {
    /// Verifies every file of a list. `ended` is told what came out for each, on threads of the library, on one at a time; what it throws stops
    /// the whole. A file that cannot be read never stops the others. Progress counts documents.
    public func verify(
        _ files: [URL], batch: VerifyBatchOptions = VerifyBatchOptions(), options: VerifyOptions = VerifyOptions(),
        limits: Limits = Limits(), ended: @escaping @Sendable (Int, VerifyOutcome) throws -> Void
    ) async throws -> VerifyBatchSummary {
        try await offTasks(limits) {
            try ThrivoSignBindings.verifyBatch(
                files: files.map(\.path), trust: self, listener: Judged(ended), batchOptions: batch, verifyOptions: options, options: $0)
        }
    }
}

private final class Judged: VerifyListener {
    let told: @Sendable (Int, VerifyOutcome) throws -> Void

    init(_ told: @escaping @Sendable (Int, VerifyOutcome) throws -> Void) {
        self.told = told
    }

    func ended(index: Int32, outcome: VerifyOutcome) throws {
        try told(Int(index), outcome)
    }
}

private final class Listener: BatchListener {
    let told: @Sendable (Int, BatchOutcome) throws -> Void

    init(_ told: @escaping @Sendable (Int, BatchOutcome) throws -> Void) {
        self.told = told
    }

    func ended(index: Int32, outcome: BatchOutcome) throws {
        try told(Int(index), outcome)
    }
}

extension BatchItem {
    /// The document at `input`, and where the signed one goes.
    public init(from input: URL, to output: URL) { self.init(input: input.path, output: output.path) }
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
