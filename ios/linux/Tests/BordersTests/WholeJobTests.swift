//! The whole job against the demo server, with a key store written in Swift.

import BordersSupport
import Foundation
import ThrivoSign
import XCTest

final class WholeJobTests: XCTestCase {
    func testSubmitMode() async throws {
        let customer = try await Customer.shared.value
        let output = Demo.scratch()
        let request = SignatureRequest(placement: .visible(page: 1, x0: 72, y0: 72, x1: 272, y1: 132), reason: "I have read and agree")
        let (limits, progress) = Limits.observed(timeout: .seconds(60))
        async let running = customer.session.submit(
            Demo.document(), to: .file(output), fileName: "contract.pdf", request: request, identity: customer.identity,
            in: customer.keys, limits: limits)
        var told: [CallProgress] = []
        for await step in progress { told.append(step) }
        let submitted = try await running
        XCTAssertFalse(told.isEmpty, "the stream ends with the call and told something before")
        XCTAssertTrue(told.allSatisfy { $0.fraction >= 0 && $0.fraction <= 1 })
        let bytes = try Data(contentsOf: output)
        XCTAssertEqual(submitted.size, Int64(bytes.count))
        XCTAssertEqual(bytes.prefix(Int(submitted.signed.sourceSize)), try Data(contentsOf: Demo.file("DOCUMENT")))

        let report = try await Document.file(output).verify(trust: Demo.trust())
        XCTAssertTrue(report.clean())
        let signature = try XCTUnwrap(report.signatures().first)
        XCTAssertEqual(signature.reason, "I have read and agree")
        XCTAssertEqual(signature.signer?.name, "Anna Schmidt")
        XCTAssertLessThan(abs(try XCTUnwrap(signature.claimedDate).timeIntervalSinceNow), 600)
        XCTAssertTrue(try XCTUnwrap(signature.signer).validity.contains(.now))
    }

    func testDeviceMode() async throws {
        let customer = try await Customer.shared.value
        let signed = try await customer.session.signAndFile(
            Demo.document(), to: .memory, fileName: "contract.pdf", request: SignatureRequest(reason: "I agree"), key: customer.key)
        let bytes = try XCTUnwrap(signed.signed.bytes)
        guard case .filed(let agreement) = signed.filing else { return XCTFail("\(signed.filing)") }
        XCTAssertEqual(agreement.size, Int64(bytes.count))
        let again = try await customer.session.file(Document.fromBytes(bytes: bytes), fileName: "contract.pdf")
        XCTAssertEqual(again.documentId, agreement.documentId, "the same bytes are filed once")
        let report = try await Document.fromBytes(bytes: bytes).verify(trust: Demo.trust())
        XCTAssertTrue(report.clean())
    }

    func testTheHostsOwnSourceAndSink() async throws {
        final class Bytes: DocumentSource, DocumentSink, @unchecked Sendable {
            let source: Data
            private(set) var written = Data()
            init(_ source: Data) { self.source = source }
            func length() -> Int64 { Int64(source.count) }
            func readAt(offset: Int64, count: Int32) -> Data { source.dropFirst(Int(offset)).prefix(Int(count)) }
            func write(bytes: Data) { written.append(bytes) }
        }
        let customer = try await Customer.shared.value
        let host = Bytes(try Data(contentsOf: Demo.file("DOCUMENT")))
        let signed = try await customer.key.sign(Document.fromSource(source: host), to: .host(sink: host))
        XCTAssertEqual(signed.size, Int64(host.written.count))
        XCTAssertEqual(host.written.prefix(host.source.count), host.source)
        let report = try await Document.fromBytes(bytes: host.written).verify(trust: Demo.trust())
        XCTAssertTrue(report.clean())
    }

    func testInTwoParts() async throws {
        let customer = try await Customer.shared.value
        let document = try Demo.document()
        let secret = Secret(text: "for the blob")
        let first = try await document.prepare(SignatureRequest(field: "Later"), identity: customer.key.identity)
        let blob = try first.toBlob(key: secret)
        XCTAssertThrowsError(try Prepared.fromBlob(blob: blob, key: Secret(text: "another")), kind: ThrivoSignError.PreparedMalformed)

        let second = try Prepared.fromBlob(blob: blob, key: secret)
        XCTAssertEqual(try second.message(), try first.message())
        // Whoever holds the key may be anywhere: here it signs the message by itself.
        let value = try customer.keys.sign(
            name: customer.identity.signingKey(), message: second.message(), algorithm: second.algorithm())
        let output = Demo.scratch()
        let signed = try await second.complete(document, with: value, to: .file(output))
        XCTAssertEqual(signed.field, "Later")
        let report = try await Document.file(output).verify(trust: Demo.trust())
        XCTAssertTrue(report.clean())
        let again = try await second.complete(document, with: value, to: .memory)
        XCTAssertEqual(again.bytes, try Data(contentsOf: output), "the same answer gives the same document")

        // A blob without a key may have been written by anybody: it is completed, as all is computed again, and never signed.
        let unproven = try Prepared.fromBlob(blob: first.toBlob())
        await XCTAssertThrows(kind: ThrivoSignError.WrongOrder) { try await unproven.answer(by: customer.key) }
        await XCTAssertThrows(kind: ThrivoSignError.KeySignatureWrong) {
            try await unproven.complete(document, with: Data(count: 70), to: .memory)
        }
    }

    func testInspect() async throws {
        let facts = try await Demo.document().inspect().facts()
        XCTAssertEqual(facts.pages, 3)
        XCTAssertEqual(facts.size, Int64(try Data(contentsOf: Demo.file("DOCUMENT")).count))
        await XCTAssertThrows(kind: ThrivoSignError.NotPdf) { try await Document.fromBytes(bytes: Data("no PDF".utf8)).inspect() }
    }

    func testRevoke() async throws {
        let customer = try await Customer.shared.value
        let spare = try await customer.spare(named: "spare")
        XCTAssertEqual(spare.state(), .new)
        try await customer.session.revoke(spare.credentialId(), reason: .superseded)
        try await customer.session.revoke(spare.credentialId(), reason: .superseded)
        let cancelled = try await customer.session.state(of: spare)
        XCTAssertEqual(cancelled.state(), .cancelled)
        let states = try await customer.session.credentials().filter { $0.credentialId == spare.credentialId() }.map(\.state)
        XCTAssertEqual(states, [.cancelled])
        let kept = try Identity.fromJson(json: cancelled.toJson())
        XCTAssertEqual(kept.credentialId(), spare.credentialId())
    }

    func testAWrongPasswordAndATokenOfAnEarlierSession() async throws {
        let session = try Demo.session()
        XCTAssertFalse(session.isLoggedIn)
        await XCTAssertThrows(kind: ThrivoSignError.LoginRequired) { try await session.credentials() }
        await XCTAssertThrows(kind: ThrivoSignError.LoginRefused) {
            try await session.login(Demo.variable("USER"), password: Secret(text: "wrong"))
        }
        try await session.login(Demo.variable("USER"), password: Secret(text: Demo.variable("PASSWORD")))
        let token = try XCTUnwrap(session.refreshToken)
        let resumed = try Demo.session()
        try await resumed.resume(token)
        XCTAssertTrue(resumed.isLoggedIn)
        XCTAssertLessThan(abs(try XCTUnwrap(resumed.serviceTime).timeIntervalSinceNow), 60)
        try await resumed.logout()
        XCTAssertFalse(resumed.isLoggedIn)
    }
}
