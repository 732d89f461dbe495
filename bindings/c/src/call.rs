//! The C border: what a long call may take. Takes the caller's struct, gives limits and a progress report.

use crate::caller::Caller;
use crate::cancel::thrivosign_cancel;
use crate::table::Table;
use std::ffi::c_void;
use std::mem::offset_of;
use std::time::Duration;
use thrivosign::host::wait::monotonic;
use thrivosign::journey::Limits;
use thrivosign::{Error, ErrorKind, Result};

/// What a call may take, and whom it tells. All zeros but `struct_size` are the defaults; NULL in place of the struct means the same.
///
/// Ownership: everything stays the caller's.
/// Lifetime: the struct is read when the call begins; `context` is used until it returns.
/// Threads: `progress` is called on the thread of the call, for a batch on threads of the call's own, one at a time; never under a lock.
/// NULL: `cancel` and `progress` may be NULL.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct thrivosign_call {
    /// `sizeof(thrivosign_call)`.
    pub struct_size: usize,
    /// Ends the call; the handle may be freed meanwhile.
    pub cancel: *const thrivosign_cancel,
    /// Most milliseconds for the whole; 0: no limit.
    pub timeout_ms: u64,
    /// Most milliseconds for one try of one exchange with the service; 0: 30 000.
    pub per_call_timeout_ms: u64,
    /// Told bytes done of bytes in all, pass by pass; for a batch documents done of documents in all.
    pub progress: Option<extern "C" fn(context: *mut c_void, done: u64, total: u64)>,
    /// Handed to `progress`.
    pub context: *mut c_void,
}

// SAFETY: `repr(C)`, begins with `struct_size`; zeros are NULL, no limit and no callback.
unsafe impl Table for thrivosign_call {
    const OPTIONAL: &'static [usize] = &[
        offset_of!(thrivosign_call, cancel),
        offset_of!(thrivosign_call, timeout_ms),
        offset_of!(thrivosign_call, per_call_timeout_ms),
        offset_of!(thrivosign_call, progress),
        offset_of!(thrivosign_call, context),
    ];
}

/// The limits of one call, and its progress report.
pub(crate) struct Call {
    limits: Limits,
    report: Option<Report>,
}

struct Report {
    tell: extern "C" fn(*mut c_void, u64, u64),
    context: *mut c_void,
}

// SAFETY: the core wants a report that could be shared; it tells it on the call's own thread alone, and `context` goes nowhere but back.
unsafe impl Sync for Report {}

impl Caller {
    /// The limits of the call at hand.
    ///
    /// # Errors
    /// As [`Caller::table`]; as [`Caller::handle`] for the token.
    pub(crate) fn call(&self, pointer: *const thrivosign_call) -> Result<Call> {
        let mut limits = Limits::default();
        let Some(call) = self.table_opt(pointer)? else { return Ok(Call { limits, report: None }) };
        if let Some(token) = self.handle_opt(call.cancel)? {
            limits.cancel = (*token).clone();
        }
        if call.timeout_ms > 0 {
            let until = monotonic().checked_add(Duration::from_millis(call.timeout_ms));
            limits.until = Some(until.ok_or_else(|| Error::new(ErrorKind::InvalidArgument).context("timeout_ms"))?);
        }
        if call.per_call_timeout_ms > 0 {
            limits.per_call = Duration::from_millis(call.per_call_timeout_ms);
        }
        Ok(Call { limits, report: call.progress.map(|tell| Report { tell, context: call.context }) })
    }
}

impl Call {
    /// The limits alone.
    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Runs a journey that reports its progress.
    ///
    /// # Errors
    /// The journey's.
    pub(crate) fn watched<T>(&self, journey: impl FnOnce(&Limits, thrivosign::journey::retry::Watch<'_>) -> Result<T>) -> Result<T> {
        match &self.report {
            None => journey(&self.limits, None),
            Some(report) => {
                let tell = |done, total| report.tell(done, total);
                journey(&self.limits, Some(&tell))
            }
        }
    }
}

impl Report {
    fn tell(&self, done: u64, total: u64) {
        (self.tell)(self.context, done, total);
    }
}
