package com.thrivosign.sample

import android.content.Context
import android.net.Uri
import android.provider.OpenableColumns
import com.thrivosign.Document
import com.thrivosign.Identity
import com.thrivosign.Output
import com.thrivosign.Placement
import com.thrivosign.Preflight
import com.thrivosign.SignOptions
import com.thrivosign.SignatureRequest
import com.thrivosign.TrustAnchors
import com.thrivosign.Words
import com.thrivosign.keyIn
import com.thrivosign.preflight
import com.thrivosign.sign
import com.thrivosign.verify
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import java.io.File
import java.io.FileNotFoundException
import java.security.DigestInputStream
import java.security.MessageDigest
import java.util.Locale

/** The verdict on a signed document, in the person's language. */
class Verdict(val clean: Boolean, val text: String)

/** The document in hand: a copy of what was opened, what the check found in it, and what became of it. */
class Agreement private constructor(val name: String, val file: File, private val digest: ByteArray, val findings: Preflight) {
    val signed = File(file.parentFile, SIGNED)

    /** Set once it was signed. */
    @Volatile var verdict: Verdict? = null
        private set

    /** Signs what was shown, and verifies what was signed. */
    suspend fun sign(app: SampleApp, identity: Identity) {
        app.approving = R.string.prompt_title
        val request = SignatureRequest(placement = Placement.NextFree(180.0, 50.0), reason = app.getString(R.string.reason))
        // The file could be another one by now than the one that was shown.
        val options = SignOptions(shown = digest)
        Document.open(file.path).use { sign(it, Output.File(signed.path), request, identity.keyIn(app.keys), options) }
        val trust = withContext(Dispatchers.IO) { TrustAnchors.fromPem(app.account.trust.readBytes()) }
        verdict = Document.open(signed.path).use { it.verify(trust) }.use { Verdict(it.clean(), it.text(words())) }
    }

    private fun words(): Words = Words.builtIn(if (Locale.getDefault().language == "de") "de" else "en")

    companion object {
        const val SIGNED = "signed.pdf"

        /** Copies the document, so that nobody changes it while it is read and signed, and looks it over. */
        suspend fun open(context: Context, uri: Uri): Agreement =
            withContext(Dispatchers.IO) {
                val file = File(context.filesDir, "opened.pdf")
                File(context.filesDir, SIGNED).delete()
                val digest = MessageDigest.getInstance("SHA-256")
                val input = context.contentResolver.openInputStream(uri) ?: throw FileNotFoundException()
                DigestInputStream(input, digest).use { from -> file.outputStream().use { from.copyTo(it) } }
                val findings = Document.open(file.path).use { it.preflight() }
                Agreement(nameOf(context, uri), file, digest.digest(), findings)
            }

        private fun nameOf(context: Context, uri: Uri): String =
            context.contentResolver.query(uri, arrayOf(OpenableColumns.DISPLAY_NAME), null, null, null)
                ?.use { if (it.moveToFirst()) it.getString(0) else null }
                ?: "document.pdf"
    }
}
