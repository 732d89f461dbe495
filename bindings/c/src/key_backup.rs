//! The C border: keys in a folder that were made to be backed up: made, given as an encrypted file, taken back.

use crate::buffer::thrivosign_buffer;
use crate::caller::Caller;
use crate::error::thrivosign_error;
use crate::guard::guard;
use crate::key_enums::{key_algorithm_in, key_purpose_in};
use crate::key_info::thrivosign_key_info;
use crate::key_store::thrivosign_key_store;
use std::ffi::c_char;
use thrivosign::key::KeySpec;

/// As `thrivosign_key_store_create` in a store in a folder, of a key that `thrivosign_key_store_backup` gives: for a key
/// whose loss would be worse than a copy of it, as that of a seal. Never for a person's signing key. `algorithm` and
/// `purpose` are of `thrivosign_key_algorithm` and `thrivosign_key_purpose`.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_key_info_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: `out` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_key_store_create_exportable(
    self_: *const thrivosign_key_store,
    name: *const c_char,
    algorithm: i32,
    purpose: i32,
    out: *mut *mut thrivosign_key_info,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let name = caller.text(name)?;
        let out = caller.out_opt(out);
        let spec = KeySpec::new(key_algorithm_in(algorithm)?, key_purpose_in(purpose)?);
        out.give(this.folder()?.create_exportable(name, &spec)?)
    })
}

/// After the call `out` holds that key of a store in a folder as a file, encrypted under a passphrase of its own; the key
/// stays as it is. Code 406 for a key that was not made by `thrivosign_key_store_create_exportable`.
///
/// Ownership: the passphrase is copied; the copy is wiped. `out` is the caller's, to be freed with
/// `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_key_store_backup(
    self_: *const thrivosign_key_store,
    name: *const c_char,
    passphrase: *const c_char,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let name = caller.text(name)?;
        let passphrase = caller.passphrase(passphrase)?;
        let out = caller.out(out)?;
        out.give_bytes(&this.folder()?.backup(name, &passphrase)?)
    })
}

/// After the call a store in a folder holds the key of that backup, under its own name; it can be backed up again. Code
/// 406 for the file of a key that was not made to be backed up: it may be a stolen one.
///
/// Ownership: the passphrase is copied; the copy is wiped. `out` is the caller's, to be freed with
/// `thrivosign_key_info_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: `out` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_key_store_restore(
    self_: *const thrivosign_key_store,
    file: *const u8,
    file_size: usize,
    passphrase: *const c_char,
    out: *mut *mut thrivosign_key_info,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let file = caller.bytes(file, file_size)?;
        let passphrase = caller.passphrase(passphrase)?;
        let out = caller.out_opt(out);
        out.give(this.folder()?.restore(file, &passphrase)?)
    })
}
