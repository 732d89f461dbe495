//! `POST /csc/v1/auth/login`: the same passwords and tokens as `/rssp/auth/login`, in the shape of the CSC API.

use crate::api::login::{by_password, by_refresh, tokens_of};
use crate::api::{No, Service, Visit};
use crate::web::Reply;
use thrivosign::remote::csc::login::CscLogin;
use thrivosign::remote::csc::refusal;
use thrivosign::remote::login::Grant;
use thrivosign::remote::problem::Refusal;

/// Answers a login.
pub(in crate::api) fn login(service: &Service, visit: Visit) -> Result<Reply, No> {
    let asked = CscLogin::decode(&visit.request)?;
    let (pair, remember) = match &asked.grant {
        Grant::Password { username, password } => (by_password(service, &visit, username, password), asked.remember),
        // Whoever renews wants to go on renewing.
        Grant::Refresh { refresh_token } => (by_refresh(service, &visit, refresh_token), true),
        Grant::ClientCredentials => return Err(refusal::AUTHORIZATION.into()),
    };
    let pair = pair.map_err(|no| match no {
        No::Refused(refused) if *refused == Refusal::INCORRECT_CREDENTIALS => refusal::AUTHENTICATION.into(),
        No::Refused(refused) if *refused == Refusal::INVALID_GRANT => refusal::REFRESH_TOKEN.into(),
        other => other,
    })?;
    Ok(tokens_of(&visit, &pair, remember).encode().into())
}
