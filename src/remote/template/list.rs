//! Room `remote`: `GET /rssp/templates` `[hub]`. Both directions of one call.

use super::super::http::{Method, Request, Response};
use super::super::json::{Malformed, Members};
use super::super::schema::{Answer, Content, Field, Kind, Mark, Operation};
use super::{TEMPLATE, Template};
use crate::error::Result;

/// `[hub]`
pub const PATH: &str = "/rssp/templates";
/// Most templates of an answer: the newest.
pub const MOST: u32 = 100;
const MAX_ANSWER: usize = 8 << 20;
const TEMPLATES: Field = Field::new("templates", Kind::Objects(TEMPLATE), Mark::Hub);

/// The call as data.
pub const OPERATION: Operation = Operation {
    answers: &[Answer { status: 200, when: "always: the newest, at most 100", content: Content::Json(&[TEMPLATES]), headers: &[] }],
    ..Operation::new("listTemplates", Method::Get, PATH, Mark::Hub, "Lists the user's templates.")
};

/// The client's request.
#[must_use]
pub fn request() -> Request {
    Request::new(Method::Get, PATH)
}

/// The answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Templates(pub Vec<Template>);

impl Templates {
    /// The server's answer.
    #[must_use]
    pub fn encode(&self) -> Response {
        Response::json(200, &Members::new().with_objects(&TEMPLATES, self.0.iter().map(Template::members)))
    }

    /// The client's reading.
    ///
    /// # Errors
    /// What the service said, or [`crate::ErrorKind::BadAnswer`].
    pub fn decode(response: &Response) -> Result<Templates> {
        response.expect(&[200])?;
        let all = Members::parse(&response.body, MAX_ANSWER)?.objects(&TEMPLATES)?;
        Ok(Templates(all.iter().map(Template::read).collect::<Result<_, Malformed>>()?))
    }
}
