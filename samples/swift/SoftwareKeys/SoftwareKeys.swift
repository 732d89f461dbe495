//! A key store written in Swift: EC P-256 keys in memory, through OpenSSL's libcrypto. On Apple devices it would be the Secure Enclave; the
//! shape is the same.

import Foundation
import Libcrypto
import ThrivoSign

/// Keys that live as long as the store does. May be used from several threads at once.
public final class SoftwareKeys: DeviceKeyStore, @unchecked Sendable {
    private struct Entry {
        let key: OpaquePointer
        let purpose: KeyPurpose
    }

    private let lock = NSLock()
    private var entries: [String: Entry] = [:]

    public init() {}

    deinit {
        entries.values.forEach { EVP_PKEY_free($0.key) }
    }

    public func create(name: String, spec: KeySpec) throws -> KeyInfo {
        guard spec.algorithm == .p256 else { throw ThrivoSignError.keyAlgorithmUnsupported }
        return try lock.withLock {
            guard entries[name] == nil else { throw ThrivoSignError.keyExists }
            let entry = Entry(key: try newKey(), purpose: spec.purpose)
            entries[name] = entry
            return try describe(name, entry)
        }
    }

    public func info(name: String) throws -> KeyInfo {
        try lock.withLock { try describe(name, try entry(name)) }
    }

    public func sign(name: String, message: Data, algorithm: SignatureAlgorithm) throws -> Data {
        guard case .ecdsa(.sha256) = algorithm else { throw ThrivoSignError.keyAlgorithmUnsupported }
        // Held while it signs: `delete` frees the key.
        return try lock.withLock { try ecdsa(try entry(name).key, message) }
    }

    public func attest(name: String, challenge: Data) throws -> Attestation {
        throw ThrivoSignError.attestationUnavailable
    }

    public func delete(name: String) throws {
        try lock.withLock {
            EVP_PKEY_free(try entry(name).key)
            entries[name] = nil
        }
    }

    public func list() throws -> [KeyInfo] {
        try lock.withLock { try entries.sorted { $0.key < $1.key }.map { try describe($0.key, $0.value) } }
    }

    private func entry(_ name: String) throws -> Entry {
        guard let entry = entries[name] else { throw ThrivoSignError.keyNotFound }
        return entry
    }

    private func describe(_ name: String, _ entry: Entry) throws -> KeyInfo {
        KeyInfo(
            name: name, publicKey: try publicKey(entry.key), protection: .software, purpose: entry.purpose, prompt: .none)
    }
}

private func newKey() throws -> OpaquePointer {
    let context = EVP_PKEY_CTX_new_id(EVP_PKEY_EC, nil)
    defer { EVP_PKEY_CTX_free(context) }
    var key: OpaquePointer?
    guard EVP_PKEY_keygen_init(context) == 1,
        EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context, NID_X9_62_prime256v1) == 1,
        EVP_PKEY_keygen(context, &key) == 1, let key
    else { throw ThrivoSignError.keyStoreUnavailable }
    return key
}

/// SubjectPublicKeyInfo in DER.
private func publicKey(_ key: OpaquePointer) throws -> Data {
    var bytes: UnsafeMutablePointer<UInt8>?
    let length = i2d_PUBKEY(key, &bytes)
    guard length > 0, let bytes else { throw ThrivoSignError.keyStoreUnavailable }
    defer { CRYPTO_free(bytes, nil, 0) }
    return Data(bytes: bytes, count: Int(length))
}

/// The signature value in DER; libcrypto digests the message.
private func ecdsa(_ key: OpaquePointer, _ message: Data) throws -> Data {
    let context = EVP_MD_CTX_new()
    defer { EVP_MD_CTX_free(context) }
    guard EVP_DigestSignInit(context, nil, EVP_sha256(), nil, key) == 1 else { throw ThrivoSignError.keyStoreUnavailable }
    let bytes = [UInt8](message)
    var length = 0
    guard EVP_DigestSign(context, nil, &length, bytes, bytes.count) == 1 else { throw ThrivoSignError.keyStoreUnavailable }
    var value = [UInt8](repeating: 0, count: length)
    guard EVP_DigestSign(context, &value, &length, bytes, bytes.count) == 1 else { throw ThrivoSignError.keyStoreUnavailable }
    return Data(value.prefix(length))
}
