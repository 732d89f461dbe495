//! The C border: the steps of a certificate request whose journal is `requests`: challenge, key, request or renewal, and what an earlier process left.

use crate::call::thrivosign_call;
use crate::caller::Caller;
use crate::certificate_order::thrivosign_certificate_order;
use crate::challenge::thrivosign_challenge;
use crate::client::thrivosign_client;
use crate::enrolment::told;
use crate::enums::authentication_method_in;
use crate::error::thrivosign_error;
use crate::guard::guard;
use crate::identity::thrivosign_identity;
use crate::key_enums::key_spec_in;
use crate::key_info::thrivosign_key_info;
use crate::key_store::thrivosign_key_store;
use crate::pending_request::thrivosign_pending_request;
use crate::requests::thrivosign_requests;
use std::ffi::c_char;

/// After the call `out` is a challenge for the request of that key: the one that an earlier process was given, if it is good
/// for a while yet, so that no second code is sent. `method` is one of `thrivosign_authentication_method`. Code 104 if the
/// key has signed its request: `thrivosign_requests_resume`.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_challenge_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`; code 104 while another call is at work. Blocks until it is done,
/// cancelled or out of time; not for a main thread.
/// NULL: `call` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_requests_challenge(
    self_: *const thrivosign_requests,
    client: *const thrivosign_client,
    signing_key: *const c_char,
    device_uuid: *const c_char,
    method: i32,
    call: *const thrivosign_call,
    out: *mut *mut thrivosign_challenge,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let client = caller.handle(client)?;
        let signing_key = caller.text(signing_key)?;
        let device_uuid = caller.text(device_uuid)?;
        let call = caller.call(call)?;
        let out = caller.out(out)?;
        out.give(this.challenge(&client, signing_key, device_uuid, authentication_method_in(method)?, call.limits())?)
    })
}

/// As `thrivosign_requests_challenge`, for a renewal of the identity's certificate: no code is sent.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_challenge_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`; code 104 while another call is at work. Blocks until it is done,
/// cancelled or out of time; not for a main thread.
/// NULL: `call` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_requests_renewal_challenge(
    self_: *const thrivosign_requests,
    client: *const thrivosign_client,
    signing_key: *const c_char,
    identity: *const thrivosign_identity,
    call: *const thrivosign_call,
    out: *mut *mut thrivosign_challenge,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let client = caller.handle(client)?;
        let signing_key = caller.text(signing_key)?;
        let identity = caller.handle(identity)?;
        let call = caller.call(call)?;
        let out = caller.out(out)?;
        out.give(this.renewal_challenge(&client, signing_key, &identity, call.limits())?)
    })
}

/// After the call the signing key of that request is in the store: made now, as by `thrivosign_key_store_create`, or by an
/// earlier process that got no further. One that was made to attest another challenge, and has no certificate, makes room
/// for a new one. Code 407 for a key that was not made here, or is certified.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_key_info_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`; code 104 while another call is at work. A store of the host's is
/// called on this very thread and may wait for a person.
/// NULL: `challenge`, `out` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_requests_key(
    self_: *const thrivosign_requests,
    store: *const thrivosign_key_store,
    name: *const c_char,
    algorithm: i32,
    purpose: i32,
    prompt: i32,
    challenge: *const u8,
    challenge_size: usize,
    out: *mut *mut thrivosign_key_info,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let store = caller.handle(store)?;
        let name = caller.text(name)?;
        let challenge = caller.bytes_opt(challenge, challenge_size)?;
        let out = caller.out_opt(out);
        let spec = key_spec_in(algorithm, purpose, prompt, challenge)?;
        out.give(this.key(store.keys(), name, &spec)?)
    })
}

/// As `thrivosign_client_order_certificate`, or goes on with an earlier request of the same key. `value` is in the journal,
/// sealed, until the service has answered. After an error of the network or the login the request stays, and
/// `thrivosign_requests_resume` goes on; a refusal ends it, and the next one is by the same key.
///
/// Ownership: `identity` and `pending` are the caller's, to be freed with `thrivosign_identity_free` and
/// `thrivosign_pending_request_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`; code 104 while another call is at work. Blocks until it is done,
/// cancelled or out of time; a key store of the host's is asked on this very thread. Not for a main thread.
/// NULL: `call` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_requests_order(
    self_: *const thrivosign_requests,
    client: *const thrivosign_client,
    store: *const thrivosign_key_store,
    order: *const thrivosign_certificate_order,
    method: i32,
    value: *const c_char,
    call: *const thrivosign_call,
    identity: *mut *mut thrivosign_identity,
    pending: *mut *mut thrivosign_pending_request,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let client = caller.handle(client)?;
        let store = caller.handle(store)?;
        let order = caller.table(order)?;
        let value = caller.secret(value)?;
        let call = caller.call(call)?;
        let identity = caller.out(identity)?;
        let pending = caller.out(pending)?;
        let parts = order.parts(&caller, store.keys())?;
        let order = parts.order(authentication_method_in(method)?, value);
        told(this.order(&client, store.keys(), order, call.limits())?, identity, pending)
    })
}

/// As `thrivosign_client_renew_certificate`, or goes on with an earlier renewal under the same key. What becomes of the
/// request after an error is as in `thrivosign_requests_order`.
///
/// Ownership: `renewed` and `pending` are the caller's, to be freed with `thrivosign_identity_free` and
/// `thrivosign_pending_request_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`; code 104 while another call is at work. Blocks until it is done,
/// cancelled or out of time; a key store of the host's is asked on this very thread. Not for a main thread.
/// NULL: `call` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_requests_renew(
    self_: *const thrivosign_requests,
    client: *const thrivosign_client,
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
        let client = caller.handle(client)?;
        let store = caller.handle(store)?;
        let identity = caller.handle(identity)?;
        let signing_key = caller.text(signing_key)?;
        let challenge = caller.handle(challenge)?;
        let call = caller.call(call)?;
        let renewed = caller.out(renewed)?;
        let pending = caller.out(pending)?;
        let key = store.keys().info(signing_key)?;
        told(this.renew(&client, store.keys(), &identity, &key, &challenge.challenge, call.limits())?, renewed, pending)
    })
}

/// Goes on where an earlier process stopped; no key is asked, and nothing is typed. After the call `identity` or `pending` is
/// there, as after `thrivosign_requests_order`, or both are NULL: nothing was signed yet. Once the host has kept the
/// identity, it closes the request.
///
/// Ownership: `identity` and `pending` are the caller's, to be freed with `thrivosign_identity_free` and
/// `thrivosign_pending_request_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`; code 104 while another call is at work. Blocks until it is done,
/// cancelled or out of time; not for a main thread.
/// NULL: `call` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_requests_resume(
    self_: *const thrivosign_requests,
    client: *const thrivosign_client,
    signing_key: *const c_char,
    call: *const thrivosign_call,
    identity: *mut *mut thrivosign_identity,
    pending: *mut *mut thrivosign_pending_request,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let client = caller.handle(client)?;
        let signing_key = caller.text(signing_key)?;
        let call = caller.call(call)?;
        let identity = caller.out(identity)?;
        let pending = caller.out(pending)?;
        match this.resume(&client, signing_key, call.limits())? {
            Some(requested) => told(requested, identity, pending),
            None => {
                identity.give_opt(None)?;
                pending.give_opt(None)
            }
        }
    })
}
