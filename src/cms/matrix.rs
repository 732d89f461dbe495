//! The cms room, tests only: one good signature, then one with exactly one thing wrong for every reason.

use crate::cms::attributes as id;
use crate::cms::check::{CmsFacts, Expect, SigningCertificate};
use crate::cms::parse::SignedData;
use crate::cms::reason::{CmsFamily, CmsReason};
use crate::crypto::digest::DigestAlgorithm;
use crate::pki::algorithm::SignatureAlgorithm;
use crate::pki::certificate::Certificate;
use crate::pki::der;
use crate::pki::oid;
use crate::pki::testing::{Draft, Key, ecdsa};
use const_oid::ObjectIdentifier;
use std::collections::HashSet;

const CONTENT: &[u8] = b"the signed ranges of a document";
const MD5: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.2.5");

fn seq(parts: &[&[u8]]) -> Vec<u8> {
    der::write(der::SEQUENCE, parts)
}

fn algorithm(oid: &ObjectIdentifier) -> Vec<u8> {
    seq(&[&der::write_oid(oid)])
}

fn octets(value: &[u8]) -> Vec<u8> {
    der::write(der::OCTET_STRING, &[value])
}

/// signing-certificate(-v2) with an optional hash algorithm.
fn ess(hash_algorithm: &[u8], hash: &[u8], issuer: &[u8], serial: &[u8]) -> Vec<u8> {
    let names = seq(&[&der::write(0xa4, &[issuer])]);
    let issuer_serial = seq(&[&names, &der::write(der::INTEGER, &[serial])]);
    seq(&[&seq(&[&seq(&[hash_algorithm, &octets(hash), &issuer_serial])])])
}

/// A CMS to be; every field may be changed before [`Cms::der`].
struct Cms {
    key: Key,
    signer: Certificate,
    content_type: ObjectIdentifier,
    content: Option<Vec<u8>>,
    attributes: Option<Vec<(ObjectIdentifier, Vec<Vec<u8>>)>>,
    sorted: bool,
    digest_algorithm: Vec<u8>,
    signature_algorithm: Vec<u8>,
    sid: Vec<u8>,
    signature: Option<Vec<u8>>,
    certificates: Vec<Vec<u8>>,
    unsigned: Option<Vec<u8>>,
    copies: usize,
    version: u8,
    signer_version: u8,
    digest_list: Option<Vec<u8>>,
}

impl Cms {
    fn with(signer: Certificate, key: Key) -> Cms {
        let attributes = vec![
            (id::CONTENT_TYPE, vec![der::write_oid(&id::ID_DATA)]),
            (id::MESSAGE_DIGEST, vec![octets(&DigestAlgorithm::Sha256.digest(CONTENT))]),
            (id::SIGNING_CERTIFICATE_V2, vec![ess(&[], &signer.sha256(), signer.issuer_der(), signer.serial())]),
        ];
        Cms {
            sid: seq(&[signer.issuer_der(), &der::write(der::INTEGER, &[signer.serial()])]),
            certificates: vec![signer.der().to_vec()],
            content_type: id::ID_DATA,
            content: None,
            attributes: Some(attributes),
            sorted: true,
            digest_algorithm: algorithm(&DigestAlgorithm::Sha256.oid()),
            signature_algorithm: ecdsa().to_der(),
            signature: None,
            unsigned: None,
            copies: 1,
            version: 1,
            signer_version: 1,
            digest_list: None,
            key,
            signer,
        }
    }

    fn good() -> Cms {
        let key = Key::new(3);
        Cms::with(Draft::leaf("Anna", &key, "CA").issue(&Key::new(2)), key)
    }

    /// A good time-stamp token over [`CONTENT`].
    fn token() -> Cms {
        let key = Key::new(5);
        let purposes = seq(&[&der::write_oid(&oid::KP_TIME_STAMPING)]);
        let mut cms = Cms::with(Draft::leaf("TSA", &key, "CA").with(oid::EXTENDED_KEY_USAGE, true, purposes).issue(&Key::new(2)), key);
        cms.content_type = id::ID_TST_INFO;
        cms.version = 3;
        cms.stamp(tst_info(&DigestAlgorithm::Sha256.oid(), &DigestAlgorithm::Sha256.digest(CONTENT)));
        cms
    }

    fn stamp(&mut self, content: Vec<u8>) {
        self.set(id::CONTENT_TYPE, vec![der::write_oid(&id::ID_TST_INFO)]);
        self.set(id::MESSAGE_DIGEST, vec![octets(&DigestAlgorithm::Sha256.digest(&content))]);
        self.content = Some(content);
    }

    fn set(&mut self, oid: ObjectIdentifier, values: Vec<Vec<u8>>) {
        let list = self.attributes.as_mut().unwrap();
        list.retain(|(o, _)| *o != oid);
        list.push((oid, values));
    }

    fn remove(&mut self, oid: ObjectIdentifier) {
        self.attributes.as_mut().unwrap().retain(|(o, _)| *o != oid);
    }

    fn attribute_set(&self) -> Vec<u8> {
        let list = self.attributes.as_ref().unwrap();
        let mut encoded: Vec<Vec<u8>> = list
            .iter()
            .map(|(o, v)| seq(&[&der::write_oid(o), &der::write(der::SET, &v.iter().map(Vec::as_slice).collect::<Vec<_>>())]))
            .collect();
        encoded.sort();
        if !self.sorted {
            encoded.reverse();
        }
        der::write(der::SET, &encoded.iter().map(Vec::as_slice).collect::<Vec<_>>())
    }

    fn der(&self) -> Vec<u8> {
        let (message, signed) = match &self.attributes {
            Some(_) => {
                let message = self.attribute_set();
                let mut implicit = message.clone();
                implicit[0] = 0xa0;
                (message, implicit)
            }
            None => (self.content.clone().unwrap_or_else(|| CONTENT.to_vec()), Vec::new()),
        };
        let signature = self.signature.clone().unwrap_or_else(|| self.key.sign(&message));
        let unsigned = self.unsigned.clone().unwrap_or_default();
        let info = seq(&[
            &[2, 1, self.signer_version],
            &self.sid,
            &self.digest_algorithm,
            &signed,
            &self.signature_algorithm,
            &octets(&signature),
            &unsigned,
        ]);
        let content = self.content.as_ref().map(|c| der::write(0xa0, &[&octets(c)])).unwrap_or_default();
        let certificates = der::write(0xa0, &self.certificates.iter().map(Vec::as_slice).collect::<Vec<_>>());
        let data = seq(&[
            &[2, 1, self.version],
            &der::write(der::SET, &[self.digest_list.as_ref().unwrap_or(&self.digest_algorithm)]),
            &seq(&[&der::write_oid(&self.content_type), &content]),
            &certificates,
            &der::write(der::SET, &[&info.repeat(self.copies)]),
        ]);
        seq(&[&der::write_oid(&id::ID_SIGNED_DATA), &der::write(0xa0, &[&data])])
    }
}

fn tst_info(digest: &ObjectIdentifier, imprint: &[u8]) -> Vec<u8> {
    let imprint = seq(&[&algorithm(digest), &octets(imprint)]);
    seq(&[&[2, 1, 1], &[6, 2, 0x2a, 3], &imprint, &[2, 1, 9], &der::write(der::GENERALIZED_TIME, &[b"20260601120000.25Z"])])
}

fn facts(bytes: &[u8], expect: Expect) -> Result<CmsFacts, CmsReason> {
    let data = SignedData::parse(bytes).map_err(|f| f.reason)?;
    Ok(data.check(expect, &|d| Ok(d.digest(CONTENT))).unwrap())
}

fn judge(bytes: &[u8], expect: Expect) -> Result<(), CmsReason> {
    match facts(bytes, expect)?.failure {
        None => Ok(()),
        Some(failure) => Err(failure.reason),
    }
}

#[test]
fn the_good_ones() {
    for expect in [Expect::CadesDetached, Expect::Pkcs7Detached] {
        let facts = facts(&Cms::good().der(), expect).unwrap();
        assert!(facts.failure.is_none() && !facts.weak && facts.signed_attributes_are_der && !facts.has_signing_time);
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
    assert!(facts(&sha1.der(), Expect::Pkcs7Sha1).unwrap().weak);
    assert_eq!(judge(&sha1.der(), Expect::Pkcs7Sha1), Ok(()));
    sha1.attributes = None;
    assert_eq!(judge(&sha1.der(), Expect::Pkcs7Sha1), Ok(()));
}

/// Each case: what was changed, for which kind, and the one reason it must get. Every reason occurs.
#[test]
fn one_thing_wrong_each() {
    let cases = cases();
    let mut seen = HashSet::new();
    for (what, bytes, expect, reason) in &cases {
        assert_eq!(judge(bytes, *expect), Err(*reason), "{what}");
        seen.insert(reason.code());
    }
    // Too large is tested apart: a file of that size does not belong into a matrix.
    let missing: Vec<&CmsReason> = CmsReason::ALL.iter().filter(|r| **r != CmsReason::TooLarge && !seen.contains(r.code())).collect();
    assert!(missing.is_empty(), "no case for {missing:?}");
}

type Case = (&'static str, Vec<u8>, Expect, CmsReason);

fn cases() -> Vec<Case> {
    use CmsReason as R;
    use Expect::{CadesDetached as C, Pkcs7Detached as P, Pkcs7Sha1 as S, TimeStamp as T};
    let mut cases: Vec<Case> = Vec::new();
    let mut case = |what, expect, reason, change: &dyn Fn(&mut Cms)| {
        let mut cms = if expect == T { Cms::token() } else { Cms::good() };
        change(&mut cms);
        cases.push((what, cms.der(), expect, reason));
    };
    let v1 = |c: &Cms, hash: &[u8]| ess(&[], hash, c.signer.issuer_der(), c.signer.serial());

    case("no signer", C, R::NoSignerInfo, &|c| c.copies = 0);
    case("two signers", C, R::MultipleSignerInfos, &|c| c.copies = 2);
    case("two signers, old kind", P, R::MultipleSignerInfos, &|c| c.copies = 2);
    case("a crowd of signers", C, R::MultipleSignerInfos, &|c| c.copies = 40);
    case("content attached", C, R::ContentAttached, &|c| c.content = Some(CONTENT.to_vec()));
    case("content attached, old kind", P, R::ContentAttached, &|c| c.content = Some(CONTENT.to_vec()));
    case("content missing", S, R::ContentMissing, &|_| ());
    case("token without content", T, R::ContentMissing, &|c| c.content = None);
    case("content is no data", C, R::ContentTypeUnexpected, &|c| c.content_type = id::ID_TST_INFO);
    case("token over plain data", T, R::ContentTypeUnexpected, &|c| c.content_type = id::ID_DATA);
    case("no attributes", C, R::SignedAttributesMissing, &|c| c.attributes = None);
    case("token without attributes", T, R::SignedAttributesMissing, &|c| c.attributes = None);
    case("empty attributes", P, R::AttributeMissing, &|c| c.attributes = Some(Vec::new()));
    case("attributes out of order", C, R::SignedAttributesNotDer, &|c| c.sorted = false);
    case("boolean of BER in an attribute", C, R::SignedAttributesNotDer, &|c| {
        c.set(ObjectIdentifier::new_unwrap("1.2.3.4"), vec![vec![1, 1, 1]]);
    });
    case("no contentType", C, R::AttributeMissing, &|c| c.remove(id::CONTENT_TYPE));
    case("no messageDigest", C, R::AttributeMissing, &|c| c.remove(id::MESSAGE_DIGEST));
    case("no messageDigest, old kind", P, R::AttributeMissing, &|c| c.remove(id::MESSAGE_DIGEST));
    case("contentType twice", C, R::AttributeDuplicated, &|c| {
        c.attributes.as_mut().unwrap().push((id::CONTENT_TYPE, vec![der::write_oid(&id::ID_DATA)]));
    });
    case("messageDigest twice", P, R::AttributeDuplicated, &|c| {
        c.attributes.as_mut().unwrap().push((id::MESSAGE_DIGEST, vec![octets(&[0; 32])]));
    });
    case("signing certificate twice", C, R::AttributeDuplicated, &|c| {
        let value = ess(&[], &[0; 32], c.signer.issuer_der(), c.signer.serial());
        c.attributes.as_mut().unwrap().push((id::SIGNING_CERTIFICATE_V2, vec![value]));
    });
    case("messageDigest with two values", C, R::AttributeMultiValued, &|c| {
        let good = octets(&DigestAlgorithm::Sha256.digest(CONTENT));
        c.set(id::MESSAGE_DIGEST, vec![octets(&[0; 32]), good]);
        let values = &mut c.attributes.as_mut().unwrap().last_mut().unwrap().1;
        values.sort();
    });
    case("messageDigest without value", C, R::AttributeMultiValued, &|c| c.set(id::MESSAGE_DIGEST, Vec::new()));
    case("contentType of something else", C, R::ContentTypeMismatch, &|c| {
        c.set(id::CONTENT_TYPE, vec![der::write_oid(&id::ID_TST_INFO)]);
    });
    case("contentType is no identifier", C, R::SignedAttributesMalformed, &|c| c.set(id::CONTENT_TYPE, vec![vec![5, 0]]));
    case("messageDigest is no octet string", C, R::SignedAttributesMalformed, &|c| {
        c.set(id::MESSAGE_DIGEST, vec![der::write(0x0c, &[&[0x61; 32]])]);
    });
    case("other content", C, R::MessageDigestMismatch, &|c| {
        c.set(id::MESSAGE_DIGEST, vec![octets(&DigestAlgorithm::Sha256.digest(b"other"))]);
    });
    case("digest of another length", C, R::MessageDigestMismatch, &|c| {
        c.set(id::MESSAGE_DIGEST, vec![octets(&DigestAlgorithm::Sha256.digest(CONTENT)[..16])]);
    });
    case("attached digest of other content", S, R::MessageDigestMismatch, &|c| c.content = Some(vec![7; 20]));
    case("token over something else", T, R::ImprintMismatch, &|c| {
        c.stamp(tst_info(&DigestAlgorithm::Sha256.oid(), &[7; 32]));
    });
    case("token of unknown digest", T, R::DigestUnsupported, &|c| c.stamp(tst_info(&MD5, &[7; 16])));
    case("token is no TSTInfo", T, R::TimeStampMalformed, &|c| c.stamp(vec![0x30, 0]));
    case("token of a signer", T, R::TimeStampCertificateUnsuitable, &|c| {
        let key = Key::new(3);
        let content = c.content.clone().unwrap();
        *c = Cms::with(Draft::leaf("Anna", &key, "CA").issue(&Key::new(2)), key);
        (c.content_type, c.version) = (id::ID_TST_INFO, 3);
        c.stamp(content);
    });
    case("token without certificate binding", T, R::SigningCertificateMissing, &|c| c.remove(id::SIGNING_CERTIFICATE_V2));
    case("signature over something else", C, R::SignatureWrong, &|c| c.signature = Some(c.key.sign(b"other")));
    case("signature of another key", C, R::SignatureWrong, &|c| c.key = Key::new(9));
    case("signature over the content, not the attributes", C, R::SignatureWrong, &|c| c.signature = Some(c.key.sign(CONTENT)));
    case("signature under the implicit tag", C, R::SignatureWrong, &|c| {
        let mut message = c.attribute_set();
        message[0] = 0xa0;
        c.signature = Some(c.key.sign(&message));
    });
    case("no signature value", C, R::SignatureMalformed, &|c| c.signature = Some(Vec::new()));
    case("signature with a byte behind", C, R::SignatureMalformed, &|c| {
        let mut value = c.key.sign(&c.attribute_set());
        value.push(0);
        c.signature = Some(value);
    });
    case("digest MD5", C, R::WeakForbidden, &|c| c.digest_algorithm = algorithm(&MD5));
    case("signature with MD5", C, R::WeakForbidden, &|c| {
        c.signature_algorithm = algorithm(&ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.4"));
    });
    case("digest unknown", C, R::DigestUnsupported, &|c| c.digest_algorithm = algorithm(&ObjectIdentifier::new_unwrap("1.2.3")));
    case("signature unknown", C, R::SignatureUnsupported, &|c| c.signature_algorithm = algorithm(&ObjectIdentifier::new_unwrap("1.2.3")));
    case("algorithm of another key", C, R::SignatureUnsupported, &|c| {
        c.signature_algorithm = SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha256).to_der();
    });
    case("digests disagree", C, R::DigestAlgorithmMismatch, &|c| {
        c.signature_algorithm = SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha384).to_der();
    });
    case("PSS without parameters", C, R::PssParametersOdd, &|c| {
        c.signature_algorithm = algorithm(&ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10"));
    });
    case("protection of another digest", C, R::AlgorithmProtectionMismatch, &|c| {
        let mut signature = ecdsa().to_der();
        signature[0] = 0xa1;
        c.set(id::ALGORITHM_PROTECTION, vec![seq(&[&algorithm(&DigestAlgorithm::Sha512.oid()), &signature])]);
    });
    case("protection of another signature", C, R::AlgorithmProtectionMismatch, &|c| {
        let mut signature = SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha512).to_der();
        signature[0] = 0xa1;
        c.set(id::ALGORITHM_PROTECTION, vec![seq(&[&c.digest_algorithm, &signature])]);
    });
    case("protection unreadable", C, R::AlgorithmProtectionMismatch, &|c| c.set(id::ALGORITHM_PROTECTION, vec![vec![0x30, 0]]));
    case("version of other content", C, R::VersionUnexpected, &|c| c.version = 3);
    case("version of another signer identifier", C, R::VersionUnexpected, &|c| c.signer_version = 3);
    case("token of version 1", T, R::VersionUnexpected, &|c| c.version = 1);
    case("another digest announced", C, R::DigestAlgorithmMismatch, &|c| {
        c.digest_list = Some(algorithm(&DigestAlgorithm::Sha512.oid()));
    });
    case("unknown digest announced", C, R::DigestAlgorithmMismatch, &|c| c.digest_list = Some(algorithm(&MD5)));
    case("issuer in other letters", C, R::SignerCertificateMissing, &|c| {
        c.sid = seq(&[&crate::pki::testing::name("ca"), &der::write(der::INTEGER, &[c.signer.serial()])]);
    });
    case("no certificate", C, R::SignerCertificateMissing, &|c| c.certificates.clear());
    case("certificate unreadable", C, R::SignerCertificateMissing, &|c| c.certificates = vec![vec![0x30, 0]]);
    case("other serial number", C, R::SignerCertificateMissing, &|c| {
        c.sid = seq(&[c.signer.issuer_der(), &der::write(der::INTEGER, &[&[9]])]);
    });
    case("two certificates, nothing binds", P, R::SignerCertificateMissing, &|c| {
        c.remove(id::SIGNING_CERTIFICATE_V2);
        c.certificates.push(Draft::leaf("Bert", &Key::new(3), "CA").issue(&Key::new(2)).der().to_vec());
    });
    case("nothing binds the certificate", C, R::SigningCertificateMissing, &|c| c.remove(id::SIGNING_CERTIFICATE_V2));
    case("another certificate of the same key", C, R::SigningCertificateMismatch, &|c| {
        c.certificates = vec![Draft::leaf("Bert", &Key::new(3), "CA").issue(&Key::new(2)).der().to_vec()];
    });
    case("the same swap, old kind", P, R::SigningCertificateMismatch, &|c| {
        c.certificates = vec![Draft::leaf("Bert", &Key::new(3), "CA").issue(&Key::new(2)).der().to_vec()];
    });
    case("wrong hash", C, R::SigningCertificateMismatch, &|c| {
        c.set(id::SIGNING_CERTIFICATE_V2, vec![ess(&[], &[0; 32], c.signer.issuer_der(), c.signer.serial())]);
    });
    case("wrong serial number in the binding", C, R::SigningCertificateMismatch, &|c| {
        c.set(id::SIGNING_CERTIFICATE_V2, vec![ess(&[], &c.signer.sha256(), c.signer.issuer_der(), &[9])]);
    });
    case("wrong issuer in the binding", C, R::SigningCertificateMismatch, &|c| {
        let other = crate::pki::testing::name("Other");
        c.set(id::SIGNING_CERTIFICATE_V2, vec![ess(&[], &c.signer.sha256(), &other, c.signer.serial())]);
    });
    case("unknown hash in the binding", C, R::SigningCertificateMismatch, &|c| {
        c.set(id::SIGNING_CERTIFICATE_V2, vec![ess(&algorithm(&MD5), &[0; 16], c.signer.issuer_der(), c.signer.serial())]);
    });
    case("binding without certificate", C, R::SigningCertificateMismatch, &|c| {
        c.set(id::SIGNING_CERTIFICATE_V2, vec![seq(&[&seq(&[])])]);
    });
    case("old binding, wrong hash", C, R::SigningCertificateMismatch, &|c| {
        c.remove(id::SIGNING_CERTIFICATE_V2);
        c.set(id::SIGNING_CERTIFICATE, vec![v1(c, &[0; 20])]);
    });
    case("both bindings, the old one wrong", C, R::SigningCertificateMismatch, &|c| {
        c.set(id::SIGNING_CERTIFICATE, vec![v1(c, &[0; 20])]);
    });
    case("explicit curve", C, R::ExplicitCurve, &|c| {
        let mut draft = Draft::leaf("Anna", &c.key, "CA");
        let spki = explicit_curve(draft.key.spki_der());
        draft.key = crate::pki::algorithm::read_key(&spki).unwrap();
        let key = std::mem::replace(&mut c.key, Key::new(3));
        *c = Cms::with(draft.issue(&Key::new(2)), key);
    });

    let good = Cms::good().der();
    cases.push(("not signed data", seq(&[&der::write_oid(&id::ID_DATA), &der::write(0xa0, &[&[4, 0]])]), C, R::NotSignedData));
    cases.push(("cut short", good[..good.len() - 1].to_vec(), C, R::Malformed));
    cases.push(("empty", Vec::new(), C, R::Malformed));
    let mut version = good.clone();
    let at = version.windows(5).position(|w| w[..3] == [2, 1, 1] && w[3] == 0x31).unwrap();
    version[at + 2] = 9;
    cases.push(("version", version, C, R::Malformed));
    cases
}

/// The same key with its curve spelt out: SEQUENCE instead of an object identifier.
fn explicit_curve(spki: &[u8]) -> Vec<u8> {
    let mut reader = der::whole(spki, der::SEQUENCE, "key").unwrap().inside();
    let mut algorithm = reader.any().unwrap().inside();
    let oid = algorithm.any().unwrap().raw;
    seq(&[&seq(&[oid, &seq(&[&[2, 1, 1]])]), reader.any().unwrap().raw])
}

#[test]
fn families() {
    for reason in CmsReason::ALL {
        assert!(reason.code().starts_with("cms_") && reason.code().bytes().all(|b| b.is_ascii_lowercase() || b == b'_'));
        assert!(!reason.text().is_empty() && !reason.family().sub_indication().is_empty());
    }
    assert_eq!(CmsReason::MessageDigestMismatch.family(), CmsFamily::Hash);
    assert_eq!(CmsReason::SigningCertificateMismatch.family().sub_indication(), "NO_SIGNING_CERTIFICATE_FOUND");
    assert_eq!(serde_json::to_string(&CmsReason::SignatureWrong).unwrap(), "\"cms_signature_wrong\"");
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

/// The whole structure in BER: indefinite lengths everywhere but in what was signed, as older signers wrote it.
#[test]
fn ber_is_read_and_the_signed_bytes_stay() {
    fn indefinite(tlv: &[u8], depth: usize) -> Vec<u8> {
        let tlv = der::Reader::new(tlv).any().unwrap();
        if tlv.tag & 0x20 == 0 || depth > 4 {
            return tlv.raw.to_vec();
        }
        let mut out = vec![tlv.tag, 0x80];
        let mut inside = tlv.inside();
        while !inside.is_empty() {
            let member = inside.any().unwrap();
            // Certificates and everything inside a SignerInfo stay as they are.
            let stays = depth == 3 && tlv.tag == 0xa0;
            out.extend(if stays { member.raw.to_vec() } else { indefinite(member.raw, depth + 1) });
        }
        out.extend([0, 0]);
        out
    }
    let ber = indefinite(&Cms::good().der(), 0);
    let padded = [&ber[..], &[0; 50]].concat();
    let data = SignedData::parse(&padded).unwrap();
    assert!(data.was_ber());
    assert_eq!(data.consumed(), ber.len());
    assert_eq!(data.signed_attributes_message().unwrap(), Cms::good().attribute_set());
    assert_eq!(judge(&padded, Expect::CadesDetached), Ok(()));

    // Attributes whose own length is not minimal: what was signed can no longer be told.
    let good = Cms::good().der();
    let set = Cms::good().attribute_set();
    let at = good.windows(set.len() - 1).position(|w| w == &set[1..]).unwrap();
    let body = &good[at - 1..at - 1 + set.len()];
    let long = [&[0xa0, 0x83, 0x00, 0x00][..], &body[2..]].concat();
    assert_eq!(body[1], 0x81, "the set is of the size this test takes for granted");
    let altered = [&good[..at - 1], &long, &good[at - 1 + set.len()..]].concat();
    let ber = indefinite_outer(&altered, long.len() - body.len());
    assert_eq!(judge(&ber, Expect::Pkcs7Detached), Err(CmsReason::SignedAttributesNotDer));
}

/// Corrects the lengths of the enclosing values after `more` bytes were put into the last SignerInfo, by making them indefinite.
fn indefinite_outer(bytes: &[u8], more: usize) -> Vec<u8> {
    fn walk(bytes: &[u8], depth: usize, more: usize) -> Vec<u8> {
        let header = if bytes[1] < 0x80 { 2 } else { 2 + usize::from(bytes[1] & 0x7f) };
        let mut out = vec![bytes[0], 0x80];
        let mut rest = &bytes[header..];
        if depth == 4 {
            out.extend(rest);
        } else {
            loop {
                let tlv = der::Reader::new(rest).any().ok().filter(|t| t.raw.len() + more < rest.len());
                let Some(tlv) = tlv else { break };
                out.extend(tlv.raw);
                rest = &rest[tlv.raw.len()..];
            }
            out.extend(walk(rest, depth + 1, more));
        }
        out.extend([0, 0]);
        out
    }
    walk(bytes, 0, more)
}

#[test]
fn every_flip_and_cut_is_noticed_or_harmless() {
    let good = Cms::good().der();
    for cut in 0..good.len() {
        assert!(SignedData::parse(&good[..cut]).is_err(), "{cut}");
    }
    let mut harmless = Vec::new();
    for at in 0..good.len() {
        for bit in 0..8 {
            let mut bad = good.clone();
            bad[at] ^= 1 << bit;
            if judge(&bad, Expect::CadesDetached).is_ok() {
                harmless.push((at, bit));
            }
        }
    }
    assert!(harmless.is_empty(), "bits that may be changed: {harmless:?}");
}

#[test]
fn size_and_number_are_limited() {
    assert_eq!(SignedData::parse(&vec![0x30; crate::cms::parse::MAX_CMS_BYTES + 1]).err().map(|f| f.reason), Some(CmsReason::TooLarge));
    let mut many = Cms::good();
    let foreign = Draft::leaf("Bert", &Key::new(9), "CA").serial(2).issue(&Key::new(2)).der().to_vec();
    many.certificates.extend(vec![foreign; 10_050]);
    let done = facts(&many.der(), Expect::CadesDetached).unwrap();
    assert!(done.failure.is_none());
    assert_eq!((done.pool.len(), done.skipped_certificates), (10_000, 51));
    // An error of the reader is an error, not a verdict.
    let data = SignedData::parse(&Cms::good().der()).unwrap();
    assert!(data.check(Expect::CadesDetached, &|_| Err(crate::error::ErrorKind::SourceUnreadable.into())).is_err());
}
