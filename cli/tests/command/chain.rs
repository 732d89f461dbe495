//! `thrivosign chain`: paths and why there is none, files that are empty, missing or damaged.

use crate::authority::authority;
use crate::bench::{Bench, Said};
use serde_json::Value;
use std::ffi::OsString;
use std::fs;

/// With the authority's root as trust, and the signer of that name.
fn chain(bench: &Bench, arguments: &[&str], signer: &str) -> Said {
    let trust = ["chain".into(), "--trust".into(), authority().at("root.pem").into()];
    let all: Vec<OsString> = trust.into_iter().chain(arguments.iter().map(OsString::from)).chain([authority().at(signer).into()]).collect();
    bench.run_untouched(all)
}

fn code(said: &Said) -> &Value {
    &said.answered(1, 1).lines[0]["code"]
}

#[test]
fn a_valid_path_and_its_absence() {
    let bench = Bench::with(&[("empty.pem", b"")]);
    fs::create_dir(bench.at("lists")).unwrap();
    let said = chain(&bench, &["--intermediates", "empty.pem", "--crls", "lists"], "ec.pem");
    let line = &said.answered(0, 1).lines[0];
    assert_eq!((line["chain"].as_array().map(Vec::len), &line["chain"][0]["revocation"]), (Some(2), &Value::from("not_asked")));
    assert_eq!(chain(&bench, &[], "chained.pem").answered(0, 1).lines[0]["chain"].as_array().map(Vec::len), Some(3));
    assert_eq!(code(&chain(&bench, &[], "expired.pem")), "path_signer_expired");
    assert_eq!(code(&chain(&bench, &[], "future.pem")), "path_signer_not_yet_valid");
    assert_eq!(code(&chain(&bench, &["--time", "2001-01-01T00:00:00Z"], "ec.pem")), "path_signer_not_yet_valid");
    assert_eq!(code(&chain(&bench, &["--role", "tsa"], "ec.pem")), "path_signer_unsuitable");
    assert_eq!(code(&chain(&bench, &["--role", "ocsp"], "ec.pem")), "path_signer_unsuitable");
    assert_eq!(code(&chain(&bench, &[], "seal.pem")), "path_signer_unsuitable");
    chain(&bench, &["--role", "any"], "seal.pem").answered(0, 1);
    assert_eq!(code(&chain(&bench, &["--revocation", "require"], "ec.pem")), "path_revocation_unknown");
    assert_eq!(code(&chain(&bench, &["--explicit-policy"], "ec.pem")), "path_policy");
    assert_eq!(code(&chain(&bench, &[], "other-root.pem")), "path_no_chain");
}

#[test]
fn files_that_are_damaged_or_missing() {
    let block = b"-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
    let bench = Bench::with(&[("bad.pem", block), ("none.pem", b"nothing"), ("bad.crl", b"no list")]);
    let said = chain(&bench, &["--intermediates", "bad.pem", "--crls", "bad.crl"], "ec.pem");
    said.answered(0, 1);
    assert_eq!(said.stderr.matches("left out").count(), 2, "{}", said.stderr);
    let leaf = |name: &str| {
        let arguments: [OsString; 4] = ["chain".into(), "--trust".into(), authority().at("root.pem").into(), name.into()];
        bench.run_untouched(arguments)
    };
    assert_eq!(code(&leaf("bad.pem")), "certificate_malformed");
    assert_eq!(code(&leaf("none.pem")), "pem_malformed");
    leaf("missing.pem").refused_without_answer(213, "source_unreadable");
    for arguments in [["--intermediates", "missing.pem"], ["--crls", "missing"]] {
        chain(&bench, &arguments, "ec.pem").refused_without_answer(213, "source_unreadable");
    }
    for arguments in [["--policy", "policy"], ["--time", "today"]] {
        chain(&bench, &arguments, "ec.pem").refused_without_answer(101, "invalid_argument");
    }
}

#[test]
fn in_words() {
    let bench = Bench::new();
    let said =
        bench.command().arg("chain").arg("--trust").arg(authority().at("root.pem")).arg(authority().at("expired.pem")).output().unwrap();
    assert_eq!(said.status.code(), Some(1));
    assert!(String::from_utf8(said.stdout).unwrap().ends_with("no valid path: the certificate is expired [path_signer_expired]\n"));
}
