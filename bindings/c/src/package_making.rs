//! The C border: packages, as their owner makes them: create, fill, ask people, share, take back.

use crate::call::thrivosign_call;
use crate::caller::Caller;
use crate::client::thrivosign_client;
use crate::document::thrivosign_document;
use crate::error::thrivosign_error;
use crate::field_values::thrivosign_field_values;
use crate::guard::guard;
use crate::package::thrivosign_package;
use std::ffi::c_char;
use thrivosign::journey::packages::{self, Asked, Place};

/// After the call `out` is an empty package that ends by itself after `expires_in` seconds, or after a month if that is 0.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_package_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
/// thread.
/// NULL: `call` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_client_create_package(
    self_: *const thrivosign_client,
    name: *const c_char,
    expires_in: u64,
    call: *const thrivosign_call,
    out: *mut *mut thrivosign_package,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let name = caller.text(name)?;
        let call = caller.call(call)?;
        let out = caller.out(out)?;
        out.give(packages::create(&this, name, (expires_in > 0).then_some(expires_in), call.limits())?)
    })
}

/// After the call the document was sent and is the last of the package's. `file_name` has no folders.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_package_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
/// thread.
/// NULL: `call` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_client_add_to_package(
    self_: *const thrivosign_client,
    package_id: *const c_char,
    document: *const thrivosign_document,
    file_name: *const c_char,
    call: *const thrivosign_call,
    out: *mut *mut thrivosign_package,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let package_id = caller.text(package_id)?;
        let document = caller.handle(document)?;
        let file_name = caller.text(file_name)?;
        let call = caller.call(call)?;
        let out = caller.out(out)?;
        out.give(call.watched(|limits, watch| packages::add_document(&this, package_id, &document, file_name, limits, watch))?)
    })
}

/// After the call that user is asked for a signature in the document of that id. Whoever has a lower `place` in the order, from 1,
/// signs before, those of the same in any order. The box is on `page`, from 1, in points as a reader sees the page; 0 leaves it to the
/// person, and so does NULL the form field.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_package_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
/// thread.
/// NULL: `field`, `call` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_client_assign_in_package(
    self_: *const thrivosign_client,
    package_id: *const c_char,
    document_id: *const c_char,
    user: *const c_char,
    place: u32,
    field: *const c_char,
    page: u32,
    x0: f64,
    y0: f64,
    x1: f64,
    y1: f64,
    call: *const thrivosign_call,
    out: *mut *mut thrivosign_package,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let package_id = caller.text(package_id)?;
        let document_id = caller.text(document_id)?;
        let user = caller.text(user)?;
        let field = caller.text_opt(field)?.map(str::to_owned);
        let call = caller.call(call)?;
        let out = caller.out(out)?;
        let shown = (page > 0).then_some(page);
        let spot = Place { field, page: shown, rect: shown.map(|_| [x0, y0, x1 - x0, y1 - y0]) };
        let asked = Asked { user, order: place, document_id, place: spot };
        out.give(packages::assign(&this, package_id, &asked, call.limits())?)
    })
}

/// After the call all of those text fields of the document have their values, or after an error none: appended to it as an update, each drawn. It is the
/// user's own draft's, and nobody has signed it. Code 511 if a field does not take its value, or somebody has signed: `thrivosign_error_problem` says why.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_package_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
/// thread.
/// NULL: `call` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_client_fill_in_package(
    self_: *const thrivosign_client,
    package_id: *const c_char,
    document_id: *const c_char,
    values: *const thrivosign_field_values,
    call: *const thrivosign_call,
    out: *mut *mut thrivosign_package,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let package_id = caller.text(package_id)?;
        let document_id = caller.text(document_id)?;
        let values = caller.handle(values)?.now();
        let call = caller.call(call)?;
        let out = caller.out(out)?;
        let values: Vec<_> = values.iter().map(|(field, text)| (field.as_str(), text.as_str())).collect();
        out.give(packages::fill(&this, package_id, document_id, &values, call.limits())?)
    })
}

/// After the call the package can no longer be changed, and the first recipients have their turn.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_package_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
/// thread.
/// NULL: `call` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_client_share_package(
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
        out.give(packages::share(&this, package_id, call.limits())?)
    })
}

/// After the call the user's own package is taken back; everybody reads `why`.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_package_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
/// thread.
/// NULL: `call` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_client_cancel_package(
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
        out.give(packages::cancel(&this, package_id, why, call.limits())?)
    })
}
