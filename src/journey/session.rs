//! The room `journey`: a session with one service: API key, tokens, correlation ids, retries.
//!
//! Takes a transport and an environment; gives answers to authenticated calls. Tokens live in memory only and are wiped. Refreshes
//! ahead of expiry with one refresh in flight for any number of waiting threads; on 401 refreshes once and sends once more. Where the
//! session has a key to prove with, tokens are asked for and shown with proofs of possession (RFC 9449).

use super::environment::Environment;
use super::observe::level_of;
use super::pace::{HostPace, Pace, fresh_id};
use super::prover::{Prover, Proving};
use super::retry::{Limits, is_idempotent, send_with_retries};
use super::transport::Transport;
use crate::error::{Error, ErrorKind, Result};
use crate::host;
use crate::key::DeviceKeyStore;
use crate::log::Event;
use crate::remote::http::{AUTHORIZATION, CORRELATION_ID, Request, Response, USER_AGENT};
use crate::remote::login::{Client, Grant, Login, Tokens};
use crate::remote::problem::error_of;
use crate::remote::proof::DPOP;
use crate::remote::revoke_token::{self, RevokeToken, TokenKind};
use crate::remote::schema::Access;
use crate::remote::secret::Secret;
use crate::time::Time;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Most bytes of an answer to a login.
const MAX_LOGIN: u64 = 1 << 20;
/// How long a refresh that failed ahead of its time is left alone.
const PAUSE: Duration = Duration::from_secs(30);
/// How often a thread that waits for another's refresh looks whether it was cancelled.
const LOOK: Duration = Duration::from_millis(20);

/// How the next tokens are got.
#[derive(Clone)]
enum Renewal {
    /// By a refresh token.
    Token(Arc<Secret>),
    /// By logging in as the client once more: what it showed is still at hand, so it is given no refresh token (RFC 6749 4.4.3).
    Client,
}

impl Renewal {
    fn token(&self) -> Option<&Arc<Secret>> {
        match self {
            Renewal::Token(token) => Some(token),
            Renewal::Client => None,
        }
    }

    fn grant(&self) -> Grant {
        self.token().map_or(Grant::ClientCredentials, |token| Grant::Refresh { refresh_token: token.duplicate() })
    }
}

/// The tokens in use.
struct Held {
    access: Arc<Secret>,
    scheme: &'static str,
    /// Whose key the tokens were given to; others cannot use them.
    prover: Option<Arc<Prover>>,
    renewal: Option<Renewal>,
    /// From here on a refresh is due.
    due: Instant,
    /// From here on the access token is no longer good.
    end: Instant,
    /// Counts the logins and refreshes, so that a 401 for an older token does not cost the newer one.
    generation: u64,
}

#[derive(Default)]
struct State {
    held: Option<Held>,
    generation: u64,
    refreshing: bool,
    /// How the last refresh ended, for the threads that waited for it: its number and its failure.
    ended: (u64, Option<ErrorKind>),
    /// The service's time in its last answer, and when that came.
    heard: Option<(Time, Instant)>,
    /// Whose key the next tokens are asked for with.
    prover: Option<Arc<Prover>>,
    /// The service's nonce for the next proofs.
    nonce: Option<String>,
}

/// A token to be shown.
struct Pass {
    generation: u64,
    authorization: String,
    prover: Option<Arc<Prover>>,
}

impl Held {
    fn pass(&self) -> Pass {
        Pass {
            generation: self.generation,
            authorization: format!("{} {}", self.scheme, self.access.expose()),
            prover: self.prover.clone(),
        }
    }
}

/// A session; share it by reference among threads.
pub struct Session {
    transport: Arc<dyn Transport>,
    environment: Environment,
    pace: Arc<dyn Pace>,
    state: Mutex<State>,
    changed: Condvar,
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

    fn state(&self) -> MutexGuard<'_, State> {
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

    fn carry(&self, request: &Request, prover: Option<&Prover>, how: (bool, u64), limits: &Limits) -> Result<Response> {
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

    /// The service's own time now, by its last answer and the time gone by since: for a device whose clock may be wrong. It is the
    /// service's word, from over a checked connection, and no better than the service. `None` before its first answer.
    #[must_use]
    pub fn service_time(&self) -> Option<Time> {
        let (date, at) = self.state().heard?;
        let since = self.pace.now().saturating_duration_since(at).as_secs();
        Some(date.plus(i64::try_from(since).unwrap_or(i64::MAX)))
    }

    /// API key, user agent and correlation id; retries of one call keep the id.
    fn dress(&self, mut request: Request) -> Result<Request> {
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

    fn ask_for_tokens(&self, grant: Grant, prover: Option<&Arc<Prover>>, limits: &Limits) -> Result<Tokens> {
        // The previous refresh token stays good until the new one is first used, so a refresh whose answer was lost may be sent again.
        let idempotent = matches!(grant, Grant::Refresh { .. });
        let client = self
            .environment
            .client
            .as_ref()
            .map(|client| Client { id: client.id.clone(), secret: client.secret.as_ref().map(Secret::duplicate) });
        let request = self.dress(Login { grant, client }.encode())?;
        Tokens::decode(&self.carry(&request, prover.map(|prover| &**prover), (idempotent, MAX_LOGIN), limits)?)
    }

    /// Keeps new tokens; an answer without a refresh token leaves what was before in use (RFC 6749 6).
    ///
    /// # Errors
    /// [`ErrorKind::BadAnswer`] for tokens that want proofs of a session that has no key: they would be of no use.
    fn keep(&self, tokens: Tokens, prover: Option<Arc<Prover>>, before: Option<Renewal>) -> Result<()> {
        let scheme = if tokens.token_type.eq_ignore_ascii_case(DPOP) { DPOP } else { "Bearer" };
        if scheme == DPOP && prover.is_none() {
            return Err(Error::new(ErrorKind::BadAnswer).context("token_type: nobody asked for tokens that need proofs"));
        }
        let now = self.pace.now();
        let life = Duration::from_secs(tokens.expires_in.min(10 * 365 * 86_400));
        // A tenth of the life, at most five minutes: long enough for calls on their way, short enough for short-lived tokens.
        let ahead = life.checked_div(10).unwrap_or_default().min(Duration::from_secs(300));
        let mut state = self.state();
        state.generation = state.generation.saturating_add(1);
        state.held = Some(Held {
            access: Arc::new(tokens.access_token),
            // A service that knows no proofs gives plain tokens, to be shown as such.
            prover: prover.filter(|_| scheme == DPOP),
            scheme,
            renewal: tokens.refresh_token.map(|token| Renewal::Token(Arc::new(token))).or(before),
            due: now.checked_add(life.saturating_sub(ahead)).unwrap_or(now),
            end: now.checked_add(life).unwrap_or(now),
            generation: state.generation,
        });
        Ok(())
    }

    /// A token that is good as far as is known here. `stale` is the generation that the service refused.
    fn pass(&self, stale: Option<u64>, limits: &Limits) -> Result<Pass> {
        let mut waited_for = None;
        let mut state = self.state();
        loop {
            let now = self.pace.now();
            let Some(held) = &state.held else {
                return Err(Error::new(ErrorKind::LoginRequired));
            };
            let good = now < held.end && stale != Some(held.generation);
            let due = now >= held.due;
            let ready = held.pass();
            // Ahead of expiry only one thread pays for the refresh; the others go on with the token that is still good.
            if good && (!due || state.refreshing || held.renewal.is_none()) {
                return Ok(ready);
            }
            if let Some(number) = waited_for
                && state.ended.0 > number
                && let Some(kind) = state.ended.1
            {
                // The one refresh that all were waiting for failed: sixteen threads do not try sixteen times.
                return if good { Ok(ready) } else { Err(Error::new(kind)) };
            }
            if state.refreshing {
                waited_for.get_or_insert(state.ended.0);
                limits.cancel.check()?;
                if limits.until.is_some_and(|until| now >= until) {
                    return Err(Error::new(ErrorKind::TimedOut));
                }
                state = self.changed.wait_timeout(state, LOOK).unwrap_or_else(PoisonError::into_inner).0;
                continue;
            }
            let Some(renewal) = held.renewal.clone() else {
                state.held = None;
                return Err(Error::new(ErrorKind::LoginRequired));
            };
            let generation = held.generation;
            // A bound refresh token needs the key that it was given to; another may be bound with the key of today.
            let prover = held.prover.clone().or_else(|| state.prover.clone());
            state.refreshing = true;
            drop(state);
            let outcome = self.refresh(&renewal, generation, prover, limits);
            match outcome {
                Ok(()) => {}
                // The token at hand is still good: the refresh was only ahead of its time.
                Err(error) if good && error.kind() != ErrorKind::Cancelled => {
                    // The next call does not try at once again.
                    let later = self.pace.now().checked_add(PAUSE);
                    if let (Some(held), Some(later)) = (&mut self.state().held, later)
                        && held.generation == generation
                    {
                        held.due = later;
                    }
                    return Ok(ready);
                }
                Err(error) => return Err(error),
            }
            state = self.state();
            // What was just got is not due again at once, however short its life.
            if let Some(held) = &state.held
                && stale != Some(held.generation)
                && held.generation > generation
            {
                return Ok(held.pass());
            }
        }
    }

    fn refresh(&self, renewal: &Renewal, generation: u64, prover: Option<Arc<Prover>>, limits: &Limits) -> Result<()> {
        let turn = Turn { session: self, failure: Some(ErrorKind::Cancelled) };
        let outcome = self.ask_for_tokens(renewal.grant(), prover.as_ref(), limits);
        turn.end(match outcome {
            Ok(tokens) => {
                // A logout or login in between has the last word.
                if self.state().held.as_ref().is_some_and(|held| held.generation == generation) {
                    self.keep(tokens, prover, Some(renewal.clone()))
                } else {
                    Ok(())
                }
            }
            Err(error) => {
                let level = level_of(Some(&error));
                host::log::tell(level, || Event { error_code: Some(error.code()), ..Event::new(level, "token_refresh") });
                if error.kind() == ErrorKind::LoginRequired {
                    let mut state = self.state();
                    if state.held.as_ref().is_some_and(|held| held.generation == generation) {
                        state.held = None;
                    }
                }
                Err(error)
            }
        })
    }
}

/// The turn of the one thread that refreshes; ends even if that thread panics, so that nobody waits for ever.
struct Turn<'s> {
    session: &'s Session,
    failure: Option<ErrorKind>,
}

impl Turn<'_> {
    fn end(mut self, outcome: Result<()>) -> Result<()> {
        self.failure = outcome.as_ref().err().map(Error::kind);
        outcome
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut state = self.session.state();
        state.refreshing = false;
        // A cancelled or timed-out thread speaks for itself alone: the next one that waits takes the turn.
        let told = self.failure.filter(|kind| !matches!(kind, ErrorKind::Cancelled | ErrorKind::TimedOut));
        state.ended = (state.ended.0.saturating_add(1), told);
        drop(state);
        self.session.changed.notify_all();
    }
}
