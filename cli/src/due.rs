//! `thrivosign extend --due`: which documents of a folder need another time stamp, and before when. Takes paths and trust; gives a line for each signed
//! document, the most urgent first. Changes nothing.

use crate::files::{self, Named};
use crate::output::{self, Exit};
use crate::progress::Bar;
use crate::raise::Means;
use crate::{interrupt, raise};
use serde_json::json;
use std::path::PathBuf;
use thrivosign::cancel::Progress;
use thrivosign::evidence::Goal;
use thrivosign::host::file::FileSource;
use thrivosign::verify::{Kind, Policy, Report, Verifier, VerifyOptions};
use thrivosign::{Result, Time};

/// Seconds of a day.
const DAY: i64 = 86_400;

/// A signed document.
struct Line {
    document: Named,
    level: Option<Goal>,
    /// The earliest end of a signature; nothing if one is not provable now.
    until: Option<Time>,
}

/// Looks at every document. `within`: how many days ahead.
pub(crate) fn run(paths: &[PathBuf], means: &Means, password: Option<&[u8]>, now: Time, within: u32, json: bool) -> Result<Exit> {
    let (trust, evidence) = means.trusted();
    let verifier = Verifier::new(VerifyOptions { trust, time: now, policy: Policy::default(), password, evidence: Some(evidence) });
    let before = now.plus(i64::from(within) * DAY);
    let documents = files::named(paths)?;
    let (bar, progress) = (Bar::new("looking"), Progress::new(interrupt::token(), None));
    let (count, mut failed, mut lines) = (documents.len() as u64, 0_usize, Vec::new());
    for (document, done) in documents.into_iter().zip(0_u64..) {
        bar.show(done, count);
        match FileSource::open(&document.path).and_then(|source| verifier.verify(&source, &progress)) {
            Ok(report) => lines.extend(line(document, &report)),
            Err(error) => {
                progress.check()?;
                bar.clear();
                output::error(&error, Some(&document.path), json);
                failed += 1;
            }
        }
    }
    bar.clear();
    lines.sort_by(|a, b| (a.until, &a.document.path).cmp(&(b.until, &b.document.path)));
    let is_due = |line: &Line| line.until.is_none_or(|until| until < before);
    for line in &lines {
        told(line, is_due(line), json)?;
    }
    let due = lines.iter().filter(|line| is_due(line)).count();
    if !json {
        let unread = if failed > 0 { format!(", {failed} could not be read") } else { String::new() };
        output::line(&format!("{due} of {} signed documents need a time stamp within {within} days{unread}", lines.len()));
    }
    Ok(if due == 0 && failed == 0 { Exit::Clean } else { Exit::NotClean })
}

fn line(document: Named, report: &Report) -> Option<Line> {
    let signatures = || report.signatures.iter().filter(|signature| signature.kind == Kind::Signature);
    signatures().next()?;
    let ends: Option<Vec<Time>> = signatures().map(|signature| signature.time.provable_until).collect();
    Some(Line {
        document,
        level: signatures().map(|signature| signature.level.goal()).min().flatten(),
        until: ends.and_then(|ends| ends.into_iter().min()),
    })
}

fn told(line: &Line, due: bool, json: bool) -> Result<()> {
    let (file, level) = (line.document.path.to_string_lossy(), raise::level(line.level));
    let until = line.until.map(|until| until.to_string());
    if json {
        let answer = json!({ "schema": "thrivosign-due-1", "file": file, "level": level, "provable_until": until, "due": due });
        return output::report(&answer.to_string());
    }
    let state = if due { "due" } else { "ok" };
    output::report(&format!("{:<20}  {state:<3}  {level:<5}  {}", until.as_deref().unwrap_or("not provable now"), output::printable(&file)))
}
