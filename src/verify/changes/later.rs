//! The verify room, changes: the sections and bytes of later revisions. Takes one revision, gives what readers would disagree about: a key
//! twice in a trailer, a number with two places, a hybrid whose halves differ, bytes that belong to nothing. Each revision is looked at
//! once, however many signatures stand before it.

use super::Found;
use super::rule::Rule;
use crate::error::{Error, ErrorKind, Result};
use crate::pdf::{Document, Lexer, Object, ObjectId, Section, Token, View, XrefEntry};
use crate::switch::{Check, on};
use crate::verify::structure::{doubtful, hybrid_conflict_of};
use std::collections::HashMap;
use std::ops::Range;

/// Longest stretch between two objects that may be white space and comments.
const MAX_GAP: usize = 1 << 20;

/// No reader takes more objects (ISO 32000-1 Annex C); some that are told of more rebuild the file.
const MOST_OBJECTS: i64 = 8_388_608;

/// Bytes that are searched at once, and how far before them the head of an object may begin.
const BLOCK: u64 = 64 << 10;
const LONGEST_HEAD: u64 = 1 << 10;

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
        if section.of_unknown_type(document.source(), document.budget())?.is_some() {
            found.push(Found::new(Rule::NoProperEnd).more("an entry of a type that nobody knows"));
        }
        let size = section.trailer.get(b"Size").and_then(Object::as_i64);
        if size.is_some_and(|size| size > MOST_OBJECTS) || section.numbers().any(|(first, _)| i64::from(first) > MOST_OBJECTS) {
            found.push(Found::new(Rule::NoProperEnd).more("numbers beyond what readers take"));
        }
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
    if index.checked_sub(1).and_then(|before| leads_beside(document, before, index)) == Some(true) {
        return Ok(Some(Found::new(Rule::NoProperEnd).more("/Prev leads beside its section")));
    }
    let nowhere = |section: &Section| section.trailer.get(b"XRefStm").and_then(Object::as_i64) == Some(0);
    if document.sections(index).iter().any(nowhere) {
        // To us it names none. Others look for a stream at the file's first byte, find none and rebuild the file.
        return Ok(Some(Found::new(Rule::NoProperEnd).more("/XRefStm leads to the file's first byte")));
    }
    match revision.tail {
        None => return Ok(Some(Found::new(Rule::NoProperEnd))),
        // Beside a line end, most readers find the section; beside more, some rebuild the file.
        Some(tail) if tail.lead > 1 => return Ok(Some(Found::new(Rule::NoProperEnd).more("startxref leads beside its section"))),
        Some(_) => {}
    }
    let mut spans = objects;
    spans.extend(document.sections(index).iter().map(|s| (s.span.start, s.span.end)));
    spans.sort_unstable();
    let last = revision.sections_span.end;
    let own = own_bytes(document, index);
    let mut at = own.start;
    for (from, to) in spans.iter().copied().chain([(last, last)]) {
        if from > at && !empty_gap(document, at, from)? {
            return Ok(Some(Found::new(Rule::BytesOfNothing).more(format!("{at}..{from}"))));
        }
        at = at.max(to);
    }
    let head = foreign_head(document, &own, &spans)?.filter(|_| on(Check::HeadsAreListed));
    Ok(head.map(|head| Found::new(Rule::BytesOfNothing).more(format!("the head of an object at {head}"))))
}

/// Whether a revision names the one before by another offset than that itself does, or beside its line end.
fn leads_beside(document: &Document<'_>, before: usize, index: usize) -> Option<bool> {
    let earlier = document.revisions().get(before)?;
    let named = document.sections(index).first()?.trailer.get(b"Prev")?.as_i64().and_then(|n| u64::try_from(n).ok())?;
    let lead = earlier.xref.checked_sub(named.saturating_add(document.base()))?;
    Some(lead > 1 && earlier.tail.is_none_or(|tail| tail.lead != lead))
}

/// Where something begins as an object does that is none: in the middle of a stream, a string or a comment. An attacker would put another text into
/// the metadata, as an object of that number: a reader that finds a fault in the file and rebuilds it takes the last one that looks so.
fn foreign_head(document: &Document<'_>, own: &Range<u64>, spans: &[(u64, u64)]) -> Result<Option<u64>> {
    let mut from = own.start;
    while from < own.end {
        let base = from.saturating_sub(LONGEST_HEAD).max(own.start);
        let until = own.end.min(from.saturating_add(BLOCK));
        let len = usize::try_from(until.saturating_add(2).min(own.end) - base).unwrap_or(usize::MAX);
        let bytes = document.source().read_range(base, len)?;
        document.budget().step(len as u64 / 8)?;
        let new = usize::try_from(from - base).unwrap_or(0);
        for at in (new..bytes.len()).filter(|at| bytes.get(*at..at + 3) == Some(b"obj")) {
            let far = at.saturating_sub(LONGEST_HEAD as usize);
            let Some(head) = head(bytes.get(far..at).unwrap_or_default()).map(|head| far + head) else { continue };
            let place = base + head as u64;
            let before = spans.partition_point(|(start, _)| *start <= place).checked_sub(1).and_then(|at| spans.get(at));
            let space = before.and_then(|(start, _)| bytes.get(usize::try_from(start.checked_sub(base)?).ok()?..head));
            if !space.is_some_and(|space| space.iter().all(|c| is_space(*c))) {
                return Ok(Some(place));
            }
        }
        from = until;
    }
    Ok(None)
}

/// Where two numbers begin, with nothing but white space and comments between and behind them.
fn head(before: &[u8]) -> Option<usize> {
    let digits = |before: &[u8]| before.len() - before.iter().rev().take_while(|c| c.is_ascii_digit()).count();
    let generation = blank(before);
    let space = digits(before.get(..generation)?);
    let number = blank(before.get(..space)?);
    let start = digits(before.get(..number)?);
    let endless = (generation == 0 && !before.is_empty()) || (number == 0 && space > 0 && space < generation);
    (endless || (start < number && number < space && space < generation)).then_some(start)
}

/// Where the white space and the comments at the end begin.
fn blank(before: &[u8]) -> usize {
    let mut end = before.len();
    loop {
        let text = end - before.iter().take(end).rev().take_while(|c| is_space(**c)).count();
        if !before.get(text..end).is_some_and(|space| space.iter().any(|c| is_end(*c))) {
            return text;
        }
        let line = text - before.iter().take(text).rev().take_while(|c| !is_end(**c)).count();
        match before.get(line..text).and_then(|line| line.iter().position(|c| *c == b'%')) {
            Some(comment) => end = line + comment,
            None => return text,
        }
    }
}

const fn is_space(c: u8) -> bool {
    matches!(c, 0 | 9 | 10 | 12 | 13 | 32)
}

const fn is_end(c: u8) -> bool {
    matches!(c, 10 | 13)
}

/// An object of an object stream to which no table leads: a reader that rebuilds the file finds it all the same.
pub(super) fn unlisted(view: View<'_>, container: ObjectId, offset: u64) -> Result<Option<Found>> {
    // What cannot be read is reported where it is needed.
    let Ok(held) = view.packed(container, offset) else { return Ok(None) };
    if !view.packed_in_order(container, offset)? {
        return Ok(Some(Found::new(Rule::BytesOfNothing).object(container).more("objects of an object stream in each other's place")));
    }
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
