// The whole job in Kotlin: enrol a device, sign in two modes, in two parts with a pause, verify, revoke.
//
// What it needs to know comes in environment variables, as `cargo xtask with-server` sets them; one-time codes are read from the file
// THRIVOSIGN_OUTBOX, or typed.

import com.thrivosign.Client
import com.thrivosign.Device
import com.thrivosign.Document
import com.thrivosign.Environment
import com.thrivosign.Extension
import com.thrivosign.Filing
import com.thrivosign.Goal
import com.thrivosign.Output
import com.thrivosign.Placement
import com.thrivosign.Prepared
import com.thrivosign.Reach
import com.thrivosign.Requested
import com.thrivosign.RevocationReason
import com.thrivosign.Secret
import com.thrivosign.SignatureRequest
import com.thrivosign.Step
import com.thrivosign.Subject
import com.thrivosign.TimeStampAuthority
import com.thrivosign.TrustAnchors
import com.thrivosign.activate
import com.thrivosign.authenticationKey
import com.thrivosign.certify
import com.thrivosign.completed
import com.thrivosign.extend
import com.thrivosign.inspect
import com.thrivosign.keyIn
import com.thrivosign.prepare
import com.thrivosign.register
import com.thrivosign.steps
import com.thrivosign.verify
import kotlinx.coroutines.runBlocking
import java.io.File
import java.util.UUID

private fun variable(name: String): String? = System.getenv("THRIVOSIGN_$name")

private fun file(name: String) = File(variable(name) ?: error("THRIVOSIGN_$name is not set"))

private fun result(name: String) = file("SCRATCH").resolve("kotlin-$name.pdf").path

/** The code that was sent to the person. */
private fun code(what: String): Secret {
    variable("OUTBOX")?.let { return Secret(File(it).readLines().last()) }
    print("code for $what: ")
    return Secret(readln())
}

fun main() = runBlocking {
    val environment = Environment(variable("SERVICE")!!, Secret(variable("API_KEY")!!), tlsRoots = file("TLS_ROOT").readBytes())
    Client(environment).use { client ->
        // Two keys of this device: one answers the service, and is what its tokens are bound to; the other one is certified.
        val keys = DesktopKeys()
        client.proveWith(keys, keys.authenticationKey().name)
        client.login(variable("USER")!!, Secret(variable("PASSWORD")!!))
        println("logged in to ${variable("SERVICE")}, tokens bound: ${client.isBound()}")

        val device = Device(UUID.randomUUID().toString(), "A Kotlin program", "jvm")
        val authentication = client.register(keys, device) { code("the device") }
        val requested = client.certify(keys, device, authentication, Subject("Anna Schmidt", "DE")) { code("the certificate") }
        val fresh = (requested as? Requested.Issued ?: error("an officer must approve: ask again later")).identity
        val identity = client.activate(keys, fresh) { code("the activation") }
        println("certificate ${identity.credentialId()}: ${identity.state()}")

        // Mode submit: the service prepares, the device checks everything and signs.
        val contract = Document.open(file("DOCUMENT").path)
        println("the contract has ${contract.inspect().facts().pages} pages")
        val request = SignatureRequest(placement = Placement.Visible(1, 72.0, 72.0, 272.0, 132.0), reason = "I have read and agree")
        steps { client.submit(contract, Output.File(result("submit")), "contract.pdf", request, keys, identity, options = it) }.collect {
            when (it) {
                is Step.Progress -> {} // A bar would move here.
                is Step.Done -> println("submitted as ${it.value.documentId}")
            }
        }

        // Mode device: the device prepares and signs, then files the result.
        val key = identity.keyIn(keys)
        val signed = client.signAndFile(contract, Output.File(result("device")), "contract.pdf", request, key)
        when (val filing = signed.filing) {
            is Filing.Filed -> println("filed as ${filing.agreement.documentId}")
            is Filing.Failed -> error("not filed: ${filing.detail.message}")
        }

        // In two parts: the blob may wait for days and outlive this program; only holders of its key can change it unnoticed.
        val blobKey = Secret("a key that the app keeps")
        val blob = contract.prepare(request, key.identity).toBlob(blobKey)
        val resumed = Prepared.fromBlob(blob, blobKey)
        val value = resumed.answer(key)
        resumed.completed(value, contract, Output.File(result("deferred")))

        val trust = TrustAnchors.fromPem(file("TRUST").readBytes())
        for (name in listOf("submit", "device", "deferred")) {
            val report = Document.open(result(name)).verify(trust)
            val signature = report.signatures().single()
            println("$name: ${signature.overall.indication}, signed by ${signature.signer?.name}, clean: ${report.clean()}")
            check(report.clean())
        }

        // Raised for the archive, without the signer; what could not be had is told.
        variable("TRUST_SERVICES")?.let { services ->
            val how = Extension(Goal.BLTA, trust, listOf(TimeStampAuthority("$services/tsa")), Reach.ANYWHERE)
            val archived = Document.open(result("device")).extend(how, Output.File(result("archived")))
            println("raised to ${archived.level}: ${archived.added} bytes added")
            check(archived.reached) { "missing: ${archived.missing}, unanswered: ${archived.unanswered}" }
        }

        client.revoke(identity.credentialId(), RevocationReason.CESSATION_OF_OPERATION)
        println("certificate ${identity.credentialId()}: ${client.learnState(identity).state()}")
        client.logout()
    }
}
