//! Room `remote`: `Content-Digest` of RFC 9530. Takes and gives SHA-256 values and the header's text; hashes nothing.

use base64ct::{Base64, Encoding};

/// The header's value for that SHA-256: `sha-256=:..:`.
#[must_use]
pub fn encode(sha256: &[u8; 32]) -> String {
    format!("sha-256=:{}:", Base64::encode_string(sha256))
}

/// The SHA-256 in the header's value; other algorithms beside it are passed over. `None` if there is none, it is broken,
/// or two different ones stand there.
#[must_use]
pub fn decode(value: &str) -> Option<[u8; 32]> {
    let mut found: Option<[u8; 32]> = None;
    // A dictionary of byte sequences (RFC 8941 3.2, 3.3.5); base64 holds neither commas nor semicolons.
    for member in value.split(',') {
        let (key, rest) = member.trim().split_once('=')?;
        if key != "sha-256" {
            continue;
        }
        let item = rest.split(';').next()?;
        let text = item.strip_prefix(':')?.strip_suffix(':')?;
        let digest: [u8; 32] = Base64::decode_vec(text).ok()?.try_into().ok()?;
        if found.is_some_and(|other| other != digest) {
            return None;
        }
        found = Some(digest);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_rfc_9530_is_read() {
        // RFC 9530 2: {"hello": "world"} followed by a line feed.
        let digest = decode("sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:").unwrap();
        assert_eq!(digest[..4], [0x44, 0xaf, 0xf4, 0xab]);
        assert_eq!(decode(&encode(&digest)).unwrap(), digest);
        let both = "sha-512=:AAAA:, sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:;x=1";
        assert_eq!(decode(both).unwrap(), digest);
    }

    #[test]
    fn broken_or_double_digests_are_refused() {
        let zero = encode(&[0; 32]);
        let one = encode(&[1; 32]);
        for wrong in ["", "sha-256", "sha-256=", "sha-256=:AAAA:", "sha-256=AAAA", "sha-256=::", "sha-512=:AAAA:", &format!("{zero},{one}")]
        {
            assert!(decode(wrong).is_none(), "{wrong}");
        }
    }
}
