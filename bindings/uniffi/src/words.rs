//! The words of a report in a language: those built in, or a table of the app's; and the page for a document that could not be checked.

use crate::call::guard;
use crate::error::{ErrorDetail, Result};
use std::collections::HashMap;
use std::sync::Arc;
use thrivosign::render::{self, ENGLISH, Table};
use thrivosign::{Error, ErrorKind};

/// The words that a report is told in.
#[derive(uniffi::Object)]
pub struct Words(Source);

enum Source {
    BuiltIn(&'static dyn render::Words),
    Table(Table),
}

#[uniffi::export]
impl Words {
    /// The built-in words of a language, told by its tag (BCP 47): `en` or `de`; a region does not matter.
    ///
    /// # Errors
    /// `InvalidArgument` for another language: give its words as a table.
    #[uniffi::constructor]
    pub fn built_in(language: &str) -> Result<Arc<Words>> {
        let wrong = || Error::new(ErrorKind::InvalidArgument).context("no built-in language");
        Ok(Arc::new(Words(Source::BuiltIn(render::built_in(language).ok_or_else(wrong)?))))
    }

    /// A table of the app's, code by code, as `all_words` has them; what it lacks is said in English.
    ///
    /// # Errors
    /// `InvalidArgument` for a language that is no tag of letters, digits and hyphens.
    #[uniffi::constructor]
    pub fn from_table(language: &str, words: HashMap<String, String>) -> Result<Arc<Words>> {
        guard(|| Ok(Arc::new(Words(Source::Table(Table::new(language, words)?)))))
    }

    /// The same from a JSON object.
    ///
    /// # Errors
    /// As `from_table`; `InvalidArgument` for what is no such object.
    #[uniffi::constructor]
    pub fn from_json(language: &str, json: Vec<u8>) -> Result<Arc<Words>> {
        guard(|| Ok(Arc::new(Words(Source::Table(Table::from_json(language, &json)?)))))
    }
}

impl Words {
    /// Those, or English where none were given.
    pub(crate) fn of(words: Option<&Arc<Words>>) -> &dyn render::Words {
        match words.map(|words| &words.0) {
            None => &ENGLISH,
            Some(Source::BuiltIn(words)) => *words,
            Some(Source::Table(table)) => table,
        }
    }
}

/// Every code with its English word: what a translator needs.
#[uniffi::export]
#[must_use]
pub fn all_words() -> HashMap<String, String> {
    render::all_words().map(|(code, word)| (code, word.to_owned())).collect()
}

/// One HTML page that says that the document of that name could not be checked, why, and what to do; it cannot be taken for a report.
///
/// # Errors
/// `InvalidArgument` for a detail without the code of an error.
#[uniffi::export(default(name = None, words = None))]
pub fn html_failure(detail: &ErrorDetail, name: Option<String>, words: Option<Arc<Words>>) -> Result<String> {
    guard(|| {
        let kind = ErrorKind::ALL.iter().copied().find(|kind| kind.code() == detail.code);
        let kind = kind.ok_or_else(|| Error::new(ErrorKind::InvalidArgument).context("no error has that code"))?;
        Ok(render::html_failure(&Error::new(kind), name.as_deref(), Words::of(words.as_ref())))
    })
}
