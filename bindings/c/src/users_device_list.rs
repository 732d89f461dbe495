//! The C border: the devices of the people that a registration officer answers for, with what was certified on them.

use crate::buffer::thrivosign_buffer;
use crate::caller::Caller;
use crate::enums::{credential_status_out, security_level_out};
use crate::error::thrivosign_error;
use crate::guard::{guard, guard_or};
use crate::nth::nth;
use crate::token::{self, Kind, Noun};
use thrivosign::remote::officer::devices::UsersDevice;

/// Devices of an officer's people that are not revoked. All but ids, level and credentials is what the user or the device said.
pub struct thrivosign_users_device_list(());

impl Noun for thrivosign_users_device_list {
    type Value = Vec<UsersDevice>;
    const KIND: Kind = Kind::UsersDeviceList;
}

/// After the call `out` is the number of devices.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_users_device_list_count(
    self_: *const thrivosign_users_device_list,
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

/// After the call `out` holds that device's id. `index` counts from 0.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_users_device_list_uuid(
    self_: *const thrivosign_users_device_list,
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

/// After the call `out` holds the id of the user whose it is. `index` counts from 0.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_users_device_list_user_id(
    self_: *const thrivosign_users_device_list,
    index: usize,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes(nth(&this, index)?.owner.user_id.as_bytes())
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
pub unsafe extern "C" fn thrivosign_users_device_list_name(
    self_: *const thrivosign_users_device_list,
    index: usize,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes(nth(&this, index)?.owner.name.as_bytes())
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
pub unsafe extern "C" fn thrivosign_users_device_list_email(
    self_: *const thrivosign_users_device_list,
    index: usize,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes(nth(&this, index)?.owner.email.as_bytes())
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
pub unsafe extern "C" fn thrivosign_users_device_list_company(
    self_: *const thrivosign_users_device_list,
    index: usize,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes_opt(nth(&this, index)?.owner.company.as_deref().map(str::as_bytes))
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
pub unsafe extern "C" fn thrivosign_users_device_list_device_name(
    self_: *const thrivosign_users_device_list,
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
pub unsafe extern "C" fn thrivosign_users_device_list_platform(
    self_: *const thrivosign_users_device_list,
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
pub unsafe extern "C" fn thrivosign_users_device_list_security_level(
    self_: *const thrivosign_users_device_list,
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

/// After the call `out` is how many credentials that device has. `index` counts from 0.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_users_device_list_credential_count(
    self_: *const thrivosign_users_device_list,
    index: usize,
    out: *mut usize,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(nth(&this, index)?.credentials.len())
    })
}

/// After the call `out` holds that credential's id. `index` and `position` count from 0.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_users_device_list_credential_id(
    self_: *const thrivosign_users_device_list,
    index: usize,
    position: usize,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes(nth(&nth(&this, index)?.credentials, position)?.credential_id.as_bytes())
    })
}

/// After the call `out` is one of `thrivosign_certificate_state`. `index` and `position` count from 0.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_users_device_list_credential_state(
    self_: *const thrivosign_users_device_list,
    index: usize,
    position: usize,
    out: *mut i32,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(credential_status_out(nth(&nth(&this, index)?.credentials, position)?.status))
    })
}

/// After the call `unix_time` is when the certificate's validity ends: seconds since 1970-01-01T00:00:00Z. `index` and
/// `position` count from 0.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_users_device_list_credential_not_after(
    self_: *const thrivosign_users_device_list,
    index: usize,
    position: usize,
    unix_time: *mut i64,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let unix_time = caller.out(unix_time)?;
        unix_time.set(nth(&nth(&this, index)?.credentials, position)?.not_after.unix())
    })
}

/// After the call `out` is another handle for the same list.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_users_device_list_free`, apart from `self`.
/// Lifetime: the object lives until its last handle is freed and its last call has ended.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_users_device_list_ref(
    self_: *const thrivosign_users_device_list,
    out: *mut *mut thrivosign_users_device_list,
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
pub unsafe extern "C" fn thrivosign_users_device_list_free(self_: *mut thrivosign_users_device_list) {
    guard_or(self_, (), || token::free(self_));
}
