//! The room `journey`: what goes into each call of a session. Takes an API key and what else the service expects; refuses what no header carries.

use super::retry::RetryPolicy;
use crate::error::{Error, ErrorKind, Result};
use crate::remote::http::{API_KEY, AUTHORIZATION, CORRELATION_ID, USER_AGENT};
use crate::remote::login::Client;
use crate::remote::proof::DPOP;
use crate::remote::secret::Secret;

/// The half of an environment that goes into each call; the other half is the transport's.
pub struct Environment {
    /// Header that carries the API key.
    pub api_key_header: String,
    /// The API key.
    pub api_key: Secret,
    /// What the app adds to the user agent.
    pub user_agent_suffix: Option<String>,
    /// The client's id and secret, if the service knows clients.
    pub client: Option<Client>,
    /// When calls are sent again.
    pub retry: RetryPolicy,
}

impl Environment {
    /// With that API key in the usual header, and nothing else.
    #[must_use]
    pub fn new(api_key: Secret) -> Environment {
        Environment { api_key_header: API_KEY.to_owned(), api_key, user_agent_suffix: None, client: None, retry: RetryPolicy::default() }
    }

    pub(super) fn check(&self) -> Result<()> {
        let wrong = |what: &'static str| Err(Error::new(ErrorKind::ConfigMalformed).context(what));
        let visible = |text: &str| !text.is_empty() && text.bytes().all(|c| c.is_ascii_graphic());
        if !visible(self.api_key.expose()) {
            return wrong("the API key has characters that a header cannot carry");
        }
        let token = |c: u8| c.is_ascii_alphanumeric() || c == b'-' || c == b'_';
        let reserved = [AUTHORIZATION, DPOP, USER_AGENT, CORRELATION_ID].iter().any(|name| name.eq_ignore_ascii_case(&self.api_key_header));
        if self.api_key_header.is_empty() || !self.api_key_header.bytes().all(token) || reserved {
            return wrong("the API key's header name");
        }
        if self.user_agent_suffix.as_ref().is_some_and(|text| !text.bytes().all(|c| c.is_ascii_graphic() || c == b' ')) {
            return wrong("the user agent's suffix has characters that a header cannot carry");
        }
        Ok(())
    }
}
