//! The room `journey`: a file is signed where it is. The document is read and hashed, the update built in memory, the key asked and the result
//! checked; only then comes one append under a journal. Takes a path, the request and the key; gives the old file or the signed one.

use super::carried::{described, naming};
use super::damage::considered;
use super::input::Input;
use super::observe::observe;
use super::output::joined;
use super::pace::HostPace;
use super::retry::{Limits, Watch};
use super::rise::Rise;
use super::sign::{SignOptions, SigningKey, as_shown, check, rehearsed};
use crate::cancel::Progress;
use crate::error::{Error, ErrorKind, Result};
use crate::host::append::{self, AppendFile};
use crate::host::file::Durability;
use crate::sign::{SignatureRequest, SignedPdf};
use std::path::Path;

pub use crate::host::append::Recovery;

/// Signs the file at `path`. After the call it is its old bytes and one more revision, which the verifier has accepted. Until the last step it is
/// not touched; a process that ends at any moment leaves the old file or the signed one, and at most a journal beside it, which the next
/// call, or [`recover`], settles. The key is asked once, last.
///
/// # Errors
/// As [`sign`](super::sign::sign()); [`ErrorKind::DocumentChanged`] also if somebody wrote to the file
/// meanwhile; [`ErrorKind::OutputUnwritable`] if file or folder may not be written, or another process is signing it;
/// [`ErrorKind::WrongOrder`] once, if an interrupted call turns out to have signed it.
pub fn sign_in_place(
    path: &Path,
    durability: Durability,
    request: &SignatureRequest,
    key: SigningKey<'_>,
    options: SignOptions<'_>,
    limits: &Limits,
    watch: Watch<'_>,
) -> Result<SignedPdf> {
    key.ready()?;
    let file = AppendFile::open(path)?;
    // The person has signed this file, whatever became of the process: not twice without a word.
    if file.recovery() == Recovery::Completed {
        return Err(
            Error::new(ErrorKind::WrongOrder).context("an interrupted call had signed the file already; call again for another signature")
        );
    }
    let input = Input::from(file.source()?);
    observe("sign", &input, || {
        limits.run(&HostPace, watch, |progress| {
            let (signed, revisions) = sealed(&input, request, key, options, limits, progress)?;
            file.append(&revisions, durability)?;
            Ok(signed)
        })
    })
}

fn sealed(
    input: &Input,
    request: &SignatureRequest,
    key: SigningKey<'_>,
    options: SignOptions<'_>,
    limits: &Limits,
    progress: &Progress<'_>,
) -> Result<(SignedPdf, Vec<u8>)> {
    let options = SignOptions { damage: options.damage.appending(), ..options };
    let info = described(key, options)?;
    let options = naming(options, info.as_ref());
    let plan = considered(input, request, key.identity, options, progress)?.plan;
    let prepared = plan.hash(input, progress)?;
    as_shown(&prepared, input, options, progress)?;
    rehearsed(&prepared, input, options, progress)?;
    let mut value = key.answer(&prepared.to_be_signed()?, progress)?;
    let mut rise = Rise::new(options, limits);
    rise.stamp(&mut value, &prepared)?;
    let signed = prepared.seal(&value)?;
    let unhurried = rise.progress(progress);
    let file = joined(input, signed.revision().to_vec());
    check(&file, &signed, request.time, key.identity, options, &unhurried)?;
    let (signed, behind) = rise.raise(signed, &file, progress)?;
    unhurried.check()?;
    let revisions = [signed.revision(), &behind].concat();
    Ok((signed, revisions))
}

/// Settles what an interrupted call left beside the file. After the call the file is the old one or the signed one, and there is no journal.
///
/// # Errors
/// As opening the file for [`sign_in_place`].
pub fn recover(path: &Path) -> Result<Recovery> {
    append::recover(path)
}
