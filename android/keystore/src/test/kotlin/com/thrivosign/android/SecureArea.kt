package com.thrivosign.android

import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyPermanentlyInvalidatedException
import android.security.keystore.KeyProperties
import android.security.keystore.StrongBoxUnavailableException
import android.security.keystore.UserNotAuthenticatedException
import java.security.InvalidAlgorithmParameterException
import java.security.KeyPair
import java.security.KeyPairGenerator
import java.security.PrivateKey
import java.security.ProviderException
import java.security.SignatureException
import java.security.cert.X509Certificate

/**
 * The device behind the keystore that the tests play: what its hardware can do, which keys it holds, who may use them now. Its rules are those
 * of Keymaster: a key that asks for each use starts an operation and ends it once that very operation was approved; a key with a window
 * starts none while the window is shut.
 */
object SecureArea {
    class Key(val alias: String, val pair: KeyPair, val spec: KeyGenParameterSpec, val level: Int, val chain: List<X509Certificate>) {
        var invalidated = false
        var corrupted = false
        val window get() = spec.userAuthenticationValidityDurationSeconds > 0
    }

    /** A signature that was begun. */
    class Operation(val key: Key) {
        @Volatile var approved = false
    }

    /** What stands for the private key outside; the key itself stays here. */
    class Handle(val alias: String) : PrivateKey {
        override fun getAlgorithm() = "EC"

        override fun getFormat(): String? = null

        override fun getEncoded(): ByteArray? = null
    }

    val keys = java.util.concurrent.ConcurrentSkipListMap<String, Key>()

    /** Every specification that a key was asked for with, in turn. */
    val asked = java.util.concurrent.CopyOnWriteArrayList<KeyGenParameterSpec>()

    @Volatile var strongBox = true
    @Volatile var hardware = KeyProperties.SECURITY_LEVEL_TRUSTED_ENVIRONMENT
    @Volatile var attests = true
    @Volatile var enrolled = true
    @Volatile var enforced = true
    @Volatile var broken = false
    @Volatile var windowOpen = false
    @Volatile var lastBegun: Operation? = null

    /** Thrown by each begun operation. */
    @Volatile var failure: Exception? = null

    fun reset() {
        keys.clear()
        asked.clear()
        strongBox = true
        hardware = KeyProperties.SECURITY_LEVEL_TRUSTED_ENVIRONMENT
        attests = true
        enrolled = true
        enforced = true
        broken = false
        windowOpen = false
        lastBegun = null
        failure = null
    }

    fun check(spec: KeyGenParameterSpec) {
        if (spec.isUserAuthenticationRequired && !enrolled) {
            throw InvalidAlgorithmParameterException(IllegalStateException("At least one biometric must be enrolled"))
        }
    }

    fun generate(spec: KeyGenParameterSpec): KeyPair {
        asked += spec
        if (broken) throw ProviderException("Failed to generate key pair.")
        if (spec.isStrongBoxBacked && !strongBox) throw StrongBoxUnavailableException("Failed to generate key pair.")
        if (spec.attestationChallenge != null && !attests) throw ProviderException("Failed to generate attestation certificate chain")
        val pair = KeyPairGenerator.getInstance("EC").apply { initialize(spec.algorithmParameterSpec) }.generateKeyPair()
        val level = if (spec.isStrongBoxBacked) KeyProperties.SECURITY_LEVEL_STRONGBOX else hardware
        val chain = Certificates.chain(pair, spec.attestationChallenge)
        keys[spec.keystoreAlias] = Key(spec.keystoreAlias, pair, spec, level, chain)
        return KeyPair(pair.public, Handle(spec.keystoreAlias))
    }

    fun begin(handle: Handle): Operation {
        failure?.let { throw it }
        val key = keys[handle.alias] ?: throw java.security.InvalidKeyException("Keystore operation failed")
        if (key.invalidated) throw KeyPermanentlyInvalidatedException()
        if (key.window && !windowOpen) throw UserNotAuthenticatedException()
        return Operation(key).also { lastBegun = it }
    }

    fun finish(operation: Operation, message: ByteArray): ByteArray {
        val key = operation.key
        if (key.spec.isUserAuthenticationRequired && !key.window && !operation.approved) {
            throw SignatureException(android.security.KeyStoreException(KEY_USER_NOT_AUTHENTICATED, "Key user not authenticated"))
        }
        return java.security.Signature.getInstance("SHA256withECDSA").run {
            initSign(key.pair.private)
            update(message)
            sign()
        }
    }

    private const val KEY_USER_NOT_AUTHENTICATED = -26
}
