//! `thrivosign inspect`: what a document is, and what about it may surprise whoever signs it.

use crate::output::{self, Exit};
use clap::Args;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use thrivosign::host::file::FileSource;
use thrivosign::pdf::Document;
use thrivosign::{Error, ErrorKind, Result};

/// Names the facts of each file and what may surprise in it; judges nothing.
#[derive(Args)]
pub(crate) struct Inspect {
    /// The document's user or owner password; '' is the empty user password.
    #[arg(long, value_name = "PW")]
    password: Option<String>,
    /// The documents.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

pub(crate) fn run(task: &Inspect, json: bool) -> Exit {
    let mut worst = Exit::Clean;
    for path in &task.files {
        if let Err(error) = one(path, task.password.as_deref(), json) {
            if json {
                output::line(&json!({ "file": path.to_string_lossy(), "error": output::error_value(&error) }).to_string());
            }
            output::error(&error, Some(path), json);
            worst = Exit::CouldNotRun;
        }
    }
    worst
}

fn one(path: &Path, password: Option<&str>, json: bool) -> Result<()> {
    let source = FileSource::open(path)?;
    let document = Document::open_with_password(&source, password.map(str::as_bytes))?;
    let found = thrivosign::inspect::inspect(&document)?;
    if json {
        let mut value: Value = serde_json::to_value(&found).map_err(|e| Error::new(ErrorKind::Internal).caused_by(e))?;
        if let Some(map) = value.as_object_mut() {
            map.insert("schema".to_owned(), "thrivosign-inspect-1".into());
            map.insert("file".to_owned(), path.to_string_lossy().into());
        }
        output::report(&value.to_string())?;
    } else {
        output::report(&format!("{}\n{found}", output::printable(&path.to_string_lossy())))?;
    }
    Ok(())
}
