package com.thrivosign.android

import com.thrivosign.DigestAlgorithm
import com.thrivosign.SignatureAlgorithm
import java.security.Signature
import java.util.concurrent.atomic.AtomicInteger

/** The person: answers as told, and the played device believes them as a device would. */
class Approving(@Volatile var answer: () -> Approval = { Approval.APPROVED }) : UserApproval {
    val prompts = AtomicInteger()

    /** Whether the prompts were for one operation each. */
    val perOperation = java.util.concurrent.CopyOnWriteArrayList<Boolean>()
    @Volatile var credential = false
    @Volatile var obstacle: Obstacle? = null

    /** Whether the sensor tells the keystore; a weak one does not. */
    @Volatile var trusted = true

    override fun approve(operation: Signature?, deviceCredential: Boolean): Approval {
        prompts.incrementAndGet()
        perOperation += operation != null
        credential = deviceCredential
        val said = answer()
        if (said == Approval.APPROVED && trusted) {
            if (operation == null) SecureArea.windowOpen = true else SecureArea.lastBegun!!.approved = true
        }
        return said
    }

    override fun obstacle(deviceCredential: Boolean): Obstacle? = obstacle
}

/** A device of that API level, on a thread that may wait. */
internal fun device(api: Int = 34, strongBox: Boolean = true, locked: Boolean = false, main: Boolean = false) =
    Platform(api, strongBox && api >= 28, { locked }, { main })

val ecdsa = SignatureAlgorithm.Ecdsa(DigestAlgorithm.SHA256)
