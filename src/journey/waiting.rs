//! The room `journey`: waiting for a registration officer's decision. Takes a request that is pending, asks as often as the service says, gives the identity;
//! keeps nothing: whoever waits keeps the request.

use super::enrol::{PendingRequest, Requested, ask_again};
use super::retry::Limits;
use super::session::Session;
use crate::enroll::Identity;
use crate::error::Result;
use std::time::Duration;

/// Waits until a pending request is decided, and asks as often as the service says. It ends with the journey's limits: without an end of their own it may be
/// days. What was asked for stays good: another process goes on with the same [`PendingRequest`].
///
/// # Errors
/// [`ErrorKind::Cancelled`](crate::ErrorKind::Cancelled), promptly; [`ErrorKind::TimedOut`](crate::ErrorKind::TimedOut); otherwise as [`ask_again`].
pub fn wait(session: &Session, mut pending: PendingRequest, limits: &Limits) -> Result<Identity> {
    loop {
        match ask_again(session, pending, limits)? {
            Requested::Issued(identity) => return Ok(identity),
            Requested::Pending(later) => {
                pause(session, later.retry_after, limits)?;
                pending = later;
            }
        }
    }
}

/// After the call the service is to be asked again. It is the service that says when: never more often than each second, nor less than each hour.
pub(super) fn pause(session: &Session, retry_after: u64, limits: &Limits) -> Result<()> {
    let pace = session.pace();
    let now = pace.now();
    let later = now.checked_add(Duration::from_secs(retry_after.clamp(1, 3600))).unwrap_or(now);
    pace.wait(limits.until.map_or(later, |until| until.min(later)), &limits.cancel)?;
    limits.check(pace)
}
