//! The key store of Apple devices: P-256 keys in the Secure Enclave, found by name in the app's keychain.
//!
//! Takes an `EnclavePolicy`, gives what `DeviceKeyStore` promises. Signs messages and never digests, makes no key but in `create`, and says
//! of a key what its attributes say.

#if canImport(Security) && canImport(LocalAuthentication)
import Foundation
import Security
import ThrivoSignBindings

/// What speaks for a key to a third party: `AppAttest`.
public protocol KeyAttester: Sendable {
    /// A statement over the challenge and the key.
    ///
    /// Throws `attestationUnavailable` where there is no such proof, and `keyStoreUnavailable` where it could not be had now.
    func attest(_ key: KeyInfo, challenge: Data) throws -> Attestation
}

/// Keys in the Secure Enclave. May be used from several threads at once, and by several stores; not on the main thread where a key asks the
/// person.
///
/// Keys for signing ask the person as `KeySpec.prompt` says; keys for authentication never do, since they sign whenever a token is renewed.
public final class SecureEnclaveStore: DeviceKeyStore {
    private let policy: EnclavePolicy
    private let keychain: EnclaveKeychain
    private let approvals: Approvals
    private let attester: (any KeyAttester)?

    /// A store of this app's keys under that policy; nothing is made or asked. Without an attester its keys have no attestation.
    public convenience init(_ policy: EnclavePolicy, attester: (any KeyAttester)? = nil) {
        #if targetEnvironment(simulator)
        self.init(policy, attester: attester, isSimulator: true)
        #else
        self.init(policy, attester: attester, isSimulator: false)
        #endif
    }

    init(_ policy: EnclavePolicy, attester: (any KeyAttester)? = nil, isSimulator: Bool) {
        self.policy = policy
        self.attester = attester
        keychain = EnclaveKeychain(policy: policy, isSimulator: isSimulator)
        approvals = Approvals(policy: policy)
    }

    deinit {
        approvals.endAll()
    }

    /// After the call there is a new key of that name in the Secure Enclave; nobody was asked.
    ///
    /// Throws `KeyExists`, `KeyAlgorithmUnsupported` for anything but P-256, `KeyStoreUnavailable` in a simulator and without a passcode.
    public func create(name: String, spec: KeySpec) throws -> KeyInfo {
        guard spec.algorithm == .p256 else { throw ThrivoSignError.keyAlgorithmUnsupported }
        guard !keychain.isSimulator || policy.dangerousSoftwareKeysInSimulator else {
            throw ThrivoSignError.storeUnavailable(
                "a simulator has no Secure Enclave; EnclavePolicy.dangerousSoftwareKeysInSimulator makes software keys there")
        }
        // Whoever is asked by a key in a file is asked for show.
        let asks = spec.purpose == .signing && !keychain.isSimulator
        let prompt = asks ? spec.prompt ?? .perUse : .none
        let isBound = prompt != .none && policy.approver == .biometry
        let label = EnclaveLabel(purpose: spec.purpose, prompt: prompt, biometry: isBound ? Approvals.biometry() : nil)
        return try keychain.make(name, label).info
    }

    /// What the key itself says of itself; nobody is asked.
    public func info(name: String) throws -> KeyInfo { try keychain.find(name, context: nil).info }

    /// The signature in DER over the message, after the person's approval where the key asks. Blocks until then, and so never on the main thread.
    ///
    /// Throws `KeyCancelled`, `KeyLocked`, `KeyInvalidated`, `KeyNotFound`; each with what to do in docs/howto/ios.md.
    public func sign(name: String, message: Data, algorithm: SignatureAlgorithm) throws -> Data {
        guard case .ecdsa(.sha256) = algorithm else { throw ThrivoSignError.keyAlgorithmUnsupported }
        let item = try keychain.find(name, context: nil)
        if item.label.prompt == .none { return try item.sign(message) }
        let approved = try keychain.find(name, context: approvals.approval(of: item))
        // Nobody has approved a key that took the name meanwhile.
        guard approved.publicKey == item.publicKey else { throw ThrivoSignError.keyNotPermitted }
        do {
            return try approved.sign(message)
        } catch {
            approvals.end(item.publicKey)
            throw error
        }
    }

    /// What the attester says of a key of the enclave. Throws `AttestationUnavailable` without an attester.
    public func attest(name: String, challenge: Data) throws -> Attestation {
        let key = try info(name: name)
        // The app would vouch for a key that anybody could have copied.
        guard let attester, key.protection == .secureEnclave else { throw ThrivoSignError.attestationUnavailable }
        return try attester.attest(key, challenge: challenge)
    }

    /// After the call no key has that name, whether it could still be used or not.
    public func delete(name: String) throws {
        // A key that cannot be read any more can be deleted.
        let publicKey = try? keychain.find(name, context: nil).publicKey
        try keychain.delete(name)
        if let publicKey { approvals.end(publicKey) }
    }

    /// The keys of this app, by name.
    public func list() throws -> [KeyInfo] {
        try keychain.list().map(\.info).sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    /// After the call the next signature asks the person again, and a prompt that is shown is taken away. For when the app leaves the
    /// foreground.
    public func forgetApprovals() { approvals.endAll() }
}
#endif
