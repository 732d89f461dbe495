//! The key room, attestations: a maker's chain of certificates.
//!
//! Takes certificates as they came, the target first, and roots; gives the chain read and walked to one of the roots. The path validation of
//! documents is not used: a chain is given in order, leaves of Android carry made-up validity, and policies and names play no part. What stays
//! of RFC 5280 6.1: names, signatures, validity of issuers, basicConstraints, keyUsage, critical extensions.

use super::failure::AttestationFailure;
use crate::crypto::{DigestAlgorithm, KeyAlgorithm, verify};
use crate::pki::certificate::Certificate;
use crate::time::Time;

/// Most certificates of a chain; makers issue three to six.
const MAX_CHAIN: usize = 10;
/// Largest certificate, in bytes.
const MAX_CERTIFICATE: usize = 8192;
/// RSA keys of issuers have at least so many bits.
const LEAST_RSA: u32 = 2048;

/// Whether the validity of the target counts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum TargetValidity {
    /// It is the maker's word.
    Judged,
    /// It was written on the device, whose clock may be wrong: 1970 to 2048 is common (Google's verifier passes over it as well).
    Ignored,
}

/// A chain from a target to a root.
pub(super) struct Chain {
    /// The target first. The root is in it if it was sent.
    certificates: Vec<Certificate>,
}

impl Chain {
    /// Reads the certificates; nothing is judged yet.
    pub(super) fn read(ders: &[Vec<u8>]) -> Result<Chain, AttestationFailure> {
        if ders.is_empty() {
            return Err(AttestationFailure::ChainEmpty);
        }
        if ders.len() > MAX_CHAIN {
            return Err(AttestationFailure::ChainTooLong);
        }
        if ders.iter().any(|der| der.len() > MAX_CERTIFICATE) {
            return Err(AttestationFailure::TooLarge);
        }
        let certificates = ders.iter().map(|der| Certificate::from_der(der)).collect::<Result<_, _>>();
        Ok(Chain { certificates: certificates.map_err(|_| AttestationFailure::CertificateMalformed)? })
    }

    /// The certificate of the attested key.
    pub(super) fn target(&self) -> Result<&Certificate, AttestationFailure> {
        self.certificates.first().ok_or(AttestationFailure::ChainEmpty)
    }

    /// What stands above the target.
    pub(super) fn issuers(&self) -> impl Iterator<Item = &Certificate> {
        self.certificates.iter().skip(1)
    }

    /// Every certificate.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Certificate> {
        self.certificates.iter()
    }

    /// Walks from the target to one of the roots at that time.
    pub(super) fn walk(&self, roots: &[Certificate], at: Time, target: TargetValidity) -> Result<(), AttestationFailure> {
        for (depth, pair) in self.certificates.windows(2).enumerate() {
            let [subject, issuer] = pair else { continue };
            may_issue(issuer, depth)?;
            issued_by(subject, issuer)?;
        }
        let last = self.certificates.last().ok_or(AttestationFailure::ChainEmpty)?;
        let above = self.certificates.len() - 1;
        // Of a root only name and key count: it may be sent in another issue of the same key, or not at all.
        let is_root = |root: &Certificate| last.public_key() == root.public_key() && last.comparable_subject() == root.comparable_subject();
        let sent = above > 0 && roots.iter().any(is_root);
        if !sent {
            let named: Vec<&Certificate> = roots.iter().filter(|root| last.names_issuer(root)).collect();
            // A root of the right name and another key is somebody's own.
            if named.is_empty() || last.is_self_issued() {
                return Err(AttestationFailure::RootUntrusted);
            }
            if !named.iter().any(|root| issued_by(last, root).is_ok()) {
                return Err(AttestationFailure::ChainSignature);
            }
        }
        let judged = if sent { above } else { above + 1 };
        for (depth, certificate) in self.certificates.iter().enumerate().take(judged) {
            if !certificate.unknown_critical_extensions().is_empty() {
                return Err(AttestationFailure::ChainCriticalExtension);
            }
            if depth == 0 && target == TargetValidity::Ignored {
                continue;
            }
            if at > certificate.not_after() {
                return Err(AttestationFailure::ChainExpired);
            }
            if at < certificate.not_before() {
                return Err(AttestationFailure::ChainNotYetValid);
            }
        }
        Ok(())
    }
}

/// Whether that certificate may issue others, with so many issuers below it.
fn may_issue(issuer: &Certificate, below: usize) -> Result<(), AttestationFailure> {
    let deep_enough = issuer.path_len().is_none_or(|limit| usize::try_from(limit).is_ok_and(|limit| below <= limit));
    let usage = issuer.key_usage().is_none_or(|usage| usage.key_cert_sign);
    if issuer.is_ca() && deep_enough && usage { Ok(()) } else { Err(AttestationFailure::ChainAuthority) }
}

fn issued_by(subject: &Certificate, issuer: &Certificate) -> Result<(), AttestationFailure> {
    if !subject.names_issuer(issuer) {
        return Err(AttestationFailure::ChainNames);
    }
    let strong = !matches!(issuer.public_key().algorithm(), KeyAlgorithm::Rsa { bits } if bits < LEAST_RSA);
    let algorithm = subject.signature_algorithm().filter(|algorithm| strong && algorithm.digest() != Some(DigestAlgorithm::Sha1));
    let algorithm = algorithm.ok_or(AttestationFailure::ChainSignature)?;
    verify(issuer.public_key(), algorithm, subject.tbs_der(), subject.signature()).map_err(|_| AttestationFailure::ChainSignature)
}
