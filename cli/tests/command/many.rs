//! Many documents before one judge: files and folders, one line each, a summary, pages for people.

use crate::authority::authority;
use crate::bench::Bench;
use crate::documents::agreement;
use serde_json::{Value, json};
use std::fs;

/// `in.pdf`, `out.pdf` signed, and a folder `all` with two signed documents, an unsigned one, one that is no PDF, and what is none at all.
fn bench() -> Bench {
    let bench = Bench::with(&[("in.pdf", &agreement())]);
    bench.sign(&["in.pdf", "out.pdf"]).answered(0, 1);
    fs::create_dir_all(bench.at("all/deeper")).unwrap();
    for (from, to) in [("out.pdf", "all/1.pdf"), ("out.pdf", "all/deeper/2.PDF"), ("in.pdf", "all/unsigned.pdf")] {
        fs::copy(bench.at(from), bench.at(to)).unwrap();
    }
    fs::write(bench.at("all/text.pdf"), "no PDF").unwrap();
    fs::write(bench.at("all/notes.txt"), "notes").unwrap();
    bench
}

fn text(bench: &Bench, arguments: &[&str]) -> (i32, String, String) {
    let output = bench.command().args(["verify", "--trust"]).arg(authority().at("root.pem")).args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn a_folder_is_all_of_its_documents() {
    let bench = bench();
    for jobs in ["1", "4"] {
        let said = bench.verify(&["--jobs", jobs, "all"]);
        assert_eq!((said.exit, said.errors.len()), (2, 1));
        let (summary, lines) = said.lines.split_last().unwrap();
        let told: Vec<&str> = lines.iter().map(|line| line["file"].as_str().unwrap()).collect();
        assert_eq!(told, ["all/1.pdf", "all/deeper/2.PDF", "all/text.pdf", "all/unsigned.pdf"]);
        let expected = json!({ "schema": "thrivosign-verify-summary-1", "documents": 4, "clean": 2, "not_clean": 0, "unsigned": 1,
            "failed": 1, "left": 0, "chains_validated": summary["chains_validated"], "complete": true });
        assert_eq!(*summary, expected);
        // One signer: one chain, or one for each thread that began at the same moment.
        assert!((1..=2).contains(&summary["chains_validated"].as_u64().unwrap()));
    }
}

#[test]
fn a_summary_is_asked_for() {
    let bench = bench();
    let said = bench.verify(&["out.pdf", "in.pdf"]);
    assert_eq!(said.answered(3, 2).lines[1]["file"], "in.pdf");
    let said = bench.verify(&["--summary", "out.pdf", "in.pdf"]);
    let last = &said.answered(3, 3).lines[2];
    assert_eq!((&last["clean"], &last["unsigned"]), (&json!(1), &json!(1)));
    let (exit, out, _) = text(&bench, &["out.pdf", "in.pdf"]);
    assert_eq!((exit, out.lines().last()), (3, Some("1 clean, 0 not clean, 1 without signature")));
    let (exit, out, _) = text(&bench, &["--lang", "de", "out.pdf", "in.pdf"]);
    assert_eq!((exit, out.lines().last()), (3, Some("1 in Ordnung, 0 nicht in Ordnung, 1 ohne Unterschrift")));
    let (_, out, _) = text(&bench, &["out.pdf"]);
    assert!(out.contains("\nClean\n") && !out.contains("0 not clean"), "{out}");
}

#[test]
fn one_page_for_one_document() {
    let bench = bench();
    let report = bench.run(["verify", "--trust", authority().at("root.pem").to_str().unwrap(), "--html", "page.html", "out.pdf"]);
    report.answered(0, 1);
    let page = String::from_utf8(bench.read("page.html")).unwrap();
    assert!(
        page.starts_with("<!DOCTYPE html>") && page.contains("<h1>Clean</h1>") && page.contains("out.pdf") && page.contains("Signer P-256")
    );
    assert!(!page.contains("<script") && page.contains("Content-Security-Policy"));
    // Without trust, in German, over the old page.
    bench.run(["verify", "--html", "page.html", "--lang", "de", "out.pdf"]).answered(1, 1);
    let page = String::from_utf8(bench.read("page.html")).unwrap();
    assert!(page.contains("<html lang=\"de\"") && page.contains("<h1>Nicht in Ordnung: nicht bestätigt</h1>"));
    let names: Vec<_> = bench.snapshot().into_keys().collect();
    assert_eq!(names, ["all", "in.pdf", "out.pdf", "page.html"]);
}

#[test]
fn a_page_for_each_of_several() {
    let bench = bench();
    bench.run(["verify", "--html", "pages", "all"]);
    for (name, title) in [
        ("1.pdf", "Not clean: cannot be confirmed"),
        ("deeper/2.PDF", "Not clean: cannot be confirmed"),
        ("unsigned.pdf", "No signature"),
        ("text.pdf", "Could not be checked"),
    ] {
        let page = String::from_utf8(bench.read(format!("pages/{name}.html"))).unwrap();
        assert!(page.contains(&format!("<h1>{title}</h1>")), "{name}");
    }
    // Pages are no documents: the same folder twice gives the same pages.
    let said = bench.run(["verify", "--html", "all", "all"]);
    assert_eq!(said.lines.len(), 5);
    let said = bench.run(["verify", "--html", "all", "all"]);
    assert_eq!(said.lines.len(), 5);
}

#[test]
fn what_cannot_be_meant_is_refused_before_anything_is_read() {
    let bench = bench();
    let refused = |arguments: &[&str], code: i64, name: &str, context: &str| {
        let said = bench.verify(arguments);
        said.refused_without_answer(code, name);
        assert!(said.context().contains(context), "{:?}", said.context());
    };
    refused(&["--html", "pages", "out.pdf", "all/1.pdf", "./out.pdf"], 101, "invalid_argument", "same name");
    refused(&["--html", "out.pdf", "out.pdf"], 215, "output_is_input", "--html");
    refused(&["--html", "in.pdf", "./in.pdf"], 215, "output_is_input", "--html");
    refused(&["--lang", "tlh", "out.pdf"], 101, "invalid_argument", "--lang: en and de");
    refused(&["--words", "in.pdf", "out.pdf"], 101, "invalid_argument", "--words");
    refused(&["--time", "noon", "out.pdf"], 101, "invalid_argument", "--time");
    fs::create_dir(bench.at("empty")).unwrap();
    bench.verify(&["empty"]).refused_in_its_line(213, "source_unreadable");
    refused(&["--trust", "empty", "out.pdf"], 101, "invalid_argument", "--trust");
    refused(&["--trust", "in.pdf", "out.pdf"], 306, "pem_malformed", "--trust");
    // A page that cannot be written is told, and is no clean run.
    bench.verify(&["--html", "in.pdf/page.html", "out.pdf"]).refused_without_answer(214, "output_unwritable");
}

#[test]
fn trust_from_a_folder() {
    let bench = bench();
    fs::create_dir(bench.at("roots")).unwrap();
    for (from, to) in [("root.pem", "a.crt"), ("other-root.pem", "b.PEM")] {
        fs::copy(authority().at(from), bench.at("roots").join(to)).unwrap();
    }
    fs::write(bench.at("roots/readme.txt"), "no certificate").unwrap();
    let said = bench.run_untouched(["verify", "--trust", "roots", "out.pdf"]);
    let report = &said.answered(0, 1).lines[0];
    assert_eq!((&report["policy"]["trust_anchors"], &report["clean"]), (&json!(2), &json!(true)));
    let roles: Vec<&Value> = report["policy"]["trust"].as_array().unwrap().iter().map(|trust| &trust["role"]).collect();
    assert_eq!(roles, ["signature", "time_stamp"]);
    assert_eq!(report["policy"]["algorithms"][0], json!({ "algorithm": "sha1", "until": "2017-01-01T00:00:00Z" }));
}

#[test]
fn words_of_ones_own() {
    let bench = bench();
    fs::write(bench.at("hi.json"), r#"{"document.clean.title":"साफ़"}"#).unwrap();
    let (exit, out, _) = text(&bench, &["--lang", "hi", "--words", "hi.json", "out.pdf"]);
    assert!(exit == 0 && out.trim_end().ends_with("साफ़") && out.contains("Signed by"), "{out}");
}

#[test]
fn errors_say_what_to_do_and_help_has_examples() {
    let bench = bench();
    let (exit, _, err) = text(&bench, &["missing.pdf"]);
    assert!(exit == 2 && err.contains("  next step: Check that the file exists"), "{err}");
    for command in ["verify", "signatures", "diff", "extract"] {
        let help = bench.command().args([command, "--help"]).output().unwrap();
        let help = String::from_utf8(help.stdout).unwrap();
        assert!(help.contains(&format!("Examples:\n  thrivosign {command}")) && help.contains("xit codes"), "{help}");
    }
}
