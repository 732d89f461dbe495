//! The verify room: what changed since a signature. Takes a document and the number of a signature, gives the findings of the one analysis of
//! later changes, without any cryptography: it says what is different, not who signed.

use super::changes::{self, ChangeKind};
use super::extract::signed;
use super::facts::{Facts, SignatureFacts};
use super::permission::{self, StatedPermissions};
use super::report::{ChangeEntry, Permitted};
use crate::error::{Error, ErrorKind, Result};
use crate::evidence::Bundle;
use crate::pdf::Document;
use serde::Serialize;

/// What changed since one signature.
#[derive(Clone, Debug, Serialize)]
pub struct Diff {
    /// The schema's name and version.
    pub schema: &'static str,
    /// The field of the signature.
    pub field: String,
    /// The revision that it covers, counted from 1.
    pub revision: usize,
    /// How many revisions the document has.
    pub revisions: usize,
    /// The kinds of change, `NONE` if there is none.
    pub changes: Vec<ChangeKind>,
    /// Each change, and whether the signed revision permits it.
    pub change_details: Vec<DiffEntry>,
    /// What the signed revision states about changes.
    pub permissions: StatedPermissions,
    /// The changes could not be read to the end: there may be more.
    pub undecided: bool,
}

/// One change.
#[derive(Clone, Debug, Serialize)]
pub struct DiffEntry {
    /// The change.
    #[serde(flatten)]
    pub change: ChangeEntry,
    /// Whether the signed revision states that it may be made.
    pub permitted: Permitted,
}

/// What changed since signature `index`, counted from 0 in the order of the report: the same findings, by the same rules.
///
/// The signature itself is not verified: a difference from a document that nobody signed is a difference all the same.
///
/// # Errors
/// As [`extract_signed_revision`](super::extract_signed_revision()).
pub fn diff(document: &Document<'_>, index: usize) -> Result<Diff> {
    let (candidate, covered) = signed(document, index)?;
    let view = document.at(covered.revision);
    let stated = permission::stated(view, &candidate)?;
    let mut facts = Facts { signatures: vec![SignatureFacts::of(Ok(covered))], embedded: Bundle::default(), earlier: Bundle::default() };
    changes::find(document, &mut facts)?;
    let found = facts.signatures.pop().and_then(|facts| facts.changes).ok_or_else(|| Error::new(ErrorKind::Internal))?;
    let mut kinds: Vec<ChangeKind> = found.entries.iter().map(|found| found.entry.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    if kinds.is_empty() {
        kinds.push(ChangeKind::None);
    }
    let entry = |found: &changes::Found| DiffEntry { permitted: stated.judge(&found.entry, &found.fields), change: found.entry.clone() };
    Ok(Diff {
        schema: "thrivosign-diff-1",
        field: candidate.field,
        revision: covered.revision + 1,
        revisions: document.revisions().len(),
        changes: kinds,
        change_details: found.entries.iter().map(entry).collect(),
        permissions: stated.facts(),
        undecided: found.undecided,
    })
}
