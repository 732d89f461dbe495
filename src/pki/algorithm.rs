//! The pki room: AlgorithmIdentifier and SubjectPublicKeyInfo, DER <-> values.
//!
//! Takes DER, gives the values of `crypto::algorithm`. An algorithm identifier is taken with all its parameters or refused; explicit curve
//! parameters are never evaluated.

use crate::crypto::algorithm::{Parts, RsaUse};
use crate::error::{Error, ErrorKind, Result};
use crate::pki::der::{self, DerFault, Tlv};
use crate::switch::{Check, on};
use const_oid::ObjectIdentifier;

pub use crate::crypto::algorithm::{KeyAlgorithm, PublicKey, SignatureAlgorithm};
pub use crate::crypto::digest::DigestAlgorithm;

const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
const MGF1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.8");
const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
const MD5: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.2.5");
const MD5_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.4");
const CURVES: [(ObjectIdentifier, KeyAlgorithm, usize); 5] = [
    (ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7"), KeyAlgorithm::P256, 32),
    (ObjectIdentifier::new_unwrap("1.3.132.0.34"), KeyAlgorithm::P384, 48),
    (ObjectIdentifier::new_unwrap("1.3.132.0.35"), KeyAlgorithm::P521, 66),
    (ObjectIdentifier::new_unwrap("1.3.36.3.3.2.8.1.1.7"), built(KeyAlgorithm::BrainpoolP256r1, "brainpoolP256r1, not in this build"), 32),
    (ObjectIdentifier::new_unwrap("1.3.36.3.3.2.8.1.1.11"), built(KeyAlgorithm::BrainpoolP384r1, "brainpoolP384r1, not in this build"), 48),
];

/// The algorithm where the feature `algorithms-full` is on, otherwise its name as unsupported.
const fn built(kind: KeyAlgorithm, absent: &'static str) -> KeyAlgorithm {
    if cfg!(feature = "algorithms-full") { kind } else { KeyAlgorithm::Unsupported(absent) }
}

const SIMPLE: &[(ObjectIdentifier, SignatureAlgorithm)] = &[
    (ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2"), SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha256)),
    (ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3"), SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha384)),
    (ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.4"), SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha512)),
    (ObjectIdentifier::new_unwrap("1.2.840.10045.4.1"), SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha1)),
    (ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11"), SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha256)),
    (ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.12"), SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha384)),
    (ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.13"), SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha512)),
    (ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.5"), SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha1)),
    #[cfg(feature = "algorithms-full")]
    (ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.1"), SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha224)),
    #[cfg(feature = "algorithms-full")]
    (ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.14"), SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha224)),
    #[cfg(feature = "algorithms-full")]
    (ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.16"), SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha512_256)),
    #[cfg(feature = "algorithms-full")]
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.9"), SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha3_224)),
    #[cfg(feature = "algorithms-full")]
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.10"), SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha3_256)),
    #[cfg(feature = "algorithms-full")]
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.11"), SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha3_384)),
    #[cfg(feature = "algorithms-full")]
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.12"), SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha3_512)),
    #[cfg(feature = "algorithms-full")]
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.13"), SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha3_224)),
    #[cfg(feature = "algorithms-full")]
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.14"), SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha3_256)),
    #[cfg(feature = "algorithms-full")]
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.15"), SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha3_384)),
    #[cfg(feature = "algorithms-full")]
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.16"), SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha3_512)),
];

/// Known and left out of this build: named, so that a signature of theirs is "unsupported", with what, and not merely unknown.
#[cfg(not(feature = "algorithms-full"))]
const ABSENT: [(ObjectIdentifier, &str); 17] = [
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.4"), "sha224, not in this build"),
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.6"), "sha512-256, not in this build"),
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.7"), "sha3-224, not in this build"),
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.8"), "sha3-256, not in this build"),
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.9"), "sha3-384, not in this build"),
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.10"), "sha3-512, not in this build"),
    (ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.1"), "ecdsa-sha224, not in this build"),
    (ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.14"), "rsa-pkcs1-sha224, not in this build"),
    (ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.16"), "rsa-pkcs1-sha512-256, not in this build"),
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.9"), "ecdsa-sha3-224, not in this build"),
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.10"), "ecdsa-sha3-256, not in this build"),
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.11"), "ecdsa-sha3-384, not in this build"),
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.12"), "ecdsa-sha3-512, not in this build"),
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.13"), "rsa-pkcs1-sha3-224, not in this build"),
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.14"), "rsa-pkcs1-sha3-256, not in this build"),
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.15"), "rsa-pkcs1-sha3-384, not in this build"),
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.16"), "rsa-pkcs1-sha3-512, not in this build"),
];

/// Why an algorithm identifier was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AlgorithmFault {
    Malformed(DerFault),
    /// MD5: broken, never verified.
    Forbidden,
    /// RSASSA-PSS with parameters that no sound signer writes.
    OddPss,
    /// A known one that this build leaves out.
    #[cfg_attr(feature = "algorithms-full", expect(dead_code, reason = "every known algorithm is built in"))]
    Absent(&'static str),
    Unknown,
}

impl AlgorithmFault {
    /// What is not supported: the algorithm's name where it is known, else the place where it stands.
    pub(crate) fn what(self, place: &'static str) -> &'static str {
        match self {
            AlgorithmFault::Absent(name) => name,
            _ => place,
        }
    }
}

/// What an identifier that is in no table means.
fn unknown(oid: &ObjectIdentifier) -> AlgorithmFault {
    #[cfg(not(feature = "algorithms-full"))]
    if let Some((_, name)) = ABSENT.iter().find(|(known, _)| known == oid) {
        return AlgorithmFault::Absent(name);
    }
    let _ = oid;
    AlgorithmFault::Unknown
}

impl From<DerFault> for AlgorithmFault {
    fn from(fault: DerFault) -> AlgorithmFault {
        AlgorithmFault::Malformed(fault)
    }
}

impl From<AlgorithmFault> for Error {
    fn from(fault: AlgorithmFault) -> Error {
        match fault {
            AlgorithmFault::Malformed(fault) => fault.into(),
            AlgorithmFault::Forbidden => Error::new(ErrorKind::AlgorithmUnsupported).context("MD5"),
            AlgorithmFault::OddPss => Error::new(ErrorKind::AlgorithmUnsupported).context("RSASSA-PSS parameters"),
            other => Error::new(ErrorKind::AlgorithmUnsupported).context(other.what("signature algorithm")),
        }
    }
}

/// The two members of an AlgorithmIdentifier (RFC 5280 4.1.1.2).
pub(crate) fn identifier(bytes: &[u8]) -> Result<(ObjectIdentifier, Option<Tlv<'_>>), DerFault> {
    let mut reader = der::whole(bytes, der::SEQUENCE, "algorithm identifier")?.inside();
    let oid = reader.expect(der::OID, "algorithm identifier")?.oid()?;
    let parameters = if reader.is_empty() { None } else { Some(reader.any()?) };
    reader.finish("algorithm identifier")?;
    Ok((oid, parameters))
}

/// Absent or NULL: what the RSA and digest identifiers carry, and what some signers write after ECDSA identifiers as well.
fn no_parameters(parameters: Option<Tlv<'_>>) -> Result<(), DerFault> {
    match parameters {
        None => Ok(()),
        Some(tlv) if tlv.tag == der::NULL && tlv.value.is_empty() => Ok(()),
        Some(tlv) => Err(tlv.fault("algorithm parameters")),
    }
}

/// The digest algorithm of an AlgorithmIdentifier.
pub(crate) fn digest_algorithm(bytes: &[u8]) -> Result<DigestAlgorithm, AlgorithmFault> {
    let (oid, parameters) = identifier(bytes)?;
    no_parameters(parameters)?;
    if oid == MD5 {
        return Err(AlgorithmFault::Forbidden);
    }
    DigestAlgorithm::from_oid(&oid).ok_or_else(|| unknown(&oid))
}

/// The signature algorithm of an AlgorithmIdentifier. With `digest`, the identifiers that CMS allows to name only the key
/// (`rsaEncryption`, RFC 3370 3.2) are completed by it.
pub(crate) fn signature_algorithm(bytes: &[u8], digest: Option<DigestAlgorithm>) -> Result<SignatureAlgorithm, AlgorithmFault> {
    let (oid, parameters) = identifier(bytes)?;
    if let Some((_, algorithm)) = SIMPLE.iter().find(|(known, _)| *known == oid) {
        no_parameters(parameters)?;
        return Ok(algorithm.clone());
    }
    if oid == RSA_PSS {
        return pss(parameters.ok_or(AlgorithmFault::OddPss)?);
    }
    if oid == ED25519 {
        return if parameters.is_none() { Ok(SignatureAlgorithm::Ed25519) } else { Err(AlgorithmFault::Unknown) };
    }
    if oid == MD5_RSA {
        return Err(AlgorithmFault::Forbidden);
    }
    match digest {
        Some(digest) if oid == RSA_ENCRYPTION => {
            no_parameters(parameters)?;
            Ok(SignatureAlgorithm::RsaPkcs1(digest))
        }
        _ => Err(unknown(&oid)),
    }
}

/// RSASSA-PSS-params (RFC 4055 3.1). The digest of MGF1 must be the digest itself, and the trailer field 1.
fn pss(parameters: Tlv<'_>) -> Result<SignatureAlgorithm, AlgorithmFault> {
    if parameters.tag != der::SEQUENCE {
        return Err(AlgorithmFault::OddPss);
    }
    let mut reader = parameters.inside();
    let mut explicit = |tag: u8| -> Result<Option<Tlv<'_>>, DerFault> {
        let Some(outer) = reader.optional(tag)? else { return Ok(None) };
        let mut inside = outer.inside();
        let tlv = inside.any()?;
        inside.finish("pss parameters")?;
        Ok(Some(tlv))
    };
    let hash = explicit(0xa0)?.map_or(Ok(DigestAlgorithm::Sha1), |tlv| digest_algorithm(tlv.raw))?;
    let mask = match explicit(0xa1)? {
        None => DigestAlgorithm::Sha1,
        Some(tlv) => {
            let (oid, inner) = identifier(tlv.raw)?;
            if oid != MGF1 {
                return Err(AlgorithmFault::OddPss);
            }
            digest_algorithm(inner.ok_or(AlgorithmFault::OddPss)?.raw)?
        }
    };
    let salt_len = explicit(0xa2)?.map_or(Ok(20), |tlv| if tlv.tag == der::INTEGER { tlv.small() } else { Err(tlv.fault("salt")) })?;
    let trailer = explicit(0xa3)?.map_or(Ok(1), |tlv| tlv.small())?;
    reader.finish("pss parameters")?;
    if (mask != hash || trailer != 1) && on(Check::CmsPssParameters) {
        return Err(AlgorithmFault::OddPss);
    }
    Ok(SignatureAlgorithm::RsaPss { digest: hash, salt_len })
}

/// AlgorithmIdentifier DER of a digest algorithm. Parameters are left out (RFC 5754 2).
pub(crate) fn digest_to_der(digest: DigestAlgorithm) -> Vec<u8> {
    der::write(der::SEQUENCE, &[&der::write_oid(&digest.oid())])
}

impl SignatureAlgorithm {
    /// The AlgorithmIdentifier DER: no parameters for ECDSA and Ed25519 (RFC 5758 3.2, RFC 8410 3), NULL for PKCS#1 v1.5 (RFC 4055 5), all
    /// parameters for PSS.
    #[must_use]
    pub fn to_der(&self) -> Vec<u8> {
        let null = der::write(der::NULL, &[]);
        if let Some((oid, _)) = SIMPLE.iter().find(|(_, known)| known == self) {
            let oid = der::write_oid(oid);
            return match self {
                SignatureAlgorithm::RsaPkcs1(_) => der::write(der::SEQUENCE, &[&oid, &null]),
                _ => der::write(der::SEQUENCE, &[&oid]),
            };
        }
        let SignatureAlgorithm::RsaPss { digest, salt_len } = self else {
            return der::write(der::SEQUENCE, &[&der::write_oid(&ED25519)]);
        };
        let hash = der::write(der::SEQUENCE, &[&der::write_oid(&digest.oid()), &null]);
        let mask = der::write(der::SEQUENCE, &[&der::write_oid(&MGF1), &hash]);
        let mut parts = Vec::new();
        // X.690 11.5: a default value is left out.
        if *digest != DigestAlgorithm::Sha1 {
            parts.push(der::write(0xa0, &[&hash]));
            parts.push(der::write(0xa1, &[&mask]));
        }
        if *salt_len != 20 {
            parts.push(der::write(0xa2, &[&der::write_unsigned(&salt_len.to_be_bytes())]));
        }
        let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
        der::write(der::SEQUENCE, &[&der::write_oid(&RSA_PSS), &der::write(der::SEQUENCE, &parts)])
    }

    /// From an AlgorithmIdentifier.
    ///
    /// # Errors
    /// [`ErrorKind::DerMalformed`], or [`ErrorKind::AlgorithmUnsupported`] for anything not in the table, MD5 and odd PSS parameters.
    pub fn from_der(bytes: &[u8]) -> Result<SignatureAlgorithm> {
        Ok(signature_algorithm(bytes, None)?)
    }
}

impl PublicKey {
    /// From SubjectPublicKeyInfo DER, kept as received.
    ///
    /// # Errors
    /// [`ErrorKind::DerMalformed`], or [`ErrorKind::AlgorithmUnsupported`]: another algorithm or curve, explicit curve parameters, an RSA
    /// modulus outside 1024 to 8192 bits or an even or oversized exponent.
    pub fn from_spki_der(bytes: &[u8]) -> Result<PublicKey> {
        let key = read_key(bytes)?;
        match key.algorithm() {
            KeyAlgorithm::Unsupported(what) => Err(Error::new(ErrorKind::AlgorithmUnsupported).context(what)),
            _ => Ok(key),
        }
    }

    /// From a point of that curve (SEC 1 2.3.3; RFC 5480 2.2), or the 32 bytes of an Ed25519 key (RFC 8410 4), as other forms of public keys
    /// carry them. That the point lies on the curve is seen when a signature is checked.
    ///
    /// # Errors
    /// [`ErrorKind::AlgorithmUnsupported`] for RSA and for a point of another length; as [`PublicKey::from_spki_der`].
    pub fn from_point(kind: KeyAlgorithm, point: &[u8]) -> Result<PublicKey> {
        let algorithm = match CURVES.iter().find(|(_, known, _)| *known == kind) {
            Some((curve, _, _)) => [der::write_oid(&EC_PUBLIC_KEY), der::write_oid(curve)].concat(),
            None if kind == KeyAlgorithm::Ed25519 => der::write_oid(&ED25519),
            None => return Err(Error::new(ErrorKind::AlgorithmUnsupported).context("no curve")),
        };
        PublicKey::from_spki_der(&spki(&algorithm, point))
    }

    /// From the modulus and the public exponent of an RSA key, big-endian (RFC 8017 3.1).
    ///
    /// # Errors
    /// As [`PublicKey::from_spki_der`].
    pub fn from_rsa(modulus: &[u8], exponent: &[u8]) -> Result<PublicKey> {
        let numbers = der::write(der::SEQUENCE, &[&der::write_unsigned(modulus), &der::write_unsigned(exponent)]);
        PublicKey::from_spki_der(&spki(&[der::write_oid(&RSA_ENCRYPTION), der::write(der::NULL, &[])].concat(), &numbers))
    }

    /// An RSA or EC key from its SubjectPublicKeyInfo in PEM (`PUBLIC KEY`).
    ///
    /// # Errors
    /// [`ErrorKind::PemMalformed`], or as [`PublicKey::from_spki_der`].
    pub fn from_pem(text: &[u8]) -> Result<PublicKey> {
        let der = crate::pki::pem::blocks(text, "PUBLIC KEY")?;
        let first = der.first().ok_or_else(|| Error::new(ErrorKind::PemMalformed).context("no public key"))?;
        PublicKey::from_spki_der(first)
    }
}

/// SubjectPublicKeyInfo from the content of its algorithm and of its BIT STRING.
fn spki(algorithm: &[u8], key: &[u8]) -> Vec<u8> {
    der::write(der::SEQUENCE, &[&der::write(der::SEQUENCE, &[algorithm]), &der::write(der::BIT_STRING, &[&[0], key])])
}

/// A key as a certificate carries it: well-formed but unsupported keys are kept and named.
pub(crate) fn read_key(bytes: &[u8]) -> Result<PublicKey, DerFault> {
    let mut reader = der::whole(bytes, der::SEQUENCE, "public key")?.inside();
    let algorithm = reader.expect(der::SEQUENCE, "public key algorithm")?;
    let bits = reader.expect(der::BIT_STRING, "public key bits")?;
    reader.finish("public key")?;
    let (oid, parameters) = identifier(algorithm.raw)?;
    let key = bits.bit_bytes()?;
    let mut parts = Parts {
        spki: bytes.into(),
        algorithm: KeyAlgorithm::Unsupported("key algorithm"),
        key: der::range_of(key, bytes),
        modulus: 0..0,
        exponent: 0..0,
        usage: RsaUse::Any,
    };
    if oid == RSA_ENCRYPTION || oid == RSA_PSS {
        let restricted = if oid == RSA_PSS { pss_use(parameters) } else { no_parameters(parameters).map(|()| Some(RsaUse::Any))? };
        let mut numbers = der::whole(key, der::SEQUENCE, "RSA key")?.inside();
        let modulus = numbers.expect(der::INTEGER, "modulus")?.positive()?;
        let exponent = numbers.expect(der::INTEGER, "exponent")?.positive()?;
        numbers.finish("RSA key")?;
        parts.modulus = der::range_of(modulus, bytes);
        parts.exponent = der::range_of(exponent, bytes);
        match restricted {
            Some(usage) => (parts.algorithm, parts.usage) = (rsa_kind(modulus, exponent), usage),
            None => parts.algorithm = KeyAlgorithm::Unsupported("RSASSA-PSS parameters of the key"),
        }
    } else if oid == EC_PUBLIC_KEY {
        parts.algorithm = match parameters {
            Some(tlv) if tlv.tag == der::OID => {
                let curve = tlv.oid()?;
                match CURVES.iter().find(|(known, ..)| *known == curve) {
                    Some((_, KeyAlgorithm::Unsupported(what), _)) => KeyAlgorithm::Unsupported(what),
                    Some((_, kind, len)) => point_kind(key, *kind, *len),
                    None => KeyAlgorithm::Unsupported("curve"),
                }
            }
            Some(tlv) if tlv.tag == der::SEQUENCE => KeyAlgorithm::Unsupported(EXPLICIT_CURVE),
            _ => KeyAlgorithm::Unsupported("curve"),
        };
    } else if oid == ED25519 {
        parts.algorithm =
            if parameters.is_none() && key.len() == 32 { KeyAlgorithm::Ed25519 } else { KeyAlgorithm::Unsupported("Ed25519 key form") };
    }
    Ok(PublicKey::from_parts(parts))
}

/// What a key that names RSASSA-PSS is restricted to (RFC 4055 1.2), `None` for parameters that no signature could have here.
fn pss_use(parameters: Option<Tlv<'_>>) -> Option<RsaUse> {
    let Some(parameters) = parameters else { return Some(RsaUse::Pss) };
    match pss(parameters) {
        Ok(SignatureAlgorithm::RsaPss { digest, salt_len }) => Some(RsaUse::PssWith(digest, salt_len)),
        _ => None,
    }
}

/// Named so that the CMS room can tell it from a merely unknown curve (CVE-2020-0601: a forged generator).
pub(crate) const EXPLICIT_CURVE: &str = "explicit curve parameters";

fn point_kind(point: &[u8], kind: KeyAlgorithm, len: usize) -> KeyAlgorithm {
    match point.first() {
        Some(4) if point.len() == 1 + 2 * len => kind,
        Some(2 | 3) if point.len() == 1 + len => kind,
        _ => KeyAlgorithm::Unsupported("point form"),
    }
}

/// 1024 to 8192 bits, odd; exponent odd, 3 to 2^33 - 1: beyond that verification costs the verifier, not the attacker.
fn rsa_kind(modulus: &[u8], exponent: &[u8]) -> KeyAlgorithm {
    let bits = |number: &[u8]| match number.first() {
        Some(first) => (number.len().min(100_000) as u32) * 8 - first.leading_zeros(),
        None => 0,
    };
    let odd = |number: &[u8]| number.last().is_some_and(|b| b & 1 == 1);
    let size = bits(modulus);
    if !(1024..=8192).contains(&size) {
        KeyAlgorithm::Unsupported("RSA modulus length")
    } else if !odd(modulus) || !odd(exponent) || !(2..=33).contains(&bits(exponent)) {
        KeyAlgorithm::Unsupported("RSA exponent or modulus")
    } else {
        KeyAlgorithm::Rsa { bits: size }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_go_there_and_back() {
        let mut all: Vec<SignatureAlgorithm> = SIMPLE.iter().map(|(_, a)| a.clone()).collect();
        all.push(SignatureAlgorithm::Ed25519);
        for digest in DigestAlgorithm::ALL.iter().copied() {
            for salt_len in [0, 20, 32, 48, 64, 200] {
                all.push(SignatureAlgorithm::RsaPss { digest, salt_len });
            }
        }
        for algorithm in all {
            let der = algorithm.to_der();
            assert!(der::check_der(&der).is_ok());
            assert_eq!(SignatureAlgorithm::from_der(&der).unwrap(), algorithm);
        }
    }

    #[test]
    fn odd_pss_parameters_are_refused() {
        let hash = |d: DigestAlgorithm| der::write(der::SEQUENCE, &[&der::write_oid(&d.oid())]);
        let build = |parts: &[Vec<u8>]| {
            let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
            der::write(der::SEQUENCE, &[&der::write_oid(&RSA_PSS), &der::write(der::SEQUENCE, &parts)])
        };
        let h = der::write(0xa0, &[&hash(DigestAlgorithm::Sha256)]);
        let mgf = |d| der::write(0xa1, &[&der::write(der::SEQUENCE, &[&der::write_oid(&MGF1), &hash(d)])]);
        let trailer = der::write(0xa3, &[&[2, 1, 2]]);
        let salt = der::write(0xa2, &[&[2, 1, 32]]);
        let negative = der::write(0xa2, &[&[2, 1, 0xff]]);
        assert!(SignatureAlgorithm::from_der(&build(&[h.clone(), mgf(DigestAlgorithm::Sha256), salt.clone()])).is_ok());
        for bad in [
            build(&[h.clone(), mgf(DigestAlgorithm::Sha1), salt.clone()]),
            build(&[h.clone(), salt.clone()]),
            build(&[h.clone(), mgf(DigestAlgorithm::Sha256), salt.clone(), trailer]),
            build(&[h.clone(), mgf(DigestAlgorithm::Sha256), negative]),
            der::write(der::SEQUENCE, &[&der::write_oid(&RSA_PSS)]),
            der::write(der::SEQUENCE, &[&der::write_oid(&RSA_PSS), &[5, 0]]),
            der::write(der::SEQUENCE, &[&der::write_oid(&MD5_RSA), &[5, 0]]),
        ] {
            assert!(SignatureAlgorithm::from_der(&bad).is_err());
        }
    }

    #[test]
    fn rsa_limits() {
        let n = |bits: usize| {
            let mut n = vec![0xff; bits / 8];
            n[0] = 0x80;
            n
        };
        assert_eq!(rsa_kind(&n(1024), &[3]), KeyAlgorithm::Rsa { bits: 1024 });
        assert_eq!(rsa_kind(&n(8192), &[1, 0, 1]), KeyAlgorithm::Rsa { bits: 8192 });
        for (modulus, exponent) in
            [(n(1016), &[3][..]), (n(8200), &[3]), (n(2048), &[1]), (n(2048), &[4]), (n(2048), &[4, 0, 0, 0, 1]), (n(2048), &[0])]
        {
            assert!(matches!(rsa_kind(&modulus, exponent), KeyAlgorithm::Unsupported(_)), "{} {exponent:?}", modulus.len());
        }
        let mut even = n(2048);
        *even.last_mut().unwrap() = 2;
        assert!(matches!(rsa_kind(&even, &[3]), KeyAlgorithm::Unsupported(_)));
    }
}
