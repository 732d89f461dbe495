//! The C border: a certificate's successor, under a new key that the device's authentication key vouches for.

use crate::call::thrivosign_call;
use crate::caller::Caller;
use crate::challenge::thrivosign_challenge;
use crate::client::thrivosign_client;
use crate::enrolment::told;
use crate::error::thrivosign_error;
use crate::guard::guard;
use crate::identity::thrivosign_identity;
use crate::key_store::thrivosign_key_store;
use crate::pending_request::thrivosign_pending_request;
use std::ffi::c_char;
use thrivosign::journey::renew;

/// After the call `out` is a challenge for one renewal of the identity's certificate; no code is sent. For
/// `thrivosign_key_store_create`, and then `thrivosign_client_renew_certificate`. Code 517 before the last month of the
/// certificate's life and after its end: `thrivosign_credential_list_renew_from` says from when,
/// `thrivosign_identity_not_after` until when.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_challenge_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
/// thread.
/// NULL: `call` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_client_ask_renewal_challenge(
    self_: *const thrivosign_client,
    identity: *const thrivosign_identity,
    call: *const thrivosign_call,
    out: *mut *mut thrivosign_challenge,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let identity = caller.handle(identity)?;
        let call = caller.call(call)?;
        let out = caller.out(out)?;
        out.give(renew::ask_challenge(&this, &identity, call.limits())?)
    })
}

/// After the call one of the two outputs is NULL. `renewed` is there when the certificate of the key named `signing_key`
/// was issued and checked: it may sign at once, and the certificate of `identity` goes on until its end. `pending` is
/// there when a registration officer must approve first. The key must be another than the identity's. Both keys were
/// asked once.
///
/// Ownership: `renewed` and `pending` are the caller's, to be freed with `thrivosign_identity_free` and
/// `thrivosign_pending_request_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
/// thread.
/// NULL: `call` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_client_renew_certificate(
    self_: *const thrivosign_client,
    store: *const thrivosign_key_store,
    identity: *const thrivosign_identity,
    signing_key: *const c_char,
    challenge: *const thrivosign_challenge,
    call: *const thrivosign_call,
    renewed: *mut *mut thrivosign_identity,
    pending: *mut *mut thrivosign_pending_request,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let store = caller.handle(store)?;
        let identity = caller.handle(identity)?;
        let signing_key = caller.text(signing_key)?;
        let challenge = caller.handle(challenge)?;
        let call = caller.call(call)?;
        let renewed = caller.out(renewed)?;
        let pending = caller.out(pending)?;
        let key = store.keys().info(signing_key)?;
        told(renew::renew(&this, store.keys(), &identity, &key, &challenge.challenge, call.limits())?, renewed, pending)
    })
}
