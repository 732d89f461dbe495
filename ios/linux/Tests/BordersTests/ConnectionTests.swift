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
}
