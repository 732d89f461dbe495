//! The keychain of the false module.

import FakePhone
import Foundation

/// What tells one item from another here.
private let telling = [kSecClass, kSecAttrKeyClass, kSecAttrApplicationTag, kSecAttrService, kSecAttrAccount, kSecAttrAccessGroup]

private func matches(_ item: FakePhone.Item, _ query: CFDictionary) -> Bool {
    // Gone with the passcode.
    if item.rule?.accessible == kSecAttrAccessibleWhenPasscodeSetThisDeviceOnly && !FakePhone.shared.hasPasscode { return false }
    return telling.allSatisfy { name in
        guard let wanted = query[name] else { return true }
        let has = item.attributes[name]
        if let wanted = wanted as? Data { return has as? Data == wanted }
        return has as? String == wanted as? String
    }
}

public func SecItemCopyMatching(_ query: CFDictionary, _ result: UnsafeMutablePointer<CFTypeRef?>?) -> OSStatus {
    let phone = FakePhone.shared
    let found = phone.items.filter { matches($0, query) }
    if found.isEmpty { return errSecItemNotFound }
    if phone.isLocked { return errSecInteractionNotAllowed }
    if query[kSecReturnData] as? Bool == true {
        result?.pointee = found[0].attributes[kSecValueData]
        return errSecSuccess
    }
    guard query[kSecReturnAttributes] as? Bool == true, query[kSecReturnRef] as? Bool == true else { return errSecParam }
    let all = found.map { item in
        var out = item.attributes
        out[kSecValueRef] = SecKey(item, query[kSecUseAuthenticationContext] as? FakeContext)
        out[kSecAttrAccessControl] = item.attributes[kSecAttrAccessControl]
        return out
    }
    result?.pointee = query[kSecMatchLimit] as? String == kSecMatchLimitAll ? all as CFTypeRef : all[0] as CFTypeRef
    return errSecSuccess
}

public func SecItemAdd(_ attributes: CFDictionary, _ result: UnsafeMutablePointer<CFTypeRef?>?) -> OSStatus {
    let phone = FakePhone.shared
    if phone.isLocked { return errSecInteractionNotAllowed }
    if phone.items.contains(where: { matches($0, attributes) }) { return errSecDuplicateItem }
    phone.items.append(FakePhone.Item(attributes: attributes, rule: nil, secret: nil))
    return errSecSuccess
}

public func SecItemDelete(_ query: CFDictionary) -> OSStatus {
    let phone = FakePhone.shared
    let left = phone.items.filter { !matches($0, query) }
    if left.count == phone.items.count { return errSecItemNotFound }
    phone.items = left
    return errSecSuccess
}
