//! The pki room: trust anchors.
//!
//! Takes certificates that the caller trusts, gives their names and keys to path building. Of an anchor only name and key count
//! (RFC 5280 6.1.1 d); its own signature and validity are not checked.

use crate::error::Result;
use crate::pki::certificate::Certificate;
use crate::pki::pem::certificates_from_pem;

/// The certificates the caller trusts. Empty means that nothing is trusted.
#[derive(Clone, Debug, Default)]
pub struct TrustAnchors(Vec<Certificate>);

impl TrustAnchors {
    /// No anchors.
    #[must_use]
    pub fn new() -> TrustAnchors {
        TrustAnchors::default()
    }

    /// Every certificate of a PEM text, or one DER certificate.
    ///
    /// # Errors
    /// As [`certificates_from_pem`].
    pub fn from_pem(bytes: &[u8]) -> Result<TrustAnchors> {
        let mut anchors = TrustAnchors::new();
        for certificate in certificates_from_pem(bytes)? {
            anchors.add(certificate);
        }
        Ok(anchors)
    }

    /// Trusts a certificate. One that is there already is not added again.
    pub fn add(&mut self, certificate: Certificate) {
        if !self.contains(&certificate) {
            self.0.push(certificate);
        }
    }

    /// Whether exactly this certificate is an anchor.
    #[must_use]
    pub fn contains(&self, certificate: &Certificate) -> bool {
        self.0.contains(certificate)
    }

    /// The anchors in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = &Certificate> {
        self.0.iter()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<Certificate> for TrustAnchors {
    fn from_iter<I: IntoIterator<Item = Certificate>>(certificates: I) -> TrustAnchors {
        let mut anchors = TrustAnchors::new();
        certificates.into_iter().for_each(|c| anchors.add(c));
        anchors
    }
}
