//! The other way round: what pyHanko signs, the library verifies.
//!
//! Takes the corpus as pyHanko signed it (PAdES B-B, P-256 and RSA, once and twice), expects every file clean with the test
//! root as the only anchor, and not clean with another root or one byte changed.

use crate::corpus::{Source, bench};
use crate::ours;
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;

#[test]
fn what_pyhanko_signed_is_clean_here() {
    let Some(bench) = bench() else { return };
    let (signed, declined) = bench.signed_by_pyhanko();
    let trust = ours::trust(&bench.root());
    let mut tally: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut wrong = Vec::new();
    for source in &signed {
        let (clean, all) = tally.entry(&source.producer).or_default();
        *all += 1;
        match judged(source, &trust) {
            Ok(()) => *clean += 1,
            Err(reason) => wrong.push(format!("{}: {reason}", source.name())),
        }
    }
    // Past the capture of test output: this table is for people.
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "\nsigned by pyHanko, clean here ({declined} documents declined by pyHanko):");
    for (producer, (clean, all)) in tally {
        let _ = writeln!(out, "  {producer:12} {clean:>3} of {all}");
    }
    assert!(wrong.is_empty(), "{} of {} not clean:\n{}", wrong.len(), signed.len(), wrong.join("\n"));
}

fn judged(source: &Source, trust: &ours::Trust) -> Result<(), String> {
    let report = ours::verify(&source.file, trust, &source.password)?;
    let expected = if source.name().ends_with(".twice") { 2 } else { 1 };
    if report.signatures.len() != expected {
        return Err(format!("{} signatures seen, {expected} made", report.signatures.len()));
    }
    if report.clean { Ok(()) } else { Err(ours::reasons(&report)) }
}

#[test]
fn a_changed_byte_or_a_foreign_root_is_not_clean() {
    let Some(bench) = bench() else { return };
    let (signed, _) = bench.signed_by_pyhanko();
    let trust = ours::trust(&bench.root());
    let foreign = ours::trust(&bench.authority.join("foreign-root.pem"));
    let scratch = tempfile::tempdir().unwrap();
    let changed = scratch.path().join("changed.pdf");
    for source in signed.iter().filter(|source| !source.encrypted).step_by(7) {
        let report = ours::verify(&source.file, &foreign, "").unwrap();
        assert!(!report.clean && report.signatures.iter().all(|signature| signature.intact), "{} under a foreign root", source.name());
        let mut bytes = fs::read(&source.file).unwrap();
        bytes[12] ^= 1; // in the comment behind the header: content to no one, so that nothing but the digest can tell
        fs::write(&changed, bytes).unwrap();
        let report = ours::verify(&changed, &trust, "").unwrap();
        assert!(!report.signatures.iter().any(|signature| signature.intact || signature.clean), "{} with a changed byte", source.name());
    }
}
