//! Keys that the service holds, against the demo server: the document stays here, and the person shows PIN and code.

import BordersSupport
import Foundation
import ThrivoSign
import XCTest

private final class Person: FactorSource, @unchecked Sendable {
    private let pin: Secret?
    private let lock = NSLock()
    private var count = 0
    var asked: Int { lock.withLock { count } }

    init(pin: Secret?) { self.pin = pin }

    func ask(wanted: WantedFactors) throws -> ShownFactors {
        lock.withLock { count += 1 }
        guard let pin, wanted.pin, wanted.code == .sent else { throw ThrivoSignError.KeyCancelled(detail: ErrorDetail()) }
        return ShownFactors(pin: pin, code: try Demo.code())
    }
}

final class RemoteKeysTests: XCTestCase {
    func testADocumentIsSignedWithAKeyOfTheService() async throws {
        let customer = try await Customer.shared.value
        let (session, device) = (customer.session, customer.device)
        let challenge = try await session.challenge(device: device.uuid, method: .otp)
        let code = try Demo.code()
        func order(pin: Secret?) -> RemoteOrder {
            RemoteOrder(deviceUuid: device.uuid, challenge: challenge.challenge, method: .otp, value: code, pin: pin, secondFactor: .sms)
        }
        await XCTAssertThrows(kind: ThrivoSignError.InvalidArgument) { try await session.client.requestRemoteCredential(order: order(pin: nil)) }
        let made = try await session.client.requestRemoteCredential(order: order(pin: Secret(text: "271828")))
        XCTAssertNil(made.totpSecret)

        let person = Person(pin: Secret(text: "271828"))
        let keys = try RemoteKeyStore(client: session.client, factors: person, description: "a loan", documentName: "loan.pdf")
        let key = SigningKey(store: keys, name: made.credentialId, identity: try keys.identity(credentialId: made.credentialId))
        XCTAssertEqual(person.asked, 0, "nobody is asked for what anybody may know")
        let signed = try await key.sign(Demo.document(), to: .memory)
        let report = try await Document.fromBytes(bytes: XCTUnwrap(signed.bytes)).verify(trust: Demo.trust())
        XCTAssertTrue(report.clean())
        XCTAssertEqual(person.asked, 1)
        XCTAssertTrue(try keys.list().contains { $0.name == made.credentialId })
        XCTAssertThrowsError(try keys.info(name: "none"), kind: ThrivoSignError.KeyNotFound)
        XCTAssertThrowsError(try keys.delete(name: made.credentialId), kind: ThrivoSignError.KeyNotPermitted)

        let unwilling = try RemoteKeyStore(client: session.client, factors: Person(pin: nil))
        let other = SigningKey(store: unwilling, name: made.credentialId, identity: key.identity)
        await XCTAssertThrows(kind: ThrivoSignError.KeyCancelled) { try await other.sign(Demo.document(), to: .memory) }
    }
}
