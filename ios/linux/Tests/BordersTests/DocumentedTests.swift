//! The lines that docs/howto/swift.md shows, as they stand there, run: tests/documented.rs holds the page to this file.

import BordersSupport
import Foundation
import ThrivoSign
import XCTest

final class DocumentedTests: XCTestCase {
    private let png = Data(base64Encoded: "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAYAAAD0In+KAAAADklEQVR42mP4z8AAQg0AD3oDfmqBMeEAAAAASUVORK5CYII=")!
    private let password = Secret(text: Demo.variable("PASSWORD"))
    private let user = Demo.variable("USER")

    private func show(_ fraction: Double) { XCTAssertLessThanOrEqual(fraction, 1) }
    private func show(_ message: String) { XCTAssertFalse(message.isEmpty) }

    private func copy() throws -> URL {
        let file = Demo.scratch()
        try Data(contentsOf: Demo.file("DOCUMENT")).write(to: file)
        return file
    }

    private func signedDocument() async throws -> Document {
        let made = try await Customer.shared.value.key.sign(Demo.document(), to: .memory)
        return try Document.fromBytes(bytes: XCTUnwrap(made.bytes))
    }

    func testCalls() async throws {
        let customer = try await Customer.shared.value
        let (keys, identity) = (customer.keys, customer.identity)
        let (contract, signed) = (Demo.file("DOCUMENT"), Demo.scratch())
        let pem = try Data(contentsOf: Demo.file("TRUST"))
        let environment = try Environment(
            baseAddress: Demo.variable("SERVICE"), apiKey: Secret(text: Demo.variable("API_KEY")), tlsRoots: Data(contentsOf: Demo.file("TLS_ROOT")))

        let session = try Session(environment)                        // Session(service: url, apiKey: Secret(text: apiKey))
        try await session.prove(with: "authentication", in: keys)     // binds the tokens to that key (DPoP); again before `resume`
        try await session.login(user, password: password)

        let (limits, progress) = Limits.observed(timeout: .seconds(60))
        async let submitted = session.submit(
            Document.file(contract), to: .file(signed), fileName: "contract.pdf", request: SignatureRequest(reason: "I agree"),
            identity: identity, in: keys, limits: limits)
        for await step in progress { show(step.fraction) }
        let filed = try await submitted.documentId

        let report = try await Document.file(signed).verify(trust: TrustAnchors.fromPem(pem: pem))

        XCTAssertFalse(filed.isEmpty)
        XCTAssertTrue(report.clean())
    }

    func testOrders() async throws {
        let customer = try await Customer.shared.value
        let (client, key, document) = (customer.session.client, try customer.key, try Demo.document())
        let (folder, path, journalKey) = (Demo.scratch().path, Demo.scratch().path, Data(repeating: 7, count: 32))
        let request = SignatureRequest()

        let orders = try Orders.open(folder: folder, key: Secret.fromBytes(bytes: journalKey))     // 32 random bytes, kept in the keychain
        let order = OrderRequest(id: "loan-4711", document: document, target: path, request: request, key: key, consent: "I agree.")
        let done = try await orders.sign(order: order)      // submitTo: the service prepares and files
        let filed = try await orders.file(client: client, name: done.name, fileName: "loan.pdf")
        let record = try orders.evidence(name: done.name)

        XCTAssertEqual(filed.name, done.name)
        XCTAssertTrue(record.contains("I agree."))
    }

    func testWhatASignatureCanBeAskedFor() async throws {
        let (key, document, file, url) = (try await Customer.shared.value.key, try Demo.document(), try copy(), Demo.scratch())
        let items = [BatchItem(from: try copy(), to: Demo.scratch())]
        @Sendable func record(_ index: Int, _ outcome: BatchOutcome) throws { XCTAssertEqual(index, 0) }

        let request = SignatureRequest(
            placement: .anchor(text: "14. Signatures", width: 200, height: 50),      // or .visible, .nextFree; field: "loan.borrower"
            reason: "I agree", certification: .formFilling, lock: .include(names: ["amount"]),
            appearance: Appearance(
                text: .templates(lines: ["Signed by {name}", "{date}"]), image: png,
                link: "https://bank.example/verify/4711", frame: .nothing))
        let how = SignOptions(preflight: PreflightPolicy(rules: .bank, allowing: ["font_not_embedded"]), damage: .rewrite())
        let found = try await document.preflight(options: how)     // found.stops, found.inspection.markers with object, page and remedy
        let signed = try await key.sign(document, to: .memory, request: request, options: how)    // signed.repair, signed.preflight
        _ = try await key.signInPlace(file, request: request)      // recoverInPlace(path:) settles what an interrupted call left
        let summary = try await key.signBatch(items, request: request) { index, outcome in try record(index, outcome) }
        _ = try await document.addFields([EmptyField(name: "loan.borrower", placement: .nextFree(width: 180, height: 50))], to: .file(url))

        XCTAssertEqual(found.stops, [])
        XCTAssertEqual(signed.repair, Repair.none)
        XCTAssertEqual(summary.signed, 1)
    }

    func testReading() async throws {
        let (document, trust, seen, files) = (try await signedDocument(), try Demo.trust(), Demo.scratch(), [try copy()])
        let report = try await document.verify(trust: trust)
        @Sendable func record(_ index: Int, _ outcome: VerifyOutcome) throws { XCTAssertEqual(index, 0) }

        let page = report.html(name: "contract.pdf", words: try Words.builtIn(language: "de"))   // text(words:) likewise; Words.fromTable for your own language
        let changed = try await document.diff(since: 0).entries()                     // what changed since the first signature
        _ = try await document.extractSignedRevision(0, to: .file(seen))              // what its signer saw
        let claimed = try await document.signatures()                                 // what is claimed, nothing verified
        let summary = try await trust.verify(files) { index, outcome in try record(index, outcome) }

        XCTAssertTrue(page.contains("Anna Schmidt"))
        XCTAssertEqual(changed.count, 0)
        XCTAssertEqual(claimed.count, 1)
        XCTAssertEqual(summary.left, 0)
    }

    func testLevels() async throws {
        let (key, document, trust, url) = (try await Customer.shared.value.key, try await signedDocument(), try Demo.trust(), Demo.scratch())
        let (tsa, lists) = (Demo.authority().url, [Data]())

        let how = Extension(
            goal: .blta, trust: trust, authorities: [TimeStampAuthority(url: tsa)], reach: .publicNetwork)   // nothing is fetched without
        let archived = try await document.extend(how, to: .file(url))                    // archived.level, .missing, .unanswered
        let signed = try await key.sign(document, to: .memory, options: SignOptions(extension: how))       // as it is signed: signed.raised
        let report = try await document.verify(trust: trust, revocation: .require, evidence: Evidence(crls: lists))     // trust.withRole for one use

        XCTAssertFalse(archived.reached, "this machine is no public network")
        XCTAssertEqual(signed.raised?.reached, false)
        XCTAssertFalse(report.clean(), "nothing says that the certificate is not revoked")
    }

    func testErrors() async throws {
        let (session, password) = (try Demo.session(), Secret(text: "wrong"))

        do {
            try await session.login(user, password: password)
        } catch ThrivoSignError.LoginRefused(let detail) {
            show(detail.message)
        } catch let error as ThrivoSignError where error.isRetryable {
            try await Task.sleep(for: .seconds(error.detail.retryAfter ?? 5))
        }
    }

    func testACertificateBeforeItEnds() async throws {
        let customer = try await Customer.shared.value
        let (session, keys, identity) = (customer.session, customer.keys, customer.identity)

        if try identity.end.timeIntervalSince(session.serviceTime ?? Date()) < 30 * 86_400 {
            let challenge = try await session.renewalChallenge(for: identity)
            let spec = KeySpec(algorithm: .p256, purpose: .signing, attestationChallenge: Data(challenge.challenge.utf8))
            let key = try keys.create(name: "signing-2027", spec: spec)
            if case .issued(let renewed) = try await session.renew(identity, signingKey: key, challenge: challenge, in: keys) {
                show(try renewed.toJson())                                     // keep it
            }
        }

        XCTAssertNoThrow(try keys.info(name: "signing-2027"))
    }

    func testWhatWaitsInPackages() async throws {
        let customer = try await Customer.shared.value
        let (session, keys, identity) = (customer.session, customer.keys, customer.identity)
        let id = try await session.createPackage("Loan").packageId
        let filled = try await session.add(Demo.document(), fileName: "loan.pdf", toPackage: id)
        try await session.assign(AskedSignature(user: user, documentId: filled.documents[0].documentId), inPackage: id)
        try await session.share(package: id)
        let signed = Demo.scratch()

        for waiting in try await session.packages(.waiting) {
            guard let asked = waiting.next, let document = waiting.documents.first(where: { $0.documentId == asked.documentId }) else { continue }
            let seen = Demo.scratch()                                          // a file of the app's own
            try await session.fetch(document, to: .file(seen))
            let done = try await session.sign(asked, in: Document.file(seen), to: .file(signed), identity: identity, in: keys)
            show(done.documentId)
        }

        let after = try await session.package(id)
        XCTAssertEqual(after.state, .completed)
    }
}
