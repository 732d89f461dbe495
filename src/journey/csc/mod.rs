//! The room `journey`: signing with a key that the service holds (mode `remote`), by the CSC API: a key store like the others, a new credential for it
//! ([`credential`]), and the device's approvals ([`approvals`]). The document stays here, and so does the decision what is signed: the hash that the
//! service is asked for is made here, of the message, and its answer is checked under the credential's certificate before anybody gets it.

pub mod approvals;
pub mod credential;
mod known;

use super::retry::Limits;
use super::session::Session;
use crate::crypto::{SignatureAlgorithm, ecdsa_value, verify};
use crate::error::{Error, ErrorKind, Result};
use crate::key::{Attestation, DeviceKeyStore, KeyInfo, KeySpec, check_name};
use crate::pki::Certificate;
use crate::remote::authorization_status::{self, AuthorizationState};
use crate::remote::csc::algorithm::{digest_oid, signature_oid};
use crate::remote::csc::authorize::{Authorize, Authorized};
use crate::remote::csc::credential_info::{OtpType, Presence};
use crate::remote::csc::list_credentials::{CredentialIds, ListCredentials};
use crate::remote::csc::send_otp;
use crate::remote::csc::sign_hash::{SignHash, Signatures};
use crate::remote::http::{Request, Response};
use crate::remote::schema::Access;
use crate::remote::secret::Secret;
use crate::sign::SigningIdentity;
use known::Known;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Most bytes of an ordinary answer.
const MAX_ANSWER: u64 = 4 << 20;
/// Most credentials of one user that are looked at.
const MAX_CREDENTIALS: usize = 1_000;

/// What the service wants to be shown before it uses a key.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Wanted {
    /// Of which credential.
    pub credential_id: String,
    /// Whether it wants a PIN.
    pub pin: bool,
    /// Whether it wants a one-time password; an online one has just been sent.
    pub otp: Option<OtpType>,
}

/// What the person shows.
#[derive(Default)]
pub struct Shown {
    /// The PIN.
    pub pin: Option<Secret>,
    /// The one-time password.
    pub otp: Option<Secret>,
}

/// Asks the person. Called on the thread that signs, once for each signature, and not at all for a credential that a device approves.
pub trait Factors: Send + Sync {
    /// What the person shows.
    ///
    /// # Errors
    /// [`ErrorKind::KeyCancelled`] if they would not.
    fn ask(&self, wanted: &Wanted) -> Result<Shown>;
}

/// What a device that is asked for its approval shows to the person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// What it is about.
    pub description: Option<String>,
    /// The document's name.
    pub document_name: Option<String>,
}

/// The user's credentials at the service as keys; a key's name is the credential's id.
pub struct CscKeyStore {
    session: Arc<Session>,
    factors: Arc<dyn Factors>,
    about: About,
    limits: Limits,
    known: Mutex<BTreeMap<String, Arc<Known>>>,
}

impl CscKeyStore {
    /// A store over that session, which must be logged in when a key is used. A call may take as long as `limits` say, an approval included.
    #[must_use]
    pub fn new(session: Arc<Session>, factors: Arc<dyn Factors>, about: About, limits: Limits) -> CscKeyStore {
        CscKeyStore { session, factors, about, limits, known: Mutex::default() }
    }

    /// The certificates of a credential, its own first.
    ///
    /// # Errors
    /// As [`DeviceKeyStore::info`].
    pub fn certificates(&self, name: &str) -> Result<Vec<Certificate>> {
        Ok(self.known(name)?.certificates.clone())
    }

    /// Whose signature it will be. `algorithm`: `None` for the usual one of that kind of key.
    ///
    /// # Errors
    /// As [`DeviceKeyStore::info`] and [`SigningIdentity::for_key`].
    pub fn identity(&self, name: &str, algorithm: Option<SignatureAlgorithm>) -> Result<SigningIdentity> {
        let known = self.known(name)?;
        SigningIdentity::for_key(&known.info.public_key, &known.certificates, algorithm)
    }

    fn send(&self, request: Request) -> Result<Response> {
        self.session.send(Access::Token, request, MAX_ANSWER, &self.limits)
    }

    /// What the service says of a credential: asked once, as its key and certificate never change.
    fn known(&self, name: &str) -> Result<Arc<Known>> {
        check_name(name).map_err(|_| Error::new(ErrorKind::KeyNotFound))?;
        if let Some(known) = self.held().get(name) {
            return Ok(Arc::clone(known));
        }
        let known = Arc::new(Known::ask(name, |request| self.send(request))?);
        self.held().insert(name.to_owned(), Arc::clone(&known));
        Ok(known)
    }

    fn held(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Arc<Known>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The activation data for that hash, once the person has shown what is wanted or their device has said yes.
    fn activated(&self, known: &Known, hash: &[u8]) -> Result<Secret> {
        let wanted = Wanted {
            credential_id: known.info.name.clone(),
            pin: known.said.pin.is_some_and(|presence| presence != Presence::False),
            otp: known.said.otp.filter(|otp| otp.presence != Presence::False).map(|otp| otp.kind.unwrap_or(OtpType::Offline)),
        };
        if wanted.otp == Some(OtpType::Online) {
            send_otp::decode_done(&self.send(send_otp::request(&known.info.name))?)?;
        }
        let shown = if wanted.pin || wanted.otp.is_some() { self.factors.ask(&wanted)? } else { Shown::default() };
        let asked = Authorize {
            credential_id: known.info.name.clone(),
            signatures: 1,
            // Always named, whatever the service insists on: activation data that are stolen on the way sign nothing else.
            hashes: Some(vec![hash.to_vec()]),
            pin: shown.pin,
            otp: shown.otp,
            description: self.about.description.clone(),
            document_names: self.about.document_name.clone().into_iter().collect(),
            later: known.said.scal == 2,
        };
        match Authorized::decode(&self.send(asked.encode())?)? {
            Authorized::Now(activation) => Ok(activation.sad),
            Authorized::Pending { authorization_id, retry_after } => self.approved(&authorization_id, retry_after),
        }
    }

    fn approved(&self, authorization_id: &str, retry_after: u64) -> Result<Secret> {
        let pace = self.session.pace();
        // A service that names no pause, or none that a person would wait for, is asked every few seconds.
        let pause = Duration::from_secs(retry_after.clamp(1, 10));
        loop {
            self.limits.check(pace)?;
            match AuthorizationState::decode(&self.send(authorization_status::request(authorization_id)?)?)? {
                AuthorizationState::Approved { sad, .. } => return Ok(sad),
                AuthorizationState::Declined => return Err(ErrorKind::KeyCancelled.into()),
                AuthorizationState::Expired => return Err(Error::new(ErrorKind::TimedOut).context("the device did not answer")),
                AuthorizationState::Pending => {}
            }
            let until = pace.now().checked_add(pause).unwrap_or_else(|| pace.now());
            pace.wait(until, &self.limits.cancel)?;
        }
    }

    fn signed(&self, known: &Known, message: &[u8], algorithm: &SignatureAlgorithm) -> Result<Vec<u8>> {
        let unsupported = || Error::new(ErrorKind::KeyAlgorithmUnsupported);
        let digest = algorithm.digest().ok_or_else(unsupported)?;
        let (oid, parameters) = signature_oid(algorithm).ok_or_else(unsupported)?;
        let hash_algo = digest_oid(digest).ok_or_else(unsupported)?;
        if !algorithm.fits(known.info.public_key.algorithm()) || !known.does(oid, digest) {
            return Err(unsupported());
        }
        let hash = digest.digest(message);
        let sad = self.activated(known, &hash)?;
        let asked = SignHash {
            credential_id: known.info.name.clone(),
            sad,
            hashes: vec![hash.to_vec()],
            hash_algo: Some(hash_algo.to_owned()),
            sign_algo: oid.to_owned(),
            sign_algo_params: parameters,
        };
        let Signatures(mut values) = Signatures::decode(&self.send(asked.encode())?)?;
        let wrong = || Error::new(ErrorKind::KeySignatureWrong);
        let (Some(value), true) = (values.pop(), values.is_empty()) else { return Err(wrong()) };
        let key = &known.info.public_key;
        if verify(key, algorithm, message, &value).is_ok() {
            return Ok(value);
        }
        // Some services give the two numbers side by side, as tokens do.
        let der = match (algorithm, key.algorithm().order_len()) {
            (SignatureAlgorithm::Ecdsa(_), Some(order)) if value.len() == order.saturating_mul(2) => ecdsa_value::to_der(&value, order)?,
            _ => return Err(wrong()),
        };
        if verify(key, algorithm, message, &der).is_ok() { Ok(der) } else { Err(wrong()) }
    }
}

/// In the words of key stores.
fn of_a_store(error: Error) -> Error {
    match error.kind() {
        ErrorKind::AuthorizationDenied => Error::new(ErrorKind::KeyCancelled).caused_by(error),
        ErrorKind::UserAuthenticationLocked => Error::new(ErrorKind::KeyLocked).caused_by(error),
        _ => error,
    }
}

impl DeviceKeyStore for CscKeyStore {
    /// Keys of the service are made by [`credential::request`], which takes more than a name.
    fn create(&self, name: &str, _spec: &KeySpec) -> Result<KeyInfo> {
        check_name(name)?;
        match self.known(name) {
            Ok(_) => Err(ErrorKind::KeyExists.into()),
            Err(error) if error.kind() == ErrorKind::KeyNotFound => {
                Err(Error::new(ErrorKind::KeyNotPermitted).context("the service makes its keys itself, with their certificates"))
            }
            Err(error) => Err(error),
        }
    }

    fn info(&self, name: &str) -> Result<KeyInfo> {
        Ok(self.known(name)?.info.clone())
    }

    /// Sends the hash of the message, never the message.
    fn sign(&self, name: &str, message: &[u8], algorithm: &SignatureAlgorithm) -> Result<Vec<u8>> {
        let known = self.known(name)?;
        self.signed(&known, message, algorithm).map_err(of_a_store)
    }

    fn attest(&self, name: &str, _challenge: &[u8]) -> Result<Attestation> {
        self.known(name)?;
        Err(ErrorKind::AttestationUnavailable.into())
    }

    /// Whoever would be rid of a credential revokes its certificate.
    fn delete(&self, name: &str) -> Result<()> {
        self.known(name)?;
        Err(Error::new(ErrorKind::KeyNotPermitted).context("revoke the credential's certificate instead"))
    }

    fn list(&self) -> Result<Vec<KeyInfo>> {
        let mut ids: Vec<String> = Vec::new();
        let mut page_token = None;
        // Empty pages that name each other would never end either.
        for _ in 0..MAX_CREDENTIALS {
            let page = ListCredentials { page_token, ..ListCredentials::default() };
            let page = CredentialIds::decode(&self.send(page.encode())?)?;
            ids.extend(page.ids);
            page_token = page.next_page;
            if page_token.is_none() || ids.len() > MAX_CREDENTIALS {
                break;
            }
        }
        if page_token.is_some() || ids.len() > MAX_CREDENTIALS {
            return Err(Error::new(ErrorKind::BadAnswer).context("a list of credentials without end"));
        }
        ids.sort();
        ids.dedup();
        ids.iter().map(|id| self.info(id)).collect()
    }
}
