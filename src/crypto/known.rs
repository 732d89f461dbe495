//! The crypto room: signatures that were found to hold before. Takes what `verify` takes and gives what it gives; computes once what comes again, as
//! the signature of an authority's certificate does with every document. May not keep a signature that does not hold: there is no end of those.

use super::algorithm::{PublicKey, SignatureAlgorithm};
use super::digest::{DigestAlgorithm, Hasher};
use super::verify::{self, VerifyFailure};
use std::collections::HashSet;
use std::fmt;
use std::sync::{Mutex, PoisonError};

/// Most that are kept, of 32 bytes and an algorithm each; then it begins anew.
const MAX_KEPT: usize = 16_384;

/// Signatures that hold, shared by threads and by questions about paths ([`PathInputs::known`](crate::pki::PathInputs)). What is kept are digests
/// over key, signature and message: whoever could make two of them alike could forge the signatures as well.
#[derive(Default)]
pub struct KnownSignatures(Mutex<HashSet<Entry>>);

/// The algorithm, and the digest of all else.
type Entry = (SignatureAlgorithm, Vec<u8>);

impl KnownSignatures {
    /// None yet.
    #[must_use]
    pub fn new() -> KnownSignatures {
        KnownSignatures::default()
    }

    /// As [`verify`](super::verify()).
    ///
    /// # Errors
    /// As [`verify`](super::verify()).
    pub fn verify(&self, key: &PublicKey, algorithm: &SignatureAlgorithm, message: &[u8], signature: &[u8]) -> Result<(), VerifyFailure> {
        let entry = (algorithm.clone(), name(Form::Message, key, message, signature));
        self.once(entry, || verify::verify(key, algorithm, message, signature))
    }

    /// As [`verify_prehash`](super::verify_prehash()).
    ///
    /// # Errors
    /// As [`verify_prehash`](super::verify_prehash()).
    pub fn verify_prehash(
        &self,
        key: &PublicKey,
        algorithm: &SignatureAlgorithm,
        digest: &[u8],
        signature: &[u8],
    ) -> Result<(), VerifyFailure> {
        let entry = (algorithm.clone(), name(Form::Digest, key, digest, signature));
        self.once(entry, || verify::verify_prehash(key, algorithm, digest, signature))
    }

    fn once(&self, entry: Entry, compute: impl FnOnce() -> Result<(), VerifyFailure>) -> Result<(), VerifyFailure> {
        if self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(&entry) {
            return Ok(());
        }
        // Not under the lock: others go on. Two threads may compute the same at first.
        compute()?;
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MAX_KEPT {
            known.clear();
        }
        known.insert(entry);
        Ok(())
    }
}

impl fmt::Debug for KnownSignatures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KnownSignatures")
    }
}

/// What a signature was verified over. Apart, so that no message passes for a digest.
#[derive(Clone, Copy)]
enum Form {
    Message,
    Digest,
}

/// Each part with its length before it: no byte can move from one to the next.
fn name(form: Form, key: &PublicKey, over: &[u8], signature: &[u8]) -> Vec<u8> {
    let mut hasher = Hasher::new(DigestAlgorithm::Sha256);
    hasher.update(&[form as u8]);
    for part in [key.spki_der(), signature, over] {
        hasher.update(&(part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::testing::Key;

    fn kept(known: &KnownSignatures) -> usize {
        known.0.lock().unwrap().len()
    }

    #[test]
    fn what_holds_is_kept_and_what_does_not_is_refused_each_time() {
        let known = KnownSignatures::new();
        let (public, algorithm) = (Key::new(1).public(), SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha256));
        let value = Key::new(1).sign(b"message");
        let digest = DigestAlgorithm::Sha256.digest(b"message");
        for _ in 0..2 {
            assert_eq!(known.verify(&public, &algorithm, b"message", &value), Ok(()));
            assert_eq!(kept(&known), 1);
            assert_eq!(known.verify(&public, &algorithm, b"massage", &value), Err(VerifyFailure::Wrong));
            assert_eq!(known.verify(&Key::new(2).public(), &algorithm, b"message", &value), Err(VerifyFailure::Wrong));
            assert!(known.verify(&public, &SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha384), b"message", &value).is_err());
            assert!(known.verify(&public, &SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha256), b"message", &value).is_err());
            assert!(known.verify(&public, &algorithm, b"message", &value[..value.len() - 1]).is_err());
            // A byte that moves from the signature to the message.
            let moved = [&value[value.len() - 1..], b"message"].concat();
            assert!(known.verify(&public, &algorithm, &moved, &value[..value.len() - 1]).is_err());
            // The digest that a message has is not that message.
            assert!(known.verify(&public, &algorithm, &digest, &value).is_err());
            assert!(known.verify_prehash(&public, &algorithm, b"message", &value).is_err());
            assert_eq!(kept(&known), 1);
        }
        assert_eq!(known.verify_prehash(&public, &algorithm, &digest, &value), Ok(()));
        assert_eq!(kept(&known), 2);
    }

    #[test]
    fn no_more_are_kept_than_the_limit() {
        let known = KnownSignatures::new();
        let algorithm = SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha256);
        for n in 0..MAX_KEPT {
            known.0.lock().unwrap().insert((algorithm.clone(), n.to_be_bytes().to_vec()));
        }
        let value = Key::new(1).sign(b"message");
        assert_eq!(known.verify(&Key::new(1).public(), &algorithm, b"message", &value), Ok(()));
        assert_eq!(kept(&known), 1);
    }
}
