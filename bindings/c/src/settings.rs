//! The C border: the settings of an environment so far, and what the core makes of them.

use crate::connection::Connection;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use thrivosign::Result;
use thrivosign::journey::host_http::{HostTransport, HttpClient};
use thrivosign::journey::{Environment, RetryPolicy, Session, Transport};
use thrivosign::remote::login::Client;
use thrivosign::remote::secret::Secret;
use thrivosign::{Error, ErrorKind};

/// The settings so far.
pub(crate) struct Settings(Mutex<State>);

/// One by one.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) base_address: String,
    pub(crate) api_key: Option<Secret>,
    pub(crate) api_key_header: Option<String>,
    /// How the library itself connects.
    pub(crate) connection: Connection,
    pub(crate) user_agent_suffix: Option<String>,
    pub(crate) client: Option<(String, Option<Secret>)>,
    pub(crate) retry: RetryPolicy,
    pub(crate) plain_http: bool,
}

impl Settings {
    /// With that address and nothing else.
    pub(crate) fn new(base_address: &str) -> Settings {
        Settings(Mutex::new(State { base_address: base_address.to_owned(), ..State::default() }))
    }

    /// To look at and to change; never held while the host is called.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        // Settings are whole after each of the plain assignments below.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A session over the library's own connections.
    ///
    /// # Errors
    /// What cannot be used of the settings; [`ErrorKind::FeatureMissing`] in a build without `net`.
    pub(crate) fn session(&self) -> Result<Session> {
        let state = self.state();
        Session::new(state.connection.transport(&state.base_address, state.plain_http)?, state.environment())
    }

    /// A session over HTTP of the host's own.
    ///
    /// # Errors
    /// [`ErrorKind::ConfigMalformed`] if roots, pins, a proxy or a client certificate are set: nobody would heed them.
    pub(crate) fn session_over(&self, client: Arc<dyn HttpClient>) -> Result<Session> {
        let state = self.state();
        if state.connection.is_chosen() {
            return Err(Error::new(ErrorKind::ConfigMalformed)
                .context("roots, pins, proxy and client certificate are the host's own HTTP's to heed"));
        }
        let transport: Arc<dyn Transport> = Arc::new(HostTransport::new(&state.base_address, client, state.plain_http)?);
        Session::new(transport, state.environment())
    }
}

impl State {
    fn environment(&self) -> Environment {
        let mut environment = Environment::new(self.api_key.as_ref().map_or_else(|| Secret::new(""), Secret::duplicate));
        if let Some(header) = &self.api_key_header {
            environment.api_key_header.clone_from(header);
        }
        environment.user_agent_suffix.clone_from(&self.user_agent_suffix);
        environment.client =
            self.client.as_ref().map(|(id, secret)| Client { id: id.clone(), secret: secret.as_ref().map(Secret::duplicate) });
        environment.retry = self.retry;
        environment
    }
}
