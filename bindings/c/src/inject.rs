//! The C border, for its own tests: makes the guard of a function panic once, and handles for nothing to call functions on. Compiled with the
//! feature `inject` only, which no shipped library has.

use crate::token;
use std::ffi::{CStr, c_char};
use std::sync::{Mutex, PoisonError};

/// The function whose next call panics.
static NEXT: Mutex<Option<String>> = Mutex::new(None);

/// After the call the next call of the function of that name panics inside its guard; NULL takes the order back. The answer is 1 if an earlier
/// order is still waiting: its function has no guard, or was not called.
///
/// # Safety
/// NULL or a text that ends with NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_test_inject(function: *const c_char) -> i32 {
    let name = text(function);
    let before = std::mem::replace(&mut *NEXT.lock().unwrap_or_else(PoisonError::into_inner), name);
    i32::from(before.is_some())
}

/// A handle of the noun whose kind has that name, such as `KeyStore`, for nothing at all; NULL for a kind that does not exist.
///
/// # Safety
/// A text that ends with NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_test_handle(kind: *const c_char) -> *mut thrivosign_test_hollow {
    let tag = text(kind).and_then(|kind| token::tag_of(&kind));
    tag.map_or(std::ptr::null_mut(), |tag| std::ptr::without_provenance_mut(token::hollow(tag)))
}

/// A handle for nothing.
pub struct thrivosign_test_hollow(());

fn text(pointer: *const c_char) -> Option<String> {
    // SAFETY: not NULL, and both functions ask for a text that ends with NUL.
    (!pointer.is_null()).then(|| unsafe { CStr::from_ptr(pointer) }.to_string_lossy().into_owned())
}

/// Panics if it is this function's turn. `body` is the type name of the closure that is its body: `crate::module::function::{{closure}}`.
pub(crate) fn trip(body: &str) {
    let mut next = NEXT.lock().unwrap_or_else(PoisonError::into_inner);
    if next.as_ref().is_some_and(|name| body.split("::").any(|part| part == name)) {
        *next = None;
        drop(next);
        std::panic::resume_unwind(Box::new("injected"));
    }
}
