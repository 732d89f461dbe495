//! The C border: enrolment, from a new device to an identity that may sign. Each function is one step that a person may stand between.

use crate::activation::thrivosign_activation;
use crate::buffer::thrivosign_buffer;
use crate::call::thrivosign_call;
use crate::caller::{Caller, Out};
use crate::certificate_order::thrivosign_certificate_order;
use crate::challenge::thrivosign_challenge;
use crate::client::thrivosign_client;
use crate::credential_list::thrivosign_credential_list;
use crate::enums::{authentication_method_in, revocation_reason_in, security_level_out};
use crate::error::thrivosign_error;
use crate::guard::{NO_SELF, guard};
use crate::identity::thrivosign_identity;
use crate::key_store::thrivosign_key_store;
use crate::pending_request::thrivosign_pending_request;
use std::ffi::c_char;
use thrivosign::Result;
use thrivosign::journey::enrol::{self, Device, Requested};
use thrivosign::remote::register_device::attestation_challenge;

/// After the call a device activation code is on its way to the user.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
/// thread.
/// NULL: `call` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_client_send_device_code(
    self_: *const thrivosign_client,
    call: *const thrivosign_call,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let call = caller.call(call)?;
        enrol::send_device_code(&this, call.limits())
    })
}

/// After the call `out` is what the attestation of an authentication key is bound to (32 bytes): the device and the activation code that was sent to the
/// person. For `thrivosign_key_store_create`, where the service takes only devices whose key is proven.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`; the copy of the code is wiped.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_device_attestation_challenge(
    device_uuid: *const c_char,
    activation_code: *const c_char,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(NO_SELF, || {
        let device_uuid = caller.text(device_uuid)?;
        let activation_code = caller.secret(activation_code)?;
        let out = caller.out(out)?;
        out.give_bytes(&attestation_challenge(device_uuid, &activation_code))
    })
}

/// After the call the device is registered with its authentication key, which was asked once. `device_uuid` is made once
/// by the host and kept; `platform` is `android`, `ios`, `linux` and so on. `security_level` is one of
/// `thrivosign_security_level`: what the service could verify.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
/// thread.
/// NULL: `call`, `security_level` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_client_register_device(
    self_: *const thrivosign_client,
    store: *const thrivosign_key_store,
    authentication_key: *const c_char,
    device_uuid: *const c_char,
    name: *const c_char,
    platform: *const c_char,
    activation_code: *const c_char,
    call: *const thrivosign_call,
    security_level: *mut i32,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let store = caller.handle(store)?;
        let authentication_key = caller.text(authentication_key)?;
        let device_uuid = caller.text(device_uuid)?;
        let name = caller.text(name)?;
        let platform = caller.text(platform)?;
        let activation_code = caller.secret(activation_code)?;
        let call = caller.call(call)?;
        let security_level = caller.out_opt(security_level);
        let key = store.keys().info(authentication_key)?;
        let device = Device { uuid: device_uuid.to_owned(), name: name.to_owned(), platform: platform.to_owned() };
        let registered = enrol::register_device(&this, store.keys(), &key, &device, activation_code, call.limits())?;
        security_level.set(security_level_out(registered.security_level))
    })
}

/// After the call the service no longer knows the device, and its certificates are back at `New`.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
/// thread.
/// NULL: `call` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_client_delete_device(
    self_: *const thrivosign_client,
    device_uuid: *const c_char,
    call: *const thrivosign_call,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let device_uuid = caller.text(device_uuid)?;
        let call = caller.call(call)?;
        enrol::delete_device(&this, device_uuid, call.limits())
    })
}

/// After the call `out` is a challenge for one request; where the method is a one-time code, the code is on its way.
/// `method` is one of `thrivosign_authentication_method`.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_challenge_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
/// thread.
/// NULL: `call` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_client_ask_challenge(
    self_: *const thrivosign_client,
    device_uuid: *const c_char,
    method: i32,
    call: *const thrivosign_call,
    out: *mut *mut thrivosign_challenge,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let device_uuid = caller.text(device_uuid)?;
        let call = caller.call(call)?;
        let out = caller.out(out)?;
        out.give(enrol::ask_challenge(&this, device_uuid, authentication_method_in(method)?, call.limits())?)
    })
}

/// After the call one of the two outputs is NULL. `identity` is there when the certificate was issued and checked against
/// the request; `pending` is there when a registration officer must approve first. `value` is the one-time code,
/// passphrase or reference that `method`, one of `thrivosign_authentication_method`, asks for. The signing key was asked
/// once. If the answer was lost, the same request is asked for again, and no second certificate is issued.
///
/// Ownership: `identity` and `pending` are the caller's, to be freed with `thrivosign_identity_free` and
/// `thrivosign_pending_request_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
/// thread.
/// NULL: `call` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_client_order_certificate(
    self_: *const thrivosign_client,
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
        let store = caller.handle(store)?;
        let order = caller.table(order)?;
        let value = caller.secret(value)?;
        let call = caller.call(call)?;
        let identity = caller.out(identity)?;
        let pending = caller.out(pending)?;
        let parts = order.parts(&caller, store.keys())?;
        let order = parts.order(authentication_method_in(method)?, value);
        let answer = enrol::order_certificate(&this, store.keys(), order, call.limits())?;
        told(answer, identity, pending)
    })
}

/// After the call one of the two outputs is NULL: `identity` is there when the request was approved, `pending` while it
/// waits still.
///
/// Ownership: `identity` and `pending` are the caller's, to be freed with `thrivosign_identity_free` and
/// `thrivosign_pending_request_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
/// thread.
/// NULL: `call` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_client_ask_again(
    self_: *const thrivosign_client,
    request: *const thrivosign_pending_request,
    call: *const thrivosign_call,
    identity: *mut *mut thrivosign_identity,
    pending: *mut *mut thrivosign_pending_request,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let request = caller.handle(request)?;
        let call = caller.call(call)?;
        let identity = caller.out(identity)?;
        let pending = caller.out(pending)?;
        let answer = enrol::ask_again(&this, (*request).clone(), call.limits())?;
        told(answer, identity, pending)
    })
}

/// After the call `out` is the challenge of the activation, and a one-time code is on its way to the person.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_activation_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
/// thread.
/// NULL: `call` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_client_begin_activation(
    self_: *const thrivosign_client,
    identity: *const thrivosign_identity,
    call: *const thrivosign_call,
    out: *mut *mut thrivosign_activation,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let identity = caller.handle(identity)?;
        let call = caller.call(call)?;
        let out = caller.out(out)?;
        out.give(enrol::begin_activation(&this, &identity, call.limits())?)
    })
}

/// After the call `out` is the identity in the state that the service told: it may sign. The authentication key was asked
/// once. If the answer was lost, `thrivosign_client_learn_state` says how it ended.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_identity_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
/// thread.
/// NULL: `call` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_client_finish_activation(
    self_: *const thrivosign_client,
    store: *const thrivosign_key_store,
    identity: *const thrivosign_identity,
    activation: *const thrivosign_activation,
    code: *const c_char,
    call: *const thrivosign_call,
    out: *mut *mut thrivosign_identity,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let store = caller.handle(store)?;
        let identity = caller.handle(identity)?;
        let activation = caller.handle(activation)?;
        let code = caller.secret(code)?;
        let call = caller.call(call)?;
        let out = caller.out(out)?;
        out.give(enrol::finish_activation(&this, store.keys(), &identity, &activation, code, call.limits())?)
    })
}

/// After the call `out` holds all credentials of the user.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_credential_list_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
/// thread.
/// NULL: `call` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_client_list_credentials(
    self_: *const thrivosign_client,
    call: *const thrivosign_call,
    out: *mut *mut thrivosign_credential_list,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let call = caller.call(call)?;
        let out = caller.out(out)?;
        out.give(enrol::list_credentials(&this, call.limits())?)
    })
}

/// After the call `out` is the identity in the state that the service tells now.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_identity_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
/// thread.
/// NULL: `call` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_client_learn_state(
    self_: *const thrivosign_client,
    identity: *const thrivosign_identity,
    call: *const thrivosign_call,
    out: *mut *mut thrivosign_identity,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let identity = caller.handle(identity)?;
        let call = caller.call(call)?;
        let out = caller.out(out)?;
        out.give(enrol::learn_state(&this, &identity, call.limits())?)
    })
}

/// After the call the certificate is revoked for good; revoking it again is no error. `reason` is one of
/// `thrivosign_revocation_reason`.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
/// thread.
/// NULL: `call` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_client_revoke(
    self_: *const thrivosign_client,
    credential_id: *const c_char,
    reason: i32,
    call: *const thrivosign_call,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let credential_id = caller.text(credential_id)?;
        let call = caller.call(call)?;
        enrol::revoke(&this, credential_id, revocation_reason_in(reason)?, call.limits())
    })
}

/// One of two outcomes, the other NULL.
pub(crate) fn told(
    answer: Requested,
    identity: Out<*mut thrivosign_identity>,
    pending: Out<*mut thrivosign_pending_request>,
) -> Result<()> {
    let (issued, waiting) = match answer {
        Requested::Issued(issued) => (Some(issued), None),
        Requested::Pending(waiting) => (None, Some(waiting)),
    };
    identity.give_opt(issued)?;
    pending.give_opt(waiting)
}
