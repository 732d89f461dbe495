//! Room `remote`: `info` of the CSC API (11.1): what the service is. Both directions of one call.

use super::super::http::{Method, Request, Response};
use super::super::json::{MAX_JSON, Members};
use super::super::problem::Refusal;
use super::super::schema::{Access, Answer, Content, Field, Kind, Mark, Operation, Refusals};
use crate::error::Result;

/// `[csc]`
pub const PATH: &str = "/csc/v1/info";
const LANG_ASKED: Field = Field::new("lang", Kind::Text, Mark::Csc).optional();
const REQUEST: &[Field] = &[LANG_ASKED];
const SPECS: Field = Field::new("specs", Kind::Text, Mark::Csc);
const NAME: Field = Field::new("name", Kind::Text, Mark::Csc);
const LOGO: Field = Field::new("logo", Kind::Text, Mark::Csc);
const REGION: Field = Field::new("region", Kind::Text, Mark::Csc);
const LANG: Field = Field::new("lang", Kind::Text, Mark::Csc);
const DESCRIPTION: Field = Field::new("description", Kind::Text, Mark::Csc);
const AUTH_TYPE: Field = Field::new("authType", Kind::Texts, Mark::Csc);
const METHODS: Field = Field::new("methods", Kind::Texts, Mark::Csc);
const ANSWER: &[Field] = &[SPECS, NAME, LOGO, REGION, LANG, DESCRIPTION, AUTH_TYPE, METHODS];

/// The call as data.
pub const OPERATION: Operation = Operation {
    access: Access::Open,
    request: Content::Json(REQUEST),
    answers: &[Answer { status: 200, when: "always", content: Content::Json(ANSWER), headers: &[] }],
    refusals: Refusals::Published,
    ..Operation::new("cscInfo", Method::Post, PATH, Mark::Csc, "Says what the service of remote credentials is and which calls it has.")
};

/// The client's request.
#[must_use]
pub fn request(lang: Option<&str>) -> Request {
    Request::new(Method::Post, PATH).with_json(&Members::new().with_some(&LANG_ASKED, lang))
}

/// The server's reading: the language that is wished for, which the server may not have.
///
/// # Errors
/// `invalid_request`.
pub fn decode_request(request: &Request) -> Result<Option<String>, Refusal> {
    super::read(request, REQUEST, |members| members.text_opt(&LANG_ASKED))
}

/// What the service says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CscInfo {
    /// The version of the specification.
    pub specs: String,
    /// The service's name.
    pub name: String,
    /// The address of its picture.
    pub logo: String,
    /// Two letters of ISO 3166-1.
    pub region: String,
    /// The language of these texts (RFC 5646).
    pub lang: String,
    /// What it is.
    pub description: String,
    /// How callers authenticate: `external`, `TLS`, `basic`, `digest`, `oauth2code`, `oauth2client`.
    pub auth_type: Vec<String>,
    /// The calls it has.
    pub methods: Vec<String>,
}

impl CscInfo {
    /// The server's answer.
    #[must_use]
    pub fn encode(&self) -> Response {
        let members = Members::new()
            .with(&SPECS, self.specs.as_str())
            .with(&NAME, self.name.as_str())
            .with(&LOGO, self.logo.as_str())
            .with(&REGION, self.region.as_str())
            .with(&LANG, self.lang.as_str())
            .with(&DESCRIPTION, self.description.as_str())
            .with_texts(&AUTH_TYPE, &self.auth_type)
            .with_texts(&METHODS, &self.methods);
        Response::json(200, &members)
    }

    /// The client's reading.
    ///
    /// # Errors
    /// What the service said, or [`crate::ErrorKind::BadAnswer`].
    pub fn decode(response: &Response) -> Result<CscInfo> {
        response.expect(&[200])?;
        let members = Members::parse(&response.body, MAX_JSON)?;
        Ok(CscInfo {
            specs: members.text(&SPECS)?,
            name: members.text(&NAME)?,
            logo: members.text(&LOGO)?,
            region: members.text(&REGION)?,
            lang: members.text(&LANG)?,
            description: members.text(&DESCRIPTION)?,
            auth_type: members.texts(&AUTH_TYPE)?,
            methods: members.texts(&METHODS)?,
        })
    }
}
