//! The room `journey`: a document is signed by a key at hand. Orders prepare, copy and hash, key, patch, verify, finish; takes the document, the
//! request, the key store and the machine's output; gives a file that passed the library's own verifier, or nothing.

use super::upload::fingerprint;
use crate::cancel::Progress;
use crate::crypto::digest::DigestAlgorithm;
use crate::error::{Error, ErrorKind, Result};
use crate::host::file::{Durability, FileSink, FileSource};
use crate::host::random;
use crate::key::{DeviceKeyStore, KeyPurpose};
use crate::pdf::{Document, Source};
use crate::pki::trust::TrustAnchors;
use crate::sign::{Output, Prepared, SignatureRequest, SignatureValue, SignedPdf, SigningIdentity, ToBeSigned, plan};
use crate::time::Time;
use crate::verify::{Coverage, CryptoStatus, KnownDigest, Policy, Report, VerifyOptions, verify_document, verify_newest};
use std::path::Path;

impl Output for FileSink {
    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        FileSink::write(self, bytes)
    }

    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> Result<()> {
        FileSink::write_at(self, offset, bytes)
    }
}

/// Whose key signs, and where it lives.
#[derive(Clone, Copy)]
pub struct SigningKey<'k> {
    /// The key store.
    pub store: &'k dyn DeviceKeyStore,
    /// The key's name in it.
    pub name: &'k str,
    /// The certificates of that key, and the algorithm.
    pub identity: &'k SigningIdentity,
}

impl SigningKey<'_> {
    /// Asks the key, once.
    pub(super) fn answer(&self, message: &ToBeSigned<'_>) -> Result<SignatureValue> {
        let info = self.store.info(self.name)?;
        // A store may hold another key under that name than the one that was certified.
        if info.public_key != *message.certificate().public_key() {
            return Err(Error::new(ErrorKind::CertificateForeign));
        }
        // Once here: the store's answer is checked against the certificate by `accept`.
        info.require(KeyPurpose::Signing)?;
        message.accept(&self.store.sign(self.name, message.message(), message.algorithm())?)
    }

    /// Refuses a key that could not sign, before the document is read.
    pub(super) fn ready(&self) -> Result<()> {
        let info = self.store.info(self.name)?;
        info.require(KeyPurpose::Signing)?;
        match self.identity.chain().first() {
            Some(leaf) if *leaf.public_key() == info.public_key => Ok(()),
            _ => Err(Error::new(ErrorKind::CertificateForeign)),
        }
    }
}

/// How the file is opened, written and checked.
#[derive(Clone, Copy, Debug)]
pub struct SignOptions<'o> {
    /// The document's user or owner password.
    pub password: Option<&'o [u8]>,
    /// Whether the finished file is flushed to the disk.
    pub durability: Durability,
    /// Reads the whole finished file again to check it, earlier signatures included, instead of the new revision alone.
    pub full_recheck: bool,
    /// SHA-256 of the bytes that the person was shown: another document is not signed.
    pub shown: Option<[u8; 32]>,
}

impl Default for SignOptions<'_> {
    fn default() -> Self {
        SignOptions { password: None, durability: Durability::Fsync, full_recheck: false, shown: None }
    }
}

/// Signs `input` into `output`. After the call `output` is the whole signed file, which the verifier has accepted; the bytes of `input` are its
/// prefix. The key is asked once, last.
///
/// # Errors
/// As [`plan`](crate::sign::plan()); [`ErrorKind::OutputIsInput`], [`ErrorKind::OutputUnwritable`]; [`ErrorKind::CertificateForeign`] and the key's own;
/// [`ErrorKind::DocumentChanged`] if another document was shown; [`ErrorKind::CheckFailed`] if the verifier does not accept the result. In every case `output` is as it was.
pub fn sign_file(
    input: &FileSource,
    output: &Path,
    request: &SignatureRequest,
    key: SigningKey<'_>,
    options: SignOptions<'_>,
    progress: &Progress<'_>,
) -> Result<SignedPdf> {
    Ok(sign_file_and_keep(input, output, request, key, options, progress)?.0)
}

/// The same, with the finished file kept open: whoever replaces it under its name afterwards does not change what is read here.
pub(super) fn sign_file_and_keep(
    input: &FileSource,
    output: &Path,
    request: &SignatureRequest,
    key: SigningKey<'_>,
    options: SignOptions<'_>,
    progress: &Progress<'_>,
) -> Result<(SignedPdf, FileSource)> {
    // Refused before the folder is touched, so that an unsuitable document leaves not even a temporary file.
    key.ready()?;
    let plan = plan(&Document::open_with_password(input, options.password)?, request, key.identity, random::bytes()?)?;
    let mut sink = FileSink::create_from(input, output, options.durability)?;
    let prepared = plan.copy(input, &mut sink, progress)?;
    as_shown(&prepared, input, options, progress)?;
    let value = key.answer(&prepared.to_be_signed()?)?;
    let signed = prepared.patch(&value, &mut sink)?;
    let finished = sink.read_back()?;
    check(&finished, &signed, request.time, key.identity, options, progress)?;
    sink.finish()?;
    Ok((signed, finished))
}

/// What is about to be signed is the document that was shown.
pub(super) fn as_shown(prepared: &Prepared, source: &dyn Source, options: SignOptions<'_>, progress: &Progress<'_>) -> Result<()> {
    let Some(shown) = options.shown else { return Ok(()) };
    let same = if prepared.digest_algorithm() == DigestAlgorithm::Sha256 {
        prepared.source_digest() == shown
    } else {
        // Both digests from one reading: the one ties the bytes to those shown, the other to those prepared.
        let print = fingerprint(source, prepared.digest_algorithm(), progress)?;
        print.sha256 == shown && print.other == prepared.source_digest()
    };
    if same { Ok(()) } else { Err(Error::new(ErrorKind::DocumentChanged).context("not the document that was shown")) }
}

/// Signs a document in memory or behind a callback; gives the whole signed file, which the verifier has accepted.
///
/// # Errors
/// As [`sign_file`], but for the output.
pub fn sign_bytes(
    input: &dyn Source,
    request: &SignatureRequest,
    key: SigningKey<'_>,
    options: SignOptions<'_>,
    progress: &Progress<'_>,
) -> Result<(Vec<u8>, SignedPdf)> {
    key.ready()?;
    let plan = plan(&Document::open_with_password(input, options.password)?, request, key.identity, random::bytes()?)?;
    let len = usize::try_from(input.len()).ok().and_then(|len| len.checked_add(plan.revision().len()));
    let mut out: Vec<u8> = Vec::new();
    let room = len.and_then(|len| out.try_reserve_exact(len).ok());
    room.ok_or_else(|| Error::new(ErrorKind::OutputUnwritable).context("memory"))?;
    let prepared = plan.copy(input, &mut out, progress)?;
    as_shown(&prepared, input, options, progress)?;
    let value = key.answer(&prepared.to_be_signed()?)?;
    let signed = prepared.patch(&value, &mut out)?;
    check(&out, &signed, request.time, key.identity, options, progress)?;
    Ok((out, signed))
}

/// Nothing leaves unverified: structure, coverage, CMS, digest and signature of the finished file, as any verifier would see them. The digest
/// taken while copying stands in for reading the document again, unless the options ask for that.
///
/// # Errors
/// [`ErrorKind::CheckFailed`] with the verifier's first reason; [`ErrorKind::SourceUnreadable`]; [`ErrorKind::Cancelled`].
pub fn check(
    file: &dyn Source,
    signed: &SignedPdf,
    time: Time,
    identity: &SigningIdentity,
    options: SignOptions<'_>,
    progress: &Progress<'_>,
) -> Result<()> {
    let failed = |what: String| Error::new(ErrorKind::CheckFailed).context(what);
    let anchors: TrustAnchors = identity.chain().last().cloned().into_iter().collect();
    let verify = VerifyOptions { trust: &anchors, time, policy: Policy::default(), password: options.password };
    let quiet = Progress::new(progress.cancel_token(), None);
    let report = Document::open_with_password(file, options.password).and_then(|document| {
        if options.full_recheck {
            return verify_document(&document, &verify, progress);
        }
        let (algorithm, value) = signed.content_digest();
        let known = KnownDigest { algorithm, value: value.to_vec(), gap: signed.contents(), end: signed.total_len() };
        verify_newest(&document, &known, &verify, &quiet)
    });
    let report = match report {
        Err(error) if matches!(error.kind(), ErrorKind::Cancelled | ErrorKind::SourceUnreadable) => return Err(error),
        other => other.map_err(|error| failed("the verifier cannot read it".to_owned()).caused_by(error))?,
    };
    judge(&report, signed, identity).map_err(failed)
}

/// The new signature is there, covers the whole file, holds, and names this signer. Trust is the reader's affair.
fn judge(report: &Report, signed: &SignedPdf, identity: &SigningIdentity) -> Result<(), String> {
    let new = report.signatures.last().ok_or("the verifier sees no signature")?;
    let reason = || new.reasons.first().map_or("the verifier does not accept it", |reason| reason.code).to_owned();
    let hex = |bytes: [u8; 32]| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>();
    let right_signer =
        new.signer.as_ref().is_some_and(|s| identity.chain().first().is_some_and(|c| s.sha256.eq_ignore_ascii_case(&hex(c.sha256()))));
    let whole = new.crypto.status == CryptoStatus::Ok && new.coverage == Coverage::WholeFile && new.intact && new.field == signed.field();
    if whole && right_signer { Ok(()) } else { Err(reason()) }
}
