//! Keys that the service holds and a device opens, against the demo server: this device shows what is asked and sends the person's answer.

import BordersSupport
import Foundation
import ThrivoSign
import XCTest

/// Nobody is asked for a PIN where a device says yes.
private final class Nobody: FactorSource {
    func ask(wanted: WantedFactors) throws -> ShownFactors { throw ThrivoSignError.KeyCancelled(detail: ErrorDetail()) }
}

final class ApprovalsTests: XCTestCase {
    /// What docs/howto/remote.md shows.
    private func approve(
        _ session: Session, _ device: Device, _ keys: any DeviceKeyStore, _ agreed: (PendingAuthorization) throws -> Bool
    ) async throws {
        for pending in try await session.authorizations(for: device.uuid, wait: .seconds(60)) {
            let said: Decision = try agreed(pending) ? .approve : .decline             // a screen of the app's
            try await session.answer(pending, said, authenticationKey: "authentication", in: keys)
        }
    }

    func testASignatureWaitsForTheDevicesYes() async throws {
        let customer = try await Customer.shared.value
        let (session, device) = (customer.session, customer.device)
        let challenge = try await session.challenge(device: device.uuid, method: .otp)
        let made = try await session.requestRemoteCredential(
            RemoteOrder(deviceUuid: device.uuid, challenge: challenge.challenge, method: .otp, value: try Demo.code()))
        XCTAssertNil(made.totpSecret)
        let nothing = try await session.authorizations(for: device.uuid)
        XCTAssertTrue(nothing.isEmpty)
        await XCTAssertThrows(kind: ThrivoSignError.DeviceRefused) { _ = try await session.authorizations(for: "another-device") }

        let remote = try RemoteKeyStore(client: session.client, factors: Nobody(), description: "a loan", documentName: "loan.pdf")
        let key = SigningKey(store: remote, name: made.credentialId, identity: try remote.identity(credentialId: made.credentialId))
        var told: PendingAuthorization?
        async let signing = key.sign(Demo.document(), to: .memory)
        try await approve(session, device, customer.keys) { pending in
            XCTAssertEqual(pending.credentialId(), made.credentialId)
            XCTAssertEqual(pending.description(), "a loan")
            XCTAssertEqual(pending.documentNames(), ["loan.pdf"])
            XCTAssertEqual(pending.hashes().map(\.count), [32])
            XCTAssertFalse(pending.authorizationId().isEmpty)
            XCTAssertTrue((30...3600).contains(pending.expiresIn()))
            told = pending
            return true
        }
        let signed = try await signing
        let report = try await Document.fromBytes(bytes: XCTUnwrap(signed.bytes)).verify(trust: Demo.trust())
        XCTAssertTrue(report.clean())

        let answered = try XCTUnwrap(told)
        try await session.answer(answered, .approve, authenticationKey: "authentication", in: customer.keys)
        await XCTAssertThrows(kind: ThrivoSignError.SigningConflict) {
            try await session.answer(answered, .decline, authenticationKey: "authentication", in: customer.keys)
        }
        await XCTAssertThrows(kind: ThrivoSignError.KeyNotFound) {
            try await session.answer(answered, .approve, authenticationKey: "none", in: customer.keys)
        }

        let unsigned = Task { try await key.sign(Demo.document(), to: .memory) }
        try await approve(session, device, customer.keys) { _ in false }
        await XCTAssertThrows(kind: ThrivoSignError.KeyCancelled) { try await unsigned.value }
    }

    func testWhoeverNoLongerWaitsIsToldAtOnce() async throws {
        let customer = try await Customer.shared.value
        let begun = ContinuousClock.now
        let waiting = Task { try await customer.session.authorizations(for: customer.device.uuid, wait: .seconds(60)) }
        try await Task.sleep(for: .milliseconds(300))
        waiting.cancel()
        await XCTAssertThrows(kind: ThrivoSignError.Cancelled) { try await waiting.value }
        XCTAssertLessThan(ContinuousClock.now - begun, .seconds(20))
    }
}
