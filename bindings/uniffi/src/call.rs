//! One call of the app: its limits, and where it is: in the library, or outside, in code of the app's that may never come back. Takes options,
//! gives limits for a journey; a cancelled call is given up only while it is outside, so that the library's own steps end as they should.

use crate::cancel::{CallOptions, ProgressListener};
use crate::error::{Result, ThrivoSignError};
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use std::time::{Duration, Instant};
use thrivosign::journey::{Limits, Watch};
use thrivosign::{CancelToken, Error, ErrorKind};

/// A call.
pub(crate) struct Call {
    limits: Limits,
    progress: Option<Arc<dyn ProgressListener>>,
    place: Mutex<Place>,
}

thread_local! {
    /// The call whose work this thread does.
    static AT_HAND: RefCell<Option<Arc<Call>>> = const { RefCell::new(None) };
}

#[derive(Default)]
struct Place {
    /// How many steps outside it has taken and not come back from.
    outside: usize,
    /// Who waits for it.
    waker: Option<Waker>,
}

impl Call {
    /// A call that begins now.
    ///
    /// # Errors
    /// `InvalidArgument` for a negative time.
    pub(crate) fn begin(options: Option<CallOptions>) -> Result<Arc<Call>> {
        let options = options.unwrap_or_default();
        let time = |milliseconds: Option<i64>| match milliseconds.map(u64::try_from) {
            None => Ok(None),
            Some(Ok(milliseconds)) => Ok(Some(Duration::from_millis(milliseconds))),
            Some(Err(_)) => Err(Error::new(ErrorKind::InvalidArgument).context("a time is negative")),
        };
        let defaults = Limits::default();
        let limits = Limits {
            per_call: time(options.per_call_timeout_ms)?.unwrap_or(defaults.per_call),
            // A time beyond what the clock can count is none.
            until: time(options.timeout_ms)?.and_then(|most| Instant::now().checked_add(most)),
            cancel: CancelToken::new(),
        };
        let call = Arc::new(Call { limits, progress: options.progress, place: Mutex::default() });
        if let Some(token) = &options.cancel {
            token.join(&call);
        }
        Ok(call)
    }

    /// What the journey is given.
    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Gives the work somebody to report to, if the app wants to be told.
    pub(crate) fn watched<T>(self: &Arc<Self>, work: impl FnOnce(Watch<'_>) -> T) -> T {
        let Some(listener) = &self.progress else { return work(None) };
        let signed = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        work(Some(&|done, total| {
            // What a listener throws changes nothing; that the call was cancelled is seen at the next step.
            drop(self.outside(|| listener.progress(signed(done), signed(total))));
        }))
    }

    fn place(&self) -> MutexGuard<'_, Place> {
        self.place.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// After the call it ends as soon as it can.
    pub(crate) fn cancel(&self) {
        self.limits.cancel.cancel();
        let waker = self.place().waker.take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Takes a step into the app's own code. A cancelled call takes none, and brings nothing back from one.
    ///
    /// # Errors
    /// `Cancelled`; what the app's code throws.
    pub(crate) fn outside<T>(self: &Arc<Self>, step: impl FnOnce() -> Result<T>) -> Result<T, Error> {
        let outside = self.leave()?;
        let outcome = step();
        drop(outside);
        self.limits.cancel.check()?;
        Ok(outcome?)
    }

    /// Takes a step whose outcome counts even if the call is cancelled meanwhile: whoever waits is let go, the step goes on.
    ///
    /// # Errors
    /// `Cancelled` before the step; what the app's code throws.
    pub(crate) fn outside_for_good<T>(self: &Arc<Self>, step: impl FnOnce() -> Result<T>) -> Result<T, Error> {
        let outside = self.leave()?;
        let outcome = step();
        drop(outside);
        Ok(outcome?)
    }

    /// From here on the call is outside, until what is returned is dropped.
    ///
    /// # Errors
    /// `Cancelled`.
    pub(crate) fn leave(self: &Arc<Self>) -> Result<Outside, Error> {
        let mut place = self.place();
        self.limits.cancel.check()?;
        place.outside = place.outside.saturating_add(1);
        Ok(Outside(self.clone()))
    }

    /// Asked by whoever waits: whether the call was cancelled while it is outside. `waker` is woken when it is cancelled later.
    pub(crate) fn is_lost(&self, waker: &Waker) -> bool {
        let mut place = self.place();
        if self.limits.cancel.is_cancelled() && place.outside > 0 {
            return true;
        }
        place.waker = Some(waker.clone());
        false
    }

    /// Runs the work; a panic in it is an error.
    pub(crate) fn run<T>(self: &Arc<Self>, work: impl FnOnce(&Arc<Call>) -> Result<T>) -> Result<T> {
        let before = AT_HAND.replace(Some(self.clone()));
        let outcome = guard(|| work(self));
        AT_HAND.set(before);
        outcome
    }

    /// The call whose work this thread does, for what outlives calls and is asked in the middle of one.
    pub(crate) fn at_hand() -> Option<Arc<Call>> {
        AT_HAND.with_borrow(Clone::clone)
    }
}

/// A step outside.
pub(crate) struct Outside(Arc<Call>);

impl Drop for Outside {
    fn drop(&mut self) {
        let mut place = self.0.place();
        place.outside = place.outside.saturating_sub(1);
    }
}

/// Runs the work; a panic in it is an error.
///
/// # Errors
/// `Panicked`; what the work says.
pub(crate) fn guard<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    // What the work borrows is the core's, whose locks bear a panic.
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(ErrorKind::Panicked.into()))
}

/// Runs the work on the caller's own thread.
///
/// # Errors
/// What the work says; as [`Call::begin`].
pub(crate) fn now<T>(options: Option<CallOptions>, work: impl FnOnce(&Arc<Call>) -> Result<T, Error>) -> Result<T> {
    Call::begin(options)?.run(|call| work(call).map_err(ThrivoSignError::from))
}
