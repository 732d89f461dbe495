//! A phone as far as its keys go: what the false frameworks of this package share, and what tests do to it. Keys are real, kept in memory by
//! the library's own store; what an enclave and a person would refuse is refused as Apple writes that it is.

import Foundation
import ThrivoSignBindings

public final class FakePhone: @unchecked Sendable {
    public static let shared = FakePhone()

    /// What the person does when they are asked.
    public enum Person: Sendable {
        case approves, cancels, isNotRecognised
        /// Looks at the prompt until the app takes it away.
        case waits
    }

    /// A rule about who may use a key, with the biometry of when it was made.
    public final class Rule: Sendable {
        public let accessible: String
        public let flags: UInt
        public let biometry: Int

        public init(accessible: String, flags: UInt) {
            self.accessible = accessible
            self.flags = flags
            biometry = FakePhone.shared.biometry
        }
    }

    /// An item of the keychain; a key if it has a secret.
    public struct Item {
        public var attributes: [String: Any]
        public let rule: Rule?
        public let secret: String?

        public init(attributes: [String: Any], rule: Rule?, secret: String?) {
            self.attributes = attributes
            self.rule = rule
            self.secret = secret
        }
    }

    private let lock = NSRecursiveLock()
    private var state = State()

    private struct State {
        var person = Person.approves
        var isLocked = false
        var hasPasscode = true
        var isLockedOut = false
        var isBroken = false
        var biometry = 1
        var timesAsked = 0
        var items: [Item] = []
        var keys = SoftwareKeyStore()
        var attest = Attest()
    }

    /// What App Attest does.
    public struct Attest: Sendable {
        public var isSupported = true
        /// The code with which the next call fails.
        public var failure: Int?
        /// The code with which the next `attestKey` fails.
        public var failureOfAttest: Int?
        /// Credentials of this installation, and whether each was attested.
        public var credentials: [String: Bool] = [:]
        public var hashes: [Data] = []
    }

    private init() {}

    private func get<T>(_ path: KeyPath<State, T>) -> T { lock.withLock { state[keyPath: path] } }
    private func set<T>(_ path: WritableKeyPath<State, T>, _ value: T) { lock.withLock { state[keyPath: path] = value } }

    /// A new phone.
    public func reset() { lock.withLock { state = State() } }

    public var person: Person { get { get(\.person) } set { set(\.person, newValue) } }
    /// The screen is locked: no key is at hand, no prompt is shown.
    public var isLocked: Bool { get { get(\.isLocked) } set { set(\.isLocked, newValue) } }
    public var hasPasscode: Bool { get { get(\.hasPasscode) } set { set(\.hasPasscode, newValue) } }
    /// Biometry failed too often.
    public var isLockedOut: Bool { get { get(\.isLockedOut) } set { set(\.isLockedOut, newValue) } }
    /// The enclave answers nothing that makes sense.
    public var isBroken: Bool { get { get(\.isBroken) } set { set(\.isBroken, newValue) } }
    /// A number for the fingers and faces that are enrolled; 0 is none.
    public var biometry: Int { get { get(\.biometry) } set { set(\.biometry, newValue) } }
    public var timesAsked: Int { get { get(\.timesAsked) } set { set(\.timesAsked, newValue) } }
    public var attest: Attest { get { get(\.attest) } set { set(\.attest, newValue) } }
    public var items: [Item] { get { get(\.items) } set { set(\.items, newValue) } }

    /// Makes a key; gives its secret's name and its public key.
    public func makeKey() throws -> (secret: String, publicKey: Data) {
        let secret = UUID().uuidString
        let made = try get(\.keys).create(name: secret, spec: KeySpec(algorithm: .p256, purpose: .signing))
        return (secret, made.publicKey)
    }

    public func publicKey(_ secret: String) throws -> Data { try get(\.keys).info(name: secret).publicKey }

    public func sign(_ secret: String, _ message: Data) throws -> Data {
        try get(\.keys).sign(name: secret, message: message, algorithm: .ecdsa(digest: .sha256))
    }
}
