//! The person's standing with the service: the certificate of this device's key, and whom to trust.
//!
//! Takes what the person typed and the codes that were sent to them, keeps an identity without secrets in the app's folder. What was typed
//! is not kept; keys are in the Secure Enclave.

import Foundation
import ThrivoSign

/// What the person types to enrol.
public struct Enrolment: Sendable {
    public var service = ""
    public var apiKey = ""
    public var user = ""
    public var password = ""
    public var name = ""
    public var country = ""

    public init() {}
}

public final class Account: @unchecked Sendable {
    /// Files of the person's choice.
    public enum Root: String, Sendable {
        /// May vouch for the service, instead of the public authorities.
        case tls = "tls-roots.pem"
        /// Whose signatures are trusted.
        case trust = "trust.pem"
    }

    let folder: URL
    let language: Language
    private let deviceName: String
    private let lock = NSLock()
    private var inUse: SecureEnclaveStore?

    public init(folder: URL, deviceName: String, language: Language = Language()) {
        self.folder = folder
        self.deviceName = deviceName
        self.language = language
    }

    /// After the call the next signature asks the person again, and a prompt that is shown is taken away.
    public func forgetApprovals() { lock.withLock { inUse }?.forgetApprovals() }

    /// After the call the file's copy is what the app goes by.
    public func choose(_ root: Root, _ read: @Sendable () throws -> Data) throws { try keep(try read(), rootFile(root)) }

    /// After the call this device has a certificate for a new key, which takes the old one's place; false if an officer must approve first.
    func enrol(_ form: Enrolment, askCode: @Sendable () async throws -> Secret) async throws -> Bool {
        let device = Device(uuid: UUID().uuidString.lowercased(), name: deviceName, platform: "ios")
        let keys = keys(language[.promptCertificate], device: device.uuid)
        let session = try Session(
            Environment(baseAddress: form.service, apiKey: Secret(text: form.apiKey), tlsRoots: try kept(rootFile(.tls))))
        let authentication = try made(keys, "authentication", .authentication)
        try await session.prove(with: authentication.name, in: keys)
        try await session.login(form.user, password: Secret(text: form.password))
        try await forgetOldDevice(session)
        try await session.sendDeviceCode()
        _ = try await session.register(device, authenticationKey: authentication, in: keys, code: try await askCode())
        try keep(Data(device.uuid.utf8), deviceFile)

        // The old certificate has no key from here on.
        try remove(identityFile)
        let signing = try made(keys, "signing", .signing)
        let challenge = try await session.challenge(device: device.uuid, method: .otp)
        let order = CertificateOrder(
            deviceUuid: device.uuid, authenticationKey: authentication, signingKey: signing,
            subject: Subject(name: form.name, country: form.country.isEmpty ? nil : form.country), challenge: challenge.challenge,
            method: .otp, value: try await askCode())
        guard case .issued(let new) = try await session.order(order, in: keys) else { return false }
        let activation = try await session.beginActivation(of: new)
        let identity = try await session.finishActivation(of: new, challenge: activation, in: keys, code: try await askCode())
        try keep(Data(try identity.toJson().utf8), identityFile)
        return true
    }

    /// The key to sign a document of that name with; nothing before this device was set up.
    func key(toSign name: String) throws -> SigningKey? {
        guard let json = try kept(identityFile), let device = try kept(deviceFile) else { return nil }
        let identity = try Identity.fromJson(json: String(decoding: json, as: UTF8.self))
        let keys = keys("\(language[.promptSign]) \(name)", device: String(decoding: device, as: UTF8.self))
        return SigningKey(store: keys, name: identity.signingKey(), identity: try identity.signingIdentity())
    }

    func trust() throws -> TrustAnchors? { try kept(rootFile(.trust)).map(TrustAnchors.fromPem(pem:)) }

    /// A device belongs to one user, and a key to one device: whoever enrols again does it as a new device, with new keys.
    private func forgetOldDevice(_ session: Session) async throws {
        guard let old = try kept(deviceFile) else { return }
        do {
            try await session.delete(device: String(decoding: old, as: UTF8.self))
        } catch ThrivoSignError.DeviceRefused(let detail) where detail.httpStatus == 404 {
            // It is gone already, or another person's.
        }
    }

    /// A new key, which takes the place of the one of that name.
    private func made(_ keys: SecureEnclaveStore, _ name: String, _ purpose: KeyPurpose) throws -> KeyInfo {
        do { try keys.delete(name: name) } catch ThrivoSignError.KeyNotFound {}
        return try keys.create(name: name, spec: KeySpec(algorithm: .p256, purpose: purpose))
    }

    private func keys(_ reason: String, device: String) -> SecureEnclaveStore {
        var policy = EnclavePolicy(reason: reason)
        #if DEBUG
        policy.dangerousSoftwareKeysInSimulator = true
        #endif
        let store = SecureEnclaveStore(policy, attester: AppAttest(device: device))
        lock.withLock { inUse = store }
        return store
    }

    // MARK: Files

    private var identityFile: URL { folder.appendingPathComponent("identity.json") }
    private var deviceFile: URL { folder.appendingPathComponent("device") }
    private func rootFile(_ root: Root) -> URL { folder.appendingPathComponent(root.rawValue) }
}
