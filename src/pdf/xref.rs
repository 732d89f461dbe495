//! The PDF room: one cross-reference section, table or stream (ISO 32000-2 7.5.4, 7.5.8). Takes an offset, gives a section whose
//! entries stay in the file: a table's are read 20 bytes at a time, a stream's are inflated when first asked.

use super::lexer::{Token, is_space};
use super::object::{Dictionary, Object, Span};
use super::parser::{ParseFailure, Parser};
use super::rows::{MAX_ROW, Rows};
use super::runs::{Run, Runs};
use super::source::Source;
use crate::error::{Error, ErrorKind, Result};
use crate::limits::Budget;
use std::cell::OnceCell;

/// Where an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum XrefEntry {
    /// Free: the object is null.
    Free,
    /// At that offset of the document.
    Offset {
        /// Position of `N G obj`.
        offset: u64,
        /// Its generation.
        generation: u16,
    },
    /// In an object stream.
    Compressed {
        /// Object number of the object stream.
        stream: u32,
        /// Index inside it.
        index: u32,
    },
}

/// Table or stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SectionKind {
    /// `xref` .. `trailer`.
    Table,
    /// A stream of `/Type /XRef`.
    Stream,
}

#[derive(Debug)]
enum Entries {
    Table,
    Stream {
        widths: [usize; 3],
        dict: Dictionary,
        data: Span,
        rows: OnceCell<Rows>,
    },
    /// Of no section in the file: what was found in a damaged one, by number.
    Found(Vec<(u32, XrefEntry)>),
}

/// One cross-reference section with its trailer dictionary.
#[derive(Debug)]
pub struct Section {
    /// Table or stream.
    pub kind: SectionKind,
    /// From `xref` or `N G obj` to the end of the trailer dictionary or `endobj`.
    pub span: Span,
    /// The trailer dictionary, or the stream's.
    pub trailer: Dictionary,
    /// For a stream section its own object number.
    pub number: Option<u32>,
    base: u64,
    runs: Runs,
    entries: Entries,
    hybrid_part: bool,
}

fn damaged(what: &'static str, at: u64) -> Error {
    Error::new(ErrorKind::PdfDamaged).context(what).at(at)
}

/// Largest text of one object or trailer that is read.
const MAX_OBJECT_TEXT: usize = 64 << 20;

const FIRST_WINDOW: usize = 1024;

/// Calls `parse` over a window at `offset` that doubles until the object is whole.
pub(super) fn with_window<T>(
    source: &dyn Source,
    offset: u64,
    limit: u64,
    budget: &Budget,
    mut parse: impl FnMut(&mut Parser<'_, '_>) -> Result<T, ParseFailure>,
) -> Result<T> {
    let limit = limit.min(source.len());
    if offset >= limit {
        return Err(damaged("an offset points past the end", offset));
    }
    let left = usize::try_from(limit - offset).unwrap_or(usize::MAX);
    // Most objects fit, and need no memory of their own to be read from.
    let mut first = [0; FIRST_WINDOW];
    let mut len = FIRST_WINDOW;
    loop {
        let whole = len >= left;
        let read;
        let bytes = match source.held(offset, len.min(left)) {
            Some(bytes) => bytes,
            None if len == FIRST_WINDOW => {
                let window = &mut first[..len.min(left)];
                source.read_exact_at(offset, window)?;
                window
            }
            None => {
                read = source.read_range(offset, len.min(left))?;
                &read
            }
        };
        budget.step(bytes.len() as u64 / 8)?;
        let mut parser = Parser::window(bytes, offset, budget, whole);
        match parse(&mut parser) {
            Err(ParseFailure::Incomplete) if !whole && len < MAX_OBJECT_TEXT => len = len.saturating_mul(4),
            Err(failure) => return Err(failure.into_error(offset)),
            Ok(value) => return Ok(value),
        }
    }
}

impl Section {
    /// Reads the section at `offset`. `base` is what the file's own offsets are relative to (junk before the header).
    pub(super) fn read(source: &dyn Source, offset: u64, base: u64, budget: &Budget) -> Result<Section> {
        let head = source.read_range(offset, 64)?;
        let skipped = head.iter().take_while(|c| is_space(**c)).count();
        if head[skipped..].starts_with(b"xref") {
            Section::read_table(source, offset + skipped as u64, base, budget)
        } else {
            Section::read_stream(source, offset + skipped as u64, base, budget)
        }
    }

    fn read_table(source: &dyn Source, offset: u64, base: u64, budget: &Budget) -> Result<Section> {
        let mut runs = Vec::new();
        let mut at = offset + 4;
        if !source.read_range(at, 1)?.first().is_some_and(|c| is_space(*c)) {
            return Err(damaged("something follows the word xref", at));
        }
        loop {
            budget.step(16)?;
            let head = source.read_range(at, 64)?;
            let (used, first, count) = match subsection(&head) {
                Some(found) => found,
                None => break,
            };
            let start = at + used as u64;
            at = start;
            if count > 0 {
                let probe = source.read_range(start, 21)?;
                let len = entry_length(&probe).ok_or_else(|| damaged("a cross-reference entry is malformed", start))?;
                at = start + u64::from(count) * len;
                if at < source.len() && continues(&source.read_range(at, 64)?) {
                    runs.push(Run { first, count, offset: start, entry_len: len });
                } else {
                    // Edited by hand, most likely: entries of both lengths.
                    at = mixed_run(source, start, first, count, &mut runs, budget)?;
                }
            }
            if runs.len() > 1_000_000 {
                return Err(Error::new(ErrorKind::LimitReached).context("cross-reference subsections").at(at));
            }
        }
        let (trailer, end) = with_window(source, at, u64::MAX, budget, |parser| {
            if parser.token()? != Token::Keyword(b"trailer") {
                return Err(ParseFailure::Malformed(parser.lexer.token_start()));
            }
            match parser.parse()? {
                Object::Dictionary(dict) => Ok((dict, parser.lexer.position() as u64)),
                _ => Err(ParseFailure::Malformed(0)),
            }
        })?;
        Ok(Section {
            kind: SectionKind::Table,
            span: Span { start: offset, end: at + end },
            trailer,
            number: None,
            base,
            runs: runs.into(),
            entries: Entries::Table,
            hybrid_part: false,
        })
    }

    fn read_stream(source: &dyn Source, offset: u64, base: u64, budget: &Budget) -> Result<Section> {
        let (id, object, data_start) = with_window(source, offset, u64::MAX, budget, super::document::indirect_head)?;
        let (Object::Dictionary(dict), Some(data_start)) = (object, data_start) else {
            return Err(damaged("there is no cross-reference section at this offset", offset));
        };
        if !dict.is_type(b"XRef") {
            return Err(damaged("the stream at this offset is no cross-reference stream", offset));
        }
        // Its own values may not be indirect (ISO 32000-2 7.5.8.2), else reading it would need itself.
        let length = dict.get(b"Length").and_then(Object::as_i64).and_then(|n| u64::try_from(n).ok());
        let length = length.ok_or_else(|| damaged("a cross-reference stream has no direct /Length", offset))?;
        let data = Span { start: data_start, end: data_start.saturating_add(length) };
        let end = super::document::stream_end(source, data, budget)?;
        let size = dict.get(b"Size").and_then(Object::as_i64).and_then(|n| u32::try_from(n).ok());
        let size = size.ok_or_else(|| damaged("a cross-reference stream has no valid /Size", offset))?;
        let widths = widths(&dict).ok_or_else(|| damaged("a cross-reference stream has no valid /W", offset))?;
        let row: u64 = widths.iter().map(|w| *w as u64).sum();
        let mut runs = Vec::new();
        let mut at = 0_u64;
        let pairs: Vec<i64> = match dict.get(b"Index") {
            None => vec![0, i64::from(size)],
            Some(Object::Array(items)) => items.iter().map(|item| item.as_i64().unwrap_or(-1)).collect(),
            Some(_) => vec![-1],
        };
        if !pairs.len().is_multiple_of(2) {
            return Err(damaged("a cross-reference stream has no valid /Index", offset));
        }
        for pair in pairs.chunks_exact(2) {
            let (Ok(first), Ok(count)) = (u32::try_from(pair[0]), u32::try_from(pair[1])) else {
                return Err(damaged("a cross-reference stream has no valid /Index", offset));
            };
            runs.push(Run { first, count, offset: at, entry_len: 0 });
            at = at.saturating_add(u64::from(count).saturating_mul(row));
        }
        Ok(Section {
            kind: SectionKind::Stream,
            span: Span { start: offset, end },
            trailer: dict.clone(),
            number: Some(id.number),
            base,
            runs: runs.into(),
            entries: Entries::Stream { widths, dict, data, rows: OnceCell::new() },
            hybrid_part: false,
        })
    }

    /// A section that stands nowhere: the objects of a damaged file, in the order of their numbers.
    pub(super) fn found(kind: SectionKind, trailer: Dictionary, at: u64, entries: Vec<(u32, XrefEntry)>) -> Section {
        let count = entries.last().map_or(0, |(number, _)| number.saturating_add(1));
        let runs = vec![Run { first: 0, count, offset: 0, entry_len: 0 }];
        let span = Span { start: at, end: at };
        Section { kind, span, trailer, number: None, base: 0, runs: runs.into(), entries: Entries::Found(entries), hybrid_part: false }
    }

    /// Whether it is the stream of a hybrid (`/XRefStm`).
    #[must_use]
    pub const fn is_hybrid_part(&self) -> bool {
        self.hybrid_part
    }

    pub(super) const fn set_hybrid_part(&mut self) {
        self.hybrid_part = true;
    }

    /// One past the highest object number that this section has room for.
    #[must_use]
    pub fn numbers_end(&self) -> u64 {
        self.runs.numbers_end()
    }

    /// The entry of object `number`, if this section has one.
    pub(super) fn entry(&self, source: &dyn Source, number: u32, budget: &Budget) -> Result<Option<XrefEntry>> {
        match self.runs.holding(number, budget)? {
            Some((run, index)) => self.read_entry(source, run, index, budget).map(Some),
            None => Ok(None),
        }
    }

    /// The runs of numbers it names: the first, and how many.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        self.runs.iter().map(|run| (run.first, run.count))
    }

    /// Every entry of this section, in file order. A table's runs are read whole, 64 KiB at a time.
    ///
    /// # Errors
    /// [`ErrorKind::PdfDamaged`], [`ErrorKind::LimitReached`], [`ErrorKind::SourceUnreadable`].
    pub fn for_each(&self, source: &dyn Source, budget: &Budget, mut each: impl FnMut(u32, XrefEntry) -> Result<()>) -> Result<()> {
        // Kept from run to run: an update of scattered objects has a run for each.
        let mut window: (u64, Vec<u8>) = (0, Vec::new());
        for run in self.runs.iter() {
            for index in 0..run.count {
                budget.step(1)?;
                let Some(number) = run.first.checked_add(index) else { break };
                let entry = match &self.entries {
                    Entries::Table => {
                        let at = run.offset + u64::from(index) * run.entry_len;
                        if at < window.0 || at + run.entry_len > window.0 + window.1.len() as u64 {
                            window = (at, source.read_range(at, 3276 * 20)?);
                        }
                        let from = usize::try_from(at - window.0).unwrap_or(usize::MAX);
                        self.table_entry(window.1.get(from..).unwrap_or(&[]), at, run.entry_len)?
                    }
                    Entries::Stream { .. } | Entries::Found(_) => self.read_entry(source, run, index, budget)?,
                };
                each(number, entry)?;
            }
        }
        Ok(())
    }

    /// A number whose entry is of a type that this standard does not know: to us it is null (ISO 32000-2 7.5.8.3), others give up.
    ///
    /// # Errors
    /// As [`Section::for_each`].
    pub(crate) fn of_unknown_type(&self, source: &dyn Source, budget: &Budget) -> Result<Option<u32>> {
        let Entries::Stream { widths, .. } = &self.entries else { return Ok(None) };
        for run in self.runs.iter().filter(|_| widths[0] > 0) {
            for index in 0..run.count {
                budget.step(1)?;
                let row = self.row(source, run, index, budget)?;
                if row.iter().take(widths[0]).rev().skip(1).any(|b| *b != 0) || row.get(widths[0] - 1).is_some_and(|kind| *kind > 2) {
                    return Ok(run.first.checked_add(index));
                }
            }
        }
        Ok(None)
    }

    /// The bytes of one entry of a stream.
    fn row(&self, source: &dyn Source, run: &Run, index: u32, budget: &Budget) -> Result<[u8; MAX_ROW]> {
        let Entries::Stream { widths, dict, data, rows } = &self.entries else { return Ok([0; MAX_ROW]) };
        let row = widths.iter().sum::<usize>();
        let rows = match rows.get() {
            Some(rows) => rows,
            None => {
                let expected = self.runs.iter().fold(0_u64, |all, run| all.saturating_add(u64::from(run.count)));
                let read = Rows::read(source, dict, *data, row, expected.saturating_mul(row as u64), budget)?;
                rows.get_or_init(|| read)
            }
        };
        let found = rows.at(source, run.offset.saturating_add(u64::from(index).saturating_mul(row as u64)), budget)?;
        found.ok_or_else(|| damaged("a cross-reference stream is shorter than its /Index", self.span.start))
    }

    fn read_entry(&self, source: &dyn Source, run: &Run, index: u32, budget: &Budget) -> Result<XrefEntry> {
        match &self.entries {
            Entries::Table => {
                let at = run.offset + u64::from(index) * run.entry_len;
                let mut entry = [0; 20];
                let there = usize::try_from(source.len().saturating_sub(at)).unwrap_or(usize::MAX).min(entry.len());
                source.read_exact_at(at, &mut entry[..there])?;
                self.table_entry(&entry[..there], at, run.entry_len)
            }
            Entries::Stream { widths, .. } => self.stream_entry(&self.row(source, run, index, budget)?, *widths),
            Entries::Found(entries) => {
                let found = entries.binary_search_by_key(&index, |(number, _)| *number).ok().and_then(|at| entries.get(at));
                Ok(found.map_or(XrefEntry::Free, |(_, entry)| *entry))
            }
        }
    }

    fn table_entry(&self, bytes: &[u8], at: u64, len: u64) -> Result<XrefEntry> {
        let wrong = || damaged("a cross-reference entry is malformed", at);
        let number = |range: std::ops::Range<usize>| {
            let digits = bytes.get(range)?;
            digits.iter().try_fold(0_u64, |n, c| c.is_ascii_digit().then(|| n * 10 + u64::from(c - b'0')))
        };
        let (offset, generation) = (number(0..10).ok_or_else(wrong)?, number(11..16).ok_or_else(wrong)?);
        // Nothing but white space around them: readers that go by tokens would read other numbers here, or give up and rebuild the file.
        let end = bytes.len().min(usize::try_from(len).unwrap_or(usize::MAX));
        let space = |range: std::ops::Range<usize>| bytes.get(range).is_some_and(|between| between.iter().all(|c| is_space(*c)));
        if !(space(10..11) && space(16..17) && space(18..end)) {
            return Err(wrong());
        }
        match bytes.get(17) {
            Some(b'f') => Ok(XrefEntry::Free),
            // Offset 0 is the header's place: some writers mark unused numbers so (poppler and qpdf read it as free).
            Some(b'n') if offset == 0 => Ok(XrefEntry::Free),
            Some(b'n') => Ok(XrefEntry::Offset {
                offset: offset.saturating_add(self.base),
                generation: u16::try_from(generation).map_err(|_| wrong())?,
            }),
            _ => Err(wrong()),
        }
    }

    fn stream_entry(&self, row: &[u8; MAX_ROW], widths: [usize; 3]) -> Result<XrefEntry> {
        let field =
            |from: usize, len: usize| row[from..from + len].iter().try_fold(0_u64, |n, b| n.checked_mul(256)?.checked_add(u64::from(*b)));
        let wrong = || damaged("a cross-reference stream entry is out of range", self.span.start);
        let kind = if widths[0] == 0 { 1 } else { field(0, widths[0]).ok_or_else(wrong)? };
        let second = field(widths[0], widths[1]).ok_or_else(wrong)?;
        let third = field(widths[0] + widths[1], widths[2]).ok_or_else(wrong)?;
        Ok(match kind {
            0 => XrefEntry::Free,
            1 => XrefEntry::Offset { offset: second.saturating_add(self.base), generation: u16::try_from(third).map_err(|_| wrong())? },
            2 => XrefEntry::Compressed {
                stream: u32::try_from(second).map_err(|_| wrong())?,
                index: u32::try_from(third).map_err(|_| wrong())?,
            },
            // Other types are references to null (ISO 32000-2 7.5.8.3).
            _ => XrefEntry::Free,
        })
    }
}

/// `first count` and how many bytes they take with their line end; `None` if something else stands there. Digits and white space, no sign, no
/// comment, no number beyond any reader's: what others do not read they rebuild.
fn subsection(head: &[u8]) -> Option<(usize, u32, u32)> {
    let mut used = 0;
    let mut number = || {
        let skipped = used + head.get(used..)?.iter().take_while(|c| is_space(**c)).count();
        let end = skipped + head.get(skipped..)?.iter().take_while(|c| c.is_ascii_digit()).count();
        let apart = used == 0 || skipped > used;
        used = end;
        let number: i32 = std::str::from_utf8(head.get(skipped..end)?).ok()?.parse().ok()?;
        u32::try_from(number).ok().filter(|_| apart)
    };
    let (first, count) = (number()?, number()?);
    // The entries begin after the line end; spaces before it occur.
    let spaces = head.get(used..)?.iter().take_while(|c| is_space(**c)).count();
    (spaces > 0 || used == head.len()).then_some((used + spaces, first, count))
}

/// Whether a table goes on here: another subsection, or the trailer.
fn continues(head: &[u8]) -> bool {
    let skipped = head.iter().take_while(|c| is_space(**c)).count();
    subsection(head).is_some() || head.get(skipped..).is_some_and(|rest| rest.starts_with(b"trailer"))
}

/// A subsection whose entries differ in length, as one run for each stretch of equal ones. Gives the position behind it.
fn mixed_run(source: &dyn Source, start: u64, first: u32, count: u32, runs: &mut Vec<Run>, budget: &Budget) -> Result<u64> {
    let mut at = start;
    let mut stretch: Option<Run> = None;
    for index in 0..count {
        budget.step(16)?;
        let wrong = || damaged("a cross-reference entry is malformed", at);
        let len = entry_length(&source.read_range(at, 21)?).ok_or_else(wrong)?;
        let number = first.checked_add(index).ok_or_else(wrong)?;
        match &mut stretch {
            Some(run) if run.entry_len == len => run.count += 1,
            other => runs.extend(other.replace(Run { first: number, count: 1, offset: at, entry_len: len })),
        }
        at += len;
    }
    runs.extend(stretch);
    Ok(at)
}

/// 20 as the standard says, 19 as some writers do (one character as the line end), 21 as some others (a space and two).
fn entry_length(entry: &[u8]) -> Option<u64> {
    if entry.len() < 19 || !matches!(entry.get(17), Some(b'n' | b'f')) {
        return None;
    }
    if matches!(entry.get(18..21), Some(b" \r\n" | b"  \n")) {
        return Some(21);
    }
    match (entry[18], entry.get(19)) {
        (b' ' | b'\r' | b'\n', Some(b'\n' | b'\r' | b' ')) => Some(20),
        (b'\r' | b'\n', _) => Some(19),
        _ => None,
    }
}

fn widths(dict: &Dictionary) -> Option<[usize; 3]> {
    let items = dict.get(b"W")?.as_array()?;
    let mut widths = [0; 3];
    if items.len() < 3 {
        return None;
    }
    for (width, item) in widths.iter_mut().zip(items) {
        *width = usize::try_from(item.as_i64()?).ok().filter(|w| *w <= 8)?;
    }
    (widths[1] > 0).then_some(widths)
}
