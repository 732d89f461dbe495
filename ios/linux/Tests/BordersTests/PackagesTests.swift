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
