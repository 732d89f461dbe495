//! The C border: what became of a signature: here, and at the service.

use crate::buffer::thrivosign_buffer;
use crate::caller::Caller;
use crate::error::thrivosign_error;
use crate::extended::thrivosign_extended;
use crate::guard::{guard, guard_or};
use crate::preflight::thrivosign_preflight;
use crate::token::{self, Kind, Noun};
use thrivosign::pdf::recover::Repair;
use thrivosign::sign::SignedPdf;

/// What was done about a document's damage before it was signed.
#[repr(C)]
pub enum thrivosign_repair {
    /// Nothing: there was none that a reader meets.
    None = 1,
    /// The update undoes it; the bytes of the document are those that were given.
    Appended = 2,
    /// The document was written anew; its bytes are others than those that were given.
    Rewritten = 3,
}

fn repair_out(value: Repair) -> i32 {
    use thrivosign_repair as Out;
    let known = match value {
        Repair::None => Out::None,
        Repair::Appended => Out::Appended,
        Repair::Rewritten => Out::Rewritten,
        _ => return 0,
    };
    known as i32
}

/// A signature that was made.
pub struct thrivosign_signed(());

impl Noun for thrivosign_signed {
    type Value = SignedPdf;
    const KIND: Kind = Kind::Signed;
}

/// After the call `out` holds the fully qualified name of the signature's field.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signed_field(
    self_: *const thrivosign_signed,
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

/// After the call `out` is the number of bytes of the document before.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signed_source_size(self_: *const thrivosign_signed, out: *mut u64) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(this.source_len())
    })
}

/// After the call `out` is the number of bytes of the signed document.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signed_size(self_: *const thrivosign_signed, out: *mut u64) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(this.file_len())
    })
}

/// After the call `out` is the number of bytes of the signature's own revision; what raised it above BB is behind it.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signed_revision_size(self_: *const thrivosign_signed, out: *mut u64) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(this.revision().len() as u64)
    })
}

/// After the call `start` and `end` are where `/Contents` begins and ends in the signed document: the offsets of `<` and
/// of the byte behind `>`.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signed_contents(
    self_: *const thrivosign_signed,
    start: *mut u64,
    end: *mut u64,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let start = caller.out(start)?;
        let end = caller.out(end)?;
        start.set(this.contents().start)?;
        end.set(this.contents().end)
    })
}

/// After the call `out` holds the digest of the signed ranges, by the digest of the signature's algorithm.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signed_content_digest(
    self_: *const thrivosign_signed,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes(this.content_digest().1)
    })
}

/// After the call `out` is what was done about the document's damage, one of `thrivosign_repair`.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signed_repair(self_: *const thrivosign_signed, out: *mut i32) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(repair_out(this.repair()))
    })
}

/// After the call `out` holds what was found when the document was looked over before it was signed; NULL if the
/// options named no policy, and for a document that was completed from a blob.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_preflight_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signed_preflight(
    self_: *const thrivosign_signed,
    out: *mut *mut thrivosign_preflight,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(this.preflight().map_or(std::ptr::null_mut(), |found| token::create_shared(found.clone())))
    })
}

/// After the call `out` says how far the signature was raised once it was made, and what stood in the way; NULL if the
/// options asked for no level. Its report is NULL. What a service raised tells level and bytes alone.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_extended_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signed_extended(
    self_: *const thrivosign_signed,
    out: *mut *mut thrivosign_extended,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_opt(this.raised().map(|raised| (&**raised).into()))
    })
}

/// After the call `out` is another handle for the same signature.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_signed_free`, apart from `self`.
/// Lifetime: the object lives until its last handle is freed and its last call has ended.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signed_ref(self_: *const thrivosign_signed, out: *mut *mut thrivosign_signed) -> *mut thrivosign_error {
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
pub unsafe extern "C" fn thrivosign_signed_free(self_: *mut thrivosign_signed) {
    guard_or(self_, (), || token::free(self_));
}
