//! A file around the bytes of the fuzzer, so that they are reached: objects as given, with cross-reference sections that are right.
//!
//! The text is a row of revisions divided by `%%EOF`. In a revision every `N G obj` is entered at its place; a line `%packed 9 10 11`
//! enters 10 and 11 as the members of object stream 9, and makes the section a stream, as does `%stream`; what follows `trailer` goes
//! into the trailer dictionary. Everything else is the fuzzer's own.

use std::collections::BTreeMap;

enum Place {
    At(usize, u16),
    In(u32, usize),
}

/// Object numbers beyond this are not entered: a table of them all would drown what is looked for.
const HIGHEST: u32 = 199;

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

/// The number that ends at `end`, and where it begins.
fn number_before(bytes: &[u8], end: usize) -> Option<(u32, usize)> {
    let start = bytes[..end].iter().rposition(|c| !c.is_ascii_digit()).map_or(0, |at| at + 1);
    let text = std::str::from_utf8(bytes.get(start..end)?).ok()?;
    Some((text.parse().ok()?, start))
}

fn objects(body: &[u8], base: usize) -> BTreeMap<u32, Place> {
    let mut found = BTreeMap::new();
    let mut at = 0;
    while let Some(next) = find(&body[at..], b" obj") {
        let word = at + next;
        at = word + 4;
        let Some((generation, start)) = number_before(body, word) else { continue };
        let Some((number, first)) = start.checked_sub(1).and_then(|end| number_before(body, end)) else { continue };
        if let Ok(generation) = u16::try_from(generation)
            && (1..=HIGHEST).contains(&number)
        {
            found.insert(number, Place::At(base + first, generation));
        }
    }
    let mut at = 0;
    while let Some(next) = find(&body[at..], b"%packed") {
        at += next + 7;
        let line = body[at..].split(|c| *c == b'\n' || *c == b'\r').next().unwrap_or(&[]);
        let text = String::from_utf8_lossy(line);
        let mut numbers = text.split_whitespace().filter_map(|word| word.parse::<u32>().ok()).filter(|n| (1..=HIGHEST).contains(n));
        let Some(container) = numbers.next() else { continue };
        for (index, number) in numbers.enumerate().take(50) {
            found.insert(number, Place::In(container, index));
        }
    }
    found
}

/// The whole file.
pub(crate) fn framed(text: &[u8]) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let mut previous = None;
    let mut rest = text;
    for _ in 0..40 {
        let (piece, more) = match find(rest, b"%%EOF") {
            Some(at) => (&rest[..at], Some(&rest[at + 5..])),
            None => (rest, None),
        };
        let (body, extra) = match find(piece, b"trailer") {
            Some(at) => (&piece[..at], &piece[at + 7..]),
            None => (piece, &[][..]),
        };
        let base = out.len();
        out.extend_from_slice(body);
        out.push(b'\n');
        let places = objects(body, base);
        previous = Some(section(&mut out, &places, extra, previous, find(body, b"%stream").is_some()));
        match more {
            Some(more) if !more.is_empty() => rest = more,
            _ => break,
        }
    }
    out
}

fn section(out: &mut Vec<u8>, places: &BTreeMap<u32, Place>, extra: &[u8], previous: Option<usize>, stream: bool) -> usize {
    let at = out.len();
    let prev = previous.map(|prev| format!("/Prev {prev}")).unwrap_or_default();
    let own = HIGHEST + 1;
    let trailer = format!("/Size {}/Root 1 0 R/ID[<01><02>]{prev}", own + 1);
    if stream || places.values().any(|place| matches!(place, Place::In(..))) {
        let mut rows = Vec::new();
        let mut index = String::new();
        for (number, place) in places {
            let (kind, a, b) = match place {
                Place::At(offset, generation) => (1, *offset, usize::from(*generation)),
                Place::In(container, index) => (2, *container as usize, *index),
            };
            rows.push(kind);
            rows.extend_from_slice(&(a as u32).to_be_bytes());
            rows.extend_from_slice(&(b as u16).to_be_bytes());
            index.push_str(&format!("{number} 1 "));
        }
        rows.push(1);
        rows.extend_from_slice(&(at as u32).to_be_bytes());
        rows.extend_from_slice(&[0, 0]);
        index.push_str(&format!("{own} 1"));
        out.extend_from_slice(format!("{own} 0 obj\n<</Type/XRef/W[1 4 2]/Index[{index}]/Length {}{trailer}", rows.len()).as_bytes());
        out.extend_from_slice(extra);
        out.extend_from_slice(b">>\nstream\n");
        out.extend_from_slice(&rows);
        out.extend_from_slice(b"\nendstream\nendobj\n");
    } else {
        out.extend_from_slice(b"xref\n");
        if previous.is_none() {
            out.extend_from_slice(b"0 1\n0000000000 65535 f \n");
        }
        for (number, place) in places {
            if let Place::At(offset, generation) = place {
                out.extend_from_slice(format!("{number} 1\n{offset:010} {generation:05} n \n").as_bytes());
            }
        }
        out.extend_from_slice(format!("trailer\n<<{trailer}").as_bytes());
        out.extend_from_slice(extra);
        out.extend_from_slice(b">>\n");
    }
    out.extend_from_slice(format!("startxref\n{at}\n%%EOF\n").as_bytes());
    at
}

/// Reads whatever there is, as of every revision: entries, objects, streams, pages, facts.
pub(crate) fn walk(document: &thrivosign::pdf::Document<'_>) {
    use thrivosign::pdf::{Section, XrefEntry};
    for revision in 0..document.revisions().len().min(4) {
        let view = document.at(revision);
        let _ = view.catalog();
        let numbers = document.sections(revision).iter().map(Section::numbers_end).max().unwrap_or(0);
        for number in 0..u32::try_from(numbers.min(u64::from(HIGHEST) + 2)).unwrap_or(0) {
            let id = match view.entry(number) {
                Ok(Some(XrefEntry::Offset { generation, .. })) => thrivosign::pdf::ObjectId::new(number, generation),
                _ => thrivosign::pdf::ObjectId::new(number, 0),
            };
            let Ok(found) = view.object(id) else { continue };
            if let Some(stream) = found.object.as_stream() {
                let _ = view.stored_data(stream);
                let _ = view.stream_data(stream);
            }
            let _ = view.page_number(id);
        }
        if let Ok(count) = view.page_count() {
            for index in 0..count.min(3) {
                let _ = view.page(index);
            }
        }
    }
    let _ = document.has_lost_objects();
    let _ = thrivosign::inspect::inspect(document);
}
