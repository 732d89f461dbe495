package com.thrivosign

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext

/**
 * Registers the device with its authentication key, which is made if the store has none of that name: once the code is there, so that its attestation
 * is bound to it ([deviceAttestationChallenge]). [askCode] is called once a code is on its way to the person, and gives it. After the call the service
 * knows the device.
 */
suspend fun Client.register(
    store: DeviceKeyStore,
    device: Device,
    keyName: String = "authentication",
    askCode: suspend () -> Secret,
): KeyInfo {
    sendDeviceCode()
    return askCode().use { code ->
        val key = store.authenticationKey(keyName, deviceAttestationChallenge(device.uuid, code))
        registerDevice(store, key, device, code)
        key
    }
}

/**
 * Makes a signing key and asks for its certificate. [askCode] is told of the challenge, whose code is on its way to the person, and gives
 * the code. After the call the certificate is there, or waits for an officer.
 */
suspend fun Client.certify(
    store: DeviceKeyStore,
    device: Device,
    authenticationKey: KeyInfo,
    subject: Subject,
    keyName: String = "signing",
    profile: String? = null,
    askCode: suspend (Challenge) -> Secret,
): Requested {
    val method = AuthenticationMethod.OTP
    val challenge = askChallenge(device.uuid, method)
    val key = store.made(keyName, challenge)
    return askCode(challenge).use {
        orderCertificate(store, CertificateOrder(device.uuid, authenticationKey, key, subject, challenge.challenge, method, it, profile))
    }
}

/**
 * As [Client.certify], by a journal: goes on where an earlier process stopped. [askCode] is called unless the request was signed already; the code may
 * be one that the earlier process had sent. Keep the identity's JSON form, then [Requests.closeRequest].
 */
suspend fun Requests.certify(
    client: Client,
    store: DeviceKeyStore,
    device: Device,
    authenticationKey: KeyInfo,
    subject: Subject,
    keyName: String = "signing",
    profile: String? = null,
    askCode: suspend (Challenge) -> Secret,
): Requested {
    resume(client, keyName)?.let { return it }
    val method = AuthenticationMethod.OTP
    val challenge = challenge(client, keyName, device.uuid, method)
    val key = key(store, keyName, signingKey(challenge))
    return askCode(challenge).use {
        order(client, store, CertificateOrder(device.uuid, authenticationKey, key, subject, challenge.challenge, method, it, profile))
    }
}

/**
 * Has the service make a key of the user's, which it keeps, and certify it; [RemoteKeyStore] signs with it. Each signature takes [pin], at least six
 * characters, and what [secondFactor] says; without a PIN the device approves each ([Client.waitingAuthorizations]). [askCode] is told of the challenge,
 * whose code is on its way to the person, and gives the code.
 */
suspend fun Client.requestRemoteCredential(
    device: Device,
    pin: Secret? = null,
    secondFactor: SecondFactor? = null,
    askCode: suspend (Challenge) -> Secret,
): RemoteCredential {
    val method = AuthenticationMethod.OTP
    val challenge = askChallenge(device.uuid, method)
    return askCode(challenge).use {
        requestRemoteCredential(RemoteOrder(device.uuid, challenge.challenge, method, it, pin, secondFactor))
    }
}

/**
 * Activates a certificate. [askCode] is called once a code is on its way to the person, and gives it. The identity returned may sign;
 * keep its JSON form.
 */
suspend fun Client.activate(store: DeviceKeyStore, identity: Identity, askCode: suspend () -> Secret): Identity {
    val challenge = beginActivation(identity)
    return askCode().use { finishActivation(store, identity, challenge, it) }
}

/**
 * Renews a certificate that ends soon: makes the signing key [keyName], another than the identity's, and asks for its certificate. Nobody is sent a code,
 * and the person is asked for the new key alone, once. The identity that comes of it may sign at once: keep its JSON form. The old one goes on until its end.
 */
suspend fun Client.renew(store: DeviceKeyStore, identity: Identity, keyName: String): Requested {
    val challenge = askRenewalChallenge(identity)
    return renewCertificate(store, identity, store.made(keyName, challenge), challenge.challenge)
}

/** As [Client.renew], by a journal: goes on where an earlier process stopped. Keep the identity's JSON form, then [Requests.closeRequest]. */
suspend fun Requests.renew(client: Client, store: DeviceKeyStore, identity: Identity, keyName: String): Requested {
    resume(client, keyName)?.let { return it }
    val challenge = renewalChallenge(client, keyName, identity)
    return renew(client, store, identity, key(store, keyName, signingKey(challenge)), challenge.challenge)
}

/**
 * The authentication key of that name, made if the store has none. For [Client.proveWith] before the login of a new device, and for [register]
 * after it, tried again or not.
 */
suspend fun DeviceKeyStore.authenticationKey(name: String = "authentication"): KeyInfo = authenticationKey(name, null)

/** [challenge] is bound into the attestation of a key that is made now. */
private suspend fun DeviceKeyStore.authenticationKey(name: String, challenge: ByteArray?): KeyInfo =
    withContext(Dispatchers.IO) {
        try {
            info(name)
        } catch (_: ThrivoSignException.KeyNotFound) {
            create(name, KeySpec(KeyAlgorithm.P256, KeyPurpose.AUTHENTICATION, Prompt.NONE, challenge))
        }
    }

/** Android attests a key as it is made, so that the challenge comes first. */
private fun signingKey(challenge: Challenge) =
    KeySpec(KeyAlgorithm.P256, KeyPurpose.SIGNING, attestationChallenge = challenge.challenge.encodeToByteArray())

/** A store may ask a person or compute for a while. */
private suspend fun DeviceKeyStore.made(name: String, challenge: Challenge): KeyInfo =
    withContext(Dispatchers.IO) { create(name, signingKey(challenge)) }
