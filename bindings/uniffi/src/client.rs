//! A session with one Server-Signer: who logs in, and what the service's pins are now.

use crate::call::{Call, guard};
use crate::cancel::CallOptions;
use crate::environment::Environment;
use crate::error::Result;
use crate::host_keys::HostKeys;
use crate::http_transport::HttpTransport;
use crate::key::DeviceKeyStore;
use crate::secret::Secret;
use crate::token_provider::{Asked, TokenProvider};
use crate::waiting::wait;
use std::sync::Arc;
use thrivosign::Time;
use thrivosign::journey::Session;

/// A session. May be used by any number of calls at once; tokens are renewed ahead of time, and are wiped when it goes.
#[derive(uniffi::Object)]
pub struct Client(Arc<Session>);

impl Client {
    /// For the length of a call, which may be longer than the app holds its client.
    pub(crate) fn session(&self) -> Arc<Session> {
        self.0.clone()
    }
}

#[uniffi::export]
impl Client {
    /// A session that is not logged in; nothing is sent.
    ///
    /// # Errors
    /// `ConfigMalformed`, `PlainHttpRefused`, `PemMalformed`, `InvalidUtf8`, `InvalidArgument` for what cannot be used of the environment.
    #[uniffi::constructor]
    pub fn new(environment: Environment) -> Result<Arc<Client>> {
        guard(|| Ok(Arc::new(Client(Arc::new(environment.session()?)))))
    }

    /// A session that is not logged in, whose calls are carried by HTTP of the app's own; nothing is sent. What the environment says of roots, pins,
    /// proxy and client certificate nobody would heed, so it must say nothing.
    ///
    /// # Errors
    /// `ConfigMalformed`, `PlainHttpRefused`, `InvalidUtf8`, `InvalidArgument` for what cannot be used of the environment.
    #[uniffi::constructor]
    pub fn new_over(environment: Environment, http: Arc<dyn HttpTransport>) -> Result<Arc<Client>> {
        guard(|| Ok(Arc::new(Client(Arc::new(environment.session_over(http)?)))))
    }

    /// After the call tokens are asked for with proofs of that authentication key (DPoP, RFC 9449): what the service then gives is of no use to
    /// whoever steals it. Tokens that are held already are bound at their next refresh. The key signs once for each call and each login, so it must
    /// be one that does not ask the person; its store must not block. Better called before the login.
    ///
    /// # Errors
    /// `KeyNotPermitted` for a key of another purpose or one that asks the person; `KeyAlgorithmUnsupported`; what the store says of the key.
    pub async fn prove_with(&self, store: Arc<dyn DeviceKeyStore>, authentication_key: String) -> Result<()> {
        let session = self.session();
        // The store outlives this call, which is cancelled once nobody waits for it: it is asked in one of its own that nobody cancels.
        let for_ever = Call::begin(None)?;
        wait(None, move |_| session.prove_with(Arc::new(HostKeys::new(store, &for_ever)), &authentication_key)).await
    }

    /// Whether there are tokens that only the session's own key can use.
    #[must_use]
    pub fn is_bound(&self) -> bool {
        self.0.is_bound()
    }

    /// After the call the session has tokens of that user. Sent once: a wrong password counts as a try.
    ///
    /// # Errors
    /// `LoginRefused`, `ApiKeyRefused`, or what the service or the network says.
    #[uniffi::method(default(options = None))]
    pub async fn login(&self, username: String, password: Arc<Secret>, options: Option<CallOptions>) -> Result<()> {
        let session = self.session();
        wait(options, move |call| session.login(&username, password.to_core()?, call.limits())).await
    }

    /// After the call the session has tokens of the app's own back end, and asks it again shortly before they end and after the service refused one.
    ///
    /// # Errors
    /// What the provider throws, or what the service or the network says.
    #[uniffi::method(default(options = None))]
    pub async fn provide_with(&self, provider: Arc<dyn TokenProvider>, options: Option<CallOptions>) -> Result<()> {
        let session = self.session();
        wait(options, move |call| session.provide_with(Arc::new(Asked::new(provider)?), call.limits())).await
    }

    /// After the call the newest pins that the service has published are in force, if an update key of the environment says so. True if they are newer
    /// than those before, and then `pinDocument` is worth keeping. Worth a call now and then; where the service's key is not among the pins, the
    /// session asks by itself.
    ///
    /// # Errors
    /// `RecordNotFound` if the service has published none; `PinUpdateRefused` for a document that must not be believed; what the network says.
    #[uniffi::method(default(options = None))]
    pub async fn update_pins(&self, options: Option<CallOptions>) -> Result<bool> {
        let session = self.session();
        wait(options, move |call| session.update_pins(call.limits())).await
    }

    /// The document that the pins in force came from, to be kept for `Pins.document`; absent for those of the environment itself.
    #[must_use]
    pub fn pin_document(&self) -> Option<String> {
        self.0.pin_document()
    }

    /// After the call the session has tokens of the client itself.
    ///
    /// # Errors
    /// `InvalidArgument` where the environment names no client; otherwise as `login`.
    #[uniffi::method(default(options = None))]
    pub async fn login_client(&self, options: Option<CallOptions>) -> Result<()> {
        let session = self.session();
        wait(options, move |call| session.login_client(call.limits())).await
    }

    /// After the call the session has tokens that came of an earlier refresh token.
    ///
    /// # Errors
    /// `LoginRequired` if it is no longer good, or what the service or the network says.
    #[uniffi::method(default(options = None))]
    pub async fn resume(&self, refresh_token: Arc<Secret>, options: Option<CallOptions>) -> Result<()> {
        let session = self.session();
        wait(options, move |call| session.resume(refresh_token.to_core()?, call.limits())).await
    }

    /// The refresh token, to be kept in the platform's secret storage for `resume`.
    #[must_use]
    pub fn refresh_token(&self) -> Option<Arc<Secret>> {
        self.0.refresh_token().map(|token| Secret::wrap(token.expose()))
    }

    /// After the call the session has no tokens, and the service was asked to forget them.
    ///
    /// # Errors
    /// What the service or the network says; the tokens are gone from here all the same.
    #[uniffi::method(default(options = None))]
    pub async fn logout(&self, options: Option<CallOptions>) -> Result<()> {
        let session = self.session();
        wait(options, move |call| session.logout(call.limits())).await
    }

    /// Whether there are tokens; they may have been revoked since.
    #[must_use]
    pub fn is_logged_in(&self) -> bool {
        self.0.is_logged_in()
    }

    /// The service's own time now, in seconds since 1970-01-01T00:00:00Z, by its last answer and the time gone by since; absent before that.
    #[must_use]
    pub fn service_time(&self) -> Option<i64> {
        self.0.service_time().map(Time::unix)
    }
}
