//! The pki room: X.509 certificates.
//!
//! Takes DER or PEM, gives facts. The received bytes are kept, and what is signed or hashed is a slice of them; nothing is encoded again.
//! Whether a certificate is trusted, valid at a time or revoked is not said here.

use crate::crypto::digest::sha256;
use crate::error::{ErrorKind, Result};
use crate::pki::algorithm::{self, PublicKey, SignatureAlgorithm};
use crate::pki::der::{self, DerFault, Reader, Tlv};
use crate::pki::name;
pub use crate::pki::oid;
pub use crate::pki::pem::certificates_from_pem;
use crate::time::Time;
use const_oid::ObjectIdentifier;
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// Extensions that path validation and the signing rules evaluate, or that RFC 5280 lets be ignored only because they restrict nothing here.
/// Everything else that is critical makes the certificate unusable (RFC 5280 4.2).
const KNOWN: [ObjectIdentifier; 14] = [
    oid::SUBJECT_KEY_ID,
    oid::KEY_USAGE,
    oid::SUBJECT_ALT_NAME,
    oid::BASIC_CONSTRAINTS,
    oid::NAME_CONSTRAINTS,
    oid::CRL_DISTRIBUTION_POINTS,
    oid::CERTIFICATE_POLICIES,
    oid::POLICY_MAPPINGS,
    oid::AUTHORITY_KEY_ID,
    oid::POLICY_CONSTRAINTS,
    oid::EXTENDED_KEY_USAGE,
    oid::INHIBIT_ANY_POLICY,
    oid::AUTHORITY_INFO_ACCESS,
    oid::QC_STATEMENTS,
];
/// More extensions than this are no certificate anybody issued.
const MAX_EXTENSIONS: usize = 64;

/// The bits of keyUsage (RFC 5280 4.2.1.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "the standard's own bit string")]
#[expect(missing_docs, reason = "the standard's own names")]
pub struct KeyUsage {
    pub digital_signature: bool,
    pub content_commitment: bool,
    pub key_encipherment: bool,
    pub data_encipherment: bool,
    pub key_agreement: bool,
    pub key_cert_sign: bool,
    pub crl_sign: bool,
    pub encipher_only: bool,
    pub decipher_only: bool,
}

/// A certificate. Cheap to clone; equal when the DER is equal.
#[derive(Clone)]
pub struct Certificate(Arc<Parts>);

struct Parts {
    der: Box<[u8]>,
    tbs: Range<usize>,
    serial: Range<usize>,
    issuer: Range<usize>,
    subject: Range<usize>,
    signature_algorithm_der: Range<usize>,
    signature: Range<usize>,
    signature_algorithm: Option<SignatureAlgorithm>,
    not_before: Time,
    not_after: Time,
    public_key: PublicKey,
    extensions: Vec<Extension>,
    ca: bool,
    path_len: Option<u32>,
    key_usage: Option<KeyUsage>,
    extended_key_usage: Option<Vec<ObjectIdentifier>>,
    subject_key_id: Option<Range<usize>>,
    authority_key_id: Option<Range<usize>>,
    policies: Vec<ObjectIdentifier>,
    comparable_subject: OnceLock<Vec<u8>>,
    comparable_issuer: OnceLock<Vec<u8>>,
    sha256: OnceLock<[u8; 32]>,
}

struct Extension {
    oid: ObjectIdentifier,
    critical: bool,
    value: Range<usize>,
}

impl Certificate {
    /// From the DER of one certificate, kept as received.
    ///
    /// A key or signature algorithm that this library cannot verify is no error: [`Certificate::public_key`] and
    /// [`Certificate::signature_algorithm`] say so.
    ///
    /// # Errors
    /// [`ErrorKind::CertificateMalformed`] with the byte position, also for bytes after the certificate, a repeated extension, or inner and
    /// outer signature algorithm that differ (RFC 5280 4.1.1.2).
    pub fn from_der(bytes: &[u8]) -> Result<Certificate> {
        read(bytes).map(|parts| Certificate(Arc::new(parts))).map_err(|fault| fault.error(ErrorKind::CertificateMalformed))
    }

    fn part(&self, range: &Range<usize>) -> &[u8] {
        self.0.der.get(range.clone()).unwrap_or_default()
    }

    /// The certificate as received.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.0.der
    }

    /// The signed part: what [`Certificate::signature`] is over.
    #[must_use]
    pub fn tbs_der(&self) -> &[u8] {
        self.part(&self.0.tbs)
    }

    /// The subject's key. Its algorithm is `Unsupported` if this library cannot verify with it.
    #[must_use]
    pub fn public_key(&self) -> &PublicKey {
        &self.0.public_key
    }

    /// The subject, Name DER.
    #[must_use]
    pub fn subject_der(&self) -> &[u8] {
        self.part(&self.0.subject)
    }

    /// The issuer, Name DER.
    #[must_use]
    pub fn issuer_der(&self) -> &[u8] {
        self.part(&self.0.issuer)
    }

    /// The serial number's bytes as they stand in the certificate (two's complement, usually positive).
    #[must_use]
    pub fn serial(&self) -> &[u8] {
        self.part(&self.0.serial)
    }

    /// Start of validity.
    #[must_use]
    pub fn not_before(&self) -> Time {
        self.0.not_before
    }

    /// End of validity, inclusive.
    #[must_use]
    pub fn not_after(&self) -> Time {
        self.0.not_after
    }

    /// Whether basicConstraints says CA.
    #[must_use]
    pub fn is_ca(&self) -> bool {
        self.0.ca
    }

    /// pathLenConstraint, if there is one.
    #[must_use]
    pub fn path_len(&self) -> Option<u32> {
        self.0.path_len
    }

    /// keyUsage, if there is one.
    #[must_use]
    pub fn key_usage(&self) -> Option<KeyUsage> {
        self.0.key_usage
    }

    /// The purposes of extKeyUsage, `None` if there is none.
    #[must_use]
    pub fn extended_key_usage(&self) -> Option<Vec<ObjectIdentifier>> {
        self.0.extended_key_usage.clone()
    }

    /// subjectKeyIdentifier.
    #[must_use]
    pub fn subject_key_id(&self) -> Option<&[u8]> {
        self.0.subject_key_id.as_ref().map(|r| self.part(r))
    }

    /// keyIdentifier of authorityKeyIdentifier.
    #[must_use]
    pub fn authority_key_id(&self) -> Option<&[u8]> {
        self.0.authority_key_id.as_ref().map(|r| self.part(r))
    }

    /// The policies of certificatePolicies; empty if there are none.
    #[must_use]
    pub fn policies(&self) -> &[ObjectIdentifier] {
        &self.0.policies
    }

    /// Criticality and content of an extension.
    #[must_use]
    pub fn extension(&self, oid: &ObjectIdentifier) -> Option<(bool, &[u8])> {
        self.0.extensions.iter().find(|e| e.oid == *oid).map(|e| (e.critical, self.part(&e.value)))
    }

    /// Whether there are extensions at all: version 3 in earnest.
    #[must_use]
    pub fn has_extensions(&self) -> bool {
        !self.0.extensions.is_empty()
    }

    /// Critical extensions that nobody here evaluates: such a certificate must not be relied on (RFC 5280 4.2).
    #[must_use]
    pub fn unknown_critical_extensions(&self) -> Vec<ObjectIdentifier> {
        self.0.extensions.iter().filter(|e| e.critical && !KNOWN.contains(&e.oid)).map(|e| e.oid).collect()
    }

    /// The algorithm of the issuer's signature, `None` if it is not supported.
    #[must_use]
    pub fn signature_algorithm(&self) -> Option<&SignatureAlgorithm> {
        self.0.signature_algorithm.as_ref()
    }

    /// The AlgorithmIdentifier of the issuer's signature.
    #[must_use]
    pub fn signature_algorithm_der(&self) -> &[u8] {
        self.part(&self.0.signature_algorithm_der)
    }

    /// The issuer's signature.
    #[must_use]
    pub fn signature(&self) -> &[u8] {
        self.part(&self.0.signature)
    }

    /// The subject as RFC 4514 text, for people only.
    #[must_use]
    pub fn subject_text(&self) -> String {
        name::text(self.subject_der())
    }

    /// Whether that Name (DER) is the subject, as names are compared (RFC 5280 7.1).
    #[must_use]
    pub fn subject_is(&self, name_der: &[u8]) -> bool {
        self.comparable_subject() == name::comparable_bytes(name_der)
    }

    /// The issuer as RFC 4514 text, for people only.
    #[must_use]
    pub fn issuer_text(&self) -> String {
        name::text(self.issuer_der())
    }

    /// Whether the subject has that attribute with that value, capitals and small letters alike.
    #[must_use]
    pub fn subject_has(&self, attribute: &ObjectIdentifier, value: &str) -> bool {
        let fold = |text: &str| text.trim().to_lowercase();
        name::attributes(self.subject_der(), attribute).is_some_and(|values| values.iter().any(|found| fold(found) == fold(value)))
    }

    /// The subject's common name.
    #[must_use]
    pub fn common_name(&self) -> Option<String> {
        name::common_name(self.subject_der())
    }

    /// SHA-256 of the certificate.
    #[must_use]
    pub fn sha256(&self) -> [u8; 32] {
        *self.0.sha256.get_or_init(|| sha256(&self.0.der))
    }

    /// Whether subject and issuer are the same name (RFC 5280 6.1).
    #[must_use]
    pub fn is_self_issued(&self) -> bool {
        self.subject_der() == self.issuer_der() || self.comparable_subject() == self.comparable_issuer()
    }

    /// Whether `issuer`'s subject is this certificate's issuer (RFC 5280 7.1).
    #[must_use]
    pub fn names_issuer(&self, issuer: &Certificate) -> bool {
        self.issuer_der() == issuer.subject_der() || self.comparable_issuer() == issuer.comparable_subject()
    }

    pub(crate) fn comparable_subject(&self) -> &[u8] {
        self.0.comparable_subject.get_or_init(|| name::comparable_bytes(self.subject_der()))
    }

    pub(crate) fn comparable_issuer(&self) -> &[u8] {
        self.0.comparable_issuer.get_or_init(|| name::comparable_bytes(self.issuer_der()))
    }

    /// Whether key usage and purposes allow document signatures: keyUsage absent or with contentCommitment or digitalSignature; purposes
    /// absent or one of document signing (RFC 9336), e-mail protection, client authentication, any, Adobe's or Microsoft's document signing.
    /// A purpose of TLS servers, time stamping or OCSP never stands in.
    #[must_use]
    pub fn suits_signing(&self) -> bool {
        const PURPOSES: [ObjectIdentifier; 6] = [
            oid::KP_DOCUMENT_SIGNING,
            oid::KP_EMAIL_PROTECTION,
            oid::KP_CLIENT_AUTH,
            oid::ANY_EXTENDED_KEY_USAGE,
            oid::KP_ADOBE_DOCUMENT,
            oid::KP_MICROSOFT_DOCUMENT,
        ];
        self.0.key_usage.is_none_or(|u| u.digital_signature || u.content_commitment)
            && self.0.extended_key_usage.as_ref().is_none_or(|purposes| purposes.iter().any(|p| PURPOSES.contains(p)))
    }

    /// Whether the certificate is one of a time-stamping authority: extKeyUsage critical with the sole purpose timeStamping (RFC 3161 2.3),
    /// keyUsage absent or for signatures.
    #[must_use]
    pub fn suits_time_stamping(&self) -> bool {
        self.extension(&oid::EXTENDED_KEY_USAGE).is_some_and(|(critical, _)| critical)
            && self.0.extended_key_usage.as_deref() == Some(&[oid::KP_TIME_STAMPING])
            && self.0.key_usage.is_none_or(|u| u.digital_signature || u.content_commitment)
    }

    /// The http(s) addresses of OCSP responders in authorityInfoAccess.
    #[must_use]
    pub fn ocsp_urls(&self) -> Vec<String> {
        self.access_urls(&oid::AD_OCSP)
    }

    /// The http(s) addresses of issuer certificates in authorityInfoAccess.
    #[must_use]
    pub fn ca_issuer_urls(&self) -> Vec<String> {
        self.access_urls(&oid::AD_CA_ISSUERS)
    }

    fn access_urls(&self, method: &ObjectIdentifier) -> Vec<String> {
        let Some((_, value)) = self.extension(&oid::AUTHORITY_INFO_ACCESS) else { return Vec::new() };
        let mut urls = Vec::new();
        let Ok(list) = der::whole(value, der::SEQUENCE, "access") else { return urls };
        let mut reader = list.inside();
        while let Ok(entry) = reader.expect(der::SEQUENCE, "access") {
            let mut inside = entry.inside();
            let (Ok(kind), Ok(place)) = (inside.any(), inside.any()) else { continue };
            if kind.value == method.as_bytes() {
                urls.extend(http_url(&place));
            }
        }
        urls
    }

    /// The http(s) addresses in cRLDistributionPoints.
    #[must_use]
    pub fn crl_urls(&self) -> Vec<String> {
        let Some((_, value)) = self.extension(&oid::CRL_DISTRIBUTION_POINTS) else { return Vec::new() };
        let mut urls = Vec::new();
        let Ok(list) = der::whole(value, der::SEQUENCE, "points") else { return urls };
        let mut points = list.inside();
        while let Ok(point) = points.expect(der::SEQUENCE, "point") {
            let Ok(Some(outer)) = point.inside().optional(0xa0) else { continue };
            let Ok(Some(full)) = outer.inside().optional(0xa0) else { continue };
            let mut names = full.inside();
            while let Ok(place) = names.any() {
                urls.extend(http_url(&place));
            }
        }
        urls
    }
}

/// The text of a uniformResourceIdentifier that is http or https.
fn http_url(place: &Tlv<'_>) -> Option<String> {
    let text = std::str::from_utf8(place.value).ok().filter(|_| place.tag == 0x86)?;
    (text.starts_with("http://") || text.starts_with("https://")).then(|| text.to_owned())
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Certificate) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.der == other.0.der
    }
}

impl Eq for Certificate {}

/// Names no subject: certificates end up in logs.
impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Certificate(")?;
        for byte in self.sha256().iter().take(4) {
            write!(f, "{byte:02x}")?;
        }
        write!(f, ", {})", self.0.public_key.algorithm())
    }
}

fn read(bytes: &[u8]) -> Result<Parts, DerFault> {
    let mut outer = der::whole(bytes, der::SEQUENCE, "certificate")?.inside();
    let tbs = outer.expect(der::SEQUENCE, "signed part")?;
    let outer_algorithm = outer.expect(der::SEQUENCE, "signature algorithm")?;
    let signature = outer.expect(der::BIT_STRING, "signature")?;
    outer.finish("certificate")?;

    let mut reader = tbs.inside();
    let version = match reader.optional(0xa0)? {
        None => 0,
        Some(tlv) => {
            let mut inside = tlv.inside();
            let version = inside.expect(der::INTEGER, "version")?.small()?;
            inside.finish("version")?;
            version
        }
    };
    if version > 2 {
        return Err(tbs.fault("version"));
    }
    let serial = reader.expect(der::INTEGER, "serial number")?;
    serial.integer()?;
    let algorithm = reader.expect(der::SEQUENCE, "inner signature algorithm")?;
    // RFC 5280 4.1.1.2: an attacker must not be able to swap the outer, unsigned one.
    if algorithm.raw != outer_algorithm.raw {
        return Err(outer_algorithm.fault("signature algorithms differ"));
    }
    let issuer = reader.expect(der::SEQUENCE, "issuer")?;
    let mut validity = reader.expect(der::SEQUENCE, "validity")?.inside();
    let not_before = time(&validity.any()?)?;
    let not_after = time(&validity.any()?)?;
    validity.finish("validity")?;
    let subject = reader.expect(der::SEQUENCE, "subject")?;
    let key = reader.expect(der::SEQUENCE, "public key")?;
    let public_key = algorithm::read_key(key.raw).map_err(|f| DerFault { at: f.at + key.at, ..f })?;
    let _issuer_unique_id = reader.optional(0x81)?;
    let _subject_unique_id = reader.optional(0x82)?;

    let mut parts = Parts {
        der: bytes.into(),
        tbs: tbs.range_in(bytes),
        serial: der::range_of(serial.value, bytes),
        issuer: issuer.range_in(bytes),
        subject: subject.range_in(bytes),
        signature_algorithm_der: outer_algorithm.range_in(bytes),
        signature: der::range_of(signature.bit_bytes()?, bytes),
        signature_algorithm: algorithm::signature_algorithm(outer_algorithm.raw, None).ok(),
        not_before,
        not_after,
        public_key,
        extensions: Vec::new(),
        ca: false,
        path_len: None,
        key_usage: None,
        extended_key_usage: None,
        subject_key_id: None,
        authority_key_id: None,
        policies: Vec::new(),
        comparable_subject: OnceLock::new(),
        comparable_issuer: OnceLock::new(),
        sha256: OnceLock::new(),
    };
    if let Some(tlv) = reader.optional(0xa3)? {
        if version != 2 {
            return Err(tlv.fault("extensions in a certificate that is not version 3"));
        }
        let mut inside = tlv.inside();
        let list = inside.expect(der::SEQUENCE, "extensions")?;
        inside.finish("extensions")?;
        read_extensions(bytes, list.inside(), &mut parts)?;
    }
    reader.finish("signed part")?;
    Ok(parts)
}

fn read_extensions(bytes: &[u8], mut list: Reader<'_>, parts: &mut Parts) -> Result<(), DerFault> {
    while !list.is_empty() {
        let tlv = list.expect(der::SEQUENCE, "extension")?;
        let mut reader = tlv.inside();
        let oid = reader.expect(der::OID, "extension")?.oid()?;
        let critical = reader.optional(der::BOOLEAN)?.map_or(Ok(false), |b| b.boolean())?;
        let value = reader.expect(der::OCTET_STRING, "extension value")?;
        reader.finish("extension")?;
        // RFC 5280 4.2: no more than one of each; two would let reader and writer look at different ones.
        if parts.extensions.len() >= MAX_EXTENSIONS || parts.extensions.iter().any(|e| e.oid == oid) {
            return Err(tlv.fault("extension repeated"));
        }
        parts.extensions.push(Extension { oid, critical, value: der::range_of(value.value, bytes) });
        let mut content = value.inside();
        match oid {
            oid::BASIC_CONSTRAINTS => {
                let mut inside = only(&mut content, der::SEQUENCE, "basic constraints")?.inside();
                parts.ca = inside.optional(der::BOOLEAN)?.map_or(Ok(false), |b| b.boolean())?;
                parts.path_len = inside.optional(der::INTEGER)?.map(|n| n.small()).transpose()?;
                inside.finish("basic constraints")?;
            }
            oid::KEY_USAGE => parts.key_usage = Some(key_usage(&only(&mut content, der::BIT_STRING, "key usage")?)?),
            oid::EXTENDED_KEY_USAGE => {
                let mut inside = only(&mut content, der::SEQUENCE, "key purposes")?.inside();
                let mut purposes = Vec::new();
                while !inside.is_empty() {
                    purposes.push(inside.expect(der::OID, "key purpose")?.oid()?);
                }
                parts.extended_key_usage = Some(purposes);
            }
            oid::SUBJECT_KEY_ID => {
                let id = only(&mut content, der::OCTET_STRING, "subject key identifier")?;
                parts.subject_key_id = Some(der::range_of(id.value, bytes));
            }
            oid::AUTHORITY_KEY_ID => {
                let mut inside = only(&mut content, der::SEQUENCE, "authority key identifier")?.inside();
                parts.authority_key_id = inside.optional(0x80)?.map(|id| der::range_of(id.value, bytes));
            }
            oid::CERTIFICATE_POLICIES => {
                let mut inside = only(&mut content, der::SEQUENCE, "policies")?.inside();
                while !inside.is_empty() {
                    parts.policies.push(inside.expect(der::SEQUENCE, "policy")?.inside().expect(der::OID, "policy")?.oid()?);
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn only<'a>(content: &mut Reader<'a>, tag: u8, what: &'static str) -> Result<Tlv<'a>, DerFault> {
    let tlv = content.expect(tag, what)?;
    content.finish(what)?;
    Ok(tlv)
}

fn key_usage(tlv: &Tlv<'_>) -> Result<KeyUsage, DerFault> {
    let bits = match tlv.value {
        [unused, bits @ ..] if *unused < 8 && bits.len() <= 2 => bits,
        _ => return Err(tlv.fault("key usage")),
    };
    let bit = |n: usize| bits.get(n / 8).is_some_and(|byte| byte & (0x80 >> (n % 8)) != 0);
    Ok(KeyUsage {
        digital_signature: bit(0),
        content_commitment: bit(1),
        key_encipherment: bit(2),
        data_encipherment: bit(3),
        key_agreement: bit(4),
        key_cert_sign: bit(5),
        crl_sign: bit(6),
        encipher_only: bit(7),
        decipher_only: bit(8),
    })
}

/// UTCTime or GeneralizedTime in the one form of RFC 5280 4.1.2.5: seconds, `Z`, no fraction.
pub(crate) fn time(tlv: &Tlv<'_>) -> Result<Time, DerFault> {
    let text = std::str::from_utf8(tlv.value).map_err(|_| tlv.fault("time"))?;
    let digits = text.strip_suffix('Z').filter(|d| d.bytes().all(|b| b.is_ascii_digit())).ok_or_else(|| tlv.fault("time"))?;
    let (century, digits) = match (tlv.tag, digits.len()) {
        (der::UTC_TIME, 12) => (if digits >= "50" { "19" } else { "20" }, digits),
        (der::GENERALIZED_TIME, 14) => ("", digits),
        _ => return Err(tlv.fault("time")),
    };
    let all = format!("{century}{digits}");
    let field = |range: Range<usize>| all.get(range).unwrap_or_default();
    let text = format!("{}-{}-{}T{}:{}:{}Z", field(0..4), field(4..6), field(6..8), field(8..10), field(10..12), field(12..14));
    Time::from_rfc3339(&text).map_err(|_| tlv.fault("time"))
}
