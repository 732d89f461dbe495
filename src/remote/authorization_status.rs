//! Room `remote`: `GET /rssp/authorizations/{authorizationID}` `[hub]` shape: how an authorisation went that was asked for with `async`. Both
//! directions of one call.

use super::authorizations::AUTHORIZATION_ID;
use super::http::{Method, Request, Response, fill_path, match_path};
use super::json::{MAX_JSON, Malformed, Members};
use super::problem::{ProblemType, Refusal};
use super::schema::{Answer, Content, Field, Kind, Mark, Operation};
use super::secret::Secret;
use crate::error::Result;

/// `[ours]`
pub const PATH: &str = "/rssp/authorizations/{authorizationID}";
const PENDING: &str = "pending";
const APPROVED: &str = "approved";
const DECLINED: &str = "declined";
const EXPIRED: &str = "expired";
const STATE: Field = Field::new("state", Kind::OneOf(&[PENDING, APPROVED, DECLINED, EXPIRED]), Mark::Ours);
const SAD: Field = Field::new("SAD", Kind::Secret, Mark::Csc).optional();
const EXPIRES_IN: Field = Field::new("expiresIn", Kind::Integer, Mark::Csc).optional();
const ANSWER: &[Field] = &[AUTHORIZATION_ID, STATE, SAD, EXPIRES_IN];

/// The call as data.
pub const OPERATION: Operation = Operation {
    answers: &[Answer { status: 200, when: "always", content: Content::Json(ANSWER), headers: &[] }],
    ..Operation::new(
        "authorizationStatus",
        Method::Get,
        PATH,
        Mark::Hub,
        "Says whether the device has approved, and gives the activation data.",
    )
};

/// The client's request.
///
/// # Errors
/// [`crate::ErrorKind::InvalidArgument`] if the id is none.
pub fn request(authorization_id: &str) -> Result<Request> {
    Ok(Request::new(Method::Get, fill_path(PATH, &[authorization_id])?))
}

/// The server's reading: which authorisation.
///
/// # Errors
/// Not found.
pub fn decode_request(request: &Request) -> Result<String, Refusal> {
    match match_path(PATH, &request.path).map(|mut ids| (ids.pop(), ids.pop())) {
        Some((Some(id), None)) => Ok(id),
        _ => Err(ProblemType::NotFound.into()),
    }
}

/// How it stands.
pub enum AuthorizationState {
    /// Nobody has answered.
    Pending,
    /// Approved: the activation data, and the seconds they are good for.
    Approved {
        /// The data.
        sad: Secret,
        /// Seconds.
        expires_in: u64,
    },
    /// The person said no.
    Declined,
    /// Nobody answered in time.
    Expired,
}

impl AuthorizationState {
    /// The server's answer.
    #[must_use]
    pub fn encode(&self, authorization_id: &str) -> Response {
        let members = Members::new().with(&AUTHORIZATION_ID, authorization_id);
        let members = match self {
            AuthorizationState::Pending => members.with(&STATE, PENDING),
            AuthorizationState::Approved { sad, expires_in } => {
                members.with(&STATE, APPROVED).with_secret(&SAD, sad).with(&EXPIRES_IN, *expires_in)
            }
            AuthorizationState::Declined => members.with(&STATE, DECLINED),
            AuthorizationState::Expired => members.with(&STATE, EXPIRED),
        };
        Response::json(200, &members)
    }

    /// The client's reading.
    ///
    /// # Errors
    /// What the service said, or [`crate::ErrorKind::BadAnswer`].
    pub fn decode(response: &Response) -> Result<AuthorizationState> {
        response.expect(&[200])?;
        let members = Members::parse(&response.body, MAX_JSON)?;
        Ok(match members.text(&STATE)?.as_str() {
            PENDING => AuthorizationState::Pending,
            DECLINED => AuthorizationState::Declined,
            EXPIRED => AuthorizationState::Expired,
            _ => AuthorizationState::Approved {
                sad: members.secret_opt(&SAD)?.ok_or(Malformed::of(&SAD, "missing"))?,
                expires_in: members.integer_opt(&EXPIRES_IN)?.ok_or(Malformed::of(&EXPIRES_IN, "missing"))?,
            },
        })
    }
}
