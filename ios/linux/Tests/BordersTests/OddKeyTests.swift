//! Key stores that misbehave: every one of them is an error of its own, nothing is signed, and the library goes on.

import BordersSupport
import Foundation
import SoftwareKeys
import ThrivoSign
import XCTest

/// Signs with a store whose `sign` answers as given.
private func sign(answer: @escaping OddKeys.Answer) async throws -> SignedDocument {
    let customer = try await Customer.shared.value
    let key = try customer.key(in: OddKeys(behind: customer.keys, answer: answer))
    return try await key.sign(Demo.document(), to: .memory)
}

final class OddKeyTests: XCTestCase {
    override func tearDown() async throws {
        let signed = try await sign { try $0.sign(name: $1, message: $2, algorithm: $3) }
        XCTAssertNotNil(signed.bytes, "a store that behaves is served as before")
    }

    func testThrowsWhatIsDeclared() async throws {
        let kinds: [(ThrivoSignError, Kind, Int)] = [
            (.keyCancelled, ThrivoSignError.KeyCancelled, 402), (.keyLocked, ThrivoSignError.KeyLocked, 403),
            (.keyInvalidated, ThrivoSignError.KeyInvalidated, 404), (.keyNotPermitted, ThrivoSignError.KeyNotPermitted, 406),
        ]
        for (thrown, kind, code) in kinds {
            do {
                _ = try await sign { _, _, _, _ in throw thrown }
                XCTFail("nothing was thrown")
            } catch let error as ThrivoSignError {
                XCTAssertEqual(error, kind(error.detail))
                XCTAssertEqual(error.code, code)
                XCTAssertFalse(error.detail.message.isEmpty)
            }
        }
    }

    func testWhatItSaysInAnErrorIsNotPassedOn() async throws {
        do {
            _ = try await sign { _, _, _, _ in throw ThrivoSignError.KeyLocked(detail: ErrorDetail(message: "0x5ec2e7", triesLeft: 2)) }
            XCTFail("nothing was thrown")
        } catch let error as ThrivoSignError {
            XCTAssertEqual(error.detail.triesLeft, 2)
            XCTAssertFalse("\(error)".contains("0x5ec2e7"))
        }
    }

    func testThrowsSomethingElse() async throws {
        do {
            _ = try await sign { _, _, _, _ in throw SecretInAnError() }
            XCTFail("nothing was thrown")
        } catch let error as ThrivoSignError {
            XCTAssertEqual(error, .KeyStoreUnavailable(detail: error.detail))
            XCTAssertFalse("\(error)".contains("0x5ec2e7"), "what the app throws could hold anything")
        }
    }

    func testAnswersGarbage() async throws {
        for garbage in [Data(), Data([0]), Data(repeating: 0x30, count: 72), Data(count: 1 << 20)] {
            await XCTAssertThrows(kind: ThrivoSignError.KeySignatureWrong) { try await sign { _, _, _, _ in garbage } }
        }
    }

    func testAnswersTheWrongLength() async throws {
        await XCTAssertThrows(kind: ThrivoSignError.KeySignatureWrong) {
            try await sign { try $0.sign(name: $1, message: $2, algorithm: $3).dropLast() }
        }
        await XCTAssertThrows(kind: ThrivoSignError.KeySignatureWrong) {
            try await sign { try $0.sign(name: $1, message: $2, algorithm: $3) + [0] }
        }
    }

    func testAnswersWithAnotherKey() async throws {
        let other = SoftwareKeys()
        let name = try await Customer.shared.value.identity.signingKey()
        _ = try other.create(name: name, spec: KeySpec(algorithm: .p256, purpose: .signing))
        await XCTAssertThrows(kind: ThrivoSignError.KeySignatureWrong) {
            try await sign { try other.sign(name: $1, message: $2, algorithm: $3) }
        }
    }

    func testAnswersForAnotherMessage() async throws {
        await XCTAssertThrows(kind: ThrivoSignError.KeySignatureWrong) {
            try await sign { try $0.sign(name: $1, message: $2 + [0], algorithm: $3) }
        }
    }

    func testHoldsAnotherKeyUnderTheName() async throws {
        let customer = try await Customer.shared.value
        let other = SoftwareKeys()
        _ = try other.create(name: customer.identity.signingKey(), spec: KeySpec(algorithm: .p256, purpose: .signing))
        await XCTAssertThrows(kind: ThrivoSignError.CertificateForeign) {
            try await customer.key(in: other).sign(Demo.document(), to: .memory)
        }
        await XCTAssertThrows(kind: ThrivoSignError.KeyNotFound) {
            try await customer.key(in: SoftwareKeys()).sign(Demo.document(), to: .memory)
        }
    }

    func testBlocksForEverAndTheTaskIsCancelled() async throws {
        let gate = Gate()
        defer { gate.open() }
        let running = Task {
            try await sign {
                gate.pass()
                return try $0.sign(name: $1, message: $2, algorithm: $3)
            }
        }
        try await gate.untilAwaited()
        let begun = ContinuousClock.now
        running.cancel()
        await XCTAssertThrows(kind: ThrivoSignError.Cancelled) { try await running.value }
        XCTAssertLessThan(ContinuousClock.now - begun, .seconds(2))
    }

    func testBlocksWhileATokenIsCancelledAndWhatItAnswersLaterIsThrownAway() async throws {
        let customer = try await Customer.shared.value
        let gate = Gate()
        let output = Demo.scratch()
        let token = CancelToken()
        let store = OddKeys(behind: customer.keys) {
            gate.pass()
            return try $0.sign(name: $1, message: $2, algorithm: $3)
        }
        let key = try customer.key(in: store)
        let running = Task {
            try await ThrivoSign.sign(
                document: Demo.document(), output: .file(output), request: SignatureRequest(), key: key,
                options: CallOptions(cancel: token))
        }
        try await gate.untilAwaited()
        token.cancel()
        await XCTAssertThrows(kind: ThrivoSignError.Cancelled) { try await running.value }
        gate.open()
        try await Task.sleep(for: .milliseconds(300))
        XCTAssertFalse(FileManager.default.fileExists(atPath: output.path))
    }

    func testCallsTheLibraryAgain() async throws {
        let customer = try await Customer.shared.value
        let key = try customer.key
        let signed = try await sign { good, name, message, algorithm in
            // On the thread where the library asks: a call that works there, and one that waits.
            guard try inspect(document: Demo.document()).facts().pages == 3 else { throw SecretInAnError() }
            let inner = Waiting<Bool> { try await key.sign(Demo.document(), to: .memory).bytes != nil }
            guard try inner.value() else { throw SecretInAnError() }
            return try good.sign(name: name, message: message, algorithm: algorithm)
        }
        XCTAssertNotNil(signed.bytes)
    }

    func testIsReleasedWhileInUse() async throws {
        let customer = try await Customer.shared.value
        let (gate, gone) = (Gate(), Counter())
        func begin() throws -> Task<SignedDocument, any Error> {
            let store = OddKeys(behind: customer.keys, gone: gone.add) {
                gate.pass()
                return try $0.sign(name: $1, message: $2, algorithm: $3)
            }
            let key = try customer.key(in: store)
            return Task { try await key.sign(Demo.document(), to: .memory) }
        }
        let running = try begin()
        try await gate.untilAwaited()
        running.cancel()
        await XCTAssertThrows(kind: ThrivoSignError.Cancelled) { try await running.value }
        // Nobody in Swift holds the store any more, and the library is still inside it.
        try await Task.sleep(for: .milliseconds(100))
        XCTAssertEqual(gone.value, 0, "the library holds what it uses")
        gate.open()
        for _ in 0..<500 where gone.value == 0 { try await Task.sleep(for: .milliseconds(10)) }
        XCTAssertEqual(gone.value, 1, "and lets go of it")
    }
}

/// Async work that a synchronous callback waits for.
private final class Waiting<T: Sendable>: @unchecked Sendable {
    private let done = DispatchSemaphore(value: 0)
    private var result: Result<T, any Error>?

    init(_ work: @escaping @Sendable () async throws -> T) {
        Task.detached { [self] in
            do { result = .success(try await work()) } catch { result = .failure(error) }
            done.signal()
        }
    }

    func value() throws -> T {
        done.wait()
        return try result!.get()
    }
}
