//! The pki room: OCSP responses (RFC 6960 4.2).
//!
//! Takes DER, gives what the response says of itself, and of certificates. Who signed it, and whether he may, is not said here.

use super::single::{CertId, Single};
use crate::crypto::digest::{DigestAlgorithm, sha256};
use crate::error::{ErrorKind, Result};
use crate::pki::algorithm::{self, SignatureAlgorithm};
use crate::pki::certificate::Certificate;
use crate::pki::der::{self, DerFault, Reader, Tlv};
use crate::pki::name;
use crate::pki::oid;
use crate::pki::timestamp::gen_time;
use crate::switch::{Check, on};
use crate::time::Time;
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

const MAX_CERTIFICATES: usize = 32;

/// OCSPResponseStatus (RFC 6960 4.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the standard's own names")]
pub enum OcspStatus {
    Successful,
    MalformedRequest,
    InternalError,
    TryLater,
    SigRequired,
    Unauthorized,
}

impl OcspStatus {
    fn read(tlv: &Tlv<'_>) -> std::result::Result<OcspStatus, DerFault> {
        Ok(match tlv.value {
            [0] => OcspStatus::Successful,
            [1] => OcspStatus::MalformedRequest,
            [2] => OcspStatus::InternalError,
            [3] => OcspStatus::TryLater,
            [5] => OcspStatus::SigRequired,
            [6] => OcspStatus::Unauthorized,
            _ => return Err(tlv.fault("response status")),
        })
    }

    /// The stable code, `snake_case`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            OcspStatus::Successful => "successful",
            OcspStatus::MalformedRequest => "malformed_request",
            OcspStatus::InternalError => "internal_error",
            OcspStatus::TryLater => "try_later",
            OcspStatus::SigRequired => "sig_required",
            OcspStatus::Unauthorized => "unauthorized",
        }
    }
}

/// A response as it stands on the wire (OCSPResponse). A BasicOCSPResponse, as CMS attributes hold it, is taken too. Cheap to clone; equal when
/// the DER is equal.
#[derive(Clone)]
pub struct OcspResponse(Arc<Parts>);

struct Parts {
    der: Box<[u8]>,
    sha256: OnceLock<[u8; 32]>,
    status: OcspStatus,
    basic: Option<Basic>,
}

/// Who says that he answers.
pub(super) enum Responder {
    /// A name, in comparable form.
    Name(Vec<u8>),
    /// SHA-1 of the key's bits.
    Key(Vec<u8>),
}

/// BasicOCSPResponse.
pub(super) struct Basic {
    whole: Range<usize>,
    tbs: Range<usize>,
    signature: Range<usize>,
    pub(super) algorithm: Option<SignatureAlgorithm>,
    pub(super) responder: Responder,
    pub(super) produced_at: Time,
    pub(super) singles: Vec<Single>,
    pub(super) certificates: Vec<Certificate>,
    nonce: Option<Vec<u8>>,
    pub(super) unknown_critical: bool,
}

impl OcspResponse {
    /// From DER, kept as received; a BasicOCSPResponse gets the outer structure.
    ///
    /// # Errors
    /// [`ErrorKind::DerMalformed`] with the byte position, also for a type of response that is not basic.
    pub fn from_der(bytes: &[u8]) -> Result<OcspResponse> {
        read(bytes).map(|parts| OcspResponse(Arc::new(parts))).map_err(|fault| fault.error(ErrorKind::DerMalformed))
    }

    fn part(&self, range: &Range<usize>) -> &[u8] {
        self.0.der.get(range.clone()).unwrap_or_default()
    }

    /// The OCSPResponse, as a DSS holds it.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.0.der
    }

    /// SHA-256 of the response as it came.
    #[must_use]
    pub fn sha256(&self) -> [u8; 32] {
        *self.0.sha256.get_or_init(|| sha256(&self.0.der))
    }

    /// The BasicOCSPResponse, as CMS attributes hold it; `None` if there is none.
    #[must_use]
    pub fn basic_der(&self) -> Option<&[u8]> {
        self.0.basic.as_ref().map(|basic| self.part(&basic.whole))
    }

    /// How the request went. Anything but successful says nothing about a certificate.
    #[must_use]
    pub fn status(&self) -> OcspStatus {
        self.0.status
    }

    /// When it was signed.
    #[must_use]
    pub fn produced_at(&self) -> Option<Time> {
        self.0.basic.as_ref().map(|basic| basic.produced_at)
    }

    /// The nonce extension's value as it stands.
    #[must_use]
    pub fn nonce(&self) -> Option<&[u8]> {
        self.0.basic.as_ref().and_then(|basic| basic.nonce.as_deref())
    }

    /// The certificates that came along.
    #[must_use]
    pub fn certificates(&self) -> &[Certificate] {
        self.0.basic.as_ref().map_or(&[], |basic| &basic.certificates)
    }

    /// Whether it says anything about that certificate of that issuer: name, key and serial number go together.
    #[must_use]
    pub fn is_about(&self, certificate: &Certificate, issuer: &Certificate) -> bool {
        self.0.basic.as_ref().is_some_and(|basic| basic.singles.iter().any(|single| single.id.names(certificate, issuer)))
    }

    /// Whether it answers nothing but that the certificates are not known.
    pub(crate) fn knows_nothing(&self) -> bool {
        self.0.basic.as_ref().is_some_and(|basic| basic.singles.iter().all(|single| single.status.is_none()))
    }

    /// The first time at which one of its answers no longer speaks, as far as it says.
    pub(crate) fn ends(&self) -> Option<Time> {
        self.0.basic.as_ref()?.singles.iter().filter_map(|single| single.next_update).min()
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = &CertId> {
        self.0.basic.iter().flat_map(|basic| &basic.singles).map(|single| &single.id)
    }

    /// What may be used: successful, and without critical extensions that nobody here evaluates.
    pub(super) fn usable(&self) -> Option<&Basic> {
        self.0
            .basic
            .as_ref()
            .filter(|basic| self.0.status == OcspStatus::Successful && !(basic.unknown_critical && on(Check::AnswerCritical)))
    }

    pub(super) fn tbs_der(&self) -> &[u8] {
        self.0.basic.as_ref().map_or(&[], |basic| self.part(&basic.tbs))
    }

    pub(super) fn signature(&self) -> &[u8] {
        self.0.basic.as_ref().map_or(&[], |basic| self.part(&basic.signature))
    }
}

impl Responder {
    fn read(tlv: &Tlv<'_>) -> std::result::Result<Responder, DerFault> {
        let mut reader = tlv.inside();
        let inner = reader.any()?;
        reader.finish("responder")?;
        match (tlv.tag, inner.tag) {
            (0xa1, der::SEQUENCE) => Ok(Responder::Name(name::comparable(inner.raw)?.concat())),
            (0xa2, der::OCTET_STRING) => Ok(Responder::Key(inner.value.to_vec())),
            _ => Err(tlv.fault("responder")),
        }
    }

    /// Whether that is he.
    pub(super) fn is(&self, certificate: &Certificate) -> bool {
        match self {
            Responder::Name(name) => name == certificate.comparable_subject(),
            Responder::Key(hash) => *hash == DigestAlgorithm::Sha1.digest(certificate.public_key().key_bytes()),
        }
    }
}

impl PartialEq for OcspResponse {
    fn eq(&self, other: &OcspResponse) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.der == other.0.der
    }
}

impl Eq for OcspResponse {}

impl fmt::Debug for OcspResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OcspResponse({}, {} bytes)", self.0.status.code(), self.0.der.len())
    }
}

fn read(bytes: &[u8]) -> std::result::Result<Parts, DerFault> {
    let outer = der::whole(bytes, der::SEQUENCE, "response")?;
    let mut reader = outer.inside();
    if reader.peek() == Some(der::SEQUENCE) {
        let kind = der::write_oid(&oid::OCSP_BASIC);
        let inner = der::write(der::SEQUENCE, &[&kind, &der::write(der::OCTET_STRING, &[bytes])]);
        let wrapped = der::write(der::SEQUENCE, &[&[der::ENUMERATED, 1, 0], &der::write(0xa0, &[&inner])]);
        let basic = read_basic(&wrapped, &der::whole(bytes, der::SEQUENCE, "response")?, bytes)?;
        return Ok(Parts {
            der: wrapped.into(),
            sha256: OnceLock::from(sha256(bytes)),
            status: OcspStatus::Successful,
            basic: Some(basic),
        });
    }
    let status = OcspStatus::read(&reader.expect(der::ENUMERATED, "response status")?)?;
    let answer = reader.optional(0xa0)?;
    reader.finish("response")?;
    let basic = match answer {
        // RFC 6960 4.2.1: no bytes where there is no success, and the other way round.
        Some(tlv) if status == OcspStatus::Successful => {
            let mut inside = tlv.inside();
            let pair = inside.expect(der::SEQUENCE, "response bytes")?;
            inside.finish("response bytes")?;
            let mut pair = pair.inside();
            let kind = pair.expect(der::OID, "response type")?;
            if kind.oid()? != oid::OCSP_BASIC {
                return Err(kind.fault("response type"));
            }
            let content = pair.expect(der::OCTET_STRING, "response bytes")?;
            pair.finish("response bytes")?;
            let mut inside = content.inside();
            let basic = inside.expect(der::SEQUENCE, "basic response")?;
            inside.finish("bytes after the structure")?;
            Some(read_basic(bytes, &basic, bytes)?)
        }
        None if status != OcspStatus::Successful => None,
        _ => return Err(outer.fault("response bytes")),
    };
    Ok(Parts { der: bytes.into(), sha256: OnceLock::new(), status, basic })
}

/// `basic` is an element of `source`, and `kept`, which ends with the same bytes, is what the ranges are of.
fn read_basic(kept: &[u8], basic: &Tlv<'_>, source: &[u8]) -> std::result::Result<Basic, DerFault> {
    let shift = kept.len().saturating_sub(source.len());
    let range = |part: &[u8]| {
        let found = der::range_of(part, source);
        found.start + shift..found.end + shift
    };
    let mut reader = basic.inside();
    let tbs = reader.expect(der::SEQUENCE, "signed part")?;
    let algorithm = reader.expect(der::SEQUENCE, "signature algorithm")?;
    let signature = reader.expect(der::BIT_STRING, "signature")?;
    let certificates = reader.optional(0xa0)?.map_or(Ok(Vec::new()), |tlv| certificates(&tlv))?;
    reader.finish("basic response")?;

    let mut reader = tbs.inside();
    if let Some(version) = reader.optional(0xa0)?
        && version.inside().expect(der::INTEGER, "version")?.small()? != 0
    {
        return Err(version.fault("version"));
    }
    let responder = Responder::read(&reader.any()?)?;
    let produced_at = gen_time(&reader.expect(der::GENERALIZED_TIME, "time of the response")?)?;
    let list = reader.expect(der::SEQUENCE, "responses")?;
    let extensions = reader.optional(0xa1)?;
    reader.finish("signed part")?;
    let mut singles = Vec::new();
    let mut each = list.inside();
    while !each.is_empty() {
        singles.push(Single::read(&each.expect(der::SEQUENCE, "single response")?)?);
    }
    let (mut nonce, mut unknown_critical) = (None, false);
    if let Some(tlv) = extensions {
        each_extension(&tlv, &mut |oid, critical, value| {
            match *oid {
                oid::OCSP_NONCE => nonce = Some(value.to_vec()),
                _ => unknown_critical |= critical,
            }
            Ok(())
        })?;
    }
    Ok(Basic {
        whole: range(basic.raw),
        tbs: range(tbs.raw),
        signature: range(signature.bit_bytes()?),
        algorithm: algorithm::signature_algorithm(algorithm.raw, None).ok(),
        responder,
        produced_at,
        singles,
        certificates,
        nonce,
        unknown_critical,
    })
}

/// Those that can be read; what cannot be read signs nothing.
fn certificates(tlv: &Tlv<'_>) -> std::result::Result<Vec<Certificate>, DerFault> {
    let mut inside = tlv.inside();
    let list = inside.expect(der::SEQUENCE, "certificates")?;
    inside.finish("certificates")?;
    let mut each: Reader<'_> = list.inside();
    let mut found = Vec::new();
    while !each.is_empty() && found.len() < MAX_CERTIFICATES {
        found.extend(Certificate::from_der(each.any()?.raw));
    }
    Ok(found)
}

type Take<'f> = dyn FnMut(&const_oid::ObjectIdentifier, bool, &[u8]) -> std::result::Result<(), DerFault> + 'f;

/// The extensions below an explicit tag, none of them twice.
pub(super) fn each_extension(outer: &Tlv<'_>, take: &mut Take<'_>) -> std::result::Result<(), DerFault> {
    const MOST: usize = 16;
    let mut inside = outer.inside();
    let list = inside.expect(der::SEQUENCE, "extensions")?;
    inside.finish("extensions")?;
    let mut seen = Vec::new();
    let mut each = list.inside();
    while !each.is_empty() {
        let extension = each.expect(der::SEQUENCE, "extension")?;
        let mut reader = extension.inside();
        let oid = reader.expect(der::OID, "extension")?.oid()?;
        let critical = reader.optional(der::BOOLEAN)?.map_or(Ok(false), |b| b.boolean())?;
        let value = reader.expect(der::OCTET_STRING, "extension value")?;
        reader.finish("extension")?;
        if seen.contains(&oid) || seen.len() >= MOST {
            return Err(extension.fault("extension repeated"));
        }
        seen.push(oid);
        take(&oid, critical, value.value)?;
    }
    Ok(())
}
