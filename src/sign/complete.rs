//! The sign room: the last arrow. Takes a prepared document and a checked signature value, gives the signed file.

use super::plan::Plan;
use super::preflight::Preflight;
use super::prepared::{Prepared, SignatureValue};
use crate::cancel::Progress;
use crate::cms::attributes::SignedAttributes;
use crate::cms::build::{signed_data, time_stamp_attribute};
use crate::crypto::KnownSignatures;
use crate::crypto::digest::DigestAlgorithm;
use crate::error::{Error, ErrorKind, Result};
use crate::evidence::Raised;
use crate::pdf::recover::Repair;
use crate::pdf::{Source, Span};
use crate::sign::Output;
use std::sync::Arc;

/// A signed document, as far as it is new: the revision that was appended, where it stands, and how far the signature was raised.
#[derive(Debug)]
pub struct SignedPdf {
    source_len: u64,
    revision: Vec<u8>,
    contents: Span,
    field: String,
    digest: DigestAlgorithm,
    content_digest: Vec<u8>,
    known: Arc<KnownSignatures>,
    repair: Repair,
    preflight: Option<Arc<Preflight>>,
    raised: Option<Arc<Raised>>,
}

impl SignedPdf {
    /// Length of the document that was signed: where the new revision begins.
    #[must_use]
    pub const fn source_len(&self) -> u64 {
        self.source_len
    }

    /// Where the signed revision ends: the length of the signed file, but for what was appended to raise the signature.
    #[must_use]
    pub const fn total_len(&self) -> u64 {
        self.source_len.saturating_add(self.revision.len() as u64)
    }

    /// Length of the whole file, with what was appended to raise the signature.
    #[must_use]
    pub fn file_len(&self) -> u64 {
        self.total_len().saturating_add(self.raised.as_ref().map_or(0, |raised| raised.behind))
    }

    /// The revision that was appended, with its signature.
    #[must_use]
    pub fn revision(&self) -> &[u8] {
        &self.revision
    }

    /// Where `/Contents` stands, from `<` to behind `>`.
    #[must_use]
    pub const fn contents(&self) -> Span {
        self.contents
    }

    /// Fully qualified name of the signed field.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.field
    }

    /// What was done about damage of the document before it was signed.
    #[must_use]
    pub const fn repair(&self) -> Repair {
        self.repair
    }

    /// What was found when the document was looked over before it was signed; of a document that was written anew, what the new one has.
    /// `None` where no policy asked for that look, and where the signature was completed from a blob.
    #[must_use]
    pub fn preflight(&self) -> Option<&Arc<Preflight>> {
        self.preflight.as_ref()
    }

    /// The same, for whoever had the revision prepared elsewhere and looked the document over before.
    #[must_use]
    pub fn with_preflight(mut self, found: Option<Arc<Preflight>>) -> SignedPdf {
        self.preflight = found;
        self
    }

    /// How far the signature was raised above B-B. `None`: nobody asked for that.
    #[must_use]
    pub fn raised(&self) -> Option<&Arc<Raised>> {
        self.raised.as_ref()
    }

    /// The same, for whoever raised it.
    #[must_use]
    pub fn with_raised(mut self, raised: Raised) -> SignedPdf {
        self.raised = Some(Arc::new(raised));
        self
    }

    /// The digest algorithm and the digest over the signed ranges, as computed while the document was read.
    #[must_use]
    pub fn content_digest(&self) -> (DigestAlgorithm, &[u8]) {
        (self.digest, &self.content_digest)
    }

    /// What was verified when the key answered: its signature.
    pub(crate) fn known(&self) -> &Arc<KnownSignatures> {
        &self.known
    }
}

impl Prepared {
    /// Puts the signature into an output that [`Plan::copy`] wrote.
    ///
    /// # Errors
    /// [`ErrorKind::SignatureRoomExceeded`]; [`ErrorKind::WrongOrder`] if the value belongs to another document;
    /// [`ErrorKind::OutputUnwritable`].
    pub fn patch(self, value: &SignatureValue, output: &mut dyn Output) -> Result<SignedPdf> {
        let hex = contents(&self.plan, self.attributes()?, value)?;
        output.write_at(self.plan.hollow.contents.start + 1, &hex)?;
        self.into_signed(&hex, value)
    }

    /// Writes the signed file: the document, checked against what was prepared, and the revision with its signature.
    ///
    /// # Errors
    /// [`ErrorKind::DocumentChanged`] if `source` is not the document that was prepared (what was written is then worthless);
    /// [`ErrorKind::SignatureRoomExceeded`]; [`ErrorKind::WrongOrder`] if the value belongs to another document;
    /// [`ErrorKind::SourceUnreadable`], [`ErrorKind::OutputUnwritable`], [`ErrorKind::Cancelled`].
    pub fn complete(
        mut self,
        value: &SignatureValue,
        source: &dyn Source,
        output: &mut dyn Output,
        progress: &Progress<'_>,
    ) -> Result<SignedPdf> {
        let hex = contents(&self.plan, self.attributes()?, value)?;
        self.plan.hollow.fill(&hex)?;
        let found = self.plan.hollow.run(self.plan.identity.digest(), source, Some(output), progress)?;
        if found.message != self.digests.message || found.document != self.digests.document {
            return Err(Error::new(ErrorKind::DocumentChanged));
        }
        self.into_signed(&hex, value)
    }

    /// The signature put into the revision, with nothing read or written: the caller sees to it that the document before it is still the
    /// one that was hashed.
    ///
    /// # Errors
    /// [`ErrorKind::SignatureRoomExceeded`]; [`ErrorKind::WrongOrder`] if the value belongs to another document.
    pub fn seal(self, value: &SignatureValue) -> Result<SignedPdf> {
        let hex = contents(&self.plan, self.attributes()?, value)?;
        self.into_signed(&hex, value)
    }

    fn into_signed(mut self, hex: &[u8], value: &SignatureValue) -> Result<SignedPdf> {
        self.plan.hollow.fill(hex)?;
        let digest = self.plan.identity.digest();
        Ok(SignedPdf {
            source_len: self.plan.hollow.source_len,
            revision: self.plan.hollow.update,
            contents: self.plan.hollow.contents,
            field: self.plan.field,
            digest,
            content_digest: self.digests.message,
            known: Arc::clone(&value.known),
            repair: self.plan.repair,
            preflight: self.plan.preflight,
            raised: None,
        })
    }
}

/// The digits of the CMS, without the padding.
fn contents(plan: &Plan, attributes: &SignedAttributes, value: &SignatureValue) -> Result<Vec<u8>> {
    let unsigned: Vec<Vec<u8>> = value.token().map(time_stamp_attribute).into_iter().collect();
    let value = value.over(attributes.der())?;
    plan.hollow.digits(&signed_data(attributes, plan.identity.algorithm(), value, plan.identity.chain(), &unsigned)?)
}
