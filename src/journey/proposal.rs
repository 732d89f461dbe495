//! The room `journey`: what the service proposes to be signed. Takes a session, a document and what is asked for; gives a prepared document that was
//! found to be what was asked, or none. No key is asked here.
//!
//! The device never signs blind: the prepared file is its own bytes with the service's revision behind, which [`rebuilt`] lets pass only if it
//! does what was asked; digest and signed attributes are computed here, and the service's must be the same to the byte.

use super::input::Input;
use super::retry::Limits;
use super::session::Session;
use super::sign::planned;
use super::submit::{Submission, level_of};
use super::upload::{fingerprint, send_file};
use crate::appearance::Text;
use crate::cancel::Progress;
use crate::crypto::digest::DigestAlgorithm;
use crate::error::{Error, ErrorKind, Result};
use crate::pdf::{Document, Source};
use crate::remote::activate_credential_response::ShaAlgo;
use crate::remote::http::{Request, Response};
use crate::remote::schema::Access;
use crate::remote::start_signature::{self, PreparedSignature, StartSignature};
use crate::remote::submit_agreement::{SubmitAgreement, Upload};
use crate::sign::{Placement, Preflight, Prepared, SignatureRequest, rebuilt};
use std::sync::Arc;

/// A document that can be signed as asked, before anything is sent.
pub(super) struct Wanted<'i> {
    document: Document<'i>,
    request: SignatureRequest,
    call: StartSignature,
    found: Option<Arc<Preflight>>,
}

/// The names by which the service knows a call that comes again.
#[derive(Clone)]
pub(super) struct Keys {
    pub(super) document: AtService,
    pub(super) start: String,
}

/// The document at the service.
#[derive(Clone)]
pub(super) enum AtService {
    /// To be sent, under that key.
    Sent(String),
    /// There already, under that id; the device has brought it from there.
    There(String),
}

/// What the service prepared, and this device found to be what was asked.
pub(super) struct Proposal {
    pub(super) prepared: Prepared,
    pub(super) document_id: String,
    pub(super) signature_id: String,
    pub(super) found: Option<Arc<Preflight>>,
}

impl<'i> Wanted<'i> {
    /// # Errors
    /// The key's own; as [`plan`](crate::sign::plan()); [`ErrorKind::InvalidArgument`] for a request that this mode cannot carry.
    pub(super) fn new(input: &'i Input, submission: &Submission<'_>) -> Result<Wanted<'i>> {
        // The service is told words, not templates.
        let worded = submission.request.worded(submission.key.identity)?;
        submission.key.ready()?;
        let document = Document::open_with_password(input, submission.options.password)?;
        // The service is told a box on a page: where a text stands, or what is free, this device has found out itself.
        let request = SignatureRequest { placement: worded.placement.resolve(document.latest())?, ..worded };
        // What nobody can prepare is not sent.
        if submission.options.carry.is_some() {
            return Err(
                Error::new(ErrorKind::InvalidArgument).context("a document that the service prepares carries no record of this device's")
            );
        }
        let found = planned(&document, &request, submission.key.identity, submission.options, None)?.preflight().cloned();
        let call = start_call(&request, submission)?;
        Ok(Wanted { document, request, call, found })
    }

    /// Sends the document and has it prepared. After the call the service has it, under the same ids however often it was sent with these keys.
    ///
    /// # Errors
    /// [`ErrorKind::PreparedRevisionRefused`]; [`ErrorKind::DocumentChanged`]; what the service or the network says.
    pub(super) fn propose(
        self,
        session: &Session,
        input: &Input,
        submission: &Submission<'_>,
        keys: Keys,
        limits: &Limits,
        progress: &Progress<'_>,
    ) -> Result<Proposal> {
        let Wanted { document, request, mut call, found } = self;
        let (identity, options) = (submission.key.identity, submission.options);
        let digest = identity.algorithm().digest().unwrap_or(DigestAlgorithm::Sha512);
        let print = fingerprint(input, digest, progress)?;
        if options.shown.is_some_and(|shown| shown != print.sha256) {
            return Err(Error::new(ErrorKind::DocumentChanged).context("not the document that was shown"));
        }
        call.document_id = match keys.document {
            AtService::There(id) => id,
            AtService::Sent(idempotency_key) => {
                let file_name = submission.file_name.to_owned();
                let upload = SubmitAgreement { upload: Upload::Submit, file_name, idempotency_key, sha256: print.sha256 };
                send_file(session, &upload, input, ErrorKind::PreparedRevisionRefused, limits)?.document_id
            }
        };
        let document_id = call.document_id.clone();
        call.idempotency_key = keys.start;
        let answer = send(session, call.encode()?, start_signature::MAX_ANSWER as u64, limits)?;
        let proposed = PreparedSignature::decode(&answer)?;
        if proposed.revision_offset != Source::len(input) {
            return Err(refused("the revision is for a document of another length"));
        }
        let prepared = rebuilt::check(&document, options.password, &proposed.revision, &request, identity, progress)?;
        compare(&prepared, &proposed, &print.other)?;
        Ok(Proposal { prepared, document_id, signature_id: proposed.signature_id, found })
    }
}

fn refused(what: &'static str) -> Error {
    Error::new(ErrorKind::PreparedRevisionRefused).context(what)
}

/// Sends a call of the user's.
pub(super) fn send(session: &Session, request: Request, max: u64, limits: &Limits) -> Result<Response> {
    session.send(Access::Token, request, max, limits)
}

/// Compares all that the service says of the prepared file with what was computed here.
fn compare(prepared: &Prepared, proposed: &PreparedSignature, uploaded: &[u8]) -> Result<()> {
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
    Ok(())
}

/// The request as the wire carries it; what names it there is not known yet.
fn start_call(request: &SignatureRequest, submission: &Submission<'_>) -> Result<StartSignature> {
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
    if !request.appearance.is_text_and_image() {
        return Err(wrong("the service draws no more than text and the user's signature image in a frame"));
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
        idempotency_key: String::new(),
        document_id: String::new(),
        credential_id: submission.credential_id.to_owned(),
        field: request.field.clone(),
        page,
        rect,
        reason: request.reason.clone(),
        location: request.location.clone(),
        contact: request.contact.clone(),
        appearance_text: lines.map(|lines| lines.join("\n")),
        appearance_image: request.appearance.image.is_some(),
        level: level_of(submission.options.raise.map(|task| task.goal)),
    })
}
