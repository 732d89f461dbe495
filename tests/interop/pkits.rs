//! NIST PKITS (public domain, from the Python package `cryptography_vectors`): every test of sections 4.1 to 4.16 with its policy inputs,
//! without and with revocation data required.
//!
//! Takes the table beside this file, gives every path that is judged otherwise than the test suite says. More lenient is never right; stricter
//! only for what the list below names.

#[path = "../certval/ask.rs"]
mod certval;

use crate::corpus::bench;
use std::path::{Path, PathBuf};
use std::process::Command;
use thrivosign::Time;
use thrivosign::pki::oid::ObjectIdentifier;
use thrivosign::pki::path::{PathFailure, PathInputs, validate};
use thrivosign::pki::revocation::{Crl, RevocationData, RevocationMode};
use thrivosign::pki::{Certificate, Role, TrustAnchors};

/// Where we are stricter, and why.
const STRICTER: &[(&str, PathFailure)] = &[
    // DSA is not supported.
    ("4.1.4", PathFailure::AlgorithmUnsupported),
    ("4.1.5", PathFailure::AlgorithmUnsupported),
];

/// Signatures that are no bit string of whole bytes: no certificates to us.
const UNREADABLE: &[&str] = &["BadSignedCACert", "InvalidDSASignatureTest6EE"];

/// Lists whose signature is no bit string of whole bytes.
const UNREADABLE_LISTS: &[&str] = &["BadCRLSignatureCACRL"];

struct Test<'t> {
    number: &'t str,
    expected: &'t str,
    leaf: &'t str,
    certificates: Vec<&'t str>,
    lists: Vec<&'t str>,
    policies: Vec<ObjectIdentifier>,
    options: Vec<&'t str>,
}

fn tests() -> Vec<Test<'static>> {
    let list = |text: &'static str| text.split(',').filter(|one| !matches!(*one, "-" | "any")).collect::<Vec<_>>();
    let policy = |arc: &str| ObjectIdentifier::new(&format!("2.16.840.1.101.3.2.1.48.{arc}")).unwrap();
    let lines = include_str!("pkits.tsv").lines().filter(|line| !line.starts_with('#'));
    let read = |line: &'static str| {
        let [number, expected, leaf, certificates, lists, policies, options] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        Test {
            number,
            expected,
            leaf,
            certificates: list(certificates),
            lists: list(lists),
            policies: list(policies).into_iter().map(policy).collect(),
            options: options.split(',').collect(),
        }
    };
    lines.map(read).collect()
}

/// Where the package has put them; none where it is not installed.
pub(crate) fn vectors(python: &Path) -> Option<PathBuf> {
    let script = "import cryptography_vectors as v, os; print(os.path.join(os.path.dirname(v.__file__), 'x509'))";
    let output = Command::new(python).args(["-c", script]).output().ok().filter(|output| output.status.success())?;
    Some(PathBuf::from(String::from_utf8(output.stdout).ok()?.trim()))
}

#[test]
fn every_pkits_path_is_judged_as_nist_says() {
    let Some(bench) = bench() else { return };
    let data = vectors(&bench.python).expect("cryptography_vectors is among the requirements").join("PKITS_data");
    let certificate = |name: &str| {
        let path = data.join("certs").join(format!("{name}.crt"));
        let read = Certificate::from_der(&std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())));
        assert_eq!(read.is_err(), UNREADABLE.contains(&name), "{name}");
        read.ok()
    };
    let anchors = TrustAnchors::from_iter([certificate("TrustAnchorRootCertificate").unwrap()]);
    let list = |name: &str| {
        let path = data.join("crls").join(format!("{name}.crl"));
        let read = Crl::from_der(&std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())));
        assert_eq!(read.is_err(), UNREADABLE_LISTS.contains(&name), "{name}: {read:?}");
        read.ok()
    };
    let time = Time::from_rfc3339("2015-06-01T00:00:00Z").unwrap();
    let tests = tests();
    let (mut wrong, mut stricter, mut compared) = (Vec::new(), Vec::new(), 0);
    for test in &tests {
        let pool: Vec<Certificate> = test.certificates.iter().filter_map(|name| certificate(name)).collect();
        let inputs = PathInputs {
            policies: &test.policies,
            explicit_policy: test.options.contains(&"explicit"),
            inhibit_mapping: test.options.contains(&"mapping"),
            inhibit_any: test.options.contains(&"any"),
            ..PathInputs::at(time, Role::Any)
        };
        let outcome = certificate(test.leaf).map_or(Err(PathFailure::NoChain), |leaf| validate(&leaf, &pool, &anchors, &inputs));
        // Revocation left aside; what cannot be read here is no question.
        if let Some(leaf) = certificate(test.leaf) {
            let question = certval::Question {
                leaf: leaf.der(),
                pool: pool.iter().map(Certificate::der).collect(),
                anchors: anchors.iter().map(Certificate::der).collect(),
                time: time.unix(),
                policies: test.policies.iter().map(ToString::to_string).collect(),
                explicit: inputs.explicit_policy,
                inhibit_any: inputs.inhibit_any,
                inhibit_mapping: inputs.inhibit_mapping,
            };
            match certval::agrees(&format!("PKITS {}", test.number), outcome.is_ok(), &question) {
                Ok(asked) => compared += usize::from(asked),
                Err(different) => wrong.push(different),
            }
        }
        // What revocation alone makes invalid is valid as long as nobody asks.
        match (test.expected, outcome) {
            ("valid" | "revoked", Err(failure)) if STRICTER.contains(&(test.number, failure)) => stricter.push(test.number),
            ("valid" | "revoked", Ok(_)) | ("invalid", Err(_)) => {}
            (_, outcome) => wrong.push(format!("{} {}: {:?}", test.number, test.leaf, outcome.map(|found| found.policies))),
        }
        let revocation = RevocationData { crls: test.lists.iter().filter_map(|name| list(name)).collect(), ..RevocationData::default() };
        let inputs = PathInputs { revocation: RevocationMode::Require, data: Some(&revocation), ..inputs };
        let outcome = certificate(test.leaf).map_or(Err(PathFailure::NoChain), |leaf| validate(&leaf, &pool, &anchors, &inputs));
        match (test.expected, outcome) {
            ("valid", Err(failure)) if STRICTER.contains(&(test.number, failure)) => {}
            ("valid", Ok(_)) | ("invalid", Err(_)) => {}
            ("revoked", Err(PathFailure::Revoked { .. } | PathFailure::RevocationUnknown)) => {}
            (_, outcome) => wrong.push(format!("{} {}, revocation: {:?}", test.number, test.leaf, outcome.map(|found| found.policies))),
        }
    }
    assert!(wrong.is_empty(), "{} paths judged otherwise:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(stricter.len(), STRICTER.len(), "{stricter:?}");
    let part = |number: &str| number.splitn(4, '.').take(3).collect::<Vec<_>>().join(".");
    let mut numbers: Vec<String> = tests.iter().map(|test| part(test.number)).collect();
    numbers.dedup();
    assert_eq!((tests.len(), numbers.len()), (249, 224));
    let judge = std::env::var_os("THRIVOSIGN_CERTVAL").is_some_and(|path| !path.is_empty());
    assert!(judge || !std::env::var("CI").is_ok_and(|ci| ci == "true"), "no certval to compare with");
    assert_eq!(compared, if judge { 248 } else { 0 });
}
