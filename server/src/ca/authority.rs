//! The signers' authority: takes the data folder, gives the root and issuing CA that stand there (made on the first start)
//! and certificates for users.

use super::key;
use super::name::{self, Subject};
use super::profile::{self, Issuer, TrustServices};
use crate::failure::Failure;
use crate::folder::Folder;
use crate::random;
use der::pem::LineEnding;
use der::{Decode, DecodePem, EncodePem};
use p256::ecdsa::SigningKey;
use thrivosign::Time;
use x509_cert::Certificate;

const ROOT_KEY: &str = "ca-root.key.pem";
const ROOT_CERTIFICATE: &str = "ca-root.pem";
const ISSUING_KEY: &str = "ca-issuing.key.pem";
const ISSUING_CERTIFICATE: &str = "ca-issuing.pem";

/// Root and issuing CA. The root's key is not kept in memory: it signed the issuing CA and is not needed to run.
pub(crate) struct Authority {
    issuing: Certificate,
    issuing_der: Vec<u8>,
    issuing_key: SigningKey,
    root_der: Vec<u8>,
    root_pem: String,
    services: Option<TrustServices>,
}

/// A certificate just issued.
pub(crate) struct Issued {
    /// DER of the certificate.
    pub(crate) der: Vec<u8>,
    /// Its serial number in lower-case hexadecimal.
    pub(crate) serial: String,
    /// Start of validity.
    pub(crate) not_before: Time,
    /// End of validity.
    pub(crate) not_after: Time,
}

impl Authority {
    /// Root and issuing CA of that folder. A start that was cut short is taken up where it stopped: a key without its
    /// certificate gets one, a certificate that does not match its key is refused.
    pub(crate) fn open(folder: &Folder, services: Option<TrustServices>, now: Time) -> Result<Authority, Failure> {
        let root_name = name::authority("ThrivoSign Demo Root CA")?;
        let issuing_name = name::authority("ThrivoSign Demo Issuing CA")?;
        let issuing_key = key::open_or_make(folder, ISSUING_KEY)?;
        let (root, issuing) = match (folder.read(ROOT_CERTIFICATE)?, folder.read(ISSUING_CERTIFICATE)?) {
            (Some(root), Some(issuing)) => (parse(&root)?, parse(&issuing)?),
            (root, _) => {
                let root_key = key::open_or_make(folder, ROOT_KEY)?;
                let issuer = Issuer { name: &root_name, key: &root_key };
                let root = match root {
                    Some(pem) => parse(&pem)?,
                    None => {
                        let root = profile::root(&issuer, now)?;
                        folder.write(ROOT_CERTIFICATE, pem(&root)?.as_bytes())?;
                        root
                    }
                };
                must_match(&root, &root_key)?;
                let issuing = profile::issuing(&issuer, &issuing_name, &issuing_key, now)?;
                folder.write(ISSUING_CERTIFICATE, pem(&issuing)?.as_bytes())?;
                (root, issuing)
            }
        };
        must_match(&issuing, &issuing_key)?;
        Ok(Authority {
            issuing_der: profile::der(&issuing)?,
            issuing,
            issuing_key,
            root_der: profile::der(&root)?,
            root_pem: pem(&root)?,
            services,
        })
    }

    /// Issues a certificate for that subject and key (SubjectPublicKeyInfo DER). That the holder has the key, and may have
    /// this subject, has been checked by the caller.
    pub(crate) fn issue(&self, subject: &Subject, spki_der: &[u8], now: Time) -> Result<Issued, Failure> {
        let issuer = Issuer { name: self.issuing.tbs_certificate().subject(), key: &self.issuing_key };
        let certificate = profile::user(&issuer, subject, spki_der, self.services.as_ref(), now)?;
        let validity = certificate.tbs_certificate().validity();
        let unix = |time: &x509_cert::time::Time| i64::try_from(time.to_unix_duration().as_secs()).map(Time::from_unix);
        Ok(Issued {
            serial: random::hex(certificate.tbs_certificate().serial_number().as_bytes()),
            not_before: unix(&validity.not_before).map_err(Failure::at("a date is out of range"))?,
            not_after: unix(&validity.not_after).map_err(Failure::at("a date is out of range"))?,
            der: profile::der(&certificate)?,
        })
    }

    /// DER of the certificates above a user's: issuing CA, then root.
    pub(crate) fn chain(&self) -> [&[u8]; 2] {
        [&self.issuing_der, &self.root_der]
    }

    /// PEM of the root that signers' certificates lead to.
    pub(crate) fn root_pem(&self) -> &str {
        &self.root_pem
    }
}

pub(super) fn parse(pem: &[u8]) -> Result<Certificate, Failure> {
    Certificate::from_pem(pem).or_else(|_| Certificate::from_der(pem)).map_err(Failure::at("a certificate in the data folder is damaged"))
}

pub(super) fn pem(certificate: &Certificate) -> Result<String, Failure> {
    certificate.to_pem(LineEnding::LF).map_err(Failure::at("cannot encode a certificate"))
}

/// Refuses a certificate that belongs to another key, as after a careless restore of half a backup.
pub(super) fn must_match(certificate: &Certificate, key: &SigningKey) -> Result<(), Failure> {
    let point = key.verifying_key().to_sec1_point(false);
    if certificate.tbs_certificate().subject_public_key_info().subject_public_key.raw_bytes() == point.as_bytes() {
        Ok(())
    } else {
        Err(Failure::new("a certificate in the data folder does not belong to its key"))
    }
}
