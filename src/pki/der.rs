//! The pki room: reading DER without losing the bytes, and writing it.
//!
//! Takes bytes, gives tag, value and the raw encoding of one element at a time. Nothing is decoded and encoded again: what was signed or
//! hashed is always the slice that was received. Strict X.690 10: definite, minimal lengths; single-byte tags. The reader does not recurse.

use crate::error::{Error, ErrorKind};
use crate::limits::MAX_DER_DEPTH;
use const_oid::ObjectIdentifier;

pub(crate) const BOOLEAN: u8 = 0x01;
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const NULL: u8 = 0x05;
pub(crate) const OID: u8 = 0x06;
pub(crate) const ENUMERATED: u8 = 0x0a;
pub(crate) const UTC_TIME: u8 = 0x17;
pub(crate) const GENERALIZED_TIME: u8 = 0x18;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;

/// What is wrong with the encoding, and at which byte of the structure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DerFault {
    pub(crate) at: usize,
    pub(crate) what: &'static str,
}

impl DerFault {
    /// The fault as the library's error of that kind.
    pub(crate) fn error(self, kind: ErrorKind) -> Error {
        Error::new(kind).context(self.what).at(self.at as u64)
    }
}

impl From<DerFault> for Error {
    fn from(fault: DerFault) -> Error {
        fault.error(ErrorKind::DerMalformed)
    }
}

/// One element.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tlv<'a> {
    pub(crate) tag: u8,
    /// Tag, length and value.
    pub(crate) raw: &'a [u8],
    pub(crate) value: &'a [u8],
    /// Where the element begins in the outermost structure.
    pub(crate) at: usize,
}

/// Reads elements one after the other.
#[derive(Clone, Debug)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader { rest: bytes, at: 0 }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub(crate) fn fault(&self, what: &'static str) -> DerFault {
        DerFault { at: self.at, what }
    }

    /// The tag of the next element.
    pub(crate) fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// The next element, whatever it is.
    pub(crate) fn any(&mut self) -> Result<Tlv<'a>, DerFault> {
        let (tag, header, len) = header(self.rest).map_err(|what| self.fault(what))?;
        let end = header.checked_add(len).ok_or_else(|| self.fault("length"))?;
        let (Some(raw), Some(value), Some(rest)) = (self.rest.get(..end), self.rest.get(header..end), self.rest.get(end..)) else {
            return Err(self.fault("cut short"));
        };
        let tlv = Tlv { tag, raw, value, at: self.at };
        self.rest = rest;
        self.at = self.at.saturating_add(end);
        Ok(tlv)
    }

    /// The next element, which must have that tag.
    pub(crate) fn expect(&mut self, tag: u8, what: &'static str) -> Result<Tlv<'a>, DerFault> {
        if self.peek() != Some(tag) {
            return Err(self.fault(what));
        }
        self.any()
    }

    /// The next element if it has that tag.
    pub(crate) fn optional(&mut self, tag: u8) -> Result<Option<Tlv<'a>>, DerFault> {
        if self.peek() == Some(tag) { self.any().map(Some) } else { Ok(None) }
    }

    /// Nothing may be left.
    pub(crate) fn finish(&self, what: &'static str) -> Result<(), DerFault> {
        if self.rest.is_empty() { Ok(()) } else { Err(self.fault(what)) }
    }
}

/// The one element that `bytes` consists of.
pub(crate) fn whole<'a>(bytes: &'a [u8], tag: u8, what: &'static str) -> Result<Tlv<'a>, DerFault> {
    let mut reader = Reader::new(bytes);
    let tlv = reader.expect(tag, what)?;
    reader.finish("bytes after the structure")?;
    Ok(tlv)
}

/// Tag, length of the header, length of the value.
pub(crate) fn header(bytes: &[u8]) -> Result<(u8, usize, usize), &'static str> {
    let [tag, rest @ ..] = bytes else { return Err("cut short") };
    if tag & 0x1f == 0x1f {
        return Err("tag of several bytes");
    }
    let (digits, len) = length(rest)?;
    Ok((*tag, digits + 1, len))
}

/// How many bytes the length takes, and the length.
pub(crate) fn length(bytes: &[u8]) -> Result<(usize, usize), &'static str> {
    let [first, rest @ ..] = bytes else { return Err("cut short") };
    if *first < 0x80 {
        return Ok((1, usize::from(*first)));
    }
    let n = usize::from(first & 0x7f);
    if n == 0 {
        return Err("indefinite length");
    }
    if n > 4 {
        return Err("length");
    }
    let digits = rest.get(..n).ok_or("cut short")?;
    let len = digits.iter().fold(0_u64, |len, b| (len << 8) | u64::from(*b));
    if digits.first() == Some(&0) || len < 0x80 {
        return Err("length not minimal");
    }
    Ok((n + 1, usize::try_from(len).map_err(|_| "length")?))
}

impl<'a> Tlv<'a> {
    /// A reader of the value.
    pub(crate) fn inside(&self) -> Reader<'a> {
        Reader { rest: self.value, at: self.at.saturating_add(self.raw.len() - self.value.len()) }
    }

    pub(crate) fn fault(&self, what: &'static str) -> DerFault {
        DerFault { at: self.at, what }
    }

    /// The value as an object identifier.
    pub(crate) fn oid(&self) -> Result<ObjectIdentifier, DerFault> {
        if self.tag != OID {
            return Err(self.fault("object identifier"));
        }
        ObjectIdentifier::from_bytes(self.value).map_err(|_| self.fault("object identifier"))
    }

    /// The bytes of an INTEGER or ENUMERATED, two's complement, minimal.
    pub(crate) fn integer(&self) -> Result<&'a [u8], DerFault> {
        let minimal = match self.value {
            [] => false,
            [_] => true,
            [0, next, ..] => *next >= 0x80,
            [0xff, next, ..] => *next < 0x80,
            _ => true,
        };
        if (self.tag & 0x1f == INTEGER || self.tag == ENUMERATED) && minimal { Ok(self.value) } else { Err(self.fault("integer")) }
    }

    /// The bytes of a positive INTEGER without the leading zero.
    pub(crate) fn positive(&self) -> Result<&'a [u8], DerFault> {
        match self.integer()? {
            [0, rest @ ..] if !rest.is_empty() => Ok(rest),
            [first, ..] if *first >= 0x80 => Err(self.fault("negative integer")),
            value => Ok(value),
        }
    }

    /// A small non-negative INTEGER.
    pub(crate) fn small(&self) -> Result<u32, DerFault> {
        let bytes = self.positive()?;
        if bytes.len() > 4 {
            return Err(self.fault("integer too large"));
        }
        Ok(bytes.iter().fold(0, |n, b| (n << 8) | u32::from(*b)))
    }

    /// A BOOLEAN, FF or 00 (X.690 11.1).
    pub(crate) fn boolean(&self) -> Result<bool, DerFault> {
        match self.value {
            [0xff] => Ok(true),
            [0] => Ok(false),
            _ => Err(self.fault("boolean")),
        }
    }

    /// The bytes of a BIT STRING of whole bytes.
    pub(crate) fn bit_bytes(&self) -> Result<&'a [u8], DerFault> {
        match self.value {
            [0, bytes @ ..] => Ok(bytes),
            _ => Err(self.fault("bit string")),
        }
    }

    /// Where `part`, a slice of `whole`, lies in `whole`.
    pub(crate) fn range_in(&self, whole: &[u8]) -> std::ops::Range<usize> {
        range_of(self.raw, whole)
    }
}

/// Where `part` lies in `whole`; an empty range if it does not.
pub(crate) fn range_of(part: &[u8], whole: &[u8]) -> std::ops::Range<usize> {
    let start = (part.as_ptr() as usize).wrapping_sub(whole.as_ptr() as usize);
    match start.checked_add(part.len()) {
        Some(end) if end <= whole.len() => start..end,
        _ => 0..0,
    }
}

/// Whether every element inside is DER: lengths definite and minimal, primitive universal types well-formed, SET OF in order (X.690 11.6),
/// no duplicate left to choose from, no deeper than [`MAX_DER_DEPTH`].
pub(crate) fn check_der(bytes: &[u8]) -> Result<(), DerFault> {
    check_level(Reader::new(bytes), 0)
}

fn check_level(mut reader: Reader<'_>, depth: u32) -> Result<(), DerFault> {
    if depth > MAX_DER_DEPTH {
        return Err(reader.fault("nested too deeply"));
    }
    while !reader.is_empty() {
        let tlv = reader.any()?;
        match tlv.tag {
            BOOLEAN => drop(tlv.boolean()?),
            INTEGER | ENUMERATED => drop(tlv.integer()?),
            NULL if !tlv.value.is_empty() => return Err(tlv.fault("null")),
            // X.690 8.14 and 10.2: strings are primitive in DER.
            0x23 | 0x24 | 0x2c | 0x33 | 0x34 | 0x36 | 0x37 | 0x38 | 0x3e => return Err(tlv.fault("constructed string")),
            SET => check_order(tlv.inside())?,
            _ => {}
        }
        if tlv.tag & 0x20 != 0 {
            check_level(tlv.inside(), depth + 1)?;
        }
    }
    Ok(())
}

/// The elements of a SET OF stand in ascending order of their encodings.
pub(crate) fn check_order(mut reader: Reader<'_>) -> Result<(), DerFault> {
    let mut last: &[u8] = &[];
    while !reader.is_empty() {
        let tlv = reader.any()?;
        if tlv.raw < last {
            return Err(tlv.fault("set not in order"));
        }
        last = tlv.raw;
    }
    Ok(())
}

/// Writes one element from its parts.
pub(crate) fn write(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let len: usize = parts.iter().map(|p| p.len()).sum();
    let mut out = Vec::with_capacity(len + 6);
    out.push(tag);
    if len < 0x80 {
        out.push(len as u8);
    } else {
        let digits = (len as u64).to_be_bytes();
        let zeros = digits.iter().take_while(|b| **b == 0).count();
        out.push(0x80 | (8 - zeros) as u8);
        out.extend(digits.iter().skip(zeros));
    }
    for part in parts {
        out.extend_from_slice(part);
    }
    out
}

/// Writes a SET OF in DER order (X.690 11.6) under that tag.
pub(crate) fn write_set(tag: u8, mut elements: Vec<Vec<u8>>) -> Vec<u8> {
    elements.sort();
    let parts: Vec<&[u8]> = elements.iter().map(Vec::as_slice).collect();
    write(tag, &parts)
}

/// Writes an object identifier.
pub(crate) fn write_oid(oid: &ObjectIdentifier) -> Vec<u8> {
    write(OID, &[oid.as_bytes()])
}

/// Writes a non-negative INTEGER from its big-endian bytes.
pub(crate) fn write_unsigned(bytes: &[u8]) -> Vec<u8> {
    let zeros = bytes.iter().take_while(|b| **b == 0).count();
    let digits = bytes.get(zeros..).unwrap_or_default();
    match digits.first() {
        None => write(INTEGER, &[&[0]]),
        Some(first) if *first >= 0x80 => write(INTEGER, &[&[0], digits]),
        Some(_) => write(INTEGER, &[digits]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_strict() {
        for (bytes, what) in [
            (&[0x30, 0x81, 0x7f][..], "length not minimal"),
            (&[0x30, 0x82, 0x00, 0x80], "length not minimal"),
            (&[0x30, 0x80, 0, 0], "indefinite length"),
            (&[0x30, 0x85, 1, 0, 0, 0, 0], "length"),
            (&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff], "cut short"),
            (&[0x1f, 0x01, 0x00], "tag of several bytes"),
            (&[0x30], "cut short"),
            (&[], "cut short"),
        ] {
            assert_eq!(Reader::new(bytes).any().unwrap_err().what, what, "{bytes:02x?}");
        }
    }

    #[test]
    fn written_lengths_read_back() {
        for len in [0, 1, 127, 128, 255, 256, 65_535, 65_536] {
            let body = vec![7; len];
            let der = write(OCTET_STRING, &[&body]);
            assert_eq!(whole(&der, OCTET_STRING, "octets").unwrap().value, body);
        }
    }

    #[test]
    fn der_check_refuses_what_ber_allows() {
        let unsorted = write(SET, &[&[0x02, 1, 2], &[0x02, 1, 1]]);
        assert_eq!(check_der(&unsorted).unwrap_err().what, "set not in order");
        assert!(check_der(&write_set(SET, vec![vec![2, 1, 2], vec![2, 1, 1]])).is_ok());
        assert!(check_der(&[0x0a, 1, 3]).is_ok() && check_der(&[0x0a, 2, 0, 3]).is_err());
        for (bad, what) in
            [(&[0x01, 1, 1][..], "boolean"), (&[0x02, 2, 0, 1], "integer"), (&[0x24, 0], "constructed string"), (&[0x05, 1, 0], "null")]
        {
            assert_eq!(check_der(bad).unwrap_err().what, what);
        }
        let mut deep = Vec::new();
        for _ in 0..40 {
            deep = write(SEQUENCE, &[&deep]);
        }
        assert_eq!(check_der(&deep).unwrap_err().what, "nested too deeply");
    }
}
