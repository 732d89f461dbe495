//! The room `journey`: a certificate's successor. Takes an identity whose certificate ends soon and a new signing key, gives the identity of that key. The
//! device's authentication key vouches for it, so that the person is asked for the new key alone, and once. Two steps, as phones attest a key when they make
//! it: the challenge, then the request.

use super::enrol::{Requested, attest, receive, send};
use super::pace::fresh_id;
use super::pending::PendingRequest;
use super::retry::Limits;
use super::session::Session;
use crate::enroll::{Identity, ProofAlgorithm, prove, request_certificate};
use crate::error::{Error, ErrorKind, Result};
use crate::key::{Attestation, DeviceKeyStore, KeyInfo, KeyPurpose};
use crate::pki::CsrSubject;
use crate::remote::activate_credential_response::{ShaAlgo, SignAlgo};
use crate::remote::certificate_challenge::Challenge;
use crate::remote::http::Request;
use crate::remote::renew_certificate::RenewCertificate;
use crate::remote::renewal_challenge;
use crate::remote::request_certificate::Issuance;

/// Most bytes of an answer.
const MAX_ANSWER: u64 = 1 << 20;

/// A challenge for one renewal of the identity's certificate; no code is sent. From when on there is one, the certificate's entry in
/// [`super::enrol::list_credentials`] says: in the last month of its life.
///
/// # Errors
/// [`ErrorKind::ServiceRefused`] if it is not yet time, or too late; otherwise what the service or the network says.
pub fn ask_challenge(session: &Session, identity: &Identity, limits: &Limits) -> Result<Challenge> {
    Challenge::decode(&send(session, renewal_challenge::request(identity.credential_id())?, MAX_ANSWER, limits)?)
}

/// Renews the identity's certificate under that signing key, which must be another than the identity's, by the challenge of [`ask_challenge`]. After the call
/// there is an identity in the state that the service told, `Activated` as a rule; the old one is good until its certificate ends. Both keys were asked once; a
/// lost answer is asked for again under the same idempotency key.
///
/// # Errors
/// [`ErrorKind::KeyNotPermitted`] for keys in the wrong role, or the key that is to be replaced; [`ErrorKind::ChallengeRefused`];
/// [`ErrorKind::ServiceRefused`] if it is too late; [`ErrorKind::CertificateRefused`] with the problem's name; [`ErrorKind::IssuedCertificateRefused`] if what
/// came back is not for this key; otherwise what the key store, the service or the network says.
pub fn renew(
    session: &Session,
    store: &dyn DeviceKeyStore,
    identity: &Identity,
    signing_key: &KeyInfo,
    challenge: &str,
    limits: &Limits,
) -> Result<Requested> {
    let (call, pending) = made(session, store, identity, signing_key, challenge)?;
    receive(pending, Issuance::decode(&send(session, call, MAX_ANSWER, limits)?)?)
}

/// The request, its two signatures in it, and what its answer is checked against; nothing is sent.
pub(super) fn made(
    session: &Session,
    store: &dyn DeviceKeyStore,
    identity: &Identity,
    signing_key: &KeyInfo,
    challenge: &str,
) -> Result<(Request, PendingRequest)> {
    signing_key.require(KeyPurpose::Signing)?;
    if signing_key.name == identity.signing_key() {
        return Err(Error::new(ErrorKind::KeyNotPermitted).context("a renewal takes a new signing key"));
    }
    let authentication_key = store.info(identity.authentication_key())?;
    authentication_key.require(KeyPurpose::Authentication)?;
    let algorithm = ProofAlgorithm::for_key(authentication_key.public_key.algorithm())?;
    let unnamed = || Error::new(ErrorKind::KeyAlgorithmUnsupported);
    let (sign_algo, sha_algo) =
        (SignAlgo::from_text(algorithm.sign_algo()).ok_or_else(unnamed)?, ShaAlgo::from_text(algorithm.sha_algo()).ok_or_else(unnamed)?);
    let (format, attestation) = attest(store, signing_key, challenge.as_bytes())?;
    // The service knows the rest of the subject.
    let name = identity.certificate().and_then(|certificate| certificate.common_name()).unwrap_or_default();
    let csr = request_certificate(store, signing_key, &CsrSubject::new(&name), challenge)?;
    let mut call = RenewCertificate {
        idempotency_key: fresh_id(session.pace())?,
        credential_id: identity.credential_id().to_owned(),
        csr: csr.der().to_vec(),
        attestation: attestation.unwrap_or_else(|| Attestation::new(format.as_str(), Vec::new(), Vec::new())),
        sign_algo,
        sha_algo,
        proof: Vec::new(),
    };
    call.proof = prove(store, &authentication_key, &call.to_be_signed())?;
    let pending = PendingRequest {
        request_id: String::new(),
        retry_after: 0,
        csr,
        device_uuid: identity.device_uuid().to_owned(),
        signing_key: signing_key.name.clone(),
        authentication_key: authentication_key.name.clone(),
    };
    Ok((call.encode()?, pending))
}
