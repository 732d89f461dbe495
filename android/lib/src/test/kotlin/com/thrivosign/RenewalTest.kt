package com.thrivosign

import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** A certificate in its last month is renewed; those of the tests' server are from the start. */
class RenewalTest {
    @Test
    fun `a certificate is renewed under a new key, and no code is sent`() = runBlocking {
        val customer = Customer()
        val (client, store) = customer.client to customer.store as KotlinKeyStore
        val identity = customer.enrol()
        val listed = client.listCredentials().single { it.credentialId == identity.credentialId() }
        assertEquals(identity.notAfter(), listed.notAfter)
        assertTrue(listed.renewFrom!! < client.serviceTime()!!, "it is time")
        val (code, asked) = Server.code().expose() to store.asked.get()

        val renewed = (client.renew(store, identity, "signing-2") as Requested.Issued).identity
        assertEquals(code, Server.code().expose(), "no code")
        assertEquals(asked + 2, store.asked.get(), "each of the two keys was asked once")
        assertEquals(IdentityState.ACTIVATED to "signing-2", renewed.state() to renewed.signingKey())
        val signed = sign(Document.fromBytes(Server.agreement), Output.Memory, SignatureRequest(), renewed.keyIn(store)).bytes!!
        assertTrue(Document.fromBytes(signed).verify(Server.trust).clean())
        assertTrue(thrown<ThrivoSignException> { client.renew(store, renewed, "signing-2") } is ThrivoSignException.KeyExists)
    }

    @Test
    fun `an order whose key is no more is signed by the new one`() = runBlocking {
        val customer = Customer()
        val identity = customer.enrol()
        val renewed = (customer.client.renew(customer.store, identity, "signing-2") as Requested.Issued).identity
        val invalidated =
            object : DeviceKeyStore by customer.store {
                override fun sign(name: String, message: ByteArray, algorithm: SignatureAlgorithm): ByteArray = throw KeyError.invalidated()
            }
        val (document, target) = Document.fromBytes(Server.agreement) to Server.scratch("lost.pdf").toString()
        val lost = OrderRequest("loan-4711", document, target, SignatureRequest(), identity.keyIn(invalidated))
        Orders.open(Server.scratch("orders").toString(), Secret.fromBytes(ByteArray(32))).use { orders ->
            assertTrue(thrown<ThrivoSignException> { orders.sign(lost) } is ThrivoSignException.KeyInvalidated)
            val waits = orders.list().single()
            val again = lost.copy(key = renewed.keyIn(customer.store), inPlaceOf = "no-such-order")
            assertTrue(thrown<ThrivoSignException> { orders.sign(again) } is ThrivoSignException.RecordNotFound)
            val done = orders.sign(again.copy(inPlaceOf = waits.name))
            assertEquals(listOf(waits.name), done.inPlaceOf)
            assertEquals(listOf(done.name), orders.list().map { it.name })
            assertFalse(done.publicKey.contentEquals(waits.publicKey))
        }
        assertTrue(Document.open(target).verify(Server.trust).clean())
    }

    @Test
    fun `a renewal goes on where an earlier process stopped`() = runBlocking {
        val customer = Customer()
        val (client, store) = customer.client to customer.store as KotlinKeyStore
        val identity = customer.enrol()
        val folder = Server.scratch("requests").toString()
        fun journal() = Requests.open(folder, Secret.fromBytes(ByteArray(32) { 7 }))
        val key =
            journal().use { requests ->
                assertEquals(null, requests.resume(client, "signing-2"))
                val spec =
                    KeySpec(
                        KeyAlgorithm.P256,
                        KeyPurpose.SIGNING,
                        attestationChallenge = requests.renewalChallenge(client, "signing-2", identity).challenge.encodeToByteArray(),
                    )
                assertTrue(thrown<ThrivoSignException> { requests.key(store, "signing", spec) } is ThrivoSignException.KeyExists)
                assertTrue(thrown<ThrivoSignException> { journal() } is ThrivoSignException.JournalBusy)
                requests.key(store, "signing-2", spec)
            }
        val asked = store.asked.get()
        journal().use { requests ->
            assertEquals(listOf(OpenRequest("signing-2", RequestState.BEGUN)), requests.list())
            requests.renew(client, store, identity, "signing-2")
            assertTrue(key.publicKey.contentEquals(store.info("signing-2").publicKey), "the key that was made, for the challenge that is still good")
        }
        BlockingRequests(journal()).use { requests ->
            assertEquals(listOf(OpenRequest("signing-2", RequestState.ISSUED)), requests.list())
            val renewed = (requests.renew(BlockingClient(client), store, identity, "signing-2") as Requested.Issued).identity
            assertEquals("signing-2", renewed.signingKey())
            assertEquals(renewed.credentialId(), (requests.resume(BlockingClient(client), "signing-2") as Requested.Issued).identity.credentialId())
            assertEquals(asked + 2, store.asked.get(), "each of the two keys was asked once")
            assertTrue(thrown<ThrivoSignException> { requests.requests().renewalChallenge(client, "signing-2", identity) } is ThrivoSignException.WrongOrder)
            requests.closeRequest("signing-2")
            assertTrue(thrown<ThrivoSignException> { requests.closeRequest("signing-2") } is ThrivoSignException.RecordNotFound)
        }
    }

    @Test
    fun `a request whose code was sent goes on without a second code`() = runBlocking {
        val customer = Customer().login().register()
        val (client, store, device) = Triple(customer.client, customer.store, customer.device)
        val (folder, subject) = Server.scratch("requests").toString() to Subject("Anna Schmidt", "DE")
        val code =
            Requests.open(folder, Secret.fromBytes(ByteArray(32))).use { requests ->
                thrown<IllegalStateException> {
                    requests.certify(client, store, device, customer.authenticationKey, subject) { error("the app is killed while the code is typed") }
                }
                Server.code().expose()
            }
        BlockingRequests.open(folder, Secret.fromBytes(ByteArray(32))).use { requests ->
            fun certify(source: CodeSource) =
                requests.certify(BlockingClient(client), store, device, customer.authenticationKey, subject, "signing", source) as Requested.Issued
            val first = certify { Secret(code) }.identity
            assertEquals(code, Server.code().expose(), "no second code")
            assertEquals(first.credentialId(), certify { error("nobody is asked") }.identity.credentialId())
            requests.closeRequest("signing")
            assertEquals(emptyList<OpenRequest>(), requests.list())
        }
    }

    @Test
    fun `nothing is renewed under the old key, or after it was revoked`() = runBlocking<Unit> {
        val customer = Customer()
        val (client, store) = customer.client to customer.store
        val identity = customer.enrol()
        val challenge = client.askRenewalChallenge(identity).challenge
        thrown<ThrivoSignException.KeyNotPermitted> { client.renewCertificate(store, identity, store.info("signing"), challenge) }
        client.revoke(identity.credentialId(), RevocationReason.SUPERSEDED)
        BlockingClient(client).use { thrown<ThrivoSignException.ServiceRefused> { it.renew(store, identity, "signing-2") } }
    }
}
