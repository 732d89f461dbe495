package com.thrivosign.android

import android.hardware.biometrics.BiometricManager
import android.hardware.biometrics.BiometricPrompt
import android.hardware.fingerprint.FingerprintManager
import com.thrivosign.DigestAlgorithm
import com.thrivosign.KeyAlgorithm
import com.thrivosign.KeyPurpose
import com.thrivosign.KeySpec
import com.thrivosign.Prompt
import com.thrivosign.SignatureAlgorithm
import com.thrivosign.ThrivoSignException
import com.thrivosign.thrown
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import java.security.InvalidKeyException
import java.security.ProviderException
import java.security.Signature
import java.util.concurrent.CountDownLatch
import kotlin.concurrent.thread

/** A key in use: who is asked, how often, and what each way to fail is called. */
@Timeout(60)
class SigningTest {
    private val person = Approving()
    private val message = "the signed attributes".encodeToByteArray()

    private fun store(policy: KeyPolicy = KeyPolicy(), platform: Platform = device()) = AndroidKeystoreStore(person, policy, platform)

    private fun made(prompt: Prompt = Prompt.PER_USE, purpose: KeyPurpose = KeyPurpose.SIGNING) =
        store().create("a", KeySpec(KeyAlgorithm.P256, purpose, prompt))

    private fun signs(store: AndroidKeystoreStore = store()) {
        val value = store.sign("a", message, ecdsa)
        val right =
            Signature.getInstance("SHA256withECDSA").run {
                initVerify(SecureArea.keys.values.single().pair.public)
                update(message)
                verify(value)
            }
        assertTrue(right, "a signature of the message, by this key")
    }

    private inline fun <reified E : ThrivoSignException> fails(store: AndroidKeystoreStore = store()) {
        val error = thrown<ThrivoSignException> { store.sign("a", message, ecdsa) }
        assertTrue(error is E, "$error, expected ${E::class.java.simpleName}")
    }

    @BeforeEach
    fun anew() = PlayedKeystore.install()

    @Test
    fun `each use is approved, bound to its operation`() {
        made()
        signs()
        signs()
        assertEquals(listOf(true, true), person.perOperation)
        assertEquals(false, person.credential)
        signs(store(KeyPolicy(deviceCredential = true)))
        assertEquals(true, person.credential)
        signs(store(KeyPolicy(deviceCredential = true), device(api = 29)))
        assertEquals(false, person.credential, "no key of API 29 takes a PIN for one use")
    }

    @Test
    fun `one approval is good for a window`() {
        made(Prompt.WINDOW)
        repeat(3) { signs() }
        assertEquals(listOf(false), person.perOperation)
        SecureArea.windowOpen = false
        signs()
        assertEquals(2, person.prompts.get())
    }

    @Test
    fun `many threads share the approval of a window`() {
        made(Prompt.WINDOW)
        List(8) { thread { signs() } }.forEach(Thread::join)
        assertEquals(1, person.prompts.get())
    }

    @Test
    fun `prompts for single uses come one after the other`() {
        made()
        var inside = 0
        var most = 0
        person.answer = {
            most = maxOf(most, ++inside)
            Thread.sleep(20)
            inside--
            Approval.APPROVED
        }
        List(6) { thread { signs() } }.forEach(Thread::join)
        assertEquals(6 to 1, person.prompts.get() to most)
    }

    @Test
    fun `an authentication key asks nobody`() {
        made(purpose = KeyPurpose.AUTHENTICATION)
        signs()
        assertEquals(0, person.prompts.get())
    }

    @Test
    fun `cancelled, locked out, nobody to ask`() {
        for (prompt in listOf(Prompt.PER_USE, Prompt.WINDOW)) {
            made(prompt)
            person.answer = { Approval.CANCELLED }
            fails<ThrivoSignException.KeyCancelled>()
            person.answer = { Approval.LOCKED }
            fails<ThrivoSignException.KeyLocked>()
            person.answer = { Approval.UNAVAILABLE }
            fails<ThrivoSignException.KeyStoreUnavailable>()
            person.answer = { Approval.APPROVED }
            signs()
            store().delete("a")
        }
    }

    @Test
    fun `an approval that the keystore does not believe`() {
        for (prompt in listOf(Prompt.PER_USE, Prompt.WINDOW)) {
            made(prompt)
            person.trusted = false
            val before = person.prompts.get()
            fails<ThrivoSignException.KeyLocked>()
            assertEquals(before + 1, person.prompts.get(), "asked once, not for ever")
            store().delete("a")
        }
    }

    @Test
    fun `a locked device is not asked for a finger`() {
        made(Prompt.WINDOW)
        fails<ThrivoSignException.KeyLocked>(store(platform = device(locked = true)))
        assertEquals(0, person.prompts.get())
        store().delete("a")
        made(purpose = KeyPurpose.AUTHENTICATION)
        SecureArea.failure = InvalidKeyException("Keystore operation failed")
        fails<ThrivoSignException.KeyLocked>(store(platform = device(api = 30, locked = true)))
        fails<ThrivoSignException.KeyStoreUnavailable>(store(platform = device(api = 30)))
    }

    @Test
    fun `a new fingerprint invalidates the key, which can be deleted and made anew`() {
        for (prompt in listOf(Prompt.PER_USE, Prompt.WINDOW)) {
            made(prompt)
            SecureArea.keys.values.single().invalidated = true
            fails<ThrivoSignException.KeyInvalidated>()
            assertEquals(0, person.prompts.get(), "nobody is asked in vain")
            SecureArea.keys.values.single().corrupted = true
            fails<ThrivoSignException.KeyInvalidated>()
            assertTrue(thrown<ThrivoSignException> { store().info("a") } is ThrivoSignException.KeyInvalidated)
            assertTrue(thrown<ThrivoSignException> { store().attest("a", message) } is ThrivoSignException.KeyInvalidated)
            assertTrue(store().list().isEmpty())
            store().delete("a")
            assertTrue(SecureArea.keys.isEmpty())
        }
        made()
        signs()
    }

    @Test
    fun `a key that is gone is not made anew`() {
        made()
        SecureArea.keys.clear()
        SecureArea.asked.clear()
        fails<ThrivoSignException.KeyNotFound>()
        for (call in listOf<() -> Unit>({ store().info("a") }, { store().delete("a") })) {
            assertTrue(thrown<ThrivoSignException> { call() } is ThrivoSignException.KeyNotFound)
        }
        assertTrue(SecureArea.asked.isEmpty())
    }

    @Test
    fun `what the keystore says since API 33`() {
        made(purpose = KeyPurpose.AUTHENTICATION)

        fun says(code: Int) {
            SecureArea.failure = InvalidKeyException("Keystore operation failed", android.security.KeyStoreException(code, "a secret"))
        }
        says(-72)
        fails<ThrivoSignException.KeyLocked>()
        says(7)
        fails<ThrivoSignException.KeyNotFound>()
        says(6)
        fails<ThrivoSignException.KeyNotPermitted>()
        says(-1000)
        fails<ThrivoSignException.KeyStoreUnavailable>()
        SecureArea.failure = ProviderException("a secret")
        fails<ThrivoSignException.KeyStoreUnavailable>()
        assertTrue("secret" !in thrown<ThrivoSignException> { store().sign("a", message, ecdsa) }.toString())
    }

    @Test
    fun `the main thread, other algorithms`() {
        made()
        fails<ThrivoSignException.WrongOrder>(store(platform = device(main = true)))
        val others =
            listOf(
                SignatureAlgorithm.Ecdsa(DigestAlgorithm.SHA384),
                SignatureAlgorithm.Ecdsa(DigestAlgorithm.SHA512),
                SignatureAlgorithm.RsaPkcs1(DigestAlgorithm.SHA256),
                SignatureAlgorithm.Ed25519,
            )
        for (algorithm in others) {
            assertTrue(thrown<ThrivoSignException> { store().sign("a", message, algorithm) } is ThrivoSignException.KeyAlgorithmUnsupported)
        }
        assertEquals(0, person.prompts.get())
    }

    @Test
    fun `an interrupted thread gives up, in the prompt and before it`() {
        made()
        val asked = CountDownLatch(1)
        person.answer = {
            asked.countDown()
            Thread.sleep(60_000)
            Approval.APPROVED
        }
        val ends = java.util.concurrent.ConcurrentLinkedQueue<Pair<Throwable, Boolean>>()
        val use = { ends.add(thrown<Throwable> { store().sign("a", message, ecdsa) } to Thread.currentThread().isInterrupted) }
        val inPrompt = thread { use() }
        asked.await()
        val waiting = thread { use() }
        waiting.interrupt()
        waiting.join()
        inPrompt.interrupt()
        inPrompt.join()
        assertEquals(2, ends.size)
        for ((error, interrupted) in ends) assertTrue(error is ThrivoSignException.KeyCancelled && interrupted, error.toString())
        assertEquals(1, person.prompts.get())
    }

    @Test
    fun `what the prompt and the fingerprint reader answer`() {
        val cancelled = listOf(BiometricPrompt.BIOMETRIC_ERROR_USER_CANCELED, BiometricPrompt.BIOMETRIC_ERROR_CANCELED, BiometricPrompt.BIOMETRIC_ERROR_TIMEOUT)
        assertEquals(List(3) { Approval.CANCELLED }, cancelled.map(::approvalOf))
        for (locked in listOf(BiometricPrompt.BIOMETRIC_ERROR_LOCKOUT, BiometricPrompt.BIOMETRIC_ERROR_LOCKOUT_PERMANENT)) {
            assertEquals(Approval.LOCKED, approvalOf(locked))
        }
        for (other in listOf(BiometricPrompt.BIOMETRIC_ERROR_HW_NOT_PRESENT, BiometricPrompt.BIOMETRIC_ERROR_NO_BIOMETRICS, 14, 15, 99)) {
            assertEquals(Approval.UNAVAILABLE, approvalOf(other))
        }
        @Suppress("DEPRECATION")
        val reader =
            listOf(
                FingerprintManager.FINGERPRINT_ERROR_USER_CANCELED,
                FingerprintManager.FINGERPRINT_ERROR_CANCELED,
                FingerprintManager.FINGERPRINT_ERROR_TIMEOUT,
                FingerprintManager.FINGERPRINT_ERROR_LOCKOUT,
                FingerprintManager.FINGERPRINT_ERROR_LOCKOUT_PERMANENT,
            )
        assertEquals(List(3) { Approval.CANCELLED } + List(2) { Approval.LOCKED }, reader.map(::approvalOf))
        assertNull(obstacleOf(BiometricManager.BIOMETRIC_SUCCESS))
        assertEquals(Obstacle.NOTHING_ENROLLED, obstacleOf(BiometricManager.BIOMETRIC_ERROR_NONE_ENROLLED))
        assertEquals(Obstacle.HARDWARE_BUSY, obstacleOf(BiometricManager.BIOMETRIC_ERROR_HW_UNAVAILABLE))
        assertEquals(List(2) { Obstacle.NO_HARDWARE }, listOf(BiometricManager.BIOMETRIC_ERROR_NO_HARDWARE, null).map(::obstacleOf))
        person.obstacle = Obstacle.NOTHING_ENROLLED
        assertEquals(Obstacle.NOTHING_ENROLLED, store().obstacle())
    }
}
