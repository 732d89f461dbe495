//! User authentication for a certificate: takes a challenge, a method and what was entered, says whether it is the user. Wrong entries are counted
//! and locked; what was right is used up.

use super::codes;
use super::{No, Service};
use crate::store::Transaction;
use crate::store::challenges::{self, Challenge};
use crate::store::{codes as stored_codes, users};
use thrivosign::Time;
use thrivosign::remote::certificate_challenge::AuthenticationMethod;
use thrivosign::remote::problem::ProblemType;
use thrivosign::remote::secret::Secret;

/// What codes and challenges for certificates are filed under.
pub(super) const PURPOSE: &str = "certificate";
/// What wrong passphrases are counted under.
pub(super) const PASSPHRASE: &str = "passphrase";

/// What a user entered.
pub(super) struct Entered<'a> {
    method: AuthenticationMethod,
    /// Nothing where it was weighed already.
    value: Option<&'a Secret>,
    passphrase_right: bool,
}

impl<'a> Entered<'a> {
    /// Hashing a passphrase takes long on purpose, so it is done here, outside of any transaction, behind the lock.
    pub(super) fn weigh(
        service: &Service,
        user: &str,
        method: AuthenticationMethod,
        value: &'a Secret,
        now: Time,
    ) -> Result<Entered<'a>, No> {
        let passphrase_right = match method {
            AuthenticationMethod::Passphrase => {
                service.store.transact(|tx| codes::unlocked(tx, user, PASSPHRASE, now))?;
                let found = service.store.transact(|tx| users::password_of(tx, user))?;
                users::password_matches(value.expose(), &found.unwrap_or_default())?
            }
            _ => false,
        };
        Ok(Entered { method, value: Some(value), passphrase_right })
    }

    /// A passphrase that was found right.
    pub(super) fn weighed() -> Entered<'static> {
        Entered { method: AuthenticationMethod::Passphrase, value: None, passphrase_right: true }
    }

    /// A code that was sent for a challenge of that method.
    pub(super) fn code(method: AuthenticationMethod, value: &'a Secret) -> Entered<'a> {
        Entered { method, value: Some(value), passphrase_right: false }
    }

    /// The open challenge that this answers, for that device.
    pub(super) fn challenge(&self, tx: &Transaction<'_>, text: &[u8], user: &str, device: &str, now: Time) -> Result<Challenge, No> {
        challenges::open(tx, text, user, PURPOSE, now)?
            .filter(|challenge| challenge.device == device && challenge.method == self.method.as_str())
            .ok_or_else(|| ProblemType::ChallengeRefused.into())
    }

    /// Uses the challenge up if it is the user. The refusal of a wrong entry is inside `Ok`, so that the count of wrong tries is committed.
    pub(super) fn judge(&self, tx: &Transaction<'_>, user: &str, challenge: &Challenge, now: Time) -> Result<Result<(), No>, No> {
        let (what, right) = match (self.method, challenge.code) {
            (AuthenticationMethod::Passphrase, _) => (PASSPHRASE, self.passphrase_right),
            (_, Some(code)) => {
                let entered = self.value.map(Secret::expose).unwrap_or_default();
                (PURPOSE, stored_codes::matches(tx, code, entered, now)?)
            }
            (_, None) => (PURPOSE, false),
        };
        // Looked at again for passphrases: others may have been tried while this one was hashed.
        codes::unlocked(tx, user, what, now)?;
        if let Err(no) = codes::judge(tx, user, what, right, ProblemType::UserAuthenticationFailed, now)? {
            return Ok(Err(no));
        }
        if !challenges::spend(tx, challenge, now)? {
            return Err(ProblemType::ChallengeRefused.into());
        }
        if let Some(code) = challenge.code {
            stored_codes::spend(tx, code, now)?;
        }
        Ok(Ok(()))
    }
}
