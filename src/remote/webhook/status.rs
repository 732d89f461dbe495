//! Room `remote`: `GET /rssp/webhook` `[ours]`. Both directions of one call; the answer is [`super::Webhook`].

use super::super::http::{Method, Request};
use super::super::schema::{Mark, Operation};
use super::{ANSWERS, PATH};

/// The call as data.
pub const OPERATION: Operation = Operation {
    answers: ANSWERS,
    ..Operation::new("webhookStatus", Method::Get, PATH, Mark::Ours, "Says where the user's events are sent, and how many wait.")
};

/// The client's request.
#[must_use]
pub fn request() -> Request {
    Request::new(Method::Get, PATH)
}
