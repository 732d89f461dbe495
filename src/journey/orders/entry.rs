//! The room `journey`: what the journal says of an order. Takes records in order and gives each order as it stands; takes a step and gives its record.

use super::facts::{Facts, KeyFacts, Receipt};
use crate::error::Result;
use crate::journey::frame::{damaged, framed, unframed};
use crate::time::Time;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;
use zeroize::Zeroizing;

/// How far a signing order has come.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OrderState {
    /// Prepared; the key was not asked, or said no.
    Prepared,
    /// The key was asked, and nobody knows what it answered: the process ended meanwhile.
    Unanswered,
    /// The key has answered; the document is still to be completed. No key is asked any more.
    Answered,
    /// The signed document is where it should be, and still to be filed.
    Completed {
        /// SHA-256 of the signed document.
        sha256: [u8; 32],
    },
    /// The service has it.
    Filed {
        /// SHA-256 of the signed document.
        sha256: [u8; 32],
        /// The service's id of the agreement.
        document_id: String,
    },
}

/// Who prepares and files the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OrderMode {
    /// This device.
    Device,
    /// The service.
    Submit,
}

/// The list of documents that an order was approved with: the person was shown all of them and said yes once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Approval {
    /// Names the list: [`list_digest`](super::list_digest) of its documents' digests.
    pub list: [u8; 32],
    /// The document's place in it, from 0.
    pub position: u32,
    /// How many documents the list has.
    pub count: u32,
}

/// A signing order.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Order {
    /// Its name in the journal: SHA-256 over document, order id and key, in hexadecimal.
    pub name: String,
    /// The host's own id.
    pub id: String,
    /// Where the signed document goes.
    pub target: PathBuf,
    /// When it was prepared.
    pub prepared_at: Time,
    /// Who prepares and files it.
    pub mode: OrderMode,
    /// What it was approved with, if that was more than one document.
    pub approval: Option<Approval>,
    /// SHA-256 of the public key that it was prepared for; none in a journal of before that was kept.
    pub public_key: Option<[u8; 32]>,
    /// The names of orders of keys that are no more, whose place this one has taken.
    pub in_place_of: Vec<String>,
    /// How far it has come.
    pub state: OrderState,
}

/// An order with what it needs to go on.
#[derive(Clone)]
pub(super) struct Held {
    pub(super) order: Order,
    /// The prepared document; none once it is filed and the journal was tidied.
    pub(super) blob: Option<Zeroizing<Vec<u8>>>,
    /// The key's answer.
    pub(super) value: Option<Vec<u8>>,
    /// What its evidence record says.
    pub(super) facts: Facts,
}

/// One step of one order.
#[derive(Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub(super) enum Step {
    Prepared {
        id: String,
        target: String,
        at: i64,
        // Journals of earlier versions have none.
        #[serde(default)]
        facts: Box<Facts>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        in_place_of: Vec<String>,
    },
    Asked,
    /// The key said no, or was not there: it gave nothing away.
    Released,
    Answered {
        #[serde(default)]
        at: Option<i64>,
    },
    Completed {
        sha256: [u8; 32],
    },
    Filed {
        document_id: String,
        #[serde(default)]
        receipt: Option<Receipt>,
    },
    Withdrawn,
}

#[derive(Serialize, Deserialize)]
struct Head {
    order: String,
    #[serde(flatten)]
    step: Step,
}

/// The record of a step, and the blob or value that goes with it.
pub(super) fn record(order: &str, step: Step, bytes: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    framed(&Head { order: order.to_owned(), step }, bytes)
}

/// Takes one more record into account.
///
/// # Errors
/// [`ErrorKind::JournalDamaged`] for a step that does not follow from those before.
pub(super) fn apply(orders: &mut BTreeMap<String, Held>, record: &[u8]) -> Result<()> {
    let (Head { order: name, step }, bytes) = unframed(record)?;
    if let Step::Prepared { id, target, at, facts, in_place_of } = step {
        // One record for both, so that there is never a moment with two of them, or none.
        for before in &in_place_of {
            if orders.remove(before).is_some_and(|held| !matches!(held.order.state, OrderState::Prepared | OrderState::Unanswered)) {
                return Err(damaged());
            }
        }
        let blob = Some(bytes).filter(|bytes| !bytes.is_empty()).map(|bytes| Zeroizing::new(bytes.to_vec()));
        let order = Order {
            name: name.clone(),
            id,
            target: target.into(),
            prepared_at: Time::from_unix(at),
            mode: if facts.service.is_some() { OrderMode::Submit } else { OrderMode::Device },
            approval: facts.approval,
            public_key: facts.key.as_ref().map(KeyFacts::public_key),
            in_place_of,
            state: OrderState::Prepared,
        };
        orders.insert(name, Held { order, blob, value: None, facts: *facts });
        return Ok(());
    }
    let held = orders.get_mut(&name).ok_or_else(damaged)?;
    let state = &mut held.order.state;
    *state = match (step, &*state) {
        (Step::Asked, OrderState::Prepared | OrderState::Unanswered) => OrderState::Unanswered,
        (Step::Released, OrderState::Unanswered) => OrderState::Prepared,
        (Step::Answered { at }, OrderState::Unanswered) => {
            (held.value, held.facts.answered_at) = (Some(bytes.to_vec()), at);
            OrderState::Answered
        }
        (Step::Completed { sha256 }, OrderState::Answered | OrderState::Completed { .. }) => OrderState::Completed { sha256 },
        (Step::Filed { document_id, receipt }, OrderState::Completed { sha256 }) => {
            // Nothing is left to be made of it.
            (held.blob, held.value, held.facts.receipt) = (None, None, receipt);
            OrderState::Filed { sha256: *sha256, document_id }
        }
        (Step::Withdrawn, OrderState::Prepared | OrderState::Unanswered) => {
            orders.remove(&name);
            return Ok(());
        }
        _ => return Err(damaged()),
    };
    Ok(())
}

/// The records that an order as it stands would have, for a journal that is written anew.
pub(super) fn records(held: &Held) -> Result<Vec<Zeroizing<Vec<u8>>>> {
    let order = &held.order;
    let target = order.target.to_str().ok_or_else(damaged)?.to_owned();
    let facts = Box::new(Facts { answered_at: None, receipt: None, ..held.facts.clone() });
    let prepared =
        Step::Prepared { id: order.id.clone(), target, at: order.prepared_at.unix(), facts, in_place_of: order.in_place_of.clone() };
    let mut all = vec![record(&order.name, prepared, held.blob.as_ref().map_or(&[][..], |blob| blob))?];
    let mut add = |step: Step, bytes: &[u8]| record(&order.name, step, bytes).map(|record| all.push(record));
    if order.state == OrderState::Prepared {
        return Ok(all);
    }
    add(Step::Asked, &[])?;
    if order.state == OrderState::Unanswered {
        return Ok(all);
    }
    add(Step::Answered { at: held.facts.answered_at }, held.value.as_deref().unwrap_or_default())?;
    match &order.state {
        OrderState::Completed { sha256 } => add(Step::Completed { sha256: *sha256 }, &[])?,
        OrderState::Filed { sha256, document_id } => {
            add(Step::Completed { sha256: *sha256 }, &[])?;
            add(Step::Filed { document_id: document_id.clone(), receipt: held.facts.receipt.clone() }, &[])?;
        }
        OrderState::Prepared | OrderState::Unanswered | OrderState::Answered => {}
    }
    Ok(all)
}
