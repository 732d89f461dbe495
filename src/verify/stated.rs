//! The verify room: what a signature says of itself, and what its revision states about later changes. Takes candidates and facts, gives one
//! statement for each; no opinion. Nothing here is believed: it is what somebody wrote. After this the document is not read again.

use super::facts::SignatureFacts;
use super::locate::Candidate;
use super::permission::{self, Permissions};
use crate::error::Result;
use crate::pdf::Document;
use crate::pdf::text_string::text;

/// In the order of the candidates.
pub(super) struct Stated {
    pub(super) sub_filter: Option<String>,
    /// `/M`, as it stands.
    pub(super) date: Option<Vec<u8>>,
    pub(super) name: Option<String>,
    pub(super) reason: Option<String>,
    pub(super) location: Option<String>,
    /// Of the signed revision; nothing where none is covered.
    pub(super) permissions: Permissions,
}

pub(super) fn read(document: &Document<'_>, candidates: &[Candidate], facts: &[SignatureFacts]) -> Result<Vec<Stated>> {
    candidates.iter().zip(facts).map(|(candidate, facts)| one(document, candidate, facts)).collect()
}

fn one(document: &Document<'_>, candidate: &Candidate, facts: &SignatureFacts) -> Result<Stated> {
    let entry = |key: &str| document.at(candidate.revision).get(&candidate.dict, key);
    let said = |key: &str| -> Result<Option<String>> { Ok(entry(key)?.as_string().map(text)) };
    Ok(Stated {
        sub_filter: entry("SubFilter")?.as_name().map(|name| String::from_utf8_lossy(name).into_owned()),
        date: entry("M")?.as_string().map(<[u8]>::to_vec),
        name: said("Name")?,
        reason: said("Reason")?,
        location: said("Location")?,
        permissions: match &facts.covered {
            Ok(covered) => permission::stated(document.at(covered.revision), candidate)?,
            Err(_) => Permissions::default(),
        },
    })
}
