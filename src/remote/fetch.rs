//! Room `remote`: fetching what certificates name and time stamps: the door between whoever needs evidence and whoever carries it. Only the shape.

use crate::cancel::CancelToken;
use crate::error::Result;
use std::time::Instant;

/// Who named an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NamedBy {
    /// The caller: it may be anywhere.
    Caller,
    /// A certificate, which an attacker may have written: he would have a bank's server ask its own network.
    Certificate,
}

/// One fetch.
#[derive(Clone, Debug)]
pub struct Fetch<'a> {
    /// http or https.
    pub url: &'a str,
    /// Who says so.
    pub named_by: NamedBy,
    /// Content type and body of a `POST`; a `GET` without.
    pub body: Option<(&'static str, &'a [u8])>,
    /// Most bytes of the answer.
    pub max_answer: u64,
    /// When it ends with [`crate::ErrorKind::TimedOut`], on the monotonic clock.
    pub deadline: Instant,
    /// Ends it with [`crate::ErrorKind::Cancelled`].
    pub cancel: CancelToken,
}

/// Carries a fetch and brings the body of an answer of status 200.
pub trait Fetcher: Send + Sync {
    /// Asks once: no retries, no redirects, no credentials.
    ///
    /// # Errors
    /// Kinds of the edge (6xx): [`crate::ErrorKind::BadAnswer`] for any other status; [`crate::ErrorKind::InvalidArgument`] for an address that is not
    /// to be asked; [`crate::ErrorKind::Cancelled`], [`crate::ErrorKind::TimedOut`], [`crate::ErrorKind::AnswerTooLarge`].
    fn fetch(&self, fetch: &Fetch<'_>) -> Result<Vec<u8>>;
}
