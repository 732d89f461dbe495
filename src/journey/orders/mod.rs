//! The room `journey`: signing orders that survive the death of the process, of the network and of the service. Takes a folder and a key to the journal
//! in it; gives each order signed once and filed once, whatever happened in between.
//!
//! Each step is in the journal before the next one begins: prepared, key asked, key answered, completed, filed. So an answer that was journalled is
//! never asked for again, and one that was not is told apart ([`OrderState::Unanswered`]): whether a key may be asked once more is the person's to say.

mod entry;
#[cfg(test)]
#[allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests are an edge")]
mod tests;

pub use entry::{Order, OrderState};

use super::deferred::{Paused, complete, prepare};
use super::device;
use super::input::Input;
use super::output::Target;
use super::pace::HostPace;
use super::retry::{Limits, Watch};
use super::session::Session;
use super::sign::{SignOptions, SigningKey};
use super::upload::fingerprint;
use crate::crypto::PublicKey;
use crate::crypto::digest::{DigestAlgorithm, Hasher, sha256};
use crate::error::{Error, ErrorKind, Result};
use crate::host::clock;
use crate::host::records::Records;
use crate::sign::SignatureRequest;
use entry::{Held, Step, apply, record, records};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use zeroize::Zeroizing;

/// Name of the journal in its folder.
const JOURNAL: &str = "orders.tsj";
/// A journal longer than this is written anew when it is opened, without what filed orders no longer need.
const TIDY: u64 = 16 << 20;

/// What to do about a key that was asked for this order before without its answer being known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unanswered {
    /// Ends with [`ErrorKind::OrderUnanswered`].
    #[default]
    Refuse,
    /// The person was asked and agrees: the key is asked once more, over the same bytes.
    AskAgain,
}

/// What is to be signed, once.
#[derive(Clone, Copy)]
pub struct SigningOrder<'o> {
    /// The host's own id: document, id and key together name the order for ever.
    pub id: &'o str,
    /// The document.
    pub input: &'o Input,
    /// Where the signed document goes; not the input's own file.
    pub target: &'o Path,
    /// What is asked for.
    pub request: &'o SignatureRequest,
    /// Whose key signs.
    pub key: SigningKey<'o>,
    /// How the document is opened, checked and raised.
    pub options: SignOptions<'o>,
    /// Whether the key may be asked where it was asked before.
    pub unanswered: Unanswered,
}

/// The orders of a device.
pub struct Orders {
    state: Mutex<State>,
    blob_key: Zeroizing<[u8; 32]>,
}

struct State {
    journal: Records,
    held: BTreeMap<String, Held>,
    /// Orders that a thread is at work on.
    running: BTreeSet<String>,
}

/// A thread's turn at an order.
struct Turn<'o> {
    orders: &'o Orders,
    name: String,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.orders.state().running.remove(&self.name);
    }
}

impl Orders {
    /// After the call the journal in that folder is open, and this process's alone; a missing folder is there, for its owner alone. `key`: 32 random bytes that are kept elsewhere, as in the
    /// platform's key store; the journal holds documents' texts and file names under it.
    ///
    /// # Errors
    /// [`ErrorKind::JournalDamaged`] also for another key; [`ErrorKind::JournalBusy`]; [`ErrorKind::SourceUnreadable`],
    /// [`ErrorKind::OutputUnwritable`].
    pub fn open(folder: &Path, key: &[u8; 32]) -> Result<Orders> {
        let (mut journal, written) = Records::open(&folder.join(JOURNAL), key)?;
        let mut held = BTreeMap::new();
        for record in &written {
            apply(&mut held, record)?;
        }
        if journal.size() > TIDY {
            let mut kept = Vec::new();
            for order in held.values() {
                kept.extend(records(order)?);
            }
            journal.replace(&kept.iter().map(|record| record.as_slice()).collect::<Vec<_>>())?;
        }
        let blob_key = Zeroizing::new(sha256(&Zeroizing::new([&b"thrivosign order blob\0"[..], key].concat())));
        Ok(Orders { state: Mutex::new(State { journal, held, running: BTreeSet::new() }), blob_key })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A record is in the journal before it is in the map: what a panic left is no further than the journal.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Every order, in the order in which they were prepared.
    #[must_use]
    pub fn list(&self) -> Vec<Order> {
        let mut all: Vec<Order> = self.state().held.values().map(|held| held.order.clone()).collect();
        all.sort_by(|a, b| (a.prepared_at, &a.name).cmp(&(b.prepared_at, &b.name)));
        all
    }

    /// Signs, or goes on where an earlier call, of whatever process, stopped. After the call the signed document is at `target`, checked, and the
    /// order is [`OrderState::Completed`] or already filed. The key is asked at most once, and not at all if it has answered before.
    ///
    /// # Errors
    /// [`ErrorKind::OrderUnanswered`]; [`ErrorKind::WrongOrder`] while another thread is at work on it; as [`prepare`], the key's own and
    /// [`complete`]: the order stays where it is and the next call goes on; [`ErrorKind::OutputUnwritable`] if the journal cannot be written.
    pub fn sign(&self, order: &SigningOrder<'_>, limits: &Limits, watch: Watch<'_>) -> Result<Order> {
        let print = limits.run(&HostPace, None, |progress| fingerprint(order.input, DigestAlgorithm::Sha256, progress))?;
        let leaf = order.key.identity.chain().first().ok_or_else(|| Error::new(ErrorKind::ChainBroken))?;
        let name = name_of(&print.sha256, order.id, leaf.public_key());
        let _turn = self.turn(&name)?;
        let held = match self.held(&name) {
            Some(held) => held,
            None => self.prepare(order, &name, limits, watch)?,
        };
        match &held.order.state {
            OrderState::Unanswered if order.unanswered == Unanswered::Refuse => Err(Error::new(ErrorKind::OrderUnanswered)),
            OrderState::Prepared | OrderState::Unanswered => {
                let value = self.ask(order, &held, limits)?;
                self.complete(order, &held, &value, limits, watch)
            }
            OrderState::Answered => self.complete(order, &held, held.value.as_deref().unwrap_or_default(), limits, watch),
            // The document may have been moved or lost since: it is made again from the same answer.
            OrderState::Completed { sha256 } if !is_at(&held.order.target, sha256, limits) => {
                self.complete(order, &held, held.value.as_deref().unwrap_or_default(), limits, watch)
            }
            OrderState::Completed { .. } | OrderState::Filed { .. } => Ok(held.order),
        }
    }

    /// Files a completed order. After the call the service has said that it stored the very bytes of the signed document; an order that is filed
    /// already is not filed again.
    ///
    /// # Errors
    /// [`ErrorKind::RecordNotFound`] for a name that the journal does not have; [`ErrorKind::WrongOrder`] for one that is not completed;
    /// [`ErrorKind::DocumentChanged`] if another document is at its place, [`ErrorKind::SourceUnreadable`] if none is: [`Orders::sign`] makes it again;
    /// as [`file_document`](device::file_document).
    pub fn file(&self, session: &Session, name: &str, file_name: &str, limits: &Limits, watch: Watch<'_>) -> Result<Order> {
        let _turn = self.turn(name)?;
        let held = self.held(name).ok_or_else(|| Error::new(ErrorKind::RecordNotFound).context("no such order in the journal"))?;
        let sha256 = match &held.order.state {
            OrderState::Filed { .. } => return Ok(held.order),
            OrderState::Completed { sha256 } => *sha256,
            _ => return Err(Error::new(ErrorKind::WrongOrder).context("the order is not completed")),
        };
        let agreement = device::file(session, &Input::open(&held.order.target)?, Some(sha256), file_name, limits, watch)?;
        self.step(name, Step::Filed { document_id: agreement.document_id }, &[])
    }

    /// After the call the journal no longer has that order, whose key has not answered.
    ///
    /// # Errors
    /// [`ErrorKind::RecordNotFound`]; [`ErrorKind::WrongOrder`] once the key has answered; [`ErrorKind::OutputUnwritable`].
    pub fn withdraw(&self, name: &str) -> Result<()> {
        let _turn = self.turn(name)?;
        let held = self.held(name).ok_or_else(|| Error::new(ErrorKind::RecordNotFound).context("no such order in the journal"))?;
        if !matches!(held.order.state, OrderState::Prepared | OrderState::Unanswered) {
            return Err(Error::new(ErrorKind::WrongOrder).context("the key has answered"));
        }
        self.append(name, Step::Withdrawn, &[])
    }

    fn turn(&self, name: &str) -> Result<Turn<'_>> {
        if self.state().running.insert(name.to_owned()) {
            Ok(Turn { orders: self, name: name.to_owned() })
        } else {
            Err(Error::new(ErrorKind::WrongOrder).context("another thread is at work on this order"))
        }
    }

    fn held(&self, name: &str) -> Option<Held> {
        self.state().held.get(name).cloned()
    }

    /// Writes the step down before anything counts on it.
    fn append(&self, name: &str, step: Step, bytes: &[u8]) -> Result<()> {
        let record = record(name, step, bytes)?;
        let state = &mut *self.state();
        state.journal.append(&record)?;
        apply(&mut state.held, &record)
    }

    fn step(&self, name: &str, step: Step, bytes: &[u8]) -> Result<Order> {
        self.append(name, step, bytes)?;
        self.held(name).map(|held| held.order).ok_or_else(|| Error::new(ErrorKind::Internal))
    }

    fn prepare(&self, order: &SigningOrder<'_>, name: &str, limits: &Limits, watch: Watch<'_>) -> Result<Held> {
        order.key.ready()?;
        order.input.refuse_as_output(order.target)?;
        let wrong = || Error::new(ErrorKind::InvalidArgument).context("the target's path is not UTF-8");
        let target = order.target.to_str().ok_or_else(wrong)?.to_owned();
        let paused = prepare(order.input, order.request, order.key.identity, order.options, limits, watch)?;
        let step = Step::Prepared { id: order.id.to_owned(), target, at: clock::now().unix() };
        self.append(name, step, &paused.to_blob(Some(&*self.blob_key))?)?;
        self.held(name).ok_or_else(|| Error::new(ErrorKind::Internal))
    }

    fn paused(&self, held: &Held) -> Result<Paused> {
        let blob = held.blob.as_ref().ok_or_else(|| Error::new(ErrorKind::Internal).context("an open order without its document"))?;
        Paused::from_blob(blob, Some(&*self.blob_key))
    }

    /// Asks the key. Once it was asked, its answer is taken and kept, whoever gave up meanwhile: it may have cost a fingerprint.
    fn ask(&self, order: &SigningOrder<'_>, held: &Held, limits: &Limits) -> Result<Vec<u8>> {
        let paused = self.paused(held)?;
        order.key.ready()?;
        limits.check(&HostPace)?;
        let name = &held.order.name;
        self.append(name, Step::Asked, &[])?;
        match paused.answer(order.key, &Limits::default()) {
            Ok(value) => {
                self.append(name, Step::Answered, &value)?;
                Ok(value)
            }
            Err(error) => {
                // The store said no, so that it has given nothing away. If that cannot be written down, the order counts as unanswered.
                let _ = self.append(name, Step::Released, &[]);
                Err(error)
            }
        }
    }

    fn complete(&self, order: &SigningOrder<'_>, held: &Held, value: &[u8], limits: &Limits, watch: Watch<'_>) -> Result<Order> {
        let target = &held.order.target;
        complete(&self.paused(held)?, value, order.input, Target::file(target), order.options, limits, watch)?;
        let print = limits.run(&HostPace, None, |progress| fingerprint(&Input::open(target)?, DigestAlgorithm::Sha256, progress))?;
        self.step(&held.order.name, Step::Completed { sha256: print.sha256 }, &[])
    }
}

/// Whether the document of that digest is there.
fn is_at(path: &Path, sha256: &[u8; 32], limits: &Limits) -> bool {
    let print = || limits.run(&HostPace, None, |progress| fingerprint(&Input::open(path)?, DigestAlgorithm::Sha256, progress));
    print().is_ok_and(|print| print.sha256 == *sha256)
}

/// The order's name, each part of a length that is known or last.
fn name_of(document: &[u8; 32], id: &str, key: &PublicKey) -> String {
    let mut hasher = Hasher::new(DigestAlgorithm::Sha256);
    for part in [&b"thrivosign order 1\0"[..], document, &key.sha256(), id.as_bytes()] {
        hasher.update(part);
    }
    hasher.finish().iter().map(|byte| format!("{byte:02x}")).collect()
}
