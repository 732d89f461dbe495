//! The C border: what a back office shows of itself when it connects (mutual TLS, RFC 8705), as settings of an environment.

use crate::caller::Caller;
use crate::environment::thrivosign_environment;
use crate::error::thrivosign_error;
use crate::guard::guard;
use crate::key_store::thrivosign_key_store;
use std::ffi::c_char;
use thrivosign::journey::client_certificate::{of_file, of_key};

/// After the call connections show this certificate if the service asks for one, and `thrivosign_client_login_client` logs in by it. `chain` is
/// PEM, the client's own certificate first, then its issuers; `authentication_key` is its key in the store, an authentication key that does not ask
/// the person (code 406).
///
/// Ownership: the environment and clients made from it keep the store; the rest is copied.
/// Lifetime: arguments are needed only until the function returns; the handle of the store may be freed after it.
/// Threads: any; calls that change one object had better not meet, as the last one wins. A store of the host's is asked on the network thread.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_environment_set_client_certificate(
    self_: *mut thrivosign_environment,
    store: *const thrivosign_key_store,
    authentication_key: *const c_char,
    chain: *const u8,
    chain_size: usize,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let store = caller.handle(store)?;
        let authentication_key = caller.text(authentication_key)?;
        let certificate = of_key(store, authentication_key, caller.bytes(chain, chain_size)?)?;
        this.state().connection.set_client_certificate(certificate)
    })
}

/// The same with the first private key of a file (PEM or DER, PKCS#8, encrypted or not). The key stays in memory and is wiped when the environment
/// and every client made from it are gone.
///
/// Ownership: nothing changes hands; arguments are copied, and the copy of the passphrase is wiped.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any; calls that change one object had better not meet, as the last one wins.
/// NULL: `passphrase` may be NULL for a key that has none; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_environment_set_client_certificate_file(
    self_: *mut thrivosign_environment,
    chain: *const u8,
    chain_size: usize,
    key_file: *const u8,
    key_file_size: usize,
    passphrase: *const c_char,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let chain = caller.bytes(chain, chain_size)?;
        let key_file = caller.bytes(key_file, key_file_size)?;
        let passphrase = caller.passphrase_opt(passphrase)?;
        let certificate = of_file(chain, key_file, passphrase.as_ref())?;
        this.state().connection.set_client_certificate(certificate)
    })
}
