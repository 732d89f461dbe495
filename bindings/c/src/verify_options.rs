//! The C border: how a document is judged.

use crate::caller::Caller;
use crate::evidence::thrivosign_evidence;
use crate::report_enums::revocation_in;
use crate::table::Table;
use std::mem::offset_of;
use std::sync::Arc;
use thrivosign::evidence::Bundle;
use thrivosign::journey::read::Judging;
use thrivosign::pki::TrustAnchors;
use thrivosign::verify::Policy;
use thrivosign::{Error, ErrorKind, Result, Time};

/// How a document is judged. All zeros but `struct_size` are the defaults; NULL in place of the struct means the same.
///
/// Ownership: everything stays the caller's.
/// Lifetime: needed until the function returns.
/// Threads: any.
/// NULL: `password`, `unix_time` and `evidence` may be NULL.
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
    /// Evidence at hand, beside what the document carries; NULL: none.
    pub evidence: *const thrivosign_evidence,
}

// SAFETY: `repr(C)`, begins with `struct_size`; zeros are NULL and numbers.
unsafe impl Table for thrivosign_verify_options {
    const OPTIONAL: &'static [usize] = &[
        offset_of!(thrivosign_verify_options, password),
        offset_of!(thrivosign_verify_options, unix_time),
        offset_of!(thrivosign_verify_options, revocation),
        offset_of!(thrivosign_verify_options, evidence),
    ];
}

/// The options as values.
#[derive(Default)]
pub(crate) struct Judged<'c> {
    password: Option<&'c [u8]>,
    time: Option<Time>,
    policy: Policy,
    evidence: Option<Arc<Bundle>>,
}

impl Judged<'_> {
    /// As the core takes them.
    pub(crate) fn core<'a>(&'a self, trust: &'a TrustAnchors) -> Judging<'a> {
        Judging { trust, time: self.time, policy: self.policy.clone(), password: self.password, evidence: self.evidence.as_deref() }
    }
}

impl Caller {
    /// The options of the call at hand.
    ///
    /// # Errors
    /// As [`Caller::table`]; as [`Caller::handle`] for the evidence; [`ErrorKind::InvalidArgument`] for a number that is none of the enumeration.
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
            evidence: self.handle_opt(options.evidence)?.map(|evidence| evidence.now()),
        })
    }
}
