//! Activation [doc]: a challenge to the device, a code to the person, and the answer signed by the authentication key.

use super::certificates::status_of;
use super::codes::{self, Purpose};
use super::{No, Service, Visit};
use crate::store::{challenges, codes as stored_codes, credentials, devices};
use crate::web::Reply;
use thrivosign::crypto::digest::DigestAlgorithm;
use thrivosign::crypto::verify::verify;
use thrivosign::pki::algorithm::{PublicKey, SignatureAlgorithm};
use thrivosign::remote::activate_credential::{ActivateCredential, ActivationChallenge};
use thrivosign::remote::activate_credential_response::{ActivateCredentialResponse, Activated, ShaAlgo, SignAlgo};
use thrivosign::remote::problem::{ProblemType, Refusal};
use thrivosign::remote::request_certificate::CredentialStatus;

/// Begins an activation. Only a New credential, and only by the device it was issued to.
pub(super) fn begin(service: &Service, visit: Visit) -> Result<Reply, No> {
    let user = visit.caller.user()?;
    let asked = ActivateCredential::decode(&visit.request)?;
    let now = visit.now;
    let (challenge, code) = service.store.transact(|tx| {
        let credential = credentials::of_user(tx, &asked.credential_id, user)?.ok_or(Refusal::NOT_FOUND)?;
        devices::of_user(tx, &asked.device_uuid, user)?.ok_or(Refusal::NOT_FOUND)?;
        if credential.state != credentials::NEW || credential.device != asked.device_uuid || credential.not_after <= now {
            return Err(Refusal::DENIED.into());
        }
        let code = codes::prepare(service, tx, user, Purpose::Activation, now)?;
        let what = challenges::For {
            user,
            device: &asked.device_uuid,
            purpose: Purpose::Activation.key(),
            subject: &asked.credential_id,
            method: "otp",
            code: Some(code.id),
            seconds: Service::CODE_SECONDS,
        };
        Ok::<_, No>((challenges::issue(tx, &what, now)?, code))
    })?;
    code.send(service, now);
    let answer = ActivationChallenge {
        credential_id: asked.credential_id,
        device_uuid: asked.device_uuid,
        challenge,
        expires_in: u64::try_from(Service::CODE_SECONDS).unwrap_or_default(),
    };
    Ok(answer.encode().into())
}

/// Ends an activation: New -> Activated. The signature comes before the code: who does not hold the key learns nothing about the code.
pub(super) fn complete(service: &Service, visit: Visit) -> Result<Reply, No> {
    let user = visit.caller.user()?;
    let asked = ActivateCredentialResponse::decode(&visit.request)?;
    let now = visit.now;
    let purpose = Purpose::Activation.key();
    service.store.transact(|tx| {
        let credential = credentials::of_user(tx, &asked.credential_id, user)?.ok_or(Refusal::NOT_FOUND)?;
        let device = devices::of_user(tx, &asked.device_uuid, user)?.ok_or(Refusal::NOT_FOUND)?;
        if status_of(&credential.state) != CredentialStatus::New || credential.device != device.uuid {
            return Err(Refusal::DENIED.into());
        }
        let challenge = challenges::newest(tx, &credential.id, user, purpose, now)?
            .filter(|challenge| challenge.device == device.uuid && challenge.subject == credential.id)
            .ok_or(Refusal::DENIED)?;
        let key = PublicKey::from_spki_der(&device.spki).map_err(|_| Refusal::DENIED)?;
        let signed =
            verify(&key, &algorithm(asked.sign_algo, asked.sha_algo), &asked.to_be_signed(&challenge.text), &asked.authorize_signature);
        signed.map_err(|_| Refusal::DENIED)?;
        codes::unlocked(tx, user, purpose, now).map_err(|_| Refusal::DENIED)?;
        let right = match challenge.code {
            Some(code) => stored_codes::matches(tx, code, asked.otp_decrypted.expose(), now)?,
            None => false,
        };
        if codes::judge(tx, user, purpose, right, ProblemType::UserAuthenticationFailed, now)?.is_err() {
            return Ok(Err(Refusal::DENIED.into()));
        }
        if let Some(code) = challenge.code {
            stored_codes::spend(tx, code, now)?;
        }
        if !challenges::spend(tx, &challenge, now)? || !credentials::activate(tx, &credential.id)? {
            return Err(Refusal::DENIED.into());
        }
        Ok::<_, No>(Ok(Activated { status: CredentialStatus::Activated }.encode(&credential.id).into()))
    })?
}

/// What the two names of a device's signature mean.
pub(super) fn algorithm(sign: SignAlgo, sha: ShaAlgo) -> SignatureAlgorithm {
    let (digest, salt_len) = match sha {
        ShaAlgo::Sha512 => (DigestAlgorithm::Sha512, 64),
        _ => (DigestAlgorithm::Sha256, 32),
    };
    match sign {
        SignAlgo::Ecdsa => SignatureAlgorithm::Ecdsa(digest),
        _ => SignatureAlgorithm::RsaPss { digest, salt_len },
    }
}
