//! Where the reports that are files go: one file, or a folder with one for each document. Takes the documents, refuses before anything is read what
//! would write two reports to one place, or a report over a document.

use crate::files::Named;
use std::collections::HashSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use thrivosign::host::file::{Durability, FileSink};
use thrivosign::render::{Words, etsi, etsi_failure, html, html_failure};
use thrivosign::verify::Report;
use thrivosign::{Error, ErrorKind, Result, Time};

/// What a report is written as.
#[derive(Clone, Copy)]
pub(super) enum Form {
    /// A page for people.
    Html,
    /// ETSI TS 119 102-2.
    Xml,
}

impl Form {
    /// The option that asks for it.
    pub(super) const fn option(self) -> &'static str {
        match self {
            Form::Html => "--html",
            Form::Xml => "--xml",
        }
    }

    const fn ending(self) -> &'static str {
        match self {
            Form::Html => ".html",
            Form::Xml => ".xml",
        }
    }

    fn text(self, document: &Named, outcome: &Result<Report>, said: Said<'_>) -> String {
        let name = document.below.to_string_lossy();
        match (self, outcome) {
            (Form::Html, Ok(report)) => html(report, Some(&name), said.words),
            (Form::Html, Err(error)) => html_failure(error, Some(&name), said.words),
            (Form::Xml, Ok(report)) => etsi(report),
            (Form::Xml, Err(error)) => etsi_failure(error, said.time),
        }
    }
}

/// What a report is told with.
#[derive(Clone, Copy)]
pub(super) struct Said<'a> {
    pub(super) words: &'a dyn Words,
    pub(super) time: Time,
}

/// The report of each document, by its place in the list.
pub(super) struct Pages {
    form: Form,
    pages: Vec<PathBuf>,
}

impl Pages {
    /// `target` is a folder if it is one, ends with a slash, or has to hold several reports.
    pub(super) fn plan(form: Form, target: &Path, documents: &[Named], several: bool) -> Result<Pages> {
        let slash = target.as_os_str().as_encoded_bytes().ends_with(b"/");
        let pages: Vec<PathBuf> = if several || slash || target.is_dir() {
            documents.iter().map(|document| target.join(page_name(&document.below, form))).collect()
        } else {
            vec![target.to_owned()]
        };
        let mut seen: HashSet<&PathBuf> = HashSet::new();
        if !pages.iter().all(|page| seen.insert(page)) {
            let two = "two documents have the same name, and their reports would go to the same place: name their folder instead";
            return Err(Error::new(ErrorKind::InvalidArgument).context(two));
        }
        let read: HashSet<PathBuf> = documents.iter().filter_map(|document| std::fs::canonicalize(&document.path).ok()).collect();
        if pages.iter().filter_map(|page| std::fs::canonicalize(page).ok()).any(|page| read.contains(&page)) {
            return Err(Error::new(ErrorKind::OutputIsInput).context(form.option()));
        }
        Ok(Pages { form, pages })
    }

    /// Refuses two forms that go to one place.
    pub(super) fn apart(all: &[Pages]) -> Result<()> {
        let mut seen: HashSet<&PathBuf> = HashSet::new();
        if all.iter().flat_map(|pages| &pages.pages).all(|page| seen.insert(page)) {
            return Ok(());
        }
        Err(Error::new(ErrorKind::InvalidArgument).context("--html and --xml name the same file"))
    }

    /// After the call the report of that document is in place, whole.
    pub(super) fn write(&self, index: usize, document: &Named, outcome: &Result<Report>, said: Said<'_>) -> Result<()> {
        let Some(page) = self.pages.get(index) else { return Ok(()) };
        self.put(page, &self.form.text(document, outcome, said)).map_err(crate::output::about(self.form.option()))
    }

    fn put(&self, page: &Path, text: &str) -> Result<()> {
        if let Some(folder) = page.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            let unwritable = |cause| Error::new(ErrorKind::OutputUnwritable).context("the folder of the reports").caused_by(cause);
            std::fs::create_dir_all(folder).map_err(unwritable)?;
        }
        let mut sink = FileSink::create(page, Durability::None)?;
        sink.write(text.as_bytes())?;
        sink.finish()
    }
}

/// The document's whole name with the ending behind it: `a.pdf` and `a.PDF` are two documents.
fn page_name(document: &Path, form: Form) -> OsString {
    let mut name = document.as_os_str().to_owned();
    name.push(form.ending());
    name
}
