//! The room `journey`: certificate requests and renewals that survive the death of the process. Takes a folder and a key to the journal in it; gives each
//! signing key one certificate, whatever happened in between.
//!
//! A request is named by its signing key. Each step is in the journal before the next one begins: challenge given, key to be made, request signed, answer
//! there. So a challenge that is still good is not asked for again, and no second code sent; a key that was made is used; a request that was signed is
//! sent as it is, under its idempotency key; and a certificate that was issued to nobody's ears is fetched.

mod answer;
mod entry;
#[cfg(all(test, target_os = "linux"))]
#[allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests are an edge")]
mod tests;

use super::enrol::{self, CertificateOrder, PendingRequest, Requested, make_request, receive};
use super::renew;
use super::retry::Limits;
use super::session::Session;
use super::waiting::pause;
use crate::enroll::Identity;
use crate::error::{Error, ErrorKind, Result};
use crate::host::clock;
use crate::host::records::Records;
use crate::key::{DeviceKeyStore, KeyInfo, KeySpec};
use crate::remote::certificate_challenge::{AuthenticationMethod, Challenge};
use crate::remote::http::Request;
use crate::remote::request_certificate::Issuance;
use answer::{is_refusal, issued};
use entry::{Call, Held, Kept, MadeFor, Stage, apply, record};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};

/// Name of the journal in its folder.
const JOURNAL: &str = "requests.tsj";
/// Most bytes of an answer.
const MAX_ANSWER: u64 = 1 << 20;
/// A kept challenge that ends sooner than this many seconds is not worth typing a code for.
const MARGIN: i64 = 30;

/// How far a request has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequestState {
    /// A challenge was asked for, or the key was made; nothing was signed, or the service refused what was.
    Begun,
    /// Signed by the key; whether the service has it is not known.
    Made,
    /// A registration officer must approve.
    Pending,
    /// The certificate is there.
    Issued,
}

/// A request that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OpenRequest {
    /// Name of the key to be certified.
    pub signing_key: String,
    /// How far it has come.
    pub state: RequestState,
}

/// The certificate requests of a device.
pub struct Requests {
    state: Mutex<State>,
    /// Held while a request is worked on.
    turn: Mutex<()>,
}

struct State {
    journal: Records,
    held: BTreeMap<String, Held>,
}

impl Requests {
    /// After the call the journal in that folder is open, and this process's alone; a missing folder is there, for its owner alone. `key`: 32 random bytes
    /// that are kept elsewhere, as in the platform's key store. The folder may be that of the [orders](super::orders).
    ///
    /// # Errors
    /// [`ErrorKind::JournalDamaged`] also for another key; [`ErrorKind::JournalBusy`]; [`ErrorKind::SourceUnreadable`],
    /// [`ErrorKind::OutputUnwritable`].
    pub fn open(folder: &Path, key: &[u8; 32]) -> Result<Requests> {
        let (journal, written) = Records::open(&folder.join(JOURNAL), key)?;
        let mut held = BTreeMap::new();
        for record in &written {
            apply(&mut held, record)?;
        }
        Ok(Requests { state: Mutex::new(State { journal, held }), turn: Mutex::new(()) })
    }

    /// Every request that was not closed, by the name of its key: to be looked at when the app starts.
    #[must_use]
    pub fn list(&self) -> Vec<OpenRequest> {
        let state = |held: &Held| match held.stage {
            Stage::Begun => RequestState::Begun,
            Stage::Made { .. } => RequestState::Made,
            Stage::Pending(_) => RequestState::Pending,
            Stage::Issued(_) => RequestState::Issued,
        };
        self.state().held.iter().map(|(name, held)| OpenRequest { signing_key: name.clone(), state: state(held) }).collect()
    }

    /// A challenge for the request of that key: the one that an earlier process was given, if it is good for a while yet, so that no second code is sent.
    ///
    /// # Errors
    /// As [`enrol::ask_challenge`]; [`ErrorKind::WrongOrder`] while another thread is at work, or if the key has signed its request: [`Requests::resume`].
    pub fn challenge(
        &self,
        session: &Session,
        signing_key: &str,
        device_uuid: &str,
        method: AuthenticationMethod,
        limits: &Limits,
    ) -> Result<Challenge> {
        let of = ["request", device_uuid, method.as_str()].join("\0");
        self.challenged(signing_key, of, || enrol::ask_challenge(session, device_uuid, method, limits))
    }

    /// The same for a renewal of the identity's certificate.
    ///
    /// # Errors
    /// As [`renew::ask_challenge`], and [`Requests::challenge`].
    pub fn renewal_challenge(&self, session: &Session, signing_key: &str, identity: &Identity, limits: &Limits) -> Result<Challenge> {
        let of = ["renewal", identity.credential_id()].join("\0");
        self.challenged(signing_key, of, || renew::ask_challenge(session, identity, limits))
    }

    fn challenged(&self, name: &str, of: String, ask: impl FnOnce() -> Result<Challenge>) -> Result<Challenge> {
        let _turn = self.turn()?;
        let held = self.begun(name)?;
        if let Some(challenge) = held.challenge.as_ref().and_then(|kept| kept.good(&of, clock::now(), MARGIN)) {
            return Ok(challenge);
        }
        let challenge = ask()?;
        let kept = Some(Kept::new(of, &challenge, clock::now()));
        self.write(name, Some(Held { challenge: kept, ..held }))?;
        Ok(challenge)
    }

    /// The signing key of a request: made now, or by an earlier process that got no further. One that was made to attest another challenge, and has no
    /// certificate, makes room for a new one, as a key attests what it was made with.
    ///
    /// # Errors
    /// [`ErrorKind::KeyExists`] for a key that was not made here, or is certified; otherwise what the store says.
    pub fn key(&self, store: &dyn DeviceKeyStore, name: &str, spec: &KeySpec) -> Result<KeyInfo> {
        let _turn = self.turn()?;
        let held = self.begun(name)?;
        let wanted = Some(MadeFor(spec.attestation_challenge.clone()));
        match store.info(name) {
            Ok(found) if held.made_for == wanted && found.purpose == spec.purpose && found.public_key.algorithm() == spec.algorithm => {
                return Ok(found);
            }
            Ok(_) if held.made_for.is_none() => return Err(ErrorKind::KeyExists.into()),
            Ok(_) => store.delete(name)?,
            Err(error) if error.kind() == ErrorKind::KeyNotFound => {}
            Err(error) => return Err(error),
        }
        self.write(name, Some(Held { made_for: wanted, ..held }))?;
        store.create(name, spec)
    }

    /// Requests the certificate, as [`enrol::order_certificate`] does, or goes on with an earlier request of the same key. What the person typed is in the
    /// journal, sealed, until the service has answered.
    ///
    /// # Errors
    /// As [`enrol::order_certificate`]: after an error of the network or the login the request stays, and [`Requests::resume`] goes on; a refusal ends it,
    /// and the next one is by the same key. [`ErrorKind::WrongOrder`] while another thread is at work, or while a request of another key of that name is
    /// open.
    pub fn order(&self, session: &Session, store: &dyn DeviceKeyStore, order: CertificateOrder<'_>, limits: &Limits) -> Result<Requested> {
        let _turn = self.turn()?;
        let key = order.signing_key;
        self.request(session, key, limits, || {
            let request = make_request(session, store, order)?;
            Ok((request.call.encode(), request.pending))
        })
    }

    /// Renews the identity's certificate, as [`renew::renew`] does, or goes on with an earlier renewal under the same key.
    ///
    /// # Errors
    /// As [`renew::renew`], and [`Requests::order`].
    pub fn renew(
        &self,
        session: &Session,
        store: &dyn DeviceKeyStore,
        identity: &Identity,
        signing_key: &KeyInfo,
        challenge: &str,
        limits: &Limits,
    ) -> Result<Requested> {
        let _turn = self.turn()?;
        self.request(session, signing_key, limits, || renew::made(session, store, identity, signing_key, challenge))
    }

    fn request(
        &self,
        session: &Session,
        key: &KeyInfo,
        limits: &Limits,
        make: impl FnOnce() -> Result<(Request, PendingRequest)>,
    ) -> Result<Requested> {
        let name = &key.name;
        if self.held(name).is_some_and(|held| !held.is_of(key)) {
            return Err(Error::new(ErrorKind::WrongOrder).context("a request of another key of that name is open"));
        }
        match self.go_on(session, name, limits) {
            Ok(Some(done)) => return Ok(done),
            // What an earlier process signed was refused: it was too late. This call brings another challenge.
            Err(error) if !is_refusal(&error) => return Err(error),
            Ok(None) | Err(_) => {}
        }
        let (request, pending) = make()?;
        let (held, call) = (self.begun(name)?, Call::of(&request));
        self.write(name, Some(Held { stage: Stage::Made { pending: pending.clone(), call }, ..held }))?;
        self.send(session, name, request, pending, limits)
    }

    /// Goes on where an earlier process stopped; no key is asked, and nothing is typed. `None` where nothing was signed yet. Once the host has kept the
    /// identity, it [closes](Requests::close) the request.
    ///
    /// # Errors
    /// As [`enrol::send_request`] and [`enrol::ask_again`]; after a refusal the key has no request any more. [`ErrorKind::WrongOrder`] while another thread
    /// is at work.
    pub fn resume(&self, session: &Session, signing_key: &str, limits: &Limits) -> Result<Option<Requested>> {
        let _turn = self.turn()?;
        self.go_on(session, signing_key, limits)
    }

    /// Goes on as [`Requests::resume`] does, and waits while a registration officer has not decided. `None` where nothing was signed yet. Another thread may
    /// ask for the list meanwhile; after a kill the next process waits on.
    ///
    /// # Errors
    /// As [`Requests::resume`]; [`ErrorKind::Cancelled`], promptly, and [`ErrorKind::TimedOut`]: the request stays.
    pub fn wait(&self, session: &Session, signing_key: &str, limits: &Limits) -> Result<Option<Identity>> {
        loop {
            match self.resume(session, signing_key, limits)? {
                None => return Ok(None),
                Some(Requested::Issued(identity)) => return Ok(Some(identity)),
                Some(Requested::Pending(pending)) => pause(session, pending.retry_after, limits)?,
            }
        }
    }

    fn go_on(&self, session: &Session, name: &str, limits: &Limits) -> Result<Option<Requested>> {
        let Some(held) = self.held(name) else { return Ok(None) };
        match held.stage {
            Stage::Begun => Ok(None),
            Stage::Issued(identity) => Ok(Some(Requested::Issued(identity))),
            Stage::Pending(pending) => {
                let outcome = enrol::ask_again(session, pending, limits);
                self.ended(name, outcome).map(Some)
            }
            Stage::Made { pending, call } => {
                // Looked for first: the service forgets idempotency keys after a day, and a code that is sent once more is a try.
                if let Some(issued) = issued(session, &pending, limits)? {
                    return self.ended(name, receive(pending, issued)).map(Some);
                }
                self.send(session, name, call.request(), pending, limits).map(Some)
            }
        }
    }

    fn send(&self, session: &Session, name: &str, request: Request, pending: PendingRequest, limits: &Limits) -> Result<Requested> {
        let mut answer = enrol::send(session, request, MAX_ANSWER, limits).and_then(|response| Issuance::decode(&response));
        // Of several tries an earlier one may have been heard, and the last one refused by something in between.
        if answer.as_ref().is_err_and(|error| is_refusal(error) && error.kind() != ErrorKind::UserAuthenticationFailed)
            && let Some(issued) = issued(session, &pending, limits)?
        {
            answer = Ok(issued);
        }
        self.ended(name, answer.and_then(|answer| receive(pending, answer)))
    }

    /// Writes down what the service answered.
    fn ended(&self, name: &str, outcome: Result<Requested>) -> Result<Requested> {
        let stage = match &outcome {
            Ok(Requested::Issued(identity)) => Stage::Issued(identity.clone()),
            Ok(Requested::Pending(pending)) => Stage::Pending(pending.clone()),
            Err(error) if is_refusal(error) => Stage::Begun,
            Err(_) => return outcome,
        };
        // The challenge is spent, whatever came of it, unless what was typed was wrong.
        let spent = !matches!(&outcome, Err(error) if error.kind() == ErrorKind::UserAuthenticationFailed);
        let held = self.held(name).unwrap_or(Held::BEGUN);
        let challenge = held.challenge.filter(|_| !spent);
        self.write(name, Some(Held { challenge, stage, made_for: held.made_for }))?;
        outcome
    }

    /// After the call the journal no longer has that request: the host has the identity, or gave up. What the service has issued it has issued: whoever gives
    /// up a request that was made resumes it first, and revokes what comes of it.
    ///
    /// # Errors
    /// [`ErrorKind::RecordNotFound`]; [`ErrorKind::WrongOrder`] while another thread is at work; [`ErrorKind::OutputUnwritable`].
    pub fn close(&self, signing_key: &str) -> Result<()> {
        let _turn = self.turn()?;
        if self.held(signing_key).is_none() {
            return Err(Error::new(ErrorKind::RecordNotFound).context("no request of that key in the journal"));
        }
        self.write(signing_key, None)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A record is in the journal before it is in the map: what a panic left is no further than the journal.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn turn(&self) -> Result<MutexGuard<'_, ()>> {
        match self.turn.try_lock() {
            Ok(turn) => Ok(turn),
            Err(TryLockError::Poisoned(turn)) => Ok(turn.into_inner()),
            Err(TryLockError::WouldBlock) => Err(Error::new(ErrorKind::WrongOrder).context("another thread is at work on a request")),
        }
    }

    fn held(&self, name: &str) -> Option<Held> {
        self.state().held.get(name).cloned()
    }

    /// The request of that key, of which nothing was signed yet.
    fn begun(&self, name: &str) -> Result<Held> {
        match self.held(name) {
            None => Ok(Held::BEGUN),
            Some(held) if matches!(held.stage, Stage::Begun) => Ok(held),
            Some(_) => Err(Error::new(ErrorKind::WrongOrder).context("the key has signed its request")),
        }
    }

    /// Writes the request down before anything counts on it. What was typed goes with the answer: the file is written anew, as a whole, without it.
    fn write(&self, name: &str, held: Option<Held>) -> Result<()> {
        let state = &mut *self.state();
        let typed = matches!(state.held.get(name), Some(Held { stage: Stage::Made { .. }, .. }));
        if typed || held.is_none() {
            let others = state.held.iter().filter(|(other, _)| *other != name).map(|(other, held)| (other.as_str(), held));
            let all = others.chain(held.as_ref().map(|held| (name, held)));
            let records = all.map(|(name, held)| record(name, Some(held))).collect::<Result<Vec<_>>>()?;
            state.journal.replace(&records.iter().map(|record| record.as_slice()).collect::<Vec<_>>())?;
        } else {
            state.journal.append(&record(name, held.as_ref())?)?;
        }
        match held {
            Some(held) => state.held.insert(name.to_owned(), held),
            None => state.held.remove(name),
        };
        Ok(())
    }
}
