//! Room `remote`: `POST /rssp/devices/activation-code` `[ours]`, a function the vendor names. Both directions of one call.

use super::http::{Method, Request, Response};
use super::schema::{Answer, Content, Mark, Operation};
use crate::error::Result;

/// `[ours]`
pub const PATH: &str = "/rssp/devices/activation-code";

/// The call as data.
pub const OPERATION: Operation = Operation {
    answers: &[Answer { status: 204, when: "the code is on its way by SMS", content: Content::None, headers: &[] }],
    ..Operation::new("sendDeviceActivationCode", Method::Post, PATH, Mark::Ours, "Sends a device activation code to the user by SMS.")
};

/// The client's request.
#[must_use]
pub fn request() -> Request {
    Request::new(Method::Post, PATH)
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
