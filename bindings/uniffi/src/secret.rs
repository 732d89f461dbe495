//! Passwords, tokens, codes and passphrases on their way in: an object, so that no record that holds one can print it.

use crate::error::Result;
use std::sync::Arc;
use thrivosign::key::Passphrase;
use thrivosign::{Error, ErrorKind};
use zeroize::Zeroizing;

/// A password, token, one-time code, passphrase or API key. Wiped from the library's memory when it is closed and no call uses it any more;
/// the app's own copies, and what its runtime copies on the way, are the app's.
#[derive(uniffi::Object)]
pub struct Secret(Zeroizing<Vec<u8>>);

#[uniffi::export]
impl Secret {
    /// From text.
    #[uniffi::constructor]
    #[must_use]
    pub fn new(text: String) -> Arc<Secret> {
        Arc::new(Secret(Zeroizing::new(text.into_bytes())))
    }

    /// From bytes, UTF-8 where a text is expected.
    #[uniffi::constructor]
    #[must_use]
    pub fn from_bytes(bytes: Vec<u8>) -> Arc<Secret> {
        Arc::new(Secret(Zeroizing::new(bytes)))
    }

    /// The text itself, to be kept in the platform's secret storage. Never log it.
    ///
    /// # Errors
    /// `InvalidUtf8` if it is no text.
    pub fn expose(&self) -> Result<String> {
        Ok(self.text()?.to_owned())
    }
}

impl Secret {
    pub(crate) fn wrap(text: &str) -> Arc<Secret> {
        Secret::new(text.to_owned())
    }

    fn text(&self) -> Result<&str> {
        std::str::from_utf8(&self.0).map_err(|_| Error::new(ErrorKind::InvalidUtf8).into())
    }

    /// The key of a journal.
    pub(crate) fn journal_key(&self) -> Result<&[u8; 32]> {
        let wrong = |_| Error::new(ErrorKind::InvalidArgument).context("the journal's key has 32 bytes");
        Ok(self.bytes().try_into().map_err(wrong)?)
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    pub(crate) fn to_core(&self) -> Result<thrivosign::remote::secret::Secret> {
        Ok(thrivosign::remote::secret::Secret::new(self.text()?))
    }

    pub(crate) fn to_passphrase(&self) -> Passphrase {
        Passphrase::from_bytes(self.0.clone())
    }
}
