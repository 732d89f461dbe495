//! `thrivosign verify`: the library's report on each document, as text, as one line of JSON, as an HTML page, as XML by ETSI TS 119 102-2.

mod pages;
mod rules;

use crate::evidence::{Asked, Evidence};
use crate::files::{self, Named};
use crate::interrupt;
use crate::output::{self, Exit};
use crate::progress::BatchBar;
use clap::Args;
use pages::{Form, Pages, Said};
use serde_json::{Value, json};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use thrivosign::host::{clock, file};
use thrivosign::journey::Limits;
use thrivosign::journey::read::Judging;
use thrivosign::journey::verify::{BatchOptions, BatchSummary, Order, verify_batch};
use thrivosign::render::{self, LANGUAGES, Table, Words};
use thrivosign::verify::{PolicyFile, Report};
use thrivosign::{Error, ErrorKind, Result, Time};

/// Largest file of words.
const MAX_FILE: usize = 64 << 20;

/// Verifies every signature of each document.
///
/// A document is clean if every signature in it is sound, its signer trusted, and nothing was changed afterwards but what is harmless or what
/// the signed document permits. No network is used.
#[derive(Args)]
#[command(after_help = "Examples:
  thrivosign verify --trust root.pem agreement.pdf
  thrivosign verify --trust roots/ --html agreement.html --lang de agreement.pdf
  thrivosign verify --trust roots/ --json archive/ > reports.jsonl     every PDF file of the folder, one line each
  thrivosign verify --trust roots/ --tsa-trust tsa.pem --crls lists/ --revocation require agreement.pdf
  thrivosign verify --trust roots/ --time 2026-01-31T12:00:00Z --html pages/ *.pdf
  thrivosign verify --trust roots/ --revocation require --print-policy > policy.json
  thrivosign verify --policy policy.json --xml agreement.xml agreement.pdf

Exit codes: 0 all clean; 1 some signature not clean; 2 could not run; 3 no signature. Of several documents the gravest counts: 2, 1, 3, 0.")]
pub(crate) struct Verify {
    /// All rules from one file: trust by role, revocation, algorithms, times (docs/schema/policy-1.json). --intermediates, --crls and --ocsp add to its
    /// evidence; --time is for a file that states none.
    #[arg(long, value_name = "FILE.json", conflicts_with_all = ["trust", "tsa_trust", "revocation"])]
    policy: Option<PathBuf>,
    /// Writes the rules that would be judged by as a policy file, and judges nothing.
    #[arg(long)]
    print_policy: bool,
    /// Certificates to trust, PEM or DER: a file, or a folder of .pem, .crt, .cer, .der; may be repeated.
    #[arg(long, value_name = "FILE|DIR")]
    trust: Vec<PathBuf>,
    /// Certificates to trust for time stamps alone, beside those of --trust; may be repeated.
    #[arg(long, value_name = "FILE|DIR")]
    tsa_trust: Vec<PathBuf>,
    /// Whether each certificate below the anchor needs a fresh revocation statement.
    #[arg(long, value_enum, default_value_t = Asked::IfAvailable)]
    revocation: Asked,
    #[command(flatten)]
    evidence: Evidence,
    /// The time to judge certificates at, such as 2026-01-31T12:00:00Z; now if not given.
    #[arg(long, value_name = "RFC3339")]
    time: Option<String>,
    /// The documents' user or owner password; '' is the empty user password.
    #[arg(long, value_name = "PW")]
    password: Option<String>,
    /// Documents verified at the same time; as many as there are processors if not given.
    #[arg(long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    /// Writes an HTML page for people: a file for one document, a folder for several (NAME.pdf.html each).
    #[arg(long, value_name = "FILE|DIR")]
    html: Option<PathBuf>,
    /// Writes the report by ETSI TS 119 102-2: a file for one document, a folder for several (NAME.pdf.xml each).
    #[arg(long, value_name = "FILE|DIR")]
    xml: Option<PathBuf>,
    /// The language of text and pages: en, de, or that of --words.
    #[arg(long, value_name = "TAG", default_value = "en")]
    lang: String,
    /// Words of your own for text and pages: a JSON object of codes and texts; what it lacks is said in English.
    #[arg(long, value_name = "FILE.json")]
    words: Option<PathBuf>,
    /// With --json: a last line that counts the outcomes. A folder among the arguments asks for it, too.
    #[arg(long)]
    summary: bool,
    /// The documents; of a folder all PDF files, those of the folders in it included.
    #[arg(required_unless_present = "print_policy", value_name = "FILE|DIR")]
    files: Vec<PathBuf>,
}

/// What is read before the first document.
struct Ready {
    rules: PolicyFile,
    time: Time,
    words: Box<dyn Words>,
    documents: Vec<Named>,
    /// Whether more than one document is meant, whatever a folder holds.
    several: bool,
    pages: Vec<Pages>,
}

pub(crate) fn run(task: &Verify, json: bool) -> Exit {
    if task.print_policy {
        let printed = rules::effective(task, json).and_then(|rules| output::report(rules.to_json().trim_end()));
        return printed.map_or_else(|error| could_not_run(&error, json), |()| Exit::Clean);
    }
    let ready = match ready(task, json) {
        Ok(ready) => ready,
        Err(error) => return could_not_run(&error, json),
    };
    let limits = Limits { cancel: interrupt::token(), ..Limits::default() };
    let judging = Judging {
        trust: &ready.rules.trust,
        time: Some(ready.time),
        policy: ready.rules.policy.clone(),
        password: task.password.as_deref().map(str::as_bytes),
        evidence: Some(&ready.rules.evidence),
    };
    let paths: Vec<PathBuf> = ready.documents.iter().map(|document| document.path.clone()).collect();
    let bar = BatchBar::new("verifying");
    let watch = |progress| bar.show(progress);
    let options = BatchOptions { jobs: task.jobs, order: Order::Listed, watch: Some(&watch) };
    let (mut worst, mut cut) = (Exit::Clean, false);
    let summary = verify_batch(&paths, &judging, options, &limits, &mut |index, outcome| {
        bar.clear();
        let Some(document) = ready.documents.get(index) else { return Ok(()) };
        let said = Said { words: &*ready.words, time: ready.time };
        ready.pages.iter().try_for_each(|pages| pages.write(index, document, &outcome, said))?;
        worst = worst.max(exit_of(&outcome));
        cut |= outcome.as_ref().is_err_and(|error| error.kind() == ErrorKind::Cancelled);
        told(&document.path, outcome, &*ready.words, json)
    });
    bar.clear();
    if ready.several && !json {
        output::line(&counts(&summary, &*ready.words));
    } else if json && (task.summary || ready.documents.iter().any(|document| document.found)) {
        output::line(&counts_json(&summary, paths.len()).to_string());
    }
    if let Some(error) = &summary.stopped {
        // The document that was cut short has said it already.
        if !(cut && error.kind() == ErrorKind::Cancelled) {
            output::error(error, None, json);
        }
        worst = Exit::CouldNotRun;
    }
    worst
}

fn could_not_run(error: &Error, json: bool) -> Exit {
    output::error(error, None, json);
    Exit::CouldNotRun
}

fn exit_of(outcome: &Result<Report>) -> Exit {
    match outcome {
        Ok(report) if report.signatures.is_empty() => Exit::NoSignature,
        Ok(report) if report.clean => Exit::Clean,
        Ok(_) => Exit::NotClean,
        Err(_) => Exit::CouldNotRun,
    }
}

/// Prints one outcome. One line of JSON for each document, whatever happens.
fn told(path: &Path, outcome: Result<Report>, words: &dyn Words, json: bool) -> Result<()> {
    let name = path.to_string_lossy();
    match outcome {
        Ok(report) if json => {
            let mut value: Value = serde_json::to_value(&report).map_err(|e| Error::new(ErrorKind::Internal).caused_by(e))?;
            if let Some(map) = value.as_object_mut() {
                map.insert("file".to_owned(), name.into());
            }
            output::report(&value.to_string())
        }
        Ok(report) => output::report(&format!("{}\n{}\n", output::printable(&name), render::text(&report, words))),
        Err(error) => {
            if json {
                output::report(&json!({ "file": name, "error": output::error_value(&error) }).to_string())?;
            }
            output::error(&error, Some(path), json);
            Ok(())
        }
    }
}

fn counts(summary: &BatchSummary, words: &dyn Words) -> String {
    let part = |code: &str, n: usize| render::word(words, code).replace("{n}", &n.to_string());
    let all = [
        ("summary.clean", summary.clean),
        ("summary.not_clean", summary.not_clean),
        ("summary.unsigned", summary.unsigned),
        ("summary.failed", summary.failed),
        ("summary.left", summary.left),
    ];
    let kept = all.into_iter().filter(|(code, n)| *n > 0 || matches!(*code, "summary.clean" | "summary.not_clean"));
    kept.map(|(code, n)| part(code, n)).collect::<Vec<_>>().join(", ")
}

fn counts_json(summary: &BatchSummary, documents: usize) -> Value {
    json!({
        "schema": "thrivosign-verify-summary-1",
        "documents": documents,
        "clean": summary.clean,
        "not_clean": summary.not_clean,
        "unsigned": summary.unsigned,
        "failed": summary.failed,
        "left": summary.left,
        "chains_validated": summary.chains_validated,
        "complete": summary.left == 0,
    })
}

fn ready(task: &Verify, json: bool) -> Result<Ready> {
    let rules = rules::effective(task, json)?;
    let time = rules.time.unwrap_or_else(clock::now);
    let words = words(task)?;
    let documents = files::named(&task.files)?;
    let several = task.files.len() > 1 || task.files.iter().any(|path| path.is_dir());
    let asked = [(Form::Html, &task.html), (Form::Xml, &task.xml)];
    let asked = asked.into_iter().filter_map(|(form, target)| Some((form, target.as_deref()?)));
    let pages = asked.map(|(form, target)| Pages::plan(form, target, &documents, several)).collect::<Result<Vec<_>>>()?;
    Pages::apart(&pages)?;
    Ok(Ready { rules, time, words, documents, several, pages })
}

fn words(task: &Verify) -> Result<Box<dyn Words>> {
    if let Some(path) = &task.words {
        let table = file::read_small(path, MAX_FILE).and_then(|bytes| Table::from_json(&task.lang, &bytes));
        return Ok(Box::new(table.map_err(output::about("--words"))?));
    }
    let known = render::built_in(&task.lang).ok_or_else(|| {
        let which = format!("--lang: {} are built in; give others with --words", LANGUAGES.join(" and "));
        Error::new(ErrorKind::InvalidArgument).context(which)
    })?;
    Ok(Box::new(BuiltIn(known)))
}

/// Words that live as long as the program.
struct BuiltIn(&'static dyn Words);

impl Words for BuiltIn {
    fn language(&self) -> &str {
        self.0.language()
    }

    fn right_to_left(&self) -> bool {
        self.0.right_to_left()
    }

    fn get(&self, code: &str) -> Option<&str> {
        self.0.get(code)
    }
}
