//! The pki room: what a certificate has to be good for. One purpose never stands in for another.

use crate::pki::certificate::Certificate;
use crate::pki::oid;

/// What the end entity of a path is used for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Role {
    /// Signs documents: [`Certificate::suits_signing`](super::Certificate::suits_signing).
    #[default]
    Signer,
    /// Makes time stamps (RFC 3161 2.3).
    TimeStamping,
    /// Answers about revocation (RFC 6960 4.2.2.2), by delegation: id-kp-OCSPSigning.
    OcspResponder,
    /// Issues lists of revoked certificates: cRLSign (RFC 5280 6.3.3 f).
    CrlIssuer,
    /// Anything: key usage and purposes are not looked at.
    Any,
}

impl Role {
    /// Whether key usage and purposes of an end entity allow this use.
    #[must_use]
    pub fn suits(self, certificate: &Certificate) -> bool {
        match self {
            Role::Signer => certificate.suits_signing(),
            Role::TimeStamping => certificate.suits_time_stamping(),
            // Stated by name: anyExtendedKeyUsage delegates nothing.
            Role::OcspResponder => {
                certificate.extended_key_usage().is_some_and(|purposes| purposes.contains(&oid::KP_OCSP_SIGNING))
                    && certificate.key_usage().is_none_or(|usage| usage.digital_signature || usage.content_commitment)
            }
            Role::CrlIssuer => certificate.key_usage().is_none_or(|usage| usage.crl_sign),
            Role::Any => true,
        }
    }
}
