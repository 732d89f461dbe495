//! The cms room: which certificate signed.
//!
//! Takes the SignerIdentifier and the ESS signing-certificate attributes, gives the certificate both agree on. An attacker would swap the
//! certificate for another one with the same key, or add one with the same issuer and serial number.

use crate::cms::parse::{SignedData, SignerId, SignerInfo};
use crate::crypto::digest::DigestAlgorithm;
use crate::pki::algorithm;
use crate::pki::certificate::Certificate;
use crate::pki::der::{self, DerFault, Tlv};
use crate::pki::name;
use crate::switch::{Check, on};

/// The certificates that answer the SignerIdentifier (RFC 5652 5.3), each once. Linear: names are taken apart only where the serial number fits.
pub(crate) fn candidates<'a>(data: &'a SignedData, signer: &SignerInfo) -> Vec<&'a Certificate> {
    let mut found: Vec<&Certificate> = Vec::new();
    for certificate in data.certificates() {
        let fits = match &signer.id {
            SignerId::KeyId(id) => certificate.subject_key_id().is_some_and(|k| k == data.part(id)),
            SignerId::IssuerSerial { issuer, serial } => {
                certificate.serial() == data.part(serial) && same_text(certificate.issuer_der(), data.part(issuer))
            }
        };
        // Copies of one certificate are one candidate; a handful of different ones is more than any honest signer sends.
        if (fits || !on(Check::CmsSignerNamed)) && found.len() < 8 && !found.contains(&certificate) {
            found.push(certificate);
        }
    }
    found
}

/// The SignerIdentifier is not signed: only the string type may differ, as some signers wrote it, and not a letter.
fn same_text(a: &[u8], b: &[u8]) -> bool {
    a == b || name::untyped_bytes(a).is_some_and(|a| Some(a) == name::untyped_bytes(b))
}

fn same_name(a: &[u8], b: &[u8]) -> bool {
    a == b || name::comparable_bytes(a) == name::comparable_bytes(b)
}

/// Whether signing-certificate-v2 (RFC 5035 3) names that certificate; its first ESSCertIDv2 is the signer's.
pub(crate) fn bound_by_v2(value: &Tlv<'_>, certificate: &Certificate) -> Result<(), &'static str> {
    bound(value, certificate, true)
}

/// Whether the old signing-certificate (RFC 2634 5.4) names that certificate, by SHA-1.
pub(crate) fn bound_by_v1(value: &Tlv<'_>, certificate: &Certificate) -> Result<(), &'static str> {
    bound(value, certificate, false)
}

fn bound(value: &Tlv<'_>, certificate: &Certificate, v2: bool) -> Result<(), &'static str> {
    let id = read(value, v2).map_err(|fault| fault.what)?;
    let known = id.algorithm.or_else(|| (!on(Check::CmsBindingHash)).then_some(DigestAlgorithm::Sha256));
    let algorithm = known.ok_or("certificate hash algorithm")?;
    let hash = if algorithm == DigestAlgorithm::Sha256 { certificate.sha256().to_vec() } else { algorithm.digest(certificate.der()) };
    if id.hash != hash && on(Check::CmsBindingHash) {
        return Err("certificate hash");
    }
    match id.issuer_serial {
        None => Ok(()),
        Some((issuer, serial)) if serial == certificate.serial() && same_name(issuer, certificate.issuer_der()) => Ok(()),
        Some(_) if on(Check::CmsBindingName) => Err("issuerSerial"),
        Some(_) => Ok(()),
    }
}

struct CertId<'a> {
    algorithm: Option<DigestAlgorithm>,
    hash: &'a [u8],
    issuer_serial: Option<(&'a [u8], &'a [u8])>,
}

/// The first certificate identifier of either attribute.
fn read<'a>(value: &Tlv<'a>, v2: bool) -> Result<CertId<'a>, DerFault> {
    if value.tag != der::SEQUENCE {
        return Err(value.fault("signing certificate"));
    }
    let mut outer = value.inside();
    let mut list = outer.expect(der::SEQUENCE, "certificate identifiers")?.inside();
    outer.optional(der::SEQUENCE)?;
    outer.finish("signing certificate")?;
    let mut id = list.expect(der::SEQUENCE, "certificate identifier")?.inside();
    let algorithm = match (v2, id.peek()) {
        (true, Some(der::SEQUENCE)) => algorithm::digest_algorithm(id.any()?.raw).ok(),
        (true, _) => Some(DigestAlgorithm::Sha256),
        (false, _) => Some(DigestAlgorithm::Sha1),
    };
    let hash = id.expect(der::OCTET_STRING, "certificate hash")?.value;
    let issuer_serial = match id.optional(der::SEQUENCE)? {
        None => None,
        Some(tlv) => {
            let mut inside = tlv.inside();
            let mut names = inside.expect(der::SEQUENCE, "issuer")?.inside();
            let serial = inside.expect(der::INTEGER, "serial number")?.integer()?;
            inside.finish("issuerSerial")?;
            // RFC 5035 4: exactly one directoryName.
            let directory = names.expect(0xa4, "issuer")?;
            names.finish("issuer")?;
            Some((directory.value, serial))
        }
    };
    id.finish("certificate identifier")?;
    Ok(CertId { algorithm, hash, issuer_serial })
}
