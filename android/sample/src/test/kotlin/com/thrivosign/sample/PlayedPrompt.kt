package com.thrivosign.sample

import android.hardware.biometrics.BiometricPrompt
import android.os.CancellationSignal
import org.robolectric.annotation.Implementation
import org.robolectric.annotation.Implements
import org.robolectric.annotation.RealObject
import java.util.concurrent.Executor
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit

/** The system's prompt, up to where the system would draw it: what was asked for is kept, and the test answers. */
@Implements(BiometricPrompt::class)
class PlayedPrompt {
    @RealObject lateinit var prompt: BiometricPrompt

    class Shown(
        val prompt: BiometricPrompt,
        val operation: BiometricPrompt.CryptoObject?,
        val cancel: CancellationSignal,
        val callback: BiometricPrompt.AuthenticationCallback,
    )

    @Implementation
    fun authenticate(cancel: CancellationSignal, @Suppress("UNUSED_PARAMETER") executor: Executor, callback: BiometricPrompt.AuthenticationCallback) {
        shown.put(Shown(prompt, null, cancel, callback))
    }

    @Implementation
    fun authenticate(
        operation: BiometricPrompt.CryptoObject,
        cancel: CancellationSignal,
        @Suppress("UNUSED_PARAMETER") executor: Executor,
        callback: BiometricPrompt.AuthenticationCallback,
    ) {
        shown.put(Shown(prompt, operation, cancel, callback))
    }

    companion object {
        private val shown = LinkedBlockingQueue<Shown>()

        fun next(): Shown? = shown.poll(0, TimeUnit.SECONDS)
    }
}
