//! A registration officer, beside a server whose certificates wait for one.

import BordersSupport
import Foundation
import SoftwareKeys
import ThrivoSign
import XCTest

final class OfficerTests: XCTestCase {
    /// At the server whose certificates wait.
    private func loggedIn(_ user: String) async throws -> Session {
        let session = try Session(
            service: URL(string: Demo.variable("OFFICE_SERVICE"))!, apiKey: Secret(text: Demo.variable("OFFICE_API_KEY")),
            tlsRoots: Data(contentsOf: Demo.file("OFFICE_TLS_ROOT")))
        try await session.login(user, password: Secret(text: Demo.variable("OFFICE_PASSWORD")))
        return session
    }

    private func code() throws -> Secret { try Demo.code(in: "OFFICE_OUTBOX") }

    func testWhatWaitsIsRejectedOrApprovedAndALostDeviceIsRevoked() async throws {
        let officer = try await loggedIn("officer")
        let anna = try await loggedIn(Demo.variable("USER"))
        let keys = SoftwareKeys()
        let device = Device(uuid: UUID().uuidString.lowercased(), name: "Anna's machine", platform: "linux")
        let authentication = try keys.create(name: "authentication", spec: KeySpec(algorithm: .p256, purpose: .authentication))
        try await anna.sendDeviceCode()
        _ = try await anna.register(device, authenticationKey: authentication, in: keys, code: code())
        await XCTAssertThrows(kind: ThrivoSignError.AuthorizationDenied) { try await anna.waitingRequests() }

        func ask(_ name: String) async throws -> PendingRequest {
            let signing = try keys.create(name: name, spec: KeySpec(algorithm: .p256, purpose: .signing))
            let challenge = try await anna.challenge(device: device.uuid, method: .otp)
            let order = CertificateOrder(
                deviceUuid: device.uuid, authenticationKey: authentication, signingKey: signing, subject: Subject(name: "Anna Schmidt"),
                challenge: challenge.challenge, method: .otp, value: try code())
            guard case .pending(let request) = try await anna.order(order, in: keys) else { throw Unexpected.notAwaited }
            return request
        }

        let first = try await ask("first")
        let waiting = try await officer.waitingRequests()
        XCTAssertEqual(waiting.count, 1)
        let one = try XCTUnwrap(waiting.first)
        XCTAssertEqual(one.applicant.name, "Anna Schmidt")
        XCTAssertEqual(one.applicant.email, Demo.variable("USER"))
        XCTAssertNil(one.applicant.company)
        XCTAssertEqual([one.deviceUuid, one.deviceName, one.platform], [device.uuid, device.name, device.platform])
        XCTAssertEqual(one.securityLevel, .software)
        XCTAssertLessThan(abs(Double(one.asked) - Date().timeIntervalSince1970), 600)
        try await officer.reject(request: one.requestId, reason: "Come to the counter with your passport.")
        await XCTAssertThrows(kind: ThrivoSignError.ServiceRefused) { try await officer.approve(request: one.requestId) }
        await XCTAssertThrows(kind: ThrivoSignError.CertificateRefused) { try await anna.askAgain(first) }

        let second = try await ask("second")
        let again = try await officer.waitingRequests()
        try await officer.approve(request: XCTUnwrap(again.first).requestId)
        guard case .issued = try await anna.askAgain(second) else { return XCTFail("it was approved") }

        let devices = try await officer.usersDevices()
        let lost = try XCTUnwrap(devices.first { $0.deviceUuid == device.uuid })
        XCTAssertEqual(lost.owner, one.applicant)
        XCTAssertEqual([lost.deviceName, lost.platform], [device.name, device.platform])
        XCTAssertEqual(lost.securityLevel, .software)
        XCTAssertEqual(lost.credentials.map(\.state), [.new])
        XCTAssertFalse(lost.credentials.contains { $0.credentialId.isEmpty || $0.notAfter < one.asked })
        await XCTAssertThrows(kind: ThrivoSignError.DeviceRefused) {
            try await officer.revoke(usersDevice: "nobodys", reason: .keyCompromise)
        }
        try await officer.revoke(usersDevice: device.uuid, reason: .keyCompromise)
        let left = try await officer.usersDevices()
        XCTAssertFalse(left.contains { $0.deviceUuid == device.uuid })
    }
}
