//! The verify room: what a signature's byte range covers (ISO 32000-2 12.8.1). Takes a candidate, gives its range or the reason why it
//! has none. Exactly `[0 a b c]`, byte a is `<`, byte b-1 is `>`, the string between is this dictionary's own /Contents as reached
//! through the xref, and b+c ends the revision that brought it.

use super::locate::Candidate;
use super::reason::Reason;
use super::report::Coverage;
use crate::error::Result;
use crate::pdf::{Document, Object, Span};
use crate::switch::{Check, on};

/// A well-formed range.
#[derive(Clone, Copy, Debug)]
pub(super) struct Covered {
    /// `/Contents` with its brackets: what is left out.
    pub(super) gap: Span,
    /// b + c.
    pub(super) end: u64,
    /// The revision that ends there.
    pub(super) revision: usize,
    pub(super) coverage: Coverage,
}

/// A reason and the byte it was seen at.
pub(super) type Fault = (Reason, Option<u64>);

pub(super) fn byte_range(candidate: &Candidate) -> Option<[u64; 4]> {
    let items = candidate.dict.get(b"ByteRange")?.as_array()?;
    let n = |i: usize| items.get(i).and_then(Object::as_i64).and_then(|n| u64::try_from(n).ok());
    if items.len() != 4 && on(Check::RangeCount) {
        return None;
    }
    Some([n(0)?, n(1)?, n(2)?, n(3)?])
}

pub(super) fn cover(document: &Document<'_>, candidate: &Candidate) -> Result<std::result::Result<Covered, Fault>> {
    let source = document.source();
    let at = Some(candidate.holder.start);
    let Some([zero, a, b, c]) = byte_range(candidate) else {
        return Ok(Err((Reason::ByteRangeMalformed, at)));
    };
    let Some(end) = b.checked_add(c) else { return Ok(Err((Reason::ByteRangeMalformed, at))) };
    if zero != 0 && on(Check::RangeStart) {
        return Ok(Err((Reason::ByteRangeMismatch, at)));
    }
    // What else must hold of the numbers is what makes them offsets at all.
    if a >= b || end > source.len() {
        return Ok(Err((Reason::ByteRangeMismatch, at)));
    }
    let Some(entry) = candidate.dict.entry(b"Contents") else { return Ok(Err((Reason::ContentsMalformed, at))) };
    let Object::String(string) = &entry.value else { return Ok(Err((Reason::ContentsMalformed, at))) };
    if string.bytes.is_empty() {
        return Ok(Err((Reason::ContentsMalformed, at)));
    }
    if (!string.hex && on(Check::ContentsHex)) || (candidate.compressed && on(Check::ContentsInFile)) {
        return Ok(Err((Reason::ContentsMalformed, at)));
    }
    let gap = Span { start: a, end: b };
    if entry.span != gap && on(Check::GapIsContents) {
        return Ok(Err((Reason::ByteRangeMismatch, Some(a))));
    }
    if !plain_hex(document, gap)? && on(Check::GapIsHex) {
        return Ok(Err((Reason::ContentsMalformed, Some(a))));
    }
    let revisions = document.revisions();
    let mut covered = None;
    for (index, revision) in revisions.iter().enumerate() {
        let Some(tail) = revision.tail else { continue };
        let next = revisions.get(index + 1).map_or(source.len(), |r| r.sections_span.start);
        if end >= tail.eof && end <= next {
            // White space behind %%EOF may be signed along; anything else there would belong to no revision.
            let blank = end - tail.eof <= 64 && blank(document, tail.eof, end)?;
            if blank || !on(Check::RangeTailIsBlank) {
                covered = Some(index);
            }
            break;
        }
    }
    if covered.is_none() && !on(Check::RangeEndsRevision) {
        covered = Some(candidate.revision);
    }
    let Some(revision) = covered else { return Ok(Err((Reason::CoverageBroken, Some(end)))) };
    // Signed bytes must hold the signature dictionary and every section they are read through: an xref chain that leads out of the
    // signed range could be changed afterwards.
    let outside = candidate.revision != revision && on(Check::DictionaryInRevision)
        || candidate.holder.end > end && on(Check::DictionaryInRange)
        || revisions.iter().take(revision + 1).any(|r| r.sections_span.end > end) && on(Check::SectionsInRange)
        || revisions.iter().skip(revision + 1).any(|r| r.sections_span.start < end) && on(Check::LaterSectionsBehind);
    if outside {
        return Ok(Err((Reason::OutsideOwnRevision, at)));
    }
    let last = revision + 1 == revisions.len();
    let whole = last && one_line_end(document, end)?;
    let coverage = if whole { Coverage::WholeFile } else { Coverage::WholeRevision };
    Ok(Ok(Covered { gap, end, revision, coverage }))
}

/// Between the brackets stand pairs of hexadecimal digits and nothing else.
fn plain_hex(document: &Document<'_>, span: Span) -> Result<bool> {
    let Some(inner) = span.len().checked_sub(2).filter(|n| n % 2 == 0) else { return Ok(false) };
    let mut brackets = [0_u8; 1];
    document.source().read_exact_at(span.start, &mut brackets)?;
    let opens = brackets[0] == b'<';
    document.source().read_exact_at(span.end - 1, &mut brackets)?;
    let text = document.source().read_range(span.start + 1, usize::try_from(inner).unwrap_or(usize::MAX))?;
    Ok(opens && brackets[0] == b'>' && text.iter().all(u8::is_ascii_hexdigit))
}

fn blank(document: &Document<'_>, from: u64, to: u64) -> Result<bool> {
    let bytes = document.source().read_range(from, usize::try_from(to - from).unwrap_or(usize::MAX))?;
    Ok(bytes.iter().all(|c| matches!(c, 0 | 9 | 10 | 12 | 13 | 32)))
}

/// Whether nothing, or one line end, follows `end`.
fn one_line_end(document: &Document<'_>, end: u64) -> Result<bool> {
    let rest = document.source().read_range(end, 3)?;
    Ok(matches!(rest.as_slice(), [] | [b'\n'] | [b'\r'] | [b'\r', b'\n']))
}

/// Bytes behind the last revision, one line end tolerated.
pub(super) fn trailing_bytes(document: &Document<'_>) -> Result<u64> {
    trailing_after(document, 0)
}

/// Bytes behind the last revision and behind `signed`, one line end tolerated: white space that was signed along is nobody's addition.
pub(super) fn trailing_after(document: &Document<'_>, signed: u64) -> Result<u64> {
    let Some(last) = document.revisions().last() else { return Ok(0) };
    let end = last.tail.map_or(last.sections_span.end, |tail| tail.end).max(signed);
    Ok(if one_line_end(document, end)? || !on(Check::NothingBehind) { 0 } else { document.source().len().saturating_sub(end) })
}
