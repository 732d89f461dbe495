package com.thrivosign.sample

import android.app.Activity
import android.content.Intent
import android.view.View
import android.view.ViewGroup
import android.widget.Button
import android.widget.CheckBox
import android.widget.EditText
import android.widget.ImageView
import android.widget.TextView
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import java.io.File
import java.io.FileNotFoundException

/** The sample's screens, with its own manifest and resources. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [27, 34])
class ScreensTest {
    private inline fun <reified A : Activity> shown(): A = Robolectric.buildActivity(A::class.java).setup().get()

    private fun all(view: View): List<View> =
        listOf(view) + ((view as? ViewGroup)?.let { group -> (0 until group.childCount).flatMap { all(group.getChildAt(it)) } } ?: emptyList())

    private fun Activity.text(id: Int) = findViewById<TextView>(id).text.toString()

    @Test
    fun `without a document nothing can be signed or shared`() {
        val screen = shown<AgreementActivity>()
        assertEquals("No document is open.", screen.text(R.id.status))
        assertFalse(screen.findViewById<Button>(R.id.sign).isEnabled)
        assertFalse(screen.findViewById<Button>(R.id.share).isEnabled)
        screen.findViewById<Button>(R.id.open).performClick()
        val picked = shadowOf(screen).nextStartedActivity
        assertEquals(Intent.ACTION_OPEN_DOCUMENT to "application/pdf", picked.action to picked.type)
        screen.findViewById<Button>(R.id.set_up).performClick()
        assertEquals(SetUpActivity::class.java.name, shadowOf(screen).nextStartedActivity.component!!.className)
    }

    @Test
    @Config(qualifiers = "de")
    fun `in German`() {
        val screen = shown<AgreementActivity>()
        assertEquals("Es ist kein Dokument geöffnet.", screen.text(R.id.status))
        assertEquals("Unterschreiben", screen.text(R.id.sign))
        assertEquals("Einrichten", shown<SetUpActivity>().title)
    }

    @Test
    fun `who cannot see is told what everything is`() {
        for (screen in listOf(shown<AgreementActivity>(), shown<SetUpActivity>())) {
            val views = all(screen.findViewById(android.R.id.content))
            val labels = views.map { it.labelFor }
            for (view in views.filter { it.visibility == View.VISIBLE }) {
                when (view) {
                    is EditText -> assertTrue("a field without a label", view.id in labels)
                    is Button -> assertTrue("a button without a text", view.text.isNotEmpty())
                    is ImageView -> assertTrue("a picture without a description", !view.contentDescription.isNullOrEmpty())
                }
            }
        }
    }

    @Test
    @Config(qualifiers = "w320dp-h480dp")
    fun `large text on a small screen stays within it`() {
        RuntimeEnvironment.setFontScale(2.0f)
        val screen = shown<AgreementActivity>()
        for (id in listOf(R.id.open, R.id.sign, R.id.share, R.id.set_up)) {
            val button = screen.findViewById<Button>(id)
            val place = IntArray(2).also(button::getLocationInWindow)
            assertTrue("no button is pushed out", button.height > 0 && place[1] + button.height <= screen.window.decorView.height)
            assertTrue("no text is cut off", button.layout == null || button.layout.height <= button.height)
        }
    }

    @Test
    fun `keys without hardware are for builds that can be debugged`() {
        val app = RuntimeEnvironment.getApplication() as SampleApp
        assertFalse(app.isDebuggable)
        app.account.softwareKeys = true
        val box = shown<SetUpActivity>().findViewById<CheckBox>(R.id.software_keys)
        assertEquals(View.GONE, box.visibility)
    }

    @Test
    fun `nothing but the signed document leaves the app`() {
        val app = RuntimeEnvironment.getApplication()
        val resolver = app.contentResolver
        assertThrows(FileNotFoundException::class.java) { resolver.openFileDescriptor(SignedFiles.SIGNED, "r") }
        File(app.filesDir, Agreement.SIGNED).writeText("signed")
        File(app.filesDir, "identity.json").writeText("private")
        assertEquals("signed", resolver.openInputStream(SignedFiles.SIGNED)!!.reader().readText())
        assertThrows(FileNotFoundException::class.java) { resolver.openFileDescriptor(SignedFiles.SIGNED, "rw") }
        for (path in listOf("identity.json", "../files/identity.json", "x/signed.pdf", "signed.pdf/../identity.json")) {
            val uri = SignedFiles.SIGNED.buildUpon().path(path).build()
            assertThrows(FileNotFoundException::class.java) { resolver.openFileDescriptor(uri, "r") }
        }
        val info = app.packageManager.getPackageInfo(app.packageName, android.content.pm.PackageManager.GET_PROVIDERS).providers!!.single()
        assertTrue(!info.exported && info.grantUriPermissions)
        assertEquals(0, app.applicationInfo.flags and android.content.pm.ApplicationInfo.FLAG_ALLOW_BACKUP)
    }
}
