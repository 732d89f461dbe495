//! The verify room: whose certificates a document's signatures rest on. Takes a document; gives for each signature and document time stamp that holds
//! the signers to be proven later, and the certificates that came along. Nobody is trusted here.

use super::{embedded, facts, locate};
use crate::cancel::Progress;
use crate::cms::{CmsFacts, Expect};
use crate::error::Result;
use crate::evidence::{Bundle, Subject};
use crate::pdf::{Document, Object};
use crate::pki::certificate::Certificate;
use crate::pki::role::Role;

/// One signature.
#[derive(Clone, Debug)]
pub struct SignedBy {
    /// Its field.
    pub field: String,
    /// `/Contents` with its padding: what an entry of the VRI dictionary is named by.
    pub contents: Vec<u8>,
    /// Its signer, and the authorities of its own time stamps.
    pub subjects: Vec<Subject>,
    /// The certificates that came along.
    pub certificates: Vec<Certificate>,
}

/// The signatures whose own bytes and mathematics hold, oldest first, and what the document's store has.
///
/// # Errors
/// As [`verify`](super::verify()).
pub fn signed_by(document: &Document<'_>, progress: &Progress<'_>) -> Result<(Vec<SignedBy>, Bundle)> {
    let located = locate::locate(document)?;
    let mut facts = facts::gather(document, &located, None, progress)?;
    embedded::find_stamps(&mut facts)?;
    let mut found = Vec::new();
    for (candidate, facts) in located.candidates.iter().zip(&facts.signatures) {
        let Some(cms) = facts.cms.as_ref().filter(|cms| facts.fault.is_none() && cms.failure.is_none()) else { continue };
        let own = if facts.expect == Some(Expect::TimeStamp) { Role::TimeStamping } else { Role::Signer };
        let stamps = facts.stamps.iter().filter_map(|stamp| stamp.cms.as_ref()).filter(|cms| cms.failure.is_none());
        let all: Vec<(&CmsFacts, Role)> = std::iter::once((cms, own)).chain(stamps.map(|cms| (cms, Role::TimeStamping))).collect();
        let subject = |(cms, role): &(&CmsFacts, Role)| Some(Subject { certificate: cms.signer.clone()?, role: *role });
        found.push(SignedBy {
            field: candidate.field.clone(),
            contents: candidate.dict.get(b"Contents").and_then(Object::as_string).unwrap_or_default().to_vec(),
            subjects: all.iter().filter_map(subject).collect(),
            certificates: all.iter().flat_map(|(cms, _)| cms.pool.iter().cloned()).collect(),
        });
    }
    Ok((found, embedded::store(document.latest())?))
}
