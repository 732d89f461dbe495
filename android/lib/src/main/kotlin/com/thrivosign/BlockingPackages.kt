package com.thrivosign

import kotlinx.coroutines.runBlocking

/**
 * The packages of a [BlockingClient], for Java and for threads that may wait: each call blocks until it is done. Never for a main thread. Interrupting
 * the thread cancels the call. The client stays its owner's.
 */
class BlockingPackages(client: BlockingClient) {
    private val client: Client = client.client()

    /** See [Client.listPackages]. */
    @Throws(ThrivoSignException::class, InterruptedException::class)
    fun list(view: PackageView): List<SigningPackage> = runBlocking { client.listPackages(view) }

    /** See [Client.packageStatus]. */
    @Throws(ThrivoSignException::class, InterruptedException::class)
    fun status(packageId: String): SigningPackage = runBlocking { client.packageStatus(packageId) }

    /** See [Client.fetchFromPackage]. */
    @Throws(ThrivoSignException::class, InterruptedException::class)
    @JvmOverloads
    fun fetch(document: PackageDocument, output: Output, options: CallOptions? = null): ByteArray? =
        runBlocking { client.fetchFromPackage(document, output, options) }

    /** See [Client.signInPackage]. */
    @Throws(ThrivoSignException::class, InterruptedException::class)
    @JvmOverloads
    fun sign(
        asked: PackageRecipient,
        document: Document,
        output: Output,
        request: SignatureRequest,
        store: DeviceKeyStore,
        identity: Identity,
        options: CallOptions? = null,
    ): Submitted = runBlocking { client.signInPackage(asked, document, output, request, store, identity, null, options) }

    /** See [Client.declinePackage]. */
    @Throws(ThrivoSignException::class, InterruptedException::class)
    fun decline(packageId: String, reason: String): SigningPackage = runBlocking { client.declinePackage(packageId, reason) }

    /** See [Client.createPackage]. */
    @Throws(ThrivoSignException::class, InterruptedException::class)
    @JvmOverloads
    fun create(name: String, expiresIn: Long? = null): SigningPackage = runBlocking { client.createPackage(name, expiresIn) }

    /** See [Client.addToPackage]. */
    @Throws(ThrivoSignException::class, InterruptedException::class)
    fun add(packageId: String, document: Document, fileName: String): SigningPackage =
        runBlocking { client.addToPackage(packageId, document, fileName) }

    /** See [Client.assignInPackage]. */
    @Throws(ThrivoSignException::class, InterruptedException::class)
    fun assign(packageId: String, asked: AskedSignature): SigningPackage = runBlocking { client.assignInPackage(packageId, asked) }

    /** See [Client.fillInPackage]. */
    @Throws(ThrivoSignException::class, InterruptedException::class)
    fun fill(packageId: String, documentId: String, values: Map<String, String>): SigningPackage =
        runBlocking { client.fillInPackage(packageId, documentId, values) }

    /** See [Client.sharePackage]. */
    @Throws(ThrivoSignException::class, InterruptedException::class)
    fun share(packageId: String): SigningPackage = runBlocking { client.sharePackage(packageId) }

    /** See [Client.cancelPackage]. */
    @Throws(ThrivoSignException::class, InterruptedException::class)
    fun cancel(packageId: String, reason: String): SigningPackage = runBlocking { client.cancelPackage(packageId, reason) }
}

/** What the package asks of the user next: the first of its recipients who is the user and has the turn; null if nothing waits. */
fun SigningPackage.next(): PackageRecipient? = recipients.firstOrNull { it.you && it.turn }
