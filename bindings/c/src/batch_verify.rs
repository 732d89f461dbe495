//! The C border: many documents, one judge: a list, and an outcome for each.

use crate::batch::thrivosign_batch;
use crate::call::thrivosign_call;
use crate::caller::Caller;
use crate::enums::unknown;
use crate::error::thrivosign_error;
use crate::guard::{Depth, guard};
use crate::report::thrivosign_report;
use crate::table::{Table, answered};
use crate::token;
use crate::trust::thrivosign_trust;
use crate::verify_options::thrivosign_verify_options;

use std::ffi::c_void;
use std::ptr;
use thrivosign::journey::verify::{BatchOptions, Order, verify_batch};
use thrivosign::verify::Report;
use thrivosign::{Error, ErrorKind, Result};

/// In what order the outcomes of a batch are told.
#[repr(C)]
pub enum thrivosign_order {
    /// That of the list.
    Listed = 1,
    /// As they come.
    AsTheyCome = 2,
}

/// Told what came out for each document of a batch.
///
/// Ownership: everything stays the caller's. The handles that `ended` gets are the library's and end when it returns; another handle (`_ref`) of
/// the report may be kept.
/// Lifetime: the struct is read when the call begins; `context` is used until it returns.
/// Threads: `ended` is called on threads of the call's own, on one at a time, and never under a lock of a handle.
/// NULL: `ended` may not be NULL.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct thrivosign_verify_listener {
    /// `sizeof(thrivosign_verify_listener)`.
    pub struct_size: usize,
    /// Handed to the callback.
    pub context: *mut c_void,
    /// A document was judged. `index` is its place in the list, counted from 0; `report` is what came out, or NULL, and then `error` says why the
    /// verifier could not run. Answers 0, or a code of `thrivosign_error_kind`, which stops the whole; any other number counts as 107.
    pub ended:
        Option<extern "C" fn(context: *mut c_void, index: usize, report: *const thrivosign_report, error: *const thrivosign_error) -> i32>,
}

// SAFETY: `repr(C)`, begins with `struct_size`; zeros are NULL and no callback.
unsafe impl Table for thrivosign_verify_listener {
    const OPTIONAL: &'static [usize] = &[];
}

/// The callback of one call, and how deep in callbacks that call is: its threads do not know.
struct Listener(thrivosign_verify_listener, Depth);

// SAFETY: the header says that the callback comes on other threads than the caller's; `context` goes nowhere but back to it.
unsafe impl Send for Listener {}
// SAFETY: as above, on one of them at a time.
unsafe impl Sync for Listener {}

impl Listener {
    fn tell(&self, index: usize, outcome: Result<Report>) -> Result<()> {
        let Some(ended) = self.0.ended else { return Ok(()) };
        let (report, error) = match outcome {
            Ok(report) => (token::create::<thrivosign_report>(report), ptr::null_mut()),
            Err(error) => (ptr::null_mut(), thrivosign_error::hand_out(error)),
        };
        let answer = self.1.within(|| ended(self.0.context, index, report, error));
        token::free(report);
        token::free(error);
        answered(answer, ErrorKind::Cancelled)
    }
}

/// After the call every document of the list, at its `input`, was judged and told; `clean_count`, `not_clean_count`,
/// `unsigned_count` and `failed_count` are how many had signatures that were all clean, had one that was not, had none,
/// or could not be judged, and `left_count` how many were left because the whole was stopped; `stopped` is what stopped
/// it, or NULL: cancelling, the time of `call`, an answer of `ended`. A document that cannot be read never stops the
/// others. What one signer signed shares one validation of the chain. `order` is one of `thrivosign_order`. Trust,
/// time, policy and password hold for all of them. Progress is told in documents done of documents in all.
///
/// Ownership: `stopped` is the caller's, to be freed with `thrivosign_error_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; `listener` and
/// the progress report are called on threads that last as long as the call. Not for a main thread.
/// NULL: `options`, `listener`, `call`, `clean_count`, `not_clean_count`, `unsigned_count`, `failed_count`,
/// `left_count` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_batch_verify(
    self_: *const thrivosign_batch,
    trust: *const thrivosign_trust,
    order: i32,
    options: *const thrivosign_verify_options,
    listener: *const thrivosign_verify_listener,
    call: *const thrivosign_call,
    clean_count: *mut usize,
    not_clean_count: *mut usize,
    unsigned_count: *mut usize,
    failed_count: *mut usize,
    left_count: *mut usize,
    stopped: *mut *mut thrivosign_error,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let (files, jobs) = this.inputs();
        let trust = caller.handle(trust)?;
        let order = match order {
            x if x == thrivosign_order::Listed as i32 => Order::Listed,
            x if x == thrivosign_order::AsTheyCome as i32 => Order::AsTheyCome,
            _ => return Err(unknown("order")),
        };
        let options = caller.verify_options(options)?;
        let depth = Depth::here();
        let listener = caller.table_opt(listener)?.map(|listener| Listener(listener, depth));
        if listener.as_ref().is_some_and(|listener| listener.0.ended.is_none()) {
            return Err(Error::new(ErrorKind::NullArgument).context("a required callback"));
        }
        let call = caller.call(call)?;
        let counts = [clean_count, not_clean_count, unsigned_count, failed_count, left_count].map(|count| caller.out_opt(count));
        let stopped = caller.out(stopped)?;
        let judging = options.core(&trust);
        let summary = call.watched(|limits, watch| {
            let (mut done, total) = (0, files.len() as u64);
            Ok(verify_batch(&files, &judging, BatchOptions { jobs, order, watch: None }, limits, &mut |index, outcome| {
                let heard = listener.as_ref().map_or(Ok(()), |listener| listener.tell(index, outcome));
                done += 1;
                if let Some(watch) = watch {
                    watch(done, total);
                }
                heard
            }))
        })?;
        for (count, number) in counts.into_iter().zip([summary.clean, summary.not_clean, summary.unsigned, summary.failed, summary.left]) {
            count.set(number)?;
        }
        stopped.set(summary.stopped.map_or(ptr::null_mut(), thrivosign_error::hand_out))
    })
}
