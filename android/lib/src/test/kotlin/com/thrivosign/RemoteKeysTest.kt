package com.thrivosign

import java.util.concurrent.atomic.AtomicInteger
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** Keys that the service holds: the document stays here, and the person shows PIN and code. */
class RemoteKeysTest {
    private class Person(private val pin: Secret?) : FactorSource {
        val asked = AtomicInteger()

        override fun ask(wanted: WantedFactors): ShownFactors {
            asked.incrementAndGet()
            assertTrue(wanted.pin && wanted.code == WantedCode.SENT)
            return ShownFactors(pin ?: throw KeyError.cancelled(), Server.code())
        }
    }

    @Test
    fun `a document is signed with a key of the service`() = runBlocking {
        val customer = Customer().login().register()
        val (client, device) = customer.client to customer.device
        val order = RemoteOrder(device.uuid, "challenge", AuthenticationMethod.OTP, Secret("000000"), secondFactor = SecondFactor.SMS)
        assertTrue(thrown<ThrivoSignException> { client.requestRemoteCredential(order) } is ThrivoSignException.InvalidArgument, "no PIN")
        val made = client.requestRemoteCredential(device, Secret("271828"), SecondFactor.SMS) { Server.code() }
        assertNull(made.totpSecret)

        val person = Person(Secret("271828"))
        RemoteKeyStore(client, person, "a loan", "loan.pdf").use { keys ->
            val identity = keys.identity(made.credentialId)
            assertTrue(identity.certificates().first().contentEquals(made.certificates.first()))
            assertEquals(0, person.asked.get(), "nobody is asked for what anybody may know")
            val key = SigningKey(keys, made.credentialId, identity)
            val signed = sign(Document.fromBytes(Server.agreement), Output.Memory, SignatureRequest(), key).bytes!!
            assertTrue(Document.fromBytes(signed).verify(Server.trust).clean())
            assertEquals(1, person.asked.get())
            assertTrue(keys.list().any { it.name == made.credentialId })
            assertTrue(thrown<ThrivoSignException> { keys.info("none") } is ThrivoSignException.KeyNotFound)
            assertTrue(thrown<ThrivoSignException> { keys.delete(made.credentialId) } is ThrivoSignException.KeyNotPermitted)
            assertTrue(
                thrown<ThrivoSignException> { keys.create("new", KeySpec(KeyAlgorithm.P256, KeyPurpose.SIGNING)) } is ThrivoSignException.KeyNotPermitted,
            )
            assertTrue(thrown<ThrivoSignException> { keys.attest(made.credentialId, ByteArray(1)) } is ThrivoSignException.AttestationUnavailable)
        }
        RemoteKeyStore(client, Person(null)).use { keys ->
            val key = SigningKey(keys, made.credentialId, keys.identity(made.credentialId))
            val refused =
                thrown<ThrivoSignException> { sign(Document.fromBytes(Server.agreement), Output.Memory, SignatureRequest(), key) }
            assertTrue(refused is ThrivoSignException.KeyCancelled)
        }
    }
}
