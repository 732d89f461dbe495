//! The key room, attestations: Apple's App Attest judged ("Validating apps that connect to your server", developer.apple.com).
//!
//! Takes a statement in CBOR, the digest of the client data and a policy; gives the app's credential, or the first reason why it is not
//! believed. An attestation comes once in the life of a credential; later keys are bound by assertions of it, whose counter must rise.

use super::authenticator::AuthenticatorData;
use super::cbor::Item;
use super::chain::{Chain, TargetValidity};
use super::failure::AttestationFailure;
use super::policy::{AppleEnvironment, ApplePolicy};
use crate::crypto::digest::sha256;
use crate::crypto::{DigestAlgorithm, KeyAlgorithm, PublicKey, SignatureAlgorithm, verify};
use crate::pki::certificate::Certificate;
use crate::pki::der;
use crate::pki::oid::ObjectIdentifier;
use crate::time::Time;

const FORMAT: &str = "apple-appattest";
const NONCE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113635.100.8.2");
/// Largest statement; a receipt takes four kilobytes of it.
const MAX_STATEMENT: usize = 32 * 1024;

/// An app's credential on a device, to be kept for its later assertions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppAttestKey {
    /// Its public key.
    pub public_key: PublicKey,
    /// How often it was used, as of the last statement.
    pub counter: u32,
}

/// What a statement of Apple's is.
pub(super) enum Statement<'a> {
    /// The first, with certificates.
    Attestation(Item<'a>),
    /// A later one, by a known credential.
    Assertion(Item<'a>),
}

impl Statement<'_> {
    pub(super) fn read(bytes: &[u8]) -> Result<Statement<'_>, AttestationFailure> {
        if bytes.len() > MAX_STATEMENT {
            return Err(AttestationFailure::TooLarge);
        }
        let map = Item::whole(bytes).ok_or(AttestationFailure::StatementMalformed)?;
        match (map.member("fmt"), map.member("signature")) {
            (Some(_), None) if map.has_members(3) => Ok(Statement::Attestation(map)),
            (None, Some(_)) if map.has_members(2) => Ok(Statement::Assertion(map)),
            _ => Err(AttestationFailure::StatementMalformed),
        }
    }
}

/// The credential that an attestation is for.
pub(super) fn attested(
    statement: &Item<'_>,
    client_data_hash: &[u8; 32],
    time: Time,
    policy: &ApplePolicy,
) -> Result<AppAttestKey, AttestationFailure> {
    let malformed = AttestationFailure::StatementMalformed;
    if statement.member("fmt") != Some(&Item::Text(FORMAT)) {
        return Err(AttestationFailure::StatementFormat);
    }
    let body = statement.member("attStmt").filter(|body| body.has_members(2)).ok_or(malformed)?;
    body.member("receipt").and_then(Item::bytes).ok_or(malformed)?;
    let Some(Item::Array(certificates)) = body.member("x5c") else { return Err(malformed) };
    let ders = certificates.iter().map(|der| der.bytes().map(<[u8]>::to_vec)).collect::<Option<Vec<_>>>().ok_or(malformed)?;
    let raw = statement.member("authData").and_then(Item::bytes).ok_or(malformed)?;

    let chain = Chain::read(&ders)?;
    chain.walk(&policy.roots, time, TargetValidity::Judged)?;
    let target = chain.target()?;
    if nonce(target)? != sha256(&[raw, client_data_hash].concat()) {
        return Err(AttestationFailure::NonceWrong);
    }
    let data = AuthenticatorData::read(raw)?;
    check_app(data.app, policy)?;
    let credential = data.credential.ok_or(AttestationFailure::AuthenticatorDataMalformed)?;
    if data.counter != 0 {
        return Err(AttestationFailure::CounterNotZero);
    }
    let known = |environment: &AppleEnvironment| environment.aaguid() == credential.aaguid;
    if !policy.environments.iter().any(known) {
        return Err(AttestationFailure::EnvironmentWrong);
    }
    let key = target.public_key();
    let right = key.algorithm() == KeyAlgorithm::P256 && credential.id == sha256(key.key_bytes()) && credential.point == key.key_bytes();
    if !right {
        return Err(AttestationFailure::CredentialWrong);
    }
    Ok(AppAttestKey { public_key: key.clone(), counter: 0 })
}

/// The credential after an assertion of it.
pub(super) fn asserted(
    statement: &Item<'_>,
    client_data_hash: &[u8; 32],
    known: &AppAttestKey,
    policy: &ApplePolicy,
) -> Result<AppAttestKey, AttestationFailure> {
    let malformed = AttestationFailure::StatementMalformed;
    let signature = statement.member("signature").and_then(Item::bytes).ok_or(malformed)?;
    let raw = statement.member("authenticatorData").and_then(Item::bytes).ok_or(malformed)?;
    let nonce = sha256(&[raw, client_data_hash].concat());
    let algorithm = SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha256);
    verify(&known.public_key, &algorithm, &nonce, signature).map_err(|_| AttestationFailure::AssertionSignature)?;
    let data = AuthenticatorData::read(raw)?;
    if data.credential.is_some() {
        return Err(AttestationFailure::AuthenticatorDataMalformed);
    }
    check_app(data.app, policy)?;
    if data.counter <= known.counter {
        return Err(AttestationFailure::CounterNotIncreased);
    }
    Ok(AppAttestKey { counter: data.counter, ..known.clone() })
}

fn check_app(digest: &[u8], policy: &ApplePolicy) -> Result<(), AttestationFailure> {
    let known = policy.apps.iter().any(|app| sha256(app.as_bytes()) == digest);
    if known { Ok(()) } else { Err(AttestationFailure::AppWrong) }
}

/// The nonce in the certificate: SEQUENCE { [1] EXPLICIT OCTET STRING }.
fn nonce(target: &Certificate) -> Result<&[u8], AttestationFailure> {
    let (_, extension) = target.extension(&NONCE).ok_or(AttestationFailure::NonceMissing)?;
    let read = || {
        let mut outer = der::whole(extension, der::SEQUENCE, "nonce")?.inside();
        let mut inner = outer.expect(0xa1, "nonce")?.inside();
        let octets = inner.expect(der::OCTET_STRING, "nonce")?;
        inner.finish("nonce")?;
        outer.finish("nonce")?;
        Ok::<_, der::DerFault>(octets.value)
    };
    read().map_err(|_| AttestationFailure::ExtensionMalformed)
}
