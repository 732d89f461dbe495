//! Which keys are admitted, and which algorithms they may sign with: the policy in one place.

use thrivosign::crypto::digest::DigestAlgorithm;
use thrivosign::pki::algorithm::{KeyAlgorithm, PublicKey, SignatureAlgorithm};

/// Whether a signing key is strong enough for signatures that must hold for years (ETSI TS 119 312: RSA of 3000 bits or more).
pub(super) fn strong_for_signing(key: &PublicKey) -> bool {
    match key.algorithm() {
        KeyAlgorithm::P256 | KeyAlgorithm::P384 | KeyAlgorithm::P521 => true,
        KeyAlgorithm::Rsa { bits } => bits >= 3072,
        _ => false,
    }
}

/// Whether an authentication key is strong enough for signatures that must hold for minutes.
pub(super) fn strong_for_authentication(key: &PublicKey) -> bool {
    match key.algorithm() {
        KeyAlgorithm::P256 | KeyAlgorithm::P384 | KeyAlgorithm::P521 | KeyAlgorithm::Ed25519 => true,
        KeyAlgorithm::Rsa { bits } => bits >= 2048,
        _ => false,
    }
}

/// The algorithm of that name, if it is one that is admitted for fresh signatures.
pub(super) fn algorithm_named(name: &str) -> Option<SignatureAlgorithm> {
    use DigestAlgorithm::{Sha256, Sha384, Sha512};
    let pss = |digest: DigestAlgorithm, salt_len| SignatureAlgorithm::RsaPss { digest, salt_len };
    let known = [
        SignatureAlgorithm::Ecdsa(Sha256),
        SignatureAlgorithm::Ecdsa(Sha384),
        SignatureAlgorithm::Ecdsa(Sha512),
        SignatureAlgorithm::RsaPkcs1(Sha256),
        SignatureAlgorithm::RsaPkcs1(Sha384),
        SignatureAlgorithm::RsaPkcs1(Sha512),
        // The salt is as long as the digest (RFC 4055 3.1).
        pss(Sha256, 32),
        pss(Sha384, 48),
        pss(Sha512, 64),
        SignatureAlgorithm::Ed25519,
    ];
    known.into_iter().find(|algorithm| algorithm.name() == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_fresh_algorithms_have_names_here() {
        for name in ["ecdsa-sha256", "rsa-pss-sha256", "rsa-pkcs1-sha512", "ed25519"] {
            assert_eq!(algorithm_named(name).unwrap().name(), name);
        }
        for name in ["ecdsa-sha1", "rsa-pkcs1-sha1", "none", "", "ECDSA-SHA256"] {
            assert!(algorithm_named(name).is_none(), "{name}");
        }
    }
}
