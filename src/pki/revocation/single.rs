//! The pki room: one answer of an OCSP response, and the identifier that binds it to a certificate (RFC 6960 4.1.1, 4.2.1).
//!
//! Takes one element, gives status and times. An identifier fits a certificate only by its issuer's name, its issuer's key and its serial number.

use super::ocsp::each_extension;
use super::{CertificateStatus, RevocationReason};
use crate::crypto::digest::DigestAlgorithm;
use crate::pki::algorithm;
use crate::pki::certificate::Certificate;
use crate::pki::der::{self, DerFault, Tlv};
use crate::pki::oid;
use crate::pki::timestamp::gen_time;
use crate::switch::{Check, on};
use crate::time::Time;

/// CertID.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CertId {
    /// `None` for an algorithm that is not computed here: it names nothing.
    digest: Option<DigestAlgorithm>,
    name_hash: Vec<u8>,
    key_hash: Vec<u8>,
    serial: Vec<u8>,
}

/// SingleResponse.
pub(super) struct Single {
    pub(super) id: CertId,
    /// `None`: the responder does not know the certificate.
    pub(super) status: Option<CertificateStatus>,
    pub(super) this_update: Time,
    pub(super) next_update: Option<Time>,
    /// Archive cutoff (RFC 6960 4.4.4): certificates that expired since then are still known.
    pub(super) expired_since: Option<Time>,
    pub(super) unknown_critical: bool,
}

impl CertId {
    pub(super) fn of(certificate: &Certificate, issuer: &Certificate, digest: DigestAlgorithm) -> CertId {
        CertId {
            digest: Some(digest),
            name_hash: digest.digest(certificate.issuer_der()),
            key_hash: digest.digest(issuer.public_key().key_bytes()),
            serial: certificate.serial().to_vec(),
        }
    }

    pub(super) fn read(tlv: &Tlv<'_>) -> Result<CertId, DerFault> {
        let mut reader = tlv.inside();
        let digest = algorithm::digest_algorithm(reader.expect(der::SEQUENCE, "hash algorithm")?.raw).ok();
        let name_hash = reader.expect(der::OCTET_STRING, "hash of the issuer's name")?.value.to_vec();
        let key_hash = reader.expect(der::OCTET_STRING, "hash of the issuer's key")?.value.to_vec();
        let serial = reader.expect(der::INTEGER, "serial number")?.integer()?.to_vec();
        reader.finish("certificate identifier")?;
        Ok(CertId { digest, name_hash, key_hash, serial })
    }

    pub(super) fn to_der(&self) -> Vec<u8> {
        let digest = self.digest.unwrap_or(DigestAlgorithm::Sha1);
        // RFC 5754 2 wants no parameters, and every responder of the field compares with NULL for SHA-1.
        let parameters: &[u8] = if digest == DigestAlgorithm::Sha1 { &[der::NULL, 0] } else { &[] };
        let algorithm = der::write(der::SEQUENCE, &[&der::write_oid(&digest.oid()), parameters]);
        let octets = |value: &[u8]| der::write(der::OCTET_STRING, &[value]);
        let serial = der::write(der::INTEGER, &[&self.serial]);
        der::write(der::SEQUENCE, &[&algorithm, &octets(&self.name_hash), &octets(&self.key_hash), &serial])
    }

    /// Whether it names that certificate of that issuer.
    pub(super) fn names(&self, certificate: &Certificate, issuer: &Certificate) -> bool {
        let Some(digest) = self.digest else { return false };
        (self.serial == certificate.serial() || !on(Check::AnswerSerial))
            && (self.name_hash == digest.digest(certificate.issuer_der()) || !on(Check::AnswerIssuerName))
            && (self.key_hash == digest.digest(issuer.public_key().key_bytes()) || !on(Check::AnswerIssuerKey))
    }
}

impl Single {
    pub(super) fn read(tlv: &Tlv<'_>) -> Result<Single, DerFault> {
        let mut reader = tlv.inside();
        let id = CertId::read(&reader.expect(der::SEQUENCE, "certificate identifier")?)?;
        let status = status(&reader.any()?)?;
        let this_update = gen_time(&reader.expect(der::GENERALIZED_TIME, "thisUpdate")?)?;
        let next_update = reader.optional(0xa0)?.map(|tlv| general_time(&tlv)).transpose()?;
        let extensions = reader.optional(0xa1)?;
        reader.finish("single response")?;
        let mut single = Single { id, status, this_update, next_update, expired_since: None, unknown_critical: false };
        if let Some(tlv) = extensions {
            each_extension(&tlv, &mut |oid, critical, value| {
                match *oid {
                    oid::OCSP_ARCHIVE_CUTOFF => {
                        single.expired_since = Some(gen_time(&der::whole(value, der::GENERALIZED_TIME, "archive cutoff")?)?);
                    }
                    _ => single.unknown_critical |= critical,
                }
                Ok(())
            })?;
        }
        Ok(single)
    }
}

/// An explicitly tagged GeneralizedTime. RFC 6960 4.2.2.1 wants it without fractions; responders make them all the same, and to drop one never makes
/// a statement younger or a revocation later.
fn general_time(outer: &Tlv<'_>) -> Result<Time, DerFault> {
    let mut reader = outer.inside();
    let found = gen_time(&reader.expect(der::GENERALIZED_TIME, "time")?)?;
    reader.finish("time")?;
    Ok(found)
}

fn status(tlv: &Tlv<'_>) -> Result<Option<CertificateStatus>, DerFault> {
    match (tlv.tag, tlv.value) {
        (0x80, []) => Ok(Some(CertificateStatus::Good)),
        (0x82, []) => Ok(None),
        (0xa1, _) => {
            let mut reader = tlv.inside();
            let at = gen_time(&reader.expect(der::GENERALIZED_TIME, "revocation time")?)?;
            let reason = match reader.optional(0xa0)? {
                None => None,
                Some(outer) => match outer.inside().expect(der::ENUMERATED, "reason")?.value {
                    [code] => RevocationReason::from_code(*code),
                    _ => return Err(outer.fault("reason")),
                },
            };
            reader.finish("revocation")?;
            Ok(Some(CertificateStatus::Revoked { at, reason }))
        }
        _ => Err(tlv.fault("status")),
    }
}
