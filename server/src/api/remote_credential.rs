//! `POST /rssp/credentials`: a key in the vault and a certificate for it. Whoever asks is authenticated as for a key of a device.

use super::authentication::Entered;
use super::csc::base32;
use super::officer;
use super::once::Once;
use super::{No, Service, Visit};
use crate::ca::Subject;
use crate::failure::Failure;
use crate::random;
use crate::store::credentials::{self, NewCredential};
use crate::store::remote_credentials::{self, NewRemote};
use crate::store::{devices, users};
use crate::web::Reply;
use thrivosign::pki::algorithm::PublicKey;
use thrivosign::pki::{KeyProtection, ProtectionLevel};
use thrivosign::remote::problem::{Problem, ProblemType};
use thrivosign::remote::remote_credential::{Control, RemoteCredential, RequestRemoteCredential, SecondFactor};
use thrivosign::remote::secret::Secret;
use zeroize::Zeroizing;

/// Fewest characters of a PIN.
const PIN_LEN: usize = 6;
/// Bytes of a generator's secret (RFC 4226 4, R6).
const TOTP_LEN: usize = 20;

/// Makes the key, once per idempotency key. It can be used at once: it is the service that holds it, so there is no device to activate.
pub(super) fn request(service: &Service, visit: Visit) -> Result<Reply, No> {
    let user = visit.caller.user()?;
    let now = visit.now;
    let asked = RequestRemoteCredential::decode(&visit.request)?;
    officer::no_way_around(service)?;
    let key = (user, "requestRemoteCredential", asked.idempotency_key.as_str());
    let once = Once::of(service, key, visit.request.body.bytes(), now)?;
    if let Some(answer) = service.store.transact(|tx| once.answered(tx))? {
        return Ok(answer);
    }
    let (scal, pin, otp) = match &asked.control {
        Control::Sent { pin, .. } if pin.expose().chars().count() < PIN_LEN => {
            return Err(Problem::new(ProblemType::MalformedRequest).detail("PIN: fewer than six characters").into());
        }
        Control::Sent { pin, otp } => (1, Some(users::hash_password(pin.expose())?), *otp),
        Control::Device => (2, None, SecondFactor::None),
    };
    let entered = Entered::weigh(service, user, asked.method, &asked.value, now)?;
    let id = random::id("rcred-")?;
    let secret = match otp {
        SecondFactor::Totp => Some(Zeroizing::new(random::bytes::<TOTP_LEN>()?)),
        _ => None,
    };
    let sealed = secret.as_ref().map(|secret| service.vault.seal(&id, &secret[..])).transpose()?;
    let mut keyed = false;
    let made = service.store.transact(|tx| {
        if let Some(answer) = once.answered(tx)? {
            return Ok(Ok(answer));
        }
        let person = users::by_id(tx, user)?.ok_or(ProblemType::Forbidden)?;
        devices::of_user(tx, &asked.device_uuid, user)?.ok_or(ProblemType::DeviceUnknown)?;
        let challenge = entered.challenge(tx, asked.challenge.as_bytes(), user, &asked.device_uuid, now)?;
        if let Err(no) = entered.judge(tx, user, &challenge, now)? {
            return Ok(Err(no));
        }
        let spki = service.vault.make(&id)?;
        keyed = true;
        let key = PublicKey::from_spki_der(&spki).map_err(Failure::at("the vault gives no public key"))?;
        // Nothing was proven to anybody else, whatever the vault is.
        let protection = KeyProtection { level: ProtectionLevel::Software, attestation: None };
        let subject = Subject { name: person.name, country: person.country, customer: person.customer };
        let issued = service.authority.issue(&subject, &spki, &protection, now)?;
        let new = NewCredential {
            protection,
            id: &id,
            user,
            device: &asked.device_uuid,
            key_hash: key.sha256(),
            der: &issued.der,
            serial: &issued.serial,
            not_before: issued.not_before,
            not_after: issued.not_after,
        };
        credentials::add(tx, &new, now)?;
        credentials::activate(tx, &id)?;
        let remote = NewRemote { credential: &id, scal, pin: pin.as_deref(), otp: otp.as_str(), totp: sealed.as_deref() };
        remote_credentials::add(tx, &remote)?;
        let [issuing, root] = service.authority.chain();
        let certificates = vec![issued.der, issuing.to_vec(), root.to_vec()];
        let mut answer = RemoteCredential { credential_id: id.clone(), certificates, totp_secret: None };
        // The generator's secret is told once, and not kept with the answer.
        once.keep(tx, &answer.encode())?;
        answer.totp_secret = secret.as_ref().map(|secret| Secret::new(base32(&secret[..])));
        Ok::<_, No>(Ok(answer.encode().into()))
    });
    if keyed && made.is_err() {
        // A key without a credential can sign nothing; it is litter all the same.
        service.vault.forget(&id)?;
    }
    made?
}
