//! Odd but legal documents: every one opens, is signed twice in a row and found clean, by us and by the judges outside.
//!
//! Takes documents written by hand, each with one liberty that ISO 32000-2 gives its writers; expects that the original bytes stay a
//! prefix, that the verifier calls both signatures clean, that `qpdf --check` finds no more fault than before, and that pdfsig calls both
//! signatures valid. Where pdfsig cannot read a legal document the ledger says so.

// Tests are an edge: they run programs and read files.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

#[allow(unreachable_pub, reason = "shared with the forged documents")]
#[path = "../forged/authority.rs"]
mod authority;
#[allow(dead_code, unreachable_pub, reason = "shared with the forged documents, which need more of it")]
#[path = "../forged/document.rs"]
mod document;
mod exhaustive;
mod files;
mod forms;
mod hostile;
mod invented;
mod mutations;
mod numbers;
mod pages;
mod paper;
#[path = "../interop/python.rs"]
mod python;
mod random;
#[path = "../oracle/mod.rs"]
mod reading;
#[allow(dead_code, unreachable_pub, reason = "shared with the forged documents, which need more of it")]
#[path = "../forged/seal.rs"]
mod seal;
mod shown;
mod syntax;

use document::signed_as;
use shown::Shown;
use std::process::Command;
use thrivosign::Progress;
use thrivosign::pdf::{Document, Rect};
use thrivosign::pki::trust::TrustAnchors;
use thrivosign::sign::{Placement, SignatureRequest};
use thrivosign::verify::{Policy, Report, VerifyOptions, verify};

/// Documents that pdfsig cannot read or judges otherwise, and why. Everything here is legal and must be clean for us.
const LEDGER: &[(&str, &str)] = &[
    (
        "junk and a stream",
        "poppler and qpdf count offsets from the header (ISO 32000-2 7.5.2), and neither can rebuild a cross-reference stream",
    ),
    (
        "a signature field with its widget apart",
        "poppler looks for /V in the widget alone, not in the field whose kid it is (ISO 32000-2 12.7.4.1)",
    ),
];

/// A document, and how it is to be signed.
struct Case {
    name: &'static str,
    bytes: Vec<u8>,
    field: Option<&'static str>,
    boxes: [Option<[f64; 4]>; 2],
}

fn case(name: &'static str, bytes: Vec<u8>) -> Case {
    Case { name, bytes, field: None, boxes: [None, None] }
}

impl Case {
    /// The first signature goes into that field.
    fn field(mut self, name: &'static str) -> Case {
        self.field = Some(name);
        self
    }

    /// Both signatures show.
    fn visible(mut self, first: [f64; 4], second: [f64; 4]) -> Case {
        self.boxes = [Some(first), Some(second)];
        self
    }
}

fn request(field: Option<&str>, place: Option<[f64; 4]>) -> SignatureRequest {
    let mut request = SignatureRequest::new(authority::now());
    request.field = field.map(ToOwned::to_owned);
    if let Some([x, y, w, h]) = place {
        request.placement = Placement::Visible { page: 1, rect: Rect::new(x, y, x + w, y + h) };
    }
    request
}

fn judged(bytes: &[u8]) -> thrivosign::Result<Report> {
    judged_at(bytes, authority::now())
}

fn judged_at(bytes: &[u8], time: thrivosign::Time) -> thrivosign::Result<Report> {
    let trust = TrustAnchors::from_pem(&authority::authority().root)?;
    let options = VerifyOptions { trust: &trust, time, policy: Policy::default(), password: None, evidence: None };
    verify(&bytes, &options, &Progress::default())
}

/// Whether the judges can be asked; in CI they must be there.
fn judges() -> bool {
    let there = ["qpdf", "pdfsig"].iter().all(|program| Command::new(program).arg("--version").output().is_ok());
    assert!(there || !std::env::var("CI").is_ok_and(|ci| ci == "true"), "qpdf or pdfsig is missing");
    if !there {
        eprintln!("SKIPPED: qpdf or pdfsig is missing; `cargo xtask test` installs them");
    }
    there
}

/// How much qpdf finds: nothing, warnings, errors.
fn qpdf(bytes: &[u8]) -> (u8, String) {
    let file = saved(bytes);
    let out = Command::new("qpdf").arg("--check").arg(file.path()).output().expect("qpdf runs");
    let worth = match out.status.code() {
        Some(0) => 0,
        Some(3) => 1,
        _ => 2,
    };
    (worth, String::from_utf8_lossy(&[out.stdout, out.stderr].concat()).into_owned())
}

fn saved(bytes: &[u8]) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    std::fs::write(file.path(), bytes).expect("written");
    file
}

/// How many signatures pdfsig sees and how many it calls valid.
fn pdfsig(bytes: &[u8]) -> (usize, usize, String) {
    let file = saved(bytes);
    let out = Command::new("pdfsig").arg("-nocert").arg(file.path()).output().expect("pdfsig runs");
    let text = String::from_utf8_lossy(&[out.stdout, out.stderr].concat()).into_owned();
    let empty = text.matches("The signature form field is not signed.").count();
    (text.matches("Signature #").count() - empty, text.matches("Signature is Valid").count(), text)
}

fn signed_twice(case: &Case) -> [Vec<u8>; 2] {
    let once = signed_as(&case.bytes, &request(case.field, case.boxes[0]));
    let twice = signed_as(&once, &request(None, case.boxes[1]));
    [once, twice]
}

fn check(case: &Case, outside: bool, shown: &Shown) -> Result<(), String> {
    let document = Document::open(&case.bytes).map_err(|e| format!("does not open: {e}"))?;
    let facts = thrivosign::inspect::inspect(&document).map_err(|e| format!("is not inspected: {e}"))?;
    if facts.pages == 0 {
        return Err("inspect finds no pages".to_owned());
    }
    let signed = std::panic::catch_unwind(|| signed_twice(case)).map_err(|cause| {
        let text = cause.downcast_ref::<String>().cloned().unwrap_or_default();
        format!("is not signed: {text}")
    })?;
    let [once, twice] = &signed;
    shown.add(case.name, twice);
    if !once.starts_with(&case.bytes) || !twice.starts_with(once) {
        return Err("the original bytes are no prefix".to_owned());
    }
    for (bytes, count) in [(once, 1), (twice, 2)] {
        let report = judged(bytes).map_err(|e| format!("is not judged: {e}"))?;
        if report.signatures.len() != count || !report.clean || report.signatures.iter().any(|s| !s.clean) {
            return Err(format!("not clean with {count} signatures:\n{report}"));
        }
    }
    if !outside {
        return Ok(());
    }
    let before = qpdf(&case.bytes);
    for bytes in [once, twice] {
        let after = qpdf(bytes);
        if after.0 > before.0 {
            return Err(format!("qpdf before: {} after: {}", before.1, after.1));
        }
    }
    let (seen, valid, text) = pdfsig(twice);
    let listed = LEDGER.iter().any(|(name, _)| *name == case.name);
    match ((seen, valid) == (2, 2), listed) {
        (true, false) | (false, true) => Ok(()),
        (true, true) => Err("pdfsig reads it after all: strike it from the ledger".to_owned()),
        (false, false) => Err(format!("pdfsig: {text}")),
    }
}

/// Runs every case and tells all that went wrong.
#[track_caller]
fn all(cases: &[Case], at_least: usize) {
    let (outside, shown) = (judges(), Shown::new(&format!("line-{}-of-{at_least}", std::panic::Location::caller().line())));
    let wrong: Vec<String> =
        cases.iter().filter_map(|case| check(case, outside, &shown).err().map(|why| format!("{}: {why}", case.name))).collect();
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
    assert!(cases.len() >= at_least, "cases went missing: {} of {at_least}", cases.len());
    shown.judged();
}
