//! The room `journey`: the tokens that a session holds, and how the next ones are got. Takes a session; gives tokens that are good as far as is known
//! here. They live in memory only and are wiped. One refresh is in flight ahead of expiry for any number of waiting threads.

use super::observe::level_of;
use super::prover::Prover;
use super::retry::Limits;
use super::session::Session;
use crate::error::{Error, ErrorKind, Result};
use crate::host;
use crate::log::Event;
use crate::remote::login::{Client, Grant, Login, Tokens};
use crate::remote::proof::DPOP;
use crate::remote::secret::Secret;
use crate::time::Time;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

/// Most bytes of an answer to a login.
const MAX_LOGIN: u64 = 1 << 20;
/// How long a refresh that failed ahead of its time is left alone.
const PAUSE: Duration = Duration::from_secs(30);
/// How often a thread that waits for another's refresh looks whether it was cancelled.
const LOOK: Duration = Duration::from_millis(20);

/// Gives tokens that somebody else has asked for: the app's own back end, which knows the client's secret and logs the person in.
pub trait TokenProvider: Send + Sync {
    /// Tokens that are good now. Called on the thread of whichever call needs them, by one thread at a time, when a session begins, shortly before a
    /// token ends, and after the service refused one. A refresh token among them is left alone.
    ///
    /// # Errors
    /// [`ErrorKind::LoginRequired`] if the person must log in anew: the session then holds none. Any other leaves what is held.
    fn tokens(&self, limits: &Limits) -> Result<Tokens>;
}

/// How the next tokens are got.
#[derive(Clone)]
pub(super) enum Renewal {
    /// By a refresh token.
    Token(Arc<Secret>),
    /// By logging in as the client once more: what it showed is still at hand, so it is given no refresh token (RFC 6749 4.4.3).
    Client,
    /// By asking the host's own provider.
    Provider(Arc<dyn TokenProvider>),
}

impl Renewal {
    pub(super) fn token(&self) -> Option<&Arc<Secret>> {
        match self {
            Renewal::Token(token) => Some(token),
            Renewal::Client | Renewal::Provider(_) => None,
        }
    }
}

/// The tokens in use.
pub(super) struct Held {
    pub(super) access: Arc<Secret>,
    pub(super) scheme: &'static str,
    /// Whose key the tokens were given to; others cannot use them.
    pub(super) prover: Option<Arc<Prover>>,
    pub(super) renewal: Option<Renewal>,
    /// From here on a refresh is due.
    due: Instant,
    /// From here on the access token is no longer good.
    end: Instant,
    /// Counts the logins and refreshes, so that a 401 for an older token does not cost the newer one.
    pub(super) generation: u64,
}

#[derive(Default)]
pub(super) struct State {
    pub(super) held: Option<Held>,
    pub(super) generation: u64,
    refreshing: bool,
    /// How the last refresh ended, for the threads that waited for it: its number and its failure.
    ended: (u64, Option<ErrorKind>),
    /// The service's time in its last answer, and when that came.
    pub(super) heard: Option<(Time, Instant)>,
    /// Whose key the next tokens are asked for with.
    pub(super) prover: Option<Arc<Prover>>,
    /// The service's nonce for the next proofs.
    pub(super) nonce: Option<String>,
}

/// A token to be shown.
pub(super) struct Pass {
    pub(super) generation: u64,
    pub(super) authorization: String,
    pub(super) prover: Option<Arc<Prover>>,
}

impl Held {
    pub(super) fn pass(&self) -> Pass {
        Pass {
            generation: self.generation,
            authorization: format!("{} {}", self.scheme, self.access.expose()),
            prover: self.prover.clone(),
        }
    }
}

impl Session {
    pub(super) fn ask_for_tokens(&self, grant: Grant, prover: Option<&Arc<Prover>>, limits: &Limits) -> Result<Tokens> {
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
    pub(super) fn keep(&self, tokens: Tokens, prover: Option<Arc<Prover>>, before: Option<Renewal>) -> Result<()> {
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
    pub(super) fn pass(&self, stale: Option<u64>, limits: &Limits) -> Result<Pass> {
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

    /// The next tokens, by whatever means.
    pub(super) fn renew(&self, renewal: &Renewal, prover: Option<&Arc<Prover>>, limits: &Limits) -> Result<Tokens> {
        match renewal {
            Renewal::Token(token) => self.ask_for_tokens(Grant::Refresh { refresh_token: token.duplicate() }, prover, limits),
            Renewal::Client => self.ask_for_tokens(Grant::ClientCredentials, prover, limits),
            // It is asked again next time, whatever else it gave.
            Renewal::Provider(provider) => Ok(Tokens { refresh_token: None, ..provider.tokens(limits)? }),
        }
    }

    fn refresh(&self, renewal: &Renewal, generation: u64, prover: Option<Arc<Prover>>, limits: &Limits) -> Result<()> {
        let turn = Turn { session: self, failure: Some(ErrorKind::Cancelled) };
        let outcome = self.renew(renewal, prover.as_ref(), limits);
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
