package com.thrivosign

import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.nio.file.Files
import java.util.Base64

/** The lines that docs/howto/kotlin.md shows, as they stand there, run: tests/documented.rs holds the page to this file. */
class DocumentedTest {
    private val roots = Server.trustPem
    private val user = Server.user
    private val password = Server.password.expose()
    private val png = Base64.getDecoder().decode("iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAYAAAD0In+KAAAADklEQVR42mP4z8AAQg0AD3oDfmqBMeEAAAAASUVORK5CYII=")
    private val told = mutableListOf<String>()

    private fun file(name: String): String = Server.scratch(name).toString().also { Files.write(java.nio.file.Path.of(it), Server.agreement) }

    private fun show(done: Long, total: Long) = assertTrue(done <= total)

    private fun show(text: String?) {
        told += text ?: "nothing"
    }

    private fun record(index: Int, outcome: Any) {
        told += "$index $outcome"
    }

    private fun keep(evidence: String) {
        told += evidence
    }

    @Test
    fun `calls`() = runBlocking {
        val (customer, identity) = Customer.enrolled()
        val keys = customer.store
        val environment = Server.environment()
        val contract = file("contract.pdf")
        val signed = Server.scratch("signed.pdf").toString()

        Client(environment).use { client ->
            client.login(user, Secret(password))
            val request = SignatureRequest(reason = "I agree")
            steps { client.submit(Document.open(contract), Output.File(signed), "contract.pdf", request, keys, identity, options = it) }
                .collect { if (it is Step.Progress) show(it.done, it.total) }
            val report = Document.open(signed).verify(TrustAnchors.fromPem(roots))

            assertTrue(report.clean(), report.json())
        }
    }

    private suspend fun bound(client: Client, keys: DeviceKeyStore, kept: String?) {
        client.proveWith(keys, keys.authenticationKey().name)      // makes it on the first start
        if (kept == null) client.login(user, Secret(password)) else client.resume(Secret(kept))

        assertTrue(client.isBound() && client.isLoggedIn())
    }

    @Test
    fun `a session that goes on`() = runBlocking {
        val keys = KotlinKeyStore()
        Client(Server.environment()).use { client ->
            bound(client, keys, null)
            val kept = client.refreshToken()!!.expose()
            Client(Server.environment()).use { bound(it, keys, kept) }
        }
    }

    @Test
    fun `whatever happens meanwhile`() = runBlocking {
        val (customer, identity) = Customer.enrolled()
        val client = customer.client
        val key = identity.keyIn(customer.store)
        val folder = Server.scratch("orders").toString()
        val journalKey = ByteArray(32) { 7 }
        val document = Document.fromBytes(Server.agreement)
        val path = Server.scratch("ordered.pdf").toString()
        val request = SignatureRequest()
        val shown = SignOptions(shown = java.security.MessageDigest.getInstance("SHA-256").digest(Server.agreement))
        val (first, second) =
            listOf("first", "second").map { OrderRequest(it, document, Server.scratch("$it.pdf").toString(), request, key, signOptions = shown) }

        Orders.open(folder, Secret.fromBytes(journalKey)).use { orders ->  // 32 random bytes, kept in the platform's secret storage
            val order = OrderRequest("loan-4711", document, path, request, key, consent = "I agree.")
            val done = orders.sign(order)                                  // submitTo = SubmitTo(client, credential, "loan.pdf"): the service prepares and files
            orders.file(client, done.name, "loan.pdf")
            keep(orders.evidence(done.name))
            orders.signAll(listOf(first, second))                          // shown together, approved once
        }

        assertTrue(told.single().contains("I agree."))
    }

    @Test
    fun `what a signature can be asked for`() = runBlocking {
        val (customer, identity) = Customer.enrolled()
        val key = identity.keyIn(customer.store)
        val document = Document.fromBytes(Server.agreement)
        val path = file("in-place.pdf")
        val prepared = Server.scratch("fields.pdf").toString()
        val items = listOf(BatchItem(file("in.pdf"), Server.scratch("out.pdf").toString()))

        val request = SignatureRequest(
            placement = Placement.Anchor("14. Signatures", width = 200.0, height = 50.0),  // or Visible, NextFree; field = "loan.borrower"
            reason = "I agree",
            certification = DocMdp.FORM_FILLING,
            lock = FieldLock.Include(listOf("amount")),
            appearance = Appearance(
                text = AppearanceText.Templates(listOf("Signed by {name}", "{date}")),
                image = png, link = "https://bank.example/verify/4711", frame = Frame.NOTHING,
            ),
        )
        val how = SignOptions(preflight = PreflightPolicy(PreflightRules.BANK, allowing = listOf("font_not_embedded")), damage = Damage.Rewrite())
        val found = document.preflight(signOptions = how)          // found.stops, found.inspection.markers with object, page and remedy
        val signed = sign(document, Output.Memory, request, key, how)                      // signed.repair, signed.preflight
        signInPlace(path, request, key)                            // recoverInPlace(path) settles what an interrupted call left
        batchSteps(items, request, key).collect { step -> if (step is BatchStep.Ended) record(step.index, step.outcome) }
        document.addFields(listOf(EmptyField("loan.borrower", Placement.NextFree(180.0, 50.0))), Output.File(prepared))

        assertEquals(emptyList<String>(), found.stops)
        assertEquals(Repair.NONE, signed.repair)
        assertEquals(1, told.size)
    }

    @Test
    fun `reading`() = runBlocking {
        val (customer, identity) = Customer.enrolled()
        val signed = sign(Document.fromBytes(Server.agreement), Output.Memory, SignatureRequest(), identity.keyIn(customer.store))
        val document = Document.fromBytes(signed.bytes!!)
        val trust = Server.trust
        val report = document.verify(trust)
        val seen = Server.scratch("seen.pdf").toString()
        val files = listOf(file("unsigned.pdf"))

        report.html("contract.pdf", Words.builtIn("de"))           // text(words) likewise; Words.fromTable for a language of your own
        document.diff(0).entries()                                 // what changed since the first signature
        document.extractSignedRevision(0, Output.File(seen))       // what its signer saw
        document.signatures()                                      // what is claimed, nothing verified
        verifySteps(files, trust).collect { step -> if (step is VerifyStep.Ended) record(step.index, step.outcome) }

        assertEquals(1, told.size)
    }

    @Test
    fun `levels`() = runBlocking {
        val (customer, identity) = Customer.enrolled()
        val key = identity.keyIn(customer.store)
        val tsa = Server.authority.url
        val trust = Server.trust
        val tsaRoot = roots
        val request = SignatureRequest()
        val plain = sign(Document.fromBytes(Server.agreement), Output.Memory, request, key)
        val document = Document.fromBytes(plain.bytes!!)
        val path = Server.scratch("archived.pdf").toString()

        val how = Extension(Goal.BLTA, trust, listOf(TimeStampAuthority(tsa)), Reach.PUBLIC_NETWORK)   // Reach: nothing is fetched without
        val archived = document.extend(how, Output.File(path))                   // archived.level, .missing, .unanswered; steps { .. } for progress
        val signed = sign(document, Output.Memory, request, key, SignOptions(extension = how))     // as it is signed: signed.raised
        document.verify(trust.withRole(Role.TIME_STAMPING, tsaRoot), VerifyOptions(revocation = Revocation.IF_AVAILABLE, evidence = Evidence()))

        assertFalse(archived.reached, "this machine is no public network")
        assertFalse(signed.raised!!.reached)
    }

    @Test
    fun `errors`() = runBlocking {
        Client(Server.environment()).use { client ->
            val password = "wrong"

            try {
                client.login(user, Secret(password))
            } catch (error: ThrivoSignException.LoginRefused) {
                show(error.detail.message)
            } catch (error: ThrivoSignException) {
                if (error.detail.retryable) delay((error.detail.retryAfter ?: 5) * 1000) else throw error
            }

            assertEquals(1, told.size)
        }
    }

    private fun agreed(bytes: ByteArray) = bytes.isNotEmpty()

    @Test
    fun `a certificate before it ends`() = runBlocking<Unit> {
        val customer = Customer()
        val (client, keys) = customer.client to customer.store
        val identity = customer.enrol()

        val monthAhead = client.serviceTime()!! + 30 * 86_400
        if (identity.notAfter() < monthAhead) {
            val requested = client.renew(keys, identity, "signing-2027")       // another name than identity.signingKey()
            if (requested is Requested.Issued) keep(requested.identity.toJson())
        }

        assertTrue(told.single().contains("\"signing-2027\""))
    }

    @Test
    fun `a renewal that survives`() = runBlocking<Unit> {
        val customer = Customer()
        val (client, keys) = customer.client to customer.store
        val identity = customer.enrol()
        val (folder, journalKey) = Server.scratch("requests").toString() to ByteArray(32)

        Requests.open(folder, Secret.fromBytes(journalKey)).use { requests ->          // the orders' folder and key are good for it
            val requested = requests.renew(client, keys, identity, "signing-2027")     // goes on where an earlier process stopped
            if (requested is Requested.Issued) {
                keep(requested.identity.toJson())
                requests.closeRequest("signing-2027")
            }
        }

        assertTrue(told.single().contains("\"signing-2027\""))
    }

    @Test
    fun `what waits in packages`() = runBlocking<Unit> {
        val (customer, identity) = Customer.enrolled()
        val (client, keys) = customer.client to customer.store
        val id = client.createPackage("Loan").packageId
        val document = client.addToPackage(id, Document.fromBytes(Server.agreement), "loan.pdf").documents.single()
        client.assignInPackage(id, AskedSignature(user, document.documentId))
        client.sharePackage(id)
        val signed = Server.scratch("in-turn.pdf").toString()

        for (waiting in client.listPackages(PackageView.WAITING)) {
            val asked = waiting.next() ?: continue
            val seen = client.fetchFromPackage(waiting.documents.first { it.documentId == asked.documentId }, Output.Memory)!!
            if (!agreed(seen)) client.declinePackage(waiting.packageId, "The rate is not the one agreed")
            else client.signInPackage(asked, Document.fromBytes(seen), Output.File(signed), SignatureRequest(reason = "I agree"), keys, identity)
        }

        assertEquals(PackageState.COMPLETED, client.packageStatus(id).state)
    }
}
