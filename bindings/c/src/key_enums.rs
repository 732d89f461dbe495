//! The C border: the enumerations about keys and algorithms, as numbers for the header. Values never move.

use crate::enums::unknown;
use thrivosign::Result;
use thrivosign::crypto::{DigestAlgorithm, KeyAlgorithm, SignatureAlgorithm};
use thrivosign::key::{KeyPurpose, KeySpec, Prompt, Protection};

/// What a key is for. The two are never mixed.
#[repr(C)]
pub enum thrivosign_key_purpose {
    /// Registered with the device; answers the service.
    Authentication = 1,
    /// Certified; signs documents.
    Signing = 2,
}

pub(crate) fn key_purpose_out(value: KeyPurpose) -> i32 {
    use thrivosign_key_purpose as Out;
    let known = match value {
        KeyPurpose::Authentication => Out::Authentication,
        KeyPurpose::Signing => Out::Signing,
        _ => return 0,
    };
    known as i32
}

pub(crate) fn key_purpose_in(value: i32) -> Result<KeyPurpose> {
    use thrivosign_key_purpose as In;
    Ok(match value {
        x if x == In::Authentication as i32 => KeyPurpose::Authentication,
        x if x == In::Signing as i32 => KeyPurpose::Signing,
        _ => return Err(unknown("key_purpose")),
    })
}

/// Where a private key lives, as its store found it.
#[repr(C)]
pub enum thrivosign_protection {
    /// A secure element beside the processor.
    Strongbox = 1,
    /// A trusted execution environment.
    Tee = 2,
    /// Apple's Secure Enclave.
    SecureEnclave = 3,
    /// A hardware security module or smart card.
    Hsm = 4,
    /// The process's own memory or an encrypted file.
    Software = 5,
}

pub(crate) fn protection_out(value: Protection) -> i32 {
    use thrivosign_protection as Out;
    let known = match value {
        Protection::Strongbox => Out::Strongbox,
        Protection::Tee => Out::Tee,
        Protection::SecureEnclave => Out::SecureEnclave,
        Protection::Hsm => Out::Hsm,
        Protection::Software => Out::Software,
        _ => return 0,
    };
    known as i32
}

pub(crate) fn protection_in(value: i32) -> Result<Protection> {
    use thrivosign_protection as In;
    Ok(match value {
        x if x == In::Strongbox as i32 => Protection::Strongbox,
        x if x == In::Tee as i32 => Protection::Tee,
        x if x == In::SecureEnclave as i32 => Protection::SecureEnclave,
        x if x == In::Hsm as i32 => Protection::Hsm,
        x if x == In::Software as i32 => Protection::Software,
        _ => return Err(unknown("protection")),
    })
}

/// How often the person is asked when a key is used.
#[repr(C)]
pub enum thrivosign_prompt {
    /// For each signature.
    PerUse = 1,
    /// Once for a while, so that several documents can share one approval.
    Window = 2,
    /// Never.
    None = 3,
}

pub(crate) fn prompt_out(value: Prompt) -> i32 {
    use thrivosign_prompt as Out;
    let known = match value {
        Prompt::PerUse => Out::PerUse,
        Prompt::Window => Out::Window,
        Prompt::None => Out::None,
        _ => return 0,
    };
    known as i32
}

pub(crate) fn prompt_in(value: i32) -> Result<Prompt> {
    use thrivosign_prompt as In;
    Ok(match value {
        x if x == In::PerUse as i32 => Prompt::PerUse,
        x if x == In::Window as i32 => Prompt::Window,
        x if x == In::None as i32 => Prompt::None,
        _ => return Err(unknown("prompt")),
    })
}

/// What a key is to be, as the functions that make one take it.
pub(crate) fn key_spec_in(algorithm: i32, purpose: i32, prompt: i32, challenge: Option<&[u8]>) -> Result<KeySpec> {
    let mut spec = KeySpec::new(key_algorithm_in(algorithm)?, key_purpose_in(purpose)?);
    spec.prompt = prompt_in(prompt)?;
    spec.attestation_challenge = challenge.map(<[u8]>::to_vec);
    Ok(spec)
}

/// The kind of a key.
#[repr(C)]
pub enum thrivosign_key_algorithm {
    /// NIST P-256.
    P256 = 1,
    /// NIST P-384.
    P384 = 2,
    /// NIST P-521.
    P521 = 3,
    /// RSA with 2048 bits.
    Rsa2048 = 4,
    /// RSA with 3072 bits.
    Rsa3072 = 5,
    /// RSA with 4096 bits.
    Rsa4096 = 6,
    /// Ed25519.
    Ed25519 = 7,
}

pub(crate) fn key_algorithm_out(value: KeyAlgorithm) -> i32 {
    use thrivosign_key_algorithm as Out;
    let known = match value {
        KeyAlgorithm::P256 => Out::P256,
        KeyAlgorithm::P384 => Out::P384,
        KeyAlgorithm::P521 => Out::P521,
        KeyAlgorithm::Rsa { bits: 2048 } => Out::Rsa2048,
        KeyAlgorithm::Rsa { bits: 3072 } => Out::Rsa3072,
        KeyAlgorithm::Rsa { bits: 4096 } => Out::Rsa4096,
        KeyAlgorithm::Ed25519 => Out::Ed25519,
        _ => return 0,
    };
    known as i32
}

pub(crate) fn key_algorithm_in(value: i32) -> Result<KeyAlgorithm> {
    use thrivosign_key_algorithm as In;
    Ok(match value {
        x if x == In::P256 as i32 => KeyAlgorithm::P256,
        x if x == In::P384 as i32 => KeyAlgorithm::P384,
        x if x == In::P521 as i32 => KeyAlgorithm::P521,
        x if x == In::Rsa2048 as i32 => KeyAlgorithm::Rsa { bits: 2048 },
        x if x == In::Rsa3072 as i32 => KeyAlgorithm::Rsa { bits: 3072 },
        x if x == In::Rsa4096 as i32 => KeyAlgorithm::Rsa { bits: 4096 },
        x if x == In::Ed25519 as i32 => KeyAlgorithm::Ed25519,
        _ => return Err(unknown("key_algorithm")),
    })
}

/// A signature algorithm with all its parameters. ECDSA values are DER (RFC 3279); RSASSA-PSS has the same digest in MGF1 and a salt as long
/// as the digest.
#[repr(C)]
pub enum thrivosign_signature_algorithm {
    /// ECDSA with SHA-256.
    EcdsaSha256 = 1,
    /// ECDSA with SHA-384.
    EcdsaSha384 = 2,
    /// ECDSA with SHA-512.
    EcdsaSha512 = 3,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    RsaPkcs1Sha256 = 4,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    RsaPkcs1Sha384 = 5,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    RsaPkcs1Sha512 = 6,
    /// RSASSA-PSS with SHA-256.
    RsaPssSha256 = 7,
    /// RSASSA-PSS with SHA-384.
    RsaPssSha384 = 8,
    /// RSASSA-PSS with SHA-512.
    RsaPssSha512 = 9,
    /// Pure Ed25519.
    Ed25519 = 10,
}

const fn pss(digest: DigestAlgorithm) -> SignatureAlgorithm {
    SignatureAlgorithm::RsaPss { digest, salt_len: digest.len() as u32 }
}

/// The algorithms by their numbers, from 1.
const ALGORITHMS: [SignatureAlgorithm; 10] = [
    SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha256),
    SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha384),
    SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha512),
    SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha256),
    SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha384),
    SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha512),
    pss(DigestAlgorithm::Sha256),
    pss(DigestAlgorithm::Sha384),
    pss(DigestAlgorithm::Sha512),
    SignatureAlgorithm::Ed25519,
];

pub(crate) fn signature_algorithm_out(value: &SignatureAlgorithm) -> i32 {
    (1..).zip(&ALGORITHMS).find(|(_, known)| *known == value).map_or(0, |(number, _)| number)
}

/// 0 is the usual algorithm of the key: `None`.
pub(crate) fn signature_algorithm_in(value: i32) -> Result<Option<SignatureAlgorithm>> {
    if value == 0 {
        return Ok(None);
    }
    let known = (1..).zip(&ALGORITHMS).find(|(number, _)| *number == value).map(|(_, known)| known.clone());
    known.map(Some).ok_or_else(|| unknown("signature_algorithm"))
}
