package com.thrivosign

import java.security.KeyPair
import java.security.KeyPairGenerator
import java.security.Signature
import java.security.spec.ECGenParameterSpec
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.AtomicInteger

/** A key store written in Kotlin over java.security: P-256 keys in memory. */
open class KotlinKeyStore : DeviceKeyStore {
    private class Held(val pair: KeyPair, val spec: KeySpec)

    private val keys = ConcurrentHashMap<String, Held>()

    /** How often a key was asked. */
    val asked = AtomicInteger()

    override fun create(name: String, spec: KeySpec): KeyInfo {
        if (name.isEmpty() || name.encodeToByteArray().size > 64 || name.any { it.isISOControl() }) {
            throw ThrivoSignException.InvalidArgument(ErrorDetail())
        }
        if (spec.algorithm != KeyAlgorithm.P256) throw KeyError.algorithmUnsupported()
        val generator = KeyPairGenerator.getInstance("EC")
        generator.initialize(ECGenParameterSpec("secp256r1"))
        if (keys.putIfAbsent(name, Held(generator.generateKeyPair(), spec)) != null) throw KeyError.exists()
        return info(name)
    }

    override fun info(name: String): KeyInfo {
        val held = held(name)
        return KeyInfo(name, held.pair.public.encoded, Protection.SOFTWARE, held.spec.purpose, Prompt.NONE)
    }

    override fun sign(name: String, message: ByteArray, algorithm: SignatureAlgorithm): ByteArray {
        val held = held(name)
        if (algorithm != SignatureAlgorithm.Ecdsa(DigestAlgorithm.SHA256)) throw KeyError.algorithmUnsupported()
        asked.incrementAndGet()
        return Signature.getInstance("SHA256withECDSA").run {
            initSign(held.pair.private)
            update(message)
            sign()
        }
    }

    override fun attest(name: String, challenge: ByteArray): Attestation {
        held(name)
        throw KeyError.attestationUnavailable()
    }

    override fun delete(name: String) {
        keys.remove(name) ?: throw KeyError.notFound()
    }

    override fun list(): List<KeyInfo> = keys.keys.sorted().map(::info)

    private fun held(name: String): Held = keys[name] ?: throw KeyError.notFound()
}
