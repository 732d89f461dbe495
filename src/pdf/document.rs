//! The PDF room: a document opened lazily. Takes a source, gives views, one per revision; each resolves objects as they stood then
//! (ISO 32000-2 7.5). Nothing is parsed before it is asked for, nothing is repaired.

use super::blocks::Blocks;
use super::crypt::Crypt;
use super::filter;
use super::lexer::{Token, is_space};
use super::naming::Naming;
use super::object::{Dictionary, Object, ObjectId, Span, Stream, StreamData};
use super::parser::{ParseFailure, Parser};
use super::recover::{Recovery, Repair};
use super::revision::{self, Revision};
use super::source::Source;
use super::xref::{Section, XrefEntry, with_window};
use crate::error::{Error, ErrorKind, Result};
use crate::limits::{Budget, MAX_PACKED_OBJECTS};
use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// An indirect object as read.
#[derive(Debug)]
pub struct Indirect {
    /// Its number and generation.
    pub id: ObjectId,
    /// Its value; strings are decrypted.
    pub object: Object,
    /// From `N G obj` to the end of `endobj`; for a compressed object the span of its object stream.
    pub span: Span,
    /// The object stream it stands in.
    pub container: Option<u32>,
}

/// An object stream, decoded (ISO 32000-2 7.5.7).
struct ObjectStream {
    bytes: Vec<u8>,
    /// Object number and offset of each.
    index: Vec<(u32, usize)>,
    span: Span,
}

#[derive(Default)]
struct Cache {
    objects: HashMap<(usize, u32), Rc<Indirect>>,
    /// By where they stand: most objects are the same in every revision.
    places: HashMap<u64, Rc<Indirect>>,
    /// What all of them take, about.
    object_bytes: usize,
    /// How many there may be.
    most: usize,
    streams: HashMap<u64, Rc<ObjectStream>>,
    stream_bytes: usize,
}

/// An object, and what it takes in memory, about.
type Weighed<T> = (T, usize);

/// Half a kilobyte each, as a rule.
const MAX_CACHED_OBJECTS: usize = 1024;
/// Of a document of many revisions, which are gone through one after the other.
const MAX_CACHED_OBJECTS_OF_MANY: usize = 8192;
const MANY_REVISIONS: usize = 8;
const MAX_CACHED_OBJECT_BYTES: usize = 8 << 20;
const MAX_CACHED_STREAM_BYTES: usize = 8 << 20;

impl Cache {
    fn of(revisions: usize) -> RefCell<Cache> {
        let most = if revisions > MANY_REVISIONS { MAX_CACHED_OBJECTS_OF_MANY } else { MAX_CACHED_OBJECTS };
        RefCell::new(Cache { most, ..Cache::default() })
    }

    /// Room for one more object of that weight.
    fn make_room(&mut self, weight: usize) {
        if self.places.len() >= self.most || self.object_bytes.saturating_add(weight) > MAX_CACHED_OBJECT_BYTES {
            self.objects.clear();
            self.places.clear();
            self.object_bytes = 0;
        } else if self.objects.len() >= self.most {
            // The same objects under the number that each revision has for them: found again by their places.
            self.objects.clear();
        }
        self.object_bytes = self.object_bytes.saturating_add(weight);
    }
}

/// A document under one reading: one source, one budget.
pub struct Document<'s> {
    source: Blocks<'s>,
    budget: Budget,
    layout: revision::Layout,
    naming: Option<Naming>,
    crypt: Option<Crypt>,
    recovery: Option<Recovery>,
    cache: RefCell<Cache>,
    nesting: Cell<u32>,
}

impl<'s> Document<'s> {
    /// Opens a document that is not encrypted, or whose user password is empty.
    ///
    /// # Errors
    /// [`ErrorKind::NotPdf`], [`ErrorKind::PdfDamaged`], [`ErrorKind::PasswordRequired`], [`ErrorKind::EncryptionUnsupported`],
    /// [`ErrorKind::LimitReached`], [`ErrorKind::SourceUnreadable`].
    pub fn open(source: &'s dyn Source) -> Result<Document<'s>> {
        Document::open_with_password(source, None)
    }

    /// Opens a document with the user or owner password, if it needs one.
    ///
    /// # Errors
    /// As [`Document::open`], and [`ErrorKind::PasswordWrong`].
    pub fn open_with_password(source: &'s dyn Source, password: Option<&[u8]>) -> Result<Document<'s>> {
        let budget = Budget::for_len(source.len());
        let source = Blocks::of(source);
        let layout = revision::Layout::read(&source, &budget)?;
        Document::over(source, budget, layout, None, password)
    }

    /// Over a layout that was read or recovered.
    pub(super) fn over(
        source: Blocks<'s>,
        budget: Budget,
        layout: revision::Layout,
        recovery: Option<Recovery>,
        password: Option<&[u8]>,
    ) -> Result<Document<'s>> {
        let (naming, revisions) = (Naming::of(&layout.sections), layout.revisions.len());
        let mut document =
            Document { source, budget, layout, naming, crypt: None, recovery, cache: Cache::of(revisions), nesting: Cell::new(0) };
        let view = document.latest();
        let encrypt = view.get(view.trailer(), b"Encrypt")?;
        if !encrypt.is_null() {
            let first_id = match view.get(view.trailer(), b"ID")? {
                Object::Array(ids) => ids.first().and_then(|id| id.as_string().map(<[u8]>::to_vec)).unwrap_or_default(),
                _ => Vec::new(),
            };
            let encrypt = match encrypt {
                Object::Dictionary(dict) => view.resolve_deep(Object::Dictionary(dict), 4)?,
                _ => return Err(Error::new(ErrorKind::PdfDamaged).context("/Encrypt is no dictionary")),
            };
            let crypt = Crypt::unlock(&encrypt, &first_id, password)?;
            let keep = view.trailer().get(b"Encrypt").and_then(Object::as_reference);
            document.crypt = Some(crypt.sparing(keep));
            document.cache = Cache::of(revisions);
        }
        Ok(document)
    }

    /// The bytes, as they are now: what is hashed or copied is read from here, never from the blocks that are kept for parsing, or a document that is
    /// exchanged meanwhile would go unnoticed.
    #[must_use]
    pub fn source(&self) -> &'s dyn Source {
        self.source.given()
    }

    /// What this reading may still use.
    #[must_use]
    pub const fn budget(&self) -> &Budget {
        &self.budget
    }

    /// The revisions, oldest first; never empty.
    #[must_use]
    pub fn revisions(&self) -> &[Revision] {
        &self.layout.revisions
    }

    /// The sections of revision `index` in the order in which they are searched.
    #[must_use]
    pub fn sections(&self, index: usize) -> &[Section] {
        self.layout.revisions.get(index).and_then(|r| self.layout.sections.get(r.sections.clone())).unwrap_or(&[])
    }

    /// Where the header `%PDF-` stands.
    #[must_use]
    pub const fn header_offset(&self) -> u64 {
        self.layout.header
    }

    /// What the file's own offsets are relative to: 0, or the header's position behind junk.
    #[must_use]
    pub const fn base(&self) -> u64 {
        self.layout.base
    }

    /// How a damaged document is read; `None` if it was opened as it stands.
    pub(super) const fn recovery(&self) -> Option<&Recovery> {
        self.recovery.as_ref()
    }

    /// Whether its damage is undone by what is appended to it.
    #[must_use]
    pub const fn repair(&self) -> Repair {
        if self.recovery.is_some() { Repair::Appended } else { Repair::None }
    }

    /// Whether a `startxref` stands behind the last revision that leads nowhere: some viewers would repair from there.
    #[must_use]
    pub const fn has_dead_tail(&self) -> bool {
        self.layout.dead_tail
    }

    /// Whether objects stand behind the last revision: what is left of one that was cut, with the signatures it may have held.
    ///
    /// # Errors
    /// [`ErrorKind::SourceUnreadable`], [`ErrorKind::LimitReached`].
    pub fn has_lost_objects(&self) -> Result<bool> {
        const WORD: &[u8] = b" obj";
        const BLOCK: usize = 64 << 10;
        let Some(last) = self.layout.revisions.last() else { return Ok(false) };
        let mut at = last.tail.map_or(last.sections_span.end, |tail| tail.end);
        while at < self.source.len() {
            let block = self.source.read_range(at, BLOCK + WORD.len())?;
            self.budget.step(block.len() as u64 / 8)?;
            if block.windows(WORD.len()).any(|w| w == WORD) {
                return Ok(true);
            }
            at = at.saturating_add(BLOCK as u64);
        }
        Ok(false)
    }

    /// The encryption, if the document is encrypted.
    #[must_use]
    pub const fn crypt(&self) -> Option<&Crypt> {
        self.crypt.as_ref()
    }

    /// The document as of revision `index` (0 is the oldest); an index past the end means the newest.
    #[must_use]
    pub fn at(&self, index: usize) -> View<'_> {
        View { document: self, revision: index.min(self.layout.revisions.len().saturating_sub(1)) }
    }

    /// The document as it is.
    #[must_use]
    pub fn latest(&self) -> View<'_> {
        self.at(usize::MAX)
    }
}

/// The document as of one revision.
#[derive(Clone, Copy)]
pub struct View<'d> {
    document: &'d Document<'d>,
    revision: usize,
}

fn damaged(what: &'static str, at: u64) -> Error {
    Error::new(ErrorKind::PdfDamaged).context(what).at(at)
}

impl<'d> View<'d> {
    /// Index of the revision, 0 being the oldest.
    #[must_use]
    pub const fn revision(&self) -> usize {
        self.revision
    }

    /// The document it belongs to.
    #[must_use]
    pub const fn document(&self) -> &'d Document<'d> {
        self.document
    }

    /// The revision's newest trailer dictionary.
    #[must_use]
    pub fn trailer(&self) -> &'d Dictionary {
        static EMPTY: Dictionary = Dictionary::new();
        self.document.sections(self.revision).first().map_or(&EMPTY, |section| &section.trailer)
    }

    /// The catalog.
    ///
    /// # Errors
    /// [`ErrorKind::PdfDamaged`] if there is none; as [`View::object`].
    pub fn catalog(&self) -> Result<Dictionary> {
        match self.get(self.trailer(), b"Root")? {
            Object::Dictionary(dict) => Ok(dict),
            _ => Err(Error::new(ErrorKind::PdfDamaged).context("the document has no catalog")),
        }
    }

    /// Where object `number` is in this revision; `None` if no section names it.
    ///
    /// # Errors
    /// [`ErrorKind::PdfDamaged`], [`ErrorKind::LimitReached`], [`ErrorKind::SourceUnreadable`].
    pub fn entry(&self, number: u32) -> Result<Option<XrefEntry>> {
        let layout = &self.document.layout;
        let Some(newest) = layout.revisions.get(self.revision) else { return Ok(None) };
        if let Some(naming) = &self.document.naming {
            for section in naming.sections(number, newest.sections.start).into_iter().filter_map(|at| layout.sections.get(at)) {
                if let Some(entry) = section.entry(&self.document.source, number, &self.document.budget)? {
                    return Ok(Some(entry));
                }
            }
            return Ok(None);
        }
        let mut hidden = false;
        for section in layout.sections.get(newest.sections.start..).unwrap_or(&[]) {
            let entry = section.entry(&self.document.source, number, &self.document.budget)?;
            match entry {
                // A hybrid's table says free of what only its stream shows (ISO 32000-2 7.5.8.4).
                Some(XrefEntry::Free) if section.trailer.get(b"XRefStm").is_some() && !section.is_hybrid_part() => hidden = true,
                None if hidden => return Ok(Some(XrefEntry::Free)),
                None => {}
                entry => return Ok(entry),
            }
        }
        Ok(hidden.then_some(XrefEntry::Free))
    }

    /// Number and generation under which this revision has object `number`; generation 0 if it is compressed, free or not there.
    ///
    /// # Errors
    /// As [`View::entry`].
    pub fn id_of(&self, number: u32) -> Result<ObjectId> {
        Ok(match self.entry(number)? {
            Some(XrefEntry::Offset { generation, .. }) => ObjectId::new(number, generation),
            _ => ObjectId::new(number, 0),
        })
    }

    /// The object; null if the document has none of that number and generation.
    ///
    /// # Errors
    /// [`ErrorKind::PdfDamaged`] if something else stands at its place; [`ErrorKind::LimitReached`], [`ErrorKind::SourceUnreadable`].
    pub fn object(&self, id: ObjectId) -> Result<Rc<Indirect>> {
        let key = (self.revision, id.number);
        if let Some(found) = self.document.cache.borrow().objects.get(&key)
            && found.id == id
        {
            return Ok(Rc::clone(found));
        }
        let nesting = &self.document.nesting;
        if nesting.get() > 8 {
            return Err(Error::new(ErrorKind::LimitReached).context("objects needed to read one object"));
        }
        nesting.set(nesting.get() + 1);
        let loaded = self.load(id);
        nesting.set(nesting.get() - 1);
        let (found, weight) = loaded?;
        let mut cache = self.document.cache.borrow_mut();
        cache.make_room(weight);
        cache.objects.insert(key, Rc::clone(&found));
        Ok(found)
    }

    /// The object as one particular entry says, whichever entry this revision would use.
    ///
    /// # Errors
    /// As [`View::object`].
    pub fn object_by_entry(&self, id: ObjectId, entry: XrefEntry) -> Result<Indirect> {
        match entry {
            XrefEntry::Free => Ok(Indirect { id, object: Object::Null, span: Span::default(), container: None }),
            XrefEntry::Offset { offset, .. } => self.load_at(id, offset).map(|(found, _)| found),
            XrefEntry::Compressed { stream, index } => self.load_compressed(id, stream, index).map(|(found, _)| found),
        }
    }

    fn load(&self, id: ObjectId) -> Result<Weighed<Rc<Indirect>>> {
        let null = || Ok((Rc::new(Indirect { id, object: Object::Null, span: Span::default(), container: None }), 0));
        match self.entry(id.number)? {
            None | Some(XrefEntry::Free) => null(),
            Some(XrefEntry::Offset { generation, .. }) if generation != id.generation => null(),
            Some(XrefEntry::Offset { offset, .. }) => self.load_place(id, offset),
            Some(XrefEntry::Compressed { .. }) if id.generation != 0 => null(),
            Some(XrefEntry::Compressed { stream, index }) => {
                self.load_compressed(id, stream, index).map(|(found, weight)| (Rc::new(found), weight))
            }
        }
    }

    /// What another revision has read at that place, if it reads the same here: it ends in this revision's bytes, and no other object tells
    /// how long it is. Its weight is counted with the place, once.
    fn load_place(&self, id: ObjectId, offset: u64) -> Result<Weighed<Rc<Indirect>>> {
        if let Some(known) = self.document.cache.borrow().places.get(&offset)
            && known.id == id
            && known.span.end <= self.limit()
            && known.object.as_stream().is_none_or(|stream| stream.dict.get(b"Length").and_then(Object::as_reference).is_none())
        {
            return Ok((Rc::clone(known), 0));
        }
        let (found, weight) = self.load_at(id, offset)?;
        let found = Rc::new(found);
        let mut cache = self.document.cache.borrow_mut();
        cache.make_room(weight);
        cache.places.insert(offset, Rc::clone(&found));
        Ok((found, 0))
    }

    /// One past the last byte that belongs to this revision: what lies behind it was not there yet.
    #[must_use]
    pub fn limit(&self) -> u64 {
        let revisions = &self.document.layout.revisions;
        match revisions.get(self.revision).and_then(|r| r.tail) {
            Some(tail) => tail.end,
            None => self.document.source.len(),
        }
    }

    fn load_at(&self, id: ObjectId, offset: u64) -> Result<Weighed<Indirect>> {
        let document = self.document;
        let (found, object, data_start, mut end, weight) =
            with_window(&document.source, offset, self.limit(), &document.budget, |parser| {
                let (id, object, data_start) = indirect_head(parser)?;
                Ok((id, object, data_start, parser.lexer.position() as u64, parser.weight()))
            })?;
        end = end.saturating_add(offset);
        if found != id {
            return Err(damaged("another object stands where this one should be", offset));
        }
        let mut object = match (object, data_start) {
            (Object::Dictionary(mut dict), Some(start)) => {
                if let Some(length) = document.recovery().and_then(|recovery| recovery.length(offset)) {
                    dict.set(b"Length", length);
                }
                let length = self.get(&dict, b"Length")?.as_i64().and_then(|n| u64::try_from(n).ok());
                let length = length.ok_or_else(|| damaged("a stream has no valid /Length", offset))?;
                let data = Span { start, end: start.saturating_add(length) };
                if data.end > self.limit() {
                    return Err(damaged("a stream is longer than its revision", offset));
                }
                end = stream_end(&document.source, data, &document.budget)?;
                Object::from(Stream { dict, data: StreamData::At(data), id: Some(id) })
            }
            (object, _) => object,
        };
        if let Some(crypt) = &document.crypt {
            crypt.decrypt_strings(id, &mut object)?;
        }
        Ok((Indirect { id, object, span: Span { start: offset, end }, container: None }, weight))
    }

    fn load_compressed(&self, id: ObjectId, stream: u32, index: u32) -> Result<Weighed<Indirect>> {
        let Some(XrefEntry::Offset { offset, generation }) = self.entry(stream)? else {
            return Err(damaged("an object stream is missing", 0));
        };
        let holder = self.object_stream(ObjectId::new(stream, generation), offset)?;
        let (number, at) = *holder.index.get(index as usize).ok_or_else(|| damaged("an object stream has too few objects", offset))?;
        if number != id.number {
            return Err(damaged("another object stands where this one should be", offset));
        }
        let bytes = holder.bytes.get(at..).ok_or_else(|| damaged("an object stream is too short", offset))?;
        self.document.budget.step(4)?;
        let mut parser = Parser::new(bytes, at as u64, &self.document.budget);
        let object = parser.object()?;
        Ok((Indirect { id, object, span: holder.span, container: Some(stream) }, parser.weight()))
    }

    /// The numbers of the objects in the object stream of that number and place, in its order (ISO 32000-2 7.5.7).
    ///
    /// # Errors
    /// [`ErrorKind::PdfDamaged`] if it is no object stream; [`ErrorKind::LimitReached`], [`ErrorKind::SourceUnreadable`].
    pub fn packed(&self, id: ObjectId, offset: u64) -> Result<Vec<u32>> {
        Ok(self.object_stream(id, offset)?.index.iter().map(|(number, _)| *number).collect())
    }

    /// Whether each of them begins behind the one before it and has a number of its own. To other readers a stream in which it is not so is damaged.
    ///
    /// # Errors
    /// As [`View::packed`].
    pub(crate) fn packed_in_order(&self, id: ObjectId, offset: u64) -> Result<bool> {
        let stream = self.object_stream(id, offset)?;
        let mut seen = HashSet::new();
        Ok(stream.index.windows(2).all(|pair| pair[0].1 < pair[1].1) && stream.index.iter().all(|(number, _)| seen.insert(*number)))
    }

    fn object_stream(&self, id: ObjectId, offset: u64) -> Result<Rc<ObjectStream>> {
        // What stands behind this revision was not there yet, even if a later one has read it.
        if let Some(found) = self.document.cache.borrow().streams.get(&offset)
            && found.span.end <= self.limit()
        {
            return Ok(Rc::clone(found));
        }
        let holder = self.object(id)?;
        let wrong = || damaged("an object stream is malformed", offset);
        let stream = holder.object.as_stream().filter(|s| s.dict.is_type(b"ObjStm")).ok_or_else(wrong)?;
        let count = self.get(&stream.dict, b"N")?.as_i64().and_then(|n| usize::try_from(n).ok()).ok_or_else(wrong)?;
        let first = self.get(&stream.dict, b"First")?.as_i64().and_then(|n| usize::try_from(n).ok()).ok_or_else(wrong)?;
        let bytes = self.stream_data(stream)?;
        if first > bytes.len() || count > bytes.len() {
            return Err(wrong());
        }
        if count > MAX_PACKED_OBJECTS {
            return Err(Error::new(ErrorKind::LimitReached).context("objects in one object stream").at(offset));
        }
        let mut index = Vec::new();
        let mut parser = Parser::new(&bytes[..first], 0, &self.document.budget);
        for _ in 0..count {
            let mut number = || match parser.token() {
                Ok(Token::Integer(n)) => u32::try_from(n).map_err(|_| wrong()),
                Ok(_) => Err(wrong()),
                Err(failure) => Err(failure.into_error(offset)),
            };
            let (number, at) = (number()?, number()?);
            index.push((number, first.checked_add(at as usize).ok_or_else(wrong)?));
        }
        let made = Rc::new(ObjectStream { bytes, index, span: holder.span });
        let mut cache = self.document.cache.borrow_mut();
        if cache.stream_bytes + made.bytes.len() > MAX_CACHED_STREAM_BYTES {
            cache.streams.clear();
            cache.stream_bytes = 0;
        }
        cache.stream_bytes += made.bytes.len();
        cache.streams.insert(offset, Rc::clone(&made));
        Ok(made)
    }

    /// The object behind any number of references; itself if it is none.
    ///
    /// # Errors
    /// As [`View::object`]; [`ErrorKind::LimitReached`] for a chain of references.
    pub fn resolve(&self, object: &Object) -> Result<Object> {
        let mut current = match object {
            Object::Reference(id) => *id,
            other => return Ok(other.clone()),
        };
        for _ in 0..16 {
            let found = self.object(current)?;
            match &found.object {
                Object::Reference(next) => current = *next,
                other => return Ok(other.clone()),
            }
        }
        Err(Error::new(ErrorKind::LimitReached).context("a chain of references"))
    }

    /// The resolved value of `key`; null if absent.
    ///
    /// # Errors
    /// As [`View::resolve`].
    pub fn get(&self, dict: &Dictionary, key: impl AsRef<[u8]>) -> Result<Object> {
        dict.get(key).map_or(Ok(Object::Null), |value| self.resolve(value))
    }

    /// The resolved dictionary of `key` (a stream's own included); `None` if it is anything else.
    ///
    /// # Errors
    /// As [`View::resolve`].
    pub fn get_dict(&self, dict: &Dictionary, key: impl AsRef<[u8]>) -> Result<Option<Dictionary>> {
        Ok(match self.get(dict, key)? {
            Object::Dictionary(dict) => Some(dict),
            Object::Stream(stream) => Some(stream.dict),
            _ => None,
        })
    }

    /// The resolved array of `key`; `None` if it is anything else.
    ///
    /// # Errors
    /// As [`View::resolve`].
    pub fn get_array(&self, dict: &Dictionary, key: impl AsRef<[u8]>) -> Result<Option<Vec<Object>>> {
        Ok(match self.get(dict, key)? {
            Object::Array(items) => Some(items),
            _ => None,
        })
    }

    /// A copy with the references of the upper `depth` levels resolved.
    fn resolve_deep(&self, object: Object, depth: u32) -> Result<Object> {
        let mut object = self.resolve(&object)?;
        if depth > 0 {
            match &mut object {
                Object::Dictionary(dict) => {
                    for value in dict.values_mut() {
                        *value = self.resolve_deep(std::mem::replace(value, Object::Null), depth - 1)?;
                    }
                }
                Object::Array(items) => {
                    for value in items {
                        *value = self.resolve_deep(std::mem::replace(value, Object::Null), depth - 1)?;
                    }
                }
                _ => {}
            }
        }
        Ok(object)
    }

    /// The stored bytes of a stream, decrypted.
    ///
    /// # Errors
    /// [`ErrorKind::LimitReached`], [`ErrorKind::SourceUnreadable`], [`ErrorKind::PdfDamaged`].
    pub fn stored_data(&self, stream: &Stream) -> Result<Vec<u8>> {
        match &stream.data {
            StreamData::Bytes(bytes) => Ok(bytes.clone()),
            StreamData::At(span) => {
                let stored = filter::read_stored(&self.document.source, *span)?;
                match (&self.document.crypt, stream.id) {
                    (Some(crypt), Some(id)) => crypt.decrypt_stream(id, &stream.dict, stored),
                    _ => Ok(stored),
                }
            }
        }
    }

    /// The decoded bytes of a stream.
    ///
    /// # Errors
    /// As [`View::stored_data`]; [`ErrorKind::PdfUnsupported`] for image filters.
    pub fn stream_data(&self, stream: &Stream) -> Result<Vec<u8>> {
        let stored = self.stored_data(stream)?;
        let mut plain = Dictionary::new();
        for key in [&b"Filter"[..], b"DecodeParms"] {
            if let Some(value) = stream.dict.get(key) {
                plain.set(key, self.resolve_deep(value.clone(), 3)?);
            }
        }
        // A /Crypt filter is done by `stored_data`.
        if let Some(Object::Array(filters)) = plain.get(b"Filter")
            && filters.first().and_then(Object::as_name) == Some(b"Crypt")
        {
            let rest = |object: &Object| object.as_array().map(|items| items.get(1..).unwrap_or(&[]).to_vec());
            let (filters, parms) = (plain.get(b"Filter").and_then(rest), plain.get(b"DecodeParms").and_then(rest));
            plain.set(b"Filter", filters.unwrap_or_default());
            plain.set(b"DecodeParms", parms.map_or(Object::Null, Object::Array));
        } else if plain.get(b"Filter").and_then(Object::as_name) == Some(b"Crypt") {
            plain = Dictionary::new();
        }
        filter::decode(&plain, &stored, &self.document.budget)
    }
}

/// `N G obj`, the object, and where its stream data begins if it is a stream. Leaves the lexer behind `endobj` or `stream`.
pub(super) fn indirect_head(parser: &mut Parser<'_, '_>) -> Result<(ObjectId, Object, Option<u64>), ParseFailure> {
    let malformed = |parser: &Parser<'_, '_>| ParseFailure::Malformed(parser.lexer.token_start());
    let Token::Integer(number) = parser.token()? else { return Err(malformed(parser)) };
    let start = parser.lexer.token_start();
    let Token::Integer(generation) = parser.token()? else { return Err(malformed(parser)) };
    let (Ok(number), Ok(generation)) = (u32::try_from(number), u16::try_from(generation)) else { return Err(malformed(parser)) };
    if parser.token()? != Token::Keyword(b"obj") {
        return Err(malformed(parser));
    }
    // Some readers know of no comment here, and find no object.
    if parser.lexer.bytes().get(start..parser.lexer.position()).is_none_or(|head| head.contains(&b'%')) {
        return Err(malformed(parser));
    }
    let id = ObjectId { number, generation };
    let back = parser.lexer.clone();
    if parser.token()? == Token::Keyword(b"endobj") {
        return Ok((id, Object::Null, None));
    }
    parser.lexer = back;
    let object = parser.parse()?;
    let end = parser.lexer.clone();
    match parser.token()? {
        Token::Keyword(b"endobj") => Ok((id, object, None)),
        Token::Keyword(b"stream") => {
            let bytes = parser.lexer.bytes();
            let mut at = parser.lexer.position();
            while bytes.get(at) == Some(&b' ') {
                at += 1;
            }
            // CR LF or LF (ISO 32000-2 7.3.8.1); a lone CR occurs and is unambiguous once /Length is checked against `endstream`.
            let skip = match (bytes.get(at), bytes.get(at + 1)) {
                (Some(b'\r'), Some(b'\n')) => 2,
                // The line feed may stand behind the window: taking the CR alone would shift the data by one byte.
                (None, _) | (Some(b'\r'), None) => return Err(ParseFailure::Incomplete),
                (Some(b'\n' | b'\r'), _) => 1,
                _ => return Err(ParseFailure::Malformed(at)),
            };
            Ok((id, object, Some(parser.base() + (at + skip) as u64)))
        }
        _ => {
            // A missing `endobj` changes nothing about the object.
            parser.lexer = end;
            Ok((id, object, None))
        }
    }
}

/// One past `endobj` (or `endstream`) behind a stream's data.
pub(super) fn stream_end(source: &dyn Source, data: Span, budget: &Budget) -> Result<u64> {
    budget.step(4)?;
    if data.end > source.len() {
        return Err(damaged("a stream is longer than the file", data.start));
    }
    let tail = source.read_range(data.end, 128)?;
    let mut parser = Parser::new(&tail, data.end, budget);
    let skipped = tail.iter().take_while(|c| is_space(**c)).count();
    if !tail[skipped..].starts_with(b"endstream") {
        return Err(damaged("a stream does not end where its /Length says", data.end));
    }
    parser.lexer.seek(skipped + 9);
    let after = parser.lexer.position();
    match parser.token() {
        Ok(Token::Keyword(b"endobj")) => Ok(data.end + parser.lexer.position() as u64),
        _ => Ok(data.end + after as u64),
    }
}
