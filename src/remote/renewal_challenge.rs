//! Room `remote`: `POST /rssp/certificates/{credentialID}/renew/challenge` `[ours]`. Both directions of one call; the answer is that of
//! [`super::certificate_challenge`].

use super::certificate_challenge;
use super::http::{Method, Request, fill_path, is_identifier, match_path};
use super::problem::{ProblemType, Refusal};
use super::schema::{Mark, Operation};
use crate::error::Result;

/// `[ours]`
pub const PATH: &str = "/rssp/certificates/{credentialID}/renew/challenge";

/// The call as data.
pub const OPERATION: Operation = Operation {
    answers: certificate_challenge::ANSWERS,
    ..Operation::new("renewalChallenge", Method::Post, PATH, Mark::Ours, "Gives a challenge for the renewal of a certificate.")
};

/// The client's request.
///
/// # Errors
/// [`crate::ErrorKind::InvalidArgument`] if the id is none.
pub fn request(credential_id: &str) -> Result<Request> {
    Ok(Request::new(Method::Post, fill_path(PATH, &[credential_id])?))
}

/// The server's reading: which credential.
///
/// # Errors
/// Not found.
pub fn decode(request: &Request) -> Result<String, Refusal> {
    credential_of(PATH, request)
}

pub(super) fn credential_of(template: &str, request: &Request) -> Result<String, Refusal> {
    let ids = match_path(template, &request.path).unwrap_or_default();
    Ok(ids.into_iter().next().filter(|id| is_identifier(id)).ok_or(ProblemType::CredentialUnknown)?)
}
