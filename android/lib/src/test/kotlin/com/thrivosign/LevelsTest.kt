package com.thrivosign

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.net.ServerSocket
import java.nio.file.Files
import kotlin.time.Duration.Companion.seconds
import kotlin.time.measureTime

/** Signatures are raised by the demo server's trust services, and hold by what the document carries. */
class LevelsTest {
    private val signed: ByteArray by lazy {
        val (customer, identity) = Customer.enrolled()
        val key = identity.keyIn(customer.store)
        BlockingClient.sign(Document.fromBytes(Server.agreement), Output.Memory, SignatureRequest(), key).bytes!!
    }

    private fun extension(goal: Goal, vararg authorities: TimeStampAuthority) =
        Extension(goal, Server.trust, authorities.toList(), Reach.ANYWHERE)

    private fun strictly(evidence: Evidence? = null) =
        VerifyOptions(System.currentTimeMillis() / 1000 + 2, Revocation.REQUIRE, evidence = evidence)

    /** Where nobody listens. */
    private val down = TimeStampAuthority("http://127.0.0.1:1/tsa", "1.2.3", 1, 2_000)

    @Test
    fun `each level is reached and holds without a network`() = runBlocking {
        var document = signed
        for ((goal, level) in listOf(Goal.BT to SignatureLevel.BT, Goal.BLT to SignatureLevel.BLT, Goal.BLTA to SignatureLevel.BLTA)) {
            val extended = Document.fromBytes(document).extend(extension(goal, Server.authority), Output.Memory)
            assertTrue(extended.reached && extended.report.clean(), extended.report.json())
            assertEquals(goal, extended.level)
            assertTrue(extended.missing.isEmpty() && extended.unanswered.isEmpty())
            val raised = extended.bytes!!
            assertEquals(document.size + extended.added, raised.size.toLong())
            assertArrayEquals(document, raised.copyOf(document.size), "what was there is there")
            val options = if (goal == Goal.BT) strictly().copy(revocation = Revocation.IF_AVAILABLE) else strictly()
            val report = Document.fromBytes(raised).verify(Server.trust, options)
            assertTrue(report.clean(), report.json())
            assertEquals(level, report.signatures().first().level)
            document = raised
        }
    }

    @Test
    fun `an authority that is down is named, nothing is lost, and the next one is asked`() = runBlocking {
        val alone = Document.fromBytes(signed).extend(extension(Goal.BLTA, down), Output.Memory)
        assertFalse(alone.reached)
        assertNull(alone.level)
        assertEquals(down.url to "connect_failed", alone.unanswered.first().url to alone.unanswered.first().code)
        assertTrue(verify(Document.fromBytes(alone.bytes!!), Server.trust).clean())
        val path = Server.scratch("archived.pdf")
        val told = steps { Document.fromBytes(signed).extend(extension(Goal.BLTA, down, Server.authority), Output.File(path.toString()), options = it) }
        val steps = told.toList()
        val done = (steps.last() as Step.Done).value
        assertTrue(done.reached && done.unanswered.isNotEmpty() && done.bytes == null)
        assertTrue(steps.size > 1, "progress was told")
        assertTrue(verify(Document.open(path.toString()), Server.trust, strictly()).clean())
    }

    @Test
    fun `what is missing is told, and evidence at hand counts`() = runBlocking {
        val off = Extension(Goal.BLT, Server.trust, listOf(Server.authority))
        val extended = Document.fromBytes(signed).extend(off, Output.Memory)
        assertEquals(listOf("fetching_is_off"), extended.unanswered.map { it.code })
        val missing = extended.missing.first()
        assertEquals(Lack.STATUS, missing.lack)
        assertNull(missing.failure)
        assertTrue(missing.subject.contains("Anna Schmidt") && missing.asked.all { it.code == "not_asked" } && missing.asked.isNotEmpty())
        val list = withContext(Dispatchers.IO) { java.net.URI(missing.asked.last().url).toURL().readBytes() }
        val evidence = Evidence(crls = listOf(list), certificates = listOf(missing.certificate, missing.certificate))
        assertEquals(2, evidence.count())
        val again = Document.fromBytes(signed).extend(off.copy(evidence = evidence), Output.Memory)
        assertFalse(again.missing.any { it.subject == missing.subject }, "it is at hand")
        thrown<ThrivoSignException.DerMalformed> { Evidence(ocspResponses = listOf(byteArrayOf(1, 2, 3))) }
        assertTrue(extended.report.clean())
    }

    @Test
    fun `a signature is made and raised in one go, and stands if it is not raised`() = runBlocking {
        val (customer, identity) = Customer.enrolled()
        val key = identity.keyIn(customer.store)
        val document = Document.fromBytes(Server.agreement)
        val high = SignOptions(extension = extension(Goal.BLTA, Server.authority))
        val made = sign(document, Output.Memory, SignatureRequest(), key, high)
        val raised = made.raised!!
        assertTrue(raised.reached && raised.added > 0 && raised.stopped == null)
        assertEquals(Goal.BLTA, raised.level)
        assertEquals(made.size, made.bytes!!.size.toLong())
        assertTrue(verify(Document.fromBytes(made.bytes), Server.trust, strictly()).clean())
        val low = sign(document, Output.Memory, SignatureRequest(), key, SignOptions(extension = extension(Goal.BT, down)))
        assertFalse(low.raised!!.reached)
        assertEquals(listOf(down.url), low.raised.unanswered.map { it.url })
        assertTrue(verify(Document.fromBytes(low.bytes!!), Server.trust).clean())
        assertNull(sign(document, Output.Memory, SignatureRequest(), key).raised)
        val submitted = customer.client.submit(document, Output.Memory, "a.pdf", SignatureRequest(), customer.store, identity, high)
        assertEquals(Goal.BLTA, submitted.signed.raised!!.level, "the service raised it")
    }

    @Test
    fun `trust is for one use or for all`() = runBlocking {
        val nobody = TrustAnchors.fromCertificates(emptyList())
        assertFalse(verify(Document.fromBytes(signed), nobody.withRole(Role.TIME_STAMPING, Server.trustPem)).clean())
        assertTrue(verify(Document.fromBytes(signed), nobody.withRole(Role.SIGNER, Server.trustPem)).clean())
        assertEquals(0, nobody.count())
    }

    @Test
    fun `a cancelled coroutine does not wait for an authority`() = runBlocking {
        // Somebody who takes the call and says nothing.
        ServerSocket(0).use { silent ->
            val path = Server.scratch("cancelled.pdf")
            val slow = TimeStampAuthority("http://127.0.0.1:${silent.localPort}/tsa", timeoutMs = 60_000)
            val call =
                launch(Dispatchers.Default) {
                    Document.fromBytes(signed).extend(extension(Goal.BT, slow), Output.File(path.toString()))
                }
            withContext(Dispatchers.IO) { silent.accept() }
            assertTrue(measureTime { call.cancelAndJoin() } < 5.seconds)
            assertFalse(Files.exists(path))
        }
    }

    @Test
    fun `a wrong number is refused`() = runBlocking {
        val wrong = listOf(down.copy(policy = "one"), down.copy(tries = -1), down.copy(timeoutMs = -1))
        for (authority in wrong) {
            thrown<ThrivoSignException.InvalidArgument> { Document.fromBytes(signed).extend(extension(Goal.BT, authority), Output.Memory) }
        }
        thrown<ThrivoSignException.WrongOrder> {
            BlockingClient.extend(Document.fromBytes(Server.agreement), Output.Memory, extension(Goal.BT, Server.authority))
        }
        Unit
    }
}
