//! What the tests of the store share: a phone that is new for each test, and assertions about which error was thrown.

import FakePhone
import Foundation
import XCTest

@testable import ThrivoSign

class EnclaveTestCase: XCTestCase {
    let phone = FakePhone.shared
    let message = Data("the message, and not its digest".utf8)
    let algorithm = SignatureAlgorithm.ecdsa(digest: .sha256)

    override func setUp() async throws { phone.reset() }

    func makeStore(_ change: (inout EnclavePolicy) -> Void = { _ in }, isSimulator: Bool = false) -> SecureEnclaveStore {
        var policy = EnclavePolicy(reason: "Sign the loan agreement")
        change(&policy)
        return SecureEnclaveStore(policy, isSimulator: isSimulator)
    }

    /// A store with one signing key of that prompt.
    func makeStore(with prompt: Prompt?, _ change: (inout EnclavePolicy) -> Void = { _ in }) throws -> SecureEnclaveStore {
        let store = makeStore(change)
        _ = try store.create(name: "signing", spec: KeySpec(algorithm: .p256, purpose: .signing, prompt: prompt))
        return store
    }

    /// Signs off the main thread, as the library does.
    func sign(_ store: SecureEnclaveStore, _ name: String = "signing") async throws { _ = try await signing(store, name).value }
}

/// Signs on a thread that is not the main one.
func signing(_ store: SecureEnclaveStore, _ name: String = "signing") -> Task<Data, any Error> {
    Task.detached { try store.sign(name: name, message: Data("message".utf8), algorithm: .ecdsa(digest: .sha256)) }
}

/// A kind of error, as the case is written without its facts.
typealias Kind = (ErrorDetail) -> ThrivoSignError

func refused(_ kind: Kind, file: StaticString = #filePath, line: UInt = #line, _ call: () async throws -> Void) async {
    do {
        try await call()
        XCTFail("nothing was thrown", file: file, line: line)
    } catch {
        guard let error = error as? ThrivoSignError else { return XCTFail("\(error) is none of the library's", file: file, line: line) }
        XCTAssertEqual(error, kind(error.detail), file: file, line: line)
    }
}
