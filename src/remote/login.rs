//! Room `remote`: `POST /rssp/auth/login` `[doc]`: password, refresh and client credentials. Both directions of one call.
//!
//! The client sends a form, as published; the server also takes JSON of the same names and HTTP Basic, because the vendor's
//! page prints a JSON content type over a form body and its GitBook speaks of Basic.

use super::http::{AUTHORIZATION, Body, CONTENT_TYPE, FORM, Method, Request, Response};
use super::json::{MAX_JSON, Malformed, Members};
use super::problem::{Refusal, published};
use super::schema::{Access, Answer, Content, Field, Kind, Mark, Operation, Refusals};
use super::secret::Secret;
use crate::error::Result;
use base64ct::{Base64, Encoding};
use zeroize::Zeroizing;

/// `[doc]`
pub const PATH: &str = "/rssp/auth/login";
const GRANT_TYPE: Field = Field::new("grant_type", Kind::OneOf(&[PASSWORD_GRANT, REFRESH_GRANT, CLIENT_GRANT]), Mark::Doc);
const PASSWORD_GRANT: &str = "password"; // [doc]
const REFRESH_GRANT: &str = "refresh_token"; // [doc]
const CLIENT_GRANT: &str = "client_credentials"; // [ours]
const USERNAME: Field = Field::new("username", Kind::Text, Mark::Doc).optional();
const PASSWORD: Field = Field::new("password", Kind::Secret, Mark::Doc).optional();
const SCOPE: Field = Field::new("scope", Kind::Text, Mark::Doc).optional();
const SCOPE_PASSWORD: &str = "password"; // [doc]
const CLIENT_ID: Field = Field::new("client_id", Kind::Text, Mark::Doc).optional();
const CLIENT_SECRET: Field = Field::new("client_secret", Kind::Secret, Mark::Doc).optional();
const REFRESH_TOKEN_IN: Field = Field::new("refresh_token", Kind::Secret, Mark::Doc).optional();
const REQUEST: &[Field] = &[GRANT_TYPE, USERNAME, PASSWORD, SCOPE, CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN_IN];

pub(super) const ACCESS_TOKEN: Field = Field::new("access_token", Kind::Secret, Mark::Doc);
pub(super) const TOKEN_TYPE: Field = Field::new("token_type", Kind::Text, Mark::Doc);
pub(super) const EXPIRES_IN: Field = Field::new("expires_in", Kind::Integer, Mark::Doc);
pub(super) const REFRESH_TOKEN: Field = Field::new("refresh_token", Kind::Secret, Mark::Doc).optional();
const ANSWER: &[Field] = &[ACCESS_TOKEN, TOKEN_TYPE, EXPIRES_IN, REFRESH_TOKEN];

/// `[doc]` The token type, to the letter of the published page.
pub const BEARER: &str = "bearer";
/// `[doc]` Seconds an access token lives, as published.
pub const EXPIRES_IN_PUBLISHED: u64 = 86_399;

/// The call as data.
pub const OPERATION: Operation = Operation {
    access: Access::ApiKey,
    request: Content::Form(REQUEST),
    answers: &[Answer { status: 200, when: "the credentials are right", content: Content::Json(ANSWER), headers: &[] }],
    refusals: Refusals::Published,
    ..Operation::new("login", Method::Post, PATH, Mark::Doc, "Gives tokens for a password, a refresh token or client credentials.")
};

/// Client id and secret of a back office or an app that has them.
pub struct Client {
    /// `client_id`.
    pub id: String,
    /// `client_secret`; none for a client that the connection's certificate speaks for.
    pub secret: Option<Secret>,
}

/// What the tokens are asked for with.
pub enum Grant {
    /// `[doc]` A user's name (mail address) and password.
    Password {
        /// `username`.
        username: String,
        /// `password`.
        password: Secret,
    },
    /// `[doc]` The refresh token of an earlier answer.
    Refresh {
        /// `refresh_token`.
        refresh_token: Secret,
    },
    /// `[ours]` The client itself, by its secret or by the certificate of the connection (RFC 8705 2.1).
    ClientCredentials,
}

/// The request.
pub struct Login {
    /// With what.
    pub grant: Grant,
    /// By which client, if the service knows clients.
    pub client: Option<Client>,
}

impl Login {
    /// The client's request: a form, as published.
    #[must_use]
    pub fn encode(&self) -> Request {
        let mut members = match &self.grant {
            Grant::Password { username, password } => Members::new()
                .with(&GRANT_TYPE, PASSWORD_GRANT)
                .with(&USERNAME, username.as_str())
                .with_secret(&PASSWORD, password)
                .with(&SCOPE, SCOPE_PASSWORD),
            Grant::Refresh { refresh_token } => {
                Members::new().with(&GRANT_TYPE, REFRESH_GRANT).with_secret(&REFRESH_TOKEN_IN, refresh_token)
            }
            Grant::ClientCredentials => Members::new().with(&GRANT_TYPE, CLIENT_GRANT),
        };
        if let Some(client) = &self.client {
            members = members.with(&CLIENT_ID, client.id.as_str());
            if let Some(secret) = &client.secret {
                members = members.with_secret(&CLIENT_SECRET, secret);
            }
        }
        let mut request = Request::new(Method::Post, PATH);
        request.headers.set(CONTENT_TYPE, FORM);
        request.body = Body::Bytes(members.to_form());
        request
    }

    /// The server's reading: form or JSON whatever the content type says (the published page mixes them), and HTTP Basic
    /// (RFC 7617) as the user's or the client's name and secret where the body has none.
    ///
    /// # Errors
    /// `invalid_request` in the published shape.
    pub fn decode(request: &Request) -> Result<Login, Refusal> {
        let body = request.body.bytes();
        let json = body.iter().find(|c| !c.is_ascii_whitespace()) == Some(&b'{');
        let members = if json { Members::parse(body, MAX_JSON) } else { Members::parse_form(body) }.map_err(published)?;
        Login::from_members(&members, basic(request).map_err(published)?).map_err(published)
    }

    fn from_members(members: &Members, basic: Option<(String, Secret)>) -> Result<Login, Malformed> {
        let grant_type = match members.text_opt(&GRANT_TYPE)? {
            Some(text) => text,
            // Basic alone, with an empty body, is the GitBook's form of the password grant.
            None if basic.is_some() => PASSWORD_GRANT.to_owned(),
            None => return Err(Malformed::of(&GRANT_TYPE, "missing")),
        };
        let (username, password) = (members.text_opt(&USERNAME)?, members.secret_opt(&PASSWORD)?);
        let mut client = members.text_opt(&CLIENT_ID)?.map(|id| Client { id, secret: None });
        match (&mut client, members.secret_opt(&CLIENT_SECRET)?) {
            (Some(client), secret) => client.secret = secret,
            (None, Some(_)) => return Err(Malformed::of(&CLIENT_ID, "missing")),
            (None, None) => {}
        }
        let mut basic = basic;
        let grant = match grant_type.as_str() {
            PASSWORD_GRANT => match (username, password) {
                (Some(username), Some(password)) => Grant::Password { username, password },
                (None, None) => {
                    let (username, password) = basic.take().ok_or(Malformed::of(&USERNAME, "missing"))?;
                    Grant::Password { username, password }
                }
                (None, Some(_)) => return Err(Malformed::of(&USERNAME, "missing")),
                (Some(_), None) => return Err(Malformed::of(&PASSWORD, "missing")),
            },
            REFRESH_GRANT => {
                Grant::Refresh { refresh_token: members.secret_opt(&REFRESH_TOKEN_IN)?.ok_or(Malformed::of(&REFRESH_TOKEN_IN, "missing"))? }
            }
            _ => Grant::ClientCredentials,
        };
        if let Some((id, secret)) = basic {
            // RFC 6749 2.3: a client uses one way of authentication per request.
            if client.is_some() {
                return Err(Malformed::of(&CLIENT_ID, "given twice"));
            }
            client = Some(Client { id, secret: Some(secret) });
        }
        // The secret may be missing: a client may show a certificate instead (RFC 8705 2).
        if matches!(grant, Grant::ClientCredentials) && client.is_none() {
            return Err(Malformed::of(&CLIENT_ID, "missing"));
        }
        Ok(Login { grant, client })
    }
}

/// Name and secret of HTTP Basic, RFC 7617 2; `None` without the header or with another scheme.
pub(super) fn basic(request: &Request) -> Result<Option<(String, Secret)>, Malformed> {
    let wrong = Malformed::body("the Basic authentication is malformed");
    let Some(value) = request.headers.get(AUTHORIZATION) else {
        return if request.headers.count(AUTHORIZATION) > 0 { Err(wrong) } else { Ok(None) };
    };
    let Some((scheme, encoded)) = value.split_once(' ') else { return Err(wrong) };
    if !scheme.eq_ignore_ascii_case("Basic") {
        return Ok(None);
    }
    let bytes = Zeroizing::new(Base64::decode_vec(encoded.trim()).map_err(|_| wrong)?);
    let text = std::str::from_utf8(&bytes).map_err(|_| wrong)?;
    let (name, secret) = text.split_once(':').ok_or(wrong)?;
    Ok(Some((name.to_owned(), Secret::new(secret))))
}

/// The tokens.
pub struct Tokens {
    /// Goes with each call.
    pub access_token: Secret,
    /// `bearer`, or `DPoP` for sender-constrained tokens.
    pub token_type: String,
    /// Seconds until the access token expires.
    pub expires_in: u64,
    /// Gets the next tokens.
    pub refresh_token: Option<Secret>,
}

impl Tokens {
    /// The server's answer.
    #[must_use]
    pub fn encode(&self) -> Response {
        let mut members = Members::new()
            .with_secret(&ACCESS_TOKEN, &self.access_token)
            .with(&TOKEN_TYPE, self.token_type.as_str())
            .with(&EXPIRES_IN, self.expires_in);
        if let Some(token) = &self.refresh_token {
            members = members.with_secret(&REFRESH_TOKEN, token);
        }
        Response::json(200, &members)
    }

    /// The client's reading. Tokens are accepted only if they can stand in a header (RFC 6750 2.1), so that no token can
    /// smuggle in a header field.
    ///
    /// # Errors
    /// What the service said, or [`crate::ErrorKind::BadAnswer`].
    pub fn decode(response: &Response) -> Result<Tokens> {
        response.expect(&[200])?;
        let members = Members::parse(&response.body, MAX_JSON)?;
        let tokens = Tokens {
            access_token: members.secret(&ACCESS_TOKEN)?,
            token_type: members.text(&TOKEN_TYPE)?,
            expires_in: members.integer(&EXPIRES_IN)?,
            refresh_token: members.secret_opt(&REFRESH_TOKEN)?,
        };
        let fit = |text: &str| !text.is_empty() && text.bytes().all(|c| c.is_ascii_graphic());
        if !fit(tokens.access_token.expose()) || tokens.refresh_token.as_ref().is_some_and(|t| !fit(t.expose())) {
            return Err(Malformed::of(&ACCESS_TOKEN, "not a token").into());
        }
        if !tokens.token_type.eq_ignore_ascii_case(BEARER) && !tokens.token_type.eq_ignore_ascii_case("DPoP") {
            return Err(Malformed::of(&TOKEN_TYPE, "unknown").into());
        }
        Ok(tokens)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;
    use crate::remote::http::JSON;
    use crate::remote::problem::raw_json;

    fn password() -> Login {
        Login { grant: Grant::Password { username: "a@b.example".into(), password: "p&=+ ü%".into() }, client: None }
    }

    fn server(body: &[u8], content_type: &str, authorization: Option<&str>) -> Result<Login, Refusal> {
        let mut request = Request::new(Method::Post, PATH);
        request.headers.set(CONTENT_TYPE, content_type);
        if let Some(value) = authorization {
            request.headers.set(AUTHORIZATION, value);
        }
        request.body = Body::Bytes(Zeroizing::new(body.to_vec()));
        Login::decode(&request)
    }

    fn user(login: &Login) -> (&str, &str) {
        match &login.grant {
            Grant::Password { username, password } => (username, password.expose()),
            _ => panic!("not the password grant"),
        }
    }

    #[test]
    fn the_form_is_the_published_one() {
        let request = password().encode();
        assert_eq!(request.body.bytes(), b"grant_type=password&username=a%40b.example&password=p%26%3D%2B%20%C3%BC%25&scope=password");
        assert_eq!(request.headers.get(CONTENT_TYPE), Some(FORM));
        assert_eq!(user(&Login::decode(&request).ok().unwrap()), ("a@b.example", "p&=+ ü%"));
        let refresh = Login { grant: Grant::Refresh { refresh_token: "r".into() }, client: None }.encode();
        assert_eq!(refresh.body.bytes(), b"grant_type=refresh_token&refresh_token=r");
    }

    #[test]
    fn the_server_takes_form_json_and_basic() {
        for content_type in [JSON, FORM, "text/plain"] {
            let form = server(b"grant_type=password&username=u&password=p&scope=password", content_type, None).ok().unwrap();
            assert_eq!(user(&form), ("u", "p"));
            let json = server(br#" {"grant_type":"password","username":"u","password":"p"}"#, content_type, None).ok().unwrap();
            assert_eq!(user(&json), ("u", "p"));
        }
        let basic = server(b"", FORM, Some("basic dTpwOnc=")).ok().unwrap();
        assert_eq!(user(&basic), ("u", "p:w"));
        let client = server(b"grant_type=client_credentials", FORM, Some("Basic dTpwOnc=")).ok().unwrap();
        assert!(matches!(client.grant, Grant::ClientCredentials));
        assert_eq!(client.client.unwrap().id, "u");
        let both = server(b"grant_type=refresh_token&refresh_token=r&client_id=c&client_secret=s", FORM, None).ok().unwrap();
        assert_eq!(both.client.unwrap().secret.unwrap().expose(), "s");
    }

    #[test]
    fn a_client_with_a_certificate_needs_no_secret() {
        let client = Some(Client { id: "desk".to_owned(), secret: None });
        let request = Login { grant: Grant::ClientCredentials, client }.encode();
        assert_eq!(request.body.bytes(), b"grant_type=client_credentials&client_id=desk");
        let read = Login::decode(&request).ok().unwrap();
        assert!(matches!(read.grant, Grant::ClientCredentials) && read.client.is_some_and(|client| client.secret.is_none()));
    }

    #[test]
    fn what_is_missing_or_double_is_an_invalid_request() {
        for body in [
            "",
            "username=u&password=p",
            "grant_type=other",
            "grant_type=password&username=u",
            "grant_type=password&password=p",
            "grant_type=password",
            "grant_type=refresh_token",
            "grant_type=client_credentials",
            "grant_type=client_credentials&client_secret=x",
            "grant_type=password&username=u&password=p&password=q",
            "{\"grant_type\":7}",
            "{",
        ] {
            assert_eq!(server(body.as_bytes(), FORM, None).err(), Some(Refusal::INVALID_REQUEST), "{body}");
        }
        for basic in ["Basic", "Basic ???", "Basic dQ==", "Basic //8="] {
            assert_eq!(server(b"", FORM, Some(basic)).err(), Some(Refusal::INVALID_REQUEST), "{basic}");
        }
        let two = server(b"grant_type=refresh_token&refresh_token=r&client_id=c", FORM, Some("Basic dTpwOnc="));
        assert_eq!(two.err(), Some(Refusal::INVALID_REQUEST));
    }

    #[test]
    fn tokens_go_there_and_back() {
        let tokens = Tokens {
            access_token: "a.b-c".into(),
            token_type: BEARER.into(),
            expires_in: EXPIRES_IN_PUBLISHED,
            refresh_token: Some("r".into()),
        };
        let response = tokens.encode();
        assert_eq!(&*response.body, br#"{"access_token":"a.b-c","token_type":"bearer","expires_in":86399,"refresh_token":"r"}"#);
        assert_eq!(response.headers.get("Cache-Control"), Some("no-store"), "RFC 6749 5.1");
        let back = Tokens::decode(&response).ok().unwrap();
        assert_eq!((back.access_token.expose(), back.expires_in, back.refresh_token.unwrap().expose()), ("a.b-c", 86_399, "r"));
    }

    #[test]
    fn odd_answers_are_refused() {
        for body in [
            "",
            "{}",
            "[]",
            r#"{"access_token":"a","token_type":"bearer"}"#,
            r#"{"access_token":"","token_type":"bearer","expires_in":1}"#,
            r#"{"access_token":"a\r\nX-Evil: 1","token_type":"bearer","expires_in":1}"#,
            r#"{"access_token":"a","token_type":"bearer","expires_in":-1}"#,
            r#"{"access_token":"a","token_type":"mac","expires_in":1}"#,
            r#"{"access_token":"a","token_type":"bearer","expires_in":1,"refresh_token":"\u0000"}"#,
        ] {
            let error = Tokens::decode(&raw_json(200, body)).err().unwrap();
            assert_eq!(error.kind(), ErrorKind::BadAnswer, "{body}");
        }
        let refused = Tokens::decode(&Refusal::INCORRECT_CREDENTIALS.encode()).err().unwrap();
        assert_eq!(refused.kind(), ErrorKind::LoginRefused);
        assert_eq!(Tokens::decode(&raw_json(204, "")).err().unwrap().kind(), ErrorKind::BadAnswer);
    }
}
