//! Everything that a signature can be asked for.

import BordersSupport
import Foundation
import ThrivoSign
import XCTest

final class OptionsTests: XCTestCase {
    private let png = Data(base64Encoded: "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAYAAAD0In+KAAAADklEQVR42mP4z8AAQg0AD3oDfmqBMeEAAAAASUVORK5CYII=")!

    private func signed(
        _ request: SignatureRequest, _ document: Document? = nil, options: SignOptions = SignOptions()
    ) async throws -> SignedDocument {
        let customer = try await Customer.shared.value
        let made = try await customer.key.sign(document ?? Demo.document(), to: .memory, request: request, options: options)
        let report = try await Document.fromBytes(bytes: made.bytes ?? Data()).verify(trust: Demo.trust())
        XCTAssertTrue(report.clean())
        return made
    }

    private func bytes() throws -> Data { try Data(contentsOf: Demo.file("DOCUMENT")) }

    func testPlaces() async throws {
        let free = try await signed(SignatureRequest(placement: .nextFree(width: 180, height: 50)))
        let fields = try await Document.fromBytes(bytes: XCTUnwrap(free.bytes)).signatureFields()
        XCTAssertEqual(fields.map(\.page), [3])
        XCTAssertEqual(fields.map(\.visible), [true])
        _ = try await signed(
            SignatureRequest(placement: .anchor(text: "EUR 24,000.00", width: 120, height: 30, offsetY: -40, page: 1, occurrence: 1)))
        await XCTAssertThrows(kind: ThrivoSignError.BoxUnusable) {
            try await self.signed(SignatureRequest(placement: .anchor(text: "nowhere to be found", width: 120, height: 30)))
        }
        await XCTAssertThrows(kind: ThrivoSignError.PageNotFound) {
            try await self.signed(SignatureRequest(placement: .nextFree(width: 180, height: 50, page: 99)))
        }
    }

    func testCertificationAndLocks() async throws {
        let certified = try await signed(SignatureRequest(certification: .noChanges, lock: .include(names: ["amount"])))
        let whole = try XCTUnwrap(certified.bytes)
        for words in ["/DocMDP", "/FieldMDP", "(amount)"] { XCTAssertNotNil(whole.range(of: Data(words.utf8)), words) }
        await XCTAssertThrows(kind: ThrivoSignError.SigningForbidden) {
            try await self.signed(SignatureRequest(), Document.fromBytes(bytes: whole))
        }
        let approval = try await signed(SignatureRequest())
        XCTAssertNil(try XCTUnwrap(approval.bytes).range(of: Data("MDP".utf8)))
    }

    func testLooks() async throws {
        let box = Placement.visible(page: 3, x0: 60, y0: 60, x1: 300, y1: 160)
        let stroke = [InkPoint(x: 10, y: 10), InkPoint(x: 50, y: 40), InkPoint(x: 90, y: 10)]
        let all = Appearance(
            text: .templates(lines: ["Signed by {name}", "{location}", "Reason: {reason}"]), image: png,
            ink: Ink(width: 100, height: 50, pen: 2, strokes: [stroke]), arrangement: .over,
            link: "https://bank.example/verify/4711", frame: .nothing)
        let made = try await signed(SignatureRequest(placement: box, reason: "I agree", appearance: all))
        XCTAssertNotNil(try XCTUnwrap(made.bytes).range(of: Data("/Image".utf8)))
        let wrong = [
            Appearance(image: png.prefix(20)), Appearance(link: "javascript:alert(1)"),
            Appearance(ink: Ink(width: 100, height: 50, pen: 51, strokes: [stroke])), Appearance(text: .templates(lines: ["{nobody}"])),
        ]
        for appearance in wrong {
            await XCTAssertThrows(kind: ThrivoSignError.InvalidArgument) {
                try await self.signed(SignatureRequest(placement: box, appearance: appearance))
            }
        }
        let greek = AppearanceText.lines(lines: ["\u{391}\u{3bd}\u{3bd}\u{3b1}"])
        await XCTAssertThrows(kind: ThrivoSignError.TextUnrepresentable) {
            try await self.signed(SignatureRequest(placement: box, appearance: Appearance(text: greek)))
        }
        let bundled = SignatureRequest(placement: box, appearance: Appearance(text: greek, font: .bundled))
        if features().contains("appearance-full") {
            _ = try await signed(bundled)
        } else {
            await XCTAssertThrows(kind: ThrivoSignError.TextUnrepresentable) { try await self.signed(bundled) }
        }
    }

    func testARecordIsCarried() async throws {
        let customer = try await Customer.shared.value
        let how = SignOptions(carry: CarriedEvidence(consent: "I agree to all of it."))
        let made = try await customer.key.sign(Demo.document(), to: .memory, options: how)
        let whole = try XCTUnwrap(made.bytes)
        for words in ["thrivosign-evidence-1", "I agree to all of it."] { XCTAssertNotNil(whole.range(of: Data(words.utf8)), words) }
        let report = try await Document.fromBytes(bytes: whole).verify(trust: Demo.trust())
        XCTAssertTrue(report.clean())
        await XCTAssertThrows(kind: ThrivoSignError.SigningForbidden) {
            try await customer.key.sign(Document.fromBytes(bytes: whole), to: .memory, options: how)
        }
    }

    func testFindings() async throws {
        let bank = SignOptions(preflight: PreflightPolicy(rules: .bank))
        let before = try await Demo.document().preflight(options: bank)
        XCTAssertEqual(before.stops, ["font_not_embedded"])
        let marker = try XCTUnwrap(before.inspection.markers.first { $0.code == "font_not_embedded" })
        XCTAssertFalse(marker.remedy.isEmpty)
        XCTAssertNotNil(marker.page)
        let reported = try await Demo.document().preflight()
        XCTAssertEqual(reported.stops, [])
        await XCTAssertThrows(kind: ThrivoSignError.PreflightRefused) { try await self.signed(SignatureRequest(), options: bank) }
        let policy = PreflightPolicy(rules: .bank, allowing: ["font_not_embedded"])
        let allowed = try await signed(SignatureRequest(), options: SignOptions(preflight: policy))
        XCTAssertEqual(allowed.preflight?.stops, [])
        XCTAssertEqual(allowed.preflight?.inspection.markers.contains { $0.code == "font_not_embedded" }, true)
        let plain = try await signed(SignatureRequest())
        XCTAssertNil(plain.preflight)
        XCTAssertEqual(plain.repair, Repair.none)
    }

    func testDamage() async throws {
        let whole = try bytes()
        let table = try XCTUnwrap(whole.range(of: Data("\nxref".utf8), options: .backwards))
        let cut = whole.prefix(table.lowerBound + 1)
        let doubtful = cut + Data("words that belong to nothing\n".utf8)
        func repair(_ bytes: Data, _ damage: Damage?) async throws -> Repair {
            try await signed(SignatureRequest(), Document.fromBytes(bytes: bytes), options: SignOptions(damage: damage)).repair
        }
        let appended = try await repair(cut, nil)
        XCTAssertEqual(appended, .appended)
        let rewritten = try await repair(doubtful, .rewrite())
        XCTAssertEqual(rewritten, .rewritten)
        await XCTAssertThrows(kind: ThrivoSignError.PdfDamaged) { try await repair(cut, .refuse) }
        await XCTAssertThrows(kind: ThrivoSignError.PdfDamaged) { try await repair(doubtful, .append) }
        await XCTAssertThrows(kind: ThrivoSignError.LimitReached) { try await repair(doubtful, .rewrite(limit: 10)) }
    }

    func testInPlace() async throws {
        let file = Demo.scratch()
        try bytes().write(to: file)
        let key = try await Customer.shared.value.key
        let first = try await key.signInPlace(file)
        let second = try await key.signInPlace(file, durability: .none)
        XCTAssertEqual(second.sourceSize, first.size)
        XCTAssertEqual(try recoverInPlace(path: file.path), .nothing)
        let report = try await Document.file(file).verify(trust: Demo.trust())
        XCTAssertTrue(report.clean())
        XCTAssertEqual(report.signatureCount(), 2)
        await XCTAssertThrows(kind: ThrivoSignError.SourceUnreadable) {
            try await key.signInPlace(URL(fileURLWithPath: "/no/such/file"))
        }
    }

    private func items(_ count: Int) throws -> [BatchItem] {
        (0..<count).map { BatchItem(from: $0 == 1 ? URL(fileURLWithPath: "/no/such/file") : Demo.file("DOCUMENT"), to: Demo.scratch()) }
    }

    func testManyAtOnce() async throws {
        final class Heard: @unchecked Sendable { var outcomes: [Int: BatchOutcome] = [:] }
        let key = try await Customer.shared.value.key
        let (heard, items) = (Heard(), try items(5))
        let summary = try await key.signBatch(items, batch: BatchOptions(durability: Durability.none, jobs: 2)) {
            heard.outcomes[$0] = $1
        }
        XCTAssertEqual(summary, BatchSummary(signed: 4, failed: 1, left: 0, stopped: nil))
        XCTAssertEqual(Set(heard.outcomes.keys), Set(0..<5))
        guard case .failed(let detail) = heard.outcomes[1] else { return XCTFail("the second is not there") }
        XCTAssertEqual(detail.name, "source_unreadable")
        guard case .signed(let document) = heard.outcomes[4] else { return XCTFail("the last is signed") }
        let file = URL(fileURLWithPath: items[4].output)
        XCTAssertEqual(document.size, Int64(try Data(contentsOf: file).count))
        let report = try await Document.file(file).verify(trust: Demo.trust())
        XCTAssertTrue(report.clean())
    }

    func testABatchIsStopped() async throws {
        let key = try await Customer.shared.value.key
        let one = BatchOptions(jobs: 1)
        let refused = try await key.signBatch(items(5), batch: one) { _, _ in throw ThrivoSignError.keyLocked }
        XCTAssertEqual(refused.left, 4)
        XCTAssertEqual(refused.stopped?.name, "key_locked")
        let other = try await key.signBatch(items(5), batch: one) { _, _ in throw Unexpected.pending }
        XCTAssertEqual(other.stopped?.name, "cancelled")
        await XCTAssertThrows(kind: ThrivoSignError.InvalidArgument) {
            try await key.signBatch(self.items(2), batch: BatchOptions(jobs: 0))
        }
    }

    func testAFieldForEachSigner() async throws {
        let fields = [
            EmptyField(name: "loan.borrower", placement: .visible(page: 3, x0: 60, y0: 60, x1: 240, y1: 110), reasons: ["I borrow"]),
            EmptyField(name: "loan.bank", lock: .all),
        ]
        let added = try await Demo.document().addFields(fields, to: .memory)
        let prepared = try XCTUnwrap(added.bytes)
        XCTAssertEqual(added.size, Int64(prepared.count))
        let seen = try await Document.fromBytes(bytes: prepared).signatureFields()
        XCTAssertEqual(seen.map(\.name), ["loan.borrower", "loan.bank"])
        XCTAssertFalse(seen.contains { $0.signed })
        await XCTAssertThrows(kind: ThrivoSignError.FieldUnusable) {
            try await self.signed(SignatureRequest(field: "loan.borrower"), Document.fromBytes(bytes: prepared))
        }
        let made = try await signed(
            SignatureRequest(field: "loan.borrower", reason: "I borrow"), Document.fromBytes(bytes: prepared))
        XCTAssertEqual(made.field, "loan.borrower")
        let finished = Document.fromBytes(bytes: try XCTUnwrap(made.bytes))
        await XCTAssertThrows(kind: ThrivoSignError.SigningForbidden) { try await finished.addFields(fields, to: .memory) }
    }
}
