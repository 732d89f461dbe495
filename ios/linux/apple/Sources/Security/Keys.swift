//! Keys of the false module: made, described, used.

import FakePhone
import Foundation

public final class SecKey {
    let secret: String
    let rule: FakePhone.Rule?
    let token: String?
    let context: FakeContext?

    init(_ item: FakePhone.Item, _ context: FakeContext?) {
        secret = item.secret ?? ""
        rule = item.rule
        token = item.attributes[kSecAttrTokenID] as? String
        self.context = context
    }

    /// A public key has nothing to be guarded.
    init(secret: String) {
        self.secret = secret
        (rule, token, context) = (nil, nil, nil)
    }
}

public struct SecKeyAlgorithm: Equatable, Sendable {
    let name: String
    public static let ecdsaSignatureMessageX962SHA256 = SecKeyAlgorithm(name: "message")
    /// Over a digest: a store that uses it signs what it was not shown.
    public static let ecdsaSignatureDigestX962SHA256 = SecKeyAlgorithm(name: "digest")
}

private func fail(_ status: OSStatus, _ error: UnsafeMutablePointer<Unmanaged<CFError>?>?, domain: String = "NSOSStatusErrorDomain") {
    error?.pointee = Unmanaged.passRetained(NSError(domain: domain, code: Int(status)))
}

public func SecKeyCreateRandomKey(_ parameters: CFDictionary, _ error: UnsafeMutablePointer<Unmanaged<CFError>?>?) -> SecKey? {
    let phone = FakePhone.shared
    guard let kept = parameters[kSecPrivateKeyAttrs] as? [String: Any], kept[kSecAttrIsPermanent] as? Bool == true,
        parameters[kSecAttrKeyType] as? String == kSecAttrKeyTypeECSECPrimeRandom, parameters[kSecAttrKeySizeInBits] as? Int == 256
    else {
        fail(errSecParam, error)
        return nil
    }
    let rule = (kept[kSecAttrAccessControl] as? SecAccessControl)?.rule
    let token = parameters[kSecAttrTokenID] as? String
    let flags = SecAccessControlCreateFlags(rawValue: rule?.flags ?? 0)
    // An enclave takes no key that nobody may use, and a key without one has no such use.
    guard (token == kSecAttrTokenIDSecureEnclave) == flags.contains(.privateKeyUsage) else {
        fail(errSecParam, error)
        return nil
    }
    if phone.isLocked {
        fail(errSecInteractionNotAllowed, error)
        return nil
    }
    let needsPasscode = rule?.accessible == kSecAttrAccessibleWhenPasscodeSetThisDeviceOnly || flags.contains(.userPresence)
    guard !(needsPasscode && !phone.hasPasscode), !(flags.contains(.biometryCurrentSet) && phone.biometry == 0),
        let made = try? phone.makeKey()
    else {
        fail(errSecAuthFailed, error)
        return nil
    }
    var attributes = kept
    attributes[kSecClass] = kSecClassKey
    attributes[kSecAttrKeyClass] = kSecAttrKeyClassPrivate
    attributes[kSecAttrTokenID] = phone.isBroken ? nil : token
    let item = FakePhone.Item(attributes: attributes, rule: rule, secret: made.secret)
    phone.items.append(item)
    return SecKey(item, nil)
}

public func SecKeyCopyPublicKey(_ key: SecKey) -> SecKey? { SecKey(secret: key.secret) }

public func SecKeyCopyExternalRepresentation(_ key: SecKey, _ error: UnsafeMutablePointer<Unmanaged<CFError>?>?) -> CFData? {
    // A SubjectPublicKeyInfo of P-256 ends with the point.
    (try? FakePhone.shared.publicKey(key.secret)).map { Data($0.suffix(65)) }
}

public func SecKeyCopyAttributes(_ key: SecKey) -> CFTypeRef? {
    key.token.map { [kSecAttrTokenID: $0] as [String: Any] } ?? [:] as [String: Any]
}

public func SecKeyCreateSignature(
    _ key: SecKey, _ algorithm: SecKeyAlgorithm, _ data: CFData, _ error: UnsafeMutablePointer<Unmanaged<CFError>?>?
) -> CFData? {
    let phone = FakePhone.shared
    let flags = SecAccessControlCreateFlags(rawValue: key.rule?.flags ?? 0)
    if phone.isLocked {
        fail(errSecInteractionNotAllowed, error)
        return nil
    }
    if phone.isBroken {
        fail(-3, error, domain: "CryptoTokenKit")
        return nil
    }
    if flags.contains(.biometryCurrentSet) && key.rule?.biometry != phone.biometry {
        fail(errSecAuthFailed, error)
        return nil
    }
    let asks = !flags.isDisjoint(with: [.biometryCurrentSet, .userPresence])
    if let rule = key.rule, asks {
        // A real phone would ask now. The store has asked before, in a context of the very rule, or it is wrong.
        guard key.context?.hasApproved(rule) == true else {
            fail(-1004, error, domain: "com.apple.LocalAuthentication")
            return nil
        }
    }
    guard algorithm == .ecdsaSignatureMessageX962SHA256 else {
        fail(errSecParam, error)
        return nil
    }
    return try? phone.sign(key.secret, data)
}
