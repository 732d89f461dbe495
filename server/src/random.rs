//! Unguessable values: takes the system's randomness, gives bytes, identifiers, tokens and one-time codes.

use crate::failure::Failure;
use base64ct::{Base64UrlUnpadded, Encoding};
use zeroize::Zeroizing;

/// `N` random bytes.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N], Failure> {
    thrivosign::host::random::bytes().map_err(Failure::at("cannot draw random bytes"))
}

/// A 256-bit secret in base64url, to be handed out once and stored hashed.
pub(crate) fn token() -> Result<Zeroizing<String>, Failure> {
    let value = Zeroizing::new(bytes::<32>()?);
    Ok(Zeroizing::new(Base64UrlUnpadded::encode_string(&*value)))
}

/// A password of 120 bits to be shown to a person once.
///
/// # Errors
/// [`Failure`] if the system gives no random bytes.
pub fn password() -> Result<Zeroizing<String>, Failure> {
    let value = Zeroizing::new(bytes::<15>()?);
    Ok(Zeroizing::new(Base64UrlUnpadded::encode_string(&*value)))
}

/// A 128-bit public identifier with a prefix that says what it names.
pub(crate) fn id(prefix: &str) -> Result<String, Failure> {
    Ok(format!("{prefix}{}", hex(&bytes::<16>()?)))
}

/// A one-time code of six decimal digits, without bias.
pub(crate) fn code() -> Result<Zeroizing<String>, Failure> {
    // 4_294_000_000 is the largest multiple of 1_000_000 below 2^32; values above it would favour low codes.
    loop {
        let value = u32::from_le_bytes(bytes::<4>()?);
        if value < 4_294_000_000 {
            return Ok(Zeroizing::new(format!("{:06}", value % 1_000_000)));
        }
    }
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|b| [DIGITS[usize::from(b >> 4)], DIGITS[usize::from(b & 15)]]).map(char::from).collect()
}

/// The bytes of hexadecimal text.
pub(crate) fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| if let [high, low] = pair { Some(digit(*high)? << 4 | digit(*low)?) } else { None }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn values_differ_and_have_their_shape() {
        let tokens: HashSet<String> = (0..100).map(|_| token().unwrap().to_string()).collect();
        assert_eq!(tokens.len(), 100);
        assert!(tokens.iter().all(|t| t.len() == 43));
        for _ in 0..200 {
            let code = code().unwrap();
            assert!(code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit()));
        }
        assert_eq!(hex(&[0, 0x9a, 0xff]), "009aff");
        assert_eq!(unhex("009aff").unwrap(), [0, 0x9a, 0xff]);
        assert!(unhex("009").is_none() && unhex("0g").is_none());
    }
}
