//! The C border: signatures are raised, without the signer and without a key, and what became of it.

use crate::call::thrivosign_call;
use crate::caller::Caller;
use crate::document::thrivosign_document;
use crate::error::thrivosign_error;
use crate::extension::thrivosign_extension;
use crate::guard::{guard, guard_or};
use crate::output::thrivosign_output;
use crate::report::thrivosign_report;
use crate::report_enums::thrivosign_level;
use crate::token::{self, Kind, Noun};

use std::sync::Arc;
use thrivosign::ErrorKind;
use thrivosign::evidence::gather::Missing;
use thrivosign::evidence::{Goal, Raised, Unanswered};
use thrivosign::journey::extend::{self, Extended};
use thrivosign::verify::Report;

/// How far signatures were raised, and what stood in the way.
pub struct thrivosign_extended(());

impl Noun for thrivosign_extended {
    type Value = Outcome;
    const KIND: Kind = Kind::Extended;
}

/// What became of the signatures.
pub(crate) struct Outcome {
    level: Option<Goal>,
    reached: bool,
    report: Option<Arc<Report>>,
    added: u64,
    pub(crate) missing: Vec<Missing>,
    pub(crate) unanswered: Vec<Unanswered>,
    stopped: Option<ErrorKind>,
}

impl From<Extended> for Outcome {
    fn from(extended: Extended) -> Outcome {
        Outcome {
            level: extended.level,
            reached: extended.reached,
            added: extended.revisions.len() as u64,
            report: Some(Arc::new(extended.report)),
            missing: extended.missing,
            unanswered: extended.unanswered,
            stopped: None,
        }
    }
}

impl From<&Raised> for Outcome {
    fn from(raised: &Raised) -> Outcome {
        Outcome {
            level: raised.level,
            reached: raised.reached(),
            added: raised.behind,
            report: None,
            missing: raised.missing.clone(),
            unanswered: raised.unanswered.clone(),
            stopped: raised.stopped,
        }
    }
}

fn goal_out(value: Goal) -> i32 {
    use thrivosign_level as Out;
    let known = match value {
        Goal::BT => Out::BT,
        Goal::BLT => Out::BLT,
        Goal::BLTA => Out::BLTA,
    };
    known as i32
}

/// After the call the document is where `output` says, with what `extension` asks for appended, as far as it could be had;
/// the bytes of `self` are its first, and the library's own verifier finds nothing worse than before. No person and no key
/// takes part. A level that is not reached, an authority that does not answer, evidence that is missing are no errors: `out`
/// tells them, and the same call can be made again later. After an error a file or memory is as it was. Code 104 for a
/// document without a signature.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_extended_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
/// thread.
/// NULL: `password`, `call` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_document_extend(
    self_: *const thrivosign_document,
    extension: *const thrivosign_extension,
    output: *const thrivosign_output,
    password: *const u8,
    password_size: usize,
    call: *const thrivosign_call,
    out: *mut *mut thrivosign_extended,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let means = caller.handle(extension)?.now();
        let output = caller.handle(output)?;
        let password = caller.bytes_opt(password, password_size)?;
        let call = caller.call(call)?;
        let out = caller.out(out)?;
        let task = means.core();
        let extended =
            output.filled(|target| call.watched(|limits, watch| extend::extend_to(&this, password, target, &task, limits, watch)))?;
        out.give(extended.into())
    })
}

/// After the call `out` is the level that all signatures have reached, or the one that was raised as it was made, one of
/// `thrivosign_level`: BT, BLT or BLTA; 0 if one of them is below BT.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_extended_level(self_: *const thrivosign_extended, out: *mut i32) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(this.level.map_or(0, goal_out))
    })
}

/// After the call `out` is 1 if that is the level that was asked for, or above, otherwise 0.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_extended_reached(self_: *const thrivosign_extended, out: *mut i32) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(i32::from(this.reached))
    })
}

/// After the call `out` is what the verifier says of the result; NULL for a signature that was raised as it was made.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_report_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_extended_report(
    self_: *const thrivosign_extended,
    out: *mut *mut thrivosign_report,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(this.report.clone().map_or(std::ptr::null_mut(), token::create_shared))
    })
}

/// After the call `out` is the number of bytes that were appended; 0 if there was nothing to do.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_extended_added_size(self_: *const thrivosign_extended, out: *mut u64) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(this.added)
    })
}

/// After the call `out` is what ended the raising before its end, one of `thrivosign_error_kind`, such as the time of the
/// call that signed; 0: nothing did.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_extended_stopped(self_: *const thrivosign_extended, out: *mut i32) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(this.stopped.map_or(0, ErrorKind::code))
    })
}

/// After the call `out` is another handle for the same outcome.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_extended_free`, apart from `self`.
/// Lifetime: the object lives until its last handle is freed and its last call has ended.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_extended_ref(
    self_: *const thrivosign_extended,
    out: *mut *mut thrivosign_extended,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || caller.out(out)?.set(token::share(self_)?))
}

/// After the call the handle stands for nothing; a handle that was freed already does no harm.
///
/// Ownership: takes the handle back.
/// Lifetime: calls in flight on another thread end as if nothing had happened.
/// Threads: any, also during calls on the same handle.
/// NULL: `self` may be NULL; then nothing is done.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_extended_free(self_: *mut thrivosign_extended) {
    guard_or(self_, (), || token::free(self_));
}
