//! Admission, before any body is read: the API key first, then the token.

use super::{No, Service};
use crate::store::{api_keys, tokens, users};
use thrivosign::remote::http::{API_KEY, AUTHORIZATION, Headers};
use thrivosign::remote::problem::{INVALID_API_KEY, INVALID_TOKEN, ProblemType, Refusal};
use thrivosign::remote::schema::{Access, Operation, Refusals};

/// Who asks.
pub(crate) struct Caller {
    /// The user of the token.
    user: Option<String>,
}

impl Caller {
    /// The user; a back office's own token is nobody's.
    pub(crate) fn user(&self) -> Result<&str, No> {
        self.user.as_deref().ok_or_else(|| ProblemType::Forbidden.into())
    }
}

/// Admits the sender of a request for that operation, or refuses in the shape that operation uses.
pub(crate) fn admit(service: &Service, operation: &Operation, headers: &Headers) -> Result<Caller, No> {
    if operation.access == Access::Open {
        return Ok(Caller { user: None });
    }
    let refused = |code: &'static str, kind: ProblemType| match operation.refusals {
        Refusals::Published => No::from(Refusal::Coded { status: 401, error: code, description: None }),
        Refusals::Problem => No::from(kind),
    };
    let now = service.now();
    service.store.transact(|tx| {
        if api_keys::check(tx, headers.get(API_KEY).unwrap_or_default().as_bytes())?.is_none() {
            return Err(refused(INVALID_API_KEY, ProblemType::ApiKeyRefused));
        }
        if operation.access == Access::ApiKey {
            return Ok(Caller { user: None });
        }
        let token = headers.get(AUTHORIZATION).and_then(bearer).unwrap_or_default();
        let user = match tokens::user_of(tx, token, now)? {
            Some(Some(id)) => users::by_id(tx, &id)?.filter(|user| user.status == users::ACTIVE).map(|user| Some(user.id)),
            Some(None) => Some(None),
            None => None,
        };
        user.map(|user| Caller { user }).ok_or_else(|| refused(INVALID_TOKEN, ProblemType::TokenRefused))
    })
}

impl Service {
    /// Refuses whoever has no API key.
    pub(crate) fn check_api_key(&self, headers: &Headers) -> Result<(), No> {
        self.store.transact(|tx| match api_keys::check(tx, headers.get(API_KEY).unwrap_or_default().as_bytes())? {
            Some(_) => Ok(()),
            None => Err(ProblemType::ApiKeyRefused.into()),
        })
    }
}

/// The token of `Authorization: Bearer ..` (RFC 6750 2.1; the scheme in any case, RFC 9110 11.1).
fn bearer(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("Bearer").then(|| token.trim())
}
