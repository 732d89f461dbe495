//! DER that is written by hand: takes tags and parts, gives elements. For the answers of OCSP and time stamping, which `x509-cert` does
//! not have; what comes in is read by derived types.

use crate::failure::Failure;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{DerSignature, SigningKey};
use thrivosign::Time;

pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const OBJECT_IDENTIFIER: u8 = 0x06;
pub(crate) const ENUMERATED: u8 = 0x0a;
pub(crate) const UTF8_STRING: u8 = 0x0c;
pub(crate) const GENERALIZED_TIME: u8 = 0x18;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;

/// ecdsa-with-SHA256 (RFC 5758 3.2): no parameters.
const ECDSA_SHA256: &[u8] = &[0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];

/// An element of that tag and content.
pub(crate) fn write(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let len: usize = parts.iter().map(|part| part.len()).sum();
    let mut out = vec![tag];
    match u8::try_from(len) {
        Ok(short) if short < 0x80 => out.push(short),
        _ => {
            let bytes = len.to_be_bytes();
            let used: Vec<u8> = bytes.iter().copied().skip_while(|byte| *byte == 0).collect();
            out.push(0x80 | u8::try_from(used.len()).unwrap_or(8));
            out.extend_from_slice(&used);
        }
    }
    for part in parts {
        out.extend_from_slice(part);
    }
    out
}

/// GeneralizedTime in whole seconds.
pub(crate) fn time(at: Time) -> Vec<u8> {
    write(GENERALIZED_TIME, &[digits(at).as_bytes(), b"Z"])
}

/// `YYYYMMDDHHMMSS`.
pub(crate) fn digits(at: Time) -> String {
    at.to_string().chars().filter(char::is_ascii_digit).collect()
}

/// Any type's DER.
pub(crate) fn encode(value: &impl der::Encode) -> Result<Vec<u8>, Failure> {
    value.to_der().map_err(Failure::at("cannot encode an answer"))
}

/// What X.509 calls SIGNED: the content, the algorithm, the value; `more` stands after it (the certificates of an OCSP answer).
pub(crate) fn signed(content: &[u8], key: &SigningKey, more: &[u8]) -> Vec<u8> {
    let value: DerSignature = key.sign(content);
    write(SEQUENCE, &[content, ECDSA_SHA256, &write(BIT_STRING, &[&[0], value.as_bytes()]), more])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_minimal() {
        assert_eq!(write(OCTET_STRING, &[&[7], &[8]]), [4, 2, 7, 8]);
        assert_eq!(write(OCTET_STRING, &[&[0; 127]])[..2], [4, 127]);
        assert_eq!(write(OCTET_STRING, &[&[0; 128]])[..3], [4, 0x81, 128]);
        assert_eq!(write(OCTET_STRING, &[&[0; 256]])[..4], [4, 0x82, 1, 0]);
        assert_eq!(time(Time::from_unix(0)), [&[0x18, 15][..], b"19700101000000Z"].concat());
    }
}
