//! The C border: evidence at hand: certificates, lists of revoked ones, OCSP responses. Nothing in it is trusted because it is there.

use crate::caller::Caller;
use crate::error::thrivosign_error;
use crate::guard::{NO_SELF, guard, guard_or};
use crate::token::{self, Kind, Noun};

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use thrivosign::Result;
use thrivosign::evidence::{Bundle, Item, Kind as ItemKind};
use thrivosign::pki::{certificates_from_pem, each_crl};

/// Certificates and revocation data, each once.
pub struct thrivosign_evidence(());

impl Noun for thrivosign_evidence {
    type Value = Evidence;
    const KIND: Kind = Kind::Evidence;
}

/// What there is so far.
#[derive(Default)]
pub(crate) struct Evidence(Mutex<Arc<Bundle>>);

impl Evidence {
    /// As it is now; what is added later is not in there.
    pub(crate) fn now(&self) -> Arc<Bundle> {
        self.held().clone()
    }

    fn held(&self) -> MutexGuard<'_, Arc<Bundle>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All of them or none.
    fn add(&self, items: impl IntoIterator<Item = Item>) -> Result<()> {
        let mut held = self.held();
        let mut more = Bundle::clone(&held);
        items.into_iter().try_for_each(|item| more.add(item).map(drop))?;
        *held = Arc::new(more);
        Ok(())
    }
}

/// After the call `out` is empty.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_evidence_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once.
/// NULL: `out` may not be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_evidence_new(out: *mut *mut thrivosign_evidence) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(NO_SELF, || {
        let out = caller.out(out)?;
        out.give(Evidence::default())
    })
}

/// After the call every certificate of a PEM text, or one DER certificate, is there, or after an error none of them.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any; calls that change one object had better not meet, as the last one wins.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_evidence_add_certificates(
    self_: *mut thrivosign_evidence,
    pem: *const u8,
    pem_size: usize,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let pem = caller.bytes(pem, pem_size)?;
        this.add(certificates_from_pem(pem)?.into_iter().map(Item::Certificate))
    })
}

/// After the call every list of revoked certificates (RFC 5280) of a PEM text, or one in DER, is there, or after an
/// error none of them. Code 204 for a list of more than 16 MiB, and for more than 64 MiB of evidence in all.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any; calls that change one object had better not meet, as the last one wins.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_evidence_add_crls(
    self_: *mut thrivosign_evidence,
    crl: *const u8,
    crl_size: usize,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let lists = each_crl(caller.bytes(crl, crl_size)?)?.into_iter().collect::<Result<Vec<_>>>()?;
        this.add(lists.into_iter().map(Item::Crl))
    })
}

/// After the call that OCSP response (RFC 6960), DER, is there.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any; calls that change one object had better not meet, as the last one wins.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_evidence_add_ocsp(
    self_: *mut thrivosign_evidence,
    ocsp: *const u8,
    ocsp_size: usize,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let response = caller.bytes(ocsp, ocsp_size)?;
        this.add([Item::from_der(ItemKind::Ocsp, response)?])
    })
}

/// After the call `out` is the number of certificates, lists and responses; what was added twice counts once.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_evidence_count(self_: *const thrivosign_evidence, out: *mut usize) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(this.now().len())
    })
}

/// After the call `out` is another handle for the same evidence.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_evidence_free`, apart from `self`.
/// Lifetime: the object lives until its last handle is freed and its last call has ended.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_evidence_ref(
    self_: *const thrivosign_evidence,
    out: *mut *mut thrivosign_evidence,
) -> *mut thrivosign_error {
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
pub unsafe extern "C" fn thrivosign_evidence_free(self_: *mut thrivosign_evidence) {
    guard_or(self_, (), || token::free(self_));
}
