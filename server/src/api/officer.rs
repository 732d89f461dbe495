//! The registration officer: where the operator wants one, a request for a certificate waits until somebody who was appointed has looked at it. Takes a
//! request that was checked and keeps it; takes the officer's word and issues, or refuses. Lost devices are revoked here too.
//!
//! What an attacker would try: make himself an officer (an operator alone appoints), decide on himself, look at another company's people, or get a
//! certificate by another door (EST and remote credentials have none while requests wait).

use super::certificates::{checked, issue, key_may_be_certified, status_of, subject_is_users};
use super::{No, Service, Visit};
use crate::failure::Failure;
use crate::random;
use crate::store::Transaction;
use crate::store::officers::{self, Act, Officer};
use crate::store::requests::{self, NewRequest, PENDING};
use crate::store::{credentials, devices, tokens, users};
use crate::web::Reply;
use thrivosign::Time;
use thrivosign::pki::csr::Csr;
use thrivosign::pki::{KeyProtection, ProtectionLevel};
use thrivosign::remote::certificate_request_status::CertificateRequestStatus;
use thrivosign::remote::officer::Applicant;
use thrivosign::remote::officer::decide::{self, Decide, Decision};
use thrivosign::remote::officer::devices::{DeviceCredential, UsersDevice, UsersDevices};
use thrivosign::remote::officer::requests::{WaitingRequest, WaitingRequests};
use thrivosign::remote::officer::revoke_device::{self, RevokeDevice};
use thrivosign::remote::problem::{Problem, ProblemType};
use thrivosign::remote::register_device::SecurityLevel;
use thrivosign::remote::request_certificate::{Issuance, StatedIdentity};

/// Seconds after which whoever waits asks again.
const AGAIN: u64 = 5;
/// Most requests of one user that wait: a queue is read by people.
const MOST_OPEN: u32 = 5;
const LEVELS: [ProtectionLevel; 4] =
    [ProtectionLevel::Software, ProtectionLevel::Tee, ProtectionLevel::Strongbox, ProtectionLevel::SecureEnclaveAppAttested];

/// Keeps a request that was checked in all respects, to be decided on.
pub(super) fn defer(
    tx: &Transaction<'_>,
    (user, device): (&str, &str),
    csr: &Csr,
    protection: &KeyProtection,
    now: Time,
) -> Result<Issuance, No> {
    requests::expire(tx, now)?;
    if requests::open_of(tx, user)? >= MOST_OPEN {
        let mut problem = Problem::new(ProblemType::RateLimited).detail("too many requests wait for the registration officer");
        problem.retry_after = Some(3600);
        return Err(problem.into());
    }
    let id = random::id("req-")?;
    let level = protection.level.name();
    let new = NewRequest { id: &id, user, device, csr: csr.der(), level, attestation: protection.attestation };
    requests::add(tx, &new, now)?;
    Ok(Issuance::Pending { request_id: id, retry_after: AGAIN })
}

/// Refuses a certificate by a door that nobody can wait before.
pub(super) fn no_way_around(service: &Service) -> Result<(), No> {
    if service.officer_approves() {
        return Err(Problem::new(ProblemType::Forbidden).detail("a registration officer must approve: POST /rssp/certificates").into());
    }
    Ok(())
}

/// The state of a request: pending, issued, or rejected and why.
pub(super) fn status(service: &Service, visit: Visit) -> Result<Reply, No> {
    let user = visit.caller.user()?;
    let asked = CertificateRequestStatus::decode(&visit.request)?;
    service.store.transact(|tx| {
        requests::expire(tx, visit.now)?;
        let found = requests::of_user(tx, &asked.request_id, user)?.ok_or(ProblemType::NotFound)?;
        if let Some(id) = found.credential {
            let credential = credentials::of_user(tx, &id, user)?.ok_or(ProblemType::NotFound)?;
            let [issuing, root] = service.authority.chain();
            let certificates = vec![credential.der, issuing.to_vec(), root.to_vec()];
            let status = status_of(&credential.state);
            return Ok(Issuance::Issued { credential_id: id, status, certificates }.encode().into());
        }
        if found.state != PENDING {
            return Err(Problem::new(ProblemType::RequestRejected).detail(found.reason.unwrap_or_default()).into());
        }
        Ok::<_, No>(Issuance::Pending { request_id: found.id, retry_after: AGAIN }.encode().into())
    })
}

fn officer(tx: &Transaction<'_>, user: &str) -> Result<Officer, No> {
    officers::find(tx, user)?.ok_or_else(|| ProblemType::Forbidden.into())
}

fn level_named(name: &str) -> SecurityLevel {
    SecurityLevel::from_text(name).unwrap_or(SecurityLevel::Software)
}

/// What waits for that user, who is an officer.
pub(crate) fn waiting_for(service: &Service, user: &str) -> Result<WaitingRequests, No> {
    let found = service.store.transact(|tx| {
        requests::expire(tx, service.now())?;
        Ok::<_, No>(requests::waiting(tx, &officer(tx, user)?)?)
    })?;
    let one = |found: requests::Waiting| WaitingRequest {
        request_id: found.id,
        applicant: Applicant { user_id: found.user, name: found.name, email: found.email, company: found.company },
        device_uuid: found.device,
        device_name: found.device_name,
        platform: found.platform,
        security_level: level_named(&found.level),
        asked: found.asked,
    };
    Ok(WaitingRequests(found.into_iter().map(one).collect()))
}

/// The devices of the people that user, who is an officer, answers for.
pub(crate) fn devices_of(service: &Service, user: &str) -> Result<UsersDevices, No> {
    service.store.transact(|tx| {
        let one = |found: devices::Listed| {
            let certified = credentials::of_device(tx, &found.uuid)?;
            let credential = |held: credentials::Credential| DeviceCredential {
                credential_id: held.id,
                status: status_of(&held.state),
                not_after: held.not_after,
            };
            Ok(UsersDevice {
                device_uuid: found.uuid,
                owner: Applicant { user_id: found.user, name: found.owner, email: found.email, company: found.company },
                device_name: found.name,
                platform: found.platform,
                security_level: level_named(&found.level),
                credentials: certified.into_iter().map(credential).collect(),
            })
        };
        let found = devices::of_officer(tx, &officer(tx, user)?)?;
        Ok::<_, No>(UsersDevices(found.into_iter().map(one).collect::<Result<_, Failure>>()?))
    })
}

/// Lists what waits.
pub(super) fn list(service: &Service, visit: Visit) -> Result<Reply, No> {
    Ok(waiting_for(service, visit.caller.user()?)?.encode().into())
}

/// Lists devices.
pub(super) fn list_devices(service: &Service, visit: Visit) -> Result<Reply, No> {
    Ok(devices_of(service, visit.caller.user()?)?.encode().into())
}

/// Decides on a request. What was true when it was made is looked at again: the device may be revoked, or the key be another's by now.
pub(super) fn decide(service: &Service, visit: Visit) -> Result<Reply, No> {
    let user = visit.caller.user()?;
    let asked = Decide::decode(&visit.request)?;
    let now = visit.now;
    service.store.transact(|tx| {
        let officer = officer(tx, user)?;
        requests::expire(tx, now)?;
        let found = requests::of_officer(tx, &asked.request_id, &officer)?.ok_or(ProblemType::NotFound)?;
        let done = || decide::answer(&found.id, asked.decision).into();
        // Of a rejection the reason is a part.
        if found.state == asked.decision.state() && (asked.decision == Decision::Approve || found.reason == asked.reason) {
            return Ok(done());
        }
        if found.state != PENDING {
            return Err(Problem::new(ProblemType::CredentialState).detail("the request was decided otherwise").into());
        }
        let mut credential = None;
        if asked.decision == Decision::Approve {
            let csr = checked(&found.csr)?;
            let person = users::by_id(tx, &found.user)?.ok_or(ProblemType::NotFound)?;
            let device = devices::of_user(tx, &found.device, &found.user)?.ok_or(ProblemType::DeviceUnknown)?;
            key_may_be_certified(tx, &csr, &found.user)?;
            // The name may have been corrected since: what the request says of its subject must still be so.
            subject_is_users(&csr, StatedIdentity::default(), &person)?;
            let damaged = || Failure::new("a stored level of protection is damaged");
            let level = LEVELS.into_iter().find(|level| level.name() == found.level).ok_or_else(damaged)?;
            let protection = KeyProtection { level, attestation: found.attestation };
            credential = Some(issue(service, tx, (person, &device.uuid), &csr, protection, now)?.0);
        }
        let reason = asked.reason.as_deref();
        if !requests::decide(tx, &found.id, asked.decision, (reason, credential.as_deref()), now)? {
            return Err(ProblemType::CredentialState.into());
        }
        let act = Act { action: asked.decision.state(), subject: &found.id, user: &found.user, detail: reason.or(credential.as_deref()) };
        officers::record(tx, &officer, &act, now)?;
        Ok::<_, No>(done())
    })
}

/// Revokes a device that was lost: whoever has it signs nothing more with what was certified on it, and is logged in no longer.
pub(super) fn revoke_device(service: &Service, visit: Visit) -> Result<Reply, No> {
    let user = visit.caller.user()?;
    let asked = RevokeDevice::decode(&visit.request)?;
    let now = visit.now;
    service.store.transact(|tx| {
        let officer = officer(tx, user)?;
        let owner = devices::owner_for(tx, &asked.device_uuid, &officer)?.ok_or(ProblemType::DeviceUnknown)?;
        let mut changed = devices::of_user(tx, &asked.device_uuid, &owner)?.is_some();
        devices::revoke(tx, &asked.device_uuid, now)?;
        for credential in credentials::of_device(tx, &asked.device_uuid)? {
            changed |= credentials::cancel(tx, &credential.id, asked.reason.as_str(), now)?;
        }
        requests::device_lost(tx, &asked.device_uuid, "the device was revoked", now)?;
        if changed {
            tokens::end_user(tx, &owner, now)?;
            let detail = Some(asked.reason.as_str());
            officers::record(tx, &officer, &Act { action: "revoked", subject: &asked.device_uuid, user: &owner, detail }, now)?;
        }
        Ok::<_, No>(revoke_device::done().into())
    })
}
