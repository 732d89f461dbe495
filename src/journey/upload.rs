//! The room `journey`: a document on its way to the service. Takes a document and its digest, gives what the service says it stored,
//! compared with what was sent. The document is streamed, never held.

use super::input::Input;
use super::pace::fresh_id;
use super::retry::{Limits, Watch};
use super::session::Session;
use crate::cancel::Progress;
use crate::crypto::digest::{DigestAlgorithm, Hasher};
use crate::error::{Error, ErrorKind, Result};
use crate::pdf::Source;
use crate::remote::schema::Access;
use crate::remote::submit_agreement::{Agreement, SubmitAgreement, Upload};
use std::sync::Arc;

/// Most bytes of the answer.
const MAX_ANSWER: u64 = 1 << 20;
const CHUNK: u64 = 256 << 10;

/// Two digests of one reading.
pub(super) struct Fingerprint {
    pub(super) sha256: [u8; 32],
    /// With the other algorithm asked for.
    pub(super) other: Vec<u8>,
}

/// Reads the document once.
pub(super) fn fingerprint(source: &dyn Source, algorithm: DigestAlgorithm, progress: &Progress<'_>) -> Result<Fingerprint> {
    let total = source.len();
    let mut first = Hasher::new(DigestAlgorithm::Sha256);
    let mut second = (algorithm != DigestAlgorithm::Sha256).then(|| Hasher::new(algorithm));
    let mut buffer = vec![0; usize::try_from(total.min(CHUNK)).unwrap_or(0)];
    let mut at = 0_u64;
    while at < total {
        progress.advance(at, total)?;
        let len = usize::try_from(total.saturating_sub(at).min(CHUNK)).unwrap_or(0);
        let chunk = buffer.get_mut(..len).ok_or(ErrorKind::Internal)?;
        source.read_exact_at(at, chunk)?;
        first.update(chunk);
        if let Some(second) = &mut second {
            second.update(chunk);
        }
        at = at.saturating_add(len as u64);
    }
    progress.advance(total, total)?;
    let sha256: [u8; 32] = first.finish().try_into().map_err(|_| ErrorKind::Internal)?;
    Ok(Fingerprint { sha256, other: second.map_or_else(|| sha256.to_vec(), Hasher::finish) })
}

/// Sends a document for the service to hold, and gives its id.
///
/// # Errors
/// [`ErrorKind::DocumentChanged`] if the service stored something else than was sent; [`ErrorKind::DocumentRefused`].
pub(super) fn submit(session: &Session, input: &Input, file_name: &str, limits: &Limits, watch: Watch<'_>) -> Result<String> {
    limits.run(session.pace(), watch, |progress| {
        let sha256 = fingerprint(input, DigestAlgorithm::Sha256, progress)?.sha256;
        let idempotency_key = fresh_id(session.pace())?;
        let upload = SubmitAgreement { upload: Upload::Submit, file_name: file_name.to_owned(), idempotency_key, sha256 };
        Ok(send_file(session, &upload, input, ErrorKind::DocumentChanged, limits)?.document_id)
    })
}

/// Sends the document. After the call the service has said that it stored these very bytes.
///
/// # Errors
/// `refusal` if it says that it stored something else; otherwise what the service or the network says.
pub(super) fn send_file(
    session: &Session,
    call: &SubmitAgreement,
    source: &Input,
    refusal: ErrorKind,
    limits: &Limits,
) -> Result<Agreement> {
    let request = call.encode(Arc::new(source.clone()));
    let stored = Agreement::decode(&session.send(Access::Token, request, MAX_ANSWER, limits)?)?;
    if stored.sha256 != call.sha256 {
        return Err(Error::new(refusal).context("the service stored other bytes than were sent"));
    }
    if stored.size != Source::len(source) {
        return Err(Error::new(refusal).context("the service stored another number of bytes than were sent"));
    }
    Ok(stored)
}
