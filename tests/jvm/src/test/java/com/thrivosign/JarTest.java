package com.thrivosign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.NativeLibrary;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/** A server that has the jar and nothing else: no path is set, the native library comes out of the jar. */
class JarTest {
    private static String variable(String name) {
        return System.getenv("THRIVOSIGN_" + name);
    }

    private static byte[] content(String name) throws Exception {
        return Files.readAllBytes(Path.of(variable(name)));
    }

    private static Path jar() throws Exception {
        String file = JarTest.class.getResource("/META-INF/LICENSE-MIT").getPath();
        return Path.of(file.substring("file:".length(), file.indexOf('!')));
    }

    @Test
    void theLibraryComesOutOfTheJar() throws Exception {
        assertNull(System.getProperty("jna.library.path"));
        assertFalse(ThrivosignKt.version().isEmpty());
        String unpacked = NativeLibrary.getInstance("thrivosign_uniffi").getFile().getPath();
        assertTrue(unpacked.contains("jna") && !unpacked.contains("target"), unpacked);
        try (ZipFile zip = new ZipFile(jar().toFile())) {
            assertTrue(zip.stream().anyMatch(entry -> entry.getName().matches("linux-[a-z0-9-]+/libthrivosign_uniffi\\.so")));
        }
    }

    @Test
    void aServerVerifiesWhatItIsSent() throws Exception {
        TrustAnchors trust = TrustAnchors.Companion.fromPem(content("TRUST"));
        try (Document document = Document.Companion.open(variable("DOCUMENT"));
                Report report = ThrivosignKt.verify(document, trust, null, null)) {
            assertFalse(report.clean(), "nobody has signed it");
            assertEquals(0, report.signatureCount());
        }
        assertThrows(ThrivoSignException.SourceUnreadable.class, () -> Document.Companion.open("no such file"));
    }

    @Test
    void theServiceIsReached() throws Exception {
        try (BlockingClient client =
                BlockingClient.connect(variable("SERVICE"), new Secret(variable("API_KEY")), content("TLS_ROOT"))) {
            client.login(variable("USER"), new Secret(variable("PASSWORD")));
            client.listCredentials();
            client.logout();
        }
    }
}
