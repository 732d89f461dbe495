//! The OCSP responder (RFC 6960, RFC 5019, RFC 9654): takes a request's bytes and a way to look a serial number up, gives the response's bytes.
//! Whatever comes in is answered; what cannot be read is told so without a signature.

use super::authority::Authority;
use super::delegate::Delegate;
use crate::asn1::{self, ENUMERATED, OCTET_STRING, SEQUENCE};
use crate::failure::Failure;
use crate::random;
use der::asn1::{Any, Int, ObjectIdentifier, OctetString};
use der::{Decode, Sequence};
use thrivosign::Time;
use thrivosign::crypto::digest::DigestAlgorithm;
use thrivosign::pki::certificate::Certificate;
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::CrlReason;
use x509_cert::spki::AlgorithmIdentifierOwned;

/// How long an answer is valid.
const LIFE: i64 = 3600;
/// Most certificates in a request.
const MOST: usize = 64;
/// id-pkix-ocsp-nonce.
const NONCE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.2");
/// id-pkix-ocsp-basic, whole.
const BASIC: &[u8] = &[0x06, 0x09, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x01];
/// id-pkix-ocsp-archive-cutoff, whole.
const ARCHIVE_CUTOFF: &[u8] = &[0x06, 0x09, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x06];

/// What is known of a certificate.
pub(crate) enum Standing {
    /// Issued and not revoked.
    Good,
    /// Revoked since then; `None` where no reason was given.
    Revoked { at: Time, reason: Option<CrlReason> },
    /// Never issued here.
    Unknown,
}

/// A response.
pub(crate) struct OcspAnswer {
    pub(crate) der: Vec<u8>,
    /// Since when and until when it may be held: not for refusals, and not for what answers one nonce alone.
    pub(crate) fresh: Option<(Time, Time)>,
}

/// OCSPResponseStatus of a refusal.
#[derive(Clone, Copy)]
pub(crate) enum Refusal {
    Malformed = 1,
    Internal = 2,
    Unauthorized = 6,
}

impl From<Refusal> for OcspAnswer {
    fn from(refusal: Refusal) -> OcspAnswer {
        OcspAnswer { der: asn1::write(SEQUENCE, &[&asn1::write(ENUMERATED, &[&[refusal as u8]])]), fresh: None }
    }
}

#[derive(Sequence)]
struct Request {
    tbs: Tbs,
    // Who asks is of no interest: the answer is the same for everybody.
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    signature: Option<Any>,
}

fn version_1() -> u8 {
    0
}

#[derive(Sequence)]
struct Tbs {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", default = "version_1")]
    version: u8,
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT", optional = "true")]
    requestor: Option<Any>,
    list: Vec<Single>,
    #[asn1(context_specific = "2", tag_mode = "EXPLICIT", optional = "true")]
    extensions: Option<Vec<Extension>>,
}

#[derive(Sequence)]
struct Single {
    id: CertId,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    extensions: Option<Vec<Extension>>,
}

#[derive(Sequence)]
struct CertId {
    hash: AlgorithmIdentifierOwned,
    name_hash: OctetString,
    key_hash: OctetString,
    serial: Int,
}

/// The responder of the issuing CA.
pub(crate) struct Responder {
    delegate: Delegate,
    issuing: Certificate,
}

impl Responder {
    pub(crate) fn new(delegate: Delegate, authority: &Authority) -> Result<Responder, Failure> {
        let [issuing, _] = authority.chain();
        let issuing = Certificate::from_der(issuing).map_err(Failure::at("the issuing CA's certificate cannot be read"))?;
        Ok(Responder { delegate, issuing })
    }

    /// The response to a request. `standing` looks a serial number (as in the certificate, in lower-case hexadecimal) up.
    pub(crate) fn answer(
        &self,
        request: &[u8],
        now: Time,
        mut standing: impl FnMut(&str) -> Result<Standing, Failure>,
    ) -> Result<OcspAnswer, Failure> {
        let Ok(Request { tbs, .. }) = Request::from_der(request) else { return Ok(Refusal::Malformed.into()) };
        let Ok(nonce) = nonce(&tbs) else { return Ok(Refusal::Malformed.into()) };
        if tbs.list.is_empty() || tbs.list.len() > MOST {
            return Ok(Refusal::Malformed.into());
        }
        // A responder speaks for the one CA that delegated it (RFC 5019 2.2.3); beside questions that are ours, others are not known.
        if !tbs.list.iter().any(|single| self.is_ours(&single.id)) {
            return Ok(Refusal::Unauthorized.into());
        }
        let until = now.plus(LIFE);
        let mut responses = Vec::new();
        for Single { id, .. } in &tbs.list {
            let known = if self.is_ours(id) { standing(&random::hex(id.serial.as_bytes()))? } else { Standing::Unknown };
            responses.extend(self.single(id, &known, now, until)?);
        }
        let responder = asn1::write(0xa2, &[&asn1::write(OCTET_STRING, &[&self.key_hash(DigestAlgorithm::Sha1)])]);
        let extensions = nonce
            .as_ref()
            .map_or(Ok(Vec::new()), |nonce| Ok::<_, Failure>(asn1::write(0xa1, &[&asn1::write(SEQUENCE, &[&asn1::encode(nonce)?])])))?;
        let list = asn1::write(SEQUENCE, &[&responses]);
        let data = asn1::write(SEQUENCE, &[&responder, &asn1::time(now), &list, &extensions]);
        let certificates = asn1::write(0xa0, &[&asn1::write(SEQUENCE, &[self.delegate.certificate.der()])]);
        let basic = asn1::write(OCTET_STRING, &[&asn1::signed(&data, &self.delegate.key, &certificates)]);
        let bytes = asn1::write(0xa0, &[&asn1::write(SEQUENCE, &[BASIC, &basic])]);
        let der = asn1::write(SEQUENCE, &[&asn1::write(ENUMERATED, &[&[0]]), &bytes]);
        Ok(OcspAnswer { der, fresh: nonce.is_none().then_some((now, until)) })
    }

    fn key_hash(&self, digest: DigestAlgorithm) -> Vec<u8> {
        digest.digest(self.delegate.certificate.public_key().key_bytes())
    }

    /// Whether a certificate is named as one of the issuing CA's.
    fn is_ours(&self, id: &CertId) -> bool {
        let digest = DigestAlgorithm::from_oid_bytes(id.hash.oid.as_bytes());
        digest.is_some_and(|digest| {
            id.name_hash.as_bytes() == digest.digest(self.issuing.subject_der())
                && id.key_hash.as_bytes() == digest.digest(self.issuing.public_key().key_bytes())
        })
    }

    /// SingleResponse.
    fn single(&self, id: &CertId, standing: &Standing, now: Time, until: Time) -> Result<Vec<u8>, Failure> {
        let status = match standing {
            Standing::Good => asn1::write(0x80, &[]),
            Standing::Unknown => asn1::write(0x82, &[]),
            Standing::Revoked { at, reason } => {
                let reason = reason.map_or(Vec::new(), |reason| {
                    let code = u8::try_from(reason as u32).unwrap_or_default();
                    asn1::write(0xa0, &[&asn1::write(ENUMERATED, &[&[code]])])
                });
                asn1::write(0xa1, &[&asn1::time(*at), &reason])
            }
        };
        // Certificates are remembered for ever: since the CA began (RFC 6960 4.4.4).
        let cutoff = asn1::write(OCTET_STRING, &[&asn1::time(self.issuing.not_before())]);
        let extension = asn1::write(SEQUENCE, &[ARCHIVE_CUTOFF, &cutoff]);
        let extensions = asn1::write(0xa1, &[&asn1::write(SEQUENCE, &[&extension])]);
        let next = asn1::write(0xa0, &[&asn1::time(until)]);
        Ok(asn1::write(SEQUENCE, &[&asn1::encode(id)?, &status, &asn1::time(now), &next, &extensions]))
    }
}

/// The nonce's extension. A nonce of no or too many bytes, and a critical extension that nobody here knows, are refused (RFC 9654 2.1, RFC 6960 4.4).
fn nonce(tbs: &Tbs) -> Result<Option<Extension>, ()> {
    let mut found = None;
    for extension in tbs.extensions.iter().flatten().chain(tbs.list.iter().flat_map(|single| single.extensions.iter().flatten())) {
        if extension.extn_id != NONCE {
            if extension.critical {
                return Err(());
            }
            continue;
        }
        let value = OctetString::from_der(extension.extn_value.as_bytes()).map_err(|_| ())?;
        if found.is_some() || !(1..=128).contains(&value.as_bytes().len()) {
            return Err(());
        }
        found = Some(Extension { critical: false, ..extension.clone() });
    }
    Ok(found)
}
