//! The room `journey`: the evidence record that a signature carries: what was shown, found and agreed to, and the key, as an attachment that the signature
//! covers. Takes the document as it is read and what the caller says; gives the attachment. What comes after the key has answered is not in it:
//! `orders::Orders::evidence` has that.

use super::orders::facts::{DocumentFacts, Facts, KeyFacts, Looked, carried};
use super::sign::{SignOptions, SigningKey};
use super::upload::fingerprint;
use crate::cancel::Progress;
use crate::crypto::digest::DigestAlgorithm;
use crate::error::{Error, ErrorKind, Result};
use crate::key::KeyInfo;
use crate::pdf::Source;
use crate::sign::{Attachment, Preflight, SigningIdentity};

/// Longest consent, in bytes.
pub(super) const MAX_CONSENT: usize = 64 << 10;
const NAME: &str = "thrivosign-evidence.json";
const DESCRIPTION: &str = "Evidence of this signature: the document as it was read, what was found in it, what was agreed to, and the key";

/// What a signature is to carry: a record of the signing, in JSON (`docs/schema/evidence-1.json`).
#[derive(Clone, Copy, Debug, Default)]
pub struct Carried<'o> {
    /// The text that the person agreed to; it can be read by whoever has the document.
    pub consent: Option<&'o str>,
    /// The key, as its store describes it. `None`: whoever has the key at hand asks its store; a document that is prepared for a key elsewhere then says
    /// nothing of it.
    pub key: Option<&'o KeyInfo>,
}

/// What the key's store says of it, where a record is asked for that does not say so itself.
///
/// # Errors
/// The key store's.
pub(super) fn described(key: SigningKey<'_>, options: SignOptions<'_>) -> Result<Option<KeyInfo>> {
    options.carry.filter(|carry| carry.key.is_none()).map(|_| key.store.info(key.name)).transpose()
}

/// The same options with that key for the record.
pub(super) fn naming<'o>(options: SignOptions<'o>, key: Option<&'o KeyInfo>) -> SignOptions<'o> {
    SignOptions { carry: options.carry.map(|carry| Carried { key: carry.key.or(key), ..carry }), ..options }
}

/// The document as it is read, where a record is asked for.
///
/// # Errors
/// [`ErrorKind::SourceUnreadable`], [`ErrorKind::Cancelled`], [`ErrorKind::TimedOut`].
pub(super) fn read(input: &dyn Source, options: SignOptions<'_>, progress: &Progress<'_>) -> Result<Option<DocumentFacts>> {
    if options.carry.is_none() {
        return Ok(None);
    }
    let sha256 = fingerprint(input, DigestAlgorithm::Sha256, progress)?.sha256;
    // That it is the one that was shown is compared before the key is asked.
    Ok(Some(DocumentFacts { sha256, size: input.len(), shown: options.shown.is_some() }))
}

/// The attachment, where one is asked for.
///
/// # Errors
/// [`ErrorKind::InvalidArgument`] for a consent that is too long; [`ErrorKind::CertificateForeign`] for a key of another certificate.
pub(super) fn attachment(
    read: Option<&DocumentFacts>,
    found: Option<&Preflight>,
    identity: &SigningIdentity,
    options: SignOptions<'_>,
) -> Result<Option<Attachment>> {
    let (Some(asked), Some(document)) = (options.carry, read) else { return Ok(None) };
    if asked.consent.is_some_and(|text| text.len() > MAX_CONSENT) {
        return Err(Error::new(ErrorKind::InvalidArgument).context("the consent's text is longer than 64 KiB"));
    }
    let looked = options.preflight.zip(found).map(|(policy, found)| Looked::new(policy, found));
    let of_key = |key: &KeyInfo| match identity.chain().first() {
        Some(leaf) if *leaf.public_key() == key.public_key => Ok(KeyFacts::new(key, leaf, identity.algorithm().name())),
        _ => Err(Error::new(ErrorKind::CertificateForeign)),
    };
    let key = asked.key.map(of_key).transpose()?;
    let facts = Facts::before(document.clone(), looked, asked.consent, key);
    let bytes = serde_json::to_vec_pretty(&carried(&facts)).map_err(|cause| Error::new(ErrorKind::Internal).caused_by(cause))?;
    Ok(Some(Attachment { name: NAME.to_owned(), media_type: "application/json".to_owned(), description: DESCRIPTION.to_owned(), bytes }))
}
