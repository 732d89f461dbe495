//! Room `remote`: `POST /rssp/templates` `[ours]`. Both directions of one call; the answer is [`super::Template`].

use super::super::http::{IDEMPOTENCY_KEY, Method, Request};
use super::super::json::{MAX_JSON, Members};
use super::super::package::MAX_NAME;
use super::super::problem::Refusal;
use super::super::request_certificate::{KEY_HEADER, idempotency_key};
use super::super::schema::{Answer, Content, Field, Mark, Operation};
use super::{DOCUMENT_ID, NAME, PLACES, RolePlace, TEMPLATE, line, put, take};

/// `[ours]`
pub const PATH: &str = "/rssp/templates";
const REQUEST: &[Field] = &[NAME, DOCUMENT_ID, PLACES];

/// The call as data.
pub const OPERATION: Operation = Operation {
    headers: &[KEY_HEADER],
    request: Content::Json(REQUEST),
    answers: &[Answer { status: 201, when: "it is made", content: Content::Json(TEMPLATE), headers: &[] }],
    ..Operation::new("createTemplate", Method::Post, PATH, Mark::Ours, "Makes a template of an agreement of the user's.")
};

/// The request.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateTemplate {
    /// Makes the call safe to repeat.
    pub idempotency_key: String,
    /// Its name.
    pub name: String,
    /// The agreement, which becomes the template's for good.
    pub document_id: String,
    /// Who signs it where.
    pub places: Vec<RolePlace>,
}

impl CreateTemplate {
    /// The client's request.
    #[must_use]
    pub fn encode(&self) -> Request {
        let members = Members::new()
            .with(&NAME, self.name.as_str())
            .with(&DOCUMENT_ID, self.document_id.as_str())
            .with_objects(&PLACES, put(&self.places));
        let mut request = Request::new(Method::Post, PATH).with_json(&members);
        request.headers.set(IDEMPOTENCY_KEY, self.idempotency_key.as_str());
        request
    }

    /// The server's reading.
    ///
    /// # Errors
    /// A problem of the kind malformed-request.
    pub fn decode(request: &Request) -> Result<CreateTemplate, Refusal> {
        let idempotency_key = idempotency_key(request)?;
        let members = Members::parse(request.body.bytes(), MAX_JSON)?;
        let name = line(&NAME, members.text(&NAME)?, MAX_NAME)?;
        Ok(CreateTemplate { idempotency_key, name, document_id: members.text(&DOCUMENT_ID)?, places: take(&members)? })
    }
}
