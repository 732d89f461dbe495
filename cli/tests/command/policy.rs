//! What is found before signing and what it does; certifications and locks.

use crate::bench::Bench;
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
