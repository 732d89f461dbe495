//! Room `remote`: `GET /rssp/users/me/signature-image` `[ours]`: what a device of the user's must have, to check a signature that shows it. Both
//! directions of one call.

use super::super::http::{Method, Request, Response};
use super::super::json::{MAX_JSON, Members};
use super::super::schema::{Answer, Content, Field, Mark, Operation};
use super::{IMAGE, PATH};
use crate::error::Result;

const ANSWER: &[Field] = &[IMAGE];

/// The call as data.
pub const OPERATION: Operation = Operation {
    answers: &[Answer { status: 200, when: "there is one: its very bytes", content: Content::Json(ANSWER), headers: &[] }],
    ..Operation::new("signatureImage", Method::Get, PATH, Mark::Ours, "Gives the user's signature image.")
};

/// The client's request.
#[must_use]
pub fn request() -> Request {
    Request::new(Method::Get, PATH)
}

/// The server's answer.
#[must_use]
pub fn encode(image: &[u8]) -> Response {
    Response::json(200, &Members::new().with_bytes(&IMAGE, image))
}

/// The client's reading.
///
/// # Errors
/// What the service said, or [`crate::ErrorKind::BadAnswer`].
pub fn decode(response: &Response) -> Result<Vec<u8>> {
    response.expect(&[200])?;
    Ok(Members::parse(&response.body, MAX_JSON)?.bytes(&IMAGE)?)
}
