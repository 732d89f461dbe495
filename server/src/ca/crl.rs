//! Lists of revoked certificates (RFC 5280 5): takes what is revoked, a number and times, gives the signed list. Which number is next is the
//! caller's to know.

use super::profile::{self, Issuer};
use crate::asn1;
use crate::failure::Failure;
use der::Encode;
use der::asn1::{ObjectIdentifier, OctetString, Uint};
use thrivosign::Time;
use x509_cert::Version;
use x509_cert::crl::{RevokedCert, TbsCertList};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::CrlReason;
use x509_cert::ext::pkix::crl::{BaseCrlNumber, CrlNumber};
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::AlgorithmIdentifierOwned;

/// ecdsa-with-SHA256.
const ECDSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
/// expiredCertsOnCRL (ITU-T X.509 9.5.2.8).
const EXPIRED_CERTS_ON_CRL: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.60");

/// A revoked certificate.
pub(crate) struct Revoked {
    /// Its serial number.
    pub(crate) serial: Vec<u8>,
    /// Since when.
    pub(crate) at: Time,
    /// Why; `None` where no reason is given, which is then not said either (RFC 5280 5.3.1).
    pub(crate) reason: Option<CrlReason>,
}

/// What a list is about beside its entries.
pub(super) struct Terms {
    pub(super) number: u32,
    /// The complete list that a delta list goes on from.
    pub(super) base: Option<u32>,
    pub(super) this_update: Time,
    pub(super) next_update: Time,
    /// Certificates that expired since then stay on it.
    pub(super) expired_since: Time,
    /// Where the delta list stands (freshestCRL), told by the complete one.
    pub(super) freshest: Option<Extension>,
}

/// The list's DER.
pub(super) fn list(issuer: &Issuer<'_>, terms: Terms, revoked: &[Revoked]) -> Result<Vec<u8>, Failure> {
    let doing = "cannot build a list of revoked certificates";
    let number = |number: u32| Uint::new(&number.to_be_bytes()).map_err(Failure::at(doing));
    let mut extensions = vec![
        profile::authority_key(&profile::public_key(issuer.key)?)?,
        profile::extension(&CrlNumber(number(terms.number)?))?,
        Extension {
            extn_id: EXPIRED_CERTS_ON_CRL,
            critical: false,
            extn_value: OctetString::new(asn1::time(terms.expired_since)).map_err(Failure::at(doing))?,
        },
    ];
    if let Some(base) = terms.base {
        extensions.push(profile::extension(&BaseCrlNumber(number(base)?))?);
    }
    extensions.extend(terms.freshest);
    let entries = revoked.iter().map(entry).collect::<Result<Vec<RevokedCert>, Failure>>()?;
    let content: TbsCertList = TbsCertList {
        version: Version::V2,
        signature: AlgorithmIdentifierOwned { oid: ECDSA_SHA256, parameters: None },
        issuer: issuer.name.clone(),
        this_update: profile::time(terms.this_update)?,
        next_update: Some(profile::time(terms.next_update)?),
        // An empty list has no member at all (RFC 5280 5.1.2.6).
        revoked_certificates: (!entries.is_empty()).then_some(entries),
        crl_extensions: Some(extensions),
    };
    Ok(asn1::signed(&content.to_der().map_err(Failure::at(doing))?, issuer.key, &[]))
}

fn entry(one: &Revoked) -> Result<RevokedCert, Failure> {
    Ok(RevokedCert {
        serial_number: SerialNumber::new(&one.serial).map_err(Failure::at("a stored serial number is damaged"))?,
        revocation_date: profile::time(one.at)?,
        crl_entry_extensions: match &one.reason {
            Some(reason) => Some(vec![profile::extension(reason)?]),
            None => None,
        },
    })
}
