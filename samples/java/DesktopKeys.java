import com.thrivosign.Attestation;
import com.thrivosign.DeviceKeyStore;
import com.thrivosign.DigestAlgorithm;
import com.thrivosign.KeyAlgorithm;
import com.thrivosign.KeyError;
import com.thrivosign.KeyInfo;
import com.thrivosign.KeyPurpose;
import com.thrivosign.KeySpec;
import com.thrivosign.Prompt;
import com.thrivosign.Protection;
import com.thrivosign.SignatureAlgorithm;
import com.thrivosign.ThrivoSignException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;

/** A key store written in Java: P-256 keys of java.security, which live as long as this object. */
final class DesktopKeys implements DeviceKeyStore {
    private record Held(KeyPair pair, KeyPurpose purpose) {}

    private final ConcurrentSkipListMap<String, Held> keys = new ConcurrentSkipListMap<>();

    @Override
    public KeyInfo create(String name, KeySpec spec) throws ThrivoSignException {
        if (!spec.getAlgorithm().equals(KeyAlgorithm.P256.INSTANCE)) {
            throw KeyError.algorithmUnsupported();
        }
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            if (keys.putIfAbsent(name, new Held(generator.generateKeyPair(), spec.getPurpose())) != null) {
                throw KeyError.exists();
            }
        } catch (GeneralSecurityException e) {
            throw KeyError.unavailable();
        }
        return info(name);
    }

    @Override
    public KeyInfo info(String name) throws ThrivoSignException {
        Held held = held(name);
        return new KeyInfo(name, held.pair().getPublic().getEncoded(), Protection.SOFTWARE, held.purpose(), Prompt.NONE);
    }

    @Override
    public byte[] sign(String name, byte[] message, SignatureAlgorithm algorithm) throws ThrivoSignException {
        if (!algorithm.equals(new SignatureAlgorithm.Ecdsa(DigestAlgorithm.SHA256))) {
            throw KeyError.algorithmUnsupported();
        }
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(held(name).pair().getPrivate());
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw KeyError.unavailable();
        }
    }

    @Override
    public Attestation attest(String name, byte[] challenge) throws ThrivoSignException {
        throw KeyError.attestationUnavailable();
    }

    @Override
    public void delete(String name) throws ThrivoSignException {
        if (keys.remove(name) == null) {
            throw KeyError.notFound();
        }
    }

    @Override
    public List<KeyInfo> list() {
        return keys.entrySet().stream()
                .map(e -> new KeyInfo(
                        e.getKey(),
                        e.getValue().pair().getPublic().getEncoded(),
                        Protection.SOFTWARE,
                        e.getValue().purpose(),
                        Prompt.NONE))
                .toList();
    }

    private Held held(String name) throws ThrivoSignException {
        Held held = keys.get(name);
        if (held == null) {
            throw KeyError.notFound();
        }
        return held;
    }
}
