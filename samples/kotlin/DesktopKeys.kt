import com.thrivosign.Attestation
import com.thrivosign.DeviceKeyStore
import com.thrivosign.DigestAlgorithm
import com.thrivosign.KeyAlgorithm
import com.thrivosign.KeyError
import com.thrivosign.KeyInfo
import com.thrivosign.KeyPurpose
import com.thrivosign.KeySpec
import com.thrivosign.Prompt
import com.thrivosign.Protection
import com.thrivosign.SignatureAlgorithm
import java.security.KeyPair
import java.security.KeyPairGenerator
import java.security.Signature
import java.security.spec.ECGenParameterSpec
import java.util.concurrent.ConcurrentHashMap

/**
 * A key store written in Kotlin: P-256 keys of java.security, which live as long as this object. On Android the provider "AndroidKeyStore"
 * takes their place; the shape is the same.
 */
class DesktopKeys : DeviceKeyStore {
    private val keys = ConcurrentHashMap<String, Pair<KeyPair, KeyPurpose>>()

    override fun create(name: String, spec: KeySpec): KeyInfo {
        if (spec.algorithm != KeyAlgorithm.P256) throw KeyError.algorithmUnsupported()
        val generator = KeyPairGenerator.getInstance("EC").apply { initialize(ECGenParameterSpec("secp256r1")) }
        if (keys.putIfAbsent(name, generator.generateKeyPair() to spec.purpose) != null) throw KeyError.exists()
        return info(name)
    }

    override fun info(name: String): KeyInfo {
        val (pair, purpose) = keys[name] ?: throw KeyError.notFound()
        return KeyInfo(name, pair.public.encoded, Protection.SOFTWARE, purpose, Prompt.NONE)
    }

    override fun sign(name: String, message: ByteArray, algorithm: SignatureAlgorithm): ByteArray {
        val (pair, _) = keys[name] ?: throw KeyError.notFound()
        if (algorithm != SignatureAlgorithm.Ecdsa(DigestAlgorithm.SHA256)) throw KeyError.algorithmUnsupported()
        return Signature.getInstance("SHA256withECDSA").run {
            initSign(pair.private)
            update(message)
            sign()
        }
    }

    override fun attest(name: String, challenge: ByteArray): Attestation = throw KeyError.attestationUnavailable()

    override fun delete(name: String) {
        keys.remove(name) ?: throw KeyError.notFound()
    }

    override fun list(): List<KeyInfo> = keys.keys.sorted().map(::info)
}
