package com.thrivosign

import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** A registration officer, beside a server whose certificates wait for one. */
class OfficerTest {
    private suspend fun loggedIn(user: String): Client = Client(Office.environment()).also { it.login(user, Office.password) }

    private suspend fun Customer.ask(keyName: String): PendingRequest {
        val requested = client.certify(store, device, authenticationKey, Subject("Anna Schmidt"), keyName) { Office.code() }
        return (requested as Requested.Pending).request
    }

    /** What docs/howto/server.md shows. */
    private suspend fun decide(client: Client, known: (WaitingRequest) -> Boolean) {
        for (one in client.waitingRequests()) {
            if (known(one)) client.approveRequest(one.requestId)
            else client.rejectRequest(one.requestId, "Come to the counter with your passport.")
        }
    }

    @Test
    fun `what waits is rejected or approved, and a lost device is revoked`() = runBlocking {
        val client = loggedIn("officer")
        val officer = BlockingOfficer(BlockingClient(client))
        val anna = Customer(client = loggedIn(Server.user))
        anna.authenticationKey = anna.client.register(anna.store, anna.device) { Office.code() }
        thrown<ThrivoSignException.AuthorizationDenied> { anna.client.waitingRequests() }

        val first = anna.ask("first")
        val one = officer.waiting().single()
        assertEquals("Anna Schmidt" to Server.user, one.applicant.name to one.applicant.email)
        assertNull(one.applicant.company)
        assertEquals(Triple(anna.device.uuid, anna.device.name, anna.device.platform), Triple(one.deviceUuid, one.deviceName, one.platform))
        assertEquals(SecurityLevel.SOFTWARE, one.securityLevel)
        assertTrue(one.applicant.userId.isNotEmpty() && one.asked in 1_700_000_000L..System.currentTimeMillis() / 1000 + 60)
        officer.reject(one.requestId, "Come to the counter with your passport.")
        thrown<ThrivoSignException.ServiceRefused> { officer.approve(one.requestId) }
        thrown<ThrivoSignException.CertificateRefused> { anna.client.askAgain(first) }

        val second = anna.ask("second")
        decide(client) { it.applicant == one.applicant }
        officer.approve(second.requestId())
        assertTrue(anna.client.askAgain(second) is Requested.Issued)

        val lost = officer.usersDevices().single { it.deviceUuid == anna.device.uuid }
        assertEquals(one.applicant to SecurityLevel.SOFTWARE, lost.owner to lost.securityLevel)
        assertEquals(anna.device.name to anna.device.platform, lost.deviceName to lost.platform)
        assertEquals(IdentityState.NEW, lost.credentials.single().state)
        assertTrue(lost.credentials.single().let { it.credentialId.isNotEmpty() && it.notAfter > one.asked })
        thrown<ThrivoSignException.DeviceRefused> { officer.revokeDevice("nobodys", RevocationReason.KEY_COMPROMISE) }
        officer.revokeDevice(lost.deviceUuid, RevocationReason.KEY_COMPROMISE)
        assertTrue(client.usersDevices().none { it.deviceUuid == lost.deviceUuid })
    }
}
