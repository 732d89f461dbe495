//! The C border: a request for a certificate that waits for approval. To be kept as JSON; nothing in it is secret.

use crate::buffer::thrivosign_buffer;
use crate::caller::Caller;
use crate::error::thrivosign_error;
use crate::guard::{NO_SELF, guard, guard_or};
use crate::token::{self, Kind, Noun};
use thrivosign::journey::enrol::PendingRequest;

/// A request for a certificate that waits for approval. To be kept as JSON; nothing in it is secret.
pub struct thrivosign_pending_request(());

impl Noun for thrivosign_pending_request {
    type Value = PendingRequest;
    const KIND: Kind = Kind::PendingRequest;
}

/// After the call `out` is the request that `thrivosign_pending_request_to_json` wrote.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_pending_request_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_pending_request_new_from_json(
    json: *const u8,
    json_size: usize,
    out: *mut *mut thrivosign_pending_request,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(NO_SELF, || {
        let json = caller.bytes(json, json_size)?;
        let out = caller.out(out)?;
        out.give(PendingRequest::from_json(json)?)
    })
}

/// After the call `out` holds the request as JSON, which every later version reads.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_pending_request_to_json(
    self_: *const thrivosign_pending_request,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes(&this.to_json()?)
    })
}

/// After the call `out` holds the request's id at the service.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_pending_request_id(
    self_: *const thrivosign_pending_request,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes(this.request_id.as_bytes())
    })
}

/// After the call `seconds` is how long the service asks to wait before it is asked again.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_pending_request_retry_after(
    self_: *const thrivosign_pending_request,
    seconds: *mut u64,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let seconds = caller.out(seconds)?;
        seconds.set(this.retry_after)
    })
}

/// After the call `out` is another handle for the same request.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_pending_request_free`, apart from `self`.
/// Lifetime: the object lives until its last handle is freed and its last call has ended.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_pending_request_ref(
    self_: *const thrivosign_pending_request,
    out: *mut *mut thrivosign_pending_request,
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
pub unsafe extern "C" fn thrivosign_pending_request_free(self_: *mut thrivosign_pending_request) {
    guard_or(self_, (), || token::free(self_));
}
