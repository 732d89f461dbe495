//! The C border: the settings of an environment so far, and what the core makes of them.

use std::sync::{Mutex, MutexGuard, PoisonError};
use thrivosign::crypto::PublicKey;
use thrivosign::journey::{Environment, RetryPolicy};
use thrivosign::net::{Options, PinObserver, PinSet, PinUpdates, Proxy, Roots};
use thrivosign::remote::client_certificate::ClientCertificate;
use thrivosign::remote::login::Client;
use thrivosign::remote::secret::Secret;
use thrivosign::{Result, Time};

/// The settings so far.
pub(crate) struct Settings(Mutex<State>);

/// One by one.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) base_address: String,
    pub(crate) api_key: Option<Secret>,
    pub(crate) api_key_header: Option<String>,
    pub(crate) roots: Roots,
    pub(crate) pins: Vec<String>,
    pub(crate) pins_not_after: Option<Time>,
    pub(crate) pins_report_only: bool,
    pub(crate) pin_update_keys: Vec<PublicKey>,
    pub(crate) pin_document: Option<String>,
    pub(crate) pin_observer: Option<PinObserver>,
    pub(crate) client_certificate: Option<ClientCertificate>,
    pub(crate) proxy: Option<(String, Option<(String, Secret)>)>,
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

    /// The half for the transport and the half for the session.
    ///
    /// # Errors
    /// As [`PinSet::new`].
    pub(crate) fn halves(&self) -> Result<(Options, Environment)> {
        let state = self.state();
        let mut options = Options::new(state.base_address.as_str());
        options.roots = state.roots.clone();
        options.pin_observer = state.pin_observer.clone();
        if !state.pins.is_empty() {
            let pins: Vec<&str> = state.pins.iter().map(String::as_str).collect();
            let set = PinSet::new(&pins, state.pins_not_after)?;
            options.pins = Some(if state.pins_report_only { set.report_only() } else { set });
        }
        if !state.pin_update_keys.is_empty() {
            options.pin_updates = Some(PinUpdates { keys: state.pin_update_keys.clone(), kept: state.pin_document.clone() });
        }
        options.client_certificate = state.client_certificate.clone();
        options.proxy = state.proxy.as_ref().map(|(address, login)| Proxy {
            address: address.clone(),
            login: login.as_ref().map(|(name, password)| (name.clone(), password.duplicate())),
        });
        options.dangerous_allow_plain_http = state.plain_http;
        let mut environment = Environment::new(state.api_key.as_ref().map_or_else(|| Secret::new(""), Secret::duplicate));
        if let Some(header) = &state.api_key_header {
            environment.api_key_header.clone_from(header);
        }
        environment.user_agent_suffix.clone_from(&state.user_agent_suffix);
        environment.client =
            state.client.as_ref().map(|(id, secret)| Client { id: id.clone(), secret: secret.as_ref().map(Secret::duplicate) });
        environment.retry = state.retry;
        Ok((options, environment))
    }
}
