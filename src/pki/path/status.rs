//! The pki room: what revocation data mean for one certificate of a path (RFC 5280 6.1.3 a 3). Takes the authentic statements that are at
//! hand, and the time of interest; gives the outcome. Which statements are authentic is not decided here.

use super::{PathFailure, PathInputs};
use crate::pki::certificate::Certificate;
use crate::pki::existence::Existence;
use crate::pki::oid;
use crate::pki::revocation::{self, CertificateStatus, Finding, Freshness, Proof, Revocation, RevocationMode, RevocationReason};
use crate::pki::role::Role;
use crate::pki::signatures::Signatures;
use crate::switch::{Check, on};
use crate::time::Time;

/// Whether statements are looked for at all.
pub(super) fn asks(inputs: &PathInputs<'_>) -> bool {
    inputs.revocation != RevocationMode::Off && inputs.data.is_some()
}

/// What one certificate of a path leaves for those below it.
#[derive(Clone)]
pub(super) struct Status {
    pub(super) outcome: Result<Revocation, PathFailure>,
    /// The control time (EN 319 102-1 5.6.2.2): what was not known to exist by then could come from who misuses a revoked key.
    pub(super) control: Time,
}

/// The control time that a path begins with, at its anchor.
pub(super) fn control(inputs: &PathInputs<'_>) -> Time {
    inputs.existence.map_or(inputs.time, Existence::now)
}

/// `above` is the path from the certificate's issuer to the anchor; `control` what that path has left.
pub(super) fn of(
    certificate: &Certificate,
    leaf: bool,
    above: &[Certificate],
    pool: &[Certificate],
    inputs: &PathInputs<'_>,
    control: Time,
    signatures: &mut Signatures<'_>,
) -> Result<Status, PathFailure> {
    let without = |outcome| Ok(Status { outcome: Ok(outcome), control });
    if inputs.revocation == RevocationMode::Off {
        return without(Revocation::NotAsked);
    }
    if leaf && exempt(certificate, inputs.role) {
        return without(Revocation::Exempt);
    }
    let since = |proof: &Proof| inputs.existence.map_or(inputs.time, |existence| since(proof, existence));
    let mut findings = match inputs.data {
        Some(data) => revocation::findings(certificate, above, pool, data, &since, signatures)?,
        None => Vec::new(),
    };
    // A revocation is believed from whoever has the key; that all is well is not, once it may be in wrong hands.
    let in_time = |finding: &Finding| since(&finding.proof) <= control || !on(Check::PathStatementInTime);
    findings.retain(|finding| finding.status != CertificateStatus::Good || in_time(finding));
    let revoked = findings.iter().filter_map(|finding| match finding.status {
        CertificateStatus::Revoked { at, reason } if reason != Some(RevocationReason::CertificateHold) => Some(at),
        _ => None,
    });
    let control = revoked.min().map_or(control, |at| control.min(at));
    Ok(Status { outcome: outcome(findings, leaf, inputs), control })
}

/// Since when all that a proof takes is known to exist.
pub(super) fn since(proof: &Proof, existence: &Existence) -> Time {
    proof.further.iter().map(|further| existence.of(further)).fold(existence.of(&proof.sha256), Time::max)
}

fn outcome(findings: Vec<Finding>, leaf: bool, inputs: &PathInputs<'_>) -> Result<Revocation, PathFailure> {
    match decide(findings, inputs.time, inputs.existence.is_some(), &inputs.freshness) {
        Decision::Revoked if on(Check::PathRevoked) => Err(PathFailure::Revoked { leaf }),
        Decision::Good(proof) => Ok(Revocation::Good(proof)),
        Decision::Unknown if inputs.revocation == RevocationMode::Require && on(Check::PathRevocationKnown) => {
            Err(PathFailure::RevocationUnknown)
        }
        Decision::Unknown | Decision::Revoked => Ok(Revocation::NotAsked),
    }
}

/// Whether nobody is asked about such an end entity.
fn exempt(certificate: &Certificate, role: Role) -> bool {
    (role == Role::OcspResponder && certificate.extension(&oid::OCSP_NOCHECK).is_some())
        || certificate.extension(&oid::VALIDITY_ASSURED_SHORT_TERM).is_some()
}

#[derive(Debug)]
enum Decision {
    Good(Proof),
    Revoked,
    Unknown,
}

/// The most recent statement comes first. A revocation is for ever, whatever a later or fresher statement says; a hold ends with a later good one. With
/// `later`, what was said after the time counts too: not revoked then is not revoked before.
fn decide(findings: Vec<Finding>, time: Time, later: bool, freshness: &Freshness) -> Decision {
    let mut good = None;
    for finding in findings {
        match finding.status {
            CertificateStatus::Revoked { at, reason } if at <= time => {
                if good.is_none() || reason != Some(RevocationReason::CertificateHold) {
                    return Decision::Revoked;
                }
            }
            CertificateStatus::Revoked { .. } => {}
            CertificateStatus::Good => {
                let speaks = finding.proof.is_fresh_by(freshness, time) || (later && finding.proof.this_update >= time);
                if good.is_none() && (speaks || !on(Check::PathStatementFresh)) {
                    good = Some(finding.proof);
                }
            }
        }
    }
    good.map_or(Decision::Unknown, Decision::Good)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::revocation::ProofKind;
    use crate::pki::testing::at;
    use crate::switch::without;

    fn statement(kind: ProofKind, status: CertificateStatus, this: &str, next: Option<&str>) -> Finding {
        let proof = Proof {
            kind,
            sha256: [0; 32],
            further: Vec::new(),
            produced_at: at(this),
            this_update: at(this),
            next_update: next.map(at),
            signer: Vec::new(),
        };
        Finding { status, proof }
    }

    #[test]
    fn what_statements_mean_at_a_time() {
        use CertificateStatus::{Good, Revoked};
        let now = at("2026-06-01T00:00:00Z");
        let revoked = |when: &str, reason| Revoked { at: at(when), reason };
        let decided = |findings| match decide(findings, now, false, &Freshness::default()) {
            Decision::Good(_) => "good",
            Decision::Revoked => "revoked",
            Decision::Unknown => "unknown",
        };
        let crl = |status, this, next| statement(ProofKind::Crl, status, this, next);
        let ocsp = |status, this, next| statement(ProofKind::Ocsp, status, this, next);
        let (may, june, july) = ("2026-05-31T12:00:00Z", "2026-06-02T00:00:00Z", "2026-07-01T00:00:00Z");
        let hold = Some(RevocationReason::CertificateHold);
        let cases = [
            ("nothing", vec![], "unknown"),
            ("a fresh list", vec![crl(Good, may, Some(june))], "good"),
            ("a list of tomorrow", vec![crl(Good, june, Some(july))], "unknown"),
            ("an old list", vec![crl(Good, "2026-01-01T00:00:00Z", Some(may))], "unknown"),
            ("a list up to this second", vec![crl(Good, may, Some("2026-06-01T00:00:00Z"))], "good"),
            ("a list without an end", vec![crl(Good, may, None)], "unknown"),
            ("an answer of half a day", vec![ocsp(Good, may, None)], "good"),
            ("an answer of two days", vec![ocsp(Good, "2026-05-30T00:00:00Z", None)], "unknown"),
            ("revoked", vec![crl(revoked(may, None), may, Some(june))], "revoked"),
            ("revoked, told later", vec![crl(revoked(may, None), june, Some(july))], "revoked"),
            (
                "revoked, told by an old list",
                vec![crl(revoked("2026-01-01T00:00:00Z", None), "2026-01-01T00:00:00Z", Some(may))],
                "revoked",
            ),
            ("revoked after the time", vec![crl(revoked(june, None), june, Some(july))], "unknown"),
            ("good now, revoked once", vec![ocsp(Good, may, Some(june)), crl(revoked(may, None), may, Some(june))], "revoked"),
            ("good now, on hold once", vec![ocsp(Good, may, Some(june)), crl(revoked(may, hold), may, Some(june))], "good"),
            ("on hold now", vec![ocsp(revoked(may, hold), may, Some(june)), crl(Good, may, Some(june))], "revoked"),
        ];
        for (what, findings, expected) in cases {
            assert_eq!(decided(findings), expected, "{what}");
        }
    }

    #[test]
    fn without_a_check_the_statement_passes() {
        let inputs = PathInputs { revocation: RevocationMode::Require, ..PathInputs::at(at("2026-06-01T00:00:00Z"), Role::Any) };
        let revoked = CertificateStatus::Revoked { at: at("2026-05-01T00:00:00Z"), reason: None };
        let (may, june) = ("2026-05-31T12:00:00Z", Some("2026-06-02T00:00:00Z"));
        let cases = [
            (Check::PathRevoked, statement(ProofKind::Crl, revoked, may, june), PathFailure::Revoked { leaf: false }),
            (Check::PathStatementFresh, statement(ProofKind::Crl, CertificateStatus::Good, may, Some(may)), PathFailure::RevocationUnknown),
        ];
        for (check, finding, failure) in cases {
            assert_eq!(outcome(vec![finding.clone()], false, &inputs).err(), Some(failure), "{check:?}");
            assert!(without(&[check], || outcome(vec![finding], false, &inputs)).is_ok(), "{check:?}");
        }
    }
}
