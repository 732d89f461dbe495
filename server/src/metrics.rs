//! What an operator counts: takes each call's operation, status and time, gives text for Prometheus (exposition format 0.0.4). Labels are the contract's
//! operation ids and statuses: no user, no id, no token, nothing that a caller chose.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Upper bounds of the histogram, in milliseconds.
const BOUNDS: [u64; 10] = [5, 10, 25, 50, 100, 250, 500, 1_000, 5_000, 60_000];

/// The counters since the start.
#[derive(Default)]
pub(crate) struct Metrics(Mutex<Counted>);

#[derive(Default)]
struct Counted {
    calls: BTreeMap<(&'static str, u16), u64>,
    /// By the first bound that a call is within; the last has none.
    took: [u64; BOUNDS.len() + 1],
    all: Duration,
}

impl Metrics {
    /// Counts a call. Another one for each status that a client can bring about, so that the table is bounded.
    pub(crate) fn count(&self, operation: &'static str, status: u16, took: Duration) {
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let operation = if operation.is_empty() { "none" } else { operation };
        *counted.calls.entry((operation, status)).or_default() += 1;
        let millis = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        let at = BOUNDS.iter().position(|bound| millis <= *bound).unwrap_or(BOUNDS.len());
        if let Some(slot) = counted.took.get_mut(at) {
            *slot += 1;
        }
        counted.all = counted.all.saturating_add(took);
    }

    /// The text.
    pub(crate) fn text(&self) -> String {
        let counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut out = String::from("# HELP thrivosign_calls_total Calls by operation and status.\n# TYPE thrivosign_calls_total counter\n");
        // Writing to a String cannot fail.
        for ((operation, status), count) in &counted.calls {
            let _ = writeln!(out, "thrivosign_calls_total{{operation=\"{operation}\",status=\"{status}\"}} {count}");
        }
        out += "# HELP thrivosign_call_seconds How long calls took.\n# TYPE thrivosign_call_seconds histogram\n";
        let mut within = 0_u64;
        for (bound, count) in BOUNDS.iter().zip(&counted.took) {
            within = within.saturating_add(*count);
            let seconds = Duration::from_millis(*bound).as_secs_f64();
            let _ = writeln!(out, "thrivosign_call_seconds_bucket{{le=\"{seconds}\"}} {within}");
        }
        let total: u64 = counted.took.iter().sum();
        let _ = writeln!(out, "thrivosign_call_seconds_bucket{{le=\"+Inf\"}} {total}");
        let _ = writeln!(out, "thrivosign_call_seconds_sum {}", counted.all.as_secs_f64());
        let _ = writeln!(out, "thrivosign_call_seconds_count {total}");
        out
    }
}
