//! The PDF room: what stands in a damaged file. Takes its bytes, gives every object, section and trailer in file order, and the first
//! doubt whether that is all there ever was.

use super::super::object::{Dictionary, Object, ObjectId};
use super::super::source::Source;
use super::super::xref::SectionKind;
use super::scanner::Scanner;
use crate::error::Result;
use crate::limits::Budget;
use std::collections::HashMap;

/// Why a file is not repaired without being rewritten, and where that was seen.
pub(super) type Doubt = (&'static str, u64);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Plain,
    Catalog,
    ObjectStream,
    CrossReferences,
    /// It begins and cannot be read.
    Broken,
}

/// An object as it stands between others.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    pub(super) id: ObjectId,
    pub(super) offset: u64,
    pub(super) kind: Kind,
    /// The length of its stream, where `/Length` says another.
    pub(super) length: Option<u64>,
}

/// A cross-reference section, as far as its word or its stream is there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    pub(super) offset: u64,
    pub(super) kind: SectionKind,
    /// How many objects were found up to its end.
    pub(super) objects: usize,
}

#[derive(Default)]
pub(super) struct Scan {
    pub(super) objects: Vec<Found>,
    pub(super) sections: Vec<Mark>,
    pub(super) trailers: Vec<Dictionary>,
    /// How many objects stand before each `startxref`.
    pub(super) starts: Vec<usize>,
    pub(super) doubt: Option<Doubt>,
    /// Whether any object has a byte range: there is, or was, a signature.
    pub(super) signed: bool,
    /// Whether a dictionary looks like `/Encrypt`.
    pub(super) encryption: bool,
    /// Whether a stream is said to be deflated and does not begin so.
    pub(super) garbled: bool,
    /// Objects that are integers: the lengths of streams.
    pub(super) integers: HashMap<u32, u64>,
    /// Whether a stream's length is an object that was not known yet.
    pub(super) pending: bool,
}

impl Scan {
    /// # Errors
    /// [`ErrorKind::LimitReached`](crate::ErrorKind::LimitReached), [`ErrorKind::SourceUnreadable`](crate::ErrorKind::SourceUnreadable).
    pub(super) fn of(source: &dyn Source, header: u64, budget: &Budget) -> Result<Scan> {
        let first = Scanner { source, budget, lengths: None, scan: Scan::default() }.run(header)?;
        if !first.pending {
            return Ok(first);
        }
        // Lengths stand behind their streams as a rule: now they are known.
        let lengths = first.integers;
        let second = Scanner { source, budget, lengths: Some(&lengths), scan: Scan::default() }.run(header)?;
        if second.integers == lengths || second.doubt.is_some() {
            return Ok(second);
        }
        // What was taken for a length the first time stands inside a stream.
        Ok(Scan { doubt: Some(("the end of a stream cannot be told", header)), ..second })
    }

    /// The first doubt stays.
    pub(super) fn doubt(&mut self, what: &'static str, at: u64) {
        self.doubt.get_or_insert((what, at));
    }

    pub(super) fn finish(mut self, len: u64) -> Scan {
        let last = self.sections.last().map(|mark| mark.objects).max(self.starts.last().copied());
        if last.is_some_and(|last| last < self.objects.len()) {
            self.doubt("objects stand behind the last revision; the file was cut or added to", len);
        }
        if self.starts.len() > self.sections.len().max(1) {
            self.doubt("one of several cross-reference sections is missing", len);
        }
        if self.trailers.iter().any(|trailer| trailer.get(b"XRefStm").is_some()) {
            self.doubt("it has two cross-reference systems", len);
        }
        self
    }
}

pub(super) fn kind(dict: &Dictionary) -> Kind {
    match dict.get(b"Type").and_then(Object::as_name) {
        Some(b"Catalog") => Kind::Catalog,
        Some(b"ObjStm") => Kind::ObjectStream,
        Some(b"XRef") => Kind::CrossReferences,
        _ => Kind::Plain,
    }
}

/// Whether a dictionary in it has a byte range, by an explicit stack.
pub(super) fn has_byte_range(object: &Object) -> bool {
    let mut open = vec![object];
    while let Some(object) = open.pop() {
        match object {
            Object::Array(items) => open.extend(items),
            Object::Dictionary(dict) => {
                if dict.get(b"ByteRange").is_some() {
                    return true;
                }
                open.extend(dict.iter().map(|(_, value)| value));
            }
            Object::Stream(stream) => open.extend(stream.dict.iter().map(|(_, value)| value)),
            _ => {}
        }
    }
    false
}
