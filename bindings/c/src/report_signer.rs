//! The C border: what a report says of a signer, and what the signature claims.

use crate::buffer::thrivosign_buffer;
use crate::caller::Caller;
use crate::error::thrivosign_error;
use crate::guard::guard;
use crate::nth::nth;
use crate::report::thrivosign_report;

/// After the call `out` holds the common name of the signer's certificate, for people; NULL if there is none. `index`
/// counts from 0, oldest first.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_report_signature_signer_name(
    self_: *const thrivosign_report,
    index: usize,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        let signer = nth(&this.signatures, index)?.signer.as_ref();
        out.give_bytes_opt(signer.and_then(|signer| signer.name.as_deref()).map(str::as_bytes))
    })
}

/// After the call `out` holds the subject of the signer's certificate (RFC 4514); NULL if there is none. `index` counts
/// from 0, oldest first.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_report_signature_signer_subject(
    self_: *const thrivosign_report,
    index: usize,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        let signer = nth(&this.signatures, index)?.signer.as_ref();
        out.give_bytes_opt(signer.map(|signer| signer.subject.as_bytes()))
    })
}

/// After the call `out` holds the issuer of the signer's certificate (RFC 4514); NULL if there is none. `index` counts
/// from 0, oldest first.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_report_signature_signer_issuer(
    self_: *const thrivosign_report,
    index: usize,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        let signer = nth(&this.signatures, index)?.signer.as_ref();
        out.give_bytes_opt(signer.map(|signer| signer.issuer.as_bytes()))
    })
}

/// After the call `out` holds the serial number of the signer's certificate, hexadecimal; NULL if there is none. `index`
/// counts from 0, oldest first.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_report_signature_signer_serial(
    self_: *const thrivosign_report,
    index: usize,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        let signer = nth(&this.signatures, index)?.signer.as_ref();
        out.give_bytes_opt(signer.map(|signer| signer.serial.as_bytes()))
    })
}

/// After the call `out` holds the SHA-256 of the signer's certificate, hexadecimal; NULL if there is none. `index` counts
/// from 0, oldest first.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_report_signature_signer_sha256(
    self_: *const thrivosign_report,
    index: usize,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        let signer = nth(&this.signatures, index)?.signer.as_ref();
        out.give_bytes_opt(signer.map(|signer| signer.sha256.as_bytes()))
    })
}

/// After the call `present` is 1 and `unix_time` the time in `/M`, as claimed, in seconds since 1970-01-01T00:00:00Z; or
/// both are 0, as there is none. `index` counts from 0, oldest first.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_report_signature_claimed_time(
    self_: *const thrivosign_report,
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
        let time = nth(&this.signatures, index)?.claimed_time;
        present.set(i32::from(time.is_some()))?;
        unix_time.set(time.map_or(0, |time| time.unix()))
    })
}

/// After the call `out` holds `/Reason`, as claimed; NULL if there is none. `index` counts from 0, oldest first.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_report_signature_reason(
    self_: *const thrivosign_report,
    index: usize,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes_opt(nth(&this.signatures, index)?.reason.as_deref().map(str::as_bytes))
    })
}

/// After the call `out` holds `/Location`, as claimed; NULL if there is none. `index` counts from 0, oldest first.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_report_signature_location(
    self_: *const thrivosign_report,
    index: usize,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes_opt(nth(&this.signatures, index)?.location.as_deref().map(str::as_bytes))
    })
}
