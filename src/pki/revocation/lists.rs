//! The pki room: what lists say about a certificate (RFC 5280 6.3.3).
//!
//! Takes the lists at hand; gives a statement for each authentic list that is about the certificate, for each delta list on top of one, and for
//! lists that cover all reasons together. A list for some reasons alone never makes a certificate good.

use super::entry::Said;
use super::inquiry::Inquiry;
use super::points::{ALL_REASONS, Point, directory};
use super::terms::at_most;
use super::{CertificateStatus, Crl, Finding, Proof, ProofKind};
use crate::pki::certificate::Certificate;
use crate::pki::path::PathFailure;
use crate::switch::{Check, on};
use std::cmp::Reverse;

/// A list, or a delta list on its complete one, that was found authentic.
struct Statement {
    status: CertificateStatus,
    reasons: u16,
    proof: Proof,
}

/// A complete list that was found authentic.
struct Complete<'a> {
    list: &'a Crl,
    said: Said,
    reasons: u16,
    signer: Vec<Certificate>,
}

fn proof(list: &Crl) -> Proof {
    Proof {
        kind: ProofKind::Crl,
        sha256: list.sha256(),
        further: Vec::new(),
        produced_at: list.this_update(),
        this_update: list.this_update(),
        next_update: list.next_update(),
        signer: Vec::new(),
    }
}

/// The reasons for which a list is about a certificate; none if it is not (RFC 5280 6.3.3 b, d).
fn reasons(list: &Crl, certificate: &Certificate, points: &[Point]) -> u16 {
    let scope = list.scope();
    if scope.is_some_and(|scope| !scope.holds(certificate)) {
        return 0;
    }
    let own = list.comparable_issuer() == certificate.comparable_issuer();
    let name = directory(list.comparable_issuer());
    let covered = scope.map_or(ALL_REASONS, |scope| scope.reasons);
    let at = |point: &&Point| {
        let issued = match &point.issuers {
            None => own || !on(Check::ListIssuer),
            Some(issuers) => {
                (list.terms().indirect() || !on(Check::ListIndirect)) && (issuers.contains(&name) || !on(Check::ListPointIssuer))
            }
        };
        issued && scope.is_none_or(|scope| scope.is_at(point))
    };
    points.iter().filter(at).fold(0, |mask, point| mask | (point.reasons & covered))
}

/// Whether a delta list goes on top of a complete one (RFC 5280 5.2.4, 6.3.3 c).
fn goes_on(delta: &Crl, complete: &Crl) -> bool {
    let (terms, whole) = (delta.terms(), complete.terms());
    let (Some(base), Some(number), Some(from)) = (&terms.base, &terms.number, &whole.number) else { return false };
    (delta.comparable_issuer() == complete.comparable_issuer() || !on(Check::DeltaIssuer))
        && (terms.scope == whole.scope || !on(Check::DeltaScope))
        && (terms.authority == whole.authority || !on(Check::DeltaAuthority))
        && (at_most(base, from) || !on(Check::DeltaBase))
        && (!at_most(number, from) || !on(Check::DeltaNumber))
}

impl Inquiry<'_, '_> {
    pub(super) fn lists(&mut self, certificate: &Certificate, above: &[Certificate]) -> Result<Vec<Finding>, PathFailure> {
        // Points that cannot be read may be anything: then no list is known to be about the certificate.
        let Ok(points) = Point::all_of(certificate) else { return Ok(Vec::new()) };
        let data = self.data;
        let mut complete: Vec<Complete<'_>> = Vec::new();
        for list in data.crls.iter().filter(|list| list.is_usable() && (!list.is_delta() || !on(Check::ListComplete))) {
            let reasons = reasons(list, certificate, &points);
            if reasons == 0 || complete.iter().any(|known| known.list == list) {
                continue;
            }
            let at = (self.judged_at)(&proof(list));
            if let Some(signer) = self.list_signer(list, above, at)? {
                complete.push(Complete { list, said: list.says(certificate), reasons, signer });
            }
        }
        complete.sort_by_key(|one| Reverse(one.list.this_update()));
        let mut statements: Vec<Statement> = complete.iter().filter_map(|one| alone(one, certificate)).collect();
        self.deltas(certificate, &complete, &mut statements)?;
        Ok(together(statements))
    }

    /// A statement for each delta list on the most recent complete list that it goes on.
    fn deltas(&mut self, certificate: &Certificate, complete: &[Complete<'_>], statements: &mut Vec<Statement>) -> Result<(), PathFailure> {
        for delta in self.data.crls.iter().filter(|list| list.is_delta() && list.is_usable()) {
            for one in complete.iter().filter(|one| goes_on(delta, one.list)) {
                // RFC 5280 6.3.3 h: under the key of the complete list.
                let Some(signer) = one.signer.first() else { continue };
                if !delta.is_signed_by(signer.public_key(), self.signatures)? && on(Check::DeltaSignature) {
                    continue;
                }
                let status = match (delta.says(certificate), one.said) {
                    (Said::NotAsked, _) | (Said::Nothing, Said::NotAsked) => continue,
                    (Said::Revoked(status), _) | (Said::Nothing, Said::Revoked(status)) => status,
                    (Said::Removed, _) | (Said::Nothing, _) => CertificateStatus::Good,
                };
                let proof = Proof { sha256: one.list.sha256(), further: vec![delta.sha256()], signer: one.signer.clone(), ..proof(delta) };
                if tells(status, &proof, one.list, certificate) {
                    statements.push(Statement { status, reasons: one.reasons, proof });
                }
                break;
            }
        }
        Ok(())
    }
}

/// The statement of a complete list.
fn alone(one: &Complete<'_>, certificate: &Certificate) -> Option<Statement> {
    let status = match one.said {
        Said::Revoked(status) => status,
        Said::Nothing | Said::Removed => CertificateStatus::Good,
        Said::NotAsked => return None,
    };
    let proof = Proof { signer: one.signer.clone(), ..proof(one.list) };
    tells(status, &proof, one.list, certificate).then_some(Statement { status, reasons: one.reasons, proof })
}

/// Whether a certificate that is on no list is known to be good: expired ones are taken off (RFC 5280 3.3), unless the list says that they stay.
fn tells(status: CertificateStatus, proof: &Proof, list: &Crl, certificate: &Certificate) -> bool {
    status != CertificateStatus::Good
        || proof.this_update <= certificate.not_after()
        || list.terms().expired_since.is_some_and(|since| since <= certificate.not_after())
        || !on(Check::ListKeepsExpired)
}

/// What statements say together: each that is about all reasons, each revocation, and those that cover all reasons only together.
fn together(mut statements: Vec<Statement>) -> Vec<Finding> {
    statements.sort_by_key(|one| Reverse(one.proof.this_update));
    let mut found = Vec::new();
    let mut partial = Vec::new();
    for one in statements {
        if one.reasons == ALL_REASONS || one.status != CertificateStatus::Good || !on(Check::ListReasons) {
            found.push(Finding { status: one.status, proof: one.proof });
        } else {
            partial.push(one);
        }
    }
    // From each on downwards, so that there is one for the time of each.
    for start in 0..partial.len() {
        found.extend(covering(partial.get(start..).unwrap_or_default()));
    }
    found
}

/// The most recent lists that cover all reasons, the first of them included.
fn covering(partial: &[Statement]) -> Option<Finding> {
    let (first, rest) = partial.split_first()?;
    let (mut covered, mut proof) = (first.reasons, first.proof.clone());
    for one in rest {
        if covered | one.reasons != covered {
            covered |= one.reasons;
            proof.further.push(one.proof.sha256);
            proof.further.extend(&one.proof.further);
            proof.next_update = proof.next_update.zip(one.proof.next_update).map(|(a, b)| a.min(b));
        }
    }
    (covered == ALL_REASONS).then_some(Finding { status: CertificateStatus::Good, proof })
}
