//! A signature that carries an evidence record: the documents of every producer, and those that keep PDF/A or PDF/UA. What the other judges say of the
//! signed file, and that poppler finds the record in it.

use crate::case::Case;
use crate::corpus::bench;
use crate::judges::{self, Hanko};
use crate::ours;
use crate::verapdf::VeraPdf;
use std::path::Path;
use std::process::Command;
use thrivosign::ErrorKind;

const CONSENT: &str = "I have read the agreement and accept it.";

/// The record, as poppler's pdfdetach brings it out.
fn detached(file: &Path) -> Result<String, String> {
    let listed = Command::new("pdfdetach").arg("-list").arg(file).output().map_err(|error| error.to_string())?;
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    let number = listed.lines().find_map(|line| line.split_once(": thrivosign-evidence").map(|(number, _)| number.trim().to_owned()));
    let number = number.ok_or(format!("pdfdetach does not list it: {listed}"))?;
    let out = file.with_extension("json");
    let saved = Command::new("pdfdetach").args(["-save", &number, "-o"]).arg(&out).arg(file).status().map_err(|error| error.to_string())?;
    if !saved.success() {
        return Err("pdfdetach does not save it".to_owned());
    }
    std::fs::read_to_string(out).map_err(|error| error.to_string())
}

#[test]
fn other_judges_accept_a_signature_that_carries_a_record_and_find_it() {
    let Some(bench) = bench() else { return };
    let trust = ours::trust(&bench.root());
    let mut hanko = Hanko::start(bench);
    let scratch = tempfile::tempdir().unwrap();
    let mut complaints = Vec::new();
    let (mut carried, mut refused) = (0, 0);
    for source in bench.sources().iter().filter(|source| source.password.is_empty()) {
        let output = scratch.path().join(format!("{}.pdf", source.name()));
        match ours::sign_carrying(bench, "p256", CONSENT, &source.file, &output) {
            Ok(_) => carried += 1,
            // What claims PDF/A-1 or PDF/A-2 has no room for it.
            Err(error) if error.kind() == ErrorKind::ConformanceForbids => {
                refused += 1;
                continue;
            }
            Err(error) => {
                complaints.push(format!("{}: not signed: {error}", source.name()));
                continue;
            }
        }
        let sound = judges::qpdf(&source.file, "").unwrap();
        let case = Case { bench, source, input: &source.file, output: &output, signatures: 1, sound };
        let mut told = case.judge(&trust, &mut hanko);
        match detached(&output) {
            Ok(record) if record.contains(CONSENT) && record.contains("thrivosign-evidence-1") => {}
            other => told.push(format!("the record: {other:?}")),
        }
        complaints.extend(told.iter().map(|what| format!("{}: {what}", source.name())));
    }
    assert!(complaints.is_empty(), "{carried} carried, {refused} refused, {} complaints:\n{}", complaints.len(), complaints.join("\n"));
    assert!(carried >= 8, "{carried} carried, {refused} refused");
}

#[test]
fn standards_that_have_room_for_a_record_are_kept_and_the_others_refuse_it() {
    let Some(bench) = bench() else { return };
    let Some(mut judge) = VeraPdf::start(&bench.cache) else { return };
    let scratch = tempfile::tempdir().unwrap();
    let mut complaints = Vec::new();
    let (mut carried, mut refused) = (0, 0);
    for (source, keeps) in &bench.conformant() {
        let output = scratch.path().join(format!("{}.pdf", source.name()));
        // One keeps PDF/UA alone and claims PDF/A-2 as well: the claim decides.
        let without = keeps.iter().any(|flavour| flavour.starts_with(['1', '2']) || flavour == "4") || source.name() == "lo-2-ua";
        match ours::sign_carrying(bench, "p256", CONSENT, &source.file, &output) {
            Err(error) if error.kind() == ErrorKind::ConformanceForbids && without => refused += 1,
            Ok(_) if !without => {
                carried += 1;
                for flavour in keeps {
                    let rules = judge.judge(flavour, &output).unwrap();
                    complaints.extend(rules.iter().map(|rule| format!("{}: {flavour}: {rule}", source.name())));
                }
            }
            other => complaints.push(format!("{} ({keeps:?}): {:?}", source.name(), other.map(drop))),
        }
    }
    assert!(complaints.is_empty(), "{carried} carried, {refused} refused:\n{}", complaints.join("\n"));
    assert!(carried >= 2 && refused >= 4, "{carried} carried, {refused} refused");
}
