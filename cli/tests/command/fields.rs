//! Prepared fields: listed, added, signed one after the other.

use crate::bench::Bench;
use crate::documents::agreement;

#[test]
fn a_field_for_each_signer_is_added_listed_and_signed() {
    let bench = Bench::with(&[("a.pdf", &agreement())]);
    let said = bench.run(["fields", "list", "a.pdf"]);
    assert_eq!(said.answered(0, 1).lines[0]["fields"].as_array().unwrap().len(), 0);
    let arguments =
        ["fields", "add", "--field", "loan.borrower@1,60,60,180,50", "--field", "loan.bank", "--reason", "I agree", "a.pdf", "b.pdf"];
    assert_eq!(bench.run(arguments).answered(0, 1).lines[0]["added"][1], "loan.bank");
    assert!(bench.read("b.pdf").starts_with(&agreement()));
    bench.sign(&["--field", "loan.borrower", "--reason", "I agree", "b.pdf", "c.pdf"]).answered(0, 1);
    bench.sign_refused(&["--field", "loan.bank", "c.pdf", "d.pdf"], 210, "field_unusable");
    bench.sign(&["--field", "loan.bank", "--reason", "I agree", "c.pdf", "d.pdf"]).answered(0, 1);
    let report = bench.report(0, &["d.pdf"]);
    assert_eq!(report["signatures"].as_array().unwrap().len(), 2);
    let listed = bench.run(["fields", "list", "d.pdf"]);
    let fields = listed.answered(0, 1).lines[0]["fields"].as_array().unwrap().clone();
    assert!(fields.len() == 2 && fields.iter().all(|field| field["signed"] == true), "{fields:?}");
}

#[test]
fn what_cannot_be_added_is_named() {
    let bench = Bench::with(&[("a.pdf", &agreement()), ("x.pdf", b"no document")]);
    bench.sign(&["a.pdf", "signed.pdf"]).answered(0, 1);
    for (arguments, code, name) in [
        (&["--field", "a", "signed.pdf", "b.pdf"][..], 211, "signing_forbidden"),
        (&["--field", "a", "--field", "a.b", "a.pdf", "b.pdf"], 210, "field_unusable"),
        (&["--field", "a@9,1,1,9,9", "a.pdf", "b.pdf"], 209, "page_not_found"),
        (&["--field", "a@1,1,1", "a.pdf", "b.pdf"], 101, "invalid_argument"),
        (&["--field", "a..b", "a.pdf", "b.pdf"], 101, "invalid_argument"),
        (&["--field", "a", "a.pdf", "a.pdf"], 215, "output_is_input"),
        (&["--field", "a", "x.pdf", "b.pdf"], 201, "not_pdf"),
        (&["a.pdf", "b.pdf"], 101, "invalid_argument"),
    ] {
        let all = ["fields", "add"].iter().chain(arguments);
        bench.run_untouched(all).refused_without_answer(code, name);
    }
}
