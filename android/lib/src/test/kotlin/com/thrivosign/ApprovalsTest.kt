package com.thrivosign

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** Keys that the service holds and a device opens: this device shows what is asked and sends the person's answer. */
class ApprovalsTest {
    /** Nobody is asked for a PIN where a device says yes. */
    private val nobody =
        object : FactorSource {
            override fun ask(wanted: WantedFactors): ShownFactors = throw KeyError.cancelled()
        }
    private val customer = Customer.enrolled().first
    private val algorithm = SignatureAlgorithm.Ecdsa(DigestAlgorithm.SHA256)

    /** What docs/howto/remote.md shows. */
    private suspend fun approve(client: Client, device: Device, keys: DeviceKeyStore, agreed: (PendingAuthorization) -> Boolean) {
        for (pending in client.waitingAuthorizations(device.uuid, waitSeconds = 60)) {
            val said = if (agreed(pending)) Decision.APPROVE else Decision.DECLINE     // a screen of the app's
            client.answerAuthorization(keys, "authentication", pending, said)
        }
    }

    @Test
    fun `a signature waits for the device's yes`() = runBlocking {
        val (client, device) = customer.client to customer.device
        assertNull(made.totpSecret)
        assertEquals(emptyList<PendingAuthorization>(), client.waitingAuthorizations(device.uuid))
        thrown<ThrivoSignException.InvalidArgument> { client.waitingAuthorizations(device.uuid, -1) }
        thrown<ThrivoSignException.DeviceRefused> { client.waitingAuthorizations("another-device") }

        RemoteKeyStore(client, nobody, "a loan", "loan.pdf").use { remote ->
            val key = SigningKey(remote, made.credentialId, remote.identity(made.credentialId))
            suspend fun signed() = sign(Document.fromBytes(Server.agreement), Output.Memory, SignatureRequest(), key).bytes!!
            var told: PendingAuthorization? = null
            coroutineScope {
                val signing = async { signed() }
                approve(client, device, customer.store) { pending ->
                    assertEquals(made.credentialId to "a loan", pending.credentialId() to pending.description())
                    assertEquals(listOf("loan.pdf") to 32, pending.documentNames() to pending.hashes().single().size)
                    assertTrue(pending.authorizationId().isNotEmpty() && pending.expiresIn() in 30L..3600L)
                    told = pending
                    true
                }
                assertTrue(Document.fromBytes(signing.await()).verify(Server.trust).clean())
            }
            val answered = told!!
            client.answerAuthorization(customer.store, "authentication", answered, Decision.APPROVE)
            thrown<ThrivoSignException.SigningConflict> {
                client.answerAuthorization(customer.store, "authentication", answered, Decision.DECLINE)
            }
            thrown<ThrivoSignException.KeyNotFound> { client.answerAuthorization(customer.store, "none", answered, Decision.APPROVE) }

            val asked = (customer.store as KotlinKeyStore).asked.get()
            coroutineScope {
                val refused = async { thrown<ThrivoSignException.KeyCancelled> { signed() } }
                approve(client, device, customer.store) { false }
                refused.await()
            }
            assertEquals(asked + 1, customer.store.asked.get(), "a no is signed as well")
        }
    }

    @Test
    fun `calls that wait do the same`() = runBlocking {
        val client = BlockingClient(customer.client)
        assertEquals(0, client.waitingAuthorizations(customer.device.uuid).size)
        RemoteKeyStore(customer.client, nobody).use { remote ->
            coroutineScope {
                val signing = async(Dispatchers.IO) { remote.sign(made.credentialId, ByteArray(10), algorithm) }
                val pending = client.waitingAuthorizations(customer.device.uuid, 60).single()
                assertEquals(null to emptyList<String>(), pending.description() to pending.documentNames())
                client.answerAuthorization(customer.store, "authentication", pending, Decision.APPROVE)
                assertTrue(signing.await().size > 60)
            }
        }
    }

    @Test
    fun `whoever no longer waits is told at once`() = runBlocking {
        val begun = System.nanoTime()
        thrown<TimeoutCancellationException> { withTimeout(300) { customer.client.waitingAuthorizations(customer.device.uuid, 60) } }
        assertTrue(System.nanoTime() - begun < 20_000_000_000)
    }

    private companion object {
        /** One credential that the device opens. */
        val made: RemoteCredential by lazy {
            Customer.enrolled().first.let { BlockingClient(it.client).requestRemoteCredential(it.device, null, null) { Server.code() } }
        }
    }
}
