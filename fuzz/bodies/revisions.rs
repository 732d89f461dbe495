//! The fuzzer's bytes as a row of revisions with right sections: the chain is read as it was written, every revision is walked, and the
//! verifier comes to an end. Nothing here holds a true signature, so nothing is clean.

use crate::frame::{framed, walk};
use thrivosign::Progress;
use thrivosign::Time;
use thrivosign::pdf::Document;
use thrivosign::pki::trust::TrustAnchors;
use thrivosign::verify::{Policy, VerifyOptions, verify_document};

pub(crate) fn check(data: &[u8]) {
    let file = framed(data);
    let Ok(document) = Document::open(&file) else { return };
    let revisions = document.revisions();
    assert!(revisions.windows(2).all(|pair| pair[0].start <= pair[1].start), "revisions out of order");
    assert!(revisions.iter().all(|r| r.xref < file.len() as u64 && r.tail.is_none_or(|tail| tail.end <= file.len() as u64)));
    walk(&document);
    let trust = TrustAnchors::default();
    let options =
        VerifyOptions { trust: &trust, time: Time::from_unix(1_700_000_000), policy: Policy::default(), password: None, evidence: None };
    if let Ok(report) = verify_document(&document, &options, &Progress::default()) {
        assert!(!report.clean, "nothing was signed, and all is well:\n{report}");
    }
}
