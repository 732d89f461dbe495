//! Room `remote`: `credentials/list` of the CSC API (11.4): the ids of the caller's remote credentials, by pages. Both directions of one call.

use super::super::http::{Method, Request, Response};
use super::super::json::{MAX_JSON, Members};
use super::super::problem::Refusal;
use super::super::schema::{Answer, Content, Field, Kind, Mark, Operation, Refusals};
use super::CLIENT_DATA;
use crate::error::Result;

/// `[csc]`
pub const PATH: &str = "/csc/v1/credentials/list";
const USER_ID: Field = Field::new("userID", Kind::Text, Mark::Csc).optional();
const MAX_RESULTS: Field = Field::new("maxResults", Kind::Integer, Mark::Csc).optional();
const PAGE_TOKEN: Field = Field::new("pageToken", Kind::Text, Mark::Csc).optional();
const REQUEST: &[Field] = &[USER_ID, MAX_RESULTS, PAGE_TOKEN, CLIENT_DATA];
const CREDENTIAL_IDS: Field = Field::new("credentialIDs", Kind::Texts, Mark::Csc);
const NEXT_PAGE_TOKEN: Field = Field::new("nextPageToken", Kind::Text, Mark::Csc).optional();
const ANSWER: &[Field] = &[CREDENTIAL_IDS, NEXT_PAGE_TOKEN];

/// The call as data.
pub const OPERATION: Operation = Operation {
    request: Content::Json(REQUEST),
    answers: &[Answer { status: 200, when: "always", content: Content::Json(ANSWER), headers: &[] }],
    refusals: Refusals::Published,
    ..Operation::new("cscListCredentials", Method::Post, PATH, Mark::Csc, "Lists the ids of the user's remote credentials.")
};

/// The request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListCredentials {
    /// Whose; for callers that are no user themselves.
    pub user_id: Option<String>,
    /// How many to a page.
    pub max_results: Option<u64>,
    /// Where the page begins, as the one before said.
    pub page_token: Option<String>,
}

impl ListCredentials {
    /// The client's request.
    #[must_use]
    pub fn encode(&self) -> Request {
        let members = Members::new()
            .with_some(&USER_ID, self.user_id.as_deref())
            .with_some(&MAX_RESULTS, self.max_results)
            .with_some(&PAGE_TOKEN, self.page_token.as_deref());
        Request::new(Method::Post, PATH).with_json(&members)
    }

    /// The server's reading.
    ///
    /// # Errors
    /// `invalid_request`.
    pub fn decode(request: &Request) -> Result<ListCredentials, Refusal> {
        super::read(request, REQUEST, |members| {
            Ok(ListCredentials {
                user_id: members.text_opt(&USER_ID)?,
                max_results: members.integer_opt(&MAX_RESULTS)?,
                page_token: members.text_opt(&PAGE_TOKEN)?,
            })
        })
    }
}

/// A page of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CredentialIds {
    /// The ids.
    pub ids: Vec<String>,
    /// Where the next page begins, if there is one.
    pub next_page: Option<String>,
}

impl CredentialIds {
    /// The server's answer.
    #[must_use]
    pub fn encode(&self) -> Response {
        let members = Members::new().with_texts(&CREDENTIAL_IDS, &self.ids).with_some(&NEXT_PAGE_TOKEN, self.next_page.as_deref());
        Response::json(200, &members)
    }

    /// The client's reading.
    ///
    /// # Errors
    /// What the service said, or [`crate::ErrorKind::BadAnswer`].
    pub fn decode(response: &Response) -> Result<CredentialIds> {
        response.expect(&[200])?;
        let members = Members::parse(&response.body, MAX_JSON)?;
        Ok(CredentialIds { ids: members.texts(&CREDENTIAL_IDS)?, next_page: members.text_opt(&NEXT_PAGE_TOKEN)? })
    }
}
