//! The whole job in Swift: enrol a device, sign in two modes, in two parts with a pause, verify, raise for the archive, revoke.
//!
//! What it needs to know comes in environment variables, as `cargo xtask with-server` sets them; one-time codes are read from the file
//! THRIVOSIGN_OUTBOX, or typed.

import Foundation
import SoftwareKeys
import ThrivoSign

func variable(_ name: String) -> String { ProcessInfo.processInfo.environment["THRIVOSIGN_" + name] ?? "" }
func file(_ name: String) -> URL { URL(fileURLWithPath: variable(name)) }
func result(_ name: String) -> URL { file("SCRATCH").appendingPathComponent("swift-\(name).pdf") }

/// The code that was sent to the person.
func code(for what: String) throws -> Secret {
    if !variable("OUTBOX").isEmpty {
        return Secret(text: String(try String(contentsOf: file("OUTBOX"), encoding: .utf8).split(separator: "\n").last ?? ""))
    }
    print("code for \(what): ", terminator: "")
    return Secret(text: readLine() ?? "")
}

let session = try Session(
    service: URL(string: variable("SERVICE"))!, apiKey: Secret(text: variable("API_KEY")), tlsRoots: Data(contentsOf: file("TLS_ROOT")))
// Two keys of this device: one answers the service, and is what its tokens are bound to; the other one will be certified.
let keys = SoftwareKeys()
let authentication = try keys.create(name: "authentication", spec: KeySpec(algorithm: .p256, purpose: .authentication))
try await session.prove(with: authentication.name, in: keys)
try await session.login(variable("USER"), password: Secret(text: variable("PASSWORD")))
print("logged in to \(variable("SERVICE")), tokens bound: \(session.isBound)")

let device = Device(uuid: UUID().uuidString.lowercased(), name: "A Swift program", platform: "linux")
try await session.sendDeviceCode()
let registered = try await session.register(device, authenticationKey: authentication, in: keys, code: code(for: "the device"))
print("device registered: \(registered.status), \(registered.securityLevel)")

let signing = try keys.create(name: "signing", spec: KeySpec(algorithm: .p256, purpose: .signing))
let challenge = try await session.challenge(device: device.uuid, method: .otp)
let order = CertificateOrder(
    deviceUuid: device.uuid, authenticationKey: authentication, signingKey: signing,
    subject: Subject(name: "Anna Schmidt", country: "DE"), challenge: challenge.challenge, method: .otp,
    value: try code(for: "the certificate"))
guard case .issued(let new) = try await session.order(order, in: keys) else { fatalError("an officer must approve: ask again later") }
let activation = try await session.beginActivation(of: new)
let identity = try await session.finishActivation(of: new, challenge: activation, in: keys, code: code(for: "the activation"))
print("certificate \(identity.credentialId()): \(identity.state())")

// Mode submit: the service prepares, the device checks everything and signs.
let contract = try Document.file(file("DOCUMENT"))
let request = SignatureRequest(
    placement: .visible(page: 1, x0: 72, y0: 72, x1: 272, y1: 132), reason: "I have read and agree")
let (limits, progress) = Limits.observed(timeout: .seconds(60))
async let submitted = session.submit(
    contract, to: .file(result("submit")), fileName: "contract.pdf", request: request, identity: identity, in: keys, limits: limits)
var steps = 0
for await _ in progress { steps += 1 }
print("submitted as \(try await submitted.documentId), told of its progress \(steps) times")

// Mode device: the device prepares and signs, then files the result.
let key = SigningKey(store: keys, name: identity.signingKey(), identity: try identity.signingIdentity())
let signed = try await session.signAndFile(
    contract, to: .file(result("device")), fileName: "contract.pdf", request: SignatureRequest(reason: "I agree"), key: key)
guard case .filed(let agreement) = signed.filing else { fatalError("signed, and not filed") }
print("signed and filed as \(agreement.documentId)")

// In two parts: what is prepared may wait for its signature in another process.
let secret = Secret(text: "whoever holds this may change the blob")
let blob = try await contract.prepare(SignatureRequest(field: "Later"), identity: key.identity).toBlob(key: secret)
let prepared = try Prepared.fromBlob(blob: blob, key: secret)
let value = try await prepared.answer(by: key)
let later = try await prepared.complete(contract, with: value, to: .file(result("later")))
print("prepared, paused and completed: field \(later.field), \(later.size) bytes")

let trust = try TrustAnchors.fromPem(pem: Data(contentsOf: file("TRUST")))
for name in ["submit", "device", "later"] {
    let report = try await Document.file(result(name)).verify(trust: trust)
    let signer = report.signatures().first?.signer?.name ?? "nobody"
    guard report.clean() else { fatalError("\(name) is not clean") }
    print("verified \(name): signed by \(signer), clean")
}
print("pages: \(try await contract.inspect().facts().pages)")

// Raised for the archive, without the signer; what could not be had is told.
if !variable("TRUST_SERVICES").isEmpty {
    let how = Extension(
        goal: .blta, trust: trust, authorities: [TimeStampAuthority(url: variable("TRUST_SERVICES") + "/tsa")], reach: .anywhere)
    let archived = try await Document.file(result("device")).extend(how, to: .file(result("archived")))
    guard archived.reached else { fatalError("not raised: \(archived.missing) \(archived.unanswered)") }
    print("raised to B-LTA: \(archived.added) bytes added")
}

try await session.revoke(identity.credentialId(), reason: .superseded)
print("revoked: \(try await session.state(of: identity).state())")
try await session.logout()
print("the whole job is done")
