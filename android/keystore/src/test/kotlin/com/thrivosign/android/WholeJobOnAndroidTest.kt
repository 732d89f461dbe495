package com.thrivosign.android

import com.thrivosign.Customer
import com.thrivosign.DeviceKeyStore
import com.thrivosign.Document
import com.thrivosign.IdentityState
import com.thrivosign.Output
import com.thrivosign.Prompt
import com.thrivosign.Protection
import com.thrivosign.Server
import com.thrivosign.SignatureRequest
import com.thrivosign.ThrivoSignException
import com.thrivosign.fromBytes
import com.thrivosign.keyIn
import com.thrivosign.keyStoreBreach
import com.thrivosign.sign
import com.thrivosign.thrown
import com.thrivosign.verify
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import java.nio.ByteBuffer
import java.nio.file.Files
import java.nio.file.Path
import java.security.MessageDigest

/** The real library and a demo server, with keys of the played keystore. */
class WholeJobOnAndroidTest {
    private val person = Approving()
    private val store: DeviceKeyStore = AndroidKeystoreStore(person, KeyPolicy(), device())

    @BeforeEach
    fun anew() = PlayedKeystore.install()

    @Test
    fun `the store keeps the contract of all stores`() = runBlocking {
        assertNull(keyStoreBreach(store, Protection.STRONGBOX, false))
        SecureArea.strongBox = false
        assertNull(keyStoreBreach(store, Protection.TEE, false))
        assertTrue(SecureArea.keys.isEmpty())
    }

    @Test
    fun `enrolled, activated, signed, verified`() = runBlocking {
        // A made-up proof is worse than none: the server would refuse it.
        SecureArea.attests = false
        val customer = Customer(store)
        val identity = customer.enrol()
        assertEquals(IdentityState.ACTIVATED, identity.state())
        assertEquals(1, person.prompts.get(), "the certificate's request is the one use of the signing key")
        assertEquals(Protection.STRONGBOX to Prompt.PER_USE, store.info("signing").run { protection to prompt })

        val signed = sign(Document.fromBytes(Server.agreement), Output.Memory, SignatureRequest(), identity.keyIn(store)).bytes!!
        assertEquals(2, person.prompts.get())
        val submitted = Server.scratch("android.pdf").toString()
        customer.client.submit(Document.fromBytes(Server.agreement), Output.File(submitted), "agreement.pdf", SignatureRequest(), store, identity)
        assertEquals(3, person.prompts.get())
        for (document in listOf(Document.fromBytes(signed), Document.open(submitted))) {
            val report = verify(document, Server.trust)
            assertTrue(report.clean(), report.json())
        }

        // Through the library and back, each failure keeps its name, and nothing is signed.
        val unsigned = { thrown<ThrivoSignException> { runBlocking { sign(Document.fromBytes(Server.agreement), Output.Memory, SignatureRequest(), identity.keyIn(store)) } } }
        person.answer = { Approval.CANCELLED }
        assertTrue(unsigned() is ThrivoSignException.KeyCancelled)
        person.answer = { Approval.LOCKED }
        assertTrue(unsigned() is ThrivoSignException.KeyLocked)
        SecureArea.keys.getValue("thrivosign/signing/signing").invalidated = true
        assertTrue(unsigned() is ThrivoSignException.KeyInvalidated)
        SecureArea.keys.clear()
        assertTrue(unsigned() is ThrivoSignException.KeyNotFound)
    }

    @Test
    fun `the certificate's challenge is what the key is attested over`() = runBlocking {
        SecureArea.attests = false
        val customer = Customer(store).login().register()
        SecureArea.attests = true
        val refused = thrown<ThrivoSignException> { customer.certificate("signing") }
        assertTrue(refused is ThrivoSignException.CertificateRefused, refused.toString())
        val challenge = SecureArea.asked.last().attestationChallenge!!
        assertTrue(store.attest("signing", challenge).certificates.size == 2)
        assertEquals("attestation-refused", refused.detail.problem)
    }

    @Test
    fun `a device's own key is attested over the code that was sent`() = runBlocking {
        val customer = Customer(store).login()
        // The played device is none of Google's. Over another challenge it would not have been asked for its proof, and let in.
        val refused = thrown<ThrivoSignException> { customer.register() }
        assertEquals("attestation-refused", refused.detail.problem)
        val code = Files.readAllLines(Path.of(System.getenv("THRIVOSIGN_OUTBOX"))).last()
        assertArrayEquals(deviceChallenge(customer.device.uuid, code), SecureArea.asked.last().attestationChallenge)
    }

    /** As docs/howto/attestation.md has it. */
    private fun deviceChallenge(deviceUuid: String, code: String): ByteArray {
        val digest = MessageDigest.getInstance("SHA-256").apply { update("thrivosign-device-1".encodeToByteArray()) }
        for (part in listOf(deviceUuid, code).map(String::encodeToByteArray)) {
            digest.update(ByteBuffer.allocate(4).putInt(part.size).array())
            digest.update(part)
        }
        return digest.digest()
    }
}
