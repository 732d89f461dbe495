//! The PDF room: where one revision ends and the next begins (ISO 32000-2 7.5.6). Takes the xref chain, gives spans. Borders come
//! from the chain and exact offsets, never from a scan for `%%EOF`, which may stand in any string, stream or comment.

use super::lexer::{Lexer, Token, is_space};
use super::object::{Object, Span};
use super::source::Source;
use super::xref::{Section, SectionKind};
use crate::error::{Error, ErrorKind, Result};
use crate::limits::{Budget, MAX_REVISIONS};
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// The end of a revision: `startxref N %%EOF` right behind its last section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tail {
    /// One past `%%EOF`.
    pub eof: u64,
    /// One past the line end that follows `%%EOF`, if one does; otherwise the same as `eof`.
    pub end: u64,
    /// How much white space stands between where `startxref` leads and the section.
    pub lead: u64,
}

/// Most white space between the number behind `startxref` and `%%EOF`.
const MAX_END: usize = 64;

/// One revision.
#[derive(Clone, Debug)]
pub struct Revision {
    /// Its sections in the document's list, newest first.
    pub(super) sections: Range<usize>,
    /// Where it begins: behind the revision before it.
    pub start: u64,
    /// Where it ends; `None` if no proper tail stands behind its last section.
    pub tail: Option<Tail>,
    /// Table or stream; a hybrid counts as a table.
    pub kind: SectionKind,
    /// Whether it has both (ISO 32000-2 7.5.8.4).
    pub hybrid: bool,
    /// Offset of the newest section, as the next `/Prev` must name it (absolute).
    pub xref: u64,
    /// From the first to the last byte of all its sections.
    pub sections_span: Span,
}

/// What the xref chain says of the file.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) header: u64,
    pub(super) base: u64,
    pub(super) sections: Vec<Section>,
    pub(super) revisions: Vec<Revision>,
    pub(super) dead_tail: bool,
}

fn damaged(what: &'static str, at: u64) -> Error {
    Error::new(ErrorKind::PdfDamaged).context(what).at(at)
}

impl Layout {
    pub(super) fn read(source: &dyn Source, budget: &Budget) -> Result<Layout> {
        let header = Layout::header(source)?;
        let mut first_error = None;
        let mut at = source.len();
        // A `startxref` that leads nowhere is passed over, so that what was signed before it is still judged; the bytes from there
        // on are trailing bytes, which no verdict calls clean.
        for attempt in 0..64 {
            let Some(found) = last_startxref(source, at, budget)? else { break };
            let chain = match startxref_value(source, found)? {
                Some(value) => chain(source, value, header, budget),
                None => Err(damaged("startxref has no number", found)),
            };
            let read = chain.and_then(|(base, sections)| {
                revisions(source, &sections, (header, base), budget).map(|revisions| (base, sections, revisions))
            });
            match read {
                Ok((base, sections, revisions)) => {
                    return Ok(Layout { header, base, sections, revisions, dead_tail: attempt > 0 });
                }
                Err(error) if matches!(error.kind(), ErrorKind::LimitReached | ErrorKind::SourceUnreadable) => return Err(error),
                Err(error) => {
                    first_error.get_or_insert(error);
                }
            }
            at = found;
        }
        Err(first_error.unwrap_or_else(|| damaged("there is no startxref", source.len())))
    }

    /// Where `%PDF-` stands.
    pub(super) fn header(source: &dyn Source) -> Result<u64> {
        let head = source.read_range(0, 1024)?;
        Ok(head.windows(5).position(|w| w == b"%PDF-").ok_or_else(|| Error::new(ErrorKind::NotPdf))? as u64)
    }

    /// The chain from the section at `at` on, whatever `startxref` says.
    pub(super) fn from_section(source: &dyn Source, at: u64, header: u64, base: u64, budget: &Budget) -> Result<Layout> {
        let sections = follow(source, base, Section::read(source, at, base, budget)?, budget)?;
        let revisions = revisions(source, &sections, (header, base), budget)?;
        Ok(Layout { header, base, sections, revisions, dead_tail: false })
    }

    /// One revision of everything that was found.
    pub(super) fn found(source: &dyn Source, header: u64, section: Section) -> Layout {
        let end = source.len();
        let revision = Revision {
            sections: 0..1,
            start: 0,
            tail: None,
            kind: section.kind,
            hybrid: false,
            xref: end,
            sections_span: Span { start: end, end },
        };
        Layout { header, base: header, sections: vec![section], revisions: vec![revision], dead_tail: false }
    }
}

/// The last `startxref` before `end`, searched backwards block by block.
fn last_startxref(source: &dyn Source, end: u64, budget: &Budget) -> Result<Option<u64>> {
    const WORD: &[u8] = b"startxref";
    const BLOCK: u64 = 4096;
    let mut high = end;
    loop {
        let low = high.saturating_sub(BLOCK);
        let overlap = (end - high).min(WORD.len() as u64 - 1);
        let block = source.read_range(low, usize::try_from(high - low + overlap).unwrap_or(0))?;
        budget.step(block.len() as u64 / 64 + 1)?;
        if let Some(found) = block.windows(WORD.len()).rposition(|w| w == WORD) {
            return Ok(Some(low + found as u64));
        }
        if low == 0 {
            return Ok(None);
        }
        high = low;
    }
}

fn startxref_value(source: &dyn Source, at: u64) -> Result<Option<u64>> {
    Ok(plain_number(&source.read_range(at + 9, 64)?).map(|(value, _)| value))
}

/// Digits behind white space, and where they end. Nothing else: an attacker would write a sign or a comment here, on which other readers give up, to
/// rebuild the file from whatever looks like an object.
fn plain_number(bytes: &[u8]) -> Option<(u64, usize)> {
    let start = bytes.iter().take_while(|c| is_space(**c)).count();
    let digits = bytes.get(start..)?.iter().take_while(|c| c.is_ascii_digit()).count();
    let text = std::str::from_utf8(bytes.get(start..start + digits)?).ok()?;
    let ends = bytes.get(start + digits).is_none_or(|c| is_space(*c));
    Some((text.parse().ok().filter(|_| ends)?, start + digits))
}

/// The chain from the newest section on, each hybrid table followed by its stream.
fn chain(source: &dyn Source, start: u64, header: u64, budget: &Budget) -> Result<(u64, Vec<Section>)> {
    let (base, first) = match Section::read(source, start, 0, budget) {
        Ok(section) => (0, section),
        // Junk before the header: the file's offsets may count from the header (ISO 32000-1 Annex H.3, note 13).
        Err(_) if header > 0 => (header, Section::read(source, start.saturating_add(header), header, budget)?),
        Err(error) => return Err(error),
    };
    if !matches!(first.trailer.get(b"Root"), Some(Object::Reference(_))) {
        return Err(damaged("the trailer names no catalog", start));
    }
    follow(source, base, first, budget).map(|sections| (base, sections))
}

fn follow(source: &dyn Source, base: u64, first: Section, budget: &Budget) -> Result<Vec<Section>> {
    let mut seen = HashSet::from([first.span.start]);
    let mut streams: HashMap<u64, u64> = HashMap::new();
    let mut sections: Vec<Section> = Vec::new();
    let mut next = Some(first);
    let mut units = 0;
    while let Some(section) = next.take() {
        units += 1;
        if units > MAX_REVISIONS {
            return Err(Error::new(ErrorKind::LimitReached).context("revisions"));
        }
        let offset = |key: &str| match section.trailer.get(key) {
            None | Some(Object::Null) => Ok(None),
            Some(Object::Integer(0)) => Ok(None),
            Some(Object::Integer(n)) => u64::try_from(*n)
                .map(|n| Some(n.saturating_add(base)))
                .map_err(|_| damaged("an xref offset is negative", section.span.start)),
            Some(_) => Err(damaged("an xref offset is no integer", section.span.start)),
        };
        let (prev, stream) = (offset("Prev")?, if section.kind == SectionKind::Table { offset("XRefStm")? } else { None });
        sections.push(section);
        if let Some(at) = stream {
            // Programs that update a hybrid carry its /XRefStm along: the stream is the hybrid's own, the oldest table's that names it.
            let carried = streams.get(&at).and_then(|start| sections.iter().rposition(|s| s.is_hybrid_part() && s.span.start == *start));
            let stream = match carried {
                Some(place) => {
                    budget.step((sections.len() - place) as u64)?;
                    sections.remove(place)
                }
                None => {
                    let mut stream = Section::read(source, at, base, budget)?;
                    if stream.kind != SectionKind::Stream || !seen.insert(stream.span.start) {
                        return Err(damaged("/XRefStm leads to no cross-reference stream", at));
                    }
                    stream.set_hybrid_part();
                    stream
                }
            };
            streams.insert(at, stream.span.start);
            sections.push(stream);
        }
        if let Some(at) = prev {
            let section = Section::read(source, at, base, budget)?;
            if !seen.insert(section.span.start) {
                return Err(damaged("the /Prev chain is a loop", at));
            }
            next = Some(section);
        }
    }
    Ok(sections)
}

fn revisions(source: &dyn Source, sections: &[Section], (header, base): (u64, u64), budget: &Budget) -> Result<Vec<Revision>> {
    // Units: a table with its hybrid stream, or a stream; newest first.
    let mut units: Vec<Range<usize>> = Vec::new();
    for (i, section) in sections.iter().enumerate() {
        match units.last_mut() {
            Some(unit) if section.is_hybrid_part() => unit.end = i + 1,
            _ => units.push(i..i + 1),
        }
    }
    let start = |unit: &Range<usize>| sections.get(unit.start).map_or(0, |s| s.span.start);
    // A linearised file's first-page section stands before the main one it names as /Prev; both are one revision (Annex F.3).
    if let [.., first_page, main] = units.as_slice()
        && start(first_page) < start(main)
    {
        let joined = first_page.start..main.end;
        units.truncate(units.len() - 2);
        units.push(joined);
    }
    if let Some(pair) = units.windows(2).find(|pair| start(&pair[0]) <= start(&pair[1])) {
        return Err(damaged("a /Prev points forward", start(&pair[0])));
    }
    let mut revisions: Vec<Revision> = Vec::new();
    for unit in units.into_iter().rev() {
        let of_unit = sections.get(unit.clone()).unwrap_or(&[]);
        let end = of_unit.iter().map(|s| s.span.end).max().unwrap_or(0);
        let xref = start(&unit);
        if header > base && also_from_header(source, xref, header, budget)? {
            return Err(damaged("two sections, by offsets from the file's first byte and from its header", xref));
        }
        let begin = of_unit.iter().map(|s| s.span.start).min().unwrap_or(0);
        let before = revisions.last().map(|r: &Revision| r.tail.map_or(r.sections_span.end, |t| t.end));
        revisions.push(Revision {
            start: before.unwrap_or(0),
            // Where the header stands elsewhere, an offset that is nearly right is right for another reader.
            tail: tail(source, end, xref, base, budget)?.filter(|tail| header <= base || tail.lead == 0),
            kind: of_unit.first().map_or(SectionKind::Table, |s| s.kind),
            hybrid: of_unit.iter().any(Section::is_hybrid_part),
            xref,
            sections: unit,
            sections_span: Span { start: begin, end },
        });
    }
    Ok(revisions)
}

/// Whether a reader that counts from the header finds a section where this one, counted from the file's first byte, is named: an attacker would
/// have both readings signed, and each show another document.
fn also_from_header(source: &dyn Source, xref: u64, header: u64, budget: &Budget) -> Result<bool> {
    for named in [xref, xref.saturating_sub(1)].map(|named| named.saturating_add(header)).into_iter().filter(|named| *named > xref) {
        let text = source.read_range(named, 64)?;
        if text.trim_ascii_start().starts_with(b"xref") || Section::read(source, named, header, budget).is_ok() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// `startxref N %%EOF` right behind `end` (white space and comments may stand between), N naming this revision's newest section.
fn tail(source: &dyn Source, end: u64, xref: u64, base: u64, budget: &Budget) -> Result<Option<Tail>> {
    let bytes = source.read_range(end, 4096)?;
    budget.step(16)?;
    let mut lexer = Lexer::new(&bytes);
    if lexer.next_token() != Token::Keyword(b"startxref") {
        return Ok(None);
    }
    let Some((value, digits)) = plain_number(bytes.get(lexer.position()..).unwrap_or_default()) else { return Ok(None) };
    // White space may stand between the named offset and the section.
    let Some(lead) = xref.checked_sub(value.saturating_add(base)).filter(|lead| *lead < 64) else { return Ok(None) };
    let mut at = lexer.position() + digits;
    let number = at;
    while bytes.get(at).is_some_and(|c| is_space(*c)) {
        at += 1;
    }
    // Far away from its `startxref` it is not found by readers that search the last kilobyte.
    if at - number > MAX_END || !bytes.get(at..).is_some_and(|rest| rest.starts_with(b"%%EOF")) {
        return Ok(None);
    }
    at += 5;
    let eof = end + at as u64;
    let eol = match (bytes.get(at), bytes.get(at + 1)) {
        (Some(b'\r'), Some(b'\n')) => 2,
        (Some(b'\r' | b'\n'), _) => 1,
        _ => 0,
    };
    Ok(Some(Tail { eof, end: eof + eol, lead }))
}
