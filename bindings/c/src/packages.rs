//! The C border: packages, as a recipient meets them: what waits, where it stands, bring the document, sign it or say no.

use crate::call::thrivosign_call;
use crate::caller::Caller;
use crate::client::thrivosign_client;
use crate::document::thrivosign_document;
use crate::error::thrivosign_error;
use crate::guard::guard;
use crate::nth::nth;
use crate::output::thrivosign_output;
use crate::package::thrivosign_package;
use crate::package_enums::package_view_in;
use crate::package_list::thrivosign_package_list;
use crate::sign_options::thrivosign_sign_options;
use crate::signature_request::thrivosign_signature_request;
use crate::signer::thrivosign_signer;
use crate::submitted::thrivosign_submitted;
use std::ffi::c_char;
use thrivosign::journey::packages;
use thrivosign::journey::submit::Submission;

/// After the call `out` holds the user's packages of that view, one of `thrivosign_package_view`.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_package_list_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
/// thread.
/// NULL: `call` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_client_list_packages(
    self_: *const thrivosign_client,
    view: i32,
    call: *const thrivosign_call,
    out: *mut *mut thrivosign_package_list,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let call = caller.call(call)?;
        let out = caller.out(out)?;
        out.give(packages::list(&this, package_view_in(view)?, call.limits())?)
    })
}

/// After the call `out` is the package as it now stands. Code 510 for one that is not the user's to see.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_package_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
/// thread.
/// NULL: `call` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_client_package_status(
    self_: *const thrivosign_client,
    package_id: *const c_char,
    call: *const thrivosign_call,
    out: *mut *mut thrivosign_package,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let package_id = caller.text(package_id)?;
        let call = caller.call(call)?;
        let out = caller.out(out)?;
        out.give(packages::status(&this, package_id, call.limits())?)
    })
}

/// After the call the document of the package at that index is where `output` says: the very bytes whose SHA-256 the package named.
/// Code 212 if it is no longer that document, as somebody signed it meanwhile. `index` counts from 0.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
/// thread.
/// NULL: `call` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_client_fetch_from_package(
    self_: *const thrivosign_client,
    package: *const thrivosign_package,
    index: usize,
    output: *const thrivosign_output,
    call: *const thrivosign_call,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let package = caller.handle(package)?;
        let output = caller.handle(output)?;
        let call = caller.call(call)?;
        let document = nth(&package.documents, index)?;
        output.filled(|target| call.watched(|limits, watch| packages::fetch_to(&this, document, target, limits, watch)))
    })
}

/// After the call the service has prepared and filed the signature that the recipient at that index is asked for, where it was asked,
/// as by `thrivosign_client_submit`. `document` has the bytes that the person saw: what the service prepared was checked against them.
/// `index` counts from 0.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_submitted_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; a key store of
/// the host's is asked on this very thread. Not for a main thread.
/// NULL: `options`, `call` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_client_sign_in_package(
    self_: *const thrivosign_client,
    signer: *const thrivosign_signer,
    credential_id: *const c_char,
    package: *const thrivosign_package,
    index: usize,
    document: *const thrivosign_document,
    output: *const thrivosign_output,
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
        let package = caller.handle(package)?;
        let document = caller.handle(document)?;
        let output = caller.handle(output)?;
        let request = caller.handle(request)?;
        let options = caller.sign_options(options)?;
        let raise = options.raise();
        let call = caller.call(call)?;
        let out = caller.out(out)?;
        let (asked, request) = (nth(&package.recipients, index)?, request.now());
        // The service has the file's name.
        let submission = Submission { credential_id, file_name: "", request: &request, key: signer.key()?, options: options.core(&raise) };
        let signed = output.filled(|target| {
            call.watched(|limits, watch| packages::sign_asked(&this, asked, &document, target, &submission, limits, watch))
        })?;
        out.give(signed)
    })
}

/// After the call the user has said no, which ended the package for everybody; everybody reads `why`.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_package_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
/// thread.
/// NULL: `call` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_client_decline_package(
    self_: *const thrivosign_client,
    package_id: *const c_char,
    why: *const c_char,
    call: *const thrivosign_call,
    out: *mut *mut thrivosign_package,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let package_id = caller.text(package_id)?;
        let why = caller.text(why)?;
        let call = caller.call(call)?;
        let out = caller.out(out)?;
        out.give(packages::decline(&this, package_id, why, call.limits())?)
    })
}
