package com.thrivosign.android

import java.io.ByteArrayOutputStream
import java.security.KeyPair
import java.security.KeyPairGenerator
import java.security.Signature
import java.security.cert.CertificateFactory
import java.security.cert.X509Certificate

/** Certificates as a keystore gives them: one, or with an attestation a chain whose first one names the challenge. */
object Certificates {
    private val root: KeyPair by lazy { KeyPairGenerator.getInstance("EC").apply { initialize(256) }.generateKeyPair() }
    private val ECDSA_SHA256 = sequence(byteArrayOf(0x06, 0x08, 0x2a, 0x86.toByte(), 0x48, 0xce.toByte(), 0x3d, 0x04, 0x03, 0x02))
    private val ATTESTATION = byteArrayOf(0x06, 0x0a, 0x2b, 0x06, 0x01, 0x04, 0x01, 0xd6.toByte(), 0x79, 0x02, 0x01, 0x11)
    private val COMMON_NAME = byteArrayOf(0x06, 0x03, 0x55, 0x04, 0x03)

    fun chain(pair: KeyPair, challenge: ByteArray?): List<X509Certificate> =
        if (challenge == null) listOf(certificate(pair, null, pair)) else listOf(certificate(pair, challenge, root), certificate(root, null, root))

    private fun certificate(pair: KeyPair, challenge: ByteArray?, issuer: KeyPair): X509Certificate {
        val name = sequence(der(0x31, sequence(COMMON_NAME + der(0x0c, "played".encodeToByteArray()))))
        val validity = sequence(der(0x17, "250101000000Z".encodeToByteArray()) + der(0x17, "480101000000Z".encodeToByteArray()))
        val version = der(0xa0, byteArrayOf(2, 1, 2))
        var signed = version + byteArrayOf(2, 1, 1) + ECDSA_SHA256 + name + validity + name + pair.public.encoded
        if (challenge != null) {
            val statement = sequence(byteArrayOf(2, 1, 4, 0x0a, 1, 1) + der(0x04, challenge))
            signed += der(0xa3, sequence(sequence(ATTESTATION + der(0x04, statement))))
        }
        val body = sequence(signed)
        val value = Signature.getInstance("SHA256withECDSA").run { initSign(issuer.private); update(body); sign() }
        val whole = sequence(body + ECDSA_SHA256 + der(0x03, byteArrayOf(0) + value))
        return CertificateFactory.getInstance("X.509", "SUN").generateCertificate(whole.inputStream()) as X509Certificate
    }

    private fun sequence(content: ByteArray) = der(0x30, content)

    private fun der(tag: Int, content: ByteArray): ByteArray {
        val out = ByteArrayOutputStream()
        out.write(tag)
        when {
            content.size < 0x80 -> out.write(content.size)
            content.size < 0x100 -> out.write(byteArrayOf(0x81.toByte(), content.size.toByte()))
            else -> out.write(byteArrayOf(0x82.toByte(), (content.size shr 8).toByte(), content.size.toByte()))
        }
        out.write(content)
        return out.toByteArray()
    }
}
