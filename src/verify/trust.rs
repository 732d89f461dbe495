//! The verify room: chain and revocation of one signature. Takes its facts, the time at which it is known to exist, trust and evidence; gives both
//! outcomes with what they rest on, and the reasons against it.

use super::chains::{Outcome, Question};
use super::lasting;
use super::outcome::{ChainStatus, Check, Evidence, EvidenceKind, PathCertificate, RevocationStatus, Revoked};
use super::policy::{Policy, Revocation};
use super::proven::Court;
use super::reason::Reason;
use crate::cms::{CmsFacts, Expect};
use crate::crypto::KnownSignatures;
use crate::crypto::digest::hex;
use crate::evidence::Bundle;
use crate::pki::certificate::Certificate;
use crate::pki::existence::Existence;
use crate::pki::path::{self, PathFailure, PathInputs};
use crate::pki::revocation::{Proof, ProofKind, Revocation as Known, RevocationMode};
use crate::pki::role::Role;
use crate::switch::{Check as Rule, on};
use crate::time::Time;

/// How the certificate behind a signature came out.
pub(super) struct Trusted {
    pub(super) chain: ChainStatus,
    pub(super) revocation: RevocationStatus,
    pub(super) reasons: Vec<(Reason, String)>,
    /// The statements about revocation that it rests on.
    pub(super) proofs: Vec<Proof>,
    /// The earliest end of what it rests on, if the chain is valid.
    pub(super) until: Option<Time>,
}

/// The certificates that may be on a path: what came with the signature, and what is held.
pub(super) fn pool(cms: &CmsFacts, evidence: &Bundle) -> Vec<Certificate> {
    cms.pool.iter().chain(&evidence.certificates).cloned().collect()
}

/// What a signature's certificate is used for.
pub(super) fn role(expect: Option<Expect>) -> Role {
    match expect {
        _ if !on(Rule::SignerSuits) => Role::Any,
        Some(Expect::TimeStamp) => Role::TimeStamping,
        _ => Role::Signer,
    }
}

/// Nothing was asked.
pub(super) fn unasked(policy: &Policy, time: Time) -> Trusted {
    let check = if policy.revocation == Revocation::Off { Check::NotRequiredByPolicy } else { Check::NotChecked };
    Trusted {
        chain: ChainStatus { check: Check::NotChecked, certificates: Vec::new(), path: Vec::new(), judged_at: time },
        revocation: RevocationStatus { check, evidence: Vec::new(), revoked: None },
        reasons: Vec::new(),
        proofs: Vec::new(),
        until: None,
    }
}

/// Judged at `time`, at which it is known to exist.
pub(super) fn judge(cms: &CmsFacts, signer: &Certificate, role: Role, time: Time, existence: &Existence, court: &Court<'_>) -> Trusted {
    let pool = pool(cms, court.evidence);
    let question = Question {
        role,
        time,
        revocation: court.revocation,
        freshness: court.policy.freshness,
        data: &court.evidence.revocation,
        existence,
    };
    let ask = |question: &Question<'_>| court.chains.validate(signer, &pool, court.trust, question);
    let outcome = ask(&question);
    let mut trusted = unasked(court.policy, time);
    let revoked = match &*outcome {
        Err(PathFailure::Revoked { leaf: true }) => Some(Reason::Revoked),
        Err(PathFailure::Revoked { leaf: false }) => Some(Reason::CaRevoked),
        Err(PathFailure::RevocationUnknown) => Some(Reason::RevocationNotChecked),
        _ => None,
    };
    // Where revocation alone is against it, the chain is one: it is told apart.
    let chain = if revoked.is_some() { ask(&Question { revocation: RevocationMode::Off, ..question }) } else { outcome.clone() };
    trusted.follow(&chain, court.policy, time);
    trusted.until = chain.as_ref().as_ref().ok().and_then(|found| lasting::end(cms, &found.chain, court.policy));
    if let (Some(reason), Err(failure)) = (revoked, &*outcome) {
        trusted.revocation.check = Check::Failed { reason: reason.code() };
        trusted.reasons.push((reason, failure.code().to_owned()));
        if let (PathFailure::Revoked { leaf }, Ok(found)) = (failure, &*chain) {
            trusted.tell_revoked(&found.chain, *leaf, &pool, &question, Some(&court.chains.signatures));
        }
    } else if let Ok(path) = &*outcome {
        trusted.proofs = proofs(&path.revocation);
        trusted.revocation.evidence = trusted.proofs.iter().map(|proof| evidence(proof, existence)).collect();
        let known = path.revocation.iter().all(|known| !matches!(known, Known::NotAsked));
        if court.revocation != Revocation::Off && known {
            trusted.revocation.check = Check::Ok;
        }
    }
    trusted
}

impl Trusted {
    fn tell_revoked(
        &mut self,
        chain: &[Certificate],
        leaf: bool,
        pool: &[Certificate],
        asked: &Question<'_>,
        known: Option<&KnownSignatures>,
    ) {
        let inputs =
            PathInputs { data: Some(asked.data), existence: Some(asked.existence), known, ..PathInputs::at(asked.time, asked.role) };
        let Some(found) = path::revoked(chain, leaf, pool, &inputs) else { return };
        self.revocation.evidence.push(evidence(&found.proof, asked.existence));
        self.revocation.revoked = Some(Revoked { certificate: path_certificate(&found.certificate), at: found.at, reason: found.reason });
    }

    fn follow(&mut self, outcome: &Outcome, policy: &Policy, time: Time) {
        let found = match &**outcome {
            Ok(found) => found,
            Err(failure) => {
                let reason = match failure {
                    PathFailure::NoChain => Reason::NoChain,
                    PathFailure::Expired { .. } => Reason::ChainExpired,
                    PathFailure::NotYetValid { .. } => Reason::ChainNotYetValid,
                    PathFailure::Unsuitable => Reason::SignerUnsuitable,
                    _ => Reason::ChainFailure,
                };
                self.reasons.push((reason, failure.code().to_owned()));
                self.chain.check = Check::Failed { reason: reason.code() };
                return;
            }
        };
        self.chain.path = found.chain.iter().map(path_certificate).collect();
        self.chain.certificates = self.chain.path.iter().map(|certificate| certificate.subject.clone()).collect();
        self.chain.check = Check::Ok;
        if let Some(what) = weak_link(&found.chain, policy, time) {
            self.reasons.push((Reason::WeakAlgorithm, format!("chain: {what}")));
        }
    }
}

/// A weak link anywhere below the anchor is a weak signature.
pub(super) fn weak_link<'a>(chain: &[Certificate], policy: &'a Policy, time: Time) -> Option<&'a str> {
    chain.iter().take(chain.len().saturating_sub(1)).find_map(|certificate| {
        let digest = certificate.signature_algorithm().and_then(|a| a.digest());
        policy.weak(digest, Some(certificate.public_key().algorithm()), time)
    })
}

/// The statements that a path rests on.
pub(super) fn proofs(revocation: &[Known]) -> Vec<Proof> {
    let proof = |known: &Known| match known {
        Known::Good(proof) => Some(proof.clone()),
        _ => None,
    };
    revocation.iter().filter_map(proof).collect()
}

fn evidence(proof: &Proof, existence: &Existence) -> Evidence {
    Evidence {
        kind: match proof.kind {
            ProofKind::Ocsp => EvidenceKind::Ocsp,
            ProofKind::Crl => EvidenceKind::Crl,
        },
        sha256: hex(&proof.sha256),
        produced_at: proof.produced_at,
        age: existence.now().unix().saturating_sub(proof.produced_at.unix()),
        proof_of_existence: existence.proven(&proof.sha256),
    }
}

fn path_certificate(certificate: &Certificate) -> PathCertificate {
    PathCertificate {
        subject: certificate.subject_text(),
        sha256: hex(&certificate.sha256()),
        not_before: certificate.not_before(),
        not_after: certificate.not_after(),
    }
}
