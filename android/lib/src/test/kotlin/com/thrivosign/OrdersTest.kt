package com.thrivosign

import java.nio.file.Path
import java.security.MessageDigest
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** Orders in a journal, and tokens that are bound to the device's key. */
class OrdersTest {
    private val secret = ByteArray(32) { it.toByte() }

    private fun folder(): Path = Server.scratch("orders")

    /** Arrays of bytes are equal only to themselves in Kotlin. */
    private fun plain(order: SigningOrder): List<Any> {
        val state =
            when (val state = order.state) {
                is OrderState.Completed -> state.sha256.toList()
                is OrderState.Filed -> state.sha256.toList() to state.documentId
                else -> state
            }
        return listOf(order.name, order.id, order.target, order.preparedAt, state)
    }

    @Test
    fun `an order is signed and filed once`() = runBlocking {
        val (customer, identity) = Customer.enrolled()
        val store = customer.store as KotlinKeyStore
        val key = identity.keyIn(store)
        val folder = folder()
        val target = Server.scratch("ordered.pdf").toString()
        val document = Document.fromBytes(Server.agreement)
        val order = OrderRequest("loan-4711", document, target, SignatureRequest(), key, consent = "I agree.")
        val before = store.asked.get()
        val signed =
            Orders.open(folder.toString(), Secret.fromBytes(secret)).use { orders ->
                orders.sign(order)
            }
        assertTrue(signed.state is OrderState.Completed)
        Orders.open(folder.toString(), Secret.fromBytes(secret)).use { orders ->
            // Given again, by another process as it were.
            assertEquals(plain(signed), plain(orders.sign(order)))
            assertEquals(before + 1, store.asked.get(), "the key is asked once")
            val filed = orders.file(customer.client, signed.name, "loan.pdf")
            val state = filed.state as OrderState.Filed
            assertArrayEquals((signed.state as OrderState.Completed).sha256, state.sha256)
            assertEquals(plain(filed), plain(orders.file(customer.client, signed.name, "loan.pdf")))
            assertEquals(listOf(plain(filed)), orders.list().map(::plain))
            val evidence = orders.evidence(signed.name)
            assertTrue("\"consent\":\"I agree.\"" in evidence && state.documentId in evidence, evidence)
            assertTrue(thrown<ThrivoSignException> { orders.withdraw(signed.name) } is ThrivoSignException.WrongOrder)
            val busy = thrown<ThrivoSignException> { Orders.open(folder.toString(), Secret.fromBytes(secret)) }
            assertTrue(busy is ThrivoSignException.JournalBusy)
        }
        assertTrue(Document.open(target).verify(Server.trust).clean())
        val other = thrown<ThrivoSignException> { Orders.open(folder.toString(), Secret.fromBytes(ByteArray(32))) }
        assertTrue(other is ThrivoSignException.JournalDamaged)
        val short = thrown<ThrivoSignException> { Orders.open(folder.toString(), Secret.fromBytes(ByteArray(31))) }
        assertTrue(short is ThrivoSignException.InvalidArgument)
    }

    @Test
    fun `several documents are approved once`() = runBlocking {
        val (customer, identity) = Customer.enrolled()
        val store = customer.store as KotlinKeyStore
        val key = identity.keyIn(store)
        val shown = MessageDigest.getInstance("SHA-256").digest(Server.agreement)
        val document = Document.fromBytes(Server.agreement)
        val before = store.asked.get()
        fun order(id: String, shown: ByteArray?) =
            OrderRequest(
                id, document, Server.scratch("$id.pdf").toString(), SignatureRequest(), key, signOptions = SignOptions(shown = shown),
            )
        Orders.open(folder().toString(), Secret.fromBytes(secret)).use { orders ->
            val unseen = thrown<ThrivoSignException> { orders.signAll(listOf(order("a", shown), order("b", null))) }
            assertTrue(unseen is ThrivoSignException.InvalidArgument)
            assertEquals(before, store.asked.get(), "nobody is asked for half a list")
            val list = listOf(order("a", shown), order("b", shown))
            val done = orders.signAll(list).map { (it as OrderOutcome.Signed).order }
            assertEquals(before + 2, store.asked.get())
            val approvals = done.map { it.approval!! }
            assertEquals(listOf(0 to 2, 1 to 2), approvals.map { it.position to it.count })
            assertArrayEquals(approvals[0].list, approvals[1].list)
            assertEquals(done.map(::plain), orders.signAll(list).map { plain((it as OrderOutcome.Signed).order) })
            assertEquals(before + 2, store.asked.get())
            done.forEach { assertTrue(Document.open(it.target).verify(Server.trust).clean()) }
        }
    }

    @Test
    fun `the same from threads that wait`() {
        val (customer, identity) = Customer.enrolled()
        val shown = MessageDigest.getInstance("SHA-256").digest(Server.agreement)
        fun order(id: String) =
            OrderRequest(
                id,
                Document.fromBytes(Server.agreement),
                Server.scratch("$id.pdf").toString(),
                SignatureRequest(),
                identity.keyIn(customer.store),
                signOptions = SignOptions(shown = shown),
            )
        BlockingOrders.open(folder().toString(), Secret.fromBytes(secret)).use { orders ->
            val alone = orders.sign(order("alone"))
            val together = orders.signAll(listOf(order("a"), order("b"))).map { (it as OrderOutcome.Signed).order }
            assertEquals((listOf(alone) + together).map(::plain).toSet(), orders.list().map(::plain).toSet())
            assertTrue(orders.file(BlockingClient(customer.client), alone.name, "alone.pdf").state is OrderState.Filed)
            assertTrue("list_sha256" in orders.evidence(together[0].name))
            assertTrue(thrown<ThrivoSignException> { orders.withdraw(alone.name) } is ThrivoSignException.WrongOrder)
            assertEquals(3, orders.orders().list().size)
        }
    }

    @Test
    fun `an order that the service prepares is filed by it`() = runBlocking {
        val (customer, identity) = Customer.enrolled()
        val key = identity.keyIn(customer.store)
        val target = Server.scratch("submitted-order.pdf").toString()
        val to = SubmitTo(customer.client, identity.credentialId(), "loan.pdf")
        val order = OrderRequest("loan-4712", Document.fromBytes(Server.agreement), target, SignatureRequest(), key, submitTo = to)
        Orders.open(folder().toString(), Secret.fromBytes(secret)).use { orders ->
            val done = orders.sign(order)
            assertTrue(done.state is OrderState.Filed && done.mode == OrderMode.SUBMIT)
            assertEquals(plain(done), plain(orders.sign(order)))
        }
        assertTrue(Document.open(target).verify(Server.trust).clean())
    }

    @Test
    fun `tokens are bound to the key that proves`() = runBlocking {
        val store = KotlinKeyStore()
        val name = store.authenticationKey().name
        assertEquals(name, store.authenticationKey().name, "made once")
        val kept =
            Client(Server.environment()).use { client ->
                client.proveWith(store, name)
                assertFalse(client.isBound())
                client.login(Server.user, Server.password)
                assertTrue(client.isBound())
                client.listCredentials()
                client.refreshToken()!!
            }
        Client(Server.environment()).use { client ->
            val refused = thrown<ThrivoSignException> { runBlocking { client.resume(kept) } }
            assertTrue(refused is ThrivoSignException.LoginRequired, "without the key")
            client.proveWith(store, name)
            client.resume(kept)
            client.listCredentials()
        }
        store.create("signing", KeySpec(KeyAlgorithm.P256, KeyPurpose.SIGNING))
        val wrong = thrown<ThrivoSignException> { runBlocking { Client(Server.environment()).proveWith(store, "signing") } }
        assertTrue(wrong is ThrivoSignException.KeyNotPermitted)
    }
}
