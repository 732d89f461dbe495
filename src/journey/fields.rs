//! The room `journey`: empty signature fields are added to a document, one for each signer to come. Takes a document, the fields and where the
//! result goes; gives a file in which the fields were seen, or nothing.

use super::input::Input;
use super::observe::observe;
use super::output::{Target, joined};
use super::pace::HostPace;
use super::retry::{Limits, Watch};
use crate::cancel::Progress;
use crate::error::{Error, ErrorKind, Result};
use crate::host::file::FileSink;
use crate::host::random;
use crate::inspect::inspect;
use crate::pdf::{Document, Source};
use crate::sign::{self, EmptyField};

const CHUNK: u64 = 256 << 10;

/// Adds fields to `input`. After the call the whole document with them is where `target` says, appended as one revision; the bytes of `input` are its
/// prefix. Gives its length.
///
/// # Errors
/// As [`add_fields`](crate::sign::add_fields()); [`ErrorKind::OutputIsInput`], [`ErrorKind::OutputUnwritable`]; [`ErrorKind::CheckFailed`] if a
/// field is not seen in the result; [`ErrorKind::SourceUnreadable`]; [`ErrorKind::Cancelled`], [`ErrorKind::TimedOut`].
pub fn add_fields(
    input: &Input,
    target: Target<'_>,
    fields: &[EmptyField],
    password: Option<&[u8]>,
    limits: &Limits,
    watch: Watch<'_>,
) -> Result<u64> {
    observe("fields", input, || limits.run(&HostPace, watch, |progress| add_watched(input, target, fields, password, progress)))
}

fn add_watched(input: &Input, target: Target<'_>, fields: &[EmptyField], password: Option<&[u8]>, progress: &Progress<'_>) -> Result<u64> {
    let revision = sign::add_fields(&Document::open_with_password(input, password)?, fields, random::bytes()?)?;
    seen(&joined(input, revision.clone()), fields, password)?;
    match target {
        Target::File { path, durability } => {
            input.refuse_as_output(path)?;
            let mut sink = FileSink::create(path, durability)?;
            let written = given(input, &revision, progress, &mut |chunk| sink.write(chunk))?;
            progress.check()?;
            sink.finish()?;
            Ok(written)
        }
        Target::Memory(bytes) => {
            let mut whole = Vec::new();
            let len = usize::try_from(Source::len(input)).ok().and_then(|len| len.checked_add(revision.len()));
            let room = len.and_then(|len| whole.try_reserve_exact(len).ok());
            room.ok_or_else(|| Error::new(ErrorKind::OutputUnwritable).context("memory"))?;
            let written = given(input, &revision, progress, &mut |chunk| {
                whole.extend_from_slice(chunk);
                Ok(())
            })?;
            *bytes = whole;
            Ok(written)
        }
        Target::Stream(write) => given(input, &revision, progress, write),
    }
}

/// Gives the document and the revision behind it, in order; says how many bytes that were.
fn given(input: &Input, revision: &[u8], progress: &Progress<'_>, write: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<u64> {
    let len = Source::len(input);
    let mut at = 0;
    while at < len {
        progress.advance(at, len)?;
        let size = len.saturating_sub(at).min(CHUNK);
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

/// Whoever reads the result finds every field, empty.
fn seen(file: &Input, fields: &[EmptyField], password: Option<&[u8]>) -> Result<()> {
    let found = inspect(&Document::open_with_password(file, password)?)?.signature_fields;
    let all = fields.iter().all(|wanted| found.iter().any(|field| field.name == wanted.name && !field.signed));
    if all { Ok(()) } else { Err(Error::new(ErrorKind::CheckFailed).context("a new field is not seen")) }
}
