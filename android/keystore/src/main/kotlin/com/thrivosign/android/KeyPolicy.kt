package com.thrivosign.android

import com.thrivosign.Protection

/**
 * Under what conditions [AndroidKeystoreStore] makes and uses keys. What a key was made with stays with it; a store with another policy
 * changes no key.
 *
 * @property least the protection that a key must have been found to have: [Protection.TEE], or [Protection.STRONGBOX], which can be read from
 *   a key since API 31 only. A key with less is deleted as it is made, and refused where it is found. For software, see [dangerousSoftware].
 * @property windowSeconds how long one approval is good for, for keys with `Prompt.WINDOW`.
 * @property deviceCredential whether the screen lock's PIN, pattern or password approves too. Since API 30; such keys survive a new fingerprint.
 * @property attestation whether a key must come with the attestation that was asked for. If not, a device that cannot attest makes it without,
 *   and the service decides.
 * @property unlockedDevice whether keys may be used while the device is unlocked only. Since API 28.
 */
class KeyPolicy private constructor(
    val least: Protection,
    val windowSeconds: Int,
    val deviceCredential: Boolean,
    val attestation: Attested,
    val unlockedDevice: Boolean,
    @Suppress("UNUSED_PARAMETER") named: Unit,
) {
    @JvmOverloads
    constructor(
        least: Protection = Protection.TEE,
        windowSeconds: Int = 15,
        deviceCredential: Boolean = false,
        attestation: Attested = Attested.WHERE_POSSIBLE,
        unlockedDevice: Boolean = true,
    ) : this(least, windowSeconds, deviceCredential, attestation, unlockedDevice, Unit) {
        require(least == Protection.TEE || least == Protection.STRONGBOX) { "Android's hardware is a TEE or StrongBox" }
        require(windowSeconds in 1..300) { "a window has 1 to 300 seconds" }
    }

    /** Whether a key must be attested. */
    enum class Attested { REQUIRED, WHERE_POSSIBLE }

    internal fun allows(found: Protection): Boolean = rank(found) >= rank(least)

    private fun rank(protection: Protection): Int =
        when (protection) {
            Protection.STRONGBOX -> 2
            Protection.TEE -> 1
            else -> 0
        }

    companion object {
        /** Lets keys in software pass, which whoever owns the device can copy: for emulators. They are reported as what they are. */
        @JvmStatic
        fun dangerousSoftware(): KeyPolicy = KeyPolicy(Protection.SOFTWARE, 15, false, Attested.WHERE_POSSIBLE, true, Unit)
    }
}
