//! Room `remote`: `signatures/timestamp` of the CSC API (11.10): a hash against a time-stamp token (RFC 3161). Both directions of one call.

use super::super::http::{Method, Request, Response};
use super::super::json::{MAX_JSON, Malformed, Members};
use super::super::problem::Refusal;
use super::super::schema::{Answer, Content, Field, Kind, Mark, Operation, Refusals};
use super::CLIENT_DATA;
use crate::error::Result;

/// `[csc]`
pub const PATH: &str = "/csc/v1/signatures/timestamp";
const HASH: Field = Field::new("hash", Kind::Bytes, Mark::Csc);
const HASH_ALGO: Field = Field::new("hashAlgo", Kind::Text, Mark::Csc);
const NONCE: Field = Field::new("nonce", Kind::Text, Mark::Csc).optional();
const REQUEST: &[Field] = &[HASH, HASH_ALGO, NONCE, CLIENT_DATA];
const TIMESTAMP: Field = Field::new("timestamp", Kind::Bytes, Mark::Csc);
const ANSWER: &[Field] = &[TIMESTAMP];
/// Most hexadecimal digits of a nonce.
const MAX_NONCE: usize = 40;

/// The call as data.
pub const OPERATION: Operation = Operation {
    request: Content::Json(REQUEST),
    answers: &[Answer { status: 200, when: "the time is stamped", content: Content::Json(ANSWER), headers: &[] }],
    refusals: Refusals::Published,
    ..Operation::new("cscTimestamp", Method::Post, PATH, Mark::Csc, "Stamps a hash with the time.")
};

/// The request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timestamp {
    /// What is stamped.
    pub hash: Vec<u8>,
    /// Its algorithm, as an object identifier.
    pub hash_algo: String,
    /// A number to be repeated, in hexadecimal.
    pub nonce: Option<String>,
}

impl Timestamp {
    /// The client's request.
    #[must_use]
    pub fn encode(&self) -> Request {
        let members =
            Members::new().with_bytes(&HASH, &self.hash).with(&HASH_ALGO, self.hash_algo.as_str()).with_some(&NONCE, self.nonce.as_deref());
        Request::new(Method::Post, PATH).with_json(&members)
    }

    /// The server's reading.
    ///
    /// # Errors
    /// `invalid_request`.
    pub fn decode(request: &Request) -> Result<Timestamp, Refusal> {
        super::read(request, REQUEST, |members| {
            let nonce = members.text_opt(&NONCE)?;
            let fits = |text: &String| (1..=MAX_NONCE).contains(&text.len()) && text.bytes().all(|digit| digit.is_ascii_hexdigit());
            if nonce.as_ref().is_some_and(|text| !fits(text)) {
                return Err(Malformed::of(&NONCE, "unknown"));
            }
            Ok(Timestamp { hash: members.bytes(&HASH)?, hash_algo: members.text(&HASH_ALGO)?, nonce })
        })
    }
}

/// The answer: a TimeStampToken, DER.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timestamped(pub Vec<u8>);

impl Timestamped {
    /// The server's answer.
    #[must_use]
    pub fn encode(&self) -> Response {
        Response::json(200, &Members::new().with_bytes(&TIMESTAMP, &self.0))
    }

    /// The client's reading.
    ///
    /// # Errors
    /// What the service said, or [`crate::ErrorKind::BadAnswer`].
    pub fn decode(response: &Response) -> Result<Timestamped> {
        response.expect(&[200])?;
        Ok(Timestamped(Members::parse(&response.body, MAX_JSON)?.bytes(&TIMESTAMP)?))
    }
}
