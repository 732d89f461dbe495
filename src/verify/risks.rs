//! The verify room: what may surprise the reader of a signed document, as the inspect room finds it. Takes a document, gives facts; nothing
//! here makes a verdict better or worse. Looked for last, so that it never uses up the budget of the checks.

use crate::error::ErrorKind;
use crate::inspect::{self, Risk};
use crate::pdf::Document;
use serde::Serialize;

/// What was found of risk markers. *Not looked for* and *nothing found* are different values.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Risks {
    /// Nobody looked.
    #[default]
    NotLookedFor,
    /// All of the document was looked at, but for what is listed as unchecked.
    LookedFor {
        /// One entry for each kind that was found.
        found: Vec<RiskFacts>,
        /// What was not looked at.
        unchecked: Vec<UncheckedFacts>,
    },
}

/// One kind of risk in the document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RiskFacts {
    /// The kind; serialises as its stable code.
    pub code: Risk,
    /// What it means.
    pub text: &'static str,
    /// What to do about it.
    pub remedy: &'static str,
    /// How many there are.
    pub count: u64,
    /// The first pages it is on, counted from 1.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pages: Vec<u64>,
}

/// What was not looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UncheckedFacts {
    /// The part of the document.
    pub part: &'static str,
    /// Why.
    pub why: &'static str,
}

pub(super) fn look(document: &Document<'_>) -> Risks {
    let inspection = match inspect::inspect(document) {
        Ok(inspection) => inspection,
        Err(error) => {
            let why = if error.kind() == ErrorKind::LimitReached { "there is too much of it" } else { "it cannot be read" };
            return Risks::LookedFor { found: Vec::new(), unchecked: vec![UncheckedFacts { part: "the document", why }] };
        }
    };
    let found = inspection.counts.iter().map(|(code, count)| {
        let mut pages: Vec<u64> = inspection.markers.iter().filter(|m| m.code == *code).filter_map(|m| m.page).collect();
        pages.sort_unstable();
        pages.dedup();
        RiskFacts { code: *code, text: code.text(), remedy: code.remedy(), count: *count, pages }
    });
    let unchecked = inspection.unchecked.iter().map(|u| UncheckedFacts { part: u.part, why: u.why }).collect();
    Risks::LookedFor { found: found.collect(), unchecked }
}
