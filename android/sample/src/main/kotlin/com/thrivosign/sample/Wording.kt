package com.thrivosign.sample

import android.content.Context
import com.thrivosign.ThrivoSignException
import com.thrivosign.android.Obstacle

/** What to tell the person of a failure: of the key in their language, of the rest in the library's words. */
fun Context.wording(error: Exception): String =
    when (error) {
        is ThrivoSignException.KeyCancelled -> getString(R.string.error_cancelled)
        is ThrivoSignException.KeyLocked -> getString(R.string.error_locked)
        is ThrivoSignException.KeyInvalidated -> getString(R.string.error_invalidated)
        is ThrivoSignException.KeyNotFound -> getString(R.string.error_gone)
        is ThrivoSignException.KeyNotPermitted -> getString(R.string.error_hardware)
        // With words of its own if nobody is enrolled who could approve.
        is ThrivoSignException.KeyStoreUnavailable -> error.detail.message.ifEmpty { getString(R.string.error_unavailable) }
        is ThrivoSignException -> error.detail.message
        // The text of anything else could hold a path or more.
        else -> error.javaClass.simpleName
    }

fun Context.wording(obstacle: Obstacle): String =
    when (obstacle) {
        Obstacle.NOTHING_ENROLLED -> getString(R.string.obstacle_none_enrolled)
        Obstacle.NO_HARDWARE -> getString(R.string.obstacle_no_hardware)
        Obstacle.HARDWARE_BUSY -> getString(R.string.obstacle_busy)
    }
