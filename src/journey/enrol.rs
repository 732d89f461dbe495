//! The room `journey`: enrolment, from a new device to an identity that may sign.
//!
//! Takes a session, a key store and what the person typed; gives an [`Identity`]. Each function is one step that a person may
//! stand between: register the device, ask for a challenge, request the certificate, activate it. The key store is asked once
//! per step at most, and nothing the service says is believed before it was checked.

use super::pace::fresh_id;
pub use super::pending::PendingRequest;
use super::retry::Limits;
use super::session::Session;
pub use super::waiting::wait;
use crate::enroll::{Identity, IdentityState, ProofAlgorithm, check_issued, prove, request_certificate};
use crate::error::{Error, ErrorKind, Result};
use crate::key::{Attestation, DeviceKeyStore, KeyInfo, KeyPurpose};
use crate::pki::{Certificate, CsrSubject};
use crate::remote::activate_credential::{ActivateCredential, ActivationChallenge};
use crate::remote::activate_credential_response::{ActivateCredentialResponse, Activated, ShaAlgo, SignAlgo};
use crate::remote::certificate_challenge::{AuthenticationMethod, CertificateChallenge, Challenge};
use crate::remote::certificate_request_status::CertificateRequestStatus;
use crate::remote::delete_device::{self, DeleteDevice};
use crate::remote::device_activation_code;
use crate::remote::http::{Request, Response};
use crate::remote::list_certificates::{self, Credential, Credentials};
use crate::remote::register_device::{self, AttestationFormat, RegisterDevice, RegisteredDevice};
use crate::remote::request_certificate::{CredentialStatus, Issuance, RequestCertificate, StatedIdentity};
use crate::remote::revoke_certificate::{self, RevocationReason, RevokeCertificate};
use crate::remote::schema::Access;
use crate::remote::secret::Secret;

/// Most bytes of an ordinary answer.
const MAX_ANSWER: u64 = 1 << 20;
/// Most bytes of a list.
const MAX_LIST: u64 = 8 << 20;

/// A device as the service is to know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Its own id, made once and kept.
    pub uuid: String,
    /// A name for people.
    pub name: String,
    /// `android`, `ios`, `linux` and so on.
    pub platform: String,
}

/// Who asks for a certificate; the service has the last word on the subject.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Subject {
    /// Name.
    pub name: String,
    /// ISO 3166 two-letter country.
    pub country: Option<String>,
    /// An opaque customer id, never a national one.
    pub serial_number: Option<String>,
}

/// What a certificate is asked for with.
pub struct CertificateOrder<'k> {
    /// The registered device.
    pub device_uuid: &'k str,
    /// The key that proves and answers.
    pub authentication_key: &'k KeyInfo,
    /// The key to be certified.
    pub signing_key: &'k KeyInfo,
    /// Who asks.
    pub subject: &'k Subject,
    /// The challenge of [`ask_challenge`].
    pub challenge: &'k str,
    /// How the person proves who they are.
    pub method: AuthenticationMethod,
    /// The proof: the one-time code, the passphrase, the reference.
    pub value: Secret,
    /// The certificate profile wanted.
    pub profile: Option<String>,
}

/// How a request for a certificate stands.
pub enum Requested {
    /// The certificate is there and checked; the identity is in the state the service told, `New` at first.
    Issued(Identity),
    /// A registration officer must approve; ask again with [`ask_again`].
    Pending(PendingRequest),
}

pub(super) fn send(session: &Session, request: Request, max: u64, limits: &Limits) -> Result<Response> {
    session.send(Access::Token, request, max, limits)
}

/// After the call a device activation code is on its way to the user.
///
/// # Errors
/// What the service or the network says.
pub fn send_device_code(session: &Session, limits: &Limits) -> Result<()> {
    device_activation_code::decode_done(&send(session, device_activation_code::request(), MAX_ANSWER, limits)?)
}

/// After the call the device is registered with its authentication key, which was asked once.
///
/// # Errors
/// [`ErrorKind::KeyNotPermitted`] for another kind of key; [`ErrorKind::UserAuthenticationFailed`] for a wrong code;
/// [`ErrorKind::DeviceRefused`]; otherwise what the key store, the service or the network says.
pub fn register_device(
    session: &Session,
    store: &dyn DeviceKeyStore,
    authentication_key: &KeyInfo,
    device: &Device,
    activation_code: Secret,
    limits: &Limits,
) -> Result<RegisteredDevice> {
    authentication_key.require(KeyPurpose::Authentication)?;
    let algorithm = ProofAlgorithm::for_key(authentication_key.public_key.algorithm())?;
    let challenge = register_device::attestation_challenge(&device.uuid, &activation_code);
    let (attestation_format, attestation) = attest(store, authentication_key, &challenge)?;
    let attestation_statement = attestation.as_ref().and_then(RegisterDevice::statement_of);
    let mut call = RegisterDevice {
        activation_code,
        device_uuid: device.uuid.clone(),
        name: device.name.clone(),
        platform: device.platform.clone(),
        public_key: authentication_key.public_key.spki_der().to_vec(),
        attestation_format,
        attestation_statement,
        sign_algo: algorithm.signature().name().to_owned(),
        proof: Vec::new(),
    };
    call.proof = prove(store, authentication_key, &call.to_be_signed())?;
    let registered = RegisteredDevice::decode(&send(session, call.encode(), MAX_ANSWER, limits)?)?;
    if registered.device_uuid != device.uuid {
        return Err(bad_answer("the service registered another device"));
    }
    Ok(registered)
}

/// After the call the service no longer knows the device, and its credentials are back at `New`.
///
/// # Errors
/// What the service or the network says.
pub fn delete_device(session: &Session, device_uuid: &str, limits: &Limits) -> Result<()> {
    let call = DeleteDevice { device_uuid: device_uuid.to_owned() };
    delete_device::decode_done(&send(session, call.encode()?, MAX_ANSWER, limits)?)
}

/// A challenge for one request; where the method is a one-time code, the code is on its way.
///
/// # Errors
/// What the service or the network says.
pub fn ask_challenge(session: &Session, device_uuid: &str, method: AuthenticationMethod, limits: &Limits) -> Result<Challenge> {
    let call = CertificateChallenge { device_uuid: device_uuid.to_owned(), method };
    Challenge::decode(&send(session, call.encode(), MAX_ANSWER, limits)?)
}

/// A request for a certificate, made once and sent as often as it takes ([`send_request`]): whichever of its copies the service gets first is
/// answered, and the others are given the same answer.
pub struct CertificateRequest {
    pub(super) call: RequestCertificate,
    pub(super) pending: PendingRequest,
}

/// Makes the request; nothing is sent. The signing key was asked once; its signature was checked.
///
/// # Errors
/// [`ErrorKind::KeyNotPermitted`] for keys in the wrong role; otherwise what the key store says.
pub fn make_request(session: &Session, store: &dyn DeviceKeyStore, order: CertificateOrder<'_>) -> Result<CertificateRequest> {
    order.authentication_key.require(KeyPurpose::Authentication)?;
    order.signing_key.require(KeyPurpose::Signing)?;
    let (attestation_format, attestation) = attest(store, order.signing_key, order.challenge.as_bytes())?;
    let (attestation_certificates, statement) = attestation.map(|a| (a.certificates, a.statement)).unwrap_or_default();
    let idempotency_key = fresh_id(session.pace())?;
    let mut subject = CsrSubject::new(&order.subject.name);
    if let Some(country) = &order.subject.country {
        subject = subject.country(country);
    }
    if let Some(serial) = &order.subject.serial_number {
        subject = subject.serial_number(serial);
    }
    let csr = request_certificate(store, order.signing_key, &subject, order.challenge)?;
    let call = RequestCertificate {
        idempotency_key,
        device_uuid: order.device_uuid.to_owned(),
        csr: csr.der().to_vec(),
        method: order.method,
        value: order.value,
        identity: Some(StatedIdentity {
            name: Some(order.subject.name.clone()),
            country: order.subject.country.clone(),
            serial_number: order.subject.serial_number.clone(),
        }),
        attestation_format,
        attestation_certificates,
        attestation_statement: (!statement.is_empty()).then_some(statement),
        profile: order.profile,
    };
    let pending = PendingRequest {
        request_id: String::new(),
        retry_after: 0,
        csr,
        device_uuid: order.device_uuid.to_owned(),
        signing_key: order.signing_key.name.clone(),
        authentication_key: order.authentication_key.name.clone(),
    };
    Ok(CertificateRequest { call, pending })
}

/// Sends the request. After an error of the network it may be sent again, for as long as its challenge is good: no second certificate is issued, and
/// the person is asked for nothing.
///
/// # Errors
/// As [`order_certificate`].
pub fn send_request(session: &Session, request: &CertificateRequest, limits: &Limits) -> Result<Requested> {
    let answer = Issuance::decode(&send(session, request.call.encode(), MAX_ANSWER, limits)?)?;
    receive(request.pending.clone(), answer)
}

/// Requests the certificate. The signing key was asked once; its signature was checked before anything was sent. A lost answer
/// is asked for again under the same idempotency key, so that no second certificate is issued.
///
/// # Errors
/// [`ErrorKind::KeyNotPermitted`] for keys in the wrong role; [`ErrorKind::UserAuthenticationFailed`] with the tries left;
/// [`ErrorKind::ChallengeRefused`]; [`ErrorKind::CertificateRefused`] with the problem's name;
/// [`ErrorKind::IssuedCertificateRefused`] if what came back is not for this key; otherwise what the key store, the service or
/// the network says.
pub fn order_certificate(session: &Session, store: &dyn DeviceKeyStore, order: CertificateOrder<'_>, limits: &Limits) -> Result<Requested> {
    send_request(session, &make_request(session, store, order)?, limits)
}

/// Asks whether a pending request was approved.
///
/// # Errors
/// [`ErrorKind::CertificateRefused`] if it was rejected; otherwise as [`order_certificate`].
pub fn ask_again(session: &Session, pending: PendingRequest, limits: &Limits) -> Result<Requested> {
    let call = CertificateRequestStatus { request_id: pending.request_id.clone() };
    let answer = Issuance::decode(&send(session, call.encode()?, MAX_ANSWER, limits)?)?;
    receive(pending, answer)
}

/// An attestation where the platform has one; the service decides whether it does without.
pub(super) fn attest(store: &dyn DeviceKeyStore, key: &KeyInfo, challenge: &[u8]) -> Result<(AttestationFormat, Option<Attestation>)> {
    match store.attest(&key.name, challenge) {
        Ok(attestation) => {
            let unknown = || Error::new(ErrorKind::AttestationUnavailable).context("the key store's attestation has an unknown format");
            let format = AttestationFormat::from_text(&attestation.format).ok_or_else(unknown)?;
            Ok((format, Some(attestation)))
        }
        Err(error) if error.kind() == ErrorKind::AttestationUnavailable => Ok((AttestationFormat::None, None)),
        Err(error) => Err(error),
    }
}

/// Checks what was issued against what was asked for.
pub(super) fn receive(pending: PendingRequest, answer: Issuance) -> Result<Requested> {
    match answer {
        Issuance::Pending { request_id, retry_after } => Ok(Requested::Pending(PendingRequest { request_id, retry_after, ..pending })),
        Issuance::Issued { credential_id, status, certificates } => {
            let chain: Vec<Certificate> = certificates.iter().map(|der| Certificate::from_der(der)).collect::<Result<_>>()?;
            check_issued(&pending.csr, &chain)?;
            let identity = Identity::new(&credential_id, &pending.device_uuid, &pending.signing_key, &pending.authentication_key, chain)?;
            Ok(Requested::Issued(identity.in_state(state_of(status))?))
        }
    }
}

fn state_of(status: CredentialStatus) -> IdentityState {
    match status {
        CredentialStatus::New => IdentityState::New,
        CredentialStatus::Activated => IdentityState::Activated,
        CredentialStatus::Cancelled => IdentityState::Cancelled,
    }
}

/// Begins the activation; a one-time code is on its way to the person.
///
/// # Errors
/// [`ErrorKind::BadAnswer`] if the challenge is for another credential or device; what the service or the network says.
pub fn begin_activation(session: &Session, identity: &Identity, limits: &Limits) -> Result<ActivationChallenge> {
    let call = ActivateCredential { credential_id: identity.credential_id().to_owned(), device_uuid: identity.device_uuid().to_owned() };
    let challenge = ActivationChallenge::decode(&send(session, call.encode(), MAX_ANSWER, limits)?)?;
    if challenge.credential_id != identity.credential_id() || challenge.device_uuid != identity.device_uuid() {
        return Err(bad_answer("the challenge is for another credential"));
    }
    Ok(challenge)
}

/// Ends the activation with what the person typed. After the call the identity returned is in the state the service told. The
/// authentication key was asked once. If the answer is lost, [`learn_state`] says how it ended.
///
/// # Errors
/// [`ErrorKind::AuthorizationDenied`] for a wrong code; [`ErrorKind::RecordNotFound`] for an unknown credential;
/// [`ErrorKind::KeyNotPermitted`]; otherwise what the key store, the service or the network says.
pub fn finish_activation(
    session: &Session,
    store: &dyn DeviceKeyStore,
    identity: &Identity,
    challenge: &ActivationChallenge,
    otp: Secret,
    limits: &Limits,
) -> Result<Identity> {
    let key = store.info(identity.authentication_key())?;
    let algorithm = ProofAlgorithm::for_key(key.public_key.algorithm())?;
    let unnamed = || Error::new(ErrorKind::KeyAlgorithmUnsupported);
    let mut call = ActivateCredentialResponse {
        // What is signed names the identity at hand, whatever the challenge says.
        credential_id: identity.credential_id().to_owned(),
        device_uuid: identity.device_uuid().to_owned(),
        sign_algo: SignAlgo::from_text(algorithm.sign_algo()).ok_or_else(unnamed)?,
        authorize_signature: Vec::new(),
        otp_decrypted: otp,
        sha_algo: ShaAlgo::from_text(algorithm.sha_algo()).ok_or_else(unnamed)?,
    };
    call.authorize_signature = prove(store, &key, &call.to_be_signed(&challenge.challenge))?;
    let answer = Activated::decode(&send(session, call.encode(), MAX_ANSWER, limits)?)?;
    identity.clone().in_state(state_of(answer.status))
}

/// All credentials of the user.
///
/// # Errors
/// What the service or the network says.
pub fn list_credentials(session: &Session, limits: &Limits) -> Result<Vec<Credential>> {
    Ok(Credentials::decode(&send(session, list_certificates::request(), MAX_LIST, limits)?)?.0)
}

/// The same identity in the state that the service tells now.
///
/// # Errors
/// [`ErrorKind::RecordNotFound`] if the service has no such credential; [`ErrorKind::IssuedCertificateRefused`] if it lists
/// another certificate under its id; otherwise what the service or the network says.
pub fn learn_state(session: &Session, identity: &Identity, limits: &Limits) -> Result<Identity> {
    let listed = list_credentials(session, limits)?;
    let Some(found) = listed.into_iter().find(|credential| credential.credential_id == identity.credential_id()) else {
        return Err(Error::new(ErrorKind::RecordNotFound));
    };
    if found.certificates.first().map(Vec::as_slice) != identity.certificate().map(Certificate::der) {
        return Err(Error::new(ErrorKind::IssuedCertificateRefused).context("another certificate under the same id"));
    }
    identity.clone().in_state(state_of(found.status))
}

/// After the call the certificate is revoked for good; revoking it again is no error.
///
/// # Errors
/// What the service or the network says.
pub fn revoke(session: &Session, credential_id: &str, reason: RevocationReason, limits: &Limits) -> Result<()> {
    let call = RevokeCertificate { credential_id: credential_id.to_owned(), reason };
    revoke_certificate::decode_answer(&send(session, call.encode()?, MAX_ANSWER, limits)?)
}

fn bad_answer(what: &'static str) -> Error {
    Error::new(ErrorKind::BadAnswer).context(what)
}
