//! Exit codes and lines of sound runs: what is signed verifies, and what is not clean is told.

use crate::authority::authority;
use crate::bench::Bench;
use crate::documents::agreement;
use serde_json::{Value, json};
use std::fs;

/// `in.pdf`, and `out.pdf` signed.
fn signed() -> Bench {
    let bench = Bench::with(&[("in.pdf", &agreement())]);
    let said = bench.sign(&["--reason", "Approved", "in.pdf", "out.pdf"]);
    let line = &said.answered(0, 1).lines[0];
    assert_eq!((&line["input"], &line["output"]), (&"in.pdf".into(), &"out.pdf".into()));
    let size = |name: &str| Value::from(fs::metadata(bench.at(name)).unwrap().len());
    assert_eq!((&line["source_size"], &line["size"]), (&size("in.pdf"), &size("out.pdf")));
    assert_eq!(bench.snapshot().len(), 2);
    bench
}

fn overall(report: &Value) -> (&str, Option<&str>) {
    let overall = &report["signatures"][0]["overall"];
    (overall["indication"].as_str().unwrap(), overall["sub_indication"].as_str())
}

fn codes(report: &Value) -> Vec<&str> {
    report["signatures"][0]["reasons"].as_array().unwrap().iter().map(|reason| reason["code"].as_str().unwrap()).collect()
}

#[test]
fn signed_is_clean() {
    let bench = signed();
    let report = bench.report(0, &["out.pdf"]);
    assert_eq!((overall(&report), &report["clean"], &report["file"]), (("TOTAL_PASSED", None), &true.into(), &"out.pdf".into()));
    assert!(codes(&report).is_empty());
    let said = bench.run_untouched(["inspect", "in.pdf", "out.pdf"]);
    said.answered(0, 2);
    assert_eq!(said.lines[1]["signature_fields"][0]["signed"], true);
    let shown = bench.command().args(["verify", "out.pdf"]).output().unwrap();
    assert!(shown.status.code() == Some(1) && !shown.stdout.is_empty() && shown.stderr.is_empty());
}

#[test]
fn without_trust_or_with_that_of_others() {
    let bench = signed();
    let other = authority().at("other-root.pem");
    for trust in [vec![], vec!["--trust", other.to_str().unwrap()]] {
        let said = bench.run_untouched([&["verify"], trust.as_slice(), &["out.pdf"]].concat());
        let report = &said.answered(1, 1).lines[0];
        assert_eq!(overall(report), ("INDETERMINATE", Some("NO_CERTIFICATE_CHAIN_FOUND")));
        assert_eq!((codes(report), &report["signatures"][0]["intact"]), (vec!["no_certificate_chain"], &true.into()));
    }
    // One of several is enough.
    let said = bench.verify(&["--trust", other.to_str().unwrap(), "out.pdf"]);
    said.answered(0, 1);
}

#[test]
fn at_other_times() {
    let bench = signed();
    for (time, code) in [("2001-01-01T00:00:00Z", "certificate_not_yet_valid"), ("2098-01-01T00:00:00Z", "certificate_expired")] {
        let report = bench.report(1, &["--time", time, "out.pdf"]);
        assert_eq!(overall(&report), ("INDETERMINATE", Some("OUT_OF_BOUNDS_NO_POE")));
        assert_eq!((codes(&report), &report["policy"]["time"]), (vec![code], &time.into()));
    }
}

#[test]
fn changed_cut_and_extended() {
    let bench = signed();
    let whole = bench.read("out.pdf");
    let put = |bytes: &[u8]| fs::write(bench.at("forged.pdf"), bytes).unwrap();
    let at = whole.windows(10).position(|w| w == b"100 rupees").unwrap();
    let mut changed = whole.clone();
    changed[at] = b'9';
    put(&changed);
    let report = bench.report(1, &["forged.pdf"]);
    assert_eq!((overall(&report), &report["signatures"][0]["intact"]), (("TOTAL_FAILED", Some("HASH_FAILURE")), &false.into()));
    put(&[&whole[..], b"more"].concat());
    let report = bench.report(1, &["forged.pdf"]);
    assert!(codes(&report).contains(&"trailing_bytes") && report["document"]["trailing_bytes"] == 4, "{report:#}");
    // The earlier revision is the unsigned document; a cut before the end of the last one is damage.
    put(&whole[..bench.read("in.pdf").len()]);
    bench.report(3, &["forged.pdf"]);
    put(&whole[..whole.len() - 100]);
    let report = bench.report(3, &["forged.pdf"]);
    assert_eq!(report["document"]["trailing_bytes"], whole.len() - 100 - bench.read("in.pdf").len(), "{report:#}");
    let said = bench.run_untouched(["inspect", "forged.pdf"]);
    assert_eq!(said.answered(0, 1).lines[0]["counts"]["damaged_structure"], 1);
}

/// 0 all clean, 1 some signature not clean, 2 could not run, 3 no signature; of several files the gravest counts: 2, 1, 3, 0.
#[test]
fn several_files() {
    let bench = signed();
    fs::write(bench.at("text.pdf"), "no PDF").unwrap();
    let mut forged = bench.read("out.pdf");
    let at = forged.windows(10).position(|w| w == b"100 rupees").unwrap();
    forged[at] = b'9';
    fs::write(bench.at("forged.pdf"), &forged).unwrap();
    let (clean, unsigned, forged, text) = ("out.pdf", "in.pdf", "forged.pdf", "text.pdf");
    for (files, exit) in [
        (&[clean][..], 0),
        (&[clean, clean], 0),
        (&[unsigned], 3),
        (&[clean, unsigned], 3),
        (&[unsigned, clean], 3),
        (&[forged], 1),
        (&[forged, clean], 1),
        (&[unsigned, forged], 1),
        (&[text], 2),
        (&[clean, text, clean], 2),
        (&[text, forged, unsigned, "missing.pdf", clean], 2),
    ] {
        let said = bench.verify(files);
        assert_eq!(said.exit, exit, "{files:?}");
        // Exactly one line for each file, in order, whichever of them failed; and each failure once on stderr.
        let told: Vec<&str> = said.lines.iter().map(|line| line["file"].as_str().unwrap()).collect();
        assert_eq!(told, files);
        let failed: Vec<&Value> = said.lines.iter().filter(|line| line.get("error").is_some()).collect();
        assert_eq!(failed, said.errors.iter().collect::<Vec<_>>());
        assert_eq!(failed.len(), files.iter().filter(|file| [text, "missing.pdf"].contains(*file)).count());
        let said = bench.run_untouched([&["inspect"], files].concat());
        assert_eq!((said.lines.len(), said.exit), (files.len(), if failed.is_empty() { 0 } else { 2 }));
    }
}

#[test]
fn signed_twice() {
    let bench = signed();
    bench.sign(&["--visible", "1,50,50,200,60", "--full-recheck", "out.pdf", "twice.pdf"]).answered(0, 1);
    assert!(bench.read("twice.pdf").starts_with(&bench.read("out.pdf")));
    let report = bench.report(0, &["twice.pdf"]);
    let coverage: Vec<&Value> = report["signatures"].as_array().unwrap().iter().map(|signature| &signature["coverage"]).collect();
    assert_eq!(coverage, [&json!("WHOLE_REVISION"), &json!("WHOLE_FILE")]);
}

/// A report that did not reach its reader in whole must not look like a clean one.
#[test]
fn answers_that_cannot_be_written() {
    let bench = signed();
    let Ok(full) = fs::OpenOptions::new().write(true).open("/dev/full") else {
        return crate::bench::skip("there is no /dev/full");
    };
    for json in [&["--json"][..], &[]] {
        let mut command = bench.command();
        command.args(json).args(["verify", "--trust"]).arg(authority().at("root.pem")).arg("out.pdf");
        let status = command.stdout(full.try_clone().unwrap()).status().unwrap();
        assert_eq!(status.code(), Some(2));
    }
}
