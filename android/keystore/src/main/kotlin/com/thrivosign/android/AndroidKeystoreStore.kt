package com.thrivosign.android

import android.content.Context
import android.os.Build
import android.security.keystore.KeyProperties
import android.security.keystore.UserNotAuthenticatedException
import com.thrivosign.Attestation
import com.thrivosign.DeviceKeyStore
import com.thrivosign.DigestAlgorithm
import com.thrivosign.ErrorDetail
import com.thrivosign.KeyAlgorithm
import com.thrivosign.KeyError
import com.thrivosign.KeyInfo
import com.thrivosign.KeyPurpose
import com.thrivosign.KeySpec
import com.thrivosign.Prompt
import com.thrivosign.Protection
import com.thrivosign.SignatureAlgorithm
import com.thrivosign.ThrivoSignException
import java.io.IOException
import java.security.GeneralSecurityException
import java.security.InvalidAlgorithmParameterException
import java.security.KeyFactory
import java.security.KeyPairGenerator
import java.security.KeyStore
import java.security.PrivateKey
import java.security.ProviderException
import java.security.Signature
import java.security.cert.X509Certificate
import java.util.concurrent.locks.ReentrantLock
import android.security.keystore.KeyInfo as Found

/**
 * Keys in the Android Keystore: in StrongBox, else in the TEE, in software never unless [KeyPolicy] says so by name. P-256 with SHA-256 alone.
 *
 * A key that signs documents asks the person through [approval], for each use or once for a window; an authentication key asks nobody. What
 * [info] says is read from the key itself. On the main thread [create] and [sign] are refused (`WrongOrder`). Two stores, or the process started
 * anew, see the same keys.
 */
class AndroidKeystoreStore internal constructor(
    private val approval: UserApproval,
    private val policy: KeyPolicy,
    private val platform: Platform,
) : DeviceKeyStore {
    /** The store of this app, whatever [context] of it is given. */
    @JvmOverloads
    constructor(context: Context, approval: UserApproval, policy: KeyPolicy = KeyPolicy()) : this(approval, policy, Platform.of(context))

    /** A key as it was found. */
    private class Held(val alias: String, val key: PrivateKey, val info: KeyInfo)

    /**
     * See [DeviceKeyStore.create]. `PER_USE` where the specification says nothing; an authentication key is made with `NONE`, and a signing key is
     * refused it (`KeyNotPermitted`).
     */
    override fun create(name: String, spec: KeySpec): KeyInfo {
        checkName(name)
        if (spec.algorithm != KeyAlgorithm.P256) throw KeyError.algorithmUnsupported()
        if (spec.purpose == KeyPurpose.SIGNING && spec.prompt == Prompt.NONE) throw KeyError.notPermitted()
        val prompt = if (spec.purpose == KeyPurpose.AUTHENTICATION) Prompt.NONE else spec.prompt ?: Prompt.PER_USE
        platform.mayWait()
        // The keystore would replace a key of that name.
        return synchronized(CREATING) {
            if (aliasOf(name) != null) throw KeyError.exists()
            val alias = alias(spec.purpose, name)
            var made: KeyInfo? = null
            try {
                generate(alias, prompt, spec.attestationChallenge)
                val found = found(alias)?.info ?: throw KeyError.unavailable()
                if (mustAttest(spec.attestationChallenge)) attest(name, spec.attestationChallenge!!)
                made = found
            } finally {
                if (made == null && aliasOf(name) == alias) remove(alias)
            }
            made
        }
    }

    override fun info(name: String): KeyInfo = held(name).info

    /** See [DeviceKeyStore.sign]. Waits for the person. */
    override fun sign(name: String, message: ByteArray, algorithm: SignatureAlgorithm): ByteArray {
        if (algorithm != SignatureAlgorithm.Ecdsa(DigestAlgorithm.SHA256)) throw KeyError.algorithmUnsupported()
        platform.mayWait()
        val held = held(name)
        return platform.telling {
            when (held.info.prompt) {
                Prompt.NONE -> begun(held).over(message)
                Prompt.PER_USE -> asking { begun(held).also { approved(it) }.over(message) }
                Prompt.WINDOW -> inWindow(held, message) ?: asking { inWindow(held, message) ?: opened(held).over(message) }
            }
        }
    }

    /**
     * See [DeviceKeyStore.attest]. A key is attested as it is made: over `KeySpec.attestationChallenge`, and over no other challenge later
     * (`AttestationUnavailable`).
     */
    override fun attest(name: String, challenge: ByteArray): Attestation =
        platform.telling {
            val chain = keys().getCertificateChain(held(name).alias).orEmpty()
            val statement = (chain.firstOrNull() as? X509Certificate)?.getExtensionValue(ATTESTATION) ?: ByteArray(0)
            // Spares a round trip, proves nothing: the service reads the statement.
            if (challenge.isEmpty() || !statement.holds(challenge)) throw KeyError.attestationUnavailable()
            Attestation("android-key", chain.map { it.encoded })
        }

    /** See [DeviceKeyStore.delete]. An invalidated key can be deleted. */
    override fun delete(name: String) {
        remove(aliasOf(name) ?: throw KeyError.notFound())
    }

    /** See [DeviceKeyStore.list]. Keys that can be used no more are left out. Sorted as the library's other stores do, by the names' bytes. */
    override fun list(): List<KeyInfo> =
        platform.telling { keys().aliases().toList() }
            .filter { alias -> KeyPurpose.entries.any { alias.startsWith(alias(it, "")) } }
            .mapNotNull { alias ->
                try {
                    found(alias)?.info
                } catch (_: ThrivoSignException.KeyInvalidated) {
                    null
                } catch (_: ThrivoSignException.KeyNotPermitted) {
                    null
                }
            }
            .sortedBy { key -> key.name.encodeToByteArray().joinToString("") { "%02x".format(it) } }

    /** What stands in the way of approvals, to be shown before a key is made or used; null if nothing does. */
    fun obstacle(): Obstacle? = approval.obstacle(credentialToo)

    private val credentialToo = policy.deviceCredential && platform.api >= Build.VERSION_CODES.R

    private fun mustAttest(challenge: ByteArray?) = challenge != null && policy.attestation == KeyPolicy.Attested.REQUIRED

    private fun remove(alias: String) = platform.telling { keys().deleteEntry(alias) }

    /** Makes the key with the best of what the device can do. */
    private fun generate(alias: String, prompt: Prompt, challenge: ByteArray?) {
        var failure: Exception? = null
        for (wanted in tries(platform, policy, challenge)) {
            try {
                val generator = KeyPairGenerator.getInstance(KeyProperties.KEY_ALGORITHM_EC, PROVIDER)
                generator.initialize(parameters(alias, prompt, platform, policy, wanted))
                generator.generateKeyPair()
                return
            } catch (error: ProviderException) {
                // No StrongBox after all, none for this key, or no attestation.
                failure = error
            } catch (error: InvalidAlgorithmParameterException) {
                // The platform's word for a device without screen lock, or without a finger or face that could approve.
                val nobody = prompt != Prompt.NONE && error.cause is IllegalStateException
                throw if (nobody) ThrivoSignException.KeyStoreUnavailable(NOBODY_CAN_APPROVE) else platform.meaning(error)
            } catch (error: GeneralSecurityException) {
                throw platform.meaning(error)
            }
        }
        val told = failure?.let(platform::meaning) ?: refused()
        throw if (told is ThrivoSignException.KeyStoreUnavailable && mustAttest(challenge)) KeyError.attestationUnavailable() else told
    }

    private fun held(name: String): Held = aliasOf(name)?.let(::found) ?: throw KeyError.notFound()

    /** The alias that a key of that name has, whatever it is for. */
    private fun aliasOf(name: String): String? =
        platform.telling { keys().let { keys -> KeyPurpose.entries.map { alias(it, name) }.firstOrNull(keys::containsAlias) } }

    /** What there is under an alias; what the policy has no use for is refused. */
    private fun found(alias: String): Held? =
        platform.telling {
            val keys = keys()
            val key = keys.getKey(alias, null) as? PrivateKey
            val certificate = keys.getCertificate(alias)
            if (key == null || certificate == null) return@telling null
            val found = KeyFactory.getInstance(key.algorithm, PROVIDER).getKeySpec(key, Found::class.java)
            val purpose = KeyPurpose.entries.first { alias.startsWith(alias(it, "")) }
            val protection = protection(found)
            val guarded = purpose == KeyPurpose.AUTHENTICATION || isGuarded(found, protection)
            if (!policy.allows(protection) || !guarded) throw refused()
            val name = alias.removePrefix(alias(purpose, ""))
            Held(alias, key, KeyInfo(name, certificate.publicKey.encoded, protection, purpose, prompt(found)))
        }

    /** As the key says. Before API 31 StrongBox cannot be told from a TEE: the lesser is reported. */
    private fun protection(found: Found): Protection =
        if (platform.api >= Build.VERSION_CODES.S) {
            when (found.securityLevel) {
                KeyProperties.SECURITY_LEVEL_STRONGBOX -> Protection.STRONGBOX
                KeyProperties.SECURITY_LEVEL_TRUSTED_ENVIRONMENT, KeyProperties.SECURITY_LEVEL_UNKNOWN_SECURE -> Protection.TEE
                else -> Protection.SOFTWARE
            }
        } else {
            @Suppress("DEPRECATION")
            if (found.isInsideSecureHardware) Protection.TEE else Protection.SOFTWARE
        }

    /** Whether a signing key asks the person, and the hardware that it lives in sees to it. */
    private fun isGuarded(found: Found, protection: Protection): Boolean =
        found.isUserAuthenticationRequired &&
            (protection == Protection.SOFTWARE || found.isUserAuthenticationRequirementEnforcedBySecureHardware)

    private fun prompt(found: Found): Prompt =
        when {
            !found.isUserAuthenticationRequired -> Prompt.NONE
            found.userAuthenticationValidityDurationSeconds > 0 -> Prompt.WINDOW
            else -> Prompt.PER_USE
        }

    private fun begun(held: Held): Signature = Signature.getInstance("SHA256withECDSA").apply { initSign(held.key) }

    private fun Signature.over(message: ByteArray): ByteArray {
        update(message)
        return sign()
    }

    /** The signature, if the window is open. */
    private fun inWindow(held: Held, message: ByteArray): ByteArray? =
        try {
            begun(held).over(message)
        } catch (error: GeneralSecurityException) {
            if (platform.deviceLocked() || generateSequence<Throwable>(error) { it.cause }.none { it is UserNotAuthenticatedException }) throw error
            null
        }

    private fun opened(held: Held): Signature {
        approved(null)
        return begun(held)
    }

    /** One prompt at a time, and one operation that waits for it: hardware has few places for them. */
    private fun <T> asking(use: () -> T): T {
        try {
            PROMPTING.lockInterruptibly()
        } catch (_: InterruptedException) {
            throw interrupted()
        }
        try {
            return use()
        } finally {
            PROMPTING.unlock()
        }
    }

    private fun approved(operation: Signature?) {
        val answer =
            try {
                approval.approve(operation, credentialToo)
            } catch (_: InterruptedException) {
                throw interrupted()
            }
        when (answer) {
            Approval.APPROVED -> return
            Approval.CANCELLED -> throw KeyError.cancelled()
            Approval.LOCKED -> throw KeyError.locked()
            Approval.UNAVAILABLE -> throw KeyError.unavailable()
        }
    }

    private fun interrupted(): ThrivoSignException {
        Thread.currentThread().interrupt()
        return KeyError.cancelled()
    }

    private fun refused() = ThrivoSignException.KeyNotPermitted(BELOW_POLICY)

    private fun keys(): KeyStore =
        KeyStore.getInstance(PROVIDER).apply {
            try {
                load(null)
            } catch (_: IOException) {
                throw KeyError.unavailable()
            }
        }

    private companion object {
        const val PROVIDER = "AndroidKeyStore"

        /** Android's extension with the attestation. */
        const val ATTESTATION = "1.3.6.1.4.1.11129.2.1.17"

        val CREATING = Any()
        val PROMPTING = ReentrantLock()

        val BELOW_POLICY: ErrorDetail =
            detail(406, "key_not_permitted", "the device gives the key less protection than the policy asks for", "Use another device, or submit on paper.")
        val NOBODY_CAN_APPROVE: ErrorDetail =
            detail(410, "key_store_unavailable", "no fingerprint or face is enrolled that could approve the key's use", "Enrol one in the device's settings.")

        /** Names of either purpose are apart from each other and from the app's other keys. */
        fun alias(purpose: KeyPurpose, name: String): String =
            when (purpose) {
                KeyPurpose.AUTHENTICATION -> "thrivosign/authentication/$name"
                KeyPurpose.SIGNING -> "thrivosign/signing/$name"
            }

        fun checkName(name: String) {
            val bytes = name.encodeToByteArray().size
            if (bytes !in 1..64 || name.any { it.isISOControl() }) {
                throw ThrivoSignException.InvalidArgument(
                    detail(101, "invalid_argument", "a key name has 1 to 64 bytes and no control characters", "Choose another name."),
                )
            }
        }

        fun ByteArray.holds(part: ByteArray): Boolean =
            (0..size - part.size).any { at -> part.indices.all { this[at + it] == part[it] } }
    }
}
