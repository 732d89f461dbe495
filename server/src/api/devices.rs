//! Devices: activation code, registration with the authentication key, revocation.

use super::codes::{self, Purpose};
use super::{No, Service, Visit};
use super::{attest, keys};
use crate::store::codes as stored_codes;
use crate::store::credentials;
use crate::store::devices::{self, NewDevice};
use crate::web::Reply;
use thrivosign::crypto::verify::verify;
use thrivosign::pki::algorithm::PublicKey;
use thrivosign::remote::delete_device::{self, DeleteDevice};
use thrivosign::remote::device_activation_code;
use thrivosign::remote::http::is_identifier;
use thrivosign::remote::problem::{Problem, ProblemType};
use thrivosign::remote::register_device::{self, DeviceStatus, RegisterDevice, RegisteredDevice};

const MAX_NAME: usize = 200;

/// Sends an activation code to the user's phone.
pub(super) fn activation_code(service: &Service, visit: Visit) -> Result<Reply, No> {
    let user = visit.caller.user()?;
    let code = service.store.transact(|tx| codes::prepare(service, tx, user, Purpose::Device, visit.now))?;
    code.send(service, visit.now);
    Ok(device_activation_code::done().into())
}

/// Registers a device. The proof, a signature by the key over the whole request, comes before the code is looked at: who does not hold the
/// key learns nothing about the code.
pub(super) fn register(service: &Service, visit: Visit) -> Result<Reply, No> {
    let user = visit.caller.user()?;
    let asked = RegisterDevice::decode(&visit.request)?;
    let malformed = |what: &'static str| No::from(Problem::new(ProblemType::MalformedRequest).detail(what));
    if !is_identifier(&asked.device_uuid) {
        return Err(malformed("deviceUUID: not an id"));
    }
    if asked.name.len() > MAX_NAME || asked.platform.len() > MAX_NAME {
        return Err(malformed("name, platform: too long"));
    }
    let key = PublicKey::from_spki_der(&asked.public_key).map_err(|_| ProblemType::KeyTooWeak)?;
    if !keys::strong_for_authentication(&key) {
        return Err(ProblemType::KeyTooWeak.into());
    }
    let algorithm = keys::algorithm_named(&asked.sign_algo).ok_or(ProblemType::DeviceProofWrong)?;
    verify(&key, &algorithm, &asked.to_be_signed(), &asked.proof).map_err(|_| ProblemType::DeviceProofWrong)?;

    // Bound to the activation code, which is used up below: whoever has none learns nothing, since any code has its challenge.
    let attestation = asked.attestation().map_err(|_| malformed("attestation: no chain of certificates"))?;
    let challenge = register_device::attestation_challenge(&asked.device_uuid, &asked.activation_code);
    let known_app = service.store.transact(|tx| devices::app_key(tx, &asked.device_uuid).map_err(No::from))?;
    let attested = attest::judge(service, &attestation, &challenge, &key, known_app.as_ref(), visit.now)?;
    let level = attest::level_of(attested.level);
    let answer = RegisteredDevice { device_uuid: asked.device_uuid.clone(), status: DeviceStatus::Active, security_level: level };
    let key_hash = key.sha256();
    let now = visit.now;
    service.store.transact(|tx| {
        if let Some(known) = devices::find(tx, &asked.device_uuid)? {
            if known.user == user && !known.revoked && known.spki == asked.public_key {
                // The answer was lost: the same device again, proven by its key. An app that was not sure made a new credential for it.
                if let Some(app) = &attested.app {
                    devices::keep_app_key(tx, &asked.device_uuid, app)?;
                }
                return Ok(Ok(answer.encode().into()));
            }
            if known.user != user || !known.revoked {
                return Err(ProblemType::DeviceTaken.into());
            }
        }
        if devices::has_key(tx, &key_hash, &asked.device_uuid)? {
            return Err(ProblemType::DeviceTaken.into());
        }
        // The two keys are never mixed.
        if !credentials::users_of_key(tx, &key_hash)?.is_empty() {
            return Err(ProblemType::KeyMisused.into());
        }
        codes::unlocked(tx, user, Purpose::Device.key(), now)?;
        let code = stored_codes::open_of(tx, user, Purpose::Device.key(), now)?;
        let right = match code {
            Some(code) => stored_codes::matches(tx, code, asked.activation_code.expose(), now)?,
            None => false,
        };
        if let Err(no) = codes::judge(tx, user, Purpose::Device.key(), right, ProblemType::ActivationCodeRefused, now)? {
            return Ok(Err(no));
        }
        if let Some(code) = code {
            stored_codes::spend(tx, code, now)?;
        }
        let new = NewDevice {
            uuid: &asked.device_uuid,
            user,
            name: &asked.name,
            platform: &asked.platform,
            spki: &asked.public_key,
            key_hash,
            level: level.as_str(),
            attestation: attested.digest,
        };
        devices::register(tx, &new, now)?;
        if let Some(app) = &attested.app {
            devices::keep_app_key(tx, &asked.device_uuid, app)?;
        }
        Ok::<_, No>(Ok(answer.encode().into()))
    })?
}

/// Revokes a device: its credentials go back to New [doc].
pub(super) fn delete(service: &Service, visit: Visit) -> Result<Reply, No> {
    let user = visit.caller.user()?;
    let asked = DeleteDevice::decode(&visit.request)?;
    service.store.transact(|tx| {
        let device = devices::of_user(tx, &asked.device_uuid, user)?.ok_or(ProblemType::DeviceUnknown)?;
        devices::revoke(tx, &device.uuid, visit.now)?;
        credentials::device_lost(tx, &device.uuid)?;
        Ok::<_, No>(delete_device::done().into())
    })
}
