//! The attack kit before pdfsig and pyHanko: where they disagree with it, `ledger.md` says so and why, neither more nor less.

use crate::corpus::{bench, script_path};
use crate::written;
use std::process::Command;

#[test]
fn every_disagreement_stands_in_the_ledger() {
    let Some(bench) = bench() else { return };
    let folder = tempfile::tempdir().unwrap();
    written::write(folder.path());
    let judged = Command::new(&bench.python).arg(script_path("kit.py")).arg(folder.path()).output().unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&judged.stdout), String::from_utf8_lossy(&judged.stderr));
    assert!(judged.status.success(), "{said}");
}
