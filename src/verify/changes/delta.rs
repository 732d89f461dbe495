//! The verify room, changes: which objects later revisions touch, and who referred to their numbers before. Takes a document, gives one
//! `History` for all its signatures: every object is read at most once more, however many signatures there are.

use super::claims::Claims;
use super::{ChangeKind, Found};
use crate::error::{Error, ErrorKind, Result};
use crate::pdf::{Document, Lexer, Object, ObjectId, Token, View, XrefEntry};
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
    /// In a document too large to note every reference, the numbers whose referrers are known.
    wanted: Option<BTreeSet<u32>>,
}

/// Documents with more objects note only who refers to touched ones.
const MAX_NOTED_OBJECTS: u64 = 300_000;

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
        let wanted: BTreeSet<u32> = touched.iter().flatten().copied().collect();
        let objects = document
            .revisions()
            .iter()
            .enumerate()
            .flat_map(|(i, _)| document.sections(i))
            .map(crate::pdf::Section::numbers_end)
            .sum::<u64>();
        let wanted = (objects > MAX_NOTED_OBJECTS).then_some(wanted);
        let mut history = History { touched, containers, referrers: HashMap::new(), wanted };
        history.scan(document)?;
        Ok(history)
    }

    /// Reads every object of every revision once and notes who refers to whom.
    fn scan(&mut self, document: &Document<'_>) -> Result<()> {
        for index in 0..document.revisions().len() {
            let view = document.at(index);
            let mut numbers = Vec::new();
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
                self.note(&found.object, index, number);
            }
        }
        Ok(())
    }

    fn note(&mut self, object: &Object, revision: usize, referrer: u32) {
        match object {
            Object::Reference(id) if self.wanted.as_ref().is_none_or(|wanted| wanted.contains(&id.number)) => {
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
            Object::Array(items) => items.iter().for_each(|item| self.note(item, revision, referrer)),
            Object::Dictionary(dict) => dict.iter().for_each(|(_, value)| self.note(value, revision, referrer)),
            Object::Stream(stream) => stream.dict.iter().for_each(|(_, value)| self.note(value, revision, referrer)),
            _ => {}
        }
    }

    /// Numbers touched by revisions after `signed`.
    pub(super) fn touched_after(&self, signed: usize) -> BTreeSet<u32> {
        self.touched.iter().skip(signed + 1).flatten().copied().collect()
    }

    /// Whether nothing in any revision refers to the number, as far as that is known.
    pub(super) fn is_orphan(&self, number: u32) -> bool {
        !self.referrers.contains_key(&number)
    }

    /// Whether `revision` touches the number.
    pub(super) fn touches(&self, revision: usize, number: u32) -> bool {
        self.touched.get(revision).is_some_and(|numbers| numbers.contains(&number))
    }

    /// The objects of revisions up to `signed` that refer to `number`; `None` if that is not known or there are too many to tell apart.
    pub(super) fn referrers(&self, number: u32, signed: usize) -> Option<Vec<u32>> {
        if self.wanted.as_ref().is_some_and(|wanted| !wanted.contains(&number)) {
            return None;
        }
        let Some(referrers) = self.referrers.get(&number) else { return Some(Vec::new()) };
        if referrers.overflow {
            return None;
        }
        Some(referrers.known.iter().filter(|(revision, _)| *revision <= signed).map(|(_, referrer)| *referrer).collect())
    }

    pub(super) fn is_container(&self, number: u32) -> bool {
        self.containers.contains(&number)
    }
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
