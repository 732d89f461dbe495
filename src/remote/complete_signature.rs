//! Room `remote`: `PUT /rssp/agreements/{documentID}/signatures/{signatureID}` `[hub]`. Both directions of one call.
//! The same value again answers the same; another value is refused with 409.

use super::http::{Method, Request, Response, fill_path, match_path};
use super::json::{MAX_JSON, Members, known};
use super::problem::{ProblemType, Refusal};
use super::schema::{Answer, Content, Field, Kind, Mark, Operation};
use super::start_signature::Level;
use crate::error::Result;

/// `[hub]`
pub const PATH: &str = "/rssp/agreements/{documentID}/signatures/{signatureID}";
const SIGNATURE: Field = Field::new("signature", Kind::Bytes, Mark::Ours);
const SIGN_ALGO: Field = Field::new("signAlgo", Kind::Text, Mark::Csc);
const REQUEST: &[Field] = &[SIGNATURE, SIGN_ALGO];
const STATE: Field = Field::new("state", Kind::OneOf(&[COMPLETED]), Mark::Ours);
const COMPLETED: &str = "completed";
const LEVEL: Field = Field::new("level", Kind::OneOf(Level::TEXTS), Mark::Ours);
const ANSWER: &[Field] = &[STATE, LEVEL];

/// The call as data.
pub const OPERATION: Operation = Operation {
    request: Content::Json(REQUEST),
    answers: &[Answer {
        status: 200,
        when: "the document is signed, now or earlier with the same value",
        content: Content::Json(ANSWER),
        headers: &[],
    }],
    ..Operation::new("completeSignature", Method::Put, PATH, Mark::Hub, "Puts the device's signature value into the document.")
};

/// The request.
#[derive(Clone, PartialEq, Eq)]
pub struct CompleteSignature {
    /// In which document.
    pub document_id: String,
    /// Which signature.
    pub signature_id: String,
    /// The signature value; ECDSA in DER.
    pub signature: Vec<u8>,
    /// Its algorithm, by the names of `pki::algorithm`, such as `ecdsa-sha256`.
    pub sign_algo: String,
}

impl CompleteSignature {
    /// The client's request.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidArgument`] if an id is none.
    pub fn encode(&self) -> Result<Request> {
        let path = fill_path(PATH, &[&self.document_id, &self.signature_id])?;
        let members = Members::new().with_bytes(&SIGNATURE, &self.signature).with(&SIGN_ALGO, self.sign_algo.as_str());
        Ok(Request::new(Method::Put, path).with_json(&members))
    }

    /// The server's reading.
    ///
    /// # Errors
    /// Not found, or a problem of the kind malformed-request.
    pub fn decode(request: &Request) -> Result<CompleteSignature, Refusal> {
        let ids = match_path(PATH, &request.path).and_then(|ids| <[String; 2]>::try_from(ids).ok());
        let Some([document_id, signature_id]) = ids else {
            return Err(ProblemType::SignatureUnknown.into());
        };
        let members = Members::parse(request.body.bytes(), MAX_JSON)?;
        Ok(CompleteSignature { document_id, signature_id, signature: members.bytes(&SIGNATURE)?, sign_algo: members.text(&SIGN_ALGO)? })
    }
}

/// The answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CompletedSignature {
    /// The level reached.
    pub level: Level,
}

impl CompletedSignature {
    /// The server's answer.
    #[must_use]
    pub fn encode(&self) -> Response {
        Response::json(200, &Members::new().with(&STATE, COMPLETED).with(&LEVEL, self.level.as_str()))
    }

    /// The client's reading.
    ///
    /// # Errors
    /// What the service said, or [`crate::ErrorKind::BadAnswer`].
    pub fn decode(response: &Response) -> Result<CompletedSignature> {
        response.expect(&[200])?;
        let members = Members::parse(&response.body, MAX_JSON)?;
        members.text(&STATE)?;
        Ok(CompletedSignature { level: known(&LEVEL, Level::from_text(&members.text(&LEVEL)?))? })
    }
}
