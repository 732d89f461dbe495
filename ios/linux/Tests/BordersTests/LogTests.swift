//! The log: typed fields, and nothing in them that came from the app.

import BordersSupport
import Foundation
import ThrivoSign
import XCTest

final class LogTests: XCTestCase {
    func testEventsAndNothingBeside() async throws {
        let customer = try await Customer.shared.value
        let events = logEvents(upTo: .debug)
        _ = try await customer.session.credentials()
        _ = try await customer.key.sign(Demo.document(), to: .memory)
        let session = try Demo.session()
        await XCTAssertThrows(kind: ThrivoSignError.LoginRefused) {
            try await session.login(Demo.variable("USER"), password: Secret(text: "a wrong password"))
        }
        let unwilling = try customer.key(in: OddKeys(behind: customer.keys) { _, _, _, _ in throw ThrivoSignError.keyCancelled })
        await XCTAssertThrows(kind: ThrivoSignError.KeyCancelled) { try await unwilling.sign(Demo.document(), to: .memory) }
        stopLog()
        var told: [LogEvent] = []
        for await event in events { told.append(event) }

        let call = try XCTUnwrap(told.first { $0.name == "call" && $0.httpStatus == 200 })
        XCTAssertEqual(call.attempt, 1)
        XCTAssertNotNil(call.milliseconds)
        XCTAssertNotNil(call.operation)
        XCTAssertEqual(told.first { $0.name == "sign" }?.bytes, try Demo.document().size())
        XCTAssertEqual(told.first { $0.operation == "login" }?.httpStatus, 400)
        XCTAssertEqual(told.last { $0.name == "sign" }?.errorCode, 402)
        let said = "\(told)"
        let secrets = [Demo.variable("PASSWORD"), Demo.variable("API_KEY"), Demo.variable("USER"), "a wrong password", "Anna", "localhost"]
        for secret in secrets + [customer.identity.credentialId(), customer.device.uuid, Demo.variable("SCRATCH")] {
            XCTAssertFalse(said.contains(secret), "the log holds what the app gave")
        }
        XCTAssertEqual(
            Mirror(reflecting: call).children.compactMap(\.label),
            ["level", "name", "operation", "errorCode", "httpStatus", "milliseconds", "bytes", "attempt"], "these fields and no others")
    }

    func testALogThatIsTakenOver() async throws {
        let first = logEvents(upTo: .info)
        let second = logEvents(upTo: .error)
        for await event in first { XCTFail("\(event) went to the old log") }
        _ = try await Demo.document().inspect()
        stopLog()
        for await event in second { XCTAssertEqual(event.level, .error) }
    }
}
