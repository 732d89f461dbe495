//! The render room: words by code. Takes a language or a host's own table, gives the word for a code; what a table lacks is said in English,
//! and what English lacks is shown as its code, never left out.

use super::{english, german};
use crate::error::{Error, ErrorKind, Result};
use crate::inspect::Risk;
use crate::verify::{ChangeRule, Deviation, Reason};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The words of one language. Codes never move; [`all_words`] lists them with their English.
pub trait Words: Sync {
    /// The language (BCP 47), such as `en` or `hi`.
    fn language(&self) -> &str;

    /// Whether it is written from right to left.
    fn right_to_left(&self) -> bool {
        false
    }

    /// The word for a code; `None` is English.
    fn get(&self, code: &str) -> Option<&str>;
}

/// A language of this library's own.
#[derive(Debug)]
pub struct BuiltIn {
    language: &'static str,
    words: &'static [(&'static str, &'static str)],
}

impl Words for BuiltIn {
    fn language(&self) -> &str {
        self.language
    }

    fn get(&self, code: &str) -> Option<&str> {
        self.words.iter().find(|(known, _)| *known == code).map(|(_, word)| *word)
    }
}

/// English.
pub static ENGLISH: BuiltIn = BuiltIn { language: "en", words: english::WORDS };
/// German.
pub static GERMAN: BuiltIn = BuiltIn { language: "de", words: german::WORDS };
/// The languages that are built in.
pub const LANGUAGES: &[&str; 2] = &["en", "de"];

/// The built-in words of a language, by its tag (BCP 47); a region does not matter.
#[must_use]
pub fn built_in(language: &str) -> Option<&'static dyn Words> {
    let primary = language.split(['-', '_']).next().unwrap_or_default();
    [&ENGLISH, &GERMAN].into_iter().find(|words| words.language.eq_ignore_ascii_case(primary)).map(|words| words as &dyn Words)
}

/// A host's own words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    language: String,
    right_to_left: bool,
    words: BTreeMap<String, String>,
}

impl Table {
    /// From code and word. `language` is a tag of letters, digits and hyphens (BCP 47).
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] for any other tag.
    pub fn new(language: &str, words: impl IntoIterator<Item = (String, String)>) -> Result<Table> {
        let sound = !language.is_empty() && language.len() <= 35 && language.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-');
        if !sound {
            return Err(Error::new(ErrorKind::InvalidArgument).context("the language must be a tag such as hi or pt-BR"));
        }
        let primary = language.split('-').next().unwrap_or_default().to_ascii_lowercase();
        let right_to_left = ["ar", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"].contains(&primary.as_str());
        Ok(Table { language: language.to_owned(), right_to_left, words: words.into_iter().collect() })
    }

    /// From a JSON object of code and word, as [`all_words`] has them.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] if it is none.
    pub fn from_json(language: &str, json: &[u8]) -> Result<Table> {
        let words: BTreeMap<String, String> = serde_json::from_slice(json)
            .map_err(|e| Error::new(ErrorKind::InvalidArgument).context("words must be a JSON object of codes and texts").caused_by(e))?;
        Table::new(language, words)
    }
}

impl Words for Table {
    fn language(&self) -> &str {
        &self.language
    }

    fn right_to_left(&self) -> bool {
        self.right_to_left
    }

    fn get(&self, code: &str) -> Option<&str> {
        self.words.get(code).map(String::as_str)
    }
}

/// The word for a code: the table's, else the English one, else the code itself.
#[must_use]
pub fn word<'w>(words: &'w dyn Words, code: &str) -> Cow<'w, str> {
    if let Some(word) = words.get(code) {
        return Cow::Borrowed(word);
    }
    match ENGLISH.get(code).or_else(|| of_tables(code)) {
        Some(word) => Cow::Borrowed(word),
        None => Cow::Owned(code.to_owned()),
    }
}

/// English that stands in the tables of codes already.
fn of_tables(code: &str) -> Option<&'static str> {
    let (table, name) = code.split_once('.')?;
    match table {
        "reason" => Reason::ALL.iter().find(|reason| reason.code() == name).map(|reason| reason.text()),
        "deviation" => Deviation::ALL.iter().find(|deviation| deviation.code() == name).map(|deviation| deviation.text()),
        "rule" => ChangeRule::ALL.iter().find(|rule| rule.code() == name).map(|rule| rule.text()),
        "risk" => Risk::ALL.iter().find(|risk| risk.code() == name).map(|risk| risk.text()),
        "remedy" => Risk::ALL.iter().find(|risk| risk.code() == name).map(|risk| risk.remedy()),
        "error" => ErrorKind::ALL.iter().find(|kind| kind.name() == name).map(|kind| kind.text()),
        "next_step" => ErrorKind::ALL.iter().find(|kind| kind.name() == name).map(|kind| kind.next_step()),
        _ => None,
    }
}

/// Every code with its English: what a translator needs.
pub fn all_words() -> impl Iterator<Item = (String, &'static str)> {
    let own = english::WORDS.iter().map(|(code, word)| ((*code).to_owned(), *word));
    let reasons = Reason::ALL.iter().map(|reason| (format!("reason.{}", reason.code()), reason.text()));
    let deviations = Deviation::ALL.iter().map(|deviation| (format!("deviation.{}", deviation.code()), deviation.text()));
    let rules = ChangeRule::ALL.iter().map(|rule| (format!("rule.{}", rule.code()), rule.text()));
    let risks = Risk::ALL
        .iter()
        .flat_map(|risk| [(format!("risk.{}", risk.code()), risk.text()), (format!("remedy.{}", risk.code()), risk.remedy())]);
    let errors = ErrorKind::ALL
        .iter()
        .flat_map(|kind| [(format!("error.{}", kind.name()), kind.text()), (format!("next_step.{}", kind.name()), kind.next_step())]);
    own.chain(reasons).chain(deviations).chain(rules).chain(risks).chain(errors)
}
