//! The sign room: the first arrow. Takes an open document, a request and an identity, gives the revision to append, with zeros where
//! the signature goes. The document is not held: a [`Plan`] owns its length and the new bytes alone.

use super::contents::{Draft, byte_range};
use super::field;
use super::identity::SigningIdentity;
use super::preflight::Preflight;
use super::prepared::Prepared;
use super::request::SignatureRequest;
use crate::cancel::Progress;
use crate::crypto::digest::Hasher;
use crate::error::{Error, ErrorKind, Result};
use crate::pdf::append::Update;
use crate::pdf::recover::Repair;
use crate::pdf::{Document, Source, Span};
use crate::sign::Output;
use crate::time::Time;
use std::sync::Arc;

/// The revision that a signature will add, not hashed yet.
#[derive(Clone)]
pub struct Plan {
    pub(super) source_len: u64,
    pub(super) update: Vec<u8>,
    /// From `<` to behind `>` of `/Contents`, absolute.
    pub(super) contents: Span,
    pub(super) field: String,
    pub(super) identity: SigningIdentity,
    /// The claimed time.
    pub(super) time: Time,
    pub(super) repair: Repair,
    /// What was found before, if somebody looked.
    pub(super) preflight: Option<Arc<Preflight>>,
}

/// Largest read at a time. Small documents need one small buffer.
const CHUNK: u64 = 256 << 10;

/// Builds the revision. Deterministic: the same arguments give the same bytes. `random` becomes the second `/ID` string.
///
/// # Errors
/// Before any key is asked: [`ErrorKind::InvalidArgument`]; [`ErrorKind::CertificateExpired`] at the request's time,
/// [`ErrorKind::CertificateUnsuitable`]; [`ErrorKind::FieldUnusable`], [`ErrorKind::SigningForbidden`]; [`ErrorKind::NoPages`],
/// [`ErrorKind::PageNotFound`], [`ErrorKind::BoxUnusable`], [`ErrorKind::TextUnrepresentable`]; [`ErrorKind::SignatureRoomExceeded`];
/// and those of reading: [`ErrorKind::PdfDamaged`], [`ErrorKind::PdfUnsupported`], [`ErrorKind::LimitReached`],
/// [`ErrorKind::SourceUnreadable`].
pub fn plan(document: &Document<'_>, request: &SignatureRequest, identity: &SigningIdentity, random: [u8; 16]) -> Result<Plan> {
    request.check()?;
    identity.check(request.time)?;
    sound(document)?;
    let mut update = Update::new(document.latest())?;
    let signature = update.reserve();
    let placed = field::place(&mut update, request, identity, signature)?;
    let draft = Draft::new(&update, signature, request, identity, &placed)?;
    update.replace_text(signature, draft.text.clone());
    let mut appended = update.finish(random)?;
    let source_len = document.source().len();
    let body = appended.bodies.get(&signature).copied().ok_or(ErrorKind::Internal)?;
    let contents = draft.fix(&mut appended.bytes, source_len, body)?;
    let (identity, repair) = (identity.clone(), document.repair());
    Ok(Plan { source_len, update: appended.bytes, contents, field: placed.name, identity, time: request.time, repair, preflight: None })
}

/// Refuses a document whose end is in doubt.
///
/// # Errors
/// [`ErrorKind::PdfDamaged`]; [`ErrorKind::SourceUnreadable`], [`ErrorKind::LimitReached`].
pub(super) fn sound(document: &Document<'_>) -> Result<()> {
    // Some viewers would repair such a file and show something else than what is signed here.
    if document.has_dead_tail() {
        return Err(Error::new(ErrorKind::PdfDamaged).context("the last startxref leads nowhere"));
    }
    // A signed document that lost its last bytes: signing what is left would bury the other party's signature.
    if document.has_lost_objects()? {
        return Err(Error::new(ErrorKind::PdfDamaged).context("objects stand behind the last revision; the file was cut or added to"));
    }
    Ok(())
}

/// [`plan`] and [`Plan::hash`] in one.
///
/// # Errors
/// As both.
pub fn prepare(
    document: &Document<'_>,
    request: &SignatureRequest,
    identity: &SigningIdentity,
    random: [u8; 16],
    progress: &Progress<'_>,
) -> Result<Prepared> {
    plan(document, request, identity, random)?.hash(document.source(), progress)
}

impl Plan {
    /// The same, saying that the document was written anew before it was opened.
    #[must_use]
    pub fn of_rewritten(mut self) -> Plan {
        self.repair = Repair::Rewritten;
        self
    }

    /// The same with what was found when the document was looked over: [`SignedPdf::preflight`](super::SignedPdf::preflight) tells it.
    #[must_use]
    pub fn with_preflight(mut self, found: Preflight) -> Plan {
        self.preflight = Some(Arc::new(found));
        self
    }

    /// What was found before, if somebody looked.
    #[must_use]
    pub fn preflight(&self) -> Option<&Arc<Preflight>> {
        self.preflight.as_ref()
    }

    /// The bytes to be appended; `/Contents` holds zeros.
    #[must_use]
    pub fn revision(&self) -> &[u8] {
        &self.update
    }

    /// The `/ByteRange` of the signature.
    #[must_use]
    pub fn byte_range(&self) -> [u64; 4] {
        byte_range(self.contents, self.source_len, self.update.len() as u64)
    }

    /// Reads and hashes the document by chunks.
    ///
    /// # Errors
    /// [`ErrorKind::DocumentChanged`] if `source` has another length; [`ErrorKind::SourceUnreadable`]; [`ErrorKind::Cancelled`].
    pub fn hash(self, source: &dyn Source, progress: &Progress<'_>) -> Result<Prepared> {
        let digests = self.run(source, None, progress)?;
        Ok(Prepared::new(self, digests))
    }

    /// Reads, hashes and writes the document in one pass, then writes the revision. After the call `output` holds the whole file but
    /// for the signature: [`Prepared::patch`] puts it in.
    ///
    /// # Errors
    /// As [`Plan::hash`]; [`ErrorKind::OutputUnwritable`].
    pub fn copy(self, source: &dyn Source, output: &mut dyn Output, progress: &Progress<'_>) -> Result<Prepared> {
        let digests = self.run(source, Some((output, &self.update)), progress)?;
        Ok(Prepared::new(self, digests))
    }

    /// One pass: over the document, and over the update around `/Contents`. What is written after the document is the caller's `tail`:
    /// the update as planned or with its signature.
    pub(super) fn run(
        &self,
        source: &dyn Source,
        mut output: Option<(&mut dyn Output, &[u8])>,
        progress: &Progress<'_>,
    ) -> Result<Digests> {
        if source.len() != self.source_len {
            return Err(Error::new(ErrorKind::DocumentChanged));
        }
        let mut hasher = Hasher::new(self.identity.digest());
        let mut buffer = vec![0; usize::try_from(self.source_len.min(CHUNK)).unwrap_or(0)];
        let mut at = 0;
        while at < self.source_len {
            progress.advance(at, self.source_len)?;
            let len = usize::try_from((self.source_len - at).min(CHUNK)).unwrap_or(0);
            let chunk = buffer.get_mut(..len).ok_or(ErrorKind::Internal)?;
            source.read_exact_at(at, chunk)?;
            hasher.update(chunk);
            if let Some((output, _)) = &mut output {
                output.write(chunk)?;
            }
            at += len as u64;
        }
        progress.advance(at, self.source_len)?;
        let document = hasher.clone().finish();
        let (before, after) = self.around()?;
        hasher.update(before);
        hasher.update(after);
        if let Some((output, tail)) = output {
            output.write(tail)?;
        }
        Ok(Digests { document, message: hasher.finish() })
    }

    /// The update before and behind `/Contents`.
    fn around(&self) -> Result<(&[u8], &[u8])> {
        let (start, end) = self.contents_in_update()?;
        Ok((self.update.get(..start).ok_or(ErrorKind::Internal)?, self.update.get(end..).ok_or(ErrorKind::Internal)?))
    }

    /// Start and end of `/Contents` in the update.
    pub(super) fn contents_in_update(&self) -> Result<(usize, usize)> {
        let place = |at: u64| at.checked_sub(self.source_len).and_then(|at| usize::try_from(at).ok()).ok_or(ErrorKind::Internal);
        Ok((place(self.contents.start)?, place(self.contents.end)?))
    }

    /// Bytes of signature that fit.
    pub(super) fn room(&self) -> usize {
        usize::try_from(self.contents.len().saturating_sub(2) / 2).unwrap_or(0)
    }
}

/// What one pass computed, with the identity's digest algorithm.
#[derive(Clone)]
pub(super) struct Digests {
    /// Over the document as it was.
    pub(super) document: Vec<u8>,
    /// Over the signed ranges.
    pub(super) message: Vec<u8>,
}
