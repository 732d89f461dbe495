package com.thrivosign

import kotlinx.coroutines.runBlocking

/** Gives the code that a person reads off their phone. */
fun interface CodeSource {
    /** Called once the code is on its way. */
    fun code(): Secret
}

/**
 * A [Client] for Java and for threads that may wait: each call blocks until it is done. Never for a main thread. Interrupting the thread
 * cancels the call. Closing it closes the client.
 */
class BlockingClient(private val client: Client) : AutoCloseable {
    override fun close() = client.close()

    /** The same client, for what is not here. */
    fun client(): Client = client

    /** See [Client.proveWith]; makes the key if the store has none of that name. */
    @Throws(ThrivoSignException::class, InterruptedException::class)
    fun proveWith(store: DeviceKeyStore, keyName: String) =
        runBlocking { client.proveWith(store, store.authenticationKey(keyName).name) }

    /** See [Client.login]. */
    @Throws(ThrivoSignException::class, InterruptedException::class)
    fun login(username: String, password: Secret) = runBlocking { client.login(username, password) }

    /** See [Client.provideWith]. */
    @Throws(ThrivoSignException::class, InterruptedException::class)
    fun provideWith(provider: TokenProvider) = runBlocking { client.provideWith(provider) }

    /** See [Client.updatePins]. */
    @Throws(ThrivoSignException::class, InterruptedException::class)
    fun updatePins(): Boolean = runBlocking { client.updatePins() }

    /** See [Client.resume]. */
    @Throws(ThrivoSignException::class, InterruptedException::class)
    fun resume(refreshToken: Secret) = runBlocking { client.resume(refreshToken) }

    /** See [Client.logout]. */
    @Throws(ThrivoSignException::class, InterruptedException::class)
    fun logout() = runBlocking { client.logout() }

    /** See [Client.register]. */
    @Throws(ThrivoSignException::class, InterruptedException::class)
    fun register(store: DeviceKeyStore, device: Device, keyName: String, code: CodeSource): KeyInfo =
        runBlocking { client.register(store, device, keyName) { code.code() } }

    /** See [Client.certify]. */
    @Throws(ThrivoSignException::class, InterruptedException::class)
    fun certify(
        store: DeviceKeyStore,
        device: Device,
        authenticationKey: KeyInfo,
        subject: Subject,
        keyName: String,
        code: CodeSource,
    ): Requested = runBlocking { client.certify(store, device, authenticationKey, subject, keyName) { code.code() } }

    /** See [Client.askAgain]. */
    @Throws(ThrivoSignException::class, InterruptedException::class)
    fun askAgain(request: PendingRequest): Requested = runBlocking { client.askAgain(request) }

    /** See [Client.activate]. */
    @Throws(ThrivoSignException::class, InterruptedException::class)
    fun activate(store: DeviceKeyStore, identity: Identity, code: CodeSource): Identity =
        runBlocking { client.activate(store, identity) { code.code() } }

    /** See [Client.renew]. */
    @Throws(ThrivoSignException::class, InterruptedException::class)
    fun renew(store: DeviceKeyStore, identity: Identity, keyName: String): Requested =
        runBlocking { client.renew(store, identity, keyName) }

    /** See [Client.requestRemoteCredential]. */
    @Throws(ThrivoSignException::class, InterruptedException::class)
    fun requestRemoteCredential(device: Device, pin: Secret?, secondFactor: SecondFactor?, code: CodeSource): RemoteCredential =
        runBlocking { client.requestRemoteCredential(device, pin, secondFactor) { code.code() } }

    /** See [Client.waitingAuthorizations]. */
    @Throws(ThrivoSignException::class, InterruptedException::class)
    @JvmOverloads
    fun waitingAuthorizations(deviceUuid: String, waitSeconds: Long = 0): List<PendingAuthorization> =
        runBlocking { client.waitingAuthorizations(deviceUuid, waitSeconds) }

    /** See [Client.answerAuthorization]. */
    @Throws(ThrivoSignException::class, InterruptedException::class)
    fun answerAuthorization(store: DeviceKeyStore, authenticationKey: String, pending: PendingAuthorization, decision: Decision) =
        runBlocking { client.answerAuthorization(store, authenticationKey, pending, decision) }

    /** See [Client.listCredentials]. */
    @Throws(ThrivoSignException::class, InterruptedException::class)
    fun listCredentials(): List<Credential> = runBlocking { client.listCredentials() }

    /** See [Client.learnState]. */
    @Throws(ThrivoSignException::class, InterruptedException::class)
    fun learnState(identity: Identity): Identity = runBlocking { client.learnState(identity) }

    /** See [Client.revoke]. */
    @Throws(ThrivoSignException::class, InterruptedException::class)
    fun revoke(credentialId: String, reason: RevocationReason) = runBlocking { client.revoke(credentialId, reason) }

    /** See [Client.deleteDevice]. */
    @Throws(ThrivoSignException::class, InterruptedException::class)
    fun deleteDevice(deviceUuid: String) = runBlocking { client.deleteDevice(deviceUuid) }

    /** See [Client.setSignatureImage]. */
    @Throws(ThrivoSignException::class, InterruptedException::class)
    fun setSignatureImage(file: ByteArray) = runBlocking { client.setSignatureImage(file) }

    /** See [Client.signatureImage]. */
    @Throws(ThrivoSignException::class, InterruptedException::class)
    fun signatureImage(): ByteArray = runBlocking { client.signatureImage() }

    /** See [Client.removeSignatureImage]. */
    @Throws(ThrivoSignException::class, InterruptedException::class)
    fun removeSignatureImage() = runBlocking { client.removeSignatureImage() }

    /** See [Client.submit]. */
    @Throws(ThrivoSignException::class, InterruptedException::class)
    @JvmOverloads
    fun submit(
        document: Document,
        output: Output,
        fileName: String,
        request: SignatureRequest,
        store: DeviceKeyStore,
        identity: Identity,
        options: CallOptions? = null,
    ): Submitted = runBlocking { client.submit(document, output, fileName, request, store, identity, null, options) }

    /** See [Client.signAndFile]. */
    @Throws(ThrivoSignException::class, InterruptedException::class)
    @JvmOverloads
    fun signAndFile(
        document: Document,
        output: Output,
        fileName: String,
        request: SignatureRequest,
        key: SigningKey,
        options: CallOptions? = null,
    ): DeviceSigned = runBlocking { client.signAndFile(document, output, fileName, request, key, null, options) }

    /** See [Client.fileDocument]. */
    @Throws(ThrivoSignException::class, InterruptedException::class)
    fun fileDocument(document: Document, fileName: String): Agreement = runBlocking { client.fileDocument(document, fileName) }

    companion object {
        /** A client of the service at [baseAddress]; [tlsRoots] (PEM) vouch for it, or the public authorities if absent. */
        @JvmStatic
        @JvmOverloads
        @Throws(ThrivoSignException::class)
        fun connect(baseAddress: String, apiKey: Secret, tlsRoots: ByteArray? = null): BlockingClient =
            BlockingClient(Client(Environment(baseAddress, apiKey, tlsRoots = tlsRoots)))

        /** See [com.thrivosign.sign]. */
        @JvmStatic
        @JvmOverloads
        @Throws(ThrivoSignException::class, InterruptedException::class)
        fun sign(
            document: Document,
            output: Output,
            request: SignatureRequest,
            key: SigningKey,
            signOptions: SignOptions? = null,
            options: CallOptions? = null,
        ): SignedDocument = runBlocking { com.thrivosign.sign(document, output, request, key, signOptions, options) }

        /** See [com.thrivosign.signInPlace]. */
        @JvmStatic
        @JvmOverloads
        @Throws(ThrivoSignException::class, InterruptedException::class)
        fun signInPlace(
            path: String,
            request: SignatureRequest,
            key: SigningKey,
            signOptions: SignOptions? = null,
            options: CallOptions? = null,
        ): SignedDocument = runBlocking { com.thrivosign.signInPlace(path, request, key, null, signOptions, options) }

        /** See [com.thrivosign.signBatch]. */
        @JvmStatic
        @JvmOverloads
        @Throws(ThrivoSignException::class, InterruptedException::class)
        fun signBatch(
            items: List<BatchItem>,
            request: SignatureRequest,
            key: SigningKey,
            listener: BatchListener? = null,
            batchOptions: BatchOptions? = null,
            signOptions: SignOptions? = null,
            options: CallOptions? = null,
        ): BatchSummary = runBlocking { com.thrivosign.signBatch(items, request, key, listener, batchOptions, signOptions, options) }

        /** See [com.thrivosign.extend]. */
        @JvmStatic
        @JvmOverloads
        @Throws(ThrivoSignException::class, InterruptedException::class)
        fun extend(
            document: Document,
            output: Output,
            extension: Extension,
            password: Secret? = null,
            options: CallOptions? = null,
        ): Extended = runBlocking { com.thrivosign.extend(document, output, extension, password, options) }

        /** What raises signatures to [goal] by time stamps of [authorities], where [reach] allows it. */
        @JvmStatic
        @JvmOverloads
        fun extension(goal: Goal, trust: TrustAnchors, authorities: List<String>, reach: Reach = Reach.PUBLIC_NETWORK): Extension =
            Extension(goal, trust, authorities.map { TimeStampAuthority(it) }, reach)

        /** See [Prepared.answer]. */
        @JvmStatic
        @Throws(ThrivoSignException::class, InterruptedException::class)
        fun answer(prepared: Prepared, key: SigningKey): ByteArray = runBlocking { prepared.answer(key) }

        /** A signature in a new field, shown at [placement] or nowhere. */
        @JvmStatic
        fun request(placement: Placement?, reason: String?): SignatureRequest = SignatureRequest(placement = placement, reason = reason)
    }
}
