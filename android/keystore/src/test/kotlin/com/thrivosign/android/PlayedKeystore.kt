package com.thrivosign.android

import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyProperties
import java.io.ByteArrayOutputStream
import java.io.InputStream
import java.io.OutputStream
import java.security.InvalidKeyException
import java.security.Key
import java.security.KeyFactorySpi
import java.security.KeyPair
import java.security.KeyPairGeneratorSpi
import java.security.KeyStoreSpi
import java.security.PrivateKey
import java.security.Provider
import java.security.PublicKey
import java.security.SecureRandom
import java.security.Security
import java.security.SignatureSpi
import java.security.UnrecoverableKeyException
import java.security.cert.Certificate
import java.security.spec.AlgorithmParameterSpec
import java.security.spec.KeySpec
import java.util.Collections
import java.util.Date
import android.security.keystore.KeyInfo as Found

/** A provider with the name and the services of Android's, over [SecureArea]. Last of all, as signatures find theirs by the kind of key. */
class PlayedKeystore : Provider("AndroidKeyStore", "1", "plays the keystore of a device") {
    init {
        put("KeyStore.AndroidKeyStore", Store::class.java.name)
        put("KeyPairGenerator.EC", Generator::class.java.name)
        put("KeyFactory.EC", Factory::class.java.name)
        put("Signature.SHA256withECDSA", Signer::class.java.name)
    }

    class Generator : KeyPairGeneratorSpi() {
        private lateinit var spec: KeyGenParameterSpec

        override fun initialize(keysize: Int, random: SecureRandom?) = throw UnsupportedOperationException()

        override fun initialize(params: AlgorithmParameterSpec, random: SecureRandom?) {
            spec = params as KeyGenParameterSpec
            SecureArea.check(spec)
        }

        override fun generateKeyPair(): KeyPair = SecureArea.generate(spec)
    }

    class Factory : KeyFactorySpi() {
        override fun <T : KeySpec> engineGetKeySpec(key: Key, keySpec: Class<T>): T {
            val held = SecureArea.keys.getValue((key as SecureArea.Handle).alias)
            val asks = held.spec.isUserAuthenticationRequired
            val inside = held.level != KeyProperties.SECURITY_LEVEL_SOFTWARE
            val never: Date? = null
            val found =
                Found(
                    held.alias, inside, KeyProperties.ORIGIN_GENERATED, 256, never, never, never, held.spec.purposes, emptyArray(), emptyArray(),
                    held.spec.digests, emptyArray(), asks, held.spec.userAuthenticationValidityDurationSeconds, held.spec.userAuthenticationType,
                    asks && inside && SecureArea.enforced, false, false, held.spec.isInvalidatedByBiometricEnrollment, false, held.level,
                    KeyProperties.UNRESTRICTED_USAGE_COUNT,
                )
            return keySpec.cast(found)
        }

        override fun engineGeneratePublic(keySpec: KeySpec?) = throw UnsupportedOperationException()

        override fun engineGeneratePrivate(keySpec: KeySpec?) = throw UnsupportedOperationException()

        override fun engineTranslateKey(key: Key?) = throw UnsupportedOperationException()
    }

    class Signer : SignatureSpi() {
        private var operation: SecureArea.Operation? = null
        private val message = ByteArrayOutputStream()

        override fun engineInitSign(privateKey: PrivateKey) {
            operation = SecureArea.begin(privateKey as? SecureArea.Handle ?: throw InvalidKeyException("no key of this store"))
        }

        override fun engineInitVerify(publicKey: PublicKey?) = throw InvalidKeyException("signs alone")

        override fun engineUpdate(b: Byte) = message.write(b.toInt())

        override fun engineUpdate(b: ByteArray, off: Int, len: Int) = message.write(b, off, len)

        override fun engineSign(): ByteArray = SecureArea.finish(operation!!, message.toByteArray())

        override fun engineVerify(sigBytes: ByteArray?) = throw UnsupportedOperationException()

        @Deprecated("by Java")
        override fun engineSetParameter(param: String?, value: Any?) = throw UnsupportedOperationException()

        @Deprecated("by Java")
        override fun engineGetParameter(param: String?): Any = throw UnsupportedOperationException()
    }

    class Store : KeyStoreSpi() {
        override fun engineLoad(stream: InputStream?, password: CharArray?) = Unit

        override fun engineGetKey(alias: String, password: CharArray?): Key? {
            val key = SecureArea.keys[alias] ?: return null
            if (key.corrupted) throw UnrecoverableKeyException("Failed to obtain information about key")
            return SecureArea.Handle(alias)
        }

        override fun engineGetCertificateChain(alias: String): Array<Certificate>? = SecureArea.keys[alias]?.chain?.toTypedArray()

        override fun engineGetCertificate(alias: String): Certificate? = SecureArea.keys[alias]?.chain?.first()

        override fun engineDeleteEntry(alias: String) {
            SecureArea.keys.remove(alias)
        }

        override fun engineAliases() = Collections.enumeration(SecureArea.keys.keys.toList())

        override fun engineContainsAlias(alias: String) = SecureArea.keys.containsKey(alias)

        override fun engineSize() = SecureArea.keys.size

        override fun engineIsKeyEntry(alias: String) = engineContainsAlias(alias)

        override fun engineIsCertificateEntry(alias: String) = false

        override fun engineGetCreationDate(alias: String): Date? = null

        override fun engineGetCertificateAlias(cert: Certificate?): String? = null

        override fun engineSetKeyEntry(alias: String?, key: Key?, password: CharArray?, chain: Array<out Certificate>?) =
            throw UnsupportedOperationException()

        override fun engineSetKeyEntry(alias: String?, key: ByteArray?, chain: Array<out Certificate>?) = throw UnsupportedOperationException()

        override fun engineSetCertificateEntry(alias: String?, cert: Certificate?) = throw UnsupportedOperationException()

        override fun engineStore(stream: OutputStream?, password: CharArray?) = throw UnsupportedOperationException()
    }

    companion object {
        /** After the call this process has an Android Keystore, empty. */
        fun install() {
            if (Security.getProvider("AndroidKeyStore") == null) Security.addProvider(PlayedKeystore())
            SecureArea.reset()
        }
    }
}
