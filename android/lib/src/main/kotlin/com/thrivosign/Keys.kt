package com.thrivosign

/** The key of this identity, to sign with. */
fun Identity.keyIn(store: DeviceKeyStore): SigningKey = SigningKey(store, signingKey(), signingIdentity())

/** What a [DeviceKeyStore] throws, for whoever writes one: `throw KeyError.notFound()`. Anything else arrives as *unavailable*. */
object KeyError {
    /** There is no such key. */
    @JvmStatic fun notFound(): ThrivoSignException = ThrivoSignException.KeyNotFound(ErrorDetail())

    /** A key of that name exists already. */
    @JvmStatic fun exists(): ThrivoSignException = ThrivoSignException.KeyExists(ErrorDetail())

    /** The person cancelled the use of the key. */
    @JvmStatic fun cancelled(): ThrivoSignException = ThrivoSignException.KeyCancelled(ErrorDetail())

    /** The key or the device is locked. */
    @JvmStatic fun locked(): ThrivoSignException = ThrivoSignException.KeyLocked(ErrorDetail())

    /** The key was invalidated by a change of the device's protection, such as a new fingerprint. */
    @JvmStatic fun invalidated(): ThrivoSignException = ThrivoSignException.KeyInvalidated(ErrorDetail())

    /** The key may not be used for this. */
    @JvmStatic fun notPermitted(): ThrivoSignException = ThrivoSignException.KeyNotPermitted(ErrorDetail())

    /** The store cannot do this algorithm. */
    @JvmStatic fun algorithmUnsupported(): ThrivoSignException = ThrivoSignException.KeyAlgorithmUnsupported(ErrorDetail())

    /** The store cannot attest this key. */
    @JvmStatic fun attestationUnavailable(): ThrivoSignException = ThrivoSignException.AttestationUnavailable(ErrorDetail())

    /** The store cannot be reached. */
    @JvmStatic fun unavailable(): ThrivoSignException = ThrivoSignException.KeyStoreUnavailable(ErrorDetail())
}
