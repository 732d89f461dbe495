//! Room `remote`: webhooks `[hub]`: where a user has the events of packages sent, as signed Security Event Tokens (RFC 8417) that are pushed (RFC 8935).
//! One file per call beside this one, and [`event`], which is what is pushed.

pub mod event;
pub mod keys;
pub mod remove;
pub mod set;
pub mod status;

use super::http::Response;
use super::json::{MAX_JSON, Members};
use super::schema::{Answer, Content, Field, Kind, Mark};
use crate::error::Result;

/// `[ours]`
pub const PATH: &str = "/rssp/webhook";
/// Most characters of an address.
pub const MAX_URL: usize = 2_000;
pub(super) const URL: Field = Field::new("url", Kind::Text, Mark::Hub);
const PENDING: Field = Field::new("pending", Kind::Integer, Mark::Ours);
const FAILED: Field = Field::new("failed", Kind::Integer, Mark::Ours);
const WEBHOOK: &[Field] = &[URL, PENDING, FAILED];

pub(super) const ANSWERS: &[Answer] =
    &[Answer { status: 200, when: "the webhook as it now stands", content: Content::Json(WEBHOOK), headers: &[] }];

/// A user's webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// Where events are sent.
    pub url: String,
    /// Events that are still to be taken.
    pub pending: u64,
    /// Tries of the first of these that failed.
    pub failed: u64,
}

impl Webhook {
    /// The server's answer.
    #[must_use]
    pub fn encode(&self) -> Response {
        let members = Members::new().with(&URL, self.url.as_str()).with(&PENDING, self.pending).with(&FAILED, self.failed);
        Response::json(200, &members)
    }

    /// The client's reading.
    ///
    /// # Errors
    /// What the service said, or [`crate::ErrorKind::BadAnswer`].
    pub fn decode(response: &Response) -> Result<Webhook> {
        response.expect(&[200])?;
        let members = Members::parse(&response.body, MAX_JSON)?;
        Ok(Webhook { url: members.text(&URL)?, pending: members.integer(&PENDING)?, failed: members.integer(&FAILED)? })
    }
}
