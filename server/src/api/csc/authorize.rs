//! `credentials/authorize`: SCAL 1, what the caller sends against activation data; SCAL 2, the device is asked, and the call waits for it or is
//! told where to ask again.

use super::factors::{judge_factors, weigh_pin};
use super::{sad_of, usable};
use crate::api::{No, Service, Visit};
use crate::random;
use crate::store::authorizations::{self, Authorization};
use crate::store::remote_credentials::Remote;
use crate::store::{activations, devices};
use crate::web::Reply;
use thrivosign::Time;
use thrivosign::remote::authorization_response::Decision;
use thrivosign::remote::csc::authorize::{Activation, Authorize, Authorized};
use thrivosign::remote::csc::refusal;
use thrivosign::remote::problem::{INVALID_REQUEST, Problem, ProblemType, Refusal};
use thrivosign::remote::secret::Secret;

/// Seconds after which a caller that does not wait asks again.
const ASK_AGAIN: u64 = 2;
/// Sizes of SHA-256, SHA-384 and SHA-512.
const SIZES: [usize; 3] = [32, 48, 64];

/// Authorises signatures.
pub(in crate::api) fn authorize(service: &Service, visit: Visit) -> Result<Reply, No> {
    let user = visit.caller.user()?;
    if let Some((id, _)) = &visit.waited {
        return answered(service, id, user, visit.now);
    }
    let asked = Authorize::decode(&visit.request)?;
    if asked.signatures > Service::MULTISIGN {
        return Err(refusal::TOO_MANY_SIGNATURES.into());
    }
    if asked.hashes.iter().flatten().any(|hash| !SIZES.contains(&hash.len())) {
        return Err(refusal::HASH_LENGTH.into());
    }
    let remote = service.store.transact(|tx| usable(tx, &asked.credential_id, user, visit.now))?;
    if remote.scal == 2 {
        return ask_device(service, user, &remote, asked, visit.now);
    }
    let pin_right = weigh_pin(service, &remote, &asked, visit.now)?;
    service.store.transact(|tx| {
        if let Err(no) = judge_factors(service, tx, &remote, (&asked, pin_right), user, visit.now)? {
            return Ok(Err(no));
        }
        let sad = random::token()?;
        let expires = visit.now.plus(Service::ACTIVATION_SECONDS);
        activations::add(tx, &sad, &remote.credential.id, asked.signatures, asked.hashes.as_deref(), expires)?;
        Ok::<_, No>(Ok(activation(&sad, expires, visit.now).encode().into()))
    })?
}

pub(super) fn activation(sad: &str, expires: Time, now: Time) -> Activation {
    let left = expires.unix().saturating_sub(now.unix());
    Activation { sad: Secret::new(sad), expires_in: u64::try_from(left).unwrap_or_default() }
}

/// Keeps the question for the device. What it approves are these hashes: there is nothing to ask without them.
fn ask_device(service: &Service, user: &str, remote: &Remote, asked: Authorize, now: Time) -> Result<Reply, No> {
    let hashes = asked.hashes.ok_or(refusal::HASHES_MISSING)?;
    if !asked.document_names.is_empty() && asked.document_names.len() != hashes.len() {
        let description = Some("Invalid parameter documentNames".into());
        return Err(Refusal::Coded { status: 400, error: INVALID_REQUEST, description }.into());
    }
    let question = Authorization {
        id: random::id("auth-")?,
        credential: remote.credential.id.clone(),
        device: remote.credential.device.clone(),
        challenge: random::token()?.to_string(),
        description: asked.description,
        names: asked.document_names,
        hashes,
        state: authorizations::PENDING.to_owned(),
        expires: now.plus(Service::APPROVAL_SECONDS),
    };
    service.store.transact(|tx| {
        devices::of_user(tx, &question.device, user)?.ok_or(refusal::CREDENTIAL)?;
        // A person who is asked often enough says yes at last.
        if authorizations::waiting(tx, &question.device, user, now)?.len() >= Service::APPROVALS as usize {
            let mut problem = Problem::new(ProblemType::RateLimited);
            problem.retry_after = u64::try_from(Service::APPROVAL_SECONDS).ok();
            return Err(problem.into());
        }
        Ok::<_, No>(authorizations::add(tx, user, &question, now)?)
    })?;
    service.tell_waiting();
    if asked.later {
        return Ok(Authorized::Pending { authorization_id: question.id, retry_after: ASK_AGAIN }.encode().into());
    }
    Err(No::Wait(question.id))
}

/// How the question stands for a caller that waits.
fn answered(service: &Service, id: &str, user: &str, now: Time) -> Result<Reply, No> {
    let found = service.store.transact(|tx| authorizations::of_user(tx, id, user).map_err(No::from))?;
    let found = found.ok_or(refusal::UNANSWERED)?;
    match found.state.as_str() {
        authorizations::PENDING if found.expires > now => Err(No::Wait(found.id)),
        state if state == Decision::Approve.state() => {
            let sad = sad_of(service, &found.id)?;
            let kept = service.store.transact(|tx| activations::find(tx, &sad).map_err(No::from))?.ok_or(refusal::UNANSWERED)?;
            Ok(activation(&sad, kept.expires, now).encode().into())
        }
        state if state == Decision::Decline.state() => Err(refusal::DECLINED.into()),
        _ => Err(refusal::UNANSWERED.into()),
    }
}
