//! A false module of this name for Linux: SHA-256, by libcrypto.

import Foundation
import Libcrypto

public enum SHA256 {
    public static func hash(data: Data) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        let bytes = [UInt8](data)
        precondition(EVP_Digest(bytes, bytes.count, &digest, nil, EVP_sha256(), nil) == 1)
        return digest
    }
}
