//! The pki room, tests only: what lists and responses of every kind say about a certificate, and that hostile ones end.

use super::read_tests::streamed;
use super::testing::*;
use super::{CertificateStatus, Crl, OcspResponse, Proof, ProofKind, RevocationData, RevocationReason, findings};
use crate::crypto::digest::DigestAlgorithm;
use crate::pki::certificate::Certificate;
use crate::pki::der;
use crate::pki::oid;
use crate::pki::path::{PathFailure, PathInputs, validate};
use crate::pki::signatures::Signatures;
use crate::pki::testing::{Draft, Key, at, name};
use crate::pki::{RevocationMode, Role, TrustAnchors};

fn key(n: u8) -> Key {
    Key::new(n)
}

fn root() -> Certificate {
    Draft::ca("Root", &key(1), "Root", None).issue(&key(1))
}

fn ca() -> Certificate {
    Draft::ca("CA", &key(2), "Root", None).serial(7).issue(&key(1))
}

fn anna() -> Draft {
    Draft::leaf("Anna", &key(3), "CA")
}

fn list() -> ListDraft {
    ListDraft::new("CA")
}

fn crls(lists: &[(&ListDraft, u8)]) -> RevocationData {
    RevocationData { crls: lists.iter().map(|(list, signer)| list.issue(&key(*signer))).collect(), ocsp: Vec::new() }
}

fn points(parts: &[Vec<u8>]) -> Certificate {
    anna().with(oid::CRL_DISTRIBUTION_POINTS, false, members(&[members(parts)])).issue(&key(2))
}

/// What is said, whole and streamed alike.
fn about(certificate: &Certificate, pool: &[Certificate], data: &RevocationData) -> &'static str {
    let above = [ca(), root()];
    let whole = said(certificate, &above, pool, data);
    let wanted = [&[certificate.clone(), ca()], pool].concat();
    let again = |list: &Crl| streamed(list.der(), 1000, &wanted).unwrap();
    let parts = RevocationData { crls: data.crls.iter().map(again).collect(), ocsp: data.ocsp.clone() };
    assert_eq!(said(certificate, &above, pool, &parts), whole);
    whole
}

#[test]
fn lists_of_every_kind() {
    let leaf = anna().issue(&key(2));
    let some = |bits: &[u8]| der::write(0x83, &[&[0], bits]);
    let relative = |text: &str| {
        let rdn = name(text);
        der::write(0xa0, &[&der::write(0xa1, &[&rdn[4..]])])
    };
    let url = || full("http://a/");
    let one = |n: u8| EntryDraft::new(n);
    let base = || list().number(3);
    let delta = || list().number(5).delta(3).times("20260531000000Z", Some("20260607000000Z"));
    let indirect = || ListDraft::new("Root").scope(&[url(), vec![0x84, 1, 0xff]]);
    let of_root = || points(&[url(), der::write(0xa2, &[&directory("Root")])]);
    let invalid = der::write(der::GENERALIZED_TIME, &[b"20260101000000Z"]);
    let cases: Vec<(&str, &str, Certificate, RevocationData)> = vec![
        ("no data", "nothing", leaf.clone(), crls(&[])),
        ("not on the list", "good", leaf.clone(), crls(&[(&list().entry(one(2)), 2)])),
        ("on the list", "revoked", leaf.clone(), crls(&[(&list().entry(one(2)).entry(one(1).reason(1)), 2)])),
        ("on hold", "hold", leaf.clone(), crls(&[(&list().entry(one(1).reason(6)), 2)])),
        ("for an unheard-of reason", "revoked", leaf.clone(), crls(&[(&list().entry(one(1).reason(7)), 2)])),
        ("version 1", "good", leaf.clone(), crls(&[(&ListDraft { version: Vec::new(), ..list() }, 2)])),
        ("name in other letters", "good", leaf.clone(), crls(&[(&ListDraft { issuer: name("ca "), ..list() }, 2)])),
        ("invalid before", "revoked", leaf.clone(), crls(&[(&list().entry(one(1).with(oid::INVALIDITY_DATE, false, invalid)), 2)])),
        ("end entities", "good", leaf.clone(), crls(&[(&list().scope(&[vec![0x81, 1, 0xff]]), 2)])),
        (
            "named as the issuer",
            "good",
            leaf.clone(),
            crls(&[(&list().scope(&[der::write(0xa0, &[&der::write(0xa0, &[&directory("CA")])])]), 2)]),
        ),
        ("a point and its list", "good", points(&[url()]), crls(&[(&list().scope(&[url()]), 2)])),
        ("a point and a list without scope", "good", points(&[url()]), crls(&[(&list(), 2)])),
        ("relative to the issuer", "good", points(&[relative("p")]), crls(&[(&list().scope(&[relative("p")]), 2)])),
        ("relative to another", "nothing", points(&[relative("p")]), crls(&[(&list().scope(&[relative("q")]), 2)])),
        (
            "all reasons on two lists",
            "good",
            leaf.clone(),
            crls(&[(&list().scope(&[some(&[0x60])]), 2), (&list().scope(&[some(&[0x1f, 0x80])]), 2)]),
        ),
        (
            "revoked on one of two",
            "revoked",
            leaf.clone(),
            crls(&[(&list().scope(&[some(&[0x60])]), 2), (&list().scope(&[some(&[0x1f, 0x80])]).entry(one(1)), 2)]),
        ),
        ("delta says nothing", "good", leaf.clone(), crls(&[(&base(), 2), (&delta(), 2)])),
        ("delta revokes", "revoked", leaf.clone(), crls(&[(&base(), 2), (&delta().entry(one(1)), 2)])),
        ("delta ends a hold", "good", leaf.clone(), crls(&[(&base().entry(one(1).reason(6)), 2), (&delta().entry(one(1).reason(8)), 2)])),
        ("delta leaves a hold", "hold", leaf.clone(), crls(&[(&base().entry(one(1).reason(6)), 2), (&delta(), 2)])),
        ("indirect", "good", of_root(), crls(&[(&indirect().entry(one(1)), 1)])),
        ("indirect, revoked", "revoked", of_root(), crls(&[(&indirect().entry(one(5)).entry(one(6).of("CA")).entry(one(1)), 1)])),
        ("expired, and kept", "good", anna().valid("20250101000000Z", "20260101000000Z").issue(&key(2)), {
            crls(&[(&list().with(oid::EXPIRED_CERTS_ON_CRL, false, der::write(der::GENERALIZED_TIME, &[b"20250601000000Z"])), 2)])
        }),
        (
            "points nobody can read",
            "nothing",
            anna().with(oid::CRL_DISTRIBUTION_POINTS, false, vec![5, 0]).issue(&key(2)),
            crls(&[(&list(), 2)]),
        ),
    ];
    for (what, expected, certificate, data) in &cases {
        assert_eq!(about(certificate, &[], data), *expected, "{what}");
    }
    // A separate key for lists, and one of the same name after a change of keys.
    let lister = Draft::leaf("CA", &key(4), "Root").serial(8).with(oid::KEY_USAGE, true, vec![3, 2, 1, 0x02]).issue(&key(1));
    let rolled = Draft::ca("CA", &key(5), "CA", None).serial(9).issue(&key(2));
    assert_eq!(about(&leaf, std::slice::from_ref(&lister), &crls(&[(&list(), 4)])), "good");
    assert_eq!(about(&leaf, &[lister, rolled.clone()], &crls(&[(&list().entry(one(1)), 5)])), "revoked");
    // A key of the same name below another anchor is nobody.
    let stranger = Draft::ca("CA", &key(6), "Elsewhere", None).issue(&key(7));
    let elsewhere = Draft::ca("Elsewhere", &key(7), "Elsewhere", None).issue(&key(7));
    assert_eq!(about(&leaf, &[stranger, elsewhere], &crls(&[(&list(), 6)])), "nothing");
    // Who signs lists is on his own list, which does not go round in circles.
    assert_eq!(about(&rolled, std::slice::from_ref(&rolled), &crls(&[(&list(), 5)])), "good");
    assert_eq!(about(&rolled, std::slice::from_ref(&rolled), &crls(&[(&list().entry(one(9)), 5)])), "revoked");
}

fn found(certificate: &Certificate, data: &RevocationData) -> Vec<super::Finding> {
    findings(certificate, &[ca(), root()], &[], data, &|_: &Proof| at(NOW), &mut Signatures::new(100, None)).unwrap()
}

#[test]
fn a_finding_tells_where_it_comes_from() {
    let leaf = anna().issue(&key(2));
    let invalid = der::write(der::GENERALIZED_TIME, &[b"20260101000000Z"]);
    let data = crls(&[
        (&list().number(3).entry(EntryDraft::new(1).reason(6)), 2),
        (
            &list().number(5).delta(3).times("20260531000000Z", Some("20260607000000Z")).entry(EntryDraft::new(1).reason(1).with(
                oid::INVALIDITY_DATE,
                false,
                invalid,
            )),
            2,
        ),
    ]);
    let all = found(&leaf, &data);
    let [first, second] = all.as_slice() else { panic!("{all:?}") };
    assert_eq!(first.status, CertificateStatus::Revoked { at: at("2026-01-01T00:00:00Z"), reason: Some(RevocationReason::KeyCompromise) });
    assert_eq!((first.proof.sha256, first.proof.further.clone()), (data.crls[0].sha256(), vec![data.crls[1].sha256()]));
    assert_eq!((first.proof.next_update, first.proof.signer.len()), (Some(at("2026-06-07T00:00:00Z")), 2));
    assert_eq!(
        second.status,
        CertificateStatus::Revoked { at: at("2026-03-01T00:00:00Z"), reason: Some(RevocationReason::CertificateHold) }
    );
    let fresh = |time: &str| first.proof.is_fresh_at(at(time));
    assert!(
        !fresh("2026-05-30T23:59:59Z") && fresh("2026-05-31T00:00:00Z") && fresh("2026-06-07T00:00:00Z") && !fresh("2026-06-07T00:00:01Z")
    );
    let endless = Proof { next_update: None, ..first.proof.clone() };
    assert!(!endless.is_fresh_at(at("2026-05-31T00:00:00Z")));
    let answer = Proof { kind: ProofKind::Ocsp, ..endless };
    assert!(answer.is_fresh_at(at("2026-06-01T00:00:00Z")) && !answer.is_fresh_at(at("2026-06-01T00:00:01Z")));
}

#[test]
fn answers_of_every_kind() {
    let leaf = anna().issue(&key(2));
    let answer = || AnswerDraft::new(&leaf, &ca());
    let purpose = der::write(der::SEQUENCE, &[&der::write_oid(&oid::KP_OCSP_SIGNING)]);
    let responder = Draft::leaf("R", &key(4), "CA").serial(9).with(oid::KEY_USAGE, true, vec![3, 2, 7, 0x80]).with(
        oid::EXTENDED_KEY_USAGE,
        false,
        purpose,
    );
    let free = responder.clone().with(oid::OCSP_NOCHECK, false, vec![5, 0]).issue(&key(2));
    let bound = responder.issue(&key(2));
    let digest = |digest: DigestAlgorithm| AnswerDraft {
        digest,
        name_hash: digest.digest(&name("CA")),
        key_hash: digest.digest(key(2).public().key_bytes()),
        ..answer()
    };
    let cases: Vec<(&str, &str, AnswerDraft, u8)> = vec![
        ("good", "good", answer(), 2),
        ("revoked", "revoked", AnswerDraft { says: revoked("20260301000000Z", Some(1)), ..answer() }, 2),
        ("on hold", "hold", AnswerDraft { says: revoked("20260301000000Z", Some(6)), ..answer() }, 2),
        ("unknown", "nothing", AnswerDraft { says: vec![0x82, 0], ..answer() }, 2),
        ("by key", "good", AnswerDraft { responder: by_key(&key(2)), ..answer() }, 2),
        ("by SHA-256", "good", digest(DigestAlgorithm::Sha256), 2),
        ("by SHA-512", "good", digest(DigestAlgorithm::Sha512), 2),
        ("delegated", "good", answer().by(free.clone()), 4),
        ("delegated, by key", "good", AnswerDraft { responder: by_key(&key(4)), ..answer().by(free.clone()) }, 4),
        ("delegated, revoked", "revoked", AnswerDraft { says: revoked("20260301000000Z", None), ..answer().by(free) }, 4),
        (
            "delegated and not vouched for, revoked",
            "revoked",
            AnswerDraft { says: revoked("20260301000000Z", None), ..answer().by(bound.clone()) },
            4,
        ),
        ("unknown extensions", "good", AnswerDraft { extensions: vec![(UNKNOWN, false, vec![5, 0])], ..answer() }, 2),
        (
            "expired, and kept",
            "good",
            AnswerDraft { single_extensions: vec![(oid::OCSP_ARCHIVE_CUTOFF, false, time("20250601000000Z"))], ..answer() },
            2,
        ),
    ];
    for (what, expected, draft, signer) in &cases {
        let whole = draft.issue(&key(*signer));
        let bare = OcspResponse::from_der(&draft.basic(&key(*signer))).unwrap();
        assert_eq!(bare.der(), whole.der(), "{what}");
        assert_eq!(bare.basic_der(), Some(draft.basic(&key(*signer)).as_slice()), "{what}");
        for response in [whole, bare] {
            let certificate =
                if what.starts_with("expired") { anna().valid("20250101000000Z", "20260101000000Z").issue(&key(2)) } else { leaf.clone() };
            assert!(response.is_about(&certificate, &ca()));
            let data = RevocationData { ocsp: vec![response], crls: Vec::new() };
            assert_eq!(said(&certificate, &[ca(), root()], &[], &data), *expected, "{what}");
        }
    }
    // A list vouches for the responder.
    let listed = list().scope(&[full("http://r/")]);
    let vouched = Draft::leaf("R", &key(4), "CA");
    let vouched = Draft { extensions: bound_extensions(&bound), ..vouched }.serial(9).with(
        oid::CRL_DISTRIBUTION_POINTS,
        false,
        members(&[members(&[full("http://r/")])]),
    );
    let data = RevocationData { ocsp: vec![answer().by(vouched.issue(&key(2))).issue(&key(4))], ..crls(&[(&listed, 2)]) };
    assert_eq!(said(&leaf, &[ca(), root()], &[], &data), "good");
}

fn bound_extensions(certificate: &Certificate) -> Vec<(const_oid::ObjectIdentifier, bool, Vec<u8>)> {
    [oid::KEY_USAGE, oid::EXTENDED_KEY_USAGE]
        .into_iter()
        .filter_map(|oid| certificate.extension(&oid).map(|(critical, value)| (oid, critical, value.to_vec())))
        .collect()
}

#[test]
fn hostile_data_end() {
    let leaf = anna().issue(&key(2));
    // Two hundred lists that nobody signed, each another one.
    let many: Vec<Crl> =
        (0..200).map(|n| list().number(1).entry(EntryDraft { serial: vec![1, n], ..EntryDraft::new(1) }).issue(&key(9))).collect();
    let data = RevocationData { crls: many, ocsp: Vec::new() };
    assert_eq!(said(&leaf, &[ca(), root()], &[], &data), "budget");
    let inputs = PathInputs { revocation: RevocationMode::IfAvailable, data: Some(&data), ..PathInputs::at(at(NOW), Role::Signer) };
    let outcome = validate(&leaf, &[ca()], &TrustAnchors::from_iter([root()]), &inputs).map(|found| found.chain.len());
    assert_eq!(outcome, Err(PathFailure::Budget));
    // Issuers of lists that vouch for each other.
    let lister =
        |n: u8| Draft::leaf("CA", &key(10 + n), "Root").serial(20 + n).with(oid::KEY_USAGE, true, vec![3, 2, 1, 0x02]).issue(&key(1));
    let pool: Vec<Certificate> = (0..20).map(lister).collect();
    let circle: Vec<Crl> = (0..20).map(|n| ListDraft::new(if n == 0 { "CA" } else { "Root" }).number(n).issue(&key(10 + n))).collect();
    assert_ne!(said(&leaf, &[ca(), root()], &pool, &RevocationData { crls: circle, ocsp: Vec::new() }), "revoked");
    // The same list many times is one.
    let same = RevocationData { crls: vec![list().issue(&key(2)); 500], ocsp: Vec::new() };
    assert_eq!(said(&leaf, &[ca(), root()], &[], &same), "good");
}

#[test]
fn who_was_not_asked_about_is_unknown() {
    let (leaf, other) = (anna().issue(&key(2)), anna().serial(2).issue(&key(2)));
    let bytes = list().entry(EntryDraft::new(2)).der(&key(2));
    let list = streamed(&bytes, 13, std::slice::from_ref(&other)).unwrap();
    assert_eq!((list.der().len(), list.sha256()), (0, Crl::from_der(&bytes).unwrap().sha256()));
    let data = RevocationData { crls: vec![list], ocsp: Vec::new() };
    assert_eq!(said(&other, &[ca(), root()], &[], &data), "revoked");
    assert_eq!(said(&leaf, &[ca(), root()], &[], &data), "nothing");
}
