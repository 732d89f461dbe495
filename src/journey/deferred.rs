//! The room `journey`: a signature in two parts, with a pause between them that may outlive the process. Takes a document and an identity, gives a
//! message for a key somewhere else; takes its answer, gives a document that passed the library's own verifier.

use super::carried::read;
use super::input::Input;
use super::observe::observe;
use super::output::{Draft, Target};
use super::pace::HostPace;
use super::retry::{Limits, Watch};
use super::rise::Rise;
use super::sign::{SignOptions, SigningKey, as_shown, planned, raised, rehearsed};
use crate::cancel::Progress;
use crate::crypto::algorithm::SignatureAlgorithm;
use crate::error::{Error, ErrorKind, Result};
use crate::pdf::Document;
use crate::sign::{Preflight, Prepared, SignatureRequest, SignedPdf, SigningIdentity, Unproven};
use std::sync::Arc;

/// A prepared document that waits for its signature value.
pub enum Paused {
    /// Prepared in this process, or read from a blob whose integrity value was right.
    Proven(Prepared),
    /// Read from a blob that anybody may have written: it can be completed, as everything is computed again then, but not signed.
    Unproven(Unproven),
}

/// Prepares a document. No key is asked.
///
/// # Errors
/// As [`plan`](crate::sign::plan()); [`ErrorKind::PreflightRefused`]; [`ErrorKind::SignatureRoomExceeded`]; [`ErrorKind::DocumentChanged`] if another document was shown;
/// [`ErrorKind::Cancelled`], [`ErrorKind::TimedOut`].
pub fn prepare(
    input: &Input,
    request: &SignatureRequest,
    identity: &SigningIdentity,
    options: SignOptions<'_>,
    limits: &Limits,
    watch: Watch<'_>,
) -> Result<Paused> {
    observe("prepare", input, || {
        limits.run(&HostPace, watch, |progress| {
            let document = Document::open_with_password(input, options.password)?;
            let prepared =
                planned(&document, request, identity, options, read(input, options, progress)?.as_ref())?.hash(input, progress)?;
            as_shown(&prepared, input, options, progress)?;
            rehearsed(&prepared, input, options, progress)?;
            prepared.to_be_signed()?;
            Ok(Paused::Proven(prepared))
        })
    })
}

impl Paused {
    /// As bytes; with a key, only its holders can change them unnoticed.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] for an empty key; [`ErrorKind::WrongOrder`] for a document that is not proven: it has its blob already.
    pub fn to_blob(&self, key: Option<&[u8]>) -> Result<Vec<u8>> {
        match key {
            Some(key) => self.proven()?.to_blob(key),
            None => self.proven()?.to_blob_unauthenticated(),
        }
    }

    /// What [`Paused::to_blob`] gave for the same key.
    ///
    /// # Errors
    /// [`ErrorKind::PreparedMalformed`]; [`ErrorKind::InvalidArgument`] for an empty key.
    pub fn from_blob(bytes: &[u8], key: Option<&[u8]>) -> Result<Paused> {
        Ok(match key {
            Some(key) => Paused::Proven(Prepared::from_blob(bytes, key)?),
            None => Paused::Unproven(Prepared::from_blob_unauthenticated(bytes)?),
        })
    }

    fn proven(&self) -> Result<&Prepared> {
        match self {
            Paused::Proven(prepared) => Ok(prepared),
            Paused::Unproven(_) => Err(Error::new(ErrorKind::WrongOrder).context("the blob is not authenticated: it cannot be signed")),
        }
    }

    /// The message for the key: DER of the signed attributes (RFC 5652 5.4). The key's side digests it.
    ///
    /// # Errors
    /// [`ErrorKind::WrongOrder`] for a document that is not proven.
    pub fn message(&self) -> Result<Vec<u8>> {
        Ok(self.proven()?.to_be_signed()?.message().to_vec())
    }

    /// SHA-256 or whatever the algorithm's digest is, of the document as it was before: compare it with that of what was shown.
    ///
    /// # Errors
    /// [`ErrorKind::WrongOrder`] for a document that is not proven.
    pub fn source_digest(&self) -> Result<&[u8]> {
        Ok(self.proven()?.source_digest())
    }

    /// The algorithm to sign with.
    #[must_use]
    pub fn algorithm(&self) -> &SignatureAlgorithm {
        self.identity().algorithm()
    }

    /// The identity that will have signed.
    #[must_use]
    pub fn identity(&self) -> &SigningIdentity {
        match self {
            Paused::Proven(prepared) => prepared.identity(),
            Paused::Unproven(unproven) => unproven.identity(),
        }
    }

    /// What was found when the document was looked over, if it was, by the process that prepared it.
    pub(super) fn preflight(&self) -> Option<&Arc<Preflight>> {
        match self {
            Paused::Proven(prepared) => prepared.preflight(),
            Paused::Unproven(_) => None,
        }
    }

    /// Fully qualified name of the field.
    #[must_use]
    pub fn field(&self) -> &str {
        match self {
            Paused::Proven(prepared) => prepared.field(),
            Paused::Unproven(unproven) => unproven.field(),
        }
    }

    /// Asks a key at hand, once, and checks its answer.
    ///
    /// # Errors
    /// [`ErrorKind::WrongOrder`] for a document that is not proven; the key's own; [`ErrorKind::KeySignatureWrong`];
    /// [`ErrorKind::CertificateForeign`]; [`ErrorKind::Cancelled`], [`ErrorKind::TimedOut`].
    pub fn answer(&self, key: SigningKey<'_>, limits: &Limits) -> Result<Vec<u8>> {
        let message = self.proven()?.to_be_signed()?;
        limits.run(&HostPace, None, |progress| Ok(key.answer(&message, progress)?.as_bytes().to_vec()))
    }
}

/// Completes a document with the key's answer. After the call the whole signed document is where `target` says, and the verifier has accepted it.
///
/// # Errors
/// [`ErrorKind::KeySignatureWrong`] if document, blob and value do not belong together; [`ErrorKind::DocumentChanged`] if `input` is not what
/// was prepared; otherwise as [`sign`](super::sign::sign()). `paused` stays as it was: whoever
/// could not write completes it again elsewhere, without another signature.
pub fn complete(
    paused: &Paused,
    value: &[u8],
    input: &Input,
    target: Target<'_>,
    options: SignOptions<'_>,
    limits: &Limits,
    watch: Watch<'_>,
) -> Result<SignedPdf> {
    observe("complete", input, || {
        limits.run(&HostPace, watch, |progress| complete_watched(paused, value, input, target, options, limits, progress))
    })
}

fn complete_watched(
    paused: &Paused,
    value: &[u8],
    input: &Input,
    target: Target<'_>,
    options: SignOptions<'_>,
    limits: &Limits,
    progress: &Progress<'_>,
) -> Result<SignedPdf> {
    let identity = paused.identity().clone();
    let mut draft = Draft::open(input, target)?;
    let (prepared, mut value) = match paused {
        Paused::Proven(prepared) => (prepared.clone(), prepared.to_be_signed()?.accept(value)?),
        Paused::Unproven(unproven) => unproven.clone().accept(value, input, progress)?,
    };
    let time = prepared.claimed_time();
    let mut rise = Rise::new(options, limits);
    rise.stamp(&mut value, &prepared)?;
    let signed = prepared.complete(&value, input, &mut draft, &rise.progress(progress))?;
    Ok(raised(rise, signed, draft, time, &identity, options, progress)?.0)
}
