//! The PDF room: whether a document's newest cross-references lead to what they name. Takes an open document, gives the first object that
//! they do not lead to: readers would meet it sooner or later, and repair the document each in its own way.

use super::super::document::Document;
use super::super::lexer::is_space;
use super::super::object::ObjectId;
use super::super::source::Source;
use super::super::xref::XrefEntry;
use crate::error::{ErrorKind, Result};
use std::collections::HashSet;

const WINDOW: usize = 16 << 10;
/// Longest `N G obj` that is looked at, and longest `endstream endobj`.
const HEAD: usize = 32;

/// The first of the objects in use that does not stand where its entry says, or whose stream is not as long as it says; `None` if there is
/// none among the first `most` entries. What is in object streams is not looked at.
///
/// # Errors
/// [`ErrorKind::PdfDamaged`] if a section cannot be read; [`ErrorKind::LimitReached`], [`ErrorKind::SourceUnreadable`].
pub fn fault(document: &Document<'_>, most: usize) -> Result<Option<ObjectId>> {
    let mut seen: HashSet<u32> = HashSet::new();
    let mut places: Vec<(u64, Option<ObjectId>)> = vec![(document.source().len(), None)];
    for section in (0..document.revisions().len()).rev().flat_map(|revision| document.sections(revision)) {
        places.push((section.span.start, None));
        section.for_each(document.source(), document.budget(), |number, entry| {
            if seen.len() < most
                && seen.insert(number)
                && let XrefEntry::Offset { offset, generation } = entry
            {
                places.push((offset, Some(ObjectId { number, generation })));
            }
            Ok(())
        })?;
    }
    places.sort_unstable_by_key(|(offset, id)| (*offset, id.is_some()));
    let mut window = Window { source: document.source(), at: 0, bytes: Vec::new() };
    for pair in places.windows(2) {
        let [(offset, Some(id)), (next, _)] = pair else { continue };
        document.budget().step(8)?;
        // An object is read only where a look at both its ends does not tell.
        if begins(window.read(*offset, HEAD)?, *id) && !has_stream(window.read(next.saturating_sub(HEAD as u64).max(*offset), HEAD)?) {
            continue;
        }
        match document.latest().object(*id) {
            Err(error) if error.kind() == ErrorKind::PdfDamaged => return Ok(Some(*id)),
            other => drop(other?),
        }
    }
    Ok(None)
}

/// Bytes in the order of the file, read a stretch at a time.
struct Window<'s> {
    source: &'s dyn Source,
    at: u64,
    bytes: Vec<u8>,
}

impl Window<'_> {
    fn read(&mut self, offset: u64, len: usize) -> Result<&[u8]> {
        let held = self.at..=(self.at + self.bytes.len() as u64).saturating_sub(len as u64);
        if self.bytes.is_empty() || !held.contains(&offset) {
            self.bytes = self.source.read_range(offset, WINDOW)?;
            self.at = offset;
        }
        let from = usize::try_from(offset - self.at).unwrap_or(usize::MAX);
        let rest = self.bytes.get(from..).unwrap_or_default();
        Ok(rest.get(..len).unwrap_or(rest))
    }
}

/// Whether `N G obj` stands there.
fn begins(bytes: &[u8], id: ObjectId) -> bool {
    let mut rest = bytes;
    for number in [id.number, u32::from(id.generation)] {
        let digits = rest.iter().take_while(|c| c.is_ascii_digit()).count();
        let value = rest.iter().take(digits.min(10)).fold(0_u64, |n, c| n * 10 + u64::from(c - b'0'));
        if digits == 0 || value != u64::from(number) {
            return false;
        }
        rest = rest.get(digits..).unwrap_or_default();
        let blank = rest.iter().take_while(|c| is_space(**c)).count();
        rest = rest.get(blank..).unwrap_or_default();
    }
    rest.starts_with(b"obj")
}

fn has_stream(tail: &[u8]) -> bool {
    tail.windows(9).any(|w| w == b"endstream")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_told_apart() {
        let id = ObjectId::new(12, 3);
        for right in [&b"12 3 obj"[..], b"012 00003 obj<<", b"12\r\n3\nobj", b"12 3obj"] {
            assert!(begins(right, id), "{}", String::from_utf8_lossy(right));
        }
        for wrong in [&b"12 3 ob"[..], b"2 3 obj", b"12 4 obj", b" 12 3 obj", b"123 obj", b"", b"99999999999999999999999999999999"] {
            assert!(!begins(wrong, id), "{}", String::from_utf8_lossy(wrong));
        }
    }
}
