//! schemathesis before `openapi.yaml` and the running demo: calls made of the contract, sound and unsound ones, by a customer who has a device, a certificate, a
//! document, a package, a template and a remote credential. No answer is a failure of the server, each is one that the contract declares, and what the contract
//! forbids is refused. How many calls there were, and that none failed, is told by the server's own log as well.
//!
//! A seeded sample in every run; `THRIVOSIGN_LONG=1` has 10,000 calls and more (`docs/evidence/schemathesis.md`).

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests own processes, sockets and files")]

#[path = "../client/mod.rs"]
mod client;

use client::phone::Phone;
use client::process::{Process, demo, hear};
use client::{Desk, USER, pdf};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use thrivosign::crypto::digest::sha256;
use thrivosign::remote::content_digest;

/// What is held to the contract. That sound calls are taken is not: whether a code, a signature or a state is right stands in no schema.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance,\
    negative_data_rejection,missing_required_header,unsupported_method,allow_header_conformance,ignored_auth";

/// The demo in a folder of its own, and its log.
struct Bank {
    place: tempfile::TempDir,
    process: Process,
    desk: Desk,
    token: String,
}

impl Bank {
    fn open() -> Bank {
        let place = tempfile::tempdir().unwrap();
        let data = place.path().join("data");
        let mut command = demo(&data);
        command.stderr(Stdio::from(File::create(place.path().join("log")).unwrap()));
        let process = hear(command);
        let key = process.said("API key (shown once): ").unwrap();
        let tls = std::fs::read_to_string(data.join("tls-root.pem")).unwrap();
        let desk = Desk::of_process(tempfile::tempdir().unwrap(), process.address, &tls, &key);
        let (token, _) = desk.login();
        Bank { place, process, desk, token }
    }

    /// One of each thing that a call may name: a device with a certificate, documents, a package that is shared and one that is not, a template.
    fn furnish(&self) -> Value {
        let codes = || std::fs::read_to_string(self.place.path().join("data.codes")).unwrap().lines().last().unwrap().to_owned();
        let credential = Phone::new("phone-1").enrol_by(&self.desk, &self.token, "Demo User", &codes);
        let bytes = pdf::small(2);
        let digest = content_digest::encode(&sha256(&bytes));
        let authorization = format!("Bearer {}", self.token);
        let mut made = 0;
        let mut post = |path: &str, more: &[(&str, &str)], body: &[u8]| {
            made += 1;
            let name = format!("furnished-{made}");
            let own = [("X-API-Key", self.desk.key.as_str()), ("Authorization", &authorization), ("Idempotency-Key", &name)];
            let answer = self.desk.call("POST", path, &[&own[..], more].concat(), body);
            assert!(matches!(answer.status, 200 | 201), "{path}: {answer:?}");
            answer
        };
        let pdf = [("Content-Type", "application/pdf"), ("X-File-Name", "a.pdf"), ("Content-Digest", digest.as_str())];
        let mut upload = || post("/rssp/agreements", &pdf, &bytes).text("documentID");
        let documents: Vec<String> = (0..4).map(|_| upload()).collect();
        let start = json!({"credentialID": credential, "level": "B-B"}).to_string();
        let signature = post(&format!("/rssp/agreements/{}/signatures", documents[0]), &[], start.as_bytes()).text("signatureID");
        let mut packages = Vec::new();
        for (at, document) in documents[1..3].iter().enumerate() {
            let id = post("/rssp/packages", &[], br#"{"name":"Loan"}"#).text("packageID");
            let path = format!("/rssp/packages/{id}");
            assert_eq!(self.desk.authed(&self.token, "PUT", &format!("{path}/documents/{document}"), &Value::Null).status, 200);
            let asked = json!({"user": USER, "order": 1, "documentID": document, "page": 1, "rect": [72, 72, 200, 60]}).to_string();
            post(&format!("{path}/recipients"), &[], asked.as_bytes());
            if at == 0 {
                post(&format!("{path}/share"), &[], b"");
            }
            packages.push(id);
        }
        let lease = json!({"name": "Lease", "documentID": documents[3], "places": [{"role": "tenant", "order": 1}]}).to_string();
        let template = post("/rssp/templates", &[], lease.as_bytes()).text("templateID");
        json!({
            "credentialID": [credential], "deviceUUID": ["phone-1"], "documentID": documents, "signatureID": [signature],
            "packageID": packages, "templateID": [template], "user": [USER],
        })
    }
}

/// The judge's program, if `cargo xtask test` has installed it.
fn judge() -> Option<PathBuf> {
    let venv = client::trust::python()?.parent()?.parent()?.to_path_buf();
    Some(venv.with_file_name("venv-contract").join("bin/st")).filter(|program| program.is_file())
}

/// How often each operation was answered with each status.
fn answered(log: &Path) -> BTreeMap<(String, u64), u64> {
    let mut counts = BTreeMap::new();
    for line in std::fs::read_to_string(log).unwrap().lines() {
        let said: Value = serde_json::from_str(line).unwrap();
        assert_ne!(said["level"], "ERROR", "{line}");
        if let (Some(operation), Some(status)) = (said["fields"]["operation"].as_str(), said["fields"]["status"].as_u64()) {
            *counts.entry((operation.to_owned(), status)).or_default() += 1;
        }
    }
    counts
}

#[test]
fn every_call_that_the_contract_allows_or_forbids_is_answered_by_it() {
    let Some(judge) = judge() else {
        assert!(!std::env::var("CI").is_ok_and(|ci| ci == "true"), "schemathesis is not there");
        return println!("skipped: schemathesis is not there");
    };
    let long = std::env::var("THRIVOSIGN_LONG").is_ok_and(|long| long == "1");
    // Of each operation; beside them stand those that schemathesis makes of every limit in a schema, some 2,500.
    let (examples, least) = if long { ("190", 10_000) } else { ("4", 2_000) };
    let bank = Bank::open();
    let things = bank.furnish();
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let document = bank.place.path().join("a.pdf");
    std::fs::write(&document, pdf::small(1)).unwrap();
    let before = answered(&bank.place.path().join("log"));
    let output = Command::new(judge)
        .args(["--no-color", "run"])
        .arg(here.join("openapi.yaml"))
        .args(["--url", &format!("https://localhost:{}", bank.process.address.port())])
        .arg("--tls-verify")
        .arg(bank.place.path().join("data/tls-root.pem"))
        .args(["--header", &format!("X-API-Key: {}", bank.desk.key), "--header", &format!("Authorization: Bearer {}", bank.token)])
        .args(["--phases", "coverage,fuzzing", "--checks", CHECKS, "--max-examples", examples, "--seed", "20261128", "--workers", "1"])
        .args(["--generation-database", "none", "--continue-on-failure", "--no-shrink", "--warnings", "off"])
        .current_dir(bank.place.path())
        .env("SCHEMATHESIS_HOOKS", here.join("tests/schemathesis/hooks.py"))
        .envs([("THRIVOSIGN_THINGS", things.to_string()), ("PYTHONDONTWRITEBYTECODE", "1".to_owned())])
        .env("THRIVOSIGN_PDF", &document)
        .output()
        .unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    println!("{said}");
    assert!(output.status.success(), "schemathesis found what stands above");

    let mut counts = answered(&bank.place.path().join("log"));
    bank.process.kill();
    for (one, count) in before {
        *counts.get_mut(&one).unwrap() -= count;
    }
    counts.retain(|_, count| *count > 0);
    let total: u64 = counts.values().sum();
    let with = |from: u64| counts.iter().filter(|((_, status), _)| status / 100 == from).map(|(_, count)| count).sum::<u64>();
    let reached: BTreeSet<&str> = counts.keys().map(|(operation, _)| operation.as_str()).collect();
    let taken: BTreeSet<&str> = counts.keys().filter(|(_, status)| *status < 300).map(|(operation, _)| operation.as_str()).collect();
    println!("{total} calls of {} operations: {} taken, of {}; {} refused", reached.len(), with(2), taken.len(), with(4));
    assert!(total >= least, "{total} calls");
    for operation in thrivosign::remote::openapi::OPERATIONS {
        assert!(reached.contains(operation.id), "nobody called {}", operation.id);
    }
    for ((operation, status), count) in &counts {
        // The vendor's words for a credential that is not there.
        let literal = *status == 504 && operation.starts_with("activateCredential");
        assert!(*status < 500 || literal, "{operation}: {count} times {status}");
    }
    // What is refused at the door alone is judged little: documents are there, and packages, and are worked on.
    assert!(taken.len() >= 15, "{taken:?}");
}
