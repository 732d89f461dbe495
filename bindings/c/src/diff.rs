//! The C border: what changed since a signature, and the document as its signer saw it.

use crate::buffer::thrivosign_buffer;
use crate::call::thrivosign_call;
use crate::caller::Caller;
use crate::document::thrivosign_document;
use crate::error::thrivosign_error;
use crate::guard::{guard, guard_or};
use crate::nth::nth;
use crate::output::thrivosign_output;
use crate::report_enums::{change_kind_out, permitted_out};
use crate::token::{self, Kind, Noun};
use crate::words::{Words, thrivosign_words};

use thrivosign::journey::{extract, read};
use thrivosign::render;
use thrivosign::verify::Diff;
use thrivosign::{Error, ErrorKind};

/// What changed since one signature.
pub struct thrivosign_diff(());

impl Noun for thrivosign_diff {
    type Value = Diff;
    const KIND: Kind = Kind::Diff;
}

/// After the call `out` holds what changed since a signature, counted from 0 in the order of the report: the same
/// findings, by the same rules. The signature itself is not verified. Code 101 if there is no such signature; code 202
/// with the verifier's reason if it covers no revision.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_diff_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
/// thread.
/// NULL: `password`, `call` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_document_diff(
    self_: *const thrivosign_document,
    index: usize,
    password: *const u8,
    password_size: usize,
    call: *const thrivosign_call,
    out: *mut *mut thrivosign_diff,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let password = caller.bytes_opt(password, password_size)?;
        let call = caller.call(call)?;
        let out = caller.out(out)?;
        out.give(read::diff(&this, index, password, call.limits())?)
    })
}

/// After the call `out` holds the changes as one line of JSON, after the schema `thrivosign-diff-1`.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_diff_to_json(self_: *const thrivosign_diff, out: *mut *mut thrivosign_buffer) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes(&serde_json::to_vec(&*this).map_err(|cause| Error::new(ErrorKind::Internal).caused_by(cause))?)
    })
}

/// After the call `out` holds the changes as text for people in the language of `words`.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: `words` may be NULL: English; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_diff_to_text(
    self_: *const thrivosign_diff,
    words: *const thrivosign_words,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let words = caller.handle_opt(words)?;
        let out = caller.out(out)?;
        out.give_bytes(render::text_diff(&this, Words::of(words.as_deref())).as_bytes())
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
pub unsafe extern "C" fn thrivosign_diff_field(self_: *const thrivosign_diff, out: *mut *mut thrivosign_buffer) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes(this.field.as_bytes())
    })
}

/// After the call `revision` is the one that the signature covers, counted from 1, and `revisions` how many the
/// document has.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_diff_revision(
    self_: *const thrivosign_diff,
    revision: *mut usize,
    revisions: *mut usize,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let revision = caller.out(revision)?;
        let revisions = caller.out(revisions)?;
        revision.set(this.revision)?;
        revisions.set(this.revisions)
    })
}

/// After the call `out` is 1 if the changes could not be read to the end, so that there may be more, otherwise 0.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_diff_undecided(self_: *const thrivosign_diff, out: *mut i32) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(i32::from(this.undecided))
    })
}

/// After the call `out` is the number of changes.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_diff_change_count(self_: *const thrivosign_diff, out: *mut usize) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(this.change_details.len())
    })
}

/// After the call `out` is the kind of a change, counted from 0, one of `thrivosign_change_kind`.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_diff_change_kind(self_: *const thrivosign_diff, index: usize, out: *mut i32) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(change_kind_out(nth(&this.change_details, index)?.change.kind))
    })
}

/// After the call `out` is whether the signed revision states that a change, counted from 0, may be made: one of
/// `thrivosign_permitted`.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_diff_change_permitted(
    self_: *const thrivosign_diff,
    index: usize,
    out: *mut i32,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(permitted_out(nth(&this.change_details, index)?.permitted))
    })
}

/// After the call `out` holds what a change is, in English, counted from 0.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_diff_change_detail(
    self_: *const thrivosign_diff,
    index: usize,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes(nth(&this.change_details, index)?.change.detail.as_bytes())
    })
}

/// After the call `out` is another handle for the same changes.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_diff_free`, apart from `self`.
/// Lifetime: the object lives until its last handle is freed and its last call has ended.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_diff_ref(self_: *const thrivosign_diff, out: *mut *mut thrivosign_diff) -> *mut thrivosign_error {
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
pub unsafe extern "C" fn thrivosign_diff_free(self_: *mut thrivosign_diff) {
    guard_or(self_, (), || token::free(self_));
}

/// After the call the document as the signer of a signature saw it is where `output` says: exactly the bytes up to the
/// end of the revision that the signature covers, which are `size`; `revision` counts from 1. `index` counts from 0 in
/// the order of the report. Whether the signature is worth anything is not said. Code 101 if there is no such
/// signature; code 202 with the verifier's reason if it covers no revision.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
/// thread.
/// NULL: `password`, `call`, `revision`, `size` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_document_extract_signed_revision(
    self_: *const thrivosign_document,
    index: usize,
    password: *const u8,
    password_size: usize,
    output: *const thrivosign_output,
    call: *const thrivosign_call,
    revision: *mut usize,
    size: *mut u64,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let password = caller.bytes_opt(password, password_size)?;
        let output = caller.handle(output)?;
        let call = caller.call(call)?;
        let revision = caller.out_opt(revision);
        let size = caller.out_opt(size);
        let extracted = output.filled(|target| {
            call.watched(|limits, watch| extract::extract_signed_revision(&this, index, password, target, limits, watch))
        })?;
        revision.set(extracted.revision)?;
        size.set(extracted.size)
    })
}
