//! What is found before signing and what it does; certifications and locks.

use crate::bench::{Bench, Said};
use crate::documents::agreement;

#[test]
fn findings_are_told_and_a_bank_stops_at_them() {
    let bench = Bench::with(&[("a.pdf", &agreement())]);
    let codes = |line: &serde_json::Value| -> Vec<String> {
        let found = line["findings"].as_array().cloned().unwrap_or_default();
        found.iter().map(|finding| finding["code"].as_str().unwrap().to_owned()).collect()
    };
    let said = bench.sign(&["a.pdf", "out.pdf"]);
    let found = codes(&said.answered(0, 1).lines[0]);
    assert_eq!(found, ["font_not_embedded"]);
    for place in [&["b.pdf"][..], &["--in-place"]] {
        let arguments: Vec<&str> = ["--policy", "bank", "a.pdf"].iter().chain(place).copied().collect();
        let refused = bench.run_untouched(crate::bench::sign_arguments(&arguments));
        refused.refused_without_answer(217, "preflight_refused");
        assert!(refused.context().contains("font_not_embedded"), "{}", refused.context());
    }
    bench.sign(&["--policy", "bank", "--allow", "font_not_embedded", "a.pdf", "c.pdf"]).answered(0, 1);
    bench.sign_refused(&["--allow", "everything", "a.pdf", "d.pdf"], 101, "invalid_argument");
    bench.sign_refused(&["--policy", "none", "a.pdf", "d.pdf"], 101, "invalid_argument");
}

#[test]
fn a_certified_document_says_what_may_follow() {
    let bench = Bench::with(&[("a.pdf", &agreement())]);
    bench.sign(&["--certify", "no-changes", "a.pdf", "none.pdf"]).answered(0, 1);
    bench.sign_refused(&["none.pdf", "again.pdf"], 217, "preflight_refused");
    bench.sign(&["--certify", "form-filling", "--lock", "only:amount,name", "a.pdf", "forms.pdf"]).answered(0, 1);
    bench.sign(&["forms.pdf", "twice.pdf"]).answered(0, 1);
    let report = bench.report(0, &["twice.pdf"]);
    assert_eq!(report["signatures"].as_array().unwrap().len(), 2);
    bench.sign_refused(&["--certify", "annotating", "twice.pdf", "thrice.pdf"], 211, "signing_forbidden");
    for wrong in [["--certify", "everything"], ["--lock", "some"], ["--lock", "only:"], ["--lock", "except:a..b"]] {
        bench.sign_refused(&[wrong[0], wrong[1], "a.pdf", "x.pdf"], 101, "invalid_argument");
    }
}

#[test]
fn a_new_box_in_a_certified_document_is_told_before() {
    let bench = Bench::with(&[("a.pdf", &agreement())]);
    let clear = ["--visible", "1,70,100,200,40"];
    bench.run(["fields", "add", "--field", "bank@1,70,100,200,40", "a.pdf", "prepared.pdf"]).answered(0, 1);
    bench.sign(&["--certify", "form-filling", "prepared.pdf", "certified.pdf"]).answered(0, 1);
    let told = |signed: &Said| {
        let findings = signed.answered(0, 1).lines[0]["findings"].as_array().cloned().unwrap_or_default();
        findings.into_iter().any(|finding| finding["code"] == "new_box_under_certification" && finding["page"] == 1)
    };
    assert!(told(&bench.sign(&[clear[0], clear[1], "certified.pdf", "new.pdf"])));
    assert!(!told(&bench.sign(&["certified.pdf", "unseen.pdf"])));
    assert!(!told(&bench.sign(&["--field", "bank", "certified.pdf", "held.pdf"])));
    assert!(!told(&bench.sign(&["--certify", "form-filling", clear[0], clear[1], "a.pdf", "first.pdf"])));
    let bank = ["--policy", "bank", "--allow", "font_not_embedded", clear[0], clear[1], "certified.pdf", "bank.pdf"];
    let refused = bench.run_untouched(crate::bench::sign_arguments(&bank));
    refused.refused_without_answer(217, "preflight_refused");
    assert!(refused.context().contains("new_box_under_certification"), "{}", refused.context());
}

/// The warning and the verdict are one function: what is told beforehand is what the verifier says afterwards.
#[test]
fn a_box_that_would_spoil_an_earlier_signature_is_told_before() {
    let bench = Bench::with(&[("a.pdf", &agreement())]);
    let spoils = |said: &serde_json::Value| {
        let found = said["findings"].as_array().cloned().unwrap_or_default();
        let about = found.into_iter().find(|finding| finding["code"] == "spoils_earlier_signature");
        about.map(|finding| finding["page"].as_i64())
    };
    // Over the only line of text: the first signature has none before it.
    let over = ["--visible", "1,70,710,200,40"];
    let first = bench.sign(&["--visible", "1,70,710,200,40", "a.pdf", "first.pdf"]);
    assert_eq!(spoils(&first.answered(0, 1).lines[0]), None);
    let clear = bench.sign(&["--visible", "1,70,100,200,40", "first.pdf", "clear.pdf"]);
    assert_eq!(spoils(&clear.answered(0, 1).lines[0]), None);
    bench.report(0, &["clear.pdf"]);
    let unseen = bench.sign(&["first.pdf", "unseen.pdf"]);
    assert_eq!(spoils(&unseen.answered(0, 1).lines[0]), None);
    let told = bench.sign(&[over[0], over[1], "first.pdf", "over.pdf"]);
    assert_eq!(spoils(&told.answered(0, 1).lines[0]), Some(Some(1)));
    bench.report(1, &["over.pdf"]);
    let bank = ["--policy", "bank", "--allow", "font_not_embedded"];
    for place in [&["over-bank.pdf"][..], &["--in-place"]] {
        let arguments: Vec<&str> = bank.iter().chain(&over).chain(&["first.pdf"]).chain(place).copied().collect();
        let refused = bench.run_untouched(crate::bench::sign_arguments(&arguments));
        refused.refused_without_answer(217, "preflight_refused");
        assert!(refused.context().contains("spoils_earlier_signature"), "{}", refused.context());
    }
    // A field that was there before the first signature may lie anywhere.
    bench.run(["fields", "add", "--field", "bank@1,70,710,200,40", "a.pdf", "prepared.pdf"]).answered(0, 1);
    bench.sign(&["prepared.pdf", "borrower.pdf"]).answered(0, 1);
    let filled = bench.sign(&["--field", "bank", "borrower.pdf", "both.pdf"]);
    assert_eq!(spoils(&filled.answered(0, 1).lines[0]), None);
    bench.report(0, &["both.pdf"]);
}
