//! The pki room, tests only: paths, each wrong in one thing.

use crate::pki::certificate::Certificate;
use crate::pki::der;
use crate::pki::oid;
use crate::pki::path::{PathFailure, PathInputs, validate};
use crate::pki::role::Role;
use crate::pki::testing::{Draft, Key, at, name, second_opinion};
use crate::pki::trust::TrustAnchors;
use const_oid::ObjectIdentifier;

const NOW: &str = "2026-06-01T00:00:00Z";

struct World {
    root: Key,
    ca: Key,
    leaf: Key,
}

impl World {
    fn new() -> World {
        World { root: Key::new(1), ca: Key::new(2), leaf: Key::new(3) }
    }
    fn root(&self) -> Draft {
        Draft::ca("Root", &self.root, "Root", None)
    }
    fn ca(&self) -> Draft {
        Draft::ca("CA", &self.ca, "Root", None)
    }
    fn leaf(&self) -> Draft {
        Draft::leaf("Anna", &self.leaf, "CA")
    }
    fn anchors(&self) -> TrustAnchors {
        TrustAnchors::from_iter([self.root().issue(&self.root)])
    }
    /// The usual chain, with one certificate replaced by the caller.
    fn judge(&self, ca: Draft, leaf: Draft) -> Result<usize, PathFailure> {
        let (ca, leaf) = (ca.issue(&self.root), leaf.issue(&self.ca));
        validate(&leaf, &[ca], &self.anchors(), &PathInputs::at(at(NOW), Role::Any)).map(|p| p.chain.len())
    }
}

impl World {
    fn second_opinion(&self, what: &str, valid: bool, ca: &Draft, leaf: &Draft) {
        let (ca, leaf) = (ca.issue(&self.root), leaf.issue(&self.ca));
        second_opinion(what, valid, &leaf, &[ca], &self.anchors(), &PathInputs::at(at(NOW), Role::Any));
    }
}

fn san(entries: &[(u8, &[u8])]) -> Vec<u8> {
    let all: Vec<u8> = entries.iter().flat_map(|(tag, v)| der::write(*tag, &[v])).collect();
    der::write(der::SEQUENCE, &[&all])
}

fn subtrees(tag: u8, bases: &[(u8, &[u8])]) -> Vec<u8> {
    let all: Vec<u8> = bases.iter().flat_map(|(t, v)| der::write(der::SEQUENCE, &[&der::write(*t, &[v])])).collect();
    der::write(tag, &[&all])
}

fn constraints(permitted: &[(u8, &[u8])], excluded: &[(u8, &[u8])]) -> Vec<u8> {
    let mut parts = Vec::new();
    if !permitted.is_empty() {
        parts.extend(subtrees(0xa0, permitted));
    }
    if !excluded.is_empty() {
        parts.extend(subtrees(0xa1, excluded));
    }
    der::write(der::SEQUENCE, &[&parts])
}

fn policies(list: &[&str]) -> Vec<u8> {
    let all: Vec<u8> = list.iter().flat_map(|p| der::write(der::SEQUENCE, &[&der::write_oid(&ObjectIdentifier::new_unwrap(p))])).collect();
    der::write(der::SEQUENCE, &[&all])
}

#[test]
fn the_good_path() {
    let w = World::new();
    let (ca, leaf) = (w.ca().issue(&w.root), w.leaf().issue(&w.ca));
    let found = validate(&leaf, std::slice::from_ref(&ca), &w.anchors(), &PathInputs::at(at(NOW), Role::Any)).unwrap();
    assert_eq!(found.chain, [leaf, ca, w.root().issue(&w.root)]);
}

#[test]
fn one_thing_wrong_each() {
    let w = World::new();
    let stranger = Key::new(9);
    let critical = ObjectIdentifier::new_unwrap("1.2.3.4.5");
    let usage = |bits: u8| vec![3, 2, 0, bits];
    let cases = [
        ("leaf expired", w.ca(), w.leaf().valid("20200101000000Z", "20250101000000Z"), PathFailure::Expired { leaf: true }),
        ("leaf of tomorrow", w.ca(), w.leaf().valid("20270101000000Z", "20280101000000Z"), PathFailure::NotYetValid { leaf: true }),
        ("ca expired", w.ca().valid("20200101000000Z", "20250101000000Z"), w.leaf(), PathFailure::Expired { leaf: false }),
        ("ca of tomorrow", w.ca().valid("20270101000000Z", "20280101000000Z"), w.leaf(), PathFailure::NotYetValid { leaf: false }),
        ("no basic constraints", w.ca().without(oid::BASIC_CONSTRAINTS), w.leaf(), PathFailure::NotCa),
        ("says it is no ca", w.ca().with(oid::BASIC_CONSTRAINTS, true, vec![0x30, 0]), w.leaf(), PathFailure::NotCa),
        ("no keyCertSign", w.ca().with(oid::KEY_USAGE, true, usage(0x80)), w.leaf(), PathFailure::KeyUsage),
        ("unknown critical in ca", w.ca().with(critical, true, vec![5, 0]), w.leaf(), PathFailure::UnknownCriticalExtension),
        ("unknown critical in leaf", w.ca(), w.leaf().with(critical, true, vec![5, 0]), PathFailure::UnknownCriticalExtension),
        ("wrong issuer name", w.ca(), Draft::leaf("Anna", &w.leaf, "Nobody"), PathFailure::NoChain),
        ("ca of another root", Draft::ca("CA", &w.ca, "Other", None), w.leaf(), PathFailure::NoChain),
        ("foreign key in ca", Draft::ca("CA", &stranger, "Root", None), w.leaf(), PathFailure::BadSignature),
        (
            "name constraint",
            w.ca().with(oid::NAME_CONSTRAINTS, true, constraints(&[(0xa4, &name("Bert"))], &[])),
            w.leaf(),
            PathFailure::NameConstraint,
        ),
        (
            "explicit policy",
            w.ca().with(oid::POLICY_CONSTRAINTS, true, vec![0x30, 3, 0x80, 1, 0]).with(
                oid::CERTIFICATE_POLICIES,
                false,
                policies(&["1.2.3"]),
            ),
            w.leaf(),
            PathFailure::Policy,
        ),
    ];
    assert_eq!(cases.len(), 14);
    for (what, ca, leaf, expected) in cases {
        assert_eq!(w.judge(ca.clone(), leaf.clone()), Err(expected), "{what}");
        w.second_opinion(what, false, &ca, &leaf);
    }
    assert_eq!(w.judge(w.ca().with(critical, false, vec![5, 0]), w.leaf().with(critical, false, vec![5, 0])), Ok(3));
}

#[test]
fn a_certificate_with_a_wrong_signature() {
    let w = World::new();
    let ca = w.ca().issue(&Key::new(9));
    let leaf = w.leaf().issue(&w.ca);
    assert_eq!(validate(&leaf, &[ca], &w.anchors(), &PathInputs::at(at(NOW), Role::Any)).err(), Some(PathFailure::BadSignature));
}

/// What a certificate that is none may issue: an end entity signing for another name.
#[test]
fn an_end_entity_is_no_issuer() {
    let w = World::new();
    let forged = Draft::leaf("Director", &Key::new(7), "Anna").issue(&w.leaf);
    let pool = [w.leaf().issue(&w.ca), w.ca().issue(&w.root)];
    assert_eq!(validate(&forged, &pool, &w.anchors(), &PathInputs::at(at(NOW), Role::Any)).err(), Some(PathFailure::NotCa));
}

#[test]
fn path_lengths() {
    let w = World::new();
    let (k4, k5) = (Key::new(4), Key::new(5));
    let build = |limit: Option<u8>, self_issued: bool| {
        let middle = if self_issued { "CA" } else { "Sub" };
        let ca = Draft::ca("CA", &w.ca, "Root", limit).issue(&w.root);
        let sub = Draft::ca(middle, &k4, "CA", None).issue(&w.ca);
        let leaf = Draft::leaf("Anna", &k5, middle).issue(&k4);
        validate(&leaf, &[ca, sub], &w.anchors(), &PathInputs::at(at(NOW), Role::Any)).map(|p| p.chain.len())
    };
    assert_eq!(build(None, false), Ok(4));
    assert_eq!(build(Some(1), false), Ok(4));
    assert_eq!(build(Some(0), false), Err(PathFailure::PathTooLong));
    // RFC 5280 6.1.4 l: self-issued certificates (key rollover) do not count.
    assert_eq!(build(Some(0), true), Ok(4));
}

#[test]
fn name_constraints_of_every_kind() {
    let w = World::new();
    let email = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.1");
    let address = der::write(der::SEQUENCE, &[&der::write_oid(&email), &der::write(0x16, &[b"anna@bank.example"])]);
    let subject = |tail: &[u8]| {
        let cn = name("Anna");
        der::write(der::SEQUENCE, &[&cn[2..], tail])
    };
    let with_address = || Draft { subject: subject(&der::write(der::SET, &[&address])), ..w.leaf() };
    let alt = |entries: &[(u8, &[u8])]| w.leaf().with(oid::SUBJECT_ALT_NAME, false, san(entries));
    let anna = name("Anna");
    let refused = Err(PathFailure::NameConstraint);
    let cases = [
        ("permitted directory", constraints(&[(0xa4, &anna)], &[]), w.leaf(), Ok(3)),
        ("excluded directory", constraints(&[], &[(0xa4, &anna)]), w.leaf(), refused),
        ("other directory excluded", constraints(&[], &[(0xa4, &name("Bert"))]), w.leaf(), Ok(3)),
        ("permitted mail", constraints(&[(0x81, b"bank.example")], &[]), alt(&[(0x81, b"anna@bank.example")]), Ok(3)),
        ("mail elsewhere", constraints(&[(0x81, b"bank.example")], &[]), alt(&[(0x81, b"anna@evil.example")]), refused),
        ("mail in the subject", constraints(&[(0x81, b"evil.example")], &[]), with_address(), refused),
        ("mail in the subject, permitted", constraints(&[(0x81, b"bank.example")], &[]), with_address(), Ok(3)),
        ("no mail at all", constraints(&[(0x81, b"bank.example")], &[]), w.leaf(), Ok(3)),
        ("dns below", constraints(&[(0x82, b"bank.example")], &[]), alt(&[(0x82, b"www.bank.example")]), Ok(3)),
        (
            "one of two names outside",
            constraints(&[(0x82, b"bank.example")], &[]),
            alt(&[(0x82, b"bank.example"), (0x82, b"x.org")]),
            refused,
        ),
        ("dns excluded", constraints(&[], &[(0x82, b"bank.example")]), alt(&[(0x82, b"www.BANK.example")]), refused),
        ("wildcard over an excluded host", constraints(&[], &[(0x82, b"a.bank.example")]), alt(&[(0x82, b"*.bank.example")]), refused),
        ("address", constraints(&[(0x87, &[10, 0, 0, 0, 255, 0, 0, 0])], &[]), alt(&[(0x87, &[10, 1, 1, 1])]), Ok(3)),
        ("address outside", constraints(&[(0x87, &[10, 0, 0, 0, 255, 0, 0, 0])], &[]), alt(&[(0x87, &[11, 1, 1, 1])]), refused),
        ("uri", constraints(&[(0x86, b".bank.example")], &[]), alt(&[(0x86, b"https://www.bank.example/x")]), Ok(3)),
        ("uri without host", constraints(&[], &[(0x86, b"bank.example")]), alt(&[(0x86, b"urn:x")]), refused),
        ("a kind not compared here", constraints(&[(0x88, &[0x2a])], &[]), alt(&[(0x88, &[0x2a, 3])]), refused),
        ("a kind not compared, excluded", constraints(&[], &[(0x88, &[0x2a])]), alt(&[(0x88, &[0x2b])]), refused),
        ("unreadable constraints", vec![0x30, 1, 0], w.leaf(), refused),
        (
            "unreadable alternative names",
            constraints(&[(0xa4, &anna)], &[]),
            w.leaf().with(oid::SUBJECT_ALT_NAME, false, vec![0x30, 5]),
            refused,
        ),
        (
            "subtree with a minimum",
            der::write(der::SEQUENCE, &[&der::write(0xa0, &[&der::write(der::SEQUENCE, &[&der::write(0xa4, &[&anna]), &[0x80, 1, 0]])])]),
            w.leaf(),
            refused,
        ),
    ];
    assert_eq!(cases.len(), 21);
    for (what, value, leaf, expected) in cases {
        let ca = w.ca().with(oid::NAME_CONSTRAINTS, true, value);
        assert_eq!(w.judge(ca.clone(), leaf.clone()), expected, "{what}");
        w.second_opinion(what, expected.is_ok(), &ca, &leaf);
    }
}

#[test]
fn policies_along_the_path() {
    let w = World::new();
    let require = |n: u8| vec![0x30, 3, 0x80, 1, n];
    let ca = |list: &[&str]| w.ca().with(oid::POLICY_CONSTRAINTS, true, require(0)).with(oid::CERTIFICATE_POLICIES, false, policies(list));
    let leaf = |list: &[&str]| w.leaf().with(oid::CERTIFICATE_POLICIES, false, policies(list));
    let any = "2.5.29.32.0";
    let mapping = |from: &str, to: &str| {
        let pair = [der::write_oid(&ObjectIdentifier::new_unwrap(from)), der::write_oid(&ObjectIdentifier::new_unwrap(to))].concat();
        der::write(der::SEQUENCE, &[&der::write(der::SEQUENCE, &[&pair])])
    };
    let refused = Err(PathFailure::Policy);
    assert_eq!(w.judge(ca(&["1.2.3"]), leaf(&["1.2.3"])), Ok(3));
    assert_eq!(w.judge(ca(&["1.2.3"]), leaf(&["1.2.4"])), refused);
    assert_eq!(w.judge(ca(&[any]), leaf(&["1.2.4"])), Ok(3));
    assert_eq!(w.judge(ca(&["1.2.3"]), leaf(&[any])), Ok(3));
    let inhibited = || ca(&["1.2.3"]).with(oid::INHIBIT_ANY_POLICY, true, vec![2, 1, 0]);
    assert_eq!(w.judge(inhibited(), leaf(&[any])), refused);
    assert_eq!(w.judge(ca(&["1.2.3"]).with(oid::POLICY_MAPPINGS, true, mapping("1.2.3", "1.9.9")), leaf(&["1.9.9"])), Ok(3));
    assert_eq!(w.judge(ca(&["1.2.3"]).with(oid::POLICY_MAPPINGS, true, mapping("1.2.3", "1.9.9")), leaf(&["1.2.3"])), refused);
    assert_eq!(w.judge(ca(&["1.2.3"]).with(oid::POLICY_MAPPINGS, true, mapping(any, "1.9.9")), leaf(&["1.9.9"])), refused);
    assert_eq!(w.judge(w.ca().with(oid::POLICY_CONSTRAINTS, true, require(5)), w.leaf()), Ok(3));
    assert_eq!(w.judge(w.ca().with(oid::POLICY_CONSTRAINTS, true, vec![0x30, 3, 0x80, 1, 0xff]), w.leaf()), refused);
}

#[test]
fn anchors() {
    let w = World::new();
    let (ca, leaf) = (w.ca().issue(&w.root), w.leaf().issue(&w.ca));
    let pool = std::slice::from_ref(&ca);
    assert_eq!(validate(&leaf, pool, &TrustAnchors::new(), &PathInputs::at(at(NOW), Role::Any)).err(), Some(PathFailure::NoChain));
    // Trusted itself: its own chain, and still nothing without its validity.
    let own = TrustAnchors::from_iter([leaf.clone()]);
    assert_eq!(validate(&leaf, &[], &own, &PathInputs::at(at(NOW), Role::Any)).unwrap().chain.len(), 1);
    assert_eq!(
        validate(&leaf, &[], &own, &PathInputs::at(at("2040-01-01T00:00:00Z"), Role::Any)).err(),
        Some(PathFailure::Expired { leaf: true })
    );
    // An intermediate may be the anchor; the validity of an anchor does not count (RFC 5280 6.1.1 d).
    let old = Draft::ca("CA", &w.ca, "Root", None).valid("20000101000000Z", "20010101000000Z").issue(&w.root);
    assert_eq!(validate(&leaf, &[], &TrustAnchors::from_iter([old]), &PathInputs::at(at(NOW), Role::Any)).unwrap().chain.len(), 2);
    // A trusted end entity must not become an issuer.
    let forged = Draft::leaf("Director", &Key::new(7), "Anna").issue(&w.leaf);
    assert_eq!(validate(&forged, &[], &own, &PathInputs::at(at(NOW), Role::Any)).err(), Some(PathFailure::NotCa));
    // A look-alike anchor: same name, other key.
    let imitation = TrustAnchors::from_iter([Draft::ca("Root", &Key::new(8), "Root", None).issue(&Key::new(8))]);
    assert_eq!(validate(&leaf, pool, &imitation, &PathInputs::at(at(NOW), Role::Any)).err(), Some(PathFailure::BadSignature));
}

/// Key rollover and cross-certificates: the first candidate is a dead end, the second is not.
#[test]
fn the_right_one_of_several_is_found() {
    let w = World::new();
    let leaf = w.leaf().issue(&w.ca);
    let dead = Draft::ca("CA", &w.ca, "Gone", None).serial(2).issue(&Key::new(6));
    let expired = w.ca().serial(3).valid("20200101000000Z", "20210101000000Z").issue(&w.root);
    let foreign = Draft::ca("CA", &Key::new(8), "Root", None).serial(4).issue(&w.root);
    let good = w.ca().issue(&w.root);
    let pool = [dead, expired, foreign, good.clone()];
    assert_eq!(validate(&leaf, &pool, &w.anchors(), &PathInputs::at(at(NOW), Role::Any)).unwrap().chain[1], good);
}

#[test]
fn loops_and_crowds_end_soon() {
    let w = World::new();
    // Twelve CAs that all certify each other, and no way to the anchor.
    let keys: Vec<Key> = (20..32).map(Key::new).collect();
    let mut pool: Vec<Certificate> = Vec::new();
    for (i, subject) in keys.iter().enumerate() {
        for (j, issuer) in keys.iter().enumerate() {
            pool.push(Draft::ca(&format!("X{i}"), subject, &format!("X{j}"), None).issue(issuer));
        }
    }
    let leaf = Draft::leaf("Anna", &w.leaf, "X0").issue(&keys[0]);
    assert_eq!(validate(&leaf, &pool, &w.anchors(), &PathInputs::at(at(NOW), Role::Any)).err(), Some(PathFailure::Budget));
    // Ten thousand namesakes of the CA, the true one last.
    let mut crowd = Vec::new();
    let template = Draft::ca("CA", &Key::new(40), "Root", None).issue_der(&w.root);
    let serial = template.windows(3).position(|b| b == [2, 1, 1]).unwrap();
    for n in 0..10_000_u16 {
        let mut der = template.clone();
        der[serial + 2] = (n & 0x7f) as u8;
        let end = der.len() - 2;
        der[end..].copy_from_slice(&n.to_be_bytes());
        crowd.push(Certificate::from_der(&der).unwrap());
    }
    crowd.push(w.ca().issue(&w.root));
    let leaf = w.leaf().issue(&w.ca);
    assert_eq!(validate(&leaf, &crowd, &w.anchors(), &PathInputs::at(at(NOW), Role::Any)).err(), Some(PathFailure::Budget));
    // The same crowd under another name is no obstacle.
    let stranger = Draft::leaf("Anna", &w.leaf, "Root").issue(&w.root);
    assert_eq!(validate(&stranger, &crowd, &w.anchors(), &PathInputs::at(at(NOW), Role::Any)).unwrap().chain.len(), 2);
}

#[test]
fn suits_signing_by_usage_and_purpose() {
    let w = World::new();
    let with = |purposes: &[ObjectIdentifier]| {
        let all: Vec<u8> = purposes.iter().flat_map(der::write_oid).collect();
        w.leaf().with(oid::EXTENDED_KEY_USAGE, true, der::write(der::SEQUENCE, &[&all])).issue(&w.ca)
    };
    let server = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.1");
    assert!(w.leaf().issue(&w.ca).suits_signing());
    assert!(w.leaf().without(oid::KEY_USAGE).issue(&w.ca).suits_signing());
    for good in
        [oid::KP_DOCUMENT_SIGNING, oid::KP_EMAIL_PROTECTION, oid::KP_CLIENT_AUTH, oid::ANY_EXTENDED_KEY_USAGE, oid::KP_ADOBE_DOCUMENT]
    {
        assert!(with(&[good]).suits_signing());
        assert!(with(&[server, good]).suits_signing());
    }
    for bad in [server, oid::KP_TIME_STAMPING, oid::KP_OCSP_SIGNING] {
        assert!(!with(&[bad]).suits_signing());
    }
    assert!(!w.leaf().with(oid::KEY_USAGE, true, vec![3, 2, 5, 0x20]).issue(&w.ca).suits_signing());
    assert!(with(&[oid::KP_TIME_STAMPING]).suits_time_stamping());
    assert!(!with(&[oid::KP_TIME_STAMPING, server]).suits_time_stamping());
    assert!(!w.leaf().issue(&w.ca).suits_time_stamping());
}

#[test]
fn certificates_are_read_strictly() {
    let w = World::new();
    let der = w.leaf().issue_der(&w.ca);
    assert_eq!(Certificate::from_der(&der).unwrap().der(), der);
    for cut in 0..der.len() {
        assert!(Certificate::from_der(&der[..cut]).is_err());
    }
    assert!(Certificate::from_der(&[&der[..], &[0]].concat()).is_err());
    let twice =
        Draft { extensions: vec![(oid::KEY_USAGE, true, vec![3, 2, 6, 0x40]), (oid::KEY_USAGE, true, vec![3, 2, 6, 0x40])], ..w.leaf() };
    assert_eq!(Certificate::from_der(&twice.issue_der(&w.ca)).unwrap_err().context_text(), Some("extension repeated"));
    // The outer algorithm identifier is not signed; it must repeat the inner one.
    let inner = der.windows(4).rposition(|b| b == [0x3d, 4, 3, 2]).unwrap();
    let mut swapped = der.clone();
    swapped[inner + 3] = 3;
    assert_eq!(Certificate::from_der(&swapped).unwrap_err().context_text(), Some("signature algorithms differ"));
}

/// NIST PKITS (public domain), the tests that need no CRL: one file of certificates one after the other, one of their names and verdicts.
#[test]
fn pkits_without_revocation() {
    let mut all = der::Reader::new(include_bytes!("../../tests/vectors/pkits/certificates.der"));
    let (mut pool, mut anchors, mut cases) = (Vec::new(), TrustAnchors::new(), Vec::new());
    for line in include_str!("../../tests/vectors/pkits/names.txt").lines() {
        let (kind, what) = line.split_once(' ').unwrap();
        let certificate = Certificate::from_der(all.any().unwrap().raw);
        match kind {
            "anchor" => anchors.add(certificate.unwrap()),
            "ca" => pool.push(certificate.unwrap()),
            _ => cases.push((kind == "valid", what, certificate)),
        }
    }
    let (mut valid, mut invalid) = (0, 0);
    for (good, what, certificate) in cases {
        let found =
            certificate.is_ok_and(|c| validate(&c, &pool, &anchors, &PathInputs::at(at("2015-06-01T00:00:00Z"), Role::Any)).is_ok());
        assert_eq!(found, good, "{what}");
        *(if good { &mut valid } else { &mut invalid }) += 1;
    }
    assert!(all.is_empty() && (valid, invalid) == (43, 57), "{valid} {invalid}");
}
