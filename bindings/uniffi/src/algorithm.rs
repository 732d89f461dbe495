//! Algorithms of keys and signatures.

use crate::error::Result;
use thrivosign::{Error, ErrorKind, crypto};

/// A digest algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum DigestAlgorithm {
    /// For old signatures only.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl From<crypto::DigestAlgorithm> for DigestAlgorithm {
    fn from(digest: crypto::DigestAlgorithm) -> DigestAlgorithm {
        match digest {
            crypto::DigestAlgorithm::Sha1 => DigestAlgorithm::Sha1,
            crypto::DigestAlgorithm::Sha256 => DigestAlgorithm::Sha256,
            crypto::DigestAlgorithm::Sha384 => DigestAlgorithm::Sha384,
            // An identity's digest is one of this enum, or the usual one of its key: never one of the rare ones that are only verified.
            // Were it one, the host's value would not verify, and no signature would come of it.
            _ => DigestAlgorithm::Sha512,
        }
    }
}

impl From<DigestAlgorithm> for crypto::DigestAlgorithm {
    fn from(digest: DigestAlgorithm) -> crypto::DigestAlgorithm {
        match digest {
            DigestAlgorithm::Sha1 => crypto::DigestAlgorithm::Sha1,
            DigestAlgorithm::Sha256 => crypto::DigestAlgorithm::Sha256,
            DigestAlgorithm::Sha384 => crypto::DigestAlgorithm::Sha384,
            DigestAlgorithm::Sha512 => crypto::DigestAlgorithm::Sha512,
        }
    }
}

/// A signature algorithm with all its parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum SignatureAlgorithm {
    /// ECDSA; the value is DER.
    Ecdsa {
        /// Of the message.
        digest: DigestAlgorithm,
    },
    /// RSASSA-PKCS1-v1_5.
    RsaPkcs1 {
        /// Of the message.
        digest: DigestAlgorithm,
    },
    /// RSASSA-PSS.
    RsaPss {
        /// Of the message and of MGF1.
        digest: DigestAlgorithm,
        /// Length of the salt in bytes.
        salt_len: i32,
    },
    /// Pure Ed25519.
    Ed25519,
}

impl From<&crypto::SignatureAlgorithm> for SignatureAlgorithm {
    fn from(algorithm: &crypto::SignatureAlgorithm) -> SignatureAlgorithm {
        match algorithm {
            crypto::SignatureAlgorithm::Ecdsa(digest) => SignatureAlgorithm::Ecdsa { digest: (*digest).into() },
            crypto::SignatureAlgorithm::RsaPkcs1(digest) => SignatureAlgorithm::RsaPkcs1 { digest: (*digest).into() },
            crypto::SignatureAlgorithm::RsaPss { digest, salt_len } => {
                SignatureAlgorithm::RsaPss { digest: (*digest).into(), salt_len: i32::try_from(*salt_len).unwrap_or(i32::MAX) }
            }
            crypto::SignatureAlgorithm::Ed25519 => SignatureAlgorithm::Ed25519,
        }
    }
}

impl TryFrom<SignatureAlgorithm> for crypto::SignatureAlgorithm {
    type Error = Error;

    fn try_from(algorithm: SignatureAlgorithm) -> Result<crypto::SignatureAlgorithm, Error> {
        Ok(match algorithm {
            SignatureAlgorithm::Ecdsa { digest } => crypto::SignatureAlgorithm::Ecdsa(digest.into()),
            SignatureAlgorithm::RsaPkcs1 { digest } => crypto::SignatureAlgorithm::RsaPkcs1(digest.into()),
            SignatureAlgorithm::RsaPss { digest, salt_len } => {
                let salt_len = u32::try_from(salt_len).map_err(|_| Error::new(ErrorKind::InvalidArgument).context("the salt's length"))?;
                crypto::SignatureAlgorithm::RsaPss { digest: digest.into(), salt_len }
            }
            SignatureAlgorithm::Ed25519 => crypto::SignatureAlgorithm::Ed25519,
        })
    }
}

/// The kind of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum KeyAlgorithm {
    /// NIST P-256.
    P256,
    /// NIST P-384.
    P384,
    /// NIST P-521.
    P521,
    /// RSA.
    Rsa {
        /// Length of the modulus in bits.
        bits: i32,
    },
    /// Ed25519.
    Ed25519,
    /// Well-formed, and of a kind that is not supported.
    Unsupported,
}

impl From<crypto::KeyAlgorithm> for KeyAlgorithm {
    fn from(algorithm: crypto::KeyAlgorithm) -> KeyAlgorithm {
        match algorithm {
            crypto::KeyAlgorithm::P256 => KeyAlgorithm::P256,
            crypto::KeyAlgorithm::P384 => KeyAlgorithm::P384,
            crypto::KeyAlgorithm::P521 => KeyAlgorithm::P521,
            crypto::KeyAlgorithm::Rsa { bits } => KeyAlgorithm::Rsa { bits: i32::try_from(bits).unwrap_or(i32::MAX) },
            crypto::KeyAlgorithm::Ed25519 => KeyAlgorithm::Ed25519,
            _ => KeyAlgorithm::Unsupported,
        }
    }
}

impl From<KeyAlgorithm> for crypto::KeyAlgorithm {
    fn from(algorithm: KeyAlgorithm) -> crypto::KeyAlgorithm {
        match algorithm {
            KeyAlgorithm::P256 => crypto::KeyAlgorithm::P256,
            KeyAlgorithm::P384 => crypto::KeyAlgorithm::P384,
            KeyAlgorithm::P521 => crypto::KeyAlgorithm::P521,
            KeyAlgorithm::Rsa { bits } => crypto::KeyAlgorithm::Rsa { bits: u32::try_from(bits).unwrap_or(0) },
            KeyAlgorithm::Ed25519 => crypto::KeyAlgorithm::Ed25519,
            KeyAlgorithm::Unsupported => crypto::KeyAlgorithm::Unsupported("asked for by the app"),
        }
    }
}
