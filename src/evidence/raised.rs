//! The evidence room: how far signatures are raised, and what stood in the way (EN 319 142-1 6). Plain data: who raises fills it in.

use super::gather::Missing;
use crate::error::ErrorKind;

/// How far signatures are to be raised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Goal {
    /// A time stamp over every signature.
    BT,
    /// And all evidence in the document.
    BLT,
    /// And a document time stamp over all of it; of a document that has one, another.
    BLTA,
}

impl Goal {
    /// The level's name (EN 319 142-1 6).
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Goal::BT => "B-T",
            Goal::BLT => "B-LT",
            Goal::BLTA => "B-LTA",
        }
    }
}

/// An authority that gave no time stamp, and why.
#[derive(Clone, Debug)]
pub struct Unanswered {
    /// Its address.
    pub url: String,
    /// What was wrong: the name of an error of the network, or the code of an answer of no use.
    pub code: String,
}

/// How far a signature was raised right after it was made. It stands, whatever the level: what is missing can be added later, without the signer.
#[derive(Clone, Debug)]
pub struct Raised {
    /// What was asked for.
    pub goal: Goal,
    /// The level that the verifier finds; none above B-B if absent.
    pub level: Option<Goal>,
    /// Bytes that were appended behind the signature's own revision.
    pub behind: u64,
    /// Evidence that could not be had.
    pub missing: Vec<Missing>,
    /// Authorities that were asked in vain.
    pub unanswered: Vec<Unanswered>,
    /// What ended the raising before its end, such as the journey's own time.
    pub stopped: Option<ErrorKind>,
}

impl Raised {
    /// Whether the signature is where it should be.
    #[must_use]
    pub fn reached(&self) -> bool {
        self.level.is_some_and(|level| level >= self.goal)
    }
}
