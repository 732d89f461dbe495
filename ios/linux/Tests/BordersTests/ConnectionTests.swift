//! What vouches for the service and for the app: tokens of a back end, updates of pins, certificates of a connection.

import BordersSupport
import Foundation
import SoftwareKeys
import ThrivoSign
import XCTest

final class ConnectionTests: XCTestCase {
    /// The app's own back end; what it would fetch is set by the test.
    private final class BackEnd: TokenProvider, @unchecked Sendable {
        let answer: Result<ProvidedTokens, ThrivoSignError>
        private(set) var asked = 0
        init(_ answer: Result<ProvidedTokens, ThrivoSignError>) { self.answer = answer }
        func tokens() throws -> ProvidedTokens {
            asked += 1
            return try answer.get()
        }
    }

    private func environment(_ shown: ClientCertificate? = nil) throws -> Environment {
        Environment(
            baseAddress: Demo.variable("SERVICE"), apiKey: Secret(text: Demo.variable("API_KEY")),
            tlsRoots: try Data(contentsOf: Demo.file("TLS_ROOT")), clientCertificate: shown)
    }

    func testTokensOfTheAppsOwnBackEnd() async throws {
        let session = try Session(environment())
        let nobody = BackEnd(.failure(.LoginRequired(detail: ErrorDetail())))
        await XCTAssertThrows(kind: ThrivoSignError.LoginRequired) { try await session.provide(with: nobody) }
        XCTAssertEqual(nobody.asked, 1)
        XCTAssertFalse(session.isLoggedIn)
        let late = BackEnd(.success(ProvidedTokens(accessToken: Secret(text: "token"), expiresIn: -1)))
        await XCTAssertThrows(kind: ThrivoSignError.BadAnswer) { try await session.provide(with: late) }
        // One that the service does not know is asked for once more, and then told.
        let unknown = BackEnd(.success(ProvidedTokens(accessToken: Secret(text: "unknown"), expiresIn: 3600)))
        try await session.provide(with: unknown)
        XCTAssertTrue(session.isLoggedIn)
        await XCTAssertThrows(kind: ThrivoSignError.LoginRequired) { _ = try await session.credentials() }
        XCTAssertEqual(unknown.asked, 2)
    }

    func testUpdatesOfPinsNeedAKey() async throws {
        let session = try Session(environment())
        XCTAssertNil(session.pinDocument)
        await XCTAssertThrows(kind: ThrivoSignError.PinUpdateRefused) { _ = try await session.updatePins() }
    }

    func testACertificateOfAnotherKeyIsRefused() throws {
        let keys = SoftwareKeys()
        _ = try keys.create(name: "desk", spec: KeySpec(algorithm: .p256, purpose: .authentication))
        let chain = try Data(contentsOf: Demo.file("TRUST"))
        let foreign = ClientCertificate(store: keys, authenticationKey: "desk", chain: chain)
        XCTAssertThrowsError(try Session(environment(foreign)), kind: ThrivoSignError.CertificateForeign)
        let nobody = ClientCertificate(store: keys, authenticationKey: "none", chain: chain)
        XCTAssertThrowsError(try Session(environment(nobody)), kind: ThrivoSignError.KeyNotFound)
    }

    /// HTTP of the app's own: answers logins itself, and keeps what it was asked.
    private final class Canned: HttpTransport, @unchecked Sendable {
        private(set) var asked: [String] = []
        let answer: (HttpExchange) throws -> HttpAnswer
        init(_ answer: @escaping (HttpExchange) throws -> HttpAnswer) { self.answer = answer }
        func send(exchange: HttpExchange) throws -> HttpAnswer {
            asked.append("\(exchange.method()) \(exchange.url())")
            return try answer(exchange)
        }
    }

    func testHttpOfTheAppsOwn() async throws {
        let bare = Environment(baseAddress: "https://bank.example/api/", apiKey: Secret(text: "api-key"))
        let http = Canned { exchange in
            XCTAssertTrue(exchange.headers().contains { $0.name.lowercased() == "x-api-key" && $0.value == "api-key" })
            XCTAssertGreaterThan(exchange.timeLeftMs(), 0)
            XCTAssertFalse(exchange.isCancelled())
            var form = Data()
            while true {
                let piece = try exchange.body(offset: Int64(form.count), most: 7)
                if piece.isEmpty { break }
                form += piece
            }
            XCTAssertEqual(Int64(form.count), exchange.bodySize())
            XCTAssertTrue(String(decoding: form, as: UTF8.self).contains("username=anna"))
            XCTAssertThrowsError(try exchange.body(offset: -1, most: 1), kind: ThrivoSignError.InvalidArgument)
            let tokens = #"{"access_token":"a","refresh_token":"r","token_type":"Bearer","expires_in":3600}"#
            XCTAssertGreaterThan(exchange.maxAnswer(), Int64(tokens.utf8.count))
            return HttpAnswer(
                status: 200, headers: [HttpHeader(name: "Content-Type", value: "application/json")], body: Data(tokens.utf8))
        }
        let session = try Session(bare, over: http)
        try await session.login("anna", password: Secret(text: "password"))
        XCTAssertTrue(session.isLoggedIn)
        XCTAssertEqual(http.asked, ["POST https://bank.example/api/rssp/auth/login"])
        let broken = Canned { _ in throw ThrivoSignError.TlsFailed(detail: ErrorDetail()) }
        let unreachable = try Session(bare, over: broken)
        await XCTAssertThrows(kind: ThrivoSignError.TlsFailed) {
            try await unreachable.login("anna", password: Secret(text: "password"))
        }
        XCTAssertEqual(broken.asked.count, 1)
        XCTAssertThrowsError(try Session(environment(), over: http), kind: ThrivoSignError.ConfigMalformed)
    }
}
