package com.thrivosign

import java.nio.file.Files
import java.nio.file.Path
import java.util.Base64
import java.util.UUID

/** The demo server that the tests run beside, and what its user knows. */
object Server {
    fun variable(name: String): String =
        System.getenv(name) ?: error("$name is not set: run the tests with `cargo xtask with-server -- mvn -f android/pom.xml verify`")

    private fun decoded(text: String): ByteArray = Base64.getDecoder().decode(text)

    val agreement: ByteArray by lazy { Files.readAllBytes(Path.of(variable("THRIVOSIGN_DOCUMENT"))) }

    /** One page with text fields: `tenant`, `rent`, and `number`, which nobody may change. */
    val form: ByteArray get() = Files.readAllBytes(Path.of(variable("THRIVOSIGN_FORM")))

    /** Two pictures, red and blue. */
    val pictures: Pair<ByteArray, ByteArray> =
        decoded("iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAADUlEQVR42mO4IyIHRAAI5QIdKnCeLAAAAABJRU5ErkJggg==") to
            decoded("iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAADUlEQVR42mMQkbsDRAAF2QId7fZz8gAAAABJRU5ErkJggg==")
    val trust: TrustAnchors by lazy { TrustAnchors.fromPem(trustPem) }
    val authority: TimeStampAuthority get() = TimeStampAuthority("${variable("THRIVOSIGN_TRUST_SERVICES")}/tsa")
    val trustPem: ByteArray get() = Files.readAllBytes(Path.of(variable("THRIVOSIGN_TRUST")))
    val user: String get() = variable("THRIVOSIGN_USER")
    val password: Secret get() = Secret(variable("THRIVOSIGN_PASSWORD"))

    /** A path in the scratch folder that nothing stands at. */
    fun scratch(name: String): Path = Path.of(variable("THRIVOSIGN_SCRATCH")).resolve("${UUID.randomUUID()}-$name")

    fun environment() =
        Environment(
            variable("THRIVOSIGN_SERVICE"),
            Secret(variable("THRIVOSIGN_API_KEY")),
            tlsRoots = Files.readAllBytes(Path.of(variable("THRIVOSIGN_TLS_ROOT"))),
        )

    /** The newest code that was sent. */
    fun code(): Secret = Secret(Files.readAllLines(Path.of(variable("THRIVOSIGN_OUTBOX"))).last())
}

/** The server whose certificates wait for an officer. */
object Office {
    val password: Secret get() = Secret(Server.variable("THRIVOSIGN_OFFICE_PASSWORD"))

    fun environment() =
        Environment(
            Server.variable("THRIVOSIGN_OFFICE_SERVICE"),
            Secret(Server.variable("THRIVOSIGN_OFFICE_API_KEY")),
            tlsRoots = Files.readAllBytes(Path.of(Server.variable("THRIVOSIGN_OFFICE_TLS_ROOT"))),
        )

    /** The newest code that was sent. */
    fun code(): Secret = Secret(Files.readAllLines(Path.of(Server.variable("THRIVOSIGN_OFFICE_OUTBOX"))).last())
}

/** A user on a new device: logged in, with a key store written in Kotlin. */
class Customer(val store: DeviceKeyStore = KotlinKeyStore(), val client: Client = Client(Server.environment())) {
    val device = Device(UUID.randomUUID().toString(), "a device of the tests", "jvm")
    lateinit var authenticationKey: KeyInfo

    suspend fun login(): Customer = apply { client.login(Server.user, Server.password) }

    suspend fun register(): Customer = apply { authenticationKey = client.register(store, device) { Server.code() } }

    suspend fun certificate(keyName: String): Identity {
        val requested = client.certify(store, device, authenticationKey, Subject("Anna Schmidt", "DE"), keyName) { Server.code() }
        return (requested as Requested.Issued).identity
    }

    suspend fun enrol(): Identity = client.activate(store, login().register().certificate("signing")) { Server.code() }

    companion object {
        private var enrolled: Pair<Customer, Identity>? = null

        /** One enrolled customer for all tests that only sign. */
        @Synchronized
        fun enrolled(): Pair<Customer, Identity> =
            enrolled ?: kotlinx.coroutines.runBlocking {
                val customer = Customer()
                customer to customer.enrol()
            }.also { enrolled = it }
    }
}

/** The error that [call] throws. */
inline fun <reified E : Throwable> thrown(call: () -> Unit): E {
    try {
        call()
    } catch (error: Throwable) {
        return error as? E ?: throw AssertionError("threw ${error.javaClass.name}, expected ${E::class.java.name}", error)
    }
    throw AssertionError("threw nothing, expected ${E::class.java.name}")
}
