//! App Attest for keys of the Secure Enclave: the app's own credential on this device, made and attested once by Apple, speaks for each key
//! by a statement over challenge and key.
//!
//! Takes a key and a challenge, gives the statement as Apple made it; builds nothing but the client data (docs/howto/attestation.md). The
//! name of the credential is kept in the keychain of this device alone.

#if canImport(DeviceCheck) && canImport(CryptoKit) && canImport(Security) && canImport(LocalAuthentication)
import CryptoKit
import DeviceCheck
import Foundation
import Security
import ThrivoSignBindings

/// What speaks for the keys of one registered device. An authentication key gets an attestation of Apple's, with a new credential, since it is what a
/// device is registered with; the keys after it get assertions of the same credential.
public final class AppAttest: KeyAttester, @unchecked Sendable {
    private let service: DCAppAttestService
    private let credential: KeptCredential
    private let lock = NSLock()
    /// Made, and not attested as Apple's service did not answer: it asks to try again with the same one.
    private var unattested: String?

    /// `device` is the id that the service is to know the device by: `Device.uuid`.
    public init(device: String, service: DCAppAttestService = .shared) {
        self.service = service
        credential = KeptCredential(device: device)
    }

    /// A statement that the app vouches for that key, over the challenge. Waits for Apple's service, and so never on the main thread.
    ///
    /// Throws `AttestationUnavailable` where the device has no App Attest, `KeyStoreUnavailable` where Apple's service fails for now.
    public func attest(_ key: KeyInfo, challenge: Data) throws -> Attestation {
        guard service.isSupported else { throw ThrivoSignError.attestationUnavailable }
        guard !Thread.isMainThread else { throw ThrivoSignError.storeUnavailable("App Attest cannot be waited for on the main thread") }
        let hash = Data(SHA256.hash(data: AppAttest.clientData(challenge: challenge, key: key.publicKey)))
        // One after the other: the service takes statements of one credential in the order in which they were made.
        let statement = try lock.withLock {
            if key.purpose != .authentication, let known = try credential.read(), let asserted = try assertion(by: known, hash) {
                return asserted
            }
            return try attestation(hash)
        }
        return Attestation(format: "apple-appattest", certificates: [], statement: statement)
    }

    /// What a statement is over: the label, then challenge and key, each after its length in four bytes, most significant first.
    static func clientData(challenge: Data, key: Data) -> Data {
        [challenge, key].reduce(into: Data("thrivosign-app-attest-1".utf8)) { data, part in
            withUnsafeBytes(of: UInt32(part.count).bigEndian) { data.append(contentsOf: $0) }
            data.append(part)
        }
    }

    /// Nothing where the credential is gone: it does not outlive the app's installation, and its name in the keychain does.
    private func assertion(by known: String, _ hash: Data) throws -> Data? {
        let answer = Answer<Data>()
        service.generateAssertion(known, clientDataHash: hash) { answer.give($0, $1) }
        do {
            return try answer.wait()
        } catch where AppAttest.isGone(error) {
            return nil
        } catch {
            throw AppAttest.failure(error)
        }
    }

    private func attestation(_ hash: Data) throws -> Data {
        let name: String
        if let unattested {
            name = unattested
        } else {
            let answer = Answer<String>()
            service.generateKey { answer.give($0, $1) }
            do { name = try answer.wait() } catch { throw AppAttest.failure(error) }
        }
        let answer = Answer<Data>()
        service.attestKey(name, clientDataHash: hash) { answer.give($0, $1) }
        do {
            let statement = try answer.wait()
            unattested = nil
            // Before anybody is told: whoever registers with the statement needs the credential later.
            try credential.keep(name)
            return statement
        } catch {
            unattested = AppAttest.isServiceSilent(error) ? name : nil
            throw AppAttest.failure(error)
        }
    }

    // MARK: Errors

    private static func code(_ error: any Error) -> DCError.Code? {
        error._domain == "com.apple.devicecheck.error" ? DCError.Code(rawValue: error._code) : nil
    }

    private static func isGone(_ error: any Error) -> Bool { code(error) == .invalidKey }
    private static func isServiceSilent(_ error: any Error) -> Bool { code(error) == .serverUnavailable }

    /// Only a device that cannot have one goes without: what fails for now must not pass for that.
    private static func failure(_ error: any Error) -> any Error {
        if error is ThrivoSignError { return error }
        switch code(error) {
        case .featureUnsupported: return ThrivoSignError.attestationUnavailable
        case .serverUnavailable: return ThrivoSignError.storeUnavailable("Apple's App Attest does not answer: try again later")
        default: return ThrivoSignError.storeUnavailable("App Attest made no statement")
        }
    }
}

/// The name of a device's credential, in the keychain.
private struct KeptCredential {
    let device: String

    private var identity: [CFString: Any] {
        [
            kSecClass: kSecClassGenericPassword, kSecAttrService: "com.thrivosign.app-attest", kSecAttrAccount: device,
            kSecUseDataProtectionKeychain: true,
        ]
    }

    func read() throws -> String? {
        var query = identity
        query[kSecReturnData] = true
        query[kSecMatchLimit] = kSecMatchLimitOne
        var found: CFTypeRef?
        let status = SecItemCopyMatching(query as CFDictionary, &found)
        if status == errSecItemNotFound { return nil }
        guard status == errSecSuccess else { throw KeyFailure.of(status, .keeping) }
        return (found as? Data).flatMap { String(bytes: $0, encoding: .utf8) }
    }

    func keep(_ name: String) throws {
        let gone = SecItemDelete(identity as CFDictionary)
        guard gone == errSecSuccess || gone == errSecItemNotFound else { throw KeyFailure.of(gone, .keeping) }
        var item = identity
        item[kSecValueData] = Data(name.utf8)
        item[kSecAttrAccessible] = kSecAttrAccessibleWhenUnlockedThisDeviceOnly
        let status = SecItemAdd(item as CFDictionary, nil)
        guard status == errSecSuccess else { throw KeyFailure.of(status, .keeping) }
    }
}
#endif
