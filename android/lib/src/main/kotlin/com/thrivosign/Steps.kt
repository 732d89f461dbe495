package com.thrivosign

import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.channelFlow
import kotlinx.coroutines.flow.conflate

/** How far a call is, or how it ended. */
sealed interface Step<out T> {
    /** Bytes done of bytes in all, pass by pass. */
    data class Progress(val done: Long, val total: Long) : Step<Nothing>

    /** The last step: the call's result. */
    data class Done<T>(val value: T) : Step<T>
}

/**
 * A call as a flow of its steps: `steps { client.submit(document, output, ..., options = it) }.collect { ... }`.
 *
 * The call begins when the flow is collected and is cancelled with the collector. A collector that is slow misses progress, never the
 * result, which is the last step. What the call throws, the flow throws.
 */
fun <T> steps(options: CallOptions = CallOptions(), call: suspend (CallOptions) -> T): Flow<Step<T>> =
    channelFlow<Step<T>> {
        val listener =
            object : ProgressListener {
                override fun progress(done: Long, total: Long) {
                    trySend(Step.Progress(done, total))
                }
            }
        val value = call(options.copy(progress = listener))
        send(Step.Done(value))
    }.conflate()
