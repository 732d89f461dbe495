//! The render room: a page for a document that could not be checked. Takes the error, gives a page that cannot be taken for a report: a folder
//! of pages in which one document is silently missing would be.

use super::html::{Page, row_list};
use super::rows::{Line, Row, Rows};
use super::words::Words;
use crate::error::Error;

/// One HTML page that says that the document of that name could not be checked, why, and what to do. As [`html`](super::html()) otherwise.
#[must_use]
pub fn html_failure(error: &Error, name: Option<&str>, words: &dyn Words) -> String {
    let rows = Rows::new(words);
    let kind = error.kind();
    let mut page = Page::open(name, "error", words);
    page.section(
        &rows.word("heading.error"),
        &row_list(
            &[
                Row {
                    label: rows.word("label.error"),
                    lines: vec![Line::ours(format!("{} [{} {}]", rows.word(&format!("error.{}", kind.name())), kind.code(), kind.name()))],
                },
                Row { label: rows.word("label.next_step"), lines: vec![Line::ours(rows.word(&format!("next_step.{}", kind.name())))] },
            ],
            &rows,
        ),
    );
    page.close()
}
