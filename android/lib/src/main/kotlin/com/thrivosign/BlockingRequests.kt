package com.thrivosign

import kotlinx.coroutines.runBlocking

/**
 * [Requests] for Java and for threads that may wait: each call blocks until it is done. Never for a main thread. Interrupting the thread cancels the
 * call; the request stays in the journal. Closing it closes the journal.
 */
class BlockingRequests(private val requests: Requests) : AutoCloseable {
    override fun close() = requests.close()

    /** The same journal, for what is not here. */
    fun requests(): Requests = requests

    /** See [Requests.list]. */
    @Throws(ThrivoSignException::class)
    fun list(): List<OpenRequest> = requests.list()

    /** See [Requests.certify]. */
    @Throws(ThrivoSignException::class, InterruptedException::class)
    fun certify(
        client: BlockingClient,
        store: DeviceKeyStore,
        device: Device,
        authenticationKey: KeyInfo,
        subject: Subject,
        keyName: String,
        code: CodeSource,
    ): Requested = runBlocking { requests.certify(client.client(), store, device, authenticationKey, subject, keyName) { code.code() } }

    /** See [Requests.renew]. */
    @Throws(ThrivoSignException::class, InterruptedException::class)
    fun renew(client: BlockingClient, store: DeviceKeyStore, identity: Identity, keyName: String): Requested =
        runBlocking { requests.renew(client.client(), store, identity, keyName) }

    /** See [Requests.resume]. */
    @Throws(ThrivoSignException::class, InterruptedException::class)
    fun resume(client: BlockingClient, signingKey: String): Requested? = runBlocking { requests.resume(client.client(), signingKey) }

    /** See [Requests.closeRequest]. */
    @Throws(ThrivoSignException::class)
    fun closeRequest(signingKey: String) = requests.closeRequest(signingKey)

    companion object {
        /** See [Requests.open]. */
        @JvmStatic
        @Throws(ThrivoSignException::class)
        fun open(folder: String, key: Secret): BlockingRequests = BlockingRequests(Requests.open(folder, key))
    }
}
