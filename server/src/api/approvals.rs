//! Approvals (SCAL 2): what waits for a device, its signed answer, and how it went for whoever asked. The answer counts for its signature by the
//! device's authentication key, not for the token it comes with.

use super::csc::sad_of;
use super::{No, Service, Visit};
use crate::store::authorizations::{self, Authorization};
use crate::store::{activations, devices};
use crate::web::Reply;
use std::time::Duration;
use thrivosign::Time;
use thrivosign::crypto::digest::DigestAlgorithm;
use thrivosign::crypto::verify::verify;
use thrivosign::pki::algorithm::{PublicKey, SignatureAlgorithm};
use thrivosign::remote::activate_credential_response::{ShaAlgo, SignAlgo};
use thrivosign::remote::authorization_response::{self, AnswerAuthorization, Decision};
use thrivosign::remote::authorization_status::{self, AuthorizationState};
use thrivosign::remote::authorizations::{Authorizations, ListAuthorizations, PendingAuthorization};
use thrivosign::remote::problem::ProblemType;
use thrivosign::remote::secret::Secret;

/// What waits for the device; the call waits for something to come, if it was asked to.
pub(super) fn list(service: &Service, visit: Visit) -> Result<Reply, No> {
    let user = visit.caller.user()?;
    let asked = ListAuthorizations::decode(&visit.request)?;
    let found = service.store.transact(|tx| {
        devices::of_user(tx, &asked.device_uuid, user)?.ok_or(ProblemType::DeviceUnknown)?;
        Ok::<_, No>(authorizations::waiting(tx, &asked.device_uuid, user, visit.now)?)
    })?;
    let waited = visit.waited.map(|(_, waited)| waited).unwrap_or_default();
    if found.is_empty() && waited < Duration::from_secs(asked.wait) {
        return Err(No::Wait(String::new()));
    }
    Ok(Authorizations(found.iter().map(|one| pending(one, visit.now)).collect()).encode().into())
}

fn pending(found: &Authorization, now: Time) -> PendingAuthorization {
    PendingAuthorization {
        authorization_id: found.id.clone(),
        credential_id: found.credential.clone(),
        challenge: found.challenge.clone(),
        description: found.description.clone(),
        document_names: found.names.clone(),
        hashes: found.hashes.clone(),
        expires_in: u64::try_from(found.expires.unix().saturating_sub(now.unix())).unwrap_or_default(),
    }
}

/// Takes the device's answer; the activation data are made with a yes, in the same transaction.
pub(super) fn answer(service: &Service, visit: Visit) -> Result<Reply, No> {
    let user = visit.caller.user()?;
    let asked = AnswerAuthorization::decode(&visit.request)?;
    let now = visit.now;
    let reply = service.store.transact(|tx| {
        let found = authorizations::of_user(tx, &asked.authorization_id, user)?.ok_or(ProblemType::NotFound)?;
        let device = devices::of_user(tx, &found.device, user)?.ok_or(ProblemType::DeviceUnknown)?;
        let key = PublicKey::from_spki_der(&device.spki).map_err(|_| ProblemType::DeviceRefused)?;
        let algorithm = algorithm(&asked);
        let signed = verify(&key, &algorithm, &asked.to_be_signed(&pending(&found, now)), &asked.authorize_signature);
        signed.map_err(|_| ProblemType::DeviceProofWrong)?;
        if found.state == asked.decision.state() {
            // The answer may be what was lost.
            return Ok::<_, No>(authorization_response::answer(&found.id, asked.decision).into());
        }
        if found.state != authorizations::PENDING || found.expires <= now {
            return Err(ProblemType::SigningConflict.into());
        }
        if !authorizations::answer(tx, &found.id, asked.decision, &asked.authorize_signature, algorithm.name(), now)? {
            return Err(ProblemType::SigningConflict.into());
        }
        if asked.decision == Decision::Approve {
            let sad = sad_of(service, &found.id)?;
            let expires = now.plus(Service::ACTIVATION_SECONDS);
            activations::add(tx, &sad, &found.credential, found.hashes.len() as u64, Some(&found.hashes), expires)?;
        }
        Ok(authorization_response::answer(&found.id, asked.decision).into())
    })?;
    service.tell_waiting();
    Ok(reply)
}

fn algorithm(asked: &AnswerAuthorization) -> SignatureAlgorithm {
    let (digest, salt_len) = match asked.sha_algo {
        ShaAlgo::Sha512 => (DigestAlgorithm::Sha512, 64),
        _ => (DigestAlgorithm::Sha256, 32),
    };
    match asked.sign_algo {
        SignAlgo::Ecdsa => SignatureAlgorithm::Ecdsa(digest),
        _ => SignatureAlgorithm::RsaPss { digest, salt_len },
    }
}

/// How it went.
pub(super) fn status(service: &Service, visit: Visit) -> Result<Reply, No> {
    let user = visit.caller.user()?;
    let id = authorization_status::decode_request(&visit.request)?;
    let found = service.store.transact(|tx| authorizations::of_user(tx, &id, user).map_err(No::from))?.ok_or(ProblemType::NotFound)?;
    let state = match found.state.as_str() {
        authorizations::PENDING if found.expires > visit.now => AuthorizationState::Pending,
        state if state == Decision::Decline.state() => AuthorizationState::Declined,
        state if state == Decision::Approve.state() => {
            let sad = sad_of(service, &id)?;
            match service.store.transact(|tx| activations::find(tx, &sad).map_err(No::from))? {
                Some(kept) if kept.expires > visit.now => AuthorizationState::Approved {
                    sad: Secret::new(sad.as_str()),
                    expires_in: u64::try_from(kept.expires.unix().saturating_sub(visit.now.unix())).unwrap_or_default(),
                },
                _ => AuthorizationState::Expired,
            }
        }
        _ => AuthorizationState::Expired,
    };
    Ok(state.encode(&id).into())
}
