//! The room `journey`: signing orders that survive the death of the process, of the network and of the service. Takes a folder and a key to the journal
//! in it; gives each order signed once and filed once, whatever happened in between.
//!
//! Each step is in the journal before the next one begins: prepared, key asked, key answered, completed, filed. So an answer that was journalled is
//! never asked for again, and one that was not is told apart ([`OrderState::Unanswered`]): whether a key may be asked once more is the person's to say.

mod entry;
pub(super) mod facts;
mod given;
mod signing;
mod successor;
#[cfg(test)]
#[allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests are an edge")]
mod tests;

pub use entry::{Approval, Order, OrderMode, OrderState};
pub use given::{SigningOrder, SubmitTo, Unanswered, list_digest};

use super::device;
use super::input::Input;
use super::retry::{Limits, Watch};
use super::session::Session;
use crate::crypto::digest::sha256;
use crate::error::{Error, ErrorKind, Result};
use crate::host::records::Records;
use entry::{Held, Step, apply, record, records};
use facts::{Receipt, evidence};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use zeroize::Zeroizing;

/// Name of the journal in its folder.
const JOURNAL: &str = "orders.tsj";
/// A journal longer than this is written anew when it is opened, without what filed orders no longer need.
const TIDY: u64 = 16 << 20;

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
        if held.order.mode == OrderMode::Submit {
            return Err(Error::new(ErrorKind::WrongOrder).context("the service files this order by itself: give it again"));
        }
        let agreement = device::file(session, &Input::open(&held.order.target)?, Some(sha256), file_name, limits, watch)?;
        let receipt = Receipt { sha256: agreement.sha256, size: agreement.size, at: session.service_time().map(|time| time.unix()) };
        self.step(name, Step::Filed { document_id: agreement.document_id, receipt: Some(receipt) }, &[])
    }

    /// The order's evidence record as it stands, in JSON (`docs/schema/evidence-1.json`): what was shown, found and agreed to, by what key it was signed,
    /// and what the service said that it stored. To be kept by whoever has to prove it one day; it holds the consent's text.
    ///
    /// # Errors
    /// [`ErrorKind::RecordNotFound`].
    pub fn evidence(&self, name: &str) -> Result<String> {
        let held = self.held(name).ok_or_else(|| Error::new(ErrorKind::RecordNotFound).context("no such order in the journal"))?;
        let list = held.order.approval.and_then(|approval| self.list_of(approval));
        Ok(evidence(&held, list).to_string())
    }

    /// The documents of an approved list, if the journal has all of them.
    fn list_of(&self, approval: Approval) -> Option<Vec<[u8; 32]>> {
        let mut found = BTreeMap::new();
        for held in self.state().held.values() {
            if let (Some(one), Some(document)) = (held.order.approval, &held.facts.document)
                && one.list == approval.list
            {
                found.insert(one.position, document.sha256);
            }
        }
        let list: Vec<[u8; 32]> = found.into_values().collect();
        (list_digest(&list) == approval.list).then_some(list)
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
}
