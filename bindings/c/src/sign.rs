//! The C border: the ways to a signed document: here at once, in device mode, in submit mode, or in two parts. The key is asked once, last.

use crate::call::thrivosign_call;
use crate::caller::Caller;
use crate::error::thrivosign_error;
use crate::guard::guard;

use crate::agreement::thrivosign_agreement;
use crate::client::thrivosign_client;
use crate::document::thrivosign_document;
use crate::output::thrivosign_output;
use crate::prepared::thrivosign_prepared;
use crate::sign_options::thrivosign_sign_options;
use crate::signature_request::thrivosign_signature_request;
use crate::signed::thrivosign_signed;
use crate::signer::thrivosign_signer;
use crate::submitted::thrivosign_submitted;
use std::ffi::c_char;
use thrivosign::journey::submit::Submission;
use thrivosign::journey::{deferred, device, sign, submit};

/// After the call the whole signed document is where `output` says; the bytes of `document` are its first, and the
/// library's own verifier has accepted it. The key was asked once, last. After an error a file or memory is as it was.
/// The input and the output may not be the same file.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_signed_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; a key store of
/// the host's is asked on this very thread. Not for a main thread.
/// NULL: `options`, `call`, `out` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signer_sign(
    self_: *const thrivosign_signer,
    document: *const thrivosign_document,
    output: *const thrivosign_output,
    request: *const thrivosign_signature_request,
    options: *const thrivosign_sign_options,
    call: *const thrivosign_call,
    out: *mut *mut thrivosign_signed,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let document = caller.handle(document)?;
        let output = caller.handle(output)?;
        let request = caller.handle(request)?;
        let options = caller.sign_options(options)?;
        let raise = options.raise();
        let call = caller.call(call)?;
        let out = caller.out_opt(out);
        let request = request.now();
        let key = this.key()?;
        let signed = output.filled(|target| {
            call.watched(|limits, watch| sign::sign(&document, target, &request, key, options.core(&raise), limits, watch))
        })?;
        out.give(signed)
    })
}

/// After the call `out` waits for the signature value of a key that may be elsewhere. No key was asked. It may be kept as
/// a blob, for days and for another process.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_prepared_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
/// thread.
/// NULL: `options`, `call` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signer_prepare(
    self_: *const thrivosign_signer,
    document: *const thrivosign_document,
    request: *const thrivosign_signature_request,
    options: *const thrivosign_sign_options,
    call: *const thrivosign_call,
    out: *mut *mut thrivosign_prepared,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let document = caller.handle(document)?;
        let request = caller.handle(request)?;
        let options = caller.sign_options(options)?;
        let raise = options.raise();
        let call = caller.call(call)?;
        let out = caller.out(out)?;
        let request = request.now();
        let paused =
            call.watched(|limits, watch| deferred::prepare(&document, &request, &this.identity, options.core(&raise), limits, watch))?;
        out.give(paused)
    })
}

/// After the call the document is signed as by `thrivosign_signer_sign`, and was filed with the service under
/// `file_name`, which has no folders. If the filing failed, the signature stands all the same: then `agreement` is NULL,
/// `filing_error` says why, and `thrivosign_client_file_document` may be called with the signed document. Otherwise
/// `filing_error` is NULL.
///
/// Ownership: `signed` and `agreement` and `filing_error` are the caller's, to be freed with `thrivosign_signed_free` and
/// `thrivosign_agreement_free` and `thrivosign_error_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; a key store of
/// the host's is asked on this very thread. Not for a main thread.
/// NULL: `options`, `call`, `signed` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_client_sign_and_file(
    self_: *const thrivosign_client,
    signer: *const thrivosign_signer,
    document: *const thrivosign_document,
    output: *const thrivosign_output,
    file_name: *const c_char,
    request: *const thrivosign_signature_request,
    options: *const thrivosign_sign_options,
    call: *const thrivosign_call,
    signed: *mut *mut thrivosign_signed,
    agreement: *mut *mut thrivosign_agreement,
    filing_error: *mut *mut thrivosign_error,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let signer = caller.handle(signer)?;
        let document = caller.handle(document)?;
        let output = caller.handle(output)?;
        let file_name = caller.text(file_name)?;
        let request = caller.handle(request)?;
        let options = caller.sign_options(options)?;
        let raise = options.raise();
        let call = caller.call(call)?;
        let signed = caller.out_opt(signed);
        let agreement = caller.out(agreement)?;
        let filing_error = caller.out(filing_error)?;
        let request = request.now();
        let key = signer.key()?;
        let done = output.filled(|target| {
            call.watched(|limits, watch| {
                device::sign_and_file(&this, &document, target, file_name, &request, key, options.core(&raise), limits, watch)
            })
        })?;
        signed.give(done.signed)?;
        let (filed, refused) = match done.filed {
            Ok(filed) => (Some(filed), std::ptr::null_mut()),
            Err(refused) => (None, thrivosign_error::hand_out(refused)),
        };
        agreement.give_opt(filed)?;
        filing_error.set(refused)
    })
}

/// After the call the service has said that it stored these very bytes; filing the same bytes again is answered as the
/// first time.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_agreement_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
/// thread.
/// NULL: `call` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_client_file_document(
    self_: *const thrivosign_client,
    document: *const thrivosign_document,
    file_name: *const c_char,
    call: *const thrivosign_call,
    out: *mut *mut thrivosign_agreement,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let document = caller.handle(document)?;
        let file_name = caller.text(file_name)?;
        let call = caller.call(call)?;
        let out = caller.out(out)?;
        out.give(call.watched(|limits, watch| device::file_document(&this, &document, file_name, limits, watch))?)
    })
}

/// After the call the service has prepared and filed the signature, and the filed document is where `output` says: the
/// bytes of `document`, the revision that was asked for and nothing else, this device's signature. Everything was checked
/// here before the key was asked, once, and the filed document after that. `credential_id` is the credential of the
/// signer's key.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_submitted_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; a key store of
/// the host's is asked on this very thread. Not for a main thread.
/// NULL: `options`, `call` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_client_submit(
    self_: *const thrivosign_client,
    signer: *const thrivosign_signer,
    credential_id: *const c_char,
    document: *const thrivosign_document,
    output: *const thrivosign_output,
    file_name: *const c_char,
    request: *const thrivosign_signature_request,
    options: *const thrivosign_sign_options,
    call: *const thrivosign_call,
    out: *mut *mut thrivosign_submitted,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let signer = caller.handle(signer)?;
        let credential_id = caller.text(credential_id)?;
        let document = caller.handle(document)?;
        let output = caller.handle(output)?;
        let file_name = caller.text(file_name)?;
        let request = caller.handle(request)?;
        let options = caller.sign_options(options)?;
        let raise = options.raise();
        let call = caller.call(call)?;
        let out = caller.out(out)?;
        let request = request.now();
        let submission = Submission { credential_id, file_name, request: &request, key: signer.key()?, options: options.core(&raise) };
        let done =
            output.filled(|target| call.watched(|limits, watch| submit::submit(&this, &document, target, &submission, limits, watch)))?;
        out.give(done)
    })
}

/// After the call the signed document is where `output` says, as by `thrivosign_signer_sign`; `value` is the key's answer
/// to the message. `self` stays as it was: if the document could not be written, it can be completed elsewhere with the
/// same value.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_signed_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
/// thread.
/// NULL: `options`, `call`, `out` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_prepared_complete(
    self_: *const thrivosign_prepared,
    value: *const u8,
    value_size: usize,
    document: *const thrivosign_document,
    output: *const thrivosign_output,
    options: *const thrivosign_sign_options,
    call: *const thrivosign_call,
    out: *mut *mut thrivosign_signed,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let value = caller.bytes(value, value_size)?;
        let document = caller.handle(document)?;
        let output = caller.handle(output)?;
        let options = caller.sign_options(options)?;
        let raise = options.raise();
        let call = caller.call(call)?;
        let out = caller.out_opt(out);
        let signed = output.filled(|target| {
            call.watched(|limits, watch| deferred::complete(&this, value, &document, target, options.core(&raise), limits, watch))
        })?;
        out.give(signed)
    })
}
