//! Forged and damaged documents: each must get its verdict and the reason for it, and the document it is made from must be clean.
//!
//! What is done to structure, range and sections is in the attack kit (`tests/kit`), which shares the documents and seals of this folder.
//!
//! Takes small documents written here, signed through the public API with a throw-away authority; gives forgeries by hand. Every
//! forgery stands beside a control built alike but without the attack.

// Tests are an edge: they run programs and read files.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

mod authority;
mod certified;
mod changes;
mod damage;
mod document;
mod fields;
mod seal;
mod sections;
mod tags;

use thrivosign::pki::trust::TrustAnchors;
use thrivosign::verify::{Policy, Report, VerifyOptions, verify};
use thrivosign::{Progress, Result};

/// The verdict at the time of the test authority.
fn judged(bytes: &[u8]) -> Result<Report> {
    let trust = TrustAnchors::from_pem(&authority::authority().root)?;
    let options = VerifyOptions { trust: &trust, time: authority::now(), policy: Policy::default(), password: None, evidence: None };
    verify(&bytes.to_vec(), &options, &Progress::default())
}

fn report(name: &str, bytes: &[u8]) -> Report {
    let report = judged(bytes).unwrap_or_else(|e| panic!("{name}: no report: {e}"));
    let schema: serde_json::Value = serde_json::from_str(include_str!("../../docs/schema/report-1.json")).expect("the schema is JSON");
    let value: serde_json::Value = serde_json::from_str(&report.to_json().expect("a report serialises")).expect("it is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is a schema");
    let errors: Vec<String> = validator.iter_errors(&value).map(|e| e.to_string()).collect();
    assert!(errors.is_empty(), "{name}: the report breaks its schema: {errors:?}");
    report
}

fn assert_clean(name: &str, bytes: &[u8]) -> Report {
    let report = report(name, bytes);
    assert!(report.clean, "{name} should be clean:\n{report}");
    report
}

/// Not clean, and for that reason. The first signature is the one that was attacked.
fn assert_refused(name: &str, bytes: &[u8], reason: &str) -> Report {
    let report = report(name, bytes);
    let first = report.signatures.first().unwrap_or_else(|| panic!("{name}: the signature is not reported"));
    assert!(!report.clean && !first.clean, "{name} must not be clean:\n{report}");
    let codes: Vec<&str> = first.reasons.iter().map(|r| r.code).collect();
    assert!(codes.contains(&reason), "{name}: {codes:?} lacks {reason}:\n{report}");
    report
}
