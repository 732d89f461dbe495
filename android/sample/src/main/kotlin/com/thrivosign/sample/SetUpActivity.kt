package com.thrivosign.sample

import android.app.Activity
import android.app.AlertDialog
import android.content.Intent
import android.os.Bundle
import android.text.InputType
import android.view.View
import android.view.WindowManager
import android.widget.Button
import android.widget.CheckBox
import android.widget.EditText
import android.widget.TextView
import com.thrivosign.Secret
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch
import kotlinx.coroutines.suspendCancellableCoroutine
import kotlinx.coroutines.withContext
import java.io.FileNotFoundException
import kotlin.coroutines.resume

/** The form to enrol this device with. Nothing that is typed here is kept. */
class SetUpActivity : Activity() {
    /** Ends with the screen: without it nobody can type the codes. */
    private val scope = CoroutineScope(Job() + Dispatchers.Main)
    private val status: TextView by lazy { findViewById(R.id.status) }
    private val enrol: Button by lazy { findViewById(R.id.enrol) }

    override fun onCreate(state: Bundle?) {
        super.onCreate(state)
        // No picture of the password in the list of recent apps.
        window.addFlags(WindowManager.LayoutParams.FLAG_SECURE)
        setContentView(R.layout.set_up)
        findViewById<Button>(R.id.choose_tls).setOnClickListener { choose(TLS) }
        findViewById<Button>(R.id.choose_trust).setOnClickListener { choose(TRUST) }
        findViewById<CheckBox>(R.id.software_keys).apply {
            visibility = if (app.isDebuggable) View.VISIBLE else View.GONE
            isChecked = app.account.softwareKeys
            setOnCheckedChangeListener { _, ticked -> app.account.softwareKeys = ticked }
        }
        enrol.setOnClickListener { enrol() }
    }

    override fun onDestroy() {
        scope.cancel()
        super.onDestroy()
    }

    private fun choose(what: Int) =
        startActivityForResult(Intent(Intent.ACTION_OPEN_DOCUMENT).addCategory(Intent.CATEGORY_OPENABLE).setType("*/*"), what)

    @Deprecated("The framework has no other way below AndroidX.")
    override fun onActivityResult(request: Int, result: Int, data: Intent?) {
        val uri = data?.data?.takeIf { result == RESULT_OK } ?: return
        val (file, label) = if (request == TLS) app.account.tlsRoots to R.string.choose_tls else app.account.trust to R.string.choose_trust
        work {
            withContext(Dispatchers.IO) {
                val input = contentResolver.openInputStream(uri) ?: throw FileNotFoundException()
                input.use { from -> file.outputStream().use { from.copyTo(it) } }
            }
            getString(R.string.chosen, getString(label))
        }
    }

    private fun text(id: Int): String = findViewById<EditText>(id).text.toString().trim()

    private fun enrol() {
        app.keys.obstacle()?.let {
            status.text = wording(it)
            return
        }
        val form = Form(text(R.id.service), text(R.id.api_key), text(R.id.user), text(R.id.password), text(R.id.your_name), text(R.id.country))
        work {
            val done = app.account.enrol(form) { withContext(Dispatchers.Main) { Secret(askCode()) } }
            getString(if (done) R.string.enrolled else R.string.waits_for_officer)
        }
    }

    /** Asks for the code that was sent; to dismiss the dialog is to give up. */
    private suspend fun askCode(): String =
        suspendCancellableCoroutine { waiting ->
            val field = EditText(this).apply {
                inputType = InputType.TYPE_CLASS_NUMBER
                hint = getString(R.string.code)
            }
            val dialog =
                AlertDialog.Builder(this)
                    .setTitle(R.string.code)
                    .setView(field)
                    .setPositiveButton(R.string.continue_) { _, _ -> waiting.resume(field.text.toString().trim()) }
                    .setNegativeButton(R.string.cancel) { _, _ -> waiting.cancel() }
                    .setOnCancelListener { waiting.cancel() }
                    .show()
            waiting.invokeOnCancellation { runOnUiThread { dialog.dismiss() } }
        }

    /** Runs [job], and shows what it says. */
    private fun work(job: suspend () -> String) {
        enrol.isEnabled = false
        status.text = getString(R.string.working)
        scope.launch {
            try {
                status.text = job()
            } catch (cancelled: CancellationException) {
                status.text = ""
                throw cancelled
            } catch (error: Exception) {
                status.text = wording(error)
            } finally {
                enrol.isEnabled = true
            }
        }
    }

    private companion object {
        const val TLS = 1
        const val TRUST = 2
    }
}
