//! Requests that the document cannot take: boxes, pages, texts, field names; and arguments that make no sense.

use crate::authority::authority;
use crate::bench::{Bench, signer_arguments};
use crate::documents::agreement;

const BOX: (i64, &str) = (218, "box_unusable");
const TEXT: (i64, &str) = (219, "text_unrepresentable");
const FIELD: (i64, &str) = (210, "field_unusable");
const ARGUMENT: (i64, &str) = (101, "invalid_argument");

fn bench() -> Bench {
    Bench::with(&[("in.pdf", &agreement())])
}

fn refused(options: &[&str], (code, name): (i64, &str)) {
    eprintln!("{options:?}");
    bench().sign_refused(&[options, &["in.pdf", "out.pdf"]].concat(), code, name);
}

#[test]
fn pages_and_boxes() {
    for page in ["0", "2", "99", "4294967295"] {
        refused(&["--visible", &format!("{page},50,50,200,60")], (209, "page_not_found"));
    }
    let outside = [
        "1,600,50,200,60",
        "1,50,900,200,60",
        "1,-10,50,200,60",
        "1,50,-10,200,60",
        "1,500,50,200,60",
        "1,50,800,200,60",
        "1,0,0,596,842",
        "1,1e300,0,1e300,1",
    ];
    for outside in outside {
        refused(&["--visible", outside], BOX);
    }
    let senseless = [
        "",
        "1",
        "1,2,3,4",
        "1,2,3,4,5,6",
        "1,a,3,4,5",
        "1,50,50,0,60",
        "1,50,50,200,-1",
        "1,nan,50,200,60",
        "1,inf,50,200,60",
        "-1,50,50,200,60",
        "1.5,50,50,200,60",
        "4294967296,50,50,200,60",
        "1,1e400,0,1,1",
    ];
    for senseless in senseless {
        refused(&["--visible", senseless], ARGUMENT);
    }
    let bench = bench();
    bench.sign(&["--visible", "1, 0,0, 595,842", "in.pdf", "out.pdf"]).answered(0, 1);
    bench.report(0, &["out.pdf"]);
}

#[test]
fn places_by_text_and_by_what_is_free() {
    let bench = bench();
    for (options, output) in [
        (&["--at-text", "The borrower repays"][..], "a.pdf"),
        (&["--at-text", "borrower", "--occurrence", "1", "--page", "1", "--offset", "10,-90.5", "--size", "120,40"], "b.pdf"),
        (&["--next-free", "--size", "150,50"], "c.pdf"),
    ] {
        bench.sign(&[options, &["in.pdf", output]].concat()).answered(0, 1);
        bench.report(0, &[output]);
    }
    bench.sign(&["--next-free", "--page", "1", "c.pdf", "d.pdf"]).answered(0, 1);
    bench.report(0, &["d.pdf"]);
    for (options, error) in [
        (&["--at-text", "The lender repays"][..], BOX),
        (&["--at-text", "r", "--page", "1"], BOX),
        (&["--at-text", "borrower", "--occurrence", "2"], BOX),
        (&["--at-text", "borrower", "--offset", "600,0"], BOX),
        (&["--next-free", "--size", "600,10"], BOX),
        (&["--next-free", "--page", "2"], (209, "page_not_found")),
        (&["--at-text", " "], ARGUMENT),
        (&["--at-text", "borrower", "--size", "10"], ARGUMENT),
        (&["--at-text", "borrower", "--occurrence", "0"], ARGUMENT),
        (&["--at-text", "borrower", "--next-free"], ARGUMENT),
        (&["--visible", "1,50,50,200,60", "--next-free"], ARGUMENT),
        (&["--visible", "1,50,50,200,60", "--page", "1"], ARGUMENT),
        (&["--offset", "1,1"], ARGUMENT),
    ] {
        refused(options, error);
    }
}

#[test]
fn texts() {
    let visible = ["--visible", "1,50,50,200,60"];
    for text in ["王小明", "रुपये", "ok \u{1f600}", "\u{202e}evil"] {
        refused(&[&visible[..], &["--text", text]].concat(), TEXT);
    }
    // The name in the certificate is shown unless another is given; nothing is replaced in silence.
    let named = |options: &[&str]| signer_arguments("named.key", "named.pem", &[options, &["in.pdf", "out.pdf"]].concat());
    let bench = bench();
    bench.run_untouched(named(&visible)).refused_without_answer(TEXT.0, TEXT.1);
    bench.run(named(&[&visible[..], &["--name", "Wang Xiaoming"]].concat())).answered(0, 1);
    // Where nothing is drawn every letter will do.
    bench.run(named(&["--reason", "同意", "--location", "上海", "--contact", "\u{1f600}"])).answered(0, 1);
    let report = bench.report(0, &["out.pdf"]);
    let signature = &report["signatures"][0];
    assert_eq!((&signature["reason"], &signature["location"]), (&"同意".into(), &"上海".into()));
    assert_eq!(signature["signer"]["name"], "王小明");
}

#[test]
fn field_names() {
    // A text field, a child of it.
    for field in ["amount", "amount.signature"] {
        refused(&["--field", field], FIELD);
    }
    for field in ["", ".", "a.", ".a", "a..b"] {
        refused(&["--field", field], ARGUMENT);
    }
    let bench = bench();
    bench.sign(&["--field", "approval.first", "in.pdf", "once.pdf"]).answered(0, 1);
    for taken in ["approval.first", "approval", "approval.first.again"] {
        bench.sign_refused(&["--field", taken, "once.pdf", "twice.pdf"], FIELD.0, FIELD.1);
    }
    let said = bench.sign(&["--field", "approval.zweite Prüfung 二", "once.pdf", "twice.pdf"]);
    assert_eq!(said.answered(0, 1).lines[0]["field"], "approval.zweite Prüfung 二");
    let report = bench.report(0, &["twice.pdf"]);
    assert_eq!(report["document"]["signed_fields"], serde_json::json!(["approval.first", "approval.zweite Prüfung 二"]));
    // Without a name a free one is found.
    bench.sign(&["twice.pdf", "thrice.pdf"]).answered(0, 1);
    assert_eq!(bench.report(0, &["thrice.pdf"])["signatures"].as_array().unwrap().len(), 3);
}

/// Who asks for JSON gets the misuse of arguments as an error like any other; nothing that was given stands in it.
#[test]
fn arguments() {
    let bench = bench();
    let key = authority().at("ec.key");
    let key = key.to_str().unwrap();
    let misuses: &[&[&str]] = &[
        &[],
        &["verify"],
        &["sign", "in.pdf", "out.pdf"],
        &["sign", "--key", key, "in.pdf", "out.pdf"],
        &["sign", "--key", key, "--p12", key, "in.pdf", "out.pdf"],
        &["unknown-secret"],
        &["verify", ""],
        &["inspect", "in.pdf", ""],
        &["verify", "--unknown-secret", "in.pdf"],
        &["verify", "--time", "yesterday-secret", "in.pdf"],
        &["verify", "--time", "2026-02-30T00:00:00Z", "in.pdf"],
    ];
    for misuse in misuses {
        eprintln!("{misuse:?}");
        let said = bench.run_untouched(*misuse);
        said.refused_without_answer(ARGUMENT.0, ARGUMENT.1);
        assert!(!said.stderr.contains("secret"), "{}", said.stderr);
    }
    // For people the usage, and the same exit code.
    let shown = bench.command().arg("verify").output().unwrap();
    assert!(shown.status.code() == Some(2) && String::from_utf8_lossy(&shown.stderr).contains("Usage"));
    let shown = bench.command().args(["verify", "--json", "--help"]).output().unwrap();
    assert!(shown.status.success() && String::from_utf8_lossy(&shown.stdout).contains("Usage"));
    for (trust, code, name) in [("missing.pem", 213, "source_unreadable"), ("in.pdf", 306, "pem_malformed")] {
        let said = bench.run_untouched(["verify", "--trust", trust, "in.pdf"]);
        said.refused_without_answer(code, name);
        assert!(said.context().starts_with("--trust"), "{}", said.stderr);
    }
}
