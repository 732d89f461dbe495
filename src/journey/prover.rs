//! The room `journey`: proofs of possession on the way out (DPoP, RFC 9449). Takes a session, its transport and an authentication key; gives a
//! transport that puts a proof of its own on every try of a call, retries included, and takes the service's nonce from every answer. A demand for
//! that nonce is followed by one more try at once; it costs no refresh and no login.

use super::pace::{Pace, fresh_id};
use super::session::Session;
use super::transport::{Call, Transport};
use crate::error::{Error, ErrorKind, Result};
use crate::host;
use crate::key::{DeviceKeyStore, KeyInfo, KeyPurpose, Prompt, sign_as};
use crate::remote::http::{AUTHORIZATION, Request, Response};
use crate::remote::problem::asks_for_nonce;
use crate::remote::proof::{Claims, DPOP, DPOP_NONCE, thumbprint, token_hash};
use crate::time::Time;
use std::sync::Arc;

/// Longest nonce that is taken from the service, in bytes.
const MAX_NONCE: usize = 512;

/// A key that proves.
pub(super) struct Prover {
    store: Arc<dyn DeviceKeyStore>,
    key: KeyInfo,
}

impl Prover {
    pub(super) fn new(store: Arc<dyn DeviceKeyStore>, name: &str) -> Result<Prover> {
        let key = store.info(name)?;
        key.require(KeyPurpose::Authentication)?;
        if key.prompt == Prompt::PerUse {
            return Err(Error::new(ErrorKind::KeyNotPermitted).context("a key that asks the person each time cannot prove every call"));
        }
        if thumbprint(&key.public_key).is_none() {
            return Err(ErrorKind::KeyAlgorithmUnsupported.into());
        }
        Ok(Prover { store, key })
    }

    fn proof(&self, claims: &Claims) -> Result<String> {
        let unsigned = claims.unsigned(&self.key.public_key)?;
        let (message, algorithm) = unsigned.message();
        let value = sign_as(&*self.store, &self.key, KeyPurpose::Authentication, message, algorithm)?;
        unsigned.with_signature(&value)
    }
}

/// A session's transport, with proofs if there is a key for them.
pub(super) struct Proving<'s> {
    pub(super) session: &'s Session,
    pub(super) prover: Option<&'s Prover>,
}

impl Proving<'_> {
    fn once(&self, mut request: Request, call: &Call) -> Result<Response> {
        if let Some(prover) = self.prover {
            let pace: &dyn Pace = self.session.pace();
            let token = request.headers.get(AUTHORIZATION).and_then(|value| value.strip_prefix(DPOP)).map(|token| token_hash(token.trim()));
            let claims = Claims {
                id: fresh_id(pace)?,
                method: request.method.as_str().to_owned(),
                url: self.session.transport().url(&request)?,
                at: self.time(),
                token_hash: token,
                nonce: self.session.nonce(),
            };
            request.headers.set(DPOP, prover.proof(&claims)?);
        }
        let response = self.session.transport().send(request, call)?;
        let nonce =
            response.headers.get(DPOP_NONCE).filter(|nonce| nonce.len() <= MAX_NONCE && nonce.bytes().all(|c| c.is_ascii_graphic()));
        self.session.hear(&response, nonce);
        Ok(response)
    }

    /// The service's time, so that a device whose clock is off proves all the same; its own before the first answer, which then tells.
    fn time(&self) -> Time {
        self.session.service_time().unwrap_or_else(host::clock::now)
    }
}

impl Transport for Proving<'_> {
    fn send(&self, request: Request, call: &Call) -> Result<Response> {
        if self.prover.is_none() {
            return self.once(request, call);
        }
        let response = self.once(request.clone(), call)?;
        // Nothing was done for it yet, so that even a call that is not idempotent may be sent again.
        if asks_for_nonce(&response) && response.headers.get(DPOP_NONCE).is_some() { self.once(request, call) } else { Ok(response) }
    }

    fn url(&self, request: &Request) -> Result<String> {
        self.session.transport().url(request)
    }
}
