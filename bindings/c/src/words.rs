//! The C border: the words of a report in a language: those built in, or a table of the host's.

use crate::buffer::thrivosign_buffer;
use crate::caller::Caller;
use crate::error::thrivosign_error;
use crate::guard::{NO_SELF, guard, guard_or};
use crate::token::{self, Kind, Noun};

use std::collections::BTreeMap;
use std::ffi::c_char;
use thrivosign::render::{self, ENGLISH, Table};
use thrivosign::{Error, ErrorKind};

/// The words that a report is told in.
pub struct thrivosign_words(());

impl Noun for thrivosign_words {
    type Value = Words;
    const KIND: Kind = Kind::Words;
}

/// The library's own words, or the host's.
pub(crate) enum Words {
    BuiltIn(&'static dyn render::Words),
    Table(Table),
}

impl Words {
    /// Those, or English where none were given.
    pub(crate) fn of(words: Option<&Words>) -> &dyn render::Words {
        match words {
            None => &ENGLISH,
            Some(Words::BuiltIn(words)) => *words,
            Some(Words::Table(table)) => table,
        }
    }
}

/// After the call `out` are the built-in words of that language, told by its tag (BCP 47): `en` or `de`; a region does
/// not matter. Code 101 for another language: give its words as a table.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_words_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_words_new(language: *const c_char, out: *mut *mut thrivosign_words) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(NO_SELF, || {
        let language = caller.text(language)?;
        let out = caller.out(out)?;
        let words = render::built_in(language).ok_or_else(|| Error::new(ErrorKind::InvalidArgument).context("no built-in language"))?;
        out.give(Words::BuiltIn(words))
    })
}

/// After the call `out` are the words of a table of the host's: a JSON object of codes and words, as
/// `thrivosign_words_english` has them. What it lacks is said in English. Code 101 for what is no such object, and for
/// a language that is no tag of letters, digits and hyphens.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_words_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_words_new_from_json(
    language: *const c_char,
    json: *const u8,
    json_size: usize,
    out: *mut *mut thrivosign_words,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(NO_SELF, || {
        let language = caller.text(language)?;
        let json = caller.bytes(json, json_size)?;
        let out = caller.out(out)?;
        out.give(Words::Table(Table::from_json(language, json)?))
    })
}

/// After the call `out` holds every code with its English word, as a JSON object: what a translator needs.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once.
/// NULL: `out` may not be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_words_english(out: *mut *mut thrivosign_buffer) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(NO_SELF, || {
        let out = caller.out(out)?;
        let words: BTreeMap<String, &str> = render::all_words().collect();
        out.give_bytes(&serde_json::to_vec(&words).map_err(|cause| Error::new(ErrorKind::Internal).caused_by(cause))?)
    })
}

/// After the call `out` is another handle for the same words.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_words_free`, apart from `self`.
/// Lifetime: the object lives until its last handle is freed and its last call has ended.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_words_ref(self_: *const thrivosign_words, out: *mut *mut thrivosign_words) -> *mut thrivosign_error {
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
pub unsafe extern "C" fn thrivosign_words_free(self_: *mut thrivosign_words) {
    guard_or(self_, (), || token::free(self_));
}
