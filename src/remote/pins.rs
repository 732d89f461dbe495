//! Room `remote`: `GET /rssp/pins` `[ours]`: the service's newest pins, signed by whoever keeps the update key. Both directions of one call.
//!
//! The answer carries a [`super::pin_document::PinDocument`]; it is believed for its signature and for nothing else, so the call is open.

use super::http::{Method, Request, Response};
use super::json::{MAX_JSON, Members};
use super::schema::{Access, Answer, Content, Field, Kind, Mark, Operation};
use crate::error::Result;

/// `[ours]`
pub const PATH: &str = "/rssp/pins";
const DOCUMENT: Field = Field::new("document", Kind::Text, Mark::Ours);
const ANSWER: &[Field] = &[DOCUMENT];

/// The call as data.
pub const OPERATION: Operation = Operation {
    access: Access::Open,
    answers: &[Answer { status: 200, when: "where the operator has published pins", content: Content::Json(ANSWER), headers: &[] }],
    ..Operation::new("pins", Method::Get, PATH, Mark::Ours, "Gives the service's pins, as a signed document (JWS, compact).")
};

/// The request.
#[must_use]
pub fn request() -> Request {
    Request::new(Method::Get, PATH)
}

/// The server's answer.
#[must_use]
pub fn encode(document: &str) -> Response {
    Response::json(200, &Members::new().with(&DOCUMENT, document))
}

/// The client's reading: a document not yet believed.
///
/// # Errors
/// What the service said, [`crate::ErrorKind::RecordNotFound`] where none is published, or [`crate::ErrorKind::BadAnswer`].
pub fn decode(response: &Response) -> Result<String> {
    response.expect(&[200])?;
    Ok(Members::parse(&response.body, MAX_JSON)?.text(&DOCUMENT)?)
}
