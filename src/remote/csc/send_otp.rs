//! Room `remote`: `credentials/sendOTP` of the CSC API (11.8): has a one-time password sent to the person. Both directions of one call.

use super::super::http::{Method, Request, Response};
use super::super::json::Members;
use super::super::problem::Refusal;
use super::super::schema::{Answer, Content, Field, Mark, Operation, Refusals};
use super::{CLIENT_DATA, CREDENTIAL_ID};
use crate::error::Result;

/// `[csc]`
pub const PATH: &str = "/csc/v1/credentials/sendOTP";
const REQUEST: &[Field] = &[CREDENTIAL_ID, CLIENT_DATA];

/// The call as data.
pub const OPERATION: Operation = Operation {
    request: Content::Json(REQUEST),
    answers: &[Answer { status: 204, when: "the password is on its way", content: Content::None, headers: &[] }],
    refusals: Refusals::Published,
    ..Operation::new("cscSendOtp", Method::Post, PATH, Mark::Csc, "Sends a one-time password for a remote credential.")
};

/// The client's request.
#[must_use]
pub fn request(credential_id: &str) -> Request {
    Request::new(Method::Post, PATH).with_json(&Members::new().with(&CREDENTIAL_ID, credential_id))
}

/// The server's reading: which credential.
///
/// # Errors
/// `invalid_request`.
pub fn decode(request: &Request) -> Result<String, Refusal> {
    super::read(request, REQUEST, |members| members.text(&CREDENTIAL_ID))
}

/// The server's answer.
#[must_use]
pub fn done() -> Response {
    Response::new(204)
}

/// The client's reading.
///
/// # Errors
/// What the service said.
pub fn decode_done(response: &Response) -> Result<()> {
    response.expect(&[204, 200]).map(|_| ())
}
