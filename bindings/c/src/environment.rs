//! The C border: what a client is made from: where the service is, what it is shown, whom the connection trusts. Takes one setting at a time, gives
//! the core's options.

use crate::caller::Caller;
use crate::error::thrivosign_error;
use crate::guard::{NO_SELF, guard, guard_or};
use crate::settings::Settings;
use crate::token::{self, Kind, Noun};
use std::ffi::c_char;
use thrivosign::remote::secret::Secret;

/// What a client is made from. Settings are copied when the client is made; later ones do not reach it.
pub struct thrivosign_environment(());

impl Noun for thrivosign_environment {
    type Value = Settings;
    const KIND: Kind = Kind::Environment;
}

/// After the call `out` is an environment for the service at `base_address`, such as `https://sign.example.org`: the
/// bundled roots, no pins, no proxy. Its API key is still to be set: without one no client is made (code 109). Nothing
/// is looked up or connected, and the address is checked when a client is made.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_environment_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_environment_new(
    base_address: *const c_char,
    out: *mut *mut thrivosign_environment,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(NO_SELF, || {
        let base_address = caller.text(base_address)?;
        let out = caller.out(out)?;
        out.give(Settings::new(base_address))
    })
}

/// After the call calls carry this API key.
///
/// Ownership: the key is copied; the copy is wiped when it goes.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any; calls that change one object had better not meet, as the last one wins.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_environment_set_api_key(
    self_: *mut thrivosign_environment,
    api_key: *const c_char,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let api_key = caller.secret(api_key)?;
        this.state().api_key = Some(api_key);
        Ok(())
    })
}

/// After the call the API key travels in the header of that name in place of the usual one.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any; calls that change one object had better not meet, as the last one wins.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_environment_set_api_key_header(
    self_: *mut thrivosign_environment,
    name: *const c_char,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let name = caller.text(name)?;
        this.state().api_key_header = Some(name.to_owned());
        Ok(())
    })
}

/// After the call the certificates of this PEM text, and no others, may vouch for the service.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any; calls that change one object had better not meet, as the last one wins.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_environment_set_roots_pem(
    self_: *mut thrivosign_environment,
    pem: *const u8,
    pem_size: usize,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let pem = caller.bytes(pem, pem_size)?;
        this.state().connection.set_roots(pem)
    })
}

/// After the call the public authorities that Mozilla trusts, as bundled when the library was built, may vouch for the
/// service. This is so at first.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any; calls that change one object had better not meet, as the last one wins.
/// NULL: `self` may not be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_environment_set_bundled_roots(self_: *mut thrivosign_environment) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        this.state().connection.set_bundled_roots()
    })
}

/// After the call connections go through the HTTP proxy at `address`, `http://host:port`, which is asked to CONNECT; TLS
/// stays end to end. With `user` and `password` it is shown both.
///
/// Ownership: arguments are copied; the copy of the password is wiped when it goes.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any; calls that change one object had better not meet, as the last one wins.
/// NULL: `user`, `password` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_environment_set_proxy(
    self_: *mut thrivosign_environment,
    address: *const c_char,
    user: *const c_char,
    password: *const c_char,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let address = caller.text(address)?;
        let user = caller.text_opt(user)?;
        let password = caller.secret_opt(password)?;
        let login = user.map(|user| (user.to_owned(), password.unwrap_or_else(|| Secret::new(""))));
        this.state().connection.set_proxy(address, login)
    })
}

/// After the call the user agent ends with this text.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any; calls that change one object had better not meet, as the last one wins.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_environment_set_user_agent_suffix(
    self_: *mut thrivosign_environment,
    suffix: *const c_char,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let suffix = caller.text(suffix)?;
        this.state().user_agent_suffix = Some(suffix.to_owned());
        Ok(())
    })
}

/// After the call logins name this OAuth client, and show its secret if there is one.
///
/// Ownership: arguments are copied; the copy of the secret is wiped when it goes.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any; calls that change one object had better not meet, as the last one wins.
/// NULL: `secret` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_environment_set_client(
    self_: *mut thrivosign_environment,
    id: *const c_char,
    secret: *const c_char,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let id = caller.text(id)?;
        let secret = caller.secret_opt(secret)?;
        this.state().client = Some((id.to_owned(), secret));
        Ok(())
    })
}

/// After the call a call that may be sent again is sent at most so often in all; 1 means never again. 4 at first.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any; calls that change one object had better not meet, as the last one wins.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_environment_set_retry_tries(self_: *mut thrivosign_environment, tries: u32) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        this.state().retry.tries = tries;
        Ok(())
    })
}

/// After the call an address with `http` is taken: passwords, tokens and documents then cross the network in the clear.
/// Never outside a test.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any; calls that change one object had better not meet, as the last one wins.
/// NULL: `self` may not be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_environment_dangerous_allow_plain_http(self_: *mut thrivosign_environment) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        this.state().plain_http = true;
        Ok(())
    })
}

/// After the call `out` is another handle for the same environment.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_environment_free`, apart from `self`.
/// Lifetime: the object lives until its last handle is freed and its last call has ended.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_environment_ref(
    self_: *const thrivosign_environment,
    out: *mut *mut thrivosign_environment,
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
pub unsafe extern "C" fn thrivosign_environment_free(self_: *mut thrivosign_environment) {
    guard_or(self_, (), || token::free(self_));
}
