//! What the wrapper adds that no other test needs: progress, limits handed on, what an app's own source and sink throw, requests that wait.

import BordersSupport
import Foundation
import ThrivoSign
import XCTest

final class WrapperTests: XCTestCase {
    func testProgressIsCountedToItsEnd() async throws {
        let (limits, progress) = Limits.observed(timeout: .seconds(60), perTry: .seconds(10))
        XCTAssertEqual(limits.perTry, .seconds(10))
        XCTAssertNotNil(limits.progress)
        async let inspected = Demo.document().inspect(limits: limits)
        var last: CallProgress?
        for await step in progress {
            XCTAssertLessThanOrEqual(step.done, step.total)
            last = step
        }
        _ = try await inspected
        if let last { XCTAssertEqual(last.fraction, Double(last.done) / Double(last.total)) }
    }

    func testGeneratedCallsAreCancelledWithTheirTask() async throws {
        let customer = try await Customer.shared.value
        let client = customer.session.client
        let credentials = try await withLimits(Limits()) { try await client.listCredentials(options: $0) }
        XCTAssertFalse(credentials.isEmpty)
        let running = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await withLimits(Limits(timeout: .seconds(60))) { try await client.listCredentials(options: $0) }
        }
        running.cancel()
        await XCTAssertThrows(kind: ThrivoSignError.Cancelled) { try await running.value }
    }

    func testWhatAnAppsOwnSourceAndSinkThrow() async throws {
        final class Gone: DocumentSource {
            func length() throws -> Int64 { throw ThrivoSignError.sourceUnreadable }
            func readAt(offset: Int64, count: Int32) throws -> Data { throw ThrivoSignError.sourceUnreadable }
        }
        final class Full: DocumentSink {
            func write(bytes: Data) throws { throw ThrivoSignError.outputUnwritable }
        }
        await XCTAssertThrows(kind: ThrivoSignError.SourceUnreadable) { try await Document.fromSource(source: Gone()).inspect() }
        let key = try await Customer.shared.value.key
        await XCTAssertThrows(kind: ThrivoSignError.OutputUnwritable) {
            try await key.sign(Demo.document(), to: .host(sink: Full()))
        }
    }

    func testAnErrorSaysWhetherItPasses() async throws {
        let session = try Session(service: XCTUnwrap(URL(string: "https://127.0.0.1:1")), apiKey: Secret(text: "key"))
        do {
            try await session.login("anna@example.com", password: Secret(text: "password"))
            XCTFail("nobody listens there")
        } catch let error as ThrivoSignError {
            XCTAssertTrue(error.isRetryable)
            XCTAssertEqual(error.code, Int(error.detail.code))
        }
        XCTAssertFalse(ThrivoSignError.PageNotFound(detail: ErrorDetail()).isRetryable)
    }

    /// The form in which an app keeps a request that waits for an officer; the service knows nothing of this one.
    func testARequestThatNobodyMadeIsNotFound() async throws {
        let kept = """
            {"version": 1, "requestID": "nobody", "retryAfter": 5, "deviceUUID": "d", "signingKey": "signing", "authenticationKey": "authentication",
             "csr": "MIHfMIGGAgEAMCQxCzAJBgNVBAYTAkRFMRUwEwYDVQQDDAxBbm5hIFNjaG1pZHQwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARxhWxhLrO8gZzfzjAy+ybNShDFpoGmb4nsg5K9chYNjaG4G910mBBqnOeoAUkhOBb/U/TzYhaYDMzj1LMhAkafoAAwCgYIKoZIzj0EAwIDSAAwRQIhAPGc3PHRO87f8dOoZJi18Pr09ApQtK4jsfg1gdsqv1e6AiBUDlUulrPGvpk12YcF0ibpCSt8t6fhXsa9R7zRO35Iiw=="}
            """
        let request = try PendingRequest.fromJson(json: kept)
        let customer = try await Customer.shared.value
        await XCTAssertThrows(kind: ThrivoSignError.RecordNotFound) { try await customer.session.askAgain(request) }
    }
}
