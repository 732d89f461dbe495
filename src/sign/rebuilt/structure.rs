//! The sign room: the form of a foreign revision. Takes its bytes, gives the objects in it; every byte is white space, part of one
//! of these objects, or part of the one cross-reference section that names exactly them.

use super::refused;
use crate::error::Result;
use crate::pdf::{Dictionary, Document, Lexer, Object, ObjectId, SectionKind, StreamData, Token, XrefEntry};
use std::collections::BTreeMap;

const fn is_space(c: u8) -> bool {
    matches!(c, 0 | 9 | 10 | 12 | 13 | 32)
}

/// The numbers of all objects in `revision`, which stands behind `document` in `file`.
pub(super) fn check(document: &Document<'_>, file: &Document<'_>, revision: &[u8]) -> Result<Vec<ObjectId>> {
    let base = document.source().len();
    let count = document.revisions().len();
    let (Some(before), Some(last)) = (document.revisions().last(), file.revisions().last()) else {
        return Err(refused("it is no revision"));
    };
    if file.has_dead_tail() || file.revisions().len() != count + 1 || file.base() != document.base() || last.sections_span.start < base {
        return Err(refused("it is not exactly one more revision"));
    }
    let kind = if before.kind == SectionKind::Stream { SectionKind::Stream } else { SectionKind::Table };
    let sections = file.sections(count);
    let [section] = sections else { return Err(refused("it has more than one cross-reference section")) };
    if section.kind != kind {
        return Err(refused("its cross-reference section is of the other kind"));
    }
    let start = usize::try_from(section.span.start - base).unwrap_or(usize::MAX);
    let end = usize::try_from(section.span.end.saturating_sub(base)).unwrap_or(usize::MAX);
    let (Some(objects), Some(xref), Some(tail)) = (revision.get(..start), revision.get(start..end), revision.get(end..)) else {
        return Err(refused("it is no revision"));
    };
    let mut offsets = walk(file, objects, base)?;
    trailer(document, file, &section.trailer, kind, &offsets)?;
    if kind == SectionKind::Table {
        no_comments(xref)?;
    } else {
        let number = section.number.ok_or_else(|| refused("its cross-reference section has no number"))?;
        let id = ObjectId::new(number, 0);
        let known = !matches!(document.latest().entry(number)?, None | Some(XrefEntry::Free));
        if known || offsets.insert(id, section.span.start).is_some() {
            return Err(refused("its cross-reference section takes the number of an object"));
        }
        if !xref.ends_with(b"endobj") {
            return Err(refused("its cross-reference section is malformed"));
        }
        head_without_comments(xref)?;
    }
    named(file, section, &offsets)?;
    // `startxref N %%EOF`, N as it must be, and at most one line end.
    let words: Vec<&[u8]> = tail.split(|c| is_space(*c)).filter(|word| !word.is_empty()).collect();
    let named = (section.span.start - document.base()).to_string();
    let line_end = [&b"%%EOF"[..], b"%%EOF\n", b"%%EOF\r", b"%%EOF\r\n"].iter().any(|end| tail.ends_with(end));
    if words != [&b"startxref"[..], named.as_bytes(), b"%%EOF"] || !line_end {
        return Err(refused("its end is malformed"));
    }
    if kind == SectionKind::Stream {
        offsets.retain(|id, _| Some(id.number) != section.number);
    }
    Ok(offsets.into_keys().collect())
}

/// Object after object, white space between them.
fn walk(file: &Document<'_>, objects: &[u8], base: u64) -> Result<BTreeMap<ObjectId, u64>> {
    let view = file.latest();
    let mut offsets = BTreeMap::new();
    let mut at = 0;
    loop {
        at += objects.get(at..).unwrap_or_default().iter().take_while(|c| is_space(**c)).count();
        let Some(rest) = objects.get(at..).filter(|rest| !rest.is_empty()) else { return Ok(offsets) };
        let mut lexer = Lexer::new(rest);
        let (Token::Integer(number), Token::Integer(generation), Token::Keyword(b"obj")) =
            (lexer.next_token(), lexer.next_token(), lexer.next_token())
        else {
            return Err(refused("there is something between its objects"));
        };
        let (Ok(number), Ok(generation)) = (u32::try_from(number), u16::try_from(generation)) else {
            return Err(refused("an object number is out of range"));
        };
        let id = ObjectId::new(number, generation);
        let offset = base + at as u64;
        // Read as a viewer does, by number; it must be the very object that stands here.
        let found = view.object(id)?;
        if found.span.start != offset || found.container.is_some() || offsets.insert(id, offset).is_some() {
            return Err(refused("an object is not where the cross-reference section says"));
        }
        let end = usize::try_from(found.span.end - base).unwrap_or(usize::MAX);
        let Some(text) = objects.get(at..end).filter(|text| text.ends_with(b"endobj")) else {
            return Err(refused("an object has no end"));
        };
        match &found.object {
            Object::Stream(stream) => {
                head_without_comments(text)?;
                let StreamData::At(data) = stream.data else { return Err(refused("a stream is malformed")) };
                let behind = usize::try_from(data.end - base).ok().and_then(|end| text.get(end.checked_sub(at)?..));
                let words: Option<Vec<&[u8]>> = behind.map(|b| b.split(|c| is_space(*c)).filter(|word| !word.is_empty()).collect());
                if words.as_deref() != Some(&[&b"endstream"[..], b"endobj"]) {
                    return Err(refused("a stream has no end"));
                }
            }
            Object::Null => return Err(refused("it removes an object")),
            _ => no_comments(text)?,
        }
        at = end;
    }
}

/// Between tokens nothing but white space: a comment is where another `%%EOF` or a second reading would hide.
fn no_comments(text: &[u8]) -> Result<()> {
    tokens(text, false)
}

/// The same up to `stream`.
fn head_without_comments(text: &[u8]) -> Result<()> {
    tokens(text, true)
}

fn tokens(text: &[u8], to_stream: bool) -> Result<()> {
    let mut lexer = Lexer::new(text);
    let mut end = 0;
    loop {
        let token = lexer.next_token();
        let start = if token == Token::Eof { text.len() } else { lexer.token_start() };
        if !text.get(end..start).is_some_and(|gap| gap.iter().all(|c| is_space(*c))) {
            return Err(refused("it has a comment"));
        }
        end = lexer.position();
        match token {
            Token::Eof => return if to_stream { Err(refused("a stream is malformed")) } else { Ok(()) },
            Token::Invalid => return Err(refused("an object is malformed")),
            Token::Keyword(b"stream") if to_stream => return Ok(()),
            _ => {}
        }
    }
}

/// What the trailer may say (ISO 32000-2 table 15 and 17).
fn trailer(
    document: &Document<'_>,
    file: &Document<'_>,
    trailer: &Dictionary,
    kind: SectionKind,
    offsets: &BTreeMap<ObjectId, u64>,
) -> Result<()> {
    let old = document.latest();
    let own: &[&[u8]] = match kind {
        SectionKind::Table => &[],
        SectionKind::Stream => &[b"Type", b"Index", b"W", b"Length", b"Filter", b"DecodeParms"],
    };
    if trailer.duplicate().is_some() || trailer.entries().any(|entry| entry.escaped) {
        return Err(refused("its trailer has a key twice or in disguise"));
    }
    for (key, value) in trailer.iter() {
        match key {
            b"Root" | b"Info" | b"Encrypt" if old.trailer().get(key) == Some(value) => {}
            b"Root" | b"Info" | b"Encrypt" => return Err(refused("its trailer names another catalog, info or encryption")),
            b"Size" | b"Prev" | b"ID" => {}
            key if own.contains(&key) => {}
            _ => return Err(refused("its trailer has a key that is not allowed")),
        }
    }
    for key in [&b"Root"[..], b"Info", b"Encrypt"] {
        if old.trailer().get(key).is_some() && trailer.get(key).is_none() {
            return Err(refused("its trailer drops a key"));
        }
    }
    let integer = |key: &[u8]| trailer.get(key).and_then(Object::as_i64).and_then(|n| u64::try_from(n).ok());
    let previous = document.revisions().last().map(|r| r.xref.saturating_sub(document.base()));
    if integer(b"Prev") != previous {
        return Err(refused("its /Prev is wrong"));
    }
    let highest = offsets
        .keys()
        .map(|id| u64::from(id.number))
        .chain(file.sections(document.revisions().len()).iter().filter_map(|s| s.number.map(u64::from)));
    let used = (0..document.revisions().len()).flat_map(|r| document.sections(r)).map(crate::pdf::Section::numbers_end).max().unwrap_or(0);
    let size = old.trailer().get(b"Size").and_then(Object::as_i64).and_then(|n| u64::try_from(n).ok()).unwrap_or(0);
    let least = highest.max().map_or(0, |n| n + 1);
    // Not below what is used, and not beyond: the next update counts from here.
    if !integer(b"Size").is_some_and(|n| n >= least && n >= size && n <= least.max(size).max(used)) {
        return Err(refused("its /Size is wrong"));
    }
    let ids = |dict: &Dictionary| match dict.get(b"ID") {
        Some(Object::Array(ids)) if ids.len() == 2 => {
            Some((ids[0].as_string().map(<[u8]>::to_vec), ids[1].as_string().is_some_and(|id| id.len() <= 64)))
        }
        _ => None,
    };
    match (old.get(old.trailer(), b"ID")?, trailer.get(b"ID")) {
        (Object::Null, None) => Ok(()),
        (before, Some(_)) => {
            let Some((first, true)) = ids(trailer) else { return Err(refused("its /ID is malformed")) };
            let kept = before.as_array().and_then(|ids| ids.first()).and_then(Object::as_string).map(<[u8]>::to_vec);
            if kept.is_some() && kept != first { Err(refused("its /ID is another document's")) } else { Ok(()) }
        }
        _ => Err(refused("its /ID is missing")),
    }
}

/// The section names these objects at these places, and no other; entry 0 may be repeated.
fn named(file: &Document<'_>, section: &crate::pdf::Section, offsets: &BTreeMap<ObjectId, u64>) -> Result<()> {
    let mut seen = 0;
    section.for_each(file.source(), file.budget(), |number, entry| match entry {
        XrefEntry::Free if number == 0 => Ok(()),
        XrefEntry::Offset { offset, generation } if offsets.get(&ObjectId::new(number, generation)) == Some(&offset) => {
            seen += 1;
            Ok(())
        }
        _ => Err(refused("its cross-reference section names something else")),
    })?;
    if seen == offsets.len() { Ok(()) } else { Err(refused("its cross-reference section does not name every object once")) }
}
