//! The PDF room: what a document is made of (ISO 32000-2 7.3). Plain values; spans remember where they stood.

use smallvec::SmallVec;
use std::fmt;

/// Object and generation number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectId {
    /// Object number.
    pub number: u32,
    /// Generation number.
    pub generation: u16,
}

impl ObjectId {
    /// That number and generation.
    #[must_use]
    pub const fn new(number: u32, generation: u16) -> ObjectId {
        ObjectId { number, generation }
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} R", self.number, self.generation)
    }
}

/// Bytes `[start, end)` of the document, or of the object stream that holds the object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Hash)]
pub struct Span {
    /// First byte.
    pub start: u64,
    /// One past the last byte.
    pub end: u64,
}

impl Span {
    /// Length in bytes.
    #[must_use]
    pub const fn len(self) -> u64 {
        self.end.saturating_sub(self.start)
    }

    /// Whether it covers nothing.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.end <= self.start
    }
}

/// A name's bytes with `#xx` decoded and without the slash. Short ones, which nearly all are, take no memory of their own.
#[derive(Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name(SmallVec<[u8; 16]>);

impl Name {
    /// Without a byte.
    pub(super) fn new() -> Name {
        Name::default()
    }

    pub(super) fn push(&mut self, byte: u8) {
        self.0.push(byte);
    }

    /// What it takes in memory besides itself, in bytes.
    pub(super) fn weight(&self) -> usize {
        if self.0.spilled() { self.0.capacity() } else { 0 }
    }
}

impl From<&[u8]> for Name {
    fn from(bytes: &[u8]) -> Name {
        Name(SmallVec::from_slice(bytes))
    }
}

impl std::ops::Deref for Name {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl AsRef<[u8]> for Name {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "/{}", String::from_utf8_lossy(self))
    }
}

/// A string's bytes as decoded from its literal or hexadecimal form. Two strings are equal if their bytes are.
#[derive(Clone, Debug)]
pub struct PdfString {
    /// The decoded bytes.
    pub bytes: Vec<u8>,
    /// Whether it stands in `<..>`.
    pub hex: bool,
}

impl PartialEq for PdfString {
    fn eq(&self, other: &PdfString) -> bool {
        self.bytes == other.bytes
    }
}

/// Where a stream's stored bytes are.
#[derive(Clone, Debug, PartialEq)]
pub enum StreamData {
    /// In the document.
    At(Span),
    /// Made here.
    Bytes(Vec<u8>),
}

/// A stream: its dictionary and its stored (still encoded) bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct Stream {
    /// The dictionary.
    pub dict: Dictionary,
    /// The stored bytes.
    pub data: StreamData,
    /// The object it belongs to, which decryption needs.
    pub id: Option<ObjectId>,
}

/// Any PDF object.
#[derive(Clone, Debug, PartialEq)]
pub enum Object {
    /// `null`, also what an absent object is.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// An integer.
    Integer(i64),
    /// A real number.
    Real(f64),
    /// A string.
    String(PdfString),
    /// A name.
    Name(Name),
    /// An array.
    Array(Vec<Object>),
    /// A dictionary.
    Dictionary(Dictionary),
    /// A stream; boxed, so that the million numbers of an array do not each have room for one.
    Stream(Box<Stream>),
    /// An indirect reference.
    Reference(ObjectId),
}

impl Object {
    /// A name.
    #[must_use]
    pub fn name(name: impl AsRef<[u8]>) -> Object {
        Object::Name(name.as_ref().into())
    }

    /// A literal string.
    #[must_use]
    pub fn string(bytes: impl Into<Vec<u8>>) -> Object {
        Object::String(PdfString { bytes: bytes.into(), hex: false })
    }

    /// A text string (ISO 32000-2 7.9.2.2): ASCII as it is, anything else as UTF-16BE with its mark.
    #[must_use]
    pub fn text(text: &str) -> Object {
        if text.is_ascii() {
            return Object::string(text.as_bytes());
        }
        let mut bytes = vec![0xFE, 0xFF];
        bytes.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
        Object::String(PdfString { bytes, hex: true })
    }

    /// A reference.
    #[must_use]
    pub const fn reference(id: ObjectId) -> Object {
        Object::Reference(id)
    }

    /// Whether it is null.
    #[must_use]
    pub const fn is_null(&self) -> bool {
        matches!(self, Object::Null)
    }

    /// The boolean.
    #[must_use]
    pub const fn as_bool(&self) -> Option<bool> {
        if let Object::Boolean(b) = self { Some(*b) } else { None }
    }

    /// The integer.
    #[must_use]
    pub const fn as_i64(&self) -> Option<i64> {
        if let Object::Integer(n) = self { Some(*n) } else { None }
    }

    /// The number, integer or real.
    #[must_use]
    pub const fn as_f64(&self) -> Option<f64> {
        match self {
            Object::Integer(n) => Some(*n as f64),
            Object::Real(r) => Some(*r),
            _ => None,
        }
    }

    /// The name's bytes.
    #[must_use]
    pub fn as_name(&self) -> Option<&[u8]> {
        if let Object::Name(name) = self { Some(name) } else { None }
    }

    /// The string's bytes.
    #[must_use]
    pub fn as_string(&self) -> Option<&[u8]> {
        if let Object::String(string) = self { Some(&string.bytes) } else { None }
    }

    /// The array.
    #[must_use]
    pub fn as_array(&self) -> Option<&[Object]> {
        if let Object::Array(array) = self { Some(array) } else { None }
    }

    /// The dictionary, a stream's own included.
    #[must_use]
    pub const fn as_dict(&self) -> Option<&Dictionary> {
        match self {
            Object::Dictionary(dict) => Some(dict),
            Object::Stream(stream) => Some(&stream.dict),
            _ => None,
        }
    }

    /// The stream.
    #[must_use]
    pub const fn as_stream(&self) -> Option<&Stream> {
        if let Object::Stream(stream) = self { Some(stream) } else { None }
    }

    /// The reference.
    #[must_use]
    pub const fn as_reference(&self) -> Option<ObjectId> {
        if let Object::Reference(id) = self { Some(*id) } else { None }
    }
}

impl From<Dictionary> for Object {
    fn from(dict: Dictionary) -> Object {
        Object::Dictionary(dict)
    }
}

impl From<Stream> for Object {
    fn from(stream: Stream) -> Object {
        Object::Stream(Box::new(stream))
    }
}

impl From<i64> for Object {
    fn from(n: i64) -> Object {
        Object::Integer(n)
    }
}

impl From<Vec<Object>> for Object {
    fn from(array: Vec<Object>) -> Object {
        Object::Array(array)
    }
}

/// One key and its value, and where they stood.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The decoded key.
    pub key: Name,
    /// Whether the key was written with a `#` escape.
    pub escaped: bool,
    /// The value.
    pub value: Object,
    /// Where the value stood; empty if it was made here.
    pub span: Span,
}

/// A dictionary in the order of its file. Duplicate keys are kept, so that a verifier sees them; `get` answers the first.
#[derive(Clone, Debug, Default)]
pub struct Dictionary {
    entries: Vec<Entry>,
}

/// Of so few keys each is compared with each.
const FEW: usize = 16;

impl Dictionary {
    /// An empty one.
    #[must_use]
    pub const fn new() -> Dictionary {
        Dictionary { entries: Vec::new() }
    }

    /// The same with `key` set.
    #[must_use]
    pub fn with(mut self, key: impl AsRef<[u8]>, value: impl Into<Object>) -> Dictionary {
        self.set(key, value);
        self
    }

    /// The value of `key` as it stands (maybe a reference); of duplicates the first.
    #[must_use]
    pub fn get(&self, key: impl AsRef<[u8]>) -> Option<&Object> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// Key, value and span.
    #[must_use]
    pub fn entry(&self, key: impl AsRef<[u8]>) -> Option<&Entry> {
        let key = key.as_ref();
        self.entries.iter().find(|entry| *entry.key == *key)
    }

    /// After the call `key` has that one value; a null removes it (ISO 32000-2 7.3.7).
    pub fn set(&mut self, key: impl AsRef<[u8]>, value: impl Into<Object>) {
        let (key, value) = (key.as_ref(), value.into());
        match self.entries.iter_mut().find(|entry| *entry.key == *key) {
            Some(entry) => {
                entry.value = value;
                entry.span = Span::default();
            }
            None => self.entries.push(Entry { key: key.into(), escaped: false, value, span: Span::default() }),
        }
    }

    /// After the call there is no `key`.
    pub fn remove(&mut self, key: impl AsRef<[u8]>) {
        let key = key.as_ref();
        self.entries.retain(|entry| *entry.key != *key);
    }

    /// Appends an entry as it was read, a duplicate included.
    pub(super) fn push(&mut self, entry: Entry) {
        self.entries.push(entry);
    }

    /// The entries in file order.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter()
    }

    /// The values, to be changed in place.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut Object> {
        self.entries.iter_mut().map(|entry| &mut entry.value)
    }

    /// Keys and values in file order.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], &Object)> {
        self.entries.iter().map(|entry| (&*entry.key, &entry.value))
    }

    /// Number of entries, duplicates counted.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it has no entry.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// A key that stands more than once, if any.
    #[must_use]
    pub fn duplicate(&self) -> Option<&Name> {
        if self.entries.len() < 2 {
            return None;
        }
        if self.entries.len() <= FEW {
            let again = |(at, entry): (usize, &Entry)| self.entries[..at].iter().any(|e| e.key == entry.key).then_some(at);
            return self.entries.iter().enumerate().find_map(again).map(|at| &self.entries[at].key);
        }
        let mut keys: Vec<&Name> = self.entries.iter().map(|entry| &entry.key).collect();
        keys.sort_unstable();
        keys.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0])
    }

    /// Whether `/Type` is `name`.
    #[must_use]
    pub fn is_type(&self, name: impl AsRef<[u8]>) -> bool {
        self.get(b"Type").and_then(Object::as_name) == Some(name.as_ref())
    }
}

/// Two dictionaries are equal if they have the same keys with equal values, in any order; a null value is no entry. Where a key stands twice,
/// which viewers read in different ways, they are equal if no reader could tell them apart: the same entries in the same order.
impl PartialEq for Dictionary {
    fn eq(&self, other: &Dictionary) -> bool {
        if self.duplicate().is_some() || other.duplicate().is_some() {
            let same = |(one, other): (&Entry, &Entry)| one.key == other.key && one.value == other.value;
            return self.entries.len() == other.entries.len() && self.entries.iter().zip(&other.entries).all(same);
        }
        let count = |d: &Dictionary| d.entries.iter().filter(|e| !e.value.is_null()).count();
        count(self) == count(other)
            && self.entries.iter().filter(|e| !e.value.is_null()).all(|e| other.get(&e.key).is_some_and(|value| *value == e.value))
    }
}
