//! The PDF room: tokens in, objects with spans out (ISO 32000-2 7.3). Nested by an explicit stack, so that depth is a count and not
//! the thread's stack: a 20 KB file of 10,000 opening brackets must not kill a host's 128 KiB thread.

use super::lexer::{Lexer, Token};
use super::object::{Dictionary, Entry, Name, Object, ObjectId, PdfString, Span};
use crate::error::{Error, ErrorKind, Result};
use crate::limits::{Budget, MAX_DEPTH, MAX_OBJECT_BYTES};

/// What the allocator keeps for the shortest of texts.
const ALLOCATION: usize = 32;

/// Why no object came out.
#[derive(Debug)]
pub(super) enum ParseFailure {
    /// The bytes at hand end inside the object.
    Incomplete,
    /// These bytes are no object; position relative to the slice.
    Malformed(usize),
    /// A limit was reached.
    Limit(Error),
}

impl ParseFailure {
    /// As the library's error, `base` being the position of the slice in the document.
    pub(super) fn into_error(self, base: u64) -> Error {
        match self {
            ParseFailure::Incomplete => Error::new(ErrorKind::PdfDamaged).context("an object ends too early").at(base),
            ParseFailure::Malformed(at) => {
                Error::new(ErrorKind::PdfDamaged).context("an object is malformed").at(base.saturating_add(at as u64))
            }
            ParseFailure::Limit(error) => error,
        }
    }
}

enum Open {
    Array(Vec<Object>),
    Dictionary(Dictionary, Option<Key>),
}

struct Key {
    name: Name,
    escaped: bool,
}

/// Parses objects out of a slice that stands at `base` in the document.
pub struct Parser<'a, 'b> {
    pub(super) lexer: Lexer<'a>,
    base: u64,
    budget: &'b Budget,
    /// Whether the slice ends where the document (or stream) ends; otherwise a token that touches the end may go on.
    whole: bool,
    /// What the object read last takes in memory, about, in bytes.
    weight: usize,
}

impl<'a, 'b> Parser<'a, 'b> {
    /// Over a slice that is all there is.
    #[must_use]
    pub const fn new(bytes: &'a [u8], base: u64, budget: &'b Budget) -> Parser<'a, 'b> {
        Parser { lexer: Lexer::new(bytes), base, budget, whole: true, weight: 0 }
    }

    /// Over a window of something longer.
    pub(super) const fn window(bytes: &'a [u8], base: u64, budget: &'b Budget, whole: bool) -> Parser<'a, 'b> {
        Parser { lexer: Lexer::new(bytes), base, budget, whole, weight: 0 }
    }

    /// The next object; keywords other than `true`, `false`, `null` are malformed.
    ///
    /// # Errors
    /// [`ErrorKind::PdfDamaged`] with the position, or [`ErrorKind::LimitReached`].
    pub fn object(&mut self) -> Result<Object> {
        let base = self.base;
        self.parse().map_err(|failure| failure.into_error(base))
    }

    pub(super) const fn base(&self) -> u64 {
        self.base
    }

    /// What the object read last takes in memory, about, in bytes.
    pub(super) const fn weight(&self) -> usize {
        self.weight
    }

    /// Two bytes of a file (`/A`) make sixty of memory: an object is weighed while it grows.
    fn weigh(&mut self, bytes: usize, at: usize) -> Result<(), ParseFailure> {
        self.weight = self.weight.saturating_add(bytes);
        if self.weight <= MAX_OBJECT_BYTES {
            return Ok(());
        }
        let error = Error::new(ErrorKind::LimitReached).context("size of one object");
        Err(ParseFailure::Limit(error.at(self.base.saturating_add(at as u64))))
    }

    pub(super) fn token(&mut self) -> Result<Token<'a>, ParseFailure> {
        let token = self.lexer.next_token();
        self.budget.step(1).map_err(ParseFailure::Limit)?;
        if !self.whole && self.lexer.position() >= self.lexer.bytes().len() {
            return Err(ParseFailure::Incomplete);
        }
        Ok(token)
    }

    fn span_from(&self, start: usize) -> Span {
        Span { start: self.base.saturating_add(start as u64), end: self.base.saturating_add(self.lexer.position() as u64) }
    }

    pub(super) fn parse(&mut self) -> Result<Object, ParseFailure> {
        // Each open container, and where it began.
        let mut open: Vec<(Open, usize)> = Vec::new();
        self.weight = 0;
        loop {
            let token = self.token()?;
            let start = self.lexer.token_start();
            let malformed = Err(ParseFailure::Malformed(start));
            // A dictionary that waits for a key takes names only.
            if let Some((Open::Dictionary(_, key @ None), _)) = open.last_mut() {
                match token {
                    Token::Name { bytes, escaped } => {
                        *key = Some(Key { name: bytes, escaped });
                        continue;
                    }
                    Token::DictClose => {}
                    Token::Eof => return Err(ParseFailure::Incomplete),
                    _ => return malformed,
                }
            }
            let (object, began) = match token {
                Token::Integer(n) => (self.integer_or_reference(n)?, start),
                Token::Real(r) => (Object::Real(r), start),
                Token::String { bytes, hex, .. } => (Object::String(PdfString { bytes, hex }), start),
                Token::Name { bytes, .. } => (Object::Name(bytes), start),
                Token::Keyword(b"true") => (Object::Boolean(true), start),
                Token::Keyword(b"false") => (Object::Boolean(false), start),
                Token::Keyword(b"null") => (Object::Null, start),
                Token::ArrayOpen | Token::DictOpen => {
                    if open.len() >= MAX_DEPTH as usize {
                        return Err(ParseFailure::Limit(
                            Error::new(ErrorKind::LimitReached).context("nesting depth").at(self.base.saturating_add(start as u64)),
                        ));
                    }
                    let container =
                        if token == Token::ArrayOpen { Open::Array(Vec::new()) } else { Open::Dictionary(Dictionary::new(), None) };
                    open.push((container, start));
                    continue;
                }
                Token::ArrayClose => match open.pop() {
                    Some((Open::Array(items), began)) => (Object::Array(items), began),
                    _ => return malformed,
                },
                Token::DictClose => match open.pop() {
                    Some((Open::Dictionary(dict, None), began)) => (Object::Dictionary(dict), began),
                    _ => return malformed,
                },
                Token::Eof => return Err(ParseFailure::Incomplete),
                Token::Invalid if self.whole => return malformed,
                Token::Invalid => {
                    return Err(if self.lexer.position() >= self.lexer.bytes().len() {
                        ParseFailure::Incomplete
                    } else {
                        ParseFailure::Malformed(start)
                    });
                }
                Token::Keyword(_) => return malformed,
            };
            let text = match &object {
                Object::String(string) => string.bytes.capacity() + ALLOCATION,
                Object::Name(name) => name.weight() + ALLOCATION,
                _ => 0,
            };
            self.weigh(size_of::<Object>() + text, start)?;
            match open.last_mut() {
                None => return Ok(object),
                Some((Open::Array(items), _)) => items.push(object),
                Some((Open::Dictionary(dict, key), _)) => {
                    let Some(Key { name, escaped }) = key.take() else { return malformed };
                    let span = self.span_from(began);
                    let more = size_of::<Entry>() - size_of::<Object>() + name.weight() + ALLOCATION;
                    dict.push(Entry { key: name, escaped, value: object, span });
                    self.weigh(more, start)?;
                }
            }
        }
    }

    /// `12` or `12 0 R`: looks two tokens ahead and goes back if it is no reference.
    fn integer_or_reference(&mut self, n: i64) -> Result<Object, ParseFailure> {
        let back = self.lexer.clone();
        if let (Ok(number), Token::Integer(generation)) = (u32::try_from(n), self.token()?)
            && let Ok(generation) = u16::try_from(generation)
            && self.token()? == Token::Keyword(b"R")
        {
            return Ok(Object::Reference(ObjectId { number, generation }));
        }
        self.lexer = back;
        Ok(Object::Integer(n))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(bytes: &[u8]) -> Result<Object> {
        Parser::new(bytes, 100, &Budget::for_len(0)).object()
    }

    #[test]
    fn nested_objects_carry_spans() {
        let object = parse(b"<< /A [1 2 0 R (x)] /B << /C <41> >> >>").unwrap();
        let dict = object.as_dict().unwrap();
        assert_eq!(dict.get(b"A").unwrap().as_array().unwrap()[1], Object::Reference(ObjectId::new(2, 0)));
        let entry = dict.entry(b"A").unwrap();
        assert_eq!((entry.span.start, entry.span.end), (106, 119));
        let inner = dict.entry(b"B").unwrap();
        assert_eq!((inner.span.start, inner.span.end), (123, 136));
    }

    #[test]
    fn duplicates_and_escapes_stay_visible() {
        let object = parse(b"<< /A 1 /#41 2 >>").unwrap();
        let dict = object.as_dict().unwrap();
        assert_eq!(dict.duplicate(), Some(&Name::from(&b"A"[..])));
        assert!(dict.entries().nth(1).unwrap().escaped);
    }

    #[test]
    fn a_dictionary_with_a_key_twice_is_equal_to_itself_alone() {
        let twice = "<</A 1/A 2>>";
        for (other, equal) in [
            (twice, true),
            ("<</A 1 /A 2>>", true),
            ("<</A 2/A 1>>", false),
            ("<</A 1/A 1>>", false),
            ("<</A 1/B 2>>", false),
            ("<</A 1>>", false),
            ("<</A 1/A 2/B null>>", false),
        ] {
            let (one, other) = (parse(twice.as_bytes()).unwrap(), parse(other.as_bytes()).unwrap());
            assert_eq!((one == other, other == one), (equal, equal), "{other:?}");
        }
        // Not so with one entry in the place of the other: every entry of the first is in the second.
        assert_ne!(parse(b"<</A 1/A 1>>").unwrap(), parse(b"<</A 1/B 9>>").unwrap());
        assert_eq!(parse(b"<</A 1/B null/C 2>>").unwrap(), parse(b"<</C 2/A 1>>").unwrap());
    }

    #[test]
    #[allow(clippy::disallowed_types, clippy::disallowed_methods, reason = "a small stack needs a thread of its own")]
    fn depth_is_counted_not_recursed() {
        let soup = [b'['; 10_000];
        let small = std::thread::Builder::new().stack_size(128 << 10);
        let kind = small.spawn(move || parse(&soup).unwrap_err().kind()).unwrap().join().unwrap();
        assert_eq!(kind, ErrorKind::LimitReached);
    }

    #[test]
    fn malformed_objects_are_refused() {
        for bytes in [&b"<< /A >>"[..], b"<< 1 2 >>", b"[1 2", b"]", b">>", b"[1 >>", b"<< /A 1 ]", b"obj", b"(abc", b"<41", b""] {
            assert!(parse(bytes).is_err(), "{}", String::from_utf8_lossy(bytes));
        }
    }
}
