//! One key of a `SecureEnclaveStore`, as the keychain has it: what it is, and its signature. Asks nobody but through the context it was
//! fetched with.

#if canImport(Security) && canImport(LocalAuthentication)
import Foundation
import Security
import ThrivoSignBindings

struct EnclaveItem {
    let name: String
    let label: EnclaveLabel
    /// Who may use it; absent for keys that ask nobody.
    let access: SecAccessControl?
    let publicKey: Data
    private let key: SecKey
    private let isInEnclave: Bool

    /// From the attributes and the reference that the keychain gave. Keys that this store did not make are none.
    init?(_ found: [String: Any], isSimulator: Bool) throws {
        guard let tag = found[kSecAttrApplicationTag as String] as? Data, let name = EnclaveItem.name(of: tag) else { return nil }
        guard let label = (found[kSecAttrLabel as String] as? String).flatMap(EnclaveLabel.init),
            let reference = found[kSecValueRef as String]
        else { throw ThrivoSignError.storeUnavailable("a key of this app's keychain is not as this library writes it") }
        // Types of Core Foundation: the language does not check such a cast, and the keychain gives no other type for that attribute.
        let key = reference as! SecKey
        self.access = found[kSecAttrAccessControl as String].map { $0 as! SecAccessControl }
        self.name = name
        self.label = label
        self.key = key
        self.publicKey = try EnclaveItem.subjectPublicKeyInfo(of: key)
        // What the key itself says; the simulator says so of keys in a file.
        let token = (SecKeyCopyAttributes(key) as? [String: Any])?[kSecAttrTokenID as String] as? String
        self.isInEnclave = !isSimulator && token == kSecAttrTokenIDSecureEnclave as String
    }

    var info: KeyInfo {
        KeyInfo(
            name: name, publicKey: publicKey, protection: isInEnclave ? .secureEnclave : .software, purpose: label.purpose,
            prompt: label.prompt)
    }

    /// ECDSA in DER; the enclave digests the message.
    func sign(_ message: Data) throws -> Data {
        var error: Unmanaged<CFError>?
        guard let value = SecKeyCreateSignature(key, .ecdsaSignatureMessageX962SHA256, message as CFData, &error) else {
            throw error.map { KeyFailure.of($0.takeRetainedValue() as any Error, .signing) } ?? .keyStoreUnavailable
        }
        return value as Data
    }

    // MARK: Names

    private static let prefix = Data("com.thrivosign.key:".utf8)

    /// The application tag of a name: bytes, so that names are told apart as the library tells them apart.
    static func tag(of name: String) throws -> Data {
        let control = name.unicodeScalars.contains { $0.properties.generalCategory == .control }
        guard !name.isEmpty, name.utf8.count <= 64, !control else { throw ThrivoSignError.InvalidArgument(detail: ErrorDetail()) }
        return prefix + Data(name.utf8)
    }

    private static func name(of tag: Data) -> String? {
        guard tag.starts(with: prefix) else { return nil }
        return String(bytes: tag.dropFirst(prefix.count), encoding: .utf8)
    }

    // MARK: Public key

    /// What stands before the point in every SubjectPublicKeyInfo of P-256 (RFC 5480).
    private static let head = Data([
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01,
        0x07, 0x03, 0x42, 0x00,
    ])

    private static func subjectPublicKeyInfo(of key: SecKey) throws -> Data {
        guard let publicKey = SecKeyCopyPublicKey(key), let point = SecKeyCopyExternalRepresentation(publicKey, nil) as Data?,
            point.count == 65, point.first == 4
        else { throw ThrivoSignError.keyStoreUnavailable }
        return head + point
    }
}
#endif
