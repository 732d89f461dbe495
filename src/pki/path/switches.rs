//! The pki room, tests only: the matrix of checks and chains. Each chain is wrong in one thing and refused for it; with that check off it is
//! valid, so the check alone is what refuses it.

use super::{PathFailure, PathInputs, validate};
use crate::pki::certificate::Certificate;
use crate::pki::der;
use crate::pki::oid;
use crate::pki::revocation::RevocationMode;
use crate::pki::role::Role;
use crate::pki::testing::{Draft, Key, at, name};
use crate::pki::trust::TrustAnchors;
use crate::switch::{Check, without};
use const_oid::ObjectIdentifier;

/// Checks that the tests of another file switch off: they need statements about revocation.
const ELSEWHERE: &[Check] = &[Check::PathRevoked, Check::PathStatementFresh, Check::PathStatementInTime];
const UNKNOWN: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.3.4.5");
const P1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.3.1");
const P2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.3.2");

fn ca() -> Draft {
    Draft::ca("CA", &Key::new(2), "Root", None)
}

fn leaf() -> Draft {
    Draft::leaf("Anna", &Key::new(3), "CA")
}

fn asserts(draft: Draft, policies: &[ObjectIdentifier]) -> Draft {
    let all: Vec<u8> = policies.iter().flat_map(|p| der::write(der::SEQUENCE, &[&der::write_oid(p)])).collect();
    draft.with(oid::CERTIFICATE_POLICIES, false, der::write(der::SEQUENCE, &[&all]))
}

fn maps(draft: Draft, from: ObjectIdentifier, to: ObjectIdentifier) -> Draft {
    let pair = der::write(der::SEQUENCE, &[&der::write_oid(&from), &der::write_oid(&to)]);
    draft.with(oid::POLICY_MAPPINGS, true, der::write(der::SEQUENCE, &[&pair]))
}

/// A CA with one subtree: 0xa0 permitted, 0xa1 excluded.
fn bound(list: u8, tag: u8, base: &[u8]) -> Draft {
    let subtree = der::write(list, &[&der::write(der::SEQUENCE, &[&der::write(tag, &[base])])]);
    ca().with(oid::NAME_CONSTRAINTS, true, der::write(der::SEQUENCE, &[&subtree]))
}

fn host(text: &str) -> Draft {
    leaf().with(oid::SUBJECT_ALT_NAME, false, der::write(der::SEQUENCE, &[&der::write(0x82, &[text.as_bytes()])]))
}

fn addressed() -> Draft {
    let email = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.1");
    let pair = der::write(der::SEQUENCE, &[&der::write_oid(&email), &der::write(0x16, &[b"anna@evil.example"])]);
    Draft { subject: der::write(der::SEQUENCE, &[&der::write(der::SET, &[&pair])]), ..leaf() }
}

struct Chain {
    ca: Draft,
    leaf: Draft,
    /// Whose key signs the leaf.
    signer: u8,
    anchor: &'static [Role],
    /// The root's limit of the length below it.
    root: Option<u8>,
    inputs: PathInputs<'static>,
}

/// The usual chain, which is valid.
fn good() -> Chain {
    let inputs = PathInputs::at(at("2026-06-01T00:00:00Z"), Role::Signer);
    Chain { ca: ca(), leaf: leaf(), signer: 2, anchor: &[Role::Any], root: None, inputs }
}

fn judge(chain: &Chain) -> Result<(), PathFailure> {
    let root: Certificate = Draft::ca("Root", &Key::new(1), "Root", chain.root).issue(&Key::new(1));
    let mut anchors = TrustAnchors::new();
    anchors.add_for(root, chain.anchor);
    validate(&chain.leaf.issue(&Key::new(chain.signer)), &[chain.ca.issue(&Key::new(1))], &anchors, &chain.inputs).map(drop)
}

fn chains() -> Vec<(Check, PathFailure, Chain)> {
    use PathFailure as F;
    let (past, future) = (("20200101000000Z", "20210101000000Z"), ("20300101000000Z", "20310101000000Z"));
    let of = |ca, leaf| Chain { ca, leaf, ..good() };
    let asked = |ca, leaf, change: fn(&mut PathInputs<'static>)| {
        let mut chain = Chain { ca, leaf, ..good() };
        change(&mut chain.inputs);
        chain
    };
    let one = |draft| asserts(draft, &[P1]);
    vec![
        (Check::PathLeafExpired, F::Expired { leaf: true }, of(ca(), leaf().valid(past.0, past.1))),
        (Check::PathLeafNotYetValid, F::NotYetValid { leaf: true }, of(ca(), leaf().valid(future.0, future.1))),
        (Check::PathLeafCritical, F::UnknownCriticalExtension, of(ca(), leaf().with(UNKNOWN, true, vec![5, 0]))),
        (Check::PathSuits, F::Unsuitable, of(ca(), leaf().with(oid::KEY_USAGE, true, vec![3, 2, 5, 0x20]))),
        (Check::PathAnchorRole, F::NoChain, Chain { anchor: &[Role::TimeStamping], ..good() }),
        (Check::PathSignature, F::BadSignature, Chain { signer: 9, ..good() }),
        (Check::PathIssuerIsCa, F::NotCa, of(ca().without(oid::BASIC_CONSTRAINTS), leaf())),
        (Check::PathIssuerSigns, F::KeyUsage, of(ca().with(oid::KEY_USAGE, true, vec![3, 2, 1, 0x02]), leaf())),
        (Check::PathLength, F::PathTooLong, Chain { root: Some(0), ..good() }),
        (Check::PathIssuerExpired, F::Expired { leaf: false }, of(ca().valid(past.0, past.1), leaf())),
        (Check::PathIssuerNotYetValid, F::NotYetValid { leaf: false }, of(ca().valid(future.0, future.1), leaf())),
        (Check::PathIssuerCritical, F::UnknownCriticalExtension, of(ca().with(UNKNOWN, true, vec![5, 0]), leaf())),
        (Check::PathConstraintsRead, F::NameConstraint, of(ca().with(oid::NAME_CONSTRAINTS, true, vec![0x30, 1, 0]), leaf())),
        (Check::PathNamePermitted, F::NameConstraint, of(bound(0xa0, 0x82, b"bank.example"), host("evil.example"))),
        (Check::PathNameExcluded, F::NameConstraint, of(bound(0xa1, 0xa4, &name("Anna")), leaf())),
        (Check::PathSubjectAddress, F::NameConstraint, of(bound(0xa0, 0x81, b"bank.example"), addressed())),
        (Check::PathWildcard, F::NameConstraint, of(bound(0xa1, 0x82, b"a.bank.example"), host("*.bank.example"))),
        (Check::PathExplicitPolicy, F::Policy, asked(ca(), leaf(), |i| i.explicit_policy = true)),
        (Check::PathUserPolicy, F::Policy, asked(one(ca()), one(leaf()), |i| (i.explicit_policy, i.policies) = (true, &[P2]))),
        (
            Check::PathAnyInhibited,
            F::Policy,
            asked(one(ca()), asserts(leaf(), &[oid::ANY_POLICY]), |i| (i.explicit_policy, i.inhibit_any) = (true, true)),
        ),
        (
            Check::PathMappingInhibited,
            F::Policy,
            asked(maps(one(ca()), P1, P2), asserts(leaf(), &[P2]), |i| (i.explicit_policy, i.inhibit_mapping) = (true, true)),
        ),
        (Check::PathAnyMapped, F::Policy, of(maps(one(ca()), P1, oid::ANY_POLICY), one(leaf()))),
        (Check::PathRevocationKnown, F::RevocationUnknown, asked(ca(), leaf(), |i| i.revocation = RevocationMode::Require)),
    ]
}

#[test]
fn with_a_check_off_its_chain_is_valid() {
    assert_eq!(judge(&good()), Ok(()));
    let chains = chains();
    for (check, failure, chain) in &chains {
        assert_eq!(judge(chain), Err(*failure), "{check:?}");
        assert_eq!(without(&[*check], || judge(chain)), Ok(()), "{check:?}");
    }
    let proven = |check: &Check| chains.iter().any(|(known, ..)| known == check) != ELSEWHERE.contains(check);
    let unproven: Vec<&Check> = Check::PATH.iter().filter(|check| !proven(check)).collect();
    assert!(unproven.is_empty(), "{unproven:?}");
    assert_eq!(chains.len(), 23);
}
