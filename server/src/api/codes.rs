//! One-time codes as the calls use them: sending under a limit, checking under a lock (5 wrong tries, then locked for a while).

use super::service::masked;
use super::{No, Service};
use crate::store::Transaction;
use crate::store::codes;
use crate::store::throttle::{self, Gate};
use crate::store::users::{self, User};
use thrivosign::Time;
use thrivosign::remote::problem::{Problem, ProblemType};
use zeroize::Zeroizing;

/// What a code is for.
#[derive(Clone, Copy)]
pub(super) enum Purpose {
    Account,
    Device,
    Certificate,
    Activation,
    Signature,
}

impl Purpose {
    pub(super) const fn key(self) -> &'static str {
        match self {
            Purpose::Account => "account",
            Purpose::Device => "device",
            Purpose::Certificate => "certificate",
            Purpose::Activation => "activation",
            Purpose::Signature => "signature",
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Purpose::Account => "registration",
            Purpose::Device => "device registration",
            Purpose::Certificate => "certificate request",
            Purpose::Activation => "credential activation",
            Purpose::Signature => "remote signature",
        }
    }
}

/// A code that is stored and not yet sent; send it when the transaction is committed.
pub(super) struct Unsent {
    user: User,
    purpose: Purpose,
    code: Zeroizing<String>,
    /// The row of the code.
    pub(super) id: i64,
}

impl Unsent {
    /// Sends it; gives where to, masked.
    pub(super) fn send(self, service: &Service, now: Time) -> String {
        let sent_to = masked(&self.user.mobile);
        service.send_code(&self.user, self.purpose.words(), self.code, now);
        sent_to
    }
}

/// Makes a code for that user and purpose.
pub(super) fn prepare(service: &Service, tx: &Transaction<'_>, user: &str, purpose: Purpose, now: Time) -> Result<Unsent, No> {
    prepare_as(service, tx, user, purpose, purpose.key(), now)
}

/// Makes a code that is good for `key` alone, unless guessing is locked, too many were sent, or there is no way to send one.
pub(super) fn prepare_as(
    service: &Service,
    tx: &Transaction<'_>,
    user: &str,
    purpose: Purpose,
    key: &str,
    now: Time,
) -> Result<Unsent, No> {
    let user = users::by_id(tx, user)?.ok_or(ProblemType::Forbidden)?;
    if service.outbox().is_none() || user.mobile.is_empty() {
        return Err(Problem::new(ProblemType::Unavailable).detail("no gateway for one-time codes is set up").into());
    }
    unlocked(tx, &user.id, key, now)?;
    if codes::issued_since(tx, &user.id, key, now.plus(-Service::CODE_WINDOW))? >= service.limits().codes {
        return Err(wait(ProblemType::RateLimited, Service::CODE_WINDOW));
    }
    let (id, code) = codes::issue(tx, &user.id, key, Service::CODE_SECONDS, now)?;
    Ok(Unsent { user, purpose, code, id })
}

/// Refuses while guessing at that is locked.
pub(super) fn unlocked(tx: &Transaction<'_>, user: &str, what: &str, now: Time) -> Result<(), No> {
    match throttle::gate(tx, what, user, Service::CODE_RULE, now)? {
        Gate::Open(_) => Ok(()),
        Gate::Locked(seconds) => Err(wait(ProblemType::UserAuthenticationLocked, seconds)),
    }
}

/// Notes whether what was entered is right. The refusal of a wrong entry is inside `Ok`, so that the count of wrong tries is
/// committed; `kind` is the problem it is stated as.
pub(super) fn judge(tx: &Transaction<'_>, user: &str, what: &str, right: bool, kind: ProblemType, now: Time) -> Result<Result<(), No>, No> {
    if right {
        throttle::right(tx, what, user)?;
        return Ok(Ok(()));
    }
    Ok(Err(match throttle::wrong(tx, what, user, Service::CODE_RULE, now)? {
        Gate::Open(left) => {
            let mut problem = Problem::new(kind);
            problem.tries_left = Some(left);
            problem.into()
        }
        Gate::Locked(seconds) => wait(ProblemType::UserAuthenticationLocked, seconds),
    }))
}

fn wait(kind: ProblemType, seconds: i64) -> No {
    let mut problem = Problem::new(kind);
    problem.retry_after = u64::try_from(seconds).ok();
    problem.into()
}
