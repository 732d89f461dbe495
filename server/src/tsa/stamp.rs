//! The time-stamping authority: takes requests, gives signed tokens (RFC 3161 2.4.2) with the signer's certificate bound by ESSCertIDv2.

use super::request::Asked;
use super::response::{self, Failing};
use crate::asn1::{self, GENERALIZED_TIME, INTEGER, OCTET_STRING, SEQUENCE, SET};
use crate::ca::{Authority, Delegate};
use crate::failure::Failure;
use crate::random;
use der::Encode;
use der::asn1::{ObjectIdentifier, Uint};
use p256::ecdsa::DerSignature;
use p256::ecdsa::signature::Signer;
use thrivosign::Time;
use thrivosign::cms::SignedAttributes;
use thrivosign::cms::build::time_stamp_token;
use thrivosign::crypto::digest::{DigestAlgorithm, sha256};
use thrivosign::pki::algorithm::SignatureAlgorithm;
use thrivosign::pki::certificate::Certificate;

/// The one policy: under the number that is reserved for documentation (RFC 5612), as this authority promises nothing.
pub(super) const POLICY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.32473.3161.1");
/// The machine's clock is believed to a second.
const ACCURACY: &[u8] = &[SEQUENCE, 3, INTEGER, 1, 1];

/// id-sha256, whole.
const SHA256: &[u8] = &[0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];
/// id-signedData, whole.
const SIGNED_DATA: &[u8] = &[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
/// id-ct-TSTInfo, whole.
const TST_INFO: &[u8] = &[0x06, 0x0b, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x04];

/// The authority of this server.
pub(crate) struct TimeStampAuthority {
    delegate: Delegate,
    /// What goes into a token that is to have certificates: its own, and the issuing CA's.
    chain: [Certificate; 2],
}

impl TimeStampAuthority {
    pub(crate) fn new(delegate: Delegate, authority: &Authority) -> Result<TimeStampAuthority, Failure> {
        let [issuing, _] = authority.chain();
        let issuing = Certificate::from_der(issuing).map_err(Failure::at("the issuing CA's certificate cannot be read"))?;
        let chain = [delegate.certificate.clone(), issuing];
        Ok(TimeStampAuthority { delegate, chain })
    }

    /// The response to a request at that time, in milliseconds since 1970. `may_stamp` records the time and says whether it may be stamped:
    /// a clock that was set back would let later documents pass for earlier ones.
    pub(crate) fn answer(
        &self,
        request: &[u8],
        millis: i64,
        may_stamp: impl FnOnce() -> Result<bool, Failure>,
    ) -> Result<Vec<u8>, Failure> {
        let asked = match Asked::read(request) {
            Ok(asked) => asked,
            Err(failing) => return Ok(response::rejected(failing)),
        };
        let now = Time::from_unix(millis.div_euclid(1000));
        let certificate = &self.delegate.certificate;
        if now < certificate.not_before() || now > certificate.not_after() || !may_stamp()? {
            tracing::error!("the clock stands outside of the certificate's life or before the last time stamp: no time is stamped");
            return Ok(response::rejected(Failing::TimeNotAvailable));
        }
        Ok(response::granted(&self.token(&asked, millis)?))
    }

    /// What is answered where the server itself failed.
    pub(crate) fn failed() -> Vec<u8> {
        response::rejected(Failing::SystemFailure)
    }

    fn token(&self, asked: &Asked, millis: i64) -> Result<Vec<u8>, Failure> {
        let doing = "cannot make a time stamp";
        let serial = Uint::new(&random::bytes::<16>()?).map_err(Failure::at(doing))?;
        let nonce = asked.nonce.as_ref().map_or(Ok(Vec::new()), asn1::encode)?;
        let policy = POLICY.to_der().map_err(Failure::at(doing))?;
        let imprint = asn1::encode(&asked.imprint)?;
        let info =
            asn1::write(SEQUENCE, &[&[INTEGER, 1, 1], &policy, &imprint, &asn1::encode(&serial)?, &gen_time(millis), ACCURACY, &nonce]);
        let attributes = SignedAttributes::for_time_stamp(&sha256(&info), DigestAlgorithm::Sha256, &self.delegate.certificate);
        let value: DerSignature = self.delegate.key.sign(attributes.der());
        let algorithm = SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha256);
        if asked.certificates {
            return time_stamp_token(&info, &attributes, &algorithm, value.as_bytes(), &self.chain).map_err(Failure::at(doing));
        }
        Ok(bare(&info, &attributes, &algorithm, value.as_bytes()))
    }
}

/// A token without certificates, as who did not ask for them must get it (RFC 3161 2.4.1); signatures in documents always have them, so the
/// library writes none without. SignedData version 3 with one SignerInfo (RFC 5652 5.1, 5.3).
fn bare(info: &[u8], attributes: &SignedAttributes, algorithm: &SignatureAlgorithm, value: &[u8]) -> Vec<u8> {
    let signer = attributes.signer();
    let sid = asn1::write(SEQUENCE, &[signer.issuer_der(), &asn1::write(INTEGER, &[signer.serial()])]);
    let digest = asn1::write(SEQUENCE, &[SHA256]);
    // The attributes go in as they were signed, under the implicit tag [0] instead of SET.
    let mut signed = attributes.der().to_vec();
    if let Some(tag) = signed.first_mut() {
        *tag = 0xa0;
    }
    let value = asn1::write(OCTET_STRING, &[value]);
    let signer_info = asn1::write(SEQUENCE, &[&[INTEGER, 1, 1], &sid, &digest, &signed, &algorithm.to_der(), &value]);
    let content = asn1::write(SEQUENCE, &[TST_INFO, &asn1::write(0xa0, &[&asn1::write(OCTET_STRING, &[info])])]);
    let sets = [asn1::write(SET, &[&digest]), asn1::write(SET, &[&signer_info])];
    let [digests, signer_infos] = &sets;
    let signed_data = asn1::write(SEQUENCE, &[&[INTEGER, 1, 3], digests, &content, signer_infos]);
    asn1::write(SEQUENCE, &[SIGNED_DATA, &asn1::write(0xa0, &[&signed_data])])
}

/// GeneralizedTime to the millisecond, without zeros at its end (X.690 11.7.3).
fn gen_time(millis: i64) -> Vec<u8> {
    let whole = asn1::digits(Time::from_unix(millis.div_euclid(1000)));
    let fraction = format!(".{:03}", millis.rem_euclid(1000));
    let fraction = fraction.trim_end_matches('0').trim_end_matches('.');
    asn1::write(GENERALIZED_TIME, &[whole.as_bytes(), fraction.as_bytes(), b"Z"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_have_no_zeros_at_their_end() {
        for (millis, text) in
            [(1000, "19700101000001Z"), (1500, "19700101000001.5Z"), (1010, "19700101000001.01Z"), (7, "19700101000000.007Z")]
        {
            assert_eq!(gen_time(millis)[2..], *text.as_bytes());
        }
    }
}
