//! The sign room: the first arrow. Takes an open document, a request and an identity, gives the revision to append, with zeros where
//! the signature goes. The document is not held: a [`Plan`] owns its length and the new bytes alone.

use super::attachment::Attachment;
use super::contents::Draft;
use super::field;
use super::hollow::Hollow;
use super::identity::SigningIdentity;
use super::preflight::Preflight;
use super::prepared::Prepared;
use super::request::SignatureRequest;
use crate::cancel::Progress;
use crate::error::{Error, ErrorKind, Result};
use crate::pdf::append::Update;
use crate::pdf::recover::Repair;
use crate::pdf::{Document, Source};
use crate::sign::Output;
use crate::time::Time;
use std::sync::Arc;

/// The revision that a signature will add, not hashed yet.
#[derive(Clone)]
pub struct Plan {
    pub(super) hollow: Hollow,
    pub(super) field: String,
    pub(super) identity: SigningIdentity,
    /// The claimed time.
    pub(super) time: Time,
    pub(super) repair: Repair,
    /// What was found before, if somebody looked.
    pub(super) preflight: Option<Arc<Preflight>>,
}

/// Builds the revision. Deterministic: the same arguments give the same bytes. `random` becomes the second `/ID` string.
///
/// # Errors
/// Before any key is asked: [`ErrorKind::InvalidArgument`]; [`ErrorKind::CertificateExpired`] at the request's time,
/// [`ErrorKind::CertificateUnsuitable`]; [`ErrorKind::FieldUnusable`], [`ErrorKind::SigningForbidden`]; [`ErrorKind::NoPages`],
/// [`ErrorKind::PageNotFound`], [`ErrorKind::BoxUnusable`], [`ErrorKind::TextUnrepresentable`]; [`ErrorKind::SignatureRoomExceeded`];
/// and those of reading: [`ErrorKind::PdfDamaged`], [`ErrorKind::PdfUnsupported`], [`ErrorKind::LimitReached`],
/// [`ErrorKind::SourceUnreadable`].
pub fn plan(document: &Document<'_>, request: &SignatureRequest, identity: &SigningIdentity, random: [u8; 16]) -> Result<Plan> {
    plan_with(document, request, identity, None, random)
}

/// The same with a file that is embedded by the same revision, so that the signature covers it.
///
/// # Errors
/// As [`plan`]; [`ErrorKind::SigningForbidden`] where the document may not be given a file: it is signed already, or its standard has no room for one.
pub fn plan_with(
    document: &Document<'_>,
    request: &SignatureRequest,
    identity: &SigningIdentity,
    attachment: Option<&Attachment>,
    random: [u8; 16],
) -> Result<Plan> {
    request.check()?;
    identity.check(request.time)?;
    sound(document)?;
    let mut update = Update::new(document.latest())?;
    let signature = update.reserve();
    let placed = field::place(&mut update, request, identity, signature)?;
    if let Some(attachment) = attachment {
        attachment.embed(&mut update, request.time)?;
    }
    let draft = Draft::new(&update, signature, request, identity, &placed)?;
    update.replace_text(signature, draft.text.clone());
    let mut appended = update.finish(random)?;
    let source_len = document.source().len();
    let body = appended.bodies.get(&signature).copied().ok_or(ErrorKind::Internal)?;
    let contents = draft.fix(&mut appended.bytes, source_len, body)?;
    let hollow = Hollow { source_len, update: appended.bytes, contents };
    let (identity, repair) = (identity.clone(), document.repair());
    Ok(Plan { hollow, field: placed.name, identity, time: request.time, repair, preflight: None })
}

/// Refuses a document whose end is in doubt.
///
/// # Errors
/// [`ErrorKind::PdfDamaged`]; [`ErrorKind::SourceUnreadable`], [`ErrorKind::LimitReached`].
pub(super) fn sound(document: &Document<'_>) -> Result<()> {
    // Some viewers would repair such a file and show something else than what is signed here.
    if document.has_dead_tail() {
        return Err(Error::new(ErrorKind::PdfDamaged).context("the last startxref leads nowhere"));
    }
    // A signed document that lost its last bytes: signing what is left would bury the other party's signature.
    if document.has_lost_objects()? {
        return Err(Error::new(ErrorKind::PdfDamaged).context("objects stand behind the last revision; the file was cut or added to"));
    }
    Ok(())
}

/// [`plan`] and [`Plan::hash`] in one.
///
/// # Errors
/// As both.
pub fn prepare(
    document: &Document<'_>,
    request: &SignatureRequest,
    identity: &SigningIdentity,
    random: [u8; 16],
    progress: &Progress<'_>,
) -> Result<Prepared> {
    plan(document, request, identity, random)?.hash(document.source(), progress)
}

impl Plan {
    /// The same, saying that the document was written anew before it was opened.
    #[must_use]
    pub fn of_rewritten(mut self) -> Plan {
        self.repair = Repair::Rewritten;
        self
    }

    /// The same with what was found when the document was looked over: [`SignedPdf::preflight`](super::SignedPdf::preflight) tells it.
    #[must_use]
    pub fn with_preflight(mut self, found: Preflight) -> Plan {
        self.preflight = Some(Arc::new(found));
        self
    }

    /// What was found before, if somebody looked.
    #[must_use]
    pub fn preflight(&self) -> Option<&Arc<Preflight>> {
        self.preflight.as_ref()
    }

    /// The bytes to be appended; `/Contents` holds zeros.
    #[must_use]
    pub fn revision(&self) -> &[u8] {
        &self.hollow.update
    }

    /// The `/ByteRange` of the signature.
    #[must_use]
    pub fn byte_range(&self) -> [u64; 4] {
        self.hollow.byte_range()
    }

    /// Reads and hashes the document by chunks.
    ///
    /// # Errors
    /// [`ErrorKind::DocumentChanged`] if `source` has another length; [`ErrorKind::SourceUnreadable`]; [`ErrorKind::Cancelled`].
    pub fn hash(self, source: &dyn Source, progress: &Progress<'_>) -> Result<Prepared> {
        let digests = self.hollow.run(self.identity.digest(), source, None, progress)?;
        Ok(Prepared::new(self, digests))
    }

    /// Reads, hashes and writes the document in one pass, then writes the revision. After the call `output` holds the whole file but
    /// for the signature: [`Prepared::patch`] puts it in.
    ///
    /// # Errors
    /// As [`Plan::hash`]; [`ErrorKind::OutputUnwritable`].
    pub fn copy(self, source: &dyn Source, output: &mut dyn Output, progress: &Progress<'_>) -> Result<Prepared> {
        let digests = self.hollow.run(self.identity.digest(), source, Some(output), progress)?;
        Ok(Prepared::new(self, digests))
    }
}
