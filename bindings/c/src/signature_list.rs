//! The C border: signatures as they present themselves. Nothing is verified: every name and time here is claimed.

use crate::buffer::thrivosign_buffer;
use crate::call::thrivosign_call;
use crate::caller::Caller;
use crate::document::thrivosign_document;
use crate::error::thrivosign_error;
use crate::guard::{guard, guard_or};
use crate::nth::nth;
use crate::token::{self, Kind, Noun};

use thrivosign::journey::read;
use thrivosign::verify::ClaimedSignature;
use thrivosign::{Error, ErrorKind};

/// What somebody wrote into a document; nobody has checked it.
pub struct thrivosign_signature_list(());

impl Noun for thrivosign_signature_list {
    type Value = Vec<ClaimedSignature>;
    const KIND: Kind = Kind::SignatureList;
}

/// After the call `out` lists every signature, in the order of the report, without any cryptography: for programs whose
/// viewer hides them.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_signature_list_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
/// thread.
/// NULL: `password`, `call` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_document_signatures(
    self_: *const thrivosign_document,
    password: *const u8,
    password_size: usize,
    call: *const thrivosign_call,
    out: *mut *mut thrivosign_signature_list,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let password = caller.bytes_opt(password, password_size)?;
        let call = caller.call(call)?;
        let out = caller.out(out)?;
        out.give(read::signatures(&this, password, call.limits())?)
    })
}

/// After the call `out` holds the list as one line of JSON: the member `signatures` of the schema
/// `thrivosign-signatures-1`.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signature_list_to_json(
    self_: *const thrivosign_signature_list,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes(&serde_json::to_vec(&*this).map_err(|cause| Error::new(ErrorKind::Internal).caused_by(cause))?)
    })
}

/// After the call `out` is the number of signatures.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signature_list_count(
    self_: *const thrivosign_signature_list,
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

/// After the call `out` holds the fully qualified name of a signature's field, counted from 0.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signature_list_field(
    self_: *const thrivosign_signature_list,
    index: usize,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes(nth(&this, index)?.field.as_bytes())
    })
}

/// After the call `out` holds who a signature, counted from 0, says made it; NULL if it does not say. Anybody can write
/// any name.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signature_list_claimed_signer(
    self_: *const thrivosign_signature_list,
    index: usize,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes_opt(nth(&this, index)?.claimed_signer.as_ref().map(String::as_bytes))
    })
}

/// After the call `present` is 1 and `unix_time` when a signature, counted from 0, says that it was made, in seconds
/// since 1970-01-01T00:00:00Z; or both are 0, as it does not say.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signature_list_claimed_time(
    self_: *const thrivosign_signature_list,
    index: usize,
    present: *mut i32,
    unix_time: *mut i64,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let present = caller.out(present)?;
        let unix_time = caller.out(unix_time)?;
        let claimed = nth(&this, index)?.claimed_time;
        present.set(i32::from(claimed.is_some()))?;
        unix_time.set(claimed.map_or(0, |time| time.unix()))
    })
}

/// After the call `out` is the revision that brought a signature, counted from 1; `index` counts from 0.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signature_list_revision(
    self_: *const thrivosign_signature_list,
    index: usize,
    out: *mut usize,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(nth(&this, index)?.revision)
    })
}

/// After the call `present` is 1 and `page` the page of a signature's widget, counted from 1; or both are 0, as none
/// was found. `index` counts from 0.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signature_list_page(
    self_: *const thrivosign_signature_list,
    index: usize,
    present: *mut i32,
    page: *mut u64,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let present = caller.out(present)?;
        let page = caller.out(page)?;
        let found = nth(&this, index)?.page;
        present.set(i32::from(found.is_some()))?;
        page.set(found.unwrap_or(0))
    })
}

/// After the call `out` is another handle for the same list.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_signature_list_free`, apart from `self`.
/// Lifetime: the object lives until its last handle is freed and its last call has ended.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signature_list_ref(
    self_: *const thrivosign_signature_list,
    out: *mut *mut thrivosign_signature_list,
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
pub unsafe extern "C" fn thrivosign_signature_list_free(self_: *mut thrivosign_signature_list) {
    guard_or(self_, (), || token::free(self_));
}
