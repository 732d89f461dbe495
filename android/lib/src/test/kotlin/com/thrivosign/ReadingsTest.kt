package com.thrivosign

import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.nio.file.Files

/** What the verifier tells beside its verdict. */
class ReadingsTest {
    private val key by lazy { Customer.enrolled().let { (customer, identity) -> identity.keyIn(customer.store) } }

    private fun signed(bytes: ByteArray, request: SignatureRequest = SignatureRequest()): ByteArray =
        runBlocking { sign(Document.fromBytes(bytes), Output.Memory, request, key).bytes!! }

    private val once by lazy { signed(Server.agreement) }
    private val twice by lazy { signed(once, SignatureRequest(name = "Somebody <b>else</b>")) }

    @Test
    fun `a report in words and as a page`() {
        val report = verify(Document.fromBytes(twice), Server.trust)
        assertTrue("Dokument" in report.text(Words.builtIn("de-AT")))
        assertTrue("Le document" in report.text(Words.fromTable("fr", mapOf("heading.document" to "Le document"))))
        assertTrue("Le document" in report.text(Words.fromJson("fr", """{"heading.document": "Le document"}""".encodeToByteArray())))
        assertEquals(report.text(), report.text(Words.builtIn("en")))
        val page = report.html("<script>contract.pdf", Words.builtIn("de"))
        assertTrue("Anna Schmidt" in page)
        assertFalse("<script>" in page || "<b>else" in page)
        assertTrue("heading.document" in allWords())
        assertTrue(thrown<ThrivoSignException> { Words.builtIn("fr") } is ThrivoSignException.InvalidArgument)
        val failure = thrown<ThrivoSignException> { verify(Document.fromBytes(ByteArray(0)), Server.trust) }
        assertTrue("201" in htmlFailure(failure.detail, "contract.pdf"))
        assertTrue(thrown<ThrivoSignException> { htmlFailure(ErrorDetail()) } is ThrivoSignException.InvalidArgument)
    }

    @Test
    fun `a policy file says whom to trust, and the report is XML, too`() = runBlocking {
        fun rules(trust: String, time: String = "") =
            """{"schema":"thrivosign-policy-1","name":"the bank's",$time"revocation":"off","times":{"clock_skew":0,"ocsp_age":0},"""
                .plus(""""algorithms":[],"risks":"leave","trust":[$trust]}""").encodeToByteArray()
        val root = Server.trustPem.decodeToString().replace("\r", "").replace("\n", "\\n")
        val document = Document.fromBytes(twice)
        val report = document.verifyBy(rules("""{"certificate":"$root"}"""))
        assertTrue(report.clean() && report.policy().name == "the bank's")
        val xml = report.etsi()
        assertTrue("ValidationReport" in xml && "urn:etsi:019102:mainindication" in xml)
        assertFalse(document.verifyBy(rules("")).clean())
        val stated = rules("", "\"time\":\"2030-01-01T00:00:00Z\",")
        assertFalse(document.verifyBy(stated).clean())
        for ((policy, options) in listOf(stated to VerifyOptions(1_900_000_000), "{}".encodeToByteArray() to null)) {
            assertTrue(thrown<ThrivoSignException> { verifyBy(document, policy, options) } is ThrivoSignException.InvalidArgument)
        }
    }

    @Test
    fun `what changed since, what a signer saw, what is claimed`() = runBlocking {
        val document = Document.fromBytes(twice)
        val diff = document.diff(0)
        assertEquals(ChangeKind.SIGNATURE_ADDED, diff.entries().single().change.kind)
        assertEquals(listOf(ChangeKind.SIGNATURE_ADDED), diff.changes())
        assertEquals("Signature1" to diff.revisions() - 1, diff.field() to diff.revision())
        assertFalse(diff.undecided())
        assertTrue("thrivosign-diff-1" in diff.json() && "Signature1" in diff.text())
        assertEquals(listOf(ChangeKind.NONE), document.diff(1).changes())
        for (index in listOf(-1, 2)) {
            assertTrue(thrown<ThrivoSignException> { document.diff(index) } is ThrivoSignException.InvalidArgument)
        }
        val first = document.extractSignedRevision(0, Output.Memory)
        assertArrayEquals(once, first.bytes)
        assertEquals("Signature1" to once.size.toLong(), first.field to first.size)
        val claimed = document.signatures()
        assertEquals(listOf("Anna Schmidt", "Somebody <b>else</b>"), claimed.map { it.claimedSigner })
        assertTrue(claimed.all { it.kind == SignatureKind.SIGNATURE && it.claimedTime != null && it.rect == null })
    }

    @Test
    fun `many at once`() = runBlocking {
        val path = Server.scratch("twice.pdf")
        Files.write(path, twice)
        val plain = Server.scratch("plain.pdf")
        Files.write(plain, Server.agreement)
        val files = listOf(path, Server.scratch("nothing.pdf"), plain, path).map { it.toString() }
        val told = verifySteps(files, Server.trust, VerifyBatchOptions(jobs = 2)).toList()
        val summary = (told.last() as VerifyStep.Done).summary
        assertEquals(VerifyBatchSummary(2, 0, 1, 1, 0, summary.chainsValidated, null), summary)
        assertTrue(summary.chainsValidated in 1..2, "two jobs that meet a chain at once each validate it")
        val ended = told.filterIsInstance<VerifyStep.Ended>()
        assertEquals(listOf(0, 1, 2, 3), ended.map { it.index }, "in the list's order")
        assertEquals("source_unreadable", (ended[1].outcome as VerifyOutcome.Failed).detail.name)
        assertTrue((ended[3].outcome as VerifyOutcome.Judged).report.clean())
        assertEquals(0, (verifySteps(files, Server.trust, VerifyBatchOptions(1, Order.AS_THEY_COME)).first() as VerifyStep.Ended).index)
        val refusing =
            object : VerifyListener {
                override fun ended(index: Int, outcome: VerifyOutcome): Unit = throw KeyError.locked()
            }
        val stopped = verifyBatch(files, Server.trust, refusing, VerifyBatchOptions(jobs = 1))
        assertEquals(3 to "key_locked", stopped.left to stopped.stopped!!.name)
    }
}
