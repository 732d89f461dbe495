//! Renewal: a certificate in the last month of its life is followed by one for a new key. No code is sent and no passphrase asked for: the device's
//! authentication key, which the person registered, signs the request; what it cannot do is make a certificate for anybody else, or for a device that was
//! revoked, or after the old one has ended.

use super::activation::algorithm;
use super::attest;
use super::certificates::{RENEW_BEFORE, checked, issue, key_may_be_certified, status_of, subject_is_users};
use super::once::Once;
use super::{No, Service, Visit};
use crate::store::Transaction;
use crate::store::credentials::{self, Credential};
use crate::store::{challenges, devices, remote_credentials, users};
use crate::web::Reply;
use thrivosign::Time;
use thrivosign::crypto::verify::verify;
use thrivosign::pki::KeyProtection;
use thrivosign::pki::algorithm::PublicKey;
use thrivosign::remote::certificate_challenge::Challenge;
use thrivosign::remote::problem::{Problem, ProblemType};
use thrivosign::remote::renew_certificate::RenewCertificate;
use thrivosign::remote::renewal_challenge;
use thrivosign::remote::request_certificate::{CredentialStatus, Issuance, StatedIdentity};

const PURPOSE: &str = "renewal";

/// Gives a challenge for a credential that may be renewed.
pub(super) fn challenge(service: &Service, visit: Visit) -> Result<Reply, No> {
    let user = visit.caller.user()?;
    let id = renewal_challenge::decode(&visit.request)?;
    let challenge = service.store.transact(|tx| {
        let credential = renewable(tx, &id, user, visit.now)?;
        let what = challenges::For {
            user,
            device: &credential.device,
            purpose: PURPOSE,
            subject: &id,
            method: "",
            code: None,
            seconds: Service::CHALLENGE_SECONDS,
        };
        Ok::<_, No>(challenges::issue(tx, &what, visit.now)?)
    })?;
    let expires_in = u64::try_from(Service::CHALLENGE_SECONDS).unwrap_or_default();
    Ok(Challenge { challenge, expires_in, sent_to: None }.encode().into())
}

/// The user's credential of that id, if its time has come, its device is registered, and its key is the device's own.
fn renewable(tx: &Transaction<'_>, id: &str, user: &str, now: Time) -> Result<Credential, No> {
    let state = |why: &'static str| No::from(Problem::new(ProblemType::CredentialState).detail(why));
    let credential = credentials::of_user(tx, id, user)?.ok_or(ProblemType::CredentialUnknown)?;
    if remote_credentials::of_user(tx, id, user)?.is_some() {
        return Err(state("the service holds its key"));
    }
    if status_of(&credential.state) != CredentialStatus::Activated || credential.not_after <= now {
        return Err(state("it is not in use any more: ask for a certificate anew"));
    }
    if now < credential.not_after.plus(-RENEW_BEFORE) {
        return Err(state("it may be renewed in its last month"));
    }
    devices::of_user(tx, &credential.device, user)?.ok_or(ProblemType::DeviceUnknown)?;
    Ok(credential)
}

/// Issues the next certificate, once per idempotency key; it may sign at once, and the old one goes on until its end.
pub(super) fn renew(service: &Service, visit: Visit) -> Result<Reply, No> {
    let user = visit.caller.user()?;
    let asked = RenewCertificate::decode(&visit.request)?;
    let now = visit.now;
    let call = [asked.credential_id.as_bytes(), b"\0", visit.request.body.bytes()].concat();
    let once = Once::of(service, (user, "renewCertificate", &asked.idempotency_key), &call, now)?;
    let csr = checked(&asked.csr)?;
    service.store.transact(|tx| {
        if let Some(answer) = once.answered(tx)? {
            return Ok(answer);
        }
        let credential = renewable(tx, &asked.credential_id, user, now)?;
        let device = devices::of_user(tx, &credential.device, user)?.ok_or(ProblemType::DeviceUnknown)?;
        let key = PublicKey::from_spki_der(&device.spki).map_err(|_| ProblemType::DeviceProofWrong)?;
        verify(&key, &algorithm(asked.sign_algo, asked.sha_algo), &asked.to_be_signed(), &asked.proof)
            .map_err(|_| ProblemType::DeviceProofWrong)?;
        let text = csr.challenge_password().unwrap_or_default().as_bytes();
        let challenge = challenges::open(tx, text, user, PURPOSE, now)?
            .filter(|challenge| challenge.subject == credential.id && challenge.device == device.uuid)
            .ok_or(ProblemType::ChallengeRefused)?;
        let app = devices::app_key(tx, &device.uuid)?;
        let attested = attest::judge(service, &asked.attestation, text, csr.public_key(), app.as_ref(), now)?;
        key_may_be_certified(tx, &csr, user)?;
        if !credentials::users_of_key(tx, &csr.public_key().sha256())?.is_empty() {
            return Err(Problem::new(ProblemType::KeyTaken).detail("a renewal takes a new key").into());
        }
        let person = users::by_id(tx, user)?.ok_or(ProblemType::Forbidden)?;
        subject_is_users(&csr, StatedIdentity::default(), &person)?;
        if !challenges::spend(tx, &challenge, now)? {
            return Err(ProblemType::ChallengeRefused.into());
        }
        if let Some(app) = &attested.app {
            devices::keep_app_key(tx, &device.uuid, app)?;
        }
        let protection = KeyProtection { level: attested.level, attestation: attested.digest };
        let (credential_id, certificates) = issue(service, tx, (person, &device.uuid), &csr, protection, now)?;
        credentials::activate(tx, &credential_id)?;
        let response = Issuance::Issued { credential_id, status: CredentialStatus::Activated, certificates }.encode();
        once.keep(tx, &response)?;
        Ok::<_, No>(response.into())
    })
}
