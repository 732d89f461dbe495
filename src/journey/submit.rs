//! The room `journey`: mode `submit`. The service prepares the signature, the device checks and signs it, the service files the result and the
//! device checks that too. Takes a session, a document, a key and what is asked for; gives the document that the service filed, or nothing.
//!
//! The device never signs blind: the prepared file is its own bytes with the service's revision behind, which [`rebuilt`] lets pass only if it
//! does what was asked; digest and signed attributes are computed here, and the service's must be the same to the byte.

use super::filed::{Expected, fetch};
use super::input::Input;
use super::observe::observe;
use super::output::{Draft, Target};
use super::pace::fresh_id;
use super::raise::Work;
use super::retry::{Limits, Watch};
use super::session::Session;
use super::sign::{SignOptions, SigningKey, check, planned};
use super::upload::{fingerprint, send_file};
use crate::appearance::Text;
use crate::cancel::Progress;
use crate::crypto::digest::DigestAlgorithm;
use crate::error::{Error, ErrorKind, Result};
use crate::evidence::{Goal, Raised};
use crate::pdf::{Document, Source};
use crate::remote::activate_credential_response::ShaAlgo;
use crate::remote::complete_signature::{CompleteSignature, CompletedSignature};
use crate::remote::http::{Request, Response};
use crate::remote::schema::Access;
use crate::remote::start_signature::{self, Level, PreparedSignature, StartSignature};
use crate::remote::submit_agreement::{SubmitAgreement, Upload};
use crate::sign::{Placement, Prepared, SignatureRequest, SignatureValue, SignedPdf, rebuilt};

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
    /// Idempotency keys of the upload and of the start.
    upload: String,
    start: String,
    /// What the key answered.
    answered: Option<Vec<u8>>,
}

impl Attempt {
    /// One that has not begun.
    ///
    /// # Errors
    /// [`ErrorKind::RandomUnavailable`].
    pub fn new(session: &Session) -> Result<Attempt> {
        Ok(Attempt { upload: fresh_id(session.pace())?, start: fresh_id(session.pace())?, answered: None })
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
    // The service is told words, not templates.
    let worded = submission.request.worded(submission.key.identity)?;
    let submission = &Submission { request: &worded, ..*submission };
    let (key, request, options) = (submission.key, submission.request, submission.options);
    key.ready()?;
    let document = Document::open_with_password(input, options.password)?;
    // The service is told a box on a page: where a text stands, or what is free, this device has found out itself.
    let placed = SignatureRequest { placement: request.placement.resolve(document.latest())?, ..request.clone() };
    let request = &placed;
    let submission = &Submission { request, ..*submission };
    // What nobody can prepare is not sent; nor is a document signed whose output could not be written.
    let found = planned(&document, request, key.identity, options)?.preflight().cloned();
    let mut call = start_call(&attempt.start, submission)?;
    let mut draft = Draft::open(input, target)?;

    let digest = key.identity.algorithm().digest().unwrap_or(DigestAlgorithm::Sha512);
    let print = fingerprint(input, digest, progress)?;
    if options.shown.is_some_and(|shown| shown != print.sha256) {
        return Err(Error::new(ErrorKind::DocumentChanged).context("not the document that was shown"));
    }
    let upload = SubmitAgreement {
        upload: Upload::Submit,
        file_name: submission.file_name.to_owned(),
        idempotency_key: attempt.upload.clone(),
        sha256: print.sha256,
    };
    let stored = send_file(session, &upload, input, ErrorKind::PreparedRevisionRefused, limits)?;

    call.document_id.clone_from(&stored.document_id);
    let answer = send(session, call.encode()?, start_signature::MAX_ANSWER as u64, limits)?;
    let proposed = PreparedSignature::decode(&answer)?;
    if proposed.revision_offset != Source::len(input) {
        return Err(refused("the revision is for a document of another length"));
    }
    let prepared = rebuilt::check(&document, options.password, &proposed.revision, request, key.identity, progress)?;
    let value = sign(&prepared, &proposed, &print.other, key, attempt, progress)?;

    // The finished file is made and checked here before the value goes out: what the service files can only be compared with it.
    let message = proposed.signed_attributes;
    let signed = prepared.complete(&value, input, &mut draft, progress)?.with_preflight(found);
    let finished = draft.read_back()?;
    check(&finished, &signed, request.time, key.identity, options, progress)?;
    let call = CompleteSignature {
        document_id: stored.document_id.clone(),
        signature_id: proposed.signature_id.clone(),
        signature: value.as_bytes().to_vec(),
        sign_algo: key.identity.algorithm().name().to_owned(),
    };
    let completed = CompletedSignature::decode(&send(session, call.encode()?, MAX_ANSWER, limits)?)?;
    if goal_of(completed.level) > options.raise.map(|task| task.goal) {
        return Err(Error::new(ErrorKind::FiledDocumentRefused).context("the service claims a higher level than was asked for"));
    }
    let stamped = options.raise.is_some();
    let expected =
        Expected { file: finished, signed: &signed, message: &message, value: value.as_bytes(), identity: key.identity, stamped };
    let filed = fetch(session, &stored.document_id, &expected, &mut draft, limits, progress)?;
    if filed.differs {
        super::filed::recheck(&draft.read_back()?, &signed, request.time, key.identity, options.password, progress)?;
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
    Ok(Submitted { document_id: stored.document_id, signature_id: proposed.signature_id, signed, size: filed.size, sha256: filed.sha256 })
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

fn refused(what: &'static str) -> Error {
    Error::new(ErrorKind::PreparedRevisionRefused).context(what)
}

fn send(session: &Session, request: Request, max: u64, limits: &Limits) -> Result<Response> {
    session.send(Access::Token, request, max, limits)
}

/// Compares all that the service says of the prepared file with what was computed here, then asks the key, once for the attempt.
fn sign(
    prepared: &Prepared,
    proposed: &PreparedSignature,
    uploaded: &[u8],
    key: SigningKey<'_>,
    attempt: &mut Attempt,
    progress: &Progress<'_>,
) -> Result<SignatureValue> {
    // The file may have been exchanged between the upload and the rebuilding.
    if prepared.source_digest() != uploaded {
        return Err(Error::new(ErrorKind::DocumentChanged));
    }
    if proposed.byte_range != prepared.byte_range() {
        return Err(refused("the byte range is not that of the prepared file"));
    }
    let digest = match prepared.digest_algorithm() {
        DigestAlgorithm::Sha256 => Some(ShaAlgo::Sha256),
        DigestAlgorithm::Sha512 => Some(ShaAlgo::Sha512),
        _ => None,
    };
    if digest != Some(proposed.digest_algo) {
        return Err(refused("the digest algorithm is not that of the certificate's key"));
    }
    let to_be_signed = prepared.to_be_signed().map_err(|error| match error.kind() {
        ErrorKind::SignatureRoomExceeded => refused("the room for the signature is too small").caused_by(error),
        _ => error,
    })?;
    if proposed.signed_attributes != to_be_signed.message() {
        return Err(refused("the signed attributes are not those of the prepared file"));
    }
    match &attempt.answered {
        // Another message under the same attempt would be a second signature.
        Some(value) => to_be_signed.accept(value).map_err(|_| ErrorKind::SigningConflict.into()),
        None => {
            let value = key.answer(&to_be_signed, progress)?;
            attempt.answered = Some(value.as_bytes().to_vec());
            Ok(value)
        }
    }
}

/// The request as the wire carries it; the document's id is not known yet.
fn start_call(idempotency_key: &str, submission: &Submission<'_>) -> Result<StartSignature> {
    let request = submission.request;
    let wrong = |what: &'static str| Error::new(ErrorKind::InvalidArgument).context(what);
    if request.name.is_some() {
        return Err(wrong("the service is not told a name: it takes the certificate's"));
    }
    if request.certification.is_some() || request.lock.is_some() {
        return Err(wrong("the service makes approval signatures that lock nothing; certify and lock in device mode"));
    }
    let lines = match &request.appearance.text {
        Text::Lines(lines) => Some(lines),
        _ => None,
    };
    if !request.appearance.is_text_alone() {
        return Err(wrong("the service draws no more than text in a frame"));
    }
    if lines.is_some_and(|lines| lines.iter().any(|line| line.contains(['\n', '\r']))) {
        return Err(wrong("a line of the appearance holds a line break"));
    }
    let (page, rect) = match request.placement {
        Placement::Invisible => (None, None),
        Placement::Anchor(_) | Placement::NextFree { .. } => return Err(wrong("the service is told a box on a page")),
        Placement::Visible { page, rect } => {
            // Left plus width must not come out beyond the right edge by a rounding error.
            let size = |low: f64, high: f64| {
                let size = high - low;
                if low + size > high { size.next_down() } else { size }
            };
            (Some(page), Some([rect.x0, rect.y0, size(rect.x0, rect.x1), size(rect.y0, rect.y1)]))
        }
    };
    Ok(StartSignature {
        idempotency_key: idempotency_key.to_owned(),
        document_id: String::new(),
        credential_id: submission.credential_id.to_owned(),
        field: request.field.clone(),
        page,
        rect,
        reason: request.reason.clone(),
        location: request.location.clone(),
        contact: request.contact.clone(),
        appearance_text: lines.map(|lines| lines.join("\n")),
        level: level_of(submission.options.raise.map(|task| task.goal)),
    })
}
