//! Room `remote`: secrets on their way to and from the wire.
//!
//! Takes text, gives a value that is wiped when dropped and that cannot be printed, cloned or serialised by accident.

use zeroize::Zeroizing;

/// A password, token, one-time code or API key. Wiped when dropped; no `Debug`, `Display`, `Clone` or `Serialize`.
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// After the call the text lives in wiped memory only (copies that the caller made earlier are the caller's).
    #[must_use]
    pub fn new(text: impl Into<String>) -> Secret {
        Secret(Zeroizing::new(text.into()))
    }

    /// The text itself. Never log it, never put it into an error.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// A second copy, on purpose and by name.
    #[must_use]
    pub fn duplicate(&self) -> Secret {
        Secret(self.0.clone())
    }

    /// Whether nothing was entered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Secret {
        Secret::new(text)
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Secret {
        Secret::new(text)
    }
}
