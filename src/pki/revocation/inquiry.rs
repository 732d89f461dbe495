//! The pki room: one question about revocation, and the questions about who answers it.
//!
//! Takes a certificate with the path above it; gives every authentic statement. Who signed a statement is proven by a path to the same anchor, and
//! is asked about in turn: no deeper than a fixed depth, about nobody twice on the way, and within the signature checks left.

use super::{CertificateStatus, Crl, Finding, Proof, RevocationData, RevocationReason};
use crate::pki::algorithm::{PublicKey, SignatureAlgorithm};
use crate::pki::certificate::Certificate;
use crate::pki::path::{PathFailure, PathInputs, validate_within};
use crate::pki::role::Role;
use crate::pki::signatures::Signatures;
use crate::pki::trust::TrustAnchors;
use crate::switch::{Check, on};
use crate::time::Time;
use std::cmp::Reverse;

/// How many questions may be open at once: who signed, who signed about who signed, and once more.
const MAX_DEPTH: usize = 4;
/// What a path of its own takes off the checks besides its signatures: the pool has to be gone through.
const PATH_COST: u32 = 4;

pub(super) struct Inquiry<'a, 'b> {
    pub(super) pool: &'a [Certificate],
    pub(super) data: &'a RevocationData,
    pub(super) judged_at: &'a dyn Fn(&Proof) -> Time,
    pub(super) signatures: &'a mut Signatures<'b>,
    /// Whom the open questions are about.
    pub(super) asked: Vec<Certificate>,
}

/// Whether its key may sign lists (RFC 5280 6.3.3 f).
fn may_list(candidate: &Certificate) -> bool {
    Role::CrlIssuer.suits(candidate) || !on(Check::ListSignerSuits)
}

/// Whether two certificates carry the same name and key: for trust they are one.
fn same_entity(a: &Certificate, b: &Certificate) -> bool {
    a.comparable_subject() == b.comparable_subject() && a.public_key() == b.public_key()
}

/// Whether statements, the most recent first, say that it is revoked by then; a hold counts as long as nothing later says otherwise.
pub(super) fn revoked(findings: &[Finding], time: Time) -> bool {
    let counts = |finding: &Finding| match finding.status {
        CertificateStatus::Revoked { at, reason } => Some((at, reason)).filter(|(at, _)| *at <= time),
        CertificateStatus::Good => None,
    };
    let for_ever = |finding: &Finding| counts(finding).is_some_and(|(_, reason)| reason != Some(RevocationReason::CertificateHold));
    findings.iter().any(for_ever) || findings.first().is_some_and(|finding| counts(finding).is_some())
}

impl Inquiry<'_, '_> {
    /// Every authentic statement, the most recent first; `above` is the path from the issuer to the anchor.
    pub(super) fn about(&mut self, certificate: &Certificate, above: &[Certificate]) -> Result<Vec<Finding>, PathFailure> {
        self.open(certificate, |asking| {
            let mut found = asking.lists(certificate, above)?;
            found.extend(asking.answers(certificate, above)?);
            Ok(found)
        })
    }

    /// The same from lists alone.
    pub(super) fn about_by_lists(&mut self, certificate: &Certificate, above: &[Certificate]) -> Result<Vec<Finding>, PathFailure> {
        self.open(certificate, |asking| asking.lists(certificate, above))
    }

    fn open(
        &mut self,
        certificate: &Certificate,
        ask: impl FnOnce(&mut Self) -> Result<Vec<Finding>, PathFailure>,
    ) -> Result<Vec<Finding>, PathFailure> {
        if self.asked.len() >= MAX_DEPTH || self.asked.contains(certificate) {
            return Ok(Vec::new());
        }
        self.asked.push(certificate.clone());
        let found = ask(self);
        self.asked.pop();
        let mut found = found?;
        // Of two of the same second the one that warns comes first.
        found.sort_by_key(|finding| (Reverse(finding.proof.this_update), finding.status == CertificateStatus::Good));
        Ok(found)
    }

    pub(super) fn take(&mut self, n: u32) -> Result<(), PathFailure> {
        self.signatures.take(n)
    }

    /// Whether the signature holds; an algorithm that is not supported does not.
    pub(super) fn signed_by(
        &mut self,
        key: &PublicKey,
        algorithm: Option<&SignatureAlgorithm>,
        message: &[u8],
        signature: &[u8],
    ) -> Result<bool, PathFailure> {
        let Some(algorithm) = algorithm else { return Ok(false) };
        Ok(self.signatures.verify(key, algorithm, message, signature)?.is_ok())
    }

    fn list_signed_by(&mut self, list: &Crl, by: &Certificate) -> Result<bool, PathFailure> {
        Ok(list.is_signed_by(by.public_key(), self.signatures)? || !on(Check::ListSignature))
    }

    /// Who signed a list, as a path to the anchor that the path above the certificate ends at (RFC 5280 6.3.3 f, g). First those of that path,
    /// then any of the same name with a path of their own.
    pub(super) fn list_signer(&mut self, list: &Crl, above: &[Certificate], at: Time) -> Result<Option<Vec<Certificate>>, PathFailure> {
        let mut tried: Vec<&PublicKey> = Vec::new();
        for (position, candidate) in above.iter().enumerate().filter(|(_, c)| c.comparable_subject() == list.comparable_issuer()) {
            if !may_list(candidate) || tried.contains(&candidate.public_key()) {
                continue;
            }
            if !self.list_signed_by(list, candidate)? {
                tried.push(candidate.public_key());
                continue;
            }
            let path = above.get(position..).unwrap_or_default();
            if valid_at(path, at) || !on(Check::ListPathValid) {
                return Ok(Some(path.to_vec()));
            }
        }
        let pool = self.pool;
        let mut others: Vec<&Certificate> = pool.iter().filter(|c| c.comparable_subject() == list.comparable_issuer()).collect();
        // The key identifier is a hint, no more.
        others.sort_by_key(|c| c.subject_key_id() != list.terms().key_id.as_deref());
        for candidate in others.into_iter().filter(|c| may_list(c)) {
            if tried.contains(&candidate.public_key()) {
                continue;
            }
            if !self.list_signed_by(list, candidate)? {
                tried.push(candidate.public_key());
                continue;
            }
            if let Some(path) = self.own_path(candidate, above, at)? {
                return Ok(Some(path));
            }
        }
        Ok(None)
    }

    /// A path for who issued a list, to the same anchor, on which nobody is known to be revoked.
    fn own_path(&mut self, candidate: &Certificate, above: &[Certificate], at: Time) -> Result<Option<Vec<Certificate>>, PathFailure> {
        let Some(anchor) = above.last() else { return Ok(None) };
        self.take(PATH_COST)?;
        let anchors = TrustAnchors::from_iter([anchor.clone()]);
        let pool = [above, self.pool].concat();
        // Whether its key may sign lists was asked before anything was computed.
        let found = match validate_within(candidate, &pool, &anchors, &PathInputs::at(at, Role::Any), self.signatures) {
            Ok(found) => found.chain,
            Err(PathFailure::Budget) => return Err(PathFailure::Budget),
            Err(_) if on(Check::ListSignerPath) => return Ok(None),
            Err(_) => return Ok(Some(vec![candidate.clone(), anchor.clone()])),
        };
        for (position, certificate) in found.iter().enumerate().take(found.len().saturating_sub(1)) {
            // Those of the path above are asked about with the path itself.
            if above.iter().any(|known| same_entity(known, certificate)) {
                continue;
            }
            let statements = self.about(certificate, found.get(position + 1..).unwrap_or_default())?;
            if revoked(&statements, at) && on(Check::ListSignerRevoked) {
                return Ok(None);
            }
        }
        Ok(Some(found))
    }
}

/// Whether the certificates of a path are within their validity then; the anchor's does not count.
pub(super) fn valid_at(path: &[Certificate], at: Time) -> bool {
    path.iter().take(path.len().saturating_sub(1)).all(|c| c.not_before() <= at && at <= c.not_after())
}
