//! TimeStampReq (RFC 3161 2.4.1): takes bytes, gives what is to be stamped, or why it is not stamped.

use super::response::Failing;
use super::stamp::POLICY;
use der::asn1::{Any, Int, ObjectIdentifier, OctetString};
use der::{Decode, Sequence};
use thrivosign::crypto::digest::DigestAlgorithm;
use x509_cert::ext::Extension;
use x509_cert::spki::AlgorithmIdentifierOwned;

/// The imprints that are stamped: what will still stand when the stamp is needed.
const IMPRINTS: [DigestAlgorithm; 3] = [DigestAlgorithm::Sha256, DigestAlgorithm::Sha384, DigestAlgorithm::Sha512];
/// Most bytes of a nonce.
const NONCE: usize = 64;

#[derive(Sequence)]
struct TimeStampReq {
    version: u8,
    imprint: MessageImprint,
    #[asn1(optional = "true")]
    policy: Option<ObjectIdentifier>,
    #[asn1(optional = "true")]
    nonce: Option<Int>,
    #[asn1(default = "Default::default")]
    cert_req: bool,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", optional = "true")]
    extensions: Option<Vec<Extension>>,
}

/// MessageImprint: given back as it came.
#[derive(Clone, Debug, Sequence)]
pub(super) struct MessageImprint {
    hash: AlgorithmIdentifierOwned,
    hashed: OctetString,
}

/// A request that can be met.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) imprint: MessageImprint,
    pub(super) nonce: Option<Int>,
    /// Whether the certificates are wanted in the token.
    pub(super) certificates: bool,
}

impl Asked {
    pub(super) fn read(bytes: &[u8]) -> Result<Asked, Failing> {
        let request = TimeStampReq::from_der(bytes).map_err(|_| Failing::BadDataFormat)?;
        if request.version != 1 {
            return Err(Failing::BadRequest);
        }
        let oid = &request.imprint.hash.oid;
        let digest = IMPRINTS.into_iter().find(|digest| digest.oid().as_bytes() == oid.as_bytes()).ok_or(Failing::BadAlg)?;
        // Absent or NULL (RFC 5754 2).
        if request.imprint.hash.parameters.as_ref().is_some_and(|parameters| *parameters != Any::null()) {
            return Err(Failing::BadAlg);
        }
        if request.imprint.hashed.as_bytes().len() != digest.len() {
            return Err(Failing::BadDataFormat);
        }
        if request.policy.is_some_and(|policy| policy != POLICY) {
            return Err(Failing::UnacceptedPolicy);
        }
        // No extension is known, and one that is not known is refused whether critical or not (RFC 3161 2.4.1).
        if request.extensions.is_some() {
            return Err(Failing::UnacceptedExtension);
        }
        if request.nonce.as_ref().is_some_and(|nonce| nonce.as_bytes().len() > NONCE) {
            return Err(Failing::BadRequest);
        }
        Ok(Asked { imprint: request.imprint, nonce: request.nonce, certificates: request.cert_req })
    }
}
