//! A file that is signed where it is, under a journal.

use crate::call::guard;
use crate::cancel::CallOptions;
use crate::error::Result;
use crate::output::{Durability, SignedDocument};
use crate::sign::{SignOptions, SignatureRequest, SigningKey};
use crate::waiting::wait;
use std::path::Path;
use thrivosign::journey::in_place;

/// What an interrupted signature in place had left, and what became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Recovery {
    /// There was nothing.
    Nothing,
    /// The file had not been changed yet.
    NotBegun,
    /// What was half written was taken back: the file is the old one.
    TakenBack,
    /// Everything had been written: the file is the signed one.
    Completed,
}

/// Signs the file at that path. After the call it is its old bytes and one more revision, which the library's verifier has accepted. Until the last
/// step it is not touched; a process that ends at any moment leaves the old file or the signed one, and at most a journal beside it, which the
/// next call, or `recover_in_place`, settles. The key is asked once, last. The file is flushed to the disk if `durability` is absent.
///
/// # Errors
/// As `sign`; `DocumentChanged` also if somebody wrote to the file meanwhile; `OutputUnwritable` if file or folder may not be written, or another
/// process is signing it; `WrongOrder` once, if an interrupted call turns out to have signed it.
#[uniffi::export(default(durability = None, sign_options = None, options = None))]
pub async fn sign_in_place(
    path: String,
    request: SignatureRequest,
    key: SigningKey,
    durability: Option<Durability>,
    sign_options: Option<SignOptions>,
    options: Option<CallOptions>,
) -> Result<SignedDocument> {
    wait(options, move |call| {
        let (opening, request, keys) = (sign_options.unwrap_or_default(), request.into_core()?, key.keys(call));
        let (opening, path, kept) = (opening.opening()?, Path::new(&path), Durability::kept(durability));
        let raise = opening.raise();
        let signed = call
            .watched(|watch| in_place::sign_in_place(path, kept, &request, key.core(&keys), opening.core(&raise), call.limits(), watch))?;
        Ok(SignedDocument::new(&signed, None))
    })
    .await
}

/// Settles what an interrupted signature in place left beside the file. After the call the file is the old one or the signed one, and there is no
/// journal.
///
/// # Errors
/// `SourceUnreadable`, `OutputUnwritable`.
#[uniffi::export]
pub fn recover_in_place(path: &str) -> Result<Recovery> {
    guard(|| {
        Ok(match in_place::recover(Path::new(path))? {
            in_place::Recovery::Nothing => Recovery::Nothing,
            in_place::Recovery::NotBegun => Recovery::NotBegun,
            in_place::Recovery::TakenBack => Recovery::TakenBack,
            in_place::Recovery::Completed => Recovery::Completed,
        })
    })
}
