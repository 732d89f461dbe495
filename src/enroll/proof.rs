//! The enrol room: what the authentication key signs for the service: the device's proof, activation answers, approvals,
//! renewals.
//!
//! Takes the message of such a call (the canonical JSON that `remote` makes of it), gives the signature value; takes both,
//! gives a yes or no. The service's two labels, `signAlgo` and `shaAlgo`, stand inside the message, so they are asked for
//! before it is made.

use crate::crypto::{DigestAlgorithm, KeyAlgorithm, PublicKey, SignatureAlgorithm, verify};
use crate::error::{ErrorKind, Result};
use crate::key::{DeviceKeyStore, KeyInfo, KeyPurpose, sign_as};

/// An algorithm that the service has labels for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProofAlgorithm {
    signature: SignatureAlgorithm,
    sign_algo: &'static str,
    sha_algo: &'static str,
}

impl ProofAlgorithm {
    /// The one an authentication key of that kind proves with: ECDSA with SHA-256 (P-256) or SHA-512 (P-384, P-521), or
    /// RSA PSS with SHA-256 and a salt of 32 bytes.
    ///
    /// # Errors
    /// [`ErrorKind::KeyAlgorithmUnsupported`] for a kind of key the service has no label for.
    pub fn for_key(key: KeyAlgorithm) -> Result<ProofAlgorithm> {
        let (sign_algo, sha_algo) = match key {
            KeyAlgorithm::P256 => ("ECDSA", "sha256"),
            KeyAlgorithm::P384 | KeyAlgorithm::P521 => ("ECDSA", "sha512"),
            KeyAlgorithm::Rsa { .. } => ("RSASSA-PSS", "sha256"),
            _ => return Err(ErrorKind::KeyAlgorithmUnsupported.into()),
        };
        ProofAlgorithm::from_labels(sign_algo, sha_algo).ok_or_else(|| ErrorKind::Internal.into())
    }

    /// What two labels mean, `None` for unknown ones.
    #[must_use]
    pub fn from_labels(sign_algo: &str, sha_algo: &str) -> Option<ProofAlgorithm> {
        let (digest, salt_len, sha_algo) = match sha_algo {
            "sha256" => (DigestAlgorithm::Sha256, 32, "sha256"),
            "sha512" => (DigestAlgorithm::Sha512, 64, "sha512"),
            _ => return None,
        };
        let (signature, sign_algo) = match sign_algo {
            "ECDSA" => (SignatureAlgorithm::Ecdsa(digest), "ECDSA"),
            "RSASSA-PSS" => (SignatureAlgorithm::RsaPss { digest, salt_len }, "RSASSA-PSS"),
            _ => return None,
        };
        Some(ProofAlgorithm { signature, sign_algo, sha_algo })
    }

    /// The algorithm itself.
    #[must_use]
    pub fn signature(&self) -> &SignatureAlgorithm {
        &self.signature
    }

    /// The label `signAlgo`: `RSASSA-PSS` or `ECDSA`.
    #[must_use]
    pub fn sign_algo(&self) -> &'static str {
        self.sign_algo
    }

    /// The label `shaAlgo`: `sha256` or `sha512`.
    #[must_use]
    pub fn sha_algo(&self) -> &'static str {
        self.sha_algo
    }
}

/// Signs the message with the authentication key and [`ProofAlgorithm::for_key`]. The key was asked exactly once, and the
/// value was checked.
///
/// # Errors
/// [`ErrorKind::KeyNotPermitted`] for a key that is not for authentication and [`ErrorKind::KeyAlgorithmUnsupported`], both
/// before the key is asked; [`ErrorKind::KeySignatureWrong`]; otherwise as [`DeviceKeyStore::sign`].
pub fn prove(store: &dyn DeviceKeyStore, key: &KeyInfo, message: &[u8]) -> Result<Vec<u8>> {
    let algorithm = ProofAlgorithm::for_key(key.public_key.algorithm())?;
    sign_as(store, key, KeyPurpose::Authentication, message, algorithm.signature())
}

/// Whether `value` is that key's signature over the message, for the service's side. Labels and message come from the same
/// call; what the message says is another check.
#[must_use]
pub fn proof_holds(key: &PublicKey, sign_algo: &str, sha_algo: &str, message: &[u8], value: &[u8]) -> bool {
    ProofAlgorithm::from_labels(sign_algo, sha_algo).is_some_and(|algorithm| verify(key, algorithm.signature(), message, value).is_ok())
}
