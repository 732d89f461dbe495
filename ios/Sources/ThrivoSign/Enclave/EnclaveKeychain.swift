//! The keychain as a `SecureEnclaveStore` uses it: makes, finds, lists and deletes keys by name. Shows no prompt.

#if canImport(Security) && canImport(LocalAuthentication)
import Foundation
import LocalAuthentication
import Security
import ThrivoSignBindings

struct EnclaveKeychain: Sendable {
    let policy: EnclavePolicy
    let isSimulator: Bool

    /// The keychain takes two keys of one tag: nobody makes one between the look and the making.
    private static let making = NSLock()

    func make(_ name: String, _ label: EnclaveLabel) throws -> EnclaveItem {
        let tag = try EnclaveItem.tag(of: name)
        return try EnclaveKeychain.making.withLock {
            guard try find(tag, context: nil) == nil else { throw ThrivoSignError.keyExists }
            let attributes = try attributes(tag, label)
            var error: Unmanaged<CFError>?
            guard SecKeyCreateRandomKey(attributes as CFDictionary, &error) != nil else {
                if case .KeyLocked? = error.map({ KeyFailure.of($0.takeRetainedValue() as any Error, .keeping) }) {
                    throw ThrivoSignError.keyLocked
                }
                throw ThrivoSignError.storeUnavailable(
                    "the Secure Enclave made no key: is there a passcode, and biometry, if the policy asks for it?")
            }
            // As it was obtained, and not as it was asked for.
            guard let made = try find(tag, context: nil) else { throw ThrivoSignError.keyStoreUnavailable }
            guard isSimulator || made.info.protection == .secureEnclave else {
                try delete(name)
                throw ThrivoSignError.storeUnavailable("the key was not made in the Secure Enclave, and was deleted")
            }
            return made
        }
    }

    /// The key, to be used through that context.
    func find(_ name: String, context: LAContext?) throws -> EnclaveItem {
        guard let item = try find(EnclaveItem.tag(of: name), context: context) else { throw ThrivoSignError.keyNotFound }
        return item
    }

    func list() throws -> [EnclaveItem] {
        var query = query
        query[kSecMatchLimit] = kSecMatchLimitAll
        guard let found = try copy(query) else { return [] }
        guard let all = found as? [[String: Any]] else { throw ThrivoSignError.keyStoreUnavailable }
        return try all.compactMap { try EnclaveItem($0, isSimulator: isSimulator) }
    }

    func delete(_ name: String) throws {
        var query = identity
        query[kSecAttrApplicationTag] = try EnclaveItem.tag(of: name)
        let status = SecItemDelete(query as CFDictionary)
        guard status == errSecSuccess else { throw KeyFailure.of(status, .keeping) }
    }

    private func find(_ tag: Data, context: LAContext?) throws -> EnclaveItem? {
        var query = query
        query[kSecAttrApplicationTag] = tag
        query[kSecMatchLimit] = kSecMatchLimitOne
        if let context { query[kSecUseAuthenticationContext] = context }
        guard let found = try copy(query) else { return nil }
        guard let one = found as? [String: Any] else { throw ThrivoSignError.keyStoreUnavailable }
        return try EnclaveItem(one, isSimulator: isSimulator)
    }

    /// What a query finds; nothing if there is none.
    private func copy(_ query: [CFString: Any]) throws -> CFTypeRef? {
        var found: CFTypeRef?
        let status = SecItemCopyMatching(query as CFDictionary, &found)
        if status == errSecItemNotFound { return nil }
        guard status == errSecSuccess else { throw KeyFailure.of(status, .keeping) }
        return found
    }

    /// Private keys of this app.
    private var identity: [CFString: Any] {
        var query: [CFString: Any] = [
            kSecClass: kSecClassKey, kSecAttrKeyClass: kSecAttrKeyClassPrivate, kSecUseDataProtectionKeychain: true,
        ]
        if let group = policy.accessGroup { query[kSecAttrAccessGroup] = group }
        return query
    }

    private var query: [CFString: Any] {
        identity.merging([kSecReturnAttributes: true, kSecReturnRef: true]) { $1 }
    }

    private func attributes(_ tag: Data, _ label: EnclaveLabel) throws -> [CFString: Any] {
        var kept: [CFString: Any] = [
            kSecAttrIsPermanent: true, kSecAttrIsExtractable: false, kSecAttrApplicationTag: tag, kSecAttrLabel: label.text,
        ]
        if let group = policy.accessGroup { kept[kSecAttrAccessGroup] = group }
        var all: [CFString: Any] = [
            kSecAttrKeyType: kSecAttrKeyTypeECSECPrimeRandom, kSecAttrKeySizeInBits: 256, kSecUseDataProtectionKeychain: true,
        ]
        if isSimulator {
            kept[kSecAttrAccessible] = kSecAttrAccessibleWhenUnlockedThisDeviceOnly
        } else {
            all[kSecAttrTokenID] = kSecAttrTokenIDSecureEnclave
            kept[kSecAttrAccessControl] = try access(label)
        }
        all[kSecPrivateKeyAttrs] = kept
        return all
    }

    private func access(_ label: EnclaveLabel) throws -> SecAccessControl {
        var flags: SecAccessControlCreateFlags = .privateKeyUsage
        if label.prompt != .none { flags.insert(policy.approver == .biometry ? .biometryCurrentSet : .userPresence) }
        let accessible =
            policy.availability == .unlocked
            ? kSecAttrAccessibleWhenUnlockedThisDeviceOnly : kSecAttrAccessibleWhenPasscodeSetThisDeviceOnly
        guard let access = SecAccessControlCreateWithFlags(nil, accessible, flags, nil) else {
            throw ThrivoSignError.storeUnavailable("this device knows no such protection of keys")
        }
        return access
    }
}
#endif
