//! The C border: what a report says of one signature.

use crate::buffer::thrivosign_buffer;
use crate::caller::Caller;
use crate::error::thrivosign_error;
use crate::guard::guard;

use crate::key_info::nth;
use crate::report::thrivosign_report;
use crate::report_enums::{
    change_kind_out, coverage_out, crypto_status_out, indication_out, level_out, permitted_out, signature_kind_out, sub_indication_out,
};

/// After the call `out` holds the fully qualified name of the signature's field. `index` counts from 0, oldest first.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_report_signature_field(
    self_: *const thrivosign_report,
    index: usize,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes(nth(&this.signatures, index)?.field.as_bytes())
    })
}

/// After the call `out` is one of `thrivosign_signature_kind`. `index` counts from 0, oldest first.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_report_signature_kind(
    self_: *const thrivosign_report,
    index: usize,
    out: *mut i32,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(signature_kind_out(nth(&this.signatures, index)?.kind))
    })
}

/// After the call `out` is 1 if the signature is clean: the word a clerk needs; otherwise 0, and the reasons say why.
/// `index` counts from 0, oldest first.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_report_signature_clean(
    self_: *const thrivosign_report,
    index: usize,
    out: *mut i32,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(i32::from(nth(&this.signatures, index)?.clean))
    })
}

/// After the call `out` is 1 if the mathematics hold, at least the whole revision is covered, and every later change is
/// harmless or stated as permitted, whoever signed; otherwise 0. `index` counts from 0, oldest first.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_report_signature_intact(
    self_: *const thrivosign_report,
    index: usize,
    out: *mut i32,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(i32::from(nth(&this.signatures, index)?.intact))
    })
}

/// After the call `out` is one of `thrivosign_crypto_status`. `index` counts from 0, oldest first.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_report_signature_crypto_status(
    self_: *const thrivosign_report,
    index: usize,
    out: *mut i32,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(crypto_status_out(nth(&this.signatures, index)?.crypto.status))
    })
}

/// After the call `out` is one of `thrivosign_coverage`. `index` counts from 0, oldest first.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_report_signature_coverage(
    self_: *const thrivosign_report,
    index: usize,
    out: *mut i32,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(coverage_out(nth(&this.signatures, index)?.coverage))
    })
}

/// After the call `out` is one of `thrivosign_permitted`: what the signed revision says about later changes. `index`
/// counts from 0, oldest first.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_report_signature_permitted(
    self_: *const thrivosign_report,
    index: usize,
    out: *mut i32,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(permitted_out(nth(&this.signatures, index)?.permitted))
    })
}

/// After the call `out` is one of `thrivosign_indication`. `index` counts from 0, oldest first.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_report_signature_indication(
    self_: *const thrivosign_report,
    index: usize,
    out: *mut i32,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(indication_out(nth(&this.signatures, index)?.overall.indication))
    })
}

/// After the call `out` is one of `thrivosign_sub_indication`, or 0 if there is none. `index` counts from 0, oldest
/// first.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_report_signature_sub_indication(
    self_: *const thrivosign_report,
    index: usize,
    out: *mut i32,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(nth(&this.signatures, index)?.overall.sub_indication.map_or(0, sub_indication_out))
    })
}

/// After the call `out` is one of `thrivosign_level`. `index` counts from 0, oldest first.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_report_signature_level(
    self_: *const thrivosign_report,
    index: usize,
    out: *mut i32,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(level_out(nth(&this.signatures, index)?.level))
    })
}

/// After the call `out` is the revision that the signature belongs to, counted from 1. `index` counts from 0, oldest
/// first.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_report_signature_revision(
    self_: *const thrivosign_report,
    index: usize,
    out: *mut usize,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(nth(&this.signatures, index)?.revision)
    })
}

/// After the call `out` is the number of kinds of changes that followed; one, `NONE`, if nothing changed. `index` counts
/// from 0, oldest first.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_report_signature_change_count(
    self_: *const thrivosign_report,
    index: usize,
    out: *mut usize,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(nth(&this.signatures, index)?.changes.len())
    })
}

/// After the call `out` is one of `thrivosign_change_kind`; `position` counts from 0. `index` counts from 0, oldest
/// first.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_report_signature_change(
    self_: *const thrivosign_report,
    index: usize,
    position: usize,
    out: *mut i32,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(change_kind_out(*nth(&nth(&this.signatures, index)?.changes, position)?))
    })
}

/// After the call `out` is the number of reasons why the signature is not clean. `index` counts from 0, oldest first.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_report_signature_reason_count(
    self_: *const thrivosign_report,
    index: usize,
    out: *mut usize,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(nth(&this.signatures, index)?.reasons.len())
    })
}

/// After the call `out` holds the stable code of a reason, such as `message_digest_mismatch`; `position` counts from 0,
/// most telling first. `index` counts from 0, oldest first.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_report_signature_reason_code(
    self_: *const thrivosign_report,
    index: usize,
    position: usize,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes(nth(&nth(&this.signatures, index)?.reasons, position)?.code.as_bytes())
    })
}

/// After the call `out` holds what a reason means; `position` counts from 0. `index` counts from 0, oldest first.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_report_signature_reason_text(
    self_: *const thrivosign_report,
    index: usize,
    position: usize,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes(nth(&nth(&this.signatures, index)?.reasons, position)?.text.as_bytes())
    })
}

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
