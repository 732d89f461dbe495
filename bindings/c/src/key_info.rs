//! The C border: what key stores say: a key's facts, lists of them, attestations. Nothing secret.

use crate::buffer::thrivosign_buffer;
use crate::caller::Caller;
use crate::error::thrivosign_error;
use crate::guard::{guard, guard_or};
use crate::token::{self, Kind, Noun};

use crate::enums::{key_algorithm_out, key_purpose_out, prompt_out, protection_out};
use thrivosign::key::{Attestation, KeyInfo};
use thrivosign::{Error, ErrorKind, Result};

/// What a store says about a key.
pub struct thrivosign_key_info(());

impl Noun for thrivosign_key_info {
    type Value = KeyInfo;
    const KIND: Kind = Kind::KeyInfo;
}

/// After the call `out` holds the name the key was created under.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_key_info_name(
    self_: *const thrivosign_key_info,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes(this.name.as_bytes())
    })
}

/// After the call `out` holds the public key: SubjectPublicKeyInfo, DER.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_key_info_public_key(
    self_: *const thrivosign_key_info,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes(this.public_key.spki_der())
    })
}

/// After the call `out` is one of `thrivosign_key_algorithm`.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_key_info_algorithm(self_: *const thrivosign_key_info, out: *mut i32) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(key_algorithm_out(this.public_key.algorithm()))
    })
}

/// After the call `out` is one of `thrivosign_protection`: the protection really obtained.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_key_info_protection(self_: *const thrivosign_key_info, out: *mut i32) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(protection_out(this.protection))
    })
}

/// After the call `out` is one of `thrivosign_key_purpose`.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_key_info_purpose(self_: *const thrivosign_key_info, out: *mut i32) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(key_purpose_out(this.purpose))
    })
}

/// After the call `out` is one of `thrivosign_prompt`: how often the key's use asks the person.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_key_info_prompt(self_: *const thrivosign_key_info, out: *mut i32) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(prompt_out(this.prompt))
    })
}

/// After the call `out` is another handle for the same facts.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_key_info_free`, apart from `self`.
/// Lifetime: the object lives until its last handle is freed and its last call has ended.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_key_info_ref(
    self_: *const thrivosign_key_info,
    out: *mut *mut thrivosign_key_info,
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
pub unsafe extern "C" fn thrivosign_key_info_free(self_: *mut thrivosign_key_info) {
    guard_or(self_, (), || token::free(self_));
}

/// Keys of a store, sorted by name.
pub struct thrivosign_key_list(());

impl Noun for thrivosign_key_list {
    type Value = Vec<KeyInfo>;
    const KIND: Kind = Kind::KeyList;
}

/// After the call `out` is the number of keys.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_key_list_count(self_: *const thrivosign_key_list, out: *mut usize) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(this.len())
    })
}

/// After the call `out` holds the facts of that key, counted from 0.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_key_info_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_key_list_get(
    self_: *const thrivosign_key_list,
    index: usize,
    out: *mut *mut thrivosign_key_info,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give(nth(&this, index)?.clone())
    })
}

/// After the call `out` is another handle for the same list.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_key_list_free`, apart from `self`.
/// Lifetime: the object lives until its last handle is freed and its last call has ended.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_key_list_ref(
    self_: *const thrivosign_key_list,
    out: *mut *mut thrivosign_key_list,
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
pub unsafe extern "C" fn thrivosign_key_list_free(self_: *mut thrivosign_key_list) {
    guard_or(self_, (), || token::free(self_));
}

/// What a platform says to a third party about a key.
pub struct thrivosign_attestation(());

impl Noun for thrivosign_attestation {
    type Value = Attestation;
    const KIND: Kind = Kind::Attestation;
}

/// After the call `out` holds the format's name: `android-key` or `apple-appattest`.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_attestation_format(
    self_: *const thrivosign_attestation,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes(this.format.as_bytes())
    })
}

/// After the call `out` is the number of certificates.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_attestation_certificate_count(
    self_: *const thrivosign_attestation,
    out: *mut usize,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(this.certificates.len())
    })
}

/// After the call `out` holds a certificate, DER, counted from 0; the attested key's is the first.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_attestation_certificate(
    self_: *const thrivosign_attestation,
    index: usize,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes(nth(&this.certificates, index)?)
    })
}

/// After the call `out` holds the platform's own statement, empty if there is none beside the certificates.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_attestation_statement(
    self_: *const thrivosign_attestation,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes(&this.statement)
    })
}

/// After the call `out` is another handle for the same attestation.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_attestation_free`, apart from `self`.
/// Lifetime: the object lives until its last handle is freed and its last call has ended.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_attestation_ref(
    self_: *const thrivosign_attestation,
    out: *mut *mut thrivosign_attestation,
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
pub unsafe extern "C" fn thrivosign_attestation_free(self_: *mut thrivosign_attestation) {
    guard_or(self_, (), || token::free(self_));
}

/// The element at an index of the C side.
///
/// # Errors
/// [`ErrorKind::InvalidArgument`] behind the last one.
pub(crate) fn nth<T>(list: &[T], index: usize) -> Result<&T> {
    list.get(index).ok_or_else(|| Error::new(ErrorKind::InvalidArgument).context("an index behind the last"))
}
