//! The sign room: a revision with a hole: what is appended to a document, with zeros where a signature or a time stamp goes. Takes the document by
//! chunks, gives the digest over all but the hole; takes the value, puts it in.

use super::Output;
use super::contents::byte_range;
use crate::cancel::Progress;
use crate::crypto::digest::{DigestAlgorithm, Hasher};
use crate::error::{Error, ErrorKind, Result};
use crate::pdf::write::write_hex;
use crate::pdf::{Source, Span};

/// Largest read at a time. Small documents need one small buffer.
const CHUNK: u64 = 256 << 10;

/// The revision, and where it goes. The document is not held.
#[derive(Clone, Debug)]
pub(super) struct Hollow {
    /// Length of the document.
    pub(super) source_len: u64,
    /// What is appended.
    pub(super) update: Vec<u8>,
    /// From `<` to behind `>` of `/Contents`, absolute.
    pub(super) contents: Span,
}

/// What one pass computed.
#[derive(Clone)]
pub(super) struct Digests {
    /// Over the document as it was.
    pub(super) document: Vec<u8>,
    /// Over everything but the hole.
    pub(super) message: Vec<u8>,
}

impl Hollow {
    pub(super) fn byte_range(&self) -> [u64; 4] {
        byte_range(self.contents, self.source_len, self.update.len() as u64)
    }

    /// One pass: over the document, and over the update around `/Contents`. What is written after the document is the update as it stands, with or
    /// without its value.
    ///
    /// # Errors
    /// [`ErrorKind::DocumentChanged`] if `source` has another length; [`ErrorKind::SourceUnreadable`], [`ErrorKind::OutputUnwritable`],
    /// [`ErrorKind::Cancelled`].
    pub(super) fn run(
        &self,
        digest: DigestAlgorithm,
        source: &dyn Source,
        mut output: Option<&mut dyn Output>,
        progress: &Progress<'_>,
    ) -> Result<Digests> {
        if source.len() != self.source_len {
            return Err(Error::new(ErrorKind::DocumentChanged));
        }
        let mut hasher = Hasher::new(digest);
        let mut buffer = Vec::new();
        let mut at = 0;
        while at < self.source_len {
            progress.advance(at, self.source_len)?;
            let len = usize::try_from((self.source_len - at).min(CHUNK)).unwrap_or(0);
            let chunk = match source.held(at, len).filter(|held| <[u8]>::len(held) == len) {
                Some(held) => held,
                None => {
                    buffer.resize(len, 0);
                    source.read_exact_at(at, &mut buffer)?;
                    &buffer
                }
            };
            hasher.update(chunk);
            if let Some(output) = &mut output {
                output.write(chunk)?;
            }
            at += len as u64;
        }
        progress.advance(at, self.source_len)?;
        let document = hasher.clone().finish();
        let (start, end) = self.hole()?;
        hasher.update(self.update.get(..start).ok_or(ErrorKind::Internal)?);
        hasher.update(self.update.get(end..).ok_or(ErrorKind::Internal)?);
        if let Some(output) = output {
            output.write(&self.update)?;
        }
        Ok(Digests { document, message: hasher.finish() })
    }

    /// Bytes of a value that fit.
    pub(super) fn room(&self) -> usize {
        usize::try_from(self.contents.len().saturating_sub(2) / 2).unwrap_or(0)
    }

    /// The digits of a value, without the padding.
    ///
    /// # Errors
    /// [`ErrorKind::SignatureRoomExceeded`].
    pub(super) fn digits(&self, value: &[u8]) -> Result<Vec<u8>> {
        if value.len() > self.room() {
            return Err(Error::new(ErrorKind::SignatureRoomExceeded));
        }
        let mut hex = Vec::new();
        write_hex(&mut hex, value);
        Ok(hex)
    }

    /// Puts the digits of a value into the hole.
    pub(super) fn fill(&mut self, hex: &[u8]) -> Result<()> {
        let (start, end) = self.hole()?;
        let place = start.checked_add(1).and_then(|start| self.update.get_mut(start..end)?.get_mut(..hex.len()));
        place.ok_or(ErrorKind::Internal)?.copy_from_slice(hex);
        Ok(())
    }

    /// Start and end of `/Contents` in the update.
    fn hole(&self) -> Result<(usize, usize)> {
        let place = |at: u64| at.checked_sub(self.source_len).and_then(|at| usize::try_from(at).ok()).ok_or(ErrorKind::Internal);
        Ok((place(self.contents.start)?, place(self.contents.end)?))
    }
}
