//! The C border: how a document is opened and checked when it is signed.

use crate::caller::Caller;
use crate::table::Table;
use std::mem::offset_of;
use thrivosign::journey::sign::SignOptions;
use thrivosign::{Error, ErrorKind, Result};

/// How a document is opened and checked when it is signed. All zeros but `struct_size` are the defaults; NULL in place of the struct means the same.
///
/// Ownership: everything stays the caller's.
/// Lifetime: needed until the function returns.
/// Threads: any.
/// NULL: `password` and `shown_sha256` may be NULL.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct thrivosign_sign_options {
    /// `sizeof(thrivosign_sign_options)`.
    pub struct_size: usize,
    /// The document's user or owner password; an empty one is given by a pointer that is not NULL and size 0.
    pub password: *const u8,
    /// Bytes of the password.
    pub password_size: usize,
    /// SHA-256, 32 bytes, of what the person was shown: another document is not signed (code 212).
    pub shown_sha256: *const u8,
    /// Unless 0, the whole finished document is read again to check it, earlier signatures included, instead of the new revision alone.
    pub full_recheck: i64,
}

// SAFETY: `repr(C)`, begins with `struct_size`; zeros are NULL and numbers.
unsafe impl Table for thrivosign_sign_options {
    const OPTIONAL: &'static [usize] = &[
        offset_of!(thrivosign_sign_options, password),
        offset_of!(thrivosign_sign_options, shown_sha256),
        offset_of!(thrivosign_sign_options, full_recheck),
    ];
}

impl Caller {
    /// The options of the call at hand.
    ///
    /// # Errors
    /// As [`Caller::table`].
    pub(crate) fn sign_options(&self, pointer: *const thrivosign_sign_options) -> Result<SignOptions<'_>> {
        let Some(options) = self.table_opt(pointer)? else { return Ok(SignOptions::default()) };
        let shown = match options.shown_sha256.is_null() {
            true => None,
            false => Some(self.bytes(options.shown_sha256, 32)?.try_into().map_err(|_| Error::new(ErrorKind::Internal))?),
        };
        Ok(SignOptions {
            password: self.bytes_opt(options.password, options.password_size)?,
            full_recheck: options.full_recheck != 0,
            shown,
            ..SignOptions::default()
        })
    }
}
