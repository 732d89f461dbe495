//! The room `journey`: the rungs from B-B to B-LTA, climbed one after the other: a time stamp over what has none, the evidence, a time stamp over that.
//! Takes a signed document; gives revisions to append, judged together with it. What could not be had is remembered, not lost.

use super::chain::fill;
use super::extend::{Extended, Extending};
use super::input::Input;
use super::output::joined;
use super::retry::Limits;
use super::stamp::{Stamping, TimeStampAuthority, Unanswered};
use crate::cancel::Progress;
use crate::error::{Error, ErrorKind, Result};
use crate::evidence::gather::Missing;
use crate::evidence::{Gathering, Goal, Item, Subject, Vri, VriKey, need};
use crate::host::{clock, random};
use crate::pdf::Document;
use crate::sign::{Additions, StampRequest, add_evidence, plan_stamp};
use crate::time::Time;
use crate::verify::{self, Kind as SignatureKind, Policy, Report, Revocation, SignatureReport, SignedBy, VerifyOptions};

/// How often somebody is asked, for each signature.
const FETCHES: usize = 8;

/// A document on its way up.
pub(super) struct Work<'a> {
    pub(super) input: &'a Input,
    pub(super) password: Option<&'a [u8]>,
    pub(super) task: &'a Extending<'a>,
    pub(super) limits: &'a Limits,
    /// Asked for time stamps; those of the task, unless it is known that they do not answer.
    pub(super) authorities: &'a [TimeStampAuthority],
    /// The field of the one signature that is to be raised; every one if none is named.
    pub(super) own: Option<&'a str>,
    pub(super) tail: Vec<u8>,
    pub(super) missing: Vec<Missing>,
    pub(super) unanswered: Vec<Unanswered>,
}

/// Raises every signature of a document.
pub(super) fn raise(mut work: Work<'_>, progress: &Progress<'_>) -> Result<Extended> {
    let before = work.judge(progress)?;
    if !before.signatures.iter().any(|signature| signature.kind == SignatureKind::Signature) {
        return Err(Error::new(ErrorKind::WrongOrder).context("the document has no signature to extend"));
    }
    work.climb(&before, progress)?;
    let report = work.judge(progress)?;
    // Nothing leaves that is worse than what came.
    if worse(&before, &report) {
        return Err(Error::new(ErrorKind::Internal).context("the extended document does not verify"));
    }
    let level = work.level(&report);
    let reached = level.is_some_and(|level| level >= work.task.goal);
    Ok(Extended { revisions: work.tail, report, missing: work.missing, unanswered: work.unanswered, level, reached })
}

/// Whether a signature that was good no longer is.
pub(super) fn worse(before: &Report, after: &Report) -> bool {
    before.signatures.iter().any(|old| {
        let now = after.signatures.iter().find(|new| new.field == old.field && new.byte_range == old.byte_range);
        now.is_none_or(|new| (old.clean && !new.clean) || (old.intact && !new.intact))
    })
}

impl<'a> Work<'a> {
    pub(super) fn new(input: &'a Input, password: Option<&'a [u8]>, task: &'a Extending<'a>, limits: &'a Limits) -> Work<'a> {
        let (authorities, own) = (task.authorities, None);
        Work { input, password, task, limits, authorities, own, tail: Vec::new(), missing: Vec::new(), unanswered: Vec::new() }
    }

    /// As far as it goes. What was appended before an error stands.
    pub(super) fn climb(&mut self, before: &Report, progress: &Progress<'_>) -> Result<()> {
        if self.level(before).is_none() {
            self.stamp(None, progress)?;
        }
        if self.task.goal >= Goal::BLT {
            let additions = self.gather(progress)?;
            let sealed = self.task.goal == Goal::BLTA && self.stamp(Some(&additions), progress)?;
            if !sealed {
                self.add(&additions)?;
            }
        }
        Ok(())
    }

    /// The lowest level of the signatures that are raised; none if one is below B-T.
    pub(super) fn level(&self, report: &Report) -> Option<Goal> {
        let counts =
            |signature: &&SignatureReport| signature.kind == SignatureKind::Signature && self.own.is_none_or(|own| own == signature.field);
        report.signatures.iter().filter(counts).map(|signature| signature.level.goal()).min().flatten()
    }

    /// The clock goes on while others answer: what they say is of a moment after the last look at it.
    fn now(&self) -> Time {
        self.task.time.unwrap_or_else(clock::now)
    }

    fn document(&self) -> Input {
        joined(self.input, self.tail.clone())
    }

    pub(super) fn judge(&self, progress: &Progress<'_>) -> Result<Report> {
        let policy = Policy { revocation: Revocation::IfAvailable, ..Policy::default() };
        let (trust, evidence) = (self.task.trust, self.task.evidence);
        let options = VerifyOptions { trust, time: self.now(), policy, password: self.password, evidence };
        verify::verify(&self.document(), &options, progress)
    }

    /// A document time stamp, with evidence in the same revision. Gives back whether an authority answered.
    fn stamp(&mut self, additions: Option<&Additions>, progress: &Progress<'_>) -> Result<bool> {
        if self.authorities.is_empty() {
            return Ok(false);
        }
        let current = self.document();
        let document = Document::open_with_password(&current, self.password)?;
        let plan = plan_stamp(&document, &StampRequest { additions, ..StampRequest::default() }, random::bytes()?)?;
        let prepared = plan.hash(&current, progress)?;
        let (trust, time, limits) = (self.task.trust, self.now(), self.limits);
        let stamping = Stamping { authorities: self.authorities, fetcher: self.task.fetcher, trust, time, limits };
        let Some(token) = stamping.token(prepared.imprint(), prepared.room(), &mut self.unanswered)? else { return Ok(false) };
        let stamped = prepared.seal(&token.der)?;
        self.tail.extend_from_slice(stamped.revision());
        Ok(true)
    }

    /// All that the signatures rest on, fetched where it is missing.
    fn gather(&mut self, progress: &Progress<'_>) -> Result<Additions> {
        let current = self.document();
        let document = Document::open_with_password(&current, self.password)?;
        let (mut signatures, mut held) = verify::signed_by(&document, progress)?;
        if let Some(evidence) = self.task.evidence {
            held.merge(evidence)?;
        }
        if let Some(own) = self.own {
            // Oldest first: what came before is somebody else's affair; what came behind may be the time stamp.
            let at = signatures.iter().position(|signature| signature.field == own).unwrap_or(0);
            signatures.drain(..at);
        }
        for certificate in signatures.iter().flat_map(|signature| &signature.certificates) {
            held.add(Item::Certificate(certificate.clone()))?;
        }
        let subjects: Vec<Subject> = signatures.iter().flat_map(|signature| signature.subjects.clone()).collect();
        let fetches = signatures.len().saturating_mul(FETCHES);
        let mut gathering = Gathering::new(&subjects, held.clone(), self.task.trust, self.now(), fetches);
        fill(&mut gathering, self.task.fetcher, &|| self.now(), self.limits, progress)?;
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

    fn add(&mut self, additions: &Additions) -> Result<()> {
        let current = self.document();
        let document = Document::open_with_password(&current, self.password)?;
        if let Some(revision) = add_evidence(&document, additions, random::bytes()?)? {
            self.tail.extend(revision);
        }
        Ok(())
    }
}
