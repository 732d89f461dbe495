//! The C border: remote signatures that wait for a device's yes or no, as the person is shown them.

use crate::buffer::thrivosign_buffer;
use crate::caller::Caller;
use crate::error::thrivosign_error;
use crate::guard::{guard, guard_or};
use crate::nth::nth;
use crate::token::{self, Kind, Noun};
use thrivosign::journey::csc::approvals::PendingAuthorization;

/// Remote signatures that wait for a device's approval, the oldest first. What the service says of them is shown to people.
pub struct thrivosign_authorization_list(());

impl Noun for thrivosign_authorization_list {
    type Value = Vec<PendingAuthorization>;
    const KIND: Kind = Kind::AuthorizationList;
}

/// After the call `out` is the number of signatures that wait.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_authorization_list_count(
    self_: *const thrivosign_authorization_list,
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

/// After the call `out` holds the id of that authorization. `index` counts from 0.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_authorization_list_id(
    self_: *const thrivosign_authorization_list,
    index: usize,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes(nth(&this, index)?.authorization_id.as_bytes())
    })
}

/// After the call `out` holds the id of the credential that would sign. `index` counts from 0.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_authorization_list_credential_id(
    self_: *const thrivosign_authorization_list,
    index: usize,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes(nth(&this, index)?.credential_id.as_bytes())
    })
}

/// After the call `out` holds what it is about, in the words of whoever asks; NULL if they gave none. `index` counts from 0.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_authorization_list_description(
    self_: *const thrivosign_authorization_list,
    index: usize,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes_opt(nth(&this, index)?.description.as_deref().map(str::as_bytes))
    })
}

/// After the call `out` is how many hashes would be signed, one for each document. `index` counts from 0.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_authorization_list_hash_count(
    self_: *const thrivosign_authorization_list,
    index: usize,
    out: *mut usize,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(nth(&this, index)?.hashes.len())
    })
}

/// After the call `out` holds that hash: what the yes is to. `index` and `position` count from 0.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_authorization_list_hash(
    self_: *const thrivosign_authorization_list,
    index: usize,
    position: usize,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes(nth(&nth(&this, index)?.hashes, position)?)
    })
}

/// After the call `out` holds the name of the document of that hash, in the words of whoever asks; NULL if they named none. `index` and
/// `position` count from 0.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_authorization_list_document_name(
    self_: *const thrivosign_authorization_list,
    index: usize,
    position: usize,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        let pending = nth(&this, index)?;
        // All of them have names, or none has.
        nth(&pending.hashes, position)?;
        out.give_bytes_opt(pending.document_names.get(position).map(String::as_bytes))
    })
}

/// After the call `seconds` is how long an answer is taken, counted from when the list was told. `index` counts from 0.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_authorization_list_expires_in(
    self_: *const thrivosign_authorization_list,
    index: usize,
    seconds: *mut u64,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let seconds = caller.out(seconds)?;
        seconds.set(nth(&this, index)?.expires_in)
    })
}

/// After the call `out` is another handle for the same list.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_authorization_list_free`, apart from `self`.
/// Lifetime: the object lives until its last handle is freed and its last call has ended.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_authorization_list_ref(
    self_: *const thrivosign_authorization_list,
    out: *mut *mut thrivosign_authorization_list,
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
pub unsafe extern "C" fn thrivosign_authorization_list_free(self_: *mut thrivosign_authorization_list) {
    guard_or(self_, (), || token::free(self_));
}
