//! The sign room: a time-stamp token before it goes into a document. Takes the token and what was to be stamped; says whether it is a sound token over
//! that. Whether its authority is trusted is not asked here.

use crate::cms::{Expect, SignedData};
use crate::crypto::digest::DigestAlgorithm;
use crate::error::{Error, ErrorKind, Result};

/// An authority may answer with a token over something else.
///
/// # Errors
/// [`ErrorKind::CmsMalformed`] with the reason.
pub(super) fn check(token: &[u8], (algorithm, imprint): (DigestAlgorithm, &[u8])) -> Result<()> {
    let malformed = |what: &'static str| Error::new(ErrorKind::CmsMalformed).context(what);
    let data = SignedData::parse(token).map_err(|failure| malformed(failure.reason.text()))?;
    if data.consumed() != token.len() {
        return Err(malformed("bytes behind the token"));
    }
    // Another algorithm is another imprint.
    let facts = data.check(Expect::TimeStamp, &|asked| Ok(if asked == algorithm { imprint.to_vec() } else { Vec::new() }))?;
    facts.failure.map_or(Ok(()), |failure| Err(malformed(failure.reason.text())))
}
