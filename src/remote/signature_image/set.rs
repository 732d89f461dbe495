//! Room `remote`: `PUT /rssp/users/me/signature-image` `[hub]`. Both directions of one call. What was there before is replaced; what was prepared with it
//! stays as it is.

use super::super::http::{Method, Request, Response};
use super::super::json::{MAX_JSON, Members};
use super::super::problem::{ProblemType, Refusal};
use super::super::schema::{Answer, Content, Field, Mark, Operation};
use super::{IMAGE, MAX_IMAGE, PATH};
use crate::error::Result;

const REQUEST: &[Field] = &[IMAGE];

/// The call as data.
pub const OPERATION: Operation = Operation {
    request: Content::Json(REQUEST),
    answers: &[Answer { status: 204, when: "it is the user's signature image", content: Content::None, headers: &[] }],
    ..Operation::new("setSignatureImage", Method::Put, PATH, Mark::Hub, "Sets or replaces the user's signature image, a PNG or JPEG file.")
};

/// The request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetSignatureImage {
    /// A PNG or JPEG file.
    pub image: Vec<u8>,
}

impl SetSignatureImage {
    /// The client's request.
    #[must_use]
    pub fn encode(&self) -> Request {
        Request::new(Method::Put, PATH).with_json(&Members::new().with_bytes(&IMAGE, &self.image))
    }

    /// The server's reading; whether it is a picture is not looked at.
    ///
    /// # Errors
    /// A problem of the kind malformed-request or too-large.
    pub fn decode(request: &Request) -> Result<SetSignatureImage, Refusal> {
        let image = Members::parse(request.body.bytes(), MAX_JSON)?.bytes(&IMAGE)?;
        if image.len() > MAX_IMAGE { Err(ProblemType::TooLarge.into()) } else { Ok(SetSignatureImage { image }) }
    }
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
