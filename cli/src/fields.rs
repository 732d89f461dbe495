//! `thrivosign fields`: the signature fields of a document, and new empty ones, one for each signer to come.

use crate::output::{self, Exit};
use crate::progress::Bar;
use crate::{interrupt, place, restrict};
use clap::{Args, Subcommand};
use serde_json::json;
use std::path::PathBuf;
use thrivosign::Result;
use thrivosign::host::file::Durability;
use thrivosign::journey::fields::add_fields;
use thrivosign::journey::{Input, Limits, Target, read};
use thrivosign::sign::{EmptyField, FieldLock, Placement};

/// Lists the signature fields of a document, or adds empty ones before anybody signs.
#[derive(Args)]
pub(crate) struct Fields {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Names every signature field, signed or empty.
    List(List),
    /// Adds empty signature fields; the document must not be signed yet.
    Add(Add),
}

#[derive(Args)]
struct List {
    /// The document's user or owner password; '' is the empty user password.
    #[arg(long, value_name = "PW")]
    password: Option<String>,
    /// The document.
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

#[derive(Args)]
struct Add {
    /// A field: its name (a dot separates the levels), and behind an @ its box if it is to be seen: page from 1, then left, bottom, width and
    /// height in points on the page as it is shown. May be repeated.
    #[arg(long = "field", value_name = "NAME[@PAGE,X,Y,W,H]", required = true, value_parser = field)]
    fields: Vec<(String, Placement)>,
    /// What the signature in each of these fields will lock: all, only:NAME,NAME or except:NAME,NAME.
    #[arg(long, value_name = "FIELDS", value_parser = restrict::lock)]
    lock: Option<FieldLock>,
    /// A reason that the signers may give; one of those named must be given then. May be repeated.
    #[arg(long, value_name = "TEXT")]
    reason: Vec<String>,
    /// The document's user or owner password; '' is the empty user password.
    #[arg(long, value_name = "PW")]
    password: Option<String>,
    /// Does not wait until the disk has the file.
    #[arg(long)]
    no_fsync: bool,
    /// The document.
    #[arg(value_name = "IN")]
    input: PathBuf,
    /// The document with the fields; it appears whole or not at all.
    #[arg(value_name = "OUT")]
    output: PathBuf,
}

fn field(text: &str) -> Result<(String, Placement), String> {
    match text.rsplit_once('@') {
        None => Ok((text.to_owned(), Placement::Invisible)),
        Some((name, place)) => Ok((name.to_owned(), place::visible(place)?)),
    }
}

pub(crate) fn run(task: &Fields, json: bool) -> Result<Exit> {
    match &task.task {
        Task::List(task) => list(task, json),
        Task::Add(task) => add(task, json),
    }
}

fn list(task: &List, json: bool) -> Result<Exit> {
    let password = task.password.as_ref().map(String::as_bytes);
    let found = read::inspect(&Input::open(&task.file)?, password, &Limits::default())?;
    if json {
        let answer = json!({ "schema": "thrivosign-fields-1", "file": task.file.to_string_lossy(), "fields": found.signature_fields });
        output::report(&answer.to_string())?;
        return Ok(Exit::Clean);
    }
    for field in &found.signature_fields {
        let state = if field.signed { "signed" } else { "empty" };
        let place = match (field.visible, field.page) {
            (true, Some(page)) => format!("visible on page {page}"),
            (true, None) => "visible".to_owned(),
            (false, _) => "invisible".to_owned(),
        };
        output::report(&format!("{}: {state}, {place}", output::printable(&field.name)))?;
    }
    if found.signature_fields.is_empty() {
        output::hint("there is no signature field", json);
    }
    Ok(Exit::Clean)
}

fn add(task: &Add, json: bool) -> Result<Exit> {
    let input = Input::open(&task.input)?;
    let made = |(name, placement): &(String, Placement)| EmptyField {
        placement: placement.clone(),
        lock: task.lock.clone(),
        reasons: task.reason.clone(),
        ..EmptyField::new(name.clone())
    };
    let fields: Vec<EmptyField> = task.fields.iter().map(made).collect();
    let bar = Bar::new("writing");
    let report = |done, total| bar.show(done, total);
    let limits = Limits { cancel: interrupt::token(), ..Limits::default() };
    let durability = if task.no_fsync { Durability::None } else { Durability::Fsync };
    let password = task.password.as_ref().map(String::as_bytes);
    let outcome = add_fields(&input, Target::File { path: &task.output, durability }, &fields, password, &limits, Some(&report));
    bar.clear();
    let size = outcome?;
    if json {
        let names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
        let answer = json!({
            "schema": "thrivosign-fields-1",
            "file": task.output.to_string_lossy(),
            "added": names,
            "size": size,
        });
        output::line(&answer.to_string());
    } else {
        output::line(&format!("{} fields added: {}, {size} bytes", fields.len(), output::printable(&task.output.to_string_lossy())));
    }
    Ok(Exit::Clean)
}
