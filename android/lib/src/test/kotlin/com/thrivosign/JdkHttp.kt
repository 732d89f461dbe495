package com.thrivosign

import java.io.ByteArrayInputStream
import java.io.IOException
import java.io.InputStream
import java.net.ConnectException
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpRequest.BodyPublishers
import java.net.http.HttpResponse.BodyHandlers
import java.net.http.HttpTimeoutException
import java.security.KeyStore
import java.security.cert.CertificateFactory
import java.time.Duration
import java.util.concurrent.atomic.AtomicInteger
import javax.net.ssl.SSLContext
import javax.net.ssl.SSLException
import javax.net.ssl.TrustManagerFactory

/** HTTP of the app's own: that of the JDK, which trusts [root] (PEM) alone. */
class JdkHttp(root: ByteArray) : HttpTransport {
    /** How many exchanges there were. */
    val asked = AtomicInteger()

    private val http: HttpClient

    init {
        val certificate = CertificateFactory.getInstance("X.509").generateCertificate(ByteArrayInputStream(root))
        val trusted = KeyStore.getInstance(KeyStore.getDefaultType()).apply { load(null); setCertificateEntry("root", certificate) }
        val managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm()).apply { init(trusted) }.trustManagers
        val tls = SSLContext.getInstance("TLS").apply { init(null, managers, null) }
        // Follows no redirect and keeps no cookies unless it is told to.
        http = HttpClient.newBuilder().sslContext(tls).version(HttpClient.Version.HTTP_1_1).build()
    }

    override fun send(exchange: HttpExchange): HttpAnswer =
        exchange.use {
            asked.incrementAndGet()
            val size = exchange.bodySize()
            val body =
                if (size == 0L) BodyPublishers.noBody()
                else BodyPublishers.fromPublisher(BodyPublishers.ofInputStream { Body(exchange) }, size)
            val time = Duration.ofMillis(exchange.timeLeftMs().coerceIn(1, 3_600_000))
            val request = HttpRequest.newBuilder(URI(exchange.url())).method(exchange.method(), body).timeout(time)
            exchange.headers().forEach { request.header(it.name, it.value) }
            try {
                val answer = http.send(request.build(), BodyHandlers.ofInputStream())
                // One more than is allowed, so that the library sees that it is too much.
                val most = (exchange.maxAnswer() + 1).coerceAtMost(Int.MAX_VALUE.toLong()).toInt()
                val headers = answer.headers().map().flatMap { (name, values) -> values.map { HttpHeader(name, it) } }
                answer.body().use { HttpAnswer(answer.statusCode(), headers, it.readNBytes(most)) }
            } catch (error: HttpTimeoutException) {
                throw ThrivoSignException.TimedOut(ErrorDetail())
            } catch (error: ConnectException) {
                throw ThrivoSignException.ConnectFailed(ErrorDetail())
            } catch (error: SSLException) {
                throw ThrivoSignException.TlsFailed(ErrorDetail())
            } catch (error: IOException) {
                throw ThrivoSignException.ConnectionCut(ErrorDetail())
            }
        }

    /** The request's body, read while it is sent. */
    private class Body(private val exchange: HttpExchange) : InputStream() {
        private var at = 0L

        override fun read(): Int {
            val one = ByteArray(1)
            return if (read(one, 0, 1) < 0) -1 else one[0].toInt() and 0xff
        }

        override fun read(to: ByteArray, offset: Int, length: Int): Int {
            if (length == 0) return 0
            val piece = exchange.body(at, length)
            if (piece.isEmpty()) return -1
            piece.copyInto(to, offset)
            at += piece.size
            return piece.size
        }
    }
}
