//! The C border: who signs: certificates, the algorithm, and the key where it is at hand.

use crate::buffer::thrivosign_buffer;
use crate::caller::Caller;
use crate::error::thrivosign_error;
use crate::guard::{NO_SELF, guard, guard_or};
use crate::token::{self, Kind, Noun};

use crate::certificates::thrivosign_certificates;
use crate::identity::thrivosign_identity;
use crate::key_enums::{signature_algorithm_in, signature_algorithm_out};
use crate::key_store::thrivosign_key_store;
use crate::nth::nth;
use crate::store::Store;
use std::ffi::c_char;
use std::sync::Arc;
use thrivosign::crypto::SignatureAlgorithm;
use thrivosign::journey::sign::SigningKey;
use thrivosign::pki::Certificate;
use thrivosign::sign::SigningIdentity;
use thrivosign::{Error, ErrorKind, Result};

/// Who signs: certificates, the algorithm, and the key, unless that is elsewhere.
pub struct thrivosign_signer(());

impl Noun for thrivosign_signer {
    type Value = Signer;
    const KIND: Kind = Kind::Signer;
}

/// Certificates, and the key if it is at hand.
pub(crate) struct Signer {
    pub(crate) identity: SigningIdentity,
    key: Option<(Arc<Store>, String)>,
}

impl Signer {
    fn new(certificates: &[Certificate], key: Option<(Arc<Store>, &str)>, algorithm: Option<SignatureAlgorithm>) -> Result<Signer> {
        let public = match &key {
            Some((store, name)) => store.keys().info(name)?.public_key,
            None => certificates.first().ok_or(ErrorKind::ChainBroken)?.public_key().clone(),
        };
        let identity = SigningIdentity::for_key(&public, certificates, algorithm)?;
        Ok(Signer { identity, key: key.map(|(store, name)| (store, name.to_owned())) })
    }

    /// The key to sign with.
    ///
    /// # Errors
    /// [`ErrorKind::WrongOrder`] if it is elsewhere.
    pub(crate) fn key(&self) -> Result<SigningKey<'_>> {
        let (store, name) = self.key.as_ref().ok_or_else(|| Error::new(ErrorKind::WrongOrder).context("the signer has no key at hand"))?;
        Ok(SigningKey { store: store.keys(), name, identity: &self.identity })
    }
}

/// After the call `out` signs as that identity. `store` holds its signing key; without a store the signer only prepares
/// documents for a key elsewhere. `algorithm` is one of `thrivosign_signature_algorithm`, or 0 for the usual one.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_signer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once.
/// NULL: `store` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signer_new_from_identity(
    identity: *const thrivosign_identity,
    store: *const thrivosign_key_store,
    algorithm: i32,
    out: *mut *mut thrivosign_signer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(NO_SELF, || {
        let identity = caller.handle(identity)?;
        let store = caller.handle_opt(store)?;
        let out = caller.out(out)?;
        let key = store.map(|store| (store, identity.signing_key()));
        out.give(Signer::new(identity.chain(), key, signature_algorithm_in(algorithm)?)?)
    })
}

/// After the call `out` signs with the key of that name, whose certificate is among those given, in any order. Without
/// store and name it only prepares documents for a key elsewhere, and the signer's certificate is the first. `algorithm`
/// is one of `thrivosign_signature_algorithm`, or 0 for the usual one.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_signer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once.
/// NULL: `store`, `key` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signer_new_from_certificates(
    certificates: *const thrivosign_certificates,
    store: *const thrivosign_key_store,
    key: *const c_char,
    algorithm: i32,
    out: *mut *mut thrivosign_signer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(NO_SELF, || {
        let certificates = caller.handle(certificates)?;
        let store = caller.handle_opt(store)?;
        let key = caller.text_opt(key)?;
        let out = caller.out(out)?;
        let key = match (store, key) {
            (Some(store), Some(name)) => Some((store, name)),
            (None, None) => None,
            (None, Some(_)) | (Some(_), None) => {
                return Err(Error::new(ErrorKind::NullArgument).context("a store and the name of a key go together"));
            }
        };
        out.give(Signer::new(&certificates, key, signature_algorithm_in(algorithm)?)?)
    })
}

/// After the call `out` is one of `thrivosign_signature_algorithm`.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signer_algorithm(self_: *const thrivosign_signer, out: *mut i32) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(signature_algorithm_out(this.identity.algorithm()))
    })
}

/// After the call `out` is the number of certificates that go into a signature.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signer_certificate_count(self_: *const thrivosign_signer, out: *mut usize) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(this.identity.chain().len())
    })
}

/// After the call `out` holds a certificate that goes into a signature, DER, counted from 0; the signer's own is the
/// first.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signer_certificate(
    self_: *const thrivosign_signer,
    index: usize,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes(nth(this.identity.chain(), index)?.der())
    })
}

/// After the call `out` is another handle for the same signer.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_signer_free`, apart from `self`.
/// Lifetime: the object lives until its last handle is freed and its last call has ended.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signer_ref(self_: *const thrivosign_signer, out: *mut *mut thrivosign_signer) -> *mut thrivosign_error {
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
pub unsafe extern "C" fn thrivosign_signer_free(self_: *mut thrivosign_signer) {
    guard_or(self_, (), || token::free(self_));
}
