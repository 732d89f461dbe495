//! The fuzzer's bytes as a whole document, as they are or with sections that are right: verified to the end, reported in every form, and,
//! since nobody is trusted, never clean.

use crate::frame::framed;
use thrivosign::pki::trust::TrustAnchors;
use thrivosign::verify::{Policy, VerifyOptions, verify};
use thrivosign::{Progress, Time};

pub(crate) fn check(data: &[u8]) {
    let trust = TrustAnchors::default();
    let options =
        VerifyOptions { trust: &trust, time: Time::from_unix(1_780_000_000), policy: Policy::default(), password: None, evidence: None };
    let file = if data.starts_with(b"%PDF") { data.to_vec() } else { framed(data) };
    let Ok(report) = verify(&file, &options, &Progress::default()) else { return };
    assert!(!report.clean, "nobody is trusted, and all is well:\n{report}");
    for signature in &report.signatures {
        assert!(!signature.clean && !signature.reasons.is_empty(), "a signature that is not clean for no reason:\n{report}");
    }
    let json = serde_json::to_value(&report).expect("JSON");
    assert_eq!(json["signatures"].as_array().map(Vec::len), Some(report.signatures.len()));
    assert!(!report.to_string().is_empty());
}
