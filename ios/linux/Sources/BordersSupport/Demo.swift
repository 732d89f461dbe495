//! What the tests are given: the demo server that `cargo xtask with-server` started, and a customer who enrolled with it.

import Foundation
import SoftwareKeys
import ThrivoSign

public enum Demo {
    public static func variable(_ name: String) -> String { ProcessInfo.processInfo.environment["THRIVOSIGN_" + name] ?? "" }
    public static func file(_ name: String) -> URL { URL(fileURLWithPath: variable(name)) }

    /// A file of a name that no other test uses.
    public static func scratch() -> URL { file("SCRATCH").appendingPathComponent("\(UUID().uuidString).pdf") }

    public static func document() throws -> Document { try Document.file(file("DOCUMENT")) }
    public static func trust() throws -> TrustAnchors { try TrustAnchors.fromPem(pem: Data(contentsOf: file("TRUST"))) }

    /// Two pictures, red and blue.
    public static let pictures = (
        Data(base64Encoded: "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAADUlEQVR42mO4IyIHRAAI5QIdKnCeLAAAAABJRU5ErkJggg==")!,
        Data(base64Encoded: "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAADUlEQVR42mMQkbsDRAAF2QId7fZz8gAAAABJRU5ErkJggg==")!
    )

    public static func authority() -> TimeStampAuthority { TimeStampAuthority(url: variable("TRUST_SERVICES") + "/tsa") }

    public static func session() throws -> Session {
        try Session(
            service: URL(string: variable("SERVICE"))!, apiKey: Secret(text: variable("API_KEY")),
            tlsRoots: Data(contentsOf: file("TLS_ROOT")))
    }

    /// The newest one-time code.
    public static func code(in outbox: String = "OUTBOX") throws -> Secret {
        let codes = try String(contentsOf: file(outbox), encoding: .utf8).split(separator: "\n")
        return Secret(text: String(codes.last ?? ""))
    }
}

/// A person with a device whose keys are held by a store written in Swift.
public struct Customer: Sendable {
    public let session: Session
    public let keys: SoftwareKeys
    public let device: Device
    public let authentication: KeyInfo
    public let identity: Identity

    /// One for the whole process: enrolled at first use. One-time codes are told apart by their order alone, so that nobody else enrols.
    public static let shared = Task { try await enrolled() }

    public var key: SigningKey {
        get throws { SigningKey(store: keys, name: identity.signingKey(), identity: try identity.signingIdentity()) }
    }

    /// The same key behind another store.
    public func key(in store: any DeviceKeyStore) throws -> SigningKey {
        SigningKey(store: store, name: identity.signingKey(), identity: try identity.signingIdentity())
    }

    private static func enrolled() async throws -> Customer {
        let session = try Demo.session()
        try await session.login(Demo.variable("USER"), password: Secret(text: Demo.variable("PASSWORD")))
        let keys = SoftwareKeys()
        let device = Device(uuid: UUID().uuidString.lowercased(), name: "Swift tests", platform: "linux")
        let authentication = try keys.create(name: "authentication", spec: KeySpec(algorithm: .p256, purpose: .authentication))
        try await session.sendDeviceCode()
        _ = try await session.register(device, authenticationKey: authentication, in: keys, code: Demo.code())
        let new = try await certificate(named: "signing", session, keys, device, authentication)
        let challenge = try await session.beginActivation(of: new)
        let identity = try await session.finishActivation(of: new, challenge: challenge, in: keys, code: Demo.code())
        return Customer(session: session, keys: keys, device: device, authentication: authentication, identity: identity)
    }

    /// Another certificate for a new key of that name, not activated.
    public func spare(named name: String) async throws -> Identity {
        try await Customer.certificate(named: name, session, keys, device, authentication)
    }

    private static func certificate(
        named name: String, _ session: Session, _ keys: SoftwareKeys, _ device: Device, _ authentication: KeyInfo
    ) async throws -> Identity {
        let signing = try keys.create(name: name, spec: KeySpec(algorithm: .p256, purpose: .signing))
        let challenge = try await session.challenge(device: device.uuid, method: .otp)
        let order = CertificateOrder(
            deviceUuid: device.uuid, authenticationKey: authentication, signingKey: signing,
            subject: Subject(name: "Anna Schmidt", country: "DE"), challenge: challenge.challenge, method: .otp, value: try Demo.code())
        guard case .issued(let identity) = try await session.order(order, in: keys) else { throw Unexpected.pending }
        return identity
    }
}

public enum Unexpected: Error {
    case pending, notAwaited
}

/// Takes calls on a port of this machine, and never says anything.
public final class Silent: Sendable {
    private let socket: Int32
    public let port: UInt16

    public init() throws {
        let listening = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let taken = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listening, $0, size) == 0 && listen(listening, 8) == 0 && getsockname(listening, $0, &size) == 0
            }
        }
        guard listening >= 0, taken else { throw Unexpected.notAwaited }
        socket = listening
        port = UInt16(bigEndian: address.sin_port)
    }

    deinit { close(socket) }
}
