//! The PDF room: one reading of a damaged file. Takes its bytes, fills a [`Scan`].
//!
//! The file is read from front to back by its grammar: an object is passed over as a whole, its stream by its length, so that nothing
//! inside a string or a stream is taken for an object. Where a stream's length is wrong its end is looked for, and doubted if anything
//! that looks like an object stands before it.

use super::super::document::{indirect_head, stream_end};
use super::super::lexer::{Token, is_space};
use super::super::object::{Dictionary, Object, ObjectId, Span};
use super::super::parser::Parser;
use super::super::source::Source;
use super::super::xref::{Section, SectionKind, with_window};
use super::scan::{Found, Kind, Mark, Scan, has_byte_range, kind};
use crate::error::{Error, ErrorKind, Result};
use crate::limits::{Budget, MAX_REVISIONS};
use std::collections::HashMap;

/// Most objects that are looked for; what is known of them takes some 40 MiB.
const MAX_OBJECTS: usize = 250_000;
const BLOCK: usize = 64 << 10;

pub(super) struct Scanner<'a> {
    pub(super) source: &'a dyn Source,
    pub(super) budget: &'a Budget,
    /// Integers by object number, as an earlier reading found them.
    pub(super) lengths: Option<&'a HashMap<u32, u64>>,
    pub(super) scan: Scan,
}

fn damaged(what: &'static str, at: u64) -> Error {
    Error::new(ErrorKind::PdfDamaged).context(what).at(at)
}

impl Scanner<'_> {
    pub(super) fn run(mut self, header: u64) -> Result<Scan> {
        let len = self.source.len();
        let mut at = header;
        loop {
            at = self.next_byte(at)?;
            if at >= len {
                return Ok(self.scan.finish(len));
            }
            if self.scan.objects.len() >= MAX_OBJECTS || self.scan.sections.len() + self.scan.trailers.len() > 2 * MAX_REVISIONS {
                return Err(Error::new(ErrorKind::LimitReached).context("objects of a damaged file").at(at));
            }
            let head = self.source.read_range(at, 10)?;
            let read = match head.first() {
                Some(c) if c.is_ascii_digit() => self.object(at),
                _ if head.starts_with(b"xref") => self.table(at),
                _ if head.starts_with(b"trailer") => self.trailer(at),
                _ if head.starts_with(b"startxref") => self.startxref(at),
                _ => Err(damaged("something stands between the objects", at)),
            };
            at = match read {
                Ok(next) => next,
                Err(error) if error.kind() == ErrorKind::PdfDamaged => {
                    self.scan.doubt("something stands between the objects, or one of them cannot be read", at);
                    self.broken(at)?;
                    self.next_object(at + 1)?
                }
                Err(error) => return Err(error),
            };
        }
    }

    /// The next byte that is neither white space nor in a comment.
    fn next_byte(&self, mut at: u64) -> Result<u64> {
        let mut comment = false;
        loop {
            let block = self.source.read_range(at, if comment { BLOCK } else { 64 })?;
            self.budget.step(1 + block.len() as u64 / 8)?;
            if block.is_empty() {
                return Ok(self.source.len());
            }
            for (i, c) in block.iter().enumerate() {
                match c {
                    b'\n' | b'\r' => comment = false,
                    _ if comment || is_space(*c) => {}
                    b'%' => comment = true,
                    _ => return Ok(at + i as u64),
                }
            }
            at += block.len() as u64;
        }
    }

    fn object(&mut self, at: u64) -> Result<u64> {
        let (id, object, data, end) = with_window(self.source, at, u64::MAX, self.budget, |parser| {
            let (id, object, data) = indirect_head(parser)?;
            Ok((id, object, data, parser.lexer.position() as u64))
        })?;
        let mut found = Found { id, offset: at, kind: Kind::Plain, length: None };
        self.look(&object, &mut found, at);
        let end = match (&object, data) {
            (Object::Dictionary(dict), Some(start)) => self.stream(dict, start, &mut found)?,
            (_, Some(_)) => return Err(damaged("a stream has no dictionary", at)),
            (_, None) => at + end,
        };
        if self.source.read_range(end.saturating_sub(6), 6)? != b"endobj" {
            return Err(damaged("an object has no end", at));
        }
        if data.is_none() && matches!(found.kind, Kind::ObjectStream | Kind::CrossReferences) {
            found.kind = Kind::Plain;
        }
        self.scan.objects.push(found);
        if let (Kind::CrossReferences, Object::Dictionary(dict)) = (found.kind, object) {
            self.scan.sections.push(Mark { offset: at, kind: SectionKind::Stream, objects: self.scan.objects.len() });
            self.scan.trailers.push(dict);
        }
        Ok(end)
    }

    /// What an object is, from the outside.
    fn look(&mut self, object: &Object, found: &mut Found, at: u64) {
        self.scan.signed |= has_byte_range(object);
        match object {
            Object::Integer(n) => {
                if let Ok(n) = u64::try_from(*n)
                    && self.scan.integers.insert(found.id.number, n).is_some_and(|before| before != n)
                {
                    self.scan.integers.remove(&found.id.number);
                }
            }
            Object::Dictionary(dict) => {
                found.kind = kind(dict);
                let standard = dict.get(b"Filter").and_then(Object::as_name) == Some(b"Standard");
                self.scan.encryption |= standard && dict.get(b"O").is_some() && dict.get(b"U").is_some();
                if dict.duplicate().is_some() {
                    self.scan.doubt("a dictionary has a key twice", at);
                }
            }
            _ => {}
        }
    }

    /// One past the `endobj` of a stream object whose data begins at `start`.
    fn stream(&mut self, dict: &Dictionary, start: u64, found: &mut Found) -> Result<u64> {
        let first = match dict.get(b"Filter") {
            Some(Object::Array(filters)) => filters.first(),
            other => other,
        };
        if first.and_then(Object::as_name) == Some(b"FlateDecode") {
            let head = self.source.read_range(start, 2)?;
            self.scan.garbled |=
                !matches!(head.as_slice(), [cmf, flg] if cmf & 15 == 8 && (u16::from(*cmf) * 256 + u16::from(*flg)).is_multiple_of(31));
        }
        let declared = match dict.get(b"Length") {
            Some(Object::Integer(n)) => u64::try_from(*n).ok(),
            Some(Object::Reference(id)) => self.lengths.and_then(|known| known.get(&id.number)).copied(),
            _ => None,
        };
        if let Some(length) = declared {
            match stream_end(self.source, Span { start, end: start.saturating_add(length) }, self.budget) {
                Ok(end) if self.source.read_range(end.saturating_sub(6), 6)? == b"endobj" => return Ok(end),
                Err(error) if error.kind() != ErrorKind::PdfDamaged => return Err(error),
                _ => {}
            }
        }
        let (data_end, nested) = self.endstream(start)?;
        let end = stream_end(self.source, Span { start, end: data_end }, self.budget)?;
        let waiting = self.lengths.is_none() && matches!(dict.get(b"Length"), Some(Object::Reference(_)));
        self.scan.pending |= waiting;
        if !waiting {
            found.length = Some(data_end - start);
            if nested {
                self.scan.doubt("the end of a stream cannot be told", start);
            }
        }
        Ok(end)
    }

    /// Where the data before the next `endstream` ends, and whether something that looks like an object stands in it.
    fn endstream(&self, start: u64) -> Result<(u64, bool)> {
        const WORD: &[u8] = b"endstream";
        let mut at = start;
        let mut nested = false;
        loop {
            let block = self.source.read_range(at, BLOCK + WORD.len())?;
            self.budget.step(1 + block.len() as u64 / 8)?;
            let found = block.windows(WORD.len()).position(|w| w == WORD);
            nested |= block.get(..found.unwrap_or(block.len())).unwrap_or_default().windows(4).any(|w| w == b" obj");
            if let Some(found) = found {
                let end = at + found as u64;
                let before =
                    self.source.read_range(end.saturating_sub(2).max(start), usize::try_from((end - start).min(2)).unwrap_or(0))?;
                let line_end = match before.as_slice() {
                    [b'\r', b'\n'] => 2,
                    [.., b'\n' | b'\r'] => 1,
                    _ => 0,
                };
                return Ok((end - line_end, nested));
            }
            if block.len() <= WORD.len() {
                return Err(damaged("a stream has no end", start));
            }
            at += (block.len() - WORD.len()) as u64;
        }
    }

    fn table(&mut self, at: u64) -> Result<u64> {
        let mark = Mark { offset: at, kind: SectionKind::Table, objects: self.scan.objects.len() };
        self.scan.sections.push(mark);
        match Section::read(self.source, at, 0, self.budget) {
            Ok(section) => {
                self.scan.trailers.push(section.trailer);
                Ok(section.span.end)
            }
            Err(error) if error.kind() == ErrorKind::PdfDamaged => self.behind_entries(at + 4),
            Err(error) => Err(error),
        }
    }

    /// Behind the numbers of a table that is no table.
    fn behind_entries(&self, mut at: u64) -> Result<u64> {
        loop {
            let block = self.source.read_range(at, BLOCK)?;
            self.budget.step(1 + block.len() as u64 / 8)?;
            let whole = at + block.len() as u64 >= self.source.len();
            let mut parser = Parser::new(&block, at, self.budget);
            let mut behind = 0;
            loop {
                let token = parser.token();
                let inside = whole || parser.lexer.position() < block.len();
                match token {
                    Ok(Token::Integer(_) | Token::Keyword(b"n" | b"f")) if inside => behind = parser.lexer.position(),
                    Ok(Token::Eof) if whole => return Ok(self.source.len()),
                    _ if !inside && behind > 0 => break,
                    _ => return Ok(at + behind as u64),
                }
            }
            at += behind as u64;
        }
    }

    fn trailer(&mut self, at: u64) -> Result<u64> {
        let read = with_window(self.source, at, u64::MAX, self.budget, |parser| {
            parser.token()?;
            let object = parser.parse()?;
            Ok((object, parser.lexer.position() as u64))
        });
        match read {
            Ok((Object::Dictionary(dict), len)) => {
                self.scan.trailers.push(dict);
                Ok(at + len)
            }
            Ok(_) => Err(damaged("a trailer is no dictionary", at)),
            // Cut at the end of the file: it says nothing, and nothing comes behind it.
            Err(error) if error.kind() == ErrorKind::PdfDamaged && self.next_object(at)? >= self.source.len() => Ok(self.source.len()),
            Err(error) => Err(error),
        }
    }

    fn startxref(&mut self, at: u64) -> Result<u64> {
        self.scan.starts.push(self.scan.objects.len());
        let bytes = self.source.read_range(at + 9, 64)?;
        let mut parser = Parser::new(&bytes, at, self.budget);
        Ok(match parser.token() {
            Ok(Token::Integer(_)) => at + 9 + parser.lexer.position() as u64,
            _ => at + 9,
        })
    }

    /// Remembers that an object begins here, if one does.
    fn broken(&mut self, at: u64) -> Result<()> {
        let head = self.source.read_range(at, 64)?;
        let mut parser = Parser::new(&head, at, self.budget);
        if let (Ok(Token::Integer(number)), Ok(Token::Integer(generation)), Ok(Token::Keyword(b"obj"))) =
            (parser.token(), parser.token(), parser.token())
            && let (Ok(number), Ok(generation)) = (u32::try_from(number), u16::try_from(generation))
        {
            self.scan.objects.push(Found { id: ObjectId { number, generation }, offset: at, kind: Kind::Broken, length: None });
        }
        Ok(())
    }

    /// The next place from `at` on where `N G obj` stands; the end of the file if there is none.
    fn next_object(&self, mut at: u64) -> Result<u64> {
        const WORD: &[u8] = b" obj";
        let from = at;
        loop {
            let block = self.source.read_range(at, BLOCK + WORD.len())?;
            self.budget.step(1 + block.len() as u64 / 8)?;
            for found in block.windows(WORD.len()).enumerate().filter(|(_, w)| *w == WORD).map(|(i, _)| at + i as u64) {
                let low = found.saturating_sub(20).max(from);
                let before = self.source.read_range(low, usize::try_from(found - low).unwrap_or(0))?;
                let generation = before.iter().rev().take_while(|c| c.is_ascii_digit()).count();
                let rest = before.get(..before.len() - generation).unwrap_or_default();
                let blank = rest.iter().rev().take_while(|c| is_space(**c)).count();
                let number = rest.iter().rev().skip(blank).take_while(|c| c.is_ascii_digit()).count();
                if generation > 0 && blank > 0 && number > 0 {
                    return Ok(found - (generation + blank + number) as u64);
                }
            }
            if block.len() <= WORD.len() {
                return Ok(self.source.len());
            }
            at += (block.len() - WORD.len()) as u64;
        }
    }
}
