//! The verify room: what changed after signing. Takes a document and the covered revisions, gives a list of recognised changes.
//!
//! An allow-list: every object that a later revision brings must be claimed by a rule that knows its place (catalog, form field, page
//! annotations, DSS, metadata); what no rule claims is OTHER. Objects are compared by content, not by number. An object that existed
//! before may be claimed only if nothing else of the signed revision refers to it, and a new object only if the signed revision did not
//! already refer to its number: both are how a shadow attack would smuggle page content through a harmless place.

mod annotation;
mod catalog;
mod claims;
mod drawn;
mod dss;
mod evidence;
mod field;
mod findings;
mod form;
mod found;
mod history;
mod later;
mod page;
mod pages;
mod resources;
mod rule;
mod same;
mod sweep;
mod tags;
mod trailer;
mod widget;

pub(super) use found::Found;
pub use rule::Rule;

use super::facts::Facts;
use crate::error::{ErrorKind, Result};
use crate::pdf::Document;
use serde::Serialize;

/// What kind of change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ChangeKind {
    /// Nothing changed.
    None,
    /// Validation data or a document time stamp (ISO 32000-2 12.8.4.3, 12.8.5).
    Ltv,
    /// Info, XMP, `/Version`, `/Extensions`.
    Metadata,
    /// A signature.
    SignatureAdded,
    /// A form field's value.
    FormFilled,
    /// Annotations.
    Annotated,
    /// Anything else.
    Other,
    /// Bytes that belong to no revision.
    TrailingBytes,
}

/// The changes that followed one signature.
#[derive(Debug, Default)]
pub(super) struct Changes {
    pub(super) entries: Vec<Found>,
    /// The changes could not be read to the end.
    pub(super) undecided: bool,
}

/// The name that the schema uses.
impl std::fmt::Display for ChangeKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            ChangeKind::None => "NONE",
            ChangeKind::Ltv => "LTV",
            ChangeKind::Metadata => "METADATA",
            ChangeKind::SignatureAdded => "SIGNATURE_ADDED",
            ChangeKind::FormFilled => "FORM_FILLED",
            ChangeKind::Annotated => "ANNOTATED",
            ChangeKind::Other => "OTHER",
            ChangeKind::TrailingBytes => "TRAILING_BYTES",
        })
    }
}

/// Fills in the changes after each covered signature.
pub(super) fn find(document: &Document<'_>, facts: &mut Facts) -> Result<()> {
    let last = document.revisions().len().saturating_sub(1);
    let oldest = facts.signatures.iter().filter_map(|s| s.covered.as_ref().ok()).map(|c| c.revision).min();
    let mut history = None;
    for signature in &mut facts.signatures {
        let Ok(covered) = &signature.covered else { continue };
        let mut changes = Changes::default();
        if covered.revision < last {
            let found = match &mut history {
                Some(history) => Ok(&*history),
                none => history::History::read(document, oldest.unwrap_or(0)).map(|h| &*none.insert(h)),
            };
            let found = found.and_then(|history| after(document, history, covered.revision, &mut changes));
            match found {
                Ok(()) => {}
                Err(error) if matches!(error.kind(), ErrorKind::SourceUnreadable | ErrorKind::Cancelled) => return Err(error),
                Err(error) => {
                    changes.undecided = true;
                    changes.entries.push(Found::new(Rule::Unreadable).more(error.kind().name()));
                }
            }
        }
        let trailing = super::coverage::trailing_after(document, covered.end)?;
        if trailing > 0 || document.has_dead_tail() {
            changes.entries.push(Found::new(Rule::TrailingBytes).more(format!("{trailing} bytes")));
        }
        signature.changes = Some(changes);
    }
    Ok(())
}

fn after(document: &Document<'_>, history: &history::History, signed: usize, changes: &mut Changes) -> Result<()> {
    let mut claims = claims::Claims::new(document, history, signed)?;
    let compared = compare(&mut claims);
    let mut found = claims.found;
    history.findings_after(signed).for_each(|later| found.push(later.clone()));
    changes.entries.extend(found.into_entries());
    compared.and_then(|()| history.all_readable_after(signed))
}

fn compare(claims: &mut claims::Claims<'_, '_>) -> Result<()> {
    if trailer::compare(claims)? {
        catalog::compare(claims)?;
    }
    tags::compare(claims)?;
    page::compare_rest(claims)?;
    claims.sweep()
}
