//! `signatures/timestamp`: a hash against a token of the server's own time-stamping authority.

use crate::api::{No, Service, Visit};
use crate::asn1::{self, INTEGER, OCTET_STRING, SEQUENCE};
use crate::failure::Failure;
use crate::random;
use crate::web::Reply;
use der::asn1::ObjectIdentifier;
use der::{Decode, Header, Reader, SliceReader};
use thrivosign::remote::csc::timestamp::{Timestamp, Timestamped};
use thrivosign::remote::csc::{algorithm, refusal};
use thrivosign::remote::problem::{Refusal, TEMPORARILY_UNAVAILABLE};

const TRUE: &[u8] = &[0x01, 1, 0xff];

/// Stamps a hash, certificates included.
pub(in crate::api) fn timestamp(service: &Service, visit: Visit) -> Result<Reply, No> {
    visit.caller.user()?;
    let asked = Timestamp::decode(&visit.request)?;
    let digest = algorithm::digest(&asked.hash_algo).ok_or(refusal::HASH_ALGO)?;
    if asked.hash.len() != digest.len() {
        return Err(refusal::HASH_LENGTH.into());
    }
    let oid = ObjectIdentifier::new(&asked.hash_algo).map_err(|_| refusal::HASH_ALGO)?;
    let imprint = asn1::write(SEQUENCE, &[&asn1::write(SEQUENCE, &[&asn1::encode(&oid)?]), &asn1::write(OCTET_STRING, &[&asked.hash])]);
    let nonce = asked.nonce.as_deref().map(positive).unwrap_or_default();
    // TimeStampReq (RFC 3161 2.4.1).
    let answer = service.trust.stamp(&asn1::write(SEQUENCE, &[&[INTEGER, 1, 1], &imprint, &nonce, TRUE]));
    let token = token(&answer)?.ok_or(Refusal::Coded {
        status: 503,
        error: TEMPORARILY_UNAVAILABLE,
        description: Some("The time cannot be stamped now".into()),
    })?;
    Ok(Timestamped(token).encode().into())
}

/// A positive INTEGER of hexadecimal digits, in its shortest form.
fn positive(digits: &str) -> Vec<u8> {
    let padded = if digits.len().is_multiple_of(2) { digits.to_owned() } else { format!("0{digits}") };
    let bytes = random::unhex(&padded).unwrap_or_default();
    let short: &[u8] = match bytes.iter().position(|byte| *byte != 0) {
        Some(at) => bytes.get(at..).unwrap_or_default(),
        None => &[0],
    };
    let sign: &[u8] = if short.first().is_some_and(|byte| *byte >= 0x80) { &[0] } else { &[] };
    asn1::write(INTEGER, &[sign, short])
}

/// The token of a TimeStampResp (RFC 3161 2.4.2); none where the authority refused.
fn token(answer: &[u8]) -> Result<Option<Vec<u8>>, No> {
    let damaged = |_| Failure::new("the time-stamping authority answers something else");
    let mut reader = SliceReader::new(answer).map_err(damaged)?;
    Header::decode(&mut reader).map_err(damaged)?;
    reader.tlv_bytes().map_err(damaged)?;
    if reader.is_finished() {
        return Ok(None);
    }
    Ok(Some(reader.tlv_bytes().map_err(damaged)?.to_vec()))
}

#[cfg(test)]
mod tests {
    use super::positive;

    #[test]
    fn a_nonce_is_a_positive_integer_in_its_shortest_form() {
        assert_eq!(positive("0"), [2, 1, 0]);
        assert_eq!(positive("007f"), [2, 1, 0x7f]);
        assert_eq!(positive("80"), [2, 2, 0, 0x80]);
        assert_eq!(positive("fab"), [2, 2, 0x0f, 0xab]);
    }
}
