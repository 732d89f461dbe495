package com.thrivosign.android

import android.security.keystore.KeyProperties
import com.thrivosign.KeyAlgorithm
import com.thrivosign.KeyPurpose
import com.thrivosign.KeySpec
import com.thrivosign.Prompt
import com.thrivosign.Protection
import com.thrivosign.ThrivoSignException
import com.thrivosign.thrown
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test

/** What a key is made with, where it ends up, and which keys are not made. */
class CreatingTest {
    private val signing = KeySpec(KeyAlgorithm.P256, KeyPurpose.SIGNING)
    private val authentication = KeySpec(KeyAlgorithm.P256, KeyPurpose.AUTHENTICATION)

    private fun store(policy: KeyPolicy = KeyPolicy(), platform: Platform = device()) = AndroidKeystoreStore(Approving(), policy, platform)

    @BeforeEach
    fun anew() = PlayedKeystore.install()

    @Test
    fun `StrongBox first`() {
        val key = store().create("a", signing)
        assertEquals(Protection.STRONGBOX, key.protection)
        assertEquals(Prompt.PER_USE, key.prompt)
        assertEquals(KeyPurpose.SIGNING, key.purpose)
        assertArrayEquals(SecureArea.keys.values.single().pair.public.encoded, key.publicKey)
        val spec = SecureArea.asked.single()
        assertEquals(KeyProperties.PURPOSE_SIGN, spec.purposes)
        assertArrayEquals(arrayOf("SHA-256"), spec.digests)
        assertTrue(spec.isUserAuthenticationRequired && spec.isUnlockedDeviceRequired && spec.isInvalidatedByBiometricEnrollment)
        assertEquals(KeyProperties.AUTH_BIOMETRIC_STRONG, spec.userAuthenticationType)
        assertNull(spec.attestationChallenge)
    }

    @Test
    fun `the TEE where there is no StrongBox, or none after all`() {
        SecureArea.strongBox = false
        assertEquals(Protection.TEE, store().create("a", signing).protection)
        assertEquals(listOf(true, false), SecureArea.asked.map { it.isStrongBoxBacked }, "StrongBox was tried")
        SecureArea.asked.clear()
        assertEquals(Protection.TEE, store(platform = device(strongBox = false)).create("b", signing).protection)
        assertEquals(listOf(false), SecureArea.asked.map { it.isStrongBoxBacked })
        SecureArea.hardware = KeyProperties.SECURITY_LEVEL_UNKNOWN_SECURE
        assertEquals(Protection.TEE, store().create("c", signing).protection)
    }

    @Test
    fun `a policy of StrongBox is content with nothing else`() {
        val strict = KeyPolicy(least = Protection.STRONGBOX)
        assertEquals(Protection.STRONGBOX, store(strict).create("a", signing).protection)
        SecureArea.strongBox = false
        assertTrue(thrown<ThrivoSignException> { store(strict).create("b", signing) } is ThrivoSignException.KeyStoreUnavailable)
        val none = thrown<ThrivoSignException> { store(strict, device(strongBox = false)).create("b", signing) }
        assertTrue(none is ThrivoSignException.KeyNotPermitted, none.toString())
        // Nothing says of a key of API 30 that it is in StrongBox.
        SecureArea.strongBox = true
        assertTrue(thrown<ThrivoSignException> { store(strict, device(api = 30)).create("b", signing) } is ThrivoSignException.KeyNotPermitted)
        assertEquals(1, SecureArea.keys.size, "what was made was deleted")
    }

    @Test
    fun `software is refused and deleted, unless it is asked for by name`() {
        SecureArea.strongBox = false
        SecureArea.hardware = KeyProperties.SECURITY_LEVEL_SOFTWARE
        for (api in listOf(24, 28, 30, 31, 34)) {
            val error = thrown<ThrivoSignException.KeyNotPermitted> { store(platform = device(api)).create("a", signing) }
            assertEquals(406 to "key_not_permitted", error.detail.code to error.detail.name)
            assertTrue(SecureArea.keys.isEmpty())
        }
        val lenient = store(KeyPolicy.dangerousSoftware())
        assertEquals(Protection.SOFTWARE, lenient.create("a", signing).protection)
        assertTrue(thrown<ThrivoSignException> { store().info("a") } is ThrivoSignException.KeyNotPermitted, "found later, too")
        assertTrue(thrown<ThrivoSignException> { store().sign("a", ByteArray(1), ecdsa) } is ThrivoSignException.KeyNotPermitted)
        assertTrue(store().list().isEmpty())
        store().delete("a")
        assertTrue(thrown<IllegalArgumentException> { KeyPolicy(least = Protection.SOFTWARE) }.message!!.contains("TEE"))
        thrown<IllegalArgumentException> { KeyPolicy(windowSeconds = 0) }
    }

    @Test
    fun `a signing key whose approvals software alone looks at is refused and deleted`() {
        SecureArea.enforced = false
        assertTrue(thrown<ThrivoSignException> { store().create("a", signing) } is ThrivoSignException.KeyNotPermitted)
        assertTrue(SecureArea.keys.isEmpty())
        assertEquals(Prompt.NONE, store().create("a", authentication).prompt)
    }

    @Test
    fun `authentication keys ask nobody, signing keys always ask`() {
        for (prompt in listOf(null, Prompt.PER_USE, Prompt.WINDOW, Prompt.NONE)) {
            val key = store().create("a", authentication.copy(prompt = prompt))
            assertEquals(Prompt.NONE to KeyPurpose.AUTHENTICATION, key.prompt to key.purpose)
            assertFalse(SecureArea.asked.last().isUserAuthenticationRequired)
            store().delete("a")
        }
        SecureArea.asked.clear()
        assertTrue(thrown<ThrivoSignException> { store().create("a", signing.copy(prompt = Prompt.NONE)) } is ThrivoSignException.KeyNotPermitted)
        assertTrue(SecureArea.asked.isEmpty())
    }

    @Test
    fun `for each use or for a window, by every API level's own means`() {
        for (api in 24..34) {
            val at = store(platform = device(api))
            assertEquals(Prompt.PER_USE, at.create("use", signing).prompt)
            assertEquals(Prompt.WINDOW, at.create("window", signing.copy(prompt = Prompt.WINDOW)).prompt)
            val (use, window) = SecureArea.asked
            assertEquals(0 to 15, use.userAuthenticationValidityDurationSeconds to window.userAuthenticationValidityDurationSeconds, "API $api")
            assertEquals(api >= 28, use.isStrongBoxBacked && use.isUnlockedDeviceRequired, "API $api")
            assertEquals(if (api >= 31) Protection.STRONGBOX else Protection.TEE, at.info("use").protection, "what the key can prove, API $api")
            SecureArea.reset()
        }
        val relaxed = KeyPolicy(windowSeconds = 60, deviceCredential = true, unlockedDevice = false)
        store(relaxed).create("a", signing.copy(prompt = Prompt.WINDOW))
        val spec = SecureArea.asked.single()
        assertEquals(60, spec.userAuthenticationValidityDurationSeconds)
        assertEquals(KeyProperties.AUTH_BIOMETRIC_STRONG or KeyProperties.AUTH_DEVICE_CREDENTIAL, spec.userAuthenticationType)
        assertFalse(spec.isUnlockedDeviceRequired)
    }

    @Test
    fun `other algorithms and names that are none are refused before anything is made`() {
        for (algorithm in listOf(KeyAlgorithm.P384, KeyAlgorithm.P521, KeyAlgorithm.Rsa(2048), KeyAlgorithm.Ed25519)) {
            val error = thrown<ThrivoSignException> { store().create("a", signing.copy(algorithm = algorithm)) }
            assertTrue(error is ThrivoSignException.KeyAlgorithmUnsupported, "$algorithm: $error")
        }
        for (name in listOf("", "a\u0000", "a\n", "ä".repeat(33))) {
            assertTrue(thrown<ThrivoSignException> { store().create(name, signing) } is ThrivoSignException.InvalidArgument)
        }
        assertTrue(SecureArea.asked.isEmpty())
    }

    @Test
    fun `no key is replaced, whatever it is for`() {
        val key = store().create("a", signing)
        for (spec in listOf(signing, authentication)) {
            assertTrue(thrown<ThrivoSignException> { store().create("a", spec) } is ThrivoSignException.KeyExists)
        }
        assertEquals(1, SecureArea.asked.size)
        assertArrayEquals(key.publicKey, store().info("a").publicKey)
    }

    @Test
    fun `one of many threads makes the key`() {
        val outcomes = java.util.concurrent.ConcurrentLinkedQueue<Boolean>()
        val threads = List(8) {
            kotlin.concurrent.thread {
                outcomes += try {
                    store().create("a", signing)
                    true
                } catch (_: ThrivoSignException.KeyExists) {
                    false
                }
            }
        }
        threads.forEach(Thread::join)
        assertEquals(1 to 7, outcomes.count { it } to outcomes.count { !it })
        assertEquals(1, SecureArea.asked.size)
    }

    @Test
    fun `nobody enrolled, a broken keystore, the main thread`() {
        SecureArea.enrolled = false
        val nobody = thrown<ThrivoSignException.KeyStoreUnavailable> { store().create("a", signing) }
        assertTrue(nobody.detail.message.startsWith("no fingerprint or face"), nobody.detail.message)
        store().create("b", authentication)
        SecureArea.enrolled = true
        SecureArea.broken = true
        assertEquals("", thrown<ThrivoSignException.KeyStoreUnavailable> { store().create("a", signing) }.detail.message)
        assertTrue(thrown<ThrivoSignException> { store(platform = device(locked = true)).create("a", signing) } is ThrivoSignException.KeyLocked)
        SecureArea.broken = false
        val main = thrown<ThrivoSignException.WrongOrder> { store(platform = device(main = true)).create("a", signing) }
        assertEquals(104, main.detail.code)
        assertEquals(1, SecureArea.keys.size)
    }

    @Test
    fun `attested as it is made, over its challenge alone`() {
        val challenge = ByteArray(32) { it.toByte() }
        store().create("a", signing.copy(attestationChallenge = challenge))
        assertArrayEquals(challenge, SecureArea.asked.single().attestationChallenge)
        val attestation = store().attest("a", challenge)
        assertEquals("android-key" to 2, attestation.format to attestation.certificates.size)
        assertArrayEquals(SecureArea.keys.values.single().chain[0].encoded, attestation.certificates[0])
        store().create("b", signing)
        for ((name, other) in listOf("a" to ByteArray(32), "a" to ByteArray(0), "b" to challenge, "b" to ByteArray(0))) {
            assertTrue(thrown<ThrivoSignException> { store().attest(name, other) } is ThrivoSignException.AttestationUnavailable)
        }
        assertTrue(thrown<ThrivoSignException> { store().attest("none", challenge) } is ThrivoSignException.KeyNotFound)
    }

    @Test
    fun `a device that cannot attest`() {
        SecureArea.attests = false
        val spec = signing.copy(attestationChallenge = ByteArray(16) { 7 })
        assertEquals(Protection.STRONGBOX, store().create("a", spec).protection)
        val tried = SecureArea.asked.map { it.isStrongBoxBacked to (it.attestationChallenge != null) }
        assertEquals(listOf(true to true, false to true, true to false), tried, "with the proof in either place, then without")
        assertTrue(thrown<ThrivoSignException> { store().attest("a", ByteArray(16) { 7 }) } is ThrivoSignException.AttestationUnavailable)
        val strict = KeyPolicy(attestation = KeyPolicy.Attested.REQUIRED)
        assertTrue(thrown<ThrivoSignException> { store(strict).create("b", spec) } is ThrivoSignException.AttestationUnavailable)
        assertEquals(1, SecureArea.keys.size)
    }
}
