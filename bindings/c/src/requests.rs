//! The C border: certificate requests that survive the death of the process, in a journal in a folder of the host's. Their steps: `request_steps`.

use crate::buffer::thrivosign_buffer;
use crate::caller::Caller;
use crate::error::thrivosign_error;
use crate::guard::{NO_SELF, guard, guard_or};
use crate::nth::nth;
use crate::token::{self, Kind, Noun};
use std::ffi::c_char;
use std::path::Path;
use thrivosign::journey::requests::{RequestState, Requests};

/// The certificate requests of a device, in a journal that one process has open at a time. A request is named by its
/// signing key.
pub struct thrivosign_requests(());

impl Noun for thrivosign_requests {
    type Value = Requests;
    const KIND: Kind = Kind::Requests;
}

/// How far a certificate request has come.
#[repr(C)]
pub enum thrivosign_request_state {
    /// A challenge was asked for, or the key was made; nothing was signed, or the service refused what was.
    Begun = 1,
    /// Signed by the key; whether the service has it is not known.
    Made = 2,
    /// A registration officer must approve.
    Pending = 3,
    /// The certificate is there.
    Issued = 4,
}

fn state_out(state: RequestState) -> i32 {
    use thrivosign_request_state as Out;
    let known = match state {
        RequestState::Begun => Out::Begun,
        RequestState::Made => Out::Made,
        RequestState::Pending => Out::Pending,
        RequestState::Issued => Out::Issued,
        _ => return 0,
    };
    known as i32
}

/// After the call `out` is the journal of certificate requests in that folder; what was missing is there, for its owner
/// alone. `key` has 32 random bytes and is the host's to keep; folder and key may be those of `thrivosign_orders`. Code 110
/// for a damaged journal or another key, 111 while another process has it open.
///
/// Ownership: the key is copied; the copy is wiped. `out` is the caller's, to be freed with `thrivosign_requests_free`,
/// which lets go of the journal.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_requests_new_in_folder(
    folder: *const c_char,
    key: *const u8,
    key_size: usize,
    out: *mut *mut thrivosign_requests,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(NO_SELF, || {
        let folder = caller.text(folder)?;
        let key = caller.journal_key(key, key_size)?;
        let out = caller.out(out)?;
        out.give(Requests::open(Path::new(folder), key)?)
    })
}

/// After the call `out` is the number of requests in the journal that were not closed.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_requests_count(self_: *const thrivosign_requests, out: *mut usize) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(this.list().len())
    })
}

/// After the call `signing_key` holds the name of the key of that request and `state` is one of
/// `thrivosign_request_state`; by the names of their keys. Requests that are begun or closed meanwhile move the others.
///
/// Ownership: `signing_key` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_requests_at(
    self_: *const thrivosign_requests,
    index: usize,
    signing_key: *mut *mut thrivosign_buffer,
    state: *mut i32,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let signing_key = caller.out(signing_key)?;
        let state = caller.out(state)?;
        let list = this.list();
        let request = nth(&list, index)?;
        state.set(state_out(request.state))?;
        signing_key.give_bytes(request.signing_key.as_bytes())
    })
}

/// After the call the journal no longer has that request: the host has kept the identity, or gave up. What the service has
/// issued it has issued: whoever gives up a request that was made resumes it first, and revokes what comes of it. Code
/// 510 for a key that has no request in the journal.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`; code 104 while another call is at work.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_requests_close(self_: *const thrivosign_requests, signing_key: *const c_char) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let signing_key = caller.text(signing_key)?;
        this.close(signing_key)
    })
}

/// After the call `out` is another handle for the same journal.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_requests_free`, apart from `self`.
/// Lifetime: the object lives until its last handle is freed and its last call has ended.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_requests_ref(
    self_: *const thrivosign_requests,
    out: *mut *mut thrivosign_requests,
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
pub unsafe extern "C" fn thrivosign_requests_free(self_: *mut thrivosign_requests) {
    guard_or(self_, (), || token::free(self_));
}
