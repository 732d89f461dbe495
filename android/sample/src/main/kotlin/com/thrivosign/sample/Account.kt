package com.thrivosign.sample

import android.content.Context
import android.os.Build
import com.thrivosign.Client
import com.thrivosign.Device
import com.thrivosign.Environment
import com.thrivosign.Identity
import com.thrivosign.Requested
import com.thrivosign.Secret
import com.thrivosign.Subject
import com.thrivosign.ThrivoSignException
import com.thrivosign.activate
import com.thrivosign.authenticationKey
import com.thrivosign.certify
import com.thrivosign.register
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import java.io.File
import java.util.UUID

/** What the person types to enrol. */
class Form(val service: String, val apiKey: String, val user: String, val password: String, val name: String, val country: String)

/** The person's standing with the service: the certificate of this device's key, and whom to trust. */
class Account(private val app: SampleApp) {
    private val kept = app.getSharedPreferences("account", Context.MODE_PRIVATE)
    private val identityFile = File(app.filesDir, "identity.json")
    val tlsRoots = File(app.filesDir, "tls-roots.pem")
    val trust = File(app.filesDir, "trust.pem")

    var softwareKeys: Boolean
        get() = kept.getBoolean("software_keys", false)
        set(value) = kept.edit().putBoolean("software_keys", value).apply()

    private val deviceUuid: String
        get() = kept.getString("device", null) ?: UUID.randomUUID().toString().also { kept.edit().putString("device", it).apply() }

    suspend fun identity(): Identity? =
        withContext(Dispatchers.IO) { if (identityFile.exists()) Identity.fromJson(identityFile.readText()) else null }

    /** After the call this device has a certificate for a new key, which takes the old one's place; false if an officer must approve first. */
    suspend fun enrol(form: Form, askCode: suspend () -> Secret): Boolean =
        withContext(Dispatchers.IO) {
            app.approving = R.string.prompt_certificate
            val keys = app.keys
            val environment = Environment(form.service, Secret(form.apiKey), tlsRoots = tlsRoots.takeIf(File::exists)?.readBytes())
            Client(environment).use { client ->
                client.proveWith(keys, keys.authenticationKey().name)
                client.login(form.user, Secret(form.password))
                val device = Device(deviceUuid, Build.MODEL, "android")
                val authentication = client.register(keys, device) { askCode() }
                identityFile.delete()
                try {
                    keys.delete("signing")
                } catch (_: ThrivoSignException.KeyNotFound) {
                    // The first time.
                }
                val subject = Subject(form.name, form.country.ifEmpty { null })
                val requested = client.certify(keys, device, authentication, subject) { askCode() }
                if (requested !is Requested.Issued) return@withContext false
                identityFile.writeText(client.activate(keys, requested.identity) { askCode() }.toJson())
            }
            true
        }
}
