//! The C border: verification, and its report. A forged, broken or unsigned document is a report, not an error.

use crate::buffer::thrivosign_buffer;
use crate::call::thrivosign_call;
use crate::caller::Caller;
use crate::error::thrivosign_error;
use crate::guard::{guard, guard_or};
use crate::token::{self, Kind, Noun};

use crate::document::thrivosign_document;
use crate::trust::thrivosign_trust;
use crate::verify_options::thrivosign_verify_options;
use thrivosign::journey::read;
use thrivosign::pki::TrustAnchors;
use thrivosign::render;
use thrivosign::verify::Report;

/// What was found out about a document and its signatures. Never one yes or no.
pub struct thrivosign_report(());

impl Noun for thrivosign_report {
    type Value = Report;
    const KIND: Kind = Kind::Report;
}

/// After the call `out` says what was checked and what came out, for each signature. It is an error only if the verifier
/// could not run.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_report_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
/// thread.
/// NULL: `options`, `call` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_document_verify(
    self_: *const thrivosign_document,
    trust: *const thrivosign_trust,
    options: *const thrivosign_verify_options,
    call: *const thrivosign_call,
    out: *mut *mut thrivosign_report,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let trust = caller.handle(trust)?;
        let options = caller.verify_options(options)?;
        let call = caller.call(call)?;
        let out = caller.out(out)?;
        let judging = options.core(&trust);
        out.give(call.watched(|limits, watch| read::verify(&this, &judging, limits, watch))?)
    })
}

/// After the call `out` says what was checked and what came out, by the rules of a policy file alone: whom to trust, revocation, algorithms, times
/// and evidence, as JSON after the schema `thrivosign-policy-1`. Of `options` the password counts, evidence is added to the file's, and the time is for a
/// file that states none; `revocation` says nothing here.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_report_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
/// thread.
/// NULL: `options`, `call` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_document_verify_by(
    self_: *const thrivosign_document,
    policy: *const u8,
    policy_size: usize,
    options: *const thrivosign_verify_options,
    call: *const thrivosign_call,
    out: *mut *mut thrivosign_report,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let policy = caller.bytes(policy, policy_size)?;
        let options = caller.verify_options(options)?;
        let call = caller.call(call)?;
        let out = caller.out(out)?;
        let nobody = TrustAnchors::new();
        let beside = options.core(&nobody);
        out.give(call.watched(|limits, watch| read::verify_by(&this, policy, &beside, limits, watch))?)
    })
}

/// After the call `out` is 1 if there is a signature and every one is clean, otherwise 0.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_report_clean(self_: *const thrivosign_report, out: *mut i32) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(i32::from(this.clean))
    })
}

/// After the call `out` holds the report as one line of JSON, after the schema `thrivosign-report-1`.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_report_to_json(
    self_: *const thrivosign_report,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes(this.to_json()?.as_bytes())
    })
}

/// After the call `out` holds the report as XML by ETSI TS 119 102-2.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_report_to_etsi(
    self_: *const thrivosign_report,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes(render::etsi(&this).as_bytes())
    })
}

/// After the call `out` holds the report as text for a terminal, in English.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_report_to_text(
    self_: *const thrivosign_report,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes(this.to_string().as_bytes())
    })
}

/// After the call `out` is the number of revisions of the document.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_report_revision_count(self_: *const thrivosign_report, out: *mut usize) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(this.document.revisions)
    })
}

/// After the call `out` is the number of bytes of the document.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_report_document_size(self_: *const thrivosign_report, out: *mut u64) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(this.document.size)
    })
}

/// After the call `out` is 1 if the document is encrypted, otherwise 0.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_report_encrypted(self_: *const thrivosign_report, out: *mut i32) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(i32::from(this.document.encrypted))
    })
}

/// After the call `out` is the number of signatures and document time stamps.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_report_signature_count(self_: *const thrivosign_report, out: *mut usize) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(this.signatures.len())
    })
}

/// After the call `out` is another handle for the same report.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_report_free`, apart from `self`.
/// Lifetime: the object lives until its last handle is freed and its last call has ended.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_report_ref(self_: *const thrivosign_report, out: *mut *mut thrivosign_report) -> *mut thrivosign_error {
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
pub unsafe extern "C" fn thrivosign_report_free(self_: *mut thrivosign_report) {
    guard_or(self_, (), || token::free(self_));
}
