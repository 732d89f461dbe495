//! `sign --level`, `extend` and `chain --fetch` with a public-key infrastructure of other people's (certomancer) on loopback: its time stamps, its OCSP
//! responses, its lists and its issuers' certificates are what the command asks for and gets.

use crate::bench::{Bench, Said, skip};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// It ends when its standard input does.
struct Peer {
    folder: tempfile::TempDir,
    tsa: String,
    child: Child,
}

impl Peer {
    fn start() -> Option<Peer> {
        let base = std::env::var_os("XDG_CACHE_HOME").filter(|value| !value.is_empty()).map(PathBuf::from);
        let home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache"));
        let python = base.or_else(home).map(|cache| cache.join("thrivosign/venv/bin/python")).filter(|python| python.is_file());
        let Some(python) = python else {
            skip("no Python environment; `cargo xtask test` makes it");
            return None;
        };
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/interop/with_certomancer.py");
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new(python);
        command.arg(script).arg(folder.path()).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let said: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("with_certomancer.py: {error}: {line:?}"));
        Some(Peer { folder, tsa: said["tsa"].as_str().unwrap().to_owned(), child })
    }

    fn at(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    /// The chain of a certificate that comes alone, each needing a statement.
    fn chain(&self, bench: &Bench, options: &[&str], leaf: &str) -> Said {
        let trust = ["chain", "--trust", &self.at("root.pem"), "--revocation", "require"].map(str::to_owned);
        let rest = options.iter().map(|one| (*one).to_owned()).chain([self.at(leaf)]);
        bench.run(trust.into_iter().chain(rest))
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

#[test]
fn its_services_are_asked_and_answer() {
    let Some(peer) = Peer::start() else { return };
    let bench = Bench::new();
    let any = ["--fetch", "anywhere"];
    // The issuer's certificate, and what is said of both: by OCSP, by a list, and for the authority of time stamps by lists alone.
    for (leaf, role) in [("p256.pem", "signer"), ("rsa.pem", "signer"), ("tsa.pem", "tsa")] {
        let said = peer.chain(&bench, &[&any[..], &["--role", role]].concat(), leaf);
        let line = &said.answered(0, 1).lines[0];
        let known: Vec<&Value> = line["chain"].as_array().unwrap().iter().map(|one| &one["revocation"]).collect();
        assert_eq!(known, [&Value::from("good"), &Value::from("good"), &Value::Null], "{leaf}");
    }
    assert_eq!(peer.chain(&bench, &any, "gone.pem").answered(1, 1).lines[0]["code"], "path_signer_revoked");
    // With a folder, lists and issuers are asked for once. What lies there then is enough for who need not ask for a list.
    let kept = ["--cache", "kept", "--role", "tsa"];
    let times = || {
        let files = std::fs::read_dir(bench.at("kept")).unwrap().map(|entry| entry.unwrap());
        let mut times: Vec<_> = files.map(|file| (file.file_name(), file.metadata().unwrap().modified().unwrap())).collect();
        times.sort();
        times
    };
    peer.chain(&bench, &[&any[..], &kept].concat(), "tsa.pem").answered(0, 1);
    let first = times();
    assert!(!first.is_empty() && first.iter().all(|(name, _)| name.to_string_lossy().ends_with(".kept")), "{first:?}");
    peer.chain(&bench, &[&any[..], &kept].concat(), "tsa.pem").answered(0, 1);
    assert_eq!(times(), first, "fetched again");
    let said = peer.chain(&bench, &kept, "tsa.pem");
    assert!(said.stderr.contains("--fetch"), "{}", said.stderr);
    // Nobody is asked unless it is said, and none in private networks unless that is.
    assert_eq!(peer.chain(&bench, &[], "p256.pem").answered(1, 1).lines[0]["code"], "path_no_chain");
    let said = peer.chain(&bench, &["--fetch", "public"], "p256.pem");
    assert_eq!(said.answered(1, 1).lines[0]["code"], "path_no_chain");
    assert!(said.stderr.contains("invalid_argument"), "{}", said.stderr);

    let (root, page) = (peer.at("root.pem"), peer.at("page.pdf"));
    let with = ["--trust", &root, "--tsa", &peer.tsa, "--fetch", "anywhere"];
    let signer = |key: &str| ["--key".to_owned(), peer.at(&format!("{key}.key.pem")), "--cert".to_owned(), peer.at(&format!("{key}.pem"))];
    for (key, level, name) in [("p256", "b-t", "B-T"), ("p384", "b-lt", "B-LT"), ("rsa", "b-lta", "B-LTA")] {
        let signer = signer(key);
        let mut all: Vec<&str> = vec!["sign", "--level", level];
        all.extend(signer.iter().map(String::as_str));
        all.extend(with);
        let file = format!("{level}.pdf");
        all.extend([&*page, &*file]);
        let said = bench.run(all);
        let line = &said.answered(0, 1).lines[0];
        assert_eq!(
            (&line["level"], &line["missing"], &line["unanswered"]),
            (&name.into(), &Value::Array(vec![]), &Value::Array(vec![])),
            "{key}"
        );
    }
    let said = bench.run([&["extend", "--level", "b-lta"][..], &with, &["b-t.pdf", "raised.pdf"]].concat());
    let line = &said.answered(0, 1).lines[0];
    assert_eq!((&line["reached"], &line["levels"][0]["level"]), (&Value::from(true), &"B-LTA".into()));
    for file in ["raised.pdf", "b-lta.pdf", "b-lt.pdf"] {
        let said = bench.run(["verify", "--trust", &root, "--revocation", "require", file]);
        assert_eq!(said.answered(0, 1).lines[0]["clean"], true, "{file}");
    }
}
