//! The C border: the person who shows a PIN or a code before the service uses a key that it holds. Takes the host's table of callbacks, gives the
//! core's trait.

use crate::sink::{Lent, thrivosign_sink};
use crate::table::{Table, answered};
use std::ffi::{CString, c_char, c_void};
use thrivosign::journey::csc::{Factors, Shown, Wanted};
use thrivosign::remote::csc::credential_info::OtpType;
use thrivosign::remote::secret::Secret;
use thrivosign::{Error, ErrorKind, Result};

/// The one-time code that the service wants beside a PIN.
#[repr(C)]
pub enum thrivosign_wanted_code {
    /// None.
    Nothing = 0,
    /// One that has just been sent.
    Sent = 1,
    /// One that the person's generator makes.
    Generated = 2,
}

/// Asks the person for what the service wants to be shown before it uses a key. The callback answers 0, or a code of `thrivosign_error_kind`: 402 if
/// the person would not; any other number counts as 410.
///
/// Ownership: the library has `context` from the call that takes the struct until it calls `destroy`.
/// Lifetime: the struct is copied; what is passed to a callback is good until it returns.
/// Threads: `ask` is called on the thread of whichever call signs, on several at once if the store is used so, and never under a lock.
/// NULL: `destroy` may be NULL; `ask` may not.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct thrivosign_factor_callbacks {
    /// `sizeof(thrivosign_factor_callbacks)`.
    pub struct_size: usize,
    /// Called once, when `context` is no longer needed.
    pub destroy: Option<extern "C" fn(context: *mut c_void)>,
    /// Handed to every callback.
    pub context: *mut c_void,
    /// Appends the PIN to `pin` where `pin_wanted` is 1, and the one-time code to `code` unless `code_wanted`, one of `thrivosign_wanted_code`, is 0.
    /// Called once for each signature, and not at all for a credential that a device approves.
    pub ask: Option<
        extern "C" fn(
            context: *mut c_void,
            credential_id: *const c_char,
            pin_wanted: i32,
            code_wanted: i32,
            pin: *mut thrivosign_sink,
            code: *mut thrivosign_sink,
        ) -> i32,
    >,
}

// SAFETY: `repr(C)`, begins with `struct_size`; zeros are NULL and no callback.
unsafe impl Table for thrivosign_factor_callbacks {
    const OPTIONAL: &'static [usize] = &[];
}

/// The host behind its callbacks.
pub(crate) struct HostFactors(thrivosign_factor_callbacks);

// SAFETY: the header asks for callbacks that bear being called on any thread; `context` goes nowhere but back to them.
unsafe impl Send for HostFactors {}
// SAFETY: as above.
unsafe impl Sync for HostFactors {}

impl Drop for HostFactors {
    fn drop(&mut self) {
        if let Some(destroy) = self.0.destroy {
            destroy(self.0.context);
        }
    }
}

impl HostFactors {
    /// # Errors
    /// [`ErrorKind::NullArgument`] without `ask`; `context` is still the host's then.
    pub(crate) fn new(table: thrivosign_factor_callbacks) -> Result<HostFactors> {
        if table.ask.is_none() {
            return Err(Error::new(ErrorKind::NullArgument).context("a required callback"));
        }
        Ok(HostFactors(table))
    }
}

fn secret(lent: Lent) -> Result<Option<Secret>> {
    let odd = |_| Error::new(ErrorKind::KeyStoreUnavailable).context("a callback gave a text that is not UTF-8");
    let text = String::from_utf8(lent.whole()?).map_err(odd)?;
    Ok(Some(Secret::new(text)).filter(|secret| !secret.is_empty()))
}

impl Factors for HostFactors {
    fn ask(&self, wanted: &Wanted) -> Result<Shown> {
        let ask = self.0.ask.ok_or_else(|| Error::new(ErrorKind::KeyStoreUnavailable))?;
        let id = CString::new(wanted.credential_id.as_str()).map_err(|_| Error::new(ErrorKind::InvalidArgument))?;
        let code_wanted = match wanted.otp {
            None => thrivosign_wanted_code::Nothing,
            Some(OtpType::Online) => thrivosign_wanted_code::Sent,
            Some(OtpType::Offline) => thrivosign_wanted_code::Generated,
        };
        let (pin, code) = (Lent::new(), Lent::new());
        let answer = ask(self.0.context, id.as_ptr(), i32::from(wanted.pin), code_wanted as i32, pin.handle(), code.handle());
        answered(answer, ErrorKind::KeyStoreUnavailable)?;
        Ok(Shown { pin: secret(pin)?, otp: secret(code)? })
    }
}
