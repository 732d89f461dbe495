//! The room `journey`: what a session needs of the machine: a clock that never runs backwards, waiting, and random bytes. Takes it
//! from `host`; tests put another pace in, so that no test waits.

use crate::cancel::CancelToken;
use crate::error::Result;
use crate::host;
use std::time::Instant;

/// The machine, as far as a session needs it.
pub trait Pace: Send + Sync {
    /// The monotonic clock.
    fn now(&self) -> Instant;

    /// After the call `until` has passed.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Cancelled`] promptly.
    fn wait(&self, until: Instant, cancel: &CancelToken) -> Result<()>;

    /// Fills the buffer with random bytes.
    ///
    /// # Errors
    /// [`crate::ErrorKind::RandomUnavailable`].
    fn random(&self, buf: &mut [u8]) -> Result<()>;
}

/// The machine itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct HostPace;

impl Pace for HostPace {
    fn now(&self) -> Instant {
        host::wait::monotonic()
    }

    fn wait(&self, until: Instant, cancel: &CancelToken) -> Result<()> {
        host::wait::sleep_until(until, cancel)
    }

    fn random(&self, buf: &mut [u8]) -> Result<()> {
        host::random::fill(buf)
    }
}

/// A fresh id of 128 random bits, fit for paths, idempotency keys and correlation ids.
///
/// # Errors
/// [`crate::ErrorKind::RandomUnavailable`].
pub(crate) fn fresh_id(pace: &dyn Pace) -> Result<String> {
    let mut bytes = [0; 16];
    pace.random(&mut bytes)?;
    Ok(bytes.iter().flat_map(|b| [b >> 4, b & 15]).filter_map(|digit| char::from_digit(u32::from(digit), 16)).collect())
}
