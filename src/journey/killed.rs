//! The room `journey`, tests only: a process that is killed between any two of its system calls on files. The process is this test program, which runs one
//! test as a child; strace kills it. Calls that change nothing are left out: to be killed before one of them is to be killed before the next that does.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests are an edge")]

use crate::crypto::SignatureAlgorithm;
use crate::error::{Error, ErrorKind, Result};
use crate::key::software::{SoftwareKey, SoftwareKeyStore};
use crate::key::{Attestation, DeviceKeyStore, KeyInfo, KeyPurpose, KeySpec};
use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const FOLDER: &str = "THRIVOSIGN_KILLED_FOLDER";

/// Where the child works; `None` where the test is no child.
pub(super) fn folder() -> Option<PathBuf> {
    std::env::var_os(FOLDER).map(PathBuf::from)
}

fn begun(program: &str, before: &[&str], child: &str, folder: &Path) -> Output {
    let mut command = Command::new(program);
    command.args(before).args(["--exact", child, "--test-threads=1", "--nocapture"]).env(FOLDER, folder).output().unwrap()
}

/// The child, let live to its end.
pub(super) fn lives(child: &str, folder: &Path, what: &str) {
    let done = begun(std::env::current_exe().unwrap().to_str().unwrap(), &[], child, folder);
    assert!(done.status.success(), "{what}: {}", String::from_utf8_lossy(&done.stderr));
}

/// Runs `child` in a folder of `fresh` for each of its calls from the first that names `from` on, killed there; `check` is told the folder and where that was. Gives how
/// many were killed; `None` where strace is missing or may not trace.
pub(super) fn at_every_call(
    child: &str,
    from: &str,
    fresh: impl Fn() -> tempfile::TempDir,
    mut check: impl FnMut(&Path, &str),
) -> Option<usize> {
    let outside = tempfile::tempdir().unwrap();
    let trace = outside.path().join("trace");
    let program = std::env::current_exe().unwrap();
    let traced = |folder: &Path, more: &[&str]| {
        let common = ["-f", "-qq", "-s", "200", "-e", "trace=%file,%desc", "-o", trace.to_str().unwrap()];
        begun("strace", &[&common[..], more, &[program.to_str().unwrap()]].concat(), child, folder)
    };
    let there = Command::new("strace").arg("--version").output().is_ok();
    let folder = fresh();
    if !there || !traced(folder.path(), &[]).status.success() {
        // Where everything must be there, that is a failure.
        assert!(!std::env::var("CI").is_ok_and(|ci| ci == "true"), "strace is missing, or may not trace here");
        eprintln!("SKIPPED: strace is missing, or may not trace here");
        return None;
    }
    let lines = std::fs::read_to_string(&trace).unwrap();
    let main = lines.lines().find(|line| line.contains(from)).expect("the journal is opened").split_whitespace().next().unwrap();
    let calls: Vec<&str> = lines.lines().filter(|line| line.starts_with(main) && !line.contains("resumed>")).collect();
    let name = |line: &str| line.split_whitespace().nth(1).and_then(|call| call.split('(').next()).unwrap_or_default().to_owned();
    let first = calls.iter().position(|line| line.contains(from)).unwrap();
    let mut killed = 0;
    for (call, line) in calls.iter().enumerate().skip(first).filter(|(_, line)| changes(line, &name(line))) {
        let folder = fresh();
        // strace counts the calls of each name by themselves.
        let which = calls[..=call].iter().filter(|other| name(other) == name(line)).count();
        let inject = format!("inject={}:signal=SIGKILL:when={which}", name(line));
        let status = traced(folder.path(), &["-e", &inject]).status;
        killed += usize::from(status.signal() == Some(9) || status.code() == Some(137));
        check(folder.path(), &format!("call {call} {line}"));
    }
    Some(killed)
}

fn changes(line: &str, name: &str) -> bool {
    match name {
        "openat" => line.contains("O_CREAT") || line.contains("O_TRUNC"),
        "write" | "pwrite64" | "rename" | "renameat" | "renameat2" | "unlink" | "unlinkat" | "mkdir" | "mkdirat" | "ftruncate"
        | "fsync" | "fdatasync" | "flock" | "chmod" | "fchmod" | "link" | "linkat" => true,
        _ => false,
    }
}

/// One more letter in a file of the folder, by one system call.
pub(super) fn mark(folder: &Path, name: &str, text: &str) {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true).open(folder.join(name)).unwrap().write_all(text.as_bytes()).unwrap();
}

/// What was marked.
pub(super) fn marks(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).unwrap_or_default()
}

/// The keys of a device that outlive its processes: in a folder, each with a mark for each use.
pub(super) struct Kept<'f>(pub(super) &'f Path);

impl Kept<'_> {
    fn path(&self, name: &str) -> PathBuf {
        self.0.join(format!("{name}.key"))
    }

    fn purpose(name: &str) -> KeyPurpose {
        if name == "authentication" { KeyPurpose::Authentication } else { KeyPurpose::Signing }
    }

    pub(super) fn put(&self, name: &str, key: &SoftwareKey) {
        let beside = self.0.join(format!("{name}.new"));
        std::fs::write(&beside, key.pkcs8()).unwrap();
        std::fs::rename(beside, self.path(name)).unwrap();
    }

    fn loaded(&self, name: &str) -> Result<SoftwareKeyStore> {
        let der = std::fs::read(self.path(name)).map_err(|_| Error::new(ErrorKind::KeyNotFound))?;
        SoftwareKeyStore::with_key(name, Kept::purpose(name), SoftwareKey::from_pkcs8_der(&der)?)
    }
}

impl DeviceKeyStore for Kept<'_> {
    fn create(&self, name: &str, spec: &KeySpec) -> Result<KeyInfo> {
        if self.path(name).exists() {
            return Err(ErrorKind::KeyExists.into());
        }
        mark(self.0, &format!("{name}.made"), "x");
        self.put(name, &SoftwareKey::generate(spec.algorithm)?);
        self.info(name)
    }
    fn info(&self, name: &str) -> Result<KeyInfo> {
        self.loaded(name)?.info(name)
    }
    fn sign(&self, name: &str, message: &[u8], algorithm: &SignatureAlgorithm) -> Result<Vec<u8>> {
        let value = self.loaded(name)?.sign(name, message, algorithm)?;
        mark(self.0, &format!("{name}.uses"), "x");
        Ok(value)
    }
    fn attest(&self, _: &str, _: &[u8]) -> Result<Attestation> {
        Err(ErrorKind::AttestationUnavailable.into())
    }
    fn delete(&self, name: &str) -> Result<()> {
        std::fs::remove_file(self.path(name)).map_err(|_| ErrorKind::KeyNotFound.into())
    }
    fn list(&self) -> Result<Vec<KeyInfo>> {
        Ok(Vec::new())
    }
}
