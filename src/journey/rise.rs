//! The room `journey`: a signature that was just made rises to the level that was asked for. Takes the key's answer, then the finished signature; gives a
//! time stamp beside the one and revisions behind the other. Nothing but a cancellation takes the signature away: it cost somebody a fingerprint.

use super::extend::Extending;
use super::input::Input;
use super::raise::{Work, worse};
use super::retry::Limits;
use super::sign::SignOptions;
use super::stamp::{Stamping, Unanswered};
use crate::cancel::Progress;
use crate::crypto::digest::DigestAlgorithm;
use crate::error::{ErrorKind, Result};
use crate::evidence::{Goal, Raised};
use crate::host::clock;
use crate::sign::{Prepared, SignatureRequest, SignatureValue, SignedPdf};
use std::borrow::Cow;

/// What the signature value is stamped with.
const DIGEST: DigestAlgorithm = DigestAlgorithm::Sha256;

/// The request, with room for a time stamp if the signature is to rise.
pub(super) fn roomy<'r>(request: &'r SignatureRequest, options: SignOptions<'_>) -> Cow<'r, SignatureRequest> {
    if options.raise.is_none_or(|task| task.authorities.is_empty()) {
        return Cow::Borrowed(request);
    }
    let extra_room = request.extra_room.max(SignatureRequest::TOKEN_ROOM);
    Cow::Owned(SignatureRequest { extra_room, ..request.clone() })
}

/// The way up of one signature, if one is asked for.
pub(super) struct Rise<'a> {
    task: Option<&'a Extending<'a>>,
    password: Option<&'a [u8]>,
    limits: &'a Limits,
    stamped: bool,
    unanswered: Vec<Unanswered>,
    stopped: Option<ErrorKind>,
}

impl<'a> Rise<'a> {
    pub(super) fn new(options: SignOptions<'a>, limits: &'a Limits) -> Rise<'a> {
        Rise { task: options.raise, password: options.password, limits, stamped: false, unanswered: Vec::new(), stopped: None }
    }

    /// What goes on after the key has answered: the time of a journey that is to rise may end meanwhile, and its signature stays.
    pub(super) fn progress<'p>(&self, progress: &Progress<'p>) -> Progress<'p> {
        if self.task.is_some() { progress.unhurried() } else { progress.clone() }
    }

    /// A time stamp over the value, if an authority gives one that fits.
    ///
    /// # Errors
    /// [`ErrorKind::Cancelled`].
    pub(super) fn stamp(&mut self, value: &mut SignatureValue, prepared: &Prepared) -> Result<()> {
        let Some(task) = self.task.filter(|task| !task.authorities.is_empty()) else { return Ok(()) };
        let (time, limits) = (task.time.unwrap_or_else(clock::now), self.limits);
        let stamping = Stamping { authorities: task.authorities, fetcher: task.fetcher, trust: task.trust, time, limits };
        let token = stamping.token((DIGEST, &value.imprint(DIGEST)), prepared.token_room(), &mut self.unanswered);
        match token.and_then(|token| token.map(|token| value.stamp(&token.der, DIGEST)).transpose()) {
            Ok(stamped) => self.stamped = stamped.is_some(),
            Err(error) if error.kind() == ErrorKind::Cancelled => return Err(error),
            Err(error) => self.stopped = Some(error.kind()),
        }
        Ok(())
    }

    /// The rest of the way. `file` is the finished document, which was checked; gives what is to be appended to it.
    ///
    /// # Errors
    /// [`ErrorKind::Cancelled`].
    pub(super) fn raise(self, signed: SignedPdf, file: &Input, progress: &Progress<'_>) -> Result<(SignedPdf, Vec<u8>)> {
        let Some(task) = self.task else { return Ok((signed, Vec::new())) };
        let field = signed.field().to_owned();
        let mut work = Work::new(file, self.password, task, self.limits);
        work.own = Some(&field);
        // Nobody is asked twice in vain; but an authority whose token was too long to go beside the signature may stamp the document.
        let too_long = |one: &Unanswered| one.code == ErrorKind::SignatureRoomExceeded.name();
        if !self.stamped && !self.unanswered.iter().any(too_long) {
            work.authorities = &[];
        }
        work.unanswered = self.unanswered;
        let stopped = self.stopped;
        let outcome = climbed(&mut work, stopped, progress);
        if let Err(error) = &outcome
            && error.kind() == ErrorKind::Cancelled
        {
            return outcome.map(|_| (signed, Vec::new()));
        }
        let (level, stopped) = outcome.unwrap_or_else(|error| (None, Some(error.kind())));
        let behind = work.tail.len() as u64;
        let raised = Raised { goal: task.goal, level, behind, missing: work.missing, unanswered: work.unanswered, stopped };
        Ok((signed.with_raised(raised), work.tail))
    }
}

/// How far it went, and what ended it. An error says that the level is not known; what is appended then holds all the same.
fn climbed(work: &mut Work<'_>, stopped: Option<ErrorKind>, progress: &Progress<'_>) -> Result<(Option<Goal>, Option<ErrorKind>)> {
    let unhurried = progress.unhurried();
    let before = work.judge(&unhurried)?;
    let stopped = match stopped {
        None => match work.climb(&before, progress) {
            Ok(()) => None,
            Err(error) if error.kind() == ErrorKind::Cancelled => return Err(error),
            Err(error) => Some(error.kind()),
        },
        stopped => stopped,
    };
    if work.tail.is_empty() {
        return Ok((work.level(&before), stopped));
    }
    let after = work.judge(&unhurried);
    match after {
        Ok(after) if !worse(&before, &after) => Ok((work.level(&after), stopped)),
        Err(error) if error.kind() == ErrorKind::Cancelled => Err(error),
        // Nothing leaves that is worse than the signature alone.
        _ => {
            work.tail.clear();
            Ok((work.level(&before), Some(ErrorKind::Internal)))
        }
    }
}
