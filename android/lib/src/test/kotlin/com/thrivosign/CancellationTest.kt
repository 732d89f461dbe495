package com.thrivosign

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.net.ServerSocket
import java.nio.file.Files
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import kotlin.time.measureTime

/** Calls that are given up, and many at once. */
class CancellationTest {
    /** A store that does not come back until it is let go. */
    private class Blocking(private val inner: DeviceKeyStore) : DeviceKeyStore by inner {
        val entered = CountDownLatch(1)
        val released = CountDownLatch(1)
        val answered = CountDownLatch(1)
        var daemon = false

        override fun sign(name: String, message: ByteArray, algorithm: SignatureAlgorithm): ByteArray {
            daemon = Thread.currentThread().isDaemon
            entered.countDown()
            released.await()
            return inner.sign(name, message, algorithm).also { answered.countDown() }
        }
    }

    private fun Blocking.letGo() {
        released.countDown()
        assertTrue(answered.await(20, TimeUnit.SECONDS))
        // Long enough for the library to write, if it were to.
        Thread.sleep(200)
    }

    @Test
    fun `a token ends a call whose store does not come back`() = runBlocking {
        val (customer, identity) = Customer.enrolled()
        val store = Blocking(customer.store)
        val path = Server.scratch("cancelled.pdf")
        val token = CancelToken()
        val call =
            async(Dispatchers.Default) {
                thrown<ThrivoSignException> {
                    sign(
                        Document.fromBytes(Server.agreement),
                        Output.File(path.toString()),
                        SignatureRequest(),
                        identity.keyIn(store),
                        options = CallOptions(cancel = token),
                    )
                }
            }
        withContext(Dispatchers.IO) { store.entered.await() }
        assertTrue(store.daemon, "a store that does not come back does not keep the program from ending")
        token.cancel()
        assertTrue(withTimeout(5_000) { call.await() } is ThrivoSignException.Cancelled)
        store.letGo()
        assertFalse(Files.exists(path), "what the store answered later was thrown away")
        val after = thrown<ThrivoSignException> { customer.client.listCredentials(CallOptions(cancel = token)) }
        assertTrue(after is ThrivoSignException.Cancelled, "a token cannot be revived")
    }

    @Test
    fun `a coroutine that is cancelled ends its call`() = runBlocking {
        val (customer, identity) = Customer.enrolled()
        val store = Blocking(customer.store)
        val path = Server.scratch("timed-out.pdf")
        val call =
            launch(Dispatchers.Default) {
                sign(Document.fromBytes(Server.agreement), Output.File(path.toString()), SignatureRequest(), identity.keyIn(store))
            }
        // Cancelled once the store was reached: a clock alone may run out before that on a busy machine.
        withContext(Dispatchers.IO) { assertTrue(store.entered.await(60, TimeUnit.SECONDS)) }
        withTimeout(5_000) { call.cancelAndJoin() }
        assertTrue(call.isCancelled)
        store.letGo()
        assertFalse(Files.exists(path))
    }

    @Test
    fun `a service that does not answer is not waited for`() = runBlocking {
        ServerSocket(0).use { silent ->
            val environment = Server.environment().copy(baseAddress = "https://localhost:${silent.localPort}", retry = RetryPolicy(1, 0, 0))
            val client = Client(environment)
            val taken = measureTime { thrown<TimeoutCancellationException> { withTimeout(300) { client.login("a", Secret("b")) } } }
            assertTrue(taken.inWholeSeconds < 5, "$taken")
            val error = thrown<ThrivoSignException> { client.login("a", Secret("b"), CallOptions(timeoutMs = 300)) }
            assertTrue(error is ThrivoSignException.TimedOut, error.toString())
            val single = thrown<ThrivoSignException> { client.login("a", Secret("b"), CallOptions(perCallTimeoutMs = 300)) }
            assertTrue(single is ThrivoSignException.TimedOut, single.toString())
            val negative = thrown<ThrivoSignException> { client.login("a", Secret("b"), CallOptions(timeoutMs = -1)) }
            assertTrue(negative is ThrivoSignException.InvalidArgument, negative.toString())
        }
        // In flight when the library is shut down; it goes on with the next call.
        ServerSocket(0).use { silent ->
            val environment = Server.environment().copy(baseAddress = "https://localhost:${silent.localPort}", retry = RetryPolicy(1, 0, 0))
            val client = Client(environment)
            val waiting = async(Dispatchers.Default) { thrown<ThrivoSignException> { client.login("a", Secret("b")) } }
            val connection = withContext(Dispatchers.IO) { silent.accept() }
            shutdown()
            assertTrue(withTimeout(5_000) { waiting.await() } is ThrivoSignException.Cancelled)
            connection.close()
            Customer.enrolled().first.client.listCredentials()
        }
        Unit
    }

    @Test
    fun `a computation ends with its coroutine`() = runBlocking {
        val document =
            Document.fromSource(object : DocumentSource {
                override fun length() = Server.agreement.size.toLong()

                override fun readAt(offset: Long, count: Int): ByteArray {
                    Thread.sleep(5)
                    return byteArrayOf(Server.agreement[offset.toInt()])
                }
            })
        val job = launch { document.verify(Server.trust) }
        delay(200)
        val taken = measureTime { job.cancel(); job.join() }
        assertTrue(taken.inWholeSeconds < 5, "$taken")
    }

    @Test
    fun `two hundred calls at once`() = runBlocking {
        val (customer, identity) = Customer.enrolled()
        val document = Document.fromBytes(Server.agreement)
        val key = identity.keyIn(customer.store)
        val signed = (1..200).map { async(Dispatchers.Default) { sign(document, Output.Memory, SignatureRequest(reason = "$it"), key) } }
        val listed = (1..20).map { async(Dispatchers.Default) { customer.client.listCredentials() } }
        signed.awaitAll().forEachIndexed { n, document ->
            val report = Document.fromBytes(document.bytes!!).verify(Server.trust)
            assertTrue(report.clean())
            assertEquals("${n + 1}", report.signatures().single().reason)
        }
        assertTrue(listed.awaitAll().all { it.isNotEmpty() })
    }

    @Test
    fun `two hundred stores that block at once and are cancelled`() = runBlocking {
        val (customer, identity) = Customer.enrolled()
        val document = Document.fromBytes(Server.agreement)
        val stores = List(200) { Blocking(customer.store) }
        val token = CancelToken()
        val calls =
            stores.map {
                async(Dispatchers.Default) {
                    thrown<ThrivoSignException> {
                        sign(document, Output.Memory, SignatureRequest(), identity.keyIn(it), options = CallOptions(cancel = token))
                    }
                }
            }
        withContext(Dispatchers.IO) { stores.forEach { it.entered.await() } }
        val taken = measureTime {
            token.cancel()
            assertTrue(calls.awaitAll().all { it is ThrivoSignException.Cancelled })
        }
        assertTrue(taken.inWholeSeconds < 5, "$taken")
        stores.forEach { it.released.countDown() }
    }
}
