//! A client's certificate: takes what the TLS listener verified, gives its thumbprint and says whether it is the one of a registered name. That it
//! leads to an authority of the operator's and is in its time is TLS's to check; which of an authority's many certificates is whose, is checked here.

use sha2::{Digest, Sha256};
use thrivosign::pki::certificate::Certificate;
use x509_cert::der::Decode;
use x509_cert::der::oid::ObjectIdentifier;
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;

const SUBJECT_ALT_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.17");
/// A Name without attributes.
const NO_NAME: &[u8] = &[0x30, 0];

/// By what a client's certificate is known (RFC 8705 2.1.2). The key is not part of it, so that a renewed certificate is the client's all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientName {
    /// `tls_client_auth_subject_dn`: the subject, as DER.
    Subject(Vec<u8>),
    /// `tls_client_auth_san_dns`.
    SanDns(String),
    /// `tls_client_auth_san_uri`.
    SanUri(String),
}

/// The certificate that a connection was made with.
pub(crate) struct ClientCertificate {
    certificate: Certificate,
    thumbprint: [u8; 32],
}

impl ClientCertificate {
    /// `None` for one that cannot be read, though TLS could.
    pub(crate) fn from_der(der: &[u8]) -> Option<ClientCertificate> {
        let certificate = Certificate::from_der(der).ok()?;
        Some(ClientCertificate { certificate, thumbprint: Sha256::digest(der).into() })
    }

    /// `x5t#S256` before it is encoded (RFC 8705 3.1): what tokens are bound to.
    pub(crate) fn thumbprint(&self) -> [u8; 32] {
        self.thumbprint
    }

    /// Its subject as a name to register; `None` without one.
    pub(crate) fn subject(&self) -> Option<ClientName> {
        let subject = self.certificate.subject_der();
        (subject != NO_NAME).then(|| ClientName::Subject(subject.to_vec()))
    }

    /// Whether it is the certificate of that name.
    pub(crate) fn is_of(&self, name: &ClientName) -> bool {
        match name {
            ClientName::Subject(subject) => subject != NO_NAME && self.certificate.subject_is(subject),
            ClientName::SanDns(host) => {
                self.has(|name| matches!(name, GeneralName::DnsName(found) if found.as_str().eq_ignore_ascii_case(host)))
            }
            ClientName::SanUri(uri) => {
                self.has(|name| matches!(name, GeneralName::UniformResourceIdentifier(found) if found.as_str() == uri))
            }
        }
    }

    fn has(&self, fits: impl Fn(&GeneralName) -> bool) -> bool {
        let names = self.certificate.extension(&SUBJECT_ALT_NAME).and_then(|(_, value)| SubjectAltName::from_der(value).ok());
        names.is_some_and(|names| names.0.iter().any(fits))
    }
}
