//! The C border, for its own tests: makes the guard of a function panic once. Compiled with the feature `inject` only, which no shipped library has.

use std::ffi::{CStr, c_char};
use std::sync::{Mutex, PoisonError};

/// The function whose next call panics.
static NEXT: Mutex<Option<String>> = Mutex::new(None);

/// After the call the next call of the function of that name panics inside its guard; NULL takes the order back.
///
/// # Safety
/// NULL or a text that ends with NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_test_inject(function: *const c_char) {
    // SAFETY: not NULL, and the caller vouched for a text that ends with NUL.
    let name = (!function.is_null()).then(|| unsafe { CStr::from_ptr(function) }.to_string_lossy().into_owned());
    *NEXT.lock().unwrap_or_else(PoisonError::into_inner) = name;
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
