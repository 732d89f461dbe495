//! Certificates: challenge, issuance, list, revocation. The private key never comes here: what is certified is what the
//! request's own signature proves.

use super::authentication::{Entered, PASSPHRASE, PURPOSE};
use super::codes::{self, Purpose};
use super::once::Once;
use super::{No, Service, Visit};
use super::{attest, keys, officer};
use crate::ca::Subject;
use crate::random;
use crate::store::Transaction;
use crate::store::credentials::{self, NewCredential};
use crate::store::users::{self, User};
use crate::store::{challenges, devices};
use crate::web::Reply;
use der::asn1::ObjectIdentifier;
use thrivosign::crypto::digest::DigestAlgorithm;
use thrivosign::pki::KeyProtection;
use thrivosign::pki::certificate::Certificate;
use thrivosign::pki::csr::Csr;
use thrivosign::remote::certificate_challenge::{AuthenticationMethod, CertificateChallenge, Challenge};
use thrivosign::remote::list_certificates::{Credential, Credentials};
use thrivosign::remote::problem::{Problem, ProblemType};
use thrivosign::remote::request_certificate::{CredentialStatus, Issuance, RequestCertificate, StatedIdentity};
use thrivosign::remote::revoke_certificate::{self, RevokeCertificate};
use thrivosign::{ErrorKind, Time};

const COUNTRY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.6");
const SERIAL_NUMBER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.5");
/// A certificate may be renewed in its last month.
pub(super) const RENEW_BEFORE: i64 = 30 * 86_400;

/// Gives a challenge, and sends a one-time code if the user is to be authenticated by one.
pub(super) fn challenge(service: &Service, visit: Visit) -> Result<Reply, No> {
    let user = visit.caller.user()?;
    let asked = CertificateChallenge::decode(&visit.request)?;
    let now = visit.now;
    let (challenge, code) = service.store.transact(|tx| {
        devices::of_user(tx, &asked.device_uuid, user)?.ok_or(ProblemType::DeviceUnknown)?;
        let code = match asked.method {
            AuthenticationMethod::Otp => Some(codes::prepare(service, tx, user, Purpose::Certificate, now)?),
            AuthenticationMethod::Passphrase => {
                codes::unlocked(tx, user, PASSPHRASE, now)?;
                None
            }
            _ => return Err(Problem::new(ProblemType::MalformedRequest).detail("method: not offered by this server").into()),
        };
        let what = challenges::For {
            user,
            device: &asked.device_uuid,
            purpose: PURPOSE,
            subject: "",
            method: asked.method.as_str(),
            code: code.as_ref().map(|code| code.id),
            seconds: Service::CHALLENGE_SECONDS,
        };
        Ok::<_, No>((challenges::issue(tx, &what, now)?, code))
    })?;
    let expires_in = u64::try_from(Service::CHALLENGE_SECONDS).unwrap_or_default();
    let sent_to = code.map(|code| code.send(service, now));
    Ok(Challenge { challenge, expires_in, sent_to }.encode().into())
}

/// Issues a certificate, or keeps the request for the registration officer; once per idempotency key.
pub(super) fn request(service: &Service, visit: Visit) -> Result<Reply, No> {
    let user = visit.caller.user()?;
    let asked = RequestCertificate::decode(&visit.request)?;
    let key = (user, "requestCertificate", asked.idempotency_key.as_str());
    let once = Once::of(service, key, visit.request.body.bytes(), visit.now)?;
    if let Some(answer) = service.store.transact(|tx| once.answered(tx))? {
        return Ok(answer);
    }
    // The profile is the server's choice; the name is taken so that a client cannot believe it got another one.
    if !matches!(asked.profile.as_deref(), None | Some("default" | "document-signing")) {
        return Err(Problem::new(ProblemType::MalformedRequest).detail("profile: unknown").into());
    }
    let csr = checked(&asked.csr)?;
    let entered = Entered::weigh(service, user, asked.method, &asked.value, visit.now)?;
    let now = visit.now;
    service.store.transact(|tx| {
        if let Some(answer) = once.answered(tx)? {
            return Ok(Ok(answer));
        }
        let person = users::by_id(tx, user)?.ok_or(ProblemType::Forbidden)?;
        devices::of_user(tx, &asked.device_uuid, user)?.ok_or(ProblemType::DeviceUnknown)?;
        let text = csr.challenge_password().unwrap_or_default().as_bytes();
        let challenge = entered.challenge(tx, text, user, &asked.device_uuid, now)?;
        let app = devices::app_key(tx, &asked.device_uuid)?;
        let attested = attest::judge(service, &asked.attestation(), text, csr.public_key(), app.as_ref(), now)?;
        key_may_be_certified(tx, &csr, user)?;
        subject_is_users(&csr, asked.identity.clone().unwrap_or_default(), &person)?;
        if let Err(no) = entered.judge(tx, user, &challenge, now)? {
            return Ok(Err(no));
        }
        if let Some(app) = &attested.app {
            devices::keep_app_key(tx, &asked.device_uuid, app)?;
        }
        let protection = KeyProtection { level: attested.level, attestation: attested.digest };
        let answer = if service.officer_approves() {
            officer::defer(tx, (user, &asked.device_uuid), &csr, &protection, now)?
        } else {
            let (credential_id, certificates) = issue(service, tx, (person, &asked.device_uuid), &csr, protection, now)?;
            Issuance::Issued { credential_id, status: CredentialStatus::New, certificates }
        };
        let response = answer.encode();
        once.keep(tx, &response)?;
        Ok::<_, No>(Ok(response.into()))
    })?
}

/// Issues the certificate to that person and device; gives the credential's id, and the chain.
pub(super) fn issue(
    service: &Service,
    tx: &Transaction<'_>,
    (person, device): (User, &str),
    csr: &Csr,
    protection: KeyProtection,
    now: Time,
) -> Result<(String, Vec<Vec<u8>>), No> {
    let subject = Subject { name: person.name, country: person.country, customer: person.customer };
    let issued = service.authority.issue(&subject, csr.public_key().spki_der(), &protection, now)?;
    let id = random::id("cred-")?;
    let new = NewCredential {
        protection,
        id: &id,
        user: &person.id,
        device,
        key_hash: csr.public_key().sha256(),
        der: &issued.der,
        serial: &issued.serial,
        not_before: issued.not_before,
        not_after: issued.not_after,
    };
    credentials::add(tx, &new, now)?;
    let [issuing, root] = service.authority.chain();
    Ok((id, vec![issued.der, issuing.to_vec(), root.to_vec()]))
}

/// The two keys are never mixed, nobody has another's, and what was lost once is not certified again.
pub(super) fn key_may_be_certified(tx: &Transaction<'_>, csr: &Csr, user: &str) -> Result<(), No> {
    let key_hash = csr.public_key().sha256();
    if devices::has_key(tx, &key_hash, "")? {
        return Err(ProblemType::KeyMisused.into());
    }
    if credentials::users_of_key(tx, &key_hash)?.iter().any(|other| other != user) {
        return Err(ProblemType::KeyTaken.into());
    }
    if credentials::is_compromised(tx, &key_hash)? {
        return Err(Problem::new(ProblemType::KeyTooWeak).detail("the key was reported as compromised").into());
    }
    Ok(())
}

/// The request, its signature checked, under a key that is strong enough.
pub(super) fn checked(der: &[u8]) -> Result<Csr, No> {
    let csr = Csr::from_der(der).map_err(|error| match error.kind() {
        ErrorKind::AlgorithmUnsupported => No::from(ProblemType::KeyTooWeak),
        _ if error.context_text() == Some("signature") => ProblemType::CsrSignatureWrong.into(),
        _ => ProblemType::CsrMalformed.into(),
    })?;
    if !keys::strong_for_signing(csr.public_key()) || csr.signature_algorithm().digest() == Some(DigestAlgorithm::Sha1) {
        return Err(ProblemType::KeyTooWeak.into());
    }
    Ok(csr)
}

/// Whatever the request says about its subject must be true of the user; what it leaves out is filled in from what is registered.
pub(super) fn subject_is_users(csr: &Csr, stated: StatedIdentity, person: &User) -> Result<(), No> {
    let names = [csr.common_name(), stated.name];
    let countries = [csr.subject_attribute(&COUNTRY), stated.country];
    let customers = [csr.subject_attribute(&SERIAL_NUMBER), stated.serial_number];
    let all = |given: &[Option<String>], known: Option<&str>| given.iter().flatten().all(|text| Some(text.as_str()) == known);
    if all(&names, Some(&person.name)) && all(&countries, person.country.as_deref()) && all(&customers, Some(&person.customer)) {
        Ok(())
    } else {
        Err(ProblemType::SubjectRefused.into())
    }
}

/// The wire's name of a stored state.
pub(super) fn status_of(state: &str) -> CredentialStatus {
    match state {
        credentials::ACTIVATED => CredentialStatus::Activated,
        credentials::NEW => CredentialStatus::New,
        _ => CredentialStatus::Cancelled,
    }
}

/// Lists the user's credentials, the revoked ones as Cancelled.
pub(super) fn list(service: &Service, visit: Visit) -> Result<Reply, No> {
    let user = visit.caller.user()?;
    let found = service.store.transact(|tx| credentials::list(tx, user).map_err(No::from))?;
    let [issuing, root] = service.authority.chain();
    let mut credentials = Vec::with_capacity(found.len());
    for credential in found {
        let certificate = Certificate::from_der(&credential.der).map_err(crate::Failure::at("a stored certificate is damaged"))?;
        let status = status_of(&credential.state);
        let renewable = status != CredentialStatus::Cancelled;
        credentials.push(Credential {
            credential_id: credential.id,
            status,
            device_uuid: Some(credential.device),
            subject: certificate.subject_text(),
            serial_number: random::hex(certificate.serial()),
            not_before: credential.not_before,
            not_after: credential.not_after,
            renew_from: renewable.then(|| credential.not_after.plus(-RENEW_BEFORE)),
            certificates: vec![credential.der, issuing.to_vec(), root.to_vec()],
        });
    }
    Ok(Credentials(credentials).encode().into())
}

/// Revokes a certificate for good; doing so again changes nothing.
pub(super) fn revoke(service: &Service, visit: Visit) -> Result<Reply, No> {
    let user = visit.caller.user()?;
    let asked = RevokeCertificate::decode(&visit.request)?;
    service.store.transact(|tx| {
        let credential = credentials::of_user(tx, &asked.credential_id, user)?.ok_or(ProblemType::CredentialUnknown)?;
        credentials::cancel(tx, &credential.id, asked.reason.as_str(), visit.now)?;
        Ok::<_, No>(revoke_certificate::answer(&credential.id).into())
    })
}
