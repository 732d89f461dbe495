//! Users come: registration, and its end by the code that was sent. Nobody learns by it which addresses have an account: a registration has a name of its
//! own until its code was entered, and several may wait for one address; the first to enter a code has it.

use super::codes::{self, Purpose};
use super::{No, Service, Visit};
use crate::random;
use crate::store::codes as stored_codes;
use crate::store::users::{self, NewUser};
use crate::web::Reply;
use thrivosign::remote::activate_user::{self, ActivateUser};
use thrivosign::remote::create_user::{CreateUser, CreatedUser, UserStatus};
use thrivosign::remote::problem::{Problem, ProblemType};

/// Takes a registration in and sends a code.
pub(super) fn create(service: &Service, visit: Visit) -> Result<Reply, No> {
    let asked = CreateUser::decode(&visit.request)?;
    let (now, waiting) = (visit.now, random::id("reg-")?);
    let (user_id, code) = service.store.transact(|tx| {
        // A stranger's telephone must not ring for each registration that somebody makes up.
        if users::registered_since(tx, &asked.mobile, now.plus(-Service::CODE_WINDOW))? >= service.limits().codes {
            let mut problem = Problem::new(ProblemType::RateLimited);
            problem.retry_after = u64::try_from(Service::CODE_WINDOW).ok();
            return Err(problem.into());
        }
        let new = NewUser {
            username: &waiting,
            password_hash: "",
            name: &asked.name,
            email: &asked.email,
            mobile: &asked.mobile,
            kind: asked.kind.as_str(),
            company: asked.company.as_deref(),
            country: None,
            status: UserStatus::PendingActivation.as_str(),
        };
        let id = users::add(tx, &new, now)?.ok_or(ProblemType::Unavailable)?;
        let code = codes::prepare(service, tx, &id, Purpose::Account, now)?;
        Ok::<_, No>((id, code))
    })?;
    code.send(service, now);
    Ok(CreatedUser { user_id, status: UserStatus::PendingActivation }.encode().into())
}

/// Ends a registration: the code is right, and the user has a passphrase.
pub(super) fn activate(service: &Service, visit: Visit) -> Result<Reply, No> {
    let asked = ActivateUser::decode(&visit.request)?;
    let (now, purpose) = (visit.now, Purpose::Account.key());
    // Before the store is held: it takes its time.
    let hash = users::hash_password(asked.passphrase.expose())?;
    service.store.transact(|tx| {
        let waits = users::by_id(tx, &asked.user_id)?.is_some_and(|user| user.status == UserStatus::PendingActivation.as_str());
        if !waits {
            return Err(ProblemType::NotFound.into());
        }
        codes::unlocked(tx, &asked.user_id, purpose, now)?;
        let code = stored_codes::open_of(tx, &asked.user_id, purpose, now)?;
        let right = match code {
            Some(code) => stored_codes::matches(tx, code, asked.code.expose(), now)?,
            None => false,
        };
        if let Err(no) = codes::judge(tx, &asked.user_id, purpose, right, ProblemType::UserAuthenticationFailed, now)? {
            return Ok(Err(no));
        }
        if let Some(code) = code {
            stored_codes::spend(tx, code, now)?;
        }
        if !users::activate(tx, &asked.user_id, &hash)? {
            return Ok(Err(ProblemType::UserTaken.into()));
        }
        Ok::<_, No>(Ok(activate_user::done().into()))
    })?
}
