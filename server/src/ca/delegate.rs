//! Who speaks for the issuing CA beside it: the OCSP responder and the time-stamping authority, each with a key of its own. Takes the data
//! folder, gives key and certificate, made on the first start and renewed at a start past the middle of its life.

use super::authority::{Authority, must_match, parse, pem};
use super::{key, name, profile};
use crate::failure::Failure;
use crate::folder::Folder;
use p256::ecdsa::SigningKey;
use thrivosign::Time;
use thrivosign::pki::certificate::Certificate;

/// What a delegate is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Answers about revocation (RFC 6960 4.2.2.2).
    Ocsp,
    /// Stamps time (RFC 3161 2.3).
    TimeStamping,
}

impl Purpose {
    fn files(self) -> [&'static str; 2] {
        match self {
            Purpose::Ocsp => ["ocsp.key.pem", "ocsp.pem"],
            Purpose::TimeStamping => ["tsa.key.pem", "tsa.pem"],
        }
    }

    fn common_name(self) -> &'static str {
        match self {
            Purpose::Ocsp => "ThrivoSign Demo OCSP Responder",
            Purpose::TimeStamping => "ThrivoSign Demo Time Stamping Authority",
        }
    }
}

/// A delegate's key and certificate.
pub(crate) struct Delegate {
    pub(crate) key: SigningKey,
    pub(crate) certificate: Certificate,
}

impl Delegate {
    /// The delegate of that folder. Its certificate is issued anew, for the same key, where it is another CA's, in the second half of its
    /// life, or names addresses that are no longer served.
    pub(crate) fn open(folder: &Folder, authority: &Authority, purpose: Purpose, now: Time) -> Result<Delegate, Failure> {
        let [key_file, certificate_file] = purpose.files();
        let key = key::open_or_make(folder, key_file)?;
        if let Some(pem) = folder.read(certificate_file)? {
            let stored = parse(&pem)?;
            must_match(&stored, &key)?;
            let certificate = read(&profile::der(&stored)?)?;
            if authority.stands_behind(&certificate, purpose) && now < middle(&certificate) {
                return Ok(Delegate { key, certificate });
            }
        }
        let issuer = authority.issuer();
        let name = name::authority(purpose.common_name())?;
        let made = match purpose {
            Purpose::Ocsp => profile::ocsp(&issuer, &name, &key, now)?,
            Purpose::TimeStamping => profile::time_stamping(&issuer, &name, &key, authority.services(), now)?,
        };
        folder.write(certificate_file, pem(&made)?.as_bytes())?;
        Ok(Delegate { key, certificate: read(&profile::der(&made)?)? })
    }
}

fn read(der: &[u8]) -> Result<Certificate, Failure> {
    Certificate::from_der(der).map_err(Failure::at("the certificate of a trust service cannot be read"))
}

fn middle(certificate: &Certificate) -> Time {
    let (from, to) = (certificate.not_before().unix(), certificate.not_after().unix());
    Time::from_unix(from.saturating_add(to.saturating_sub(from) / 2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ca::TrustServices;
    use std::sync::Arc;

    #[test]
    fn certificates_are_kept_and_renewed_for_the_same_key() {
        let place = tempfile::tempdir().unwrap();
        let folder = Arc::new(Folder::open(place.path()).unwrap());
        let at = |days: i64| Time::from_unix(1_800_000_000 + days * 86_400);
        let services = |port: u16| TrustServices { base: format!("http://127.0.0.1:{port}") };
        let authority = Authority::open(&folder, services(1), at(0)).unwrap();
        let moved = Authority::open(&folder, services(2), at(0)).unwrap();
        for (purpose, kept, renewed) in [(Purpose::Ocsp, 180, 185), (Purpose::TimeStamping, 900, 920)] {
            let open = |authority: &Authority, days: i64| Delegate::open(&folder, authority, purpose, at(days)).unwrap();
            let first = open(&authority, 0);
            assert_eq!(open(&authority, kept).certificate.der(), first.certificate.der());
            let second = open(&authority, renewed);
            assert_ne!(second.certificate.der(), first.certificate.der());
            assert_eq!(second.certificate.public_key(), first.certificate.public_key());
            let third = open(&moved, renewed);
            assert_eq!(third.certificate.der() != second.certificate.der(), purpose == Purpose::TimeStamping, "its addresses moved");
        }
        // Half a backup: a key that is not the certificate's.
        std::fs::remove_file(folder.file("tsa.key.pem")).unwrap();
        assert!(Delegate::open(&folder, &authority, Purpose::TimeStamping, at(0)).is_err());
    }
}
