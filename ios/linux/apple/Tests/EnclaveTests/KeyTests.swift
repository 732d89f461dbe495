//! Keys made and described: what is asked of the enclave, and what is said of what it made.

import FakePhone
import Foundation
import Security
import XCTest

@testable import ThrivoSign

final class KeyTests: EnclaveTestCase {
    func testKeepsTheContractOfEveryStore() async throws {
        let breach = try await keyStoreBreach(store: makeStore(), protection: .secureEnclave, attests: false)
        XCTAssertNil(breach)
        XCTAssertTrue(phone.items.isEmpty)
    }

    func testKeepsTheContractWithAttestations() async throws {
        let store = SecureEnclaveStore(EnclavePolicy(reason: "Sign"), attester: AppAttest(device: "device"))
        let breach = try await keyStoreBreach(store: store, protection: .secureEnclave, attests: true)
        XCTAssertNil(breach)
    }

    func testWhatTheEnclaveIsAskedFor() async throws {
        let flags: (String, Prompt?, EnclavePolicy.Approver) throws -> SecAccessControlCreateFlags = { [self] name, prompt, approver in
            let store = makeStore { $0.approver = approver }
            let purpose = name.hasPrefix("a") ? KeyPurpose.authentication : .signing
            _ = try store.create(name: name, spec: KeySpec(algorithm: .p256, purpose: purpose, prompt: prompt))
            let rule = try XCTUnwrap(phone.items.last?.rule)
            XCTAssertEqual(rule.accessible, kSecAttrAccessibleWhenPasscodeSetThisDeviceOnly)
            XCTAssertEqual(phone.items.last?.attributes[kSecAttrTokenID] as? String, kSecAttrTokenIDSecureEnclave)
            return SecAccessControlCreateFlags(rawValue: rule.flags)
        }
        XCTAssertEqual(try flags("s1", nil, .biometry), [.privateKeyUsage, .biometryCurrentSet])
        XCTAssertEqual(try flags("s2", .window, .presence), [.privateKeyUsage, .userPresence])
        XCTAssertEqual(try flags("s3", Prompt.none, .biometry), [.privateKeyUsage])
        // What the tokens are bound to signs whenever they are renewed.
        XCTAssertEqual(try flags("a1", .perUse, .biometry), [.privateKeyUsage])
        _ = try makeStore { $0.availability = .unlocked }.create(name: "s4", spec: KeySpec(algorithm: .p256, purpose: .signing))
        XCTAssertEqual(phone.items.last?.rule?.accessible, kSecAttrAccessibleWhenUnlockedThisDeviceOnly)
        let told = try makeStore().list()
        XCTAssertEqual(told.map(\.name), ["a1", "s1", "s2", "s3", "s4"])
        XCTAssertEqual(told.map(\.prompt), [Prompt.none, .perUse, .window, .none, .perUse])
        XCTAssertEqual(told.map(\.purpose), [.authentication, .signing, .signing, .signing, .signing])
        XCTAssertEqual(Set(told.map(\.protection)), [.secureEnclave])
    }

    func testAnExtensionSharesTheKeysOfItsGroupAlone() throws {
        let shared = makeStore { $0.accessGroup = "TEAM.com.example.bank" }
        _ = try shared.create(name: "signing", spec: KeySpec(algorithm: .p256, purpose: .signing))
        XCTAssertEqual(phone.items.last?.attributes[kSecAttrAccessGroup] as? String, "TEAM.com.example.bank")
        XCTAssertEqual(try shared.list().map(\.name), ["signing"])
        let other = makeStore { $0.accessGroup = "TEAM.com.example.other" }
        XCTAssertEqual(try other.list().map(\.name), [])
    }

    func testOtherKindsOfKeyAreRefusedBeforeAnythingIsMade() async throws {
        for algorithm in [KeyAlgorithm.p384, .p521, .ed25519, .rsa(bits: 2048)] {
            await refused(ThrivoSignError.KeyAlgorithmUnsupported) {
                _ = try makeStore().create(name: "signing", spec: KeySpec(algorithm: algorithm, purpose: .signing))
            }
        }
        XCTAssertTrue(phone.items.isEmpty)
        let store = try makeStore(with: Prompt.none)
        for algorithm in [SignatureAlgorithm.ecdsa(digest: .sha512), .ecdsa(digest: .sha1), .ed25519] {
            await refused(ThrivoSignError.KeyAlgorithmUnsupported) {
                _ = try store.sign(name: "signing", message: message, algorithm: algorithm)
            }
        }
    }

    func testAKeyOutlivesTheStore() async throws {
        let made = try makeStore(with: .window).info(name: "signing")
        let later = makeStore()
        XCTAssertEqual(try later.info(name: "signing"), made)
        try await sign(later)
    }

    func testASimulatorHasNoEnclave() async throws {
        await refused(ThrivoSignError.KeyStoreUnavailable) {
            _ = try makeStore(isSimulator: true).create(name: "signing", spec: KeySpec(algorithm: .p256, purpose: .signing))
        }
        XCTAssertTrue(phone.items.isEmpty)
        let store = makeStore({ $0.dangerousSoftwareKeysInSimulator = true }, isSimulator: true)
        let made = try store.create(name: "signing", spec: KeySpec(algorithm: .p256, purpose: .signing))
        XCTAssertEqual(made.protection, .software)
        XCTAssertEqual(made.prompt, Prompt.none)
        try await sign(store)
        let breach = try await keyStoreBreach(store: store, protection: .software, attests: false)
        XCTAssertNil(breach)
    }

    func testTheDangerousOptionDoesNothingOnADevice() async throws {
        let store = makeStore { $0.dangerousSoftwareKeysInSimulator = true }
        XCTAssertEqual(try store.create(name: "signing", spec: KeySpec(algorithm: .p256, purpose: .signing)).protection, .secureEnclave)
    }

    func testAKeyThatWasNotMadeInTheEnclaveIsNotKept() async throws {
        phone.isBroken = true
        await refused(ThrivoSignError.KeyStoreUnavailable) {
            _ = try makeStore().create(name: "signing", spec: KeySpec(algorithm: .p256, purpose: .signing))
        }
        XCTAssertTrue(phone.items.isEmpty)
    }

    func testNoKeyWithoutThePasscodeOrTheBiometryThatItIsBoundTo() async throws {
        phone.hasPasscode = false
        await refused(ThrivoSignError.KeyStoreUnavailable) { _ = try makeStore(with: nil) }
        phone.hasPasscode = true
        phone.biometry = 0
        await refused(ThrivoSignError.KeyStoreUnavailable) { _ = try makeStore(with: nil) }
        XCTAssertTrue(phone.items.isEmpty)
        _ = try makeStore(with: nil) { $0.approver = .presence }
    }

    func testAnItemThatSomebodyElseLabelled() async throws {
        let store = try makeStore(with: nil)
        for label in ["", "thrivosign-1 signing", "thrivosign-2 signing none ", "thrivosign-1 signing never ", "thrivosign-1 signing none ?"] {
            phone.items[0].attributes[kSecAttrLabel] = label
            await refused(ThrivoSignError.KeyStoreUnavailable) { _ = try store.info(name: "signing") }
            await refused(ThrivoSignError.KeyStoreUnavailable) { try await self.sign(store) }
        }
        try store.delete(name: "signing")
        await refused(ThrivoSignError.KeyNotFound) { _ = try store.info(name: "signing") }
    }
}
