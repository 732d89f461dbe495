//! Room `remote`: `DELETE /rssp/users/me/signature-image` `[hub]`. Both directions of one call.

use super::super::http::{Method, Request, Response};
use super::super::schema::{Answer, Content, Mark, Operation};
use super::PATH;
use crate::error::Result;

/// The call as data.
pub const OPERATION: Operation = Operation {
    answers: &[Answer { status: 204, when: "there is none, now or before", content: Content::None, headers: &[] }],
    ..Operation::new("removeSignatureImage", Method::Delete, PATH, Mark::Hub, "Removes the user's signature image.")
};

/// The client's request.
#[must_use]
pub fn request() -> Request {
    Request::new(Method::Delete, PATH)
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
    response.expect(&[204]).map(|_| ())
}
