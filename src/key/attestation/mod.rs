//! The key room: key attestations judged, for servers (feature `attestation`).
//!
//! Takes what a platform said of a key ([`Attestation`]), a question (challenge, key, time) and a policy; gives the level at which the key is
//! kept and a digest of what was looked at, or the reason why nothing is believed. Pure: the caller keeps challenges and uses each once,
//! fetches the status list and tells the time. May see `pki`, as attestations are chains of certificates.

mod android;
mod apple;
mod authenticator;
mod cbor;
mod chain;
mod client_data;
mod description;
mod failure;
mod policy;
pub mod roots;
mod status;

pub use apple::AppAttestKey;
pub use client_data::client_data;
pub use failure::AttestationFailure;
pub use policy::{Admission, AndroidApp, AndroidPolicy, AppleEnvironment, ApplePolicy, AttestationPolicy, StatusDemand};
pub use status::{MAX_STATUS_LIST, StatusList};

use super::Attestation;
use crate::crypto::PublicKey;
use crate::crypto::digest::{DigestAlgorithm, Hasher};
use crate::pki::protection::ProtectionLevel;
use crate::time::Time;
use apple::Statement;

/// What an attestation is to prove.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The challenge that was given out for this proof; the caller uses it up.
    pub challenge: &'a [u8],
    /// The keys to be proven: one for Android, which attests each by itself; for App Attest those of the [`client_data`].
    pub keys: &'a [PublicKey],
    /// The app's credential on this device, if it was attested before: what an assertion of App Attest is by.
    pub app: Option<&'a AppAttestKey>,
    /// The time.
    pub time: Time,
}

/// What was proven.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AttestedKey {
    /// The key, which is the first of the question.
    pub public_key: PublicKey,
    /// Where it is kept.
    pub level: ProtectionLevel,
    /// SHA-256 over the attestation (see [`digest`]); `None` where there was none and the policy is [`Admission::Development`].
    pub digest: Option<[u8; 32]>,
    /// The app's credential as of now, to be kept for later assertions; App Attest alone has one.
    pub app: Option<AppAttestKey>,
}

/// Judges an attestation.
///
/// # Errors
/// [`AttestationFailure`], the first reason found.
pub fn verify(attestation: &Attestation, question: &Question<'_>, policy: &AttestationPolicy) -> Result<AttestedKey, AttestationFailure> {
    let public_key = question.keys.first().ok_or(AttestationFailure::KeyWrong)?.clone();
    let Attestation { format, certificates, statement } = attestation;
    let (level, app) = match (format.as_str(), certificates.is_empty(), statement.is_empty()) {
        ("android-key", _, true) => (android::judge(certificates, question, &policy.android)?, None),
        ("apple-appattest", true, _) => {
            (ProtectionLevel::SecureEnclaveAppAttested, Some(judge_statement(statement, question, &policy.apple)?))
        }
        ("none", true, true) => return unattested(public_key, policy.admission),
        ("android-key" | "apple-appattest" | "none", ..) => return Err(AttestationFailure::PartsUnexpected),
        _ => return Err(AttestationFailure::FormatUnknown),
    };
    Ok(AttestedKey { public_key, level, digest: Some(digest(attestation)), app })
}

fn unattested(public_key: PublicKey, admission: Admission) -> Result<AttestedKey, AttestationFailure> {
    match admission {
        Admission::Strict => Err(AttestationFailure::NotAttested),
        Admission::Development => Ok(AttestedKey { public_key, level: ProtectionLevel::Software, digest: None, app: None }),
    }
}

fn judge_statement(statement: &[u8], question: &Question<'_>, policy: &ApplePolicy) -> Result<AppAttestKey, AttestationFailure> {
    let hash = client_data::hash(question);
    match Statement::read(statement)? {
        Statement::Attestation(statement) => apple::attested(&statement, &hash, question.time, policy),
        Statement::Assertion(statement) => {
            let known = question.app.ok_or(AttestationFailure::CredentialUnknown)?;
            apple::asserted(&statement, &hash, known, policy)
        }
    }
}

/// SHA-256 over the attestation's parts: the format, each certificate, the statement, each after its length in four bytes, so that no two
/// attestations have the same bytes. Whoever keeps an attestation can show later that it is the one a certificate names.
#[must_use]
pub fn digest(attestation: &Attestation) -> [u8; 32] {
    let mut hasher = Hasher::new(DigestAlgorithm::Sha256);
    let parts = std::iter::once(attestation.format.as_bytes())
        .chain(attestation.certificates.iter().map(Vec::as_slice))
        .chain(std::iter::once(attestation.statement.as_slice()));
    for part in parts {
        hasher.update(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
        hasher.update(part);
    }
    hasher.finish().try_into().unwrap_or_default()
}

#[cfg(test)]
mod android_tests;
#[cfg(test)]
mod apple_tests;
#[cfg(test)]
mod real_tests;
