//! The PDF room: content streams (ISO 32000-2 7.8.2). Takes decoded bytes, gives one operation after the other. Draws nothing.
//!
//! Inline images are the one place where readers may disagree on where data ends and operators go on. Their end is computed here
//! (from the dimensions, or from the filter's own end mark) and must be followed by `EI`; what has no computable end is an error,
//! never a search for two letters that an author can plant.

use super::lexer::{Token, is_space};
use super::object::{Dictionary, Entry, Object, PdfString, Span};
use super::parser::{ParseFailure, Parser};
use crate::error::{Error, ErrorKind, Result};
use crate::limits::Budget;

/// Most operands in front of one operator.
const MAX_OPERANDS: usize = 256;

/// One operator with what stands before it. An inline image comes as `BI` with its dictionary as the only operand.
#[derive(Debug, PartialEq)]
pub struct Operation<'a> {
    /// The operator.
    pub operator: &'a [u8],
    /// Its operands.
    pub operands: Vec<Object>,
}

/// Reads operations.
pub struct Content<'a, 'b> {
    parser: Parser<'a, 'b>,
    budget: &'b Budget,
}

fn damaged(what: &'static str, at: usize) -> Error {
    Error::new(ErrorKind::PdfDamaged).context(what).at(at as u64)
}

impl<'a, 'b> Content<'a, 'b> {
    /// Over a whole content stream, the parts of a page's `/Contents` joined by white space.
    #[must_use]
    pub const fn new(bytes: &'a [u8], budget: &'b Budget) -> Content<'a, 'b> {
        Content { parser: Parser::new(bytes, 0, budget), budget }
    }

    /// The next operation; `None` at the end. Operands behind the last operator are no operation.
    ///
    /// # Errors
    /// [`ErrorKind::PdfDamaged`] with the position in the stream; [`ErrorKind::PdfUnsupported`] for an inline image whose end cannot
    /// be computed; [`ErrorKind::LimitReached`].
    pub fn next_operation(&mut self) -> Result<Option<Operation<'a>>> {
        let mut operands = Vec::new();
        loop {
            self.budget.step(1)?;
            let token = self.parser.lexer.next_token();
            let start = self.parser.lexer.token_start();
            let operand = match token {
                Token::Eof => return Ok(None),
                Token::Integer(n) => Object::Integer(n),
                Token::Real(r) => Object::Real(r),
                Token::String { bytes, hex, .. } => Object::String(PdfString { bytes, hex }),
                Token::Name { bytes, .. } => Object::Name(bytes),
                Token::ArrayOpen | Token::DictOpen => {
                    self.parser.lexer.seek(start);
                    self.parser.object()?
                }
                Token::Keyword(b"true") => Object::Boolean(true),
                Token::Keyword(b"false") => Object::Boolean(false),
                Token::Keyword(b"null") => Object::Null,
                Token::Keyword(b"BI") => {
                    let image = self.inline_image()?;
                    return Ok(Some(Operation { operator: b"BI", operands: vec![Object::Dictionary(image)] }));
                }
                Token::Keyword(operator) => return Ok(Some(Operation { operator, operands })),
                Token::ArrayClose | Token::DictClose | Token::Invalid => return Err(damaged("a content stream is malformed", start)),
            };
            if operands.len() >= MAX_OPERANDS {
                return Err(Error::new(ErrorKind::LimitReached).context("operands of one operator").at(start as u64));
            }
            operands.push(operand);
        }
    }

    /// Behind `BI`: pairs up to `ID`, the data, `EI` (ISO 32000-2 8.9.7).
    fn inline_image(&mut self) -> Result<Dictionary> {
        let mut image = Dictionary::new();
        loop {
            let key = match self.parser.token().map_err(|failure| failure.into_error(0))? {
                Token::Keyword(b"ID") => break,
                Token::Name { bytes, escaped } if image.len() < MAX_OPERANDS => (bytes, escaped),
                _ => return Err(damaged("an inline image is malformed", self.parser.lexer.token_start())),
            };
            let value = self.parser.parse().map_err(|failure: ParseFailure| failure.into_error(0))?;
            image.push(Entry { key: key.0, escaped: key.1, value, span: Span::default() });
        }
        let bytes = self.parser.lexer.bytes();
        let mut start = self.parser.lexer.position();
        // One white-space character separates ID from the data; text filters may have more, which they skip themselves.
        start += usize::from(bytes.get(start).is_some_and(|c| is_space(*c)));
        let data = bytes.get(start..).unwrap_or(&[]);
        let mut ends: Vec<usize> = lengths(&image, data, self.budget)?.into_iter().filter(|n| followed_by_ei(data, *n)).collect();
        ends.dedup();
        let [length] = ends[..] else {
            return Err(Error::new(ErrorKind::PdfUnsupported).context("an inline image whose end is not certain").at(start as u64));
        };
        self.budget.step(length as u64 / 8)?;
        self.parser.lexer.seek(start + length);
        // `EI` itself.
        self.parser.lexer.next_token();
        Ok(image)
    }
}

fn followed_by_ei(data: &[u8], length: usize) -> bool {
    let Some(rest) = data.get(length..) else { return false };
    let skipped = rest.iter().take_while(|c| is_space(**c)).count();
    let rest = rest.get(skipped..).unwrap_or(&[]);
    rest.starts_with(b"EI") && rest.get(2).is_none_or(|c| is_space(*c) || super::lexer::is_delimiter(*c))
}

/// How long the data may be: one length, or one for each number of components that a named colour space may have.
fn lengths(image: &Dictionary, data: &[u8], budget: &Budget) -> Result<Vec<usize>> {
    let get = |short: &str, long: &str| image.get(short).or_else(|| image.get(long));
    let filter = match get("F", "Filter") {
        Some(Object::Array(items)) => items.first(),
        other => other,
    };
    if let Some(filter) = filter.and_then(Object::as_name) {
        return Ok(filtered_length(filter, data, budget)?.into_iter().collect());
    }
    let whole = |short: &str, long: &str| get(short, long).and_then(Object::as_i64).and_then(|n| usize::try_from(n).ok());
    let (Some(width), Some(height)) = (whole("W", "Width"), whole("H", "Height")) else { return Ok(Vec::new()) };
    let mask = get("IM", "ImageMask").and_then(Object::as_bool) == Some(true);
    let bits = if mask { 1 } else { whole("BPC", "BitsPerComponent").unwrap_or(0) };
    let components: &[usize] = match get("CS", "ColorSpace") {
        _ if mask => &[1],
        Some(Object::Name(name)) => match &**name {
            b"G" | b"DeviceGray" | b"CalGray" => &[1],
            b"RGB" | b"DeviceRGB" | b"CalRGB" => &[3],
            b"CMYK" | b"DeviceCMYK" => &[4],
            _ => &[1, 3, 4],
        },
        Some(Object::Array(_)) => &[1],
        _ => return Ok(Vec::new()),
    };
    let length = |n: &usize| width.checked_mul(*n)?.checked_mul(bits)?.div_ceil(8).checked_mul(height);
    Ok(components.iter().filter_map(length).collect())
}

/// Where the filter's own end mark ends the data.
fn filtered_length(filter: &[u8], data: &[u8], budget: &Budget) -> Result<Option<usize>> {
    let position = |mark: &[u8]| data.windows(mark.len()).position(|w| w == mark).map(|at| at + mark.len());
    Ok(match filter {
        b"AHx" | b"ASCIIHexDecode" => position(b">"),
        b"A85" | b"ASCII85Decode" => position(b"~>"),
        b"RL" | b"RunLengthDecode" => {
            let mut at = 0_usize;
            loop {
                match data.get(at) {
                    None => break None,
                    Some(128) => break Some(at + 1),
                    Some(n @ 0..=127) => at += usize::from(*n) + 2,
                    Some(_) => at += 2,
                }
            }
        }
        b"Fl" | b"FlateDecode" => {
            let mut inflate = flate2::Decompress::new(true);
            let mut sink = [0_u8; 8192];
            loop {
                let (before, made) = (usize::try_from(inflate.total_in()).unwrap_or(usize::MAX), inflate.total_out());
                let rest = data.get(before..).unwrap_or(&[]);
                let status = inflate.decompress(rest, &mut sink, flate2::FlushDecompress::None);
                budget.bytes_out(inflate.total_out() - made)?;
                let after = usize::try_from(inflate.total_in()).unwrap_or(usize::MAX);
                match status {
                    Ok(flate2::Status::StreamEnd) => break Some(after),
                    Ok(_) if after > before || inflate.total_out() > made => {}
                    _ => break None,
                }
            }
        }
        b"DCT" | b"DCTDecode" => jpeg_length(data),
        _ => None,
    })
}

/// From SOI to EOI by the segments' own lengths (ITU-T T.81 B.1).
fn jpeg_length(data: &[u8]) -> Option<usize> {
    let mut at = if data.starts_with(&[0xFF, 0xD8]) { 2 } else { return None };
    loop {
        if *data.get(at)? != 0xFF {
            return None;
        }
        match *data.get(at + 1)? {
            0xFF => at += 1,
            0xD9 => return Some(at + 2),
            0x01 | 0xD0..=0xD8 => at += 2,
            marker => {
                let length = usize::from(*data.get(at + 2)?) << 8 | usize::from(*data.get(at + 3)?);
                at += 2 + length.max(2);
                if marker == 0xDA {
                    // Entropy-coded data: a marker is FF not followed by 00 or a restart.
                    while !matches!((data.get(at)?, data.get(at + 1)?), (0xFF, n) if *n != 0 && !(0xD0..=0xD7).contains(n)) {
                        at += 1;
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn operators(bytes: &[u8]) -> Result<Vec<(String, usize)>> {
        let budget = Budget::for_len(0);
        let mut content = Content::new(bytes, &budget);
        let mut found = Vec::new();
        while let Some(operation) = content.next_operation()? {
            found.push((String::from_utf8_lossy(operation.operator).into_owned(), operation.operands.len()));
        }
        Ok(found)
    }

    fn names(bytes: &[u8]) -> String {
        operators(bytes).unwrap().iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn operands_and_operators() {
        let found = operators(b"q 1 0 0 1 10 20.5 cm/F1 12 Tf[(a)-20<41>]TJ(x)' T* /P<</MCID 0>>BDC f* 1 2").unwrap();
        let found: Vec<(&str, usize)> = found.iter().map(|(name, n)| (name.as_str(), *n)).collect();
        assert_eq!(found, [("q", 0), ("cm", 6), ("Tf", 2), ("TJ", 1), ("'", 1), ("T*", 0), ("BDC", 2), ("f*", 0)]);
    }

    #[test]
    fn inline_images_end_where_their_data_ends() {
        let zlib = |bytes: &[u8]| {
            let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
            encoder.write_all(bytes).unwrap();
            encoder.finish().unwrap()
        };
        let image = |dict: &str, data: &[u8]| [format!("q BI {dict} ID ").as_bytes(), data, b" EI Q"].concat();
        // Each holds an " EI " that is data.
        assert_eq!(names(&image("/W 4/H 1/BPC 8/CS/G", b" EI ")), "q BI Q");
        assert_eq!(names(&image("/W 2/H 1/BPC 8/CS/RGB", b" EI S ")), "q BI Q");
        assert_eq!(names(&image("/W 8/H 4/IM true", b" EI ")), "q BI Q");
        assert_eq!(names(&image("/W 2/H 1/BPC 8/CS/Named", b" EI S ")), "q BI Q");
        assert_eq!(names(&image("/W 1/H 1/F/AHx", b"41 EI 42>")), "q BI Q");
        assert_eq!(names(&image("/W 1/H 1/F[/A85/Fl]", b"87c EI ~>")), "q BI Q");
        assert_eq!(names(&image("/W 1/H 1/F/RL", b"\x03 EI \x80")), "q BI Q");
        assert_eq!(names(&image("/W 9/H 9/F/Fl", &zlib(b"some data, more data, more data"))), "q BI Q");
        assert_eq!(names(&image("/W 9/H 9/F/DCT", b"\xFF\xD8\xFF\xE0\x00\x06 EI \xFF\xDA\x00\x02 EI \xFF\x00\xFF\xD9")), "q BI Q");
    }

    #[test]
    fn an_uncertain_end_is_no_end() {
        for (dict, data) in [
            ("/W 4/H 1/BPC 8/CS/G", &b"ab"[..]),
            ("/W 4/H 1", b"abcd"),
            ("/W 9/H 9/F/LZW", b"abcd"),
            ("/W 9/H 9/F/CCF", b"abcd"),
            ("/W 9/H 9/F/Fl", b"no zlib"),
            ("/W 9/H 9/F/DCT", b"no jpeg"),
            ("/W -4/H 1/BPC 8/CS/G", b"abcd"),
            ("/W 9223372036854775807/H 9/BPC 8/CS/RGB", b"abcd"),
            // 3 bytes and 9 bytes would both be followed by EI.
            ("/W 1/H 3/BPC 8/CS/Named", b"abc EI xy"),
        ] {
            let bytes = [format!("BI {dict} ID ").as_bytes(), data, b" EI Q"].concat();
            assert!(operators(&bytes).is_err(), "{dict}");
        }
    }

    #[test]
    fn malformed_streams_are_refused_and_end() {
        for bytes in [&b"]"[..], b">>", b"(open", b"[1 2", b"<< /A", b"BI /W ID", b"BI 1 2 ID x EI", b"BI /W 1"] {
            assert!(operators(bytes).is_err(), "{}", String::from_utf8_lossy(bytes));
        }
        assert!(operators(&b"1 ".repeat(MAX_OPERANDS + 1)).is_err());
        assert!(operators(&[b'['; 20_000]).is_err());
    }
}
