//! Room `remote`: `GET /rssp/info` `[ours]`, for the vendor's "System Info". Both directions of one call.

use super::http::{Method, Request, Response};
use super::json::{MAX_JSON, Members};
use super::schema::{Access, Answer, Content, Field, Kind, Mark, Operation};
use crate::error::Result;
use crate::time::Time;

/// `[ours]`
pub const PATH: &str = "/rssp/info";
const NAME: Field = Field::new("name", Kind::Text, Mark::Ours);
const VERSION: Field = Field::new("version", Kind::Text, Mark::Ours);
const BUILD: Field = Field::new("build", Kind::Text, Mark::Ours);
const TIME: Field = Field::new("time", Kind::Time, Mark::Ours);
const ANSWER: &[Field] = &[NAME, VERSION, BUILD, TIME];

/// The call as data.
pub const OPERATION: Operation = Operation {
    access: Access::Open,
    answers: &[Answer { status: 200, when: "always", content: Content::Json(ANSWER), headers: &[] }],
    ..Operation::new("info", Method::Get, PATH, Mark::Ours, "Says what the service is and what time it has.")
};

/// The request.
#[must_use]
pub fn request() -> Request {
    Request::new(Method::Get, PATH)
}

/// What the service says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Info {
    /// The service's name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its build.
    pub build: String,
    /// Its time.
    pub time: Time,
}

impl Info {
    /// The server's answer.
    #[must_use]
    pub fn encode(&self) -> Response {
        let members = Members::new()
            .with(&NAME, self.name.as_str())
            .with(&VERSION, self.version.as_str())
            .with(&BUILD, self.build.as_str())
            .with(&TIME, self.time.to_string());
        Response::json(200, &members)
    }

    /// The client's reading.
    ///
    /// # Errors
    /// What the service said, or [`crate::ErrorKind::BadAnswer`].
    pub fn decode(response: &Response) -> Result<Info> {
        response.expect(&[200])?;
        let members = Members::parse(&response.body, MAX_JSON)?;
        Ok(Info { name: members.text(&NAME)?, version: members.text(&VERSION)?, build: members.text(&BUILD)?, time: members.time(&TIME)? })
    }
}
