//! The sign room: from the hashed document to a checked signature value. The message to sign is the DER of the signed attributes
//! (RFC 5652 5.4), built here from a digest computed here; nobody can hand one in.

use super::hollow::Digests;
use super::plan::Plan;
use super::preflight::Preflight;
use super::token;
use crate::cms::attributes::SignedAttributes;
use crate::cms::build::estimate;
use crate::crypto::KnownSignatures;
use crate::crypto::algorithm::SignatureAlgorithm;
use crate::crypto::digest::DigestAlgorithm;
use crate::error::{Error, ErrorKind, Result};
use crate::pki::certificate::Certificate;
use crate::sign::SigningIdentity;
use crate::time::Time;
use std::sync::Arc;

/// A document with its revision, hashed: all that is needed to sign, and to complete in another process.
#[derive(Clone)]
pub struct Prepared {
    pub(super) plan: Plan,
    pub(super) digests: Digests,
    pub(super) attributes: Option<SignedAttributes>,
}

impl Prepared {
    pub(super) fn new(plan: Plan, digests: Digests) -> Prepared {
        let attributes =
            plan.identity.chain().first().map(|leaf| SignedAttributes::for_pades(&digests.message, plan.identity.digest(), leaf));
        Prepared { plan, digests, attributes }
    }

    /// The bytes to be appended to the document; `/Contents` holds zeros.
    #[must_use]
    pub fn revision(&self) -> &[u8] {
        &self.plan.hollow.update
    }

    /// Length of the document.
    #[must_use]
    pub const fn source_len(&self) -> u64 {
        self.plan.hollow.source_len
    }

    /// The `/ByteRange` of the signature.
    #[must_use]
    pub fn byte_range(&self) -> [u64; 4] {
        self.plan.byte_range()
    }

    /// Fully qualified name of the field.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.plan.field
    }

    /// The time the signer claims, `/M`.
    #[must_use]
    pub const fn claimed_time(&self) -> Time {
        self.plan.time
    }

    /// The digest algorithm of both digests.
    #[must_use]
    pub fn digest_algorithm(&self) -> DigestAlgorithm {
        self.plan.identity.digest()
    }

    /// The digest of the document as it was before: compare it with that of what was shown.
    #[must_use]
    pub fn source_digest(&self) -> &[u8] {
        &self.digests.document
    }

    /// The digest over the signed ranges, which is the attribute messageDigest.
    #[must_use]
    pub fn content_digest(&self) -> &[u8] {
        &self.digests.message
    }

    /// The identity that will sign.
    #[must_use]
    pub const fn identity(&self) -> &SigningIdentity {
        &self.plan.identity
    }

    /// What was found when the document was looked over, if it was, by the process that prepared it.
    #[must_use]
    pub fn preflight(&self) -> Option<&Arc<Preflight>> {
        self.plan.preflight()
    }

    /// DER of the signed attributes.
    pub(super) fn attributes(&self) -> Result<&SignedAttributes> {
        self.attributes.as_ref().ok_or_else(|| Error::new(ErrorKind::Internal))
    }

    /// The message for the key.
    ///
    /// # Errors
    /// [`ErrorKind::SignatureRoomExceeded`] if the signature would not fit: found out now, because each try may cost a fingerprint.
    pub fn to_be_signed(&self) -> Result<ToBeSigned<'_>> {
        let leaf = self.plan.identity.leaf()?;
        if estimate(self.plan.identity.chain(), leaf.public_key().algorithm()) > self.plan.hollow.room() {
            return Err(Error::new(ErrorKind::SignatureRoomExceeded));
        }
        Ok(ToBeSigned { attributes: self.attributes()?, identity: &self.plan.identity })
    }

    /// Bytes of a time-stamp token over the signature value that fit beside the signature; none if no room was asked for
    /// ([`SignatureRequest::extra_room`](super::SignatureRequest::extra_room)).
    #[must_use]
    pub fn token_room(&self) -> usize {
        // The attribute around it, and one more byte for each length that grows.
        const FRAME: usize = 64;
        let key = self.plan.identity.chain().first().map(|leaf| leaf.public_key().algorithm());
        let signature = key.map_or(usize::MAX, |key| estimate(self.plan.identity.chain(), key));
        self.plan.hollow.room().saturating_sub(signature.saturating_add(FRAME))
    }
}

/// What the key is to sign. Exists only for a document that was prepared and hashed.
#[derive(Clone, Copy)]
pub struct ToBeSigned<'p> {
    attributes: &'p SignedAttributes,
    identity: &'p SigningIdentity,
}

impl<'p> ToBeSigned<'p> {
    /// The message: DER of the signed attributes. The key store digests it itself, with the algorithm given.
    #[must_use]
    pub fn message(&self) -> &'p [u8] {
        self.attributes.der()
    }

    /// The algorithm to sign with.
    #[must_use]
    pub const fn algorithm(&self) -> &'p SignatureAlgorithm {
        self.identity.algorithm()
    }

    /// The certificate that the message names.
    #[must_use]
    pub fn certificate(&self) -> &'p Certificate {
        self.attributes.signer()
    }

    /// Takes the key's answer, after checking it against the certificate's public key.
    ///
    /// # Errors
    /// [`ErrorKind::KeySignatureWrong`].
    pub fn accept(&self, value: &[u8]) -> Result<SignatureValue> {
        let known = KnownSignatures::new();
        match known.verify(self.certificate().public_key(), self.algorithm(), self.message(), value) {
            Ok(()) => Ok(SignatureValue { value: value.to_vec(), message: self.message().to_vec(), token: None, known: Arc::new(known) }),
            Err(_) => Err(Error::new(ErrorKind::KeySignatureWrong)),
        }
    }
}

/// A signature value that verifies, with the message it belongs to.
pub struct SignatureValue {
    value: Vec<u8>,
    message: Vec<u8>,
    token: Option<Vec<u8>>,
    /// That it verifies: whoever checks the finished file asks for the same once more.
    pub(super) known: Arc<KnownSignatures>,
}

impl SignatureValue {
    /// The value as the key gave it.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.value
    }

    /// What a time stamp over the signature is about: the digest of its value (RFC 3161 appendix A).
    #[must_use]
    pub fn imprint(&self, digest: DigestAlgorithm) -> Vec<u8> {
        digest.digest(&self.value)
    }

    /// Puts a time-stamp token over the signature beside it, as an unsigned attribute (EN 319 142-1 6.3, level B-T).
    ///
    /// # Errors
    /// [`ErrorKind::CmsMalformed`] if it is no sound token over this value by that digest; then the value is as it was. Whether its authority is trusted
    /// is not asked here.
    pub fn stamp(&mut self, token: &[u8], digest: DigestAlgorithm) -> Result<()> {
        token::check(token, (digest, &self.imprint(digest)))?;
        self.token = Some(token.to_vec());
        Ok(())
    }

    /// The token, if there is one.
    pub(super) fn token(&self) -> Option<&[u8]> {
        self.token.as_deref()
    }

    /// The value, if it belongs to that message.
    pub(super) fn over(&self, message: &[u8]) -> Result<&[u8]> {
        if self.message == message {
            Ok(&self.value)
        } else {
            Err(Error::new(ErrorKind::WrongOrder).context("a signature over another message"))
        }
    }
}
