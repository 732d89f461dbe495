package com.thrivosign.sample

import android.app.Activity
import android.app.AlertDialog
import android.content.Intent
import android.os.Bundle
import android.widget.Button
import android.widget.ListView
import android.widget.TextView
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.launch
import java.io.IOException

/** The document: its pages, what the check found, and the four things to do with it. */
class AgreementActivity : Activity() {
    private val status: TextView by lazy { findViewById(R.id.status) }
    private val list: ListView by lazy { findViewById(R.id.pages) }
    private val findings: TextView by lazy { TextView(this).apply { setPadding(16, 16, 16, 16) } }
    private val sign: Button by lazy { findViewById(R.id.sign) }
    private val share: Button by lazy { findViewById(R.id.share) }
    private var pages: Pages? = null
    private var working = false

    override fun onCreate(state: Bundle?) {
        super.onCreate(state)
        setContentView(R.layout.agreement)
        list.addHeaderView(findings, null, false)
        findViewById<Button>(R.id.open).setOnClickListener {
            val choice = Intent(Intent.ACTION_OPEN_DOCUMENT).addCategory(Intent.CATEGORY_OPENABLE).setType("application/pdf")
            startActivityForResult(choice, OPEN)
        }
        findViewById<Button>(R.id.set_up).setOnClickListener { startActivity(Intent(this, SetUpActivity::class.java)) }
        sign.setOnClickListener { sign() }
        share.setOnClickListener {
            val send = Intent(Intent.ACTION_SEND).setType("application/pdf").putExtra(Intent.EXTRA_STREAM, SignedFiles.SIGNED)
            startActivity(Intent.createChooser(send.addFlags(Intent.FLAG_GRANT_READ_URI_PERMISSION), getString(R.string.share)))
        }
        show()
    }

    override fun onDestroy() {
        list.adapter = null
        pages?.close()
        super.onDestroy()
    }

    @Deprecated("The framework has no other way below AndroidX.")
    override fun onActivityResult(request: Int, result: Int, data: Intent?) {
        val uri = data?.data?.takeIf { request == OPEN && result == RESULT_OK } ?: return
        work {
            app.agreement = null
            app.agreement = Agreement.open(applicationContext, uri)
        }
    }

    private fun sign() {
        val agreement = app.agreement ?: return
        app.keys.obstacle()?.let { return tell(wording(it)) }
        work {
            val identity = app.account.identity()
            if (identity == null || !app.account.trust.exists()) {
                startActivity(Intent(this, SetUpActivity::class.java))
            } else {
                agreement.sign(app, identity)
            }
        }
    }

    /** Shows the document as it is now. Only one that can be shown can be signed. */
    private fun show() {
        val agreement = app.agreement
        list.adapter = null
        pages?.close()
        pages = null
        if (agreement != null) {
            try {
                pages = Pages(this, if (agreement.verdict == null) agreement.file else agreement.signed)
            } catch (_: IOException) {
                // Broken or encrypted: told below.
            } catch (_: SecurityException) {
                // With a password.
            }
        }
        findings.text = agreement?.let(::found).orEmpty()
        list.adapter = pages
        val verdict = agreement?.verdict
        tell(
            when {
                agreement == null -> getString(R.string.nothing_open)
                pages == null -> getString(R.string.cannot_show)
                verdict == null -> getString(R.string.ready)
                verdict.clean -> getString(R.string.signed_clean)
                else -> getString(R.string.signed_not_clean)
            },
        )
        sign.isEnabled = !working && pages != null && verdict == null
        share.isEnabled = !working && verdict != null
    }

    private fun found(agreement: Agreement): String {
        agreement.verdict?.let { return it.text }
        val markers = agreement.findings.inspection.markers
        if (markers.isEmpty()) return getString(R.string.no_findings)
        val lines = markers.map { marker -> listOfNotNull(marker.page?.let { getString(R.string.page_of, it, agreement.findings.inspection.pages) }, marker.text).joinToString(": ") }
        return (listOf(getString(R.string.findings)) + lines).joinToString("\n")
    }

    private fun tell(text: String) {
        status.text = text
    }

    /** Runs [job], and shows how it ended. It goes on if this screen goes away. */
    private fun work(job: suspend () -> Unit) {
        working = true
        sign.isEnabled = false
        share.isEnabled = false
        tell(getString(R.string.working))
        app.scope.launch {
            var failure: Exception? = null
            try {
                job()
            } catch (cancelled: CancellationException) {
                throw cancelled
            } catch (error: Exception) {
                failure = error
            }
            working = false
            if (isDestroyed) return@launch
            show()
            failure?.let { AlertDialog.Builder(this@AgreementActivity).setMessage(wording(it)).setPositiveButton(android.R.string.ok, null).show() }
        }
    }

    private companion object {
        const val OPEN = 1
    }
}
