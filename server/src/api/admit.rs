//! Admission, before any body is read: the API key first, then the proof of possession, then the token.

use super::proofs::Proven;
use super::{No, Service};
use crate::client_certificate::ClientCertificate;
use crate::store::tokens::{Holder, Possession};
use crate::store::{api_keys, tokens, users};
use std::sync::Arc;
use thrivosign::remote::http::{API_KEY, AUTHORIZATION, Headers};
use thrivosign::remote::problem::{INVALID_API_KEY, INVALID_TOKEN, ProblemType, Refusal};
use thrivosign::remote::proof::DPOP;
use thrivosign::remote::schema::{Access, Operation, Refusals};

/// A request's head, as far as admission looks at it.
pub(crate) struct Approach {
    /// Header fields.
    pub(crate) headers: Headers,
    /// The address it was sent to, without its query.
    pub(crate) url: String,
    /// The certificate of its connection.
    pub(crate) certificate: Option<Arc<ClientCertificate>>,
}

/// Who asks.
#[derive(Clone, Default)]
pub(crate) struct Caller {
    /// The user of the token.
    user: Option<String>,
    /// The thumbprint of the key that proved.
    proved: Option<String>,
    /// The certificate of the connection.
    certificate: Option<Arc<ClientCertificate>>,
}

impl Caller {
    /// A user who is known already, by another way than a token.
    pub(crate) fn of_user(id: &str) -> Caller {
        Caller { user: Some(id.to_owned()), ..Caller::default() }
    }

    /// The user; a back office's own token is nobody's.
    pub(crate) fn user(&self) -> Result<&str, No> {
        self.user.as_deref().ok_or_else(|| ProblemType::Forbidden.into())
    }

    /// The thumbprint of the key whose possession was proved with this call (RFC 9449 6.1).
    pub(crate) fn proved(&self) -> Option<&str> {
        self.proved.as_deref()
    }

    /// The certificate that the connection was made with (RFC 8705).
    pub(crate) fn certificate(&self) -> Option<&ClientCertificate> {
        self.certificate.as_deref()
    }

    /// What was shown beside any token.
    pub(crate) fn possession(&self) -> Possession<'_> {
        Possession { key: self.proved(), certificate: self.certificate().map(ClientCertificate::thumbprint) }
    }
}

/// Admits the sender of a request for that operation, or refuses in the shape that operation uses.
pub(crate) fn admit(service: &Service, operation: &Operation, approach: &Approach) -> Result<Caller, No> {
    if operation.access == Access::Open {
        return Ok(Caller::default());
    }
    let headers = &approach.headers;
    let refused = |code: &'static str, kind: ProblemType| match operation.refusals {
        Refusals::Published => No::from(Refusal::Coded { status: 401, error: code, description: None }),
        Refusals::Problem => No::from(kind),
    };
    let now = service.now();
    let known = service.store.transact(|tx| api_keys::check(tx, headers.get(API_KEY).unwrap_or_default().as_bytes()).map_err(No::from))?;
    if known.is_none() {
        return Err(refused(INVALID_API_KEY, ProblemType::ApiKeyRefused));
    }
    // Behind the API key: a stranger costs no arithmetic.
    let proof = service.proofs.check(operation, headers, &approach.url, now)?;
    if operation.access == Access::ApiKey {
        return Ok(Caller { user: None, proved: proof.map(|proof| proof.key), certificate: approach.certificate.clone() });
    }
    let certificate = approach.certificate.as_ref().map(|certificate| certificate.thumbprint());
    service.store.transact(|tx| {
        let unknown = || refused(INVALID_TOKEN, ProblemType::TokenRefused);
        let shown = headers.get(AUTHORIZATION).and_then(shown).ok_or_else(unknown)?;
        let holder = tokens::holder_of(tx, shown.token, now)?
            .filter(|holder| shown.is_by(holder, proof.as_ref(), certificate))
            .ok_or_else(unknown)?;
        let user = match holder.user {
            Some(id) => Some(users::by_id(tx, &id)?.filter(|user| user.status == users::ACTIVE).ok_or_else(unknown)?.id),
            None => None,
        };
        Ok(Caller { user, proved: holder.key, certificate: approach.certificate.clone() })
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

/// A token as it is shown.
struct Shown<'h> {
    token: &'h str,
    with_proof: bool,
}

impl Shown<'_> {
    /// Whether it is shown by whom it was given to: a bound token under its own scheme, with a proof of its key over this very token; any other as a
    /// plain one (RFC 9449 7.1, 7.2). Shown as a plain one, a bound token would be worth stealing. And, whatever its scheme, one that is bound to a
    /// certificate comes over a connection of that very certificate (RFC 8705 3): another of the same authority, or of the same name, is another.
    fn is_by(&self, holder: &Holder, proof: Option<&Proven>, certificate: Option<[u8; 32]>) -> bool {
        if holder.certificate.is_some() && holder.certificate != certificate {
            return false;
        }
        match (&holder.key, proof) {
            (Some(key), Some(proof)) => self.with_proof && proof.key == *key && proof.is_with(self.token),
            (None, _) => !self.with_proof,
            (Some(_), None) => false,
        }
    }
}

/// The token of `Authorization: Bearer ..` (RFC 6750 2.1) or `Authorization: DPoP ..` (RFC 9449 7.1); the scheme in any case (RFC 9110 11.1).
fn shown(value: &str) -> Option<Shown<'_>> {
    let (scheme, token) = value.split_once(' ')?;
    let with_proof = scheme.eq_ignore_ascii_case(DPOP);
    (with_proof || scheme.eq_ignore_ascii_case("Bearer")).then(|| Shown { token: token.trim(), with_proof })
}
