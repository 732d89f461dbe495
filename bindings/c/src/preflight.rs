//! The C border: what speaks against signing a document, looked for before anybody is asked, and which of it stops.

use crate::buffer::thrivosign_buffer;
use crate::call::thrivosign_call;
use crate::caller::Caller;
use crate::document::thrivosign_document;
use crate::error::thrivosign_error;
use crate::guard::{NO_SELF, guard, guard_or};
use crate::inspection::thrivosign_inspection;
use crate::nth::nth;
use crate::sign_options::thrivosign_sign_options;
use crate::token::{self, Kind, Noun};

use std::ffi::c_char;
use std::sync::{Mutex, PoisonError};
use thrivosign::inspect::Risk;
use thrivosign::journey::read;
use thrivosign::sign::{Preflight, PreflightPolicy};
use thrivosign::{Error, ErrorKind};

/// Which findings stop a signature.
pub struct thrivosign_preflight_policy(());

impl Noun for thrivosign_preflight_policy {
    type Value = Rules;
    const KIND: Kind = Kind::PreflightPolicy;
}

/// The policy so far.
pub(crate) struct Rules(Mutex<PreflightPolicy>);

impl Rules {
    /// As it is now.
    pub(crate) fn now(&self) -> PreflightPolicy {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// What was found in a document that is to be signed, and what of it stops.
pub struct thrivosign_preflight(());

impl Noun for thrivosign_preflight {
    type Value = Preflight;
    const KIND: Kind = Kind::Preflight;
}

/// After the call `out` is the policy of that name. `report` finds everything and stops at nothing but a certification
/// that forbids the signature (`signing_forbidden`). `bank` stops at every finding but mere size, and at a part of the
/// document that could not be looked at (`not_checked`). Code 101 for another name.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_preflight_policy_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_preflight_policy_new(
    name: *const c_char,
    out: *mut *mut thrivosign_preflight_policy,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(NO_SELF, || {
        let name = caller.text(name)?;
        let out = caller.out(out)?;
        let policy =
            PreflightPolicy::by_name(name).ok_or_else(|| Error::new(ErrorKind::InvalidArgument).context("no policy of that name"))?;
        out.give(Rules(Mutex::new(policy)))
    })
}

/// After the call the policy lets findings of that code pass, such as `font_not_embedded`; docs/codes.md has them all.
/// `signing_forbidden` never passes, nor does `not_checked`, which is no finding. Code 101 for a code that is none.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any; calls that change one object had better not meet, as the last one wins.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_preflight_policy_allow(
    self_: *mut thrivosign_preflight_policy,
    code: *const c_char,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let code = caller.text(code)?;
        let risk = Risk::ALL.iter().copied().find(|risk| risk.code() == code);
        let risk = risk.ok_or_else(|| Error::new(ErrorKind::InvalidArgument).context("no finding has that code"))?;
        let mut policy = this.0.lock().unwrap_or_else(PoisonError::into_inner);
        *policy = policy.clone().allowing(risk);
        Ok(())
    })
}

/// After the call `out` is another handle for the same policy.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_preflight_policy_free`, apart from `self`.
/// Lifetime: the object lives until its last handle is freed and its last call has ended.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_preflight_policy_ref(
    self_: *const thrivosign_preflight_policy,
    out: *mut *mut thrivosign_preflight_policy,
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
pub unsafe extern "C" fn thrivosign_preflight_policy_free(self_: *mut thrivosign_preflight_policy) {
    guard_or(self_, (), || token::free(self_));
}

/// After the call `out` holds what speaks against a signature in the field of that name, or in a new one; nothing is
/// refused. Of `options` the password, the policy (`report` if there is none) and what becomes of damage count: a
/// damaged document is looked over as it would be signed.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_preflight_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
/// thread.
/// NULL: `field`, `options`, `call` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_document_preflight(
    self_: *const thrivosign_document,
    field: *const c_char,
    options: *const thrivosign_sign_options,
    call: *const thrivosign_call,
    out: *mut *mut thrivosign_preflight,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let field = caller.text_opt(field)?;
        let options = caller.sign_options(options)?;
        let call = caller.call(call)?;
        let out = caller.out(out)?;
        let policy = options.policy().cloned().unwrap_or_else(PreflightPolicy::report);
        out.give(read::preflight(&this, field, options.core(&None), &policy, call.limits())?)
    })
}

/// After the call `out` is the number of reasons not to sign under the policy; 0: go ahead.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_preflight_stop_count(self_: *const thrivosign_preflight, out: *mut usize) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(this.stops.len())
    })
}

/// After the call `out` holds the code of a reason not to sign, counted from 0: that of a finding, or `not_checked`.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_preflight_stop(
    self_: *const thrivosign_preflight,
    index: usize,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes(nth(&this.stops, index)?.as_bytes())
    })
}

/// After the call `out` holds all facts and findings, each with its code, object, page and remedy, and the parts that
/// were not looked at.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_inspection_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_preflight_inspection(
    self_: *const thrivosign_preflight,
    out: *mut *mut thrivosign_inspection,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give(this.inspection.clone())
    })
}

/// After the call `out` is another handle for the same findings.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_preflight_free`, apart from `self`.
/// Lifetime: the object lives until its last handle is freed and its last call has ended.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_preflight_ref(
    self_: *const thrivosign_preflight,
    out: *mut *mut thrivosign_preflight,
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
pub unsafe extern "C" fn thrivosign_preflight_free(self_: *mut thrivosign_preflight) {
    guard_or(self_, (), || token::free(self_));
}
