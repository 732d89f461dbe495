//! `POST /rssp/auth/login` and `POST /rssp/auth/revoke`: passwords, refresh tokens and clients' certificates against tokens.

use super::{No, Service, Visit};
use crate::store::Transaction;
use crate::store::throttle::{self, Gate};
use crate::store::tokens::{self, Given, Pair, Refresh};
use crate::store::users::User;
use crate::store::{clients, users};
use crate::web::Reply;
use thrivosign::Time;
use thrivosign::remote::login::{BEARER, Client, Grant, Login, Tokens};
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
        Grant::ClientCredentials => by_certificate(service, &visit, asked.client.as_ref())?,
    };
    Ok(tokens_of(&visit, &pair, true).encode().into())
}

/// The answer with those tokens; the refresh token stays out where nobody wants it.
pub(super) fn tokens_of(visit: &Visit, pair: &Pair, remember: bool) -> Tokens {
    Tokens {
        access_token: Secret::new(pair.access.as_str()),
        // A family that is bound is never answered without its key's proof.
        token_type: if visit.caller.proved().is_some() { DPOP } else { BEARER }.to_owned(),
        expires_in: u64::try_from(Service::LIFETIMES.access).unwrap_or_default(),
        refresh_token: pair.refresh.as_ref().filter(|_| remember).map(|token| Secret::new(token.as_str())),
    }
}

pub(super) fn by_password(service: &Service, visit: &Visit, username: &str, password: &Secret) -> Result<Pair, No> {
    with_password(service, username, password, visit.now, |tx, user| {
        let given = Given { user: Some(&user.id), client: None, bound: service.binds(visit.caller.possession()) };
        Ok(tokens::start(tx, given, Service::LIFETIMES, visit.now)?)
    })
}

/// What `then` makes of the user whose password it is; guessing is counted and locked.
pub(crate) fn with_password<T>(
    service: &Service,
    username: &str,
    password: &Secret,
    now: Time,
    then: impl FnOnce(&Transaction<'_>, &User) -> Result<T, No>,
) -> Result<T, No> {
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
                Ok(Ok(then(tx, &user)?))
            }
            _ => {
                throttle::wrong(tx, THROTTLE, username, Service::LOGIN_RULE, now)?;
                Ok::<_, No>(Err(Refusal::INCORRECT_CREDENTIALS.into()))
            }
        }
    })?
}

/// A back office (RFC 8705 2.1): the connection's certificate has the name that the client is registered under. Whether an authority of the operator's
/// issued it and it is in its time, TLS has checked. The demo knows no clients with secrets.
fn by_certificate(service: &Service, visit: &Visit, client: Option<&Client>) -> Result<Pair, No> {
    let unknown = || No::from(Refusal::INVALID_CLIENT);
    let client = client.filter(|client| client.secret.is_none()).ok_or_else(unknown)?;
    let certificate = visit.caller.certificate().ok_or_else(unknown)?;
    service.store.transact(|tx| {
        let registered = clients::by_id(tx, &client.id)?.filter(|registered| certificate.is_of(&registered.name)).ok_or_else(unknown)?;
        let user = users::by_id(tx, &registered.user)?.filter(|user| user.status == users::ACTIVE).ok_or_else(unknown)?;
        let given = Given { user: Some(&user.id), client: Some(&client.id), bound: visit.caller.possession() };
        Ok(tokens::start(tx, given, Service::LIFETIMES, visit.now)?)
    })
}

/// Refuses while guessing at that user name's password is locked, whether or not there is such a user.
fn open(tx: &Transaction<'_>, username: &str, now: Time) -> Result<(), No> {
    match throttle::gate(tx, THROTTLE, username, Service::LOGIN_RULE, now)? {
        Gate::Open(_) => Ok(()),
        Gate::Locked(_) => {
            Err(Refusal::Coded { status: 403, error: "locked", description: Some("Too many wrong tries; wait a few minutes".into()) }
                .into())
        }
    }
}

pub(super) fn by_refresh(service: &Service, visit: &Visit, token: &Secret) -> Result<Pair, No> {
    let outcome = service
        .store
        .transact(|tx| tokens::refresh(tx, token.expose(), visit.caller.possession(), Service::LIFETIMES, visit.now).map_err(No::from))?;
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
