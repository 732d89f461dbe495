//! The key room: the private key itself, ready to sign.
//!
//! Takes PKCS#8, gives signature values. `ring` signs where it can (P-256 with SHA-256, P-384 with SHA-384, RSA 2048 to
//! 4096, Ed25519), RustCrypto's curves do the rest. RSA private operations go through `ring` alone when the feature is
//! on (RUSTSEC-2023-0071); the `rsa` crate then only makes the primes, which `ring` cannot.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "a key store draws its own random bytes")]

#[cfg(feature = "rsa-keys")]
use super::load::wrap;
use super::load::{EC_PUBLIC_KEY, RSA_ENCRYPTION};
use crate::crypto::{DigestAlgorithm, KeyAlgorithm, PublicKey, SignatureAlgorithm};
use crate::error::{Error, ErrorKind, Result};
use der::asn1::{AnyRef, ObjectIdentifier};
use der::{Decode, Encode};
use p256::ecdsa::signature::hazmat::PrehashSigner;
use p256::elliptic_curve::Generate;
use pkcs8::{EncodePrivateKey, EncodePublicKey, PrivateKeyInfoRef, spki::AlgorithmIdentifierRef};
use rsa::pkcs1;
use zeroize::Zeroizing;

#[cfg(feature = "ring")]
use ring::{rand::SystemRandom, signature as fast};

const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const P521: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.35");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

/// RSA keys outside these bits are refused: shorter ones are weak, longer ones `ring` does not take.
const RSA_BITS: std::ops::RangeInclusive<u32> = 2048..=4096;

/// A private key. P-256 and P-384 are kept twice: `ring` signs with the curve's own digest, RustCrypto with others.
pub(super) enum Secret {
    P256 {
        key: p256::SecretKey,
        #[cfg(feature = "ring")]
        fast: fast::EcdsaKeyPair,
    },
    P384 {
        key: p384::SecretKey,
        #[cfg(feature = "ring")]
        fast: fast::EcdsaKeyPair,
    },
    P521(p521::SecretKey),
    #[cfg(feature = "ring")]
    Rsa(Box<fast::RsaKeyPair>),
    #[cfg(not(feature = "ring"))]
    Rsa(Box<rsa::PrivateKey>),
    #[cfg(feature = "ring")]
    Ed25519(fast::Ed25519KeyPair),
}

fn unsupported(what: &'static str) -> Error {
    Error::new(ErrorKind::KeyAlgorithmUnsupported).context(what)
}

fn malformed(what: &'static str) -> Error {
    Error::new(ErrorKind::DerMalformed).context(what)
}

impl Secret {
    /// Reads an unencrypted PKCS#8 structure (RFC 5958 2). Private and public part must belong together.
    pub(super) fn from_pkcs8(pkcs8: &[u8]) -> Result<(Secret, PublicKey)> {
        let info = PrivateKeyInfoRef::from_der(pkcs8).map_err(|_| malformed("the private key is not PKCS#8"))?;
        match info.algorithm.oid {
            EC_PUBLIC_KEY => match info.algorithm.parameters_oid() {
                Ok(P256) => Secret::p256(info),
                Ok(P384) => Secret::p384(info),
                Ok(P521) => {
                    let key = p521::SecretKey::try_from(info).map_err(|_| malformed("the P-521 private key"))?;
                    let public = spki(&key.public_key())?;
                    Ok((Secret::P521(key), public))
                }
                _ => Err(unsupported("the private key's curve")),
            },
            RSA_ENCRYPTION => Secret::rsa(info.private_key.as_bytes()),
            ED25519 => Secret::ed25519(pkcs8),
            _ => Err(unsupported("the private key's algorithm")),
        }
    }

    fn p256(info: PrivateKeyInfoRef<'_>) -> Result<(Secret, PublicKey)> {
        let key = p256::SecretKey::try_from(info).map_err(|_| malformed("the P-256 private key"))?;
        let public = spki(&key.public_key())?;
        #[cfg(feature = "ring")]
        let fast = pair(&fast::ECDSA_P256_SHA256_ASN1_SIGNING, &Zeroizing::new(key.to_bytes()), &public)?;
        let secret = Secret::P256 {
            key,
            #[cfg(feature = "ring")]
            fast,
        };
        Ok((secret, public))
    }

    fn p384(info: PrivateKeyInfoRef<'_>) -> Result<(Secret, PublicKey)> {
        let key = p384::SecretKey::try_from(info).map_err(|_| malformed("the P-384 private key"))?;
        let public = spki(&key.public_key())?;
        #[cfg(feature = "ring")]
        let fast = pair(&fast::ECDSA_P384_SHA384_ASN1_SIGNING, &Zeroizing::new(key.to_bytes()), &public)?;
        let secret = Secret::P384 {
            key,
            #[cfg(feature = "ring")]
            fast,
        };
        Ok((secret, public))
    }

    fn rsa(private_key: &[u8]) -> Result<(Secret, PublicKey)> {
        let parts = pkcs1::RsaPrivateKey::<der::asn1::UintRef<'_>>::from_der(private_key).map_err(|_| malformed("the RSA private key"))?;
        let public = pkcs1::RsaPublicKey { modulus: parts.modulus, public_exponent: parts.public_exponent };
        let bits = der::asn1::BitStringRef::from_bytes(&public.to_der().map_err(|_| malformed("the RSA public key"))?)
            .and_then(|bits| {
                let algorithm = AlgorithmIdentifierRef { oid: RSA_ENCRYPTION, parameters: Some(AnyRef::NULL) };
                spki::SubjectPublicKeyInfo { algorithm, subject_public_key: bits }.to_der()
            })
            .map_err(|_| malformed("the RSA public key"))?;
        let public = PublicKey::from_spki_der(&bits)?;
        match public.algorithm() {
            KeyAlgorithm::Rsa { bits } if RSA_BITS.contains(&bits) => {}
            _ => return Err(unsupported("RSA keys have 2048 to 4096 bits")),
        }
        #[cfg(feature = "ring")]
        let key = fast::RsaKeyPair::from_der(private_key).map_err(|_| malformed("the RSA private key's parts do not fit together"))?;
        #[cfg(not(feature = "ring"))]
        let key = rsa::PrivateKey::try_from(parts).map_err(|_| malformed("the RSA private key's parts do not fit together"))?;
        Ok((Secret::Rsa(Box::new(key)), public))
    }

    #[cfg(feature = "ring")]
    fn ed25519(pkcs8: &[u8]) -> Result<(Secret, PublicKey)> {
        use fast::KeyPair;
        // Version 1, as OpenSSL writes it, carries no public key to check against; `ring` calls that "maybe unchecked".
        let key = fast::Ed25519KeyPair::from_pkcs8_maybe_unchecked(pkcs8).map_err(|_| malformed("the Ed25519 private key"))?;
        let bits = der::asn1::BitStringRef::from_bytes(key.public_key().as_ref()).map_err(|_| malformed("the Ed25519 public key"))?;
        let algorithm = AlgorithmIdentifierRef { oid: ED25519, parameters: None };
        let der = spki::SubjectPublicKeyInfo { algorithm, subject_public_key: bits }.to_der();
        let public = PublicKey::from_spki_der(&der.map_err(|_| malformed("the Ed25519 public key"))?)?;
        Ok((Secret::Ed25519(key), public))
    }

    #[cfg(not(feature = "ring"))]
    fn ed25519(_: &[u8]) -> Result<(Secret, PublicKey)> {
        Err(unsupported("Ed25519 keys need the feature ring"))
    }

    /// The signature value; the caller has checked that the algorithm fits the key.
    pub(super) fn sign(&self, message: &[u8], algorithm: &SignatureAlgorithm) -> Result<Vec<u8>> {
        match (self, algorithm) {
            // Never again a SHA-1 signature, whatever is asked.
            (_, algorithm) if algorithm.digest() == Some(DigestAlgorithm::Sha1) => Err(unsupported("nothing is signed with SHA-1")),
            #[cfg(feature = "ring")]
            (Secret::P256 { fast, .. }, SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha256)) => ecdsa_fast(fast, message),
            #[cfg(feature = "ring")]
            (Secret::P384 { fast, .. }, SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha384)) => ecdsa_fast(fast, message),
            (Secret::P256 { key, .. }, SignatureAlgorithm::Ecdsa(digest)) => {
                let signature: Result<p256::ecdsa::Signature, _> = p256::ecdsa::SigningKey::from(key).sign_prehash(&digest.digest(message));
                signature.map(|value| value.to_der().as_bytes().to_vec()).map_err(|_| refused())
            }
            (Secret::P384 { key, .. }, SignatureAlgorithm::Ecdsa(digest)) => {
                let signature: Result<p384::ecdsa::Signature, _> = p384::ecdsa::SigningKey::from(key).sign_prehash(&digest.digest(message));
                signature.map(|value| value.to_der().as_bytes().to_vec()).map_err(|_| refused())
            }
            (Secret::P521(_), SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha256)) => {
                Err(unsupported("P-521 signs with SHA-384 or SHA-512"))
            }
            (Secret::P521(key), SignatureAlgorithm::Ecdsa(digest)) => {
                let signature: Result<p521::ecdsa::Signature, _> = p521::ecdsa::SigningKey::from(key).sign_prehash(&digest.digest(message));
                signature.map(|value| value.to_der().as_bytes().to_vec()).map_err(|_| refused())
            }
            (Secret::Rsa(key), SignatureAlgorithm::RsaPkcs1(digest)) => rsa_pkcs1(key, *digest, message),
            (Secret::Rsa(key), SignatureAlgorithm::RsaPss { digest, salt_len }) => {
                if usize::try_from(*salt_len) != Ok(digest.len()) {
                    return Err(unsupported("the PSS salt is as long as the digest"));
                }
                rsa_pss(key, *digest, message)
            }
            #[cfg(feature = "ring")]
            (Secret::Ed25519(key), SignatureAlgorithm::Ed25519) => Ok(key.sign(message).as_ref().to_vec()),
            _ => Err(unsupported("the algorithm is for another kind of key")),
        }
    }
}

fn refused() -> Error {
    Error::new(ErrorKind::Internal).context("a software key refused to sign")
}

fn spki(key: &impl EncodePublicKey) -> Result<PublicKey> {
    PublicKey::from_spki_der(key.to_public_key_der().map_err(|_| malformed("the public key"))?.as_bytes())
}

#[cfg(feature = "ring")]
fn pair(algorithm: &'static fast::EcdsaSigningAlgorithm, secret: &[u8], public: &PublicKey) -> Result<fast::EcdsaKeyPair> {
    fast::EcdsaKeyPair::from_private_key_and_public_key(algorithm, secret, public.key_bytes(), &SystemRandom::new())
        .map_err(|_| malformed("the private key does not fit its public key"))
}

#[cfg(feature = "ring")]
fn ecdsa_fast(key: &fast::EcdsaKeyPair, message: &[u8]) -> Result<Vec<u8>> {
    key.sign(&SystemRandom::new(), message).map(|value| value.as_ref().to_vec()).map_err(|_| ErrorKind::RandomUnavailable.into())
}

#[cfg(feature = "ring")]
fn rsa_sign(key: &fast::RsaKeyPair, padding: &'static dyn fast::RsaEncoding, message: &[u8]) -> Result<Vec<u8>> {
    let mut value = vec![0; key.public().modulus_len()];
    key.sign(padding, &SystemRandom::new(), message, &mut value).map_err(|_| refused())?;
    Ok(value)
}

#[cfg(feature = "ring")]
fn rsa_pkcs1(key: &fast::RsaKeyPair, digest: DigestAlgorithm, message: &[u8]) -> Result<Vec<u8>> {
    match digest {
        DigestAlgorithm::Sha256 => rsa_sign(key, &fast::RSA_PKCS1_SHA256, message),
        DigestAlgorithm::Sha384 => rsa_sign(key, &fast::RSA_PKCS1_SHA384, message),
        DigestAlgorithm::Sha512 => rsa_sign(key, &fast::RSA_PKCS1_SHA512, message),
        _ => Err(unsupported("RSA signs with SHA-256, SHA-384 or SHA-512")),
    }
}

#[cfg(feature = "ring")]
fn rsa_pss(key: &fast::RsaKeyPair, digest: DigestAlgorithm, message: &[u8]) -> Result<Vec<u8>> {
    match digest {
        DigestAlgorithm::Sha256 => rsa_sign(key, &fast::RSA_PSS_SHA256, message),
        DigestAlgorithm::Sha384 => rsa_sign(key, &fast::RSA_PSS_SHA384, message),
        DigestAlgorithm::Sha512 => rsa_sign(key, &fast::RSA_PSS_SHA512, message),
        _ => Err(unsupported("RSA signs with SHA-256, SHA-384 or SHA-512")),
    }
}

#[cfg(not(feature = "ring"))]
fn rsa_pkcs1(key: &rsa::PrivateKey, digest: DigestAlgorithm, message: &[u8]) -> Result<Vec<u8>> {
    let padding = match digest {
        DigestAlgorithm::Sha256 => rsa::Pkcs1v15Sign::new::<sha2::Sha256>(),
        DigestAlgorithm::Sha384 => rsa::Pkcs1v15Sign::new::<sha2::Sha384>(),
        DigestAlgorithm::Sha512 => rsa::Pkcs1v15Sign::new::<sha2::Sha512>(),
        _ => return Err(unsupported("RSA signs with SHA-256, SHA-384 or SHA-512")),
    };
    key.sign_with_rng(&mut SystemRng, padding, &digest.digest(message)).map_err(|_| refused())
}

#[cfg(not(feature = "ring"))]
fn rsa_pss(key: &rsa::PrivateKey, digest: DigestAlgorithm, message: &[u8]) -> Result<Vec<u8>> {
    let hash = digest.digest(message);
    match digest {
        DigestAlgorithm::Sha256 => key.sign_with_rng(&mut SystemRng, rsa::Pss::<sha2::Sha256>::new_blinded(), &hash),
        DigestAlgorithm::Sha384 => key.sign_with_rng(&mut SystemRng, rsa::Pss::<sha2::Sha384>::new_blinded(), &hash),
        DigestAlgorithm::Sha512 => key.sign_with_rng(&mut SystemRng, rsa::Pss::<sha2::Sha512>::new_blinded(), &hash),
        _ => return Err(unsupported("RSA signs with SHA-256, SHA-384 or SHA-512")),
    }
    .map_err(|_| refused())
}

/// A new private key as PKCS#8. P-256, P-384, P-521; RSA of 2048 to 4096 bits with `rsa-keys`; Ed25519 with `ring`.
pub(super) fn generate(algorithm: KeyAlgorithm) -> Result<Zeroizing<Vec<u8>>> {
    let random = |_| Error::new(ErrorKind::RandomUnavailable);
    match algorithm {
        KeyAlgorithm::P256 => pkcs8(&p256::SecretKey::try_generate().map_err(random)?),
        KeyAlgorithm::P384 => pkcs8(&p384::SecretKey::try_generate().map_err(random)?),
        KeyAlgorithm::P521 => pkcs8(&p521::SecretKey::try_generate().map_err(random)?),
        #[cfg(not(feature = "rsa-keys"))]
        KeyAlgorithm::Rsa { .. } => Err(unsupported("this build makes no RSA keys (feature rsa-keys)")),
        #[cfg(feature = "rsa-keys")]
        KeyAlgorithm::Rsa { bits } if RSA_BITS.contains(&bits) && bits % 256 == 0 => {
            let key = rsa::PrivateKey::new(&mut SystemRng, bits as usize).map_err(|_| Error::new(ErrorKind::RandomUnavailable))?;
            let der = pkcs1::EncodeRsaPrivateKey::to_pkcs1_der(&key).map_err(|_| refused())?;
            wrap(AlgorithmIdentifierRef { oid: RSA_ENCRYPTION, parameters: Some(AnyRef::NULL) }, der.as_bytes())
        }
        #[cfg(feature = "ring")]
        KeyAlgorithm::Ed25519 => match fast::Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()) {
            Ok(document) => Ok(Zeroizing::new(document.as_ref().to_vec())),
            Err(_) => Err(ErrorKind::RandomUnavailable.into()),
        },
        _ => Err(unsupported("software keys are P-256, P-384, P-521, Ed25519 or RSA of 2048 to 4096 bits")),
    }
}

fn pkcs8(key: &impl EncodePrivateKey) -> Result<Zeroizing<Vec<u8>>> {
    Ok(key.to_pkcs8_der().map_err(|_| refused())?.to_bytes())
}

/// The operating system's random bytes in the form RustCrypto asks for.
#[cfg(any(feature = "rsa-keys", not(feature = "ring")))]
struct SystemRng;

#[cfg(any(feature = "rsa-keys", not(feature = "ring")))]
impl rsa::rand_core::TryRng for SystemRng {
    type Error = getrandom::Error;

    fn try_next_u32(&mut self) -> Result<u32, getrandom::Error> {
        getrandom::u32()
    }

    fn try_next_u64(&mut self) -> Result<u64, getrandom::Error> {
        getrandom::u64()
    }

    fn try_fill_bytes(&mut self, dst: &mut [u8]) -> Result<(), getrandom::Error> {
        getrandom::fill(dst)
    }
}

#[cfg(any(feature = "rsa-keys", not(feature = "ring")))]
impl rsa::rand_core::TryCryptoRng for SystemRng {}
