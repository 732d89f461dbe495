package com.thrivosign.android

import android.annotation.TargetApi
import android.app.Activity
import android.app.AlertDialog
import android.content.Context
import android.hardware.biometrics.BiometricManager
import android.hardware.biometrics.BiometricPrompt
import android.hardware.fingerprint.FingerprintManager
import android.os.Build
import android.os.CancellationSignal
import java.security.Signature
import java.util.concurrent.CompletableFuture

/**
 * The words of the prompt, in the person's language. What is signed belongs into [description]: it is what the person approves.
 *
 * @property cancel the button that declines; not shown where the screen lock may approve too.
 */
class PromptTexts(val title: CharSequence, val cancel: CharSequence, val description: CharSequence? = null)

/**
 * [UserApproval] by the system's prompt (API 28 and later), or by the fingerprint reader and a dialog of this library (API 24 to 27).
 *
 * @param context any of the app's; its application's is kept.
 * @param texts asked for each prompt.
 * @param front the activity that is in front, or null if there is none. Called on any thread, kept no longer than a prompt lasts.
 */
class PromptApproval(context: Context, private val texts: () -> PromptTexts, private val front: () -> Activity?) : UserApproval {
    private val context = context.applicationContext

    override fun approve(operation: Signature?, deviceCredential: Boolean): Approval {
        val activity = front()?.takeUnless { it.isFinishing || it.isDestroyed } ?: return Approval.UNAVAILABLE
        val answer = CompletableFuture<Approval>()
        val cancel = CancellationSignal()
        activity.runOnUiThread {
            try {
                if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.P) {
                    prompt(activity, operation, deviceCredential, cancel, answer)
                } else {
                    fingerprint(activity, operation, cancel, answer)
                }
            } catch (_: RuntimeException) {
                // An activity that just left, a device without the service, a permission that the app's manifest takes away.
                answer.complete(Approval.UNAVAILABLE)
            }
        }
        try {
            return answer.get()
        } catch (interrupted: InterruptedException) {
            activity.runOnUiThread(cancel::cancel)
            answer.complete(Approval.CANCELLED)
            throw interrupted
        }
    }

    override fun obstacle(deviceCredential: Boolean): Obstacle? =
        when {
            Build.VERSION.SDK_INT >= Build.VERSION_CODES.R ->
                obstacleOf(context.getSystemService(BiometricManager::class.java)?.canAuthenticate(authenticators(deviceCredential)))
            Build.VERSION.SDK_INT == Build.VERSION_CODES.Q -> {
                @Suppress("DEPRECATION")
                obstacleOf(context.getSystemService(BiometricManager::class.java)?.canAuthenticate())
            }
            else -> fingerprintObstacle()
        }

    @TargetApi(Build.VERSION_CODES.P)
    private fun prompt(
        activity: Activity,
        operation: Signature?,
        deviceCredential: Boolean,
        cancel: CancellationSignal,
        answer: CompletableFuture<Approval>,
    ) {
        val words = texts()
        val builder = BiometricPrompt.Builder(activity).setTitle(words.title)
        words.description?.let(builder::setDescription)
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.R) builder.setAllowedAuthenticators(authenticators(deviceCredential))
        if (!deviceCredential) builder.setNegativeButton(words.cancel, activity.mainExecutor) { _, _ -> answer.complete(Approval.CANCELLED) }
        val callback =
            object : BiometricPrompt.AuthenticationCallback() {
                override fun onAuthenticationSucceeded(result: BiometricPrompt.AuthenticationResult?) {
                    answer.complete(Approval.APPROVED)
                }

                override fun onAuthenticationError(code: Int, text: CharSequence?) {
                    answer.complete(approvalOf(code))
                }
            }
        val prompt = builder.build()
        if (operation == null) {
            prompt.authenticate(cancel, activity.mainExecutor, callback)
        } else {
            prompt.authenticate(BiometricPrompt.CryptoObject(operation), cancel, activity.mainExecutor, callback)
        }
    }

    @Suppress("DEPRECATION")
    private fun fingerprint(activity: Activity, operation: Signature?, cancel: CancellationSignal, answer: CompletableFuture<Approval>) {
        val reader = activity.getSystemService(FingerprintManager::class.java)
        if (reader == null) {
            answer.complete(Approval.UNAVAILABLE)
            return
        }
        val words = texts()
        val dialog =
            AlertDialog.Builder(activity)
                .setTitle(words.title)
                .setMessage(words.description)
                .setNegativeButton(words.cancel) { _, _ -> answer.complete(Approval.CANCELLED) }
                .setOnCancelListener { answer.complete(Approval.CANCELLED) }
                .show()
        answer.whenComplete { _, _ ->
            activity.runOnUiThread {
                cancel.cancel()
                if (dialog.isShowing && !activity.isDestroyed) dialog.dismiss()
            }
        }
        val callback =
            object : FingerprintManager.AuthenticationCallback() {
                override fun onAuthenticationSucceeded(result: FingerprintManager.AuthenticationResult?) {
                    answer.complete(Approval.APPROVED)
                }

                override fun onAuthenticationError(code: Int, text: CharSequence?) {
                    answer.complete(approvalOf(code))
                }

                // A wet finger: the person is told and may try again.
                override fun onAuthenticationHelp(code: Int, text: CharSequence?) = dialog.setMessage(text)
            }
        reader.authenticate(operation?.let(FingerprintManager::CryptoObject), cancel, 0, callback, null)
    }

    @Suppress("DEPRECATION")
    private fun fingerprintObstacle(): Obstacle? {
        val reader = context.getSystemService(FingerprintManager::class.java)
        return when {
            reader == null || !reader.isHardwareDetected -> Obstacle.NO_HARDWARE
            !reader.hasEnrolledFingerprints() -> Obstacle.NOTHING_ENROLLED
            else -> null
        }
    }
}

@TargetApi(Build.VERSION_CODES.R)
private fun authenticators(deviceCredential: Boolean): Int =
    BiometricManager.Authenticators.BIOMETRIC_STRONG or (if (deviceCredential) BiometricManager.Authenticators.DEVICE_CREDENTIAL else 0)

/** What an error of the prompt or of the fingerprint reader means; both have the same numbers. */
internal fun approvalOf(code: Int): Approval =
    when (code) {
        BiometricPrompt.BIOMETRIC_ERROR_USER_CANCELED,
        BiometricPrompt.BIOMETRIC_ERROR_CANCELED,
        BiometricPrompt.BIOMETRIC_ERROR_TIMEOUT,
        -> Approval.CANCELLED
        BiometricPrompt.BIOMETRIC_ERROR_LOCKOUT, BiometricPrompt.BIOMETRIC_ERROR_LOCKOUT_PERMANENT -> Approval.LOCKED
        else -> Approval.UNAVAILABLE
    }

/** What the answer of `canAuthenticate` means; null is a device without the service. */
internal fun obstacleOf(answer: Int?): Obstacle? =
    when (answer) {
        BiometricManager.BIOMETRIC_SUCCESS -> null
        BiometricManager.BIOMETRIC_ERROR_NONE_ENROLLED -> Obstacle.NOTHING_ENROLLED
        BiometricManager.BIOMETRIC_ERROR_HW_UNAVAILABLE -> Obstacle.HARDWARE_BUSY
        else -> Obstacle.NO_HARDWARE
    }
