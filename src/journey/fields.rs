//! The room `journey`: empty signature fields are added to a document, one for each signer to come. Takes a document, the fields and where the
//! result goes; gives a file in which the fields were seen, or nothing.

use super::input::Input;
use super::observe::observe;
use super::output::{Target, appended, joined};
use super::pace::HostPace;
use super::retry::{Limits, Watch};
use crate::cancel::Progress;
use crate::error::{Error, ErrorKind, Result};
use crate::host::random;
use crate::inspect::inspect;
use crate::pdf::Document;
use crate::sign::{self, EmptyField};

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
    appended(input, &revision, target, progress)
}

/// Whoever reads the result finds every field, empty.
fn seen(file: &Input, fields: &[EmptyField], password: Option<&[u8]>) -> Result<()> {
    let found = inspect(&Document::open_with_password(file, password)?)?.signature_fields;
    let all = fields.iter().all(|wanted| found.iter().any(|field| field.name == wanted.name && !field.signed));
    if all { Ok(()) } else { Err(Error::new(ErrorKind::CheckFailed).context("a new field is not seen")) }
}
