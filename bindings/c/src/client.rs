//! The C border: a client of one service: login, tokens, and the service's time.

use crate::buffer::thrivosign_buffer;
use crate::call::thrivosign_call;
use crate::caller::Caller;
use crate::error::thrivosign_error;
use crate::guard::{NO_SELF, guard, guard_or};
use crate::key_store::thrivosign_key_store;
use crate::token::{self, Kind, Noun};
use crate::token_provider::thrivosign_token_callbacks;

use crate::environment::thrivosign_environment;
use std::ffi::c_char;
use thrivosign::journey::Session;

/// A session with one service. Its tokens live in memory only and are wiped.
pub struct thrivosign_client(());

impl Noun for thrivosign_client {
    type Value = Session;
    const KIND: Kind = Kind::Client;
}

/// After the call `out` is a client that is not logged in. Nothing is sent and no thread is started yet.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_client_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_client_new(
    environment: *const thrivosign_environment,
    out: *mut *mut thrivosign_client,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(NO_SELF, || {
        let environment = caller.handle(environment)?;
        let out = caller.out(out)?;
        out.give(environment.session()?)
    })
}

/// After the call tokens are asked for with proofs of that authentication key (DPoP, RFC 9449): what the service then gives
/// is of no use to whoever steals it. Tokens that are held already are bound at their next refresh. The key signs once for
/// each call and each login, so it must be one that does not ask the person (code 406). Better called before the login.
///
/// Ownership: the client keeps the store, until it goes or is told another; the name is copied.
/// Lifetime: arguments are needed only until the function returns; the handle of the store may be freed after it.
/// Threads: any, also several at once on one `self`; a store of the host's is asked on the threads of later calls.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_client_prove_with(
    self_: *const thrivosign_client,
    store: *const thrivosign_key_store,
    authentication_key: *const c_char,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let store = caller.handle(store)?;
        let authentication_key = caller.text(authentication_key)?;
        this.prove_with(store, authentication_key)
    })
}

/// After the call `out` is 1 if the client has tokens that only its own key can use, otherwise 0.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_client_is_bound(self_: *const thrivosign_client, out: *mut i32) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(i32::from(this.is_bound()))
    })
}

/// After the call the client has tokens of the host's own back end, and asks it again shortly before they end and after the service refused one.
///
/// Ownership: on success `context` is the library's until it calls `destroy`; after an error it is still the caller's. The
/// struct is copied.
/// Lifetime: `destroy` is called once, when the client is gone, logs out or is told another way to log in.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
/// thread.
/// NULL: `call` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_client_provide_with(
    self_: *const thrivosign_client,
    callbacks: *const thrivosign_token_callbacks,
    call: *const thrivosign_call,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let call = caller.call(call)?;
        let callbacks = caller.table(callbacks)?;
        let provider = callbacks.provider()?;
        let given = this.provide_with(provider.clone(), call.limits());
        if given.is_err() {
            provider.give_back();
        }
        given
    })
}

/// After the call the newest pins that the service has published are in force if an update key of the environment says so. `out` is 1 if they are
/// newer than those before, and then `thrivosign_client_pin_document` is worth keeping; otherwise 0. Worth a call now and then; where the service's
/// key is not among the pins, the library asks by itself. Code 510 if the service has published none, 614 for a document that must not be believed.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
/// thread.
/// NULL: `call` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_client_update_pins(
    self_: *const thrivosign_client,
    call: *const thrivosign_call,
    out: *mut i32,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let call = caller.call(call)?;
        let out = caller.out(out)?;
        out.set(i32::from(this.update_pins(call.limits())?))
    })
}

/// After the call `out` is the document (text) that the pins in force came from, to be given to `thrivosign_environment_set_pin_document` at the next
/// start; NULL for the pins of the environment itself.
///
/// Ownership: `out`, if not NULL, is the caller's, to be freed with `thrivosign_buffer_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_client_pin_document(
    self_: *const thrivosign_client,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give_bytes_opt(this.pin_document().as_deref().map(str::as_bytes))
    })
}

/// After the call the client has tokens of that user. Sent once: a wrong password counts as a try.
///
/// Ownership: arguments are copied; the copy of the password is wiped.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
/// thread.
/// NULL: `call` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_client_login(
    self_: *const thrivosign_client,
    username: *const c_char,
    password: *const c_char,
    call: *const thrivosign_call,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let username = caller.text(username)?;
        let password = caller.secret(password)?;
        let call = caller.call(call)?;
        this.login(username, password, call.limits())
    })
}

/// After the call the client has tokens of the OAuth client itself, whose secret the environment holds.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
/// thread.
/// NULL: `call` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_client_login_client(
    self_: *const thrivosign_client,
    call: *const thrivosign_call,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let call = caller.call(call)?;
        this.login_client(call.limits())
    })
}

/// After the call the client has tokens that came of an earlier refresh token.
///
/// Ownership: the token is copied; the copy is wiped.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
/// thread.
/// NULL: `call` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_client_resume(
    self_: *const thrivosign_client,
    refresh_token: *const c_char,
    call: *const thrivosign_call,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let refresh_token = caller.secret(refresh_token)?;
        let call = caller.call(call)?;
        this.resume(refresh_token, call.limits())
    })
}

/// After the call `out` holds the refresh token, to be kept in the platform's secret storage for
/// `thrivosign_client_resume`; or NULL if there is none.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`, which wipes it.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_client_refresh_token(
    self_: *const thrivosign_client,
    out: *mut *mut thrivosign_buffer,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        let token = this.refresh_token();
        out.give_bytes_opt(token.as_ref().map(|token| token.expose().as_bytes()))
    })
}

/// After the call `out` is 1 if the client has tokens, otherwise 0. The service may have revoked them since.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_client_is_logged_in(self_: *const thrivosign_client, out: *mut i32) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(i32::from(this.is_logged_in()))
    })
}

/// After the call the client has no tokens, and the service was asked to forget them; after an error too, the tokens are
/// gone from here.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
/// thread.
/// NULL: `call` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_client_logout(self_: *const thrivosign_client, call: *const thrivosign_call) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let call = caller.call(call)?;
        this.logout(call.limits())
    })
}

/// After the call `present` is 1 and `unix_time` the service's time now, by its last answer: seconds since
/// 1970-01-01T00:00:00Z, for a device whose clock may be wrong. Before the first answer `present` is 0 and `unix_time` 0.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_client_service_time(
    self_: *const thrivosign_client,
    present: *mut i32,
    unix_time: *mut i64,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let present = caller.out(present)?;
        let unix_time = caller.out(unix_time)?;
        let time = this.service_time();
        present.set(i32::from(time.is_some()))?;
        unix_time.set(time.map_or(0, |time| time.unix()))
    })
}

/// After the call `out` is another handle for the same client.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_client_free`, apart from `self`.
/// Lifetime: the object lives until its last handle is freed and its last call has ended.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_client_ref(self_: *const thrivosign_client, out: *mut *mut thrivosign_client) -> *mut thrivosign_error {
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
pub unsafe extern "C" fn thrivosign_client_free(self_: *mut thrivosign_client) {
    guard_or(self_, (), || token::free(self_));
}
