//! The room `journey`: a session with one service: API key, tokens, correlation ids, retries.
//!
//! Takes a transport and an environment; gives answers to authenticated calls. On 401 refreshes once and sends once more. Where the session has a key
//! to prove with, tokens are asked for and shown with proofs of possession (RFC 9449). What it holds, and how that is renewed, is `renewal`'s.

use super::environment::Environment;
use super::pace::{HostPace, Pace, fresh_id};
use super::prover::{Prover, Proving};
use super::renewal::{Renewal, State, TokenProvider};
use super::retry::{Limits, is_idempotent, send_with_retries};
use super::transport::{Call, Transport};
use crate::error::{Error, ErrorKind, Result};
use crate::key::DeviceKeyStore;
use crate::remote::http::{AUTHORIZATION, CORRELATION_ID, Request, Response, USER_AGENT};
use crate::remote::login::Grant;
use crate::remote::problem::error_of;
use crate::remote::proof::DPOP;
use crate::remote::revoke_token::{self, RevokeToken, TokenKind};
use crate::remote::schema::Access;
use crate::remote::secret::Secret;
use crate::time::Time;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// Most bytes of an answer to a login.
const MAX_LOGIN: u64 = 1 << 20;
/// A session; share it by reference among threads.
pub struct Session {
    transport: Arc<dyn Transport>,
    pub(super) environment: Environment,
    pub(super) pace: Arc<dyn Pace>,
    state: Mutex<State>,
    /// Told when a refresh has ended.
    pub(super) changed: Condvar,
}

impl Session {
    /// A session that is not logged in; nothing is sent.
    ///
    /// # Errors
    /// [`ErrorKind::ConfigMalformed`].
    pub fn new(transport: Arc<dyn Transport>, environment: Environment) -> Result<Session> {
        Session::with_pace(transport, environment, Arc::new(HostPace))
    }

    /// The same on another machine's pace.
    ///
    /// # Errors
    /// [`ErrorKind::ConfigMalformed`].
    pub fn with_pace(transport: Arc<dyn Transport>, environment: Environment, pace: Arc<dyn Pace>) -> Result<Session> {
        environment.check()?;
        Ok(Session { transport, environment, pace, state: Mutex::default(), changed: Condvar::new() })
    }

    pub(crate) fn pace(&self) -> &dyn Pace {
        &*self.pace
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        // No code that can panic runs under this lock, so the state behind a poisoned one is whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// After the call tokens are asked for with proofs of that authentication key (DPoP, RFC 9449): what the service then gives is of no use to
    /// whoever steals it. Tokens that are held already are bound at their next refresh, if the service binds any. The key signs once for each call
    /// and for each login and refresh, so it must be one that does not ask the person. Better called before the login.
    ///
    /// # Errors
    /// [`ErrorKind::KeyNotPermitted`] for a key of another purpose or one that asks the person; [`ErrorKind::KeyAlgorithmUnsupported`]; what the
    /// store says of the key.
    pub fn prove_with(&self, store: Arc<dyn DeviceKeyStore>, name: &str) -> Result<()> {
        let prover = Arc::new(Prover::new(store, name)?);
        self.state().prover = Some(prover);
        Ok(())
    }

    /// Whether there are tokens that only the session's own key can use.
    #[must_use]
    pub fn is_bound(&self) -> bool {
        self.state().held.as_ref().is_some_and(|held| held.scheme == DPOP)
    }

    /// Whether there are tokens; they may have been revoked since.
    #[must_use]
    pub fn is_logged_in(&self) -> bool {
        self.state().held.is_some()
    }

    /// After the call the session has tokens of that user. Sent once: a wrong password counts as a try.
    ///
    /// # Errors
    /// [`ErrorKind::LoginRefused`], [`ErrorKind::ApiKeyRefused`], or what the service or the network says.
    pub fn login(&self, username: &str, password: Secret, limits: &Limits) -> Result<()> {
        self.log_in(Grant::Password { username: username.to_owned(), password }, limits)
    }

    /// After the call the session has tokens that came of an earlier refresh token.
    ///
    /// # Errors
    /// [`ErrorKind::LoginRequired`] if it is no longer good, or what the service or the network says.
    pub fn resume(&self, refresh_token: Secret, limits: &Limits) -> Result<()> {
        self.log_in(Grant::Refresh { refresh_token }, limits)
    }

    /// After the call the session has tokens of the client itself, by its secret or by the certificate that the transport shows (RFC 8705 2.1). They
    /// are renewed by the same means for as long as the session lives.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] without a client; otherwise as [`Session::login`].
    pub fn login_client(&self, limits: &Limits) -> Result<()> {
        if self.environment.client.is_none() {
            return Err(Error::new(ErrorKind::InvalidArgument).context("the environment names no client"));
        }
        self.log_in(Grant::ClientCredentials, limits)
    }

    /// After the call the session has a token of that provider, and asks it for each next one: for an app whose own back end logs in, so that the app
    /// holds neither password nor client secret. What proves possession is shown with it if it is a bound one ([`Session::prove_with`]).
    ///
    /// # Errors
    /// What the provider says; [`ErrorKind::BadAnswer`] for a bound token where the session has no key.
    pub fn provide_with(&self, provider: Arc<dyn TokenProvider>, limits: &Limits) -> Result<()> {
        let prover = self.state().prover.clone();
        let renewal = Renewal::Provider(provider);
        self.keep(self.renew(&renewal, prover.as_ref(), limits)?, prover, Some(renewal))
    }

    fn log_in(&self, grant: Grant, limits: &Limits) -> Result<()> {
        let prover = self.state().prover.clone();
        let renewal = matches!(grant, Grant::ClientCredentials).then_some(Renewal::Client);
        let tokens = self.ask_for_tokens(grant, prover.as_ref(), limits)?;
        self.keep(tokens, prover, renewal)
    }

    /// The refresh token, to be kept in the platform's secret storage for [`Session::resume`].
    #[must_use]
    pub fn refresh_token(&self) -> Option<Secret> {
        self.state().held.as_ref().and_then(|held| held.renewal.as_ref()?.token()).map(|token| token.duplicate())
    }

    /// After the call the session has no tokens, and the service was asked to forget them.
    ///
    /// # Errors
    /// What the service or the network says; the tokens are gone from here all the same.
    pub fn logout(&self, limits: &Limits) -> Result<()> {
        let held = self.state().held.take();
        let Some(held) = held else { return Ok(()) };
        let (token, kind) = match held.renewal.as_ref().and_then(Renewal::token) {
            Some(refresh) => (refresh.duplicate(), TokenKind::Refresh),
            None => (held.access.duplicate(), TokenKind::Access),
        };
        let mut request = self.dress(RevokeToken { token, kind: Some(kind) }.encode())?;
        request.headers.set(AUTHORIZATION, held.pass().authorization);
        // Revoking twice revokes once (RFC 7009 2.2).
        revoke_token::decode_done(&self.carry(&request, held.prover.as_deref(), (true, MAX_LOGIN), limits)?)
    }

    /// Sends a call with all it must show, and gives any answer back, refusals included.
    ///
    /// # Errors
    /// [`ErrorKind::LoginRequired`] without good tokens; what the network says.
    pub fn send(&self, access: Access, request: Request, max_answer: u64, limits: &Limits) -> Result<Response> {
        let idempotent = is_idempotent(&request);
        let mut request = self.dress(request)?;
        match access {
            Access::Open => request.headers.remove(&self.environment.api_key_header),
            Access::ApiKey => {}
            Access::Token => return self.send_with_token(request, (idempotent, max_answer), limits),
        }
        self.carry(&request, None, (idempotent, max_answer), limits)
    }

    fn send_with_token(&self, mut request: Request, how: (bool, u64), limits: &Limits) -> Result<Response> {
        let pass = self.pass(None, limits)?;
        request.headers.set(AUTHORIZATION, pass.authorization);
        let response = self.carry(&request, pass.prover.as_deref(), how, limits)?;
        if response.status != 401 || error_of(&response).kind() != ErrorKind::LoginRequired {
            return Ok(response);
        }
        // A 401 comes before anything was done, so that even a call that is not idempotent may be sent again, once.
        let pass = self.pass(Some(pass.generation), limits)?;
        request.headers.set(AUTHORIZATION, pass.authorization);
        self.carry(&request, pass.prover.as_deref(), how, limits)
    }

    pub(super) fn carry(&self, request: &Request, prover: Option<&Prover>, how: (bool, u64), limits: &Limits) -> Result<Response> {
        let carrier = Proving { session: self, prover };
        send_with_retries(&carrier, &*self.pace, &self.environment.retry, limits, request, how)
    }

    pub(super) fn transport(&self) -> &dyn Transport {
        &*self.transport
    }

    /// Takes from an answer what the next calls need: the service's time, and its nonce.
    pub(super) fn hear(&self, response: &Response, nonce: Option<&str>) {
        let mut state = self.state();
        if let Some(date) = response.date() {
            state.heard = Some((date, self.pace.now()));
        }
        if let Some(nonce) = nonce {
            state.nonce = Some(nonce.to_owned());
        }
    }

    /// The service's nonce for the next proof, if it gave one.
    pub(super) fn nonce(&self) -> Option<String> {
        self.state().nonce.clone()
    }

    /// After the call the newest pins that the service has published are in force, if the key that signs them says so: worth a call now and then, and
    /// before the pins end. True if they are newer than those before; then [`Session::pin_document`] is worth keeping. A transport with such keys asks by
    /// itself, too, where the service's key is not among the pins.
    ///
    /// # Errors
    /// As [`Transport::update_pins`].
    pub fn update_pins(&self, limits: &Limits) -> Result<bool> {
        limits.check(&*self.pace)?;
        let deadline = limits.deadline(self.pace.now());
        self.transport.update_pins(&Call { deadline, cancel: limits.cancel.clone(), idempotent: true, max_answer: MAX_LOGIN })
    }

    /// The document that the pins in force came from, to be kept for the next start. `None` for those that the app was built with.
    #[must_use]
    pub fn pin_document(&self) -> Option<String> {
        self.transport.pin_document()
    }

    /// The service's own time now, by its last answer and the time gone by since: for a device whose clock may be wrong. It is the
    /// service's word, from over a checked connection, and no better than the service. `None` before its first answer.
    #[must_use]
    pub fn service_time(&self) -> Option<Time> {
        let (date, at) = self.state().heard?;
        let since = self.pace.now().saturating_duration_since(at).as_secs();
        Some(date.plus(i64::try_from(since).unwrap_or(i64::MAX)))
    }

    /// API key, user agent and correlation id; retries of one call keep the id.
    pub(super) fn dress(&self, mut request: Request) -> Result<Request> {
        request.headers.set(&self.environment.api_key_header, self.environment.api_key.expose());
        let agent = concat!("thrivosign/", env!("CARGO_PKG_VERSION"));
        let agent = match &self.environment.user_agent_suffix {
            Some(suffix) => format!("{agent} {suffix}"),
            None => agent.to_owned(),
        };
        request.headers.set(USER_AGENT, agent);
        request.headers.set(CORRELATION_ID, fresh_id(&*self.pace)?);
        Ok(request)
    }
}
