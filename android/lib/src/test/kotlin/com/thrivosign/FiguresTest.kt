package com.thrivosign

import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.io.ByteArrayOutputStream
import java.nio.file.Files

/** What the border costs. Compare with `cargo run --release -p thrivosign-uniffi --example verify_rate`. */
class FiguresTest {
    /** A document of about 104 KB: one page, and a stream of text that does not compress. */
    private fun document(): ByteArray {
        val text = (0 until 2_500).joinToString("\n") { "BT /F 8 Tf 40 ${800 - it % 760} Td (line $it) Tj ET" }.take(102_000)
        val objects =
            listOf(
                "<< /Type /Catalog /Pages 2 0 R >>",
                "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>",
                "<< /Length ${text.length} >>\nstream\n$text\nendstream",
                "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            )
        val out = ByteArrayOutputStream()

        fun put(text: String) = out.write(text.toByteArray(Charsets.ISO_8859_1))
        put("%PDF-1.7\n")
        val offsets =
            objects.mapIndexed { n, body ->
                out.size().also { put("${n + 1} 0 obj\n$body\nendobj\n") }
            }
        val xref = out.size()
        put("xref\n0 ${objects.size + 1}\n0000000000 65535 f \n")
        offsets.forEach { put("%010d 00000 n \n".format(it)) }
        put("trailer\n<< /Size ${objects.size + 1} /Root 1 0 R >>\nstartxref\n$xref\n%%EOF\n")
        return out.toByteArray()
    }

    @Test
    fun `verifications in a second`() {
        val (customer, identity) = Customer.enrolled()
        val key = identity.keyIn(customer.store)
        val signed = runBlocking { sign(Document.fromBytes(document()), Output.Memory, SignatureRequest(), key).bytes!! }
        System.getenv("THRIVOSIGN_KEEP")?.let { Files.write(java.nio.file.Path.of(it), signed) }
        var rate = 0.0
        for (span in listOf(1_000_000_000L, 5_000_000_000L)) {
            val begun = System.nanoTime()
            var count = 0
            while (System.nanoTime() - begun < span) {
                Document.fromBytes(signed).use { document -> verify(document, Server.trust).use { assertTrue(it.clean()) } }
                count++
            }
            rate = count * 1e9 / (System.nanoTime() - begun)
        }
        println("verify: ${signed.size} bytes, ${rate.toInt()} documents/s through Kotlin")
        assertTrue(rate > 1)
    }
}
