//! The cms room, tests only: the rows of the one-check-removed matrix that are time-stamp tokens.

use super::cases::{Case, Input, case};
use super::*;
use crate::pki::testing::name;
use crate::switch::Check;
use CmsReason as R;
use Expect::TimeStamp as T;

/// Every row.
pub(super) fn all() -> Vec<Case> {
    let mut cases = tokens();
    cases.extend(tokens_as_signatures());
    cases
}

/// How many of them a switch turns.
pub(super) fn turned() -> usize {
    all().iter().filter(|case| !case.off.is_empty()).count()
}

/// A CMS of an authority for time stamps with that extKeyUsage, over the usual token.
fn token_of(purposes: Option<(bool, &[ObjectIdentifier])>) -> Vec<u8> {
    let key = Key::new(5);
    let mut draft = Draft::leaf("TSA", &key, "CA");
    if let Some((critical, list)) = purposes {
        let list: Vec<u8> = list.iter().flat_map(der::write_oid).collect();
        draft = draft.with(oid::EXTENDED_KEY_USAGE, critical, seq(&[&list]));
    }
    let content = Cms::token().content.unwrap();
    let mut cms = Cms::with(draft.issue(&Key::new(2)), key);
    (cms.content_type, cms.version) = (id::ID_TST_INFO, 3);
    cms.stamp(content);
    cms.der()
}

fn tokens() -> Vec<Case> {
    let good = tst_info(&DigestAlgorithm::Sha256.oid(), &DigestAlgorithm::Sha256.digest(CONTENT));
    let body = der::whole(&good, der::SEQUENCE, "TSTInfo").unwrap().value;
    let version = [&[2, 1, 2][..], &body[3..]].concat();
    let critical = der::write(0xa1, &[&seq(&[&[6, 1, 0x2a], &[1, 1, 0xff], &[4, 0]])]);
    let of = |what, purposes, reason| Case { what, input: Input::Cms(token_of(purposes), T), reason, off: &[Check::CmsTokenCertificate] };
    let unsuitable = R::TimeStampCertificateUnsuitable;
    vec![
        case("token over something else", T, R::ImprintMismatch, &[Check::CmsImprint], &|c| {
            c.stamp(tst_info(&DigestAlgorithm::Sha256.oid(), &[7; 32]));
        }),
        case("imprint by another digest than it says", T, R::ImprintMismatch, &[Check::CmsImprint], &|c| {
            c.stamp(tst_info(&DigestAlgorithm::Sha512.oid(), &DigestAlgorithm::Sha256.digest(CONTENT)));
        }),
        case("token of unknown digest", T, R::DigestUnsupported, &[], &|c| c.stamp(tst_info(&MD5, &[7; 16]))),
        case("token is no TSTInfo", T, R::TimeStampMalformed, &[Check::CmsTokenForm], &|c| c.stamp(vec![0x30, 0])),
        case("token of version 2", T, R::TimeStampMalformed, &[Check::CmsTokenForm], &|c| c.stamp(seq(&[&version]))),
        case("token with a critical extension", T, R::TimeStampMalformed, &[Check::CmsTokenForm], &|c| c.stamp(seq(&[body, &critical]))),
        case("token with something behind", T, R::TimeStampMalformed, &[Check::CmsTokenForm], &|c| c.stamp(seq(&[body, &[4, 0]]))),
        case("token whose digest is another's", T, R::MessageDigestMismatch, &[Check::CmsMessageDigest], &|c| {
            c.set(id::MESSAGE_DIGEST, vec![octets(&[0; 32])]);
        }),
        case("token without certificate binding", T, R::SigningCertificateMissing, &[Check::CmsBindingPresent], &|c| {
            c.remove(id::SIGNING_CERTIFICATE_V2);
        }),
        case("token bound to another certificate", T, R::SigningCertificateMismatch, &[Check::CmsBindingHash], &|c| {
            c.set(id::SIGNING_CERTIFICATE_V2, vec![ess(&[], &[0; 32], c.signer.issuer_der(), c.signer.serial())]);
        }),
        of("token of a signer", None, unsuitable),
        of("token of a certificate for anything", Some((true, &[oid::ANY_EXTENDED_KEY_USAGE])), unsuitable),
        of("token purpose not critical", Some((false, &[oid::KP_TIME_STAMPING])), unsuitable),
        of("token purpose not alone", Some((true, &[oid::KP_TIME_STAMPING, oid::KP_OCSP_SIGNING])), unsuitable),
        of("token of an OCSP responder", Some((true, &[oid::KP_OCSP_SIGNING])), unsuitable),
    ]
}

/// What is checked of every signature is checked of a token's, too.
fn tokens_as_signatures() -> Vec<Case> {
    let mut cases = vec![
        case("token signed by another key", T, R::SignatureWrong, &[Check::CmsSignature], &|c| {
            c.signature = Some(Key::new(9).sign(&c.attribute_set()));
        }),
        case("token without contentType", T, R::AttributeMissing, &[Check::CmsContentTypePresent], &|c| c.remove(id::CONTENT_TYPE)),
        case("token without messageDigest", T, R::AttributeMissing, &[Check::CmsMessageDigestPresent], &|c| c.remove(id::MESSAGE_DIGEST)),
        case("token with messageDigest twice", T, R::AttributeDuplicated, &[Check::CmsAttributeOnce], &|c| {
            c.attributes.as_mut().unwrap().push((id::MESSAGE_DIGEST, vec![octets(&[0xff; 32])]));
        }),
        case("token with two messageDigests in one", T, R::AttributeMultiValued, &[Check::CmsAttributeSingle], &|c| {
            let good = octets(&DigestAlgorithm::Sha256.digest(c.content.as_ref().unwrap()));
            c.set(id::MESSAGE_DIGEST, vec![good, octets(&[0xff; 32])]);
        }),
        case("token whose messageDigest is a text", T, R::SignedAttributesMalformed, &[Check::CmsMessageDigestForm], &|c| {
            c.set(id::MESSAGE_DIGEST, vec![der::write(0x0c, &[&DigestAlgorithm::Sha256.digest(c.content.as_ref().unwrap())])]);
        }),
        case("token that protects another digest", T, R::AlgorithmProtectionMismatch, &[Check::CmsAlgorithmProtection], &|c| {
            let mut signature = ecdsa().to_der();
            signature[0] = 0xa1;
            c.set(id::ALGORITHM_PROTECTION, vec![seq(&[&algorithm(&DigestAlgorithm::Sha512.oid()), &signature])]);
        }),
        case("token that announces another digest", T, R::DigestAlgorithmMismatch, &[Check::CmsDigestAnnounced], &|c| {
            c.digest_list = Some(algorithm(&DigestAlgorithm::Sha512.oid()));
        }),
        case("token whose signer is of another version", T, R::VersionUnexpected, &[Check::CmsVersions], &|c| c.signer_version = 3),
        case("token bound to another issuer's certificate", T, R::SigningCertificateMismatch, &[Check::CmsBindingName], &|c| {
            c.set(id::SIGNING_CERTIFICATE_V2, vec![ess(&[], &c.signer.sha256(), &name("Other"), c.signer.serial())]);
        }),
        case("token bound to another serial number", T, R::SigningCertificateMismatch, &[Check::CmsBindingName], &|c| {
            c.set(id::SIGNING_CERTIFICATE_V2, vec![ess(&[], &c.signer.sha256(), c.signer.issuer_der(), &[99])]);
        }),
    ];
    for place in ["ContentInfo", "content", "SignedData", "encapsulated content", "signer identifier", "SignerInfo"] {
        cases.push(case(place, T, R::Malformed, &[Check::CmsNothingExtra], &|c| c.extra = place));
    }
    cases
}

/// What the fuzz target `tst` begins with: `THRIVOSIGN_SEEDS=DIR cargo test -p thrivosign --all-features token_seeds -- --ignored`.
#[test]
#[ignore = "writes seeds into a folder"]
#[expect(clippy::disallowed_methods, reason = "a test reads its folder from the environment")]
fn token_seeds() {
    let folder = std::path::PathBuf::from(std::env::var_os("THRIVOSIGN_SEEDS").unwrap());
    let write = |title: &str, bytes: &[u8]| put(&folder, title, bytes);
    let usual = Cms::token().content.unwrap();
    let body = der::whole(&usual, der::SEQUENCE, "TSTInfo").unwrap().value;
    let nonce = der::write(der::INTEGER, &[&[0x47; 16]]);
    let info = seq(&[body, &[0x30, 3, 2, 1, 1], &[1, 1, 0xff], &nonce]);
    let mut answered = Cms::token();
    answered.stamp(info.clone());
    write("good-info", &info);
    write("good-0", &seq(&[&seq(&[&[2, 1, 0]]), &answered.der()]));
    write("good-1", &answered.der());
    write("good-2", &Cms::token().der());
    write("refused", &seq(&[&seq(&[&[2, 1, 2], &[3, 2, 0, 0x80]])]));
    for (n, case) in tokens().iter().enumerate() {
        if let Input::Cms(bytes, _) = &case.input {
            write(&format!("case-{n:03}"), bytes);
        }
    }
}
