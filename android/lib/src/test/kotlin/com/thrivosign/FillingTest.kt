package com.thrivosign

import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** What the service adds before anybody signs: values of a draft's text fields, and the user's signature image. */
class FillingTest {
    private val customer = Customer.enrolled().first
    private val identity = Customer.enrolled().second
    private val client = customer.client

    private suspend fun text(document: PackageDocument) = String(client.fetchFromPackage(document, Output.Memory)!!, Charsets.ISO_8859_1)

    @Test
    fun `a draft's text fields are filled, all or none`() = runBlocking {
        val draft = client.createPackage("Lease 4711")
        val document = client.addToPackage(draft.packageId, Document.fromBytes(Server.form), "lease.pdf").documents.single()

        val values = mapOf("tenant" to "Ben Example", "rent" to "12 500.00")
        val filled = client.fillInPackage(draft.packageId, document.documentId, values).documents.single()

        assertFalse(filled.sha256.contentEquals(document.sha256))
        assertTrue(text(filled).let { "(Ben Example)" in it && "(12 500.00)" in it })
        for ((field, why) in listOf("landlord" to "form-field-unknown", "number" to "form-field-read-only")) {
            val refused =
                thrown<ThrivoSignException.DocumentRefused> {
                    client.fillInPackage(draft.packageId, document.documentId, mapOf("tenant" to "Eve", field to "1"))
                }
            assertEquals(why, refused.detail.problem)
        }
        assertArrayEquals(filled.sha256, client.packageStatus(draft.packageId).documents.single().sha256, "none of them")

        val again = BlockingPackages(BlockingClient(client)).fill(draft.packageId, document.documentId, mapOf("tenant" to "Carla Example"))
        assertTrue(text(again.documents.single()).let { "(Carla Example)" in it && "(12 500.00)" in it })
        client.assignInPackage(draft.packageId, AskedSignature(Server.user, document.documentId))
        client.sharePackage(draft.packageId)
        thrown<ThrivoSignException.ServiceRefused> { client.fillInPackage(draft.packageId, document.documentId, values) }
        client.cancelPackage(draft.packageId, "Tried out")
        Unit
    }

    /** A package that asks the user for a signature in a box, and what is to be signed. */
    private suspend fun asked(): Pair<PackageRecipient, Document> {
        val id = client.createPackage("Loan 4713").packageId
        val document = client.addToPackage(id, Document.fromBytes(Server.agreement), "loan.pdf").documents.single()
        client.assignInPackage(id, AskedSignature(Server.user, document.documentId, placement = Placement.Visible(1, 72.0, 72.0, 272.0, 132.0)))
        return client.sharePackage(id).next()!! to Document.fromBytes(Server.agreement)
    }

    private suspend fun signed(request: SignatureRequest): ByteArray {
        val (asked, document) = asked()
        return client.signInPackage(asked, document, Output.Memory, request, customer.store, identity).signed.bytes!!
    }

    @Test
    fun `the device signs the picture that it has, and no other`() = runBlocking {
        val (picture, other) = Server.pictures
        thrown<ThrivoSignException.RecordNotFound> { client.signatureImage() }
        thrown<ThrivoSignException.InvalidArgument> { client.setSignatureImage("no picture".encodeToByteArray()) }
        client.setSignatureImage(other)

        client.setSignatureImage(picture)                                  // once, a PNG or JPEG file
        val seal = client.signatureImage()                                 // on the device that signs; shown to the person
        val request = SignatureRequest(appearance = Appearance(image = seal))

        assertArrayEquals(picture, seal, "the later one")
        val pdf = signed(request)
        assertTrue("/Image" in String(pdf, Charsets.ISO_8859_1) && Document.fromBytes(pdf).verify(Server.trust).clean())
        val before = (customer.store as KotlinKeyStore).asked.get()
        thrown<ThrivoSignException.PreparedRevisionRefused> { signed(SignatureRequest(appearance = Appearance(image = other))) }
        assertEquals(before, customer.store.asked.get(), "another picture is not signed")
        client.removeSignatureImage()
        thrown<ThrivoSignException.RecordNotFound> { signed(request) }
        assertFalse("/Image" in String(signed(SignatureRequest()), Charsets.ISO_8859_1))
    }

    @Test
    fun `calls that wait do the same`() {
        val blocking = BlockingClient(client)
        blocking.setSignatureImage(Server.pictures.second)
        assertArrayEquals(Server.pictures.second, blocking.signatureImage())
        blocking.removeSignatureImage()
        blocking.removeSignatureImage()
        thrown<ThrivoSignException.RecordNotFound> { blocking.signatureImage() }
    }
}
