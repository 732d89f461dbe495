//! The sign room: whose signature it will be. Takes certificates and an algorithm, gives an identity that fits together; the private
//! key stays where it is.

use crate::crypto::algorithm::{PublicKey, SignatureAlgorithm};
use crate::crypto::digest::DigestAlgorithm;
use crate::error::{Error, ErrorKind, Result};
use crate::pki::certificate::Certificate;
use crate::time::Time;

/// Most certificates that go into a signature.
const MAX_CHAIN: usize = 16;

/// The signer's certificate, its issuers, and the algorithm the key will use.
#[derive(Clone)]
pub struct SigningIdentity {
    chain: Vec<Certificate>,
    algorithm: SignatureAlgorithm,
}

impl SigningIdentity {
    /// From the signer's certificate followed by its issuers, each naming the next.
    ///
    /// # Errors
    /// [`ErrorKind::ChainBroken`]; [`ErrorKind::KeyAlgorithmUnsupported`] if the algorithm does not fit the certificate's key;
    /// [`ErrorKind::AlgorithmUnsupported`] for SHA-1 and RSA keys below 2048 bits, which no new signature may use.
    pub fn new(chain: Vec<Certificate>, algorithm: SignatureAlgorithm) -> Result<SigningIdentity> {
        let Some(leaf) = chain.first() else {
            return Err(Error::new(ErrorKind::ChainBroken).context("no certificate"));
        };
        if chain.len() > MAX_CHAIN || chain.windows(2).any(|pair| !pair[0].names_issuer(&pair[1])) {
            return Err(Error::new(ErrorKind::ChainBroken));
        }
        let key = leaf.public_key().algorithm();
        if !algorithm.fits(key) {
            return Err(Error::new(ErrorKind::KeyAlgorithmUnsupported).context("the certificate is for another kind of key"));
        }
        let small = matches!(key, crate::crypto::algorithm::KeyAlgorithm::Rsa { bits } if bits < 2048);
        if algorithm.digest() == Some(DigestAlgorithm::Sha1) || small {
            return Err(Error::new(ErrorKind::AlgorithmUnsupported).context("too weak for a new signature"));
        }
        Ok(SigningIdentity { chain, algorithm })
    }

    /// Finds the certificate of `key` among `certificates` and its issuers after it, whatever their order. `algorithm`: `None` for the
    /// usual one of that kind of key.
    ///
    /// # Errors
    /// [`ErrorKind::CertificateForeign`] if none is for this key; otherwise as [`SigningIdentity::new`].
    pub fn for_key(key: &PublicKey, certificates: &[Certificate], algorithm: Option<SignatureAlgorithm>) -> Result<SigningIdentity> {
        let Some(leaf) = certificates.iter().find(|c| c.public_key() == key) else {
            return Err(Error::new(ErrorKind::CertificateForeign));
        };
        let mut chain = vec![leaf.clone()];
        while let Some(last) = chain.last()
            && !last.is_self_issued()
            && let Some(issuer) = certificates.iter().find(|c| last.names_issuer(c) && !chain.contains(c))
            && chain.len() < MAX_CHAIN
        {
            chain.push(issuer.clone());
        }
        let algorithm = match algorithm {
            Some(algorithm) => algorithm,
            None => SignatureAlgorithm::preferred_for(key.algorithm()).ok_or(ErrorKind::KeyAlgorithmUnsupported)?,
        };
        SigningIdentity::new(chain, algorithm)
    }

    /// The signer's certificate, then its issuers.
    #[must_use]
    pub fn chain(&self) -> &[Certificate] {
        &self.chain
    }

    /// The algorithm.
    #[must_use]
    pub const fn algorithm(&self) -> &SignatureAlgorithm {
        &self.algorithm
    }

    /// The signer's certificate.
    pub(super) fn leaf(&self) -> Result<&Certificate> {
        self.chain.first().ok_or_else(|| Error::new(ErrorKind::Internal))
    }

    /// The digest over the document: the signature's own, SHA-512 for Ed25519 (RFC 8419 3.1).
    pub(super) fn digest(&self) -> DigestAlgorithm {
        self.algorithm.digest().unwrap_or(DigestAlgorithm::Sha512)
    }

    /// Whether this certificate may sign a document at `time`.
    ///
    /// # Errors
    /// [`ErrorKind::CertificateExpired`], [`ErrorKind::CertificateUnsuitable`].
    pub(super) fn check(&self, time: Time) -> Result<()> {
        let leaf = self.leaf()?;
        if time < leaf.not_before() || time > leaf.not_after() {
            return Err(Error::new(ErrorKind::CertificateExpired));
        }
        if !leaf.suits_signing() {
            return Err(Error::new(ErrorKind::CertificateUnsuitable));
        }
        Ok(())
    }
}
