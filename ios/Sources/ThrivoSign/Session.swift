//! A session with one Server-Signer. Each call ends when its task is cancelled, and takes `Limits`.

import Foundation
import ThrivoSignBindings

/// A session. May be used by any number of tasks at once; tokens live in memory, are renewed ahead of time and wiped with the session.
public final class Session: Sendable {
    /// The generated object, for what is not here.
    public let client: Client

    /// A session that is not logged in; nothing is sent.
    ///
    /// Throws `ConfigMalformed`, `PlainHttpRefused`, `PemMalformed`, `InvalidArgument` for what cannot be used of the environment.
    public init(_ environment: Environment) throws {
        client = try Client(environment: environment)
    }

    /// The same over HTTP of the app's own. What the environment says of roots, pins, proxy and client certificate nobody would heed, so it must say
    /// nothing.
    ///
    /// Throws `ConfigMalformed`, `PlainHttpRefused`, `InvalidArgument` for what cannot be used of the environment.
    public init(_ environment: Environment, over http: HttpTransport) throws {
        client = try Client.newOver(environment: environment, http: http)
    }

    /// The usual environment: `tlsRoots` (PEM) alone may vouch for the service, the public authorities if absent.
    public convenience init(service: URL, apiKey: Secret, tlsRoots: Data? = nil) throws {
        try self.init(Environment(baseAddress: service.absoluteString, apiKey: apiKey, tlsRoots: tlsRoots))
    }

    // MARK: Login

    /// After the call tokens are asked for with proofs of that authentication key (DPoP, RFC 9449): what the service then gives is of no use to
    /// whoever steals it. The key signs once for each call and must not ask the person. Better called before the login.
    public func prove(with authenticationKey: String, in store: any DeviceKeyStore) async throws {
        try await client.proveWith(store: store, authenticationKey: authenticationKey)
    }

    /// Whether there are tokens that only the session's own key can use.
    public var isBound: Bool { client.isBound() }

    /// After the call the session has tokens of that user. Sent once: a wrong password counts as a try.
    public func login(_ username: String, password: Secret, limits: Limits = Limits()) async throws {
        try await withLimits(limits) { try await self.client.login(username: username, password: password, options: $0) }
    }

    /// After the call the session has tokens of the app's own back end, and asks it again shortly before they end.
    public func provide(with provider: any TokenProvider, limits: Limits = Limits()) async throws {
        try await withLimits(limits) { try await self.client.provideWith(provider: provider, options: $0) }
    }

    /// After the call the newest pins that the service has published are in force, if an update key of the environment says so. True if they are newer
    /// than those before, and then `pinDocument` is worth keeping.
    public func updatePins(limits: Limits = Limits()) async throws -> Bool {
        try await withLimits(limits) { try await self.client.updatePins(options: $0) }
    }

    /// The document that the pins in force came from, to be kept for `Pins.document`; nil for those of the environment itself.
    public var pinDocument: String? { client.pinDocument() }

    /// After the call the session has tokens that came of an earlier refresh token.
    public func resume(_ refreshToken: Secret, limits: Limits = Limits()) async throws {
        try await withLimits(limits) { try await self.client.resume(refreshToken: refreshToken, options: $0) }
    }

    /// The refresh token, to be kept in the platform's secret storage for `resume`.
    public var refreshToken: Secret? { client.refreshToken() }

    /// Whether there are tokens; they may have been revoked since.
    public var isLoggedIn: Bool { client.isLoggedIn() }

    /// The service's own time, by its last answer and the time gone by since.
    public var serviceTime: Date? { client.serviceTime().map(Date.init(unix:)) }

    /// After the call the session has no tokens, and the service was asked to forget them.
    public func logout(limits: Limits = Limits()) async throws {
        try await withLimits(limits) { try await self.client.logout(options: $0) }
    }

    // MARK: Enrolment

    /// After the call a device activation code is on its way to the person.
    public func sendDeviceCode(limits: Limits = Limits()) async throws {
        try await withLimits(limits) { try await self.client.sendDeviceCode(options: $0) }
    }

    /// After the call the device is registered with its authentication key, which was asked once.
    public func register(
        _ device: Device, authenticationKey: KeyInfo, in store: any DeviceKeyStore, code: Secret, limits: Limits = Limits()
    ) async throws -> RegisteredDevice {
        try await withLimits(limits) {
            try await self.client.registerDevice(
                store: store, authenticationKey: authenticationKey, device: device, activationCode: code, options: $0)
        }
    }

    /// After the call the service no longer knows the device, and its credentials are back at `new`.
    public func delete(device uuid: String, limits: Limits = Limits()) async throws {
        try await withLimits(limits) { try await self.client.deleteDevice(deviceUuid: uuid, options: $0) }
    }

    /// A challenge for one request; where the method is a one-time code, the code is on its way.
    public func challenge(device uuid: String, method: AuthenticationMethod, limits: Limits = Limits()) async throws -> Challenge {
        try await withLimits(limits) { try await self.client.askChallenge(deviceUuid: uuid, method: method, options: $0) }
    }

    /// Requests a certificate. The signing key was asked once; its signature was checked before anything was sent.
    public func order(
        _ order: CertificateOrder, in store: any DeviceKeyStore, limits: Limits = Limits()
    ) async throws -> Requested {
        try await withLimits(limits) { try await self.client.orderCertificate(store: store, order: order, options: $0) }
    }

    /// Asks whether a pending request was approved.
    public func askAgain(_ request: PendingRequest, limits: Limits = Limits()) async throws -> Requested {
        try await withLimits(limits) { try await self.client.askAgain(request: request, options: $0) }
    }

    /// Begins the activation; a one-time code is on its way to the person.
    public func beginActivation(of identity: Identity, limits: Limits = Limits()) async throws -> ActivationChallenge {
        try await withLimits(limits) { try await self.client.beginActivation(identity: identity, options: $0) }
    }

    /// Ends the activation with the code that the person typed; gives the identity in the state the service told. The authentication key
    /// was asked once. If the answer is lost, `state(of:)` says how it ended.
    public func finishActivation(
        of identity: Identity, challenge: ActivationChallenge, in store: any DeviceKeyStore, code: Secret, limits: Limits = Limits()
    ) async throws -> Identity {
        try await withLimits(limits) {
            try await self.client.finishActivation(store: store, identity: identity, challenge: challenge, code: code, options: $0)
        }
    }

    /// A challenge for one renewal of the identity's certificate; no code is sent. `Credential.renewFrom` says from when there is one. For
    /// `KeySpec.attestationChallenge` of the key that is made now, and then `renew`.
    public func renewalChallenge(for identity: Identity, limits: Limits = Limits()) async throws -> Challenge {
        try await withLimits(limits) { try await self.client.askRenewalChallenge(identity: identity, options: $0) }
    }

    /// Renews a certificate that ends soon under another signing key; nobody is sent a code. The identity that is issued may sign at once: keep its
    /// JSON form. The old one goes on until its certificate ends.
    public func renew(
        _ identity: Identity, signingKey: KeyInfo, challenge: Challenge, in store: any DeviceKeyStore, limits: Limits = Limits()
    ) async throws -> Requested {
        try await withLimits(limits) {
            try await self.client.renewCertificate(
                store: store, identity: identity, signingKey: signingKey, challenge: challenge.challenge, options: $0)
        }
    }

    // MARK: Credentials

    /// All credentials of the user.
    public func credentials(limits: Limits = Limits()) async throws -> [Credential] {
        try await withLimits(limits) { try await self.client.listCredentials(options: $0) }
    }

    /// The same identity in the state that the service tells now.
    public func state(of identity: Identity, limits: Limits = Limits()) async throws -> Identity {
        try await withLimits(limits) { try await self.client.learnState(identity: identity, options: $0) }
    }

    /// After the call the certificate is revoked for good; revoking it again is no error.
    public func revoke(_ credentialID: String, reason: RevocationReason, limits: Limits = Limits()) async throws {
        try await withLimits(limits) { try await self.client.revoke(credentialId: credentialID, reason: reason, options: $0) }
    }

    // MARK: Signature image

    /// After the call the service has that picture of the user's, a PNG or JPEG file of at most 512 KiB, for the visible signatures that it prepares:
    /// shown where the request's `Appearance.image` is the same file.
    public func setSignatureImage(_ file: Data, limits: Limits = Limits()) async throws {
        try await withLimits(limits) { try await self.client.setSignatureImage(file: file, options: $0) }
    }

    /// The file of the picture that the service has of the user's, for `Appearance.image`, once the person has seen it.
    ///
    /// Throws `RecordNotFound` if there is none.
    public func signatureImage(limits: Limits = Limits()) async throws -> Data {
        try await withLimits(limits) { try await self.client.signatureImage(options: $0) }
    }

    /// After the call the service has no picture of the user's.
    public func removeSignatureImage(limits: Limits = Limits()) async throws {
        try await withLimits(limits) { try await self.client.removeSignatureImage(options: $0) }
    }

    // MARK: Documents

    /// Mode `device`: signs as `SigningKey.sign` does, then files the result under `fileName`, which has no folders. After the call the
    /// document is where `output` says; what goes wrong with the filing is in the result.
    public func signAndFile(
        _ document: Document, to output: Output, fileName: String, request: SignatureRequest, key: SigningKey,
        options: SignOptions = SignOptions(), limits: Limits = Limits()
    ) async throws -> DeviceSigned {
        try await withLimits(limits) {
            try await self.client.signAndFile(
                document: document, output: output, fileName: fileName, request: request, key: key, signOptions: options, options: $0)
        }
    }

    /// Files a signed document; filing the same bytes again is answered as the first time.
    public func file(_ document: Document, fileName: String, limits: Limits = Limits()) async throws -> Agreement {
        try await withLimits(limits) { try await self.client.fileDocument(document: document, fileName: fileName, options: $0) }
    }

    /// Mode `submit`: has the document prepared by the service, checks what came back, signs it with the identity's key and brings the
    /// filed document to `output`. The key was asked once.
    public func submit(
        _ document: Document, to output: Output, fileName: String, request: SignatureRequest, identity: Identity,
        in store: any DeviceKeyStore, options: SignOptions = SignOptions(), limits: Limits = Limits()
    ) async throws -> Submitted {
        try await withLimits(limits) {
            try await self.client.submit(
                document: document, output: output, fileName: fileName, request: request, store: store, identity: identity,
                signOptions: options, options: $0)
        }
    }
}

extension Identity {
    /// When the signer's certificate ends: a month before it is time to renew.
    public var end: Date { get throws { Date(unix: try notAfter()) } }
}
