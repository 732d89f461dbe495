//! Room `remote`: `GET /rssp/packages/{packageID}` `[hub]`: where a package stands. Both directions of one call; the answer is [`super::Package`].

use super::super::http::{Method, Request, fill_path};
use super::super::problem::Refusal;
use super::super::schema::{Answer, Content, Mark, Operation};
use super::{PACKAGE, package_of_path};
use crate::error::Result;

/// `[hub]`
pub const PATH: &str = "/rssp/packages/{packageID}";

/// The call as data.
pub const OPERATION: Operation = Operation {
    answers: &[Answer { status: 200, when: "always", content: Content::Json(PACKAGE), headers: &[] }],
    ..Operation::new("packageStatus", Method::Get, PATH, Mark::Hub, "Says where a package stands, to its owner and its recipients.")
};

/// The client's request.
///
/// # Errors
/// [`crate::ErrorKind::InvalidArgument`] if the id is none.
pub fn request(package_id: &str) -> Result<Request> {
    Ok(Request::new(Method::Get, fill_path(PATH, &[package_id])?))
}

/// The server's reading: which package.
///
/// # Errors
/// Not found.
pub fn decode_request(request: &Request) -> Result<String, Refusal> {
    package_of_path(PATH, request)
}
