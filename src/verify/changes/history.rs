//! The verify room, changes: which objects later revisions touch, and who referred to their numbers before. Takes a document, gives one
//! `History` for all its signatures: every object is read at most once more, however many signatures there are.

use super::evidence::Known;
use super::pages::Pages;
use super::{Found, later};
use crate::error::{Error, ErrorKind, Result};
use crate::pdf::{Document, Lexer, Object, ObjectId, Token, View, XrefEntry};
use crate::switch::{Check, on};
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;

/// The most referrers of one object that are told apart.
const MAX_REFERRERS: usize = 16;
/// Documents with more objects note only who refers to touched ones.
const MAX_NOTED_OBJECTS: u64 = 300_000;
/// Where a catalog, a form or a field is referred to (ISO 32000-2 tables 15, 29, 224, 226, 255, 357; actions that name fields: 12.6.4.11, 12.7.6).
const ROLES: [&[u8]; 13] =
    [b"Root", b"Data", b"AcroForm", b"Fields", b"Kids", b"Annots", b"CO", b"Parent", b"Obj", b"T", b"AN", b"TA", b"IRT"];
/// How far an object that cannot be read is searched for references.
const MAX_DAMAGED: usize = 64 << 10;

/// Who refers to a touched number: the revision and the object number of the referrer.
#[derive(Default)]
struct Referrers {
    known: Vec<(usize, u32)>,
    overflow: bool,
    /// The oldest revision in which it stands elsewhere than where a form or its fields do.
    elsewhere: Option<usize>,
}

pub(super) struct History {
    /// Per revision the numbers its sections name.
    touched: Vec<BTreeSet<u32>>,
    /// Object numbers of xref streams and object streams of later revisions: containers, not content.
    containers: BTreeSet<u32>,
    /// Where the cross-reference sections of all revisions stand.
    trailers: HashSet<u64>,
    referrers: HashMap<u32, Referrers>,
    /// In a document too large to note every reference, the numbers whose referrers are known.
    wanted: Option<BTreeSet<u32>>,
    /// The touched numbers that the document as it is refers to.
    live: BTreeSet<u32>,
    /// Those that some revision refers or referred to.
    dropped: BTreeSet<u32>,
    /// The newest revision whose own sections define a number, for those defined after the oldest signed revision.
    newest: HashMap<u32, usize>,
    /// The oldest revision with objects whose references cannot be known.
    blind: Option<usize>,
    /// What sections and bytes of each revision have against them.
    later: Vec<Vec<Found>>,
    /// Why an object that a later revision brings cannot be read.
    unreadable: Vec<Option<ErrorKind>>,
    /// Page trees by the revision they were read in.
    pages: RefCell<Vec<(usize, Rc<Pages>)>>,
    evidence: Known,
}

impl History {
    /// Of all revisions after `oldest`.
    pub(super) fn read(document: &Document<'_>, oldest: usize) -> Result<History> {
        let (source, budget) = (document.source(), document.budget());
        let revisions = document.revisions().len();
        let mut touched = vec![BTreeSet::new(); revisions];
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
        let objects = (0..revisions).flat_map(|i| document.sections(i)).map(crate::pdf::Section::numbers_end).sum::<u64>();
        let wanted = (objects > MAX_NOTED_OBJECTS).then_some(wanted);
        let mut history = History {
            touched,
            containers,
            trailers: (0..revisions).flat_map(|index| document.sections(index)).map(|section| section.span.start).collect(),
            referrers: HashMap::new(),
            wanted,
            live: BTreeSet::new(),
            dropped: BTreeSet::new(),
            newest,
            blind: None,
            later: vec![Vec::new(); revisions],
            unreadable: vec![None; revisions],
            pages: RefCell::default(),
            evidence: Known::default(),
        };
        for index in 0..revisions {
            let spans = history.scan(document, index, index > oldest)?;
            if index > oldest {
                let found = later::findings(document, index, spans)?;
                history.later[index].extend(found);
            }
        }
        Ok(history)
    }

    /// Reads every object of one revision once and notes who refers to whom. Gives the spans of those that stand in a later one.
    fn scan(&mut self, document: &Document<'_>, index: usize, later: bool) -> Result<Vec<(u64, u64)>> {
        let last = document.revisions().len().saturating_sub(1);
        let view = document.at(index);
        for id in [&b"Root"[..], b"Info", b"Encrypt"].iter().filter_map(|key| view.trailer().get(key).and_then(Object::as_reference)) {
            if index == last {
                self.live.insert(id.number);
            }
            self.dropped.insert(id.number);
        }
        let sections = document.sections(index);
        let mut numbers = Vec::new();
        for section in sections {
            section.for_each(document.source(), document.budget(), |number, entry| {
                if entry != XrefEntry::Free {
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
        let own = later::own_bytes(document, index);
        let mut spans = Vec::new();
        for (number, entry) in numbers {
            let (generation, here) = match entry {
                XrefEntry::Offset { generation, offset } => (generation, later && own.contains(&offset)),
                _ => (0, false),
            };
            match view.object_by_entry(ObjectId::new(number, generation), entry) {
                Ok(found) => {
                    if here {
                        spans.push((found.span.start, found.span.end));
                        if found.object.as_stream().is_some_and(|stream| stream.dict.is_type(b"ObjStm")) {
                            self.later[index].extend(later::unlisted(view, found.id, found.span.start)?);
                        }
                    }
                    // A cross-reference stream's dictionary is a trailer: what it names is judged as the trailer's. That of a hybrid is named by one
                    // table and used with another.
                    if !matches!(entry, XrefEntry::Offset { offset, .. } if self.trailers.contains(&offset)) {
                        self.note(&found.object, b"", index, number);
                    }
                }
                Err(error) if error.kind() == ErrorKind::SourceUnreadable => return Err(error),
                Err(error) => {
                    if here {
                        self.unreadable[index].get_or_insert(error.kind());
                    }
                    self.note_completed(document, index, ObjectId::new(number, generation), entry);
                    if on(Check::DamagedRefers) {
                        self.note_damaged(view, entry, number)?;
                    }
                }
            }
        }
        Ok(spans)
    }

    /// What cannot be read here and can be read later. An attacker would have a table signed that leads behind the signed bytes, or the beginning of an
    /// object in a comment behind the trailer, and append the rest, in the middle of a stream that is none of anybody's business. No later table names
    /// the number, so whoever brings the bytes touches it.
    fn note_completed(&mut self, document: &Document<'_>, index: usize, id: ObjectId, entry: XrefEntry) {
        let reads = |at: usize| document.at(at).object_by_entry(id, entry).is_ok();
        let last = document.revisions().len().saturating_sub(1);
        if index == last || !reads(last) {
            return;
        }
        let later = (index + 1..=last).find(|later| reads(*later)).unwrap_or(last);
        if let Some(numbers) = self.touched.get_mut(later) {
            numbers.insert(id.number);
        }
    }

    /// What cannot be read here a lenient viewer may read: an attacker would hide the reference that is to come alive later behind a wrong
    /// /Length. Every reference up to the object's end counts.
    fn note_damaged(&mut self, view: View<'_>, entry: XrefEntry, referrer: u32) -> Result<()> {
        let XrefEntry::Offset { offset, .. } = entry else {
            self.blind = Some(self.blind.map_or(view.revision(), |known| known.min(view.revision())));
            return Ok(());
        };
        let document = view.document();
        let bytes = document.source().read_range(offset, MAX_DAMAGED)?;
        document.budget().step(bytes.len() as u64 / 8)?;
        let mut lexer = Lexer::new(&bytes);
        let mut last = [None, None];
        loop {
            match lexer.next_token() {
                Token::Eof | Token::Keyword(b"endobj" | b"stream") => return Ok(()),
                Token::Integer(n) => last = [last[1], Some(n)],
                Token::Keyword(b"R") => {
                    if let [Some(number), Some(generation)] = last
                        && let (Ok(number), Ok(generation)) = (u32::try_from(number), u16::try_from(generation))
                    {
                        // Under which key is not known, so it is under the worst.
                        self.note(&Object::Reference(ObjectId::new(number, generation)), b"?", view.revision(), referrer);
                    }
                    last = [None, None];
                }
                _ => last = [None, None],
            }
        }
    }

    /// `key` is that under which the object stands; none for an object with a number of its own.
    fn note(&mut self, object: &Object, key: &[u8], revision: usize, referrer: u32) {
        match object {
            Object::Reference(id) if self.wanted.as_ref().is_none_or(|wanted| wanted.contains(&id.number)) => {
                if self.newest.get(&referrer).is_none_or(|newest| *newest == revision) {
                    self.live.insert(id.number);
                }
                self.dropped.insert(id.number);
                let referrers = self.referrers.entry(id.number).or_default();
                // What stands in an array with a number of its own has no name there.
                if !key.is_empty() && !ROLES.contains(&key) {
                    referrers.elsewhere = Some(referrers.elsewhere.map_or(revision, |known| known.min(revision)));
                }
                if referrers.known.iter().any(|(r, n)| *r <= revision && *n == referrer) {
                    return;
                }
                if referrers.known.len() < MAX_REFERRERS {
                    referrers.known.push((revision, referrer));
                } else {
                    referrers.overflow = true;
                }
            }
            Object::Array(items) => items.iter().for_each(|item| self.note(item, key, revision, referrer)),
            Object::Dictionary(dict) => dict.iter().for_each(|(key, value)| self.note(value, key, revision, referrer)),
            Object::Stream(stream) => stream.dict.iter().for_each(|(key, value)| self.note(value, key, revision, referrer)),
            _ => {}
        }
    }

    /// Numbers touched by revisions after `signed`.
    pub(super) fn touched_after(&self, signed: usize) -> BTreeSet<u32> {
        self.touched.iter().skip(signed + 1).flatten().copied().collect()
    }

    /// The objects of revisions up to `signed` that refer to `number`; `None` if that is not known or there are too many to tell apart.
    pub(super) fn referrers(&self, number: u32, signed: usize) -> Option<Vec<u32>> {
        if self.blind.is_some_and(|blind| blind <= signed) || self.wanted.as_ref().is_some_and(|wanted| !wanted.contains(&number)) {
            return None;
        }
        let Some(referrers) = self.referrers.get(&number) else { return Some(Vec::new()) };
        if referrers.overflow {
            return None;
        }
        Some(referrers.known.iter().filter(|(revision, _)| *revision <= signed).map(|(_, referrer)| *referrer).collect())
    }

    /// Whether something in the revisions up to `signed` refers to `number` from where no catalog, form or field is expected.
    pub(super) fn stands_elsewhere(&self, number: u32, signed: usize) -> bool {
        let elsewhere = self.referrers.get(&number).and_then(|referrers| referrers.elsewhere);
        elsewhere.into_iter().chain(self.blind).any(|revision| revision <= signed)
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

    /// What was found out about streams of validation data.
    pub(super) const fn evidence(&self) -> &Known {
        &self.evidence
    }

    pub(super) fn is_container(&self, number: u32) -> bool {
        self.containers.contains(&number)
    }

    /// What sections and bytes of the revisions after `signed` have against them.
    pub(super) fn findings_after(&self, signed: usize) -> impl Iterator<Item = &Found> {
        self.later.iter().skip(signed + 1).flatten()
    }

    /// An error if an object that a revision after `signed` brings cannot be read.
    pub(super) fn all_readable_after(&self, signed: usize) -> Result<()> {
        match self.unreadable.iter().skip(signed + 1).flatten().next() {
            Some(kind) => Err(Error::new(*kind)),
            None => Ok(()),
        }
    }

    /// Where the pages of a revision are. Read anew only if the tree was touched in between.
    pub(super) fn pages(&self, document: &Document<'_>, revision: usize) -> Result<Rc<Pages>> {
        let known = self.pages.borrow().iter().rev().find_map(|(read, pages)| {
            let (from, to) = (revision.min(*read), revision.max(*read));
            let between = self.touched.get(from + 1..=to).unwrap_or(&[]);
            between.iter().all(|touched| pages.is_untouched_by(touched)).then(|| Rc::clone(pages))
        });
        if let Some(known) = known {
            return Ok(known);
        }
        let made = Rc::new(Pages::read(document.at(revision))?);
        self.pages.borrow_mut().push((revision, Rc::clone(&made)));
        Ok(made)
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
