//! Room `remote`: `DELETE /rssp/templates/{templateID}` `[ours]`. Both directions of one call. Packages that were made of it stay.

use super::super::http::{Method, Request, Response, fill_path};
use super::super::problem::Refusal;
use super::super::schema::{Answer, Content, Mark, Operation};
use super::template_of_path;
use crate::error::Result;

/// `[ours]`
pub const PATH: &str = "/rssp/templates/{templateID}";

/// The call as data.
pub const OPERATION: Operation = Operation {
    answers: &[Answer { status: 204, when: "it is gone", content: Content::None, headers: &[] }],
    ..Operation::new("removeTemplate", Method::Delete, PATH, Mark::Ours, "Removes a template.")
};

/// The client's request.
///
/// # Errors
/// [`crate::ErrorKind::InvalidArgument`] if the id is none.
pub fn request(template_id: &str) -> Result<Request> {
    Ok(Request::new(Method::Delete, fill_path(PATH, &[template_id])?))
}

/// The server's reading: which template.
///
/// # Errors
/// Not found.
pub fn decode_request(request: &Request) -> Result<String, Refusal> {
    template_of_path(PATH, request)
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
