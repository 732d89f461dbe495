//! The C border: which keys the service may have, as settings of an environment.

use crate::caller::Caller;
use crate::environment::thrivosign_environment;
use crate::error::thrivosign_error;
use crate::guard::guard;
use crate::pin_observer::thrivosign_pin_callbacks;
use std::ffi::c_char;
use thrivosign::Time;
use thrivosign::crypto::PublicKey;

/// After the call the service's key must be this one or another pinned one, beside what the roots say. A pin is the
/// SHA-256 of the SubjectPublicKeyInfo in base64 (RFC 7469 2.4); a client is made only with none or with at least two.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any; calls that change one object had better not meet, as the last one wins.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_environment_add_pin(self_: *mut thrivosign_environment, pin: *const c_char) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let pin = caller.text(pin)?;
        this.state().connection.add_pin(pin)
    })
}

/// After the call the pins are only reported, not enforced, once that time is over. Seconds since 1970-01-01T00:00:00Z.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any; calls that change one object had better not meet, as the last one wins.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_environment_set_pins_not_after(
    self_: *mut thrivosign_environment,
    unix_time: i64,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        this.state().connection.set_pins_not_after(Time::from_unix(unix_time))
    })
}

/// After the call, unless `report_only` is 0, a pin that does not fit is told to the observer and ends no connection.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any; calls that change one object had better not meet, as the last one wins.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_environment_set_pins_report_only(
    self_: *mut thrivosign_environment,
    report_only: i32,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        this.state().connection.set_pins_report_only(report_only != 0)
    })
}

/// After the call documents of pins that this key signed are believed (PEM, `PUBLIC KEY`): what the service publishes takes the place of the pins
/// when its key changes, and no newer app is needed. One, and better a second that is kept elsewhere. A client with such keys needs pins to begin
/// with (code 109).
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any; calls that change one object had better not meet, as the last one wins.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_environment_add_pin_update_key(
    self_: *mut thrivosign_environment,
    pem: *const u8,
    pem_size: usize,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let key = PublicKey::from_pem(caller.bytes(pem, pem_size)?)?;
        this.state().connection.add_pin_update_key(key)
    })
}

/// After the call clients begin with the pins of that document, which `thrivosign_client_pin_document` gave and the app kept. It need not be secret:
/// one that no update key signed is told to the observer and left alone.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any; calls that change one object had better not meet, as the last one wins.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_environment_set_pin_document(
    self_: *mut thrivosign_environment,
    document: *const c_char,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let document = caller.text(document)?;
        this.state().connection.set_pin_document(document)
    })
}

/// After the call the observer is told when a pin does not fit, the pins have run out or were replaced.
///
/// Ownership: on success `context` is the library's until it calls `destroy`; after an error it is still the caller's.
/// The struct is copied.
/// Lifetime: `destroy` is called once, when the environment and every client made from it are gone.
/// Threads: any; calls that change one object had better not meet, as the last one wins.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_environment_set_pin_observer(
    self_: *mut thrivosign_environment,
    callbacks: *const thrivosign_pin_callbacks,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let callbacks = caller.table(callbacks)?;
        let before = this.state().connection.set_pin_observer(callbacks)?;
        drop(before);
        Ok(())
    })
}
