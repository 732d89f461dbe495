//! The room `journey`: mode `device`. The device prepares, signs and checks the document by itself; then the finished file is filed with the
//! service. Takes a session, a document, a key and what is asked for; gives the signed document, and what became of the filing.

use super::input::Input;
use super::observe::observe;
use super::output::Target;
use super::retry::{Limits, Watch};
use super::session::Session;
use super::sign::{SignOptions, SigningKey, sign_and_keep};
use super::upload::{fingerprint, send_file};
use crate::crypto::digest::{DigestAlgorithm, hex};
use crate::error::{Error, ErrorKind, Result};
use crate::remote::submit_agreement::{Agreement, SubmitAgreement, Upload};
use crate::sign::{SignatureRequest, SignedPdf};

/// A document that is signed, whatever became of its filing.
#[derive(Debug)]
pub struct DeviceSigned {
    /// The signature; the document is handed over.
    pub signed: SignedPdf,
    /// What the service stored, compared with what was sent; or why it did not. Then [`file_document`] may be called with the output
    /// again, without another signature.
    pub filed: Result<Agreement>,
}

/// Signs `input` as [`sign`](super::sign::sign()) does, then files the result. After the call the document is where `target` says and has passed the
/// library's own verifier; the key was asked once, before anything was sent.
///
/// # Errors
/// As [`sign`](super::sign::sign()): nothing was handed over and nothing was sent. What goes wrong with the filing is in [`DeviceSigned::filed`].
#[expect(clippy::too_many_arguments, reason = "each is another noun; a struct for one call would only rename them")]
pub fn sign_and_file(
    session: &Session,
    input: &Input,
    target: Target<'_>,
    file_name: &str,
    request: &SignatureRequest,
    key: SigningKey<'_>,
    options: SignOptions<'_>,
    limits: &Limits,
    watch: Watch<'_>,
) -> Result<DeviceSigned> {
    let (signed, finished) = observe("sign", input, || {
        limits.run(session.pace(), watch, |progress| sign_and_keep(input, target, request, key, options, limits, progress))
    })?;
    let filed = file(session, &finished.document, finished.sha256, file_name, limits, watch);
    Ok(DeviceSigned { signed, filed })
}

/// Files a signed document. After the call the service has said that it stored these very bytes; filing the same bytes again is answered
/// as the first time.
///
/// # Errors
/// [`ErrorKind::FiledDocumentRefused`] if the service says that it stored something else; [`ErrorKind::DocumentRefused`] if it does not take
/// the document; otherwise what the service or the network says.
pub fn file_document(session: &Session, document: &Input, file_name: &str, limits: &Limits, watch: Watch<'_>) -> Result<Agreement> {
    file(session, document, None, file_name, limits, watch)
}

/// `known`: what the document must be, where it may have changed since: one of the host's own source, or of an earlier process.
pub(super) fn file(
    session: &Session,
    document: &Input,
    known: Option<[u8; 32]>,
    file_name: &str,
    limits: &Limits,
    watch: Watch<'_>,
) -> Result<Agreement> {
    observe("file", document, || {
        let print = limits.run(session.pace(), watch, |progress| fingerprint(document, DigestAlgorithm::Sha256, progress))?;
        let sha256 = print.sha256;
        if known.is_some_and(|known| known != sha256) {
            return Err(Error::new(ErrorKind::DocumentChanged));
        }
        // Named after the bytes: whoever files them twice, in another process even, files them once.
        let idempotency_key = hex(&sha256);
        let call = SubmitAgreement { upload: Upload::File, file_name: file_name.to_owned(), idempotency_key, sha256 };
        send_file(session, &call, document, ErrorKind::FiledDocumentRefused, limits)
    })
}
