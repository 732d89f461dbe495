//! The pki room: one entry of a list of revoked certificates (RFC 5280 5.3).
//!
//! Takes one element, gives serial number, times and reason as they stand; the certificate issuer of an indirect list is carried on by who reads
//! the entries one after the other.

use super::points::{directory, general_names};
use super::{CertificateStatus, RevocationReason};
use crate::pki::certificate::{Certificate, time};
use crate::pki::der::{self, DerFault, Tlv};
use crate::pki::oid;
use crate::switch::{Check, on};
use crate::time::Time;
use const_oid::ObjectIdentifier;

/// CRLReason removeFromCRL.
const REMOVED: u8 = 8;
const MAX_EXTENSIONS: usize = 16;

/// An entry.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry<'a> {
    pub(super) serial: &'a [u8],
    revoked: Time,
    invalid: Option<Time>,
    reason: Option<u8>,
    /// GeneralNames of the certificate issuer, if this entry names one.
    pub(super) issuer: Option<Tlv<'a>>,
    /// Whether it has a critical extension that nobody here evaluates.
    pub(super) unknown_critical: bool,
}

/// What a list says about a serial number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// Nobody knows: it was streamed, and not asked about that certificate.
    NotAsked,
    /// Nothing.
    Nothing,
    /// A delta list takes it off.
    Removed,
    /// It is revoked.
    Revoked(CertificateStatus),
}

impl<'a> Entry<'a> {
    pub(super) fn read(tlv: &Tlv<'a>) -> Result<Entry<'a>, DerFault> {
        let mut reader = tlv.inside();
        let serial = reader.expect(der::INTEGER, "serial number")?.integer()?;
        let revoked = time(&reader.any()?)?;
        let mut entry = Entry { serial, revoked, invalid: None, reason: None, issuer: None, unknown_critical: false };
        if let Some(list) = reader.optional(der::SEQUENCE)? {
            entry.read_extensions(&list)?;
        }
        reader.finish("entry")?;
        Ok(entry)
    }

    fn read_extensions(&mut self, list: &Tlv<'a>) -> Result<(), DerFault> {
        let mut seen: Vec<ObjectIdentifier> = Vec::new();
        let mut extensions = list.inside();
        while !extensions.is_empty() {
            let extension = extensions.expect(der::SEQUENCE, "entry extension")?;
            let mut reader = extension.inside();
            let oid = reader.expect(der::OID, "entry extension")?.oid()?;
            let critical = reader.optional(der::BOOLEAN)?.map_or(Ok(false), |b| b.boolean())?;
            let value = reader.expect(der::OCTET_STRING, "entry extension value")?;
            reader.finish("entry extension")?;
            if seen.contains(&oid) || seen.len() >= MAX_EXTENSIONS {
                return Err(extension.fault("entry extension repeated"));
            }
            seen.push(oid);
            let mut content = value.inside();
            match oid {
                oid::CRL_REASON => match content.expect(der::ENUMERATED, "reason")?.value {
                    [reason] => self.reason = Some(*reason),
                    _ => return Err(value.fault("reason")),
                },
                oid::INVALIDITY_DATE => self.invalid = Some(time(&content.expect(der::GENERALIZED_TIME, "invalidity date")?)?),
                oid::CERTIFICATE_ISSUER => {
                    let names = content.expect(der::SEQUENCE, "certificate issuer")?;
                    general_names(&names)?;
                    self.issuer = Some(names);
                }
                _ => {
                    self.unknown_critical |= critical;
                    continue;
                }
            }
            content.finish("entry extension value")?;
        }
        Ok(())
    }

    /// What it says; only a delta list can take something off.
    pub(super) fn said(&self, delta: bool) -> Said {
        if self.reason == Some(REMOVED) && (delta || !on(Check::ListRemoved)) {
            return Said::Removed;
        }
        let at = self.invalid.map_or(self.revoked, |invalid| invalid.min(self.revoked));
        Said::Revoked(CertificateStatus::Revoked { at, reason: self.reason.and_then(RevocationReason::from_code) })
    }
}

/// Whether an entry of the carried-on certificate issuer is about a certificate; `None` is who issued the list.
pub(super) fn is_about(carried: Option<&Tlv<'_>>, list_issuer: &[u8], certificate: &Certificate) -> bool {
    let wanted = certificate.comparable_issuer();
    let same = match carried {
        None => list_issuer == wanted,
        Some(names) => general_names(names).is_ok_and(|names| names.contains(&directory(wanted))),
    };
    same || !on(Check::ListEntryIssuer)
}

/// Whether an entry is of no serial number that is looked for, and has nothing else to say. Most are, so no more of them is read.
pub(super) fn is_other(tlv: &Tlv<'_>, wanted: impl FnOnce(&[u8]) -> bool) -> Result<bool, DerFault> {
    let mut reader = tlv.inside();
    let serial = reader.expect(der::INTEGER, "serial number")?.integer()?;
    let time = reader.any()?;
    if !matches!(time.tag, der::UTC_TIME | der::GENERALIZED_TIME) {
        return Err(time.fault("time"));
    }
    Ok(reader.is_empty() && !wanted(serial))
}
