//! The C border: a prepared document that waits for its signature value.

use crate::buffer::thrivosign_buffer;
use crate::call::thrivosign_call;
use crate::caller::Caller;
use crate::error::thrivosign_error;
use crate::guard::{NO_SELF, guard, guard_or};
use crate::token::{self, Kind, Noun};

use crate::key_enums::signature_algorithm_out;
use crate::signer::thrivosign_signer;
use thrivosign::journey::deferred::Paused;

/// A prepared document that waits for its signature value.
pub struct thrivosign_prepared(());

impl Noun for thrivosign_prepared {
    type Value = Paused;
    const KIND: Kind = Kind::Prepared;
}

/// After the call `out` is what `thrivosign_prepared_to_blob` wrote under the same key. Without a key anybody may have
/// written it: it can be completed, as everything is computed again then, but not signed.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_prepared_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once.
/// NULL: `key` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_prepared_new_from_blob(
    blob: *const u8,
    blob_size: usize,
    key: *const u8,
    key_size: usize,
    out: *mut *mut thrivosign_prepared,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(NO_SELF, || {
        let blob = caller.bytes(blob, blob_size)?;
        let key = caller.bytes_opt(key, key_size)?;
        let out = caller.out(out)?;
        out.give(Paused::from_blob(blob, key)?)
    })
}

/// After the call `out` holds the prepared document as bytes that every later version reads. With a key, of 32 random
/// bytes at best, only its holders can change them unnoticed.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: `key` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_prepared_to_blob(
    self_: *const thrivosign_prepared,
    key: *const u8,
    key_size: usize,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let key = caller.bytes_opt(key, key_size)?;
        let out = caller.out(out)?;
        out.give_bytes(&this.to_blob(key)?)
    })
}

/// After the call `out` holds the message for the key: DER of the signed attributes. The key's side digests it. Code 104
/// for a document from a blob without a key.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_prepared_message(
    self_: *const thrivosign_prepared,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes(&this.message()?)
    })
}

/// After the call `out` is the algorithm to sign with, one of `thrivosign_signature_algorithm`.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_prepared_algorithm(self_: *const thrivosign_prepared, out: *mut i32) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(signature_algorithm_out(this.algorithm()))
    })
}

/// After the call `out` holds the fully qualified name of the signature's field.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_prepared_field(
    self_: *const thrivosign_prepared,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes(this.field().as_bytes())
    })
}

/// After the call `out` holds the digest, by the algorithm's digest, of the document as it was before: to be compared
/// with that of what was shown. Code 104 for a document from a blob without a key.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_prepared_source_digest(
    self_: *const thrivosign_prepared,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes(this.source_digest()?)
    })
}

/// After the call `out` holds the signature value of the signer's key, which was asked once, and whose answer was
/// checked.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; a key store of
/// the host's is asked on this very thread. Not for a main thread.
/// NULL: `call` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_prepared_answer(
    self_: *const thrivosign_prepared,
    signer: *const thrivosign_signer,
    call: *const thrivosign_call,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let signer = caller.handle(signer)?;
        let call = caller.call(call)?;
        let out = caller.out(out)?;
        let value = this.answer(signer.key()?, call.limits())?;
        out.give_bytes(&value)
    })
}

/// After the call `out` is another handle for the same prepared document.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_prepared_free`, apart from `self`.
/// Lifetime: the object lives until its last handle is freed and its last call has ended.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_prepared_ref(
    self_: *const thrivosign_prepared,
    out: *mut *mut thrivosign_prepared,
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
pub unsafe extern "C" fn thrivosign_prepared_free(self_: *mut thrivosign_prepared) {
    guard_or(self_, (), || token::free(self_));
}
