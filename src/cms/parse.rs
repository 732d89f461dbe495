//! The cms room: reading signed data.
//!
//! Takes a ContentInfo in DER, or in BER as older signers wrote it, gives its parts as slices of what was received. Nothing is judged here:
//! `check` does that. Lengths, counts and depth are limited; a certificate that cannot be read is counted, not fatal.

use crate::cms::attributes::{ID_DATA, ID_SIGNED_DATA};
use crate::cms::ber;
use crate::cms::reason::{CmsFailure, CmsReason};
use crate::pki::certificate::Certificate;
use crate::pki::der::{self, DerFault, Reader, Tlv};
use crate::switch::{Check, on};
use const_oid::ObjectIdentifier;
use std::ops::Range;

/// Larger structures are refused unread.
pub const MAX_CMS_BYTES: usize = 64 << 20;
/// Certificates beyond this number are counted and not read.
pub const MAX_CERTIFICATES: usize = 10_000;
/// Most signed and most unsigned attributes.
pub const MAX_ATTRIBUTES: usize = 128;
/// Most SignerInfos that are read; two are too many already.
const MAX_SIGNER_INFOS: usize = 16;

/// Signed data (RFC 5652 5.1), read and not yet checked.
pub struct SignedData {
    bytes: Vec<u8>,
    pub(crate) consumed: usize,
    pub(crate) attributes_altered: bool,
    pub(crate) was_ber: bool,
    pub(crate) version: u32,
    pub(crate) version_expected: u32,
    /// Each announced AlgorithmIdentifier.
    pub(crate) digest_algorithms: Vec<Range<usize>>,
    pub(crate) content_type: ObjectIdentifier,
    content: Option<Range<usize>>,
    pub(crate) certificates: Vec<Certificate>,
    pub(crate) skipped_certificates: usize,
    crls: Vec<Range<usize>>,
    pub(crate) signer_infos: Vec<SignerInfo>,
}

/// Who signed, as the SignerInfo names it.
pub(crate) enum SignerId {
    IssuerSerial { issuer: Range<usize>, serial: Range<usize> },
    KeyId(Range<usize>),
}

/// One SignerInfo (RFC 5652 5.3); ranges lie in the structure's bytes.
pub struct SignerInfo {
    pub(crate) version: u32,
    pub(crate) id: SignerId,
    pub(crate) digest_algorithm: Range<usize>,
    /// Raw, with the implicit tag.
    pub(crate) signed_attributes: Option<Range<usize>>,
    pub(crate) signature_algorithm: Range<usize>,
    pub(crate) signature: Range<usize>,
    pub(crate) unsigned_attributes: Option<Range<usize>>,
}

/// One attribute, as received.
pub(crate) struct Attribute<'a> {
    pub(crate) oid: ObjectIdentifier,
    pub(crate) values: Vec<Tlv<'a>>,
}

impl SignedData {
    /// Reads the ContentInfo at the beginning of `bytes`. What follows it is the caller's to look at: [`SignedData::consumed`].
    ///
    /// # Errors
    /// A [`CmsFailure`] with the byte position, always of the family format.
    pub fn parse(bytes: &[u8]) -> Result<SignedData, CmsFailure> {
        if bytes.len() > MAX_CMS_BYTES {
            return Err(CmsFailure::new(CmsReason::TooLarge, "length"));
        }
        let strict = Reader::new(bytes).any().map(|tlv| tlv.raw.len());
        let first = match strict {
            Ok(consumed) => match read(bytes.get(..consumed).unwrap_or_default().to_vec()) {
                Ok(mut done) => {
                    done.consumed = consumed;
                    return Ok(done);
                }
                Err(failure) => failure,
            },
            Err(fault) => malformed(fault),
        };
        // Not DER. If it is BER, the same reader takes the transcoded form; if not, the first failure tells more.
        let Ok(transcoded) = ber::transcode(bytes) else { return Err(first) };
        if bytes.starts_with(&transcoded.der) {
            return Err(first);
        }
        let mut done = read(transcoded.der)?;
        done.consumed = transcoded.consumed;
        done.attributes_altered = transcoded.attributes_altered;
        done.was_ber = true;
        Ok(done)
    }

    /// How many bytes of the input the ContentInfo took, end marks of BER included.
    #[must_use]
    pub fn consumed(&self) -> usize {
        self.consumed
    }

    /// Whether BER had to be turned into DER; the signed bytes were not touched.
    #[must_use]
    pub fn was_ber(&self) -> bool {
        self.was_ber
    }

    /// The type of the encapsulated content.
    #[must_use]
    pub fn content_type(&self) -> &ObjectIdentifier {
        &self.content_type
    }

    /// The encapsulated content, `None` for a detached signature.
    #[must_use]
    pub fn content(&self) -> Option<&[u8]> {
        self.content.as_ref().map(|r| self.part(r))
    }

    /// The certificates that could be read, in the order received.
    #[must_use]
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// How many members of the certificate set were passed over: unreadable, of another kind, or beyond [`MAX_CERTIFICATES`].
    #[must_use]
    pub fn skipped_certificates(&self) -> usize {
        self.skipped_certificates
    }

    /// The revocation information carried along, each the DER of one member.
    pub fn crls(&self) -> impl Iterator<Item = &[u8]> {
        self.crls.iter().map(|r| self.part(r))
    }

    /// The SignerInfos.
    #[must_use]
    pub fn signer_infos(&self) -> &[SignerInfo] {
        &self.signer_infos
    }

    /// The digest algorithm of the first SignerInfo, if it is one this library computes.
    #[must_use]
    pub fn digest_algorithm(&self) -> Option<crate::crypto::digest::DigestAlgorithm> {
        let info = self.signer_infos.first()?;
        crate::pki::algorithm::digest_algorithm(self.bytes.get(info.digest_algorithm.clone())?).ok()
    }

    /// The signed attributes of the first SignerInfo as the message that was signed: as received, under tag 0x31 (RFC 5652 5.4).
    #[must_use]
    pub fn signed_attributes_message(&self) -> Option<Vec<u8>> {
        self.message(self.signer_infos.first()?)
    }

    /// The signature value of the first SignerInfo: what a signature time stamp is over.
    #[must_use]
    pub fn signature_value(&self) -> &[u8] {
        self.signer_infos.first().map(|s| self.part(&s.signature)).unwrap_or_default()
    }

    /// The values of a signed attribute of the first SignerInfo, each as received; empty if there is none or it cannot be read.
    #[must_use]
    pub fn signed_attribute(&self, oid: &ObjectIdentifier) -> Vec<&[u8]> {
        self.values(self.signer_infos.first().and_then(|s| s.signed_attributes.as_ref()), oid)
    }

    /// The values of an unsigned attribute of the first SignerInfo, each as received. Nothing protects them.
    #[must_use]
    pub fn unsigned_attribute(&self, oid: &ObjectIdentifier) -> Vec<&[u8]> {
        self.values(self.signer_infos.first().and_then(|s| s.unsigned_attributes.as_ref()), oid)
    }

    fn values(&self, list: Option<&Range<usize>>, oid: &ObjectIdentifier) -> Vec<&[u8]> {
        let attributes = list.and_then(|r| self.attributes(r).ok()).unwrap_or_default();
        attributes.iter().filter(|a| a.oid == *oid).flat_map(|a| a.values.iter().map(|v| v.raw)).collect()
    }

    pub(crate) fn part(&self, range: &Range<usize>) -> &[u8] {
        self.bytes.get(range.clone()).unwrap_or_default()
    }

    pub(crate) fn message(&self, signer: &SignerInfo) -> Option<Vec<u8>> {
        let mut message = self.part(signer.signed_attributes.as_ref()?).to_vec();
        *message.first_mut()? = der::SET;
        Some(message)
    }

    /// The attributes in a raw attribute list.
    pub(crate) fn attributes(&self, list: &Range<usize>) -> Result<Vec<Attribute<'_>>, DerFault> {
        let mut reader = Reader::new(self.part(list)).any()?.inside();
        let mut attributes = Vec::new();
        while !reader.is_empty() {
            let tlv = reader.expect(der::SEQUENCE, "attribute")?;
            if attributes.len() >= MAX_ATTRIBUTES {
                return Err(tlv.fault("too many attributes"));
            }
            let mut inside = tlv.inside();
            let oid = inside.expect(der::OID, "attribute type")?.oid()?;
            let mut set = inside.expect(der::SET, "attribute values")?.inside();
            end(&inside, "attribute")?;
            let mut values = Vec::new();
            while !set.is_empty() {
                if values.len() >= MAX_ATTRIBUTES {
                    return Err(set.fault("too many attribute values"));
                }
                values.push(set.any()?);
            }
            attributes.push(Attribute { oid, values });
        }
        Ok(attributes)
    }
}

/// Nothing may stand behind the last member: what a reader passes over, nobody checks.
fn end(reader: &Reader<'_>, what: &'static str) -> Result<(), DerFault> {
    if !reader.is_empty() && on(Check::CmsNothingExtra) { reader.finish(what) } else { Ok(()) }
}

fn malformed(fault: DerFault) -> CmsFailure {
    CmsFailure { reason: CmsReason::Malformed, detail: fault.what.to_owned(), at: Some(fault.at as u64) }
}

fn read(bytes: Vec<u8>) -> Result<SignedData, CmsFailure> {
    let (content_type, inner) = content_info(&bytes).map_err(malformed)?;
    if content_type != ID_SIGNED_DATA && on(Check::CmsSignedData) {
        return Err(CmsFailure::new(CmsReason::NotSignedData, "content type"));
    }
    let mut done = signed_data(&inner, &bytes).map_err(|fault| match fault.what {
        TOO_MANY_SIGNERS => CmsFailure::new(CmsReason::MultipleSignerInfos, fault.what),
        _ => malformed(fault),
    })?;
    done.bytes = bytes;
    Ok(done)
}

const TOO_MANY_SIGNERS: &str = "too many";

/// ContentInfo (RFC 5652 3).
fn content_info(bytes: &[u8]) -> Result<(ObjectIdentifier, Tlv<'_>), DerFault> {
    let mut reader = der::whole(bytes, der::SEQUENCE, "ContentInfo")?.inside();
    let content_type = reader.expect(der::OID, "content type")?.oid()?;
    let outer = reader.expect(0xa0, "content")?;
    end(&reader, "ContentInfo")?;
    let mut inside = outer.inside();
    let inner = inside.any()?;
    end(&inside, "content")?;
    Ok((content_type, inner))
}

fn signed_data(tlv: &Tlv<'_>, bytes: &[u8]) -> Result<SignedData, DerFault> {
    if tlv.tag != der::SEQUENCE {
        return Err(tlv.fault("SignedData"));
    }
    let mut reader = tlv.inside();
    let version = reader.expect(der::INTEGER, "version")?.small()?;
    if version > 5 {
        return Err(reader.fault("version"));
    }
    let mut digests = reader.expect(der::SET, "digest algorithms")?.inside();
    let mut digest_algorithms = Vec::new();
    while !digests.is_empty() {
        if digest_algorithms.len() >= MAX_SIGNER_INFOS {
            return Err(digests.fault("too many digest algorithms"));
        }
        digest_algorithms.push(digests.expect(der::SEQUENCE, "digest algorithm")?.range_in(bytes));
    }
    let mut encapsulated = reader.expect(der::SEQUENCE, "encapsulated content")?.inside();
    let content_type = encapsulated.expect(der::OID, "content type")?.oid()?;
    let content = match encapsulated.optional(0xa0)? {
        None => None,
        Some(outer) => {
            let mut inside = outer.inside();
            let octets = inside.expect(der::OCTET_STRING, "encapsulated octets")?;
            end(&inside, "encapsulated content")?;
            Some(der::range_of(octets.value, bytes))
        }
    };
    end(&encapsulated, "encapsulated content")?;
    let (mut certificates, mut skipped_certificates) = (Vec::new(), 0_usize);
    let mut members: Vec<u8> = Vec::new();
    if let Some(set) = reader.optional(0xa0)? {
        let mut inside = set.inside();
        while !inside.is_empty() {
            let member = inside.any()?;
            if !members.contains(&member.tag) {
                members.push(member.tag);
            }
            // Other CertificateChoices (attribute certificates and the like, RFC 5652 10.2.2) carry no signer's key.
            let read = if member.tag == der::SEQUENCE && certificates.len() < MAX_CERTIFICATES {
                Certificate::from_der(member.raw).ok()
            } else {
                None
            };
            match read {
                Some(certificate) => certificates.push(certificate),
                None => skipped_certificates += 1,
            }
        }
    }
    let mut crls = Vec::new();
    if let Some(set) = reader.optional(0xa1)? {
        let mut inside = set.inside();
        while !inside.is_empty() {
            let member = inside.any()?;
            if member.tag == 0xa1 {
                members.push(0xa3);
            }
            crls.push(member.range_in(bytes));
        }
    }
    let mut infos = reader.expect(der::SET, "signer infos")?.inside();
    end(&reader, "SignedData")?;
    let mut signer_infos = Vec::new();
    while !infos.is_empty() {
        if signer_infos.len() >= MAX_SIGNER_INFOS {
            return Err(infos.fault(TOO_MANY_SIGNERS));
        }
        signer_infos.push(signer_info(&infos.expect(der::SEQUENCE, "SignerInfo")?, bytes)?);
    }
    // RFC 5652 5.1: the number follows from what is inside.
    let version_expected = if members.contains(&0xa3) {
        5
    } else if members.contains(&0xa2) {
        4
    } else if members.contains(&0xa1) || content_type != ID_DATA || signer_infos.iter().any(|s| s.version == 3) {
        3
    } else {
        1
    };
    Ok(SignedData {
        version,
        version_expected,
        digest_algorithms,
        bytes: Vec::new(),
        consumed: bytes.len(),
        attributes_altered: false,
        was_ber: false,
        content_type,
        content,
        certificates,
        skipped_certificates,
        crls,
        signer_infos,
    })
}

fn signer_info(tlv: &Tlv<'_>, bytes: &[u8]) -> Result<SignerInfo, DerFault> {
    let mut reader = tlv.inside();
    let version = reader.expect(der::INTEGER, "version")?.small()?;
    let id = match reader.optional(0x80)? {
        Some(key_id) => SignerId::KeyId(der::range_of(key_id.value, bytes)),
        None => {
            let mut inside = reader.expect(der::SEQUENCE, "signer identifier")?.inside();
            let issuer = inside.expect(der::SEQUENCE, "issuer")?;
            let serial = inside.expect(der::INTEGER, "serial number")?;
            end(&inside, "signer identifier")?;
            SignerId::IssuerSerial { issuer: issuer.range_in(bytes), serial: der::range_of(serial.integer()?, bytes) }
        }
    };
    let digest_algorithm = reader.expect(der::SEQUENCE, "digest algorithm")?.range_in(bytes);
    let signed_attributes = reader.optional(0xa0)?.map(|t| t.range_in(bytes));
    let signature_algorithm = reader.expect(der::SEQUENCE, "signature algorithm")?.range_in(bytes);
    let signature = der::range_of(reader.expect(der::OCTET_STRING, "signature value")?.value, bytes);
    let unsigned_attributes = reader.optional(0xa1)?.map(|t| t.range_in(bytes));
    end(&reader, "SignerInfo")?;
    Ok(SignerInfo { version, id, digest_algorithm, signed_attributes, signature_algorithm, signature, unsigned_attributes })
}
