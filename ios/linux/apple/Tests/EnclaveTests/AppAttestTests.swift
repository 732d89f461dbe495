//! App Attest: what is attested and what is asserted, over which bytes, and that a failure for now never passes for a device without.

import CryptoKit
import DeviceCheck
import FakePhone
import Foundation
import XCTest

@testable import ThrivoSign

final class AppAttestTests: EnclaveTestCase {
    private func attested(_ device: String = "device", _ policy: EnclavePolicy = EnclavePolicy(reason: "Sign")) -> SecureEnclaveStore {
        SecureEnclaveStore(policy, attester: AppAttest(device: device))
    }

    private func keys(_ store: SecureEnclaveStore, _ suffix: String = "") throws {
        _ = try store.create(name: "authentication" + suffix, spec: KeySpec(algorithm: .p256, purpose: .authentication))
        _ = try store.create(name: "signing" + suffix, spec: KeySpec(algorithm: .p256, purpose: .signing))
    }

    private func attest(_ store: SecureEnclaveStore, _ name: String, _ challenge: Data = Data("challenge".utf8)) async throws -> String {
        let attestation = try await Task.detached { try store.attest(name: name, challenge: challenge) }.value
        XCTAssertEqual(attestation.format, "apple-appattest")
        XCTAssertEqual(attestation.certificates, [])
        return String(decoding: attestation.statement ?? Data(), as: UTF8.self)
    }

    /// The same figures stand in the tests of the verifier: src/key/attestation/client_data.rs.
    func testTheClientDataIsWhatTheVerifierTakes() throws {
        let key = Data(
            base64Encoded: "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/"
                + "m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==")
        let data = AppAttest.clientData(challenge: Data("abc".utf8), key: try XCTUnwrap(key))
        let hash = [UInt8](SHA256.hash(data: data)).map { String(format: "%02x", $0) }.joined()
        XCTAssertEqual(hash, "c32204e519bb8f61a50875e1cafc25f205af6922962bbd23f9e65a6c03b60d0f")
    }

    func testAnAttesterOfTheAppsOwnStoreSpeaksForItsKeys() async throws {
        let store = attested()
        try keys(store)
        let (attester, key) = (AppAttest(device: "device"), try store.info(name: "authentication"))
        let attestation = try await Task.detached { try attester.attest(key, challenge: Data("challenge".utf8)) }.value
        XCTAssertEqual(attestation.format, "apple-appattest")
        XCTAssertEqual(phone.attest.hashes.count, 1)
    }

    func testADeviceIsAttestedOnceAndSpeaksForItsLaterKeys() async throws {
        let store = attested()
        try keys(store)
        let challenge = Data("challenge of the registration".utf8)
        let first = try await attest(store, "authentication", challenge)
        XCTAssertTrue(first.hasPrefix("attestation by "))
        let data = AppAttest.clientData(challenge: challenge, key: try store.info(name: "authentication").publicKey)
        XCTAssertEqual(phone.attest.hashes, [Data(SHA256.hash(data: data))])
        let credential = first.dropFirst("attestation by ".count)
        // Another process finds the credential.
        let later = try await attest(attested(), "signing")
        XCTAssertEqual(later, "assertion by \(credential)")
        XCTAssertEqual(phone.timesAsked, 0)
        XCTAssertNil(phone.items.first { $0.attributes["svce"] as? String == "com.thrivosign.app-attest" }?.secret)
    }

    func testANewRegistrationHasANewCredential() async throws {
        let store = attested()
        try keys(store)
        let statements = [try await attest(store, "authentication"), try await attest(store, "authentication")]
        XCTAssertEqual(Set(statements).count, 2)
        let later = try await attest(store, "signing")
        XCTAssertEqual(later.split(separator: " ").last, statements[1].split(separator: " ").last)
    }

    func testTwoDevicesOfOnePhoneDoNotShareACredential() async throws {
        let (one, two) = (attested("one"), attested("two"))
        try keys(one)
        try keys(two, "-2")
        let first = try await attest(one, "authentication")
        _ = try await attest(two, "authentication-2")
        let later = try await attest(one, "signing")
        XCTAssertEqual(later.split(separator: " ").last, first.split(separator: " ").last)
    }

    func testTheAppWasInstalledAnew() async throws {
        let store = attested()
        try keys(store)
        _ = try await attest(store, "authentication")
        phone.attest.credentials = [:]
        let statement = try await attest(store, "signing")
        XCTAssertTrue(statement.hasPrefix("attestation by "))
    }

    func testAServiceThatDoesNotAnswerIsAskedAgainWithTheSameCredential() async throws {
        let store = attested()
        try keys(store)
        // generateKey answers, attestKey does not.
        phone.attest.failureOfAttest = DCError.Code.serverUnavailable.rawValue
        await refused(ThrivoSignError.KeyStoreUnavailable) { _ = try await self.attest(store, "authentication") }
        XCTAssertEqual(phone.attest.credentials.count, 1)
        _ = try await attest(store, "authentication")
        XCTAssertEqual(phone.attest.credentials.count, 1, "no second credential")
    }

    func testOnlyADeviceThatCannotGoesWithout() async throws {
        let store = attested()
        try keys(store)
        for code in [DCError.Code.unknownSystemFailure, .invalidInput, .serverUnavailable, .invalidKey] {
            phone.attest.failure = code.rawValue
            await refused(ThrivoSignError.KeyStoreUnavailable) { _ = try await self.attest(store, "authentication") }
        }
        phone.attest.failure = DCError.Code.featureUnsupported.rawValue
        await refused(ThrivoSignError.AttestationUnavailable) { _ = try await self.attest(store, "authentication") }
        phone.attest.isSupported = false
        await refused(ThrivoSignError.AttestationUnavailable) { _ = try await self.attest(store, "authentication") }
    }

    func testNothingSpeaksForAKeyOutsideTheEnclave() async throws {
        var policy = EnclavePolicy(reason: "Sign")
        policy.dangerousSoftwareKeysInSimulator = true
        let store = SecureEnclaveStore(policy, attester: AppAttest(device: "device"), isSimulator: true)
        try keys(store)
        await refused(ThrivoSignError.AttestationUnavailable) { _ = try await self.attest(store, "authentication") }
        await refused(ThrivoSignError.KeyNotFound) { _ = try await self.attest(store, "none") }
        XCTAssertTrue(phone.attest.credentials.isEmpty)
    }
}
