//! The sign room: a document time stamp (ISO 32000-2 12.8.5, EN 319 142-1 5.4.3, level B-LTA), with the evidence that it seals. Takes an open
//! document, gives the digest to be stamped; takes the token, gives the revision to append. No key takes part, and no certification or lock
//! forbids it: time stamps are allowed at every level of DocMDP (ISO 32000-2 table 257).

use super::acro_form::Form;
use super::contents::{Draft, MAX_ROOM};
use super::dss::Additions;
use super::field::{catalog_id, current};
use super::form;
use super::hollow::{Digests, Hollow};
use super::new_field::{Content, NewField};
use super::placement::Placement;
use super::plan::sound;
use super::token;
use crate::cancel::Progress;
use crate::cms::Expect;
use crate::crypto::digest::DigestAlgorithm;
use crate::error::{Error, ErrorKind, Result};
use crate::pdf::append::Update;
use crate::pdf::{Dictionary, Document, Object, Source, Span};
use crate::sign::Output;

/// Smallest room: a token without certificates has about 700 bytes.
const MIN_ROOM: usize = 1 << 10;
/// The room if nobody knows better: a token with its chain, and signature algorithms to come.
pub(super) const ROOM: usize = 16 << 10;

/// A document time stamp to be made.
#[derive(Clone, Debug)]
pub struct StampRequest<'a> {
    /// What the document is hashed with.
    pub digest: DigestAlgorithm,
    /// Bytes for the token.
    pub room: usize,
    /// What goes into the document security store in the same revision; the time stamp covers it.
    pub additions: Option<&'a Additions>,
}

impl Default for StampRequest<'_> {
    /// SHA-256, room for what time-stamping authorities send, no evidence.
    fn default() -> Self {
        StampRequest { digest: DigestAlgorithm::Sha256, room: ROOM, additions: None }
    }
}

/// The revision that a time stamp will add, not hashed yet.
#[derive(Clone)]
pub struct StampPlan {
    hollow: Hollow,
    field: String,
    digest: DigestAlgorithm,
}

/// A document with its revision, hashed: it waits for the token.
#[derive(Clone)]
pub struct PreparedStamp {
    plan: StampPlan,
    digests: Digests,
}

/// What is new of a document with a time stamp.
#[derive(Clone, Debug)]
pub struct StampedPdf {
    hollow: Hollow,
    field: String,
}

/// Builds the revision. Deterministic: the same arguments give the same bytes. `random` becomes the second `/ID` string.
///
/// # Errors
/// [`ErrorKind::InvalidArgument`] for SHA-1 or less than 1 KiB of room; [`ErrorKind::SignatureRoomExceeded`] for more than 2 MiB;
/// [`ErrorKind::NoPages`], [`ErrorKind::PdfDamaged`], [`ErrorKind::PdfUnsupported`], [`ErrorKind::LimitReached`], [`ErrorKind::SourceUnreadable`].
pub fn plan_stamp(document: &Document<'_>, request: &StampRequest<'_>, random: [u8; 16]) -> Result<StampPlan> {
    if request.digest == DigestAlgorithm::Sha1 || request.room < MIN_ROOM {
        return Err(Error::new(ErrorKind::InvalidArgument).context("a time stamp has a sound digest and 1 KiB of room"));
    }
    if request.room > MAX_ROOM {
        return Err(Error::new(ErrorKind::SignatureRoomExceeded));
    }
    sound(document)?;
    let mut update = Update::new(document.latest())?;
    let view = update.view();
    let id = catalog_id(view)?;
    let mut catalog = current(&update, id)?;
    let mut changed = match request.additions {
        Some(additions) => additions.put(&mut update, &mut catalog)?,
        None => false,
    };
    let mut form = Form::of(&update, id, &catalog)?;
    let name = form::survey(view, &form.dict, None)?.free_name();
    let mut survey = form::survey(view, &form.dict, Some(&name))?;
    survey.permissions.read_catalog(view, &catalog)?;
    let stamp = update.reserve();
    let new = NewField { name: &name, placement: &Placement::Invisible, lock: None, content: Content::Stamp { id: stamp } };
    new.make(&mut update, &survey, &mut form)?;
    changed |= form.finish(&mut update, &mut catalog)?;
    if changed {
        update.replace(id, catalog);
    }
    let dict = Dictionary::new()
        .with(b"Type", Object::name("DocTimeStamp"))
        .with(b"Filter", Object::name("Adobe.PPKLite"))
        .with(b"SubFilter", Object::name(Expect::TimeStamp.name()));
    let draft = Draft::of(&update, stamp, dict, request.room)?;
    update.replace_text(stamp, draft.text.clone());
    let mut appended = update.finish(random)?;
    let source_len = document.source().len();
    let body = appended.bodies.get(&stamp).copied().ok_or(ErrorKind::Internal)?;
    let contents = draft.fix(&mut appended.bytes, source_len, body)?;
    Ok(StampPlan { hollow: Hollow { source_len, update: appended.bytes, contents }, field: name, digest: request.digest })
}

impl StampPlan {
    /// Reads and hashes the document by chunks.
    ///
    /// # Errors
    /// [`ErrorKind::DocumentChanged`] if `source` has another length; [`ErrorKind::SourceUnreadable`]; [`ErrorKind::Cancelled`].
    pub fn hash(self, source: &dyn Source, progress: &Progress<'_>) -> Result<PreparedStamp> {
        let digests = self.hollow.run(self.digest, source, None, progress)?;
        Ok(PreparedStamp { plan: self, digests })
    }
}

impl PreparedStamp {
    /// What is to be stamped: the digest over the document and its new revision, but for the room for the token.
    #[must_use]
    pub fn imprint(&self) -> (DigestAlgorithm, &[u8]) {
        (self.plan.digest, &self.digests.message)
    }

    /// Bytes of token that fit.
    #[must_use]
    pub fn room(&self) -> usize {
        self.plan.hollow.room()
    }

    /// Fully qualified name of the field.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.plan.field
    }

    /// The token put into the revision, with nothing read or written: the caller sees to it that the document before it is still the one that
    /// was hashed.
    ///
    /// # Errors
    /// [`ErrorKind::SignatureRoomExceeded`]; [`ErrorKind::CmsMalformed`] if it is no sound token over this document. Whether its authority is
    /// trusted is not asked here.
    pub fn seal(mut self, token: &[u8]) -> Result<StampedPdf> {
        let hex = self.digits(token)?;
        self.plan.hollow.fill(&hex)?;
        Ok(StampedPdf { hollow: self.plan.hollow, field: self.plan.field })
    }

    /// Writes the file: the document, checked against what was hashed, and the revision with its token.
    ///
    /// # Errors
    /// [`ErrorKind::DocumentChanged`] if `source` is not the document that was hashed (what was written is then worthless); as
    /// [`PreparedStamp::seal`]; [`ErrorKind::SourceUnreadable`], [`ErrorKind::OutputUnwritable`], [`ErrorKind::Cancelled`].
    pub fn complete(self, token: &[u8], source: &dyn Source, output: &mut dyn Output, progress: &Progress<'_>) -> Result<StampedPdf> {
        let (digest, digests) = (self.plan.digest, self.digests.clone());
        let stamped = self.seal(token)?;
        let found = stamped.hollow.run(digest, source, Some(output), progress)?;
        if found.message != digests.message || found.document != digests.document {
            return Err(Error::new(ErrorKind::DocumentChanged));
        }
        Ok(stamped)
    }

    fn digits(&self, token: &[u8]) -> Result<Vec<u8>> {
        let hex = self.plan.hollow.digits(token)?;
        token::check(token, self.imprint())?;
        Ok(hex)
    }
}

impl StampedPdf {
    /// Length of the document that was stamped: where the new revision begins.
    #[must_use]
    pub const fn source_len(&self) -> u64 {
        self.hollow.source_len
    }

    /// The revision that was appended, with its token.
    #[must_use]
    pub fn revision(&self) -> &[u8] {
        &self.hollow.update
    }

    /// Where `/Contents` stands, from `<` to behind `>`.
    #[must_use]
    pub const fn contents(&self) -> Span {
        self.hollow.contents
    }

    /// Fully qualified name of the field.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.field
    }
}

#[cfg(test)]
pub(crate) mod tests;
