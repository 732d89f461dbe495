package com.thrivosign.android

import android.app.KeyguardManager
import android.content.Context
import android.content.pm.PackageManager
import android.os.Build
import android.os.Looper
import android.security.keystore.KeyPermanentlyInvalidatedException
import android.security.keystore.UserNotAuthenticatedException
import com.thrivosign.ErrorDetail
import com.thrivosign.KeyError
import com.thrivosign.ThrivoSignException
import java.security.GeneralSecurityException
import java.security.ProviderException
import java.security.UnrecoverableKeyException

/** What the store has to know of the device beside its keys. */
internal class Platform(
    val api: Int,
    val strongBox: Boolean,
    val deviceLocked: () -> Boolean,
    val onMainThread: () -> Boolean,
) {
    /** A prompt is answered on the main thread: to wait for it there is to wait for ever. */
    fun mayWait() {
        if (onMainThread()) throw ThrivoSignException.WrongOrder(detail(104, "wrong_order", "a key was used on the main thread", "Call from a thread that may wait."))
    }

    /** Runs [call]; what the platform throws becomes the key's case that it means. Its texts may hold anything and go nowhere. */
    inline fun <T> telling(call: () -> T): T =
        try {
            call()
        } catch (error: GeneralSecurityException) {
            throw meaning(error)
        } catch (error: ProviderException) {
            throw meaning(error)
        } catch (error: IllegalStateException) {
            throw meaning(error)
        }

    fun meaning(error: Exception): ThrivoSignException {
        for (cause in generateSequence<Throwable>(error) { it.cause }.take(DEEPEST)) {
            when {
                cause is KeyPermanentlyInvalidatedException || cause is UnrecoverableKeyException -> return KeyError.invalidated()
                cause is UserNotAuthenticatedException -> return KeyError.locked()
                api >= Build.VERSION_CODES.TIRAMISU && cause is android.security.KeyStoreException -> return told(cause)
            }
        }
        return unknown()
    }

    private fun told(error: android.security.KeyStoreException): ThrivoSignException =
        when (error.numericErrorCode) {
            android.security.KeyStoreException.ERROR_USER_AUTHENTICATION_REQUIRED -> KeyError.locked()
            android.security.KeyStoreException.ERROR_KEY_CORRUPTED -> KeyError.invalidated()
            android.security.KeyStoreException.ERROR_KEY_DOES_NOT_EXIST -> KeyError.notFound()
            android.security.KeyStoreException.ERROR_PERMISSION_DENIED -> KeyError.notPermitted()
            else -> unknown()
        }

    /** Before API 33 a key that asks for an unlocked device fails without a word why. */
    private fun unknown() = if (deviceLocked()) KeyError.locked() else KeyError.unavailable()

    companion object {
        private const val DEEPEST = 8

        fun of(context: Context): Platform {
            val api = Build.VERSION.SDK_INT
            val strongBox =
                api >= Build.VERSION_CODES.P && context.packageManager.hasSystemFeature(PackageManager.FEATURE_STRONGBOX_KEYSTORE)
            val guard = context.getSystemService(KeyguardManager::class.java)
            return Platform(api, strongBox, { guard?.isDeviceLocked == true }, { Looper.myLooper() == Looper.getMainLooper() })
        }
    }
}

/** The facts of an error that arises in this library and reaches the app as it is. */
internal fun detail(code: Int, name: String, message: String, nextStep: String) =
    ErrorDetail(code = code, name = name, message = message, nextStep = nextStep)
