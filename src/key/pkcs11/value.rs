//! The key room, PKCS#11: signature values. A token gives ECDSA as r and s side by side; everybody else reads DER.
//!
//! Takes what the token returned, gives what goes into a CMS. Anything but two numbers of the order's length is refused:
//! a value whose form has to be guessed is not signed with.

use crate::error::{Error, ErrorKind, Result};
use der::asn1::{Any, UintRef};
use der::{Encode, Tag};

/// ECDSA-Sig-Value (RFC 3279 2.2.3) of r and s, each `order` bytes long (PKCS#11 2.3.1 of the elliptic-curve mechanisms).
///
/// # Errors
/// [`ErrorKind::KeySignatureWrong`].
pub(super) fn ecdsa_der(value: &[u8], order: usize) -> Result<Vec<u8>> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_numbers_become_der() {
        // A leading zero is dropped, a high bit gets one.
        assert_eq!(ecdsa_der(&[0, 1, 0x80, 0], 2).unwrap(), [0x30, 8, 2, 1, 1, 2, 3, 0, 0x80, 0]);
        let long = ecdsa_der(&[0xff; 132], 66).unwrap();
        assert_eq!((&long[..3], long.len()), (&[0x30, 0x81, 138][..], 141));
    }

    #[test]
    fn what_is_not_two_numbers_is_refused() {
        let der = [0x30, 6, 2, 1, 1, 2, 1, 1];
        for (value, order) in [(&[][..], 32), (&[1; 63], 32), (&[1; 65], 32), (&[1; 64], 48), (&[0; 64], 32), (&der, 32), (&[1, 0], 1)] {
            assert_eq!(ecdsa_der(value, order).unwrap_err().kind(), ErrorKind::KeySignatureWrong, "{value:?}");
        }
    }
}
