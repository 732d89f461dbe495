//! The C border: the challenge of an activation.

use crate::caller::Caller;
use crate::error::thrivosign_error;
use crate::guard::{guard, guard_or};
use crate::token::{self, Kind, Noun};
use thrivosign::remote::activate_credential::ActivationChallenge;

/// The challenge of an activation.
pub struct thrivosign_activation(());

impl Noun for thrivosign_activation {
    type Value = ActivationChallenge;
    const KIND: Kind = Kind::Activation;
}

/// After the call `seconds` is how long the challenge is good for, from when it was given.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_activation_expires_in(self_: *const thrivosign_activation, seconds: *mut u64) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let seconds = caller.out(seconds)?;
        seconds.set(this.expires_in)
    })
}

/// After the call `out` is another handle for the same challenge.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_activation_free`, apart from `self`.
/// Lifetime: the object lives until its last handle is freed and its last call has ended.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_activation_ref(
    self_: *const thrivosign_activation,
    out: *mut *mut thrivosign_activation,
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
pub unsafe extern "C" fn thrivosign_activation_free(self_: *mut thrivosign_activation) {
    guard_or(self_, (), || token::free(self_));
}
