package com.thrivosign

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test

/** One table of error kinds: the core's. */
class ErrorTableTest {
    @Test
    fun `every kind has a case of its own and no case is without a kind`() {
        val kinds = errorKinds()
        val names = kinds.map { kind -> kind.name.split('_').joinToString("") { it.replaceFirstChar(Char::uppercase) } }
        val cases = ThrivoSignException::class.java.permittedSubclasses.map { it.simpleName }
        assertEquals(names.sorted(), cases.sorted())
        assertEquals(kinds.size, kinds.map { it.code }.toSet().size)
        assert(kinds.all { it.message.isNotEmpty() && it.nextStep.isNotEmpty() && it.turn != null })
    }

    @Test
    fun `a case carries its facts`() {
        val error = thrown<ThrivoSignException.SourceUnreadable> { Document.open("/nowhere/at all.pdf") }
        val told = errorKinds().single { it.code == 213 }
        assertEquals(listOf(told.code, told.name, told.nextStep), error.detail.run { listOf(code, name, nextStep) })
        assert(!error.toString().contains("nowhere")) { "no path of the user's" }
    }
}
