//! Room `remote`: `POST /rssp/auth/revoke` `[csc]` (auth/revoke of the CSC API, RFC 7009). Both directions of one call.

use super::csc;
use super::http::{Method, Request, Response};
use super::json::{Members, known, wire_enum};
use super::problem::Refusal;
use super::schema::{Answer, Content, Field, Kind, Mark, Operation, Refusals};
use super::secret::Secret;
use crate::error::Result;

/// `[csc]` shape, path `[ours]`.
pub const PATH: &str = "/rssp/auth/revoke";
/// `[csc]` Served too: auth/revoke of the CSC API (11.3).
pub const PATH_CSC: &str = "/csc/v1/auth/revoke";
const TOKEN: Field = Field::new("token", Kind::Secret, Mark::Csc);
const TOKEN_TYPE_HINT: Field = Field::new("token_type_hint", Kind::OneOf(TokenKind::TEXTS), Mark::Csc).optional();
const REQUEST: &[Field] = &[TOKEN, TOKEN_TYPE_HINT];

wire_enum! {
    /// Which of the two tokens it is.
    TokenKind {
        /// The access token.
        Access = "access_token",
        /// The refresh token; with it goes everything that came of it.
        Refresh = "refresh_token",
    }
}

/// The call as data.
pub const OPERATION: Operation = Operation {
    aliases: &[PATH_CSC],
    request: Content::Json(REQUEST),
    answers: &[Answer {
        status: 204,
        when: "the token is no longer good, whether or not it ever was",
        content: Content::None,
        headers: &[],
    }],
    refusals: Refusals::Published,
    ..Operation::new("revokeToken", Method::Post, PATH, Mark::Csc, "Revokes a token.")
};

/// The request.
pub struct RevokeToken {
    /// The token.
    pub token: Secret,
    /// Which it is, if the caller knows.
    pub kind: Option<TokenKind>,
}

impl RevokeToken {
    /// The client's request.
    #[must_use]
    pub fn encode(&self) -> Request {
        let members = Members::new().with_secret(&TOKEN, &self.token).with_some(&TOKEN_TYPE_HINT, self.kind.map(TokenKind::as_str));
        Request::new(Method::Post, PATH).with_json(&members)
    }

    /// The server's reading.
    ///
    /// # Errors
    /// `invalid_request`, with the texts of the CSC API.
    pub fn decode(request: &Request) -> Result<RevokeToken, Refusal> {
        csc::read(request, REQUEST, |members| {
            let kind = members.text_opt(&TOKEN_TYPE_HINT)?;
            Ok(RevokeToken {
                token: members.secret(&TOKEN)?,
                kind: kind.map(|text| known(&TOKEN_TYPE_HINT, TokenKind::from_text(&text))).transpose()?,
            })
        })
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
    response.expect(&[204, 200]).map(|_| ())
}
