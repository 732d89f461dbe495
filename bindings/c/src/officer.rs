//! The C border: what a registration officer does, for a back office: looks at what waits, approves or rejects it, and revokes lost devices. The client is
//! logged in as the officer; who that is, and for whom, is the service's to say.

use crate::call::thrivosign_call;
use crate::caller::Caller;
use crate::client::thrivosign_client;
use crate::enums::revocation_reason_in;
use crate::error::thrivosign_error;
use crate::guard::guard;
use crate::users_device_list::thrivosign_users_device_list;
use crate::waiting_request_list::thrivosign_waiting_request_list;
use std::ffi::c_char;
use thrivosign::journey::officer;

/// After the call `out` holds the requests for certificates that wait for this officer. Code 504 for whoever is no officer.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_waiting_request_list_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
/// thread.
/// NULL: `call` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_client_waiting_requests(
    self_: *const thrivosign_client,
    call: *const thrivosign_call,
    out: *mut *mut thrivosign_waiting_request_list,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let call = caller.call(call)?;
        let out = caller.out(out)?;
        out.give(officer::waiting(&this, call.limits())?)
    })
}

/// After the call the certificate is issued; the same again is no error. Code 517 if the request was rejected before.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
/// thread.
/// NULL: `call` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_client_approve_request(
    self_: *const thrivosign_client,
    request_id: *const c_char,
    call: *const thrivosign_call,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let request_id = caller.text(request_id)?;
        let call = caller.call(call)?;
        officer::approve(&this, request_id, call.limits())
    })
}

/// After the call the request is refused for good, and whoever asked is told `why`; the same again is no error. Code 517 if the request was approved
/// before, or without a reason.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
/// thread.
/// NULL: `call` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_client_reject_request(
    self_: *const thrivosign_client,
    request_id: *const c_char,
    why: *const c_char,
    call: *const thrivosign_call,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let request_id = caller.text(request_id)?;
        let why = caller.text(why)?;
        let call = caller.call(call)?;
        officer::reject(&this, request_id, why, call.limits())
    })
}

/// After the call `out` holds the devices of this officer's people that are not revoked. Code 504 for whoever is no officer.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_users_device_list_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
/// thread.
/// NULL: `call` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_client_users_devices(
    self_: *const thrivosign_client,
    call: *const thrivosign_call,
    out: *mut *mut thrivosign_users_device_list,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let call = caller.call(call)?;
        let out = caller.out(out)?;
        out.give(officer::users_devices(&this, call.limits())?)
    })
}

/// After the call the device is revoked, for good what was certified on it, and its owner has to log in anew; the same again is no error. `reason` is one
/// of `thrivosign_revocation_reason`. Code 509 for a device of nobody this officer answers for.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
/// thread.
/// NULL: `call` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_client_revoke_users_device(
    self_: *const thrivosign_client,
    device_uuid: *const c_char,
    reason: i32,
    call: *const thrivosign_call,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let device_uuid = caller.text(device_uuid)?;
        let reason = revocation_reason_in(reason)?;
        let call = caller.call(call)?;
        officer::revoke_device(&this, device_uuid, reason, call.limits())
    })
}
