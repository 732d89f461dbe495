//! The room `journey`: mode `device`. The device prepares, signs and checks the document by itself; then the finished file is filed with the
//! service. Takes a session, a file, a key and what is asked for; gives the signed file, and what became of the filing.

use super::retry::Limits;
use super::session::Session;
use super::sign::{SignOptions, SigningKey, sign_file_and_keep};
use super::submit::Watch;
use super::upload::{fingerprint, send_file};
use crate::cancel::Progress;
use crate::crypto::digest::DigestAlgorithm;
use crate::error::{ErrorKind, Result};
use crate::host::file::FileSource;
use crate::remote::submit_agreement::{Agreement, SubmitAgreement, Upload};
use crate::sign::{SignatureRequest, SignedPdf};
use std::path::Path;
use std::sync::Arc;

/// A document that is signed, whatever became of its filing.
#[derive(Debug)]
pub struct DeviceSigned {
    /// The signature; the output is in place.
    pub signed: SignedPdf,
    /// What the service stored, compared with what was sent; or why it did not. Then [`file_document`] may be called with the output
    /// again, without another signature.
    pub filed: Result<Agreement>,
}

/// Signs `input` into `output` as [`sign_file`](super::sign::sign_file) does, then files the result. After the call the output is in place
/// and has passed the library's own verifier; the key was asked once, before anything was sent.
///
/// # Errors
/// As [`sign_file`](super::sign::sign_file): nothing was written and nothing was sent. What goes wrong with the filing is in
/// [`DeviceSigned::filed`].
#[expect(clippy::too_many_arguments, reason = "each is another noun; a struct for one call would only rename them")]
pub fn sign_and_file(
    session: &Session,
    input: &FileSource,
    output: &Path,
    file_name: &str,
    request: &SignatureRequest,
    key: SigningKey<'_>,
    options: SignOptions<'_>,
    limits: &Limits,
    watch: Watch<'_>,
) -> Result<DeviceSigned> {
    let progress = Progress::new(limits.cancel.clone(), watch);
    limits.check(session.pace())?;
    let (signed, finished) = sign_file_and_keep(input, output, request, key, options, &progress)?;
    let filed = file_document(session, &Arc::new(finished), file_name, limits, watch);
    Ok(DeviceSigned { signed, filed })
}

/// Files a signed document. After the call the service has said that it stored these very bytes; filing the same bytes again is answered
/// as the first time.
///
/// # Errors
/// [`ErrorKind::FiledDocumentRefused`] if the service says that it stored something else; [`ErrorKind::DocumentRefused`] if it does not take
/// the document; otherwise what the service or the network says.
pub fn file_document(
    session: &Session,
    document: &Arc<FileSource>,
    file_name: &str,
    limits: &Limits,
    watch: Watch<'_>,
) -> Result<Agreement> {
    let progress = Progress::new(limits.cancel.clone(), watch);
    let sha256 = fingerprint(&**document, DigestAlgorithm::Sha256, &progress)?.sha256;
    // Named after the bytes: whoever files them twice, in another process even, files them once.
    let idempotency_key = sha256.iter().map(|byte| format!("{byte:02x}")).collect();
    let call = SubmitAgreement { upload: Upload::File, file_name: file_name.to_owned(), idempotency_key, sha256 };
    send_file(session, &call, document, ErrorKind::FiledDocumentRefused, limits)
}
