//! The pki room, tests only: cases of RFC 5280 6 in the manner of x509-limbo: a chain made on the spot, inputs, and what has to come of it.
//! The caller's policies are in `policy_cases.rs`; the first, older cases in `path_tests.rs`.

use super::{PathFailure, PathInputs, validate};
use crate::pki::certificate::Certificate;
use crate::pki::der;
use crate::pki::oid;
use crate::pki::revocation::{Revocation, RevocationMode};
use crate::pki::role::Role;
use crate::pki::testing::{Draft, Key, alike, at, name, second_opinion};
use crate::pki::trust::TrustAnchors;
use const_oid::ObjectIdentifier;

const NOW: &str = "2026-06-01T00:00:00Z";
const SERVER: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.1");

/// The usual keys: 1 the root's, 2 the CA's, 3 the leaf's.
fn key(n: u8) -> Key {
    Key::new(n)
}

fn root() -> Draft {
    Draft::ca("Root", &key(1), "Root", None)
}

fn ca() -> Draft {
    Draft::ca("CA", &key(2), "Root", None)
}

fn leaf() -> Draft {
    Draft::leaf("Anna", &key(3), "CA")
}

fn purposes(list: &[ObjectIdentifier]) -> Vec<u8> {
    let all: Vec<u8> = list.iter().flat_map(der::write_oid).collect();
    der::write(der::SEQUENCE, &[&all])
}

fn judge(leaf: &Certificate, pool: &[Certificate], anchors: &TrustAnchors, role: Role) -> Result<usize, PathFailure> {
    alike(|known| {
        let inputs = PathInputs { known, ..PathInputs::at(at(NOW), role) };
        validate(leaf, pool, anchors, &inputs).map(|found| found.chain.len())
    })
}

fn trusted(certificate: Certificate) -> TrustAnchors {
    TrustAnchors::from_iter([certificate])
}

#[test]
fn each_role_asks_for_its_own_purpose() {
    let usage = |bits: u8| vec![3, 2, 0, bits];
    let with = |critical, list: &[ObjectIdentifier]| leaf().with(oid::EXTENDED_KEY_USAGE, critical, purposes(list));
    let no = Err(PathFailure::Unsuitable);
    let old = || leaf().valid("20200101000000Z", "20250101000000Z");
    let cases = [
        ("signer without purposes", Role::Signer, leaf(), Ok(3)),
        ("signer of documents", Role::Signer, with(false, &[oid::KP_DOCUMENT_SIGNING]), Ok(3)),
        ("a server signs no documents", Role::Signer, with(false, &[SERVER]), no),
        ("an authority for time stamps signs none", Role::Signer, with(true, &[oid::KP_TIME_STAMPING]), no),
        ("a responder signs none", Role::Signer, with(false, &[oid::KP_OCSP_SIGNING]), no),
        ("a key for encryption signs none", Role::Signer, leaf().with(oid::KEY_USAGE, true, usage(0x20)), no),
        ("authority for time stamps", Role::TimeStamping, with(true, &[oid::KP_TIME_STAMPING]), Ok(3)),
        ("its purpose not critical", Role::TimeStamping, with(false, &[oid::KP_TIME_STAMPING]), no),
        ("a second purpose", Role::TimeStamping, with(true, &[oid::KP_TIME_STAMPING, SERVER]), no),
        ("no purpose", Role::TimeStamping, leaf(), no),
        ("any purpose stamps no time", Role::TimeStamping, with(true, &[oid::ANY_EXTENDED_KEY_USAGE]), no),
        ("responder", Role::OcspResponder, with(false, &[oid::KP_OCSP_SIGNING]), Ok(3)),
        ("responder and more", Role::OcspResponder, with(false, &[SERVER, oid::KP_OCSP_SIGNING]), Ok(3)),
        ("no delegation", Role::OcspResponder, leaf(), no),
        ("any purpose delegates nothing", Role::OcspResponder, with(false, &[oid::ANY_EXTENDED_KEY_USAGE]), no),
        (
            "a responder's key that signs nothing",
            Role::OcspResponder,
            with(false, &[oid::KP_OCSP_SIGNING]).with(oid::KEY_USAGE, true, usage(0x20)),
            no,
        ),
        ("issuer of lists", Role::CrlIssuer, leaf().with(oid::KEY_USAGE, true, usage(0x02)), Ok(3)),
        ("issuer of lists without key usage", Role::CrlIssuer, leaf().without(oid::KEY_USAGE), Ok(3)),
        ("key usage without lists", Role::CrlIssuer, leaf(), no),
        ("whatever", Role::Any, with(true, &[SERVER]), Ok(3)),
        ("expired tells more than unsuitable", Role::TimeStamping, old(), Err(PathFailure::Expired { leaf: true })),
    ];
    assert_eq!(cases.len(), 21);
    let pool = [ca().issue(&key(1))];
    for (what, role, draft, expected) in cases {
        assert_eq!(judge(&draft.issue(&key(2)), &pool, &trusted(root().issue(&key(1))), role), expected, "{what}");
    }
}

#[test]
fn an_anchor_counts_for_what_it_is_trusted_for() {
    let stamp = leaf().with(oid::EXTENDED_KEY_USAGE, true, purposes(&[oid::KP_TIME_STAMPING])).issue(&key(2));
    let (plain, pool, root) = (leaf().issue(&key(2)), [ca().issue(&key(1))], root().issue(&key(1)));
    let only = |roles: &[Role]| {
        let mut anchors = TrustAnchors::new();
        anchors.add_for(root.clone(), roles);
        anchors
    };
    let none = Err(PathFailure::NoChain);
    let mut both = only(&[Role::TimeStamping]);
    both.add_for(root.clone(), &[Role::Signer]);
    let mut all = only(&[Role::TimeStamping]);
    all.add(root.clone());
    all.add_for(root.clone(), &[Role::OcspResponder]);
    let mut own = TrustAnchors::new();
    own.add_for(plain.clone(), &[Role::TimeStamping]);
    let cases = [
        ("stamps alone: a stamp", only(&[Role::TimeStamping]), &stamp, Role::TimeStamping, Ok(3)),
        ("stamps alone: a signer", only(&[Role::TimeStamping]), &plain, Role::Signer, none),
        ("stamps alone: whatever", only(&[Role::TimeStamping]), &stamp, Role::Any, none),
        ("signers alone: a stamp", only(&[Role::Signer]), &stamp, Role::TimeStamping, none),
        ("nothing at all", only(&[]), &plain, Role::Signer, none),
        ("any by name", only(&[Role::Any]), &plain, Role::Signer, Ok(3)),
        ("both, one after the other", both, &plain, Role::Signer, Ok(3)),
        ("everything once is everything", all, &plain, Role::Signer, Ok(3)),
        ("the leaf itself, for something else", own, &plain, Role::Signer, none),
    ];
    assert_eq!(cases.len(), 9);
    for (what, anchors, leaf, role, expected) in cases {
        assert_eq!(judge(leaf, &pool, &anchors, role), expected, "{what}");
    }
}

/// Key rollover, old versions, constraints of anchors, long chains.
#[test]
fn shapes_of_paths() {
    let (old, new) = (key(1), key(11));
    let old_root = root().issue(&old);
    let new_root = Draft::ca("Root", &new, "Root", None).issue(&new);
    let new_with_old = Draft::ca("Root", &new, "Root", None).serial(2).issue(&old);
    let old_with_new = root().serial(3).issue(&new);
    let by_new = leaf().with_issuer("Root").issue(&new);
    let by_old = leaf().with_issuer("Root").issue(&old);
    let narrow = |limit| trusted(Draft::ca("Root", &old, "Root", Some(limit)).issue(&old));
    let bare = |draft: Draft| Draft { extensions: Vec::new(), ..draft };
    let usual = [ca().issue(&old)];
    let end = leaf().issue(&key(2));
    let sub = Draft::ca("Sub", &key(4), "CA", None).issue(&key(2));
    let below = leaf().with_issuer("Sub").issue(&key(4));
    let deep = [usual[0].clone(), sub];
    let permitted = |text: &str| {
        let base = der::write(der::SEQUENCE, &[&der::write(0xa4, &[&name(text)])]);
        der::write(der::SEQUENCE, &[&der::write(0xa0, &[&base])])
    };
    let bound = |text| trusted(root().with(oid::NAME_CONSTRAINTS, true, permitted(text)).issue(&old));
    let cases = [
        ("new key certified by the old one", &by_new, vec![new_with_old.clone()], trusted(old_root.clone()), Ok(3)),
        ("old key certified by the new one", &by_old, vec![old_with_new.clone()], trusted(new_root.clone()), Ok(3)),
        ("rollover both ways, in one pool", &by_old, vec![new_with_old.clone(), old_with_new], trusted(new_root), Ok(3)),
        ("rollover does not count", &by_new, vec![new_with_old], narrow(0), Ok(3)),
        ("no rollover", &by_new, vec![], trusted(old_root.clone()), Err(PathFailure::BadSignature)),
        ("an anchor without extensions", &end, usual.to_vec(), trusted(bare(root()).issue(&old)), Ok(3)),
        ("a ca without extensions", &end, vec![bare(ca()).issue(&old)], trusted(old_root.clone()), Err(PathFailure::NotCa)),
        (
            "an anchor that is no ca",
            &end,
            usual.to_vec(),
            trusted(root().with(oid::BASIC_CONSTRAINTS, true, vec![0x30, 0]).issue(&old)),
            Err(PathFailure::NotCa),
        ),
        (
            "an anchor that signs no certificates",
            &end,
            usual.to_vec(),
            trusted(root().with(oid::KEY_USAGE, true, vec![3, 2, 1, 0x02]).issue(&old)),
            Err(PathFailure::KeyUsage),
        ),
        ("an anchor's limit held", &end, usual.to_vec(), narrow(1), Ok(3)),
        ("an anchor's limit passed", &end, usual.to_vec(), narrow(0), Err(PathFailure::PathTooLong)),
        ("an anchor's limit, two below", &below, deep.to_vec(), narrow(1), Err(PathFailure::PathTooLong)),
        ("an anchor's names, the ca outside", &end, usual.to_vec(), bound("Anna"), Err(PathFailure::NameConstraint)),
        ("an expired anchor", &end, usual.to_vec(), trusted(root().valid("20000101000000Z", "20010101000000Z").issue(&old)), Ok(3)),
        (
            "an anchor's unknown critical extension",
            &end,
            usual.to_vec(),
            trusted(root().with(ObjectIdentifier::new_unwrap("1.2.3.4.5"), true, vec![5, 0]).issue(&old)),
            Ok(3),
        ),
        ("the ca is the anchor", &below, deep.to_vec(), trusted(usual[0].clone()), Ok(3)),
    ];
    assert_eq!(cases.len(), 16);
    for (what, leaf, pool, anchors, expected) in cases {
        assert_eq!(judge(leaf, &pool, &anchors, Role::Signer), expected, "{what}");
        second_opinion(what, expected.is_ok(), leaf, &pool, &anchors, &PathInputs::at(at(NOW), Role::Signer));
    }
    // As many as there may be, and one more.
    for (intermediates, expected) in [(14, Ok(16)), (15, Err(PathFailure::PathTooLong))] {
        let link = |n: u8| if n == 0 { "Root".to_owned() } else { format!("X{n}") };
        let pool: Vec<Certificate> = (1..=intermediates)
            .map(|n| Draft::ca(&link(n), &key(50 + n), &link(n - 1), None).issue(&key(if n == 1 { 1 } else { 49 + n })))
            .collect();
        let end = leaf().with_issuer(&link(intermediates)).issue(&key(50 + intermediates));
        let (anchors, what) = (trusted(old_root.clone()), format!("{intermediates} in between"));
        assert_eq!(judge(&end, &pool, &anchors, Role::Signer), expected, "{what}");
        second_opinion(&what, expected.is_ok(), &end, &pool, &anchors, &PathInputs::at(at(NOW), Role::Signer));
    }
}

#[test]
fn names_that_are_constrained_and_how() {
    const EMAIL: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 1];
    let list = |tag: u8, bases: &[(u8, &[u8])]| -> Vec<u8> {
        let all: Vec<u8> = bases.iter().flat_map(|(t, v)| der::write(der::SEQUENCE, &[&der::write(*t, &[v])])).collect();
        if bases.is_empty() { Vec::new() } else { der::write(tag, &[&all]) }
    };
    let bound = |permitted: &[(u8, &[u8])], excluded: &[(u8, &[u8])]| {
        ca().with(oid::NAME_CONSTRAINTS, true, der::write(der::SEQUENCE, &[&list(0xa0, permitted), &list(0xa1, excluded)]))
    };
    let alt = |draft: Draft, names: &[(u8, &[u8])]| {
        let all: Vec<u8> = names.iter().flat_map(|(tag, v)| der::write(*tag, &[v])).collect();
        draft.with(oid::SUBJECT_ALT_NAME, false, der::write(der::SEQUENCE, &[&all]))
    };
    let mail =
        |address: &[u8]| der::write(der::SET, &[&der::write(der::SEQUENCE, &[&der::write(6, &[EMAIL]), &der::write(0x16, &[address])])]);
    let anna = name("Anna");
    let subject = |addresses: &[&[u8]]| {
        let tail: Vec<u8> = addresses.iter().flat_map(|address| mail(address)).collect();
        Draft { subject: der::write(der::SEQUENCE, &[anna.get(2..).unwrap(), &tail]), ..leaf() }
    };
    let no = Err(PathFailure::NameConstraint);
    let net6: &[u8] = &[&[0x20, 1, 0xd, 0xb8][..], &[0; 12], &[0xff; 4], &[0; 12]].concat();
    let host6: &[u8] = &[&[0x20, 1, 0xd, 0xb8][..], &[7; 12]].concat();
    let other6: &[u8] = &[&[0x20, 1, 0xd, 0xb9][..], &[7; 12]].concat();
    let (good, bad): (&[u8], &[u8]) = (b"anna@bank.example", b"anna@evil.example");
    let only_bank = || bound(&[(0x81, b"bank.example")], &[]);
    let cases = [
        ("address in the subject beside a good alternative one", only_bank(), alt(subject(&[bad]), &[(0x81, good)]), no),
        ("the first of two addresses", only_bank(), subject(&[bad, good]), no),
        ("the second of two addresses", only_bank(), subject(&[good, bad]), no),
        ("both addresses", only_bank(), subject(&[good, good]), Ok(3)),
        ("one mailbox excluded", bound(&[], &[(0x81, bad)]), subject(&[bad]), no),
        ("another mailbox excluded", bound(&[], &[(0x81, bad)]), subject(&[good]), Ok(3)),
        ("network of version 6", bound(&[(0x87, net6)], &[]), alt(leaf(), &[(0x87, host6)]), Ok(3)),
        ("outside of it", bound(&[(0x87, net6)], &[]), alt(leaf(), &[(0x87, other6)]), no),
        ("version 4 under version 6", bound(&[(0x87, net6)], &[]), alt(leaf(), &[(0x87, &[10, 0, 0, 1])]), no),
        ("a host excluded, another", bound(&[], &[(0x82, b"a.example")]), alt(leaf(), &[(0x82, b"b.example")]), Ok(3)),
        ("every host excluded", bound(&[], &[(0x82, b"")]), alt(leaf(), &[(0x82, b"b.example")]), no),
        ("below a dot", bound(&[(0x86, b".bank.example")], &[]), alt(leaf(), &[(0x86, b"http://bank.example/")]), no),
        ("an address for a host", bound(&[(0x86, b"bank.example")], &[]), alt(leaf(), &[(0x86, b"http://10.0.0.1/")]), no),
        ("other name constrained, none there", bound(&[(0xa0, &[6, 1, 42])], &[]), alt(leaf(), &[(0x82, b"b.example")]), Ok(3)),
        ("other name constrained, one there", bound(&[(0xa0, &[6, 1, 42])], &[]), alt(leaf(), &[(0xa0, &[6, 1, 42])]), no),
        ("registered number excluded, none there", bound(&[], &[(0x88, &[42])]), alt(leaf(), &[(0x82, b"b.example")]), Ok(3)),
        ("permitted and excluded", bound(&[(0xa4, &anna)], &[(0xa4, &anna)]), leaf(), no),
        ("host names that are not ASCII", bound(&[(0x82, b"bank.example")], &[]), alt(leaf(), &[(0x82, &[0xc3, 0xa4])]), no),
    ];
    assert_eq!(cases.len(), 18);
    let anchors = trusted(root().issue(&key(1)));
    for (what, ca, leaf, expected) in cases {
        let (leaf, pool) = (leaf.issue(&key(2)), [ca.issue(&key(1))]);
        assert_eq!(judge(&leaf, &pool, &anchors, Role::Signer), expected, "{what}");
        second_opinion(what, expected.is_ok(), &leaf, &pool, &anchors, &PathInputs::at(at(NOW), Role::Signer));
    }
}

#[test]
fn without_a_statement_revocation_is_unknown() {
    let direct = || leaf().with_issuer("Root");
    let short = |draft: Draft| draft.with(oid::VALIDITY_ASSURED_SHORT_TERM, false, vec![5, 0]);
    let responder =
        || direct().with(oid::EXTENDED_KEY_USAGE, false, purposes(&[oid::KP_OCSP_SIGNING])).with(oid::OCSP_NOCHECK, false, vec![5, 0]);
    let both = || direct().with(oid::OCSP_NOCHECK, false, vec![5, 0]);
    let unknown = Err(PathFailure::RevocationUnknown);
    let cases = [
        ("required", RevocationMode::Require, direct(), Role::Signer, unknown),
        ("if available", RevocationMode::IfAvailable, direct(), Role::Signer, Ok("not asked")),
        ("off", RevocationMode::Off, direct(), Role::Signer, Ok("not asked")),
        ("short-lived", RevocationMode::Require, short(direct()), Role::Signer, Ok("exempt")),
        ("a responder that nobody asks about", RevocationMode::Require, responder(), Role::OcspResponder, Ok("exempt")),
        ("a signer says the same", RevocationMode::Require, both(), Role::Signer, unknown),
    ];
    assert_eq!(cases.len(), 6);
    let anchors = trusted(root().issue(&key(1)));
    for (what, revocation, draft, role, expected) in cases {
        let inputs = PathInputs { revocation, ..PathInputs::at(at(NOW), role) };
        let found = validate(&draft.issue(&key(1)), &[], &anchors, &inputs).map(|found| match found.revocation.as_slice() {
            [Revocation::NotAsked] => "not asked",
            [Revocation::Exempt] => "exempt",
            _ => "something else",
        });
        assert_eq!(found, expected, "{what}");
    }
    // Short-lived is the end entity alone: its issuer needs a statement.
    let inputs = PathInputs { revocation: RevocationMode::Require, ..PathInputs::at(at(NOW), Role::Signer) };
    assert_eq!(validate(&short(leaf()).issue(&key(2)), &[ca().issue(&key(1))], &anchors, &inputs).err(), unknown.err());
}
