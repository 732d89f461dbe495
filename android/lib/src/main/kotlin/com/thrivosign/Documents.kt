package com.thrivosign

import com.sun.jna.Memory
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import java.nio.ByteBuffer

/** A document of [bytes], copied. */
fun Document.Companion.fromBytes(bytes: ByteArray): Document {
    if (bytes.isEmpty()) return fromBytes(ByteBuffer.allocateDirect(0))
    // Given back at once; a direct buffer of Java's own would wait for the next collection.
    return Memory(bytes.size.toLong()).use { memory ->
        val buffer = memory.getByteBuffer(0, memory.size())
        buffer.put(bytes)
        buffer.flip()
        fromBytes(buffer)
    }
}

/** [verify] on a thread for computations; cancelled with its coroutine. */
suspend fun Document.verify(trust: TrustAnchors, verifyOptions: VerifyOptions? = null, options: CallOptions? = null): Report =
    computed(options) { verify(this, trust, verifyOptions, it) }

/** [verifyBy] on a thread for computations; cancelled with its coroutine. */
suspend fun Document.verifyBy(policy: ByteArray, verifyOptions: VerifyOptions? = null, options: CallOptions? = null): Report =
    computed(options) { verifyBy(this, policy, verifyOptions, it) }

/** [inspect] on a thread for computations. */
suspend fun Document.inspect(password: Secret? = null, options: CallOptions? = null): Inspection =
    computed(options) { inspect(this, password, it) }

/** [diff] on a thread for computations. */
suspend fun Document.diff(index: Int, password: Secret? = null, options: CallOptions? = null): Diff =
    computed(options) { diff(this, index, password, it) }

/** [signatures] on a thread for computations. */
suspend fun Document.signatures(password: Secret? = null, options: CallOptions? = null): List<ClaimedSignature> =
    computed(options) { signatures(this, password, it) }

/** [extractSignedRevision] on a thread for computations; cancelled with its coroutine. */
suspend fun Document.extractSignedRevision(
    index: Int,
    output: Output,
    password: Secret? = null,
    options: CallOptions? = null,
): Extracted = computed(options) { extractSignedRevision(this, index, output, password, it) }

/** The signature fields, signed and empty. */
suspend fun Document.signatureFields(password: Secret? = null, options: CallOptions? = null): List<SignatureField> =
    inspect(password, options).use { it.facts().signatureFields }

/** [preflight] on a thread for computations. */
suspend fun Document.preflight(field: String? = null, signOptions: SignOptions? = null, options: CallOptions? = null): Preflight =
    computed(options) { preflight(this, field, signOptions, it) }

/** [addFields] on a thread for computations; cancelled with its coroutine. */
suspend fun Document.addFields(
    fields: List<EmptyField>,
    output: Output,
    password: Secret? = null,
    options: CallOptions? = null,
): FieldsAdded = computed(options) { addFields(this, output, fields, password, it) }

/** [prepare] on a thread for computations; cancelled with its coroutine. */
suspend fun Document.prepare(
    request: SignatureRequest,
    identity: SigningIdentity,
    signOptions: SignOptions? = null,
    options: CallOptions? = null,
): Prepared = computed(options) { prepare(this, request, identity, signOptions, it) }

/** [Prepared.complete] on a thread for computations; cancelled with its coroutine. */
suspend fun Prepared.completed(
    value: ByteArray,
    document: Document,
    output: Output,
    signOptions: SignOptions? = null,
    options: CallOptions? = null,
): SignedDocument = computed(options) { complete(value, document, output, signOptions, it) }

/** [com.thrivosign.extend]; `steps { document.extend(.., options = it) }` tells how far it is. Cancelled with its coroutine. */
suspend fun Document.extend(
    extension: Extension,
    output: Output,
    password: Secret? = null,
    options: CallOptions? = null,
): Extended = extend(this, output, extension, password, options)

/** Runs [work] away from the caller's thread. A coroutine that is cancelled cancels the token of the call, and waits for its end. */
internal suspend fun <T> computed(options: CallOptions?, work: (CallOptions) -> T): T {
    val given = options ?: CallOptions()
    val token = given.cancel ?: CancelToken()
    var ended = false
    return try {
        coroutineScope {
            val scope = this
            val watch =
                launch(Dispatchers.Unconfined) {
                    try {
                        awaitCancellation()
                    } finally {
                        if (!ended) token.cancel()
                    }
                }
            val done =
                withContext(Dispatchers.Default) {
                    try {
                        work(given.copy(cancel = token))
                    } catch (cancelled: ThrivoSignException.Cancelled) {
                        // A coroutine that was cancelled says so in its own words. The scope knows first: the watch cancels the token
                        // before the coroutine that runs this hears of it.
                        scope.ensureActive()
                        throw cancelled
                    }
                }
            ended = true
            watch.cancel()
            done
        }
    } finally {
        // The app's own token stays open.
        if (given.cancel == null) token.close()
    }
}

/** The log goes to [sink] from now on; see [setLog]. */
fun setLog(level: LogLevel, sink: (LogEvent) -> Unit) =
    setLog(
        level,
        object : LogSink {
            override fun log(event: LogEvent) = sink(event)
        },
    )
