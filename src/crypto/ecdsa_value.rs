//! The crypto room: the two forms of an ECDSA value: DER (RFC 3279 2.2.3), as certificates and CMS have it, and r and s side by side, as tokens with a
//! PKCS#11 module and JWS have it.
//!
//! Takes the one, gives the other. Anything but two numbers of the order's length is refused: a value whose form has to be guessed is not used.

use crate::error::{Error, ErrorKind, Result};
use der::asn1::{Any, UintRef};
use der::{Decode, Encode, Reader, SliceReader, Tag};

/// ECDSA-Sig-Value (RFC 3279 2.2.3) of r and s, each `order` bytes long (PKCS#11 2.3.1 of the elliptic-curve mechanisms, RFC 7518 3.4).
///
/// # Errors
/// [`ErrorKind::KeySignatureWrong`].
pub(crate) fn to_der(value: &[u8], order: usize) -> Result<Vec<u8>> {
    let wrong = || Error::new(ErrorKind::KeySignatureWrong).context("an ECDSA value is r and s, each as long as the curve's order");
    let (r, s) = value.split_at_checked(order).filter(|(_, s)| s.len() == order).ok_or_else(wrong)?;
    let integer = |number: &[u8]| {
        if number.iter().all(|byte| *byte == 0) {
            return Err(wrong());
        }
        UintRef::new(number).and_then(|number| number.to_der()).map_err(|_| wrong())
    };
    let both = [integer(r)?, integer(s)?].concat();
    Any::new(Tag::Sequence, both).and_then(|sequence| sequence.to_der()).map_err(|_| wrong())
}

/// r and s of such a DER value, each `order` bytes long.
///
/// # Errors
/// [`ErrorKind::KeySignatureWrong`].
pub(crate) fn to_sides(value: &[u8], order: usize) -> Result<Vec<u8>> {
    let wrong = || Error::new(ErrorKind::KeySignatureWrong).context("an ECDSA value is a sequence of two positive numbers");
    let sequence = <&der::asn1::SequenceRef>::from_der(value).map_err(|_| wrong())?;
    let mut reader = SliceReader::new(sequence.as_bytes()).map_err(|_| wrong())?;
    let mut sides = Vec::with_capacity(order.saturating_mul(2));
    for _ in 0..2 {
        let number = UintRef::decode(&mut reader).map_err(|_| wrong())?;
        let zeros = order.checked_sub(number.as_bytes().len()).ok_or_else(wrong)?;
        sides.resize(sides.len().saturating_add(zeros), 0);
        sides.extend_from_slice(number.as_bytes());
    }
    reader.finish().map_err(|_| wrong())?;
    Ok(sides)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        for sides in [[0, 1, 0x80, 0], [0xff; 4], [0x7f, 0, 0, 1]] {
            assert_eq!(to_sides(&to_der(&sides, 2).unwrap(), 2).unwrap(), sides);
        }
        let sound = to_der(&[0xff; 4], 2).unwrap();
        for (value, order) in
            [(&sound[..], 1), (&sound[..sound.len() - 1], 2), (&[&sound[..], &[0]].concat(), 2), (&[0x30, 3, 2, 1, 1], 2), (&[], 2)]
        {
            assert_eq!(to_sides(value, order).unwrap_err().kind(), ErrorKind::KeySignatureWrong, "{value:?}");
        }
    }

    #[test]
    fn two_numbers_become_der() {
        // A leading zero is dropped, a high bit gets one.
        assert_eq!(to_der(&[0, 1, 0x80, 0], 2).unwrap(), [0x30, 8, 2, 1, 1, 2, 3, 0, 0x80, 0]);
        let long = to_der(&[0xff; 132], 66).unwrap();
        assert_eq!((&long[..3], long.len()), (&[0x30, 0x81, 138][..], 141));
    }

    #[test]
    fn what_is_not_two_numbers_is_refused() {
        let der = [0x30, 6, 2, 1, 1, 2, 1, 1];
        for (value, order) in [(&[][..], 32), (&[1; 63], 32), (&[1; 65], 32), (&[1; 64], 48), (&[0; 64], 32), (&der, 32), (&[1, 0], 1)] {
            assert_eq!(to_der(value, order).unwrap_err().kind(), ErrorKind::KeySignatureWrong, "{value:?}");
        }
    }
}
