package com.thrivosign

import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.nio.file.Files

/** Key stores, sources and sinks that do what they must not: each ends in an error of its own, and nothing is written. */
class MisbehavingStoreTest {
    private class Twisted(
        private val inner: DeviceKeyStore,
        private val sign: (name: String, message: ByteArray, algorithm: SignatureAlgorithm) -> ByteArray,
    ) : DeviceKeyStore by inner {
        override fun sign(name: String, message: ByteArray, algorithm: SignatureAlgorithm) = sign.invoke(name, message, algorithm)
    }

    /** The error of signing with such a store; checks that nothing was written. */
    private fun refused(store: (DeviceKeyStore) -> DeviceKeyStore): ThrivoSignException {
        val (customer, identity) = Customer.enrolled()
        val path = Server.scratch("refused.pdf")
        val key = identity.keyIn(store(customer.store))
        val error =
            thrown<ThrivoSignException> {
                runBlocking { sign(Document.fromBytes(Server.agreement), Output.File(path.toString()), SignatureRequest(), key) }
            }
        assertFalse(Files.exists(path), "nothing was written")
        return error
    }

    private fun refusedBy(sign: (ByteArray, () -> ByteArray) -> ByteArray) =
        refused { inner -> Twisted(inner) { name, message, algorithm -> sign(message) { inner.sign(name, message, algorithm) } } }

    @Test
    fun `what is declared arrives as it is`() {
        val declared =
            listOf(
                KeyError.notFound(),
                KeyError.exists(),
                KeyError.cancelled(),
                KeyError.locked(),
                KeyError.invalidated(),
                KeyError.notPermitted(),
                KeyError.algorithmUnsupported(),
                KeyError.attestationUnavailable(),
                KeyError.unavailable(),
            )
        for (error in declared) {
            assertEquals(error.javaClass, refusedBy { _, _ -> throw error }.javaClass)
        }
    }

    @Test
    fun `anything else that is thrown means that the store is unavailable`() {
        val others = listOf(RuntimeException("a secret"), IllegalStateException("a secret"), NotImplementedError("a secret"), StackOverflowError("a secret"))
        for (other in others) {
            val error = refusedBy { _, _ -> throw other }
            assertTrue(error is ThrivoSignException.KeyStoreUnavailable, error.toString())
            assertFalse(error.toString().contains("a secret"), "what the app throws could hold anything")
        }
    }

    @Test
    fun `a wrong value is found out before it is used`() {
        val wrong =
            mapOf<String, (ByteArray, () -> ByteArray) -> ByteArray>(
                "nothing" to { _, _ -> ByteArray(0) },
                "garbage" to { _, _ -> ByteArray(72) { it.toByte() } },
                "too short" to { _, right -> right().let { it.copyOf(it.size - 1) } },
                "too long" to { _, right -> right() + 0 },
                "very long" to { _, _ -> ByteArray(10_000_000) },
                "a changed value" to { _, right -> right().also { it[it.size - 1] = (it[it.size - 1] + 1).toByte() } },
                "another message's" to { _, right -> right(); Customer.enrolled().first.store.sign("signing", ByteArray(3), ecdsa) },
                "another key's" to { message, _ -> Customer.enrolled().first.store.sign("authentication", message, ecdsa) },
            )
        for ((what, sign) in wrong) {
            val error = refusedBy(sign)
            assertTrue(error is ThrivoSignException.KeySignatureWrong, "$what: $error")
        }
    }

    @Test
    fun `a key that is another one is not asked`() {
        var asked = false
        val error =
            refused { inner ->
                object : DeviceKeyStore by inner {
                    override fun info(name: String) = inner.info("authentication").copy(name = name, purpose = KeyPurpose.SIGNING)

                    override fun sign(name: String, message: ByteArray, algorithm: SignatureAlgorithm): ByteArray {
                        asked = true
                        return inner.sign(name, message, algorithm)
                    }
                }
            }
        assertTrue(error is ThrivoSignException.CertificateForeign, error.toString())
        assertFalse(asked)
        val garbage = refused { inner -> object : DeviceKeyStore by inner {
            override fun info(name: String) = inner.info(name).copy(publicKey = byteArrayOf(1, 2, 3))
        } }
        assertTrue(garbage is ThrivoSignException.DerMalformed, garbage.toString())
    }

    @Test
    fun `a store may call the library while it is asked`() = runBlocking {
        val (customer, identity) = Customer.enrolled()
        val document = Document.fromBytes(Server.agreement)
        val again =
            Twisted(customer.store) { name, message, algorithm ->
                // A signature within a signature, a call on the wire, a verification.
                runBlocking {
                    val inner = sign(document, Output.Memory, SignatureRequest(), identity.keyIn(customer.store))
                    assertTrue(verify(Document.fromBytes(inner.bytes!!), Server.trust).clean())
                    customer.client.listCredentials()
                }
                customer.store.sign(name, message, algorithm)
            }
        val signed = sign(document, Output.Memory, SignatureRequest(), identity.keyIn(again))
        assertTrue(verify(Document.fromBytes(signed.bytes!!), Server.trust).clean())
    }

    @Test
    fun `objects may be closed while they are used`() = runBlocking {
        val (customer, identity) = Customer.enrolled()
        val document = Document.fromBytes(Server.agreement)
        val key = identity.keyIn(Twisted(customer.store) { name, message, algorithm ->
            document.close()
            customer.store.sign(name, message, algorithm)
        })
        val signed = sign(document, Output.Memory, SignatureRequest(), key)
        assertTrue(verify(Document.fromBytes(signed.bytes!!), Server.trust).clean(), "the call holds what it needs")
        thrown<IllegalStateException> { document.size() }

        // A store of the library's own that is gone is like any store that cannot be reached.
        val store = SoftwareKeyStore()
        val info = store.create("signing", KeySpec(KeyAlgorithm.P256, KeyPurpose.SIGNING))
        store.close()
        val error = thrown<ThrivoSignException> { customer.client.registerDevice(store, info.copy(purpose = KeyPurpose.AUTHENTICATION), customer.device, Secret("0")) }
        assertTrue(error is ThrivoSignException.KeyStoreUnavailable, error.toString())
    }

    @Test
    fun `a source or a sink that fails ends the call`() = runBlocking {
        val (customer, identity) = Customer.enrolled()
        val key = identity.keyIn(customer.store)

        fun source(read: (Long, Int) -> ByteArray) =
            Document.fromSource(object : DocumentSource {
                override fun length() = Server.agreement.size.toLong()

                override fun readAt(offset: Long, count: Int) = read(offset, count)
            })
        val bad =
            listOf<(Long, Int) -> ByteArray>(
                { _, _ -> throw RuntimeException("a secret") },
                { _, _ -> throw NotImplementedError("a secret") },
                { _, count -> ByteArray(count + 1) },
                { _, _ -> ByteArray(0) },
            )
        for (read in bad) {
            val error = thrown<ThrivoSignException> { sign(source(read), Output.Memory, SignatureRequest(), key) }
            assertTrue(error is ThrivoSignException.SourceUnreadable, error.toString())
        }
        for (error in listOf(RuntimeException("a secret"), OutOfMemoryError("a secret"))) {
            val sink =
                object : DocumentSink {
                    override fun write(bytes: ByteArray) = throw error
                }
            val told = thrown<ThrivoSignException> { sign(Document.fromBytes(Server.agreement), Output.Host(sink), SignatureRequest(), key) }
            assertTrue(told is ThrivoSignException.OutputUnwritable, told.toString())
            assertFalse(told.toString().contains("a secret"))
        }
        val listener =
            object : ProgressListener {
                override fun progress(done: Long, total: Long) = throw NotImplementedError("changes nothing")
            }
        sign(Document.fromBytes(Server.agreement), Output.Memory, SignatureRequest(), key, options = CallOptions(progress = listener))
        Unit
    }

    private companion object {
        val ecdsa = SignatureAlgorithm.Ecdsa(DigestAlgorithm.SHA256)
    }
}
