//! Room `remote`: `auth/login` of the CSC API (11.2): HTTP Basic or a refresh token against tokens. Both directions of one call; the answer is
//! [`Tokens`](crate::remote::login::Tokens).

use super::super::http::{AUTHORIZATION, Method, Request};
use super::super::json::Members;
use super::super::login::{ACCESS_TOKEN, EXPIRES_IN, Grant, REFRESH_TOKEN, TOKEN_TYPE, basic};
use super::super::problem::Refusal;
use super::super::schema::{Access, Answer, Content, Field, Kind, Mark, Operation, Refusals};
use super::super::secret::Secret;
use super::{CLIENT_DATA, refusal};
use base64ct::{Base64, Encoding};
use zeroize::Zeroizing;

/// `[csc]`
pub const PATH: &str = "/csc/v1/auth/login";
const REFRESH_TOKEN_IN: Field = Field::new("refresh_token", Kind::Secret, Mark::Csc).optional();
const REMEMBER_ME: Field = Field::new("rememberMe", Kind::Flag, Mark::Csc).optional();
const REQUEST: &[Field] = &[REFRESH_TOKEN_IN, REMEMBER_ME, CLIENT_DATA];
const ANSWER: &[Field] = &[ACCESS_TOKEN, TOKEN_TYPE, EXPIRES_IN, REFRESH_TOKEN];

/// The call as data.
pub const OPERATION: Operation = Operation {
    access: Access::ApiKey,
    request: Content::Json(REQUEST),
    answers: &[Answer { status: 200, when: "the user is authenticated", content: Content::Json(ANSWER), headers: &[] }],
    refusals: Refusals::Published,
    ..Operation::new("cscLogin", Method::Post, PATH, Mark::Csc, "Gives tokens for HTTP Basic or a refresh token.")
};

/// The request.
pub struct CscLogin {
    /// By password or refresh token.
    pub grant: Grant,
    /// Whether a refresh token is wanted.
    pub remember: bool,
}

impl CscLogin {
    /// The client's request of somebody with that name and password.
    #[must_use]
    pub fn with_password(username: &str, password: &Secret, remember: bool) -> Request {
        let pair = Zeroizing::new(format!("{username}:{}", password.expose()));
        let mut request = Request::new(Method::Post, PATH).with_json(&Members::new().with(&REMEMBER_ME, remember));
        request.headers.set(AUTHORIZATION, format!("Basic {}", Base64::encode_string(pair.as_bytes())));
        request
    }

    /// The server's reading.
    ///
    /// # Errors
    /// `invalid_request`.
    pub fn decode(request: &Request) -> Result<CscLogin, Refusal> {
        let (token, remember) = super::read(request, REQUEST, |members| {
            Ok((members.secret_opt(&REFRESH_TOKEN_IN)?, members.flag_opt(&REMEMBER_ME)?.unwrap_or_default()))
        })?;
        let grant = match (token, basic(request).map_err(|_| refusal::AUTHORIZATION)?) {
            (Some(refresh_token), None) => Grant::Refresh { refresh_token },
            (None, Some((username, password))) => Grant::Password { username, password },
            (None, None) => return Err(refusal::AUTHORIZATION),
            (Some(_), Some(_)) => return Err(refusal::BODY),
        };
        Ok(CscLogin { grant, remember })
    }
}
