package com.thrivosign

import kotlinx.coroutines.runBlocking

/**
 * What a registration officer does with a [BlockingClient] that is logged in as one, for Java and for threads that may wait: each call blocks until it
 * is done. Interrupting the thread cancels the call. The client stays its owner's.
 */
class BlockingOfficer(client: BlockingClient) {
    private val client: Client = client.client()

    /** See [Client.waitingRequests]. */
    @Throws(ThrivoSignException::class, InterruptedException::class)
    fun waiting(): List<WaitingRequest> = runBlocking { client.waitingRequests() }

    /** See [Client.approveRequest]. */
    @Throws(ThrivoSignException::class, InterruptedException::class)
    fun approve(requestId: String) = runBlocking { client.approveRequest(requestId) }

    /** See [Client.rejectRequest]. */
    @Throws(ThrivoSignException::class, InterruptedException::class)
    fun reject(requestId: String, reason: String) = runBlocking { client.rejectRequest(requestId, reason) }

    /** See [Client.usersDevices]. */
    @Throws(ThrivoSignException::class, InterruptedException::class)
    fun usersDevices(): List<UsersDevice> = runBlocking { client.usersDevices() }

    /** See [Client.revokeUsersDevice]. */
    @Throws(ThrivoSignException::class, InterruptedException::class)
    fun revokeDevice(deviceUuid: String, reason: RevocationReason) = runBlocking { client.revokeUsersDevice(deviceUuid, reason) }
}
