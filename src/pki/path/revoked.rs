//! The pki room: which certificate of a path was revoked, since when, and who says so. Takes a path that is valid but for revocation; gives what an
//! auditor asks for first. Decides nothing: whether a revocation counts was decided where the path was judged.

use super::{PathInputs, SIGNATURE_CHECKS, status};
use crate::pki::certificate::Certificate;
use crate::pki::revocation::{self, CertificateStatus, Finding, Proof, RevocationReason};
use crate::pki::signatures::Signatures;
use crate::time::Time;

/// A revocation that is in force.
pub(crate) struct RevokedCertificate {
    pub(crate) certificate: Certificate,
    pub(crate) at: Time,
    pub(crate) reason: Option<RevocationReason>,
    pub(crate) proof: Proof,
}

/// The revocation by which the path failed: of its end entity, or with `leaf` false of the first issuer that has one. `chain` ends at the anchor.
pub(crate) fn revoked(chain: &[Certificate], leaf: bool, pool: &[Certificate], inputs: &PathInputs<'_>) -> Option<RevokedCertificate> {
    let data = inputs.data?;
    let judged_at = |proof: &Proof| inputs.existence.map_or(inputs.time, |existence| status::since(proof, existence));
    let mut signatures = Signatures::new(SIGNATURE_CHECKS, inputs.known);
    let below = chain.len().saturating_sub(1);
    for (at, certificate) in chain.iter().enumerate().take(below).filter(|(at, _)| (*at == 0) == leaf) {
        let above = chain.get(at.saturating_add(1)..).unwrap_or_default();
        let findings = revocation::findings(certificate, above, pool, data, &judged_at, &mut signatures).ok()?;
        let in_force = |finding: &Finding| match finding.status {
            CertificateStatus::Revoked { at, reason } if at <= inputs.time => Some((at, reason)),
            _ => None,
        };
        let first = findings.into_iter().find_map(|finding| in_force(&finding).map(|(at, reason)| (at, reason, finding.proof)));
        if let Some((at, reason, proof)) = first {
            return Some(RevokedCertificate { certificate: certificate.clone(), at, reason, proof });
        }
    }
    None
}
