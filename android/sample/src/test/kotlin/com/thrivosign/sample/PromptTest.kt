package com.thrivosign.sample

import android.app.Activity
import android.app.AlertDialog
import android.content.DialogInterface
import android.hardware.biometrics.BiometricManager
import android.hardware.biometrics.BiometricPrompt
import android.hardware.fingerprint.FingerprintManager
import android.os.Looper
import com.thrivosign.android.Approval
import com.thrivosign.android.Obstacle
import com.thrivosign.android.PromptApproval
import com.thrivosign.android.PromptTexts
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertSame
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.shadow.api.Shadow
import org.robolectric.shadows.ShadowAlertDialog
import org.robolectric.shadows.ShadowBiometricManager
import org.robolectric.shadows.ShadowFingerprintManager
import java.security.Signature
import java.util.concurrent.CompletableFuture
import java.util.concurrent.TimeUnit
import kotlin.concurrent.thread

/** `PromptApproval` against the framework: what it asks the system, and what it makes of each answer. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [34], shadows = [PlayedPrompt::class], application = android.app.Application::class)
class PromptTest {
    private val activity: Activity = Robolectric.buildActivity(Activity::class.java).setup().get()
    private val operation: Signature = Signature.getInstance("SHA256withECDSA")
    private val approval = PromptApproval(RuntimeEnvironment.getApplication(), { PromptTexts("Sign?", "No", "a loan") }, { activity })

    /** An approval that is waited for on a thread of its own; `show` runs the main thread until something is on the screen. */
    private class Asked(approve: () -> Approval) {
        val answer = CompletableFuture<Approval>()
        val thread =
            thread {
                try {
                    answer.complete(approve())
                } catch (error: Throwable) {
                    answer.completeExceptionally(error)
                }
            }

        fun <T : Any> show(look: () -> T?): T {
            repeat(1000) {
                shadowOf(Looper.getMainLooper()).idle()
                look()?.let { return it }
                Thread.sleep(5)
            }
            throw AssertionError("nothing was shown")
        }

        fun answered(): Approval {
            repeat(1000) {
                shadowOf(Looper.getMainLooper()).idle()
                if (answer.isDone) return answer.get()
                Thread.sleep(5)
            }
            return answer.get(1, TimeUnit.SECONDS)
        }
    }

    private fun asked(operation: Signature? = this.operation, credential: Boolean = false) = Asked { approval.approve(operation, credential) }

    private fun prompt(asked: Asked) = asked.show { PlayedPrompt.next() }

    @Test
    fun `the system's prompt, bound to the one signature`() {
        val asked = asked()
        val shown = prompt(asked)
        assertSame(operation, shown.operation!!.signature)
        assertEquals(listOf("Sign?", "a loan", "No"), listOf(shown.prompt.title, shown.prompt.description, shown.prompt.negativeButtonText))
        assertEquals(BiometricManager.Authenticators.BIOMETRIC_STRONG, shown.prompt.allowedAuthenticators)
        shown.callback.onAuthenticationFailed()
        shown.callback.onAuthenticationHelp(1, "a wet finger")
        assertFalse("a wrong finger is no answer yet", asked.answer.isDone)
        shown.callback.onAuthenticationSucceeded(null)
        assertEquals(Approval.APPROVED, asked.answered())
    }

    @Test
    fun `the screen lock too, without a button to decline, and for a window without an operation`() {
        val asked = asked(operation = null, credential = true)
        val shown = prompt(asked)
        assertNull(shown.operation)
        assertNull(shown.prompt.negativeButtonText)
        val both = BiometricManager.Authenticators.BIOMETRIC_STRONG or BiometricManager.Authenticators.DEVICE_CREDENTIAL
        assertEquals(both, shown.prompt.allowedAuthenticators)
        shown.callback.onAuthenticationSucceeded(null)
        assertEquals(Approval.APPROVED, asked.answered())
    }

    @Test
    fun `each error of the system has its answer`() {
        val meanings =
            mapOf(
                BiometricPrompt.BIOMETRIC_ERROR_USER_CANCELED to Approval.CANCELLED,
                BiometricPrompt.BIOMETRIC_ERROR_CANCELED to Approval.CANCELLED,
                BiometricPrompt.BIOMETRIC_ERROR_LOCKOUT to Approval.LOCKED,
                BiometricPrompt.BIOMETRIC_ERROR_LOCKOUT_PERMANENT to Approval.LOCKED,
                BiometricPrompt.BIOMETRIC_ERROR_NO_BIOMETRICS to Approval.UNAVAILABLE,
            )
        for ((code, meaning) in meanings) {
            val asked = asked()
            prompt(asked).callback.onAuthenticationError(code, "in some language")
            assertEquals(meaning, asked.answered())
        }
    }

    @Test
    fun `an interrupted thread takes the prompt away`() {
        val asked = asked()
        val shown = prompt(asked)
        asked.thread.interrupt()
        asked.thread.join()
        assertTrue(asked.answer.isCompletedExceptionally)
        shadowOf(Looper.getMainLooper()).idle()
        assertTrue(shown.cancel.isCanceled)
    }

    @Test
    fun `without an activity in front nobody is asked`() {
        for (front in listOf<Activity?>(null, Robolectric.buildActivity(Activity::class.java).setup().get().also { it.finish() })) {
            val nobody = PromptApproval(RuntimeEnvironment.getApplication(), { PromptTexts("Sign?", "No") }, { front })
            assertEquals(Approval.UNAVAILABLE, Asked { nobody.approve(operation, false) }.answered())
        }
        assertNull(PlayedPrompt.next())
    }

    @Test
    fun `a prompt that cannot be shown is told`() {
        val wordless = PromptApproval(RuntimeEnvironment.getApplication(), { throw IllegalStateException("no words") }, { activity })
        assertEquals(Approval.UNAVAILABLE, Asked { wordless.approve(operation, false) }.answered())
    }

    @Test
    fun `what stands in the way`() {
        val sensor = Shadow.extract<ShadowBiometricManager>(RuntimeEnvironment.getApplication().getSystemService(BiometricManager::class.java))
        sensor.setCanAuthenticate(false)
        assertEquals(Obstacle.NO_HARDWARE, approval.obstacle(false))
        sensor.setCanAuthenticate(true)
        sensor.setAuthenticatorType(BiometricManager.Authenticators.BIOMETRIC_STRONG)
        assertNull(approval.obstacle(false))
    }

    @Suppress("DEPRECATION")
    private val reader: ShadowFingerprintManager
        get() = shadowOf(RuntimeEnvironment.getApplication().getSystemService(FingerprintManager::class.java))

    @Test
    @Config(sdk = [27])
    fun `a fingerprint reader and a dialog before API 28`() {
        reader.setIsHardwareDetected(false)
        assertEquals(Obstacle.NO_HARDWARE, approval.obstacle(false))
        reader.setIsHardwareDetected(true)
        assertEquals(Obstacle.NOTHING_ENROLLED, approval.obstacle(false))
        reader.setDefaultFingerprints(1)
        assertNull(approval.obstacle(false))

        val asked = asked()
        val dialog = asked.show { ShadowAlertDialog.getLatestDialog()?.takeIf { it.isShowing } } as AlertDialog
        assertEquals("Sign?" to "a loan", shadowOf(dialog).run { title to message })
        reader.authenticationFails()
        assertFalse(asked.answer.isDone)
        reader.authenticationSucceeds()
        assertEquals(Approval.APPROVED, asked.answered())
        shadowOf(Looper.getMainLooper()).idle()
        assertFalse("the dialog is gone", dialog.isShowing)
    }

    @Test
    @Config(sdk = [27])
    fun `the dialog declines, by its button or by back`() {
        for (decline in listOf<(AlertDialog) -> Unit>({ it.getButton(DialogInterface.BUTTON_NEGATIVE).performClick() }, { it.cancel() })) {
            val asked = asked()
            val dialog = asked.show { ShadowAlertDialog.getLatestDialog()?.takeIf { it.isShowing } } as AlertDialog
            decline(dialog)
            assertEquals(Approval.CANCELLED, asked.answered())
        }
    }
}
