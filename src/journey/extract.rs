//! The room `journey`: the document as a signer saw it, handed over. Takes a document and the number of a signature, gives a file that appears
//! whole or not at all, memory, or a stream; only a chunk of it is ever held.

use super::input::Input;
use super::observe::observe;
use super::output::Target;
use super::pace::HostPace;
use super::retry::{Limits, Watch};
use crate::cancel::Progress;
use crate::error::{Error, ErrorKind, Result};
use crate::host::file::FileSink;
use crate::pdf::{Document, Source};
use crate::verify;

const CHUNK: usize = 256 << 10;

/// What was handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extracted {
    /// The field of the signature.
    pub field: String,
    /// The revision that it covers, counted from 1.
    pub revision: usize,
    /// Bytes.
    pub size: u64,
}

/// Hands over the revision that signature `index` covers, counted from 0 in the order of the report, as
/// [`verify::extract_signed_revision`] finds it.
///
/// After the call `target` holds exactly the bytes up to the end of that revision. Whether the signature is worth anything is not said.
///
/// # Errors
/// As [`verify::extract_signed_revision`]; [`ErrorKind::OutputIsInput`], [`ErrorKind::OutputUnwritable`], [`ErrorKind::Cancelled`],
/// [`ErrorKind::TimedOut`]: a file or memory is then as it was.
pub fn extract_signed_revision(
    input: &Input,
    index: usize,
    password: Option<&[u8]>,
    target: Target<'_>,
    limits: &Limits,
    watch: Watch<'_>,
) -> Result<Extracted> {
    observe("extract", input, || {
        limits.run(&HostPace, watch, |progress| {
            let document = Document::open_with_password(input, password)?;
            let signed = verify::extract_signed_revision(&document, index)?;
            match target {
                Target::File { path, durability } => {
                    input.refuse_as_output(path)?;
                    let mut sink = FileSink::create(path, durability)?;
                    copy(&signed, progress, &mut |chunk| sink.write(chunk))?;
                    sink.finish()?;
                }
                Target::Memory(bytes) => {
                    let mut whole = Vec::new();
                    let room = usize::try_from(signed.len()).ok().and_then(|len| whole.try_reserve_exact(len).ok());
                    room.ok_or_else(|| Error::new(ErrorKind::OutputUnwritable).context("memory"))?;
                    copy(&signed, progress, &mut |chunk| {
                        whole.extend_from_slice(chunk);
                        Ok(())
                    })?;
                    *bytes = whole;
                }
                Target::Stream(write) => copy(&signed, progress, write)?,
            }
            Ok(Extracted { field: signed.field.clone(), revision: signed.revision, size: signed.len() })
        })
    })
}

fn copy(source: &dyn Source, progress: &Progress<'_>, write: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<()> {
    let len = source.len();
    let mut buffer = vec![0; usize::try_from(len).unwrap_or(CHUNK).min(CHUNK)];
    let mut at = 0_u64;
    while at < len {
        progress.advance(at, len)?;
        let size = usize::try_from(len.saturating_sub(at)).unwrap_or(CHUNK).min(CHUNK);
        let chunk = buffer.get_mut(..size).ok_or(ErrorKind::Internal)?;
        source.read_exact_at(at, chunk)?;
        write(chunk)?;
        at = at.saturating_add(size as u64);
    }
    progress.advance(len, len)
}
