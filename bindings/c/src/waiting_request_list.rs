//! The C border: requests for certificates that wait for a registration officer, as that person is shown them.

use crate::buffer::thrivosign_buffer;
use crate::caller::Caller;
use crate::enums::security_level_out;
use crate::error::thrivosign_error;
use crate::guard::{guard, guard_or};
use crate::nth::nth;
use crate::token::{self, Kind, Noun};
use thrivosign::remote::officer::requests::WaitingRequest;

/// Requests for certificates that wait for an officer, the oldest first. All but ids and level is what the user or the device said.
pub struct thrivosign_waiting_request_list(());

impl Noun for thrivosign_waiting_request_list {
    type Value = Vec<WaitingRequest>;
    const KIND: Kind = Kind::WaitingRequestList;
}

/// After the call `out` is the number of requests.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_waiting_request_list_count(
    self_: *const thrivosign_waiting_request_list,
    out: *mut usize,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(this.len())
    })
}

/// After the call `out` holds that request's id. `index` counts from 0.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_waiting_request_list_id(
    self_: *const thrivosign_waiting_request_list,
    index: usize,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes(nth(&this, index)?.request_id.as_bytes())
    })
}

/// After the call `out` holds the id of the user who asks. `index` counts from 0.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_waiting_request_list_user_id(
    self_: *const thrivosign_waiting_request_list,
    index: usize,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes(nth(&this, index)?.applicant.user_id.as_bytes())
    })
}

/// After the call `out` holds that user's name, which enters certificates. `index` counts from 0.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_waiting_request_list_name(
    self_: *const thrivosign_waiting_request_list,
    index: usize,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes(nth(&this, index)?.applicant.name.as_bytes())
    })
}

/// After the call `out` holds where messages to that user go. `index` counts from 0.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_waiting_request_list_email(
    self_: *const thrivosign_waiting_request_list,
    index: usize,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes(nth(&this, index)?.applicant.email.as_bytes())
    })
}

/// After the call `out` holds that user's company; NULL if the user named none. `index` counts from 0.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_waiting_request_list_company(
    self_: *const thrivosign_waiting_request_list,
    index: usize,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes_opt(nth(&this, index)?.applicant.company.as_deref().map(str::as_bytes))
    })
}

/// After the call `out` holds the id of the device that the key is on. `index` counts from 0.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_waiting_request_list_device_uuid(
    self_: *const thrivosign_waiting_request_list,
    index: usize,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes(nth(&this, index)?.device_uuid.as_bytes())
    })
}

/// After the call `out` holds the device's name, which the user gave it. `index` counts from 0.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_waiting_request_list_device_name(
    self_: *const thrivosign_waiting_request_list,
    index: usize,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes(nth(&this, index)?.device_name.as_bytes())
    })
}

/// After the call `out` holds the device's platform, as it said itself. `index` counts from 0.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_waiting_request_list_platform(
    self_: *const thrivosign_waiting_request_list,
    index: usize,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes(nth(&this, index)?.platform.as_bytes())
    })
}

/// After the call `out` is one of `thrivosign_security_level`: where its key lives, as far as was verified. `index` counts from 0.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_waiting_request_list_security_level(
    self_: *const thrivosign_waiting_request_list,
    index: usize,
    out: *mut i32,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(security_level_out(nth(&this, index)?.security_level))
    })
}

/// After the call `unix_time` is when the request came: seconds since 1970-01-01T00:00:00Z. `index` counts from 0.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_waiting_request_list_asked(
    self_: *const thrivosign_waiting_request_list,
    index: usize,
    unix_time: *mut i64,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let unix_time = caller.out(unix_time)?;
        unix_time.set(nth(&this, index)?.asked.unix())
    })
}

/// After the call `out` is another handle for the same list.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_waiting_request_list_free`, apart from `self`.
/// Lifetime: the object lives until its last handle is freed and its last call has ended.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_waiting_request_list_ref(
    self_: *const thrivosign_waiting_request_list,
    out: *mut *mut thrivosign_waiting_request_list,
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
pub unsafe extern "C" fn thrivosign_waiting_request_list_free(self_: *mut thrivosign_waiting_request_list) {
    guard_or(self_, (), || token::free(self_));
}
