//! What the verifier tells beside its verdict.

import BordersSupport
import Foundation
import ThrivoSign
import XCTest

/// Signed once, and once more.
private let signed = Task { () -> (once: Data, twice: Data) in
    let key = try await Customer.shared.value.key
    let once = try await key.sign(Demo.document(), to: .memory).bytes ?? Data()
    let request = SignatureRequest(name: "Somebody <b>else</b>")
    let twice = try await key.sign(Document.fromBytes(bytes: once), to: .memory, request: request).bytes ?? Data()
    return (once, twice)
}

final class ReadingsTests: XCTestCase {
    func testWordsAndPages() async throws {
        let report = try await Document.fromBytes(bytes: signed.value.twice).verify(trust: Demo.trust())
        XCTAssertTrue(try report.text(words: Words.builtIn(language: "de-AT")).contains("Dokument"))
        let french = try Words.fromTable(language: "fr", words: ["heading.document": "Le document"])
        XCTAssertTrue(report.text(words: french).contains("Le document"))
        let page = try report.html(name: "<script>contract.pdf", words: Words.builtIn(language: "de"))
        XCTAssertTrue(page.contains("Anna Schmidt"))
        XCTAssertFalse(page.contains("<script>") || page.contains("<b>else"))
        XCTAssertNotNil(allWords()["heading.document"])
        XCTAssertThrowsError(try Words.builtIn(language: "fr"), kind: ThrivoSignError.InvalidArgument)
        do {
            _ = try await Document.fromBytes(bytes: Data()).verify(trust: Demo.trust())
            XCTFail("an empty document is none")
        } catch let error as ThrivoSignError {
            XCTAssertTrue(try htmlFailure(detail: error.detail, name: "contract.pdf").contains("201"))
        }
    }

    func testAPolicyFileSaysWhomToTrustAndTheReportIsXmlToo() async throws {
        func rules(_ trust: String, time: String = "") -> Data {
            let rest = #""revocation":"off","times":{"clock_skew":0,"ocsp_age":0},"algorithms":[],"risks":"leave","trust":["#
            return Data((#"{"schema":"thrivosign-policy-1","name":"the bank's","# + time + rest + trust + "]}").utf8)
        }
        let pem = try String(decoding: Data(contentsOf: Demo.file("TRUST")), as: UTF8.self).replacingOccurrences(of: "\r", with: "")
        let root = pem.replacingOccurrences(of: "\n", with: "\\n")
        let document = try await Document.fromBytes(bytes: signed.value.twice)
        let report = try await document.verify(policy: rules(#"{"certificate":""# + root + #""}"#))
        XCTAssertTrue(report.clean() && report.policy().name == "the bank's")
        XCTAssertTrue(report.etsi().contains("urn:etsi:019102:mainindication"))
        let nobody = try await document.verify(policy: rules(""))
        XCTAssertFalse(nobody.clean())
        let stated = rules("", time: #""time":"2030-01-01T00:00:00Z","#)
        for (policy, time) in [(stated, Date()), (Data("{}".utf8), nil)] as [(Data, Date?)] {
            do {
                _ = try await document.verify(policy: policy, at: time)
                XCTFail("no such rules")
            } catch ThrivoSignError.InvalidArgument {}
        }
    }

    func testChangesRevisionsAndClaims() async throws {
        let (once, twice) = try await signed.value
        let document = Document.fromBytes(bytes: twice)
        let diff = try await document.diff(since: 0)
        XCTAssertEqual(diff.entries().map(\.change.kind), [.signatureAdded])
        XCTAssertEqual(diff.field(), "Signature1")
        XCTAssertEqual(diff.revision() + 1, diff.revisions())
        XCTAssertFalse(diff.undecided())
        XCTAssertTrue(try diff.json().contains("thrivosign-diff-1"))
        XCTAssertTrue(diff.text(words: nil).contains("Signature1"))
        await XCTAssertThrows(kind: ThrivoSignError.InvalidArgument) { try await document.diff(since: 2) }
        let first = try await document.extractSignedRevision(0, to: .memory)
        XCTAssertEqual(first.bytes, once)
        XCTAssertEqual(first.size, Int64(once.count))
        let claimed = try await document.signatures()
        XCTAssertEqual(claimed.map(\.claimedSigner), ["Anna Schmidt", "Somebody <b>else</b>"])
    }

    func testManyAtOnce() async throws {
        final class Heard: @unchecked Sendable { var outcomes: [(Int, VerifyOutcome)] = [] }
        let file = Demo.scratch()
        try await signed.value.twice.write(to: file)
        let files = [file, URL(fileURLWithPath: "/no/such/file"), Demo.file("DOCUMENT")]
        let heard = Heard()
        let summary = try await Demo.trust().verify(files) { heard.outcomes.append(($0, $1)) }
        XCTAssertEqual([summary.clean, summary.notClean, summary.unsigned, summary.failed, summary.left], [1, 0, 1, 1, 0])
        XCTAssertEqual(heard.outcomes.map(\.0), [0, 1, 2])
        guard case .judged(let report) = heard.outcomes[0].1 else { return XCTFail("the first is judged") }
        XCTAssertTrue(report.clean())
        guard case .failed(let detail) = heard.outcomes[1].1 else { return XCTFail("the second is not there") }
        XCTAssertEqual(detail.name, "source_unreadable")
        let stopped = try await Demo.trust().verify(files, batch: VerifyBatchOptions(jobs: 1)) { _, _ in throw ThrivoSignError.keyLocked }
        XCTAssertEqual(stopped.left, 2)
        XCTAssertEqual(stopped.stopped?.name, "key_locked")
    }
}
