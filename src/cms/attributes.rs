//! The cms room: the signed attributes of a PAdES signature.
//!
//! Takes the digest of the document and the signer's certificate, gives the exact message that the key signs (RFC 5652 5.4). Baseline of
//! EN 319 142-1 6.3: contentType, messageDigest, signing-certificate-v2, and no signingTime.

use crate::crypto::digest::DigestAlgorithm;
use crate::pki::certificate::Certificate;
use crate::pki::der;
use const_oid::ObjectIdentifier;

/// id-data
pub const ID_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
/// id-signedData
pub const ID_SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
/// id-ct-TSTInfo
pub const ID_TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
/// contentType
pub const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
/// messageDigest
pub const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
/// signingTime
pub const SIGNING_TIME: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.5");
/// signing-certificate (RFC 2634)
pub const SIGNING_CERTIFICATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.12");
/// signing-certificate-v2 (RFC 5035)
pub const SIGNING_CERTIFICATE_V2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");
/// CMSAlgorithmProtection (RFC 6211)
pub const ALGORITHM_PROTECTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.52");
/// id-aa-timeStampToken, the unsigned attribute
pub const TIME_STAMP_TOKEN: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.14");
/// adbe-revocationInfoArchival, ISO 32000-2 12.8.3.3.3
pub const REVOCATION_INFO_ARCHIVAL: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113583.1.1.8");

/// The signed attributes of one signature: what is signed, and by whom. Nothing can be added after they were made.
#[derive(Clone)]
pub struct SignedAttributes {
    der: Vec<u8>,
    digest: DigestAlgorithm,
    signer: Certificate,
}

impl SignedAttributes {
    /// contentType id-data, messageDigest, and signing-certificate-v2 naming `signer` by SHA-256, issuer and serial number.
    #[must_use]
    pub fn for_pades(message_digest: &[u8], digest: DigestAlgorithm, signer: &Certificate) -> SignedAttributes {
        SignedAttributes::of(&ID_DATA, message_digest, digest, signer)
    }

    /// The same for a time-stamp token, whose content is a TSTInfo (RFC 3161 2.4.2).
    #[must_use]
    pub fn for_time_stamp(message_digest: &[u8], digest: DigestAlgorithm, signer: &Certificate) -> SignedAttributes {
        SignedAttributes::of(&ID_TST_INFO, message_digest, digest, signer)
    }

    fn of(content_type: &ObjectIdentifier, message_digest: &[u8], digest: DigestAlgorithm, signer: &Certificate) -> SignedAttributes {
        let attributes = vec![
            attribute(&CONTENT_TYPE, &der::write_oid(content_type)),
            attribute(&MESSAGE_DIGEST, &der::write(der::OCTET_STRING, &[message_digest])),
            attribute(&SIGNING_CERTIFICATE_V2, &signing_certificate(signer)),
        ];
        SignedAttributes { der: der::write_set(der::SET, attributes), digest, signer: signer.clone() }
    }

    /// DER of the SET OF with tag 0x31: the exact message the key signs (RFC 5652 5.4).
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The digest algorithm of the document and of the signature.
    #[must_use]
    pub fn digest(&self) -> DigestAlgorithm {
        self.digest
    }

    /// The certificate that the attributes name.
    #[must_use]
    pub fn signer(&self) -> &Certificate {
        &self.signer
    }
}

fn attribute(oid: &ObjectIdentifier, value: &[u8]) -> Vec<u8> {
    der::write(der::SEQUENCE, &[&der::write_oid(oid), &der::write(der::SET, &[value])])
}

/// SigningCertificateV2 with one ESSCertIDv2 (RFC 5035 3). SHA-256 is the default algorithm and therefore left out (X.690 11.5).
fn signing_certificate(signer: &Certificate) -> Vec<u8> {
    let directory_name = der::write(0xa4, &[signer.issuer_der()]);
    let issuer_serial =
        der::write(der::SEQUENCE, &[&der::write(der::SEQUENCE, &[&directory_name]), &der::write(der::INTEGER, &[signer.serial()])]);
    let id = der::write(der::SEQUENCE, &[&der::write(der::OCTET_STRING, &[&signer.sha256()]), &issuer_serial]);
    der::write(der::SEQUENCE, &[&der::write(der::SEQUENCE, &[&id])])
}
