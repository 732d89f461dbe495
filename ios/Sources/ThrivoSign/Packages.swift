//! Packages, that is agreements that several people sign in order. Each call ends when its task is cancelled, and takes `Limits`.

import Foundation
import ThrivoSignBindings

extension SigningPackage {
    /// What the package asks of the user next: the first of its recipients who is the user and has the turn; nil if nothing waits.
    public var next: PackageRecipient? { recipients.first { $0.you && $0.turn } }
}

extension Session {
    // MARK: A recipient's side

    /// The user's packages of that kind, the newest first.
    public func packages(_ view: PackageView, limits: Limits = Limits()) async throws -> [SigningPackage] {
        try await withLimits(limits) { try await self.client.listPackages(view: view, options: $0) }
    }

    /// Where a package stands.
    public func package(_ id: String, limits: Limits = Limits()) async throws -> SigningPackage {
        try await withLimits(limits) { try await self.client.packageStatus(packageId: id, options: $0) }
    }

    /// Brings a document of a package: the very bytes whose SHA-256 the package named. Gives them where `output` is memory.
    ///
    /// Throws `DocumentChanged` if somebody signed it meanwhile.
    @discardableResult
    public func fetch(_ document: PackageDocument, to output: Output, limits: Limits = Limits()) async throws -> Data? {
        try await withLimits(limits) { try await self.client.fetchFromPackage(document: document, output: output, options: $0) }
    }

    /// Signs what is asked of the user in a package, where it is asked. `document` has the bytes that the person saw: what the service prepared is
    /// checked against them. The key was asked once.
    public func sign(
        _ asked: PackageRecipient, in document: Document, to output: Output, request: SignatureRequest = SignatureRequest(), identity: Identity,
        in store: any DeviceKeyStore, options: SignOptions = SignOptions(), limits: Limits = Limits()
    ) async throws -> Submitted {
        try await withLimits(limits) {
            try await self.client.signInPackage(
                asked: asked, document: document, output: output, request: request, store: store, identity: identity, signOptions: options,
                options: $0)
        }
    }

    /// Says no in the user's turn, which ends the package for everybody; everybody reads the reason.
    @discardableResult
    public func decline(package id: String, reason: String, limits: Limits = Limits()) async throws -> SigningPackage {
        try await withLimits(limits) { try await self.client.declinePackage(packageId: id, reason: reason, options: $0) }
    }

    // MARK: The owner's side

    /// Makes an empty package, which ends by itself after so many seconds, or after a month.
    public func createPackage(_ name: String, expiresIn seconds: Int64? = nil, limits: Limits = Limits()) async throws -> SigningPackage {
        try await withLimits(limits) { try await self.client.createPackage(name: name, expiresIn: seconds, options: $0) }
    }

    /// Sends a document and puts it into the user's own package, the last of those in the answer. `fileName` has no folders.
    public func add(
        _ document: Document, fileName: String, toPackage id: String, limits: Limits = Limits()
    ) async throws -> SigningPackage {
        try await withLimits(limits) {
            try await self.client.addToPackage(packageId: id, document: document, fileName: fileName, options: $0)
        }
    }

    /// Asks a person for a signature in the user's own package.
    @discardableResult
    public func assign(_ asked: AskedSignature, inPackage id: String, limits: Limits = Limits()) async throws -> SigningPackage {
        try await withLimits(limits) { try await self.client.assignInPackage(packageId: id, asked: asked, options: $0) }
    }

    /// Fills text fields of a document of the user's own draft, by their fully qualified names: all of them, or none. Each value is drawn.
    ///
    /// Throws `DocumentRefused` if a field does not take its value, or somebody has signed: the detail's `problem` says why.
    public func fill(
        _ values: [String: String], in document: String, ofPackage id: String, limits: Limits = Limits()
    ) async throws -> SigningPackage {
        try await withLimits(limits) {
            try await self.client.fillInPackage(packageId: id, documentId: document, values: values, options: $0)
        }
    }

    /// After the call the user's own package can no longer be changed, and the first recipients have their turn.
    @discardableResult
    public func share(package id: String, limits: Limits = Limits()) async throws -> SigningPackage {
        try await withLimits(limits) { try await self.client.sharePackage(packageId: id, options: $0) }
    }

    /// Takes the user's own package back; everybody reads the reason.
    @discardableResult
    public func cancel(package id: String, reason: String, limits: Limits = Limits()) async throws -> SigningPackage {
        try await withLimits(limits) { try await self.client.cancelPackage(packageId: id, reason: reason, options: $0) }
    }
}
