//! The pki room: what OCSP responses say about a certificate (RFC 6960 3.2).
//!
//! Takes the responses at hand; gives a statement for each answer about the certificate from who may answer: its issuer's own key, or somebody whom
//! that key has made a responder. "unknown" is no statement.

use super::inquiry::{Inquiry, revoked, valid_at};
use super::ocsp::{Basic, OcspResponse};
use super::single::Single;
use super::{CertificateStatus, Finding, Proof, ProofKind};
use crate::pki::certificate::Certificate;
use crate::pki::oid;
use crate::pki::path::PathFailure;
use crate::pki::role::Role;
use crate::switch::{Check, on};
use crate::time::Time;

/// Who answered.
struct Answerer {
    /// From him to the anchor.
    path: Vec<Certificate>,
    /// Whether he is known not to be revoked, or nobody asks about him. If not, what he calls good is not.
    assured: bool,
}

impl Inquiry<'_, '_> {
    pub(super) fn answers(&mut self, certificate: &Certificate, above: &[Certificate]) -> Result<Vec<Finding>, PathFailure> {
        let Some(issuer) = above.first() else { return Ok(Vec::new()) };
        let data = self.data;
        let mut found: Vec<Finding> = Vec::new();
        for response in &data.ocsp {
            let Some(basic) = response.usable() else { continue };
            let about =
                |single: &&Single| !(single.unknown_critical && on(Check::AnswerSingleCritical)) && single.id.names(certificate, issuer);
            for single in basic.singles.iter().filter(about) {
                let Some(status) = single.status.filter(|status| tells(*status, single, certificate)) else { continue };
                let mut proof = Proof {
                    kind: ProofKind::Ocsp,
                    sha256: response.sha256(),
                    further: Vec::new(),
                    produced_at: basic.produced_at,
                    this_update: single.this_update,
                    next_update: single.next_update,
                    signer: Vec::new(),
                };
                let at = (self.judged_at)(&proof);
                let Some(answerer) = self.answerer(response, basic, above, at)? else { continue };
                if answerer.assured || status != CertificateStatus::Good || !on(Check::AnswererAssured) {
                    proof.signer = answerer.path;
                    found.push(Finding { status, proof });
                }
            }
        }
        Ok(found)
    }

    fn answerer(
        &mut self,
        response: &OcspResponse,
        basic: &Basic,
        above: &[Certificate],
        at: Time,
    ) -> Result<Option<Answerer>, PathFailure> {
        let Some(issuer) = above.first().filter(|_| valid_at(above, at) || !on(Check::AnswerPathValid)) else { return Ok(None) };
        let signed = |asking: &mut Self, by: &Certificate| {
            let holds = asking.signed_by(by.public_key(), basic.algorithm.as_ref(), response.tbs_der(), response.signature());
            holds.map(|holds| holds || !on(Check::AnswerSignature))
        };
        let named = |by: &Certificate| basic.responder.is(by) || !on(Check::AnswerResponder);
        if named(issuer) && signed(self, issuer)? {
            return Ok(Some(Answerer { path: above.to_vec(), assured: true }));
        }
        let pool = self.pool;
        for candidate in basic.certificates.iter().chain(pool).filter(|c| may_answer(c, issuer, at) && named(c)) {
            let issued = |asking: &mut Self| {
                asking.signed_by(issuer.public_key(), candidate.signature_algorithm(), candidate.tbs_der(), candidate.signature())
            };
            if !signed(self, candidate)? || (!issued(self)? && on(Check::AnswererSignature)) {
                continue;
            }
            let path = [std::slice::from_ref(candidate), above].concat();
            if candidate.extension(&oid::OCSP_NOCHECK).is_some() {
                return Ok(Some(Answerer { path, assured: true }));
            }
            // RFC 6960 4.2.2.2.1: by lists, since he would answer for himself.
            let statements = self.about_by_lists(candidate, above)?;
            if revoked(&statements, at) && on(Check::AnswererRevoked) {
                continue;
            }
            let good = |one: &Finding| one.status == CertificateStatus::Good && one.proof.is_fresh_at(at);
            return Ok(Some(Answerer { path, assured: statements.iter().any(good) }));
        }
        Ok(None)
    }
}

/// Whether a certificate makes its holder a responder of that issuer at that time (RFC 6960 4.2.2.2). The signatures are not looked at.
fn may_answer(candidate: &Certificate, issuer: &Certificate, at: Time) -> bool {
    (Role::OcspResponder.suits(candidate) || !on(Check::AnswererSuits))
        && (candidate.names_issuer(issuer) || !on(Check::AnswererIssuer))
        && (candidate.unknown_critical_extensions().is_empty() || !on(Check::AnswererCritical))
        && (candidate.not_before() <= at || !on(Check::AnswererNotYetValid))
        && (at <= candidate.not_after() || !on(Check::AnswererExpired))
}

/// Whether "good" is known of a certificate: of an expired one only as far back as the responder says that he knows (RFC 6960 4.4.4).
fn tells(status: CertificateStatus, single: &Single, certificate: &Certificate) -> bool {
    status != CertificateStatus::Good
        || single.this_update <= certificate.not_after()
        || single.expired_since.is_some_and(|since| since <= certificate.not_after())
        || !on(Check::AnswerKeepsExpired)
}
