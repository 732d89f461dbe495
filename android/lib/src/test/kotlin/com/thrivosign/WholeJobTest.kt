package com.thrivosign

import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.io.ByteArrayOutputStream
import java.nio.file.Files
import java.security.MessageDigest

/** Everything that the library does, against a real server, with a key store written in Kotlin. */
class WholeJobTest {
    private val visible = Placement.Visible(3, 315.0, 443.0, 523.0, 503.0)

    private fun clean(document: ByteArray, signatures: Int) {
        val report = verify(Document.fromBytes(document), Server.trust)
        assertTrue(report.clean(), report.json())
        assertEquals(signatures, report.signatureCount())
        for (signature in report.signatures()) {
            assertEquals(Indication.TOTAL_PASSED, signature.overall.indication)
            assertEquals("Anna Schmidt", signature.signer?.name)
            assertTrue(signature.intact)
        }
    }

    @Test
    fun `from a new device to a filed agreement and a revoked certificate`() = runBlocking {
        val customer = Customer()
        val (client, store) = customer.client to customer.store as KotlinKeyStore
        assertFalse(client.isLoggedIn())
        assertNull(client.refreshToken())
        customer.login()
        assertTrue(client.isLoggedIn())
        customer.register()
        val fresh = customer.certificate("signing")
        assertEquals(IdentityState.NEW, fresh.state())
        val identity = client.activate(store, fresh) { Server.code() }
        assertEquals(IdentityState.ACTIVATED, identity.state())
        assertTrue(kotlin.math.abs(client.serviceTime()!! - System.currentTimeMillis() / 1000) < 120)

        // What the device keeps comes back as it was.
        val kept = Identity.fromJson(identity.toJson())
        assertEquals(identity.toJson(), kept.toJson())
        assertEquals(customer.device.uuid, kept.deviceUuid())

        val document = Document.fromBytes(Server.agreement)
        val before = store.asked.get()
        val path = Server.scratch("submitted.pdf")
        val request = SignatureRequest(placement = visible, reason = "I have read and agree")
        val told =
            steps { client.submit(document, Output.File(path.toString()), "agreement.pdf", request, store, kept, options = it) }.toList()
        val submitted = (told.last() as Step.Done).value
        assertEquals(before + 1, store.asked.get(), "the key is asked once")
        val written = Files.readAllBytes(path)
        assertEquals(submitted.size, written.size.toLong())
        assertArrayEquals(submitted.sha256, MessageDigest.getInstance("SHA-256").digest(written))
        assertArrayEquals(Server.agreement, written.copyOf(Server.agreement.size), "the document is its front")
        clean(written, 1)

        // A second signature by the device itself, over the first, into memory.
        val again = client.signAndFile(Document.fromBytes(written), Output.Memory, "agreement.pdf", SignatureRequest(), kept.keyIn(store))
        assertTrue(again.filing is Filing.Filed, again.filing.toString())
        val twice = again.signed.bytes!!
        assertEquals(again.signed.size, twice.size.toLong())
        clean(twice, 2)
        val filed = client.fileDocument(Document.fromBytes(twice), "agreement.pdf")
        val first = (again.filing as Filing.Filed).agreement
        assertEquals(first.documentId to 2L, filed.documentId to filed.signatures, "filing the same bytes again is answered as the first time")
        assertArrayEquals(MessageDigest.getInstance("SHA-256").digest(twice), filed.sha256)

        val spare = customer.certificate("spare")
        client.revoke(spare.credentialId(), RevocationReason.SUPERSEDED)
        assertEquals(IdentityState.CANCELLED, client.learnState(spare).state())
        val states = client.listCredentials().associate { it.credentialId to it.state }
        assertEquals(IdentityState.CANCELLED, states[spare.credentialId()])
        assertEquals(IdentityState.ACTIVATED, states[identity.credentialId()])

        val token = client.refreshToken()
        assertNotNull(token)
        Client(Server.environment()).use { other ->
            other.resume(token!!)
            assertTrue(other.isLoggedIn())
            other.deleteDevice(customer.device.uuid)
            other.logout()
            assertFalse(other.isLoggedIn())
        }
        assertTrue(thrown<ThrivoSignException> { client.login(Server.user, Secret("wrong")) } is ThrivoSignException.LoginRefused)
    }

    @Test
    fun `a signature with a pause between its parts`() = runBlocking {
        val (customer, identity) = Customer.enrolled()
        val key = identity.keyIn(customer.store)
        val document = Document.fromBytes(Server.agreement)
        val blobKey = Secret("a key of the app's own")
        val prepared = document.prepare(SignatureRequest(reason = "later"), key.identity)
        assertArrayEquals(MessageDigest.getInstance("SHA-256").digest(Server.agreement), prepared.sourceDigest())
        val blob = prepared.toBlob(blobKey)

        val resumed = Prepared.fromBlob(blob, blobKey)
        assertEquals("Signature1", resumed.field())
        val value = resumed.answer(key)
        val signed = resumed.completed(value, document, Output.Memory)
        clean(signed.bytes!!, 1)
        clean(resumed.completed(value, document, Output.Memory).bytes!!, 1)

        // A blob that anybody may have written is completed, but not signed.
        val open = Prepared.fromBlob(prepared.toBlob())
        assertTrue(thrown<ThrivoSignException> { open.message() } is ThrivoSignException.WrongOrder)
        val elsewhere = customer.store.sign("signing", prepared.message(), prepared.algorithm())
        clean(open.complete(elsewhere, document, Output.Memory).bytes!!, 1)

        blob[blob.size / 2] = (blob[blob.size / 2] + 1).toByte()
        assertTrue(thrown<ThrivoSignException> { Prepared.fromBlob(blob, blobKey) } is ThrivoSignException.PreparedMalformed)
    }

    @Test
    fun `a document from the app's own source to the app's own sink`() = runBlocking {
        val (customer, identity) = Customer.enrolled()
        val source =
            object : DocumentSource {
                override fun length() = Server.agreement.size.toLong()

                override fun readAt(offset: Long, count: Int) =
                    Server.agreement.copyOfRange(offset.toInt(), minOf(offset.toInt() + minOf(count, 1000), Server.agreement.size))
            }
        val out = ByteArrayOutputStream()
        val sink =
            object : DocumentSink {
                override fun write(bytes: ByteArray) = out.write(bytes)
            }
        val signed = sign(Document.fromSource(source), Output.Host(sink), SignatureRequest(), identity.keyIn(customer.store))
        assertEquals(signed.size, out.size().toLong())
        clean(out.toByteArray(), 1)
    }

    @Test
    fun `what the person was not shown is not signed`() = runBlocking {
        val (customer, identity) = Customer.enrolled()
        val before = (customer.store as KotlinKeyStore).asked.get()
        val other = SignOptions(shown = ByteArray(32))
        val error =
            thrown<ThrivoSignException> {
                sign(Document.fromBytes(Server.agreement), Output.Memory, SignatureRequest(), identity.keyIn(customer.store), other)
            }
        assertTrue(error is ThrivoSignException.DocumentChanged, error.toString())
        assertEquals(before, customer.store.asked.get())
    }

    @Test
    fun `a forged document is a report and a broken one an error`() = runBlocking {
        val (customer, identity) = Customer.enrolled()
        val signed = sign(Document.fromBytes(Server.agreement), Output.Memory, SignatureRequest(), identity.keyIn(customer.store)).bytes!!
        val at = String(signed, Charsets.ISO_8859_1).indexOf("24,000.00")
        signed[at] = '9'.code.toByte()
        val report = Document.fromBytes(signed).verify(Server.trust)
        assertFalse(report.clean())
        val signature = report.signatures().single()
        assertEquals(Indication.TOTAL_FAILED, signature.overall.indication)
        assertEquals(SubIndication.HASH_FAILURE, signature.overall.subIndication)
        assertEquals("message_digest_mismatch", signature.reasons.first().code)

        val nobody = verify(Document.fromBytes(Server.agreement), TrustAnchors.fromCertificates(emptyList()))
        assertEquals(0, nobody.signatureCount())
        assertTrue(thrown<ThrivoSignException> { verify(Document.fromBytes(ByteArray(0)), Server.trust) } is ThrivoSignException.NotPdf)
        val error = thrown<ThrivoSignException> { verify(Document.fromBytes("no document".encodeToByteArray()), Server.trust) }
        assertTrue(error is ThrivoSignException.NotPdf)
        assertEquals(201 to Turn.DOCUMENT, error.detail.code to error.detail.turn)
        assertTrue(error.message!!.startsWith("the document is not a PDF"), error.message)
    }

    @Test
    fun `facts about a document`() = runBlocking {
        val facts = Document.fromBytes(Server.agreement).inspect().facts()
        assertEquals(3, facts.pages)
        assertEquals(Server.agreement.size.toLong(), facts.size)
        assertTrue(facts.markers.any { it.code == "font_not_embedded" })
        val inspection = inspect(Document.fromBytes(Server.agreement))
        assertTrue(inspection.has("font_not_embedded"))
        assertFalse(inspection.has("script"))
        assertTrue(thrown<ThrivoSignException> { inspection.has("no such code") } is ThrivoSignException.InvalidArgument)
        assertTrue(inspection.json().contains("\"pages\":3"))
    }
}
