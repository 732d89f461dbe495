//! The host room: the machine's clock, taken as it is. Whoever needs trusted time asks a time stamp.

use crate::time::Time;
use std::time::{SystemTime, UNIX_EPOCH};

/// The machine's time now, in whole seconds; a clock set before 1970 gives a negative value, not an error.
#[must_use]
pub fn now() -> Time {
    match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(since) => Time::from_unix(i64::try_from(since.as_secs()).unwrap_or(i64::MAX)),
        Err(before) => Time::from_unix(i64::try_from(before.duration().as_secs()).map_or(i64::MIN, |seconds| -seconds)),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_clock_runs_and_is_of_this_century() {
        let first = super::now();
        assert!(first.unix() > 1_700_000_000 && first.unix() < 4_102_444_800, "{first}");
        assert!(super::now() >= first);
    }
}
