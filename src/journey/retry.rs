//! The room `journey`: when a call is sent again. Idempotent calls and those with an `Idempotency-Key`, on connect errors and on
//! 408, 425, 429, 500, 502, 503, 504, with exponential back-off and full jitter, honouring `Retry-After`; others never. While the service says that it is
//! at work on the same call, it is asked again for as long as one call may take: the work is not to be begun anew, its answer is to be fetched.

use super::pace::Pace;
use super::transport::{Call, Transport};
use crate::cancel::{CancelToken, Progress};
use crate::error::{Error, ErrorKind, Result};
use crate::host;
use crate::log::{Event, Level};
use crate::remote::http::{IDEMPOTENCY_KEY, Request, Response};
use crate::remote::openapi::operation_id;
use crate::remote::problem::{is_in_flight, is_retryable};
use std::time::{Duration, Instant};

/// Told bytes done of bytes in all, pass by pass.
pub type Watch<'w> = Option<&'w (dyn Fn(u64, u64) + Sync)>;

/// How often and how far apart.
#[derive(Clone, Copy, Debug)]
pub struct RetryPolicy {
    /// Tries in all; 1 means no retries.
    pub tries: u32,
    /// The first pause is drawn from 0 to this, the next from 0 to twice this, and so on.
    pub base: Duration,
    /// No drawn pause is longer.
    pub cap: Duration,
}

impl Default for RetryPolicy {
    fn default() -> RetryPolicy {
        RetryPolicy { tries: 4, base: Duration::from_millis(250), cap: Duration::from_secs(8) }
    }
}

/// What a journey may take in all, and each of its calls.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Most time for one try of one call.
    pub per_call: Duration,
    /// When the journey ends, on the monotonic clock.
    pub until: Option<Instant>,
    /// Ends it at once.
    pub cancel: CancelToken,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { per_call: Duration::from_secs(30), until: None, cancel: CancelToken::new() }
    }
}

impl Limits {
    /// Between two steps that may take long: nothing goes on after the journey's end.
    ///
    /// # Errors
    /// [`ErrorKind::Cancelled`], [`ErrorKind::TimedOut`].
    pub(crate) fn check(&self, pace: &dyn Pace) -> Result<()> {
        self.cancel.check()?;
        if self.until.is_some_and(|until| pace.now() >= until) { Err(Error::new(ErrorKind::TimedOut)) } else { Ok(()) }
    }

    /// Runs work that reports and stops by these limits.
    ///
    /// # Errors
    /// What the work says; [`ErrorKind::Cancelled`], [`ErrorKind::TimedOut`] before it begins.
    pub(crate) fn run<T>(&self, pace: &dyn Pace, watch: Watch<'_>, work: impl FnOnce(&Progress<'_>) -> Result<T>) -> Result<T> {
        let over = || self.until.is_some_and(|until| pace.now() >= until);
        let progress = Progress::new(self.cancel.clone(), watch).until(&over);
        progress.check()?;
        work(&progress)
    }

    /// When a call that begins now must end.
    pub(crate) fn deadline(&self, now: Instant) -> Instant {
        // A time-out beyond what the clock can count means a day.
        let end = now.checked_add(self.per_call).or_else(|| now.checked_add(Duration::from_secs(86_400))).unwrap_or(now);
        self.until.map_or(end, |until| until.min(end))
    }
}

/// Whether sending the request twice does no more than once.
#[must_use]
pub fn is_idempotent(request: &Request) -> bool {
    request.method.is_idempotent() || request.headers.get(IDEMPOTENCY_KEY).is_some()
}

/// Sends until there is an answer worth giving back or the tries are used up.
///
/// # Errors
/// As [`Transport::send`]; [`ErrorKind::TimedOut`] when the journey's time is over.
pub(crate) fn send_with_retries(
    transport: &dyn Transport,
    pace: &dyn Pace,
    policy: &RetryPolicy,
    limits: &Limits,
    request: &Request,
    (idempotent, max_answer): (bool, u64),
) -> Result<Response> {
    let (mut tried, mut used) = (0_u32, 0_u32);
    let mut busy_until = None;
    loop {
        limits.check(pace)?;
        let now = pace.now();
        let call = Call { deadline: limits.deadline(now), cancel: limits.cancel.clone(), idempotent, max_answer };
        let outcome = transport.send(request.clone(), &call);
        tried = tried.saturating_add(1);
        tell(request, &outcome, tried, pace.now().saturating_duration_since(now));
        let again = match &outcome {
            Ok(response) => is_retryable(response),
            Err(error) => matches!(error.kind(), ErrorKind::ConnectFailed | ErrorKind::ConnectionCut),
        };
        let busy = outcome.as_ref().is_ok_and(is_in_flight);
        // Counted from the first such answer: a service that says so for ever must not hold a client for ever.
        let waits = busy && policy.tries > 1 && now < *busy_until.get_or_insert_with(|| limits.deadline(now));
        used = used.saturating_add(u32::from(!waits));
        if !again || !idempotent || used >= policy.tries.max(1) {
            return outcome;
        }
        let asked = outcome.as_ref().ok().and_then(Response::retry_after).map(Duration::from_secs);
        let pause = jitter(pace, policy, used.max(1))?.max(asked.unwrap_or_default());
        // Without an end of the journey nobody wants to hang for longer than a call may take.
        let last = limits.until.unwrap_or_else(|| limits.deadline(pace.now()));
        match pace.now().checked_add(pause).filter(|until| *until < last) {
            Some(until) => pace.wait(until, &limits.cancel)?,
            // The service asks for more time than there is: its answer says how long.
            None => return outcome,
        }
    }
}

/// One line in the log for each try.
fn tell(request: &Request, outcome: &Result<Response>, attempt: u32, took: Duration) {
    let refused = outcome.as_ref().is_ok_and(|response| response.status >= 400);
    let level = if outcome.is_err() || refused { Level::Warn } else { Level::Debug };
    host::log::tell(level, || Event {
        operation: operation_id(request),
        error_code: outcome.as_ref().err().map(Error::code),
        http_status: outcome.as_ref().ok().map(|response| response.status),
        milliseconds: u64::try_from(took.as_millis()).ok(),
        attempt: Some(attempt),
        ..Event::new(level, "call")
    });
}

/// Full jitter: from 0 to the exponential limit, so that clients cut off together do not come back together.
fn jitter(pace: &dyn Pace, policy: &RetryPolicy, tried: u32) -> Result<Duration> {
    let factor = 1_u32.checked_shl(tried.saturating_sub(1)).unwrap_or(u32::MAX);
    let limit = policy.base.saturating_mul(factor).min(policy.cap);
    let mut bytes = [0; 8];
    pace.random(&mut bytes)?;
    let millis = u64::try_from(limit.as_millis()).unwrap_or(u64::MAX);
    // The remainder's bias is far below a millisecond in any limit that makes sense.
    Ok(Duration::from_millis(u64::from_le_bytes(bytes).checked_rem(millis.saturating_add(1)).unwrap_or(0)))
}
