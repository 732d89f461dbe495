//! The C border: approvals on the device (SCAL 2): which remote signatures wait for it, and the person's yes or no to one.

use crate::authorization_list::thrivosign_authorization_list;
use crate::call::thrivosign_call;
use crate::caller::Caller;
use crate::client::thrivosign_client;
use crate::enums::unknown;
use crate::error::thrivosign_error;
use crate::guard::guard;
use crate::key_store::thrivosign_key_store;
use crate::nth::nth;
use std::ffi::c_char;
use std::time::Duration;
use thrivosign::Result;
use thrivosign::journey::csc::approvals::{self, Decision};

/// What the person says to a remote signature.
#[repr(C)]
pub enum thrivosign_decision {
    /// Yes, to all of it.
    Approve = 1,
    /// No.
    Decline = 2,
}

fn decision_in(value: i32) -> Result<Decision> {
    use thrivosign_decision as In;
    Ok(match value {
        x if x == In::Approve as i32 => Decision::Approve,
        x if x == In::Decline as i32 => Decision::Decline,
        _ => return Err(unknown("decision")),
    })
}

/// After the call `out` holds the remote signatures that wait for that device, the user's own. Where nothing waits, the service holds the call back
/// for up to `wait_seconds`, at most 60, whatever `call` says of one exchange.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_authorization_list_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
/// thread.
/// NULL: `call` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_client_waiting_authorizations(
    self_: *const thrivosign_client,
    device_uuid: *const c_char,
    wait_seconds: u64,
    call: *const thrivosign_call,
    out: *mut *mut thrivosign_authorization_list,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let device_uuid = caller.text(device_uuid)?;
        let call = caller.call(call)?;
        let out = caller.out(out)?;
        out.give(approvals::waiting(&this, device_uuid, Duration::from_secs(wait_seconds), call.limits())?)
    })
}

/// After the call the service has the person's `decision`, one of `thrivosign_decision`, about the authorization at that index: signed by the device's
/// authentication key, which is asked once, over the very hashes of the list. To be called once the person has seen what the list says of it. Code
/// 512 if it was decided otherwise, or too late. `index` counts from 0.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; a key store of
/// the host's is asked on this very thread. Not for a main thread.
/// NULL: `call` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_client_answer_authorization(
    self_: *const thrivosign_client,
    store: *const thrivosign_key_store,
    authentication_key: *const c_char,
    authorizations: *const thrivosign_authorization_list,
    index: usize,
    decision: i32,
    call: *const thrivosign_call,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let store = caller.handle(store)?;
        let authentication_key = caller.text(authentication_key)?;
        let authorizations = caller.handle(authorizations)?;
        let decision = decision_in(decision)?;
        let call = caller.call(call)?;
        approvals::answer(&this, store.keys(), authentication_key, nth(&authorizations, index)?, decision, call.limits())
    })
}
