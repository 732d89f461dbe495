//! A certificate is renewed and packages go round, against the demo server, whose certificates are in their last month from the start.

import BordersSupport
import Foundation
import ThrivoSign
import XCTest

final class PackagesTests: XCTestCase {
    func testRenewal() async throws {
        let customer = try await Customer.shared.value
        let (session, keys, identity) = (customer.session, customer.keys, customer.identity)
        let listed = try await session.credentials()
        let credential = try XCTUnwrap(listed.first { $0.credentialId == identity.credentialId() })
        XCTAssertEqual(credential.notAfter, try identity.notAfter())
        XCTAssertLessThan(Date(timeIntervalSince1970: TimeInterval(try XCTUnwrap(credential.renewFrom))), Date(), "it is time")

        let challenge = try await session.renewalChallenge(for: identity)
        let key = try keys.create(
            name: "signing-2",
            spec: KeySpec(algorithm: .p256, purpose: .signing, attestationChallenge: Data(challenge.challenge.utf8)))
        await XCTAssertThrows(kind: ThrivoSignError.KeyNotPermitted) {
            try await session.renew(identity, signingKey: keys.info(name: "signing"), challenge: challenge, in: keys)
        }
        guard case .issued(let renewed) = try await session.renew(identity, signingKey: key, challenge: challenge, in: keys) else {
            return XCTFail("nobody has to approve")
        }
        XCTAssertEqual(renewed.state(), .activated)
        XCTAssertEqual(renewed.signingKey(), "signing-2")
        let signing = SigningKey(store: keys, name: "signing-2", identity: try renewed.signingIdentity())
        let signed = try await signing.sign(Demo.document(), to: .memory)
        let report = try await Document.fromBytes(bytes: XCTUnwrap(signed.bytes)).verify(trust: Demo.trust())
        XCTAssertTrue(report.clean())

        // An order whose key was invalidated before it could answer is signed by the new one, in its place.
        let gone = try customer.key(in: OddKeys(behind: keys) { _, _, _, _ in throw ThrivoSignError.KeyInvalidated(detail: ErrorDetail()) })
        let orders = try Orders.open(folder: Demo.scratch().path, key: Secret.fromBytes(bytes: Data(repeating: 7, count: 32)))
        let (document, target) = (try Demo.document(), Demo.scratch().path)
        func order(_ key: SigningKey, inPlaceOf before: String? = nil) -> OrderRequest {
            OrderRequest(id: "loan-4711", document: document, target: target, request: SignatureRequest(), key: key, inPlaceOf: before)
        }
        await XCTAssertThrows(kind: ThrivoSignError.KeyInvalidated) { try await orders.sign(order: order(gone)) }
        let waits = try XCTUnwrap(orders.list().first)
        let done = try await orders.sign(order: order(signing, inPlaceOf: waits.name))
        XCTAssertEqual(done.inPlaceOf, [waits.name])
        XCTAssertNotEqual(try XCTUnwrap(done.publicKey), try XCTUnwrap(waits.publicKey))
        XCTAssertEqual(try orders.list(), [done])
    }

    func testRequestsGoOnWhereAnEarlierProcessStopped() async throws {
        let customer = try await Customer.shared.value
        let (client, keys, identity) = (customer.session.client, customer.keys, customer.identity)
        let folder = Demo.scratch().path
        func journal() throws -> Requests { try Requests.open(folder: folder, key: Secret.fromBytes(bytes: Data(repeating: 7, count: 32))) }
        func made(_ requests: Requests, _ name: String, for challenge: Challenge) async throws -> KeyInfo {
            try await requests.key(
                store: keys, name: name,
                spec: KeySpec(algorithm: .p256, purpose: .signing, attestationChallenge: Data(challenge.challenge.utf8)))
        }
        var requests: Requests? = try journal()
        var challenge = try await requests!.renewalChallenge(client: client, signingKey: "signing-3", identity: identity)
        let key = try await made(requests!, "signing-3", for: challenge)
        XCTAssertThrowsError(try journal())
        requests = nil
        requests = try journal()
        XCTAssertEqual(try requests!.list(), [OpenRequest(signingKey: "signing-3", state: .begun)])
        let again = try await requests!.renewalChallenge(client: client, signingKey: "signing-3", identity: identity)
        XCTAssertEqual(again.challenge, challenge.challenge)
        let found = try await made(requests!, "signing-3", for: again)
        XCTAssertEqual(found, key)
        guard
            case .issued(let renewed) = try await requests!.renew(
                client: client, store: keys, identity: identity, signingKey: key, challenge: again.challenge)
        else { return XCTFail("nobody has to approve") }
        guard case .issued(let same)? = try await requests!.resume(client: client, signingKey: "signing-3") else {
            return XCTFail("the certificate is there")
        }
        XCTAssertEqual(same.credentialId(), renewed.credentialId())
        try requests!.closeRequest(signingKey: "signing-3")

        challenge = try await requests!.challenge(
            client: client, signingKey: "signing-4", deviceUuid: customer.device.uuid, method: .otp)
        let order = CertificateOrder(
            deviceUuid: customer.device.uuid, authenticationKey: customer.authentication,
            signingKey: try await made(requests!, "signing-4", for: challenge),
            subject: Subject(name: "Anna Schmidt", country: "DE"), challenge: challenge.challenge, method: .otp, value: try Demo.code())
        guard case .issued(let first) = try await requests!.order(client: client, store: keys, order: order) else {
            return XCTFail("nobody has to approve")
        }
        XCTAssertEqual(first.signingKey(), "signing-4")
        try requests!.closeRequest(signingKey: "signing-4")
        XCTAssertEqual(try requests!.list(), [])
    }

    func testAPackageIsSignedInTurnAndDeclined() async throws {
        let customer = try await Customer.shared.value
        let session = customer.session
        let box = Placement.visible(page: 1, x0: 72, y0: 72, x1: 272, y1: 132)
        let id = try await session.createPackage("Loan 4711", expiresIn: 86_400).packageId
        let filled = try await session.add(Demo.document(), fileName: "loan.pdf", toPackage: id)
        let document = try XCTUnwrap(filled.documents.first)
        try await session.assign(
            AskedSignature(user: Demo.variable("USER"), documentId: document.documentId, placement: box), inPackage: id)
        try await session.assign(
            AskedSignature(user: Demo.variable("USER"), documentId: document.documentId, order: 2, field: "second"), inPackage: id)
        try await session.share(package: id)

        let waiting = try await session.packages(.waiting).first { $0.packageId == id }
        let asked = try XCTUnwrap(waiting?.next)
        XCTAssertEqual(asked.placement, box)
        let seen = try await session.fetch(document, to: .memory)
        XCTAssertEqual(seen, try Data(contentsOf: Demo.file("DOCUMENT")))
        let signed = try await session.sign(
            asked, in: Document.fromBytes(bytes: XCTUnwrap(seen)), to: .memory, identity: customer.identity, in: customer.keys)
        let report = try await Document.fromBytes(bytes: XCTUnwrap(signed.signed.bytes)).verify(trust: Demo.trust())
        XCTAssertTrue(report.clean())
        let after = try await session.package(id)
        XCTAssertEqual(after.recipients.first?.state, .signed)
        XCTAssertEqual(after.next?.field, "second")
        await XCTAssertThrows(kind: ThrivoSignError.DocumentChanged) { try await session.fetch(document, to: .memory) }

        let declined = try await session.decline(package: id, reason: "The rate is wrong")
        XCTAssertEqual(declined.state, .declined)
        XCTAssertEqual(declined.reason, "The rate is wrong")
        await XCTAssertThrows(kind: ThrivoSignError.ServiceRefused) { try await session.cancel(package: id, reason: "Too late") }
    }
}
