//! The judge of PDF/A and PDF/UA: veraPDF, asked through `verapdf/Judge.java`.
//!
//! Takes a file and a flavour (`1b`, `2u`, `4`, `ua1`), gives what veraPDF says. May not soften: an answer that is not understood is an
//! error.

use std::env;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// A running veraPDF.
pub(crate) struct VeraPdf {
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

fn folder(cache: &Path) -> Result<PathBuf, String> {
    let folder = cache.join("verapdf");
    let pom = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/interop/verapdf/pom.xml");
    let made_from = fs::read(folder.join("pom.xml")).map_err(|_| "veraPDF is not installed".to_owned())?;
    if fs::read(pom).is_ok_and(|wanted| wanted == made_from) { Ok(folder) } else { Err("veraPDF is of another version".to_owned()) }
}

impl VeraPdf {
    /// Starts it, from the folder that `cargo xtask test` fills; `None` with the reason printed where it is missing and that may be.
    pub(crate) fn start(cache: &Path) -> Option<VeraPdf> {
        match VeraPdf::launch(cache) {
            Ok(judge) => Some(judge),
            Err(reason) => {
                assert!(!env::var("CI").is_ok_and(|ci| ci == "true"), "conformance cannot be judged: {reason}");
                eprintln!("SKIPPED: {reason}; `cargo xtask test` installs what is missing, or says how");
                None
            }
        }
    }

    fn launch(cache: &Path) -> Result<VeraPdf, String> {
        let jars = folder(cache)?.join("lib/*");
        let source = crate::corpus::script_path("verapdf/Judge.java");
        let mut command = Command::new("java");
        command.args(["-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp"]).arg(jars).arg(source);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().map_err(|error| format!("java: {error}"))?;
        let questions = child.stdin.take().ok_or("java: no input")?;
        let answers = BufReader::new(child.stdout.take().ok_or("java: no output")?);
        let mut judge = VeraPdf { child, questions, answers };
        match judge.answer()?.as_str() {
            "ready" => Ok(judge),
            other => Err(format!("veraPDF is not ready: {other}")),
        }
    }

    fn answer(&mut self) -> Result<String, String> {
        let mut line = String::new();
        self.answers.read_line(&mut line).map_err(|error| error.to_string())?;
        Ok(line.trim_end().to_owned())
    }

    /// The failed rules; none is conformant.
    pub(crate) fn judge(&mut self, flavour: &str, file: &Path) -> Result<Vec<String>, String> {
        writeln!(self.questions, "{flavour}\t{}", file.display())
            .and_then(|()| self.questions.flush())
            .map_err(|error| error.to_string())?;
        let answer = self.answer()?;
        let mut words = answer.split('\t');
        match words.next() {
            Some("ok") => Ok(Vec::new()),
            Some("failed") => {
                let rules: Vec<String> = words.map(str::to_owned).collect();
                if rules.is_empty() { Err("veraPDF names no rule".to_owned()) } else { Ok(rules) }
            }
            _ => Err(format!("veraPDF: {answer}")),
        }
    }
}

impl Drop for VeraPdf {
    fn drop(&mut self) {
        // Only this process's own child.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
