//! Tokens that an app asks its own back end for.

use crate::call::Call;
use crate::error::{Result, ThrivoSignError};
use crate::secret::Secret;
use std::sync::Arc;
use thrivosign::journey;
use thrivosign::remote::login;
use thrivosign::remote::proof::DPOP;
use thrivosign::{Error, ErrorKind};

/// Tokens that somebody else has asked for.
#[derive(Clone, uniffi::Record)]
pub struct ProvidedTokens {
    /// Goes with each call.
    pub access_token: Arc<Secret>,
    /// Seconds until it ends.
    pub expires_in: i64,
    /// Whether it is bound to the key of `Client.proveWith`.
    #[uniffi(default = false)]
    pub bound: bool,
}

/// Gives tokens: the app's own back end knows the client's secret and logs the person in. Called on a thread of the library's that may block.
#[uniffi::export(with_foreign)]
pub trait TokenProvider: Send + Sync {
    /// Tokens that are good now. Called when a session begins, shortly before a token ends, and after the service refused one; by one thread at a time.
    ///
    /// # Errors
    /// `LoginRequired` if the person must log in anew; anything else leaves what is held.
    fn tokens(&self) -> Result<ProvidedTokens, ThrivoSignError>;
}

/// The app's provider as the core asks it. Each question is a step outside, in a call of its own that nobody cancels.
pub(crate) struct Asked {
    provider: Arc<dyn TokenProvider>,
    call: Arc<Call>,
}

impl Asked {
    pub(crate) fn new(provider: Arc<dyn TokenProvider>) -> Result<Asked> {
        Ok(Asked { provider, call: Call::begin(None)? })
    }
}

impl journey::TokenProvider for Asked {
    fn tokens(&self, _: &journey::Limits) -> Result<login::Tokens, Error> {
        let given = self.call.outside(|| self.provider.tokens())?;
        let wrong = |_| Error::new(ErrorKind::BadAnswer).context("tokens that end before they begin");
        Ok(login::Tokens {
            access_token: given.access_token.to_core()?,
            token_type: if given.bound { DPOP } else { login::BEARER }.to_owned(),
            expires_in: u64::try_from(given.expires_in).map_err(wrong)?,
            refresh_token: None,
        })
    }
}
