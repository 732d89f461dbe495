package com.thrivosign.android

import java.security.Signature

/** Asks the person to approve the use of a key. [PromptApproval] does by the system's own dialogs. */
interface UserApproval {
    /**
     * Blocks until the person has answered. Called on a thread that may wait, never on the main one, and by one thread at a time.
     *
     * @param operation the one signature that is approved; null opens the window in which keys of `Prompt.WINDOW` may be used.
     * @param deviceCredential whether the screen lock's PIN, pattern or password may approve too.
     * @throws InterruptedException if the thread was interrupted; the dialog is then gone.
     */
    @Throws(InterruptedException::class)
    fun approve(operation: Signature?, deviceCredential: Boolean): Approval

    /** What stands in the way of approvals, to be shown before a key is made or used; null if nothing does. */
    fun obstacle(deviceCredential: Boolean): Obstacle?
}

/** How the person, or the system for them, answered. */
enum class Approval {
    /** The key may be used. */
    APPROVED,

    /** Dismissed, not answered in time, or the app left the screen. */
    CANCELLED,

    /** Too many wrong fingers or faces: locked for half a minute, or until the screen lock was opened. */
    LOCKED,

    /** Nobody could be asked: no sensor, nothing enrolled, or no activity in front. */
    UNAVAILABLE,
}

/** What the person or nobody can do something about. */
enum class Obstacle {
    /** The device has no sensor, or none that keys trust. */
    NO_HARDWARE,

    /** The sensor cannot be used now. */
    HARDWARE_BUSY,

    /** No fingerprint or face is enrolled: lead the person to the settings. */
    NOTHING_ENROLLED,
}
