//! What a registration officer does, with a session that is logged in as one. Each call ends when its task is cancelled, and takes `Limits`.

import Foundation
import ThrivoSignBindings

extension Session {
    /// The requests for certificates that wait for this officer, the oldest first.
    ///
    /// Throws `AuthorizationDenied` for whoever is no officer.
    public func waitingRequests(limits: Limits = Limits()) async throws -> [WaitingRequest] {
        try await withLimits(limits) { try await self.client.waitingRequests(options: $0) }
    }

    /// After the call the certificate is issued. The same again is no error.
    ///
    /// Throws `ServiceRefused` if the request was rejected before.
    public func approve(request id: String, limits: Limits = Limits()) async throws {
        try await withLimits(limits) { try await self.client.approveRequest(requestId: id, options: $0) }
    }

    /// After the call the request is refused for good, and whoever asked is told the reason. The same again is no error.
    ///
    /// Throws `ServiceRefused` if the request was approved before, or without a reason.
    public func reject(request id: String, reason: String, limits: Limits = Limits()) async throws {
        try await withLimits(limits) { try await self.client.rejectRequest(requestId: id, reason: reason, options: $0) }
    }

    /// The devices of this officer's people that are not revoked, with what was certified on them.
    ///
    /// Throws `AuthorizationDenied` for whoever is no officer.
    public func usersDevices(limits: Limits = Limits()) async throws -> [UsersDevice] {
        try await withLimits(limits) { try await self.client.usersDevices(options: $0) }
    }

    /// After the call the device is revoked, for good what was certified on it, and its owner has to log in anew. The same again is no error.
    ///
    /// Throws `DeviceRefused` for a device of nobody this officer answers for.
    public func revoke(usersDevice uuid: String, reason: RevocationReason, limits: Limits = Limits()) async throws {
        try await withLimits(limits) { try await self.client.revokeUsersDevice(deviceUuid: uuid, reason: reason, options: $0) }
    }
}
