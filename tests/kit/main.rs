//! The attack kit before the verifier: every forged file is refused for its reason, every control is clean.
//!
//! What the kit is stands in `kit.rs`. To hand it to other judges:
//!
//! ```text
//! THRIVOSIGN_KIT_OUT=DIR cargo test -p thrivosign --test kit write -- --ignored
//! ```
//!
//! writes `DIR/FAMILY/NN.pdf`, the root's certificate `DIR/root.pem`, and `DIR/index.json`: of every file the family, the attack, its name, what
//! must be said of it (`clean`, `refused`, `unreadable`, `unsigned`) and the reason. `tests/interop/kit.py` asks pdfsig and pyHanko;
//! `tests/interop/ledger.md` says where they disagree.

// Tests are an edge: they read and write files.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

#[path = "kit.rs"]
mod kit;
mod told;
mod written;

use kit::{File, MOST_FILES, Must, families, judged, objection};
use std::collections::HashSet;
use thrivosign::verify::{Coverage, Indication};

#[test]
fn every_file_gets_its_verdict() {
    let mut wrong = Vec::new();
    for family in families::all() {
        for file in &family.files {
            if let Some(objection) = objection(file) {
                wrong.push(format!("{} / {}: must {:?}, but {objection}", family.name, file.name, file.must));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong verdicts:\n{}", wrong.len(), wrong.join("\n"));
}

/// `THRIVOSIGN_BLESS=1` writes the file anew; read the difference before it lands.
#[test]
fn what_is_told_of_every_file_is_as_it_was() {
    const LEDGER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/kit/told.txt");
    let plain = judged(&families::all()[0].files[0].bytes).expect("a report");
    assert!(plain.clean && plain.signatures.len() == 1 && plain.signatures[0].change_details.is_empty(), "{plain}");
    let crypto = &plain.signatures[0].crypto;
    assert!(crypto.signature_value.is_some() && crypto.to_be_signed.is_some() && crypto.content.is_some(), "{crypto:?}");
    assert_ne!(
        crypto.to_be_signed.as_ref(),
        crypto.content.as_ref().map(|content| &content.value),
        "attributes are signed, not the content"
    );
    let plain = told::value(&plain);
    let mut told = String::new();
    for family in families::all() {
        for file in &family.files {
            told += &format!("{} / {}\n{}", family.name, file.name, told::told(file, &plain));
        }
    }
    if std::env::var_os("THRIVOSIGN_BLESS").is_some() {
        std::fs::write(LEDGER, &told).expect("the ledger is written");
    }
    let kept = std::fs::read_to_string(LEDGER).expect("the ledger is there");
    let other: Vec<String> =
        told.lines().zip(kept.lines()).filter(|(now, then)| now != then).map(|(now, then)| format!("{then}\n  now: {now}")).collect();
    assert!(told == kept, "{} lines differ (or some are missing), the first:\n{}", other.len(), other[..other.len().min(20)].join("\n"));
}

#[test]
fn every_family_has_a_control_and_no_file_stands_twice() {
    let (mut names, mut contents) = (HashSet::new(), HashSet::new());
    let mut forged = 0;
    for family in families::all() {
        let (name, files) = (family.name, &family.files);
        assert!(names.insert(name), "{name} stands twice");
        assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'), "{name} is no folder's name");
        assert!(files.first().is_some_and(|file| file.must == Must::BeClean), "{name} does not begin with a control");
        let attacks: Vec<&File> = files.iter().filter(|file| file.must != Must::BeClean).collect();
        assert!((1..=MOST_FILES).contains(&attacks.len()), "{name} has {} forged files", attacks.len());
        let mut within = HashSet::new();
        for file in files {
            assert!(within.insert(file.name.as_str()), "{name} has two files named {}", file.name);
        }
        for file in attacks {
            assert!(contents.insert(file.bytes.clone()), "{name} / {} is another forged file again", file.name);
        }
        forged += files.iter().filter(|file| file.must != Must::BeClean).count();
    }
    assert!(names.len() >= FAMILIES && forged >= FILES, "{} families, {forged} forged files", names.len());
}

/// A range that is refused covers nothing, whatever it says.
#[test]
fn a_refused_range_covers_nothing() {
    let mut seen = 0;
    for file in families::all().iter().flat_map(|family| &family.files) {
        let Must::BeRefused(reason) = file.must else { continue };
        if !["byte_range_malformed", "byte_range_mismatch", "coverage_broken", "outside_own_revision"].contains(&reason) {
            continue;
        }
        let report = judged(&file.bytes).expect("a report");
        let signature = report.signatures.iter().find(|s| s.reasons.iter().any(|r| r.code == reason)).expect("it has the reason");
        assert_eq!(signature.coverage, Coverage::Broken, "{}", file.name);
        assert_eq!(signature.overall.indication, Indication::TotalFailed, "{}", file.name);
        assert!(!signature.intact, "{}", file.name);
        seen += 1;
    }
    assert!(seen > 100, "{seen}");
}

/// How many there are at least: a family that gets lost is noticed.
const FAMILIES: usize = 181;
const FILES: usize = 1_914;

#[test]
#[ignore = "writes the kit into a folder"]
fn write() {
    let folder = std::env::var_os("THRIVOSIGN_KIT_OUT").expect("THRIVOSIGN_KIT_OUT names a folder");
    written::write(std::path::Path::new(&folder));
}
