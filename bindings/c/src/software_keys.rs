//! The C border: what only key stores of this library can: be locked and unlocked, and take over keys.

use crate::caller::Caller;
use crate::certificates::thrivosign_certificates;
use crate::error::thrivosign_error;
use crate::guard::guard;
use crate::key_enums::key_purpose_in;
use crate::key_info::thrivosign_key_info;
use crate::key_store::thrivosign_key_store;
use std::ffi::c_char;
use thrivosign::key::KeyPurpose;
use thrivosign::key::pkcs12;
use thrivosign::key::software::SoftwareKey;

/// After the call the keys of a store in a folder can be used and made. If there are keys already, the passphrase has
/// opened one of them. Costs about a second and 64 MiB for a moment.
///
/// Ownership: the passphrase is copied; the copy is wiped.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_key_store_unlock(
    self_: *const thrivosign_key_store,
    passphrase: *const c_char,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let passphrase = caller.passphrase(passphrase)?;
        this.folder()?.unlock(passphrase)
    })
}

/// After the call passphrase and opened keys of a store in a folder are wiped from memory.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: `self` may not be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_key_store_lock(self_: *const thrivosign_key_store) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        this.folder()?.lock();
        Ok(())
    })
}

/// After the call every key of an unlocked store in a folder is under the new passphrase. Cut off in the middle, calling
/// again finishes the work.
///
/// Ownership: the passphrase is copied; the copy is wiped.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_key_store_change_passphrase(
    self_: *const thrivosign_key_store,
    passphrase: *const c_char,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let passphrase = caller.passphrase(passphrase)?;
        this.folder()?.change_passphrase(passphrase)
    })
}

/// After the call a store in a folder or in memory holds the first private key of that file, PEM or DER, under that name.
/// `purpose` is one of `thrivosign_key_purpose`.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_key_info_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: `passphrase`, `out` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_key_store_import(
    self_: *const thrivosign_key_store,
    name: *const c_char,
    purpose: i32,
    file: *const u8,
    file_size: usize,
    passphrase: *const c_char,
    out: *mut *mut thrivosign_key_info,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let name = caller.text(name)?;
        let file = caller.bytes(file, file_size)?;
        let passphrase = caller.passphrase_opt(passphrase)?;
        let out = caller.out_opt(out);
        let key = SoftwareKey::from_file(file, passphrase.as_ref())?;
        out.give(this.import(name, key_purpose_in(purpose)?, key)?)
    })
}

/// After the call a store in a folder or in memory holds the private key of that PKCS#12 file (PBES2) as a signing key
/// under that name, and `certificates` holds the file's certificates.
///
/// Ownership: `certificates` is the caller's, to be freed with `thrivosign_certificates_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_key_store_import_pkcs12(
    self_: *const thrivosign_key_store,
    name: *const c_char,
    file: *const u8,
    file_size: usize,
    password: *const c_char,
    certificates: *mut *mut thrivosign_certificates,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let name = caller.text(name)?;
        let file = caller.bytes(file, file_size)?;
        let password = caller.passphrase(password)?;
        let certificates = caller.out(certificates)?;
        let (key, chain) = pkcs12::open(file, &password)?;
        this.import(name, KeyPurpose::Signing, key)?;
        certificates.give(chain)
    })
}
