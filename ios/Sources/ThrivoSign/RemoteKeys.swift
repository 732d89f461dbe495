//! Keys that the service holds: a new one, and the device's yes or no to a signature with one. `RemoteKeyStore` signs with them. Each call ends when its
//! task is cancelled, and takes `Limits`.

import Foundation
import ThrivoSignBindings

extension Session {
    /// After the call the service has a new key of the user's, which it keeps, with a certificate that leads to an issuer. The challenge of the order is
    /// one of `challenge(device:method:)`.
    ///
    /// Throws `InvalidArgument` for a second factor without a PIN: the device approves without.
    public func requestRemoteCredential(_ order: RemoteOrder, limits: Limits = Limits()) async throws -> RemoteCredential {
        try await withLimits(limits) { try await self.client.requestRemoteCredential(order: order, options: $0) }
    }

    /// The remote signatures that wait for that device of the user's, the oldest first. Where there are none, the service holds the call back for up to
    /// `wait`, at most a minute.
    ///
    /// Throws `DeviceRefused` for a device that is not the user's.
    public func authorizations(for device: String, wait: Duration = .zero, limits: Limits = Limits()) async throws -> [PendingAuthorization] {
        try await withLimits(limits) {
            try await self.client.waitingAuthorizations(deviceUuid: device, waitSeconds: wait.components.seconds, options: $0)
        }
    }

    /// After the call the service has what the person says to `pending`, once they have seen it: signed by the device's authentication key, which is
    /// asked once, over its very hashes.
    ///
    /// Throws `SigningConflict` if it was decided otherwise, or too late.
    public func answer(
        _ pending: PendingAuthorization, _ decision: Decision, authenticationKey: String, in store: any DeviceKeyStore, limits: Limits = Limits()
    ) async throws {
        try await withLimits(limits) {
            try await self.client.answerAuthorization(
                store: store, authenticationKey: authenticationKey, pending: pending, decision: decision, options: $0)
        }
    }
}
