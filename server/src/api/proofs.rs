//! Proofs of possession (DPoP, RFC 9449): which are good, and which were used before.
//!
//! Takes a request's header fields, its method and address, and the time; gives the thumbprint of the key that proved, or a refusal. A proof is good
//! once: its id is remembered for as long as its nonce is good. Nonces live in memory alone; after a restart none is good, and no old proof with it.
//! What an attacker would try: a proof of another call, the same proof again, one made beforehand, or so many that memory runs out.

use super::No;
use crate::failure::Failure;
use crate::random;
use sha2::{Digest, Sha256};
use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use thrivosign::Time;
use thrivosign::remote::http::Headers;
use thrivosign::remote::problem::{ProblemType, Refusal};
use thrivosign::remote::proof::{Claims, INVALID_DPOP_PROOF, Proof, USE_DPOP_NONCE};
use thrivosign::remote::schema::{Operation, Refusals};

/// How long a nonce is given out, in seconds; it stays good for as long again.
const NONCE_SECONDS: i64 = 150;
/// How far a proof's own time may be off, in seconds. A client that has heard an answer knows this server's time.
const CLOCK_SECONDS: i64 = 300;
/// Most proofs that are remembered for one nonce; then the next one begins early.
const MAX_SEEN: usize = 50_000;

/// A nonce, and the proofs that were made with it.
struct Epoch {
    nonce: String,
    began: Time,
    seen: HashSet<[u8; 32]>,
}

impl Epoch {
    fn new(now: Time) -> Result<Epoch, Failure> {
        Ok(Epoch { nonce: random::id("n-")?, began: now, seen: HashSet::new() })
    }

    fn is_over(&self, now: Time) -> bool {
        !(0..NONCE_SECONDS).contains(&now.unix().saturating_sub(self.began.unix())) || self.seen.len() >= MAX_SEEN
    }
}

/// The nonce that is given out, and the one before.
type Epochs = Option<(Epoch, Option<Epoch>)>;

/// What is remembered of proofs.
#[derive(Default)]
pub(crate) struct Proofs(Mutex<Epochs>);

/// A proof that is good, by the key that it is of.
pub(crate) struct Proven {
    /// The key's thumbprint (RFC 7638).
    pub(crate) key: String,
    claims: Claims,
}

impl Proven {
    /// Whether it was made with that access token.
    pub(crate) fn is_with(&self, token: &str) -> bool {
        self.claims.token_hash == Some(thrivosign::remote::proof::token_hash(token))
    }
}

impl Proofs {
    /// The nonce for the next proofs.
    pub(crate) fn nonce(&self, now: Time) -> Result<String, Failure> {
        let mut state = self.turned(now)?;
        Ok(state.get_or_insert((Epoch::new(now)?, None)).0.nonce.clone())
    }

    /// The proof among the header fields of a call; `None` without one.
    pub(crate) fn check(&self, operation: &Operation, headers: &Headers, url: &str, now: Time) -> Result<Option<Proven>, No> {
        let proof = Proof::read(headers).map_err(|_| refused(operation))?;
        let Some(proof) = proof else { return Ok(None) };
        let key = proof.thumbprint().ok_or_else(|| refused(operation))?;
        if !proof.is_of(operation.method, url) {
            return Err(refused(operation));
        }
        let Some(nonce) = &proof.claims.nonce else { return Err(wants_nonce(operation)) };
        let mut state = self.turned(now)?;
        let epochs = state.iter_mut().flat_map(|(current, before)| std::iter::once(current).chain(before));
        let Some(epoch) = epochs.into_iter().find(|epoch| epoch.nonce == *nonce) else { return Err(wants_nonce(operation)) };
        if (proof.claims.at.unix().saturating_sub(now.unix())).saturating_abs() > CLOCK_SECONDS {
            return Err(refused(operation));
        }
        let name: [u8; 32] = Sha256::digest([key.as_bytes(), b"\0", proof.claims.id.as_bytes()].concat()).into();
        if !epoch.seen.insert(name) {
            return Err(refused(operation));
        }
        Ok(Some(Proven { key, claims: proof.claims }))
    }

    /// What is remembered, nonces turned on to that time.
    fn turned(&self, now: Time) -> Result<MutexGuard<'_, Epochs>, Failure> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.as_ref().is_some_and(|(current, _)| current.is_over(now)) {
            let next = Epoch::new(now)?;
            // A nonce that was given out too long ago is not the one before.
            let before =
                state.take().map(|(current, _)| current).filter(|old| now.unix().saturating_sub(old.began.unix()) < 2 * NONCE_SECONDS);
            *state = Some((next, before));
        }
        Ok(state)
    }
}

/// RFC 9449 5 at the token endpoint, 7.1 elsewhere.
pub(crate) fn refused(operation: &Operation) -> No {
    match operation.refusals {
        Refusals::Published => Refusal::Coded { status: 400, error: INVALID_DPOP_PROOF, description: None }.into(),
        Refusals::Problem => ProblemType::ProofRefused.into(),
    }
}

/// RFC 9449 8 at the token endpoint, 9 elsewhere.
fn wants_nonce(operation: &Operation) -> No {
    match operation.refusals {
        Refusals::Published => Refusal::Coded { status: 400, error: USE_DPOP_NONCE, description: None }.into(),
        Refusals::Problem => ProblemType::ProofNonceRequired.into(),
    }
}
