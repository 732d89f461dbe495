//! The render room: the report as one HTML page that needs nothing beside it: no script, no picture, no network. Takes a report, a name and
//! words; gives a page whose policy forbids everything but its own style, so that even markup that slipped through would do nothing.

use super::plain::escaped;
use super::rows::{Line, MAX_LISTED, Part, Row, Rows};
use super::verdict::Verdict;
use super::words::Words;
use crate::crypto::digest::sha256;
use crate::verify::{Kind, Report, VERIFIER};
use base64ct::{Base64, Encoding};
use std::fmt::Write;

/// The style, as it stands in the page.
const STYLE: &str = include_str!("page.css");
/// Most characters of one piece of text.
const MOST: usize = 2_000;
/// Most characters of a name in front.
const MOST_OF_NAME: usize = 200;

/// One page for one document: verdict, who, when and what changed in front, everything else folded.
///
/// `name` is what the document is called, such as its file name; it is shown as somebody's text. After the call the page stands alone and
/// opens nothing, whatever is written in the document.
#[must_use]
pub fn html(report: &Report, name: Option<&str>, words: &dyn Words) -> String {
    let rows = Rows::new(words);
    let mut page = Page::open(name, Verdict::of_document(report).name(), words);
    for (i, signature) in report.signatures.iter().enumerate() {
        let heading = if signature.kind == Kind::Signature { "heading.signature" } else { "heading.timestamp" };
        let front = rows.front(signature);
        let verdict = front.verdict.name();
        let body = format!(
            "<p class=\"state {verdict}\">{}<span>{}</span></p>\n{}{}",
            icon(verdict),
            escaped(&rows.word(&format!("signature.{verdict}")), MOST),
            row_list(&front.rows, &rows),
            folded(&rows.word("heading.details"), &row_list(&rows.details(signature), &rows)),
        );
        page.section(&rows.with(heading, i + 1), &body);
    }
    page.section(&rows.word("heading.document"), &row_list(&rows.document(report), &rows));
    let note = format!("<p>{}</p>\n", escaped(&rows.word("heading.risks_note"), MOST));
    let risks = folded(&rows.word("heading.risks"), &(note + &row_list(&rows.risks(report), &rows)));
    page.raw(&format!(
        "<section class=\"folds\">\n{risks}{}</section>\n",
        folded(&rows.word("heading.policy"), &row_list(&rows.policy(report), &rows))
    ));
    page.close()
}

/// A page in the making.
pub(super) struct Page<'w> {
    out: String,
    rows: Rows<'w>,
    sections: usize,
}

impl<'w> Page<'w> {
    pub(super) fn open(name: Option<&str>, verdict: &str, words: &'w dyn Words) -> Page<'w> {
        let rows = Rows::new(words);
        let word = |code: &str| escaped(&rows.word(code), MOST);
        let (language, direction) = (escaped(words.language(), 35), if words.right_to_left() { "rtl" } else { "ltr" });
        let policy = format!(
            "default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
            Base64::encode_string(&sha256(STYLE.as_bytes()))
        );
        let title = word(&format!("document.{verdict}.title"));
        let file = name.map(|name| escaped(name, MOST_OF_NAME));
        let head_title = file.as_ref().map_or_else(|| title.clone(), |file| format!("{title} – {file}"));
        let file = file
            .map(|file| format!("<p class=\"file\"><span class=\"label\">{}</span> <bdi>{file}</bdi></p>\n", word("label.file")))
            .unwrap_or_default();
        let out = format!(
            "<!DOCTYPE html>\n<html lang=\"{language}\" dir=\"{direction}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n\
             <meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"robots\" content=\"noindex\">\n\
             <title>{head_title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<header>\n<p class=\"kind\">{}</p>\n{file}</header>\n<main>\n\
             <div class=\"verdict {verdict}\">\n{}<div>\n<h1>{title}</h1>\n<p>{}</p>\n</div>\n</div>\n",
            word("title.report"),
            icon(verdict),
            word(&format!("document.{verdict}.text")),
        );
        Page { out, rows, sections: 0 }
    }

    /// A section with a heading of its own; `body` is markup.
    pub(super) fn section(&mut self, heading: &str, body: &str) {
        self.sections += 1;
        let id = self.sections;
        self.raw(&format!("<section aria-labelledby=\"h{id}\">\n<h2 id=\"h{id}\">{}</h2>\n{body}</section>\n", escaped(heading, MOST)));
    }

    fn raw(&mut self, markup: &str) {
        self.out.push_str(markup);
    }

    pub(super) fn close(mut self) -> String {
        let (what, by) = (escaped(&self.rows.word("footer.what"), MOST), escaped(&self.rows.with("footer.by", VERIFIER), MOST));
        self.raw(&format!("</main>\n<footer>\n<p>{what}</p>\n<p>{by}</p>\n</footer>\n</body>\n</html>\n"));
        self.out
    }
}

/// Labels and lines as a description list.
pub(super) fn row_list(rows: &[Row], words: &Rows<'_>) -> String {
    let mut list = "<dl>\n".to_owned();
    for row in rows {
        // Writing to a string does not fail.
        let _ = write!(list, "<div><dt>{}</dt>", escaped(&row.label, MOST));
        for line in row.lines.iter().take(MAX_LISTED) {
            let _ = write!(list, "<dd>{}</dd>", shown(line));
        }
        if let Some(left) = row.lines.len().checked_sub(MAX_LISTED).filter(|left| *left > 0) {
            let _ = write!(list, "<dd>{}</dd>", escaped(&words.with("text.more", left), MOST));
        }
        list.push_str("</div>\n");
    }
    list.push_str("</dl>\n");
    list
}

fn shown(line: &Line) -> String {
    let part = |part: &Part| match part {
        Part::Ours(text) => escaped(text, MOST),
        // The marks come from the style and the element isolates the direction: no text can close it.
        Part::Theirs(text) => format!("<bdi class=\"theirs\">{}</bdi>", escaped(text, MOST)),
    };
    line.0.iter().map(part).collect()
}

fn folded(summary: &str, body: &str) -> String {
    format!("<details>\n<summary>{}</summary>\n{body}</details>\n", escaped(summary, MOST))
}

/// A sign for those who see, beside the word for everyone; the colour is never alone.
fn icon(verdict: &str) -> String {
    let path = match verdict {
        "clean" => "M6 12.5l4 4 8-9",
        "unsigned" => "M6 12h12",
        "failed" | "error" => "M7 7l10 10M17 7L7 17",
        _ => "M12 6v7.5M12 17v.5",
    };
    format!(
        "<svg viewBox=\"0 0 24 24\" aria-hidden=\"true\" focusable=\"false\"><circle cx=\"12\" cy=\"12\" r=\"11\"/><path d=\"{path}\"/></svg>"
    )
}
