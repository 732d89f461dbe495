//! The C border: values for the text fields of a package's document.

use crate::caller::Caller;
use crate::error::thrivosign_error;
use crate::guard::{NO_SELF, guard, guard_or};
use crate::token::{self, Kind, Noun};
use std::collections::BTreeMap;
use std::ffi::c_char;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Text fields of a document and the values that they shall have.
pub struct thrivosign_field_values(());

impl Noun for thrivosign_field_values {
    type Value = Values;
    const KIND: Kind = Kind::FieldValues;
}

/// The values so far, by the fields' names.
#[derive(Default)]
pub(crate) struct Values(Mutex<BTreeMap<String, String>>);

impl Values {
    fn map(&self) -> MutexGuard<'_, BTreeMap<String, String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// As they are now: nothing is asked of the service under a lock.
    pub(crate) fn now(&self) -> BTreeMap<String, String> {
        self.map().clone()
    }
}

/// After the call `out` has no values.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_field_values_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once.
/// NULL: `out` may not be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_field_values_new(out: *mut *mut thrivosign_field_values) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(NO_SELF, || {
        let out = caller.out(out)?;
        out.give(Values::default())
    })
}

/// After the call the field of that name, fully qualified, shall have this value, in place of one that it was to have before. Line ends are `\n`.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any; calls that change one object had better not meet, as the last one wins.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_field_values_set(
    self_: *mut thrivosign_field_values,
    field: *const c_char,
    text: *const c_char,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let field = caller.text(field)?;
        let text = caller.text(text)?;
        this.map().insert(field.to_owned(), text.to_owned());
        Ok(())
    })
}

/// After the call `out` is another handle for the same values.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_field_values_free`, apart from `self`.
/// Lifetime: the object lives until its last handle is freed and its last call has ended.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_field_values_ref(
    self_: *const thrivosign_field_values,
    out: *mut *mut thrivosign_field_values,
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
pub unsafe extern "C" fn thrivosign_field_values_free(self_: *mut thrivosign_field_values) {
    guard_or(self_, (), || token::free(self_));
}
