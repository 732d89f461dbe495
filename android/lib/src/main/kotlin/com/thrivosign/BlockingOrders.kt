package com.thrivosign

import kotlinx.coroutines.runBlocking

/**
 * [Orders] for Java and for threads that may wait: each call blocks until it is done. Never for a main thread. Interrupting the thread cancels the
 * call; the order stays in the journal. Closing it closes the journal.
 */
class BlockingOrders(private val orders: Orders) : AutoCloseable {
    override fun close() = orders.close()

    /** The same journal, for what is not here. */
    fun orders(): Orders = orders

    /** See [Orders.list]. */
    @Throws(ThrivoSignException::class)
    fun list(): List<SigningOrder> = orders.list()

    /** See [Orders.sign]. */
    @Throws(ThrivoSignException::class, InterruptedException::class)
    @JvmOverloads
    fun sign(order: OrderRequest, options: CallOptions? = null): SigningOrder = runBlocking { orders.sign(order, options) }

    /** See [Orders.signAll]. */
    @Throws(ThrivoSignException::class, InterruptedException::class)
    @JvmOverloads
    fun signAll(list: List<OrderRequest>, options: CallOptions? = null): List<OrderOutcome> = runBlocking { orders.signAll(list, options) }

    /** See [Orders.file]. */
    @Throws(ThrivoSignException::class, InterruptedException::class)
    @JvmOverloads
    fun file(client: BlockingClient, name: String, fileName: String, options: CallOptions? = null): SigningOrder =
        runBlocking { orders.file(client.client(), name, fileName, options) }

    /** See [Orders.evidence]. */
    @Throws(ThrivoSignException::class)
    fun evidence(name: String): String = orders.evidence(name)

    /** See [Orders.withdraw]. */
    @Throws(ThrivoSignException::class)
    fun withdraw(name: String) = orders.withdraw(name)

    companion object {
        /** See [Orders.open]. */
        @JvmStatic
        @Throws(ThrivoSignException::class)
        fun open(folder: String, key: Secret): BlockingOrders = BlockingOrders(Orders.open(folder, key))
    }
}
