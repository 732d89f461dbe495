//! The PDF room: one incremental update (ISO 32000-2 7.5.6). Takes a view and changed objects, gives the bytes to append. The update
//! copies the last section's style (table after table, stream after stream, a table after a hybrid), numbers without gaps, and leaves
//! `/Encrypt` and the first `/ID` string alone.

use super::document::View;
use super::object::{Dictionary, Object, ObjectId, PdfString, Stream, StreamData};
use super::recover::Recovery;
use super::write::{print, write_dictionary, write_object};
use super::xref::{SectionKind, XrefEntry};
use crate::error::{Error, ErrorKind, Result};
use std::collections::BTreeMap;

/// The highest object number that viewers accept (ISO 32000-1 Annex C).
const MAX_OBJECT_NUMBER: u64 = 8_388_607;
/// The highest offset that a table's ten digits hold (ISO 32000-2 7.5.4).
const MAX_TABLE_OFFSET: u64 = 9_999_999_999;

enum Body {
    Object(Object),
    Text(Vec<u8>),
}

/// Objects to be appended as one revision.
pub struct Update<'d> {
    view: View<'d>,
    first_new: u32,
    next: u32,
    bodies: BTreeMap<ObjectId, Body>,
}

/// The bytes of an update, and where its objects are in the file to come.
pub struct Appended {
    /// What is appended to the document.
    pub bytes: Vec<u8>,
    /// Absolute position of each object's body (behind `N G obj` and a line end).
    pub bodies: BTreeMap<ObjectId, u64>,
}

impl<'d> Update<'d> {
    /// An empty update on top of the newest revision, which `view` must be.
    ///
    /// # Errors
    /// [`ErrorKind::PdfDamaged`] if the document's object numbers are out of range.
    pub fn new(view: View<'d>) -> Result<Update<'d>> {
        let document = view.document();
        let size = view.trailer().get(b"Size").and_then(Object::as_i64).and_then(|n| u64::try_from(n).ok()).unwrap_or(0);
        let used = (0..document.revisions().len()).flat_map(|r| document.sections(r)).map(super::xref::Section::numbers_end).max();
        // A /Size below what the sections name would make new objects shadow old ones.
        let next = size.max(used.unwrap_or(0)).max(1);
        if next > MAX_OBJECT_NUMBER {
            return Err(Error::new(ErrorKind::PdfDamaged).context("/Size is beyond the highest object number"));
        }
        let next = u32::try_from(next).map_err(|_| Error::new(ErrorKind::Internal))?;
        Ok(Update { view, first_new: next, next, bodies: BTreeMap::new() })
    }

    /// A new object number; it must be filled before `finish`.
    pub fn reserve(&mut self) -> ObjectId {
        let id = ObjectId::new(self.next, 0);
        self.next = self.next.saturating_add(1);
        id
    }

    /// Adds a new object.
    pub fn add(&mut self, object: impl Into<Object>) -> ObjectId {
        let id = self.reserve();
        self.replace(id, object);
        id
    }

    /// Adds a new stream of already encoded bytes; `/Length` is set.
    pub fn add_stream(&mut self, dict: Dictionary, stored: Vec<u8>) -> ObjectId {
        self.add(Object::from(Stream { dict, data: StreamData::Bytes(stored), id: None }))
    }

    /// After the call the object has that value in this revision.
    pub fn replace(&mut self, id: ObjectId, object: impl Into<Object>) {
        self.bodies.insert(id, Body::Object(object.into()));
    }

    /// The object is written as this text, which must be one whole object (encrypted already where the document is).
    pub fn replace_text(&mut self, id: ObjectId, text: Vec<u8>) {
        self.bodies.insert(id, Body::Text(text));
    }

    /// The value `id` has in this update, if it was set.
    #[must_use]
    pub fn pending(&self, id: ObjectId) -> Option<&Object> {
        match self.bodies.get(&id) {
            Some(Body::Object(object)) => Some(object),
            _ => None,
        }
    }

    /// The view it is built on.
    #[must_use]
    pub const fn view(&self) -> View<'d> {
        self.view
    }

    /// Whether the update will end in a cross-reference table.
    #[must_use]
    pub fn writes_table(&self) -> bool {
        self.view.document().revisions().last().is_none_or(|r| r.kind == SectionKind::Table)
    }

    /// The bytes, with `id` as the second `/ID` string.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`] if a reserved number was never filled; [`ErrorKind::PdfUnsupported`] if the offsets outgrow a table.
    pub fn finish(mut self, id: [u8; 16]) -> Result<Appended> {
        let document = self.view.document();
        let source = document.source();
        let base = document.base();
        let mut bytes = Vec::new();
        let mut last = [0_u8; 1];
        source.read_exact_at(source.len().saturating_sub(1), &mut last)?;
        if !matches!(last[0], b'\n' | b'\r') {
            bytes.push(b'\n');
        }
        if (self.first_new..self.next).any(|n| !self.bodies.contains_key(&ObjectId::new(n, 0))) {
            return Err(Error::new(ErrorKind::Internal).context("a reserved object was never filled"));
        }
        let mut bodies = BTreeMap::new();
        let mut entries: BTreeMap<u32, XrefEntry> = BTreeMap::new();
        if let Some(recovery) = document.recovery() {
            for (at, id) in recovery.to_rewrite() {
                let used = matches!(self.view.entry(id.number)?, Some(XrefEntry::Offset { offset, .. }) if offset == at);
                if used && !self.bodies.contains_key(&id) {
                    let object = self.rewritten(id)?;
                    self.bodies.insert(id, Body::Object(object));
                }
            }
            if recovery.is_complete() {
                entries = self.recovered()?;
            }
        }
        for (id, body) in std::mem::take(&mut self.bodies) {
            let offset = source.len() + bytes.len() as u64 - base;
            entries.insert(id.number, XrefEntry::Offset { offset, generation: id.generation });
            print(&mut bytes, format_args!("{} {} obj\n", id.number, id.generation));
            bodies.insert(id, source.len() + bytes.len() as u64);
            match body {
                Body::Text(text) => bytes.extend_from_slice(&text),
                Body::Object(object) => write_object(&mut bytes, &self.sealed(id, object)?),
            }
            bytes.extend_from_slice(b"\nendobj\n");
        }
        let xref = source.len() + bytes.len() as u64 - base;
        let trailer = self.trailer(id)?;
        if self.writes_table() {
            if xref > MAX_TABLE_OFFSET {
                return Err(
                    Error::new(ErrorKind::PdfUnsupported).context("a cross-reference table cannot hold offsets beyond 9,999,999,999")
                );
            }
            write_table(&mut bytes, &entries, &trailer.with(b"Size", i64::from(self.next)));
        } else {
            let number = self.next;
            entries.insert(number, XrefEntry::Offset { offset: xref, generation: 0 });
            write_stream(&mut bytes, number, &entries, trailer.with(b"Size", i64::from(number) + 1));
        }
        print(&mut bytes, format_args!("startxref\n{xref}\n%%EOF\n"));
        Ok(Appended { bytes, bodies })
    }

    /// With `/Length` set and, in an encrypted document, strings and stream encrypted.
    fn sealed(&self, id: ObjectId, mut object: Object) -> Result<Object> {
        let crypt = self.view.document().crypt();
        if let Some(crypt) = crypt {
            crypt.encrypt_strings(id, &mut object)?;
        }
        if let Object::Stream(stream) = &mut object {
            if let (Some(crypt), StreamData::Bytes(stored)) = (crypt, &mut stream.data) {
                *stored = crypt.encrypt_stream(id, &stream.dict, std::mem::take(stored))?;
            }
            if let StreamData::Bytes(stored) = &stream.data {
                let length = i64::try_from(stored.len()).map_err(|_| Error::new(ErrorKind::LimitReached).context("a stream to write"))?;
                stream.dict.set(b"Length", length);
            }
        }
        Ok(object)
    }

    /// What the new trailer takes over, without `/Size`.
    fn trailer(&self, id: [u8; 16]) -> Result<Dictionary> {
        let document = self.view.document();
        let old = self.view.trailer();
        let newest = document.revisions().last().ok_or_else(|| Error::new(ErrorKind::Internal))?;
        let mut trailer = Dictionary::new();
        for key in ["Root", "Info", "Encrypt"] {
            if let Some(value) = old.get(key) {
                trailer.set(key, value.clone());
            }
        }
        let new = PdfString { bytes: id.to_vec(), hex: true };
        let first = match self.view.get(old, b"ID")? {
            Object::Array(ids) => ids.first().and_then(Object::as_string).map(|first| PdfString { bytes: first.to_vec(), hex: true }),
            _ => None,
        };
        // The first string enters the key of an encrypted document (ISO 32000-2 7.6.4.3): where there was none, none may come.
        if first.is_some() || document.crypt().is_none() {
            let first = first.unwrap_or_else(|| new.clone());
            trailer.set(b"ID", vec![Object::String(first), Object::String(new)]);
        }
        // A complete section replaces what was damaged: nothing may lead back there.
        if !document.recovery().is_some_and(Recovery::is_complete) {
            let prev = i64::try_from(newest.xref - document.base()).map_err(|_| Error::new(ErrorKind::Internal))?;
            trailer.set(b"Prev", prev);
        }
        Ok(trailer)
    }

    /// A stream whose `/Length` is wrong, with the right one.
    fn rewritten(&self, id: ObjectId) -> Result<Object> {
        let mut object = self.view.object(id)?.object.clone();
        if let Object::Stream(stream) = &mut object {
            stream.data = StreamData::Bytes(self.view.stored_data(stream)?);
        }
        Ok(object)
    }

    /// Every number of a recovered document from 0 on, with its place relative to what the file's offsets count from.
    fn recovered(&self) -> Result<BTreeMap<u32, XrefEntry>> {
        let document = self.view.document();
        let mut entries = BTreeMap::new();
        for section in document.sections(self.view.revision()) {
            section.for_each(document.source(), document.budget(), |number, entry| {
                let entry = match entry {
                    XrefEntry::Offset { offset, generation } => XrefEntry::Offset { offset: offset - document.base(), generation },
                    other => other,
                };
                entries.insert(number, entry);
                Ok(())
            })?;
        }
        entries.insert(0, XrefEntry::Free);
        Ok(entries)
    }
}

/// Runs of consecutive numbers: first, and how many.
fn runs(entries: &BTreeMap<u32, XrefEntry>) -> Vec<(u32, u32)> {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for number in entries.keys() {
        match runs.last_mut() {
            Some((first, count)) if *first + *count == *number => *count += 1,
            _ => runs.push((*number, 1)),
        }
    }
    runs
}

/// Free entries are linked in the order of their numbers, from 0 back to 0 (ISO 32000-2 7.5.4).
pub(super) fn write_table(bytes: &mut Vec<u8>, entries: &BTreeMap<u32, XrefEntry>, trailer: &Dictionary) {
    let mut free = entries.iter().filter(|(_, entry)| **entry == XrefEntry::Free).map(|(number, _)| *number).skip(1);
    bytes.extend_from_slice(b"xref\n");
    for (first, count) in runs(entries) {
        print(bytes, format_args!("{first} {count}\n"));
        for (number, entry) in entries.range(first..first + count) {
            match entry {
                XrefEntry::Offset { offset, generation } => print(bytes, format_args!("{offset:010} {generation:05} n \n")),
                _ => {
                    let generation = if *number == 0 { 65535 } else { 0 };
                    print(bytes, format_args!("{:010} {generation:05} f \n", free.next().unwrap_or(0)));
                }
            }
        }
    }
    bytes.extend_from_slice(b"trailer\n");
    write_dictionary(bytes, trailer);
    bytes.push(b'\n');
}

fn write_stream(bytes: &mut Vec<u8>, number: u32, entries: &BTreeMap<u32, XrefEntry>, trailer: Dictionary) {
    let fields = |entry: &XrefEntry| match *entry {
        XrefEntry::Free => (0, 0, 0),
        XrefEntry::Offset { offset, generation } => (1, offset, u32::from(generation)),
        XrefEntry::Compressed { stream, index } => (2, u64::from(stream), index),
    };
    let width = |highest: u64| (8 - highest.leading_zeros() as usize / 8).max(1);
    let second = width(entries.values().map(|entry| fields(entry).1).max().unwrap_or(0));
    let third = width(entries.values().map(|entry| fields(entry).2.into()).max().unwrap_or(0)).max(2);
    let mut rows = Vec::new();
    for (kind, place, rest) in entries.values().map(fields) {
        rows.push(kind);
        rows.extend_from_slice(&place.to_be_bytes()[8 - second..]);
        rows.extend_from_slice(&u64::from(rest).to_be_bytes()[8 - third..]);
    }
    let index =
        runs(entries).into_iter().flat_map(|(first, count)| [i64::from(first).into(), i64::from(count).into()]).collect::<Vec<Object>>();
    let dict = trailer
        .with(b"Type", Object::name("XRef"))
        .with(b"Index", index)
        .with(b"W", vec![Object::Integer(1), Object::Integer(second as i64), Object::Integer(third as i64)])
        .with(b"Length", rows.len() as i64);
    let stream = Object::from(Stream { dict, data: StreamData::Bytes(rows), id: None });
    super::write::write_indirect(bytes, ObjectId::new(number, 0), &stream);
}
