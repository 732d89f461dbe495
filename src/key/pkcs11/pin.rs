//! The key room, PKCS#11: a PIN, until it is refused.
//!
//! Takes what the person gave, gives it to the module and to nobody else; wiped when it was refused or is dropped.

use crate::crypto::digest::sha256;
use crate::error::{Error, ErrorKind, Result};
use crate::key::Passphrase;
use cryptoki::types::RawAuthPin;

/// `None` once it was refused: it is not tried again.
pub(super) struct Pin(Option<Passphrase>);

impl Pin {
    pub(super) fn new(pin: Passphrase) -> Pin {
        Pin(Some(pin))
    }

    /// The form the module takes it in, wiped when dropped.
    ///
    /// # Errors
    /// [`ErrorKind::PassphraseWrong`] if it was refused before.
    pub(super) fn raw(&self) -> Result<RawAuthPin> {
        let pin = self.0.as_ref().ok_or_else(|| {
            let context = "the token refused the PIN before, and it is not tried again; open the store with the right one";
            Error::new(ErrorKind::PassphraseWrong).context(context)
        })?;
        Ok(RawAuthPin::new(Box::new(pin.as_bytes().to_vec())))
    }

    pub(super) fn refuse(&mut self) {
        self.0 = None;
    }

    pub(super) fn was_refused(&self) -> bool {
        self.0.is_none()
    }

    /// Compared by digests, which tell nothing by the time they take.
    pub(super) fn is(&self, other: &Passphrase) -> bool {
        self.0.as_ref().is_some_and(|pin| sha256(pin.as_bytes()) == sha256(other.as_bytes()))
    }
}
