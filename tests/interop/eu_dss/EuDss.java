// EU DSS as judge and as maker of PAdES levels.
//
//   EuDss.java PKI judge      reads files from stdin, one a line: "alone" or "lists", a tab, its path; "lists" judges by those of PKI, too
//                             answers each with one line: indication, sub-indication, format and level, what it has against it, tabs between
//   EuDss.java PKI make OUT   writes OUT/LEVEL.KEY.pdf for the four levels and four keys
//
// PKI is what levels.py makes: root.pem, ca.pem, authority.pem, lists/*.crl, KEY.pem and KEY.key.pem, tsa.pem and tsa.key.pem, page.pdf. Nothing is
// fetched: what is not in the document and not in PKI is not there.

import eu.europa.esig.dss.enumerations.DigestAlgorithm;
import eu.europa.esig.dss.enumerations.EncryptionAlgorithm;
import eu.europa.esig.dss.enumerations.SignatureAlgorithm;
import eu.europa.esig.dss.enumerations.SignatureLevel;
import eu.europa.esig.dss.jaxb.object.Message;
import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.model.SignatureValue;
import eu.europa.esig.dss.model.ToBeSigned;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.pades.PAdESSignatureParameters;
import eu.europa.esig.dss.pades.signature.PAdESService;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.validation.RevocationDataVerifier;
import eu.europa.esig.dss.spi.x509.CommonCertificateSource;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.spi.x509.revocation.crl.ExternalResourcesCRLSource;
import eu.europa.esig.dss.spi.x509.tsp.KeyEntityTSPSource;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

class EuDss {
    static final Map<String, SignatureLevel> LEVELS = Map.of("B-B", SignatureLevel.PAdES_BASELINE_B, "B-T", SignatureLevel.PAdES_BASELINE_T,
        "B-LT", SignatureLevel.PAdES_BASELINE_LT, "B-LTA", SignatureLevel.PAdES_BASELINE_LTA);

    final File pki;

    EuDss(File pki) {
        this.pki = pki;
    }

    CertificateToken certificate(String name) {
        return DSSUtils.loadCertificate(new File(pki, name + ".pem"));
    }

    PrivateKey key(String name, String algorithm) throws Exception {
        String text = Files.readString(new File(pki, name + ".key.pem").toPath());
        byte[] der = Base64.getMimeDecoder().decode(text.replaceAll("-----[^-]+-----", ""));
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
    }

    CommonCertificateVerifier verifier(boolean withLists) {
        CommonTrustedCertificateSource trusted = new CommonTrustedCertificateSource();
        trusted.addCertificate(certificate("root"));
        CommonCertificateSource others = new CommonCertificateSource();
        others.addCertificate(certificate("ca"));
        others.addCertificate(certificate("authority"));
        File[] lists = new File(pki, "lists").listFiles((folder, name) -> name.endsWith(".crl"));
        Arrays.sort(lists, Comparator.comparing(File::getName));
        CommonCertificateVerifier verifier = new CommonCertificateVerifier();
        verifier.setTrustedCertSources(trusted);
        verifier.setAdjunctCertSources(others);
        verifier.setAIASource(null);
        // The lists are of yesterday, and last for a month.
        RevocationDataVerifier revocation = RevocationDataVerifier.createDefaultRevocationDataVerifier();
        revocation.setSignatureMaximumRevocationFreshness(60L * 24 * 3600 * 1000);
        revocation.setTimestampMaximumRevocationFreshness(60L * 24 * 3600 * 1000);
        verifier.setRevocationDataVerifier(revocation);
        if (withLists) {
            verifier.setCrlSource(new ExternalResourcesCRLSource(Stream.of(lists).map(FileDocument::new).toArray(DSSDocument[]::new)));
        }
        return verifier;
    }

    /** The first signature. */
    String judge(File file, boolean withLists) {
        SignedDocumentValidator validator = SignedDocumentValidator.fromDocument(new FileDocument(file));
        validator.setCertificateVerifier(verifier(withLists));
        SimpleReport report = validator.validateDocument().getSimpleReport();
        if (report.getSignatureIdList().isEmpty()) {
            return "NONE\t\t";
        }
        String id = report.getFirstSignatureId();
        String against = Stream.of(report.getAdESValidationErrors(id), report.getAdESValidationWarnings(id)).flatMap(List::stream)
            .map(Message::getValue).collect(Collectors.joining("; "));
        Object sub = report.getSubIndication(id);
        return report.getIndication(id) + "\t" + (sub == null ? "" : sub) + "\t" + report.getSignatureFormat(id) + "\t" + against;
    }

    void make(File out) throws Exception {
        KeyEntityTSPSource tsa = new KeyEntityTSPSource(key("tsa", "RSA"), certificate("tsa"), List.of(certificate("tsa"), certificate("authority")));
        tsa.setTsaPolicy("1.2.3.4");
        for (String kind : List.of("p256", "p384", "rsa", "pss")) {
            boolean ec = kind.startsWith("p") && !kind.equals("pss");
            PrivateKey key = key(kind, ec ? "EC" : "RSA");
            for (Map.Entry<String, SignatureLevel> level : LEVELS.entrySet()) {
                PAdESSignatureParameters parameters = new PAdESSignatureParameters();
                parameters.setSignatureLevel(level.getValue());
                parameters.setSigningCertificate(certificate(kind));
                parameters.setCertificateChain(certificate(kind), certificate("ca"));
                parameters.setDigestAlgorithm(kind.equals("p384") ? DigestAlgorithm.SHA384 : DigestAlgorithm.SHA256);
                parameters.setEncryptionAlgorithm(ec ? EncryptionAlgorithm.ECDSA : kind.equals("pss") ? EncryptionAlgorithm.RSASSA_PSS : EncryptionAlgorithm.RSA);
                PAdESService service = new PAdESService(verifier(true));
                service.setTspSource(tsa);
                DSSDocument page = new FileDocument(new File(pki, "page.pdf"));
                ToBeSigned message = service.getDataToSign(page, parameters);
                SignatureValue value = new SignatureValue(parameters.getSignatureAlgorithm(), sign(key, parameters.getSignatureAlgorithm(), message.getBytes()));
                service.signDocument(page, parameters, value).save(new File(out, level.getKey() + "." + kind + ".pdf").getPath());
            }
        }
    }

    static byte[] sign(PrivateKey key, SignatureAlgorithm algorithm, byte[] message) throws Exception {
        Signature signature;
        if (algorithm.getEncryptionAlgorithm() == EncryptionAlgorithm.RSASSA_PSS) {
            signature = Signature.getInstance("RSASSA-PSS");
            signature.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
        } else {
            signature = Signature.getInstance(algorithm.getJCEId());
        }
        signature.initSign(key);
        signature.update(message);
        return signature.sign();
    }

    public static void main(String[] arguments) throws Exception {
        EuDss dss = new EuDss(new File(arguments[0]));
        if (arguments[1].equals("make")) {
            dss.make(new File(arguments[2]));
            System.out.println("made");
            return;
        }
        BufferedReader questions = new BufferedReader(new InputStreamReader(System.in));
        System.out.println("ready");
        for (String line = questions.readLine(); line != null; line = questions.readLine()) {
            String answer;
            try {
                String[] words = line.split("\t");
                answer = dss.judge(new File(words[1]), words[0].equals("lists"));
            } catch (RuntimeException fault) {
                answer = "FAULT\t\t\t" + fault;
            }
            System.out.println(answer.replace('\n', ' '));
        }
    }
}
