//! What verification says, document by document; and the stores that the library brings.

import BordersSupport
import Foundation
import SoftwareKeys
import Testing
import ThrivoSign

/// A signed document, made once.
private let signed = Task { try await Customer.shared.value.key.sign(Demo.document(), to: .memory).bytes ?? Data() }

@Suite struct Verdicts {
    enum Damage: CaseIterable {
        case none, aByte, anotherRevision, cutOff
    }

    @Test(arguments: Damage.allCases)
    func aReportIsNoError(damage: Damage) async throws {
        var bytes = try await signed.value
        switch damage {
        case .none: break
        case .aByte: bytes[bytes.startIndex + 20] ^= 1
        case .anotherRevision: bytes.append(Data("\n% somebody's own bytes\n".utf8))
        case .cutOff: bytes = bytes.prefix(bytes.count / 2)
        }
        let document = Document.fromBytes(bytes: bytes)
        if damage == .cutOff {
            await #expect(throws: ThrivoSignError.self) { try await document.verify(trust: Demo.trust()) }
            return
        }
        let report = try await document.verify(trust: Demo.trust())
        #expect(report.clean() == (damage == .none))
        let signature = try #require(report.signatures().first)
        #expect(signature.crypto.status == (damage == .aByte ? .failed : .ok))
        #expect(signature.reasons.isEmpty == (damage == .none))
    }

    @Test func nobodyIsTrusted() async throws {
        let nobody = try TrustAnchors.fromCertificates(certificates: [])
        let report = try await Document.fromBytes(bytes: signed.value).verify(trust: nobody)
        #expect(!report.clean())
        #expect(report.signatures().first?.intact == true)
        #expect(report.signatures().first?.crypto.status == .ok)
    }

    @Test func theTimeCounts() async throws {
        let document = Document.fromBytes(bytes: try await signed.value)
        let longAgo = try await document.verify(trust: Demo.trust(), at: Date(timeIntervalSince1970: 0))
        #expect(!longAgo.clean())
        #expect(longAgo.policy().time == 0)
    }

    @Test func theJSONSaysTheSame() async throws {
        let report = try await Document.fromBytes(bytes: signed.value).verify(trust: Demo.trust())
        let json = try #require(try JSONSerialization.jsonObject(with: Data(report.json().utf8)) as? [String: Any])
        #expect(json["schema"] as? String == report.schema())
        #expect(json["clean"] as? Bool == true)
        #expect((json["signatures"] as? [Any])?.count == Int(report.signatureCount()))
    }
}

@Suite struct Stores {
    /// What any store must do.
    private func holds(_ store: any DeviceKeyStore) throws {
        let spec = KeySpec(algorithm: .p256, purpose: .signing)
        let made = try store.create(name: "one", spec: spec)
        #expect(try store.info(name: "one") == made)
        #expect(try store.list() == [made])
        #expect(throws: ThrivoSignError.self) { try store.create(name: "one", spec: spec) }
        #expect(throws: ThrivoSignError.self) { try store.sign(name: "two", message: Data(), algorithm: .ecdsa(digest: .sha256)) }
        #expect(throws: ThrivoSignError.self) { try store.attest(name: "one", challenge: Data()) }
        #expect(try !store.sign(name: "one", message: Data("message".utf8), algorithm: .ecdsa(digest: .sha256)).isEmpty)
        try store.delete(name: "one")
        #expect(throws: ThrivoSignError.self) { try store.info(name: "one") }
    }

    @Test func writtenInSwift() throws { try holds(SoftwareKeys()) }
    @Test func inMemory() throws { try holds(SoftwareKeyStore()) }

    @Test func inFiles() async throws {
        let folder = Demo.scratch().path
        let store = try FileKeyStore.open(folder: folder)
        try store.unlock(passphrase: Secret(text: "a passphrase of the tests"))
        try holds(store)
        _ = try store.create(name: "kept", spec: KeySpec(algorithm: .p256, purpose: .signing))
        let again = try FileKeyStore.open(folder: folder)
        #expect(await refusal { try again.unlock(passphrase: Secret(text: "wrong")) }?.code == 408)
    }

    @Test func aKeyMadeForItIsBackedUpAndTakenBack() async throws {
        let store = try FileKeyStore.open(folder: Demo.scratch().path)
        let (own, copy) = (Secret(text: "a passphrase of the tests"), Secret(text: "copy"))
        try store.unlock(passphrase: own)
        let spec = KeySpec(algorithm: .p256, purpose: .signing)
        _ = try store.create(name: "own", spec: spec)
        let made = try store.createExportable(name: "seal", spec: spec)
        #expect(await refusal { _ = try store.backup(name: "own", passphrase: copy) }?.code == 406)
        let backup = try store.backup(name: "seal", passphrase: copy)
        try store.delete(name: "seal")
        #expect(await refusal { _ = try store.restore(file: backup, passphrase: own) }?.code == 408)
        #expect(try store.restore(file: backup, passphrase: copy) == made)
    }

    @Test func theLibraryTellsItsVersion() {
        #expect(version().split(separator: ".").count >= 3)
        #expect(features().contains("net"))
    }
}
