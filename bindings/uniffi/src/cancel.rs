//! What every long call may be given: a token to end it, times, somebody who is told how far it is.

use crate::call::Call;
use crate::error::{Result, ThrivoSignError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

/// Ends calls. One token may be given to any number of them, and used from any thread.
///
/// Kotlin cancels a call by cancelling its coroutine, too; in Swift, `Task.cancel()` does not reach the library: use a token.
#[derive(Default, uniffi::Object)]
pub struct CancelToken {
    cancelled: thrivosign::CancelToken,
    calls: Mutex<Vec<Weak<Call>>>,
}

#[uniffi::export]
impl CancelToken {
    /// A token nobody has cancelled.
    #[uniffi::constructor]
    #[must_use]
    pub fn new() -> Arc<CancelToken> {
        Arc::new(CancelToken::default())
    }

    /// After the call every call that was given the token ends with `Cancelled`, now or later, and cannot be revived. An asynchronous call
    /// whose key store, source or sink does not come back ends all the same; what that answers later is thrown away, and only its thread
    /// stays. A call that was done when the token came tells its result.
    pub fn cancel(&self) {
        self.cancelled.cancel();
        let calls = std::mem::take(&mut *self.calls());
        for call in calls.iter().filter_map(Weak::upgrade) {
            call.cancel();
        }
    }

    /// Whether it was cancelled.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.is_cancelled()
    }
}

impl CancelToken {
    fn calls(&self) -> MutexGuard<'_, Vec<Weak<Call>>> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// After the call `call` ends with this token.
    pub(crate) fn join(&self, call: &Arc<Call>) {
        let mut calls = self.calls();
        calls.retain(|call| call.strong_count() > 0);
        calls.push(Arc::downgrade(call));
        drop(calls);
        // Cancelled between its making and the push: then `cancel` did not see it.
        if self.is_cancelled() {
            call.cancel();
        }
    }
}

/// Told how far a call is, on a thread of the library. What it throws is dropped.
#[uniffi::export(with_foreign)]
pub trait ProgressListener: Send + Sync {
    /// Bytes done of bytes in all, pass by pass.
    ///
    /// # Errors
    /// Whatever the app throws; it changes nothing.
    fn progress(&self, done: i64, total: i64) -> Result<(), ThrivoSignError>;
}

/// What a call may take, and who may end it.
#[derive(Clone, Default, uniffi::Record)]
pub struct CallOptions {
    /// Ends the call.
    #[uniffi(default = None)]
    pub cancel: Option<Arc<CancelToken>>,
    /// Most time for the whole call, in milliseconds. Looked at between steps: a key store that blocks is not interrupted.
    #[uniffi(default = None)]
    pub timeout_ms: Option<i64>,
    /// Most time for one try of one call on the wire, in milliseconds; 30,000 if absent.
    #[uniffi(default = None)]
    pub per_call_timeout_ms: Option<i64>,
    /// Told how far it is.
    #[uniffi(default = None)]
    pub progress: Option<Arc<dyn ProgressListener>>,
}
