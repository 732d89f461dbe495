//! Room `remote`: `signatures/signHash` of the CSC API (11.9): hashes against signature values. Both directions of one call. What comes back is a
//! claim until it is checked under the credential's certificate.

use super::super::http::{Method, Request, Response};
use super::super::json::{MAX_JSON, Members};
use super::super::problem::Refusal;
use super::super::schema::{Answer, Content, Field, Kind, Mark, Operation, Refusals};
use super::super::secret::Secret;
use super::{CLIENT_DATA, CREDENTIAL_ID, SAD, refusal};
use crate::error::Result;

/// `[csc]`
pub const PATH: &str = "/csc/v1/signatures/signHash";
const HASH: Field = Field::new("hash", Kind::ListOfBytes, Mark::Csc);
const HASH_ALGO: Field = Field::new("hashAlgo", Kind::Text, Mark::Csc).optional();
const SIGN_ALGO: Field = Field::new("signAlgo", Kind::Text, Mark::Csc);
const SIGN_ALGO_PARAMS: Field = Field::new("signAlgoParams", Kind::Bytes, Mark::Csc).optional();
const REQUEST: &[Field] = &[CREDENTIAL_ID, SAD, HASH, HASH_ALGO, SIGN_ALGO, SIGN_ALGO_PARAMS, CLIENT_DATA];
const SIGNATURES: Field = Field::new("signatures", Kind::ListOfBytes, Mark::Csc);
const ANSWER: &[Field] = &[SIGNATURES];

/// The call as data.
pub const OPERATION: Operation = Operation {
    request: Content::Json(REQUEST),
    answers: &[Answer { status: 200, when: "every hash is signed", content: Content::Json(ANSWER), headers: &[] }],
    refusals: Refusals::Published,
    ..Operation::new("cscSignHash", Method::Post, PATH, Mark::Csc, "Signs hashes with a remote credential.")
};

/// The request.
pub struct SignHash {
    /// Which credential.
    pub credential_id: String,
    /// The activation data.
    pub sad: Secret,
    /// What is to be signed.
    pub hashes: Vec<Vec<u8>>,
    /// The hashes' algorithm, as an object identifier.
    pub hash_algo: Option<String>,
    /// The signatures' algorithm, as an object identifier.
    pub sign_algo: String,
    /// Its parameters, DER.
    pub sign_algo_params: Option<Vec<u8>>,
}

impl SignHash {
    /// The client's request.
    #[must_use]
    pub fn encode(&self) -> Request {
        let mut members = Members::new()
            .with(&CREDENTIAL_ID, self.credential_id.as_str())
            .with_secret(&SAD, &self.sad)
            .with_all_bytes(&HASH, &self.hashes)
            .with_some(&HASH_ALGO, self.hash_algo.as_deref())
            .with(&SIGN_ALGO, self.sign_algo.as_str());
        if let Some(parameters) = &self.sign_algo_params {
            members = members.with_bytes(&SIGN_ALGO_PARAMS, parameters);
        }
        Request::new(Method::Post, PATH).with_json(&members)
    }

    /// The server's reading.
    ///
    /// # Errors
    /// `invalid_request`.
    pub fn decode(request: &Request) -> Result<SignHash, Refusal> {
        let asked = super::read(request, REQUEST, |members| {
            Ok(SignHash {
                credential_id: members.text(&CREDENTIAL_ID)?,
                sad: members.secret(&SAD)?,
                hashes: members.all_bytes(&HASH)?,
                hash_algo: members.text_opt(&HASH_ALGO)?,
                sign_algo: members.text(&SIGN_ALGO)?,
                sign_algo_params: members.bytes_opt(&SIGN_ALGO_PARAMS)?,
            })
        })?;
        if asked.hashes.is_empty() { Err(refusal::NO_HASH) } else { Ok(asked) }
    }
}

/// The answer: signature values in the order of the hashes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signatures(pub Vec<Vec<u8>>);

impl Signatures {
    /// The server's answer.
    #[must_use]
    pub fn encode(&self) -> Response {
        Response::json(200, &Members::new().with_all_bytes(&SIGNATURES, &self.0))
    }

    /// The client's reading.
    ///
    /// # Errors
    /// What the service said, or [`crate::ErrorKind::BadAnswer`].
    pub fn decode(response: &Response) -> Result<Signatures> {
        response.expect(&[200])?;
        Ok(Signatures(Members::parse(&response.body, MAX_JSON)?.all_bytes(&SIGNATURES)?))
    }
}
