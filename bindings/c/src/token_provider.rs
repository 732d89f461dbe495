//! The C border: tokens that the host asks somebody else for.

use crate::sink::{Lent, thrivosign_sink};
use crate::table::{Table, answered};
use std::ffi::c_void;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use thrivosign::journey::{Limits, TokenProvider};
use thrivosign::remote::login::{BEARER, Tokens};
use thrivosign::remote::proof::DPOP;
use thrivosign::remote::secret::Secret;
use thrivosign::{Error, ErrorKind, Result};

/// Gives tokens of the host's own back end, which knows the client's secret and logs the person in. The callback answers 0, or a code of
/// `thrivosign_error_kind`: 503 if the person must log in anew; any other number counts as 611.
///
/// Ownership: the library has `context` from the call that takes the struct until it calls `destroy`.
/// Lifetime: the struct is copied; what is passed to a callback is good until it returns.
/// Threads: `tokens` is called on the thread of whichever call needs them, by one at a time, and never under a lock.
/// NULL: `destroy` may be NULL; `tokens` may not.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct thrivosign_token_callbacks {
    /// `sizeof(thrivosign_token_callbacks)`.
    pub struct_size: usize,
    /// Called once, when `context` is no longer needed.
    pub destroy: Option<extern "C" fn(context: *mut c_void)>,
    /// Handed to every callback.
    pub context: *mut c_void,
    /// Appends an access token that is good now to `access_token`, and says for how many seconds it is. `dpop`, which is 0 before, is set to 1 for a
    /// token that is bound to the key of `thrivosign_client_prove_with`.
    pub tokens:
        Option<extern "C" fn(context: *mut c_void, access_token: *mut thrivosign_sink, dpop: *mut i32, expires_in: *mut i64) -> i32>,
}

// SAFETY: `repr(C)`, begins with `struct_size`; zeros are NULL and no callback.
unsafe impl Table for thrivosign_token_callbacks {
    const OPTIONAL: &'static [usize] = &[];
}

/// The host behind its callbacks.
pub(crate) struct HostTokens {
    table: thrivosign_token_callbacks,
    /// Whether `context` is still to be destroyed by us.
    ours: AtomicBool,
}

impl HostTokens {
    /// After the call `context` is the host's again.
    pub(crate) fn give_back(&self) {
        self.ours.store(false, Ordering::Relaxed);
    }
}

// SAFETY: the header asks for callbacks that bear being called on any thread; `context` goes nowhere but back to them.
unsafe impl Send for HostTokens {}
// SAFETY: as above.
unsafe impl Sync for HostTokens {}

impl Drop for HostTokens {
    fn drop(&mut self) {
        if let (Some(destroy), true) = (self.table.destroy, self.ours.load(Ordering::Relaxed)) {
            destroy(self.table.context);
        }
    }
}

impl TokenProvider for HostTokens {
    fn tokens(&self, _: &Limits) -> Result<Tokens> {
        let odd = |what: &'static str| Error::new(ErrorKind::BadAnswer).context(what);
        let tokens = self.table.tokens.ok_or_else(|| odd("no callback"))?;
        let (token, mut dpop, mut seconds) = (Lent::new(), 0, 0);
        answered(tokens(self.table.context, token.handle(), &raw mut dpop, &raw mut seconds), ErrorKind::ServiceUnavailable)?;
        let text = String::from_utf8(token.whole()?).map_err(|_| odd("a callback gave a token that is not UTF-8"))?;
        let expires_in = u64::try_from(seconds).map_err(|_| odd("a callback gave a token that ended before it began"))?;
        let token_type = if dpop == 0 { BEARER } else { DPOP }.to_owned();
        Ok(Tokens { access_token: Secret::new(text), token_type, expires_in, refresh_token: None })
    }
}

impl thrivosign_token_callbacks {
    /// The core's provider; `destroy` is called when it goes.
    ///
    /// # Errors
    /// [`ErrorKind::NullArgument`] without `tokens`; `context` is still the host's then.
    pub(crate) fn provider(self) -> Result<Arc<HostTokens>> {
        if self.tokens.is_none() {
            return Err(Error::new(ErrorKind::NullArgument).context("a required callback"));
        }
        Ok(Arc::new(HostTokens { table: self, ours: AtomicBool::new(true) }))
    }
}
