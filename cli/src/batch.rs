//! `thrivosign sign` over a folder or a list: one key, one approval, several documents at a time. The outcome of each stands in a table of
//! comma-separated values (RFC 4180); whoever calls again with the same table goes on with what is missing.

mod results;

use crate::interrupt;
use crate::output::{self, Exit};
use crate::sign::Sign;
use clap::Args;
use results::{Results, Row};
use serde_json::json;
use std::io::IsTerminal;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use thrivosign::host::file::Durability;
use thrivosign::journey::Limits;
use thrivosign::journey::batch::{BatchItem, BatchOptions, sign_batch};
use thrivosign::journey::sign::{SignOptions, SigningKey};
use thrivosign::pdf::recover::Repair;
use thrivosign::{Error, ErrorKind, Result};

/// Many documents at once.
#[derive(Args)]
pub(crate) struct BatchArgs {
    /// Signs many: IN is a folder (all of its PDF files, and those of the folders in it), or a list with --list; OUT is a folder.
    #[arg(long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    /// IN is a list of files, one a line; relative paths count from the list's folder.
    #[arg(long)]
    list: bool,
    /// The table of outcomes; OUT/results.csv if not given. Documents that it says are signed are not signed again.
    #[arg(long, value_name = "FILE.csv")]
    results: Option<PathBuf>,
}

impl BatchArgs {
    /// Whether many are asked for.
    pub(crate) fn wanted(&self, input: &Path) -> bool {
        self.list || self.jobs.is_some() || self.results.is_some() || input.is_dir()
    }
}

fn wrong(what: &'static str) -> Error {
    Error::new(ErrorKind::InvalidArgument).context(what)
}

/// Signs all that is missing.
pub(crate) fn run(task: &Sign, key: SigningKey<'_>, options: SignOptions<'_>, json: bool) -> Result<Exit> {
    let folder = task.output.as_deref().ok_or_else(|| wrong("many documents need a folder to go to"))?;
    let unwritable = |cause| Error::new(ErrorKind::OutputUnwritable).context("the output folder").caused_by(cause);
    let items = items(task, folder)?;
    std::fs::create_dir_all(folder).map_err(unwritable)?;
    let table = task.batch.results.clone().unwrap_or_else(|| folder.join("results.csv"));
    let mut results = Results::open(&table)?;
    let missing: Vec<BatchItem> = items.iter().filter(|item| !results.has(item)).cloned().collect();
    for item in &missing {
        if let Some(parent) = item.output.parent() {
            std::fs::create_dir_all(parent).map_err(unwritable)?;
        }
    }
    let policy = if options.carry.is_some() { task.recorded()? } else { task.preflight.stopping()? };
    let options = BatchOptions {
        sign: SignOptions { preflight: policy.as_ref(), ..options },
        durability: if task.no_fsync { Durability::None } else { Durability::Fsync },
        jobs: task.batch.jobs,
    };
    let limits = Limits { cancel: interrupt::token(), ..Limits::default() };
    let request = task.request()?;
    let (total, already) = (items.len(), items.len() - missing.len());
    let (mut ended, mut repaired, mut below) = (already, 0_usize, 0_usize);
    let shown = std::io::stderr().is_terminal() && !json;
    let summary = sign_batch(&missing, &request, key, options, &limits, &mut |index, outcome| {
        let Some(item) = missing.get(index) else { return Ok(()) };
        ended += 1;
        repaired += usize::from(outcome.as_ref().is_ok_and(|signed| signed.repair() != Repair::None));
        below += usize::from(outcome.as_ref().is_ok_and(|signed| signed.raised().is_some_and(|raised| !raised.reached())));
        results.add(&Row::new(item, &outcome))?;
        if let Err(error) = &outcome {
            output::error(error, Some(&item.input), json);
        }
        if shown {
            output::again(&format!("signing: {ended} of {total}"));
        }
        Ok(())
    })?;
    if shown {
        output::again("");
    }
    let name = output::printable(&table.to_string_lossy());
    if json {
        let answer = json!({
            "schema": "thrivosign-batch-1",
            "results": table.to_string_lossy(),
            "documents": total,
            "signed_before": already,
            "signed": summary.signed,
            "repaired": repaired,
            "below_level": below,
            "failed": summary.failed,
            "left": summary.left,
        });
        output::line(&answer.to_string());
    } else {
        let before = if already > 0 { format!(", {already} signed before") } else { String::new() };
        let mended = if repaired > 0 { format!(", {repaired} of them were damaged") } else { String::new() };
        let low = if below > 0 { format!(", {below} of them below the level asked for") } else { String::new() };
        let left = if summary.left > 0 { format!(", {} left: call again to go on", summary.left) } else { String::new() };
        output::line(&format!("signed: {}{mended}{low}, failed: {}{before}{left}; see {name}", summary.signed, summary.failed));
    }
    match summary.stopped {
        Some(error) => Err(error),
        None if summary.failed > 0 || below > 0 => Ok(Exit::NotClean),
        None => Ok(Exit::Clean),
    }
}

/// What is to be signed, and where each goes: under the same relative name.
fn items(task: &Sign, folder: &Path) -> Result<Vec<BatchItem>> {
    let unreadable = |cause| Error::new(ErrorKind::SourceUnreadable).caused_by(cause);
    let mut found: Vec<(PathBuf, PathBuf)> = Vec::new();
    if task.batch.list {
        let base = task.input.parent().unwrap_or(Path::new(""));
        let text = std::fs::read_to_string(&task.input).map_err(unreadable)?;
        for line in text.lines().map(str::trim_end).filter(|line| !line.is_empty()) {
            let path = base.join(line);
            let name = path.file_name().ok_or_else(|| wrong("a line of the list names no file"))?.into();
            found.push((path, name));
        }
    } else if task.input.is_dir() {
        // The output folder may stand inside: what was signed is not signed again.
        let out = std::fs::canonicalize(folder).ok();
        walk(&task.input, out.as_deref(), &mut found).map_err(unreadable)?;
        for (path, name) in &mut found {
            *name = path.strip_prefix(&task.input).unwrap_or(path).to_owned();
        }
    } else {
        return Err(wrong("for many documents IN is a folder, or a list with --list"));
    }
    found.sort();
    found.dedup();
    if found.windows(2).any(|pair| pair[0].1 == pair[1].1) {
        return Err(wrong("two documents of the list have the same name, and would go to the same place"));
    }
    if found.is_empty() {
        return Err(Error::new(ErrorKind::SourceUnreadable).context("there is no PDF file"));
    }
    Ok(found.into_iter().map(|(input, name)| BatchItem { input, output: folder.join(name) }).collect())
}

/// The PDF files below a folder, in no order. Links are not followed: they may lead round in a circle.
fn walk(folder: &Path, out: Option<&Path>, found: &mut Vec<(PathBuf, PathBuf)>) -> std::io::Result<()> {
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let entry = entry?;
            let (kind, path) = (entry.file_type()?, entry.path());
            if kind.is_dir() {
                if out.is_none_or(|out| std::fs::canonicalize(&path).is_ok_and(|path| path != out)) {
                    open.push(path);
                }
            } else if kind.is_file() && path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("pdf")) {
                found.push((path, PathBuf::new()));
            }
        }
    }
    Ok(())
}
