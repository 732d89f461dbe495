//! Where the HTML pages go: one file, or a folder with one page for each document. Takes the documents, refuses before anything is read what
//! would write two pages to one place, or a page over a document.

use crate::files::Named;
use std::collections::HashSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use thrivosign::host::file::{Durability, FileSink};
use thrivosign::render::{Words, html, html_failure};
use thrivosign::verify::Report;
use thrivosign::{Error, ErrorKind, Result};

/// The page of each document, by its place in the list.
pub(super) struct Pages(Vec<PathBuf>);

impl Pages {
    /// `target` is a folder if it is one, ends with a slash, or has to hold several pages.
    pub(super) fn plan(target: &Path, documents: &[Named], several: bool) -> Result<Pages> {
        let slash = target.as_os_str().as_encoded_bytes().ends_with(b"/");
        let pages: Vec<PathBuf> = if several || slash || target.is_dir() {
            documents.iter().map(|document| target.join(page_name(&document.below))).collect()
        } else {
            vec![target.to_owned()]
        };
        let mut seen: HashSet<&PathBuf> = HashSet::new();
        if !pages.iter().all(|page| seen.insert(page)) {
            let two = "two documents have the same name, and their pages would go to the same place: name their folder instead";
            return Err(Error::new(ErrorKind::InvalidArgument).context(two));
        }
        let read: HashSet<PathBuf> = documents.iter().filter_map(|document| std::fs::canonicalize(&document.path).ok()).collect();
        if pages.iter().filter_map(|page| std::fs::canonicalize(page).ok()).any(|page| read.contains(&page)) {
            return Err(Error::new(ErrorKind::OutputIsInput).context("--html"));
        }
        Ok(Pages(pages))
    }

    /// After the call the page of that document is in place, whole.
    pub(super) fn write(&self, index: usize, document: &Named, outcome: &Result<Report>, words: &dyn Words) -> Result<()> {
        let Some(page) = self.0.get(index) else { return Ok(()) };
        let name = document.below.to_string_lossy();
        let text = match outcome {
            Ok(report) => html(report, Some(&name), words),
            Err(error) => html_failure(error, Some(&name), words),
        };
        if let Some(folder) = page.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            let unwritable = |cause| Error::new(ErrorKind::OutputUnwritable).context("the folder of --html").caused_by(cause);
            std::fs::create_dir_all(folder).map_err(unwritable)?;
        }
        let mut sink = FileSink::create(page, Durability::None)?;
        sink.write(text.as_bytes())?;
        sink.finish()
    }
}

/// The document's whole name with `.html` behind it: `a.pdf` and `a.PDF` are two documents.
fn page_name(document: &Path) -> OsString {
    let mut name = document.as_os_str().to_owned();
    name.push(".html");
    name
}
