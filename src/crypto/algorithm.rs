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
        use DigestAlgorithm::{Sha1, Sha256, Sha384, Sha512};
        match self {
            SignatureAlgorithm::Ecdsa(Sha1) => "ecdsa-sha1",
            SignatureAlgorithm::Ecdsa(Sha256) => "ecdsa-sha256",
            SignatureAlgorithm::Ecdsa(Sha384) => "ecdsa-sha384",
            SignatureAlgorithm::Ecdsa(Sha512) => "ecdsa-sha512",
            SignatureAlgorithm::RsaPkcs1(Sha1) => "rsa-pkcs1-sha1",
            SignatureAlgorithm::RsaPkcs1(Sha256) => "rsa-pkcs1-sha256",
            SignatureAlgorithm::RsaPkcs1(Sha384) => "rsa-pkcs1-sha384",
            SignatureAlgorithm::RsaPkcs1(Sha512) => "rsa-pkcs1-sha512",
            SignatureAlgorithm::RsaPss { digest: Sha1, .. } => "rsa-pss-sha1",
            SignatureAlgorithm::RsaPss { digest: Sha256, .. } => "rsa-pss-sha256",
            SignatureAlgorithm::RsaPss { digest: Sha384, .. } => "rsa-pss-sha384",
            SignatureAlgorithm::RsaPss { digest: Sha512, .. } => "rsa-pss-sha512",
            SignatureAlgorithm::Ed25519 => "ed25519",
        }
    }

    /// Whether a key of that kind makes this kind of signature.
    #[must_use]
    pub fn fits(&self, key: KeyAlgorithm) -> bool {
        match self {
            SignatureAlgorithm::Ecdsa(_) => matches!(key, KeyAlgorithm::P256 | KeyAlgorithm::P384 | KeyAlgorithm::P521),
            SignatureAlgorithm::RsaPkcs1(_) | SignatureAlgorithm::RsaPss { .. } => matches!(key, KeyAlgorithm::Rsa { .. }),
            SignatureAlgorithm::Ed25519 => key == KeyAlgorithm::Ed25519,
        }
    }

    /// The algorithm this library signs with when nothing else is asked: ECDSA with the digest of the curve's strength, PKCS#1 v1.5 with
    /// SHA-256, Ed25519. `None` for an unsupported key.
    #[must_use]
    pub fn preferred_for(key: KeyAlgorithm) -> Option<SignatureAlgorithm> {
        Some(match key {
            KeyAlgorithm::P256 => SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha256),
            KeyAlgorithm::P384 => SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha384),
            KeyAlgorithm::P521 => SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha512),
            KeyAlgorithm::Rsa { .. } => SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha256),
            KeyAlgorithm::Ed25519 => SignatureAlgorithm::Ed25519,
            KeyAlgorithm::Unsupported(_) => return None,
        })
    }
}

/// The kind of a public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyAlgorithm {
    /// NIST P-256.
    P256,
    /// NIST P-384.
    P384,
    /// NIST P-521.
    P521,
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
    /// The stable name: `p256`, `p384`, `p521`, `rsa`, `ed25519`, `unsupported`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            KeyAlgorithm::P256 => "p256",
            KeyAlgorithm::P384 => "p384",
            KeyAlgorithm::P521 => "p521",
            KeyAlgorithm::Rsa { .. } => "rsa",
            KeyAlgorithm::Ed25519 => "ed25519",
            KeyAlgorithm::Unsupported(_) => "unsupported",
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
