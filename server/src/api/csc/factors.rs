//! What the caller sends to use a key (SCAL 1): a PIN, and perhaps a code that was sent to the phone or that a generator made (RFC 6238). Wrong
//! ones are counted and locked, each kind for itself.

use super::usable;
use crate::api::codes::{self, Purpose};
use crate::api::{No, Service, Visit};
use crate::failure::Failure;
use crate::store::Transaction;
use crate::store::remote_credentials::{self, Remote};
use crate::store::throttle::{self, Gate};
use crate::store::{codes as stored_codes, users};
use crate::web::Reply;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use subtle::ConstantTimeEq;
use thrivosign::Time;
use thrivosign::remote::csc::authorize::Authorize;
use thrivosign::remote::csc::{refusal, send_otp as wire};
use thrivosign::remote::problem::{ProblemType, Refusal};
use thrivosign::remote::remote_credential::SecondFactor;
use thrivosign::remote::secret::Secret;

const PIN: &str = "pin";
const OTP: &str = "signature code";
/// Seconds of a generator's step (RFC 6238 4.1).
const STEP: i64 = 30;

/// What codes for that credential are filed under.
fn code_key(credential: &str) -> String {
    format!("{} {credential}", Purpose::Signature.key())
}

/// Sends a code for a credential that asks for one.
pub(in crate::api) fn send_otp(service: &Service, visit: Visit) -> Result<Reply, No> {
    let user = visit.caller.user()?;
    let id = wire::decode(&visit.request)?;
    let unsent = service.store.transact(|tx| {
        let remote = usable(tx, &id, user, visit.now)?;
        if remote.otp != SecondFactor::Sms.as_str() {
            return Err(refusal::CREDENTIAL.into());
        }
        open(tx, OTP, &id, refusal::LOCKED_OTP, visit.now)?;
        codes::prepare_as(service, tx, user, Purpose::Signature, &code_key(&id), visit.now)
    })?;
    unsent.send(service, visit.now);
    Ok(wire::done().into())
}

/// Refuses while guessing is locked.
fn open(tx: &Transaction<'_>, kind: &str, id: &str, locked: Refusal, now: Time) -> Result<(), No> {
    match throttle::gate(tx, kind, id, Service::CODE_RULE, now)? {
        Gate::Open(_) => Ok(()),
        Gate::Locked(_) => Err(locked.into()),
    }
}

/// Notes whether what was sent is right; a refusal is inside `Ok`, so that the count of wrong tries is committed.
fn judge(tx: &Transaction<'_>, kind: &str, id: &str, right: bool, [wrong, locked]: [Refusal; 2], now: Time) -> Result<Result<(), No>, No> {
    if right {
        throttle::right(tx, kind, id)?;
        return Ok(Ok(()));
    }
    Ok(Err(match throttle::wrong(tx, kind, id, Service::CODE_RULE, now)? {
        Gate::Open(_) => wrong.into(),
        Gate::Locked(_) => locked.into(),
    }))
}

/// Whether the PIN is right, behind the lock and outside of any transaction: hashing takes long on purpose.
pub(super) fn weigh_pin(service: &Service, remote: &Remote, asked: &Authorize, now: Time) -> Result<bool, No> {
    service.store.transact(|tx| open(tx, PIN, &remote.credential.id, refusal::LOCKED_PIN, now))?;
    let given = asked.pin.as_ref().map(Secret::expose).unwrap_or_default();
    Ok(users::password_matches(given, remote.pin.as_deref().unwrap_or_default())?)
}

/// The PIN first: who does not know it learns nothing about the code.
pub(super) fn judge_factors(
    service: &Service,
    tx: &Transaction<'_>,
    remote: &Remote,
    (asked, pin_right): (&Authorize, bool),
    user: &str,
    now: Time,
) -> Result<Result<(), No>, No> {
    let id = &remote.credential.id;
    // Looked at again: others may have been tried while this one was hashed.
    open(tx, PIN, id, refusal::LOCKED_PIN, now)?;
    if let Err(no) = judge(tx, PIN, id, pin_right, [refusal::PIN, refusal::LOCKED_PIN], now)? {
        return Ok(Err(no));
    }
    let given = asked.otp.as_ref().map(Secret::expose).unwrap_or_default();
    let right = match SecondFactor::from_text(&remote.otp) {
        Some(SecondFactor::None) => return Ok(Ok(())),
        Some(SecondFactor::Sms) => {
            open(tx, OTP, id, refusal::LOCKED_OTP, now)?;
            match stored_codes::open_of(tx, user, &code_key(id), now)? {
                Some(code) if stored_codes::matches(tx, code, given, now)? => {
                    stored_codes::spend(tx, code, now)?;
                    true
                }
                _ => false,
            }
        }
        _ => {
            open(tx, OTP, id, refusal::LOCKED_OTP, now)?;
            let sealed = remote.totp.as_deref().ok_or_else(|| Failure::new("a credential lacks its generator's secret"))?;
            let secret = service.vault.unseal(id, sealed)?;
            let now_step = now.unix().div_euclid(STEP);
            // One step of a clock that is off, either way; each step is good once.
            let mut found = None;
            for step in [now_step, now_step - 1, now_step + 1] {
                if bool::from(totp(&secret, step)?.as_bytes().ct_eq(given.as_bytes())) {
                    found = Some(step);
                }
            }
            match found {
                Some(step) => remote_credentials::use_step(tx, id, step)?,
                None => false,
            }
        }
    };
    judge(tx, OTP, id, right, [refusal::OTP, refusal::LOCKED_OTP], now)
}

/// Six digits of HOTP for that step (RFC 4226 5.3, RFC 6238 4.2).
fn totp(secret: &[u8], step: i64) -> Result<String, No> {
    let mac = Hmac::<Sha1>::new_from_slice(secret).map_err(|_| No::from(ProblemType::Internal))?;
    let value = mac.chain_update(step.to_be_bytes()).finalize().into_bytes();
    let at = usize::from(value.last().copied().unwrap_or_default() & 15);
    let cut = value.get(at..).and_then(|rest| rest.first_chunk::<4>()).copied().unwrap_or_default();
    Ok(format!("{:06}", (u32::from_be_bytes(cut) & 0x7fff_ffff) % 1_000_000))
}

/// RFC 4648 6, without padding: what generators are fed with.
pub(in crate::api) fn base32(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bit = |at: usize| bytes.get(at / 8).is_some_and(|byte| byte >> (7 - at % 8) & 1 == 1);
    let count = (bytes.len() * 8).div_ceil(5);
    (0..count)
        .map(|digit| (0..5).fold(0_usize, |value, at| value << 1 | usize::from(bit(digit * 5 + at))))
        .map(|value| char::from(DIGITS.get(value).copied().unwrap_or_default()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_vectors_hold() {
        // RFC 6238 appendix B, the last six of eight digits; RFC 4648 10.
        let secret = b"12345678901234567890";
        for (time, digits) in [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")] {
            assert_eq!(totp(secret, time / STEP).ok().unwrap(), digits);
        }
        for (bytes, text) in [("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foobar", "MZXW6YTBOI")] {
            assert_eq!(base32(bytes.as_bytes()), text);
        }
    }
}
