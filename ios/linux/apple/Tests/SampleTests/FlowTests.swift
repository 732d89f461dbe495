//! A person with the sample app: all of it but its views, the real library, the demo server, and a phone that tests can do anything to.

import BordersSupport
import FakePhone
import Foundation
import ThrivoSign
import XCTest

@testable import SampleFlow

final class FlowTests: XCTestCase, @unchecked Sendable {
    private let phone = FakePhone.shared
    private let english = Language("en")
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    private let document = Demo.file("DOCUMENT")

    override func setUp() async throws {
        phone.reset()
        // A made-up proof is worse than none: the server would refuse it.
        phone.attest.isSupported = false
    }

    override func tearDown() async throws { try? FileManager.default.removeItem(at: folder) }

    private func account(_ language: Language? = nil) -> Account {
        Account(folder: folder, deviceName: "A phone", language: language ?? english)
    }

    private var form: Enrolment {
        var form = Enrolment()
        form.service = Demo.variable("SERVICE")
        form.apiKey = Demo.variable("API_KEY")
        form.user = Demo.variable("USER")
        form.password = Demo.variable("PASSWORD")
        form.name = "Anna Schmidt"
        form.country = "DE"
        return form
    }

    /// What the person does on the screen to enrol: chooses two files, types, and types each code.
    @MainActor private func enrol(_ account: Account, _ form: Enrolment, code: () throws -> String?) async throws -> SetUpFlow {
        let flow = SetUpFlow(account: account)
        for (root, name, said) in [(Account.Root.tls, "TLS_ROOT", Phrase.tlsChosen), (.trust, "TRUST", .trustChosen)] {
            let file = Demo.file(name)
            await flow.choose(root) { try Data(contentsOf: file) }
            XCTAssertEqual(flow.status, english[said])
        }
        let enrolling = Task { await flow.enrol(form) }
        repeat {
            try await Task.sleep(nanoseconds: 5_000_000)
            if flow.isAskingCode { flow.answer(try code()) }
        } while flow.isWorking
        await enrolling.value
        return flow
    }

    private static func sentCode() throws -> String? {
        try String(contentsOf: Demo.file("OUTBOX"), encoding: .utf8).split(separator: "\n").last.map { " \($0) " }
    }

    @MainActor private func enrolled(_ account: Account) async throws {
        let flow = try await enrol(account, form, code: FlowTests.sentCode)
        XCTAssertEqual(flow.status, english[.enrolled])
        XCTAssertTrue(flow.isEnrolled)
    }

    @MainActor private func opened(_ flow: AgreementFlow) async throws {
        let document = document
        await flow.open("loan.pdf") { try Data(contentsOf: document) }
        XCTAssertEqual(flow.status, english[.ready])
    }

    @MainActor private func refused(_ flow: AgreementFlow, _ phrase: Phrase, line: UInt = #line) async {
        await flow.sign()
        XCTAssertEqual(flow.alert, english[phrase], line: line)
        XCTAssertNil(flow.agreement?.verdict, line: line)
        XCTAssertNil(flow.shared, line: line)
        XCTAssertTrue(flow.canSign, "it can be tried again", line: line)
        XCTAssertFalse(FileManager.default.fileExists(atPath: flow.agreement?.signed.path ?? ""), line: line)
    }

    @MainActor func testEnrolReadSignVerifyShare() async throws {
        let account = account()
        try await enrolled(account)
        XCTAssertEqual(phone.timesAsked, 1, "for the request of the certificate")
        let flow = AgreementFlow(account: account) { _ in true }
        var changes = 0
        flow.willChange = { changes += 1 }
        XCTAssertEqual(flow.status, english[.nothingOpen])
        XCTAssertFalse(flow.canSign)
        try await opened(flow)
        XCTAssertEqual(flow.details?.heading, english[.findings])
        XCTAssertTrue(flow.details?.lines.contains { $0.contains("font") } ?? false, "the check's findings")
        XCTAssertEqual(flow.pages, flow.agreement?.file)

        phone.person = .cancels
        await refused(flow, .errorCancelled)
        phone.person = .approves
        phone.isLocked = true
        await refused(flow, .errorLocked)
        phone.isLocked = false
        phone.isLockedOut = true
        await refused(flow, .errorLocked)
        phone.isLockedOut = false

        changes = 0
        await flow.sign()
        XCTAssertNil(flow.alert)
        XCTAssertEqual(flow.status, english[.signedClean])
        XCTAssertGreaterThan(changes, 2, "the view is told")
        XCTAssertTrue(flow.details?.lines.first?.contains("Anna Schmidt") ?? false)
        let shared = try Data(contentsOf: try XCTUnwrap(flow.shared))
        let original = try Data(contentsOf: document)
        XCTAssertEqual(shared.prefix(original.count), original)
        XCTAssertEqual(flow.pages, flow.shared)
        XCTAssertFalse(flow.canSign, "signed once")

        // Another document than the one that was shown is not signed.
        try await opened(flow)
        try (original + Data("% changed".utf8)).write(to: try XCTUnwrap(flow.agreement?.file))
        await flow.sign()
        XCTAssertNotNil(flow.alert)
        XCTAssertNil(flow.shared)

        // A new finger: the old key is void, and a new one takes its place.
        try await opened(flow)
        phone.biometry = 2
        await refused(flow, .errorInvalidated)
        try await enrolled(account)
        await flow.sign()
        XCTAssertEqual(flow.status, english[.signedClean])

        // After a restart the app is still set up, and says the verdict in another language.
        let later = AgreementFlow(account: self.account(Language("de"))) { _ in true }
        await later.open("loan.pdf") { original }
        XCTAssertEqual(later.status, "Lesen Sie alle Seiten und unterschreiben Sie dann.")
        await later.sign()
        XCTAssertEqual(later.status, "Unterschrieben. Die Unterschrift wurde geprüft und ist gut.")
        XCTAssertNotEqual(later.details?.lines, flow.details?.lines)

        // What was typed is nowhere.
        let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.contains(".") || $0 == "device" }
        XCTAssertGreaterThan(files.count, 4)
        for name in files {
            let bytes = try Data(contentsOf: folder.appendingPathComponent(name))
            for secret in [form.password, form.apiKey] { XCTAssertNil(bytes.range(of: Data(secret.utf8)), name) }
        }
    }

    @MainActor func testAPromptIsTakenAwayWithTheApp() async throws {
        let account = account()
        // The service does not know the device that was here before, or knows it as another person's.
        try keep(Data(UUID().uuidString.lowercased().utf8), folder.appendingPathComponent("device"))
        try await enrolled(account)
        let flow = AgreementFlow(account: account) { _ in true }
        try await opened(flow)
        phone.person = .waits
        let asked = phone.timesAsked
        let signing = Task { await flow.sign() }
        while phone.timesAsked == asked { try await Task.sleep(nanoseconds: 5_000_000) }
        XCTAssertEqual(flow.status, english[.working])
        await flow.sign()
        XCTAssertEqual(phone.timesAsked, asked + 1, "a second touch does nothing")
        account.forgetApprovals()
        await signing.value
        XCTAssertEqual(flow.alert, english[.errorCancelled])
    }

    @MainActor func testWithoutBeingSetUpNothingIsSigned() async throws {
        let flow = AgreementFlow(account: account()) { _ in true }
        try await opened(flow)
        await flow.sign()
        XCTAssertTrue(flow.needsSetUp)
        XCTAssertEqual(flow.alert, english[.notSetUp])
    }

    @MainActor func testWhatCannotBeShownCannotBeSigned() async throws {
        let flow = AgreementFlow(account: account()) { _ in false }
        let document = document
        await flow.open("loan.pdf") { try Data(contentsOf: document) }
        XCTAssertEqual(flow.status, english[.cannotShow])
        XCTAssertFalse(flow.canSign)
        XCTAssertNil(flow.pages)
        await flow.open("letter.txt") { Data("no document".utf8) }
        XCTAssertNil(flow.agreement, "the one before is gone too")
        XCTAssertNotNil(flow.alert)
        await flow.open("gone.pdf") { throw CocoaError(.fileReadNoSuchFile) }
        XCTAssertEqual(flow.alert, english[.errorOther], "no path is told")
    }

    @MainActor func testWithoutNetworkTheLibrarySaysWhatToDo() async throws {
        var form = form
        // Nobody listens there.
        form.service = "https://localhost:9"
        let flow = try await enrol(account(), form) { XCTFail("no code is asked for"); return nil }
        XCTAssertTrue(flow.status.contains("Check the address and the network"), flow.status)
        XCTAssertFalse(flow.status.contains(form.password) || flow.status.contains(form.apiKey))
        XCTAssertFalse(flow.isEnrolled)
    }

    @MainActor func testWrongPasswordThenNoCode() async throws {
        var wrong = form
        wrong.password = "not it"
        let refused = try await enrol(account(), wrong) { XCTFail("no code is asked for"); return nil }
        XCTAssertFalse(refused.status.isEmpty || refused.status.contains("not it"))
        XCTAssertFalse(refused.isWorking || refused.isEnrolled)
        let givenUp = try await enrol(account(), form) { nil }
        XCTAssertEqual(givenUp.status, "")
        XCTAssertFalse(givenUp.isWorking || givenUp.isEnrolled)
        givenUp.answer("too late")

        // The screen goes away before the code is asked for.
        let flow = SetUpFlow(account: account())
        let enrolling = Task { [form] in await flow.enrol(form) }
        while !flow.isWorking { await Task.yield() }
        flow.leave()
        while flow.isWorking {
            try await Task.sleep(nanoseconds: 5_000_000)
            if flow.isAskingCode {
                XCTFail("nobody is there to answer")
                flow.answer(nil)
            }
        }
        await enrolling.value
        XCTAssertFalse(flow.isEnrolled)
    }

    @MainActor func testADeviceWithoutBiometryIsTold() async throws {
        phone.biometry = 0
        let flow = try await enrol(account(), form, code: FlowTests.sentCode)
        XCTAssertEqual(flow.status, english[.errorUnavailable])
    }
}
