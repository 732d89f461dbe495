//! TimeStampResp (RFC 3161 2.4.2): takes a token, or why there is none, gives bytes.

use crate::asn1::{self, BIT_STRING, INTEGER, SEQUENCE, UTF8_STRING};

/// PKIFailureInfo: the number of its bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failing {
    BadAlg = 0,
    BadRequest = 2,
    BadDataFormat = 5,
    TimeNotAvailable = 14,
    UnacceptedPolicy = 15,
    UnacceptedExtension = 16,
    SystemFailure = 25,
}

impl Failing {
    fn text(self) -> &'static str {
        match self {
            Failing::BadAlg => "imprints are by SHA-256, SHA-384 or SHA-512",
            Failing::BadRequest => "the request cannot be met",
            Failing::BadDataFormat => "the request cannot be read, or its imprint has the wrong length",
            Failing::TimeNotAvailable => "the authority's clock is not to be trusted now",
            Failing::UnacceptedPolicy => "another policy",
            Failing::UnacceptedExtension => "no extension is known",
            Failing::SystemFailure => "the authority failed",
        }
    }
}

/// status granted, with the token.
pub(super) fn granted(token: &[u8]) -> Vec<u8> {
    asn1::write(SEQUENCE, &[&asn1::write(SEQUENCE, &[&asn1::write(INTEGER, &[&[0]])]), token])
}

/// status rejection, with the reason.
pub(super) fn rejected(failing: Failing) -> Vec<u8> {
    let bit = failing as usize;
    let mut bits = vec![0_u8; bit / 8 + 1];
    if let Some(last) = bits.last_mut() {
        *last = 0x80 >> (bit % 8);
    }
    // A named bit list ends with its last bit that is set (X.690 11.2.2).
    let unused = u8::try_from(7 - bit % 8).unwrap_or_default();
    let info = asn1::write(BIT_STRING, &[&[unused], &bits]);
    let text = asn1::write(SEQUENCE, &[&asn1::write(UTF8_STRING, &[failing.text().as_bytes()])]);
    asn1::write(SEQUENCE, &[&asn1::write(SEQUENCE, &[&asn1::write(INTEGER, &[&[2]]), &text, &info])])
}
