//! The room `journey`: a document's signatures are raised from B-B to B-T, B-LT or B-LTA, or kept there (EN 319 142-1 6), without a person and without a
//! key. Takes a document, trust, time-stamping authorities and whoever fetches; gives the document with revisions appended. A level that cannot be
//! reached is told with why; what could be done is done.

use super::input::Input;
use super::observe::observe;
use super::output::{Target, appended, joined};
use super::pace::HostPace;
use super::retry::{Limits, Watch};
use super::stamp::{Stamping, TimeStampAuthority, Unanswered, deadline};
use crate::cancel::Progress;
use crate::error::{Error, ErrorKind, Result};
use crate::evidence::gather::{Fetch as Gap, Missing};
use crate::evidence::token::MAX_ANSWER;
use crate::evidence::{Bundle, Gathering, Item, Kind, Subject, Vri, VriKey, need};
use crate::host::{clock, random};
use crate::pdf::Document;
use crate::pki::trust::TrustAnchors;
use crate::remote::fetch::{Fetch, Fetcher, NamedBy};
use crate::sign::{Additions, StampRequest, add_evidence, plan_stamp};
use crate::time::Time;
use crate::verify::{self, Kind as SignatureKind, Level, Policy, Report, Revocation, SignedBy, VerifyOptions};
use std::time::Duration;

/// How often somebody is asked, for each signature.
const FETCHES: usize = 8;
/// How long one answer may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Most bytes of a list that is embedded.
const MAX_LIST: u64 = 5 << 20;

/// How far a document is raised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Goal {
    /// A time stamp over every signature.
    BT,
    /// And all evidence in the document.
    BLT,
    /// And a document time stamp over all of it; of a document that has one, another.
    BLTA,
}

/// What a document is raised with.
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
    /// The document's user or owner password.
    pub password: Option<&'a [u8]>,
    /// The time to judge at; `None`: now, by the machine's clock.
    pub time: Option<Time>,
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
    /// Whether every signature is where it should be.
    pub reached: bool,
}

impl Extended {
    /// The lowest level of all signatures; none if one is below B-T.
    #[must_use]
    pub fn level(&self) -> Option<Goal> {
        least(&self.report)
    }
}

/// Raises the signatures of a document. After the call the document is as it was; `revisions`, appended to it, are what is new, and the verifier has
/// judged both together: nothing that was clean is worse.
///
/// # Errors
/// As [`verify::verify`]; [`ErrorKind::WrongOrder`] for a document without a signature; as [`plan_stamp`]; [`ErrorKind::Cancelled`],
/// [`ErrorKind::TimedOut`]. An authority or responder that does not answer is no error.
pub fn extend(input: &Input, task: &Extending<'_>, limits: &Limits, watch: Watch<'_>) -> Result<Extended> {
    observe("extend", input, || limits.run(&HostPace, watch, |progress| raise(input, task, limits, progress)))
}

/// The same, and gives the document with what is new to a target; also where nothing is.
///
/// # Errors
/// As [`extend`], and [`ErrorKind::OutputIsInput`], [`ErrorKind::OutputUnwritable`], [`ErrorKind::DocumentChanged`].
pub fn extend_to(input: &Input, target: Target<'_>, task: &Extending<'_>, limits: &Limits, watch: Watch<'_>) -> Result<Extended> {
    observe("extend", input, || {
        limits.run(&HostPace, watch, |progress| {
            let extended = raise(input, task, limits, progress)?;
            appended(input, &extended.revisions, target, progress)?;
            Ok(extended)
        })
    })
}

struct Work<'a> {
    input: &'a Input,
    task: &'a Extending<'a>,
    limits: &'a Limits,
    tail: Vec<u8>,
    missing: Vec<Missing>,
    unanswered: Vec<Unanswered>,
}

fn raise(input: &Input, task: &Extending<'_>, limits: &Limits, progress: &Progress<'_>) -> Result<Extended> {
    let mut work = Work { input, task, limits, tail: Vec::new(), missing: Vec::new(), unanswered: Vec::new() };
    let before = work.judge(progress)?;
    if !before.signatures.iter().any(|signature| signature.kind == SignatureKind::Signature) {
        return Err(Error::new(ErrorKind::WrongOrder).context("the document has no signature to extend"));
    }
    if least(&before).is_none_or(|level| level < Goal::BT) {
        work.stamp(None, progress)?;
    }
    if task.goal >= Goal::BLT {
        let additions = work.gather(progress)?;
        let sealed = task.goal == Goal::BLTA && work.stamp(Some(&additions), progress)?;
        if !sealed {
            work.add(&additions)?;
        }
    }
    let report = work.judge(progress)?;
    // Nothing leaves that is worse than what came.
    let worse = before.signatures.iter().any(|old| {
        let now = report.signatures.iter().find(|new| new.field == old.field && new.byte_range == old.byte_range);
        now.is_none_or(|new| (old.clean && !new.clean) || (old.intact && !new.intact))
    });
    if worse {
        return Err(Error::new(ErrorKind::Internal).context("the extended document does not verify"));
    }
    let reached = least(&report).is_some_and(|level| level >= task.goal);
    Ok(Extended { revisions: work.tail, report, missing: work.missing, unanswered: work.unanswered, reached })
}

/// The lowest level of all signatures; none if one is below B-T.
fn least(report: &Report) -> Option<Goal> {
    let level = |level: Level| match level {
        Level::BT => Some(Goal::BT),
        Level::BLT => Some(Goal::BLT),
        Level::BLTA => Some(Goal::BLTA),
        _ => None,
    };
    let signatures = report.signatures.iter().filter(|signature| signature.kind == SignatureKind::Signature);
    signatures.map(|signature| level(signature.level)).min().flatten()
}

impl Work<'_> {
    /// The clock goes on while others answer: what they say is of a moment after the last look at it.
    fn now(&self) -> Time {
        self.task.time.unwrap_or_else(clock::now)
    }

    fn document(&self) -> Input {
        joined(self.input, self.tail.clone())
    }

    fn judge(&self, progress: &Progress<'_>) -> Result<Report> {
        let policy = Policy { revocation: Revocation::IfAvailable, ..Policy::default() };
        let (trust, evidence) = (self.task.trust, self.task.evidence);
        let options = VerifyOptions { trust, time: self.now(), policy, password: self.task.password, evidence };
        verify::verify(&self.document(), &options, progress)
    }

    /// A document time stamp, with evidence in the same revision. Gives back whether an authority answered.
    fn stamp(&mut self, additions: Option<&Additions>, progress: &Progress<'_>) -> Result<bool> {
        let current = self.document();
        let document = Document::open_with_password(&current, self.task.password)?;
        let plan = plan_stamp(&document, &StampRequest { additions, ..StampRequest::default() }, random::bytes()?)?;
        let prepared = plan.hash(&current, progress)?;
        let (trust, time, limits) = (self.task.trust, self.now(), self.limits);
        let stamping = Stamping { authorities: self.task.authorities, fetcher: self.task.fetcher, trust, time, limits };
        let Some(token) = stamping.token(prepared.imprint(), prepared.room(), &mut self.unanswered)? else { return Ok(false) };
        let stamped = prepared.seal(&token.der)?;
        self.tail.extend_from_slice(stamped.revision());
        Ok(true)
    }

    /// All that the signatures rest on, fetched where it is missing.
    fn gather(&mut self, progress: &Progress<'_>) -> Result<Additions> {
        let current = self.document();
        let document = Document::open_with_password(&current, self.task.password)?;
        let (signatures, mut held) = verify::signed_by(&document, progress)?;
        if let Some(evidence) = self.task.evidence {
            held.merge(evidence)?;
        }
        for certificate in signatures.iter().flat_map(|signature| &signature.certificates) {
            held.add(Item::Certificate(certificate.clone()))?;
        }
        let subjects: Vec<Subject> = signatures.iter().flat_map(|signature| signature.subjects.clone()).collect();
        let fetches = signatures.len().saturating_mul(FETCHES);
        let mut gathering = Gathering::new(&subjects, held.clone(), self.task.trust, self.now(), fetches);
        while self.task.fetcher.is_some() {
            let round = gathering.round()?;
            if round.is_empty() {
                break;
            }
            for gap in round {
                progress.check()?;
                self.limits.check(&HostPace)?;
                match self.close(&gap) {
                    Err(error) if error.kind() == ErrorKind::Cancelled => return Err(error),
                    answer => gathering.answer(&gap, answer.as_deref().map_err(Error::kind)),
                }
            }
            gathering.look_at(self.now());
        }
        let gathered = gathering.finish()?;
        self.missing = gathered.missing;
        // Each signature's own part, for who looks there.
        held.merge(&gathered.bundle)?;
        let own = |signature: &SignedBy| {
            let used = need(&signature.subjects, &held, self.task.trust, self.now())?.used;
            Ok(Vri::new(VriKey::of_contents(&signature.contents), used))
        };
        let vri = signatures.iter().map(own).collect::<Result<Vec<Vri>>>()?;
        Ok(Additions { bundle: gathered.bundle, vri })
    }

    fn close(&self, gap: &Gap) -> Result<Vec<u8>> {
        let Some(fetcher) = self.task.fetcher else { return Err(ErrorKind::ConnectFailed.into()) };
        fetcher.fetch(&Fetch {
            url: &gap.url,
            named_by: NamedBy::Certificate,
            body: gap.request.as_ref().map(|request| ("application/ocsp-request", request.der())),
            max_answer: if gap.kind == Kind::Crl { MAX_LIST } else { MAX_ANSWER as u64 },
            deadline: deadline(self.limits, PATIENCE),
            cancel: self.limits.cancel.clone(),
        })
    }

    fn add(&mut self, additions: &Additions) -> Result<()> {
        let current = self.document();
        let document = Document::open_with_password(&current, self.task.password)?;
        if let Some(revision) = add_evidence(&document, additions, random::bytes()?)? {
            self.tail.extend(revision);
        }
        Ok(())
    }
}
