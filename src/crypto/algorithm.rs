//! The crypto room: keys and algorithms as values.
//!
//! Takes what `pki::algorithm` read from DER, gives values to compare, name and verify with. No DER is read here.

use crate::crypto::digest::{DigestAlgorithm, sha256};
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// A signature algorithm with all its parameters.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum SignatureAlgorithm {
    /// ECDSA (FIPS 186-5) with that digest; the value is DER (RFC 3279 2.2.3).
    Ecdsa(DigestAlgorithm),
    /// RSASSA-PKCS1-v1_5 (RFC 8017 8.2) with that digest.
    RsaPkcs1(DigestAlgorithm),
    /// RSASSA-PSS (RFC 8017 8.1) with that digest, the same digest in MGF1, and that salt length in bytes.
    RsaPss {
        /// The digest, of the message and of MGF1.
        digest: DigestAlgorithm,
        /// The length of the salt in bytes.
        salt_len: u32,
    },
    /// Pure Ed25519 (RFC 8032).
    Ed25519,
}

impl SignatureAlgorithm {
    /// The digest of the message, `None` where the algorithm takes the message itself.
    #[must_use]
    pub fn digest(&self) -> Option<DigestAlgorithm> {
        match self {
            SignatureAlgorithm::Ecdsa(d) | SignatureAlgorithm::RsaPkcs1(d) | SignatureAlgorithm::RsaPss { digest: d, .. } => Some(*d),
            SignatureAlgorithm::Ed25519 => None,
        }
    }

    /// The stable name, e.g. `ecdsa-sha256`, `rsa-pkcs1-sha256`, `rsa-pss-sha256`, `ed25519`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            SignatureAlgorithm::Ecdsa(d) => d.signature_names()[0],
            SignatureAlgorithm::RsaPkcs1(d) => d.signature_names()[1],
            SignatureAlgorithm::RsaPss { digest, .. } => digest.signature_names()[2],
            SignatureAlgorithm::Ed25519 => "ed25519",
        }
    }

    /// Whether a key of that kind makes this kind of signature.
    #[must_use]
    pub fn fits(&self, key: KeyAlgorithm) -> bool {
        match self {
            SignatureAlgorithm::Ecdsa(_) => key.order_len().is_some(),
            SignatureAlgorithm::RsaPkcs1(_) | SignatureAlgorithm::RsaPss { .. } => matches!(key, KeyAlgorithm::Rsa { .. }),
            SignatureAlgorithm::Ed25519 => key == KeyAlgorithm::Ed25519,
        }
    }

    /// The algorithm this library signs with when nothing else is asked: ECDSA with the digest of the curve's strength, PKCS#1 v1.5 with
    /// SHA-256, Ed25519. `None` for an unsupported key.
    #[must_use]
    pub fn preferred_for(key: KeyAlgorithm) -> Option<SignatureAlgorithm> {
        Some(match key {
            KeyAlgorithm::P256 | KeyAlgorithm::BrainpoolP256r1 => SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha256),
            KeyAlgorithm::P384 | KeyAlgorithm::BrainpoolP384r1 => SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha384),
            KeyAlgorithm::P521 => SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha512),
            KeyAlgorithm::Rsa { .. } => SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha256),
            KeyAlgorithm::Ed25519 => SignatureAlgorithm::Ed25519,
            KeyAlgorithm::Unsupported(_) => return None,
        })
    }
}

/// The kind of a public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyAlgorithm {
    /// NIST P-256.
    P256,
    /// NIST P-384.
    P384,
    /// NIST P-521.
    P521,
    /// brainpoolP256r1 (RFC 5639), verified with the feature `algorithms-full`.
    BrainpoolP256r1,
    /// brainpoolP384r1 (RFC 5639), verified with the feature `algorithms-full`.
    BrainpoolP384r1,
    /// RSA.
    Rsa {
        /// The length of the modulus in bits, 1024 to 8192.
        bits: u32,
    },
    /// Ed25519.
    Ed25519,
    /// Well-formed, and of a kind that is not verified here; the text says which part. Found in certificates only.
    Unsupported(&'static str),
}

impl KeyAlgorithm {
    /// The stable name: `p256`, `p384`, `p521`, `brainpoolP256r1`, `brainpoolP384r1`, `rsa`, `ed25519`, `unsupported`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            KeyAlgorithm::P256 => "p256",
            KeyAlgorithm::P384 => "p384",
            KeyAlgorithm::P521 => "p521",
            KeyAlgorithm::BrainpoolP256r1 => "brainpoolP256r1",
            KeyAlgorithm::BrainpoolP384r1 => "brainpoolP384r1",
            KeyAlgorithm::Rsa { .. } => "rsa",
            KeyAlgorithm::Ed25519 => "ed25519",
            KeyAlgorithm::Unsupported(_) => "unsupported",
        }
    }

    /// The bytes of the curve's order, `None` for keys that make no ECDSA.
    pub(crate) const fn order_len(self) -> Option<usize> {
        match self {
            KeyAlgorithm::P256 | KeyAlgorithm::BrainpoolP256r1 => Some(32),
            KeyAlgorithm::P384 | KeyAlgorithm::BrainpoolP384r1 => Some(48),
            KeyAlgorithm::P521 => Some(66),
            KeyAlgorithm::Rsa { .. } | KeyAlgorithm::Ed25519 | KeyAlgorithm::Unsupported(_) => None,
        }
    }
}

impl fmt::Display for KeyAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeyAlgorithm::Rsa { bits } => write!(f, "rsa-{bits}"),
            KeyAlgorithm::Unsupported(what) => write!(f, "unsupported ({what})"),
            other => f.write_str(other.name()),
        }
    }
}

/// A public key, kept as the SubjectPublicKeyInfo it came in. Cheap to clone; equal when the SubjectPublicKeyInfo is equal byte for byte.
#[derive(Clone)]
pub struct PublicKey(Arc<Parts>);

/// Where the parts of a key lie in its SubjectPublicKeyInfo.
pub(crate) struct Parts {
    pub(crate) spki: Box<[u8]>,
    pub(crate) algorithm: KeyAlgorithm,
    /// The content of the BIT STRING.
    pub(crate) key: Range<usize>,
    /// RSA only: big-endian, no leading zero.
    pub(crate) modulus: Range<usize>,
    pub(crate) exponent: Range<usize>,
    pub(crate) usage: RsaUse,
}

/// What an RSA key may be used for, by its own identifier (RFC 4055 1.2): one that names RSASSA-PSS makes nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RsaUse {
    Any,
    Pss,
    /// With that digest, and a salt of at least that length (RFC 4055 3.3).
    PssWith(DigestAlgorithm, u32),
}

impl PublicKey {
    pub(crate) fn from_parts(parts: Parts) -> PublicKey {
        PublicKey(Arc::new(parts))
    }

    /// The SubjectPublicKeyInfo DER, as received.
    #[must_use]
    pub fn spki_der(&self) -> &[u8] {
        &self.0.spki
    }

    /// The kind of key.
    #[must_use]
    pub fn algorithm(&self) -> KeyAlgorithm {
        self.0.algorithm
    }

    /// Whether this key makes that kind of signature: the kind of key, and what an RSA key is restricted to.
    #[must_use]
    pub fn makes(&self, algorithm: &SignatureAlgorithm) -> bool {
        algorithm.fits(self.algorithm())
            && match (self.0.usage, algorithm) {
                (RsaUse::Any, _) | (RsaUse::Pss, SignatureAlgorithm::RsaPss { .. }) => true,
                (RsaUse::PssWith(digest, salt), SignatureAlgorithm::RsaPss { digest: d, salt_len }) => digest == *d && *salt_len >= salt,
                _ => false,
            }
    }

    /// SHA-256 of the SubjectPublicKeyInfo.
    #[must_use]
    pub fn sha256(&self) -> [u8; 32] {
        sha256(&self.0.spki)
    }

    /// The content of the BIT STRING: the point, the RSAPublicKey, or the 32 bytes of Ed25519. What OCSP and key identifiers hash.
    #[must_use]
    pub fn key_bytes(&self) -> &[u8] {
        self.0.spki.get(self.0.key.clone()).unwrap_or_default()
    }

    /// Modulus and public exponent of an RSA key, big-endian; both empty for other keys.
    #[must_use]
    pub fn rsa_parts(&self) -> (&[u8], &[u8]) {
        (self.0.spki.get(self.0.modulus.clone()).unwrap_or_default(), self.0.spki.get(self.0.exponent.clone()).unwrap_or_default())
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &PublicKey) -> bool {
        self.0.spki == other.0.spki
    }
}

impl Eq for PublicKey {}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.0.algorithm)
    }
}
