//! Room `remote`: `POST /rssp/certificates/{credentialID}/revoke` `[ours]`. Both directions of one call.

use super::http::{Method, Request, Response, fill_path, match_path};
use super::json::{MAX_JSON, Members, known, wire_enum};
use super::problem::{ProblemType, Refusal};
use super::request_certificate::CredentialStatus;
use super::schema::{Answer, Content, Field, Kind, Mark, Operation};
use crate::error::Result;

/// `[ours]`
pub const PATH: &str = "/rssp/certificates/{credentialID}/revoke";
const REASON: Field = Field::new("reason", Kind::OneOf(RevocationReason::TEXTS), Mark::Ours);
const REQUEST: &[Field] = &[REASON];
const CREDENTIAL_ID: Field = Field::new("credentialID", Kind::Id, Mark::Ours);
const STATUS: Field = Field::new("status", Kind::OneOf(CredentialStatus::TEXTS), Mark::Doc);
const ANSWER: &[Field] = &[CREDENTIAL_ID, STATUS];

wire_enum! {
    /// Why, in the words of RFC 5280 5.3.1.
    RevocationReason {
        /// None given.
        Unspecified = "unspecified",
        /// The key may be in other hands.
        KeyCompromise = "keyCompromise",
        /// The person left.
        AffiliationChanged = "affiliationChanged",
        /// Another certificate took its place.
        Superseded = "superseded",
        /// No longer needed.
        CessationOfOperation = "cessationOfOperation",
    }
}

/// The call as data.
pub const OPERATION: Operation = Operation {
    request: Content::Json(REQUEST),
    answers: &[Answer { status: 200, when: "the certificate is revoked, now or earlier", content: Content::Json(ANSWER), headers: &[] }],
    ..Operation::new("revokeCertificate", Method::Post, PATH, Mark::Ours, "Revokes a certificate for good.")
};

/// The request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevokeCertificate {
    /// Which credential.
    pub credential_id: String,
    /// Why.
    pub reason: RevocationReason,
}

impl RevokeCertificate {
    /// The client's request.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidArgument`] if the id is none.
    pub fn encode(&self) -> Result<Request> {
        let path = fill_path(PATH, &[&self.credential_id])?;
        Ok(Request::new(Method::Post, path).with_json(&Members::new().with(&REASON, self.reason.as_str())))
    }

    /// The server's reading.
    ///
    /// # Errors
    /// Not found, or a problem of the kind malformed-request.
    pub fn decode(request: &Request) -> Result<RevokeCertificate, Refusal> {
        let credential_id = credential_of_path(PATH, request)?;
        let members = Members::parse(request.body.bytes(), MAX_JSON)?;
        Ok(RevokeCertificate { credential_id, reason: known(&REASON, RevocationReason::from_text(&members.text(&REASON)?))? })
    }
}

/// The one id of a path about a credential.
fn credential_of_path(template: &str, request: &Request) -> Result<String, Refusal> {
    match match_path(template, &request.path).map(|mut ids| (ids.pop(), ids.pop())) {
        Some((Some(id), None)) => Ok(id),
        _ => Err(ProblemType::CredentialUnknown.into()),
    }
}

/// The server's answer.
#[must_use]
pub fn answer(credential_id: &str) -> Response {
    let status = CredentialStatus::Cancelled.as_str();
    Response::json(200, &Members::new().with(&CREDENTIAL_ID, credential_id).with(&STATUS, status))
}

/// The client's reading: that it is revoked.
///
/// # Errors
/// What the service said; [`crate::ErrorKind::BadAnswer`] if the state is any other.
pub fn decode_answer(response: &Response) -> Result<()> {
    response.expect(&[200])?;
    let members = Members::parse(&response.body, MAX_JSON)?;
    let status = CredentialStatus::from_any(&members.text(&STATUS)?);
    known(&STATUS, status.filter(|status| *status == CredentialStatus::Cancelled))?;
    Ok(())
}
