//! The C border: a report for people: text in a language, one HTML page.

use crate::buffer::thrivosign_buffer;
use crate::caller::Caller;
use crate::error::thrivosign_error;
use crate::guard::guard;
use crate::report::thrivosign_report;
use crate::words::{Words, thrivosign_words};

use std::ffi::c_char;
use thrivosign::render;

/// After the call `out` holds the report as text for people in the language of `words`.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: `words` may be NULL: English; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_report_to_text_in(
    self_: *const thrivosign_report,
    words: *const thrivosign_words,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let words = caller.handle_opt(words)?;
        let out = caller.out(out)?;
        out.give_bytes(render::text(&this, Words::of(words.as_deref())).as_bytes())
    })
}

/// After the call `out` holds the report as one HTML page in the language of `words`, which stands alone and opens
/// nothing, whatever is written in the document: verdict, who, when and what changed in front, the rest folded. `name`
/// is what the document is called; it is shown as somebody's text.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: `name` may be NULL, `words` may be NULL: English; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_report_to_html(
    self_: *const thrivosign_report,
    name: *const c_char,
    words: *const thrivosign_words,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let name = caller.text_opt(name)?;
        let words = caller.handle_opt(words)?;
        let out = caller.out(out)?;
        out.give_bytes(render::html(&this, name, Words::of(words.as_deref())).as_bytes())
    })
}

/// After the call `out` holds one HTML page that says that the document of that name could not be checked, why, and
/// what to do; it cannot be taken for a report.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: `name` may be NULL, `words` may be NULL: English; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_error_to_html(
    self_: *const thrivosign_error,
    name: *const c_char,
    words: *const thrivosign_words,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let name = caller.text_opt(name)?;
        let words = caller.handle_opt(words)?;
        let out = caller.out(out)?;
        out.give_bytes(render::html_failure(this.core(), name, Words::of(words.as_deref())).as_bytes())
    })
}
