//! Room `remote`: `POST /rssp/users/{userID}/activate` `[ours]`. Both directions of one call.

use super::create_user::{STATUS, UserStatus};
use super::http::{Method, Request, Response, fill_path, is_identifier, match_path};
use super::json::{MAX_JSON, Malformed, Members, known};
use super::problem::{ProblemType, Refusal};
use super::schema::{Access, Answer, Content, Field, Kind, Mark, Operation};
use super::secret::Secret;
use crate::error::Result;

/// `[ours]`
pub const PATH: &str = "/rssp/users/{userID}/activate";
const CODE: Field = Field::new("code", Kind::Secret, Mark::Ours);
const PASSPHRASE: Field = Field::new("passphrase", Kind::Secret, Mark::Ours);
const REQUEST: &[Field] = &[CODE, PASSPHRASE];

/// Fewest and most characters of a passphrase (NIST SP 800-63B 5.1.1.2).
const PASSPHRASE_LENGTH: std::ops::RangeInclusive<usize> = 8..=256;

/// The call as data.
pub const OPERATION: Operation = Operation {
    access: Access::ApiKey,
    request: Content::Json(REQUEST),
    answers: &[Answer { status: 200, when: "the user may log in", content: Content::Json(&[STATUS]), headers: &[] }],
    ..Operation::new(
        "activateUser",
        Method::Post,
        PATH,
        Mark::Ours,
        "Ends a registration by the code that was sent; the user gets a passphrase.",
    )
};

/// The request.
pub struct ActivateUser {
    /// Which user.
    pub user_id: String,
    /// What was sent.
    pub code: Secret,
    /// What the user logs in with from now on; 8 to 256 characters.
    pub passphrase: Secret,
}

impl ActivateUser {
    /// The client's request.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidArgument`] if the id is none.
    pub fn encode(&self) -> Result<Request> {
        let members = Members::new().with_secret(&CODE, &self.code).with_secret(&PASSPHRASE, &self.passphrase);
        Ok(Request::new(Method::Post, fill_path(PATH, &[&self.user_id])?).with_json(&members))
    }

    /// The server's reading.
    ///
    /// # Errors
    /// Not found, or a problem of the kind malformed-request.
    pub fn decode(request: &Request) -> Result<ActivateUser, Refusal> {
        let ids = match_path(PATH, &request.path).unwrap_or_default();
        let user_id = ids.first().filter(|id| is_identifier(id)).ok_or(ProblemType::NotFound)?.to_string();
        let members = Members::parse(request.body.bytes(), MAX_JSON)?;
        let passphrase = members.secret(&PASSPHRASE)?;
        if !PASSPHRASE_LENGTH.contains(&passphrase.expose().chars().count()) {
            return Err(Malformed::of(&PASSPHRASE, "not 8 to 256 characters").into());
        }
        Ok(ActivateUser { user_id, code: members.secret(&CODE)?, passphrase })
    }
}

/// The server's answer.
#[must_use]
pub fn done() -> Response {
    Response::json(200, &Members::new().with(&STATUS, UserStatus::Active.as_str()))
}

/// The client's reading: how far the user has come.
///
/// # Errors
/// What the service said, or [`crate::ErrorKind::BadAnswer`].
pub fn decode_answer(response: &Response) -> Result<UserStatus> {
    response.expect(&[200])?;
    let members = Members::parse(&response.body, MAX_JSON)?;
    known(&STATUS, UserStatus::from_text(&members.text(&STATUS)?)).map_err(Into::into)
}
