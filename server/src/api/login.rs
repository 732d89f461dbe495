//! `POST /rssp/auth/login` and `POST /rssp/auth/revoke`: passwords and refresh tokens against tokens.

use super::{No, Service, Visit};
use crate::store::throttle::{self, Gate};
use crate::store::tokens::{self, Pair, Refresh};
use crate::store::users;
use crate::web::Reply;
use rusqlite::Transaction;
use thrivosign::Time;
use thrivosign::remote::login::{BEARER, Grant, Login, Tokens};
use thrivosign::remote::problem::Refusal;
use thrivosign::remote::proof::DPOP;
use thrivosign::remote::revoke_token::{self, RevokeToken};
use thrivosign::remote::secret::Secret;

const THROTTLE: &str = "login";

/// Answers a login.
pub(super) fn login(service: &Service, visit: Visit) -> Result<Reply, No> {
    let asked = Login::decode(&visit.request)?;
    let pair = match &asked.grant {
        Grant::Password { username, password } => by_password(service, &visit, username, password)?,
        Grant::Refresh { refresh_token } => by_refresh(service, &visit, refresh_token)?,
        // The demo knows no back offices.
        Grant::ClientCredentials => return Err(Refusal::INVALID_CLIENT.into()),
    };
    let expires_in = u64::try_from(Service::LIFETIMES.access).unwrap_or_default();
    let answer = Tokens {
        access_token: Secret::new(pair.access.as_str()),
        // A family that is bound is never answered without its key's proof.
        token_type: if visit.caller.proved().is_some() { DPOP } else { BEARER }.to_owned(),
        expires_in,
        refresh_token: Some(Secret::new(pair.refresh.as_str())),
    };
    Ok(answer.encode().into())
}

fn by_password(service: &Service, visit: &Visit, username: &str, password: &Secret) -> Result<Pair, No> {
    let now = visit.now;
    let found = service.store.transact(|tx| {
        open(tx, username, now)?;
        Ok::<_, No>(users::by_username(tx, username)?)
    })?;
    // Outside the transaction: hashing takes long on purpose. An unknown user costs the same time as a wrong password.
    let hash = found.as_ref().map_or("", |(_, hash)| hash);
    let right = users::password_matches(password.expose(), hash)?;
    service.store.transact(|tx| {
        // Looked at again: other passwords may have been tried while this one was hashed.
        open(tx, username, now)?;
        match found {
            Some((user, _)) if right && user.status == users::ACTIVE => {
                throttle::right(tx, THROTTLE, username)?;
                Ok(Ok(tokens::start(tx, Some(&user.id), visit.caller.proved(), Service::LIFETIMES, now)?))
            }
            _ => {
                throttle::wrong(tx, THROTTLE, username, Service::LOGIN_RULE, now)?;
                Ok::<_, No>(Err(Refusal::INCORRECT_CREDENTIALS.into()))
            }
        }
    })?
}

/// Refuses while guessing at that user name's password is locked, whether or not there is such a user.
fn open(tx: &Transaction<'_>, username: &str, now: Time) -> Result<(), No> {
    match throttle::gate(tx, THROTTLE, username, Service::LOGIN_RULE, now)? {
        Gate::Open(_) => Ok(()),
        Gate::Locked(_) => {
            Err(Refusal::Coded { status: 403, error: "locked", description: Some("Too many wrong tries; wait a few minutes") }.into())
        }
    }
}

fn by_refresh(service: &Service, visit: &Visit, token: &Secret) -> Result<Pair, No> {
    let outcome = service
        .store
        .transact(|tx| tokens::refresh(tx, token.expose(), visit.caller.proved(), Service::LIFETIMES, visit.now).map_err(No::from))?;
    match outcome {
        Refresh::Pair(pair) => Ok(pair),
        Refresh::Refused => Err(Refusal::INVALID_GRANT.into()),
        Refresh::Reused => {
            tracing::warn!("a replaced refresh token was used again; its family was ended");
            Err(Refusal::INVALID_GRANT.into())
        }
    }
}

/// Ends the family of a token; an unknown token is no error (RFC 7009 2.2).
pub(super) fn revoke(service: &Service, visit: Visit) -> Result<Reply, No> {
    let asked = RevokeToken::decode(&visit.request)?;
    let user = visit.caller.user().ok();
    service.store.transact(|tx| tokens::revoke(tx, asked.token.expose(), user, visit.now).map_err(No::from))?;
    Ok(revoke_token::done().into())
}
