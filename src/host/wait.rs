//! The host room: waiting. Takes a point on the monotonic clock and a token, gives control back then or when the token says so.

use crate::cancel::CancelToken;
use crate::error::Result;
use std::time::{Duration, Instant};

/// How often a waiting thread looks whether it was cancelled.
const LOOK: Duration = Duration::from_millis(20);

/// The monotonic clock now; never runs backwards, whoever sets the machine's time.
#[must_use]
pub fn monotonic() -> Instant {
    Instant::now()
}

/// After the call `until` has passed.
///
/// # Errors
/// [`crate::ErrorKind::Cancelled`] within about 20 ms of the cancellation.
pub fn sleep_until(until: Instant, cancel: &CancelToken) -> Result<()> {
    loop {
        cancel.check()?;
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(());
        }
        std::thread::sleep(left.min(LOOK));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn sleep_lasts_and_ends_early_when_cancelled() {
        let cancel = CancelToken::new();
        let start = monotonic();
        sleep_until(start + Duration::from_millis(50), &cancel).unwrap();
        assert!(monotonic() >= start + Duration::from_millis(50));
        let other = cancel.clone();
        let waiting = std::thread::spawn(move || sleep_until(monotonic() + Duration::from_secs(600), &other));
        std::thread::sleep(Duration::from_millis(30));
        cancel.cancel();
        assert_eq!(waiting.join().unwrap().err().unwrap().kind(), ErrorKind::Cancelled);
        assert!(monotonic() < start + Duration::from_secs(60));
    }
}
