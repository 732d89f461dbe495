//! A false module of this name for Linux: those types, constants and functions of Apple's that the wrapper uses, over `FakePhone`.

@_exported import FakePhone
import Foundation

public typealias OSStatus = Int32
public typealias CFString = String
public typealias CFData = Data
public typealias CFDictionary = [String: Any]
public typealias CFTypeRef = Any
public typealias CFAllocator = Never
public typealias CFError = NSError

public let errSecSuccess: OSStatus = 0
public let errSecUnimplemented: OSStatus = -4
public let errSecParam: OSStatus = -50
public let errSecUserCanceled: OSStatus = -128
public let errSecAuthFailed: OSStatus = -25293
public let errSecDuplicateItem: OSStatus = -25299
public let errSecItemNotFound: OSStatus = -25300
public let errSecInteractionNotAllowed: OSStatus = -25308

public let kSecClass = "class"
public let kSecClassKey = "keys"
public let kSecClassGenericPassword = "genp"
public let kSecAttrKeyClass = "kcls"
public let kSecAttrKeyClassPrivate = "1"
public let kSecAttrKeyType = "type"
public let kSecAttrKeyTypeECSECPrimeRandom = "73"
public let kSecAttrKeySizeInBits = "bsiz"
public let kSecAttrTokenID = "tkid"
public let kSecAttrTokenIDSecureEnclave = "com.apple.setoken"
public let kSecAttrIsPermanent = "perm"
public let kSecAttrIsExtractable = "extr"
public let kSecAttrApplicationTag = "atag"
public let kSecAttrLabel = "labl"
public let kSecAttrService = "svce"
public let kSecAttrAccount = "acct"
public let kSecAttrAccessGroup = "agrp"
public let kSecAttrAccessControl = "accc"
public let kSecAttrAccessible = "pdmn"
public let kSecAttrAccessibleWhenUnlockedThisDeviceOnly = "aku"
public let kSecAttrAccessibleWhenPasscodeSetThisDeviceOnly = "akpu"
public let kSecPrivateKeyAttrs = "private"
public let kSecUseDataProtectionKeychain = "nleg"
public let kSecUseAuthenticationContext = "u_AuthCtx"
public let kSecMatchLimit = "m_Limit"
public let kSecMatchLimitOne = "m_LimitOne"
public let kSecMatchLimitAll = "m_LimitAll"
public let kSecReturnAttributes = "r_Attributes"
public let kSecReturnRef = "r_Ref"
public let kSecReturnData = "r_Data"
public let kSecValueRef = "v_Ref"
public let kSecValueData = "v_Data"

public struct SecAccessControlCreateFlags: OptionSet, Sendable {
    public let rawValue: UInt
    public init(rawValue: UInt) { self.rawValue = rawValue }
    public static let userPresence = SecAccessControlCreateFlags(rawValue: 1 << 0)
    public static let biometryCurrentSet = SecAccessControlCreateFlags(rawValue: 1 << 3)
    public static let privateKeyUsage = SecAccessControlCreateFlags(rawValue: 1 << 30)
}

public final class SecAccessControl {
    public let rule: FakePhone.Rule
    init(_ rule: FakePhone.Rule) { self.rule = rule }
}

public func SecAccessControlCreateWithFlags(
    _ allocator: CFAllocator?, _ protection: CFTypeRef, _ flags: SecAccessControlCreateFlags,
    _ error: UnsafeMutablePointer<Unmanaged<CFError>?>?
) -> SecAccessControl? {
    (protection as? String).map { SecAccessControl(FakePhone.Rule(accessible: $0, flags: flags.rawValue)) }
}

/// What has been approved in a context, for this module: LocalAuthentication's context is one.
open class FakeContext {
    private let lock = NSLock()
    private var approved: [ObjectIdentifier] = []
    private var isOver = false
    /// The rules are kept, so that no other one takes the place of one.
    private var rules: [FakePhone.Rule] = []

    public init() {}

    public func approve(_ rule: FakePhone.Rule) {
        lock.withLock {
            approved.append(ObjectIdentifier(rule))
            rules.append(rule)
        }
    }

    public func hasApproved(_ rule: FakePhone.Rule) -> Bool { lock.withLock { !isOver && approved.contains(ObjectIdentifier(rule)) } }
    public var isInvalid: Bool { lock.withLock { isOver } }
    open func invalidate() { lock.withLock { isOver = true } }
}
