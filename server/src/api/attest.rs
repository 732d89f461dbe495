//! Attestations of keys: takes what a client sent, asks the library's verifier with the operator's policy, gives what was verified.

use super::{No, Service};
use thrivosign::Time;
use thrivosign::key::Attestation;
use thrivosign::key::attestation::{AppAttestKey, AttestedKey, Question, verify};
use thrivosign::pki::algorithm::PublicKey;
use thrivosign::pki::protection::ProtectionLevel;
use thrivosign::remote::problem::{Problem, ProblemType};
use thrivosign::remote::register_device::SecurityLevel;

/// What the attestation proves of that key, or the problem with the reason's name.
pub(super) fn judge(
    service: &Service,
    attestation: &Attestation,
    challenge: &[u8],
    key: &PublicKey,
    app: Option<&AppAttestKey>,
    now: Time,
) -> Result<AttestedKey, No> {
    let question = Question { challenge, keys: std::slice::from_ref(key), app, time: now };
    verify(attestation, &question, service.attestation())
        .map_err(|failure| Problem::new(ProblemType::AttestationRefused).detail(failure.code()).into())
}

/// The wire's name of a level.
pub(super) fn level_of(level: ProtectionLevel) -> SecurityLevel {
    SecurityLevel::from_text(level.name()).unwrap_or(SecurityLevel::Software)
}
