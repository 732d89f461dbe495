//! The person is asked as often as was chosen, and every way in which they or the phone say no is an error of its own.

import FakePhone
import Foundation
import XCTest

@testable import ThrivoSign

final class ApprovalTests: EnclaveTestCase {
    func testPerUseAsksEachTime() async throws {
        let store = try makeStore(with: .perUse)
        for n in 1...3 {
            try await sign(store)
            XCTAssertEqual(phone.timesAsked, n)
        }
    }

    func testOneApprovalForSeveralDocumentsInAWindow() async throws {
        let store = try makeStore(with: .window)
        for running in (0..<6).map({ _ in signing(store) }) { _ = try await running.value }
        XCTAssertEqual(phone.timesAsked, 1)
        store.forgetApprovals()
        try await sign(store)
        XCTAssertEqual(phone.timesAsked, 2, "nothing is kept after the app left the foreground")
    }

    func testAWindowEnds() async throws {
        let store = try makeStore(with: .window) { $0.window = 0.2 }
        try await sign(store)
        try await Task.sleep(for: .milliseconds(250))
        try await sign(store)
        XCTAssertEqual(phone.timesAsked, 2)
        var policy = EnclavePolicy(reason: "Sign")
        for (chosen, kept) in [(-1, 0), (.nan, 0), (.infinity, 300), (3600, 300), (20, 20)] as [(TimeInterval, TimeInterval)] {
            policy.window = chosen
            XCTAssertEqual(policy.boundedWindow, kept)
        }
        XCTAssertEqual(EnclavePolicy.longestWindow, 300)
    }

    func testAnApprovalIsForOneKey() async throws {
        let store = try makeStore(with: .window)
        _ = try store.create(name: "other", spec: KeySpec(algorithm: .p256, purpose: .signing, prompt: .window))
        try await sign(store)
        try await sign(store, "other")
        XCTAssertEqual(phone.timesAsked, 2)
        // A key made anew under the name was approved by nobody.
        try store.delete(name: "signing")
        _ = try store.create(name: "signing", spec: KeySpec(algorithm: .p256, purpose: .signing, prompt: .window))
        try await sign(store)
        XCTAssertEqual(phone.timesAsked, 3)
    }

    func testCancelledAndNotRecognised() async throws {
        let store = try makeStore(with: .window)
        phone.person = .cancels
        await refused(ThrivoSignError.KeyCancelled) { try await self.sign(store) }
        phone.person = .isNotRecognised
        await refused(ThrivoSignError.KeyCancelled) { try await self.sign(store) }
        phone.person = .approves
        try await sign(store)
        XCTAssertEqual(phone.timesAsked, 3, "a refusal opens no window")
    }

    func testThePromptIsTakenAway() async throws {
        let store = try makeStore(with: .window)
        phone.person = .waits
        let running = signing(store)
        while phone.timesAsked == 0 { try await Task.sleep(for: .milliseconds(5)) }
        store.forgetApprovals()
        await refused(ThrivoSignError.KeyCancelled) { _ = try await running.value }
    }

    func testLockedOutLockedAndInTheBackground() async throws {
        let store = try makeStore(with: .perUse)
        phone.isLockedOut = true
        await refused(ThrivoSignError.KeyLocked) { try await self.sign(store) }
        phone.isLockedOut = false
        phone.isLocked = true
        await refused(ThrivoSignError.KeyLocked) { try await self.sign(store) }
        await refused(ThrivoSignError.KeyLocked) { _ = try store.info(name: "signing") }
        await refused(ThrivoSignError.KeyLocked) { _ = try store.create(name: "new", spec: KeySpec(algorithm: .p256, purpose: .signing)) }
        phone.isLocked = false
        XCTAssertEqual(phone.timesAsked, 0)
        try await sign(store)
    }

    func testAnotherFingerInvalidatesAKeyBoundToBiometry() async throws {
        let store = try makeStore(with: .perUse)
        phone.biometry = 2
        await refused(ThrivoSignError.KeyInvalidated) { try await self.sign(store) }
        phone.biometry = 0
        await refused(ThrivoSignError.KeyInvalidated) { try await self.sign(store) }
        XCTAssertEqual(try store.info(name: "signing").protection, .secureEnclave, "the key is still there to be deleted")
    }

    func testAnotherFingerInTheMiddleOfAWindow() async throws {
        let store = try makeStore(with: .window)
        try await sign(store)
        phone.biometry = 2
        await refused(ThrivoSignError.KeyInvalidated) { try await self.sign(store) }
        await refused(ThrivoSignError.KeyInvalidated) { try await self.sign(store) }
        XCTAssertEqual(phone.timesAsked, 2, "the window ended with the refusal")
    }

    func testAKeyForWhoeverHasThePasscodeSurvivesAnotherFinger() async throws {
        let store = try makeStore(with: .perUse) { $0.approver = .presence }
        phone.biometry = 2
        try await sign(store)
        phone.biometry = 0
        try await sign(store)
    }

    func testTheKeysAreGoneWithThePasscode() async throws {
        let store = try makeStore(with: .perUse)
        phone.hasPasscode = false
        await refused(ThrivoSignError.KeyNotFound) { try await self.sign(store) }
        XCTAssertEqual(try store.list(), [])
    }

    func testAKeyThatAsksNeedsThePasscodeWhereItStays() async throws {
        let store = try makeStore(with: .perUse) { $0.availability = .unlocked }
        phone.hasPasscode = false
        await refused(ThrivoSignError.KeyLocked) { try await self.sign(store) }
    }

    func testTheEnclaveNoLongerTakesTheKey() async throws {
        let store = try makeStore(with: Prompt.none)
        phone.isBroken = true
        await refused(ThrivoSignError.KeyInvalidated) { try await self.sign(store) }
    }

    func testSigningNeverMakesAKey() async throws {
        await refused(ThrivoSignError.KeyNotFound) { try await self.sign(makeStore()) }
        XCTAssertTrue(phone.items.isEmpty)
        XCTAssertEqual(phone.timesAsked, 0)
    }

    /// On the main thread, where the prompt would wait for itself.
    func testRefusedOnTheMainThread() throws {
        XCTAssertTrue(Thread.isMainThread)
        let store = try makeStore(with: .perUse)
        XCTAssertThrowsError(try store.sign(name: "signing", message: message, algorithm: algorithm)) { error in
            guard case ThrivoSignError.KeyStoreUnavailable(let detail) = error else { return XCTFail("\(error)") }
            XCTAssertTrue(detail.message.contains("main thread"))
        }
        XCTAssertEqual(phone.timesAsked, 0)
        _ = try store.create(name: "authentication", spec: KeySpec(algorithm: .p256, purpose: .authentication))
        XCTAssertFalse(try store.sign(name: "authentication", message: message, algorithm: algorithm).isEmpty)
    }
}
