//! The pki room, tests only: cases of certificate policies (RFC 5280 6.1 with RFC 9618): the caller's set, explicit policy, mapping, anyPolicy.

use super::{PathFailure, PathInputs, validate};
use crate::pki::certificate::Certificate;
use crate::pki::der;
use crate::pki::oid;
use crate::pki::role::Role;
use crate::pki::testing::{Draft, Key, at, name, second_opinion};
use crate::pki::trust::TrustAnchors;
use const_oid::ObjectIdentifier;

const ANY: &str = "2.5.29.32.0";
/// The serial number of a CA's new key, certified by its old one.
const ROLLOVER: u8 = 7;
const P1: &str = "1.2.3.1";
const P2: &str = "1.2.3.2";
const P3: &str = "1.2.3.3";

fn oid_of(text: &str) -> ObjectIdentifier {
    ObjectIdentifier::new(text).unwrap()
}

trait Policies {
    fn policies(self, list: &[&str]) -> Draft;
    fn maps(self, pairs: &[(&str, &str)]) -> Draft;
    fn demands(self, tag: u8, n: u8) -> Draft;
    fn inhibits_any(self, n: u8) -> Draft;
}

impl Policies for Draft {
    fn policies(self, list: &[&str]) -> Draft {
        let all: Vec<u8> = list.iter().flat_map(|p| der::write(der::SEQUENCE, &[&der::write_oid(&oid_of(p))])).collect();
        self.with(oid::CERTIFICATE_POLICIES, false, der::write(der::SEQUENCE, &[&all]))
    }
    fn maps(self, pairs: &[(&str, &str)]) -> Draft {
        let pair = |(a, b): &(&str, &str)| der::write(der::SEQUENCE, &[&der::write_oid(&oid_of(a)), &der::write_oid(&oid_of(b))]);
        let all: Vec<u8> = pairs.iter().flat_map(pair).collect();
        self.with(oid::POLICY_MAPPINGS, true, der::write(der::SEQUENCE, &[&all]))
    }
    /// policyConstraints: 0x80 requireExplicitPolicy, 0x81 inhibitPolicyMapping.
    fn demands(self, tag: u8, n: u8) -> Draft {
        self.with(oid::POLICY_CONSTRAINTS, true, der::write(der::SEQUENCE, &[&[tag, 1, n]]))
    }
    fn inhibits_any(self, n: u8) -> Draft {
        self.with(oid::INHIBIT_ANY_POLICY, true, vec![2, 1, n])
    }
}

fn root() -> Draft {
    Draft::ca("Root", &Key::new(1), "Root", None)
}

fn ca(list: &[&str]) -> Draft {
    Draft::ca("CA", &Key::new(2), "Root", None).policies(list)
}

fn sub(list: &[&str]) -> Draft {
    Draft::ca("Sub", &Key::new(4), "CA", None).policies(list)
}

fn leaf(list: &[&str]) -> Draft {
    Draft::leaf("Anna", &Key::new(3), "CA").policies(list)
}

fn below(list: &[&str]) -> Draft {
    leaf(list).with_issuer("Sub")
}

/// The caller's policies; the first letters say what else: e explicit, a anyPolicy inhibited, m mapping inhibited.
type Asked = (&'static str, &'static [&'static str]);
type Expected = Result<&'static [&'static str], PathFailure>;

fn judge(what: &str, anchor: &Draft, drafts: Vec<Draft>, (options, user): Asked) -> Result<Vec<String>, PathFailure> {
    let (last, rolled) = (drafts.len() - 1, drafts.iter().any(|draft| draft.serial == [ROLLOVER]));
    let issue = |(place, draft): (usize, &Draft)| {
        let issuer = [("Root", 1), ("CA", 2), ("Sub", 4)].into_iter().find(|(text, _)| name(text) == draft.issuer).unwrap();
        draft.issue(&Key::new(if place == last && rolled { 12 } else { issuer.1 }))
    };
    let issued: Vec<Certificate> = drafts.iter().enumerate().map(issue).collect();
    let (leaf, pool) = issued.split_last().unwrap();
    let policies: Vec<ObjectIdentifier> = user.iter().map(|p| oid_of(p)).collect();
    let inputs = PathInputs {
        policies: &policies,
        explicit_policy: options.contains('e'),
        inhibit_any: options.contains('a'),
        inhibit_mapping: options.contains('m'),
        ..PathInputs::at(at("2026-06-01T00:00:00Z"), Role::Signer)
    };
    let anchors = TrustAnchors::from_iter([anchor.issue(&Key::new(1))]);
    let found = validate(leaf, pool, &anchors, &inputs);
    second_opinion(what, found.is_ok(), leaf, pool, &anchors, &inputs);
    found.map(|found| found.policies.iter().map(ToString::to_string).collect())
}

#[test]
fn what_the_caller_asks_for() {
    let no: Expected = Err(PathFailure::Policy);
    let none = || Draft::leaf("Anna", &Key::new(3), "CA");
    let rollover = |list: &[&str]| Draft::ca("CA", &Key::new(12), "CA", None).serial(ROLLOVER).policies(list);
    let cases: Vec<(&str, Vec<Draft>, Asked, Expected)> = vec![
        ("the same all the way", vec![ca(&[P1]), leaf(&[P1])], ("e", &[]), Ok(&[P1])),
        ("none at the end", vec![ca(&[P1]), none()], ("e", &[]), no),
        ("none at the end, none asked for", vec![ca(&[P1]), none()], ("", &[]), Ok(&[])),
        ("another at the end", vec![ca(&[P1]), leaf(&[P2])], ("e", &[]), no),
        ("two, one of them at the end", vec![ca(&[P1, P2]), leaf(&[P2, P3])], ("e", &[]), Ok(&[P2])),
        ("not the caller's", vec![ca(&[P1]), leaf(&[P1])], ("e", &[P2]), no),
        ("not the caller's, not demanded", vec![ca(&[P1]), leaf(&[P1])], ("", &[P2]), Ok(&[])),
        ("the caller's", vec![ca(&[P1, P2]), leaf(&[P1, P2])], ("e", &[P2]), Ok(&[P2])),
        ("the caller takes any", vec![ca(&[P1]), leaf(&[P1])], ("e", &[P3, ANY]), Ok(&[P1])),
        ("any all the way", vec![ca(&[ANY]), leaf(&[ANY])], ("e", &[]), Ok(&[ANY])),
        ("any all the way is the caller's", vec![ca(&[ANY]), leaf(&[ANY])], ("e", &[P1, P2]), Ok(&[P1, P2])),
        ("any above, one below", vec![ca(&[ANY]), leaf(&[P1])], ("e", &[P1, P2]), Ok(&[P1])),
        ("one above, any below", vec![ca(&[P1]), leaf(&[ANY])], ("e", &[]), Ok(&[P1])),
        ("any inhibited from the start", vec![ca(&[ANY]), leaf(&[ANY])], ("ea", &[]), no),
        ("any inhibited, above", vec![ca(&[ANY]), leaf(&[P1])], ("ea", &[]), no),
        ("any inhibited, below", vec![ca(&[P1]), leaf(&[ANY])], ("ea", &[]), no),
        ("any inhibited, not used", vec![ca(&[P1]), leaf(&[P1])], ("ea", &[]), Ok(&[P1])),
        ("inhibited by the ca at once", vec![ca(&[P1]).inhibits_any(0), leaf(&[ANY])], ("e", &[]), no),
        ("inhibited by the ca after one", vec![ca(&[P1]).inhibits_any(1), leaf(&[ANY])], ("e", &[]), Ok(&[P1])),
        ("inhibited after one, two below", vec![ca(&[P1]).inhibits_any(1), sub(&[P1]), below(&[ANY])], ("e", &[]), no),
        ("any in a self-issued one", vec![ca(&[P1]).inhibits_any(0), rollover(&[ANY]), leaf(&[P1])], ("e", &[]), Ok(&[P1])),
        ("mapped", vec![ca(&[P1]).maps(&[(P1, P2)]), leaf(&[P2])], ("e", &[P1]), Ok(&[P1])),
        ("mapped, in the terms of the other", vec![ca(&[P1]).maps(&[(P1, P2)]), leaf(&[P2])], ("e", &[P2]), no),
        ("mapped away", vec![ca(&[P1]).maps(&[(P1, P2)]), leaf(&[P1])], ("e", &[]), no),
        ("mapping inhibited from the start", vec![ca(&[P1]).maps(&[(P1, P2)]), leaf(&[P2])], ("em", &[]), no),
        ("mapping inhibited takes the mapped one away", vec![ca(&[P1]).maps(&[(P1, P2)]), leaf(&[P1])], ("em", &[]), no),
        ("mapping inhibited leaves the rest", vec![ca(&[P1, P3]).maps(&[(P1, P2)]), leaf(&[P1, P3])], ("em", &[]), Ok(&[P3])),
        ("mapping inhibited by the ca", vec![ca(&[P1]).demands(0x81, 0), sub(&[P1]).maps(&[(P1, P2)]), below(&[P2])], ("e", &[]), no),
        ("mapping allowed once", vec![ca(&[P1]).demands(0x81, 1), sub(&[P1]).maps(&[(P1, P2)]), below(&[P2])], ("e", &[]), Ok(&[P1])),
        ("one to two", vec![ca(&[P1]).maps(&[(P1, P2), (P1, P3)]), leaf(&[P3])], ("e", &[P1]), Ok(&[P1])),
        ("two to one", vec![ca(&[P1, P2]).maps(&[(P1, P3), (P2, P3)]), leaf(&[P3])], ("e", &[]), Ok(&[P1, P2])),
        ("mapped twice", vec![ca(&[P1]).maps(&[(P1, P2)]), sub(&[P2]).maps(&[(P2, P3)]), below(&[P3])], ("e", &[P1]), Ok(&[P1])),
        ("exchanged", vec![ca(&[P1, P2]).maps(&[(P1, P2), (P2, P1)]), leaf(&[P1])], ("e", &[]), Ok(&[P2])),
        ("mapped from under any", vec![ca(&[ANY]).maps(&[(P1, P2)]), leaf(&[P2])], ("e", &[P1]), Ok(&[P1])),
        ("any beside a mapping", vec![ca(&[ANY]).maps(&[(P1, P2)]), leaf(&[P3])], ("e", &[P3]), Ok(&[P3])),
        ("mapped what is not asserted", vec![ca(&[P3]).maps(&[(P1, P2)]), leaf(&[P2])], ("e", &[]), no),
        ("mapped to any", vec![ca(&[P1]).maps(&[(P1, ANY)]), leaf(&[P2])], ("", &[]), no),
        ("mapped from any", vec![ca(&[P1]).maps(&[(ANY, P2)]), leaf(&[P2])], ("", &[]), no),
        ("demanded by the ca", vec![ca(&[P1]).demands(0x80, 0), leaf(&[P2])], ("", &[]), no),
        ("demanded after one", vec![ca(&[P1]).demands(0x80, 1), leaf(&[P2])], ("", &[]), no),
        ("demanded after two", vec![ca(&[P1]).demands(0x80, 2), leaf(&[P2])], ("", &[]), Ok(&[])),
        ("demanded by the leaf itself", vec![ca(&[P1]), leaf(&[P2]).demands(0x80, 0)], ("", &[]), no),
        ("lost in between", vec![ca(&[P1]), sub(&[P2]), below(&[P1])], ("e", &[]), no),
        ("constraints that cannot be read", vec![ca(&[P1]).with(oid::POLICY_CONSTRAINTS, true, vec![5, 0]), leaf(&[P1])], ("", &[]), no),
    ];
    assert_eq!(cases.len(), 44);
    for (what, drafts, asked, expected) in cases {
        let expected = expected.map(|list| list.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(judge(what, &root(), drafts, asked), expected, "{what}");
    }
}

/// What an anchor says of policies counts as the caller's own word does (RFC 5937 3.2).
#[test]
fn what_an_anchor_asks_for() {
    let no: Expected = Err(PathFailure::Policy);
    let plain = |list: &[&str]| vec![ca(list), leaf(list)];
    let mapping = || vec![ca(&[P1]).maps(&[(P1, P2)]), leaf(&[P2])];
    let cases: Vec<(&str, Draft, Vec<Draft>, Asked, Expected)> = vec![
        ("anchor: the same policy", root().policies(&[P1]), plain(&[P1]), ("e", &[]), Ok(&[P1])),
        ("anchor: another policy", root().policies(&[P2]), plain(&[P1]), ("e", &[]), no),
        ("anchor: another policy, none demanded", root().policies(&[P2]), plain(&[P1]), ("", &[]), Ok(&[])),
        ("anchor: one of two", root().policies(&[P2]), plain(&[P1, P2]), ("e", &[]), Ok(&[P2])),
        ("anchor: any", root().policies(&[ANY]), plain(&[P1]), ("e", &[]), Ok(&[P1])),
        ("anchor: any, and the caller's", root().policies(&[ANY]), plain(&[P1, P2]), ("e", &[P2]), Ok(&[P2])),
        ("anchor: what the caller has, too", root().policies(&[P1, P2]), plain(&[P1, P2, P3]), ("e", &[P2, P3]), Ok(&[P2])),
        ("anchor: nothing in common with the caller", root().policies(&[P1]), plain(&[P1, P2]), ("e", &[P2]), no),
        ("anchor: any below stands for its policies", root().policies(&[P1]), plain(&[ANY]), ("e", &[]), Ok(&[P1])),
        ("anchor: demands a policy", root().demands(0x80, 0), vec![ca(&[P1]), leaf(&[P2])], ("", &[]), no),
        ("anchor: demands a policy, and there is one", root().demands(0x80, 0), plain(&[P1]), ("", &[]), Ok(&[P1])),
        ("anchor: demands one further down", root().demands(0x80, 2), vec![ca(&[P1]), leaf(&[P2])], ("", &[]), no),
        ("anchor: demands one below the leaf", root().demands(0x80, 3), vec![ca(&[P1]), leaf(&[P2])], ("", &[]), Ok(&[])),
        ("anchor: inhibits mapping", root().demands(0x81, 0), mapping(), ("e", &[]), no),
        ("anchor: inhibits mapping further down", root().demands(0x81, 1), mapping(), ("e", &[]), Ok(&[P1])),
        ("anchor: inhibits any", root().inhibits_any(0), vec![ca(&[P1]), leaf(&[ANY])], ("e", &[]), no),
        ("anchor: inhibits any further down", root().inhibits_any(2), vec![ca(&[P1]), leaf(&[ANY])], ("e", &[]), Ok(&[P1])),
        ("anchor: constraints that cannot be read", root().with(oid::POLICY_CONSTRAINTS, true, vec![5, 0]), plain(&[P1]), ("", &[]), no),
    ];
    assert_eq!(cases.len(), 18);
    for (what, anchor, drafts, asked, expected) in cases {
        let expected = expected.map(|list| list.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(judge(what, &anchor, drafts, asked), expected, "{what}");
    }
}

/// Where a tree would have thirty to the power of ten leaves, the graph has thirty nodes a level.
#[test]
fn mappings_of_all_to_all_stay_small() {
    let names: Vec<String> = (0..30).map(|n| format!("1.2.3.{n}")).collect();
    let list: Vec<&str> = names.iter().map(String::as_str).collect();
    let pairs: Vec<(&str, &str)> = list.iter().flat_map(|a| list.iter().map(|b| (*a, *b))).collect();
    let link = |n: u8| if n == 0 { "Root".to_owned() } else { format!("X{n}") };
    let key = |n: u8| Key::new(if n == 0 { 1 } else { 60 + n });
    let pool: Vec<Certificate> =
        (1..=10).map(|n| Draft::ca(&link(n), &key(n), &link(n - 1), None).policies(&list).maps(&pairs).issue(&key(n - 1))).collect();
    let end = Draft::leaf("Anna", &Key::new(3), &link(10)).policies(&[P1]).issue(&key(10));
    let wanted = [oid_of("1.2.3.29")];
    let inputs = PathInputs { policies: &wanted, explicit_policy: true, ..PathInputs::at(at("2026-06-01T00:00:00Z"), Role::Signer) };
    let found = validate(&end, &pool, &TrustAnchors::from_iter([root().issue(&Key::new(1))]), &inputs).unwrap();
    assert_eq!((found.chain.len(), found.policies), (12, wanted.to_vec()));
}
