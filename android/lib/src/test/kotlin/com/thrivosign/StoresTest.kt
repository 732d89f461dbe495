package com.thrivosign

import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** Every store keeps the same contract, in whatever language it is written. */
class StoresTest {
    @Test
    fun `a store written in Kotlin keeps the contract`() = runBlocking {
        assertNull(keyStoreBreach(KotlinKeyStore(), Protection.SOFTWARE, false))
    }

    @Test
    fun `a breach is found`() = runBlocking {
        val forgetful =
            object : KotlinKeyStore() {
                override fun delete(name: String) = Unit
            }
        assertNotNull(keyStoreBreach(forgetful, Protection.SOFTWARE, false))
        assertNotNull(keyStoreBreach(KotlinKeyStore(), Protection.TEE, false))
    }

    @Test
    fun `a file store is unlocked, locked and opened again`() = runBlocking {
        val folder = Server.scratch("keys").toString()
        val made =
            FileKeyStore.open(folder).use { store ->
                assertTrue(thrown<ThrivoSignException> { store.create("a", spec) } is ThrivoSignException.KeyLocked)
                store.unlock(Secret("a passphrase"))
                store.create("a", spec).also { assertEquals(listOf(it.name), store.list().map(KeyInfo::name)) }
            }
        FileKeyStore.open(folder).use { store ->
            assertTrue(thrown<ThrivoSignException> { store.unlock(Secret("another")) } is ThrivoSignException.PassphraseWrong)
            store.unlock(Secret("a passphrase"))
            assertTrue(made.publicKey.contentEquals(store.info("a").publicKey))
            assertTrue(store.sign("a", byteArrayOf(1), SignatureAlgorithm.Ecdsa(DigestAlgorithm.SHA256)).isNotEmpty())
            store.changePassphrase(Secret("a third"))
            store.lock()
            store.unlock(Secret("a third"))
            assertEquals(emptyList<String>(), store.damaged())
        }
    }

    @Test
    fun `a key that was made for it is backed up and taken back`() {
        FileKeyStore.open(Server.scratch("keys").toString()).use { store ->
            store.unlock(Secret("a passphrase"))
            store.create("own", spec)
            val made = store.createExportable("seal", spec)
            thrown<ThrivoSignException.KeyNotPermitted> { store.backup("own", Secret("copy")) }
            val backup = store.backup("seal", Secret("copy"))
            thrown<ThrivoSignException.KeyExists> { store.restore(backup, Secret("copy")) }
            store.delete("seal")
            thrown<ThrivoSignException.PassphraseWrong> { store.restore(backup, Secret("a passphrase")) }
            assertTrue(made.publicKey.contentEquals(store.restore(backup, Secret("copy")).publicKey))
        }
    }

    @Test
    fun `a key from a file`() {
        val pair = java.security.KeyPairGenerator.getInstance("EC").apply { initialize(256) }.generateKeyPair()
        SoftwareKeyStore().use { store ->
            val info = store.importKey("mine", KeyPurpose.SIGNING, pair.private.encoded)
            assertTrue(info.publicKey.contentEquals(pair.public.encoded))
            assertTrue(thrown<ThrivoSignException> { store.importKey("mine", KeyPurpose.SIGNING, pair.private.encoded) } is ThrivoSignException.KeyExists)
            assertTrue(thrown<ThrivoSignException> { store.importKey("b", KeyPurpose.SIGNING, ByteArray(9)) } is ThrivoSignException.PemMalformed)
        }
    }

    private val spec = KeySpec(KeyAlgorithm.P256, KeyPurpose.SIGNING)
}
