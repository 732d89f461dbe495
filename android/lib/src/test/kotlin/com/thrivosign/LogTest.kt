package com.thrivosign

import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.util.concurrent.CopyOnWriteArrayList

class LogTest {
    @Test
    fun `a log holds what is allowed and nothing else`() = runBlocking {
        val events = CopyOnWriteArrayList<LogEvent>()
        try {
            setLog(LogLevel.DEBUG) {
                events.add(it)
                throw RuntimeException("changes nothing")
            }
            Customer().login().client.close()
            verify(Document.fromBytes(Server.agreement), Server.trust)
            thrown<ThrivoSignException> { verify(Document.fromBytes(ByteArray(9)), Server.trust) }
        } finally {
            setLog(LogLevel.ERROR, null as LogSink?)
        }
        val told = events.size
        verify(Document.fromBytes(Server.agreement), Server.trust)
        assertEquals(told, events.size, "the log is off")
        val call = events.first { it.name == "call" }
        assertEquals(LogLevel.DEBUG to 200, call.level to call.httpStatus)
        assertTrue(call.operation != null && call.milliseconds != null && call.attempt == 1)
        val (good, bad) = events.filter { it.name == "verify" }.partition { it.errorCode == null }
        assertEquals(Server.agreement.size.toLong(), good.single().bytes)
        assertEquals(201, bad.single().errorCode)
        assertFalse(events.any { Server.user in it.toString() || Server.password.expose() in it.toString() })
    }

    @Test
    fun `the library says what it is`() {
        assertTrue(version().matches(Regex("""\d+\.\d+\.\d+.*""")))
        assertEquals(features().sorted(), features())
        assertTrue("net" in features())
    }
}
