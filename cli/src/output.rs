//! What is printed: answers on stdout, errors on stderr, both as text or as one line of JSON.

use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use thrivosign::{Error, ErrorKind, Result};

/// How a command ends; the worst of several files counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    Clean,
    NoSignature,
    NotClean,
    CouldNotRun,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(match exit {
            Exit::Clean => 0,
            Exit::NotClean => 1,
            Exit::CouldNotRun => 2,
            Exit::NoSignature => 3,
        })
    }
}

/// A line on stdout. A reader that went away is no failure of the command.
pub(crate) fn line(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}

/// A report on stdout. One that is lost on the way, as on a full disk, must not pass for one that was clean.
pub(crate) fn report(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(cause) if cause.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Error::new(ErrorKind::OutputUnwritable).context("the report").caused_by(cause))
        }
        _ => Ok(()),
    }
}

/// A line on stderr.
pub(crate) fn note(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// A line on stderr that takes the place of the one before; an empty one takes it away.
pub(crate) fn again(text: &str) {
    let _ = write!(std::io::stderr().lock(), "\r\x1b[K{text}");
}

/// Something to know on stderr.
pub(crate) fn hint(text: &str, json: bool) {
    if json { note(&json!({ "note": text }).to_string()) } else { note(&format!("thrivosign: {text}")) }
}

/// Says which option an error is about: of several files a command reads, the person must know which.
pub(crate) fn about(option: &'static str) -> impl Fn(Error) -> Error {
    move |error| {
        let context = error.context_text().map_or_else(|| option.to_owned(), |known| format!("{option}: {known}"));
        error.context(context)
    }
}

/// An error as data: stable code and name, whose turn it is, what to do next.
pub(crate) fn error_value(error: &Error) -> Value {
    let kind = error.kind();
    let mut value = json!({
        "code": kind.code(),
        "name": kind.name(),
        "text": kind.text(),
        "turn": format!("{:?}", kind.turn()).to_lowercase(),
        "retryable": kind.retryable(),
        "next_step": kind.next_step(),
    });
    let mut add = |key: &str, fact: Option<Value>| {
        if let (Some(map), Some(fact)) = (value.as_object_mut(), fact) {
            map.insert(key.to_owned(), fact);
        }
    };
    add("context", error.context_text().map(Value::from));
    add("position", error.position().map(Value::from));
    add("http_status", error.http_status().map(Value::from));
    add("retry_after", error.retry_after().map(Value::from));
    add("tries_left", error.tries_left().map(Value::from));
    add("problem", error.problem().map(Value::from));
    value
}

/// An error on stderr, with the file it is about.
pub(crate) fn error(error: &Error, file: Option<&Path>, json: bool) {
    if json {
        let mut value = json!({ "error": error_value(error) });
        if let (Some(map), Some(file)) = (value.as_object_mut(), file) {
            map.insert("file".to_owned(), file.to_string_lossy().into());
        }
        note(&value.to_string());
        return;
    }
    let name = file.map(|file| format!("{}: ", printable(&file.to_string_lossy()))).unwrap_or_default();
    note(&format!("thrivosign: {name}{error} [{} {}]", error.code(), error.kind().name()));
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        note(&format!("  because: {}", printable(&inner.to_string())));
        cause = inner.source();
    }
    note(&format!("  next step: {}", error.kind().next_step()));
}

/// Text from outside without what a terminal would obey.
pub(crate) fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') { '\u{fffd}' } else { c })
        .collect()
}
