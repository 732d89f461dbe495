//! The C border: keys that the service holds (mode `remote`, CSC API): a new one, and the key store over them.

use crate::buffer::thrivosign_buffer;
use crate::call::thrivosign_call;
use crate::caller::Caller;
use crate::certificates::thrivosign_certificates;
use crate::challenge::thrivosign_challenge;
use crate::client::thrivosign_client;
use crate::enums::{authentication_method_in, unknown};
use crate::error::thrivosign_error;
use crate::factors::{HostFactors, thrivosign_factor_callbacks};
use crate::guard::{NO_SELF, guard};
use crate::key_store::thrivosign_key_store;
use crate::store::Store;
use std::ffi::c_char;
use std::sync::Arc;
use thrivosign::Result;
use thrivosign::journey::csc::credential::{self, Control, RemoteOrder, SecondFactor};
use thrivosign::journey::csc::{About, CscKeyStore};

/// What each signature with a remote credential takes beside its PIN.
#[repr(C)]
pub enum thrivosign_second_factor {
    /// Nothing.
    Nothing = 0,
    /// A code that is sent to the person's phone.
    Sms = 1,
    /// A code that the person's generator makes (RFC 6238).
    Totp = 2,
}

fn second_factor_in(value: i32) -> Result<SecondFactor> {
    use thrivosign_second_factor as In;
    Ok(match value {
        x if x == In::Nothing as i32 => SecondFactor::None,
        x if x == In::Sms as i32 => SecondFactor::Sms,
        x if x == In::Totp as i32 => SecondFactor::Totp,
        _ => return Err(unknown("second factor")),
    })
}

/// After the call `out` is the key store over the person's credentials at the service, whose client must be logged in when a key is used; a key's name
/// is the credential's id. What is signed is hashed here, the service gets the hash, and its value is checked before it is given. The person is
/// asked by `factors`, and where a device approves it shows `description` and `document_name`. Cancel token and times of `call` hold for everything that
/// the store asks the service: its time for each call is for how long a person is waited for, and its time for the whole counts from now.
///
/// Ownership: on success `context` is the library's until it calls `destroy`; after an error it is still the caller's. The struct is copied, the store
/// keeps the client. `out` is the caller's, to be freed with `thrivosign_key_store_free`.
/// Lifetime: `destroy` is called once, when the last handle is freed and the last call on the store has ended.
/// Threads: any, also several at once. What is called on the store blocks; not for a main thread.
/// NULL: `description`, `document_name` and `call` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_key_store_new_remote(
    client: *const thrivosign_client,
    factors: *const thrivosign_factor_callbacks,
    description: *const c_char,
    document_name: *const c_char,
    call: *const thrivosign_call,
    out: *mut *mut thrivosign_key_store,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(NO_SELF, || {
        let client = caller.handle(client)?;
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let about = About { description: owned(caller.text_opt(description)?), document_name: owned(caller.text_opt(document_name)?) };
        let limits = caller.call(call)?.limits().clone();
        let factors = caller.table(factors)?;
        let out = caller.out(out)?;
        out.give(Store::Remote(CscKeyStore::new(client, Arc::new(HostFactors::new(factors)?), about, limits)))
    })
}

/// After the call `out` holds the certificates of a credential, its own first: what `thrivosign_signer_new_from_certificates` takes. Code 104 for a key
/// store of another kind, which knows no certificates; 401 for no such credential.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_certificates_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`. Blocks until the service has answered; not for a main thread.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_key_store_certificates(
    self_: *const thrivosign_key_store,
    name: *const c_char,
    out: *mut *mut thrivosign_certificates,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let name = caller.text(name)?;
        let out = caller.out(out)?;
        out.give(this.remote()?.certificates(name)?)
    })
}

/// After the call the service has a new key of the person's, which it keeps, with a certificate that leads to an issuer. `value` is the one-time code,
/// passphrase or reference that `method`, one of `thrivosign_authentication_method`, asks for. Each signature takes `pin`, at least six characters, and
/// what `second_factor`, one of `thrivosign_second_factor`, says; without a PIN the device approves each signature. `credential_id` is the key's name in
/// the store of `thrivosign_key_store_new_remote`. `generator`, told this once, is what the person's generator of codes is set up with; NULL unless one is wanted.
///
/// Ownership: copies of PIN and value are wiped. The outputs are the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main thread.
/// NULL: `pin` and `call` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_client_request_remote_credential(
    self_: *const thrivosign_client,
    device_uuid: *const c_char,
    challenge: *const thrivosign_challenge,
    method: i32,
    value: *const c_char,
    pin: *const c_char,
    second_factor: i32,
    call: *const thrivosign_call,
    credential_id: *mut *mut thrivosign_buffer,
    generator: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let challenge = caller.handle(challenge)?;
        let order = RemoteOrder {
            device_uuid: caller.text(device_uuid)?,
            challenge: &challenge.challenge,
            method: authentication_method_in(method)?,
            value: caller.secret(value)?,
            control: Control::of(caller.secret_opt(pin)?, second_factor_in(second_factor)?)?,
        };
        let call = caller.call(call)?;
        let (credential_id, generator) = (caller.out(credential_id)?, caller.out(generator)?);
        let made = credential::request(&this, order, call.limits())?;
        generator.give_bytes_opt(made.totp_secret.as_ref().map(|secret| secret.expose().as_bytes()))?;
        credential_id.give_bytes(made.credential_id.as_bytes())
    })
}
