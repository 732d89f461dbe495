//! Room `remote`: `credentials/extendTransaction` of the CSC API (11.7): new signature activation data for what is still to be signed. Both
//! directions of one call; the answer is [`Activation`].

use super::super::http::{Method, Request, Response};
use super::super::json::{MAX_JSON, Members};
use super::super::problem::Refusal;
use super::super::schema::{Answer, Content, Field, Kind, Mark, Operation, Refusals};
use super::super::secret::Secret;
use super::authorize::Activation;
use super::{CLIENT_DATA, CREDENTIAL_ID, EXPIRES_IN, SAD};
use crate::error::Result;

/// `[csc]`
pub const PATH: &str = "/csc/v1/credentials/extendTransaction";
const HASH: Field = Field::new("hash", Kind::ListOfBytes, Mark::Csc).optional();
const REQUEST: &[Field] = &[CREDENTIAL_ID, HASH, SAD, CLIENT_DATA];
const ANSWER: &[Field] = &[SAD, EXPIRES_IN];

/// The call as data.
pub const OPERATION: Operation = Operation {
    request: Content::Json(REQUEST),
    answers: &[Answer { status: 200, when: "signatures are left", content: Content::Json(ANSWER), headers: &[] }],
    refusals: Refusals::Published,
    ..Operation::new("cscExtendTransaction", Method::Post, PATH, Mark::Csc, "Gives new activation data for the signatures that are left.")
};

/// The request.
pub struct ExtendTransaction {
    /// Which credential.
    pub credential_id: String,
    /// The hashes that are still to be signed, if the data are bound to hashes.
    pub hashes: Option<Vec<Vec<u8>>>,
    /// The activation data; they end.
    pub sad: Secret,
}

impl ExtendTransaction {
    /// The client's request.
    #[must_use]
    pub fn encode(&self) -> Request {
        let mut members = Members::new().with(&CREDENTIAL_ID, self.credential_id.as_str()).with_secret(&SAD, &self.sad);
        if let Some(hashes) = &self.hashes {
            members = members.with_all_bytes(&HASH, hashes);
        }
        Request::new(Method::Post, PATH).with_json(&members)
    }

    /// The server's reading.
    ///
    /// # Errors
    /// `invalid_request`.
    pub fn decode(request: &Request) -> Result<ExtendTransaction, Refusal> {
        super::read(request, REQUEST, |members| {
            Ok(ExtendTransaction {
                credential_id: members.text(&CREDENTIAL_ID)?,
                hashes: members.all_bytes_opt(&HASH)?,
                sad: members.secret(&SAD)?,
            })
        })
    }
}

/// The client's reading of the answer.
///
/// # Errors
/// What the service said, or [`crate::ErrorKind::BadAnswer`].
pub fn decode_answer(response: &Response) -> Result<Activation> {
    response.expect(&[200])?;
    Activation::read(&Members::parse(&response.body, MAX_JSON)?)
}
