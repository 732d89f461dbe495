//! The C border: how a document is judged.

use crate::caller::Caller;
use crate::report_enums::revocation_in;
use crate::table::Table;
use std::mem::offset_of;
use thrivosign::verify::Policy;
use thrivosign::{Error, ErrorKind, Result, Time};

/// How a document is judged. All zeros but `struct_size` are the defaults; NULL in place of the struct means the same.
///
/// Ownership: everything stays the caller's.
/// Lifetime: needed until the function returns.
/// Threads: any.
/// NULL: `password` and `unix_time` may be NULL.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct thrivosign_verify_options {
    /// `sizeof(thrivosign_verify_options)`.
    pub struct_size: usize,
    /// The document's user or owner password; an empty one is given by a pointer that is not NULL and size 0.
    pub password: *const u8,
    /// Bytes of the password.
    pub password_size: usize,
    /// The time at which certificates are judged, in seconds since 1970-01-01T00:00:00Z; NULL: now, by the machine's clock.
    pub unix_time: *const i64,
    /// One of `thrivosign_revocation`; 0 is the same as IF_AVAILABLE.
    pub revocation: i64,
}

// SAFETY: `repr(C)`, begins with `struct_size`; zeros are NULL and numbers.
unsafe impl Table for thrivosign_verify_options {
    const OPTIONAL: &'static [usize] = &[
        offset_of!(thrivosign_verify_options, password),
        offset_of!(thrivosign_verify_options, unix_time),
        offset_of!(thrivosign_verify_options, revocation),
    ];
}

/// The options as values.
#[derive(Default)]
pub(crate) struct Judged<'c> {
    pub(crate) password: Option<&'c [u8]>,
    pub(crate) time: Option<Time>,
    pub(crate) policy: Policy,
}

impl Caller {
    /// The options of the call at hand.
    ///
    /// # Errors
    /// As [`Caller::table`]; [`ErrorKind::InvalidArgument`] for a number that is none of the enumeration.
    pub(crate) fn verify_options(&self, pointer: *const thrivosign_verify_options) -> Result<Judged<'_>> {
        let Some(options) = self.table_opt(pointer)? else { return Ok(Judged::default()) };
        let mut policy = Policy::default();
        if options.revocation != 0 {
            let number = i32::try_from(options.revocation).map_err(|_| Error::new(ErrorKind::InvalidArgument).context("revocation"))?;
            policy.revocation = revocation_in(number)?;
        }
        Ok(Judged {
            password: self.bytes_opt(options.password, options.password_size)?,
            time: self.value(options.unix_time).map(Time::from_unix),
            policy,
        })
    }
}
