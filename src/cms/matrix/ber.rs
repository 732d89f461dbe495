//! The cms room, tests only: BER as older signers wrote it.

use super::*;

/// The whole structure in BER: indefinite lengths everywhere but in what was signed, as older signers wrote it.
#[test]
fn ber_is_read_and_the_signed_bytes_stay() {
    fn indefinite(tlv: &[u8], depth: usize) -> Vec<u8> {
        let tlv = der::Reader::new(tlv).any().unwrap();
        if tlv.tag & 0x20 == 0 || depth > 4 {
            return tlv.raw.to_vec();
        }
        let mut out = vec![tlv.tag, 0x80];
        let mut inside = tlv.inside();
        while !inside.is_empty() {
            let member = inside.any().unwrap();
            // Certificates and everything inside a SignerInfo stay as they are.
            let stays = depth == 3 && tlv.tag == 0xa0;
            out.extend(if stays { member.raw.to_vec() } else { indefinite(member.raw, depth + 1) });
        }
        out.extend([0, 0]);
        out
    }
    let ber = indefinite(&Cms::good().der(), 0);
    let padded = [&ber[..], &[0; 50]].concat();
    let data = SignedData::parse(&padded).unwrap();
    assert!(data.was_ber());
    assert_eq!(data.consumed(), ber.len());
    assert_eq!(data.signed_attributes_message().unwrap(), Cms::good().attribute_set());
    assert_eq!(judge(&padded, Expect::CadesDetached), Ok(()));
    assert_eq!(judge(&longer_attributes(), Expect::Pkcs7Detached), Err(CmsReason::SignedAttributesNotDer));
}

/// Attributes whose own length is not minimal: what was signed can no longer be told.
pub(super) fn longer_attributes() -> Vec<u8> {
    let good = Cms::good().der();
    let set = Cms::good().attribute_set();
    let at = good.windows(set.len() - 1).position(|w| w == &set[1..]).unwrap();
    let body = &good[at - 1..at - 1 + set.len()];
    assert_eq!(body[1], 0x81, "the set is of the size this test takes for granted");
    let long = [&[0xa0, 0x82, 0x00, body[2]][..], &body[3..]].concat();
    let altered = [&good[..at - 1], &long, &good[at - 1 + set.len()..]].concat();
    indefinite_outer(&altered, long.len() - body.len())
}

/// Corrects the lengths of the enclosing values after `more` bytes were put into the last SignerInfo, by making them indefinite.
fn indefinite_outer(bytes: &[u8], more: usize) -> Vec<u8> {
    fn walk(bytes: &[u8], depth: usize, more: usize) -> Vec<u8> {
        let header = if bytes[1] < 0x80 { 2 } else { 2 + usize::from(bytes[1] & 0x7f) };
        let mut out = vec![bytes[0], 0x80];
        let mut rest = &bytes[header..];
        if depth == 4 {
            out.extend(rest);
        } else {
            loop {
                let tlv = der::Reader::new(rest).any().ok().filter(|t| t.raw.len() + more < rest.len());
                let Some(tlv) = tlv else { break };
                out.extend(tlv.raw);
                rest = &rest[tlv.raw.len()..];
            }
            out.extend(walk(rest, depth + 1, more));
        }
        out.extend([0, 0]);
        out
    }
    walk(bytes, 0, more)
}

/// Writes a value in BER: which constructed values get an indefinite length, how octet strings are broken, how lengths are spelt.
struct Shape {
    indefinite: bool,
    /// Octet strings outside of the SignerInfo in pieces of that many bytes, nested that deep.
    pieces: Option<(usize, usize)>,
    /// Lengths in the long form, with that many zeros before.
    zeros: usize,
}

impl Shape {
    fn header(&self, tag: u8, body: Vec<u8>) -> Vec<u8> {
        if self.indefinite && tag & 0x20 != 0 {
            return [&[tag, 0x80], &body[..], &[0, 0]].concat();
        }
        if self.zeros == 0 {
            return der::write(tag, &[&body]);
        }
        let len = (body.len() as u32).to_be_bytes();
        let mut out = vec![tag, 0x80 | (4 + self.zeros as u8)];
        out.extend(std::iter::repeat_n(0, self.zeros));
        [out, len.to_vec(), body].concat()
    }

    fn octets(&self, value: &[u8], (size, depth): (usize, usize)) -> Vec<u8> {
        let pieces: Vec<u8> = match depth {
            0 => return self.header(0x04, value.to_vec()),
            _ => value.chunks(size).flat_map(|piece| self.octets(piece, (size.div_ceil(2), depth - 1))).collect(),
        };
        self.header(0x24, pieces)
    }

    /// Certificates, and a SignerInfo's attributes, stay as they are: they were hashed or signed.
    fn value(&self, raw: &[u8], depth: usize, member: u8) -> Vec<u8> {
        let tlv = der::Reader::new(raw).any().unwrap();
        let stays = (depth == 4 && member == 0xa0) || (depth == 5 && matches!(tlv.tag, 0xa0 | 0xa1));
        if stays {
            return raw.to_vec();
        }
        match (tlv.tag, self.pieces) {
            (0x04, Some(pieces)) => return self.octets(tlv.value, pieces),
            (tag, _) if tag & 0x20 == 0 => return self.header(tag, tlv.value.to_vec()),
            _ => {}
        }
        let mut body = Vec::new();
        let mut inside = tlv.inside();
        while !inside.is_empty() {
            let member = if depth == 2 { inside.peek().unwrap() } else { member };
            body.extend(self.value(inside.any().unwrap().raw, depth + 1, member));
        }
        self.header(tlv.tag, body)
    }
}

/// The same signature in a hundred spellings of BER; each is read, and what was signed stays what it was.
#[test]
fn many_shapes_of_ber() {
    let mut attached = Cms::good();
    let ranges = DigestAlgorithm::Sha1.digest(CONTENT);
    attached.set(id::MESSAGE_DIGEST, vec![octets(&DigestAlgorithm::Sha256.digest(&ranges))]);
    attached.content = Some(ranges);
    let mut bare = Cms::good();
    bare.attributes = None;
    let subjects = [
        (Cms::good(), Expect::CadesDetached),
        (attached, Expect::Pkcs7Sha1),
        (Cms::token(), Expect::TimeStamp),
        (bare, Expect::Pkcs7Detached),
    ];
    let mut shapes = 0;
    for (cms, expect) in &subjects {
        for indefinite in [false, true] {
            for pieces in [None, Some((1, 1)), Some((7, 1)), Some((1000, 1)), Some((16, 2)), Some((9, 3))] {
                for zeros in [0, 1, 3] {
                    let shape = Shape { indefinite, pieces, zeros };
                    let ber = shape.value(&cms.der(), 0, 0);
                    let padded = [&ber[..], &[0; 9]].concat();
                    let data = SignedData::parse(&padded).unwrap_or_else(|f| panic!("{indefinite} {pieces:?} {zeros}: {f}"));
                    assert_eq!(data.consumed(), ber.len());
                    assert_eq!(data.was_ber(), indefinite || pieces.is_some() || zeros > 0);
                    assert_eq!(judge(&padded, *expect), Ok(()), "{expect:?} {indefinite} {pieces:?} {zeros}");
                    for cut in [1, 2, ber.len() / 2] {
                        assert!(SignedData::parse(&ber[..ber.len() - cut]).is_err());
                    }
                    shapes += 1;
                }
            }
        }
    }
    assert_eq!(shapes, 144);
}
