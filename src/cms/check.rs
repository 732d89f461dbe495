//! The cms room: checking one signature's CMS.
//!
//! Takes signed data, the kind of signature it must be and the digest of what it must be over; gives facts and the first failure. The
//! order is fixed: structure, attributes, digest, certificate, algorithms, signature; a later step never repairs an earlier failure. No
//! opinion: algorithms are recorded, not weighed; trust and time are not looked at.

use crate::cms::attributes as id;
use crate::cms::carried::{self, Carried};
use crate::cms::parse::{Attribute, SignedData, SignerId, SignerInfo};
use crate::cms::reason::{CmsFailure, CmsReason};
use crate::cms::signer;
use crate::crypto::KnownSignatures;
use crate::crypto::algorithm::SignatureAlgorithm;
use crate::crypto::digest::DigestAlgorithm;
use crate::crypto::verify::{self, VerifyFailure};
use crate::error::Result;
use crate::pki::algorithm::{self, AlgorithmFault, EXPLICIT_CURVE};
use crate::pki::certificate::{self, Certificate};
use crate::pki::der;
use crate::pki::timestamp::TstInfo;
use crate::switch::{Check as Rule, on};
use crate::time::Time;
use const_oid::ObjectIdentifier;
use std::ops::Range;

/// The kind of signature, by the PDF's /SubFilter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// `ETSI.CAdES.detached` (EN 319 142-1).
    CadesDetached,
    /// `adbe.pkcs7.detached` (ISO 32000-1 12.8.3.3).
    Pkcs7Detached,
    /// `adbe.pkcs7.sha1`: the SHA-1 of the signed ranges is attached as content.
    Pkcs7Sha1,
    /// `adbe.x509.rsa_sha1`: no CMS, a PKCS#1 value and certificates beside it ([`super::BareSignature`]).
    X509RsaSha1,
    /// A time-stamp token: `ETSI.RFC3161` over the signed ranges, or a signature time stamp over a signature value.
    TimeStamp,
}

impl Expect {
    /// The kind that a /SubFilter names, `None` for one that is not verified here (ISO 32000-2 12.8.3, EN 319 142-1 5.2 and 5.4.3).
    #[must_use]
    pub fn of_sub_filter(name: &[u8]) -> Option<Expect> {
        const ALL: [Expect; 5] = [Expect::CadesDetached, Expect::Pkcs7Detached, Expect::Pkcs7Sha1, Expect::X509RsaSha1, Expect::TimeStamp];
        ALL.into_iter().find(|kind| kind.name().as_bytes() == name)
    }

    /// The /SubFilter.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Expect::CadesDetached => "ETSI.CAdES.detached",
            Expect::Pkcs7Detached => "adbe.pkcs7.detached",
            Expect::Pkcs7Sha1 => "adbe.pkcs7.sha1",
            Expect::X509RsaSha1 => "adbe.x509.rsa_sha1",
            Expect::TimeStamp => "ETSI.RFC3161",
        }
    }
}

/// How the signing certificate is bound to the signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SigningCertificate {
    /// By signing-certificate-v2 (RFC 5035).
    V2,
    /// By the old signing-certificate (RFC 2634), a SHA-1.
    V1,
    /// By nothing but issuer and serial number.
    Missing,
    /// An attribute names another certificate.
    Mismatch,
}

/// What was found. Everything but `failure` is a fact even when the signature is bad.
pub struct CmsFacts {
    /// The first failure; `None` means that structure, digest, binding and signature value are right.
    pub failure: Option<CmsFailure>,
    /// How many SignerInfos there are.
    pub signers_seen: usize,
    /// How many of their signature values were computed and found right.
    pub signers_verified: usize,
    /// The digest algorithm of the SignerInfo.
    pub digest_algorithm: Option<DigestAlgorithm>,
    /// The signature algorithm.
    pub signature_algorithm: Option<SignatureAlgorithm>,
    /// The digest of what was signed, as computed.
    pub content_digest: Option<Vec<u8>>,
    /// Its algorithm. It may be weaker than that of the SignerInfo: SHA-1 in `adbe.pkcs7.sha1`, or the imprint of a time stamp.
    pub content_digest_algorithm: Option<DigestAlgorithm>,
    /// The digest of the data to be signed: of the signed attributes, or of the content where there are none. Under `digest_algorithm`.
    pub to_be_signed_digest: Option<Vec<u8>>,
    /// The certificate the signature was checked with. Present without binding only where the kind of signature allows it.
    pub signer: Option<Certificate>,
    /// How that certificate is bound.
    pub signing_certificate: SigningCertificate,
    /// Whether there are signed attributes.
    pub has_signed_attributes: bool,
    /// Whether the signed attributes are DER as received.
    pub signed_attributes_are_der: bool,
    /// Whether there is a signingTime attribute, which costs the baseline label.
    pub has_signing_time: bool,
    /// The claimed time of that attribute.
    pub signing_time: Option<Time>,
    /// The token's content, for [`Expect::TimeStamp`].
    pub time_stamp: Option<TstInfo>,
    /// All certificates carried along, the signer's included.
    pub pool: Vec<Certificate>,
    /// Members of the certificate set that were passed over.
    pub skipped_certificates: usize,
    /// The types of the unsigned attributes; nothing protects them.
    pub unsigned_attributes: Vec<ObjectIdentifier>,
    /// The unsigned attributes cannot be read; they are ignored.
    pub unsigned_attributes_malformed: bool,
    /// Signature time-stamp tokens in the unsigned attributes, raw and unchecked, at most eight.
    pub time_stamp_tokens: Vec<Vec<u8>>,
    /// Revocation data that came along, raw and unchecked.
    pub carried: Vec<Carried>,
    /// The signature value: what a signature time stamp is over.
    pub signature_value: Vec<u8>,
    /// The structure came in BER.
    pub was_ber: bool,
}

impl CmsFacts {
    /// Nothing but the signature value, before any check.
    pub(crate) fn nothing_yet(signature_value: Vec<u8>) -> CmsFacts {
        CmsFacts {
            failure: None,
            signers_seen: 0,
            signers_verified: 0,
            digest_algorithm: None,
            signature_algorithm: None,
            content_digest: None,
            content_digest_algorithm: None,
            to_be_signed_digest: None,
            signer: None,
            signing_certificate: SigningCertificate::Missing,
            has_signed_attributes: false,
            signed_attributes_are_der: false,
            has_signing_time: false,
            signing_time: None,
            time_stamp: None,
            pool: Vec::new(),
            skipped_certificates: 0,
            unsigned_attributes: Vec::new(),
            unsigned_attributes_malformed: false,
            time_stamp_tokens: Vec::new(),
            carried: Vec::new(),
            signature_value,
            was_ber: false,
        }
    }

    /// The algorithms that took part, once they are known.
    pub(crate) fn found(&mut self, digest: DigestAlgorithm, signature: SignatureAlgorithm, content: Vec<u8>) {
        self.digest_algorithm = Some(digest);
        self.content(digest, content);
        self.signature_algorithm = Some(signature);
    }

    fn content(&mut self, algorithm: DigestAlgorithm, digest: Vec<u8>) {
        self.content_digest = Some(digest);
        self.content_digest_algorithm = Some(algorithm);
    }
}

/// Most time-stamp tokens that are handed on.
const MAX_TOKENS: usize = 8;

/// The digest of the content by an algorithm.
pub type ContentDigest<'a> = dyn Fn(DigestAlgorithm) -> Result<Vec<u8>> + 'a;

impl SignedData {
    /// Checks everything that the structure alone and the content's digest decide. `content_digest` gives the digest of the signed ranges
    /// (or of the signature value, for a signature time stamp); it is asked at most twice.
    ///
    /// # Errors
    /// Only what `content_digest` returns: the content could not be read. A bad signature is a fact, not an error.
    pub fn check(&self, expect: Expect, content_digest: &ContentDigest<'_>) -> Result<CmsFacts> {
        self.check_knowing(expect, content_digest, None)
    }

    /// The same; a signature over attributes that is `known` to hold is not computed again.
    ///
    /// # Errors
    /// As [`SignedData::check`].
    pub fn check_knowing(&self, expect: Expect, content_digest: &ContentDigest<'_>, known: Option<&KnownSignatures>) -> Result<CmsFacts> {
        let mut facts = CmsFacts::nothing_yet(self.signature_value().to_vec());
        facts.signers_seen = self.signer_infos().len();
        facts.pool = self.certificates().to_vec();
        facts.skipped_certificates = self.skipped_certificates();
        facts.was_ber = self.was_ber();
        facts.carried = carried::of(self);
        let mut check = Check { data: self, expect, digest: content_digest, known, facts: &mut facts };
        match check.run() {
            Ok(()) => {}
            Err(Stop::Failure(failure)) => facts.failure = Some(failure),
            Err(Stop::Error(error)) => return Err(error),
        }
        Ok(facts)
    }
}

enum Stop {
    Failure(CmsFailure),
    Error(crate::error::Error),
}

impl From<CmsFailure> for Stop {
    fn from(failure: CmsFailure) -> Stop {
        Stop::Failure(failure)
    }
}

fn stop<T>(reason: CmsReason, detail: &'static str) -> Result<T, Stop> {
    Err(Stop::Failure(CmsFailure::new(reason, detail)))
}

struct Check<'a> {
    data: &'a SignedData,
    expect: Expect,
    digest: &'a ContentDigest<'a>,
    known: Option<&'a KnownSignatures>,
    facts: &'a mut CmsFacts,
}

impl<'a> Check<'a> {
    fn run(&mut self) -> Result<(), Stop> {
        let signer = match self.data.signer_infos() {
            [] => return stop(CmsReason::NoSignerInfo, ""),
            [one] => one,
            [first, ..] if !on(Rule::CmsOneSigner) => first,
            _ => return stop(CmsReason::MultipleSignerInfos, ""),
        };
        self.unsigned(signer);
        if self.expect == Expect::X509RsaSha1 {
            return stop(CmsReason::ContentTypeUnexpected, "this kind has no CMS");
        }
        let content = self.content()?;
        self.versions(signer)?;
        let digest_algorithm = self.digest_algorithm(signer)?;
        let attributes = self.attributes(signer)?;
        if let Some(attributes) = &attributes {
            self.attribute_rules(attributes)?;
        }
        let signed_digest = self.digests(content, attributes.as_deref(), digest_algorithm)?;
        let certificate = self.certificate(signer, attributes.as_deref())?;
        let signature_algorithm = self.signature_algorithm(signer, attributes.as_deref(), digest_algorithm)?;
        self.signature(signer, &certificate, &signature_algorithm, content, &signed_digest)?;
        if self.expect == Expect::TimeStamp && !certificate.suits_time_stamping() && on(Rule::CmsTokenCertificate) {
            return stop(CmsReason::TimeStampCertificateUnsuitable, "extKeyUsage must be critical with the sole purpose timeStamping");
        }
        Ok(())
    }

    /// Nothing protects unsigned attributes: they are listed, and cannot make anything better or worse here.
    fn unsigned(&mut self, signer: &SignerInfo) {
        let Some(list) = &signer.unsigned_attributes else { return };
        match self.data.attributes(list) {
            Err(_) => self.facts.unsigned_attributes_malformed = true,
            Ok(attributes) => {
                for attribute in attributes {
                    if attribute.oid == id::TIME_STAMP_TOKEN {
                        let room = MAX_TOKENS.saturating_sub(self.facts.time_stamp_tokens.len());
                        self.facts.time_stamp_tokens.extend(attribute.values.iter().take(room).map(|v| v.raw.to_vec()));
                    }
                    self.facts.unsigned_attributes.push(attribute.oid);
                }
            }
        }
    }

    /// The version numbers, which nothing signs: each must be the one that the structure implies (RFC 5652 5.1 and 5.3).
    fn versions(&self, signer: &SignerInfo) -> Result<(), Stop> {
        let by_key = matches!(signer.id, SignerId::KeyId(_));
        if signer.version != if by_key { 3 } else { 1 } && on(Rule::CmsVersions) {
            return stop(CmsReason::VersionUnexpected, "SignerInfo");
        }
        // Signers that name themselves by key identifier are known to leave the outer version at 1 (pyHanko's older releases do).
        if by_key && self.expect != Expect::CadesDetached && self.data.version == 1 {
            return Ok(());
        }
        let other = self.data.version != self.data.version_expected && on(Rule::CmsVersions);
        if other { stop(CmsReason::VersionUnexpected, "SignedData") } else { Ok(()) }
    }

    /// Content type and presence of content, by kind (ISO 32000-2 12.8.3.3, EN 319 142-1 6.2, RFC 3161 2.4.2).
    fn content(&self) -> Result<Option<&'a [u8]>, Stop> {
        let expected = if self.expect == Expect::TimeStamp { id::ID_TST_INFO } else { id::ID_DATA };
        if *self.data.content_type() != expected && on(Rule::CmsContentType) {
            return stop(CmsReason::ContentTypeUnexpected, "eContentType");
        }
        let content = self.data.content();
        match (self.expect, content) {
            (Expect::CadesDetached | Expect::Pkcs7Detached, Some(_)) if on(Rule::CmsContentPresence) => {
                stop(CmsReason::ContentAttached, "")
            }
            (Expect::Pkcs7Sha1 | Expect::TimeStamp, None) if on(Rule::CmsContentPresence) => stop(CmsReason::ContentMissing, ""),
            _ => Ok(content),
        }
    }

    fn digest_algorithm(&mut self, signer: &SignerInfo) -> Result<DigestAlgorithm, Stop> {
        let algorithm = algorithm::digest_algorithm(self.data.part(&signer.digest_algorithm)).map_err(|fault| match fault {
            AlgorithmFault::Forbidden => CmsFailure::new(CmsReason::WeakForbidden, "digestAlgorithm"),
            AlgorithmFault::Malformed(fault) => CmsFailure::new(CmsReason::Malformed, fault.what),
            other => CmsFailure::new(CmsReason::DigestUnsupported, other.what("digestAlgorithm")),
        })?;
        self.facts.digest_algorithm = Some(algorithm);
        // The outer list is not signed: it may be empty, and may not announce anything else (RFC 5652 5.1).
        let other = |range: &Range<usize>| algorithm::digest_algorithm(self.data.part(range)) != Ok(algorithm);
        if self.data.digest_algorithms.iter().any(other) && on(Rule::CmsDigestAnnounced) {
            return stop(CmsReason::DigestAlgorithmMismatch, "digestAlgorithms");
        }
        Ok(algorithm)
    }

    /// The signed attributes, read; DER where the kind demands it (RFC 5652 5.3; EN 319 122-1 4.4).
    fn attributes(&mut self, signer: &SignerInfo) -> Result<Option<Vec<Attribute<'a>>>, Stop> {
        let Some(list) = &signer.signed_attributes else {
            // Without attributes the signature is over the content alone; allowed only by the two old kinds.
            return match self.expect {
                Expect::Pkcs7Detached | Expect::Pkcs7Sha1 => Ok(None),
                _ if !on(Rule::CmsAttributesPresent) => Ok(None),
                Expect::CadesDetached | Expect::TimeStamp | Expect::X509RsaSha1 => stop(CmsReason::SignedAttributesMissing, ""),
            };
        };
        self.facts.has_signed_attributes = true;
        let raw = self.data.part(list);
        let order = der::whole(raw, 0xa0, "signed attributes").and_then(|tlv| der::check_order(tlv.inside()));
        let strict = order.and_then(|()| der::check_der(raw));
        self.facts.signed_attributes_are_der = strict.is_ok() && !self.data.attributes_altered;
        if self.data.attributes_altered && on(Rule::CmsAttributesAsReceived) {
            // The bytes that were signed can no longer be told: never guess at them.
            return stop(CmsReason::SignedAttributesNotDer, "length of the attribute set");
        }
        if let (Expect::CadesDetached, Err(fault)) = (self.expect, strict)
            && on(Rule::CmsAttributesDer)
        {
            return stop(CmsReason::SignedAttributesNotDer, fault.what);
        }
        match self.data.attributes(list) {
            Ok(attributes) => Ok(Some(attributes)),
            Err(fault) => stop(CmsReason::SignedAttributesMalformed, fault.what),
        }
    }

    /// Number of attributes and of values (RFC 5652 11.1 to 11.3, RFC 5035 3), and contentType.
    fn attribute_rules(&mut self, attributes: &[Attribute<'a>]) -> Result<(), Stop> {
        const SINGLE: [(ObjectIdentifier, &str); 6] = [
            (id::CONTENT_TYPE, "contentType"),
            (id::MESSAGE_DIGEST, "messageDigest"),
            (id::SIGNING_TIME, "signingTime"),
            (id::SIGNING_CERTIFICATE, "signing-certificate"),
            (id::SIGNING_CERTIFICATE_V2, "signing-certificate-v2"),
            (id::ALGORITHM_PROTECTION, "CMSAlgorithmProtection"),
        ];
        for (oid, name) in SINGLE {
            let found: Vec<&Attribute<'_>> = attributes.iter().filter(|a| a.oid == oid).collect();
            match found.as_slice() {
                [] => {}
                [one] if one.values.len() == 1 || !on(Rule::CmsAttributeSingle) => {}
                [_, _, ..] if !on(Rule::CmsAttributeOnce) => {}
                [_] => return stop(CmsReason::AttributeMultiValued, name),
                _ => return stop(CmsReason::AttributeDuplicated, name),
            }
        }
        match single(attributes, &id::CONTENT_TYPE).map(|value| value.oid()) {
            None if on(Rule::CmsContentTypePresent) => return stop(CmsReason::AttributeMissing, "contentType"),
            Some(Ok(oid)) if oid == *self.data.content_type() => {}
            Some(Ok(_)) if on(Rule::CmsContentTypeAgrees) => return stop(CmsReason::ContentTypeMismatch, ""),
            Some(Err(_)) if on(Rule::CmsContentTypeAgrees) => return stop(CmsReason::SignedAttributesMalformed, "contentType"),
            _ => {}
        }
        if let Some(time) = single(attributes, &id::SIGNING_TIME) {
            self.facts.has_signing_time = true;
            self.facts.signing_time = certificate::time(&time).ok();
        }
        Ok(())
    }

    /// messageDigest against the content; what the signature is over when there are no attributes.
    fn digests(
        &mut self,
        content: Option<&[u8]>,
        attributes: Option<&[Attribute<'a>]>,
        algorithm: DigestAlgorithm,
    ) -> Result<Vec<u8>, Stop> {
        let of_content = match (self.expect, content) {
            (Expect::Pkcs7Sha1, Some(content)) => {
                let ranges = (self.digest)(DigestAlgorithm::Sha1).map_err(Stop::Error)?;
                self.facts.content(DigestAlgorithm::Sha1, ranges.clone());
                if content != ranges && on(Rule::CmsAttachedDigest) {
                    return stop(CmsReason::MessageDigestMismatch, "attached SHA-1");
                }
                algorithm.digest(content)
            }
            (Expect::TimeStamp, Some(content)) => {
                self.imprint(content)?;
                algorithm.digest(content)
            }
            _ => {
                let ranges = (self.digest)(algorithm).map_err(Stop::Error)?;
                self.facts.content(algorithm, ranges.clone());
                ranges
            }
        };
        let Some(attributes) = attributes else { return Ok(of_content) };
        match single(attributes, &id::MESSAGE_DIGEST) {
            None if on(Rule::CmsMessageDigestPresent) => stop(CmsReason::AttributeMissing, "messageDigest"),
            Some(value) if value.tag != der::OCTET_STRING && on(Rule::CmsMessageDigestForm) => {
                stop(CmsReason::SignedAttributesMalformed, "messageDigest")
            }
            Some(value) if value.value != of_content && on(Rule::CmsMessageDigest) => {
                stop(CmsReason::MessageDigestMismatch, "messageDigest")
            }
            _ => Ok(of_content),
        }
    }

    /// The token's content, and its imprint against what it must be over.
    fn imprint(&mut self, content: &[u8]) -> Result<(), Stop> {
        let Ok(info) = TstInfo::from_der(content) else {
            return if on(Rule::CmsTokenForm) { stop(CmsReason::TimeStampMalformed, "TSTInfo") } else { Ok(()) };
        };
        let (algorithm, imprint) = (info.imprint_algorithm, info.imprint.clone());
        self.facts.time_stamp = Some(info);
        let Some(algorithm) = algorithm else { return stop(CmsReason::DigestUnsupported, "imprint algorithm") };
        let ranges = (self.digest)(algorithm).map_err(Stop::Error)?;
        self.facts.content(algorithm, ranges.clone());
        if imprint != ranges && on(Rule::CmsImprint) { stop(CmsReason::ImprintMismatch, "") } else { Ok(()) }
    }

    /// The signer's certificate: the one the SignerInfo names and the signing-certificate attribute binds.
    fn certificate(&mut self, signer: &SignerInfo, attributes: Option<&[Attribute<'a>]>) -> Result<Certificate, Stop> {
        let candidates = signer::candidates(self.data, signer);
        let v2 = attributes.and_then(|a| single(a, &id::SIGNING_CERTIFICATE_V2));
        let v1 = attributes.and_then(|a| single(a, &id::SIGNING_CERTIFICATE));
        self.facts.signing_certificate = match (&v2, &v1) {
            (Some(_), _) => SigningCertificate::V2,
            (None, Some(_)) => SigningCertificate::V1,
            (None, None) => SigningCertificate::Missing,
        };
        if candidates.is_empty() {
            return stop(CmsReason::SignerCertificateMissing, "SignerIdentifier");
        }
        if v1.is_none() && v2.is_none() {
            if matches!(self.expect, Expect::CadesDetached | Expect::TimeStamp) && on(Rule::CmsBindingPresent) {
                return stop(CmsReason::SigningCertificateMissing, "");
            }
            // Two certificates of one issuer and serial number: nothing says which one signed.
            return match candidates.as_slice() {
                [one, others @ ..] if others.is_empty() || !on(Rule::CmsOneCertificate) => {
                    self.facts.signer = Some((*one).clone());
                    Ok((*one).clone())
                }
                _ => stop(CmsReason::SignerCertificateMissing, "more than one certificate answers the SignerIdentifier"),
            };
        }
        let mut why = "certificate hash";
        for candidate in candidates {
            let bound = v2.as_ref().map_or(Ok(()), |v| signer::bound_by_v2(v, candidate));
            match bound.and_then(|()| v1.as_ref().map_or(Ok(()), |v| signer::bound_by_v1(v, candidate))) {
                Ok(()) => {
                    self.facts.signer = Some(candidate.clone());
                    return Ok(candidate.clone());
                }
                Err(what) => why = what,
            }
        }
        self.facts.signing_certificate = SigningCertificate::Mismatch;
        stop(CmsReason::SigningCertificateMismatch, why)
    }

    /// The signature algorithm, in agreement with digestAlgorithm and with CMSAlgorithmProtection (RFC 6211).
    fn signature_algorithm(
        &mut self,
        signer: &SignerInfo,
        attributes: Option<&[Attribute<'a>]>,
        digest: DigestAlgorithm,
    ) -> Result<SignatureAlgorithm, Stop> {
        let raw = self.data.part(&signer.signature_algorithm);
        let found = algorithm::signature_algorithm(raw, Some(digest)).map_err(|fault| match fault {
            AlgorithmFault::Forbidden => CmsFailure::new(CmsReason::WeakForbidden, "signatureAlgorithm"),
            AlgorithmFault::OddPss => CmsFailure::new(CmsReason::PssParametersOdd, ""),
            AlgorithmFault::Malformed(fault) => CmsFailure::new(CmsReason::Malformed, fault.what),
            other => CmsFailure::new(CmsReason::SignatureUnsupported, other.what("signatureAlgorithm")),
        })?;
        self.facts.signature_algorithm = Some(found.clone());
        if found.digest().is_some_and(|d| d != digest) && on(Rule::CmsDigestAgrees) {
            return stop(CmsReason::DigestAlgorithmMismatch, "");
        }
        let protection = attributes.and_then(|a| single(a, &id::ALGORITHM_PROTECTION)).filter(|_| on(Rule::CmsAlgorithmProtection));
        if let Some(protection) = protection {
            let mut inside = protection.inside();
            let protected_digest = inside.expect(der::SEQUENCE, "digest algorithm").ok();
            let protected_signature = inside.expect(0xa1, "signature algorithm").ok();
            let (Some(d), Some(s)) = (protected_digest, protected_signature) else {
                return stop(CmsReason::AlgorithmProtectionMismatch, "structure");
            };
            let mut implicit = s.raw.to_vec();
            if let Some(tag) = implicit.first_mut() {
                *tag = der::SEQUENCE;
            }
            let same = algorithm::digest_algorithm(d.raw) == Ok(digest)
                && algorithm::signature_algorithm(&implicit, Some(digest)).as_ref() == Ok(&found);
            if protection.tag != der::SEQUENCE || !inside.is_empty() || !same {
                return stop(CmsReason::AlgorithmProtectionMismatch, "");
            }
        }
        Ok(found)
    }

    /// The signature value over the attributes as received, or over the content where there are none (RFC 5652 5.4 and 5.6).
    fn signature(
        &mut self,
        signer: &SignerInfo,
        certificate: &Certificate,
        algorithm: &SignatureAlgorithm,
        content: Option<&[u8]>,
        content_digest: &[u8],
    ) -> Result<(), Stop> {
        let (key, value) = (certificate.public_key(), self.data.part(&signer.signature));
        let message = self.data.message(signer);
        self.facts.to_be_signed_digest = Some(match (&message, self.facts.digest_algorithm) {
            (Some(message), Some(algorithm)) => algorithm.digest(message),
            _ => content_digest.to_vec(),
        });
        let done = match (message, content) {
            (Some(message), _) => match self.known {
                Some(known) => known.verify(key, algorithm, &message, value),
                None => verify::verify(key, algorithm, &message, value),
            },
            (None, Some(content)) => verify::verify(key, algorithm, content, value),
            (None, None) => verify::verify_prehash(key, algorithm, content_digest, value),
        };
        match done {
            Ok(()) => {}
            Err(VerifyFailure::Wrong | VerifyFailure::Malformed(_)) if !on(Rule::CmsSignature) => {}
            Err(VerifyFailure::Wrong) => return stop(CmsReason::SignatureWrong, algorithm.name()),
            Err(VerifyFailure::Malformed(what)) => return stop(CmsReason::SignatureMalformed, what),
            Err(VerifyFailure::Unsupported(EXPLICIT_CURVE)) => return stop(CmsReason::ExplicitCurve, ""),
            Err(VerifyFailure::Unsupported(what)) => return stop(CmsReason::SignatureUnsupported, what),
        }
        self.facts.signers_verified += 1;
        Ok(())
    }
}

/// The only value of the only attribute of that type; the rules were checked before.
fn single<'a>(attributes: &[Attribute<'a>], oid: &ObjectIdentifier) -> Option<der::Tlv<'a>> {
    attributes.iter().find(|a| a.oid == *oid)?.values.first().copied()
}
