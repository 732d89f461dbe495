//! The enrol room: the answer that activates a certificate.
//!
//! Takes the service's challenge and the one-time code as typed, gives the answer signed by the authentication key. The
//! signature is over the canonical JSON (RFC 8785) of the answer's members but the signature itself, plus `challenge`.
//! The member names are those on the wire.

use super::canonical::canonical_json;
use crate::crypto::{DigestAlgorithm, KeyAlgorithm, PublicKey, SignatureAlgorithm, verify};
use crate::error::{ErrorKind, Result};
use crate::key::{DeviceKeyStore, KeyInfo, KeyPurpose, sign_as};
use serde_json::json;
use zeroize::Zeroizing;

/// What the service asks before it activates a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActivationChallenge {
    /// The certificate's identifier at the service.
    pub credential_id: String,
    /// The device that holds the keys.
    pub device_uuid: String,
    /// Random text of the service.
    pub challenge: String,
}

/// The answer. Holds the one-time code: no `Debug`, wiped when dropped.
pub struct ActivationAnswer {
    /// `credentialID`
    pub credential_id: String,
    /// `deviceUUID`
    pub device_uuid: String,
    /// `signAlgo`: `RSASSA-PSS` or `ECDSA`.
    pub sign_algo: String,
    /// `shaAlgo`: `sha256` or `sha512`.
    pub sha_algo: String,
    /// `otpDecrypted`: what the person typed.
    pub otp_decrypted: Zeroizing<String>,
    /// `authorizeSignature`: the signature value; ECDSA as DER.
    pub authorize_signature: Vec<u8>,
}

/// The two labels for an algorithm.
fn labels(algorithm: &SignatureAlgorithm) -> Option<(&'static str, &'static str)> {
    match algorithm {
        SignatureAlgorithm::RsaPss { digest: DigestAlgorithm::Sha256, salt_len: 32 } => Some(("RSASSA-PSS", "sha256")),
        SignatureAlgorithm::RsaPss { digest: DigestAlgorithm::Sha512, salt_len: 64 } => Some(("RSASSA-PSS", "sha512")),
        SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha256) => Some(("ECDSA", "sha256")),
        SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha512) => Some(("ECDSA", "sha512")),
        _ => None,
    }
}

/// What two labels mean; only the combinations of [`labels`].
fn from_labels(sign_algo: &str, sha_algo: &str) -> Option<SignatureAlgorithm> {
    let digest = match sha_algo {
        "sha256" => DigestAlgorithm::Sha256,
        "sha512" => DigestAlgorithm::Sha512,
        _ => return None,
    };
    match sign_algo {
        "RSASSA-PSS" => Some(SignatureAlgorithm::RsaPss { digest, salt_len: u32::try_from(digest.len()).ok()? }),
        "ECDSA" => Some(SignatureAlgorithm::Ecdsa(digest)),
        _ => None,
    }
}

/// The algorithm an authentication key answers with.
///
/// # Errors
/// [`ErrorKind::KeyAlgorithmUnsupported`] for a kind of key the service's labels do not name.
pub fn answering_algorithm(key: KeyAlgorithm) -> Result<SignatureAlgorithm> {
    match key {
        KeyAlgorithm::P256 => Ok(SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha256)),
        KeyAlgorithm::P384 | KeyAlgorithm::P521 => Ok(SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha512)),
        KeyAlgorithm::Rsa { .. } => Ok(SignatureAlgorithm::RsaPss { digest: DigestAlgorithm::Sha256, salt_len: 32 }),
        _ => Err(ErrorKind::KeyAlgorithmUnsupported.into()),
    }
}

/// Answers with the authentication key, asked exactly once; the signature was checked.
///
/// # Errors
/// [`ErrorKind::KeyNotPermitted`] for a key that is not for authentication; [`ErrorKind::KeyAlgorithmUnsupported`];
/// [`ErrorKind::KeySignatureWrong`]; otherwise as [`DeviceKeyStore::sign`].
pub fn answer_activation(
    store: &dyn DeviceKeyStore,
    key: &KeyInfo,
    challenge: &ActivationChallenge,
    otp: &str,
) -> Result<ActivationAnswer> {
    let algorithm = answering_algorithm(key.public_key.algorithm())?;
    let (sign_algo, sha_algo) = labels(&algorithm).ok_or(ErrorKind::KeyAlgorithmUnsupported)?;
    let mut answer = ActivationAnswer {
        credential_id: challenge.credential_id.clone(),
        device_uuid: challenge.device_uuid.clone(),
        sign_algo: sign_algo.to_owned(),
        sha_algo: sha_algo.to_owned(),
        otp_decrypted: Zeroizing::new(otp.to_owned()),
        authorize_signature: Vec::new(),
    };
    let message = answer.message(&challenge.challenge)?;
    answer.authorize_signature = sign_as(store, key, KeyPurpose::Authentication, &message, &algorithm)?;
    Ok(answer)
}

impl ActivationAnswer {
    /// The bytes that are signed.
    ///
    /// # Errors
    /// None for strings; [`ErrorKind::InvalidArgument`] is the canonical form's.
    pub fn message(&self, challenge: &str) -> Result<Zeroizing<Vec<u8>>> {
        canonical_json(&json!({
            "credentialID": self.credential_id,
            "deviceUUID": self.device_uuid,
            "signAlgo": self.sign_algo,
            "otpDecrypted": *self.otp_decrypted,
            "shaAlgo": self.sha_algo,
            "challenge": challenge,
        }))
        .map(Zeroizing::new)
    }

    /// Whether this key signed this answer to that challenge, for the service's side. Says nothing about the one-time code.
    #[must_use]
    pub fn is_signed_by(&self, key: &PublicKey, challenge: &str) -> bool {
        let Some(algorithm) = from_labels(&self.sign_algo, &self.sha_algo) else { return false };
        self.message(challenge).is_ok_and(|message| verify(key, &algorithm, &message, &self.authorize_signature).is_ok())
    }
}
