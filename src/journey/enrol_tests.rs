//! The room `journey`: tests of enrolment against a service made of the server's side of the codecs, honest and lying.

use super::enrol::*;
use super::environment::Environment;
use super::pending::PendingRequest;
use super::retry::Limits;
use super::session::Session;
use super::transport::{Call, Transport};
use crate::enroll::{Identity, IdentityState, proof_holds};
use crate::error::{Error, ErrorKind, Result};
use crate::key::software::SoftwareKeyStore;
use crate::key::{Attestation, DeviceKeyStore, KeyInfo, KeyPurpose, KeySpec};
use crate::pki::testing::{Draft, Key};
use crate::pki::{Csr, KeyAlgorithm, PublicKey, SignatureAlgorithm};
use crate::remote::activate_credential::{self, ActivateCredential, ActivationChallenge};
use crate::remote::activate_credential_response::{self, ActivateCredentialResponse, Activated};
use crate::remote::certificate_challenge::{self, AuthenticationMethod, CertificateChallenge, Challenge};
use crate::remote::http::{Method, Request, Response};
use crate::remote::list_certificates::{Credential, Credentials};
use crate::remote::login::{self, Tokens};
use crate::remote::problem::{Problem, ProblemType, Refusal};
use crate::remote::register_device::{self, DeviceStatus, RegisterDevice, RegisteredDevice, SecurityLevel};
use crate::remote::request_certificate::{self, CredentialStatus, Issuance, RequestCertificate};
use crate::remote::revoke_certificate::{self, RevocationReason, RevokeCertificate};
use crate::time::Time;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};

/// What the service does beside being honest.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lie {
    None,
    OtherKey,
    Authority,
    NotForSigning,
    OtherDevice,
    OtherCredential,
    AnswerLostOnce,
    Pending,
    OtherCertificateListed,
}

#[derive(Default)]
struct Memory {
    device_key: Option<PublicKey>,
    certificate: Option<Vec<u8>>,
    status: Option<CredentialStatus>,
    orders: Vec<String>,
}

struct Service {
    lie: Lie,
    memory: Mutex<Memory>,
}

impl Service {
    fn issue(&self, csr: &Csr) -> Vec<Vec<u8>> {
        let root = Key::new(1);
        let mut draft = Draft::leaf("Person", &Key::new(9), "Root");
        match self.lie {
            Lie::OtherKey => {}
            Lie::Authority => {
                draft = Draft::ca("Person", &Key::new(9), "Root", None);
                draft.key = csr.public_key().clone();
            }
            Lie::NotForSigning => {
                // keyEncipherment.
                draft = draft.with(const_oid::ObjectIdentifier::new_unwrap("2.5.29.15"), true, vec![3, 2, 5, 0x20]);
                draft.key = csr.public_key().clone();
            }
            _ => draft.key = csr.public_key().clone(),
        }
        vec![draft.issue_der(&root), Draft::ca("Root", &root, "Root", None).issue_der(&root)]
    }

    fn answer(&self, request: &Request) -> std::result::Result<Response, Refusal> {
        let mut memory = self.memory.lock().unwrap();
        match (request.method, request.path.as_str()) {
            (Method::Post, login::PATH) => {
                Ok(Tokens { access_token: "a".into(), token_type: "bearer".into(), expires_in: 9999, refresh_token: None }.encode())
            }
            (Method::Post, register_device::PATH) => {
                let call = RegisterDevice::decode(request)?;
                if call.activation_code.expose() != "1234" {
                    return Err(ProblemType::ActivationCodeRefused.into());
                }
                let key = PublicKey::from_spki_der(&call.public_key).map_err(|_| ProblemType::MalformedRequest)?;
                assert_eq!(call.sign_algo, "ecdsa-sha256");
                if !proof_holds(&key, "ECDSA", "sha256", &call.to_be_signed(), &call.proof) {
                    return Err(ProblemType::DeviceProofWrong.into());
                }
                memory.device_key = Some(key);
                let device_uuid = if self.lie == Lie::OtherDevice { "other".to_owned() } else { call.device_uuid };
                Ok(RegisteredDevice { device_uuid, status: DeviceStatus::Active, security_level: SecurityLevel::Software }.encode())
            }
            (Method::Post, certificate_challenge::PATH) => {
                CertificateChallenge::decode(request)?;
                Ok(Challenge { challenge: "challenge-1".into(), expires_in: 300, sent_to: None }.encode())
            }
            (Method::Post, request_certificate::PATH) => {
                let call = RequestCertificate::decode(request)?;
                memory.orders.push(call.idempotency_key.clone());
                if call.value.expose() != "777" {
                    let failed = Problem { tries_left: Some(4), ..Problem::new(ProblemType::UserAuthenticationFailed) };
                    return Err(failed.into());
                }
                let csr = Csr::from_der(&call.csr).map_err(|_| ProblemType::CsrSignatureWrong)?;
                if csr.challenge_password() != Some("challenge-1") {
                    return Err(ProblemType::ChallengeRefused.into());
                }
                let certificates = self.issue(&csr);
                memory.certificate = certificates.first().cloned();
                memory.status = Some(CredentialStatus::New);
                if self.lie == Lie::Pending {
                    return Ok(Issuance::Pending { request_id: "r-1".into(), retry_after: 5 }.encode());
                }
                Ok(Issuance::Issued { credential_id: "c-1".into(), status: CredentialStatus::New, certificates }.encode())
            }
            (Method::Get, "/rssp/certificates/requests/r-1") => {
                let certificates = vec![memory.certificate.clone().unwrap()];
                Ok(Issuance::Issued { credential_id: "c-1".into(), status: CredentialStatus::New, certificates }.encode())
            }
            (Method::Post, activate_credential::PATH) => {
                let call = ActivateCredential::decode(request)?;
                let credential_id = if self.lie == Lie::OtherCredential { "c-2".to_owned() } else { call.credential_id };
                Ok(ActivationChallenge { credential_id, device_uuid: call.device_uuid, challenge: "x-1".into(), expires_in: 300 }.encode())
            }
            (Method::Post, activate_credential_response::PATH) => {
                let call = ActivateCredentialResponse::decode(request)?;
                let key = memory.device_key.clone().ok_or(Refusal::NOT_FOUND)?;
                let message = call.to_be_signed("x-1");
                let signed = proof_holds(&key, call.sign_algo.as_str(), call.sha_algo.as_str(), &message, &call.authorize_signature);
                if !signed || call.otp_decrypted.expose() != "888" {
                    return Err(Refusal::DENIED);
                }
                memory.status = Some(CredentialStatus::Activated);
                Ok(Activated { status: CredentialStatus::Activated }.encode(&call.credential_id))
            }
            (Method::Get, "/rssp/certificates") => {
                let mut certificate = memory.certificate.clone().ok_or(Refusal::NOT_FOUND)?;
                if self.lie == Lie::OtherCertificateListed {
                    certificate.push(0);
                }
                let credential = Credential {
                    credential_id: "c-1".into(),
                    status: memory.status.unwrap(),
                    device_uuid: None,
                    subject: String::new(),
                    serial_number: "01".into(),
                    not_before: Time::from_unix(0),
                    not_after: Time::from_unix(1),
                    renew_from: None,
                    certificates: vec![certificate],
                };
                Ok(Credentials(vec![credential]).encode())
            }
            (Method::Post, "/rssp/certificates/c-1/revoke") => {
                let call = RevokeCertificate::decode(request)?;
                memory.status = Some(CredentialStatus::Cancelled);
                Ok(revoke_certificate::answer(&call.credential_id))
            }
            (Method::Delete, "/rssp/devices/d-1") => Ok(crate::remote::delete_device::done()),
            (Method::Post, crate::remote::device_activation_code::PATH) => Ok(crate::remote::device_activation_code::done()),
            _ => Err(ProblemType::NotFound.into()),
        }
    }
}

impl Transport for Service {
    fn send(&self, request: Request, _: &Call) -> Result<Response> {
        let response = self.answer(&request).unwrap_or_else(|refusal| refusal.encode());
        if self.lie == Lie::AnswerLostOnce && request.path == request_certificate::PATH && self.memory.lock().unwrap().orders.len() == 1 {
            return Err(Error::new(ErrorKind::ConnectionCut));
        }
        Ok(response)
    }

    fn url(&self, request: &Request) -> Result<String> {
        Ok(format!("https://sign.example{}", request.path))
    }
}

/// A key store that counts how often its keys are used.
struct Counting {
    store: SoftwareKeyStore,
    uses: AtomicUsize,
}

impl DeviceKeyStore for Counting {
    fn create(&self, name: &str, spec: &KeySpec) -> Result<KeyInfo> {
        self.store.create(name, spec)
    }
    fn info(&self, name: &str) -> Result<KeyInfo> {
        self.store.info(name)
    }
    fn sign(&self, name: &str, message: &[u8], algorithm: &SignatureAlgorithm) -> Result<Vec<u8>> {
        self.uses.fetch_add(1, SeqCst);
        self.store.sign(name, message, algorithm)
    }
    fn attest(&self, name: &str, challenge: &[u8]) -> Result<Attestation> {
        self.store.attest(name, challenge)
    }
    fn delete(&self, name: &str) -> Result<()> {
        self.store.delete(name)
    }
    fn list(&self) -> Result<Vec<KeyInfo>> {
        self.store.list()
    }
}

struct Phone {
    service: Arc<Service>,
    session: Session,
    store: Counting,
    authentication: KeyInfo,
    signing: KeyInfo,
}

impl Phone {
    fn new(lie: Lie) -> Phone {
        let service = Arc::new(Service { lie, memory: Mutex::default() });
        let mut environment = Environment::new("k".into());
        environment.retry.base = std::time::Duration::ZERO;
        let session = Session::new(service.clone(), environment).unwrap();
        session.login("u", "p".into(), &Limits::default()).unwrap();
        let store = Counting { store: SoftwareKeyStore::new(), uses: AtomicUsize::new(0) };
        let make = |name, purpose| store.create(name, &KeySpec::new(KeyAlgorithm::P256, purpose)).unwrap();
        let (authentication, signing) = (make("auth", KeyPurpose::Authentication), make("sign", KeyPurpose::Signing));
        Phone { service, session, store, authentication, signing }
    }

    fn register(&self, code: &str) -> Result<RegisteredDevice> {
        let device = Device { uuid: "d-1".into(), name: "Phone".into(), platform: "linux".into() };
        register_device(&self.session, &self.store, &self.authentication, &device, code.into(), &Limits::default())
    }

    fn order(&self, value: &str) -> Result<Requested> {
        let challenge = ask_challenge(&self.session, "d-1", AuthenticationMethod::Otp, &Limits::default())?;
        let subject = Subject { name: "Person".into(), country: Some("CH".into()), serial_number: Some("C-7".into()) };
        let order = CertificateOrder {
            device_uuid: "d-1",
            authentication_key: &self.authentication,
            signing_key: &self.signing,
            subject: &subject,
            challenge: &challenge.challenge,
            method: AuthenticationMethod::Otp,
            value: value.into(),
            profile: None,
        };
        order_certificate(&self.session, &self.store, order, &Limits::default())
    }

    fn issued(&self) -> Identity {
        self.register("1234").unwrap();
        match self.order("777").unwrap() {
            Requested::Issued(identity) => identity,
            Requested::Pending(_) => panic!("pending"),
        }
    }

    fn activate(&self, identity: &Identity, otp: &str) -> Result<Identity> {
        let challenge = begin_activation(&self.session, identity, &Limits::default())?;
        finish_activation(&self.session, &self.store, identity, &challenge, otp.into(), &Limits::default())
    }

    fn uses(&self) -> usize {
        self.store.uses.load(SeqCst)
    }
}

#[test]
fn from_a_new_device_to_an_identity_that_may_sign_and_back() {
    let phone = Phone::new(Lie::None);
    send_device_code(&phone.session, &Limits::default()).unwrap();
    let identity = phone.issued();
    assert_eq!(identity.state(), IdentityState::New);
    assert_eq!((identity.credential_id(), identity.signing_key(), identity.authentication_key()), ("c-1", "sign", "auth"));
    assert_eq!(phone.uses(), 2, "one proof and one request: the person was asked once per key");
    let activated = phone.activate(&identity, "888").unwrap();
    assert_eq!(activated.state(), IdentityState::Activated);
    assert_eq!(phone.uses(), 3);
    // The old value learns of it too.
    assert_eq!(learn_state(&phone.session, &identity, &Limits::default()).unwrap().state(), IdentityState::Activated);
    revoke(&phone.session, "c-1", RevocationReason::Superseded, &Limits::default()).unwrap();
    let cancelled = learn_state(&phone.session, &activated, &Limits::default()).unwrap();
    assert_eq!(cancelled.state(), IdentityState::Cancelled);
    delete_device(&phone.session, "d-1", &Limits::default()).unwrap();
}

#[test]
fn wrong_codes_have_their_own_errors() {
    let phone = Phone::new(Lie::None);
    assert_eq!(phone.register("0000").unwrap_err().kind(), ErrorKind::UserAuthenticationFailed);
    phone.register("1234").unwrap();
    let error = phone.order("000").err().unwrap();
    assert_eq!((error.kind(), error.tries_left()), (ErrorKind::UserAuthenticationFailed, Some(4)));
    let identity = phone.issued();
    assert_eq!(phone.activate(&identity, "000").unwrap_err().kind(), ErrorKind::AuthorizationDenied);
    assert_eq!(phone.activate(&identity, "888").unwrap().state(), IdentityState::Activated);
}

#[test]
fn keys_in_the_wrong_role_are_never_used() {
    let mut phone = Phone::new(Lie::None);
    std::mem::swap(&mut phone.authentication, &mut phone.signing);
    assert_eq!(phone.register("1234").unwrap_err().kind(), ErrorKind::KeyNotPermitted);
    assert_eq!(phone.order("777").err().unwrap().kind(), ErrorKind::KeyNotPermitted);
    assert_eq!(phone.uses(), 0);
}

#[test]
fn what_the_service_issues_is_checked() {
    for lie in [Lie::OtherKey, Lie::Authority, Lie::NotForSigning] {
        let phone = Phone::new(lie);
        phone.register("1234").unwrap();
        assert_eq!(phone.order("777").err().unwrap().kind(), ErrorKind::IssuedCertificateRefused);
    }
    assert_eq!(Phone::new(Lie::OtherDevice).register("1234").unwrap_err().kind(), ErrorKind::BadAnswer);
    let phone = Phone::new(Lie::OtherCredential);
    let identity = phone.issued();
    let uses = phone.uses();
    assert_eq!(phone.activate(&identity, "888").unwrap_err().kind(), ErrorKind::BadAnswer);
    assert_eq!(phone.uses(), uses, "the key was used for another's challenge");
    let phone = Phone::new(Lie::OtherCertificateListed);
    let error = learn_state(&phone.session, &phone.issued(), &Limits::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::IssuedCertificateRefused);
}

#[test]
fn a_lost_answer_is_asked_for_again_under_the_same_key() {
    let phone = Phone::new(Lie::AnswerLostOnce);
    phone.issued();
    let orders = phone.service.memory.lock().unwrap().orders.clone();
    assert_eq!(orders.len(), 2);
    assert_eq!(orders[0], orders[1]);
    assert_eq!(phone.uses(), 2, "the person was not asked again");
}

#[test]
fn a_pending_request_is_asked_for_later() {
    let phone = Phone::new(Lie::Pending);
    phone.register("1234").unwrap();
    let Requested::Pending(pending) = phone.order("777").unwrap() else { panic!("issued") };
    assert_eq!((pending.request_id.as_str(), pending.retry_after), ("r-1", 5));
    // Waiting may take longer than the process lives.
    let json = pending.to_json().unwrap();
    let pending = PendingRequest::from_json(&json).unwrap();
    assert_eq!(pending.to_json().unwrap(), json);
    let text = String::from_utf8(json).unwrap();
    for (from, to) in [("\"version\": 1", "\"version\": 2"), ("\"csr\": \"", "\"csr\": \"AA"), ("r-1\"", "r-1\", \"more\": 1, \"x\": \"\"")]
    {
        assert!(text.contains(from), "{text}");
        let bad = text.replace(from, to);
        assert_eq!(PendingRequest::from_json(bad.as_bytes()).err().map(|e| e.kind()), Some(ErrorKind::ConfigMalformed), "{bad}");
    }
    let Requested::Issued(identity) = ask_again(&phone.session, pending, &Limits::default()).unwrap() else { panic!("pending") };
    assert_eq!(identity.credential_id(), "c-1");
}
