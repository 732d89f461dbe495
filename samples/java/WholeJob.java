// The whole job in Java: enrol a device, sign in two modes, in two parts with a pause, verify, revoke.
//
// What it needs to know comes in environment variables, as `cargo xtask with-server` sets them; one-time codes are read from the file
// THRIVOSIGN_OUTBOX, or typed.

import com.thrivosign.BlockingClient;
import com.thrivosign.CodeSource;
import com.thrivosign.Device;
import com.thrivosign.DeviceSigned;
import com.thrivosign.Document;
import com.thrivosign.Extended;
import com.thrivosign.Extension;
import com.thrivosign.Filing;
import com.thrivosign.Goal;
import com.thrivosign.Identity;
import com.thrivosign.KeyInfo;
import com.thrivosign.Output;
import com.thrivosign.Placement;
import com.thrivosign.Prepared;
import com.thrivosign.Reach;
import com.thrivosign.Report;
import com.thrivosign.Requested;
import com.thrivosign.RevocationReason;
import com.thrivosign.Secret;
import com.thrivosign.SignatureReport;
import com.thrivosign.SignatureRequest;
import com.thrivosign.SigningKey;
import com.thrivosign.Subject;
import com.thrivosign.ThrivosignKt;
import com.thrivosign.TrustAnchors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

final class WholeJob {
    private static String variable(String name) {
        return System.getenv("THRIVOSIGN_" + name);
    }

    private static byte[] content(String name) throws IOException {
        return Files.readAllBytes(Path.of(variable(name)));
    }

    private static String result(String name) {
        return Path.of(variable("SCRATCH"), "java-" + name + ".pdf").toString();
    }

    private static Output file(String name) {
        return new Output.File(result(name), null);
    }

    /** The code that was sent to the person. */
    private static CodeSource code(String what) {
        return () -> {
            if (variable("OUTBOX") == null) {
                return new Secret(System.console().readLine("code for %s: ", what));
            }
            try {
                List<String> codes = Files.readAllLines(Path.of(variable("OUTBOX")));
                return new Secret(codes.get(codes.size() - 1));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    public static void main(String[] arguments) throws Exception {
        try (BlockingClient client =
                BlockingClient.connect(variable("SERVICE"), new Secret(variable("API_KEY")), content("TLS_ROOT"))) {
            // Two keys of this device: one answers the service, and is what its tokens are bound to; the other one is certified.
            DesktopKeys keys = new DesktopKeys();
            client.proveWith(keys, "authentication");
            client.login(variable("USER"), new Secret(variable("PASSWORD")));
            System.out.println("logged in to " + variable("SERVICE") + ", tokens bound: " + client.client().isBound());

            Device device = new Device(UUID.randomUUID().toString(), "A Java program", "jvm");
            KeyInfo authentication = client.register(keys, device, "authentication", code("the device"));
            Subject subject = new Subject("Anna Schmidt", "DE", null);
            Requested requested = client.certify(keys, device, authentication, subject, "signing", code("the certificate"));
            if (!(requested instanceof Requested.Issued issued)) {
                throw new IllegalStateException("an officer must approve: ask again later");
            }
            Identity identity = client.activate(keys, issued.getIdentity(), code("the activation"));
            System.out.println("certificate " + identity.credentialId() + ": " + identity.state());

            // Mode submit: the service prepares, the device checks everything and signs.
            Document contract = Document.Companion.open(variable("DOCUMENT"));
            Placement box = new Placement.Visible(1, 72, 72, 272, 132);
            SignatureRequest request = BlockingClient.request(box, "I have read and agree");
            System.out.println("submitted as "
                    + client.submit(contract, file("submit"), "contract.pdf", request, keys, identity).getDocumentId());

            // Mode device: the device prepares and signs, then files the result.
            SigningKey key = new SigningKey(keys, identity.signingKey(), identity.signingIdentity());
            DeviceSigned signed = client.signAndFile(contract, file("device"), "contract.pdf", request, key);
            if (!(signed.getFiling() instanceof Filing.Filed filed)) {
                throw new IllegalStateException("not filed: " + signed.getFiling());
            }
            System.out.println("filed as " + filed.getAgreement().getDocumentId());

            // In two parts: the blob may wait for days and outlive this program; only holders of its key can change it unnoticed.
            Secret blobKey = new Secret("a key that the app keeps");
            byte[] blob = ThrivosignKt.prepare(contract, request, key.getIdentity(), null, null).toBlob(blobKey);
            Prepared resumed = Prepared.Companion.fromBlob(blob, blobKey);
            byte[] value = BlockingClient.answer(resumed, key);
            resumed.complete(value, contract, file("deferred"), null, null);

            TrustAnchors trust = TrustAnchors.Companion.fromPem(content("TRUST"));
            for (String name : List.of("submit", "device", "deferred")) {
                Report report = ThrivosignKt.verify(Document.Companion.open(result(name)), trust, null, null);
                SignatureReport signature = report.signatures().get(0);
                System.out.println(name + ": " + signature.getOverall().getIndication() + ", clean: " + report.clean());
                if (!report.clean()) {
                    throw new IllegalStateException(report.json());
                }
            }

            // Raised for the archive, without the signer; what could not be had is told.
            if (variable("TRUST_SERVICES") != null) {
                List<String> authorities = List.of(variable("TRUST_SERVICES") + "/tsa");
                Extension how = BlockingClient.extension(Goal.BLTA, trust, authorities, Reach.ANYWHERE);
                Extended archived = BlockingClient.extend(Document.Companion.open(result("device")), file("archived"), how);
                System.out.println("raised to " + archived.getLevel() + ": " + archived.getAdded() + " bytes added");
                if (!archived.getReached()) {
                    throw new IllegalStateException("not raised: " + archived.getMissing() + archived.getUnanswered());
                }
            }

            client.revoke(identity.credentialId(), RevocationReason.CESSATION_OF_OPERATION);
            System.out.println("certificate " + identity.credentialId() + ": " + client.learnState(identity).state());
            client.logout();
        }
    }
}
