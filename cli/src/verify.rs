//! `thrivosign verify`: the library's report per file, as text or as one line of JSON.

use crate::interrupt;
use crate::output::{self, Exit};
use crate::progress::Bar;
use clap::Args;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use thrivosign::host::{clock, file};
use thrivosign::pki::certificate::certificates_from_pem;
use thrivosign::pki::trust::TrustAnchors;
use thrivosign::verify::{Policy, Report, VerifyOptions};
use thrivosign::{Error, ErrorKind, Progress, Result, Time};

/// Largest file of trust anchors.
const MAX_TRUST: usize = 64 << 20;

/// Verifies every signature of each file.
#[derive(Args)]
pub(crate) struct Verify {
    /// Certificates to trust, PEM or DER; may be repeated.
    #[arg(long, value_name = "PEM")]
    trust: Vec<PathBuf>,
    /// The time to judge certificates at, such as 2026-01-31T12:00:00Z; now if not given.
    #[arg(long, value_name = "RFC3339")]
    time: Option<String>,
    /// The document's user or owner password; '' is the empty user password.
    #[arg(long, value_name = "PW")]
    password: Option<String>,
    /// The documents.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

pub(crate) fn run(task: &Verify, json: bool) -> Exit {
    let (trust, time) = match (anchors(&task.trust), time(task)) {
        (Ok(trust), Ok(time)) => (trust, time),
        (Err(error), _) | (_, Err(error)) => {
            output::error(&error, None, json);
            return Exit::CouldNotRun;
        }
    };
    let options = VerifyOptions { trust: &trust, time, policy: Policy::default(), password: task.password.as_ref().map(String::as_bytes) };
    let cancel = interrupt::token();
    let mut worst = Exit::Clean;
    for path in &task.files {
        let bar = Bar::new("verifying");
        let report = |done, total| bar.show(done, total);
        let progress = Progress::new(cancel.clone(), Some(&report));
        let outcome = one(path, &options, &progress, json);
        bar.clear();
        let exit = match outcome {
            Ok(report) if report.signatures.is_empty() => Exit::NoSignature,
            Ok(report) if report.clean => Exit::Clean,
            Ok(_) => Exit::NotClean,
            Err(error) => {
                // One line of JSON per file, whatever happens.
                if json {
                    output::line(&json!({ "file": path.to_string_lossy(), "error": output::error_value(&error) }).to_string());
                }
                output::error(&error, Some(path), json);
                Exit::CouldNotRun
            }
        };
        worst = worst.max(exit);
        if cancel.is_cancelled() {
            break;
        }
    }
    worst
}

fn one(path: &Path, options: &VerifyOptions<'_>, progress: &Progress<'_>, json: bool) -> Result<Report> {
    let source = file::FileSource::open(path)?;
    let report = thrivosign::verify::verify(&source, options, progress)?;
    if json {
        let mut value: Value = serde_json::to_value(&report).map_err(|e| Error::new(ErrorKind::Internal).caused_by(e))?;
        if let Some(map) = value.as_object_mut() {
            map.insert("file".to_owned(), path.to_string_lossy().into());
        }
        output::report(&value.to_string())?;
    } else {
        output::report(&format!("{}\n{report}", output::printable(&path.to_string_lossy())))?;
    }
    Ok(report)
}

fn anchors(files: &[PathBuf]) -> Result<TrustAnchors> {
    let mut anchors = TrustAnchors::new();
    for path in files {
        let found = file::read_small(path, MAX_TRUST).and_then(|bytes| certificates_from_pem(&bytes));
        for certificate in found.map_err(output::about("--trust"))? {
            anchors.add(certificate);
        }
    }
    Ok(anchors)
}

fn time(task: &Verify) -> Result<Time> {
    task.time.as_deref().map_or_else(|| Ok(clock::now()), |text| Time::from_rfc3339(text).map_err(output::about("--time")))
}
