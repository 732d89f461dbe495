//! The PDF room: one incremental update (ISO 32000-2 7.5.6). Takes a view and changed objects, gives the bytes to append. The update
//! copies the last section's style (table after table, stream after stream, a table after a hybrid), numbers without gaps, and leaves
//! `/Encrypt` and the first `/ID` string alone.

use super::document::View;
use super::object::{Dictionary, Object, ObjectId, PdfString, Stream, StreamData};
use super::write::{print, write_dictionary, write_object};
use super::xref::SectionKind;
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
        self.add(Object::Stream(Stream { dict, data: StreamData::Bytes(stored), id: None }))
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
        let mut offsets: BTreeMap<u32, (u64, u16)> = BTreeMap::new();
        for (id, body) in std::mem::take(&mut self.bodies) {
            offsets.insert(id.number, (source.len() + bytes.len() as u64 - base, id.generation));
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
                return Err(Error::new(ErrorKind::PdfUnsupported).context("a cross-reference table cannot hold offsets beyond 9,999,999,999"));
            }
            write_table(&mut bytes, &offsets, &trailer.with(b"Size", i64::from(self.next)));
        } else {
            let number = self.next;
            offsets.insert(number, (xref, 0));
            write_stream(&mut bytes, number, &offsets, trailer.with(b"Size", i64::from(number) + 1));
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
        let first = first.unwrap_or_else(|| new.clone());
        trailer.set(b"ID", vec![Object::String(first), Object::String(new)]);
        let prev = i64::try_from(newest.xref - document.base()).map_err(|_| Error::new(ErrorKind::Internal))?;
        trailer.set(b"Prev", prev);
        Ok(trailer)
    }
}

/// Runs of consecutive numbers: first, and how many.
fn runs(offsets: &BTreeMap<u32, (u64, u16)>) -> Vec<(u32, u32)> {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for number in offsets.keys() {
        match runs.last_mut() {
            Some((first, count)) if *first + *count == *number => *count += 1,
            _ => runs.push((*number, 1)),
        }
    }
    runs
}

fn write_table(bytes: &mut Vec<u8>, offsets: &BTreeMap<u32, (u64, u16)>, trailer: &Dictionary) {
    bytes.extend_from_slice(b"xref\n");
    for (first, count) in runs(offsets) {
        print(bytes, format_args!("{first} {count}\n"));
        for (offset, generation) in offsets.range(first..first + count).map(|(_, entry)| entry) {
            print(bytes, format_args!("{offset:010} {generation:05} n \n"));
        }
    }
    bytes.extend_from_slice(b"trailer\n");
    write_dictionary(bytes, trailer);
    bytes.push(b'\n');
}

fn write_stream(bytes: &mut Vec<u8>, number: u32, offsets: &BTreeMap<u32, (u64, u16)>, trailer: Dictionary) {
    let highest = offsets.values().map(|(offset, _)| *offset).max().unwrap_or(0);
    let width = (8 - highest.leading_zeros() as usize / 8).max(1);
    let mut rows = Vec::new();
    for (offset, generation) in offsets.values() {
        rows.push(1);
        rows.extend_from_slice(&offset.to_be_bytes()[8 - width..]);
        rows.extend_from_slice(&generation.to_be_bytes());
    }
    let index = runs(offsets).into_iter().flat_map(|(first, count)| [i64::from(first).into(), i64::from(count).into()]).collect::<Vec<Object>>();
    let dict = trailer
        .with(b"Type", Object::name("XRef"))
        .with(b"Index", index)
        .with(b"W", vec![Object::Integer(1), Object::Integer(width as i64), Object::Integer(2)])
        .with(b"Length", rows.len() as i64);
    let stream = Object::Stream(Stream { dict, data: StreamData::Bytes(rows), id: None });
    super::write::write_indirect(bytes, ObjectId::new(number, 0), &stream);
}
