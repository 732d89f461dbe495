//! The pki room, tests only: certificates made to keep a validator busy. Whatever they are, there is a verdict within a hundred signature checks and a
//! second of processor time (VERDICTS: 100 signature checks, 200,000 path steps, 250,000 name comparisons), and an honest path among them is found.

use super::{PathFailure, PathInputs, SIGNATURE_CHECKS, validate_within};
use crate::pki::certificate::Certificate;
use crate::pki::der;
use crate::pki::oid;
use crate::pki::revocation::testing::{AnswerDraft, ListDraft};
use crate::pki::revocation::{RevocationData, RevocationMode};
use crate::pki::role::Role;
use crate::pki::signatures::Signatures;
use crate::pki::testing::{Draft, Key, at};
use crate::pki::trust::TrustAnchors;

const NOW: &str = "2026-06-01T00:00:00Z";

fn key(n: u8) -> Key {
    Key::new(n)
}

fn ca(name: &str, own: u8, issuer: &str) -> Draft {
    Draft::ca(name, &key(own), issuer, None)
}

/// Certificates that differ in their last bytes alone, which are part of a signature that does not hold.
fn crowd(draft: &Draft, by: u8, how_many: u16) -> Vec<Certificate> {
    let template = draft.issue_der(&key(by));
    let one = |n: u16| {
        let mut der = template.clone();
        let end = der.len() - 2;
        der[end..].copy_from_slice(&n.to_be_bytes());
        Certificate::from_der(&der).unwrap()
    };
    (0..how_many).map(one).collect()
}

/// Twelve authorities that have all certified each other, and none by the anchor.
fn loops() -> Vec<Certificate> {
    let pairs = (0..12).flat_map(|i| (0..12).map(move |j| (i, j)));
    pairs.map(|(i, j)| ca(&format!("X{i}"), 20 + i, &format!("X{j}")).issue(&key(20 + j))).collect()
}

/// Fourteen rungs with two certificates each, so that there are 2^14 ways up, and nothing at the top.
fn ladder() -> Vec<Certificate> {
    let rung = |n: u8| [1, 2].map(|serial| ca(&format!("R{n}"), 40 + n, &format!("R{}", n + 1)).serial(serial).issue(&key(41 + n)));
    (0..14).flat_map(rung).collect()
}

fn names(tag: u8, how_many: usize) -> Vec<u8> {
    (0..how_many).flat_map(|n| der::write(tag, &[format!("a{n}.example").as_bytes()])).collect()
}

/// A CA that excludes a thousand hosts.
fn choosy() -> Draft {
    let subtrees: Vec<u8> =
        (0..1_000).flat_map(|n| der::write(der::SEQUENCE, &[&der::write(0x82, &[format!("b{n}.example").as_bytes()])])).collect();
    ca("CA", 2, "Root").with(oid::NAME_CONSTRAINTS, true, der::write(der::SEQUENCE, &[&der::write(0xa1, &[&subtrees])]))
}

/// What this thread has had of the processor, in nanoseconds.
#[expect(clippy::disallowed_methods, reason = "a test asks the kernel how long it ran")]
fn processor_time() -> u64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    told.split(' ').next().and_then(|first| first.parse().ok()).unwrap_or_default()
}

#[test]
fn a_verdict_within_a_second_and_a_hundred_signatures() {
    let anchors = TrustAnchors::from_iter([ca("Root", 1, "Root").issue(&key(1))]);
    let (honest, leaf) = (ca("CA", 2, "Root").issue(&key(1)), Draft::leaf("Anna", &key(3), "CA").issue(&key(2)));
    let under = |issuer: &str, by: u8| Draft::leaf("Anna", &key(3), issuer).issue(&key(by));
    let and = |mut pool: Vec<Certificate>, one: &Certificate| {
        pool.push(one.clone());
        pool
    };
    let named = Draft::leaf("Anna", &key(3), "CA").with(oid::SUBJECT_ALT_NAME, false, der::write(der::SEQUENCE, &[&names(0x82, 1_000)]));
    let none = RevocationData::default();
    let strangers = |n: u8| RevocationData {
        crls: (0..n).map(|n| ListDraft::new("CA").number(n & 0x7f).issue(&key(9))).collect(),
        ocsp: (0..n).map(|_| AnswerDraft::new(&leaf, &honest).issue(&key(9))).collect(),
    };
    let many = strangers(200);
    let (off, require) = (RevocationMode::Off, RevocationMode::Require);
    let budget = Err(PathFailure::Budget);
    type Row<'a> = (&'a str, Certificate, Vec<Certificate>, (RevocationMode, &'a RevocationData), Result<usize, PathFailure>);
    let cases: Vec<Row<'_>> = vec![
        ("authorities that certify each other", under("X0", 20), loops(), (off, &none), budget),
        ("ten thousand of one name", leaf.clone(), and(crowd(&ca("CA", 40, "Root"), 1, 10_000), &honest), (off, &none), budget),
        ("ten thousand of another name", leaf.clone(), and(crowd(&ca("Other", 40, "Root"), 1, 10_000), &honest), (off, &none), Ok(3)),
        (
            "ten thousand times the leaf",
            leaf.clone(),
            and(crowd(&Draft::leaf("Anna", &key(3), "CA"), 2, 10_000), &honest),
            (off, &none),
            Ok(3),
        ),
        ("two ways at each of fourteen rungs", under("R0", 40), ladder(), (off, &none), Err(PathFailure::NoChain)),
        ("a thousand names under a thousand constraints", named.issue(&key(2)), vec![choosy().issue(&key(1))], (off, &none), budget),
        ("statements of strangers", leaf.clone(), vec![honest.clone()], (require, &many), budget),
        ("an honest path", leaf.clone(), vec![honest.clone()], (off, &none), Ok(3)),
    ];
    assert_eq!(cases.len(), 8);
    for (what, leaf, pool, (revocation, data), expected) in cases {
        let inputs = PathInputs { revocation, data: Some(data), ..PathInputs::at(at(NOW), Role::Any) };
        let mut signatures = Signatures::new(SIGNATURE_CHECKS, None);
        let before = processor_time();
        let found = validate_within(&leaf, &pool, &anchors, &inputs, &mut signatures).map(|found| found.chain.len());
        let took = processor_time().saturating_sub(before) / 1_000_000;
        println!("{what}: {took} ms, {found:?}");
        assert_eq!(found, expected, "{what}");
        assert!(took < 1_000, "{what}: {took} ms");
    }
    assert_eq!(SIGNATURE_CHECKS, 100);
}
