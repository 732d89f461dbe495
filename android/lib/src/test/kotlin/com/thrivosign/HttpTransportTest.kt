package com.thrivosign

import java.util.concurrent.CountDownLatch
import java.util.concurrent.atomic.AtomicBoolean
import kotlin.concurrent.thread
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** HTTP of the app's own in place of the library's. */
class HttpTransportTest {
    /** What nobody but the library's own connections would heed is left out. */
    private fun environment() = Server.environment().copy(tlsRoots = null)

    @Test
    fun `the whole job goes over the JDK's HTTP`() = runBlocking {
        val http = JdkHttp(Server.environment().tlsRoots!!)
        val customer = Customer(client = Client.newOver(environment(), http))
        customer.client.use { client ->
            // Every call is proven to have come from this device: the address that the proof names is the one that was asked.
            client.proveWith(customer.store, customer.store.authenticationKey("authentication").name)
            val identity = customer.enrol()
            assertTrue(client.isBound())
            val signed =
                client.signAndFile(
                    Document.fromBytes(Server.agreement),
                    Output.Memory,
                    "agreement.pdf",
                    SignatureRequest(),
                    identity.keyIn(customer.store),
                )
            assertEquals(1L, (signed.filing as Filing.Filed).agreement.signatures)
            assertTrue(verify(Document.fromBytes(signed.signed.bytes!!), Server.trust).clean())
            val before = http.asked.get()
            client.listCredentials()
            assertEquals(before + 1, http.asked.get())
            client.logout()
        }
    }

    @Test
    fun `an environment whose pins nobody would heed is refused`() {
        val http = JdkHttp(Server.environment().tlsRoots!!)
        thrown<ThrivoSignException.ConfigMalformed> { Client.newOver(Server.environment(), http) }
        val pins = Pins(listOf("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA="))
        thrown<ThrivoSignException.ConfigMalformed> { Client.newOver(environment().copy(pins = pins), http) }
        thrown<ThrivoSignException.PlainHttpRefused> { Client.newOver(environment().copy(baseAddress = "http://localhost"), http) }
    }

    @Test
    fun `what the app's HTTP throws is the call's error, and decides whether it is tried again`() = runBlocking {
        var asked = 0
        fun throwing(error: ThrivoSignException) =
            object : HttpTransport {
                override fun send(exchange: HttpExchange): HttpAnswer {
                    asked += 1
                    throw error
                }
            }
        val hasty = environment().copy(retry = RetryPolicy(3, 1, 2))
        for ((error, tries) in listOf(ThrivoSignException.TlsFailed(ErrorDetail()) to 1, ThrivoSignException.ConnectFailed(ErrorDetail()) to 3)) {
            asked = 0
            Client.newOver(hasty, throwing(error)).use { client ->
                val told = thrown<ThrivoSignException> { runBlocking { client.resume(Secret("token")) } }
                assertEquals(error.javaClass, told.javaClass)
                assertEquals(tries, asked, error.javaClass.simpleName)
            }
        }
    }

    @Test
    fun `answers that are none are refused`() = runBlocking<Unit> {
        fun answering(answer: HttpAnswer) =
            object : HttpTransport {
                override fun send(exchange: HttpExchange): HttpAnswer = exchange.use { answer }
            }
        Client.newOver(environment(), answering(HttpAnswer(99, emptyList(), ByteArray(0)))).use { client ->
            thrown<ThrivoSignException.BadAnswer> { runBlocking { client.login(Server.user, Server.password) } }
        }
        Client.newOver(environment(), answering(HttpAnswer(200, emptyList(), ByteArray(2 shl 20)))).use { client ->
            thrown<ThrivoSignException.AnswerTooLarge> { runBlocking { client.login(Server.user, Server.password) } }
        }
    }

    @Test
    fun `whoever cancels is let go at once, and the exchange is told`() = runBlocking {
        val (begun, told) = CountDownLatch(1) to CountDownLatch(1)
        val release = AtomicBoolean()
        val slow =
            object : HttpTransport {
                override fun send(exchange: HttpExchange): HttpAnswer =
                    exchange.use {
                        begun.countDown()
                        while (!exchange.isCancelled() && !release.get()) Thread.sleep(5)
                        if (exchange.isCancelled()) told.countDown()
                        throw ThrivoSignException.ConnectionCut(ErrorDetail())
                    }
            }
        Client.newOver(environment(), slow).use { client ->
            val login = launch { client.login(Server.user, Server.password) }
            thread { begun.await(); login.cancel() }
            withTimeout(20_000) { login.join() }
            assertTrue(told.await(20, java.util.concurrent.TimeUnit.SECONDS))
            assertFalse(client.isLoggedIn())
        }
    }
}
