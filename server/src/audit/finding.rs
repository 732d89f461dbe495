//! What is not as it should be in audit records: takes the place, gives a line for the operator and an object for scripts.

use serde_json::{Value, json};
use std::fmt;

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An agreement without any record: each has one from its beginning.
    Empty,
    /// The record's number is not the one after that before it: one was deleted, put in, or put elsewhere.
    Misnumbered,
    /// The record does not name the one before it.
    Unlinked,
    /// The record's hash is not its own: it was edited.
    Edited,
    /// A checkpoint knows the agreement, the store has no record of it.
    Gone,
    /// A checkpoint knows more records: the end was cut off.
    Cut,
    /// A checkpoint knows another record at this place: the chain was changed and made anew.
    Remade,
    /// The record is dated before a checkpoint that does not know it.
    Backdated,
    /// A line of the checkpoints was not signed by the key, is damaged, or does not follow the one before it.
    Refused,
    /// A line of the checkpoints has no time stamp by which an authority that is trusted proves its time.
    Unstamped,
}

impl Kind {
    /// The word for scripts.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Kind::Empty => "empty",
            Kind::Misnumbered => "misnumbered",
            Kind::Unlinked => "unlinked",
            Kind::Edited => "edited",
            Kind::Gone => "gone",
            Kind::Cut => "cut",
            Kind::Remade => "remade",
            Kind::Backdated => "backdated",
            Kind::Refused => "checkpoint_refused",
            Kind::Unstamped => "checkpoint_unstamped",
        }
    }

    fn text(self) -> &'static str {
        match self {
            Kind::Empty => "the agreement has no record",
            Kind::Misnumbered => "the number does not follow: a record was deleted, put in or put elsewhere",
            Kind::Unlinked => "does not name the record before it",
            Kind::Edited => "is not what its hash was made of",
            Kind::Gone => "every record is gone",
            Kind::Cut => "the last record: what came after it was cut off",
            Kind::Remade => "is another than it was: the chain was changed and made anew",
            Kind::Backdated => "is dated before the checkpoint, which does not know it",
            Kind::Refused => "not signed by that key, damaged, or does not follow the line before it",
            Kind::Unstamped => "no time stamp of a trusted authority proves its time",
        }
    }
}

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub kind: Kind,
    /// The agreement's id, or `officers` for what officers did; none where a line of the checkpoints is refused.
    pub agreement: Option<String>,
    /// The record's place in its chain, from 1.
    pub record: Option<usize>,
    /// The line of the checkpoints that says so, from 1.
    pub checkpoint: Option<usize>,
}

impl Finding {
    /// As `--json` gives it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({ "kind": self.kind.code(), "agreement": self.agreement, "record": self.record, "checkpoint": self.checkpoint })
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(agreement) = &self.agreement {
            // Whoever owns the database names agreements: nothing of it steers a terminal.
            write!(f, "{} ", agreement.escape_debug())?;
        }
        if let Some(record) = self.record {
            write!(f, "record {record} ")?;
        }
        if let Some(checkpoint) = self.checkpoint {
            write!(f, "(checkpoint {checkpoint}) ")?;
        }
        write!(f, "{}: {}", self.kind.code(), self.kind.text())
    }
}
