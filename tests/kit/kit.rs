//! The attack kit: forged documents by family, each with the reason it must get, beside a control that is built alike but without the
//! attack and is clean.
//!
//! Takes nothing but fixed keys and a fixed time, gives the same bytes in every run. Two users: the test target `kit` (every verdict) and
//! the library's own unit tests (`src/verify/switches.rs`: with a check off, a file turns clean). It therefore knows the library by its
//! public API alone, and itself by `super`.
//!
//! A family is one function in a file of `families/`, named in `families/mod.rs`; it may have up to [`MOST_FILES`] forged files. The
//! documents and their seals are those of `tests/forged`.

// Tables of cases with closures.
#![allow(clippy::type_complexity)]

pub(crate) mod authority;
pub(crate) mod cms_draft;
pub(crate) mod der;
#[allow(dead_code, reason = "shared with tests/forged")]
#[path = "../forged/document.rs"]
pub(crate) mod document;
pub(crate) mod families;
pub(crate) mod page;
#[path = "../forged/seal.rs"]
pub(crate) mod seal;
pub(crate) mod sections;

use thrivosign::Progress;
use thrivosign::pki::trust::TrustAnchors;
use thrivosign::verify::{Policy, Report, VerifyOptions, verify};

/// The most forged files of one family.
pub(crate) const MOST_FILES: usize = 20;

/// What must be said of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Must {
    /// Clean.
    BeClean,
    /// A report that is not clean, in which a signature that is not clean has this reason (a code of `verify::Reason`).
    BeRefused(&'static str),
    /// No report: the document cannot be read, and this is the error's name.
    BeUnreadable(&'static str),
    /// A report without signatures, which is not clean.
    HaveNoSignature,
}

pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) must: Must,
}

pub(crate) struct Family {
    pub(crate) name: &'static str,
    /// What an attacker would try.
    pub(crate) attack: &'static str,
    /// Controls first.
    pub(crate) files: Vec<File>,
}

impl Family {
    pub(crate) fn new(name: &'static str, attack: &'static str) -> Family {
        Family { name, attack, files: Vec::new() }
    }

    fn with(mut self, name: impl Into<String>, bytes: Vec<u8>, must: Must) -> Family {
        self.files.push(File { name: name.into(), bytes, must });
        self
    }

    /// Built as the forged files are, but without the attack.
    pub(crate) fn control(self, name: impl Into<String>, bytes: Vec<u8>) -> Family {
        self.with(name, bytes, Must::BeClean)
    }

    /// Forged.
    pub(crate) fn refused(self, name: impl Into<String>, bytes: Vec<u8>, reason: &'static str) -> Family {
        self.with(name, bytes, Must::BeRefused(reason))
    }

    /// Several, for the same reason.
    pub(crate) fn all_refused(self, files: impl IntoIterator<Item = (impl Into<String>, Vec<u8>)>, reason: &'static str) -> Family {
        files.into_iter().fold(self, |family, (name, bytes)| family.refused(name, bytes, reason))
    }

    /// Forged so that no reader of the standard can read it.
    pub(crate) fn unreadable(self, name: impl Into<String>, bytes: Vec<u8>, error: &'static str) -> Family {
        self.with(name, bytes, Must::BeUnreadable(error))
    }

    /// Forged so that no revision has a signature any more.
    pub(crate) fn unsigned(self, name: impl Into<String>, bytes: Vec<u8>) -> Family {
        self.with(name, bytes, Must::HaveNoSignature)
    }
}

/// The verdict on a file at the kit's time, the kit's root being trusted.
pub(crate) fn judged(bytes: &[u8]) -> thrivosign::Result<Report> {
    let trust = TrustAnchors::from_pem(&authority::authority().root)?;
    let options = VerifyOptions { trust: &trust, time: authority::now(), policy: Policy::default(), password: None, evidence: None };
    verify(&bytes.to_vec(), &options, &Progress::default())
}

/// Whether the file is called clean.
#[allow(dead_code, reason = "asked by the matrix of switches")]
pub(crate) fn is_clean(bytes: &[u8]) -> bool {
    judged(bytes).is_ok_and(|report| report.clean)
}

/// What is wrong with the verdict on this file, if anything is.
pub(crate) fn objection(file: &File) -> Option<String> {
    let report = match judged(&file.bytes) {
        Err(error) if file.must == Must::BeUnreadable(error.kind().name()) => return None,
        Err(error) => return Some(format!("no report: {} ({error})", error.kind().name())),
        Ok(report) => report,
    };
    let codes: Vec<&str> = report.signatures.iter().filter(|s| !s.clean).flat_map(|s| s.reasons.iter().map(|r| r.code)).collect();
    let kept = match file.must {
        Must::BeClean => report.clean && report.signatures.iter().all(|signature| signature.intact),
        Must::BeRefused(reason) => !report.clean && codes.contains(&reason),
        Must::BeUnreadable(_) => false,
        Must::HaveNoSignature => !report.clean && report.signatures.is_empty(),
    };
    (!kept).then(|| format!("clean: {}, signatures: {}, reasons: {codes:?}\n{report}", report.clean, report.signatures.len()))
}
