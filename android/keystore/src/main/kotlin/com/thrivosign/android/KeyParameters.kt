package com.thrivosign.android

import android.os.Build
import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyProperties
import com.thrivosign.Prompt
import com.thrivosign.Protection
import java.security.spec.ECGenParameterSpec

/** One try to make a key: in which hardware, and with an attestation or without. */
internal class KeyTry(val strongBox: Boolean, val challenge: ByteArray?)

/** The tries in turn, the best first. A key in the TEE that is attested is worth more than one in StrongBox that is not. */
internal fun tries(platform: Platform, policy: KeyPolicy, challenge: ByteArray?): List<KeyTry> {
    val places =
        buildList {
            if (platform.strongBox && platform.api >= Build.VERSION_CODES.P) add(true)
            if (policy.least != Protection.STRONGBOX) add(false)
        }
    val proofs = if (challenge == null || policy.attestation == KeyPolicy.Attested.REQUIRED) listOf(challenge) else listOf(challenge, null)
    return proofs.flatMap { proof -> places.map { KeyTry(it, proof) } }
}

/** A P-256 key that signs SHA-256 and does nothing else. Without a purpose beside signing the attestation proves just that. */
internal fun parameters(alias: String, prompt: Prompt, platform: Platform, policy: KeyPolicy, wanted: KeyTry): KeyGenParameterSpec =
    KeyGenParameterSpec.Builder(alias, KeyProperties.PURPOSE_SIGN).run {
        setAlgorithmParameterSpec(ECGenParameterSpec("secp256r1"))
        setDigests(KeyProperties.DIGEST_SHA256)
        if (wanted.challenge != null) setAttestationChallenge(wanted.challenge)
        if (platform.api >= Build.VERSION_CODES.P) {
            setIsStrongBoxBacked(wanted.strongBox)
            setUnlockedDeviceRequired(policy.unlockedDevice)
        }
        if (prompt != Prompt.NONE) {
            setUserAuthenticationRequired(true)
            setInvalidatedByBiometricEnrollment(true)
            approvedFor(if (prompt == Prompt.WINDOW) policy.windowSeconds else 0, platform, policy)
        }
        build()
    }

private fun KeyGenParameterSpec.Builder.approvedFor(seconds: Int, platform: Platform, policy: KeyPolicy) {
    if (platform.api >= Build.VERSION_CODES.R) {
        val credential = if (policy.deviceCredential) KeyProperties.AUTH_DEVICE_CREDENTIAL else 0
        setUserAuthenticationParameters(seconds, KeyProperties.AUTH_BIOMETRIC_STRONG or credential)
    } else {
        // For each use, where nothing is said.
        @Suppress("DEPRECATION")
        if (seconds > 0) setUserAuthenticationValidityDurationSeconds(seconds)
    }
}
