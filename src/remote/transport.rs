//! Room `remote`: the door between whoever orders calls and whoever carries them. Only the shape; `net` carries, `journey` orders,
//! and tests put their own carrier in between.

use super::http::{Request, Response};
use crate::cancel::CancelToken;
use crate::error::{Error, ErrorKind, Result};
use std::time::Instant;

/// What one call may take.
#[derive(Clone, Debug)]
pub struct Call {
    /// When it ends with [`crate::ErrorKind::TimedOut`], on the monotonic clock.
    pub deadline: Instant,
    /// Ends it with [`crate::ErrorKind::Cancelled`].
    pub cancel: CancelToken,
    /// Whether the same call may be sent twice without harm.
    pub idempotent: bool,
    /// Most bytes of the answer's body.
    pub max_answer: u64,
}

/// Carries a request to one service and brings its answer; blocks until then.
pub trait Transport: Send + Sync {
    /// Sends once: no retries, no redirects. Any status is an answer; an error means there was none.
    ///
    /// # Errors
    /// Kinds of the edge (6xx), [`crate::ErrorKind::Cancelled`], [`crate::ErrorKind::Reentrant`], or what the body's source says.
    fn send(&self, request: Request, call: &Call) -> Result<Response>;

    /// The address that the request goes to, without its query: what a proof of possession is bound to (RFC 9449 4.2).
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidArgument`] for a path that cannot be used.
    fn url(&self, request: &Request) -> Result<String>;

    /// Asks the service for newer pins and takes them up if the key that signs them says so. After the call, true if they are newer than those before:
    /// every connection from now on has a key of theirs. What the app was built with cannot come back.
    ///
    /// # Errors
    /// [`crate::ErrorKind::PinUpdateRefused`] for a document that must not be believed, and from a transport that keeps no pins;
    /// [`crate::ErrorKind::RecordNotFound`] where the service has published none; kinds of the edge (6xx).
    fn update_pins(&self, _: &Call) -> Result<bool> {
        Err(Error::new(ErrorKind::PinUpdateRefused).context("nothing here takes up pins"))
    }

    /// The document that the pins in force came from, to be kept for the next start; `None` for those that the app was built with.
    fn pin_document(&self) -> Option<String> {
        None
    }
}
