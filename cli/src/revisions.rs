//! `thrivosign signatures`, `diff`, `extract`: which signatures a document claims to have, what changed since one of them, and the document as its
//! signer saw it. None of them says what a signature is worth; `verify` does.

use crate::interrupt;
use crate::output::{self, Exit};
use crate::progress::Bar;
use clap::Args;
use serde_json::{Value, json};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use thrivosign::host::file::FileSource;
use thrivosign::journey::extract::extract_signed_revision;
use thrivosign::journey::{Input, Limits, Target};
use thrivosign::pdf::Document;
use thrivosign::render::{ENGLISH, plain, text_diff};
use thrivosign::verify::{ClaimedSignature, diff, signatures};
use thrivosign::{Error, ErrorKind, Result};

/// Lists the signatures of each document as they present themselves. Nothing is verified.
#[derive(Args)]
#[command(after_help = "Examples:
  thrivosign signatures agreement.pdf
  thrivosign --json signatures *.pdf

Names and times are what somebody wrote into the document; `thrivosign verify` says what they are worth.
Exit codes: 0 listed; 2 could not run; 3 no signature.")]
pub(crate) struct Signatures {
    /// The document's user or owner password; '' is the empty user password.
    #[arg(long, value_name = "PW")]
    password: Option<String>,
    /// The documents.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// Tells what changed in a document since one of its signatures.
#[derive(Args)]
#[command(after_help = "Examples:
  thrivosign diff agreement.pdf                     since the first signature
  thrivosign diff --signature 2 agreement.pdf

The findings are those of `thrivosign verify`; the signature itself is not verified. Exit codes: 0 done; 2 could not run.")]
pub(crate) struct Differences {
    /// The number of the signature, oldest first, as `thrivosign signatures` lists them.
    #[arg(long, value_name = "N", default_value = "1")]
    signature: NonZeroUsize,
    /// The document's user or owner password; '' is the empty user password.
    #[arg(long, value_name = "PW")]
    password: Option<String>,
    /// The document.
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// Writes the document as one of its signers saw it: the revision that the signature covers, byte for byte.
#[derive(Args)]
#[command(after_help = "Examples:
  thrivosign extract --signature 1 agreement.pdf as-signed.pdf
  thrivosign verify --trust root.pem as-signed.pdf

OUT appears whole or not at all. The signature itself is not verified. Exit codes: 0 done; 2 could not run.")]
pub(crate) struct Extract {
    /// The number of the signature, oldest first, as `thrivosign signatures` lists them.
    #[arg(long, value_name = "N")]
    signature: NonZeroUsize,
    /// The document's user or owner password; '' is the empty user password.
    #[arg(long, value_name = "PW")]
    password: Option<String>,
    /// The document.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Where the signed revision goes.
    #[arg(value_name = "OUT")]
    output: PathBuf,
}

pub(crate) fn list(task: &Signatures, json: bool) -> Exit {
    let mut worst = Exit::Clean;
    for path in &task.files {
        let exit = match listed(path, task.password.as_deref(), json) {
            Ok(0) => Exit::NoSignature,
            Ok(_) => Exit::Clean,
            Err(error) => {
                if json {
                    output::line(&json!({ "file": path.to_string_lossy(), "error": output::error_value(&error) }).to_string());
                }
                output::error(&error, Some(path), json);
                Exit::CouldNotRun
            }
        };
        worst = worst.max(exit);
    }
    worst
}

fn listed(path: &Path, password: Option<&str>, json: bool) -> Result<usize> {
    let source = FileSource::open(path)?;
    let found = signatures(&Document::open_with_password(&source, password.map(str::as_bytes))?)?;
    let name = path.to_string_lossy();
    if json {
        output::report(&json!({ "schema": "thrivosign-signatures-1", "file": name, "claimed": found }).to_string())?;
        return Ok(found.len());
    }
    let mut lines = vec![format!(
        "{}: {}",
        output::printable(&name),
        match found.len() {
            0 => "no signature".to_owned(),
            n => format!("{n} claimed, none verified"),
        }
    )];
    lines.extend(found.iter().enumerate().map(|(i, claimed)| line(i + 1, claimed)));
    output::report(&lines.join("\n"))?;
    Ok(found.len())
}

fn line(number: usize, claimed: &ClaimedSignature) -> String {
    let quoted = |text: &str| format!("\"{}\"", plain(text, 200));
    let mut line = format!(
        "  {number}. field {}, claims to be by {}",
        quoted(&claimed.field),
        claimed.claimed_signer.as_deref().map_or_else(|| "nobody".to_owned(), quoted)
    );
    if let Some(time) = claimed.claimed_time {
        line.push_str(&format!(" at {time}"));
    }
    line.push_str(&format!(", revision {}", claimed.revision));
    match (claimed.page, claimed.rect) {
        (Some(page), Some([x0, y0, x1, y1])) => line.push_str(&format!(", page {page} at {x0} {y0} {x1} {y1}")),
        (Some(page), None) => line.push_str(&format!(", page {page}, invisible")),
        (None, _) => {}
    }
    line
}

/// An error about the number says where the numbers come from.
fn numbered(error: Error) -> Error {
    if error.kind() == ErrorKind::InvalidArgument {
        return error.context("--signature: the document has no signature of that number; `thrivosign signatures FILE` lists them");
    }
    error
}

pub(crate) fn differences(task: &Differences, json: bool) -> Result<Exit> {
    let source = FileSource::open(&task.file)?;
    let document = Document::open_with_password(&source, task.password.as_deref().map(str::as_bytes))?;
    let found = diff(&document, task.signature.get() - 1).map_err(numbered)?;
    let name = task.file.to_string_lossy();
    if json {
        let mut value: Value = serde_json::to_value(&found).map_err(|e| Error::new(ErrorKind::Internal).caused_by(e))?;
        if let Some(map) = value.as_object_mut() {
            map.insert("file".to_owned(), name.into());
            map.insert("signature".to_owned(), task.signature.get().into());
        }
        output::report(&value.to_string())?;
    } else {
        output::report(&format!("{}\n{}", output::printable(&name), text_diff(&found, &ENGLISH)))?;
    }
    Ok(Exit::Clean)
}

pub(crate) fn extract(task: &Extract, json: bool) -> Result<Exit> {
    let input = Input::open(&task.file)?;
    let limits = Limits { cancel: interrupt::token(), ..Limits::default() };
    let bar = Bar::new("writing");
    let watch = |done, total| bar.show(done, total);
    let password = task.password.as_deref().map(str::as_bytes);
    let done = extract_signed_revision(&input, task.signature.get() - 1, password, Target::file(&task.output), &limits, Some(&watch));
    bar.clear();
    let done = done.map_err(numbered)?;
    let (file, output) = (task.file.to_string_lossy(), task.output.to_string_lossy());
    if json {
        let answer = json!({
            "schema": "thrivosign-extract-1",
            "file": file,
            "output": output,
            "signature": task.signature.get(),
            "field": done.field,
            "revision": done.revision,
            "size": done.size,
        });
        output::line(&answer.to_string());
    } else {
        let (output, field) = (output::printable(&output), plain(&done.field, 200));
        output::line(&format!(
            "{output}: revision {}, as signed in field \"{field}\", {} bytes; the signature was not verified",
            done.revision, done.size
        ));
    }
    Ok(Exit::Clean)
}
