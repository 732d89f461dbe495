//! The verify room, changes: the sections and bytes of later revisions. Takes one revision, gives what readers would disagree about: a key
//! twice in a trailer, a number with two places, a hybrid whose halves differ, bytes that belong to nothing. Each revision is looked at
//! once, however many signatures stand before it.

use super::Found;
use super::rule::Rule;
use crate::error::{Error, ErrorKind, Result};
use crate::pdf::{Document, Lexer, ObjectId, Token, View, XrefEntry};
use crate::switch::{Check, on};
use crate::verify::structure::{doubtful, hybrid_conflict_of};
use std::collections::HashMap;
use std::ops::Range;

/// Longest stretch between two objects that may be white space and comments.
const MAX_GAP: usize = 1 << 20;

/// The bytes that belong to a revision alone, up to its `%%EOF`; empty if it has no proper end.
pub(super) fn own_bytes(document: &Document<'_>, index: usize) -> Range<u64> {
    let revisions = document.revisions();
    let start = index.checked_sub(1).and_then(|before| revisions.get(before));
    let start = start.map_or(0, |before| before.tail.map_or(before.sections_span.end, |tail| tail.eof));
    let end = revisions.get(index).and_then(|revision| revision.tail).map_or(start, |tail| tail.eof);
    start..end
}

/// `objects` are the spans of the objects that stand in the revision's own bytes.
pub(super) fn findings(document: &Document<'_>, index: usize, objects: Vec<(u64, u64)>) -> Result<Vec<Found>> {
    let mut found = Vec::new();
    for section in document.sections(index) {
        if doubtful(&section.trailer).is_some() {
            found.push(Found::new(Rule::TrailerKeyDoubtful).more(format!("at byte {}", section.span.start)));
        }
        let mut places: HashMap<u32, XrefEntry> = HashMap::new();
        let mut twice = None;
        section.for_each(document.source(), document.budget(), |number, entry| {
            if number != 0 && *places.entry(number).or_insert(entry) != entry {
                twice = Some(number);
            }
            Ok(())
        })?;
        if let Some(number) = twice {
            found.push(Found::new(Rule::NumberTwice).object(ObjectId::new(number, 0)));
        }
    }
    if hybrid_conflict_of(document, index)?.is_some() {
        found.push(Found::new(Rule::HybridConflict));
    }
    found.extend(unaccounted(document, index, objects)?);
    Ok(found)
}

/// Bytes that belong to no object, section or tail: some viewers rebuild a file from whatever they find, so anything but white space and
/// comments there is a change.
fn unaccounted(document: &Document<'_>, index: usize, objects: Vec<(u64, u64)>) -> Result<Option<Found>> {
    let Some(revision) = document.revisions().get(index) else { return Ok(None) };
    if revision.tail.is_none() {
        return Ok(Some(Found::new(Rule::NoProperEnd)));
    }
    let mut spans = objects;
    spans.extend(document.sections(index).iter().map(|s| (s.span.start, s.span.end)));
    spans.sort_unstable();
    let last = revision.sections_span.end;
    let mut at = own_bytes(document, index).start;
    for (from, to) in spans.into_iter().chain([(last, last)]) {
        if from > at && !empty_gap(document, at, from)? {
            return Ok(Some(Found::new(Rule::BytesOfNothing).more(format!("{at}..{from}"))));
        }
        at = at.max(to);
    }
    Ok(None)
}

/// An object of an object stream to which no table leads: a reader that rebuilds the file finds it all the same.
pub(super) fn unlisted(view: View<'_>, container: ObjectId, offset: u64) -> Result<Option<Found>> {
    // What cannot be read is reported where it is needed.
    let Ok(held) = view.packed(container, offset) else { return Ok(None) };
    for number in held {
        let listed = matches!(view.entry(number)?, Some(XrefEntry::Compressed { stream, .. }) if stream == container.number);
        if !listed && on(Check::PackedAreListed) {
            return Ok(Some(Found::new(Rule::BytesOfNothing).object(container).more(format!("object {number} in an object stream"))));
        }
    }
    Ok(None)
}

/// Only white space and comments.
fn empty_gap(document: &Document<'_>, from: u64, to: u64) -> Result<bool> {
    let len = usize::try_from(to - from).unwrap_or(usize::MAX);
    if len > MAX_GAP {
        return Ok(false);
    }
    let bytes = document.source().read_range(from, len)?;
    document.budget().step(len as u64 / 8).map_err(|_| Error::new(ErrorKind::LimitReached))?;
    Ok(Lexer::new(&bytes).next_token() == Token::Eof)
}
