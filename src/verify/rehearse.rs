//! The verify room: a signature that is still to be made, seen by the verifier. Takes a document whose newest revision has its signature
//! dictionary, with zeros where the signature goes; gives the first reason for which no signature there would ever be accepted. Asked
//! before the key is: a person's approval is not spent on a file that cannot come out clean.

use super::reason::Reason;
use super::{coverage, locate, structure};
use crate::cancel::Progress;
use crate::error::{Error, ErrorKind, Result};
use crate::pdf::{Document, Span};

/// # Errors
/// [`ErrorKind::PdfDamaged`] with the code of the verifier's reason; as [`verify`](super::verify()).
pub fn rehearse(document: &Document<'_>, gap: Span, progress: &Progress<'_>) -> Result<()> {
    let refused = |reason: Reason, at: Option<u64>| match (Error::new(ErrorKind::PdfDamaged).context(reason.code()), at) {
        (error, Some(at)) => error.at(at),
        (error, None) => error,
    };
    let mut located = locate::locate(document)?;
    progress.check()?;
    let newest = document.latest().revision();
    located.candidates.retain(|candidate| candidate.revision == newest);
    let Some(own) = located.candidates.last() else { return Err(refused(Reason::DictionaryMalformed, None)) };
    match coverage::cover(document, own)? {
        Ok(covered) if covered.gap == gap => {}
        Ok(covered) => return Err(refused(Reason::ByteRangeMismatch, Some(covered.gap.start))),
        Err((reason, at)) => return Err(refused(reason, at)),
    }
    if let Some((reason, at)) = structure::dictionary_faults(own) {
        return Err(refused(reason, at));
    }
    match structure::revision_faults(document.latest()) {
        Ok(None) => Ok(()),
        Ok(Some((reason, at))) => Err(refused(reason, at)),
        Err(error) => Err(error),
    }
}
