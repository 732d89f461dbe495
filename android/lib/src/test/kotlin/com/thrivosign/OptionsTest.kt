package com.thrivosign

import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.nio.file.Files
import java.util.Base64
import java.util.concurrent.CopyOnWriteArrayList

/** Everything that a signature can be asked for. */
class OptionsTest {
    private val png = Base64.getDecoder().decode("iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAYAAAD0In+KAAAADklEQVR42mP4z8AAQg0AD3oDfmqBMeEAAAAASUVORK5CYII=")
    private val key by lazy { Customer.enrolled().let { (customer, identity) -> identity.keyIn(customer.store) } }
    private val agreement get() = Document.fromBytes(Server.agreement)

    private fun signed(request: SignatureRequest, options: SignOptions? = null, document: Document = agreement): SignedDocument =
        runBlocking { sign(document, Output.Memory, request, key, options) }.also {
            val report = verify(Document.fromBytes(it.bytes!!), Server.trust)
            assertTrue(report.clean(), report.json())
        }

    private fun words(signed: SignedDocument) = String(signed.bytes!!, Charsets.ISO_8859_1)

    private inline fun <reified E : ThrivoSignException> refused(crossinline call: suspend () -> Unit) {
        val error = thrown<ThrivoSignException> { runBlocking { call() } }
        assertTrue(error is E, error.toString())
    }

    @Test
    fun `places`() = runBlocking {
        val free = signed(SignatureRequest(placement = Placement.NextFree(180.0, 50.0)))
        val field = Document.fromBytes(free.bytes!!).signatureFields().single()
        assertEquals(3L to true, field.page to field.visible)
        signed(SignatureRequest(placement = Placement.Anchor("EUR 24,000.00", 120.0, 30.0, offsetY = -40.0, page = 1, occurrence = 1)))
        signed(SignatureRequest(placement = Placement.Invisible))
        refused<ThrivoSignException.BoxUnusable> { signed(SignatureRequest(placement = Placement.Anchor("nowhere to be found", 120.0, 30.0))) }
        refused<ThrivoSignException.PageNotFound> { signed(SignatureRequest(placement = Placement.NextFree(180.0, 50.0, page = 99))) }
        refused<ThrivoSignException.PageNotFound> { signed(SignatureRequest(placement = Placement.NextFree(180.0, 50.0, page = -1))) }
    }

    @Test
    fun `certification and locks`() {
        val certified = signed(SignatureRequest(certification = DocMdp.NO_CHANGES, lock = FieldLock.Include(listOf("amount"))))
        assertTrue("/DocMDP" in words(certified) && "/FieldMDP" in words(certified) && "(amount)" in words(certified))
        refused<ThrivoSignException.SigningForbidden> { signed(SignatureRequest(), document = Document.fromBytes(certified.bytes!!)) }
        assertFalse("MDP" in words(signed(SignatureRequest())))
    }

    @Test
    fun `looks`() {
        val box = Placement.Visible(3, 60.0, 60.0, 300.0, 160.0)
        val stroke = listOf(InkPoint(10.0, 10.0), InkPoint(50.0, 40.0), InkPoint(90.0, 10.0))
        val all =
            Appearance(
                text = AppearanceText.Templates(listOf("Signed by {name}", "{location}", "Reason: {reason}")),
                image = png,
                ink = Ink(100.0, 50.0, 2.0, listOf(stroke)),
                arrangement = Arrangement.OVER,
                link = "https://bank.example/verify/4711",
                frame = Frame.NOTHING,
            )
        assertTrue("/Image" in words(signed(SignatureRequest(placement = box, reason = "I agree", appearance = all))))
        val wrong =
            listOf(
                all.copy(image = png.copyOf(20)),
                all.copy(link = "javascript:alert(1)"),
                all.copy(ink = Ink(100.0, 50.0, 51.0, listOf(stroke))),
                all.copy(text = AppearanceText.Templates(listOf("{nobody}"))),
            )
        for (appearance in wrong) {
            refused<ThrivoSignException.InvalidArgument> { signed(SignatureRequest(placement = box, appearance = appearance)) }
        }
        refused<ThrivoSignException.InvalidArgument> { signed(SignatureRequest(placement = box, lines = listOf("twice"), appearance = all)) }
        val greek = Appearance(text = AppearanceText.Lines(listOf("\u0391\u03bd\u03bd\u03b1")))
        refused<ThrivoSignException.TextUnrepresentable> { signed(SignatureRequest(placement = box, appearance = greek)) }
        val bundled = SignatureRequest(placement = box, appearance = greek.copy(font = AppearanceFont.Bundled))
        if ("appearance-full" in features()) {
            signed(bundled)
            val picture = greek.copy(font = AppearanceFont.OpenType(png))
            refused<ThrivoSignException.InvalidArgument> { signed(SignatureRequest(placement = box, appearance = picture)) }
        } else {
            refused<ThrivoSignException.TextUnrepresentable> { signed(bundled) }
        }
    }

    @Test
    fun `a record of the signing is carried and signed along`() {
        val how = SignOptions(carry = CarriedEvidence("I agree to all of it."), preflight = PreflightPolicy(PreflightRules.REPORT))
        val carrying = signed(SignatureRequest(), how)
        assertTrue("thrivosign-evidence-1" in words(carrying) && "I agree to all of it." in words(carrying))
        refused<ThrivoSignException.SigningForbidden> { signed(SignatureRequest(), how, Document.fromBytes(carrying.bytes!!)) }
    }

    @Test
    fun `findings before and with the signature`() = runBlocking {
        val bank = SignOptions(preflight = PreflightPolicy(PreflightRules.BANK))
        val before = agreement.preflight(signOptions = bank)
        assertEquals(listOf("font_not_embedded"), before.stops)
        assertTrue(before.inspection.markers.any { it.code == "font_not_embedded" && it.remedy.isNotEmpty() && it.page != null })
        assertEquals(emptyList<String>(), preflight(agreement).stops)
        refused<ThrivoSignException.PreflightRefused> { signed(SignatureRequest(), bank) }
        val allowed = signed(SignatureRequest(), SignOptions(preflight = PreflightPolicy(PreflightRules.BANK, listOf("font_not_embedded"))))
        assertEquals(emptyList<String>(), allowed.preflight!!.stops)
        assertTrue(allowed.preflight.inspection.markers.any { it.code == "font_not_embedded" })
        assertNull(signed(SignatureRequest()).preflight)
        val unknown = SignOptions(preflight = PreflightPolicy(PreflightRules.REPORT, listOf("anything")))
        refused<ThrivoSignException.InvalidArgument> { signed(SignatureRequest(), unknown) }
    }

    @Test
    fun `damage`() {
        val text = String(Server.agreement, Charsets.ISO_8859_1)
        val cut = Server.agreement.copyOf(text.lastIndexOf("\nxref") + 1)
        val doubtful = cut + "words that belong to nothing\n".encodeToByteArray()
        val repair = { bytes: ByteArray, damage: Damage? -> signed(SignatureRequest(), SignOptions(damage = damage), Document.fromBytes(bytes)).repair }
        assertEquals(Repair.NONE, repair(Server.agreement, null))
        assertEquals(Repair.APPENDED, repair(cut, null))
        assertEquals(Repair.REWRITTEN, repair(doubtful, Damage.Rewrite()))
        refused<ThrivoSignException.PdfDamaged> { repair(cut, Damage.Refuse) }
        refused<ThrivoSignException.PdfDamaged> { repair(doubtful, Damage.Append) }
        refused<ThrivoSignException.LimitReached> { repair(doubtful, Damage.Rewrite(10)) }
        refused<ThrivoSignException.InvalidArgument> { repair(doubtful, Damage.Rewrite(-1)) }
    }

    @Test
    fun `in place`() = runBlocking {
        val path = Server.scratch("in-place.pdf")
        Files.write(path, Server.agreement)
        val first = signInPlace(path.toString(), SignatureRequest(), key)
        val second = BlockingClient.signInPlace(path.toString(), SignatureRequest(reason = "again"), key)
        assertEquals(first.size, second.sourceSize)
        assertEquals(Recovery.NOTHING, recoverInPlace(path.toString()))
        val report = Document.open(path.toString()).verify(Server.trust)
        assertTrue(report.clean() && report.signatureCount() == 2, report.json())
        assertArrayEquals(Server.agreement, Files.readAllBytes(path).copyOf(Server.agreement.size))
        refused<ThrivoSignException.SourceUnreadable> { signInPlace("no such file", SignatureRequest(), key) }
    }

    private fun batch(count: Int): List<BatchItem> {
        val input = Server.scratch("batch.pdf")
        Files.write(input, Server.agreement)
        return (0 until count).map { BatchItem(if (it == 1) "no such file" else input.toString(), Server.scratch("batch-$it.pdf").toString()) }
    }

    @Test
    fun `many at once`() = runBlocking {
        val items = batch(5)
        val progress = CopyOnWriteArrayList<Pair<Long, Long>>()
        val listener =
            object : ProgressListener {
                override fun progress(done: Long, total: Long) {
                    progress.add(done to total)
                }
            }
        val told = batchSteps(items, SignatureRequest(), key, BatchOptions(jobs = 2), options = CallOptions(progress = listener)).toList()
        assertEquals(BatchSummary(4, 1, 0, null), (told.last() as BatchStep.Done).summary)
        assertEquals((1L..5L).map { it to 5L }, progress.toList())
        val ended = told.filterIsInstance<BatchStep.Ended>().associate { it.index to it.outcome }
        assertEquals((0..4).toSet(), ended.keys)
        for ((index, outcome) in ended) {
            if (index == 1) {
                assertEquals("source_unreadable", (outcome as BatchOutcome.Failed).detail.name)
            } else {
                assertEquals(Files.size(java.nio.file.Path.of(items[index].output)), (outcome as BatchOutcome.Signed).document.size)
                assertTrue(Document.open(items[index].output).verify(Server.trust).clean())
            }
        }
    }

    @Test
    fun `a batch is stopped by whoever listens, by a token and with its collector`() = runBlocking {
        val refusing =
            object : BatchListener {
                override fun ended(index: Int, outcome: BatchOutcome): Unit = throw KeyError.locked()
            }
        val careless =
            object : BatchListener {
                override fun ended(index: Int, outcome: BatchOutcome): Unit = throw IllegalStateException("a table that is full")
            }
        val one = BatchOptions(durability = Durability.NONE, jobs = 1)
        val refused = BlockingClient.signBatch(batch(5), SignatureRequest(), key, refusing, one)
        assertEquals(listOf(1, 4), listOf(refused.signed, refused.left))
        assertEquals("key_locked", refused.stopped!!.name)
        assertEquals("cancelled", BlockingClient.signBatch(batch(5), SignatureRequest(), key, careless, one).stopped!!.name)
        val token = CancelToken().apply { cancel() }
        refused<ThrivoSignException.Cancelled> { signBatch(batch(2), SignatureRequest(), key, options = CallOptions(cancel = token)) }
        refused<ThrivoSignException.InvalidArgument> { signBatch(batch(2), SignatureRequest(), key, batchOptions = BatchOptions(jobs = 0)) }
        val first = batchSteps(batch(5), SignatureRequest(), key, one).first()
        assertNotNull((first as BatchStep.Ended).outcome as? BatchOutcome.Signed)
    }

    @Test
    fun `a field for each signer`() = runBlocking {
        val fields =
            listOf(
                EmptyField("loan.borrower", Placement.Visible(3, 60.0, 60.0, 240.0, 110.0), reasons = listOf("I borrow")),
                EmptyField("loan.bank", lock = FieldLock.All),
            )
        val added = agreement.addFields(fields, Output.Memory)
        val prepared = added.bytes!!
        assertEquals(added.size, prepared.size.toLong())
        val seen = Document.fromBytes(prepared).signatureFields()
        assertEquals(listOf("loan.borrower" to true, "loan.bank" to false), seen.map { it.name to it.visible })
        assertTrue(seen.none { it.signed })
        refused<ThrivoSignException.FieldUnusable> { signed(SignatureRequest(field = "loan.borrower"), document = Document.fromBytes(prepared)) }
        val signed = signed(SignatureRequest(field = "loan.borrower", reason = "I borrow"), document = Document.fromBytes(prepared))
        assertEquals("loan.borrower", signed.field)
        refused<ThrivoSignException.SigningForbidden> { Document.fromBytes(signed.bytes!!).addFields(fields, Output.Memory) }
        val path = Server.scratch("fields.pdf")
        assertEquals(added.size, agreement.addFields(fields, Output.File(path.toString())).size)
        assertNull(agreement.addFields(fields, Output.File(path.toString())).bytes)
    }
}
