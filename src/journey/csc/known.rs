//! The room `journey`: what is known of a remote credential: takes the service's word, gives a key and certificates that fit together.

use crate::crypto::digest::DigestAlgorithm;
use crate::error::{Error, ErrorKind, Result};
use crate::key::{KeyInfo, KeyPurpose, Prompt, Protection};
use crate::pki::Certificate;
use crate::remote::csc::algorithm::signature;
use crate::remote::csc::credential_info::{AskCredential, CredentialInfo, WantedCertificates};
use crate::remote::http::{Request, Response};

/// Keys of RSA, named without a digest (RFC 8017 appendix A.1): any digest will do.
const RSA: &str = "1.2.840.113549.1.1.1";
/// Most certificates that are looked at.
const MAX_CHAIN: usize = 16;

/// A remote credential.
pub(super) struct Known {
    pub(super) info: KeyInfo,
    pub(super) certificates: Vec<Certificate>,
    pub(super) said: CredentialInfo,
}

impl Known {
    /// Asks the service; the key is the one in the credential's certificate, whatever is said beside it.
    pub(super) fn ask(name: &str, send: impl FnOnce(Request) -> Result<Response>) -> Result<Known> {
        let asked = AskCredential {
            credential_id: name.to_owned(),
            certificates: WantedCertificates::Chain,
            // It stands in the certificate, which is read here.
            cert_info: false,
            auth_info: true,
        };
        let said = CredentialInfo::decode(&send(asked.encode())?).map_err(|error| match error.kind() {
            ErrorKind::ServiceRefused | ErrorKind::RecordNotFound => Error::new(ErrorKind::KeyNotFound).caused_by(error),
            _ => error,
        })?;
        if said.certificates.len() > MAX_CHAIN {
            return Err(Error::new(ErrorKind::BadAnswer).context("too many certificates of a credential"));
        }
        let certificates: Vec<Certificate> = said.certificates.iter().map(|der| Certificate::from_der(der)).collect::<Result<_>>()?;
        let leaf = certificates.first().ok_or_else(|| Error::new(ErrorKind::BadAnswer).context("a credential without a certificate"))?;
        // Where the key lives nobody has proven; and each use asks, a person or their device.
        let info = KeyInfo::new(name, leaf.public_key().clone(), Protection::Software, KeyPurpose::Signing, Prompt::PerUse);
        Ok(Known { info, certificates, said })
    }

    /// Whether the service says that the key does that algorithm, over that digest.
    pub(super) fn does(&self, oid: &str, digest: DigestAlgorithm) -> bool {
        let said = &self.said.algorithms;
        said.iter().any(|one| one == oid)
            || (digest != DigestAlgorithm::Sha1
                && said.iter().any(|one| one == RSA)
                && signature(oid).is_some_and(|known| known.name().starts_with("rsa")))
    }
}
