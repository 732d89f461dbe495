//! The room `journey`: where a finished document goes: a file, memory, or whatever the host writes to. Takes bytes that are not checked yet, gives
//! them back to be checked, and hands the document over only then.

use super::input::Input;
use crate::cancel::Progress;
use crate::crypto::digest::{DigestAlgorithm, Hasher};
use crate::error::{Error, ErrorKind, Result};
use crate::host::file::{Durability, FileSink};
use crate::pdf::Source;
use crate::sign::{Output, SignedPdf};
use std::path::Path;
use std::sync::Arc;

/// Where the document goes. Whatever fails, a file or memory is as it was.
pub enum Target<'t> {
    /// A file, which is replaced as a whole.
    File {
        /// Its path; not that of the input.
        path: &'t Path,
        /// Whether it is flushed to the disk.
        durability: Durability,
    },
    /// Memory, whose content is replaced.
    Memory(&'t mut Vec<u8>),
    /// The host's own: gets the document in order, once the signature was made and checked. If the call fails, what it got is to be thrown
    /// away: the input may turn out only then not to be what was signed.
    Stream(&'t mut dyn FnMut(&[u8]) -> Result<()>),
}

impl<'t> Target<'t> {
    /// A file that is flushed to the disk.
    #[must_use]
    pub fn file(path: &'t Path) -> Target<'t> {
        Target::File { path, durability: Durability::Fsync }
    }
}

/// The document in the making.
pub(super) enum Draft<'t> {
    File(FileSink),
    /// The input, which is not copied, and what comes behind.
    Behind {
        input: Input,
        tail: Vec<u8>,
        written: u64,
        target: Behind<'t>,
    },
}

/// What a draft of two parts becomes.
pub(super) enum Behind<'t> {
    Memory(&'t mut Vec<u8>),
    Stream(&'t mut dyn FnMut(&[u8]) -> Result<()>),
}

/// A document that was handed over.
pub(super) struct Finished {
    /// The document, still open: whoever replaces it under its name does not change what is read here.
    pub(super) document: Input,
    /// SHA-256 of what was handed over, where the document is read again from a source of the host's.
    pub(super) sha256: Option<[u8; 32]>,
}

const CHUNK: usize = 256 << 10;

impl<'t> Draft<'t> {
    /// # Errors
    /// [`ErrorKind::OutputIsInput`], [`ErrorKind::OutputUnwritable`].
    pub(super) fn open(input: &Input, target: Target<'t>) -> Result<Draft<'t>> {
        let behind = |target| Draft::Behind { input: input.clone(), tail: Vec::new(), written: 0, target };
        Ok(match target {
            Target::File { path, durability } => {
                input.refuse_as_output(path)?;
                Draft::File(FileSink::create(path, durability)?)
            }
            Target::Memory(bytes) => behind(Behind::Memory(bytes)),
            Target::Stream(write) => behind(Behind::Stream(write)),
        })
    }

    /// What was written so far.
    ///
    /// # Errors
    /// [`ErrorKind::SourceUnreadable`].
    pub(super) fn read_back(&self) -> Result<Input> {
        Ok(match self {
            Draft::File(sink) => Input::from(sink.read_back()?),
            Draft::Behind { input, tail, .. } => joined(input, tail.clone()),
        })
    }

    /// Hands the document over. After the call it is where it should go, and its signed bytes are those that were signed.
    ///
    /// # Errors
    /// [`ErrorKind::OutputUnwritable`]; [`ErrorKind::DocumentChanged`] if the input no longer is what was signed;
    /// [`ErrorKind::SourceUnreadable`], [`ErrorKind::Cancelled`], [`ErrorKind::TimedOut`].
    pub(super) fn finish(self, signed: &SignedPdf, progress: &Progress<'_>) -> Result<Finished> {
        let (input, tail, target) = match self {
            Draft::File(sink) => {
                let document = Input::from(sink.read_back()?);
                sink.finish()?;
                return Ok(Finished { document, sha256: None });
            }
            Draft::Behind { input, tail, target, .. } => (input, tail, target),
        };
        let sha256 = match target {
            Behind::Memory(bytes) => {
                let mut whole = Vec::new();
                let len = usize::try_from(Source::len(&input)).ok().and_then(|len| len.checked_add(tail.len()));
                let room = len.and_then(|len| whole.try_reserve_exact(len).ok());
                room.ok_or_else(|| Error::new(ErrorKind::OutputUnwritable).context("memory"))?;
                let sha256 = hand_over(&input, &tail, signed, progress, &mut |chunk| {
                    whole.extend_from_slice(chunk);
                    Ok(())
                })?;
                *bytes = whole;
                sha256
            }
            Behind::Stream(write) => hand_over(&input, &tail, signed, progress, write)?,
        };
        Ok(Finished { document: joined(&input, tail), sha256 })
    }
}

/// Gives the input and the tail in order. Of an input that could have changed since it was hashed, what is given is hashed again.
fn hand_over(
    input: &Input,
    tail: &[u8],
    signed: &SignedPdf,
    progress: &Progress<'_>,
    write: &mut dyn FnMut(&[u8]) -> Result<()>,
) -> Result<Option<[u8; 32]>> {
    if let Some(bytes) = input.in_memory() {
        for chunk in bytes.chunks(CHUNK).chain(tail.chunks(CHUNK)) {
            progress.check()?;
            write(chunk)?;
        }
        return Ok(None);
    }
    let (algorithm, expected) = signed.content_digest();
    let (mut content, mut all) = (Hasher::new(algorithm), Hasher::new(DigestAlgorithm::Sha256));
    let len = Source::len(input);
    let mut buffer = vec![0; usize::try_from(len).unwrap_or(CHUNK).min(CHUNK)];
    let mut at = 0_u64;
    while at < len {
        progress.advance(at, len)?;
        let size = usize::try_from(len.saturating_sub(at)).unwrap_or(CHUNK).min(CHUNK);
        let chunk = buffer.get_mut(..size).ok_or(ErrorKind::Internal)?;
        Source::read_exact_at(input, at, chunk)?;
        content.update(chunk);
        all.update(chunk);
        write(chunk)?;
        at = at.saturating_add(size as u64);
    }
    let place = |at: u64| at.checked_sub(len).and_then(|at| usize::try_from(at).ok()).ok_or(ErrorKind::DocumentChanged);
    let (gap, end) = (signed.contents(), place(signed.total_len())?);
    for range in [0..place(gap.start)?, place(gap.end)?..end] {
        content.update(tail.get(range).ok_or(ErrorKind::Internal)?);
    }
    if content.finish() != expected {
        return Err(Error::new(ErrorKind::DocumentChanged));
    }
    all.update(tail);
    write(tail)?;
    Ok(Some(all.finish().try_into().map_err(|_| ErrorKind::Internal)?))
}

impl Output for FileSink {
    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        FileSink::write(self, bytes)
    }

    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> Result<()> {
        FileSink::write_at(self, offset, bytes)
    }
}

impl Output for Draft<'_> {
    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        match self {
            Draft::File(sink) => sink.write(bytes),
            Draft::Behind { input, tail, written, .. } => {
                // The front is the input's own bytes, which whoever writes here has just read from it.
                let front = usize::try_from(Source::len(input).saturating_sub(*written)).unwrap_or(usize::MAX).min(bytes.len());
                *written = written.saturating_add(bytes.len() as u64);
                tail.write(bytes.get(front..).unwrap_or_default())
            }
        }
    }

    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> Result<()> {
        match self {
            Draft::File(sink) => sink.write_at(offset, bytes),
            Draft::Behind { input, tail, .. } => {
                let inside = offset.checked_sub(Source::len(input));
                let inside =
                    inside.ok_or_else(|| Error::new(ErrorKind::InvalidArgument).context("only what was written can be replaced"))?;
                tail.write_at(inside, bytes)
            }
        }
    }
}

/// Gives a document and the revisions behind it to a target. After the call they are there, whole; says how many bytes that were.
///
/// # Errors
/// [`ErrorKind::OutputIsInput`], [`ErrorKind::OutputUnwritable`], [`ErrorKind::DocumentChanged`], [`ErrorKind::SourceUnreadable`],
/// [`ErrorKind::Cancelled`], [`ErrorKind::TimedOut`].
pub(super) fn appended(input: &Input, revision: &[u8], target: Target<'_>, progress: &Progress<'_>) -> Result<u64> {
    match target {
        Target::File { path, durability } => {
            input.refuse_as_output(path)?;
            let mut sink = FileSink::create(path, durability)?;
            let written = given(input, revision, progress, &mut |chunk| sink.write(chunk))?;
            progress.check()?;
            sink.finish()?;
            Ok(written)
        }
        Target::Memory(bytes) => {
            let mut whole = Vec::new();
            let len = usize::try_from(Source::len(input)).ok().and_then(|len| len.checked_add(revision.len()));
            let room = len.and_then(|len| whole.try_reserve_exact(len).ok());
            room.ok_or_else(|| Error::new(ErrorKind::OutputUnwritable).context("memory"))?;
            let written = given(input, revision, progress, &mut |chunk| {
                whole.extend_from_slice(chunk);
                Ok(())
            })?;
            *bytes = whole;
            Ok(written)
        }
        Target::Stream(write) => given(input, revision, progress, write),
    }
}

/// Gives the document and the revision behind it, in order; says how many bytes that were.
fn given(input: &Input, revision: &[u8], progress: &Progress<'_>, write: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<u64> {
    let len = Source::len(input);
    let mut at = 0;
    while at < len {
        progress.advance(at, len)?;
        let size = len.saturating_sub(at).min(CHUNK as u64);
        let chunk = input.read_range(at, usize::try_from(size).map_err(|_| ErrorKind::Internal)?)?;
        if chunk.len() as u64 != size {
            return Err(Error::new(ErrorKind::DocumentChanged));
        }
        write(&chunk)?;
        at = at.saturating_add(size);
    }
    write(revision)?;
    Ok(at.saturating_add(revision.len() as u64))
}

/// A document and what is appended to it, as one.
pub(super) fn joined(front: &Input, tail: Vec<u8>) -> Input {
    Input::custom(Arc::new(Joined { front: front.clone(), tail }))
}

struct Joined {
    front: Input,
    tail: Vec<u8>,
}

impl Source for Joined {
    fn len(&self) -> u64 {
        Source::len(&self.front).saturating_add(self.tail.len() as u64)
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<usize> {
        let front = Source::len(&self.front);
        match offset.checked_sub(front) {
            Some(behind) => self.tail.read_at(behind, buf),
            None => {
                let most = usize::try_from(front.saturating_sub(offset)).unwrap_or(usize::MAX).min(buf.len());
                Source::read_at(&self.front, offset, buf.get_mut(..most).unwrap_or_default())
            }
        }
    }

    fn held(&self, offset: u64, len: usize) -> Option<&[u8]> {
        let front = Source::len(&self.front);
        match offset.checked_sub(front) {
            Some(behind) => self.tail.held(behind, len),
            // What reaches behind the front lies in two pieces.
            None if offset.saturating_add(len as u64) <= front => self.front.held(offset, len),
            None => None,
        }
    }
}
