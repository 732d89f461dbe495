package com.thrivosign

import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
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
