//! The verify room: the signature time stamps in unsigned attributes (EN 319 122-1 5.3), checked. Takes the CMS facts of a signature, gives for
//! each token what its own CMS says; no opinion. Nothing protects the attribute: a bad token makes a signature neither better nor worse.

use crate::cms::{CmsFacts, Expect, SignedData};
use crate::crypto::digest::DigestAlgorithm;
use crate::error::Result;

/// One token.
pub(super) struct Stamp {
    /// SHA-256 of its DER.
    pub(super) sha256: [u8; 32],
    /// What was found; none if it is no CMS, or bytes follow it.
    pub(super) cms: Option<CmsFacts>,
}

/// Each token of a signature that holds.
pub(super) fn of(cms: &CmsFacts) -> Result<Vec<Stamp>> {
    if cms.failure.is_some() {
        return Ok(Vec::new());
    }
    let one = |der: &Vec<u8>| {
        let data = SignedData::parse(der).ok().filter(|data| data.consumed() == der.len());
        let over = |algorithm: DigestAlgorithm| Ok(algorithm.digest(&cms.signature_value));
        let cms = data.map(|data| data.check(Expect::TimeStamp, &over)).transpose()?;
        Ok(Stamp { sha256: sha256(der), cms })
    };
    cms.time_stamp_tokens.iter().map(one).collect()
}

pub(super) fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut fixed = [0; 32];
    fixed.iter_mut().zip(DigestAlgorithm::Sha256.digest(bytes)).for_each(|(to, from)| *to = from);
    fixed
}
