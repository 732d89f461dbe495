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

/// The anchor, with a limit of the length below it.
fn root(limit: Option<u8>) -> Draft {
    Draft::ca("Root", &Key::new(1), "Root", limit)
}

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
    root: Draft,
    inputs: PathInputs<'static>,
}

/// The usual chain, which is valid.
fn good() -> Chain {
    let inputs = PathInputs::at(at("2026-06-01T00:00:00Z"), Role::Signer);
    Chain { ca: ca(), leaf: leaf(), signer: 2, anchor: &[Role::Any], root: root(None), inputs }
}

fn judge(chain: &Chain) -> Result<(), PathFailure> {
    let root: Certificate = chain.root.issue(&Key::new(1));
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
        (Check::PathLength, F::PathTooLong, Chain { root: root(Some(0)), ..good() }),
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

/// Each check once more, at its edge or in another of its forms.
fn further_chains() -> Vec<(Check, PathFailure, Chain)> {
    use PathFailure as F;
    let of = |ca, leaf| Chain { ca, leaf, ..good() };
    let used = |leaf, role| {
        let mut chain = of(ca(), leaf);
        chain.inputs.role = role;
        chain
    };
    let other = |tag, value: &[u8]| leaf().with(oid::SUBJECT_ALT_NAME, false, der::write(der::SEQUENCE, &[&der::write(tag, &[value])]));
    let purpose = |oid: &ObjectIdentifier| der::write(der::SEQUENCE, &[&der::write_oid(oid)]);
    let server = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.1");
    let one = |draft| asserts(draft, &[P1]);
    let demanding = one(ca()).with(oid::POLICY_CONSTRAINTS, true, vec![0x30, 3, 0x80, 1, 0]);
    let narrow =
        one(ca()).with(oid::INHIBIT_ANY_POLICY, true, vec![2, 1, 0]).with(oid::POLICY_CONSTRAINTS, true, vec![0x30, 3, 0x80, 1, 0]);
    let net = [10, 0, 0, 0, 255, 0, 0, 0];
    let of_root = |root, ca, leaf| Chain { root, ca, leaf, ..good() };
    let under = |root, ca, leaf, policies: &'static [ObjectIdentifier]| {
        let mut chain = of_root(root, ca, leaf);
        (chain.inputs.explicit_policy, chain.inputs.policies) = (true, policies);
        chain
    };
    // policyConstraints with nothing skipped: 0x80 requireExplicitPolicy, 0x81 inhibitPolicyMapping.
    let demands = |draft: Draft, tag: u8| draft.with(oid::POLICY_CONSTRAINTS, true, vec![0x30, 3, tag, 1, 0]);
    vec![
        // The second before and the second after.
        (Check::PathLeafExpired, F::Expired { leaf: true }, of(ca(), leaf().valid("20250101000000Z", "20260531235959Z"))),
        (Check::PathLeafNotYetValid, F::NotYetValid { leaf: true }, of(ca(), leaf().valid("20260601000001Z", "20350101000000Z"))),
        (Check::PathIssuerExpired, F::Expired { leaf: false }, of(ca().valid("20250101000000Z", "20260531235959Z"), leaf())),
        (Check::PathIssuerNotYetValid, F::NotYetValid { leaf: false }, of(ca().valid("20260601000001Z", "20350101000000Z"), leaf())),
        (Check::PathSuits, F::Unsuitable, used(leaf(), Role::TimeStamping)),
        (Check::PathSuits, F::Unsuitable, used(leaf(), Role::OcspResponder)),
        (Check::PathSuits, F::Unsuitable, used(leaf(), Role::CrlIssuer)),
        (Check::PathSuits, F::Unsuitable, used(leaf().with(oid::EXTENDED_KEY_USAGE, false, purpose(&server)), Role::Signer)),
        (
            Check::PathSuits,
            F::Unsuitable,
            used(leaf().with(oid::EXTENDED_KEY_USAGE, false, purpose(&oid::KP_TIME_STAMPING)), Role::TimeStamping),
        ),
        (Check::PathAnchorRole, F::NoChain, Chain { anchor: &[Role::OcspResponder, Role::CrlIssuer], ..good() }),
        (Check::PathIssuerIsCa, F::NotCa, of(ca().with(oid::BASIC_CONSTRAINTS, true, vec![0x30, 0]), leaf())),
        (Check::PathIssuerSigns, F::KeyUsage, of(ca().with(oid::KEY_USAGE, true, vec![3, 2, 7, 0x80]), leaf())),
        (Check::PathNamePermitted, F::NameConstraint, of(bound(0xa0, 0xa4, &name("Bert")), leaf())),
        (Check::PathNamePermitted, F::NameConstraint, of(bound(0xa0, 0x87, &net), other(0x87, &[11, 1, 1, 1]))),
        (Check::PathNamePermitted, F::NameConstraint, of(bound(0xa0, 0x81, b"bank.example"), other(0x81, b"anna@evil.example"))),
        (Check::PathNameExcluded, F::NameConstraint, of(bound(0xa1, 0x82, b"bank.example"), host("www.BANK.example"))),
        (Check::PathNameExcluded, F::NameConstraint, of(bound(0xa1, 0x87, &net), other(0x87, &[10, 1, 1, 1]))),
        (Check::PathNameExcluded, F::NameConstraint, of(bound(0xa1, 0x86, b"evil.example"), other(0x86, b"https://evil.example/x"))),
        (Check::PathExplicitPolicy, F::Policy, of(demanding, asserts(leaf(), &[P2]))),
        (Check::PathAnyInhibited, F::Policy, of(narrow, asserts(leaf(), &[oid::ANY_POLICY]))),
        (Check::PathAnyMapped, F::Policy, of(maps(one(ca()), oid::ANY_POLICY, P2), one(leaf()))),
        (Check::PathAnchorPolicy, F::Policy, under(asserts(root(None), &[P2]), one(ca()), one(leaf()), &[])),
        (Check::PathAnchorPolicy, F::Policy, under(asserts(root(None), &[P2]), one(ca()), one(leaf()), &[P1])),
        (Check::PathAnchorDemands, F::Policy, of_root(demands(root(None), 0x80), one(ca()), asserts(leaf(), &[P2]))),
        (Check::PathAnchorDemands, F::Policy, under(demands(root(None), 0x81), maps(one(ca()), P1, P2), asserts(leaf(), &[P2]), &[P1])),
        (
            Check::PathAnchorDemands,
            F::Policy,
            under(root(None).with(oid::INHIBIT_ANY_POLICY, true, vec![2, 1, 0]), one(ca()), asserts(leaf(), &[oid::ANY_POLICY]), &[P1]),
        ),
    ]
}

fn all_chains() -> Vec<(Check, PathFailure, Chain)> {
    chains().into_iter().chain(further_chains()).collect()
}

/// The certificates of every row, for the fuzzer to begin with.
pub(crate) fn certificates() -> Vec<Vec<u8>> {
    let both = |(.., chain): (Check, PathFailure, Chain)| [chain.ca.issue_der(&Key::new(1)), chain.leaf.issue_der(&Key::new(chain.signer))];
    all_chains().into_iter().flat_map(both).collect()
}

/// How many chains the matrix has, and how many of its checks another file proves with a statement each.
pub(crate) fn turned() -> usize {
    all_chains().len() + ELSEWHERE.len()
}

#[test]
fn with_a_check_off_its_chain_is_valid() {
    assert_eq!(judge(&good()), Ok(()));
    let chains = all_chains();
    let mut wrong = Vec::new();
    for (row, (check, failure, chain)) in chains.iter().enumerate() {
        let found = (judge(chain), without(&[*check], || judge(chain)));
        if found != (Err(*failure), Ok(())) {
            wrong.push(format!("{row}, {check:?}: {found:?} instead of {failure:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let proven = |check: &Check| chains.iter().any(|(known, ..)| known == check) != ELSEWHERE.contains(check);
    let unproven: Vec<&Check> = Check::PATH.iter().filter(|check| !proven(check)).collect();
    assert!(unproven.is_empty(), "{unproven:?}");
    assert_eq!(chains.len(), 49);
}
