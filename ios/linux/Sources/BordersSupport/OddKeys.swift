//! Key stores that do not behave: each answers `sign` in its own odd way and everything else like the good store behind it.

import Foundation
import SoftwareKeys
import ThrivoSign

/// What a store throws that the library knows nothing of.
public struct SecretInAnError: Error {
    public let text = "0x5ec2e7"

    public init() {}
}

public final class OddKeys: DeviceKeyStore, @unchecked Sendable {
    public typealias Answer = @Sendable (_ good: SoftwareKeys, _ name: String, _ message: Data, SignatureAlgorithm) throws -> Data

    private let good: SoftwareKeys
    private let answer: Answer
    private let gone: (@Sendable () -> Void)?

    /// `gone` is told when nobody holds the store any more.
    public init(behind good: SoftwareKeys, gone: (@Sendable () -> Void)? = nil, answer: @escaping Answer) {
        self.good = good
        self.answer = answer
        self.gone = gone
    }

    deinit {
        gone?()
    }

    public func create(name: String, spec: KeySpec) throws -> KeyInfo { try good.create(name: name, spec: spec) }
    public func info(name: String) throws -> KeyInfo { try good.info(name: name) }
    public func attest(name: String, challenge: Data) throws -> Attestation { try good.attest(name: name, challenge: challenge) }
    public func delete(name: String) throws { try good.delete(name: name) }
    public func list() throws -> [KeyInfo] { try good.list() }

    public func sign(name: String, message: Data, algorithm: SignatureAlgorithm) throws -> Data {
        try answer(good, name, message, algorithm)
    }
}

/// The library's error that a call throws; nothing if it throws none, or another.
public func refusal<T>(of call: () async throws -> T) async -> ThrivoSignError? {
    do {
        _ = try await call()
        return nil
    } catch {
        return error as? ThrivoSignError
    }
}

/// Counts, from any thread.
public final class Counter: @unchecked Sendable {
    private let lock = NSLock()
    private var count = 0

    public init() {}

    public func add() { lock.withLock { count += 1 } }
    public var value: Int { lock.withLock { count } }
}

/// A door that is shut at first. A test that would stand before it for ever fails after half a minute.
public final class Gate: @unchecked Sendable {
    private let condition = NSCondition()
    private var isOpen = false
    private var waiting = 0

    public init() {}

    /// Blocks the thread until somebody opens.
    public func pass() {
        condition.lock()
        waiting += 1
        let end = Date(timeIntervalSinceNow: 30)
        while !isOpen && condition.wait(until: end) {}
        condition.unlock()
    }

    public func open() {
        condition.lock()
        isOpen = true
        condition.broadcast()
        condition.unlock()
    }

    public var isAwaited: Bool {
        condition.lock()
        defer { condition.unlock() }
        return waiting > 0
    }

    /// After the call somebody stands before the door.
    public func untilAwaited() async throws {
        for _ in 0..<4000 {
            if isAwaited { return }
            try await Task.sleep(for: .milliseconds(5))
        }
        throw Unexpected.notAwaited
    }
}
