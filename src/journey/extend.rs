//! The room `journey`: a document's signatures are raised from B-B to B-T, B-LT or B-LTA, or kept there (EN 319 142-1 6), without a person and without a
//! key. Takes a document, trust, time-stamping authorities and whoever fetches; gives the document with revisions appended. A level that cannot be
//! reached is told with why; what could be done is done.

use super::input::Input;
use super::observe::observe;
use super::output::{Target, appended};
use super::pace::HostPace;
use super::raise::{Work, raise};
use super::retry::{Limits, Watch};
use super::stamp::{TimeStampAuthority, Unanswered};
use crate::error::Result;
use crate::evidence::Bundle;
use crate::evidence::gather::Missing;
use crate::pki::trust::TrustAnchors;
use crate::remote::fetch::Fetcher;
use crate::time::Time;
use crate::verify::Report;
use std::fmt;

pub use crate::evidence::Goal;

/// What signatures are raised with.
#[derive(Clone, Copy)]
pub struct Extending<'a> {
    /// How far.
    pub goal: Goal,
    /// Whom to trust, for signers, responders and time-stamping authorities.
    pub trust: &'a TrustAnchors,
    /// Asked one after the other until one answers.
    pub authorities: &'a [TimeStampAuthority],
    /// Who fetches; nothing is fetched without.
    pub fetcher: Option<&'a dyn Fetcher>,
    /// Evidence at hand.
    pub evidence: Option<&'a Bundle>,
    /// The time to judge at; `None`: now, by the machine's clock.
    pub time: Option<Time>,
}

impl fmt::Debug for Extending<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Extending").field("goal", &self.goal).finish_non_exhaustive()
    }
}

/// What became of the document.
pub struct Extended {
    /// What is to be appended to the document; empty if there was nothing to do.
    pub revisions: Vec<u8>,
    /// What the verifier says of the result.
    pub report: Report,
    /// Evidence that could not be had.
    pub missing: Vec<Missing>,
    /// Authorities that were asked in vain.
    pub unanswered: Vec<Unanswered>,
    /// The lowest level of all signatures; none if one is below B-T.
    pub level: Option<Goal>,
    /// Whether every signature is where it should be.
    pub reached: bool,
}

/// Raises the signatures of a document; `password` is its user or owner password. After the call the document is as it was; `revisions`, appended to it,
/// are what is new, and the verifier has judged both together: nothing that was clean is worse.
///
/// # Errors
/// As [`verify::verify`](crate::verify::verify()); [`WrongOrder`](crate::ErrorKind::WrongOrder) for a document without a signature; as
/// [`plan_stamp`](crate::sign::plan_stamp); [`Cancelled`](crate::ErrorKind::Cancelled), [`TimedOut`](crate::ErrorKind::TimedOut). An authority or
/// responder that does not answer is no error.
pub fn extend(input: &Input, password: Option<&[u8]>, task: &Extending<'_>, limits: &Limits, watch: Watch<'_>) -> Result<Extended> {
    observe("extend", input, || limits.run(&HostPace, watch, |progress| raise(Work::new(input, password, task, limits), progress)))
}

/// The same, and gives the document with what is new to a target; also where nothing is.
///
/// # Errors
/// As [`extend`], and [`OutputIsInput`](crate::ErrorKind::OutputIsInput), [`OutputUnwritable`](crate::ErrorKind::OutputUnwritable),
/// [`DocumentChanged`](crate::ErrorKind::DocumentChanged).
pub fn extend_to(
    input: &Input,
    password: Option<&[u8]>,
    target: Target<'_>,
    task: &Extending<'_>,
    limits: &Limits,
    watch: Watch<'_>,
) -> Result<Extended> {
    observe("extend", input, || {
        limits.run(&HostPace, watch, |progress| {
            let extended = raise(Work::new(input, password, task, limits), progress)?;
            appended(input, &extended.revisions, target, progress)?;
            Ok(extended)
        })
    })
}
