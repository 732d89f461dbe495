//! The room `net`: a client's certificate and key as TLS takes them. The key signs wherever it lives: what TLS gets is a signature value, never a key.

use crate::crypto::{DigestAlgorithm, KeyAlgorithm, SignatureAlgorithm};
use crate::error::ErrorKind;
use crate::remote::client_certificate::{ClientCertificate, ConnectionKey};
use rustls::client::ResolvesClientCert;
use rustls::pki_types::CertificateDer;
use rustls::sign::{CertifiedKey, Signer, SigningKey};
use rustls::{Error as TlsError, OtherError, SignatureAlgorithm as TlsAlgorithm, SignatureScheme};
use std::fmt;
use std::sync::Arc;

/// Gives the one certificate whatever authorities the service names: a back office has one for each environment.
pub(super) struct Shown(Arc<CertifiedKey>);

impl Shown {
    pub(super) fn new(certificate: &ClientCertificate) -> Shown {
        let chain = certificate.chain().iter().map(|der| CertificateDer::from(der.clone())).collect();
        Shown(Arc::new(CertifiedKey::new(chain, Arc::new(Lent(certificate.key().clone())))))
    }
}

impl ResolvesClientCert for Shown {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        Some(self.0.clone())
    }

    fn has_certs(&self) -> bool {
        true
    }
}

/// The key, lent to TLS.
struct Lent(Arc<dyn ConnectionKey>);

impl SigningKey for Lent {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        let (scheme, algorithm) = schemes(self.0.public_key().algorithm()).into_iter().find(|(scheme, _)| offered.contains(scheme))?;
        Some(Box::new(Signing { key: self.0.clone(), scheme, algorithm }))
    }

    fn algorithm(&self) -> TlsAlgorithm {
        match self.0.public_key().algorithm() {
            KeyAlgorithm::Rsa { .. } => TlsAlgorithm::RSA,
            KeyAlgorithm::Ed25519 => TlsAlgorithm::ED25519,
            _ => TlsAlgorithm::ECDSA,
        }
    }
}

/// What a kind of key signs with in TLS (RFC 8446 4.2.3), the best first. PKCS#1 v1.5 is for TLS 1.2 alone, and TLS 1.3 never offers it here.
fn schemes(kind: KeyAlgorithm) -> Vec<(SignatureScheme, SignatureAlgorithm)> {
    use DigestAlgorithm::{Sha256, Sha384, Sha512};
    let pss = |digest, salt_len| SignatureAlgorithm::RsaPss { digest, salt_len };
    match kind {
        KeyAlgorithm::P256 => vec![(SignatureScheme::ECDSA_NISTP256_SHA256, SignatureAlgorithm::Ecdsa(Sha256))],
        KeyAlgorithm::P384 => vec![(SignatureScheme::ECDSA_NISTP384_SHA384, SignatureAlgorithm::Ecdsa(Sha384))],
        KeyAlgorithm::P521 => vec![(SignatureScheme::ECDSA_NISTP521_SHA512, SignatureAlgorithm::Ecdsa(Sha512))],
        KeyAlgorithm::Ed25519 => vec![(SignatureScheme::ED25519, SignatureAlgorithm::Ed25519)],
        KeyAlgorithm::Rsa { .. } => vec![
            (SignatureScheme::RSA_PSS_SHA256, pss(Sha256, 32)),
            (SignatureScheme::RSA_PSS_SHA384, pss(Sha384, 48)),
            (SignatureScheme::RSA_PSS_SHA512, pss(Sha512, 64)),
            (SignatureScheme::RSA_PKCS1_SHA256, SignatureAlgorithm::RsaPkcs1(Sha256)),
        ],
        _ => Vec::new(),
    }
}

/// One signature of a handshake.
struct Signing {
    key: Arc<dyn ConnectionKey>,
    scheme: SignatureScheme,
    algorithm: SignatureAlgorithm,
}

impl Signer for Signing {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, TlsError> {
        // A token may take its time: what else is on the way moves on to another thread.
        tokio::task::block_in_place(|| self.key.sign(message, &self.algorithm))
            .map_err(|error| TlsError::Other(OtherError(Arc::new(KeySaid(error.kind())))))
    }

    fn scheme(&self) -> SignatureScheme {
        self.scheme
    }
}

/// What the key said instead of signing; put into the TLS error so that the caller of the transport hears it.
#[derive(Debug)]
pub(super) struct KeySaid(pub(super) ErrorKind);

impl fmt::Display for KeySaid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the key did not sign")
    }
}

impl std::error::Error for KeySaid {}

// Nothing of a key or a certificate is for a log.
macro_rules! nameless {
    ($($kind:ident),*) => { $(impl fmt::Debug for $kind {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(stringify!($kind))
        }
    })* };
}
nameless!(Shown, Lent, Signing);
