//! A false module of this name for Linux: App Attest over `FakePhone`. Its statements are texts that say what they are over.

import FakePhone
import Foundation

public struct DCError {
    public enum Code: Int {
        case unknownSystemFailure, featureUnsupported, invalidInput, invalidKey, serverUnavailable
    }
}

public final class DCAppAttestService: Sendable {
    public static let shared = DCAppAttestService()

    public var isSupported: Bool { FakePhone.shared.attest.isSupported }

    public func generateKey(completionHandler: @escaping @Sendable (String?, (any Error)?) -> Void) {
        answer(completionHandler) {
            let name = UUID().uuidString
            FakePhone.shared.attest.credentials[name] = false
            return name
        }
    }

    public func attestKey(_ keyId: String, clientDataHash: Data, completionHandler: @escaping @Sendable (Data?, (any Error)?) -> Void) {
        answer(completionHandler) {
            let code = FakePhone.shared.attest.failureOfAttest
            FakePhone.shared.attest.failureOfAttest = nil
            if let code = code.flatMap(DCError.Code.init) { throw DCAppAttestService.failure(code) }
            // Once in the life of a credential.
            guard FakePhone.shared.attest.credentials[keyId] == false else { throw DCAppAttestService.failure(.invalidKey) }
            FakePhone.shared.attest.credentials[keyId] = true
            FakePhone.shared.attest.hashes.append(clientDataHash)
            return Data("attestation by \(keyId)".utf8)
        }
    }

    public func generateAssertion(
        _ keyId: String, clientDataHash: Data, completionHandler: @escaping @Sendable (Data?, (any Error)?) -> Void
    ) {
        answer(completionHandler) {
            guard FakePhone.shared.attest.credentials[keyId] == true else { throw DCAppAttestService.failure(.invalidKey) }
            FakePhone.shared.attest.hashes.append(clientDataHash)
            return Data("assertion by \(keyId)".utf8)
        }
    }

    private func answer<T>(_ handler: @escaping @Sendable (T?, (any Error)?) -> Void, _ work: @escaping @Sendable () throws -> T) {
        DispatchQueue.global().async {
            let code = FakePhone.shared.attest.failure
            FakePhone.shared.attest.failure = nil
            do {
                if let code = code.flatMap(DCError.Code.init) { throw DCAppAttestService.failure(code) }
                handler(try work(), nil)
            } catch {
                handler(nil, error)
            }
        }
    }

    private static func failure(_ code: DCError.Code) -> NSError { NSError(domain: "com.apple.devicecheck.error", code: code.rawValue) }
}
