//! The cms room, tests only: what is odd and must pass, by every kind of signature and every algorithm.

use super::*;
use crate::cms::check::SigningCertificate;
use crate::pki::algorithm::SignatureAlgorithm;

#[test]
fn the_good_ones() {
    for expect in [Expect::CadesDetached, Expect::Pkcs7Detached] {
        let facts = facts(&Cms::good().der(), expect).unwrap();
        assert!(facts.failure.is_none() && facts.signed_attributes_are_der && !facts.has_signing_time);
        assert_eq!(facts.signing_certificate, SigningCertificate::V2);
        assert_eq!(facts.signer.as_ref(), Some(&Cms::good().signer));
        assert_eq!(facts.signature_algorithm, Some(ecdsa()));
    }
    let token = facts(&Cms::token().der(), Expect::TimeStamp).unwrap();
    assert!(token.failure.is_none(), "{:?}", token.failure);
    assert_eq!(token.time_stamp.unwrap().time.to_string(), "2026-06-01T12:00:00Z");
    // adbe.pkcs7.sha1: 20 bytes attached, attributes over them.
    let mut sha1 = Cms::good();
    let ranges = DigestAlgorithm::Sha1.digest(CONTENT);
    sha1.set(id::MESSAGE_DIGEST, vec![octets(&DigestAlgorithm::Sha256.digest(&ranges))]);
    sha1.content = Some(ranges);
    assert_eq!(judge(&sha1.der(), Expect::Pkcs7Sha1), Ok(()));
    sha1.attributes = None;
    assert_eq!(judge(&sha1.der(), Expect::Pkcs7Sha1), Ok(()));
}

/// What older signers wrote and ISO 32000-1 allows for adbe.pkcs7.detached.
#[test]
fn odd_but_legal() {
    let mut bare = Cms::good();
    bare.attributes = None;
    let done = facts(&bare.der(), Expect::Pkcs7Detached).unwrap();
    assert!(done.failure.is_none() && !done.has_signed_attributes);
    assert_eq!(done.signing_certificate, SigningCertificate::Missing);
    bare.signature = Some(bare.key.sign(b"other"));
    assert_eq!(judge(&bare.der(), Expect::Pkcs7Detached), Err(CmsReason::SignatureWrong));

    let mut unbound = Cms::good();
    unbound.remove(id::SIGNING_CERTIFICATE_V2);
    unbound.set(id::SIGNING_TIME, vec![der::write(der::UTC_TIME, &[b"260601120000Z"])]);
    let done = facts(&unbound.der(), Expect::Pkcs7Detached).unwrap();
    assert!(done.failure.is_none() && done.has_signing_time && done.signer.is_some());
    assert_eq!(done.signing_time.unwrap().to_string(), "2026-06-01T12:00:00Z");

    // Unsorted attributes: verified as received, said, and no failure for the old kind.
    let mut unsorted = Cms::good();
    unsorted.sorted = false;
    let done = facts(&unsorted.der(), Expect::Pkcs7Detached).unwrap();
    assert!(done.failure.is_none() && !done.signed_attributes_are_der);

    let mut old = Cms::good();
    old.remove(id::SIGNING_CERTIFICATE_V2);
    let hash = DigestAlgorithm::Sha1.digest(old.signer.der());
    old.set(id::SIGNING_CERTIFICATE, vec![ess(&[], &hash, old.signer.issuer_der(), old.signer.serial())]);
    let done = facts(&old.der(), Expect::CadesDetached).unwrap();
    assert!(done.failure.is_none());
    assert_eq!(done.signing_certificate, SigningCertificate::V1);

    let mut sha512 = Cms::good();
    let hash = DigestAlgorithm::Sha512.digest(sha512.signer.der());
    let value = ess(&algorithm(&DigestAlgorithm::Sha512.oid()), &hash, sha512.signer.issuer_der(), sha512.signer.serial());
    sha512.set(id::SIGNING_CERTIFICATE_V2, vec![value]);
    let mut protection = ecdsa().to_der();
    protection[0] = 0xa1;
    sha512.set(id::ALGORITHM_PROTECTION, vec![seq(&[&sha512.digest_algorithm, &protection])]);
    assert_eq!(judge(&sha512.der(), Expect::CadesDetached), Ok(()));

    // The issuer's name in another string type.
    let mut printable = Cms::good();
    printable.sid = seq(&[
        &seq(&[&der::write(der::SET, &[&seq(&[&[6, 3, 0x55, 4, 3], &der::write(0x13, &[b"CA"])])])]),
        &der::write(der::INTEGER, &[printable.signer.serial()]),
    ]);
    assert_eq!(judge(&printable.der(), Expect::CadesDetached), Ok(()));

    // SignerIdentifier by key identifier.
    let key = Key::new(3);
    let draft = Draft::leaf("Anna", &key, "CA").with(oid::SUBJECT_KEY_ID, false, octets(&[1, 2, 3]));
    let mut by_key = Cms::with(draft.issue(&Key::new(2)), key);
    by_key.sid = vec![0x80, 3, 1, 2, 3];
    (by_key.version, by_key.signer_version) = (3, 3);
    assert_eq!(judge(&by_key.der(), Expect::CadesDetached), Ok(()));
    by_key.sid = vec![0x80, 3, 1, 2, 4];
    assert_eq!(judge(&by_key.der(), Expect::CadesDetached), Err(CmsReason::SignerCertificateMissing));
}

#[test]
fn what_rides_along_changes_nothing() {
    // The true certificate among a namesake, an unreadable one and an attribute certificate.
    let mut crowd = Cms::good();
    let namesake = Draft::leaf("Bert", &Key::new(3), "CA").issue(&Key::new(2)).der().to_vec();
    crowd.certificates.splice(0..0, [namesake, vec![0x30, 3, 2, 1, 1], vec![0xa2, 2, 5, 0]]);
    crowd.version = 4;
    let done = facts(&crowd.der(), Expect::CadesDetached).unwrap();
    assert!(done.failure.is_none());
    assert_eq!((done.signer.as_ref(), done.skipped_certificates, done.pool.len()), (Some(&crowd.signer), 2, 2));

    // Unsigned attributes: listed; an unreadable list is ignored and said.
    let mut unsigned = Cms::good();
    let token = Cms::token().der();
    unsigned.unsigned = Some(der::write(0xa1, &[&crate::cms::build::time_stamp_attribute(&token).repeat(20)]));
    let done = facts(&unsigned.der(), Expect::CadesDetached).unwrap();
    assert!(done.failure.is_none());
    assert_eq!((done.unsigned_attributes.len(), done.time_stamp_tokens.len()), (20, 8));
    assert_eq!(done.time_stamp_tokens[0], token);
    unsigned.unsigned = Some(vec![0xa1, 2, 0x30, 5]);
    let done = facts(&unsigned.der(), Expect::CadesDetached).unwrap();
    assert!(done.failure.is_none() && done.unsigned_attributes_malformed);
}

/// Every algorithm that is verified, in a CMS, by openssl as the signer; and the ways in which signers write the same one.
#[test]
fn every_algorithm_in_every_spelling() {
    let digests = |key: &Foreign, identifier: &dyn Fn(DigestAlgorithm) -> Vec<u8>, more: &[&str], list: &[DigestAlgorithm]| {
        for digest in list.iter().copied() {
            let mut cms = Foreign::cms(key.public.clone(), &identifier(digest));
            cms.digest_algorithm = algorithm(&digest.oid());
            cms.set(id::MESSAGE_DIGEST, vec![octets(&digest.digest(CONTENT))]);
            cms.signed_by(key, &[&["-digest", digest.name()][..], more].concat());
            let done = facts(&cms.der(), Expect::CadesDetached).unwrap();
            assert!(done.failure.is_none(), "{:?} {}: {:?}", key.public, digest.name(), done.failure);
            assert_eq!((done.digest_algorithm, done.content_digest_algorithm), (Some(digest), Some(digest)));
        }
    };
    let full = DigestAlgorithm::ALL;
    let named = |digest: &DigestAlgorithm| digest.name() != "sha512-256";
    // SHA-512/256 has no name of its own with ECDSA.
    let ecdsa: Vec<DigestAlgorithm> = full.iter().copied().filter(named).collect();
    let mut curves = vec!["P-256", "P-384", "P-521"];
    if cfg!(feature = "algorithms-full") {
        curves.extend(["brainpoolP256r1", "brainpoolP384r1"]);
    }
    for curve in curves {
        let key = Foreign::new(&["-algorithm", "EC", "-pkeyopt", &format!("ec_paramgen_curve:{curve}")]);
        digests(&key, &|d| SignatureAlgorithm::Ecdsa(d).to_der(), &[], &ecdsa);
    }
    let rsa = Foreign::rsa();
    digests(rsa, &|d| SignatureAlgorithm::RsaPkcs1(d).to_der(), &[], full);
    // RFC 3370 3.2: the key's own name, completed by digestAlgorithm, with NULL and without.
    let bare = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
    digests(rsa, &|_| algorithm(&bare), &[], full);
    digests(rsa, &|_| seq(&[&der::write_oid(&bare), &[5, 0]]), &[], &full[..4]);
    let pss = |digest: DigestAlgorithm| SignatureAlgorithm::RsaPss { digest, salt_len: digest.len() as u32 }.to_der();
    let padding = ["-pkeyopt", "rsa_padding_mode:pss", "-pkeyopt", "rsa_pss_saltlen:digest"];
    digests(rsa, &pss, &padding, full);
    // RFC 8419: SHA-512 with Ed25519.
    let edwards = Foreign::new(&["-algorithm", "ED25519"]);
    let mut cms = Foreign::cms(edwards.public.clone(), &SignatureAlgorithm::Ed25519.to_der());
    cms.digest_algorithm = algorithm(&DigestAlgorithm::Sha512.oid());
    cms.set(id::MESSAGE_DIGEST, vec![octets(&DigestAlgorithm::Sha512.digest(CONTENT))]);
    cms.signed_by(&edwards, &[]);
    assert_eq!(judge(&cms.der(), Expect::CadesDetached), Ok(()));
    // A NULL behind the name of ECDSA, as some signers write it.
    let mut with_null = Cms::good();
    let oid = der::whole(&ecdsa_identifier(), der::SEQUENCE, "ecdsa").unwrap().value.to_vec();
    with_null.signature_algorithm = seq(&[&oid, &[5, 0]]);
    assert_eq!(judge(&with_null.der(), Expect::CadesDetached), Ok(()));
}

fn ecdsa_identifier() -> Vec<u8> {
    ecdsa().to_der()
}

/// What this build leaves out is unsupported by name: no signature of it is in doubt for any other reason.
#[test]
#[cfg(not(feature = "algorithms-full"))]
fn what_is_left_out_is_named() {
    let mut cms = Cms::good();
    cms.digest_algorithm = algorithm(&ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.8"));
    let failure = facts(&cms.der(), Expect::CadesDetached).unwrap().failure.unwrap();
    assert_eq!((failure.reason, failure.detail.as_str()), (CmsReason::DigestUnsupported, "sha3-256, not in this build"));
    let mut cms = Cms::good();
    cms.signature_algorithm = algorithm(&ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.10"));
    let failure = facts(&cms.der(), Expect::CadesDetached).unwrap().failure.unwrap();
    assert_eq!((failure.reason, failure.detail.as_str()), (CmsReason::SignatureUnsupported, "ecdsa-sha3-256, not in this build"));
}

/// A binding of several certificates: the first is the signer's, and a policy may follow (RFC 5035 3).
#[test]
fn bindings_of_a_chain_and_with_policies() {
    let id = |hash: &[u8]| seq(&[&octets(hash)]);
    for v2 in [true, false] {
        let mut cms = Cms::good();
        let (own, attribute) = match v2 {
            true => (cms.signer.sha256().to_vec(), id::SIGNING_CERTIFICATE_V2),
            false => (DigestAlgorithm::Sha1.digest(cms.signer.der()), id::SIGNING_CERTIFICATE),
        };
        cms.remove(id::SIGNING_CERTIFICATE_V2);
        let policies = seq(&[&seq(&[&[6, 2, 0x2a, 3]])]);
        cms.set(attribute, vec![seq(&[&seq(&[&id(&own), &id(&[9; 32])]), &policies])]);
        assert_eq!(judge(&cms.der(), Expect::CadesDetached), Ok(()), "v2: {v2}");
    }
}

/// adbe.x509.rsa_sha1 with each digest that ISO 32000-2 table 260 allows, and certificates that ride along.
#[test]
fn values_without_cms() {
    let rsa = Foreign::rsa();
    let signer = Foreign::cms(rsa.public.clone(), &[]).signer;
    let chain = vec![signer.der().to_vec(), Cms::good().signer.der().to_vec(), vec![0x30, 0]];
    for (digest, name) in [
        (DigestAlgorithm::Sha1, "sha1"),
        (DigestAlgorithm::Sha256, "sha256"),
        (DigestAlgorithm::Sha384, "sha384"),
        (DigestAlgorithm::Sha512, "sha512"),
    ] {
        let contents = [octets(&rsa.sign(CONTENT, &["-digest", name])), vec![0; 10]].concat();
        let bare = crate::cms::BareSignature::parse(&contents).unwrap();
        assert_eq!(bare.consumed(), contents.len() - 10);
        let done = bare.check(&chain, &|d| Ok(d.digest(CONTENT))).unwrap();
        assert!(done.failure.is_none(), "{name}: {:?}", done.failure);
        assert_eq!(done.digest_algorithm, Some(digest));
        assert_eq!((done.signer.as_ref(), done.pool.len(), done.skipped_certificates), (Some(&signer), 2, 1));
        assert_eq!(done.signing_certificate, SigningCertificate::Missing);
    }
}
