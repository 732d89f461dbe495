//! The room `journey`: a document is signed by a key at hand. Orders prepare, copy and hash, key, patch, verify, finish; takes the document, the
//! request, the key store and where the result goes; gives a document that passed the library's own verifier, or nothing.

use super::carried::{Carried, attachment, described, naming};
use super::damage::{Considered, Damage, considered};
use super::extend::Extending;
use super::input::Input;
use super::observe::observe;
use super::orders::facts::DocumentFacts;
use super::output::{Draft, Finished, Target, joined};
use super::pace::HostPace;
use super::retry::{Limits, Watch};
use super::rise::{Rise, roomy};
use super::spoiling::spoiling;
use super::upload::fingerprint;
use crate::cancel::Progress;
use crate::crypto::digest::{DigestAlgorithm, hex};
use crate::error::{Error, ErrorKind, Result};
use crate::host::random;
use crate::key::{DeviceKeyStore, KeyPurpose};
use crate::pdf::{Document, Source, Span};
use crate::pki::trust::TrustAnchors;
use crate::sign::{
    Output, Plan, Preflight, PreflightPolicy, Prepared, SignatureRequest, SignatureValue, SignedPdf, SigningIdentity, ToBeSigned, plan_with,
};
use crate::time::Time;
use crate::verify::{Coverage, CryptoStatus, KnownDigest, Policy, Report, VerifyOptions, rehearse, verify_document, verify_newest};
use std::sync::Arc;

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
    /// Asks the key, once. A call that was cancelled or is out of time does not ask, and takes no answer.
    pub(super) fn answer(&self, message: &ToBeSigned<'_>, progress: &Progress<'_>) -> Result<SignatureValue> {
        let info = self.store.info(self.name)?;
        // A store may hold another key under that name than the one that was certified.
        if info.public_key != *message.certificate().public_key() {
            return Err(Error::new(ErrorKind::CertificateForeign));
        }
        // Once here: the store's answer is checked against the certificate by `accept`.
        info.require(KeyPurpose::Signing)?;
        progress.check()?;
        let value = self.store.sign(self.name, message.message(), message.algorithm())?;
        // A store may take as long as a person does: whoever gave up meanwhile gets no signature.
        progress.check()?;
        message.accept(&value)
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

/// How the document is opened and checked.
#[derive(Clone, Copy, Debug, Default)]
pub struct SignOptions<'o> {
    /// The document's user or owner password.
    pub password: Option<&'o [u8]>,
    /// Reads the whole finished file again to check it, earlier signatures included, instead of the new revision alone.
    pub full_recheck: bool,
    /// SHA-256 of the bytes that the person was shown: another document is not signed.
    pub shown: Option<[u8; 32]>,
    /// Looks the document over first, and stops where this policy does. `None`: the caller has done that, or wants no such look.
    pub preflight: Option<&'o PreflightPolicy>,
    /// What becomes of a damaged document. A signature in two parts and one that the service prepares take no damage, whatever stands here.
    pub damage: Damage,
    /// How far the signature is raised once it is made, and with what; `None`: it stays at B-B. A level that cannot be reached is no error:
    /// [`SignedPdf::raised`] tells how far it came and what was missing, and [`extend`](super::extend::extend()) can raise it later. Where the
    /// service files what it prepared, it is the one to raise it.
    pub raise: Option<&'o Extending<'o>>,
    /// Embeds a record of the signing in the document, before it is signed, so that the signature covers it. Costs one more reading. Not of a document
    /// that the service prepares.
    pub carry: Option<Carried<'o>>,
}

/// Signs a document. After the call the whole signed document is where `target` says, and the verifier has accepted it; the bytes of `input` are
/// its prefix, unless [`SignedPdf::repair`] says that it was rewritten. The key is asked once, when nothing but raising the signature is left to do;
/// after that only a cancellation, or an output that cannot be written, takes the signature away.
///
/// # Errors
/// As [`plan`](crate::sign::plan()), with a record to carry as [`plan_with`]; [`ErrorKind::PreflightRefused`]; [`ErrorKind::OutputIsInput`], [`ErrorKind::OutputUnwritable`]; [`ErrorKind::CertificateForeign`] and the key's own;
/// [`ErrorKind::DocumentChanged`] if another document was shown, or `input` changed meanwhile; [`ErrorKind::CheckFailed`] if the verifier does
/// not accept the result; [`ErrorKind::Cancelled`], [`ErrorKind::TimedOut`].
pub fn sign(
    input: &Input,
    target: Target<'_>,
    request: &SignatureRequest,
    key: SigningKey<'_>,
    options: SignOptions<'_>,
    limits: &Limits,
    watch: Watch<'_>,
) -> Result<SignedPdf> {
    observe("sign", input, || {
        limits.run(&HostPace, watch, |progress| Ok(sign_and_keep(input, target, request, key, options, limits, progress)?.0))
    })
}

/// The same, with the document as it was handed over.
pub(super) fn sign_and_keep(
    input: &Input,
    target: Target<'_>,
    request: &SignatureRequest,
    key: SigningKey<'_>,
    options: SignOptions<'_>,
    limits: &Limits,
    progress: &Progress<'_>,
) -> Result<(SignedPdf, Finished)> {
    // Refused before the folder is touched, so that an unsuitable document leaves not even a temporary file.
    key.ready()?;
    let info = described(key, options)?;
    let options = naming(options, info.as_ref());
    let Considered { plan, rewritten } = considered(input, request, key.identity, options, progress)?;
    let source = rewritten.as_ref().unwrap_or(input);
    if let Target::File { path, .. } = &target {
        input.refuse_as_output(path)?;
    }
    let mut draft = Draft::open(source, target)?;
    let prepared = plan.copy(source, &mut draft, progress)?;
    match (&rewritten, options.shown) {
        // What was shown is what was given, not what it was made into.
        (Some(_), Some(shown)) if fingerprint(input, DigestAlgorithm::Sha256, progress)?.sha256 != shown => {
            return Err(Error::new(ErrorKind::DocumentChanged).context("not the document that was shown"));
        }
        (Some(_), _) => {}
        (None, _) => as_shown(&prepared, input, options, progress)?,
    }
    rehearsed(&prepared, source, options, progress)?;
    let mut value = key.answer(&prepared.to_be_signed()?, progress)?;
    let mut rise = Rise::new(options, limits);
    rise.stamp(&mut value, &prepared)?;
    let signed = prepared.patch(&value, &mut draft)?;
    raised(rise, signed, draft, request.time, key.identity, options, progress)
}

/// Checks a signature, raises it, and hands the document over.
pub(super) fn raised(
    rise: Rise<'_>,
    signed: SignedPdf,
    mut draft: Draft<'_>,
    time: Time,
    identity: &SigningIdentity,
    options: SignOptions<'_>,
    progress: &Progress<'_>,
) -> Result<(SignedPdf, Finished)> {
    let unhurried = rise.progress(progress);
    let file = draft.read_back()?;
    check(&file, &signed, time, identity, options, &unhurried)?;
    let (signed, behind) = rise.raise(signed, &file, progress)?;
    draft.write(&behind)?;
    let finished = draft.finish(&signed, &unhurried)?;
    Ok((signed, finished))
}

/// The revision to come, of a document that nothing speaks against.
///
/// # Errors
/// [`ErrorKind::PreflightRefused`]; as [`plan_with`].
pub(super) fn planned(
    document: &Document<'_>,
    request: &SignatureRequest,
    identity: &SigningIdentity,
    options: SignOptions<'_>,
    read: Option<&DocumentFacts>,
) -> Result<Plan> {
    let request = &*roomy(request, options);
    let found = options.preflight.map(|policy| spoiling(document, request, policy)).transpose()?;
    found.as_ref().map_or(Ok(()), Preflight::check)?;
    let attachment = attachment(read, found.as_ref(), identity, options)?;
    let plan = plan_with(document, request, identity, attachment.as_ref(), random::bytes()?)?;
    Ok(match found {
        Some(found) => plan.with_preflight(found),
        None => plan,
    })
}

/// The finished file could pass the verifier: found out before the key is asked, because each answer may cost a fingerprint.
///
/// # Errors
/// [`ErrorKind::PdfDamaged`] with the verifier's reason.
pub(super) fn rehearsed(prepared: &Prepared, input: &Input, options: SignOptions<'_>, progress: &Progress<'_>) -> Result<()> {
    let [_, start, end, _] = prepared.byte_range();
    let file = joined(input, prepared.revision().to_vec());
    rehearse(&Document::open_with_password(&file, options.password)?, Span { start, end }, progress)
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

/// Nothing leaves unverified: structure, coverage, CMS, digest and signature of the finished file, as any verifier would see them. The digest
/// taken while copying stands in for reading the document again, unless the options ask for that.
///
/// # Errors
/// [`ErrorKind::CheckFailed`] with the verifier's first reason; [`ErrorKind::SourceUnreadable`]; [`ErrorKind::Cancelled`], [`ErrorKind::TimedOut`].
pub fn check(
    file: &dyn Source,
    signed: &SignedPdf,
    time: Time,
    identity: &SigningIdentity,
    options: SignOptions<'_>,
    progress: &Progress<'_>,
) -> Result<()> {
    let failed = |what: String| Error::new(ErrorKind::CheckFailed).context(what);
    // Whom to trust is the reader's affair: the signer's own certificate, and the chain is not looked at.
    let anchors: TrustAnchors = identity.chain().first().cloned().into_iter().collect();
    let verify = VerifyOptions { trust: &anchors, time, policy: Policy::default(), password: options.password, evidence: None };
    let report = Document::open_with_password(file, options.password).and_then(|document| {
        if options.full_recheck {
            return verify_document(&document, &verify, progress);
        }
        let (algorithm, value) = signed.content_digest();
        let known = KnownDigest {
            algorithm,
            value: value.to_vec(),
            gap: signed.contents(),
            end: signed.total_len(),
            signature: Arc::clone(signed.known()),
        };
        verify_newest(&document, &known, &verify, &progress.silent())
    });
    let report = match report {
        Err(error) if matches!(error.kind(), ErrorKind::Cancelled | ErrorKind::TimedOut | ErrorKind::SourceUnreadable) => {
            return Err(error);
        }
        other => other.map_err(|error| failed("the verifier cannot read it".to_owned()).caused_by(error))?,
    };
    judge(&report, signed, identity).map_err(failed)
}

/// The new signature is there, covers the whole file, holds, and names this signer. Trust is the reader's affair.
fn judge(report: &Report, signed: &SignedPdf, identity: &SigningIdentity) -> Result<(), String> {
    let new = report.signatures.last().ok_or("the verifier sees no signature")?;
    let reason = || new.reasons.first().map_or("the verifier does not accept it", |reason| reason.code).to_owned();
    let right_signer =
        new.signer.as_ref().is_some_and(|s| identity.chain().first().is_some_and(|c| s.sha256.eq_ignore_ascii_case(&hex(&c.sha256()))));
    let whole = new.crypto.status == CryptoStatus::Ok && new.coverage == Coverage::WholeFile && new.intact && new.field == signed.field();
    if whole && right_signer { Ok(()) } else { Err(reason()) }
}
