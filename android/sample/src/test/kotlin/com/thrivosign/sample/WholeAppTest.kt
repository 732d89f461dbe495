package com.thrivosign.sample

import android.app.Activity
import android.app.AlertDialog
import android.content.DialogInterface
import android.content.Intent
import android.graphics.pdf.PdfRenderer
import android.hardware.biometrics.BiometricManager
import android.hardware.biometrics.BiometricPrompt
import android.net.Uri
import android.os.Looper
import android.os.ParcelFileDescriptor
import android.view.ViewGroup
import android.widget.Button
import android.widget.EditText
import android.widget.TextView
import com.thrivosign.Protection
import com.thrivosign.Server
import com.thrivosign.android.PlayedKeystore
import com.thrivosign.android.SecureArea
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.annotation.Implementation
import org.robolectric.annotation.Implements
import org.robolectric.shadow.api.Shadow
import org.robolectric.shadows.ShadowAlertDialog
import org.robolectric.shadows.ShadowBiometricManager
import java.io.File

/** Draws no page: that is native. */
@Implements(PdfRenderer::class)
class BlankRenderer {
    @Implementation
    @Suppress("UNUSED_PARAMETER")
    fun __constructor__(input: ParcelFileDescriptor) = Unit

    @Implementation fun getPageCount() = 0

    @Implementation fun close() = Unit
}

/** A person with the app: the screens, the real library, a demo server, and a played keystore and prompt. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [34], shadows = [PlayedPrompt::class, BlankRenderer::class])
class WholeAppTest {
    private val app = RuntimeEnvironment.getApplication() as SampleApp
    private val prompts = mutableListOf<Pair<CharSequence?, CharSequence?>>()

    /** What the person does with a prompt. */
    private var finger: (PlayedPrompt.Shown) -> Unit = { shown ->
        SecureArea.lastBegun!!.approved = true
        shown.callback.onAuthenticationSucceeded(null)
    }

    /** Lets the app run until [done], while the person types each code and answers each prompt. */
    private fun until(what: String, done: () -> Boolean) {
        val end = System.nanoTime() + 120_000_000_000
        var typed: AlertDialog? = null
        while (!done()) {
            if (System.nanoTime() > end) throw AssertionError("never: $what")
            shadowOf(Looper.getMainLooper()).idle()
            PlayedPrompt.next()?.let {
                prompts += it.prompt.title to it.prompt.description
                finger(it)
            }
            val dialog = ShadowAlertDialog.getLatestDialog() as? AlertDialog
            val field = dialog?.takeIf { it.isShowing && it !== typed }?.let { fieldOf(it.window!!.decorView as ViewGroup) }
            if (field != null) {
                typed = dialog
                field.setText(Server.code().use { File(System.getenv("THRIVOSIGN_OUTBOX")).readLines().last() })
                dialog.getButton(DialogInterface.BUTTON_POSITIVE).performClick()
            }
            Thread.sleep(5)
        }
    }

    private fun fieldOf(group: ViewGroup): EditText? =
        (0 until group.childCount).firstNotNullOfOrNull { at ->
            group.getChildAt(at).let { it as? EditText ?: (it as? ViewGroup)?.let(::fieldOf) }
        }

    private fun Activity.says(text: Int) = findViewById<TextView>(R.id.status).text.toString() == getString(text)

    private fun AgreementActivity.open() {
        findViewById<Button>(R.id.open).performClick()
        val uri = Uri.parse("content://documents/loan")
        shadowOf(contentResolver).registerInputStream(uri, Server.agreement.inputStream())
        shadowOf(this).receiveResult(shadowOf(this).nextStartedActivity, Activity.RESULT_OK, Intent().setData(uri))
        until("the document is shown") { says(R.string.ready) }
    }

    private fun enrol() {
        File(System.getenv("THRIVOSIGN_TLS_ROOT")).copyTo(app.account.tlsRoots, overwrite = true)
        File(System.getenv("THRIVOSIGN_TRUST")).copyTo(app.account.trust, overwrite = true)
        val screen = Robolectric.buildActivity(SetUpActivity::class.java).setup()
        val typed =
            mapOf(
                R.id.service to System.getenv("THRIVOSIGN_SERVICE"),
                R.id.api_key to System.getenv("THRIVOSIGN_API_KEY"),
                R.id.user to System.getenv("THRIVOSIGN_USER"),
                R.id.password to System.getenv("THRIVOSIGN_PASSWORD"),
                R.id.your_name to "Anna Schmidt",
                R.id.country to "DE",
            )
        for ((field, text) in typed) screen.get().findViewById<EditText>(field).setText(text)
        screen.get().findViewById<Button>(R.id.enrol).performClick()
        until("the device is enrolled") { screen.get().says(R.string.enrolled) }
        screen.pause().stop().destroy()
    }

    @Test
    fun `enrolled, read, signed with a finger, verified, shared`() {
        PlayedKeystore.install()
        // A made-up proof is worse than none: the server would refuse it.
        SecureArea.attests = false
        val sensor = Shadow.extract<ShadowBiometricManager>(app.getSystemService(BiometricManager::class.java))
        sensor.setCanAuthenticate(true)
        sensor.setAuthenticatorType(BiometricManager.Authenticators.BIOMETRIC_STRONG)
        enrol()
        assertEquals(listOf(app.getString(R.string.prompt_certificate) to null), prompts)
        assertEquals(Protection.TEE, app.keys.info("signing").protection)

        val controller = Robolectric.buildActivity(AgreementActivity::class.java).setup()
        val screen = controller.get()
        screen.open()
        assertTrue("the check's findings", "font" in app.agreement!!.findings.inspection.markers.joinToString { it.code })

        // Declined: nothing was signed, and it can be tried again.
        finger = { it.callback.onAuthenticationError(BiometricPrompt.BIOMETRIC_ERROR_USER_CANCELED, "") }
        screen.findViewById<Button>(R.id.sign).performClick()
        until("the refusal is told") { screen.says(R.string.ready) }
        val told = shadowOf(ShadowAlertDialog.getLatestDialog() as AlertDialog).message
        assertEquals(app.getString(R.string.error_cancelled), told)
        assertFalse(app.agreement!!.signed.exists())

        finger = { shown ->
            SecureArea.lastBegun!!.approved = true
            shown.callback.onAuthenticationSucceeded(null)
        }
        screen.findViewById<Button>(R.id.sign).performClick()
        until("the verdict is told") { screen.says(R.string.signed_clean) }
        assertEquals(app.getString(R.string.prompt_title) to "document.pdf", prompts.last())
        val signed = app.agreement!!.signed.readBytes()
        assertArrayEquals(Server.agreement, signed.copyOf(Server.agreement.size))
        assertFalse("signed once", screen.findViewById<Button>(R.id.sign).isEnabled)

        screen.findViewById<Button>(R.id.share).performClick()
        val chooser = shadowOf(screen).nextStartedActivity
        val send = chooser.getParcelableExtra(Intent.EXTRA_INTENT, Intent::class.java)!!
        val shared = send.getParcelableExtra(Intent.EXTRA_STREAM, Uri::class.java)!!
        assertArrayEquals(signed, app.contentResolver.openInputStream(shared)!!.readBytes())
        assertTrue(send.flags and Intent.FLAG_GRANT_READ_URI_PERMISSION != 0)

        // Another document than the one that was shown is not signed.
        screen.open()
        app.agreement!!.file.appendBytes("% changed".encodeToByteArray())
        screen.findViewById<Button>(R.id.sign).performClick()
        until("the change is told") { screen.says(R.string.ready) }
        assertFalse(app.agreement!!.signed.exists())

        // A new fingerprint.
        screen.open()
        SecureArea.keys.getValue("thrivosign/signing/signing").invalidated = true
        screen.findViewById<Button>(R.id.sign).performClick()
        until("the key is void") { screen.says(R.string.ready) }
        assertEquals(app.getString(R.string.error_invalidated), shadowOf(ShadowAlertDialog.getLatestDialog() as AlertDialog).message)
        controller.pause()
        enrol()
        controller.resume()
        screen.findViewById<Button>(R.id.sign).performClick()
        until("signed with the new key") { screen.says(R.string.signed_clean) }
    }
}
