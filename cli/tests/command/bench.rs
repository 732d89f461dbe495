//! A folder with files, the command run in it, and what came of that.

use crate::authority::authority;
use crate::schema;
use serde_json::Value;
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_thrivosign");

/// What a run said. Whatever the run, nothing panicked and every line was of its schema.
pub(crate) struct Said {
    pub(crate) exit: i32,
    pub(crate) lines: Vec<Value>,
    pub(crate) errors: Vec<Value>,
    pub(crate) stderr: String,
}

impl Said {
    pub(crate) fn of(output: &Output) -> Said {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("what is printed is UTF-8");
        let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
        for sign in ["panicked", "RUST_BACKTRACE", "overflowed its stack", "[901 ", "[902 "] {
            assert!(!stderr.contains(sign) && !stdout.contains(sign), "{stderr}{stdout}");
        }
        let exit = output.status.code().unwrap_or_else(|| panic!("ended by {}: {stderr}", output.status));
        let parse = |line: &str| serde_json::from_str::<Value>(line).unwrap_or_else(|e| panic!("{e} in {line:?}"));
        let lines: Vec<Value> = stdout.lines().map(parse).collect();
        for line in &lines {
            match line["schema"].as_str() {
                Some("thrivosign-report-1") => schema::hold("report", line),
                Some("thrivosign-sign-1") => schema::hold("sign", line),
                Some("thrivosign-batch-1") => schema::hold("batch", line),
                Some("thrivosign-fields-1") => schema::hold("fields", line),
                Some("thrivosign-inspect-1") => schema::hold("inspect", line),
                Some("thrivosign-chain-1") => schema::hold("chain", line),
                Some("thrivosign-extend-1") => schema::hold("extend", line),
                Some("thrivosign-due-1") => schema::hold("due", line),
                Some("thrivosign-diff-1") => schema::hold("diff", line),
                Some("thrivosign-extract-1") => schema::hold("extract", line),
                Some("thrivosign-signatures-1") => schema::hold("signatures", line),
                Some("thrivosign-verify-summary-1") => schema::hold("verify-summary", line),
                _ => schema::hold("error", line),
            }
        }
        let told: Vec<Value> = stderr.lines().map(parse).collect();
        for line in &told {
            schema::hold("error", line);
        }
        let errors = told.into_iter().filter(|line| line.get("error").is_some()).collect();
        Said { exit, lines, errors, stderr }
    }

    /// The command could not run, for exactly this reason, told once.
    pub(crate) fn refused(&self, code: i64, name: &str) -> &Self {
        assert_eq!(self.exit, 2, "{}", self.stderr);
        let [only] = self.errors.as_slice() else { panic!("one error expected: {}", self.stderr) };
        assert_eq!((only["error"]["code"].as_i64(), only["error"]["name"].as_str()), (Some(code), Some(name)), "{}", self.stderr);
        self
    }

    /// As [`Said::refused`], with nothing on stdout: there is no answer.
    pub(crate) fn refused_without_answer(&self, code: i64, name: &str) {
        self.refused(code, name);
        assert!(self.lines.is_empty(), "{:?}", self.lines);
    }

    /// As [`Said::refused`], for a command that answers once for each file: the same error stands in the answer.
    pub(crate) fn refused_in_its_line(&self, code: i64, name: &str) {
        self.refused(code, name);
        let [line] = self.lines.as_slice() else { panic!("one line for one file: {:?}", self.lines) };
        assert_eq!(line, &self.errors[0]);
        assert!(line["file"].is_string());
    }

    /// The command went through with that exit code and that many answers.
    pub(crate) fn answered(&self, exit: i32, lines: usize) -> &Self {
        assert_eq!((self.exit, self.lines.len(), self.errors.len()), (exit, lines, 0), "{}{:?}", self.stderr, self.lines);
        self
    }

    /// The context of the only error.
    pub(crate) fn context(&self) -> &str {
        self.errors[0]["error"]["context"].as_str().unwrap_or_default()
    }
}

/// A folder of one test.
pub(crate) struct Bench {
    folder: tempfile::TempDir,
}

impl Bench {
    pub(crate) fn new() -> Bench {
        Bench { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn with(files: &[(&str, &[u8])]) -> Bench {
        let bench = Bench::new();
        for (name, bytes) in files {
            fs::write(bench.at(name), bytes).unwrap();
        }
        bench
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn at(&self, name: impl AsRef<OsStr>) -> PathBuf {
        self.folder.path().join(name.as_ref())
    }

    pub(crate) fn read(&self, name: impl AsRef<OsStr>) -> Vec<u8> {
        fs::read(self.at(name)).unwrap()
    }

    /// Every entry of the folder: name, and what a link names, or what a file holds.
    pub(crate) fn snapshot(&self) -> BTreeMap<OsString, (String, Vec<u8>)> {
        let entry = |found: fs::DirEntry| {
            let kind = found.file_type().unwrap();
            let held = if kind.is_symlink() {
                fs::read_link(found.path()).unwrap().into_os_string().as_bytes().to_vec()
            } else if kind.is_file() {
                fs::read(found.path()).unwrap()
            } else {
                Vec::new()
            };
            (found.file_name(), (format!("{kind:?}"), held))
        };
        fs::read_dir(self.path()).unwrap().map(|found| entry(found.unwrap())).collect()
    }

    /// The command in this folder.
    pub(crate) fn command(&self) -> Command {
        self.in_folder(PROGRAM)
    }

    /// A program in this folder that finds no secret in the environment and nobody at its terminal.
    pub(crate) fn in_folder(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(self.path())
            .env_remove("THRIVOSIGN_PASSPHRASE")
            .env_remove("THRIVOSIGN_PIN")
            .stdin(std::process::Stdio::null());
        command
    }

    pub(crate) fn run<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Said {
        Said::of(&self.command().arg("--json").args(arguments).output().unwrap())
    }

    /// A run that may change nothing in the folder.
    pub(crate) fn run_untouched<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Said {
        let before = self.snapshot();
        let said = self.run(arguments);
        assert!(self.snapshot() == before, "the folder changed: {:?}", self.snapshot().keys());
        said
    }

    /// Signs with the P-256 signer of the authority; more arguments first, then input and output.
    pub(crate) fn sign(&self, arguments: &[&str]) -> Said {
        self.run(sign_arguments(arguments))
    }

    pub(crate) fn sign_refused(&self, arguments: &[&str], code: i64, name: &str) {
        self.run_untouched(sign_arguments(arguments)).refused_without_answer(code, name);
    }

    /// Verifies with the root of the authority as trust.
    pub(crate) fn verify(&self, arguments: &[&str]) -> Said {
        let trust = [OsString::from("verify"), "--trust".into(), authority().at("root.pem").into()];
        self.run_untouched(trust.into_iter().chain(arguments.iter().map(OsString::from)))
    }

    /// Verifies one file and gives its report.
    pub(crate) fn report(&self, exit: i32, arguments: &[&str]) -> Value {
        self.verify(arguments).answered(exit, 1).lines[0].clone()
    }
}

/// Arguments that sign with the P-256 signer.
pub(crate) fn sign_arguments(arguments: &[&str]) -> Vec<OsString> {
    signer_arguments("ec.key", "ec.pem", arguments)
}

/// Arguments that sign with a key file and a certificate file of the authority.
pub(crate) fn signer_arguments(key: &str, certificate: &str, arguments: &[&str]) -> Vec<OsString> {
    let signer = [OsString::from("sign"), "--key".into(), authority().at(key).into(), "--cert".into(), authority().at(certificate).into()];
    signer.into_iter().chain(arguments.iter().map(OsString::from)).collect()
}

/// For what this machine may not be able to do. Where everything must be there (`CI=true`) that is a failure.
pub(crate) fn skip(reason: &str) {
    assert!(!std::env::var("CI").is_ok_and(|ci| ci == "true"), "cannot be tested: {reason}");
    eprintln!("SKIPPED: {reason}");
}
