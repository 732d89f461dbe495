package com.thrivosign

import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.lang.management.ManagementFactory
import java.nio.file.Files
import java.nio.file.Path
import javax.management.ObjectName
import kotlin.time.measureTime

/** A hundred thousand times open, call, close: memory and references stay where they were. */
class SoakTest {
    private data class Held(val residentKiB: Long, val globalReferences: Long, val weakReferences: Long, val handles: Int)

    private fun held(): Held {
        System.gc()
        Thread.sleep(100)
        val status = Files.readAllLines(Path.of("/proc/self/status")).first { it.startsWith("VmRSS:") }
        val server = ManagementFactory.getPlatformMBeanServer()
        val name = ObjectName("com.sun.management:type=DiagnosticCommand")
        val dump = server.invoke(name, "threadPrint", arrayOf<Any>(emptyArray<String>()), arrayOf("[Ljava.lang.String;")) as String
        val (global, weak) = Regex("""JNI global refs: (\d+), weak refs: (\d+)""").find(dump)!!.destructured
        val handles =
            FfiConverterTypeDocumentSource.handleMap.size +
                FfiConverterTypeProgressListener.handleMap.size +
                FfiConverterTypeDeviceKeyStore.handleMap.size +
                FfiConverterTypeDocumentSink.handleMap.size
        return Held(status.filter(Char::isDigit).toLong(), global.toLong(), weak.toLong(), handles)
    }

    private val signed by lazy {
        val (customer, identity) = Customer.enrolled()
        runBlocking { sign(Document.fromBytes(Server.agreement), Output.Memory, SignatureRequest(), identity.keyIn(customer.store)).bytes!! }
    }

    private val listener =
        object : ProgressListener {
            override fun progress(done: Long, total: Long) = Unit
        }

    private fun rounds(count: Int) =
        runBlocking {
            val (customer, identity) = Customer.enrolled()
            repeat(count) { round ->
                // Each round: objects of the library, an object of the app's that the library calls, an error.
                CancelToken().use { token -> token.isCancelled() }
                Secret("a secret").use { it.expose() }
                val source =
                    object : DocumentSource {
                        override fun length() = round.toLong()

                        override fun readAt(offset: Long, count: Int) = ByteArray(0)
                    }
                Document.fromSource(source).use { assertEquals(round.toLong(), it.size()) }
                if (round % 100 == 0) {
                    Document.fromBytes(signed).use { document ->
                        CancelToken().use { token ->
                            verify(document, Server.trust, null, CallOptions(cancel = token, progress = listener)).use { assertTrue(it.clean()) }
                        }
                        thrown<ThrivoSignException> { customer.client.loginClient() }
                    }
                }
                if (round % 1000 == 0) {
                    Document.fromBytes(Server.agreement).use { document ->
                        identity.signingIdentity().use { certificates ->
                            val key = SigningKey(customer.store, identity.signingKey(), certificates)
                            sign(document, Output.Memory, SignatureRequest(), key, options = CallOptions(progress = listener))
                        }
                    }
                }
            }
        }

    @Test
    fun `open, call, close`() {
        rounds(PART)
        val held = mutableListOf(held())
        val taken =
            measureTime {
                repeat(10) {
                    rounds(PART)
                    held.add(held())
                }
            }
        println("soak: ${10 * PART} rounds in $taken: $held")
        val (first, last) = held.first() to held.last()
        // Fewer is what an earlier test left to the garbage collector; a round that gave nothing back would show ten times in every part.
        assertTrue(last.handles <= first.handles, "objects of the app's that the library holds: $held")
        assertTrue(last.globalReferences <= first.globalReferences + 20, "JNI references: $held")
        assertTrue(last.weakReferences <= first.weakReferences + 200, "weak JNI references: $held")
        // What is never given back grows in every part; the allocator and the compiler take their memory in single steps.
        val growth = held.map(Held::residentKiB).zipWithNext { before, after -> after - before }.sorted()
        assertTrue(growth[growth.size / 2] <= MOST_GROWTH, "memory: $held")
    }

    private companion object {
        const val PART = 10_000

        /** KiB in a part: 50 bytes in a round. */
        const val MOST_GROWTH = 500L
    }
}
