//! The C border: cancel tokens.

use crate::caller::Caller;
use crate::error::thrivosign_error;
use crate::guard::{NO_SELF, guard, guard_or};
use crate::token::{self, Kind, Noun};
use thrivosign::CancelToken;

/// Says stop to calls that it was given to, from any thread.
pub struct thrivosign_cancel(());

impl Noun for thrivosign_cancel {
    type Value = CancelToken;
    const KIND: Kind = Kind::Cancel;
}

/// After the call `out` is a token that nobody has cancelled.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_cancel_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once.
/// NULL: `out` may not be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_cancel_new(out: *mut *mut thrivosign_cancel) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(NO_SELF, || {
        let out = caller.out(out)?;
        out.give(CancelToken::new())
    })
}

/// After the call every call with this token ends soon, with code 107; it cannot be taken back. A key callback that waits
/// for a person is asked nothing: it ends when the host ends it.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: `self` may not be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_cancel_cancel(self_: *const thrivosign_cancel) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        this.cancel();
        Ok(())
    })
}

/// After the call `out` is 1 if the token was cancelled, otherwise 0.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_cancel_is_cancelled(self_: *const thrivosign_cancel, out: *mut i32) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(i32::from(this.is_cancelled()))
    })
}

/// After the call `out` is another handle for the same token.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_cancel_free`, apart from `self`.
/// Lifetime: the object lives until its last handle is freed and its last call has ended.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_cancel_ref(self_: *const thrivosign_cancel, out: *mut *mut thrivosign_cancel) -> *mut thrivosign_error {
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
pub unsafe extern "C" fn thrivosign_cancel_free(self_: *mut thrivosign_cancel) {
    guard_or(self_, (), || token::free(self_));
}
