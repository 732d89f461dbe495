//! Room `remote`: `POST /rssp/packages` `[hub]`. Both directions of one call.

use super::super::http::{IDEMPOTENCY_KEY, Method, Request};
use super::super::json::{MAX_JSON, Malformed, Members};
use super::super::problem::Refusal;
use super::super::request_certificate::{KEY_HEADER, idempotency_key};
use super::super::schema::{Content, Field, Kind, Mark, Operation};
use super::{MADE, MAX_NAME, NAME, line};

/// `[hub]`
pub const PATH: &str = "/rssp/packages";
/// Longest that a package waits, in seconds: a year.
pub const MAX_EXPIRES_IN: u64 = 366 * 86_400;
pub(in crate::remote) const EXPIRES_IN: Field = Field::new("expiresIn", Kind::Integer, Mark::Ours).optional();
const REQUEST: &[Field] = &[NAME, EXPIRES_IN];

/// The call as data.
pub const OPERATION: Operation = Operation {
    headers: &[KEY_HEADER],
    request: Content::Json(REQUEST),
    answers: MADE,
    ..Operation::new("createPackage", Method::Post, PATH, Mark::Hub, "Makes an empty package.")
};

/// The request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreatePackage {
    /// Makes the call safe to repeat.
    pub idempotency_key: String,
    /// What people are shown.
    pub name: String,
    /// After how many seconds it ends by itself; a month if not given.
    pub expires_in: Option<u64>,
}

impl CreatePackage {
    /// The client's request.
    #[must_use]
    pub fn encode(&self) -> Request {
        let members = Members::new().with(&NAME, self.name.as_str()).with_some(&EXPIRES_IN, self.expires_in);
        let mut request = Request::new(Method::Post, PATH).with_json(&members);
        request.headers.set(IDEMPOTENCY_KEY, self.idempotency_key.as_str());
        request
    }

    /// The server's reading.
    ///
    /// # Errors
    /// A problem of the kind malformed-request.
    pub fn decode(request: &Request) -> Result<CreatePackage, Refusal> {
        let idempotency_key = idempotency_key(request)?;
        let members = Members::parse(request.body.bytes(), MAX_JSON)?;
        let expires_in = expires_in(&members)?;
        Ok(CreatePackage { idempotency_key, name: line(&NAME, members.text(&NAME)?, MAX_NAME)?, expires_in })
    }
}

/// After how many seconds a package is to end.
pub(in crate::remote) fn expires_in(members: &Members) -> Result<Option<u64>, Malformed> {
    let seconds = members.integer_opt(&EXPIRES_IN)?;
    let wrong = seconds.is_some_and(|seconds| !(1..=MAX_EXPIRES_IN).contains(&seconds));
    if wrong { Err(Malformed::of(&EXPIRES_IN, "not from 1 second to a year")) } else { Ok(seconds) }
}
