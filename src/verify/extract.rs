//! The verify room: what a signer signed. Takes a document and the number of a signature, gives the document as it was then: a view of the
//! same bytes that ends where the signed revision ends. Nothing is copied, and nothing is said about the signature's worth.

use super::coverage::{self, Covered};
use super::locate::{self, Candidate};
use super::reason::Reason;
use super::stray;
use crate::error::{Error, ErrorKind, Result};
use crate::pdf::{Document, Source};

/// The document as a signer saw it: the first [`len`](Source::len) bytes of the file, the signature included.
pub struct SignedRevision<'s> {
    source: &'s dyn Source,
    end: u64,
    /// The field of the signature.
    pub field: String,
    /// The revision, counted from 1.
    pub revision: usize,
}

impl Source for SignedRevision<'_> {
    fn len(&self) -> u64 {
        self.end
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<usize> {
        let left = usize::try_from(self.end.saturating_sub(offset)).unwrap_or(usize::MAX).min(buf.len());
        self.source.read_at(offset, buf.get_mut(..left).unwrap_or_default())
    }
}

/// The revision that signature `index` covers, counted from 0 in the order of the report.
///
/// After the call the value reads as a document of its own whose newest revision is the one that was signed. Whether the signature is
/// worth anything is for [`verify`](super::verify()) to say, of this document or of the whole.
///
/// # Errors
/// [`ErrorKind::InvalidArgument`] if there is no such signature; [`ErrorKind::PdfDamaged`] with the code of the verifier's reason if it
/// covers no revision; as [`verify`](super::verify()).
pub fn extract_signed_revision<'s>(document: &Document<'s>, index: usize) -> Result<SignedRevision<'s>> {
    let (candidate, covered) = signed(document, index)?;
    Ok(SignedRevision { source: document.source(), end: covered.end, field: candidate.field, revision: covered.revision + 1 })
}

/// One signature by its number, and what it covers.
pub(super) fn signed(document: &Document<'_>, index: usize) -> Result<(Candidate, Covered)> {
    let mut located = locate::locate(document)?;
    stray::add(document, &mut located)?;
    if index >= located.candidates.len() {
        return Err(Error::new(ErrorKind::InvalidArgument).context("the document has no signature of that number"));
    }
    let candidate = located.candidates.swap_remove(index);
    match coverage::cover(document, &candidate)? {
        Ok(covered) => Ok((candidate, covered)),
        Err((reason, at)) => Err(refused(reason, at)),
    }
}

fn refused(reason: Reason, at: Option<u64>) -> Error {
    let error = Error::new(ErrorKind::PdfDamaged).context(reason.code());
    match at {
        Some(at) => error.at(at),
        None => error,
    }
}
