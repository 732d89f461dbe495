//! The C border: errors. Takes the core's error, gives a handle with typed getters; a fact that a kind does not carry is answered politely.

use crate::caller::{Caller, Out};
use crate::enums::turn_out;
use crate::guard::{NO_SELF, guard_or};
use crate::token::{self, Kind, Noun};
use std::ffi::{CString, c_char};
use std::ptr;
use thrivosign::{Error, ErrorKind, Result};

/// An error. A function that went well gives NULL instead of one.
pub struct thrivosign_error(());

impl Noun for thrivosign_error {
    type Value = Told;
    const KIND: Kind = Kind::Error;
}

/// An error with its texts as C strings.
pub(crate) struct Told {
    error: Error,
    message: CString,
    problem: Option<CString>,
}

impl Told {
    /// What went wrong.
    pub(crate) fn core(&self) -> &Error {
        &self.error
    }
}

impl thrivosign_error {
    /// A handle that the C side owns.
    pub(crate) fn hand_out(error: Error) -> *mut thrivosign_error {
        let message = c_text(&error.to_string());
        let problem = error.problem().map(c_text);
        token::create(Told { error, message, problem })
    }
}

/// A text without the NULs that it could not have in C.
fn c_text(text: &str) -> CString {
    let bytes: Vec<u8> = text.bytes().filter(|byte| *byte != 0).collect();
    CString::new(bytes).unwrap_or_default()
}

/// One fact of an error, told to the C side if it is there.
fn fact<T>(this: *const thrivosign_error, out: Result<Out<T>>, of: impl FnOnce(&Error) -> Option<T>) -> i32 {
    let (Ok(told), Ok(out)) = (token::find(this), out) else { return 0 };
    match of(&told.error) {
        Some(value) => i32::from(out.set(value).is_ok()),
        None => 0,
    }
}

macro_rules! texts {
    ($( $name:ident = $code:literal, $snake:literal, $turn:ident, $retry:literal, $text:literal, $next:literal; )*) => {
        /// Name, text and next step of a code, each with the NUL that C wants.
        fn texts_of(code: i32) -> Option<[&'static str; 3]> {
            match code {
                0 => Some(["ok\0", "nothing went wrong\0", "Go on.\0"]),
                $( $code => Some([concat!($snake, "\0"), concat!($text, "\0"), concat!($next, "\0")]), )*
                _ => None,
            }
        }
    };
}
thrivosign::for_each_error_kind!(texts);

/// A static text of a code, or NULL for a code that this version does not know.
fn static_text(code: i32, which: usize) -> *const c_char {
    texts_of(code).and_then(|texts| texts.get(which).copied()).map_or(ptr::null(), |text| text.as_ptr().cast())
}

fn code_of(this: *const thrivosign_error) -> i32 {
    if this.is_null() {
        return 0;
    }
    token::find(this).map_or_else(|error| error.code(), |told| told.error.code())
}

/// The code of an error, one of `thrivosign_error_kind`; 0 for NULL. For what is no error at all, the code that says so.
///
/// Ownership: nothing changes hands.
/// Lifetime: what is returned is a copy.
/// Threads: any, also several at once on one `self`.
/// NULL: `self` may be NULL: the answer is 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_error_code(self_: *const thrivosign_error) -> i32 {
    guard_or(self_, ErrorKind::Panicked.code(), || code_of(self_))
}

/// The stable name of the code, such as `key_locked`.
///
/// Ownership: the text stays the library's.
/// Lifetime: good for as long as the library is loaded.
/// Threads: any, also several at once on one `self`.
/// NULL: `self` may be NULL: the answer is `ok`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_error_name(self_: *const thrivosign_error) -> *const c_char {
    guard_or(self_, ptr::null(), || static_text(code_of(self_), 0))
}

/// One line for a log or a developer, in English: what happened, where, and what to do next. Holds no user input, key,
/// name or token.
///
/// Ownership: the text stays the error's.
/// Lifetime: good until `self` is freed.
/// Threads: any, also several at once on one `self`.
/// NULL: `self` may be NULL, and the answer is NULL then.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_error_message(self_: *const thrivosign_error) -> *const c_char {
    guard_or(self_, ptr::null(), || told(self_, |told| told.message.as_ptr()))
}

/// What to do next, in one sentence.
///
/// Ownership: the text stays the library's.
/// Lifetime: good for as long as the library is loaded.
/// Threads: any, also several at once on one `self`.
/// NULL: `self` may be NULL: the answer is `Go on.`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_error_next_step(self_: *const thrivosign_error) -> *const c_char {
    guard_or(self_, ptr::null(), || static_text(code_of(self_), 2))
}

/// Whose turn it is, one of `thrivosign_turn`; 0 for NULL.
///
/// Ownership: nothing changes hands.
/// Lifetime: what is returned is a copy.
/// Threads: any, also several at once on one `self`.
/// NULL: `self` may be NULL: the answer is 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_error_turn(self_: *const thrivosign_error) -> i32 {
    guard_or(self_, 0, || token::find(self_).map_or(0, |told| turn_out(told.error.kind().turn())))
}

/// 1 if the same call may succeed later without anything being changed, otherwise 0.
///
/// Ownership: nothing changes hands.
/// Lifetime: what is returned is a copy.
/// Threads: any, also several at once on one `self`.
/// NULL: `self` may be NULL: the answer is 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_error_retryable(self_: *const thrivosign_error) -> i32 {
    guard_or(self_, 0, || token::find(self_).map_or(0, |told| i32::from(told.error.kind().retryable())))
}

/// After the call `value` holds the byte position in the document or structure and the answer is 1; or the error carries
/// no such fact, the answer is 0 and `value` is as it was.
///
/// Ownership: nothing changes hands.
/// Lifetime: what is told is a copy.
/// Threads: any, also several at once on one `self`.
/// NULL: `self` may be NULL, and so may `value`: the answer is 0 then.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_error_position(self_: *const thrivosign_error, value: *mut u64) -> i32 {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard_or(self_, 0, || fact(self_, caller.out(value), |error| error.position()))
}

/// After the call `value` holds the HTTP status that a service answered and the answer is 1; or the error carries no such
/// fact, the answer is 0 and `value` is as it was.
///
/// Ownership: nothing changes hands.
/// Lifetime: what is told is a copy.
/// Threads: any, also several at once on one `self`.
/// NULL: `self` may be NULL, and so may `value`: the answer is 0 then.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_error_http_status(self_: *const thrivosign_error, value: *mut i32) -> i32 {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard_or(self_, 0, || fact(self_, caller.out(value), |error| error.http_status().map(i32::from)))
}

/// After the call `value` holds the seconds that a service asks to wait and the answer is 1; or the error carries no such
/// fact, the answer is 0 and `value` is as it was.
///
/// Ownership: nothing changes hands.
/// Lifetime: what is told is a copy.
/// Threads: any, also several at once on one `self`.
/// NULL: `self` may be NULL, and so may `value`: the answer is 0 then.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_error_retry_after(self_: *const thrivosign_error, value: *mut u64) -> i32 {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard_or(self_, 0, || fact(self_, caller.out(value), |error| error.retry_after()))
}

/// After the call `value` holds the tries left before a lock and the answer is 1; or the error carries no such fact, the
/// answer is 0 and `value` is as it was.
///
/// Ownership: nothing changes hands.
/// Lifetime: what is told is a copy.
/// Threads: any, also several at once on one `self`.
/// NULL: `self` may be NULL, and so may `value`: the answer is 0 then.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_error_tries_left(self_: *const thrivosign_error, value: *mut u32) -> i32 {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard_or(self_, 0, || fact(self_, caller.out(value), |error| error.tries_left()))
}

/// The service's problem type (RFC 9457) or OAuth error code; NULL if the error carries none.
///
/// Ownership: the text stays the error's.
/// Lifetime: good until `self` is freed.
/// Threads: any, also several at once on one `self`.
/// NULL: `self` may be NULL, and the answer is NULL then.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_error_problem(self_: *const thrivosign_error) -> *const c_char {
    guard_or(self_, ptr::null(), || told(self_, |told| told.problem.as_ref().map_or(ptr::null(), |text| text.as_ptr())))
}

/// A pointer into the error, which its handle keeps in place.
fn told(this: *const thrivosign_error, of: impl FnOnce(&Told) -> *const c_char) -> *const c_char {
    token::find(this).map_or(ptr::null(), |told| of(&told))
}

/// After the call the handle stands for nothing; a handle that was freed already does no harm.
///
/// Ownership: takes the handle back.
/// Lifetime: texts of the error are gone after the call.
/// Threads: any, also during calls on the same handle.
/// NULL: `self` may be NULL; then nothing is done.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_error_free(self_: *mut thrivosign_error) {
    guard_or(self_, (), || token::free(self_));
}

/// The stable name of a code, such as `key_locked`; NULL for a code that this version does not know.
///
/// Ownership: the text stays the library's.
/// Lifetime: good for as long as the library is loaded.
/// Threads: any, also several at once.
/// NULL: there is no pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_error_code_name(code: i32) -> *const c_char {
    guard_or(NO_SELF, ptr::null(), || static_text(code, 0))
}

/// What a code means, in one sentence without a full stop; NULL for a code that this version does not know.
///
/// Ownership: the text stays the library's.
/// Lifetime: good for as long as the library is loaded.
/// Threads: any, also several at once.
/// NULL: there is no pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_error_code_text(code: i32) -> *const c_char {
    guard_or(NO_SELF, ptr::null(), || static_text(code, 1))
}

/// What to do next after a code, in one sentence; NULL for a code that this version does not know.
///
/// Ownership: the text stays the library's.
/// Lifetime: good for as long as the library is loaded.
/// Threads: any, also several at once.
/// NULL: there is no pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_error_code_next_step(code: i32) -> *const c_char {
    guard_or(NO_SELF, ptr::null(), || static_text(code, 2))
}
