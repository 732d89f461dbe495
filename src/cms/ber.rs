//! The cms room: BER to DER lengths.
//!
//! Takes a ContentInfo in BER as older signers wrote it, gives the same with definite lengths and joined octet strings. What was signed or
//! hashed is passed through byte for byte: the signed attributes, each certificate, each unsigned attribute list, as far as their own
//! length is definite. An attacker would try depth, lengths that overrun, and missing end marks.

use crate::limits::MAX_DER_DEPTH;
use crate::pki::der;

/// The structure with definite lengths.
pub(crate) struct Transcoded {
    pub(crate) der: Vec<u8>,
    /// How many bytes of the input the value took, end marks included.
    pub(crate) consumed: usize,
    /// Whether the signed attributes had to be given another length, so that they were not DER as received.
    pub(crate) attributes_altered: bool,
}

struct Element<'a> {
    tag: u8,
    /// Header bytes.
    header: usize,
    /// `None` for the indefinite form.
    len: Option<usize>,
    bytes: &'a [u8],
}

/// What encloses the element, as far as passing through depends on it.
#[derive(Clone, Copy)]
struct Place {
    depth: u32,
    /// The tag at depth 3, the members of SignedData.
    member: u8,
}

/// Transcodes the one value at the beginning of `bytes`.
pub(crate) fn transcode(bytes: &[u8]) -> Result<Transcoded, &'static str> {
    let mut altered = false;
    let mut out = Vec::new();
    let consumed = value(bytes, Place { depth: 0, member: 0 }, &mut out, &mut altered)?;
    Ok(Transcoded { der: out, consumed, attributes_altered: altered })
}

fn element(bytes: &[u8]) -> Result<Element<'_>, &'static str> {
    let [tag, first, rest @ ..] = bytes else { return Err("cut short") };
    if tag & 0x1f == 0x1f {
        return Err("tag of several bytes");
    }
    let digits = usize::from(first & 0x7f);
    let (header, len) = match first {
        0x80 if tag & 0x20 == 0 => return Err("indefinite length of a primitive value"),
        0x80 => (2, None),
        0..=0x7f => (2, Some(usize::from(*first))),
        _ => {
            let leading = rest.get(..digits).ok_or("cut short")?;
            let len = leading.iter().try_fold(0_usize, |len, b| len.checked_mul(256)?.checked_add(usize::from(*b))).ok_or("length")?;
            (2 + digits, Some(len))
        }
    };
    Ok(Element { tag: *tag, header, len, bytes })
}

impl<'a> Element<'a> {
    /// The value of a definite element and how many bytes it took altogether.
    fn definite(&self, len: usize) -> Result<(&'a [u8], usize), &'static str> {
        let end = self.header.checked_add(len).ok_or("length")?;
        Ok((self.bytes.get(self.header..end).ok_or("cut short")?, end))
    }
}

/// Appends one value to `out`, gives the number of bytes it took.
fn value(bytes: &[u8], place: Place, out: &mut Vec<u8>, altered: &mut bool) -> Result<usize, &'static str> {
    if place.depth > MAX_DER_DEPTH {
        return Err("nested too deeply");
    }
    let this = element(bytes)?;
    let attributes = place.depth == 5 && place.member == der::SET && this.tag == 0xa0;
    let unsigned = place.depth == 5 && place.member == der::SET && this.tag == 0xa1;
    let certificate = place.depth == 4 && place.member == 0xa0;
    if let Some(len) = this.len {
        let (body, consumed) = this.definite(len)?;
        if attributes {
            let written = der::write(this.tag, &[body]);
            *altered |= Some(written.as_slice()) != bytes.get(..consumed);
            out.extend(written);
            return Ok(consumed);
        }
        if unsigned || certificate {
            out.extend_from_slice(bytes.get(..consumed).ok_or("cut short")?);
            return Ok(consumed);
        }
        if this.tag & 0x20 == 0 {
            append(out, this.tag, body);
            return Ok(consumed);
        }
    }
    *altered |= attributes;
    let inner = Place { depth: place.depth + 1, member: if place.depth == 3 { this.tag } else { place.member } };
    let (parts, consumed) = members(&this, inner, altered)?;
    if this.tag == 0x24 {
        out.extend(der::write(der::OCTET_STRING, &[&join(&parts)?]));
    } else {
        out.extend(der::write(this.tag, &[&parts]));
    }
    Ok(consumed)
}

/// Appends one value; a short one, of which there may be millions, without a detour.
fn append(out: &mut Vec<u8>, tag: u8, body: &[u8]) {
    match u8::try_from(body.len()) {
        Ok(len @ 0..0x80) => {
            out.extend_from_slice(&[tag, len]);
            out.extend_from_slice(body);
        }
        _ => out.extend(der::write(tag, &[body])),
    }
}

/// The transcoded members of a constructed value, one after the other, and the bytes the value took with its end mark.
fn members(this: &Element<'_>, inner: Place, altered: &mut bool) -> Result<(Vec<u8>, usize), &'static str> {
    let mut parts = Vec::new();
    let (mut rest, end) = match this.len {
        Some(len) => {
            let (body, consumed) = this.definite(len)?;
            (body, Some(consumed))
        }
        None => (this.bytes.get(this.header..).ok_or("cut short")?, None),
    };
    let mut taken = this.header;
    loop {
        match (end, rest) {
            (Some(consumed), []) => return Ok((parts, consumed)),
            (None, [0, 0, ..]) => return Ok((parts, taken.checked_add(2).ok_or("length")?)),
            (None, []) => return Err("no end mark"),
            _ => {}
        }
        let n = value(rest, inner, &mut parts, altered)?;
        taken = taken.checked_add(n).ok_or("length")?;
        rest = rest.get(n..).ok_or("cut short")?;
    }
}

/// The contents of transcoded octet strings, joined (X.690 8.7.3).
fn join(parts: &[u8]) -> Result<Vec<u8>, &'static str> {
    let mut reader = der::Reader::new(parts);
    let mut out = Vec::with_capacity(parts.len());
    while !reader.is_empty() {
        out.extend_from_slice(reader.expect(der::OCTET_STRING, "octet string of other parts").map_err(|f| f.what)?.value);
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indefinite_lengths_and_constructed_strings_become_der() {
        let ber = [0x30, 0x80, 0x24, 0x80, 0x04, 1, b'a', 0x24, 3, 4, 1, b'b', 0, 0, 0x02, 0x81, 1, 5, 0, 0, 0xee];
        let done = transcode(&ber).unwrap();
        assert_eq!(done.der, [0x30, 7, 0x04, 2, b'a', b'b', 0x02, 1, 5]);
        assert_eq!(done.consumed, ber.len() - 1);
    }

    /// What was signed or hashed is passed through as it stands, here a certificate whose length is longer than DER has it; what is not, is not.
    #[test]
    fn certificates_keep_their_bytes() {
        let within = |member: u8| {
            let mut ber = vec![0x30, 0x80, 0xa0, 0x80, 0x30, 0x80, member, 0x80];
            ber.extend([0x30, 0x81, 3, 2, 1, 5]);
            ber.extend([0; 8]);
            transcode(&ber).unwrap().der
        };
        assert_eq!(within(0xa0), [0x30, 12, 0xa0, 10, 0x30, 8, 0xa0, 6, 0x30, 0x81, 3, 2, 1, 5]);
        assert_eq!(within(0x31), [0x30, 11, 0xa0, 9, 0x30, 7, 0x31, 5, 0x30, 3, 2, 1, 5]);
    }

    /// So are the attributes that nobody signed: a token in them has a signature of its own.
    #[test]
    fn unsigned_attributes_keep_their_bytes() {
        let within = |tag: u8, depths: usize| {
            let mut ber = [0x30, 0x80].repeat(3);
            ber.extend([0x31, 0x80]);
            ber.extend([0x30, 0x80].repeat(depths));
            ber.extend([tag, 0x81, 5, 0x30, 0x81, 2, 5, 0]);
            ber.extend([0; 2].repeat(4 + depths));
            transcode(&ber).unwrap().der
        };
        let kept: &[u8] = &[0xa1, 0x81, 5, 0x30, 0x81, 2, 5, 0];
        let written: &[u8] = &[0xa1, 4, 0x30, 2, 5, 0];
        let ends = |der: &[u8], with: &[u8]| der.ends_with(with);
        assert!(ends(&within(0xa1, 1), kept), "{:02x?}", within(0xa1, 1));
        assert!(ends(&within(0xa1, 2), written), "{:02x?}", within(0xa1, 2));
        assert!(ends(&within(0xa2, 1), &[0xa2, 4, 0x30, 2, 5, 0]), "{:02x?}", within(0xa2, 1));
    }

    #[test]
    fn traps_are_refused() {
        for (bytes, what) in [
            (&[0x30, 0x80][..], "no end mark"),
            (&[0x30, 0x80, 0x02, 1], "cut short"),
            (&[0x04, 0x80, 0, 0], "indefinite length of a primitive value"),
            (&[0x30, 0x89, 1, 1, 1, 1, 1, 1, 1, 1, 1], "length"),
            (&[0x24, 0x80, 0x02, 1, 1, 0, 0], "octet string of other parts"),
            (&[0x3f, 0x80], "tag of several bytes"),
        ] {
            assert_eq!(transcode(bytes).err(), Some(what), "{bytes:02x?}");
        }
        for (bytes, what) in [
            // An end mark where no value is open, a length beyond the enclosing one, a string of other strings.
            (&[0x30, 4, 0x30, 0x80, 2, 1][..], "cut short"),
            (&[0x30, 3, 0x04, 5, 1], "cut short"),
            (&[0x24, 6, 0x24, 4, 0x0c, 2, b'a', b'b'], "octet string of other parts"),
            (&[0x30, 0x80, 0x24, 0x80, 0x04, 1, 7, 0, 0], "no end mark"),
        ] {
            assert_eq!(transcode(bytes).err(), Some(what), "{bytes:02x?}");
        }
        assert_eq!(transcode(&[0x30, 0x80].repeat(100_000)).err(), Some("nested too deeply"));
    }

    /// 2 MB of nested and flat pieces: linear, so it ends at once.
    #[test]
    fn many_small_parts_are_linear() {
        let mut ber = vec![0x24, 0x80];
        ber.extend([0x04, 1, 7].repeat(700_000));
        ber.extend([0, 0]);
        assert_eq!(transcode(&ber).unwrap().der.len(), 700_000 + 5);
    }
}
