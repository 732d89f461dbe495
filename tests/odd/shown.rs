//! Signed documents before pyHanko: all of a test at once. What it says otherwise of legal documents stands in `tests/interop/odd.py`, with why.

use crate::authority::authority;
use crate::python::{python, script_path};
use std::path::PathBuf;
use std::process::Command;

/// A folder of signed documents; with `THRIVOSIGN_ODD_KEEP` set, one that stays.
pub(crate) struct Shown {
    folder: PathBuf,
    temporary: Option<tempfile::TempDir>,
}

impl Shown {
    pub(crate) fn new(label: &str) -> Shown {
        let shown = match std::env::var_os("THRIVOSIGN_ODD_KEEP") {
            Some(kept) => Shown { folder: PathBuf::from(kept).join(label), temporary: None },
            None => {
                let temporary = tempfile::tempdir().expect("a temporary folder");
                Shown { folder: temporary.path().to_path_buf(), temporary: Some(temporary) }
            }
        };
        std::fs::create_dir_all(&shown.folder).expect("made");
        shown
    }

    pub(crate) fn add(&self, name: &str, bytes: &[u8]) {
        let name = name.replace(|c: char| !c.is_ascii_alphanumeric(), "-");
        std::fs::write(self.folder.join(format!("{name}.pdf")), bytes).expect("written");
    }

    /// For whoever looks into a failure: a document that is not shown.
    pub(crate) fn keep(&self, name: &str, bytes: &[u8]) {
        if self.temporary.is_none() {
            std::fs::write(self.folder.join(name), bytes).expect("written");
        }
    }

    /// Every signature is valid and what came later permitted, in pyHanko's eyes.
    pub(crate) fn judged(self) {
        let python = match python() {
            Ok((_, python)) => python,
            Err(reason) => {
                assert!(!std::env::var("CI").is_ok_and(|ci| ci == "true"), "pyHanko cannot be asked: {reason}");
                eprintln!("SKIPPED: {reason}; `cargo xtask test` makes it");
                return;
            }
        };
        std::fs::write(self.folder.join("root.pem"), &authority().root).expect("written");
        let out = Command::new(python).arg(script_path("odd.py")).arg(&self.folder).output().expect("Python runs");
        let said = String::from_utf8_lossy(&[out.stdout, out.stderr].concat()).into_owned();
        println!("pyHanko: {}", said.lines().next().unwrap_or_default());
        assert!(out.status.success(), "{said}");
    }
}
