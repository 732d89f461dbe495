//! The crypto room: signature verification.
//!
//! Takes a public key, an algorithm with all its parameters, a message (or its digest) and a signature; gives `Ok` or why not. Says
//! nothing about strength: SHA-1 and RSA from 1024 bits are verified here and judged elsewhere.

use crate::crypto::algorithm::{KeyAlgorithm, PublicKey, SignatureAlgorithm};
use crate::crypto::digest::DigestAlgorithm;
use rsa::signature::hazmat::PrehashVerifier;

/// Why a signature was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VerifyFailure {
    /// The mathematics say no.
    Wrong,
    /// Key and algorithm do not go together, or this build cannot check them.
    Unsupported(&'static str),
    /// The key or the signature value does not have the form the algorithm demands.
    Malformed(&'static str),
}

/// Checks `signature` over `message`.
///
/// # Errors
/// [`VerifyFailure`]; anything but `Ok` means "not verified".
pub fn verify(key: &PublicKey, algorithm: &SignatureAlgorithm, message: &[u8], signature: &[u8]) -> Result<(), VerifyFailure> {
    form(key, algorithm, signature)?;
    #[cfg(feature = "ring")]
    if let Some(done) = with_ring(key, algorithm, message, signature) {
        return done;
    }
    match algorithm.digest() {
        Some(digest) => with_digest(key, algorithm, &digest.digest(message), signature),
        None => Err(VerifyFailure::Unsupported("ed25519 in this build")),
    }
}

/// Checks `signature` over a message whose digest was already computed, for content that was streamed.
///
/// # Errors
/// [`VerifyFailure`]; Ed25519 signs the message itself and is [`VerifyFailure::Unsupported`] here.
pub fn verify_prehash(key: &PublicKey, algorithm: &SignatureAlgorithm, digest: &[u8], signature: &[u8]) -> Result<(), VerifyFailure> {
    form(key, algorithm, signature)?;
    match algorithm.digest() {
        Some(d) if d.len() != digest.len() => Err(VerifyFailure::Malformed("digest length")),
        Some(_) => with_digest(key, algorithm, digest, signature),
        None => Err(VerifyFailure::Unsupported("ed25519 over a digest")),
    }
}

/// What can be refused before any arithmetic: wrong pairing, wrong lengths.
fn form(key: &PublicKey, algorithm: &SignatureAlgorithm, signature: &[u8]) -> Result<(), VerifyFailure> {
    if let KeyAlgorithm::Unsupported(what) = key.algorithm() {
        return Err(VerifyFailure::Unsupported(what));
    }
    if !algorithm.fits(key.algorithm()) {
        return Err(VerifyFailure::Unsupported("the algorithm does not fit the key"));
    }
    match algorithm {
        SignatureAlgorithm::Ecdsa(_) => ecdsa_form(key.algorithm(), signature),
        SignatureAlgorithm::RsaPkcs1(_) | SignatureAlgorithm::RsaPss { .. } => {
            // RFC 8017 8.1.2 and 8.2.2 step 1: exactly the length of the modulus, no leading zeros left out or added.
            if signature.len() == key.rsa_parts().0.len() { Ok(()) } else { Err(VerifyFailure::Malformed("rsa signature length")) }
        }
        SignatureAlgorithm::Ed25519 => {
            if signature.len() == 64 {
                Ok(())
            } else {
                Err(VerifyFailure::Malformed("ed25519 signature length"))
            }
        }
    }
}

/// Strict DER of `SEQUENCE { r INTEGER, s INTEGER }`, both positive and no longer than the curve's order. The same rule before every
/// backend, so that a lenient one cannot let a second encoding of the same signature through.
fn ecdsa_form(key: KeyAlgorithm, signature: &[u8]) -> Result<(), VerifyFailure> {
    let wrong = VerifyFailure::Malformed("ecdsa signature encoding");
    let order = match key {
        KeyAlgorithm::P256 => 32,
        KeyAlgorithm::P384 => 48,
        _ => 66,
    };
    let body = match signature {
        [0x30, n, rest @ ..] if *n < 0x80 && usize::from(*n) == rest.len() => rest,
        [0x30, 0x81, n, rest @ ..] if *n >= 0x80 && usize::from(*n) == rest.len() => rest,
        _ => return Err(wrong),
    };
    let integer = |bytes: &[u8]| -> Option<usize> {
        let [0x02, n, rest @ ..] = bytes else { return None };
        let value = rest.get(..usize::from(*n)).filter(|_| *n < 0x80)?;
        let magnitude = match value {
            [0, next, ..] if *next >= 0x80 => value.len() - 1,
            [first, ..] if *first != 0 && *first < 0x80 => value.len(),
            _ => return None,
        };
        (magnitude <= order).then_some(value.len() + 2)
    };
    let r = integer(body).ok_or(wrong)?;
    let after = body.get(r..).ok_or(wrong)?;
    if integer(after) == Some(after.len()) { Ok(()) } else { Err(wrong) }
}

#[cfg(feature = "ring")]
fn ring_rsa(algorithm: &SignatureAlgorithm) -> Option<&'static ring::signature::RsaParameters> {
    use ring::signature as s;
    Some(match algorithm {
        SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha1) => &s::RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY,
        SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha256) => &s::RSA_PKCS1_2048_8192_SHA256,
        SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha384) => &s::RSA_PKCS1_2048_8192_SHA384,
        SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha512) => &s::RSA_PKCS1_2048_8192_SHA512,
        SignatureAlgorithm::RsaPss { digest: DigestAlgorithm::Sha256, salt_len: 32 } => &s::RSA_PSS_2048_8192_SHA256,
        SignatureAlgorithm::RsaPss { digest: DigestAlgorithm::Sha384, salt_len: 48 } => &s::RSA_PSS_2048_8192_SHA384,
        SignatureAlgorithm::RsaPss { digest: DigestAlgorithm::Sha512, salt_len: 64 } => &s::RSA_PSS_2048_8192_SHA512,
        _ => return None,
    })
}

/// ring's answer, `None` where ring has no such algorithm: P-521, other curve and digest pairs, RSA under 2048 bits, PSS with another salt
/// length, compressed points.
#[cfg(feature = "ring")]
fn with_ring(key: &PublicKey, algorithm: &SignatureAlgorithm, message: &[u8], signature: &[u8]) -> Option<Result<(), VerifyFailure>> {
    use ring::signature as s;
    let uncompressed = key.key_bytes().first() == Some(&4);
    let simple: &'static dyn s::VerificationAlgorithm = match (key.algorithm(), algorithm) {
        (KeyAlgorithm::P256, SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha256)) if uncompressed => &s::ECDSA_P256_SHA256_ASN1,
        (KeyAlgorithm::P256, SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha384)) if uncompressed => &s::ECDSA_P256_SHA384_ASN1,
        (KeyAlgorithm::P384, SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha256)) if uncompressed => &s::ECDSA_P384_SHA256_ASN1,
        (KeyAlgorithm::P384, SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha384)) if uncompressed => &s::ECDSA_P384_SHA384_ASN1,
        (KeyAlgorithm::Ed25519, SignatureAlgorithm::Ed25519) => &s::ED25519,
        (KeyAlgorithm::Rsa { bits }, _) if bits >= 2048 => {
            let (n, e) = key.rsa_parts();
            let done = s::RsaPublicKeyComponents { n, e }.verify(ring_rsa(algorithm)?, message, signature);
            return Some(done.map_err(|_| VerifyFailure::Wrong));
        }
        _ => return None,
    };
    Some(s::UnparsedPublicKey::new(simple, key.key_bytes()).verify(message, signature).map_err(|_| VerifyFailure::Wrong))
}

fn with_digest(key: &PublicKey, algorithm: &SignatureAlgorithm, digest: &[u8], signature: &[u8]) -> Result<(), VerifyFailure> {
    macro_rules! ecdsa {
        ($curve:ident) => {{
            let key = $curve::ecdsa::VerifyingKey::from_sec1_bytes(key.key_bytes()).map_err(|_| VerifyFailure::Malformed("point"))?;
            let value = $curve::ecdsa::Signature::from_der(signature).map_err(|_| VerifyFailure::Wrong)?;
            key.verify_prehash(digest, &value).map_err(|_| VerifyFailure::Wrong)
        }};
    }
    match (key.algorithm(), algorithm) {
        (KeyAlgorithm::P256, _) => ecdsa!(p256),
        (KeyAlgorithm::P384, _) => ecdsa!(p384),
        (KeyAlgorithm::P521, _) => ecdsa!(p521),
        (KeyAlgorithm::Rsa { .. }, SignatureAlgorithm::RsaPkcs1(d)) => rsa_pkcs1(key, *d, digest, signature),
        (KeyAlgorithm::Rsa { .. }, SignatureAlgorithm::RsaPss { digest: d, salt_len }) => rsa_pss(key, *d, *salt_len, digest, signature),
        _ => Err(VerifyFailure::Unsupported("the algorithm does not fit the key")),
    }
}

fn rsa_key(key: &PublicKey) -> Result<rsa::PublicKey, VerifyFailure> {
    let (n, e) = key.rsa_parts();
    let number = rsa::BoxedUint::from_be_slice_vartime;
    rsa::PublicKey::new(number(n), number(e)).map_err(|_| VerifyFailure::Malformed("rsa key"))
}

fn rsa_pkcs1(key: &PublicKey, algorithm: DigestAlgorithm, digest: &[u8], signature: &[u8]) -> Result<(), VerifyFailure> {
    use rsa::pkcs1v15::{Signature, VerifyingKey};
    let key = rsa_key(key)?;
    let value = Signature::try_from(signature).map_err(|_| VerifyFailure::Wrong)?;
    match algorithm {
        DigestAlgorithm::Sha1 => VerifyingKey::<sha1::Sha1>::new(key).verify_prehash(digest, &value),
        DigestAlgorithm::Sha256 => VerifyingKey::<sha2::Sha256>::new(key).verify_prehash(digest, &value),
        DigestAlgorithm::Sha384 => VerifyingKey::<sha2::Sha384>::new(key).verify_prehash(digest, &value),
        DigestAlgorithm::Sha512 => VerifyingKey::<sha2::Sha512>::new(key).verify_prehash(digest, &value),
    }
    .map_err(|_| VerifyFailure::Wrong)
}

fn rsa_pss(key: &PublicKey, algorithm: DigestAlgorithm, salt_len: u32, digest: &[u8], signature: &[u8]) -> Result<(), VerifyFailure> {
    use rsa::pss::{Signature, VerifyingKey};
    let modulus_len = key.rsa_parts().0.len();
    let salt = usize::try_from(salt_len).map_err(|_| VerifyFailure::Malformed("pss salt length"))?;
    // RFC 8017 9.1.2 step 3: emLen >= hLen + sLen + 2; refused here so that no backend does arithmetic on an absurd length.
    if salt.checked_add(algorithm.len() + 2).is_none_or(|n| n > modulus_len) {
        return Err(VerifyFailure::Malformed("pss salt length"));
    }
    let key = rsa_key(key)?;
    let value = Signature::try_from(signature).map_err(|_| VerifyFailure::Wrong)?;
    match algorithm {
        DigestAlgorithm::Sha1 => VerifyingKey::<sha1::Sha1>::new_with_salt_len(key, salt).verify_prehash(digest, &value),
        DigestAlgorithm::Sha256 => VerifyingKey::<sha2::Sha256>::new_with_salt_len(key, salt).verify_prehash(digest, &value),
        DigestAlgorithm::Sha384 => VerifyingKey::<sha2::Sha384>::new_with_salt_len(key, salt).verify_prehash(digest, &value),
        DigestAlgorithm::Sha512 => VerifyingKey::<sha2::Sha512>::new_with_salt_len(key, salt).verify_prehash(digest, &value),
    }
    .map_err(|_| VerifyFailure::Wrong)
}
