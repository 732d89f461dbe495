//! What the service adds before anybody signs, against the demo server: values of a draft's text fields, and the user's signature image.

import BordersSupport
import Foundation
import ThrivoSign
import XCTest

final class FillingTests: XCTestCase {
    private func holds(_ session: Session, _ document: PackageDocument, _ texts: String...) async throws -> Bool {
        let fetched = try await session.fetch(document, to: .memory)
        let bytes = try XCTUnwrap(fetched)
        return texts.allSatisfy { bytes.range(of: Data($0.utf8)) != nil }
    }

    func testADraftsTextFieldsAreFilledAllOrNone() async throws {
        let session = try await Customer.shared.value.session
        let draft = try await session.createPackage("Lease 4711")
        let form = try Document.file(Demo.file("FORM"))
        let added = try await session.add(form, fileName: "lease.pdf", toPackage: draft.packageId)
        let document = try XCTUnwrap(added.documents.first)

        let values = ["tenant": "Ben Example", "rent": "12 500.00"]
        let filled = try await session.fill(values, in: document.documentId, ofPackage: draft.packageId)

        let now = try XCTUnwrap(filled.documents.first)
        XCTAssertNotEqual(now.sha256, document.sha256)
        let shown = try await holds(session, now, "(Ben Example)", "(12 500.00)")
        XCTAssertTrue(shown)
        for (field, why) in [("landlord", "form-field-unknown"), ("number", "form-field-read-only")] {
            do {
                _ = try await session.fill(["tenant": "Eve", field: "1"], in: document.documentId, ofPackage: draft.packageId)
                XCTFail("nothing was thrown")
            } catch let error as ThrivoSignError {
                XCTAssertEqual(error, .DocumentRefused(detail: error.detail))
                XCTAssertEqual(error.detail.problem, why)
            }
        }
        let stands = try await session.package(draft.packageId)
        XCTAssertEqual(stands.documents.first?.sha256, now.sha256, "none of them")

        try await session.assign(AskedSignature(user: Demo.variable("USER"), documentId: document.documentId), inPackage: draft.packageId)
        _ = try await session.share(package: draft.packageId)
        await XCTAssertThrows(kind: ThrivoSignError.ServiceRefused) {
            try await session.fill(values, in: document.documentId, ofPackage: draft.packageId)
        }
        try await session.cancel(package: draft.packageId, reason: "Tried out")
    }

    /// Signs the agreement in a package of its own.
    private func signed(_ customer: Customer, _ request: SignatureRequest) async throws -> Data {
        let session = customer.session
        let package = try await session.createPackage("Loan 4713")
        let added = try await session.add(Demo.document(), fileName: "loan.pdf", toPackage: package.packageId)
        let box = Placement.visible(page: 1, x0: 72, y0: 72, x1: 272, y1: 132)
        let document = try XCTUnwrap(added.documents.first)
        try await session.assign(
            AskedSignature(user: Demo.variable("USER"), documentId: document.documentId, placement: box), inPackage: package.packageId)
        let shared = try await session.share(package: package.packageId)
        let asked = try XCTUnwrap(shared.next)
        let done = try await session.sign(
            asked, in: Demo.document(), to: .memory, request: request, identity: customer.identity, in: customer.keys)
        return try XCTUnwrap(done.signed.bytes)
    }

    func testTheDeviceSignsThePictureThatItHasAndNoOther() async throws {
        let customer = try await Customer.shared.value
        let session = customer.session
        let (picture, other) = Demo.pictures
        await XCTAssertThrows(kind: ThrivoSignError.RecordNotFound) { try await session.signatureImage() }
        await XCTAssertThrows(kind: ThrivoSignError.InvalidArgument) { try await session.setSignatureImage(Data("no picture".utf8)) }
        try await session.setSignatureImage(other)

        try await session.setSignatureImage(picture)                        // once, a PNG or JPEG file
        let seal = try await session.signatureImage()                       // on the device that signs; shown to the person
        let request = SignatureRequest(appearance: Appearance(image: seal))

        XCTAssertEqual(seal, picture, "the later one")
        let pdf = try await signed(customer, request)
        XCTAssertNotNil(pdf.range(of: Data("/Image".utf8)))
        let report = try await Document.fromBytes(bytes: pdf).verify(trust: Demo.trust())
        XCTAssertTrue(report.clean())
        await XCTAssertThrows(kind: ThrivoSignError.PreparedRevisionRefused) {
            try await self.signed(customer, SignatureRequest(appearance: Appearance(image: other)))
        }
        try await session.removeSignatureImage()
        await XCTAssertThrows(kind: ThrivoSignError.RecordNotFound) { try await self.signed(customer, request) }
    }
}
