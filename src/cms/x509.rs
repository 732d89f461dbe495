//! The cms room: signatures without CMS, `adbe.x509.rsa_sha1` (ISO 32000-2 12.8.3.2).
//!
//! Takes the DER OCTET STRING of /Contents, the certificates of /Cert (the signer's first) and the digest of what is signed; gives the same
//! facts as CMS. There are no attributes: nothing but its place in /Cert binds the certificate, and nothing but the signature names the
//! digest. An attacker would try a key of another kind, a value of another length, and a digest that was never allowed.

use crate::cms::check::{CmsFacts, Expect};
use crate::cms::parse::MAX_CERTIFICATES;
use crate::cms::reason::{CmsFailure, CmsReason};
use crate::crypto::algorithm::SignatureAlgorithm;
use crate::crypto::digest::DigestAlgorithm;
use crate::crypto::verify::{self, VerifyFailure};
use crate::error::Result;
use crate::pki::algorithm::EXPLICIT_CURVE;
use crate::pki::certificate::Certificate;
use crate::pki::der::{self, Reader};
use crate::switch::{Check, on};

/// The digests that ISO 32000-2 table 260 allows for this kind and that are computed here, in the order in which they are met in the field.
const DIGESTS: [DigestAlgorithm; 4] = [DigestAlgorithm::Sha1, DigestAlgorithm::Sha256, DigestAlgorithm::Sha384, DigestAlgorithm::Sha512];

/// A PKCS#1 signature value as /Contents holds it, read and not yet checked.
pub struct BareSignature {
    value: Vec<u8>,
    consumed: usize,
}

impl BareSignature {
    /// Reads the OCTET STRING at the beginning of `bytes`.
    ///
    /// # Errors
    /// A [`CmsFailure`] with the byte position, of the family format.
    pub fn parse(bytes: &[u8]) -> std::result::Result<BareSignature, CmsFailure> {
        let read = Reader::new(bytes).expect(der::OCTET_STRING, "signature value");
        match read {
            Ok(tlv) => Ok(BareSignature { value: tlv.value.to_vec(), consumed: tlv.raw.len() }),
            Err(fault) => Err(CmsFailure { reason: CmsReason::Malformed, detail: fault.what.to_owned(), at: Some(fault.at as u64) }),
        }
    }

    /// How many bytes of the input the value took.
    #[must_use]
    pub fn consumed(&self) -> usize {
        self.consumed
    }

    /// Checks the value with the first of `certificates`, each the DER of one. `content_digest` gives the digest of the signed ranges; it is
    /// asked once for each algorithm that is tried, SHA-1 first.
    ///
    /// # Errors
    /// Only what `content_digest` returns: the content could not be read. A bad signature is a fact, not an error.
    pub fn check(&self, certificates: &[Vec<u8>], content_digest: &dyn Fn(DigestAlgorithm) -> Result<Vec<u8>>) -> Result<CmsFacts> {
        let mut facts = CmsFacts::nothing_yet(self.value.clone());
        let read = |der: &Vec<u8>| Certificate::from_der(der).ok();
        facts.pool = certificates.iter().take(MAX_CERTIFICATES).filter_map(read).collect();
        facts.skipped_certificates = certificates.len().saturating_sub(facts.pool.len());
        // The first is the signer's: one that cannot be read leaves no other to take its place.
        let candidates = if certificates.len() < 2 || on(Check::CmsFirstCertificate) { 1 } else { certificates.len() };
        let Some(signer) = certificates.iter().take(candidates).filter_map(read).next_back() else {
            facts.failure = Some(CmsFailure::new(CmsReason::SignerCertificateMissing, "/Cert"));
            return Ok(facts);
        };
        facts.signer = Some(signer.clone());
        facts.signers_seen = 1;
        let mut failure = CmsFailure::new(CmsReason::SignatureWrong, Expect::X509RsaSha1.name());
        for digest in DIGESTS {
            let algorithm = SignatureAlgorithm::RsaPkcs1(digest);
            let content = content_digest(digest)?;
            let done = verify::verify_prehash(signer.public_key(), &algorithm, &content, &self.value);
            let reason = match done {
                Err(VerifyFailure::Wrong) if on(Check::CmsSignature) => continue,
                Ok(()) | Err(VerifyFailure::Wrong) => {
                    facts.found(digest, algorithm, content);
                    facts.signers_verified = 1;
                    return Ok(facts);
                }
                Err(VerifyFailure::Malformed(what)) => CmsFailure::new(CmsReason::SignatureMalformed, what),
                Err(VerifyFailure::Unsupported(EXPLICIT_CURVE)) => CmsFailure::new(CmsReason::ExplicitCurve, ""),
                Err(VerifyFailure::Unsupported(what)) => CmsFailure::new(CmsReason::SignatureUnsupported, what),
            };
            // The form does not depend on the digest.
            failure = reason;
            break;
        }
        facts.failure = Some(failure);
        Ok(facts)
    }
}
