//! Encrypted documents of every kind: signed with the user's password and again with the owner's, by different keys, before every judge.
//!
//! Takes what `encrypted.py` made. What is appended must be encrypted as the document is, but for `/Contents`, and qpdf must read it.

use crate::corpus::{Bench, bench};
use crate::judges::{self, Hanko};
use crate::ours::{self, Trust};
use crate::workers::each;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;

/// Part of the document's name, the judge, part of what it says, and why that does not count there.
const LEDGER: &[(&str, &str, &str, &str)] = &[
    ("aes-256-r5", "pyHanko", "Authentication failed", "pyHanko knows revision 6 alone, not Adobe's revision 5 of before ISO 32000-2"),
    ("long", "pdfsig", "Incorrect password", "pdfsig takes at most 32 characters of a password from its command line"),
    (
        "clear-metadata",
        "pyHanko 2",
        "not a multiple of the block length",
        "pyHanko compares revisions by their metadata, and decrypts it although /EncryptMetadata is false",
    ),
    ("hand-rc4-56", "pyHanko", "Invalid key size", "pyHanko's RC4 knows keys of some lengths only, and object keys here have 96 bits"),
    ("hand-rc4-64", "pyHanko", "Invalid key size", "the same with 104 bits"),
    (
        "no-id",
        "pyHanko",
        "KeyError: '/ID'",
        "pyHanko reads no encrypted document without an /ID; it must have one (table 15), and readers take none for an empty one",
    ),
];

const REASON: &str = "I accept the loan agreement";

#[test]
fn every_kind_of_encryption_is_signed_with_either_password() {
    let Some(bench) = bench() else { return };
    let (folder, cases) = bench.encrypted();
    let trust = ours::trust(&bench.root());
    let mut told: Vec<String> = each(bench, &cases, |[file, user, owner], hanko, scratch| {
        let case = Case { bench, trust: &trust, scratch, user, owner };
        case.run(&folder.join(file), hanko).into_iter().map(|told| format!("{file}: {told}")).collect::<Vec<_>>()
    })
    .concat();
    for (document, judge, words, _) in LEDGER {
        let before = told.len();
        told.retain(|text| {
            !text.split_once(": ").is_some_and(|(file, said)| file.contains(document) && said.starts_with(judge) && said.contains(words))
        });
        assert!(told.len() < before, "the ledger excuses what nobody says any more: {document}, {judge}");
    }
    let _ = writeln!(std::io::stdout().lock(), "\nencrypted: {} documents, signed twice each; {} complaints", cases.len(), told.len());
    assert!(cases.len() >= 80, "cases went missing");
    assert!(told.is_empty(), "{} complaints:\n{}", told.len(), told.join("\n"));
}

struct Case<'a> {
    bench: &'a Bench,
    trust: &'a Trust,
    scratch: &'a Path,
    user: &'a str,
    owner: &'a str,
}

impl Case<'_> {
    fn run(&self, file: &Path, hanko: &mut Hanko) -> Vec<String> {
        let (once, twice) = (self.scratch.join("once.pdf"), self.scratch.join("twice.pdf"));
        let signed = ours::sign(self.bench, "p256", Some("One"), None, self.user, file, &once)
            .and_then(|()| ours::sign(self.bench, "rsa", Some("Two"), None, self.owner, &once, &twice));
        if let Err(error) = signed {
            return vec![format!("not signed: {error}")];
        }
        let bytes = |path: &Path| fs::read(path).unwrap();
        let mut told = Vec::new();
        if !bytes(&once).starts_with(&bytes(file)) || !bytes(&twice).starts_with(&bytes(&once)) {
            told.push("what was given is no prefix".to_owned());
        }
        for (number, after) in (1..).zip([&once, &twice]) {
            told.extend(self.judged(after, number, hanko));
            let (before, after) = (judges::qpdf(file, self.user), judges::qpdf(after, self.user));
            if before != after {
                told.push(format!("qpdf {number}: {before:?} before, {after:?} after"));
            }
        }
        told.extend(self.sealed(&twice, bytes(file).len()));
        told
    }

    fn judged(&self, file: &Path, signatures: usize, hanko: &mut Hanko) -> Vec<String> {
        let mut told = Vec::new();
        match judges::pdfsig(file, self.user) {
            Ok(verdicts) if verdicts.len() == signatures && verdicts.iter().all(|verdict| verdict.valid) => {}
            other => told.push(format!("pdfsig {signatures}: {other:?}").chars().take(300).collect()),
        }
        for password in [self.user, self.owner] {
            match hanko.judge(file, &self.bench.root(), password) {
                Ok(verdicts) if verdicts.len() == signatures && verdicts.iter().all(|verdict| verdict.bottom_line) => {}
                other => told.push(format!("pyHanko {signatures}: {other:?}").chars().take(300).collect()),
            }
            match ours::verify(file, self.trust, password) {
                Ok(report) if report.signatures.len() == signatures && report.clean => {}
                Ok(report) => told.push(format!("ours {signatures}: {}", ours::reasons(&report))),
                Err(error) => told.push(format!("ours {signatures}: {error}")),
            }
        }
        told
    }

    /// The strings of the update are encrypted if the document's are, the signature is not, and qpdf reads both.
    fn sealed(&self, file: &Path, original: usize) -> Vec<String> {
        let mut told = Vec::new();
        let bytes = fs::read(file).unwrap();
        let has = |bytes: &[u8], what: &[u8]| bytes.windows(what.len()).any(|w| w == what);
        let clear = has(&bytes[..original], b"Loan agreement") || has(&bytes[..original], b"4c6f616e");
        if has(&bytes[original..], REASON.as_bytes()) != clear {
            told.push("the strings are not as those of the document".to_owned());
        }
        if !has(&bytes[original..], b"/Contents<3082") {
            told.push("the signature does not stand in the clear".to_owned());
        }
        let plain = self.scratch.join("plain.pdf");
        let run = Command::new("qpdf")
            .arg(format!("--password={}", self.user))
            .args(["--decrypt", "--qdf", "--object-streams=disable", "--warning-exit-0"])
            .arg(file)
            .arg(&plain)
            .output();
        match run {
            Ok(run) if run.status.success() => {
                let plain = fs::read(&plain).unwrap();
                if plain.windows(REASON.len()).filter(|w| *w == REASON.as_bytes()).count() != 2 {
                    told.push("qpdf does not read the reasons".to_owned());
                }
            }
            other => told.push(format!("qpdf does not decrypt it: {other:?}").chars().take(300).collect()),
        }
        told
    }
}
