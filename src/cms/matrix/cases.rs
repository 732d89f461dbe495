//! The cms room, tests only: the one-check-removed matrix. For every check at least one signature that fails that check alone: refused for
//! that reason, and accepted once the check is off (`crate::switch`). A check that turns nothing is not tested, and the matrix fails.

use super::*;
use crate::cms::BareSignature;
use crate::cms::reason::CmsFamily;
use crate::pki::algorithm::{SignatureAlgorithm, read_key};
use crate::pki::testing::name;
use crate::switch::{Check, without};
use std::collections::HashSet;

pub(super) enum Input {
    Cms(Vec<u8>, Expect),
    /// /Contents and /Cert.
    Bare(Vec<u8>, Vec<Vec<u8>>),
}

pub(super) struct Case {
    pub(super) what: &'static str,
    pub(super) input: Input,
    pub(super) reason: CmsReason,
    /// With these off together the signature passes, and with one of them alone it does not. Empty where there is nothing to go on with.
    pub(super) off: &'static [Check],
}

impl Case {
    fn judge(&self) -> Result<(), CmsReason> {
        match &self.input {
            Input::Cms(bytes, expect) => judge(bytes, *expect),
            Input::Bare(contents, certificates) => bare(contents, certificates),
        }
    }
}

pub(super) fn bare(contents: &[u8], certificates: &[Vec<u8>]) -> Result<(), CmsReason> {
    let bare = BareSignature::parse(contents).map_err(|f| f.reason)?;
    let facts = bare.check(certificates, &|d| Ok(d.digest(CONTENT))).unwrap();
    facts.failure.map_or(Ok(()), |failure| Err(failure.reason))
}

#[test]
fn one_check_removed() {
    let cases = cases();
    let mut seen = HashSet::new();
    let mut turned: HashSet<Check> = HashSet::new();
    for case in &cases {
        assert_eq!(case.judge(), Err(case.reason), "{}", case.what);
        seen.insert(case.reason.code());
        for check in case.off {
            let still = case.off.len() > 1 && without(&[*check], || case.judge()).is_ok();
            assert!(!still, "{}: {check:?} alone decides", case.what);
            turned.insert(*check);
        }
        if !case.off.is_empty() {
            assert_eq!(without(case.off, || case.judge()), Ok(()), "{}: with {:?} off", case.what, case.off);
        }
    }
    let silent: Vec<&Check> = Check::ALL.iter().filter(|c| format!("{c:?}").starts_with("Cms") && !turned.contains(c)).collect();
    assert!(silent.is_empty(), "checks that nothing here would miss: {silent:?}");
    // Too large is tested apart: a file of that size does not belong into a matrix. What the content is, the verify room sees.
    let apart = [CmsReason::TooLarge, CmsReason::ContentIsAttributes];
    let missing: Vec<&CmsReason> = CmsReason::ALL.iter().filter(|r| !apart.contains(r) && !seen.contains(r.code())).collect();
    assert!(missing.is_empty(), "no case for {missing:?}");
    let switched = cases.iter().filter(|c| !c.off.is_empty()).count();
    println!("{} rows, {switched} of them turned by their switch, {} switches", cases.len(), turned.len());
    assert!(switched >= 80 && cases.len() >= 110, "{switched} of {}", cases.len());
}

fn cases() -> Vec<Case> {
    let mut cases = structure();
    cases.extend(attributes());
    cases.extend(digests());
    cases.extend(certificates());
    cases.extend(algorithms());
    cases.extend(super::tokens::all());
    cases.extend(bare_values());
    cases
}

use CmsReason as R;
use Expect::{CadesDetached as C, Pkcs7Detached as P, Pkcs7Sha1 as S, TimeStamp as T};

pub(super) fn case(what: &'static str, expect: Expect, reason: CmsReason, off: &'static [Check], change: &dyn Fn(&mut Cms)) -> Case {
    let mut cms = if expect == T { Cms::token() } else { Cms::good() };
    change(&mut cms);
    Case { what, input: Input::Cms(cms.der(), expect), reason, off }
}

fn structure() -> Vec<Case> {
    let good = Cms::good().der();
    let raw = |what, bytes: Vec<u8>, reason, off| Case { what, input: Input::Cms(bytes, C), reason, off };
    let mut version = good.clone();
    let at = version.windows(5).position(|w| w[..3] == [2, 1, 1] && w[3] == 0x31).unwrap();
    version[at + 2] = 9;
    let mut other = good.clone();
    let at = other.windows(11).position(|w| w == der::write_oid(&id::ID_SIGNED_DATA)).unwrap();
    other[at + 10] = 3;
    let mut cases = vec![
        raw("no signed data", seq(&[&der::write_oid(&id::ID_DATA), &der::write(0xa0, &[&[4, 0]])]), R::NotSignedData, &[]),
        raw("signed data under another name", other, R::NotSignedData, &[Check::CmsSignedData]),
        raw("cut short", good[..good.len() - 1].to_vec(), R::Malformed, &[]),
        raw("empty", Vec::new(), R::Malformed, &[]),
        raw("a version that is not known", version, R::Malformed, &[]),
        case("no signer", C, R::NoSignerInfo, &[], &|c| c.copies = 0),
        case("two signers", C, R::MultipleSignerInfos, &[Check::CmsOneSigner], &|c| c.copies = 2),
        case("two signers, old kind", P, R::MultipleSignerInfos, &[Check::CmsOneSigner], &|c| c.copies = 2),
        case("two signers of a time stamp", T, R::MultipleSignerInfos, &[Check::CmsOneSigner], &|c| c.copies = 2),
        case("a crowd of signers", C, R::MultipleSignerInfos, &[], &|c| c.copies = 40),
        case("version of other content", C, R::VersionUnexpected, &[Check::CmsVersions], &|c| c.version = 3),
        case("version of another signer identifier", C, R::VersionUnexpected, &[Check::CmsVersions], &|c| c.signer_version = 3),
        case("version 0", P, R::VersionUnexpected, &[Check::CmsVersions], &|c| c.version = 0),
        case("token of version 1", T, R::VersionUnexpected, &[Check::CmsVersions], &|c| c.version = 1),
        case("content attached", C, R::ContentAttached, &[Check::CmsContentPresence], &|c| c.content = Some(CONTENT.to_vec())),
        case("content attached, old kind", P, R::ContentAttached, &[Check::CmsContentPresence], &|c| c.content = Some(CONTENT.to_vec())),
        case("empty content attached", C, R::ContentAttached, &[Check::CmsContentPresence], &|c| c.content = Some(Vec::new())),
        case("content missing", S, R::ContentMissing, &[Check::CmsContentPresence], &|_| ()),
        case("token without content", T, R::ContentMissing, &[Check::CmsContentPresence], &|c| {
            c.content = None;
            c.set(id::MESSAGE_DIGEST, vec![octets(&DigestAlgorithm::Sha256.digest(CONTENT))]);
        }),
        case("content is no data", C, R::ContentTypeUnexpected, &[Check::CmsContentType], &|c| {
            (c.content_type, c.version) = (id::ID_TST_INFO, 3);
            c.set(id::CONTENT_TYPE, vec![der::write_oid(&id::ID_TST_INFO)]);
        }),
        case("content is no data, old kind", P, R::ContentTypeUnexpected, &[Check::CmsContentType], &|c| {
            (c.content_type, c.version) = (id::ID_SIGNED_DATA, 3);
            c.set(id::CONTENT_TYPE, vec![der::write_oid(&id::ID_SIGNED_DATA)]);
        }),
        case("token over plain data", T, R::ContentTypeUnexpected, &[Check::CmsContentType], &|c| {
            (c.content_type, c.version) = (id::ID_DATA, 1);
            c.set(id::CONTENT_TYPE, vec![der::write_oid(&id::ID_DATA)]);
        }),
    ];
    for place in ["ContentInfo", "content", "SignedData", "encapsulated content", "signer identifier", "SignerInfo"] {
        cases.push(case(place, C, R::Malformed, &[Check::CmsNothingExtra], &|c| c.extra = place));
    }
    cases.push(case("octets", T, R::Malformed, &[Check::CmsNothingExtra], &|c| c.extra = "octets"));
    cases.push(case("attribute", C, R::SignedAttributesMalformed, &[Check::CmsNothingExtra], &|c| c.extra = "attribute"));
    cases
}

fn attributes() -> Vec<Case> {
    let twice = |what, oid: ObjectIdentifier, value: Vec<u8>| {
        case(what, C, R::AttributeDuplicated, &[Check::CmsAttributeOnce], &|c| {
            let list = c.attributes.as_mut().unwrap();
            // The true one sorts first and is what a careless reader takes.
            list.push((oid, vec![value.clone()]));
        })
    };
    let time = |year: &str| der::write(der::UTC_TIME, &[format!("{year}0601120000Z").as_bytes()]);
    let protection = || {
        let mut signature = ecdsa().to_der();
        signature[0] = 0xa1;
        seq(&[&algorithm(&DigestAlgorithm::Sha256.oid()), &signature])
    };
    vec![
        case("no attributes", C, R::SignedAttributesMissing, &[Check::CmsAttributesPresent, Check::CmsBindingPresent], &|c| {
            c.attributes = None;
        }),
        case("token without attributes", T, R::SignedAttributesMissing, &[Check::CmsAttributesPresent, Check::CmsBindingPresent], &|c| {
            c.attributes = None;
        }),
        case("empty attributes", P, R::AttributeMissing, &[Check::CmsContentTypePresent, Check::CmsMessageDigestPresent], &|c| {
            c.attributes = Some(Vec::new());
        }),
        case("attributes out of order", C, R::SignedAttributesNotDer, &[Check::CmsAttributesDer], &|c| c.sorted = false),
        case("boolean of BER in an attribute", C, R::SignedAttributesNotDer, &[Check::CmsAttributesDer], &|c| {
            c.set(ObjectIdentifier::new_unwrap("1.2.3.4"), vec![vec![1, 1, 1]]);
        }),
        case("constructed string in an attribute", C, R::SignedAttributesNotDer, &[Check::CmsAttributesDer], &|c| {
            c.set(ObjectIdentifier::new_unwrap("1.2.3.4"), vec![vec![0x24, 3, 4, 1, 7]]);
        }),
        case("values of an attribute out of order", C, R::SignedAttributesNotDer, &[Check::CmsAttributesDer], &|c| {
            c.set(ObjectIdentifier::new_unwrap("1.2.3.4"), vec![vec![2, 1, 2], vec![2, 1, 1]]);
        }),
        Case {
            what: "attributes under a longer length than they need",
            input: Input::Cms(super::ber::longer_attributes(), P),
            reason: R::SignedAttributesNotDer,
            off: &[Check::CmsAttributesAsReceived],
        },
        case("no contentType", C, R::AttributeMissing, &[Check::CmsContentTypePresent], &|c| c.remove(id::CONTENT_TYPE)),
        case("no contentType, old kind", P, R::AttributeMissing, &[Check::CmsContentTypePresent], &|c| c.remove(id::CONTENT_TYPE)),
        case("no messageDigest", C, R::AttributeMissing, &[Check::CmsMessageDigestPresent], &|c| c.remove(id::MESSAGE_DIGEST)),
        case("no messageDigest, old kind", P, R::AttributeMissing, &[Check::CmsMessageDigestPresent], &|c| c.remove(id::MESSAGE_DIGEST)),
        twice("contentType twice", id::CONTENT_TYPE, der::write_oid(&id::ID_TST_INFO)),
        twice("messageDigest twice", id::MESSAGE_DIGEST, octets(&[0xff; 32])),
        twice("signing certificate twice", id::SIGNING_CERTIFICATE_V2, ess(&[], &[0xff; 32], &name("CA"), &[1])),
        case("signing time twice", C, R::AttributeDuplicated, &[Check::CmsAttributeOnce], &|c| {
            let both = [(id::SIGNING_TIME, vec![time("25")]), (id::SIGNING_TIME, vec![time("26")])];
            c.attributes.as_mut().unwrap().extend(both);
        }),
        case("protection twice", P, R::AttributeDuplicated, &[Check::CmsAttributeOnce], &|c| {
            let both = [(id::ALGORITHM_PROTECTION, vec![protection()]), (id::ALGORITHM_PROTECTION, vec![protection()])];
            c.attributes.as_mut().unwrap().extend(both);
        }),
        case("messageDigest with two values", C, R::AttributeMultiValued, &[Check::CmsAttributeSingle], &|c| {
            let good = octets(&DigestAlgorithm::Sha256.digest(CONTENT));
            c.set(id::MESSAGE_DIGEST, vec![good, octets(&[0xff; 32])]);
        }),
        case("contentType with two values", C, R::AttributeMultiValued, &[Check::CmsAttributeSingle], &|c| {
            c.set(id::CONTENT_TYPE, vec![der::write_oid(&id::ID_DATA), der::write_oid(&id::ID_TST_INFO)]);
        }),
        case("signing time with two values", C, R::AttributeMultiValued, &[Check::CmsAttributeSingle], &|c| {
            c.set(id::SIGNING_TIME, vec![time("25"), time("26")]);
        }),
        case("signing certificate with two values", C, R::AttributeMultiValued, &[Check::CmsAttributeSingle], &|c| {
            let good = ess(&[], &c.signer.sha256(), c.signer.issuer_der(), c.signer.serial());
            c.set(id::SIGNING_CERTIFICATE_V2, vec![good, ess(&[], &[0xff; 32], c.signer.issuer_der(), c.signer.serial())]);
        }),
        case(
            "messageDigest without value",
            C,
            R::AttributeMultiValued,
            &[Check::CmsAttributeSingle, Check::CmsMessageDigestPresent],
            &|c| c.set(id::MESSAGE_DIGEST, Vec::new()),
        ),
        case("contentType of something else", C, R::ContentTypeMismatch, &[Check::CmsContentTypeAgrees], &|c| {
            c.set(id::CONTENT_TYPE, vec![der::write_oid(&id::ID_TST_INFO)]);
        }),
        case("token whose contentType is data", T, R::ContentTypeMismatch, &[Check::CmsContentTypeAgrees], &|c| {
            c.set(id::CONTENT_TYPE, vec![der::write_oid(&id::ID_DATA)]);
        }),
        case("contentType is no identifier", C, R::SignedAttributesMalformed, &[Check::CmsContentTypeAgrees], &|c| {
            c.set(id::CONTENT_TYPE, vec![vec![5, 0]]);
        }),
        case("messageDigest is no octet string", C, R::SignedAttributesMalformed, &[Check::CmsMessageDigestForm], &|c| {
            c.set(id::MESSAGE_DIGEST, vec![der::write(0x0c, &[&DigestAlgorithm::Sha256.digest(CONTENT)])]);
        }),
        case("more attributes than anybody writes", C, R::SignedAttributesMalformed, &[], &|c| {
            for n in 0..130 {
                c.attributes.as_mut().unwrap().push((ObjectIdentifier::new_unwrap("1.2.3.4"), vec![vec![2, 1, n % 100]]));
            }
        }),
        case("protection of another digest", C, R::AlgorithmProtectionMismatch, &[Check::CmsAlgorithmProtection], &|c| {
            let mut signature = ecdsa().to_der();
            signature[0] = 0xa1;
            c.set(id::ALGORITHM_PROTECTION, vec![seq(&[&algorithm(&DigestAlgorithm::Sha512.oid()), &signature])]);
        }),
        case("protection of another signature", C, R::AlgorithmProtectionMismatch, &[Check::CmsAlgorithmProtection], &|c| {
            let mut signature = SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha512).to_der();
            signature[0] = 0xa1;
            c.set(id::ALGORITHM_PROTECTION, vec![seq(&[&c.digest_algorithm, &signature])]);
        }),
        case("protection of a MAC", P, R::AlgorithmProtectionMismatch, &[Check::CmsAlgorithmProtection], &|c| {
            let mut mac = ecdsa().to_der();
            mac[0] = 0xa2;
            c.set(id::ALGORITHM_PROTECTION, vec![seq(&[&c.digest_algorithm, &mac])]);
        }),
        case("protection with something behind", C, R::AlgorithmProtectionMismatch, &[Check::CmsAlgorithmProtection], &|c| {
            let mut signature = ecdsa().to_der();
            signature[0] = 0xa1;
            c.set(id::ALGORITHM_PROTECTION, vec![seq(&[&c.digest_algorithm, &signature, &[5, 0]])]);
        }),
        case("protection unreadable", C, R::AlgorithmProtectionMismatch, &[Check::CmsAlgorithmProtection], &|c| {
            c.set(id::ALGORITHM_PROTECTION, vec![vec![0x30, 0]]);
        }),
    ]
}

fn digests() -> Vec<Case> {
    vec![
        case("other content", C, R::MessageDigestMismatch, &[Check::CmsMessageDigest], &|c| {
            c.set(id::MESSAGE_DIGEST, vec![octets(&DigestAlgorithm::Sha256.digest(b"other"))]);
        }),
        case("other content, old kind", P, R::MessageDigestMismatch, &[Check::CmsMessageDigest], &|c| {
            c.set(id::MESSAGE_DIGEST, vec![octets(&DigestAlgorithm::Sha256.digest(b"other"))]);
        }),
        case("digest cut to its beginning", C, R::MessageDigestMismatch, &[Check::CmsMessageDigest], &|c| {
            c.set(id::MESSAGE_DIGEST, vec![octets(&DigestAlgorithm::Sha256.digest(CONTENT)[..16])]);
        }),
        case("empty digest", C, R::MessageDigestMismatch, &[Check::CmsMessageDigest], &|c| c.set(id::MESSAGE_DIGEST, vec![octets(&[])])),
        case("digest by another algorithm", C, R::MessageDigestMismatch, &[Check::CmsMessageDigest], &|c| {
            c.set(id::MESSAGE_DIGEST, vec![octets(&DigestAlgorithm::Sha512.digest(CONTENT))]);
        }),
        case("the signed digest is not that of the attached one", S, R::MessageDigestMismatch, &[Check::CmsMessageDigest], &|c| {
            c.content = Some(DigestAlgorithm::Sha1.digest(CONTENT));
        }),
        case("attached digest of other content", S, R::MessageDigestMismatch, &[Check::CmsAttachedDigest], &|c| {
            c.set(id::MESSAGE_DIGEST, vec![octets(&DigestAlgorithm::Sha256.digest(&[7; 20]))]);
            c.content = Some(vec![7; 20]);
        }),
        case("attached digest of other content, no attributes", S, R::MessageDigestMismatch, &[Check::CmsAttachedDigest], &|c| {
            c.attributes = None;
            c.content = Some(vec![7; 20]);
        }),
        case("attached digest is no SHA-1", S, R::MessageDigestMismatch, &[Check::CmsAttachedDigest], &|c| {
            let ranges = DigestAlgorithm::Sha256.digest(CONTENT);
            c.set(id::MESSAGE_DIGEST, vec![octets(&DigestAlgorithm::Sha256.digest(&ranges))]);
            c.content = Some(ranges);
        }),
        case("another digest announced", C, R::DigestAlgorithmMismatch, &[Check::CmsDigestAnnounced], &|c| {
            c.digest_list = Some(algorithm(&DigestAlgorithm::Sha512.oid()));
        }),
        case("unknown digest announced", C, R::DigestAlgorithmMismatch, &[Check::CmsDigestAnnounced], &|c| {
            c.digest_list = Some(algorithm(&MD5));
        }),
        case("digest MD5", C, R::WeakForbidden, &[], &|c| c.digest_algorithm = algorithm(&MD5)),
        case("digest unknown", C, R::DigestUnsupported, &[], &|c| c.digest_algorithm = algorithm(&ObjectIdentifier::new_unwrap("1.2.3"))),
        case("parameters of the digest", C, R::Malformed, &[], &|c| {
            c.digest_algorithm = seq(&[&der::write_oid(&DigestAlgorithm::Sha256.oid()), &[2, 1, 1]]);
        }),
    ]
}

fn certificates() -> Vec<Case> {
    let v1 = |c: &Cms, hash: &[u8]| ess(&[], hash, c.signer.issuer_der(), c.signer.serial());
    let swapped = || Draft::leaf("Bert", &Key::new(3), "CA").issue(&Key::new(2)).der().to_vec();
    let key_id = |found: u8| {
        let key = Key::new(3);
        let draft = Draft::leaf("Anna", &key, "CA").with(oid::SUBJECT_KEY_ID, false, octets(&[1, 2, 3]));
        let mut cms = Cms::with(draft.issue(&Key::new(2)), key);
        cms.sid = vec![0x80, 3, 1, 2, found];
        (cms.version, cms.signer_version) = (3, 3);
        cms
    };
    vec![
        case("no certificate", C, R::SignerCertificateMissing, &[], &|c| c.certificates.clear()),
        case("certificate unreadable", C, R::SignerCertificateMissing, &[], &|c| c.certificates = vec![vec![0x30, 0]]),
        case("issuer in other letters", C, R::SignerCertificateMissing, &[Check::CmsSignerNamed], &|c| {
            c.sid = seq(&[&name("ca"), &der::write(der::INTEGER, &[c.signer.serial()])]);
        }),
        case("another issuer", P, R::SignerCertificateMissing, &[Check::CmsSignerNamed], &|c| {
            c.sid = seq(&[&name("Other"), &der::write(der::INTEGER, &[c.signer.serial()])]);
        }),
        case("another serial number", C, R::SignerCertificateMissing, &[Check::CmsSignerNamed], &|c| {
            c.sid = seq(&[c.signer.issuer_der(), &der::write(der::INTEGER, &[&[9]])]);
        }),
        case("key identifier of another key", C, R::SignerCertificateMissing, &[Check::CmsSignerNamed], &|c| *c = key_id(4)),
        case("key identifier that the certificate does not have", C, R::SignerCertificateMissing, &[Check::CmsSignerNamed], &|c| {
            c.sid = vec![0x80, 3, 1, 2, 3];
            (c.version, c.signer_version) = (3, 3);
        }),
        case("two certificates, nothing binds", P, R::SignerCertificateMissing, &[Check::CmsOneCertificate], &|c| {
            c.remove(id::SIGNING_CERTIFICATE_V2);
            c.certificates.push(swapped());
        }),
        case("two certificates, no attributes", P, R::SignerCertificateMissing, &[Check::CmsOneCertificate], &|c| {
            c.attributes = None;
            c.certificates.push(swapped());
        }),
        case("nothing binds the certificate", C, R::SigningCertificateMissing, &[Check::CmsBindingPresent], &|c| {
            c.remove(id::SIGNING_CERTIFICATE_V2);
        }),
        case("another certificate of the same key", C, R::SigningCertificateMismatch, &[Check::CmsBindingHash], &|c| {
            c.certificates = vec![swapped()];
        }),
        case("the same swap, old kind", P, R::SigningCertificateMismatch, &[Check::CmsBindingHash], &|c| c.certificates = vec![swapped()]),
        case("the same swap, signer by key identifier", C, R::SigningCertificateMismatch, &[Check::CmsBindingHash], &|c| {
            *c = key_id(3);
            let other = Draft::leaf("Bert", &Key::new(3), "CA").with(oid::SUBJECT_KEY_ID, false, octets(&[1, 2, 3]));
            c.certificates = vec![other.issue(&Key::new(2)).der().to_vec()];
        }),
        case("wrong hash", C, R::SigningCertificateMismatch, &[Check::CmsBindingHash], &|c| {
            c.set(id::SIGNING_CERTIFICATE_V2, vec![ess(&[], &[0; 32], c.signer.issuer_der(), c.signer.serial())]);
        }),
        case("wrong hash by SHA-512", C, R::SigningCertificateMismatch, &[Check::CmsBindingHash], &|c| {
            let sha512 = algorithm(&DigestAlgorithm::Sha512.oid());
            c.set(id::SIGNING_CERTIFICATE_V2, vec![ess(&sha512, &[0; 64], c.signer.issuer_der(), c.signer.serial())]);
        }),
        case("hash by another algorithm than it says", C, R::SigningCertificateMismatch, &[Check::CmsBindingHash], &|c| {
            let sha1 = DigestAlgorithm::Sha1.digest(c.signer.der());
            c.set(id::SIGNING_CERTIFICATE_V2, vec![ess(&[], &sha1, c.signer.issuer_der(), c.signer.serial())]);
        }),
        case("unknown hash in the binding", C, R::SigningCertificateMismatch, &[Check::CmsBindingHash], &|c| {
            c.set(id::SIGNING_CERTIFICATE_V2, vec![ess(&algorithm(&MD5), &[0; 16], c.signer.issuer_der(), c.signer.serial())]);
        }),
        case("wrong serial number in the binding", C, R::SigningCertificateMismatch, &[Check::CmsBindingName], &|c| {
            c.set(id::SIGNING_CERTIFICATE_V2, vec![ess(&[], &c.signer.sha256(), c.signer.issuer_der(), &[9])]);
        }),
        case("wrong issuer in the binding", C, R::SigningCertificateMismatch, &[Check::CmsBindingName], &|c| {
            c.set(id::SIGNING_CERTIFICATE_V2, vec![ess(&[], &c.signer.sha256(), &name("Other"), c.signer.serial())]);
        }),
        case("wrong serial number in the old binding", P, R::SigningCertificateMismatch, &[Check::CmsBindingName], &|c| {
            c.remove(id::SIGNING_CERTIFICATE_V2);
            let sha1 = DigestAlgorithm::Sha1.digest(c.signer.der());
            c.set(id::SIGNING_CERTIFICATE, vec![ess(&[], &sha1, c.signer.issuer_der(), &[9])]);
        }),
        case("binding without certificate", C, R::SigningCertificateMismatch, &[], &|c| {
            c.set(id::SIGNING_CERTIFICATE_V2, vec![seq(&[&seq(&[])])]);
        }),
        case("old binding, wrong hash", C, R::SigningCertificateMismatch, &[Check::CmsBindingHash], &|c| {
            c.remove(id::SIGNING_CERTIFICATE_V2);
            c.set(id::SIGNING_CERTIFICATE, vec![v1(c, &[0; 20])]);
        }),
        case("both bindings, the old one wrong", C, R::SigningCertificateMismatch, &[Check::CmsBindingHash], &|c| {
            c.set(id::SIGNING_CERTIFICATE, vec![v1(c, &[0; 20])]);
        }),
        case("both bindings, the new one wrong", C, R::SigningCertificateMismatch, &[Check::CmsBindingHash], &|c| {
            let sha1 = DigestAlgorithm::Sha1.digest(c.signer.der());
            c.set(id::SIGNING_CERTIFICATE, vec![v1(c, &sha1)]);
            c.set(id::SIGNING_CERTIFICATE_V2, vec![v1(c, &[0; 32])]);
        }),
        case("the first of several bindings is another's", C, R::SigningCertificateMismatch, &[Check::CmsBindingHash], &|c| {
            let id = |hash: &[u8]| seq(&[&octets(hash)]);
            c.set(id::SIGNING_CERTIFICATE_V2, vec![seq(&[&seq(&[&id(&[0; 32]), &id(&c.signer.sha256())])])]);
        }),
    ]
}

fn algorithms() -> Vec<Case> {
    let rsa = Foreign::rsa();
    let sha = |d: DigestAlgorithm| algorithm(&d.oid());
    let pss = |mask: DigestAlgorithm, trailer: &[u8]| {
        let mgf1 = seq(&[&der::write_oid(&ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.8")), &sha(mask)]);
        let parts = [der::write(0xa0, &[&sha(DigestAlgorithm::Sha256)]), der::write(0xa1, &[&mgf1]), vec![0xa2, 3, 2, 1, 32]];
        let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).chain([trailer]).collect();
        seq(&[&der::write_oid(&ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10")), &seq(&parts)])
    };
    let by_rsa = |what, identifier: Vec<u8>, arguments: &[&str], reason, off| {
        let mut cms = Foreign::cms(rsa.public.clone(), &identifier);
        cms.signed_by(rsa, arguments);
        Case { what, input: Input::Cms(cms.der(), C), reason, off }
    };
    let pss512 = SignatureAlgorithm::RsaPss { digest: DigestAlgorithm::Sha512, salt_len: 32 };
    let args512 = ["-digest", "sha512", "-pkeyopt", "rsa_padding_mode:pss", "-pkeyopt", "rsa_pss_saltlen:32"];
    // The same RSA key under the name of RSASSA-PSS, bare and with parameters.
    let restricted = |identifier: &[u8]| {
        let mut reader = der::whole(rsa.public.spki_der(), der::SEQUENCE, "key").unwrap().inside();
        reader.any().unwrap();
        read_key(&seq(&[identifier, reader.any().unwrap().raw])).unwrap()
    };
    let only_pss = restricted(&algorithm(&ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10")));
    let only_512 = restricted(&pss512.to_der());
    let of_key = |what, key: &PublicKey, identifier: &SignatureAlgorithm, arguments: &[&str]| {
        let mut cms = Foreign::cms(key.clone(), &identifier.to_der());
        cms.signed_by(rsa, arguments);
        Case { what, input: Input::Cms(cms.der(), C), reason: R::SignatureUnsupported, off: &[Check::CmsKeyUse] }
    };
    let pkcs1 = SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha256);
    let pss256 = SignatureAlgorithm::RsaPss { digest: DigestAlgorithm::Sha256, salt_len: 32 };
    // y = 1 is the neutral point: with it R = y and s = 0 are a signature over anything.
    let mut neutral = vec![1];
    neutral.resize(32, 0);
    let small =
        read_key(&seq(&[&algorithm(&ObjectIdentifier::new_unwrap("1.3.101.112")), &der::write(der::BIT_STRING, &[&[0], &neutral])]));
    let mut of_small_order = Foreign::cms(small.unwrap(), &SignatureAlgorithm::Ed25519.to_der());
    of_small_order.signature = Some([&neutral[..], &[0; 32]].concat());

    vec![
        case("signature over something else", C, R::SignatureWrong, &[Check::CmsSignature], &|c| c.signature = Some(c.key.sign(b"other"))),
        case("signature of another key", C, R::SignatureWrong, &[Check::CmsSignature], &|c| c.key = Key::new(9)),
        case("signature over the content, not the attributes", C, R::SignatureWrong, &[Check::CmsSignature], &|c| {
            c.signature = Some(c.key.sign(CONTENT));
        }),
        case("signature under the implicit tag", C, R::SignatureWrong, &[Check::CmsSignature], &|c| {
            let mut message = c.attribute_set();
            message[0] = 0xa0;
            c.signature = Some(c.key.sign(&message));
        }),
        case("signature over the attributes in another order", P, R::SignatureWrong, &[Check::CmsSignature], &|c| {
            let sorted = c.attribute_set();
            c.sorted = false;
            c.signature = Some(c.key.sign(&sorted));
        }),
        case("signature of a token over something else", T, R::SignatureWrong, &[Check::CmsSignature], &|c| {
            c.signature = Some(c.key.sign(b"other"));
        }),
        case("without attributes, over something else", P, R::SignatureWrong, &[Check::CmsSignature], &|c| {
            c.attributes = None;
            c.signature = Some(c.key.sign(b"other"));
        }),
        case("no signature value", C, R::SignatureMalformed, &[Check::CmsSignature], &|c| c.signature = Some(Vec::new())),
        case("signature with a byte behind", C, R::SignatureMalformed, &[Check::CmsSignature], &|c| {
            let mut value = c.key.sign(&c.attribute_set());
            value.push(0);
            c.signature = Some(value);
        }),
        case("r and s of zero", C, R::SignatureMalformed, &[Check::CmsSignature], &|c| c.signature = Some(vec![0x30, 6, 2, 1, 0, 2, 1, 0])),
        case("signature with MD5", C, R::WeakForbidden, &[], &|c| {
            c.signature_algorithm = algorithm(&ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.4"));
        }),
        case("signature unknown", C, R::SignatureUnsupported, &[], &|c| {
            c.signature_algorithm = algorithm(&ObjectIdentifier::new_unwrap("1.2.3"));
        }),
        case("algorithm of another key", C, R::SignatureUnsupported, &[], &|c| {
            c.signature_algorithm = SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha256).to_der();
        }),
        case("digests disagree", C, R::DigestAlgorithmMismatch, &[Check::CmsDigestAgrees], &|c| {
            c.signature_algorithm = SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha384).to_der();
            c.signature = Some(c.key.sign_by(DigestAlgorithm::Sha384, &c.attribute_set()));
        }),
        by_rsa(
            "digests disagree, RSA",
            SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha512).to_der(),
            &["-digest", "sha512"],
            R::DigestAlgorithmMismatch,
            &[Check::CmsDigestAgrees],
        ),
        by_rsa("digests disagree, PSS", pss512.to_der(), &args512, R::DigestAlgorithmMismatch, &[Check::CmsDigestAgrees]),
        case("PSS without parameters", C, R::PssParametersOdd, &[], &|c| {
            c.signature_algorithm = algorithm(&ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10"));
        }),
        by_rsa("PSS, a mask by another digest", pss(DigestAlgorithm::Sha1, &[]), &PSS, R::PssParametersOdd, &[Check::CmsPssParameters]),
        by_rsa(
            "PSS, another trailer",
            pss(DigestAlgorithm::Sha256, &[0xa3, 3, 2, 1, 2]),
            &PSS,
            R::PssParametersOdd,
            &[Check::CmsPssParameters],
        ),
        by_rsa(
            "PSS, another salt than it says",
            SignatureAlgorithm::RsaPss { digest: DigestAlgorithm::Sha256, salt_len: 20 }.to_der(),
            &PSS,
            R::SignatureWrong,
            &[Check::CmsSignature],
        ),
        by_rsa("PSS called PKCS#1", pkcs1.to_der(), &PSS, R::SignatureWrong, &[Check::CmsSignature]),
        of_key("a PSS key makes PKCS#1", &only_pss, &pkcs1, &["-digest", "sha256"]),
        of_key("a PSS key with SHA-512 makes SHA-256", &only_512, &pss256, &PSS),
        Case {
            what: "Ed25519 key of small order",
            input: Input::Cms(of_small_order.der(), C),
            reason: R::SignatureMalformed,
            off: &[Check::CmsSmallOrder],
        },
        case("explicit curve", C, R::ExplicitCurve, &[], &|c| {
            let mut draft = Draft::leaf("Anna", &c.key, "CA");
            draft.key = read_key(&explicit_curve(draft.key.spki_der())).unwrap();
            let key = std::mem::replace(&mut c.key, Key::new(3));
            *c = Cms::with(draft.issue(&Key::new(2)), key);
        }),
    ]
}

/// `adbe.x509.rsa_sha1`: a value and certificates beside it.
fn bare_values() -> Vec<Case> {
    let rsa = Foreign::rsa();
    let signer = Foreign::cms(rsa.public.clone(), &[]).signer.der().to_vec();
    let other = Foreign::cms(Foreign::new(&["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]).public, &[]).signer.der().to_vec();
    let elliptic = Cms::good().signer.der().to_vec();
    let value = rsa.sign(CONTENT, &["-digest", "sha1"]);
    let row = |what, contents: Vec<u8>, certificates: Vec<Vec<u8>>, reason, off| Case {
        what,
        input: Input::Bare(contents, certificates),
        reason,
        off,
    };
    let mut flipped = value.clone();
    flipped[100] ^= 1;
    let md5 = octets(&rsa.sign(CONTENT, &["-digest", "md5"]));
    vec![
        row("bare value wrong", octets(&flipped), vec![signer.clone()], R::SignatureWrong, &[Check::CmsSignature]),
        row(
            "bare value over something else",
            octets(&rsa.sign(b"other", &["-digest", "sha1"])),
            vec![signer.clone()],
            R::SignatureWrong,
            &[Check::CmsSignature],
        ),
        row("bare value with MD5", md5, vec![signer.clone()], R::SignatureWrong, &[Check::CmsSignature]),
        row(
            "bare value, signer not first",
            octets(&value),
            vec![other.clone(), signer.clone()],
            R::SignatureWrong,
            &[Check::CmsFirstCertificate],
        ),
        row(
            "bare value, first certificate unreadable",
            octets(&value),
            vec![vec![0x30, 0], signer.clone()],
            R::SignerCertificateMissing,
            &[Check::CmsFirstCertificate],
        ),
        row("bare value without certificate", octets(&value), Vec::new(), R::SignerCertificateMissing, &[]),
        row("bare value too short", octets(&value[1..]), vec![signer.clone()], R::SignatureMalformed, &[]),
        row("bare value, no octet string", der::write(der::BIT_STRING, &[&value]), vec![signer.clone()], R::Malformed, &[]),
        // The value is another in each run, and one in some thousand begins like an octet string.
        row("bare value, not wrapped", [&[0x55], &value[1..]].concat(), vec![signer], R::Malformed, &[]),
        row("bare value of an elliptic key", octets(&[7; 64]), vec![elliptic], R::SignatureUnsupported, &[]),
    ]
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

/// Every input of the matrix, for the fuzzer to begin with: `THRIVOSIGN_SEEDS=DIR cargo test -p thrivosign --all-features seeds -- --ignored`.
#[test]
#[ignore = "writes seeds into a folder"]
#[expect(clippy::disallowed_methods, reason = "a test reads its folder from the environment")]
fn seeds() {
    let folder = std::path::PathBuf::from(std::env::var_os("THRIVOSIGN_SEEDS").unwrap());
    for (n, case) in cases().iter().enumerate() {
        let bytes = match &case.input {
            Input::Cms(bytes, _) => bytes.clone(),
            Input::Bare(contents, certificates) => [contents.clone(), certificates.join(&0xfe)].concat(),
        };
        put(&folder, &format!("case-{n:03}"), &bytes);
    }
    for (n, cms) in [Cms::good(), Cms::token()].iter().enumerate() {
        put(&folder, &format!("good-{n}"), &cms.der());
    }
}
