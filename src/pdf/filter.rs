//! The PDF room: stream filters (ISO 32000-2 7.4). Takes stored bytes and a stream dictionary, gives decoded bytes within the budget.
//! Image filters are not decoded: no picture is looked at to judge or to sign.

use super::lexer::{hex, is_space};
use super::object::{Dictionary, Object, Span};
use super::source::Source;
use crate::error::{Error, ErrorKind, Result};
use crate::limits::{Budget, MAX_FILTERS, MAX_INFLATE_RATIO, MAX_STREAM_BYTES};

fn damaged(what: &'static str) -> Error {
    Error::new(ErrorKind::PdfDamaged).context(what)
}

/// The stored bytes, bounded.
pub(super) fn read_stored(source: &dyn Source, span: Span) -> Result<Vec<u8>> {
    if span.end > source.len() {
        return Err(damaged("a stream is longer than the file").at(span.start));
    }
    if span.len() > MAX_STREAM_BYTES {
        return Err(Error::new(ErrorKind::LimitReached).context("stored stream bytes").at(span.start));
    }
    source.read_range(span.start, usize::try_from(span.len()).unwrap_or(usize::MAX))
}

/// Applies `/Filter` with `/DecodeParms`, both direct (the caller resolves them).
///
/// # Errors
/// [`ErrorKind::PdfDamaged`], [`ErrorKind::LimitReached`]; [`ErrorKind::PdfUnsupported`] for image and crypt filters.
pub fn decode(dict: &Dictionary, stored: &[u8], budget: &Budget) -> Result<Vec<u8>> {
    let filters: Vec<&[u8]> = match dict.get(b"Filter").or_else(|| dict.get(b"F")) {
        None | Some(Object::Null) => Vec::new(),
        Some(Object::Name(name)) => vec![&**name],
        Some(Object::Array(items)) => {
            items.iter().map(|item| item.as_name().ok_or_else(|| damaged("/Filter is malformed"))).collect::<Result<_>>()?
        }
        Some(_) => return Err(damaged("/Filter is malformed")),
    };
    if filters.len() > MAX_FILTERS {
        return Err(Error::new(ErrorKind::LimitReached).context("filters of one stream"));
    }
    let parms = dict.get(b"DecodeParms").or_else(|| dict.get(b"DP"));
    let mut bytes = std::borrow::Cow::Borrowed(stored);
    for (i, filter) in filters.iter().enumerate() {
        let parm = match parms {
            Some(Object::Array(items)) => items.get(i).and_then(Object::as_dict),
            Some(object) if i == 0 => object.as_dict(),
            _ => None,
        };
        bytes = std::borrow::Cow::Owned(match *filter {
            // By what is stored, not by what an earlier filter has made of it: a bomb in a bomb is one.
            b"FlateDecode" | b"Fl" => predict(inflate(&bytes, cap(stored.len() as u64), budget)?, parm, budget)?,
            b"LZWDecode" | b"LZW" => predict(lzw(&bytes, parm, budget)?, parm, budget)?,
            b"ASCIIHexDecode" | b"AHx" => ascii_hex(&bytes, budget)?,
            b"ASCII85Decode" | b"A85" => ascii85(&bytes, budget)?,
            b"RunLengthDecode" | b"RL" => run_length(&bytes, budget)?,
            _ => return Err(Error::new(ErrorKind::PdfUnsupported).context("a stream filter")),
        });
    }
    Ok(bytes.into_owned())
}

/// A PNG predictor: bytes of a line, and of the step to the left.
#[derive(Clone, Copy, Debug)]
pub(super) struct Png {
    pub(super) line: usize,
    pub(super) pixel: usize,
}

/// A coding that can be undone in passing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Simple {
    /// By Flate, or not at all.
    pub(super) flate: bool,
    /// Behind Flate only.
    pub(super) png: Option<Png>,
}

/// How a stream is coded, if it is by Flate and nothing else but perhaps a PNG predictor, or not at all.
pub(super) fn simple(dict: &Dictionary) -> Result<Option<Simple>> {
    fn first(object: Option<&Object>) -> Option<&Object> {
        match object {
            Some(Object::Array(items)) => items.first(),
            other => other,
        }
    }
    let filters = dict.get(b"Filter").or_else(|| dict.get(b"F"));
    match (filters, first(filters)) {
        (Some(Object::Array(items)), _) if items.len() > 1 => return Ok(None),
        (None | Some(Object::Null), _) | (Some(Object::Array(_)), None) => return Ok(Some(Simple { flate: false, png: None })),
        (_, Some(Object::Name(name))) if matches!(&**name, b"FlateDecode" | b"Fl") => {}
        _ => return Ok(None),
    }
    let parm = first(dict.get(b"DecodeParms").or_else(|| dict.get(b"DP")));
    Ok(match predictor(parm.and_then(Object::as_dict))? {
        Predictor::None => Some(Simple { flate: true, png: None }),
        Predictor::Png(png) => Some(Simple { flate: true, png: Some(png) }),
        Predictor::Tiff { .. } => None,
    })
}

/// How much a stream may inflate to: a bomb announces itself by its ratio.
pub(super) fn cap(stored: u64) -> u64 {
    stored.saturating_mul(MAX_INFLATE_RATIO).saturating_add(1024).min(MAX_STREAM_BYTES)
}

/// RFC 1950 around RFC 1951. The checksum at the end is not looked at and a stream that ends before its last block gives what it has,
/// as every viewer does: Acrobat itself writes such streams.
fn inflate(stored: &[u8], cap: u64, budget: &Budget) -> Result<Vec<u8>> {
    let body = deflated(stored)?;
    if stored.is_empty() {
        return Ok(Vec::new());
    }
    let mut out = Vec::new();
    let mut decoder = flate2::Decompress::new(false);
    let mut chunk = [0_u8; 8192];
    let mut used = 0;
    loop {
        let (consumed, produced) = (decoder.total_in(), decoder.total_out());
        let status = decoder
            .decompress(body.get(used..).unwrap_or_default(), &mut chunk, flate2::FlushDecompress::None)
            .map_err(|_| damaged("a Flate stream is damaged"))?;
        let (consumed, produced) = (decoder.total_in() - consumed, decoder.total_out() - produced);
        used = used.saturating_add(usize::try_from(consumed).unwrap_or(usize::MAX));
        if out.len() as u64 + produced > cap {
            return Err(Error::new(ErrorKind::LimitReached).context("a stream inflates too much"));
        }
        budget.bytes_out(produced)?;
        out.extend_from_slice(chunk.get(..usize::try_from(produced).unwrap_or(0)).unwrap_or_default());
        if status == flate2::Status::StreamEnd || (consumed == 0 && produced == 0) {
            return Ok(out);
        }
    }
}

/// What stands behind the header of RFC 1950; nothing in an empty stream.
pub(super) fn deflated(stored: &[u8]) -> Result<&[u8]> {
    match stored {
        [] => Ok(stored),
        [cmf, flg, body @ ..] if cmf & 0x0F == 8 && flg & 0x20 == 0 && (u16::from(*cmf) * 256 + u16::from(*flg)).is_multiple_of(31) => {
            Ok(body)
        }
        _ => Err(damaged("a Flate stream is damaged")),
    }
}

/// How many of the bytes a zlib stream takes up to the end of its checksum, which must be right (RFC 1950 2.2); `None` if it does not end.
pub(super) fn flate_end(stored: &[u8], budget: &Budget) -> Result<Option<u64>> {
    let cap = cap(stored.len() as u64);
    let mut decoder = flate2::Decompress::new(true);
    let mut chunk = vec![0_u8; 32 << 10];
    loop {
        let (consumed, produced) = (decoder.total_in(), decoder.total_out());
        let rest = usize::try_from(consumed).ok().and_then(|used| stored.get(used..)).unwrap_or_default();
        let Ok(status) = decoder.decompress(rest, &mut chunk, flate2::FlushDecompress::None) else { return Ok(None) };
        if decoder.total_out() > cap {
            return Err(Error::new(ErrorKind::LimitReached).context("a stream inflates too much"));
        }
        budget.bytes_out(decoder.total_out() - produced)?;
        if status == flate2::Status::StreamEnd {
            return Ok(Some(decoder.total_in()));
        }
        if decoder.total_in() == consumed && decoder.total_out() == produced {
            return Ok(None);
        }
    }
}

fn lzw(stored: &[u8], parm: Option<&Dictionary>, budget: &Budget) -> Result<Vec<u8>> {
    let early = parm.and_then(|p| p.get(b"EarlyChange")).and_then(Object::as_i64).unwrap_or(1) != 0;
    let cap = cap(stored.len() as u64);
    let mut out = Vec::new();
    // (previous code, last byte, length) per code from 258 on.
    let mut table: Vec<(u16, u8)> = Vec::new();
    let (mut buffer, mut bits, mut width) = (0_u32, 0_u32, 9_u32);
    let mut previous: Option<u16> = None;
    let mut word = Vec::new();
    let spell = |table: &[(u16, u8)], mut code: u16, word: &mut Vec<u8>| -> Option<()> {
        word.clear();
        while code >= 258 {
            let (before, last) = *table.get(usize::from(code) - 258)?;
            word.push(last);
            code = before;
        }
        word.push(u8::try_from(code).ok()?);
        word.reverse();
        Some(())
    };
    let mut input = stored.iter();
    loop {
        while bits < width {
            let Some(byte) = input.next() else { return Ok(out) };
            buffer = (buffer << 8) | u32::from(*byte);
            bits += 8;
        }
        let code = ((buffer >> (bits - width)) & ((1 << width) - 1)) as u16;
        bits -= width;
        buffer &= (1 << bits) - 1;
        match code {
            256 => {
                table.clear();
                width = 9;
                previous = None;
                continue;
            }
            257 => return Ok(out),
            _ => {}
        }
        let next = 258 + table.len();
        match previous {
            None => spell(&table, code, &mut word).ok_or_else(|| damaged("an LZW stream is damaged"))?,
            Some(before) if usize::from(code) < next => {
                spell(&table, code, &mut word).ok_or_else(|| damaged("an LZW stream is damaged"))?;
                if next < 4096 {
                    table.push((before, word[0]));
                }
            }
            Some(before) if usize::from(code) == next && next < 4096 => {
                spell(&table, before, &mut word).ok_or_else(|| damaged("an LZW stream is damaged"))?;
                let first = word[0];
                word.push(first);
                table.push((before, first));
            }
            Some(_) => return Err(damaged("an LZW stream is damaged")),
        }
        previous = Some(code);
        if out.len() as u64 + word.len() as u64 > cap {
            return Err(Error::new(ErrorKind::LimitReached).context("a stream inflates too much"));
        }
        budget.bytes_out(word.len() as u64)?;
        out.extend_from_slice(&word);
        let used = 258 + table.len() + usize::from(early);
        width = match used {
            0..=511 => 9,
            512..=1023 => 10,
            1024..=2047 => 11,
            _ => 12,
        };
    }
}

fn ascii_hex(stored: &[u8], budget: &Budget) -> Result<Vec<u8>> {
    budget.bytes_out(stored.len() as u64 / 2)?;
    let mut out = Vec::new();
    let mut high = None;
    for c in stored.iter().filter(|c| !is_space(**c)) {
        if *c == b'>' {
            break;
        }
        let digit = hex(*c).ok_or_else(|| damaged("an ASCIIHex stream is damaged"))?;
        match high.take() {
            Some(h) => out.push(h << 4 | digit),
            None => high = Some(digit),
        }
    }
    out.extend(high.map(|h| h << 4));
    Ok(out)
}

fn ascii85(stored: &[u8], budget: &Budget) -> Result<Vec<u8>> {
    budget.bytes_out(stored.len() as u64 * 4)?;
    let wrong = || damaged("an ASCII85 stream is damaged");
    let mut out = Vec::new();
    let (mut group, mut n) = (0_u64, 0);
    for c in stored.iter().filter(|c| !is_space(**c)) {
        match *c {
            b'~' => break,
            b'z' if n == 0 => out.extend_from_slice(&[0; 4]),
            c @ b'!'..=b'u' => {
                group = group * 85 + u64::from(c - b'!');
                n += 1;
                if n == 5 {
                    out.extend_from_slice(&u32::try_from(group).map_err(|_| wrong())?.to_be_bytes());
                    (group, n) = (0, 0);
                }
            }
            _ => return Err(wrong()),
        }
    }
    if n == 1 {
        return Err(wrong());
    }
    if n > 1 {
        for _ in n..5 {
            group = group * 85 + 84;
        }
        out.extend_from_slice(&u32::try_from(group).map_err(|_| wrong())?.to_be_bytes()[..n - 1]);
    }
    Ok(out)
}

fn run_length(stored: &[u8], budget: &Budget) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let mut rest = stored;
    while let [length, tail @ ..] = rest {
        match *length {
            128 => break,
            n @ 0..=127 => {
                let n = usize::from(n) + 1;
                let run = tail.get(..n).ok_or_else(|| damaged("a RunLength stream is damaged"))?;
                budget.bytes_out(n as u64)?;
                out.extend_from_slice(run);
                rest = &tail[n..];
            }
            n => {
                let (byte, tail) = tail.split_first().ok_or_else(|| damaged("a RunLength stream is damaged"))?;
                let n = 257 - usize::from(n);
                budget.bytes_out(n as u64)?;
                out.resize(out.len() + n, *byte);
                rest = tail;
            }
        }
        if out.len() as u64 > MAX_STREAM_BYTES {
            return Err(Error::new(ErrorKind::LimitReached).context("a stream inflates too much"));
        }
    }
    Ok(out)
}

/// What `/DecodeParms` says of a predictor (ISO 32000-2 7.4.4.4).
enum Predictor {
    None,
    Tiff { png: Png, bits: usize },
    Png(Png),
}

fn predictor(parm: Option<&Dictionary>) -> Result<Predictor> {
    let Some(parm) = parm else { return Ok(Predictor::None) };
    let number = |key: &[u8], default: i64| parm.get(key).and_then(Object::as_i64).unwrap_or(default);
    let kind = number(b"Predictor", 1);
    if kind <= 1 {
        return Ok(Predictor::None);
    }
    let wrong = || damaged("a predictor's parameters are out of range");
    let part = |key: &[u8], default, max| usize::try_from(number(key, default)).ok().filter(|n| (1..=max).contains(n)).ok_or_else(wrong);
    let (colors, bits, columns) = (part(b"Colors", 1, 256)?, part(b"BitsPerComponent", 8, 16)?, part(b"Columns", 1, 1 << 24)?);
    let png = Png { line: (colors * bits * columns).div_ceil(8), pixel: (colors * bits).div_ceil(8) };
    Ok(if kind == 2 { Predictor::Tiff { png, bits } } else { Predictor::Png(png) })
}

/// Undoes the predictor.
fn predict(bytes: Vec<u8>, parm: Option<&Dictionary>, budget: &Budget) -> Result<Vec<u8>> {
    let png = match predictor(parm)? {
        Predictor::None => return Ok(bytes),
        Predictor::Tiff { bits, .. } if bits != 8 => {
            return Err(Error::new(ErrorKind::PdfUnsupported).context("a TIFF predictor of this depth"));
        }
        Predictor::Tiff { png, .. } => {
            budget.bytes_out(bytes.len() as u64)?;
            let mut bytes = bytes;
            for line in bytes.chunks_mut(png.line) {
                for i in png.pixel..line.len() {
                    line[i] = line[i].wrapping_add(line[i - png.pixel]);
                }
            }
            return Ok(bytes);
        }
        Predictor::Png(png) => png,
    };
    budget.bytes_out(bytes.len() as u64)?;
    let mut out: Vec<u8> = Vec::new();
    let mut above = vec![0_u8; png.line.min(bytes.len())];
    for line in bytes.chunks(png.line + 1) {
        let (kind, data) = line.split_first().ok_or_else(|| damaged("a predictor's parameters are out of range"))?;
        let mut current = data.to_vec();
        undo_line(*kind, &mut current, &above, png.pixel)?;
        out.extend_from_slice(&current);
        above = current;
    }
    Ok(out)
}

/// Undoes one line of a PNG predictor in place; `kind` is its tag, `above` the line before as decoded.
pub(super) fn undo_line(kind: u8, line: &mut [u8], above: &[u8], pixel: usize) -> Result<()> {
    if kind == 2 {
        // The common one.
        line.iter_mut().zip(above).for_each(|(byte, up)| *byte = byte.wrapping_add(*up));
        return Ok(());
    }
    for i in 0..line.len() {
        let left = if i >= pixel { line[i - pixel] } else { 0 };
        let up = above.get(i).copied().unwrap_or(0);
        let corner = if i >= pixel { above.get(i - pixel).copied().unwrap_or(0) } else { 0 };
        let guess = match kind {
            0 => 0,
            1 => left,
            3 => ((u16::from(left) + u16::from(up)) / 2) as u8,
            4 => paeth(left, up, corner),
            _ => return Err(damaged("a PNG predictor tag is unknown")),
        };
        line[i] = line[i].wrapping_add(guess);
    }
    Ok(())
}

pub(super) fn paeth(a: u8, b: u8, c: u8) -> u8 {
    let (ia, ib, ic) = (i16::from(a), i16::from(b), i16::from(c));
    let p = ia + ib - ic;
    let (pa, pb, pc) = ((p - ia).abs(), (p - ib).abs(), (p - ic).abs());
    if pa <= pb && pa <= pc {
        a
    } else if pb <= pc {
        b
    } else {
        c
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;
    use std::io::Write;

    fn budget() -> Budget {
        Budget::for_len(0)
    }

    #[test]
    fn text_filters() {
        assert_eq!(ascii_hex(b"48 65 6C6c 6F>", &budget()).unwrap(), b"Hello");
        assert_eq!(ascii85(b"87cURD]i,\"Ebo80~>", &budget()).unwrap(), b"Hello World!");
        assert_eq!(run_length(&[2, b'a', b'b', b'c', 254, b'x', 128], &budget()).unwrap(), b"abcxxx");
        // The example of ISO 32000-2 7.4.4.2.
        assert_eq!(
            lzw(&[0x80, 0x0B, 0x60, 0x50, 0x22, 0x0C, 0x0C, 0x85, 0x01], None, &budget()).unwrap(),
            [45, 45, 45, 45, 45, 65, 45, 45, 45, 66]
        );
    }

    #[test]
    fn a_stream_without_its_end_gives_what_it_has() {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(b"twelve bytes").unwrap();
        let whole = encoder.finish().unwrap();
        assert_eq!(inflate(&whole, cap(12), &budget()).unwrap(), b"twelve bytes");
        assert_eq!(inflate(&whole[..whole.len() - 4], cap(12), &budget()).unwrap(), b"twelve bytes");
        assert!(inflate(b"no deflate", cap(10), &budget()).is_err());
    }

    #[test]
    fn a_bomb_is_refused_before_it_grows() {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(&vec![0; 80 << 20]).unwrap();
        let bomb = encoder.finish().unwrap();
        assert_eq!(inflate(&bomb, cap(bomb.len() as u64), &budget()).unwrap_err().kind(), ErrorKind::LimitReached);
    }

    #[test]
    fn png_rows_are_undone() {
        let parm = Dictionary::new().with(b"Predictor", 12).with(b"Columns", 3);
        assert_eq!(predict(vec![0, 1, 2, 3, 2, 1, 1, 1], Some(&parm), &budget()).unwrap(), [1, 2, 3, 2, 3, 4]);
        let parm = Dictionary::new().with(b"Predictor", 12).with(b"Columns", -3);
        assert!(predict(vec![0], Some(&parm), &budget()).is_err());
    }
}
