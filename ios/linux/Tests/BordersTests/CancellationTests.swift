//! Calls that are given up: by their task, by a token, by the clock; and many at once.

import BordersSupport
import Foundation
import ThrivoSign
import XCTest

final class CancellationTests: XCTestCase {
    func testATaskThatWasCancelledBefore() async throws {
        let customer = try await Customer.shared.value
        let running = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await customer.session.credentials()
        }
        running.cancel()
        await XCTAssertThrows(kind: ThrivoSignError.Cancelled) { try await running.value }
        let credentials = try await customer.session.credentials()
        XCTAssertFalse(credentials.isEmpty, "other calls of the session go on")
    }

    func testATokenEndsEveryCallThatWasGivenIt() async throws {
        let customer = try await Customer.shared.value
        let token = CancelToken()
        token.cancel()
        XCTAssertTrue(token.isCancelled())
        let options = CallOptions(cancel: token)
        await XCTAssertThrows(kind: ThrivoSignError.Cancelled) { try await customer.session.client.listCredentials(options: options) }
        XCTAssertThrowsError(try inspect(document: Demo.document(), options: options), kind: ThrivoSignError.Cancelled)
    }

    func testTheClockRunsOut() async throws {
        let customer = try await Customer.shared.value
        await XCTAssertThrows(kind: ThrivoSignError.TimedOut) { try await customer.session.credentials(limits: Limits(timeout: .zero)) }
        await XCTAssertThrows(kind: ThrivoSignError.InvalidArgument) {
            try await customer.session.credentials(limits: Limits(timeout: .seconds(-1)))
        }
    }

    /// 200 tasks at once, half of them over the network, a quarter of them given up on the way.
    func testManyTasks() async throws {
        let customer = try await Customer.shared.value
        let trust = try Demo.trust()
        let bytes = try await customer.key.sign(Demo.document(), to: .memory).bytes ?? Data()
        let (done, cancelled) = try await withThrowingTaskGroup(of: Bool.self) { group in
            for n in 0..<200 {
                group.addTask {
                    let work = Task {
                        switch n % 4 {
                        case 0: return try await customer.session.credentials().isEmpty == false
                        case 1: return try await Document.fromBytes(bytes: bytes).verify(trust: trust).clean()
                        case 2: return try await customer.key.sign(Demo.document(), to: .memory).bytes != nil
                        default: return try await customer.session.state(of: customer.identity).state() == .activated
                        }
                    }
                    if n % 16 < 4 {
                        try await Task.sleep(for: .milliseconds(n % 7))
                        work.cancel()
                    }
                    do {
                        guard try await work.value else { throw Unexpected.pending }
                        return true
                    } catch let error as ThrivoSignError where error == .Cancelled(detail: error.detail) && n % 16 < 4 {
                        return false
                    }
                }
            }
            var counts = (0, 0)
            for try await done in group {
                if done { counts.0 += 1 } else { counts.1 += 1 }
            }
            return counts
        }
        print("200 tasks: \(done) done, \(cancelled) given up")
        XCTAssertEqual(done + cancelled, 200)
        XCTAssertGreaterThanOrEqual(done, 150)
    }
}
