//! What a document claims, what changed since a signature, and the document as its signer saw it.

use crate::bench::Bench;
use crate::documents::agreement;
use serde_json::json;
use std::fs;

/// `in.pdf`, `once.pdf`, and `twice.pdf` with a visible second signature.
fn bench() -> Bench {
    let bench = Bench::with(&[("in.pdf", &agreement())]);
    bench.sign(&["in.pdf", "once.pdf"]).answered(0, 1);
    bench.sign(&["--visible", "1,50,50,200,60", "once.pdf", "twice.pdf"]).answered(0, 1);
    bench
}

#[test]
fn a_list_of_claims() {
    let bench = bench();
    fs::write(bench.at("text.pdf"), "no PDF").unwrap();
    let said = bench.run_untouched(["signatures", "twice.pdf"]);
    let claimed = &said.answered(0, 1).lines[0]["claimed"];
    assert_eq!((&claimed[0]["page"], &claimed[0]["rect"]), (&json!(1), &json!(null)));
    assert_eq!((&claimed[1]["page"], &claimed[1]["rect"]), (&json!(1), &json!([50.0, 50.0, 250.0, 110.0])));
    assert_eq!((&claimed[1]["claimed_signer"], &claimed[1]["revision"]), (&json!("Signer P-256"), &json!(3)));
    let said = bench.run_untouched(["signatures", "in.pdf", "twice.pdf"]);
    said.answered(3, 2);
    let said = bench.run_untouched(["signatures", "twice.pdf", "text.pdf"]);
    assert_eq!((said.exit, said.lines.len()), (2, 2));
    let shown = bench.command().args(["signatures", "twice.pdf"]).output().unwrap();
    let shown = String::from_utf8(shown.stdout).unwrap();
    assert!(
        shown.starts_with("twice.pdf: 2 claimed, none verified\n  1. field \"Signature1\", claims to be by \"Signer P-256\""),
        "{shown}"
    );
}

#[test]
fn what_a_signer_saw_is_what_it_was() {
    let bench = bench();
    let said = bench.run(["extract", "--signature", "1", "twice.pdf", "as-signed.pdf"]);
    let line = &said.answered(0, 1).lines[0];
    assert_eq!((&line["revision"], &line["field"]), (&json!(2), &json!("Signature1")));
    assert_eq!(bench.read("as-signed.pdf"), bench.read("once.pdf"));
    let report = bench.report(0, &["as-signed.pdf"]);
    assert_eq!(report["signatures"][0]["coverage"], "WHOLE_FILE");
    for (arguments, code, name) in [
        (["extract", "--signature", "3", "twice.pdf", "new.pdf"], 101, "invalid_argument"),
        (["extract", "--signature", "0", "twice.pdf", "new.pdf"], 101, "invalid_argument"),
        (["extract", "--signature", "1", "twice.pdf", "twice.pdf"], 215, "output_is_input"),
        (["extract", "--signature", "1", "twice.pdf", "missing/new.pdf"], 214, "output_unwritable"),
        (["extract", "--signature", "1", "missing.pdf", "new.pdf"], 213, "source_unreadable"),
    ] {
        bench.run_untouched(arguments).refused_without_answer(code, name);
    }
    let said = bench.run_untouched(["extract", "--signature", "3", "twice.pdf", "new.pdf"]);
    assert!(said.context().contains("thrivosign signatures"), "{}", said.context());
}

#[test]
fn what_changed_since() {
    let bench = bench();
    let changed = |arguments: &[&str]| bench.run_untouched([&["diff"], arguments].concat()).answered(0, 1).lines[0].clone();
    let first = changed(&["twice.pdf"]);
    assert_eq!((&first["changes"], &first["revision"], &first["revisions"]), (&json!(["SIGNATURE_ADDED"]), &json!(2), &json!(3)));
    // The same findings as the report's.
    let report = bench.report(0, &["twice.pdf"]);
    let mut details = first["change_details"].clone();
    for entry in details.as_array_mut().unwrap() {
        assert_eq!(entry.as_object_mut().unwrap().remove("permitted"), Some(json!("not_stated")));
    }
    assert_eq!(details, report["signatures"][0]["change_details"]);
    assert_eq!(changed(&["--signature", "2", "twice.pdf"])["changes"], json!(["NONE"]));
    bench.run_untouched(["diff", "--signature", "3", "twice.pdf"]).refused_without_answer(101, "invalid_argument");
    bench.run_untouched(["diff", "in.pdf"]).refused_without_answer(101, "invalid_argument");
}
