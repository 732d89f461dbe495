package com.thrivosign

import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** Packages from both sides: the user is owner and recipient. */
class PackagesTest {
    private val box = Placement.Visible(1, 72.0, 72.0, 272.0, 132.0)

    private suspend fun Client.shared(): SigningPackage {
        val id = createPackage("Loan 4711", 86_400).packageId
        val document = addToPackage(id, Document.fromBytes(Server.agreement), "loan.pdf").documents.single()
        assignInPackage(id, AskedSignature(Server.user, document.documentId, placement = box))
        return sharePackage(id)
    }

    @Test
    fun `a package is signed in turn and where it was asked`() = runBlocking {
        val (customer, identity) = Customer.enrolled()
        val client = customer.client
        val id = client.shared().packageId
        val waiting = client.listPackages(PackageView.WAITING).single { it.packageId == id }
        assertEquals(86_400L, waiting.expires - waiting.created)
        val asked = waiting.next()!!
        assertEquals(Server.user to box, asked.user to asked.placement)
        val seen = client.fetchFromPackage(waiting.documents.single(), Output.Memory)!!
        assertArrayEquals(Server.agreement, seen)

        val other = Server.agreement.copyOf().also { it[it.size / 2] = (it[it.size / 2] + 1).toByte() }
        val before = (customer.store as KotlinKeyStore).asked.get()
        assertTrue(
            thrown<ThrivoSignException> {
                client.signInPackage(asked, Document.fromBytes(other), Output.Memory, SignatureRequest(), customer.store, identity)
            } !is ThrivoSignException.ServiceRefused,
        )
        assertEquals(before, customer.store.asked.get(), "what was not shown is not signed")

        val signed = client.signInPackage(asked, Document.fromBytes(seen), Output.Memory, SignatureRequest(), customer.store, identity)
        val report = Document.fromBytes(signed.signed.bytes!!).verify(Server.trust)
        assertTrue(report.clean(), report.json())
        val after = client.packageStatus(id)
        assertEquals(PackageState.COMPLETED to RecipientState.SIGNED, after.state to after.recipients.single().state)
        assertNull(after.next())
        assertTrue(
            thrown<ThrivoSignException> { client.fetchFromPackage(waiting.documents.single(), Output.Memory) } is
                ThrivoSignException.DocumentChanged,
        )
    }

    @Test
    fun `calls that wait do the same`() {
        val (customer, identity) = Customer.enrolled()
        val packages = BlockingPackages(BlockingClient(customer.client))
        val draft = packages.create("Loan 4712")
        val document = packages.add(draft.packageId, Document.fromBytes(Server.agreement), "loan.pdf").documents.single()
        thrown<ThrivoSignException.InvalidArgument> {
            packages.assign(draft.packageId, AskedSignature(Server.user, document.documentId, placement = Placement.NextFree(100.0, 50.0)))
        }
        packages.assign(draft.packageId, AskedSignature(Server.user, document.documentId))
        packages.assign(draft.packageId, AskedSignature(Server.user, document.documentId, order = 2, field = "second"))
        val shared = packages.share(draft.packageId)
        assertTrue(packages.list(PackageView.OWNED).any { it.packageId == shared.packageId })
        val seen = packages.fetch(document, Output.Memory)!!
        packages.sign(shared.next()!!, Document.fromBytes(seen), Output.Memory, SignatureRequest(), customer.store, identity)
        assertEquals("second", packages.status(shared.packageId).next()!!.field)
        val declined = packages.decline(shared.packageId, "The rate is wrong")
        assertEquals(PackageState.DECLINED to "The rate is wrong", declined.state to declined.reason)
        thrown<ThrivoSignException.ServiceRefused> { packages.cancel(shared.packageId, "Too late") }
        assertEquals(PackageState.CANCELLED, packages.cancel(packages.create("Nothing").packageId, "Empty").state)
    }
}
