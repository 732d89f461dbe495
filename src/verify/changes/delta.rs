//! The verify room, changes: which objects later revisions touch, and who referred to their numbers before. Takes a document, gives one
//! `History` for all its signatures: every object is read at most once more, however many signatures there are.

use super::claims::Claims;
use super::{ChangeKind, Found};
use crate::error::{Error, ErrorKind, Result};
use crate::pdf::{Document, Lexer, Object, ObjectId, Token, View, XrefEntry};
use crate::verify::structure::{doubtful, hybrid_conflict_of};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The most referrers of one object that are told apart.
const MAX_REFERRERS: usize = 16;

/// Who refers to a touched number: the revision and the object number of the referrer.
#[derive(Default)]
pub(super) struct Referrers {
    known: Vec<(usize, u32)>,
    overflow: bool,
}

pub(super) struct History {
    /// Per revision the numbers its sections name.
    touched: Vec<BTreeSet<u32>>,
    /// Object numbers of xref streams and object streams of later revisions: containers, not content.
    containers: BTreeSet<u32>,
    referrers: HashMap<u32, Referrers>,
    /// The touched numbers that the document as it is refers to.
    live: BTreeSet<u32>,
    /// Those that some revision refers or referred to.
    dropped: BTreeSet<u32>,
    /// The newest revision whose own sections define a number, for those defined after the oldest signed revision.
    newest: HashMap<u32, usize>,
}

impl History {
    /// Of all revisions after `oldest`.
    pub(super) fn read(document: &Document<'_>, oldest: usize) -> Result<History> {
        let (source, budget) = (document.source(), document.budget());
        let mut touched = vec![BTreeSet::new(); document.revisions().len()];
        let mut containers = BTreeSet::new();
        for (index, numbers) in touched.iter_mut().enumerate().skip(oldest + 1) {
            for section in document.sections(index) {
                containers.extend(section.number);
                section.for_each(source, budget, |number, entry| {
                    numbers.insert(number);
                    if let XrefEntry::Compressed { stream, .. } = entry {
                        containers.insert(stream);
                    }
                    Ok(())
                })?;
            }
        }
        let newest = touched.iter().enumerate().flat_map(|(index, numbers)| numbers.iter().map(move |number| (*number, index))).collect();
        through_containers(document, oldest, &mut touched)?;
        let wanted: BTreeSet<u32> = touched.iter().flatten().copied().collect();
        let mut history =
            History { touched, containers, referrers: HashMap::new(), live: BTreeSet::new(), dropped: BTreeSet::new(), newest };
        history.scan(document, &wanted)?;
        Ok(history)
    }

    /// Reads every object of every revision once and notes who refers to the wanted numbers.
    fn scan(&mut self, document: &Document<'_>, wanted: &BTreeSet<u32>) -> Result<()> {
        let last = document.revisions().len().saturating_sub(1);
        for index in 0..=last {
            let view = document.at(index);
            let mut numbers = Vec::new();
            for id in [&b"Root"[..], b"Info", b"Encrypt"].iter().filter_map(|key| view.trailer().get(key).and_then(Object::as_reference)) {
                if index == last {
                    self.live.insert(id.number);
                }
                self.dropped.insert(id.number);
            }
            // A cross-reference stream's dictionary is a trailer: what it names is judged as the trailer's.
            let sections = document.sections(index);
            let is_section = |entry| sections.iter().any(|s| matches!(entry, XrefEntry::Offset { offset, .. } if offset == s.span.start));
            for section in sections {
                section.for_each(document.source(), document.budget(), |number, entry| {
                    if entry != XrefEntry::Free && !is_section(entry) {
                        numbers.push((number, entry));
                    }
                    Ok(())
                })?;
            }
            // Compressed objects stream by stream, so that each stream is inflated once.
            numbers.sort_by_key(|(_, entry)| match entry {
                XrefEntry::Compressed { stream, index } => (u64::from(*stream), *index),
                XrefEntry::Offset { offset, .. } => (*offset, 0),
                XrefEntry::Free => (0, 0),
            });
            for (number, entry) in numbers {
                let generation = if let XrefEntry::Offset { generation, .. } = entry { generation } else { 0 };
                // What cannot be read refers to nothing that a viewer could follow; if it is touched, the rules will fail on it.
                let Ok(found) = view.object_by_entry(ObjectId::new(number, generation), entry) else { continue };
                self.note(&found.object, index, number, wanted);
            }
        }
        Ok(())
    }

    fn note(&mut self, object: &Object, revision: usize, referrer: u32, wanted: &BTreeSet<u32>) {
        match object {
            Object::Reference(id) if wanted.contains(&id.number) => {
                if self.newest.get(&referrer).is_none_or(|newest| *newest == revision) {
                    self.live.insert(id.number);
                }
                self.dropped.insert(id.number);
                let referrers = self.referrers.entry(id.number).or_default();
                if referrers.known.iter().any(|(r, n)| *r <= revision && *n == referrer) {
                    return;
                }
                if referrers.known.len() < MAX_REFERRERS {
                    referrers.known.push((revision, referrer));
                } else {
                    referrers.overflow = true;
                }
            }
            Object::Array(items) => items.iter().for_each(|item| self.note(item, revision, referrer, wanted)),
            Object::Dictionary(dict) => dict.iter().for_each(|(_, value)| self.note(value, revision, referrer, wanted)),
            Object::Stream(stream) => stream.dict.iter().for_each(|(_, value)| self.note(value, revision, referrer, wanted)),
            _ => {}
        }
    }

    /// Numbers touched by revisions after `signed`.
    pub(super) fn touched_after(&self, signed: usize) -> BTreeSet<u32> {
        self.touched.iter().skip(signed + 1).flatten().copied().collect()
    }

    /// The objects of revisions up to `signed` that refer to `number`; `None` if there are too many to tell apart.
    pub(super) fn referrers(&self, number: u32, signed: usize) -> Option<Vec<u32>> {
        let Some(referrers) = self.referrers.get(&number) else { return Some(Vec::new()) };
        if referrers.overflow {
            return None;
        }
        Some(referrers.known.iter().filter(|(revision, _)| *revision <= signed).map(|(_, referrer)| *referrer).collect())
    }

    /// Whether an update brought `number` for something that a later one replaced: no way leads to it any more. What never had a place
    /// is another matter: it waits for one.
    pub(super) fn is_left_over(&self, number: u32) -> bool {
        self.dropped.contains(&number) && !self.live.contains(&number)
    }

    /// Whether the document as it is refers to a touched number.
    pub(super) fn is_live(&self, number: u32) -> bool {
        self.live.contains(&number)
    }

    pub(super) fn is_container(&self, number: u32) -> bool {
        self.containers.contains(&number)
    }
}

/// An attacker would put a new object stream in the place of an old one: what the old tables look up in it is then another object,
/// though no new table names it. So whoever touches a container touches all that is read from it.
fn through_containers(document: &Document<'_>, oldest: usize, touched: &mut [BTreeSet<u32>]) -> Result<()> {
    let later: BTreeSet<u32> = touched.iter().skip(oldest + 1).flatten().copied().collect();
    let mut held: HashMap<u32, Vec<(usize, u32)>> = HashMap::new();
    for index in 0..touched.len() {
        for section in document.sections(index) {
            section.for_each(document.source(), document.budget(), |number, entry| {
                if let XrefEntry::Compressed { stream, .. } = entry
                    && later.contains(&stream)
                {
                    held.entry(stream).or_default().push((index, number));
                }
                Ok(())
            })?;
        }
    }
    for (index, here) in touched.iter_mut().enumerate().skip(oldest + 1) {
        let moved: Vec<u32> = held
            .iter()
            .filter(|(stream, _)| here.contains(stream))
            .flat_map(|(_, numbers)| numbers.iter().filter(|(older, _)| *older < index).map(|(_, number)| *number))
            .collect();
        here.extend(moved);
    }
    Ok(())
}

/// Later sections on which readers would disagree: a key twice in a trailer, one number with two places in one section, a hybrid whose
/// table and stream differ. One reader sees what was signed, another what the attacker put there.
pub(super) fn ambiguous(document: &Document<'_>, signed: usize, claims: &mut Claims<'_, '_>) -> Result<()> {
    for index in signed + 1..document.revisions().len() {
        for section in document.sections(index) {
            if doubtful(&section.trailer).is_some() {
                claims.other("a later trailer has a doubtful key", Vec::new());
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
                claims.other("a later section names one object twice", vec![ObjectId::new(number, 0).to_string()]);
            }
        }
        if hybrid_conflict_of(document, index)?.is_some() {
            claims.other("a later hybrid section shows old and new viewers different objects", Vec::new());
        }
    }
    Ok(())
}

/// Whether two objects are the same by content; streams by their stored bytes.
pub(super) fn same(old: View<'_>, a: &Object, new: View<'_>, b: &Object) -> Result<bool> {
    match (a, b) {
        (Object::Stream(x), Object::Stream(y)) => {
            let mut dicts = (x.dict.clone(), y.dict.clone());
            dicts.0.remove(b"Length");
            dicts.1.remove(b"Length");
            Ok(dicts.0 == dicts.1 && old.stored_data(x)? == new.stored_data(y)?)
        }
        (a, b) => Ok(a == b),
    }
}

/// Bytes of later revisions that belong to no object, section or tail: some viewers rebuild a file from whatever they find, so anything
/// but white space and comments there is a change.
pub(super) fn unaccounted(document: &Document<'_>, signed: usize, claims: &mut Claims<'_, '_>) -> Result<()> {
    let revisions = document.revisions();
    for index in signed + 1..revisions.len() {
        let (Some(revision), Some(before)) = (revisions.get(index), revisions.get(index - 1)) else { continue };
        let start = before.tail.map_or(before.sections_span.end, |tail| tail.eof);
        let Some(tail) = revision.tail else {
            claims.other("a later revision has no proper end", Vec::new());
            continue;
        };
        let view = document.at(index);
        let mut spans: BTreeMap<u64, u64> = document.sections(index).iter().map(|s| (s.span.start, s.span.end)).collect();
        for section in document.sections(index) {
            section.for_each(document.source(), document.budget(), |number, entry| {
                if let XrefEntry::Offset { offset, generation } = entry {
                    if offset < start || offset >= tail.eof {
                        // It leads back into older bytes: if it differs from what stood there before, the rules see it.
                        return Ok(());
                    }
                    let found = view.object_by_entry(ObjectId::new(number, generation), entry)?;
                    spans.insert(found.span.start, found.span.end);
                }
                Ok(())
            })?;
        }
        let last = revision.sections_span.end;
        let mut at = start;
        for (from, to) in spans.into_iter().chain([(last, last)]) {
            if from > at && !empty_gap(document, at, from)? {
                claims.found.push(Found::new(ChangeKind::Other, format!("bytes {at}..{from} belong to no object"), Vec::new()));
                return Ok(());
            }
            at = at.max(to);
        }
    }
    Ok(())
}

/// Only white space and comments.
fn empty_gap(document: &Document<'_>, from: u64, to: u64) -> Result<bool> {
    let len = usize::try_from(to - from).unwrap_or(usize::MAX);
    if len > 1 << 20 {
        return Ok(false);
    }
    let bytes = document.source().read_range(from, len)?;
    document.budget().step(len as u64 / 8).map_err(|_| Error::new(ErrorKind::LimitReached))?;
    Ok(Lexer::new(&bytes).next_token() == Token::Eof)
}
