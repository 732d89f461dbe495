//! The key room, PKCS#11: a PIN, until it is refused, or the token's own pad to type it on.
//!
//! Takes what the person gave, gives it to the module and to nobody else; wiped when it was refused or is dropped. What is typed
//! on a pad never comes here.

use crate::crypto::digest::sha256;
use crate::error::{Error, ErrorKind, Result};
use crate::key::Passphrase;
use cryptoki::error::Error as ModuleError;
use cryptoki::session::{Session, UserType};
use cryptoki::types::RawAuthPin;

/// Where the token has its PIN from. What was refused is not tried again, and a person whose typing was refused is not asked again.
pub(super) enum Pin {
    /// From this process, which holds it; `None` once it was refused.
    Held(Option<Passphrase>),
    /// From the person, on the token's pad (CKF_PROTECTED_AUTHENTICATION_PATH).
    Pad { refused: bool },
}

/// One answer to a token that asks: a PIN in the form the module takes it in, wiped when dropped, or none, so that the pad asks.
pub(super) struct Answer(Option<RawAuthPin>);

impl Answer {
    pub(super) fn is_typed(&self) -> bool {
        self.0.is_none()
    }

    pub(super) fn give(&self, session: &Session, user: UserType) -> Result<(), ModuleError> {
        match &self.0 {
            Some(pin) => session.login_with_raw(user, pin),
            None => session.login(user, None),
        }
    }
}

impl Pin {
    pub(super) fn held(pin: Passphrase) -> Pin {
        Pin::Held(Some(pin))
    }

    pub(super) fn pad() -> Pin {
        Pin::Pad { refused: false }
    }

    /// # Errors
    /// [`ErrorKind::PassphraseWrong`] if it was refused before.
    pub(super) fn answer(&self) -> Result<Answer> {
        let context = match self {
            Pin::Held(Some(pin)) => return Ok(Answer(Some(RawAuthPin::new(Box::new(pin.as_bytes().to_vec()))))),
            Pin::Pad { refused: false } => return Ok(Answer(None)),
            Pin::Held(None) => "the token refused the PIN before, and it is not tried again; open the store with the right one",
            Pin::Pad { .. } => "the token refused the PIN that was typed, and nobody is asked again; open the store anew",
        };
        Err(Error::new(ErrorKind::PassphraseWrong).context(context))
    }

    pub(super) fn refuse(&mut self) {
        match self {
            Pin::Held(pin) => *pin = None,
            Pin::Pad { refused } => *refused = true,
        }
    }

    pub(super) fn was_refused(&self) -> bool {
        matches!(self, Pin::Held(None) | Pin::Pad { refused: true })
    }

    pub(super) fn is_pad(&self) -> bool {
        matches!(self, Pin::Pad { .. })
    }

    /// PINs are compared by digests, which tell nothing by the time they take. A PIN that was typed is known to the token alone: no
    /// PIN is the same as it, and a pad that would not be asked is no way into a login that a PIN was given for.
    pub(super) fn is(&self, other: &Pin) -> bool {
        match (self, other) {
            (Pin::Held(Some(pin)), Pin::Held(Some(other))) => sha256(pin.as_bytes()) == sha256(other.as_bytes()),
            (Pin::Pad { .. }, Pin::Pad { .. }) => true,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_refused_is_not_answered_with_again() {
        for mut pin in [Pin::held(Passphrase::new("1234")), Pin::pad()] {
            assert_eq!(pin.answer().unwrap().is_typed(), pin.is_pad());
            pin.refuse();
            assert!(pin.was_refused());
            assert_eq!(pin.answer().err().unwrap().kind(), ErrorKind::PassphraseWrong);
        }
    }

    #[test]
    fn a_pad_and_a_pin_are_never_the_same() {
        let held = |pin: &str| Pin::held(Passphrase::new(pin));
        assert!(held("1234").is(&held("1234")) && Pin::pad().is(&Pin::pad()));
        assert!(!held("1234").is(&held("1235")) && !held("1234").is(&Pin::pad()) && !Pin::pad().is(&held("1234")));
    }
}
