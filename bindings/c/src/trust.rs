//! The C border: the anchors that a verification trusts.

use crate::caller::Caller;
use crate::enums::unknown;
use crate::error::thrivosign_error;
use crate::guard::{NO_SELF, guard, guard_or};
use crate::token::{self, Kind, Noun};
use thrivosign::Result;
use thrivosign::pki::{Role, TrustAnchors, certificates_from_pem};

/// Certificates that are trusted, for everything or for one use. Of an anchor only name and key count (RFC 5280 6.1.1).
pub struct thrivosign_trust(());

impl Noun for thrivosign_trust {
    type Value = TrustAnchors;
    const KIND: Kind = Kind::Trust;
}

/// What the certificate at the end of a path is used for.
#[repr(C)]
pub enum thrivosign_role {
    /// Signs documents.
    Signer = 1,
    /// Makes time stamps (RFC 3161).
    TimeStamping = 2,
    /// Answers about revocation (RFC 6960).
    OcspResponder = 3,
    /// Issues lists of revoked certificates.
    CrlIssuer = 4,
}

fn role_in(value: i32) -> Result<Role> {
    use thrivosign_role as In;
    Ok(match value {
        x if x == In::Signer as i32 => Role::Signer,
        x if x == In::TimeStamping as i32 => Role::TimeStamping,
        x if x == In::OcspResponder as i32 => Role::OcspResponder,
        x if x == In::CrlIssuer as i32 => Role::CrlIssuer,
        _ => return Err(unknown("role")),
    })
}

/// After the call `out` trusts every certificate of a PEM text, or one DER certificate; of an empty text, none.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_trust_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_trust_new_from_pem(
    pem: *const u8,
    pem_size: usize,
    out: *mut *mut thrivosign_trust,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(NO_SELF, || {
        let pem = caller.bytes(pem, pem_size)?;
        let out = caller.out(out)?;
        let anchors = if pem.is_empty() { TrustAnchors::new() } else { TrustAnchors::from_pem(pem)? };
        out.give(anchors)
    })
}

/// After the call `out` trusts what `trust` trusts, and every certificate of a PEM text, or one DER certificate, for that use
/// alone: `role` is one of `thrivosign_role`.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_trust_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_trust_new_with_role(
    trust: *const thrivosign_trust,
    role: i32,
    pem: *const u8,
    pem_size: usize,
    out: *mut *mut thrivosign_trust,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(NO_SELF, || {
        let trust = caller.handle(trust)?;
        let role = role_in(role)?;
        let added = certificates_from_pem(caller.bytes(pem, pem_size)?)?;
        let out = caller.out(out)?;
        let mut anchors = TrustAnchors::clone(&trust);
        added.into_iter().for_each(|certificate| anchors.add_for(certificate, &[role]));
        out.give(anchors)
    })
}

/// After the call `out` is the number of anchors.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_trust_count(self_: *const thrivosign_trust, out: *mut usize) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(this.len())
    })
}

/// After the call `out` is another handle for the same anchors.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_trust_free`, apart from `self`.
/// Lifetime: the object lives until its last handle is freed and its last call has ended.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_trust_ref(self_: *const thrivosign_trust, out: *mut *mut thrivosign_trust) -> *mut thrivosign_error {
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
pub unsafe extern "C" fn thrivosign_trust_free(self_: *mut thrivosign_trust) {
    guard_or(self_, (), || token::free(self_));
}
