//! The whole job against the demo server with keys of the enclave: enrol, sign several documents with one approval, verify.

import BordersSupport
import FakePhone
import Foundation
import XCTest

@testable import ThrivoSign

final class WholeJobTests: EnclaveTestCase {
    func testEnrolSignAndVerify() async throws {
        let store = makeStore()
        let session = try Demo.session()
        let authentication = try store.create(name: "authentication", spec: KeySpec(algorithm: .p256, purpose: .authentication))
        try await session.prove(with: authentication.name, in: store)
        try await session.login(Demo.variable("USER"), password: Secret(text: Demo.variable("PASSWORD")))
        XCTAssertTrue(session.isBound)
        let device = Device(uuid: UUID().uuidString.lowercased(), name: "A phone", platform: "ios")
        try await session.sendDeviceCode()
        let registered = try await session.register(device, authenticationKey: authentication, in: store, code: Demo.code())
        XCTAssertEqual(registered.status, .active)
        XCTAssertEqual(phone.timesAsked, 0, "a device is registered without the person's finger")

        let signing = try store.create(name: "signing", spec: KeySpec(algorithm: .p256, purpose: .signing, prompt: .window))
        let challenge = try await session.challenge(device: device.uuid, method: .otp)
        let order = CertificateOrder(
            deviceUuid: device.uuid, authenticationKey: authentication, signingKey: signing,
            subject: Subject(name: "Anna Schmidt", country: "DE"), challenge: challenge.challenge, method: .otp, value: try Demo.code())
        guard case .issued(let new) = try await session.order(order, in: store) else { throw Unexpected.pending }
        let activation = try await session.beginActivation(of: new)
        let identity = try await session.finishActivation(of: new, challenge: activation, in: store, code: Demo.code())
        XCTAssertEqual(phone.timesAsked, 1, "for the request of the certificate")

        store.forgetApprovals()
        let key = SigningKey(store: store, name: identity.signingKey(), identity: try identity.signingIdentity())
        let outputs = (0..<3).map { _ in Demo.scratch() }
        let summary = try await key.signBatch(outputs.map { BatchItem(from: Demo.file("DOCUMENT"), to: $0) })
        XCTAssertEqual(summary.signed, 3)
        XCTAssertEqual(phone.timesAsked, 2, "three documents, one approval")
        for output in outputs {
            let report = try await Document.file(output).verify(trust: Demo.trust())
            XCTAssertTrue(report.clean())
            XCTAssertEqual(report.signatures().first?.signer?.name, "Anna Schmidt")
        }
        let submitted = Demo.scratch()
        _ = try await session.submit(
            Demo.document(), to: .file(submitted), fileName: "contract.pdf", request: SignatureRequest(reason: "I agree"),
            identity: identity, in: store)
        let report = try await Document.file(submitted).verify(trust: Demo.trust())
        XCTAssertTrue(report.clean())

        // What the person does reaches the app through the library as what it is.
        store.forgetApprovals()
        for (person, kind) in [(FakePhone.Person.cancels, ThrivoSignError.KeyCancelled), (.isNotRecognised, ThrivoSignError.KeyCancelled)] {
            phone.person = person
            await refused(kind) { _ = try await key.sign(Demo.document(), to: .memory) }
        }
        phone.person = .approves
        phone.biometry = 2
        await refused(ThrivoSignError.KeyInvalidated) { _ = try await key.sign(Demo.document(), to: .memory) }
        try store.delete(name: "signing")
        await refused(ThrivoSignError.KeyNotFound) { _ = try await key.sign(Demo.document(), to: .memory) }
    }
}
