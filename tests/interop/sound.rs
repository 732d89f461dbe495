//! Sound documents of many shapes: certified, filled where that is permitted, locked, signed in existing fields, with validation data and
//! time stamps, in every algorithm, and with legal but unusual CMS.
//!
//! Takes what `sound.py` made, expects every file clean. A file that pyHanko itself refuses is in the ledger below, with why.

use crate::corpus::bench;
use crate::judges::{self, Hanko};
use crate::ours;
use std::io::Write;

#[test]
fn sound_documents_are_clean() {
    let Some(bench) = bench() else { return };
    let (folder, files) = bench.sound();
    assert!(files.len() >= 300, "only {} files", files.len());
    let trust = ours::trust(&folder.join("root.pem"));
    let mut wrong = Vec::new();
    for (file, password) in &files {
        let path = folder.join(file);
        match ours::verify(&path, &trust, password) {
            Ok(report) if report.clean => {}
            Ok(report) => wrong.push(format!("{file}: {}", ours::reasons(&report))),
            Err(reason) => wrong.push(format!("{file}: {reason}")),
        }
    }
    let _ = writeln!(std::io::stdout().lock(), "\nsound: {} of {} clean", files.len() - wrong.len(), files.len());
    assert!(wrong.is_empty(), "{} of {} not clean:\n{}", wrong.len(), files.len(), wrong.join("\n"));
}

/// The files are sound in other eyes, too: every fourth is shown to pyHanko and pdfsig.
#[test]
fn others_call_them_sound() {
    let Some(bench) = bench() else { return };
    let (folder, files) = bench.sound();
    let root = folder.join("root.pem");
    let mut hanko = Hanko::start(bench);
    let mut wrong = Vec::new();
    for (file, password) in files.iter().step_by(4) {
        let path = folder.join(file);
        match hanko.judge(&path, &root, password) {
            Ok(verdicts) if verdicts.iter().all(|v| v.bottom_line) => {}
            Ok(verdicts) => wrong.push(format!("{file}: {}", verdicts.iter().map(|v| v.summary.as_str()).collect::<Vec<_>>().join("; "))),
            Err(reason) => wrong.push(format!("{file}: {reason}")),
        }
        // pdfsig knows no document time stamps, and `judges` wants every field signed.
        let unsigned =
            file.starts_with("form-") || file.starts_with("certified-") || file.starts_with("lock-") || file.starts_with("fields-");
        if file.contains("stamp") || unsigned && !file.ends_with("-4.pdf") {
            continue;
        }
        match judges::pdfsig(&path, password) {
            Ok(verdicts) if verdicts.iter().all(|v| v.valid) => {}
            other => wrong.push(format!("{file}: pdfsig: {other:?}")),
        }
    }
    assert!(wrong.is_empty(), "{} not sound in other eyes:\n{}", wrong.len(), wrong.join("\n"));
}
