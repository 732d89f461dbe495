//! The demo runs, tells its steps, leaves signed documents that verify, and nothing else. Built with the feature `demo`, which
//! `--all-features` turns on.

#![cfg(feature = "demo")]
#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests run programs and read files")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Mutex;
use thrivosign::Progress;
use thrivosign::host::clock;
use thrivosign::pki::trust::TrustAnchors;
use thrivosign::verify::{Policy, Report, VerifyOptions, verify};

/// Both tests write to the same folder.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

fn demo(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask")).arg("demo").args(arguments).output().unwrap()
}

fn said(output: &Output) -> String {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    text
}

/// The file that the last line names, and its report against the root that stands beside it.
fn judged(text: &str) -> (PathBuf, Report) {
    let file = PathBuf::from(text.lines().last().unwrap().strip_prefix("signed: ").unwrap());
    let report = report(&file);
    (file, report)
}

fn report(file: &Path) -> Report {
    let trust = TrustAnchors::from_pem(&std::fs::read(file.with_file_name("root.pem")).unwrap()).unwrap();
    let options = VerifyOptions { trust: &trust, time: clock::now(), policy: Policy::default(), password: None, evidence: None };
    verify(&std::fs::read(file).unwrap(), &options, &Progress::default()).unwrap()
}

fn data_folder(text: &str) -> PathBuf {
    let line = text.lines().find(|line| line.contains("its data in ")).unwrap();
    PathBuf::from(line.split("its data in ").nth(1).unwrap())
}

#[test]
fn the_whole_job_on_the_generated_agreement_and_on_a_given_file() {
    let _turn = ONE_AT_A_TIME.lock().unwrap();
    let text = said(&demo(&[]));
    let (file, report) = judged(&text);
    assert!(report.clean && report.signatures.len() == 1, "{text}");
    assert!(self::report(&file.with_file_name("loan-agreement-device.pdf")).clean);
    let times = text.lines().filter(|line| line.contains(" s  ")).count();
    assert!(times >= 12, "{text}");
    assert!(!data_folder(&text).exists(), "the keys of the demo are gone");

    // What was signed may be signed again; the older signer's root is another one, so the newest signature alone is trusted.
    let again = said(&demo(&["--pdf", file.to_str().unwrap()]));
    let (_, report) = judged(&again);
    assert_eq!(report.signatures.len(), 2);
    assert!(report.signatures.iter().all(|signature| signature.intact));
}

#[test]
fn the_data_folder_stays_when_asked_for() {
    let _turn = ONE_AT_A_TIME.lock().unwrap();
    let text = said(&demo(&["--keep"]));
    let folder = data_folder(&text);
    assert!(folder.join("server").is_dir() && folder.join("device").is_dir());
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn what_is_not_understood_is_said() {
    assert!(said(&demo(&["--help"])).contains("--pdf FILE"));
    assert_eq!(demo(&["--pdf"]).status.code(), Some(2));
    assert_eq!(demo(&["--what"]).status.code(), Some(2));
    let missing = demo(&["--pdf", "/nowhere/at/all.pdf"]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&missing.stderr).contains("the document cannot be read"));
}
