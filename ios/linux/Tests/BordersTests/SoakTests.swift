//! Open, call, close, many times over: memory stays flat, and every object that was handed over is let go of.

import BordersSupport
import Foundation
import SoftwareKeys
import ThrivoSign
import XCTest

final class SoakTests: XCTestCase {
    /// Bytes of this process in memory.
    private func resident() throws -> Int {
        let pages = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
        return try XCTUnwrap(Int(pages[1])) * Int(sysconf(Int32(_SC_PAGESIZE)))
    }

    private func soak(_ rounds: Int, _ what: String, most: Int = 4 << 20, _ round: () async throws -> Void) async throws {
        for _ in 0..<rounds / 10 { try await round() }
        let before = try resident()
        let begun = ContinuousClock.now
        for _ in 0..<rounds { try await round() }
        let grown = try resident() - before
        print("\(rounds) rounds of \(what): \(grown / 1024) KiB more, \((ContinuousClock.now - begun) / rounds) each")
        XCTAssertLessThan(grown, most, "memory grew over \(rounds) rounds of \(what)")
    }

    func testObjects() async throws {
        let pdf = try Data(contentsOf: Demo.file("DOCUMENT"))
        try await soak(100_000, "documents, secrets and tokens") {
            let document = Document.fromBytes(bytes: pdf.prefix(4096))
            XCTAssertEqual(document.size(), 4096)
            XCTAssertEqual(try Secret(text: "a secret").expose(), "a secret")
            CancelToken().cancel()
        }
    }

    func testIdentities() async throws {
        let json = try await Customer.shared.value.identity.toJson()
        try await soak(10_000, "identities") {
            XCTAssertEqual(try Identity.fromJson(json: json).toJson(), json)
        }
    }

    /// Every round hands over a new store of Swift's, which is called back and let go of.
    func testStoresOfTheHost() async throws {
        let customer = try await Customer.shared.value
        let document = try Demo.document()
        let prepared = try await document.prepare(SignatureRequest(), identity: customer.key.identity)
        let (made, gone) = (Counter(), Counter())
        let identity = try customer.key.identity
        let rounds = 100_000
        try await soak(rounds, "stores") {
            made.add()
            let store = OddKeys(behind: customer.keys, gone: gone.add) { _, _, _, _ in throw ThrivoSignError.keyCancelled }
            let key = SigningKey(store: store, name: "signing", identity: identity)
            do {
                _ = try await prepared.answer(key: key)
                XCTFail("nothing was thrown")
            } catch ThrivoSignError.KeyCancelled(_) {}
        }
        for _ in 0..<500 where gone.value < made.value { try await Task.sleep(for: .milliseconds(10)) }
        XCTAssertEqual(gone.value, made.value, "every store was let go of")
        XCTAssertEqual(made.value, rounds + rounds / 10)
    }

    func testVerify() async throws {
        let customer = try await Customer.shared.value
        let trust = try Demo.trust()
        let bytes = try await customer.key.sign(Demo.document(), to: .memory).bytes ?? Data()
        try await soak(Demo.variable("LONG") == "1" ? 20_000 : 1_000, "verification") {
            XCTAssertTrue(try verify(document: Document.fromBytes(bytes: bytes), trust: trust).clean())
        }
    }
}
