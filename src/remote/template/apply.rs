//! Room `remote`: `POST /rssp/templates/{templateID}/packages` `[hub]`: a template is used, with a recipient for each role. Both directions of one call;
//! the answer is [`Package`](super::super::package::Package), a draft with a copy of the template's agreement.

use super::super::http::{IDEMPOTENCY_KEY, Method, Request, fill_path};
use super::super::json::{MAX_JSON, Malformed, Members};
use super::super::package::create::{EXPIRES_IN, expires_in};
use super::super::package::{MADE, MAX_USER, USER};
use super::super::problem::Refusal;
use super::super::request_certificate::{KEY_HEADER, idempotency_key};
use super::super::schema::{Content, Field, Kind, Mark, Operation};
use super::{MAX_PLACES, MAX_ROLE, ROLE, line, template_of_path};
use crate::error::Result;

/// `[hub]`
pub const PATH: &str = "/rssp/templates/{templateID}/packages";
const RECIPIENTS: Field = Field::new("recipients", Kind::Objects(&[ROLE, USER]), Mark::Hub);
const REQUEST: &[Field] = &[RECIPIENTS, EXPIRES_IN];

/// The call as data.
pub const OPERATION: Operation = Operation {
    headers: &[KEY_HEADER],
    request: Content::Json(REQUEST),
    answers: MADE,
    ..Operation::new("useTemplate", Method::Post, PATH, Mark::Hub, "Makes a package of a template, with a recipient for each role.")
};

/// The request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApplyTemplate {
    /// Makes the call safe to repeat.
    pub idempotency_key: String,
    /// Which template.
    pub template_id: String,
    /// The user name for each role.
    pub recipients: Vec<(String, String)>,
    /// After how many seconds the package ends by itself; a month if not given.
    pub expires_in: Option<u64>,
}

impl ApplyTemplate {
    /// The client's request.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidArgument`] if the id is none.
    pub fn encode(&self) -> Result<Request> {
        let recipients = self.recipients.iter().map(|(role, user)| Members::new().with(&ROLE, role.as_str()).with(&USER, user.as_str()));
        let members = Members::new().with_objects(&RECIPIENTS, recipients).with_some(&EXPIRES_IN, self.expires_in);
        let mut request = Request::new(Method::Post, fill_path(PATH, &[&self.template_id])?).with_json(&members);
        request.headers.set(IDEMPOTENCY_KEY, self.idempotency_key.as_str());
        Ok(request)
    }

    /// The server's reading.
    ///
    /// # Errors
    /// Not found, or a problem of the kind malformed-request.
    pub fn decode(request: &Request) -> Result<ApplyTemplate, Refusal> {
        let template_id = template_of_path(PATH, request)?;
        let idempotency_key = idempotency_key(request)?;
        let members = Members::parse(request.body.bytes(), MAX_JSON)?;
        let one = |entry: Members| Ok((line(&ROLE, entry.text(&ROLE)?, MAX_ROLE)?, line(&USER, entry.text(&USER)?, MAX_USER)?));
        let recipients: Vec<(String, String)> = members.objects(&RECIPIENTS)?.into_iter().map(one).collect::<Result<_, Malformed>>()?;
        if recipients.len() > MAX_PLACES {
            return Err(Malformed::of(&RECIPIENTS, "more than 50").into());
        }
        Ok(ApplyTemplate { idempotency_key, template_id, recipients, expires_in: expires_in(&members)? })
    }
}
