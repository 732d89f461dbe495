//! The room `journey`: mode `submit`. The service prepares the signature, the device checks and signs it, the service files the result and the
//! device checks that too. Takes a session, a document, a key and what is asked for; gives the document that the service filed, or nothing.
//!
//! What the service prepares is taken only once it was found to be what was asked.

use super::filed::{Expected, fetch};
use super::input::Input;
use super::observe::observe;
use super::output::{Draft, Target};
use super::pace::fresh_id;
use super::proposal::{AtService, Keys, Proposal, Wanted, send};
use super::raise::Work;
use super::retry::{Limits, Watch};
use super::session::Session;
use super::sign::{SignOptions, SigningKey, check};
use crate::cancel::Progress;
use crate::error::{Error, ErrorKind, Result};
use crate::evidence::{Goal, Raised};
use crate::remote::complete_signature::{CompleteSignature, CompletedSignature};
use crate::remote::start_signature::Level;
use crate::sign::{SignatureRequest, SignatureValue, SignedPdf};

/// Most bytes of an ordinary answer.
const MAX_ANSWER: u64 = 1 << 20;

/// What is to be signed, by whom, and how.
#[derive(Clone, Copy)]
pub struct Submission<'s> {
    /// The credential at the service that belongs to the key.
    pub credential_id: &'s str,
    /// The file's name for the service; no folders.
    pub file_name: &'s str,
    /// What is asked for. Its time is the trusted time: the prepared `/M` may be ten minutes from it (see
    /// [`Session::service_time`] where the device's own clock cannot be trusted). The service reserves the room it likes, so that
    /// `extra_room` has no effect.
    pub request: &'s SignatureRequest,
    /// The key.
    pub key: SigningKey<'s>,
    /// How the document is opened and checked. The password stays here: a document that needs one cannot be prepared elsewhere. The service raises
    /// the signature by means of its own; those of [`SignOptions::raise`] are what the level that it reached is judged by.
    pub options: SignOptions<'s>,
}

/// A document that the service prepared and filed, and that the device signed and checked.
#[derive(Debug)]
pub struct Submitted {
    /// The document at the service.
    pub document_id: String,
    /// The signature at the service.
    pub signature_id: String,
    /// The signature; the document is handed over.
    pub signed: SignedPdf,
    /// Length of the output: that of the signed file, and of validation data that the service added behind.
    pub size: u64,
    /// SHA-256 of the output.
    pub sha256: [u8; 32],
}

/// How far a submission has come. Given to [`submit_again`] with the same document and submission, it goes on where the network broke off: the service
/// stores the document once and prepares it once, and the key, once it has answered, is not asked again. It holds no key and no document.
pub struct Attempt {
    keys: Keys,
    /// What the key answered.
    answered: Option<Vec<u8>>,
}

impl Attempt {
    /// One that has not begun.
    ///
    /// # Errors
    /// [`ErrorKind::RandomUnavailable`].
    pub fn new(session: &Session) -> Result<Attempt> {
        let keys = Keys { document: AtService::Sent(fresh_id(session.pace())?), start: fresh_id(session.pace())? };
        Ok(Attempt { keys, answered: None })
    }

    /// One that has not begun, about a document that the service holds: nothing is sent but what is asked for.
    ///
    /// # Errors
    /// [`ErrorKind::RandomUnavailable`].
    pub fn of_agreement(session: &Session, document_id: &str) -> Result<Attempt> {
        let keys = Keys { document: AtService::There(document_id.to_owned()), start: fresh_id(session.pace())? };
        Ok(Attempt { keys, answered: None })
    }
}

/// Has `input` prepared, signs it and brings the filed document to `target`. After the call it is there: the bytes of `input`, the revision that was
/// asked for, this device's signature, and behind them nothing but validation data; it has passed the library's own verifier. The key was
/// asked once, after everything but the filed document was checked.
///
/// # Errors
/// [`ErrorKind::PreparedRevisionRefused`] if what the service stored or prepared is not what was asked: the key was not used.
/// [`ErrorKind::FiledDocumentRefused`] if what it filed is not what was signed. As [`plan`](crate::sign::plan()) and
/// [`sign`](super::sign::sign()), before anything is sent; [`ErrorKind::InvalidArgument`] for a request that this mode cannot
/// carry. Otherwise what the service or the network says. In every case the output is as it was.
pub fn submit(
    session: &Session,
    input: &Input,
    target: Target<'_>,
    submission: &Submission<'_>,
    limits: &Limits,
    watch: Watch<'_>,
) -> Result<Submitted> {
    submit_again(session, input, target, submission, &mut Attempt::new(session)?, limits, watch)
}

/// The same, as often as it takes: an attempt that ended with an error of the network goes on with what it has come to.
///
/// # Errors
/// As [`submit`]; [`ErrorKind::SigningConflict`] for an attempt that was begun with another document or submission.
pub fn submit_again(
    session: &Session,
    input: &Input,
    target: Target<'_>,
    submission: &Submission<'_>,
    attempt: &mut Attempt,
    limits: &Limits,
    watch: Watch<'_>,
) -> Result<Submitted> {
    observe("submit", input, || {
        limits.run(session.pace(), watch, |progress| submit_watched(session, input, target, submission, attempt, (limits, progress)))
    })
}

fn submit_watched(
    session: &Session,
    input: &Input,
    target: Target<'_>,
    submission: &Submission<'_>,
    attempt: &mut Attempt,
    (limits, progress): (&Limits, &Progress<'_>),
) -> Result<Submitted> {
    let wanted = Wanted::new(input, submission)?;
    let draft = Draft::open(input, target)?;
    let proposal = wanted.propose(session, input, submission, attempt.keys.clone(), limits, progress)?;
    let message = proposal.prepared.to_be_signed()?;
    let value = match &attempt.answered {
        // Another message under the same attempt would be a second signature.
        Some(value) => message.accept(value).map_err(|_| Error::new(ErrorKind::SigningConflict))?,
        None => {
            let value = submission.key.answer(&message, progress)?;
            attempt.answered = Some(value.as_bytes().to_vec());
            value
        }
    };
    finish(session, input, draft, &proposal, &value, submission, limits, progress)
}

/// Completes a proposal with the key's answer: here, at the service, and compares. Doing it again does no more.
///
/// # Errors
/// As [`submit`], of what comes after the key.
#[expect(clippy::too_many_arguments, reason = "each is another noun; a struct for two calls would only rename them")]
pub(super) fn finish(
    session: &Session,
    input: &Input,
    mut draft: Draft<'_>,
    proposal: &Proposal,
    value: &SignatureValue,
    submission: &Submission<'_>,
    limits: &Limits,
    progress: &Progress<'_>,
) -> Result<Submitted> {
    let (prepared, options) = (&proposal.prepared, submission.options);
    let (identity, time) = (prepared.identity().clone(), prepared.claimed_time());
    let message = prepared.to_be_signed()?.message().to_vec();
    // The finished file is made and checked here before the value goes out: what the service files can only be compared with it.
    let signed = prepared.clone().complete(value, input, &mut draft, progress)?.with_preflight(proposal.found.clone());
    let finished = draft.read_back()?;
    check(&finished, &signed, time, &identity, options, progress)?;
    let call = CompleteSignature {
        document_id: proposal.document_id.clone(),
        signature_id: proposal.signature_id.clone(),
        signature: value.as_bytes().to_vec(),
        sign_algo: identity.algorithm().name().to_owned(),
    };
    let completed = CompletedSignature::decode(&send(session, call.encode()?, MAX_ANSWER, limits)?)?;
    if goal_of(completed.level) > options.raise.map(|task| task.goal) {
        return Err(Error::new(ErrorKind::FiledDocumentRefused).context("the service claims a higher level than was asked for"));
    }
    let stamped = options.raise.is_some();
    let expected = Expected { file: finished, signed: &signed, message: &message, value: value.as_bytes(), identity: &identity, stamped };
    let filed = fetch(session, &proposal.document_id, &expected, &mut draft, limits, progress)?;
    if filed.differs {
        super::filed::recheck(&draft.read_back()?, &signed, time, &identity, options.password, progress)?;
    }
    let signed = match options.raise {
        // What the service says of the level counts for nothing: what it filed is judged here.
        Some(task) => {
            let file = draft.read_back()?;
            let mut work = Work::new(&file, options.password, task, limits);
            let field = signed.field().to_owned();
            work.own = Some(&field);
            let level = work.level(&work.judge(progress)?);
            let behind = filed.size.saturating_sub(signed.total_len());
            signed.with_raised(Raised { goal: task.goal, level, behind, missing: Vec::new(), unanswered: Vec::new(), stopped: None })
        }
        None => signed,
    };
    draft.finish(&signed, progress)?;
    let (document_id, signature_id) = (proposal.document_id.clone(), proposal.signature_id.clone());
    Ok(Submitted { document_id, signature_id, signed, size: filed.size, sha256: filed.sha256 })
}

/// A level as the wire names it.
#[must_use]
pub const fn level_of(goal: Option<Goal>) -> Level {
    match goal {
        None => Level::BB,
        Some(Goal::BT) => Level::BT,
        Some(Goal::BLT) => Level::BLt,
        Some(Goal::BLTA) => Level::BLta,
    }
}

/// How far a level of the wire is above B-B.
#[must_use]
pub const fn goal_of(level: Level) -> Option<Goal> {
    match level {
        Level::BB => None,
        Level::BT => Some(Goal::BT),
        Level::BLt => Some(Goal::BLT),
        Level::BLta => Some(Goal::BLTA),
    }
}
