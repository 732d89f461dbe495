package com.thrivosign

import kotlinx.coroutines.channels.trySendBlocking
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.channelFlow

/** What became of one document of a batch, or of all of them. */
sealed interface BatchStep {
    /** The document at [index] of the list, counted from 0, ended. */
    data class Ended(val index: Int, val outcome: BatchOutcome) : BatchStep

    /** The last step. */
    data class Done(val summary: BatchSummary) : BatchStep
}

/**
 * [signBatch] as a flow of its outcomes, none of which is lost: a collector that is slow slows the batch. It begins when the flow is collected and
 * is cancelled with the collector; documents that were told as signed stay so.
 */
fun batchSteps(
    items: List<BatchItem>,
    request: SignatureRequest,
    key: SigningKey,
    batchOptions: BatchOptions? = null,
    signOptions: SignOptions? = null,
    options: CallOptions? = null,
): Flow<BatchStep> =
    channelFlow {
        val listener =
            object : BatchListener {
                override fun ended(index: Int, outcome: BatchOutcome) {
                    trySendBlocking(BatchStep.Ended(index, outcome)).getOrThrow()
                }
            }
        val summary = signBatch(items, request, key, listener, batchOptions, signOptions, options)
        send(BatchStep.Done(summary))
    }

/** What came out for one document of a batch, or for all of them. */
sealed interface VerifyStep {
    /** The document at [index] of the list, counted from 0, was judged. */
    data class Ended(val index: Int, val outcome: VerifyOutcome) : VerifyStep

    /** The last step. */
    data class Done(val summary: VerifyBatchSummary) : VerifyStep
}

/** [verifyBatch] as a flow of its outcomes, on threads for computations. It begins when the flow is collected and is cancelled with the collector. */
fun verifySteps(
    files: List<String>,
    trust: TrustAnchors,
    batchOptions: VerifyBatchOptions? = null,
    verifyOptions: VerifyOptions? = null,
    options: CallOptions? = null,
): Flow<VerifyStep> =
    channelFlow {
        val listener =
            object : VerifyListener {
                override fun ended(index: Int, outcome: VerifyOutcome) {
                    trySendBlocking(VerifyStep.Ended(index, outcome)).getOrThrow()
                }
            }
        val summary = computed(options) { verifyBatch(files, trust, listener, batchOptions, verifyOptions, it) }
        send(VerifyStep.Done(summary))
    }
