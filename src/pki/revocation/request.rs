//! The pki room: OCSP requests (RFC 6960 4.1, RFC 5019 2, 5), and whether a response answers one.
//!
//! Takes certificates and, if wanted, a nonce, which is the caller's: there is no randomness here. Gives DER, and the address of a GET request.

use super::ocsp::{OcspResponse, OcspStatus};
use super::single::CertId;
use crate::crypto::digest::DigestAlgorithm;
use crate::error::{Error, ErrorKind, Result};
use crate::pki::certificate::Certificate;
use crate::pki::der;
use crate::pki::oid;
use crate::switch::{Check, on};

/// RFC 9654 2.1.
const NONCE: std::ops::RangeInclusive<usize> = 1..=128;
/// RFC 5019 5: an address of at most 255 bytes, else POST.
const MAX_ADDRESS: usize = 255;

/// A request. The certificates are named by SHA-1, which every responder knows (RFC 5019 2.1.1); it is no protection and needs none.
#[derive(Clone, Debug)]
pub struct OcspRequest {
    ids: Vec<CertId>,
    nonce: Option<Vec<u8>>,
    der: Vec<u8>,
}

/// Why a response is no answer to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OcspMismatch {
    /// The responder did not answer.
    Refused(OcspStatus),
    /// Its nonce is another.
    OtherNonce,
    /// A certificate that was asked about is missing in it.
    NotAnswered,
}

impl OcspRequest {
    /// Asks about certificates, each with its issuer.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] for no certificate, or a nonce that is not 1 to 128 bytes long.
    pub fn new(certificates: &[(&Certificate, &Certificate)], nonce: Option<&[u8]>) -> Result<OcspRequest> {
        if certificates.is_empty() {
            return Err(Error::new(ErrorKind::InvalidArgument).context("a request without a certificate"));
        }
        if nonce.is_some_and(|nonce| !NONCE.contains(&nonce.len())) {
            return Err(Error::new(ErrorKind::InvalidArgument).context("a nonce has 1 to 128 bytes"));
        }
        let ids: Vec<CertId> = certificates.iter().map(|(one, issuer)| CertId::of(one, issuer, DigestAlgorithm::Sha1)).collect();
        let list: Vec<u8> = ids.iter().flat_map(|id| der::write(der::SEQUENCE, &[&id.to_der()])).collect();
        let nonce = nonce.map(|nonce| der::write(der::OCTET_STRING, &[nonce]));
        let extensions = nonce.as_ref().map_or(Vec::new(), |value| {
            let one = der::write(der::SEQUENCE, &[&der::write_oid(&oid::OCSP_NONCE), &der::write(der::OCTET_STRING, &[value])]);
            der::write(0xa2, &[&der::write(der::SEQUENCE, &[&one])])
        });
        let tbs = der::write(der::SEQUENCE, &[&der::write(der::SEQUENCE, &[&list]), &extensions]);
        Ok(OcspRequest { ids, nonce, der: der::write(der::SEQUENCE, &[&tbs]) })
    }

    /// The OCSPRequest.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The address of a GET request to the responder at `url` (RFC 5019 5); `None` if it would be too long: then it is a POST.
    #[must_use]
    pub fn get_url(&self, url: &str) -> Option<String> {
        let text = <base64ct::Base64 as base64ct::Encoding>::encode_string(&self.der);
        let mut address = String::from(url.strip_suffix('/').unwrap_or(url));
        address.push('/');
        for c in text.chars() {
            match c {
                '+' => address.push_str("%2B"),
                '/' => address.push_str("%2F"),
                '=' => address.push_str("%3D"),
                other => address.push(other),
            }
        }
        (address.len() <= MAX_ADDRESS).then_some(address)
    }

    /// Whether a response is an answer to this request. One without a nonce is (RFC 5019 4: responders prepare their answers); whether it may be
    /// believed is for [`findings`](super) to say.
    ///
    /// # Errors
    /// [`OcspMismatch`].
    pub fn check_answer(&self, response: &OcspResponse) -> std::result::Result<(), OcspMismatch> {
        if response.status() != OcspStatus::Successful && on(Check::AnswerSuccessful) {
            return Err(OcspMismatch::Refused(response.status()));
        }
        if response.nonce().is_some_and(|nonce| self.nonce.as_deref() != Some(nonce)) && on(Check::AnswerNonce) {
            return Err(OcspMismatch::OtherNonce);
        }
        let missing = self.ids.iter().any(|id| !response.ids().any(|other| other == id));
        if missing && on(Check::AnswerComplete) { Err(OcspMismatch::NotAnswered) } else { Ok(()) }
    }
}
