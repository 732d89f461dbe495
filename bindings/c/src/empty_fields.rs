//! The C border: empty signature fields, prepared before anybody signs, one for each signer to come.

use crate::call::thrivosign_call;
use crate::caller::Caller;
use crate::document::thrivosign_document;
use crate::error::thrivosign_error;
use crate::guard::{NO_SELF, guard, guard_or};
use crate::output::thrivosign_output;
use crate::signature_request::thrivosign_signature_request;
use crate::token::{self, Kind, Noun};

use std::ffi::c_char;
use std::sync::{Mutex, MutexGuard, PoisonError};
use thrivosign::journey::fields;
use thrivosign::sign::EmptyField;
use thrivosign::{Error, ErrorKind};

/// Signature fields that a document shall get.
pub struct thrivosign_empty_fields(());

impl Noun for thrivosign_empty_fields {
    type Value = Fields;
    const KIND: Kind = Kind::EmptyFields;
}

/// The fields so far.
#[derive(Default)]
pub(crate) struct Fields(Mutex<Vec<EmptyField>>);

impl Fields {
    fn list(&self) -> MutexGuard<'_, Vec<EmptyField>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// After the call `out` is an empty list.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_empty_fields_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once.
/// NULL: `out` may not be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_empty_fields_new(out: *mut *mut thrivosign_empty_fields) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(NO_SELF, || {
        let out = caller.out(out)?;
        out.give(Fields::default())
    })
}

/// After the call the list has one field more, for such a signature to come: of the name, in the place and with the
/// lock of `request`. The rest of the request does not count. Code 101 if it names no field.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any; calls that change one object had better not meet, as the last one wins.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_empty_fields_add(
    self_: *mut thrivosign_empty_fields,
    request: *const thrivosign_signature_request,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let request = caller.handle(request)?.now();
        let name = request.field.ok_or_else(|| Error::new(ErrorKind::InvalidArgument).context("the request names no field"))?;
        this.list().push(EmptyField { placement: request.placement, lock: request.lock, ..EmptyField::new(name) });
        Ok(())
    })
}

/// After the call the signer of the field that was added last may give this reason, and must give one of those that
/// were added to it. Code 104 without a field.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any; calls that change one object had better not meet, as the last one wins.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_empty_fields_add_reason(
    self_: *mut thrivosign_empty_fields,
    text: *const c_char,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let text = caller.text(text)?;
        let mut list = this.list();
        let field = list.last_mut().ok_or_else(|| Error::new(ErrorKind::WrongOrder).context("a reason needs a field"))?;
        field.reasons.push(text.to_owned());
        Ok(())
    })
}

/// After the call the whole document with those fields is where `output` says, appended as one revision; the bytes of
/// `document` are its first, and `size` is its length. Code 210 if a field of such a name is there or cannot be; code
/// 211 if the document is signed: a new field would be a change of what was signed. `thrivosign_document_inspect` lists
/// the fields of a document.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
/// thread.
/// NULL: `password`, `call`, `size` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_document_add_fields(
    self_: *const thrivosign_document,
    fields: *const thrivosign_empty_fields,
    output: *const thrivosign_output,
    password: *const u8,
    password_size: usize,
    call: *const thrivosign_call,
    size: *mut u64,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let list = caller.handle(fields)?.list().clone();
        let output = caller.handle(output)?;
        let password = caller.bytes_opt(password, password_size)?;
        let call = caller.call(call)?;
        let size = caller.out_opt(size);
        size.set(output.filled(|target| call.watched(|limits, watch| fields::add_fields(&this, target, &list, password, limits, watch)))?)
    })
}

/// After the call `out` is another handle for the same list.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_empty_fields_free`, apart from `self`.
/// Lifetime: the object lives until its last handle is freed and its last call has ended.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_empty_fields_ref(
    self_: *const thrivosign_empty_fields,
    out: *mut *mut thrivosign_empty_fields,
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
pub unsafe extern "C" fn thrivosign_empty_fields_free(self_: *mut thrivosign_empty_fields) {
    guard_or(self_, (), || token::free(self_));
}
