//! The render room: the report as text for a terminal or a log. Says the verdict first, then what it rests on.

use super::plain::plain;
use super::rows::{Line, MAX_LISTED, Part, Row, Rows};
use super::verdict::Verdict;
use super::words::{ENGLISH, Words};
use crate::verify::{Diff, Kind, Permitted, Report};
use std::fmt::{self, Write};

/// Most characters of one piece of somebody's text.
const MOST: usize = 400;

/// The report as text: one block for each signature, then the document, then the verdict in one line.
#[must_use]
pub fn text(report: &Report, words: &dyn Words) -> String {
    let rows = Rows::new(words);
    let mut out = String::new();
    for (i, signature) in report.signatures.iter().enumerate() {
        let heading = if signature.kind == Kind::Signature { "heading.signature" } else { "heading.timestamp" };
        let front = rows.front(signature);
        let word = if signature.clean { "signature.clean.word" } else { "signature.not_clean.word" };
        let state = rows.word(&format!("signature.{}", front.verdict.name()));
        line(&mut out, &format!("{}: {} ({state})", rows.with(heading, i + 1), rows.word(word)));
        block(&mut out, &front.rows, &rows);
        // What stands in front is not said twice.
        let told: Vec<&str> = front.rows.iter().map(|row| row.label.as_str()).collect();
        let details: Vec<Row> = rows.details(signature).into_iter().filter(|row| !told.contains(&row.label.as_str())).collect();
        block(&mut out, &details, &rows);
    }
    line(&mut out, &format!("{}:", rows.word("heading.document")));
    block(&mut out, &rows.document(report), &rows);
    line(&mut out, &format!("{}:", rows.word("heading.risks")));
    block(&mut out, &rows.risks(report), &rows);
    line(&mut out, &format!("{}:", rows.word("heading.policy")));
    block(&mut out, &rows.policy(report), &rows);
    out.push_str(&rows.word(&format!("document.{}.title", Verdict::of_document(report).name())));
    out
}

/// What changed since a signature, as text.
#[must_use]
pub fn text_diff(diff: &Diff, words: &dyn Words) -> String {
    let rows = Rows::new(words);
    let mut out = String::new();
    line(&mut out, &format!("{} {}", rows.word("label.field"), quoted(&diff.field)));
    for entry in &diff.change_details {
        let permitted = rows.word(match entry.permitted {
            Permitted::Yes => "permitted.yes",
            Permitted::No => "permitted.no",
            Permitted::NotStated => "permitted.not_stated",
        });
        line(&mut out, &format!("  {} ({}: {permitted})", shown(&rows.change(&entry.change, true)), rows.word("label.permitted")));
    }
    if diff.undecided {
        line(&mut out, &format!("  {}", rows.word("reason.changes_undecided")));
    } else if diff.change_details.is_empty() {
        line(&mut out, &format!("  {}", rows.word("change.NONE")));
    }
    out.truncate(out.trim_end().len());
    out
}

fn line(out: &mut String, text: &str) {
    // Writing to a string does not fail.
    let _ = writeln!(out, "{text}");
}

fn block(out: &mut String, rows: &[Row], words: &Rows<'_>) {
    for row in rows {
        let mut lines = row.lines.iter().take(MAX_LISTED).map(shown);
        line(out, &format!("  {}: {}", row.label, lines.next().unwrap_or_default()));
        for more in lines {
            line(out, &format!("    {more}"));
        }
        if let Some(left) = row.lines.len().checked_sub(MAX_LISTED).filter(|left| *left > 0) {
            line(out, &format!("    {}", words.with("text.more", left)));
        }
    }
}

fn shown(line: &Line) -> String {
    let part = |part: &Part| match part {
        Part::Ours(text) => text.clone(),
        Part::Theirs(text) => quoted(text),
    };
    line.0.iter().map(part).collect()
}

/// Somebody's text, between marks that it cannot forge.
fn quoted(text: &str) -> String {
    format!("\"{}\"", plain(text, MOST).replace('\\', "\\\\").replace('"', "\\\""))
}

/// In English.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&text(self, &ENGLISH))
    }
}
