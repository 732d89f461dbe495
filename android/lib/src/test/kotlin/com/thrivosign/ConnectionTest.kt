package com.thrivosign

import java.io.ByteArrayInputStream
import java.net.URI
import java.net.URLEncoder
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse.BodyHandlers
import java.nio.charset.StandardCharsets.UTF_8
import java.security.KeyPairGenerator
import java.security.KeyStore
import java.security.cert.CertificateFactory
import java.util.Base64
import java.util.concurrent.atomic.AtomicInteger
import javax.net.ssl.SSLContext
import javax.net.ssl.TrustManagerFactory
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** What vouches for the service and for the app: tokens of a back end, updates of pins, certificates of a connection. */
class ConnectionTest {
    /** The app's own back end: logs in with what only it knows, and hands the token on. */
    private class BackEnd(private val environment: Environment) : TokenProvider {
        val asked = AtomicInteger()

        override fun tokens(): ProvidedTokens {
            asked.incrementAndGet()
            val form = mapOf("grant_type" to "password", "username" to Server.user, "password" to Server.password.expose(), "scope" to "password")
            val body = form.entries.joinToString("&") { (name, value) -> "$name=${URLEncoder.encode(value, UTF_8)}" }
            val request =
                HttpRequest.newBuilder(URI("${environment.baseAddress}/rssp/auth/login"))
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .header("X-API-Key", environment.apiKey.expose())
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build()
            val answer = http(environment).send(request, BodyHandlers.ofString())
            check(answer.statusCode() == 200)
            val token = Regex("\"access_token\":\"([^\"]+)\"").find(answer.body())!!.groupValues[1]
            return ProvidedTokens(Secret(token), 3600)
        }

        private fun http(environment: Environment): HttpClient {
            val root = CertificateFactory.getInstance("X.509").generateCertificate(ByteArrayInputStream(environment.tlsRoots!!))
            val trusted = KeyStore.getInstance(KeyStore.getDefaultType()).apply { load(null); setCertificateEntry("root", root) }
            val managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm()).apply { init(trusted) }.trustManagers
            return HttpClient.newBuilder().sslContext(SSLContext.getInstance("TLS").apply { init(null, managers, null) }).build()
        }
    }

    @Test
    fun `tokens of the app's own back end open the service`() = runBlocking {
        val environment = Server.environment()
        val backEnd = BackEnd(environment)
        Client(environment).use { client ->
            client.provideWith(backEnd)
            assertTrue(client.isLoggedIn())
            assertNull(client.refreshToken(), "what renews them stays with the back end")
            client.listCredentials()
            assertEquals(1, backEnd.asked.get())
        }
    }

    @Test
    fun `what the back end throws is the call's error`(): Unit = runBlocking {
        Client(Server.environment()).use { client ->
            val nobody = object : TokenProvider { override fun tokens() = throw ThrivoSignException.LoginRequired(ErrorDetail()) }
            thrown<ThrivoSignException.LoginRequired> { runBlocking { client.provideWith(nobody) } }
            assertFalse(client.isLoggedIn())
            val late = object : TokenProvider { override fun tokens() = ProvidedTokens(Secret("token"), -1) }
            thrown<ThrivoSignException.BadAnswer> { runBlocking { client.provideWith(late) } }
        }
    }

    @Test
    fun `updates of pins need a key, and are refused without one`(): Unit = runBlocking {
        Client(Server.environment()).use { client ->
            assertNull(client.pinDocument())
            thrown<ThrivoSignException.PinUpdateRefused> { runBlocking { client.updatePins() } }
        }
        val key = KeyPairGenerator.getInstance("EC").apply { initialize(256) }.generateKeyPair().public.encoded
        val pem = "-----BEGIN PUBLIC KEY-----\n${Base64.getMimeEncoder().encodeToString(key)}\n-----END PUBLIC KEY-----\n"
        val told = mutableListOf<String>()
        val observer =
            object : PinObserver {
                override fun mismatch(refused: Boolean) { told += "mismatch" }
                override fun expired() { told += "expired" }
                override fun updated(serial: Long) { told += "updated" }
                override fun updateRefused() { told += "refused" }
            }
        val strange = listOf(1, 2).map { Base64.getEncoder().encodeToString(ByteArray(32) { _ -> it.toByte() }) }
        val pins = Pins(strange, observer = observer, updateKeys = listOf(pem.toByteArray()), document = "a.b.c")
        Client(Server.environment().copy(pins = pins)).use { client ->
            assertEquals(listOf("refused"), told, "a kept document that nobody signed")
            // The service has published none: the key that is not among the pins stays refused.
            thrown<ThrivoSignException.TlsPinMismatch> { runBlocking { client.login(Server.user, Server.password) } }
            thrown<ThrivoSignException.RecordNotFound> { runBlocking { client.updatePins() } }
        }
    }

    @Test
    fun `a certificate of another key is refused before anything is connected`() {
        val store = KotlinKeyStore()
        store.create("desk", KeySpec(KeyAlgorithm.P256, KeyPurpose.AUTHENTICATION, Prompt.NONE))
        val foreign = ClientCertificate(store, "desk", Server.trustPem)
        thrown<ThrivoSignException.CertificateForeign> { Client(Server.environment().copy(clientCertificate = foreign)) }
        thrown<ThrivoSignException.KeyNotFound> { Client(Server.environment().copy(clientCertificate = foreign.copy(authenticationKey = "none"))) }
    }
}
