//! Room `remote`: `POST /rssp/authorizations/{authorizationID}/response` `[ours]`: the device's signed yes or no. Both directions of one call, and
//! the bytes the authentication key signs.

use super::activate_credential_response::{ShaAlgo, SignAlgo};
use super::authorizations::{AUTHORIZATION_ID, CHALLENGE, CREDENTIAL_ID, HASH, PendingAuthorization};
use super::canonical::canonical;
use super::http::{Method, Request, Response, fill_path, match_path};
use super::json::{MAX_JSON, Members, known, wire_enum};
use super::problem::{ProblemType, Refusal};
use super::schema::{Answer, Content, Field, Kind, Mark, Operation};
use crate::error::Result;
use zeroize::Zeroizing;

/// `[ours]`
pub const PATH: &str = "/rssp/authorizations/{authorizationID}/response";
const DECISION: Field = Field::new("decision", Kind::OneOf(Decision::TEXTS), Mark::Ours);
const SIGN_ALGO: Field = Field::new("signAlgo", Kind::OneOf(SignAlgo::TEXTS), Mark::Ours);
const SHA_ALGO: Field = Field::new("shaAlgo", Kind::OneOf(ShaAlgo::TEXTS), Mark::Ours);
const AUTHORIZE_SIGNATURE: Field = Field::new("authorizeSignature", Kind::Bytes, Mark::Ours);
const REQUEST: &[Field] = &[DECISION, SIGN_ALGO, SHA_ALGO, AUTHORIZE_SIGNATURE];
const STATE: Field = Field::new("state", Kind::OneOf(Decision::DONE), Mark::Ours);
const ANSWER: &[Field] = &[AUTHORIZATION_ID, STATE];

wire_enum! {
    /// What the person says.
    Decision {
        /// Yes, to all of it.
        Approve = "approve",
        /// No.
        Decline = "decline",
    }
}

impl Decision {
    const DONE: &'static [&'static str] = &["approved", "declined"];

    /// The state that the authorisation is in afterwards.
    #[must_use]
    pub const fn state(self) -> &'static str {
        match self {
            Decision::Approve => "approved",
            Decision::Decline => "declined",
        }
    }
}

/// The call as data.
pub const OPERATION: Operation = Operation {
    request: Content::Json(REQUEST),
    answers: &[Answer {
        status: 200,
        when: "the decision stands; the same again is answered the same",
        content: Content::Json(ANSWER),
        headers: &[],
    }],
    ..Operation::new("answerAuthorization", Method::Post, PATH, Mark::Ours, "Approves or declines remote signatures on the device.")
};

/// The request.
pub struct AnswerAuthorization {
    /// Which authorisation.
    pub authorization_id: String,
    /// Yes or no.
    pub decision: Decision,
    /// The signature's algorithm.
    pub sign_algo: SignAlgo,
    /// The signature's hash.
    pub sha_algo: ShaAlgo,
    /// A signature of the authentication key over [`AnswerAuthorization::to_be_signed`].
    pub authorize_signature: Vec<u8>,
}

impl AnswerAuthorization {
    fn members(&self) -> Members {
        Members::new()
            .with(&DECISION, self.decision.as_str())
            .with(&SIGN_ALGO, self.sign_algo.as_str())
            .with(&SHA_ALGO, self.sha_algo.as_str())
    }

    /// The message the authentication key signs: the UTF-8 bytes of the canonical JSON (RFC 8785) of this request without its signature, plus the
    /// authorisation's id, credential, challenge and hashes: the yes is to these hashes and no others.
    #[must_use]
    pub fn to_be_signed(&self, pending: &PendingAuthorization) -> Zeroizing<Vec<u8>> {
        let members = self
            .members()
            .with(&AUTHORIZATION_ID, pending.authorization_id.as_str())
            .with(&CREDENTIAL_ID, pending.credential_id.as_str())
            .with(&CHALLENGE, pending.challenge.as_str())
            .with_all_bytes(&HASH, &pending.hashes);
        canonical(members)
    }

    /// The client's request.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidArgument`] if the id is none.
    pub fn encode(&self) -> Result<Request> {
        let path = fill_path(PATH, &[&self.authorization_id])?;
        Ok(Request::new(Method::Post, path).with_json(&self.members().with_bytes(&AUTHORIZE_SIGNATURE, &self.authorize_signature)))
    }

    /// The server's reading.
    ///
    /// # Errors
    /// Not found, or a problem of the kind malformed-request.
    pub fn decode(request: &Request) -> Result<AnswerAuthorization, Refusal> {
        let Some((Some(authorization_id), None)) = match_path(PATH, &request.path).map(|mut ids| (ids.pop(), ids.pop())) else {
            return Err(ProblemType::NotFound.into());
        };
        let members = Members::parse(request.body.bytes(), MAX_JSON)?;
        Ok(AnswerAuthorization {
            authorization_id,
            decision: known(&DECISION, Decision::from_text(&members.text(&DECISION)?))?,
            sign_algo: known(&SIGN_ALGO, SignAlgo::from_text(&members.text(&SIGN_ALGO)?))?,
            sha_algo: known(&SHA_ALGO, ShaAlgo::from_text(&members.text(&SHA_ALGO)?))?,
            authorize_signature: members.bytes(&AUTHORIZE_SIGNATURE)?,
        })
    }
}

/// The server's answer.
#[must_use]
pub fn answer(authorization_id: &str, decision: Decision) -> Response {
    Response::json(200, &Members::new().with(&AUTHORIZATION_ID, authorization_id).with(&STATE, decision.state()))
}

/// The client's reading.
///
/// # Errors
/// What the service said, or [`crate::ErrorKind::BadAnswer`].
pub fn decode_answer(response: &Response) -> Result<()> {
    response.expect(&[200])?;
    Members::parse(&response.body, MAX_JSON)?.text(&STATE)?;
    Ok(())
}
