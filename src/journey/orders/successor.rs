//! The room `journey`: an order that takes the place of another one, whose key is no more. Takes the new order; gives what becomes of the old one. What an
//! attacker would try: to have both keys sign one contract. So the old order is gone by the record that prepares the new one, and does not come back.

use super::entry::OrderState;
use super::given::{SigningOrder, Unanswered};
use super::{Orders, Turn};
use crate::error::{Error, ErrorKind, Result};

/// What becomes of the order before.
pub(super) enum Before<'o> {
    /// There is none, or its place is taken already.
    Nothing,
    /// Its key has answered.
    Answered(String),
    /// Its key has not, as far as anybody can know.
    Open(Open<'o>),
}

pub(super) struct Open<'o> {
    /// It, and those whose place it had taken.
    pub(super) names: Vec<String>,
    /// Nobody else works on it until the new one is in the journal.
    _turn: Turn<'o>,
}

impl Orders {
    /// # Errors
    /// [`ErrorKind::WrongOrder`] for an order whose own place is taken, or one of another id or document; [`ErrorKind::RecordNotFound`];
    /// [`ErrorKind::OrderUnanswered`].
    pub(super) fn before(&self, order: &SigningOrder<'_>, own: &str, document: &[u8; 32]) -> Result<Before<'_>> {
        let wrong = |what: &'static str| Error::new(ErrorKind::WrongOrder).context(what);
        if self.state().held.values().any(|held| held.order.in_place_of.iter().any(|name| name == own)) {
            return Err(wrong("another order, of another key, has taken this one's place"));
        }
        let Some(name) = order.in_place_of.filter(|name| *name != own) else { return Ok(Before::Nothing) };
        if self.held(own).is_some_and(|held| held.order.in_place_of.iter().any(|before| before == name)) {
            return Ok(Before::Nothing);
        }
        let turn = self.turn(name)?;
        let held = self.held(name).ok_or_else(|| Error::new(ErrorKind::RecordNotFound).context("no such order in the journal"))?;
        if held.order.id != order.id || held.facts.document.as_ref().is_none_or(|facts| facts.sha256 != *document) {
            return Err(wrong("an order takes the place of one of the same id and document"));
        }
        match held.order.state {
            OrderState::Unanswered if order.unanswered == Unanswered::Refuse => Err(ErrorKind::OrderUnanswered.into()),
            OrderState::Prepared | OrderState::Unanswered => {
                Ok(Before::Open(Open { names: [held.order.in_place_of, vec![held.order.name]].concat(), _turn: turn }))
            }
            OrderState::Answered | OrderState::Completed { .. } | OrderState::Filed { .. } => Ok(Before::Answered(held.order.name)),
        }
    }
}
