//! Signatures are raised by the demo server's trust services, and hold by what the document carries.

import BordersSupport
import Foundation
import ThrivoSign
import XCTest

private let signed = Task { () -> Data in
    try await Customer.shared.value.key.sign(Demo.document(), to: .memory).bytes ?? Data()
}

/// Where nobody listens.
private let down = TimeStampAuthority(url: "http://127.0.0.1:1/tsa", policy: "1.2.3", tries: 1, timeoutMs: 2_000)

final class LevelsTests: XCTestCase {
    private func how(_ goal: Goal, _ authorities: TimeStampAuthority...) throws -> Extension {
        Extension(goal: goal, trust: try Demo.trust(), authorities: authorities, reach: .anywhere)
    }

    func testEachLevelIsReachedAndHoldsWithoutANetwork() async throws {
        var document = try await signed.value
        for (goal, level) in [(Goal.bt, SignatureLevel.bt), (.blt, .blt), (.blta, .blta)] {
            let extended = try await Document.fromBytes(bytes: document).extend(how(goal, Demo.authority()), to: .memory)
            XCTAssertTrue(extended.reached && extended.report.clean())
            XCTAssertEqual(extended.level, goal)
            XCTAssertTrue(extended.missing.isEmpty && extended.unanswered.isEmpty)
            let raised = extended.bytes ?? Data()
            XCTAssertTrue(raised.starts(with: document))
            XCTAssertEqual(Int64(raised.count), Int64(document.count) + extended.added)
            let report = try await Document.fromBytes(bytes: raised).verify(
                trust: Demo.trust(), at: Date().addingTimeInterval(2), revocation: goal == .bt ? .ifAvailable : .require)
            XCTAssertTrue(report.clean())
            XCTAssertEqual(report.signatures().first?.level, level)
            document = raised
        }
    }

    func testAnAuthorityThatIsDownIsNamedAndTheNextOneIsAsked() async throws {
        let alone = try await Document.fromBytes(bytes: signed.value).extend(how(.blta, down), to: .memory)
        XCTAssertFalse(alone.reached)
        XCTAssertNil(alone.level)
        XCTAssertEqual(alone.unanswered.first, Unanswered(url: down.url, code: "connect_failed"))
        let kept = try await Document.fromBytes(bytes: alone.bytes ?? Data()).verify(trust: Demo.trust())
        XCTAssertTrue(kept.clean(), "nothing is lost")
        let file = Demo.scratch()
        let (limits, progress) = Limits.observed()
        let watched = Task { await progress.reduce(0) { steps, _ in steps + 1 } }
        let done = try await Document.fromBytes(bytes: signed.value).extend(how(.blta, down, Demo.authority()), to: .file(file), limits: limits)
        XCTAssertTrue(done.reached && !done.unanswered.isEmpty && done.bytes == nil)
        let steps = await watched.value
        XCTAssertGreaterThan(steps, 0)
        let report = try await Document.file(file).verify(trust: Demo.trust(), at: Date().addingTimeInterval(2), revocation: .require)
        XCTAssertTrue(report.clean())
    }

    func testWhatIsMissingIsToldAndEvidenceAtHandCounts() async throws {
        func off(_ evidence: Evidence? = nil) throws -> Extension {
            Extension(goal: .blt, trust: try Demo.trust(), authorities: [Demo.authority()], evidence: evidence)
        }
        let extended = try await Document.fromBytes(bytes: signed.value).extend(off(), to: .memory)
        XCTAssertEqual(extended.unanswered.map(\.code), ["fetching_is_off"])
        let missing = try XCTUnwrap(extended.missing.first)
        XCTAssertEqual(missing.lack, .status)
        XCTAssertNil(missing.failure)
        XCTAssertTrue(missing.subject.contains("Anna Schmidt"))
        XCTAssertTrue(!missing.asked.isEmpty && missing.asked.allSatisfy { $0.code == "not_asked" })
        let evidence = try Evidence(certificates: [missing.certificate, missing.certificate])
        XCTAssertEqual(evidence.count(), 1)
        XCTAssertThrowsError(try Evidence(ocspResponses: [Data([1, 2, 3])]), kind: ThrivoSignError.DerMalformed)
        let again = try await Document.fromBytes(bytes: signed.value).extend(off(evidence), to: .memory)
        XCTAssertEqual(again.missing.first?.subject, missing.subject, "a certificate says nothing of its own revocation")
    }

    func testASignatureIsMadeAndRaisedInOneGo() async throws {
        let key = try await Customer.shared.value.key
        let high = SignOptions(extension: try how(.blta, Demo.authority()))
        let made = try await key.sign(Demo.document(), to: .memory, options: high)
        let raised = try XCTUnwrap(made.raised)
        XCTAssertTrue(raised.reached && raised.added > 0 && raised.stopped == nil)
        XCTAssertEqual(raised.level, .blta)
        XCTAssertEqual(made.size, Int64(made.bytes?.count ?? 0))
        let report = try await Document.fromBytes(bytes: made.bytes ?? Data()).verify(
            trust: Demo.trust(), at: Date().addingTimeInterval(2), revocation: .require)
        XCTAssertTrue(report.clean())
        let low = try await key.sign(Demo.document(), to: .memory, options: SignOptions(extension: how(.bt, down)))
        XCTAssertEqual(low.raised?.reached, false)
        XCTAssertEqual(low.raised?.unanswered.map(\.url), [down.url])
        let kept = try await Document.fromBytes(bytes: low.bytes ?? Data()).verify(trust: Demo.trust())
        XCTAssertTrue(kept.clean())
        let plain = try await key.sign(Demo.document(), to: .memory)
        XCTAssertNil(plain.raised)
    }

    func testTrustIsForOneUseOrForAll() async throws {
        let document = try await Document.fromBytes(bytes: signed.value)
        let nobody = try TrustAnchors.fromCertificates(certificates: [])
        let root = try Data(contentsOf: Demo.file("TRUST"))
        let stamps = try await document.verify(trust: nobody.withRole(role: .timeStamping, pem: root))
        let signers = try await document.verify(trust: nobody.withRole(role: .signer, pem: root))
        XCTAssertFalse(stamps.clean())
        XCTAssertTrue(signers.clean())
        XCTAssertEqual(nobody.count(), 0)
    }

    func testACancelledTaskHandsNothingOver() async throws {
        let document = try await Document.fromBytes(bytes: signed.value)
        let silent = try Silent()
        let slow = TimeStampAuthority(url: "http://127.0.0.1:\(silent.port)/tsa", timeoutMs: 60_000)
        let task = Task { [how = try how(.bt, slow)] in try await document.extend(how, to: .memory) }
        try await Task.sleep(for: .milliseconds(300))
        let begun = ContinuousClock.now
        task.cancel()
        await XCTAssertThrows(kind: ThrivoSignError.Cancelled) { try await task.value }
        XCTAssertLessThan(ContinuousClock.now - begun, .seconds(5))
        withExtendedLifetime(silent) {}
    }

    func testAWrongNumberIsRefused() async throws {
        let document = try await Document.fromBytes(bytes: signed.value)
        for authority in [
            TimeStampAuthority(url: down.url, policy: "one"), TimeStampAuthority(url: down.url, tries: -1),
            TimeStampAuthority(url: down.url, timeoutMs: -1),
        ] {
            await XCTAssertThrows(kind: ThrivoSignError.InvalidArgument) { try await document.extend(how(.bt, authority), to: .memory) }
        }
        await XCTAssertThrows(kind: ThrivoSignError.WrongOrder) { try await Demo.document().extend(how(.bt, Demo.authority()), to: .memory) }
    }
}
