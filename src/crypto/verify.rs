//! The crypto room: signature verification.
//!
//! Takes a public key, an algorithm with all its parameters, a message (or its digest) and a signature; gives `Ok` or why not. Says
//! nothing about strength: SHA-1 and RSA from 1024 bits are verified here and judged elsewhere.

use crate::crypto::algorithm::{KeyAlgorithm, PublicKey, SignatureAlgorithm};
use crate::crypto::digest::DigestAlgorithm;
use crate::switch::{Check, on};
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
        None => ed25519(key, message, signature),
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
    if !key.makes(algorithm) && (on(Check::CmsKeyUse) || !algorithm.fits(key.algorithm())) {
        return Err(VerifyFailure::Unsupported("the algorithm does not fit the key"));
    }
    match algorithm {
        SignatureAlgorithm::Ecdsa(_) => ecdsa_form(key.algorithm(), signature),
        SignatureAlgorithm::RsaPkcs1(_) | SignatureAlgorithm::RsaPss { .. } => {
            // RFC 8017 8.1.2 and 8.2.2 step 1: exactly the length of the modulus, no leading zeros left out or added.
            if signature.len() == key.rsa_parts().0.len() { Ok(()) } else { Err(VerifyFailure::Malformed("rsa signature length")) }
        }
        SignatureAlgorithm::Ed25519 if signature.len() != 64 => Err(VerifyFailure::Malformed("ed25519 signature length")),
        // A key of small order has signatures that hold over every message; no key generator makes one.
        SignatureAlgorithm::Ed25519 if small_order(key.key_bytes()) && on(Check::CmsSmallOrder) => {
            Err(VerifyFailure::Malformed("ed25519 key of small order"))
        }
        SignatureAlgorithm::Ed25519 => Ok(()),
    }
}

/// Strict DER of `SEQUENCE { r INTEGER, s INTEGER }`, both positive and no longer than the curve's order. The same rule before every
/// backend, so that a lenient one cannot let a second encoding of the same signature through.
fn ecdsa_form(key: KeyAlgorithm, signature: &[u8]) -> Result<(), VerifyFailure> {
    let wrong = VerifyFailure::Malformed("ecdsa signature encoding");
    let order = key.order_len().ok_or(wrong)?;
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

/// Whether the point is one of the eight of small order, in any of their encodings: y is 0, 1, -1, or one of two of order 8.
fn small_order(point: &[u8]) -> bool {
    const ORDER_8: [[u8; 32]; 2] = [
        *b"\x26\xe8\x95\x8f\xc2\xb2\x27\xb0\x45\xc3\xf4\x89\xf2\xef\x98\xf0\xd5\xdf\xac\x05\xd3\xc6\x33\x39\xb1\x38\x02\x88\x6d\x53\xfc\x05",
        *b"\xc7\x17\x6a\x70\x3d\x4d\xd8\x4f\xba\x3c\x0b\x76\x0d\x10\x67\x0f\x2a\x20\x53\xfa\x2c\x39\xcc\xc6\x4e\xc7\xfd\x77\x92\xac\x03\x7a",
    ];
    let Ok(mut y) = <[u8; 32]>::try_from(point) else { return true };
    y[31] &= 0x7f;
    let [low, middle @ .., high] = &y;
    // 0 and 1; p - 1, p and p + 1, where p = 2^255 - 19.
    let tiny = *low <= 1 && *high == 0 && middle.iter().all(|b| *b == 0);
    let about_p = (0xec..=0xee).contains(low) && *high == 0x7f && middle.iter().all(|b| *b == 0xff);
    tiny || about_p || ORDER_8.contains(&y)
}

/// Ed25519 by ring.
#[cfg(feature = "ring")]
fn ed25519(key: &PublicKey, message: &[u8], signature: &[u8]) -> Result<(), VerifyFailure> {
    let key = ring::signature::UnparsedPublicKey::new(&ring::signature::ED25519, key.key_bytes());
    key.verify(message, signature).map_err(|_| VerifyFailure::Wrong)
}

#[cfg(not(feature = "ring"))]
use ed25519_by_rustcrypto as ed25519;

/// Ed25519 where ring is not built in: the equation without cofactor and R compared as bytes, as ring does (RFC 8032 5.1.7).
#[cfg(any(test, not(feature = "ring")))]
fn ed25519_by_rustcrypto(key: &PublicKey, message: &[u8], signature: &[u8]) -> Result<(), VerifyFailure> {
    use rsa::signature::Verifier;
    let point = <[u8; 32]>::try_from(key.key_bytes()).map_err(|_| VerifyFailure::Malformed("point"))?;
    let key = ed25519_dalek::VerifyingKey::from_bytes(&point).map_err(|_| VerifyFailure::Malformed("point"))?;
    let value = ed25519_dalek::Signature::from_slice(signature).map_err(|_| VerifyFailure::Wrong)?;
    key.verify(message, &value).map_err(|_| VerifyFailure::Wrong)
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
        ($key:ty, $value:ty) => {{
            let key = <$key>::from_sec1_bytes(key.key_bytes()).map_err(|_| VerifyFailure::Malformed("point"))?;
            let value = <$value>::from_der(signature).map_err(|_| VerifyFailure::Wrong)?;
            key.verify_prehash(digest, &value).map_err(|_| VerifyFailure::Wrong)
        }};
    }
    match (key.algorithm(), algorithm) {
        (KeyAlgorithm::P256, _) => ecdsa!(p256::ecdsa::VerifyingKey, p256::ecdsa::Signature),
        (KeyAlgorithm::P384, _) => ecdsa!(p384::ecdsa::VerifyingKey, p384::ecdsa::Signature),
        (KeyAlgorithm::P521, _) => ecdsa!(p521::ecdsa::VerifyingKey, p521::ecdsa::Signature),
        #[cfg(feature = "algorithms-full")]
        (KeyAlgorithm::BrainpoolP256r1, _) => ecdsa!(ecdsa::VerifyingKey<bp256::BrainpoolP256r1>, bp256::r1::ecdsa::Signature),
        #[cfg(feature = "algorithms-full")]
        (KeyAlgorithm::BrainpoolP384r1, _) => ecdsa!(ecdsa::VerifyingKey<bp384::BrainpoolP384r1>, bp384::r1::ecdsa::Signature),
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

/// Expands `$by!(type)` for the digest's type.
macro_rules! by_digest {
    ($algorithm:expr, $by:ident) => {
        match $algorithm {
            DigestAlgorithm::Sha1 => $by!(sha1::Sha1),
            DigestAlgorithm::Sha256 => $by!(sha2::Sha256),
            DigestAlgorithm::Sha384 => $by!(sha2::Sha384),
            DigestAlgorithm::Sha512 => $by!(sha2::Sha512),
            #[cfg(feature = "algorithms-full")]
            DigestAlgorithm::Sha224 => $by!(sha2::Sha224),
            #[cfg(feature = "algorithms-full")]
            DigestAlgorithm::Sha512_256 => $by!(sha2::Sha512_256),
            #[cfg(feature = "algorithms-full")]
            DigestAlgorithm::Sha3_224 => $by!(sha3::Sha3_224),
            #[cfg(feature = "algorithms-full")]
            DigestAlgorithm::Sha3_256 => $by!(sha3::Sha3_256),
            #[cfg(feature = "algorithms-full")]
            DigestAlgorithm::Sha3_384 => $by!(sha3::Sha3_384),
            #[cfg(feature = "algorithms-full")]
            DigestAlgorithm::Sha3_512 => $by!(sha3::Sha3_512),
        }
    };
}

fn rsa_pkcs1(key: &PublicKey, algorithm: DigestAlgorithm, digest: &[u8], signature: &[u8]) -> Result<(), VerifyFailure> {
    use rsa::pkcs1v15::{Signature, VerifyingKey};
    let key = rsa_key(key)?;
    let value = Signature::try_from(signature).map_err(|_| VerifyFailure::Wrong)?;
    macro_rules! by {
        ($hash:ty) => {
            VerifyingKey::<$hash>::new(key).verify_prehash(digest, &value)
        };
    }
    by_digest!(algorithm, by).map_err(|_| VerifyFailure::Wrong)
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
    macro_rules! by {
        ($hash:ty) => {
            VerifyingKey::<$hash>::new_with_salt_len(key, salt).verify_prehash(digest, &value)
        };
    }
    by_digest!(algorithm, by).map_err(|_| VerifyFailure::Wrong)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::testing::{openssl, put};
    use DigestAlgorithm::{Sha256, Sha512};

    const MESSAGE: &[u8] = b"the message";

    /// A key made by openssl, and signatures of it.
    struct Judge(tempfile::TempDir);

    impl Judge {
        fn new(arguments: &[&str]) -> (Judge, PublicKey) {
            let folder = tempfile::tempdir().unwrap();
            let (ok, text) = openssl(folder.path(), &[&["genpkey"], arguments, &["-out", "key.pem"]].concat());
            assert!(ok, "{text}");
            let (ok, text) = openssl(folder.path(), &["pkey", "-in", "key.pem", "-pubout"]);
            assert!(ok, "{text}");
            put(folder.path(), "message", MESSAGE);
            (Judge(folder), PublicKey::from_pem(text.as_bytes()).unwrap())
        }

        fn sign(&self, arguments: &[&str]) -> Vec<u8> {
            let base = ["pkeyutl", "-sign", "-inkey", "key.pem", "-rawin", "-in", "message", "-out", "value"];
            let (ok, text) = openssl(self.0.path(), &[&base[..], arguments].concat());
            assert!(ok, "{text}");
            #[expect(clippy::disallowed_methods, reason = "an outside judge writes files")]
            std::fs::read(self.0.path().join("value")).unwrap()
        }
    }

    /// The signature holds over the message and its digest, by ring and by RustCrypto alike, and over nothing else.
    fn holds(key: &PublicKey, algorithm: &SignatureAlgorithm, value: &[u8]) {
        assert_eq!(verify(key, algorithm, MESSAGE, value), Ok(()), "{key:?} {algorithm:?}");
        assert_eq!(verify(key, algorithm, b"another message", value), Err(VerifyFailure::Wrong));
        if let Some(digest) = algorithm.digest() {
            assert_eq!(verify_prehash(key, algorithm, &digest.digest(MESSAGE), value), Ok(()), "{key:?} {algorithm:?}");
            assert_eq!(verify_prehash(key, algorithm, &digest.digest(b"another"), value), Err(VerifyFailure::Wrong));
            assert!(verify_prehash(key, algorithm, &[0; 5], value).is_err());
        }
        for at in [0, 1, value.len() / 2, value.len() - 1] {
            let mut bad = value.to_vec();
            bad[at] ^= 1;
            assert!(verify(key, algorithm, MESSAGE, &bad).is_err());
        }
        assert!(verify(key, algorithm, MESSAGE, &value[..value.len() - 1]).is_err());
        assert!(verify(key, algorithm, MESSAGE, &[value, &[0]].concat()).is_err());
        assert!(verify(key, algorithm, MESSAGE, &[]).is_err());
    }

    #[test]
    fn ecdsa_on_every_curve_with_every_digest() {
        let curves = [
            ("P-256", KeyAlgorithm::P256),
            ("P-384", KeyAlgorithm::P384),
            ("P-521", KeyAlgorithm::P521),
            ("brainpoolP256r1", KeyAlgorithm::BrainpoolP256r1),
            ("brainpoolP384r1", KeyAlgorithm::BrainpoolP384r1),
        ];
        for (curve, kind) in curves.into_iter().take(if cfg!(feature = "algorithms-full") { 5 } else { 3 }) {
            let (judge, key) = Judge::new(&["-algorithm", "EC", "-pkeyopt", &format!("ec_paramgen_curve:{curve}")]);
            assert_eq!(key.algorithm(), kind);
            for digest in DigestAlgorithm::ALL.iter().copied() {
                let value = judge.sign(&["-digest", digest.name()]);
                holds(&key, &SignatureAlgorithm::Ecdsa(digest), &value);
            }
            let value = judge.sign(&["-digest", "sha256"]);
            assert!(matches!(verify(&key, &SignatureAlgorithm::Ed25519, MESSAGE, &value), Err(VerifyFailure::Unsupported(_))));
        }
    }

    #[test]
    fn rsa_of_several_lengths_and_paddings() {
        for bits in [1024_u32, 2048, 3072] {
            let (judge, key) = Judge::new(&["-algorithm", "RSA", "-pkeyopt", &format!("rsa_keygen_bits:{bits}")]);
            assert_eq!(key.algorithm(), KeyAlgorithm::Rsa { bits });
            for digest in DigestAlgorithm::ALL.iter().copied() {
                let value = judge.sign(&["-digest", digest.name()]);
                holds(&key, &SignatureAlgorithm::RsaPkcs1(digest), &value);
                for salt_len in [digest.len() as u32, 0, 20] {
                    let salt = format!("rsa_pss_saltlen:{salt_len}");
                    let padding = ["-digest", digest.name(), "-pkeyopt", "rsa_padding_mode:pss", "-pkeyopt", &salt];
                    if usize::try_from(salt_len).unwrap() + digest.len() + 2 > (bits / 8) as usize {
                        let algorithm = SignatureAlgorithm::RsaPss { digest, salt_len };
                        let refused = verify(&key, &algorithm, MESSAGE, &vec![1; (bits / 8) as usize]);
                        assert!(matches!(refused, Err(VerifyFailure::Malformed(_) | VerifyFailure::Wrong)));
                        continue;
                    }
                    let value = judge.sign(&padding);
                    holds(&key, &SignatureAlgorithm::RsaPss { digest, salt_len }, &value);
                    // The salt length is part of the algorithm, not something to be found out.
                    let other = SignatureAlgorithm::RsaPss { digest, salt_len: salt_len + 1 };
                    assert!(verify(&key, &other, MESSAGE, &value).is_err());
                }
            }
        }
    }

    #[test]
    fn ed25519_by_both() {
        let (judge, key) = Judge::new(&["-algorithm", "ED25519"]);
        let value = judge.sign(&[]);
        holds(&key, &SignatureAlgorithm::Ed25519, &value);
        assert_eq!(ed25519_by_rustcrypto(&key, MESSAGE, &value), Ok(()));
        assert_eq!(ed25519_by_rustcrypto(&key, b"another message", &value), Err(VerifyFailure::Wrong));
        assert!(matches!(verify_prehash(&key, &SignatureAlgorithm::Ed25519, &[0; 64], &[0; 64]), Err(VerifyFailure::Unsupported(_))));
    }

    /// A key of small order "verifies" R = key, s = 0 over anything; each encoding of one is refused before any arithmetic.
    #[test]
    fn ed25519_keys_of_small_order_are_refused() {
        let (_, sound) = Judge::new(&["-algorithm", "ED25519"]);
        let mut found = 0;
        // Every y for which dalek says that the point is weak, among those that could be: 0 to 255 about zero and p, and the two of order 8.
        for low in 0..=255_u8 {
            for high in [[0; 31], [0xff; 31]] {
                for sign in [0, 0x80] {
                    let mut point = [&[low][..], &high].concat();
                    point[31] = (point[31] & 0x7f) | sign;
                    let point: [u8; 32] = point.try_into().unwrap();
                    let Ok(key) = ed25519_dalek::VerifyingKey::from_bytes(&point) else { continue };
                    assert_eq!(key.is_weak(), small_order(&point), "{point:02x?}");
                    found += usize::from(key.is_weak());
                }
            }
        }
        assert!(found >= 6, "{found}");
        for point in curve25519_order_8() {
            assert!(ed25519_dalek::VerifyingKey::from_bytes(&point).unwrap().is_weak() && small_order(&point));
            let spki = [&sound.spki_der()[..12], &point].concat();
            let key = PublicKey::from_spki_der(&spki).unwrap();
            let value = [&point[..], &[0; 32]].concat();
            assert_eq!(
                verify(&key, &SignatureAlgorithm::Ed25519, MESSAGE, &value),
                Err(VerifyFailure::Malformed("ed25519 key of small order"))
            );
        }
        assert!(!small_order(sound.key_bytes()));
    }

    /// The four points of order 8, from dalek's own table by their public encoding.
    fn curve25519_order_8() -> Vec<[u8; 32]> {
        let y = "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a";
        let first: Vec<u8> = (0..32).map(|i| u8::from_str_radix(&y[2 * i..2 * i + 2], 16).unwrap()).collect();
        // p minus y, little-endian.
        let mut second = vec![0xff; 32];
        (second[0], second[31]) = (0xed, 0x7f);
        let mut borrow = 0_i16;
        for (digit, subtrahend) in second.iter_mut().zip(&first) {
            let difference = i16::from(*digit) - i16::from(*subtrahend) - borrow;
            borrow = i16::from(difference < 0);
            *digit = u8::try_from(difference.rem_euclid(256)).unwrap();
        }
        let with_sign = |mut y: Vec<u8>| {
            y[31] |= 0x80;
            y
        };
        let all = [first.clone(), second.clone(), with_sign(first), with_sign(second)];
        all.into_iter().map(|y| y.try_into().unwrap()).collect()
    }

    /// A digest info that a lenient reader would take: without NULL, with bytes behind the digest, with short padding. Made by raw RSA.
    #[test]
    fn lenient_pkcs1_forms_are_wrong() {
        let (judge, key) = Judge::new(&["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]);
        let digest = Sha256.digest(MESSAGE);
        let oid = [0x06, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1];
        let with_null = [&[0x30, 0x31, 0x30, 0x0d][..], &oid, &[5, 0, 4, 32], &digest].concat();
        let without = [&[0x30, 0x2f, 0x30, 0x0b][..], &oid, &[4, 32], &digest].concat();
        let behind = [&with_null[..], &[0; 8]].concat();
        for (what, info, good) in [("sound", with_null, true), ("no NULL", without, false), ("bytes behind", behind, false)] {
            let mut block = vec![0, 1];
            block.resize(256 - info.len() - 1, 0xff);
            block.push(0);
            block.extend(&info);
            put(judge.0.path(), "block", &block);
            // Decryption without padding is the private operation itself.
            let raw = ["pkeyutl", "-decrypt", "-inkey", "key.pem", "-in", "block", "-out", "raw", "-pkeyopt", "rsa_padding_mode:none"];
            let (ok, text) = openssl(judge.0.path(), &raw);
            assert!(ok, "{text}");
            #[expect(clippy::disallowed_methods, reason = "an outside judge writes files")]
            let value = std::fs::read(judge.0.path().join("raw")).unwrap();
            let algorithm = SignatureAlgorithm::RsaPkcs1(Sha256);
            assert_eq!(verify(&key, &algorithm, MESSAGE, &value).is_ok(), good, "{what}");
            assert_eq!(verify_prehash(&key, &algorithm, &digest, &value).is_ok(), good, "{what}, RustCrypto");
        }
    }

    #[test]
    fn ecdsa_encoding_is_strict() {
        let sound = [0x30, 6, 2, 1, 1, 2, 1, 1];
        assert!(ecdsa_form(KeyAlgorithm::P256, &sound).is_ok());
        for bad in [
            &[0x30, 0x81, 6, 2, 1, 1, 2, 1, 1][..],
            &[0x30, 0x80, 2, 1, 1, 2, 1, 1, 0, 0],
            &[0x30, 7, 2, 2, 0, 1, 2, 1, 1],
            &[0x30, 6, 2, 1, 0x81, 2, 1, 1],
            &[0x30, 6, 2, 1, 0, 2, 1, 1],
            &[0x30, 6, 2, 1, 1, 2, 1, 0],
            &[0x30, 5, 2, 0, 2, 1, 1],
            &[0x30, 3, 2, 1, 1],
            &[0x30, 9, 2, 1, 1, 2, 1, 1, 2, 1, 1],
            &[0x31, 6, 2, 1, 1, 2, 1, 1],
        ] {
            assert!(ecdsa_form(KeyAlgorithm::P256, bad).is_err(), "{bad:02x?}");
        }
        let long = [&[0x30, 38, 2, 33, 1][..], &[0; 32], &[2, 1, 1]].concat();
        assert!(ecdsa_form(KeyAlgorithm::P256, &long).is_err());
        assert!(ecdsa_form(KeyAlgorithm::P384, &long).is_ok());
    }

    #[test]
    fn foreign_points_are_refused() {
        let (_, key) = Judge::new(&["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]);
        let mut spki = key.spki_der().to_vec();
        let last = spki.len() - 1;
        spki[last] ^= 1;
        let off_curve = PublicKey::from_spki_der(&spki).unwrap();
        let value = [0x30, 6, 2, 1, 1, 2, 1, 1];
        for digest in [Sha256, Sha512] {
            assert!(verify(&off_curve, &SignatureAlgorithm::Ecdsa(digest), MESSAGE, &value).is_err());
        }
    }
}
