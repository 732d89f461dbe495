//! Room `remote`: algorithms as the CSC API names them: by object identifiers in dotted form (CSC API 11.9).

use crate::crypto::{DigestAlgorithm, SignatureAlgorithm};
use der::asn1::AnyRef;
use der::{Decode, Encode, Reader, SliceReader, Tagged};

const RSA_PSS: &str = "1.2.840.113549.1.1.10";
const SIGNATURES: &[(&str, SignatureAlgorithm)] = &[
    ("1.2.840.10045.4.3.2", SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha256)),
    ("1.2.840.10045.4.3.3", SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha384)),
    ("1.2.840.10045.4.3.4", SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha512)),
    ("1.2.840.113549.1.1.11", SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha256)),
    ("1.2.840.113549.1.1.12", SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha384)),
    ("1.2.840.113549.1.1.13", SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha512)),
];
const DIGESTS: &[(&str, DigestAlgorithm)] = &[
    ("2.16.840.1.101.3.4.2.1", DigestAlgorithm::Sha256),
    ("2.16.840.1.101.3.4.2.2", DigestAlgorithm::Sha384),
    ("2.16.840.1.101.3.4.2.3", DigestAlgorithm::Sha512),
];
/// P-256, as `key/curve` names it.
pub const P256: &str = "1.2.840.10045.3.1.7";

/// The digest of that object identifier.
#[must_use]
pub fn digest(oid: &str) -> Option<DigestAlgorithm> {
    DIGESTS.iter().find(|(name, _)| *name == oid).map(|(_, digest)| *digest)
}

/// The object identifier of that digest.
#[must_use]
pub fn digest_oid(digest: DigestAlgorithm) -> Option<&'static str> {
    DIGESTS.iter().find(|(_, known)| *known == digest).map(|(name, _)| *name)
}

/// The signature algorithm of that object identifier, where it needs no parameters.
#[must_use]
pub fn signature(oid: &str) -> Option<SignatureAlgorithm> {
    SIGNATURES.iter().find(|(name, _)| *name == oid).map(|(_, algorithm)| algorithm.clone())
}

/// The object identifier of that algorithm, and its parameters (DER) where it has some (RFC 4055 3.1). `None` for what cannot sign a hash.
#[must_use]
pub fn signature_oid(algorithm: &SignatureAlgorithm) -> Option<(&'static str, Option<Vec<u8>>)> {
    if matches!(algorithm, SignatureAlgorithm::RsaPss { .. }) {
        return Some((RSA_PSS, Some(parameters(&algorithm.to_der())?)));
    }
    SIGNATURES.iter().find(|(_, known)| known == algorithm).map(|(name, _)| (*name, None))
}

/// The parameters of an AlgorithmIdentifier.
fn parameters(identifier: &[u8]) -> Option<Vec<u8>> {
    let whole = AnyRef::from_der(identifier).ok().filter(|any| any.tag() == der::Tag::Sequence)?;
    let mut inside = SliceReader::new(whole.value()).ok()?;
    AnyRef::decode(&mut inside).ok()?;
    let parameters = AnyRef::decode(&mut inside).ok()?.to_der().ok()?;
    inside.is_finished().then_some(parameters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_there_and_back() {
        for (oid, algorithm) in SIGNATURES {
            assert_eq!(signature(oid).as_ref(), Some(algorithm));
            assert_eq!(signature_oid(algorithm), Some((*oid, None)));
        }
        for (oid, known) in DIGESTS {
            assert_eq!((digest(oid), digest_oid(*known)), (Some(*known), Some(*oid)));
        }
        let (oid, parameters) = signature_oid(&SignatureAlgorithm::RsaPss { digest: DigestAlgorithm::Sha256, salt_len: 32 }).unwrap();
        // RSASSA-PSS-params of RFC 4055 3.1 with a salt of 32 bytes at its end.
        assert!(oid == RSA_PSS && parameters.unwrap().ends_with(&[0xa2, 3, 2, 1, 32]));
        assert!(signature("1.2.840.113549.1.1.5").is_none() && signature_oid(&SignatureAlgorithm::Ed25519).is_none());
    }
}
