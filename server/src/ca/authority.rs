//! The signers' authority: takes the data folder, gives the root and issuing CA that stand there (made on the first start)
//! and certificates for users.

use super::crl::{self, Revoked, Terms};
use super::delegate::Purpose;
use super::key;
use super::name::{self, Subject};
use super::profile::{self, Issuer, TrustServices};
use crate::config::CERTIFICATE_DAYS;
use crate::failure::Failure;
use crate::folder::Folder;
use crate::random;
use der::pem::LineEnding;
use der::{Decode, DecodePem, EncodePem};
use p256::ecdsa::SigningKey;
use std::sync::{Arc, Weak};
use thrivosign::Time;
use thrivosign::pki::KeyProtection;
use x509_cert::Certificate;

const ROOT_KEY: &str = "ca-root.key.pem";
const ROOT_CERTIFICATE: &str = "ca-root.pem";
const ISSUING_KEY: &str = "ca-issuing.key.pem";
const ISSUING_CERTIFICATE: &str = "ca-issuing.pem";

/// How long lists are valid: a complete one for a day, a delta list for an hour, the root's for half a year.
pub(crate) const LIST_LIFE: i64 = 86_400;
const DELTA_LIFE: i64 = 3600;
const ROOT_LIST_LIFE: i64 = 180 * 86_400;

/// Root and issuing CA. The root's key is not kept in memory: it is read when the root's own list is due, once a month.
pub(crate) struct Authority {
    issuing: Certificate,
    issuing_der: Vec<u8>,
    issuing_key: SigningKey,
    root: Certificate,
    root_der: Vec<u8>,
    root_pem: String,
    services: TrustServices,
    /// How long users' certificates live.
    days: u16,
    /// Not held: the folder and its lock go with the server, however long an answer is still being sent.
    folder: Weak<Folder>,
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
    pub(crate) fn open(folder: &Arc<Folder>, services: TrustServices, now: Time) -> Result<Authority, Failure> {
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
                let issuing = profile::issuing(&issuer, &issuing_name, &issuing_key, &services, now)?;
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
            root,
            services,
            days: CERTIFICATE_DAYS,
            folder: Arc::downgrade(folder),
        })
    }

    /// The same, whose users' certificates live that many days.
    pub(crate) fn certifying_for(self, days: u16) -> Authority {
        Authority { days, ..self }
    }

    /// Issues a certificate for that subject and key (SubjectPublicKeyInfo DER). That the holder has the key, may have
    /// this subject, and where the key lives, has been checked by the caller.
    pub(crate) fn issue(&self, subject: &Subject, spki_der: &[u8], protection: &KeyProtection, now: Time) -> Result<Issued, Failure> {
        let certificate = profile::user(&self.issuer(), subject, spki_der, protection, &self.services, (now, self.days))?;
        // Read by the core: what it does not accept, no client of it could use.
        let der = profile::der(&certificate)?;
        let read =
            thrivosign::pki::certificate::Certificate::from_der(&der).map_err(Failure::at("an issued certificate cannot be read"))?;
        Ok(Issued { serial: random::hex(read.serial()), not_before: read.not_before(), not_after: read.not_after(), der })
    }

    /// The issuing CA, to sign.
    pub(super) fn issuer(&self) -> Issuer<'_> {
        Issuer { name: self.issuing.tbs_certificate().subject(), key: &self.issuing_key }
    }

    /// Where its trust services are.
    pub(crate) fn services(&self) -> &TrustServices {
        &self.services
    }

    /// Whether it would issue that certificate to a delegate in this way now.
    pub(super) fn stands_behind(&self, certificate: &thrivosign::pki::Certificate, purpose: Purpose) -> bool {
        let addresses = match purpose {
            Purpose::Ocsp => Vec::new(),
            Purpose::TimeStamping => vec![self.services.at(profile::path::OCSP)],
        };
        let issuing = thrivosign::pki::Certificate::from_der(&self.issuing_der);
        issuing.is_ok_and(|issuing| certificate.names_issuer(&issuing)) && certificate.ocsp_urls() == addresses
    }

    /// The issuing CA's list of that number: complete, or a delta list if it goes on from `base`.
    pub(crate) fn list(&self, number: u32, base: Option<u32>, revoked: &[Revoked], now: Time) -> Result<Vec<u8>, Failure> {
        let (life, freshest) = match base {
            Some(_) => (DELTA_LIFE, None),
            None => (LIST_LIFE, Some(self.services.freshest()?)),
        };
        let expired_since = began(&self.issuing);
        crl::list(&self.issuer(), Terms { number, base, this_update: now, next_update: now.plus(life), expired_since, freshest }, revoked)
    }

    /// The root's list of that number. No issuing CA was ever revoked, and who would revoke one of a demo makes a new data folder: it is empty.
    pub(crate) fn root_list(&self, number: u32, now: Time) -> Result<Vec<u8>, Failure> {
        let folder = self.folder.upgrade().ok_or_else(|| Failure::new("the server has ended"))?;
        let key = key::open(&folder, ROOT_KEY)?.ok_or_else(|| Failure::new("the root's key is not in the data folder"))?;
        must_match(&self.root, &key)?;
        let issuer = Issuer { name: self.root.tbs_certificate().subject(), key: &key };
        let next_update = now.plus(ROOT_LIST_LIFE);
        let expired_since = began(&self.root);
        crl::list(&issuer, Terms { number, base: None, this_update: now, next_update, expired_since, freshest: None }, &[])
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

fn began(authority: &Certificate) -> Time {
    let since = authority.tbs_certificate().validity().not_before.to_unix_duration().as_secs();
    Time::from_unix(i64::try_from(since).unwrap_or_default())
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ca::ServerIdentity;
    use der::Encode;
    use std::process::Command;
    use thrivosign::pki::ProtectionLevel;
    use x509_cert::spki::SubjectPublicKeyInfoOwned;

    const PROVEN: KeyProtection = KeyProtection { level: ProtectionLevel::Tee, attestation: Some([7; 32]) };

    fn services() -> TrustServices {
        TrustServices { base: "http://127.0.0.1:8080".to_owned() }
    }

    fn spki() -> Vec<u8> {
        let key = key::generate().unwrap();
        SubjectPublicKeyInfoOwned::from_key(key.verifying_key()).unwrap().to_der().unwrap()
    }

    fn subject(name: &str) -> Subject {
        Subject { name: name.to_owned(), country: Some("DE".to_owned()), customer: "C-1".to_owned() }
    }

    fn openssl(arguments: &[&str]) -> String {
        let output = Command::new("openssl").args(arguments).output().expect("openssl is installed");
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
    }

    #[test]
    fn openssl_accepts_the_chain_and_reads_the_profile() {
        let place = tempfile::tempdir().unwrap();
        let folder = Arc::new(Folder::open(place.path()).unwrap());
        let now = Time::from_unix(1_800_000_000);
        let authority = Authority::open(&folder, services(), now).unwrap();
        let issued = authority.issue(&subject("x, O=Bank\u{e4}"), &spki(), &PROVEN, now).unwrap();
        let leaf = Certificate::from_der(&issued.der).unwrap();
        folder.write("leaf.pem", pem(&leaf).unwrap().as_bytes()).unwrap();
        let path = |name: &str| folder.file(name).to_str().unwrap().to_owned();
        let (leaf, root, issuing) = (path("leaf.pem"), path("ca-root.pem"), path("ca-issuing.pem"));
        // 47 hours before the issue: a phone whose clock is a day behind finds it valid.
        for at in ["1799830800", "1800000000", "1831535000"] {
            let said = openssl(&["verify", "-x509_strict", "-attime", at, "-CAfile", &root, "-untrusted", &issuing, &leaf]);
            assert!(said.contains("leaf.pem: OK"), "{said}");
        }
        for (at, why) in [("1799820000", "not yet valid"), ("1831536100", "expired")] {
            let said = openssl(&["verify", "-attime", at, "-CAfile", &root, "-untrusted", &issuing, &leaf]);
            assert!(said.contains(why), "{said}");
        }
        let text = openssl(&["x509", "-in", &leaf, "-noout", "-text", "-nameopt", "RFC2253,utf8,-esc_msb"]);
        for part in [
            "X509v3 Key Usage: critical",
            "Non Repudiation",
            "1.3.6.1.5.5.7.3.36",
            "OCSP - URI:http://127.0.0.1:8080/ocsp",
            "CA Issuers - URI:http://127.0.0.1:8080/ca/issuing.cer",
            "URI:http://127.0.0.1:8080/crl/issuing.crl",
            "URI:http://127.0.0.1:8080/crl/issuing-delta.crl",
            "X509v3 Subject Key Identifier",
            "X509v3 Authority Key Identifier",
            "CN=x\\, O=Bank\u{e4},serialNumber=C-1,C=DE",
        ] {
            assert!(text.contains(part), "{part} is missing in {text}");
        }
        assert!(!text.contains("Digital Signature") && !text.contains("CA:TRUE"), "{text}");
        let text = openssl(&["x509", "-in", &issuing, "-noout", "-text"]);
        assert!(text.contains("CA:TRUE, pathlen:0") && text.contains("Certificate Sign, CRL Sign"), "{text}");
    }

    #[test]
    fn serial_numbers_are_random_and_authorities_stay() {
        let place = tempfile::tempdir().unwrap();
        let folder = Arc::new(Folder::open(place.path()).unwrap());
        let now = Time::from_unix(1_800_000_000);
        let authority = Authority::open(&folder, services(), now).unwrap();
        let serials: std::collections::HashSet<String> =
            (0..20).map(|_| authority.issue(&subject("a"), &spki(), &PROVEN, now).unwrap().serial).collect();
        assert!(serials.len() == 20 && serials.iter().all(|serial| serial.len() >= 28));
        let again = Authority::open(&folder, services(), now.plus(1000)).unwrap();
        assert_eq!(again.chain(), authority.chain());
        // A start that was cut short after the keys: the certificates are made for the keys that stand there.
        std::fs::remove_file(folder.file(ISSUING_CERTIFICATE)).unwrap();
        let resumed = Authority::open(&folder, services(), now).unwrap();
        assert_eq!(resumed.chain()[1], authority.chain()[1]);
        // Half a backup: a key that is not the certificate's.
        std::fs::remove_file(folder.file(ISSUING_KEY)).unwrap();
        assert!(Authority::open(&folder, services(), now).is_err());
    }

    #[test]
    fn odd_subjects_are_refused() {
        let place = tempfile::tempdir().unwrap();
        let folder = Arc::new(Folder::open(place.path()).unwrap());
        let authority = Authority::open(&folder, services(), Time::from_unix(1_800_000_000)).unwrap();
        let key = spki();
        let with = |name: &str, country: &str, customer: &str| Subject {
            name: name.to_owned(),
            country: Some(country.to_owned()),
            customer: customer.to_owned(),
        };
        for wrong in [
            with("", "DE", "C"),
            with(&"a".repeat(65), "DE", "C"),
            with("a\0b", "DE", "C"),
            with("a", "de", "C"),
            with("a", "DEU", "C"),
            with("a", "DE", "C 1"),
        ] {
            assert!(authority.issue(&wrong, &key, &PROVEN, Time::from_unix(1_800_000_000)).is_err());
        }
        assert!(authority.issue(&subject("a"), b"no key", &PROVEN, Time::from_unix(1_800_000_000)).is_err());
    }

    #[test]
    fn the_tls_root_is_no_signers_root_and_keys_are_private() {
        let place = tempfile::tempdir().unwrap();
        let folder = Arc::new(Folder::open(place.path()).unwrap());
        let now = Time::from_unix(1_800_000_000);
        let clock: crate::config::Clock = Arc::new(|| std::time::Duration::from_secs(1_800_000_000));
        let authority = Authority::open(&folder, services(), now).unwrap();
        let hosts = ["localhost".to_owned(), "127.0.0.1".to_owned()];
        let identity = ServerIdentity::open(&folder, &hosts, None, &clock).unwrap();
        assert_ne!(identity.root_pem, authority.root_pem());
        assert_eq!(ServerIdentity::open(&folder, &hosts, None, &clock).unwrap().root_pem, identity.root_pem);
        #[cfg(unix)]
        for name in [ROOT_KEY, ISSUING_KEY, "tls-root.key.pem", "tls-server.key.pem"] {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(folder.file(name)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{name}");
        }
    }
}
