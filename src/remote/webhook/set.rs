//! Room `remote`: `PUT /rssp/webhook` `[ours]`. Both directions of one call; the answer is [`super::Webhook`]. What waits goes to the new address.

use super::super::http::{Method, Request};
use super::super::json::{MAX_JSON, Malformed, Members};
use super::super::problem::Refusal;
use super::super::schema::{Content, Field, Mark, Operation};
use super::{ANSWERS, MAX_URL, PATH, URL};

const REQUEST: &[Field] = &[URL];

/// The call as data.
pub const OPERATION: Operation = Operation {
    request: Content::Json(REQUEST),
    answers: ANSWERS,
    ..Operation::new("setWebhook", Method::Put, PATH, Mark::Ours, "Says where the user's events are sent.")
};

/// The request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetWebhook {
    /// An https address.
    pub url: String,
}

impl SetWebhook {
    /// The client's request.
    #[must_use]
    pub fn encode(&self) -> Request {
        Request::new(Method::Put, PATH).with_json(&Members::new().with(&URL, self.url.as_str()))
    }

    /// The server's reading.
    ///
    /// # Errors
    /// A problem of the kind malformed-request.
    pub fn decode(request: &Request) -> Result<SetWebhook, Refusal> {
        let url = Members::parse(request.body.bytes(), MAX_JSON)?.text(&URL)?;
        // One line of ASCII, as a URL is: the address goes into tokens and logs.
        if url.len() > MAX_URL || !url.bytes().all(|c| c.is_ascii_graphic()) {
            return Err(Malformed::of(&URL, "no address").into());
        }
        Ok(SetWebhook { url })
    }
}
