//! The pki room: the signatures that one question may compute. Takes a budget, and those that are known to hold; gives whether one more holds. One that
//! is known takes off the budget as any other: what a path is told must not depend on what was asked before.

use crate::crypto::KnownSignatures;
use crate::crypto::verify::{self, VerifyFailure};
use crate::pki::algorithm::{PublicKey, SignatureAlgorithm};
use crate::pki::path::PathFailure;

/// The budget, shared by all that one question leads to.
pub(crate) struct Signatures<'a> {
    left: u32,
    known: Option<&'a KnownSignatures>,
}

impl<'a> Signatures<'a> {
    pub(crate) const fn new(left: u32, known: Option<&'a KnownSignatures>) -> Signatures<'a> {
        Signatures { left, known }
    }

    /// Takes off the budget what is work besides signatures.
    pub(crate) fn take(&mut self, n: u32) -> Result<(), PathFailure> {
        self.left = self.left.checked_sub(n).ok_or(PathFailure::Budget)?;
        Ok(())
    }

    /// As [`verify::verify`]; `Err` only when the budget is used up.
    pub(crate) fn verify(
        &mut self,
        key: &PublicKey,
        algorithm: &SignatureAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Result<Result<(), VerifyFailure>, PathFailure> {
        self.take(1)?;
        Ok(match self.known {
            Some(known) => known.verify(key, algorithm, message, signature),
            None => verify::verify(key, algorithm, message, signature),
        })
    }

    /// As [`verify::verify_prehash`]; `Err` only when the budget is used up.
    pub(crate) fn verify_prehash(
        &mut self,
        key: &PublicKey,
        algorithm: &SignatureAlgorithm,
        digest: &[u8],
        signature: &[u8],
    ) -> Result<Result<(), VerifyFailure>, PathFailure> {
        self.take(1)?;
        Ok(match self.known {
            Some(known) => known.verify_prehash(key, algorithm, digest, signature),
            None => verify::verify_prehash(key, algorithm, digest, signature),
        })
    }
}
