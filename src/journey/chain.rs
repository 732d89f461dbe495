//! The room `journey`: what a certificate's chain rests on, asked for at the addresses that its certificates name. Takes the certificate, what is at
//! hand, and whoever fetches; gives all that counts, and what could not be had and why. Judges nothing: whoever asked validates the path by it.

use super::pace::HostPace;
use super::retry::Limits;
use super::stamp::deadline;
use crate::cancel::Progress;
use crate::error::{Error, ErrorKind, Result};
use crate::evidence::gather::{Fetch as Gap, Gathered};
use crate::evidence::token::MAX_ANSWER;
use crate::evidence::{Bundle, Gathering, Kind, Subject};
use crate::host::clock;
use crate::pki::certificate::Certificate;
use crate::pki::role::Role;
use crate::pki::trust::TrustAnchors;
use crate::remote::fetch::{Fetch, Fetcher, NamedBy};
use crate::time::Time;
use std::time::Duration;

/// How often somebody is asked.
const FETCHES: usize = 8;
/// How long one answer may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Most bytes of a list that is fetched.
const MAX_LIST: u64 = 5 << 20;

/// All that the chain of `certificate` rests on, for that use. `time` is when it is judged; `None`: now, by the machine's clock.
///
/// # Errors
/// [`ErrorKind::LimitReached`] for chains that take more work than any honest ones; [`ErrorKind::Cancelled`], [`ErrorKind::TimedOut`]. An address that
/// does not answer is no error.
pub fn evidence(
    certificate: &Certificate,
    role: Role,
    held: Bundle,
    trust: &TrustAnchors,
    fetcher: &dyn Fetcher,
    time: Option<Time>,
    limits: &Limits,
) -> Result<Gathered> {
    let subjects = [Subject { certificate: certificate.clone(), role }];
    let now = || time.unwrap_or_else(clock::now);
    limits.run(&HostPace, None, |progress| {
        let mut gathering = Gathering::new(&subjects, held.clone(), trust, now(), FETCHES);
        fill(&mut gathering, Some(fetcher), &now, limits, progress)?;
        gathering.finish()
    })
}

/// Asks for what is missing until nothing is, or nobody is left to ask.
pub(super) fn fill(
    gathering: &mut Gathering<'_>,
    fetcher: Option<&dyn Fetcher>,
    now: &dyn Fn() -> Time,
    limits: &Limits,
    progress: &Progress<'_>,
) -> Result<()> {
    let Some(fetcher) = fetcher else { return Ok(()) };
    loop {
        let round = gathering.round()?;
        if round.is_empty() {
            return Ok(());
        }
        for gap in round {
            progress.check()?;
            limits.check(&HostPace)?;
            match close(&gap, fetcher, limits) {
                Err(error) if error.kind() == ErrorKind::Cancelled => return Err(error),
                answer => gathering.answer(&gap, answer.as_deref().map_err(Error::kind)),
            }
        }
        gathering.look_at(now());
    }
}

fn close(gap: &Gap, fetcher: &dyn Fetcher, limits: &Limits) -> Result<Vec<u8>> {
    fetcher.fetch(&Fetch {
        url: &gap.url,
        named_by: NamedBy::Certificate,
        body: gap.request.as_ref().map(|request| ("application/ocsp-request", request.der())),
        max_answer: if gap.kind == Kind::Crl { MAX_LIST } else { MAX_ANSWER as u64 },
        deadline: deadline(limits, PATIENCE),
        cancel: limits.cancel.clone(),
    })
}
