package com.thrivosign

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.util.UUID

/** The calls for Java, which wait; what the sample in Java does not call. */
class BlockingTest {
    private val store = KotlinKeyStore()
    private val device = Device(UUID.randomUUID().toString(), "a server of the tests", "jvm")

    private fun loggedIn() = BlockingClient(Client(Server.environment())).apply { login(Server.user, Server.password) }

    @Test
    fun `a session is kept, its documents are filed and its device is deleted`() {
        loggedIn().use { client ->
            val key = client.register(store, device, "authentication") { Server.code() }
            val requested = client.certify(store, device, key, Subject("Anna Schmidt", "DE"), "signing") { Server.code() }
            val identity = client.activate(store, (requested as Requested.Issued).identity) { Server.code() }
            assertTrue(client.listCredentials().any { it.credentialId == identity.credentialId() })
            val signed = BlockingClient.sign(Document.fromBytes(Server.agreement), Output.Memory, SignatureRequest(), identity.keyIn(store))
            val filed = client.fileDocument(Document.fromBytes(signed.bytes!!), "agreement.pdf")
            assertEquals(1L, filed.signatures)
            BlockingClient(Client(Server.environment())).use { other ->
                other.resume(client.client().refreshToken()!!)
                assertTrue(other.client().isLoggedIn())
                other.deleteDevice(device.uuid)
                assertFalse(other.listCredentials().any { it.credentialId == identity.credentialId() && it.state == IdentityState.ACTIVATED })
            }
        }
    }

    @Test
    fun `what the service or a back end refuses is thrown as it is by calls that do not wait`() {
        loggedIn().use { client ->
            thrown<ThrivoSignException.PinUpdateRefused> { client.updatePins() }
            val nobody = object : TokenProvider { override fun tokens() = throw ThrivoSignException.LoginRequired(ErrorDetail()) }
            thrown<ThrivoSignException.LoginRequired> { client.provideWith(nobody) }
        }
    }

    /** The form in which an app keeps a request that waits for an officer; the service knows nothing of this one. */
    @Test
    fun `a request that nobody made is not found`() {
        val kept =
            """{"version": 1, "requestID": "nobody", "retryAfter": 5, "deviceUUID": "d", "signingKey": "signing",
                "authenticationKey": "authentication", "csr": "$CSR"}"""
        loggedIn().use { client -> thrown<ThrivoSignException.RecordNotFound> { client.askAgain(PendingRequest.fromJson(kept)) } }
    }

    private companion object {
        /** Of a key that is gone. */
        const val CSR =
            "MIHfMIGGAgEAMCQxCzAJBgNVBAYTAkRFMRUwEwYDVQQDDAxBbm5hIFNjaG1pZHQwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARx" +
                "hWxhLrO8gZzfzjAy+ybNShDFpoGmb4nsg5K9chYNjaG4G910mBBqnOeoAUkhOBb/U/TzYhaYDMzj1LMhAkafoAAwCgYIKoZIzj0E" +
                "AwIDSAAwRQIhAPGc3PHRO87f8dOoZJi18Pr09ApQtK4jsfg1gdsqv1e6AiBUDlUulrPGvpk12YcF0ibpCSt8t6fhXsa9R7zRO35Iiw=="
    }
}
