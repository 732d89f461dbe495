//! The key room: keys on a token with a PKCS#11 module (v2.40 or later): an HSM, a smart card, a USB stick.
//!
//! Takes the module's path, a token and its PIN, unless that is typed on the token; gives signature values. May reach `host` for random bytes and
//! `pki::certificate` for a public key that stands in a certificate alone. A name is the private key's CKA_LABEL; keys made by
//! other means can be used too. Sessions, logins and what becomes of them after a reset: `token`.
//!
//! ```no_run
//! use thrivosign::crypto::KeyAlgorithm;
//! use thrivosign::key::pkcs11::{Pkcs11KeyStore, TokenChoice};
//! use thrivosign::key::{DeviceKeyStore, KeyPurpose, KeySpec, Passphrase, sign_checked};
//!
//! let module = std::path::Path::new("/usr/lib/softhsm/libsofthsm2.so");
//! let store = Pkcs11KeyStore::open(module, &TokenChoice::label("office"), Passphrase::new("1234"))?;
//! let info = store.create("seal", &KeySpec::new(KeyAlgorithm::P256, KeyPurpose::Signing))?;
//! sign_checked(&store, "seal", b"message", &info.preferred_algorithm()?)?;
//! # Ok::<(), thrivosign::Error>(())
//! ```

mod fault;
mod generate;
mod lent;
mod mechanism;
mod module;
mod object;
mod pin;
mod public;
mod token;

pub use module::TokenChoice;

use super::{Attestation, DeviceKeyStore, KeyInfo, KeySpec, Passphrase, check_name};
use crate::crypto::{SignatureAlgorithm, ecdsa_value};
use crate::error::{Error, ErrorKind, Result};
use fault::Fault;
use lent::Lent;
use module::Module;
use object::Found;
use pin::Pin;
use std::path::Path;
use std::sync::{Arc, PoisonError};
use token::Token;

/// Keys on one token. Stores of the same token in one process share its login and its sessions.
pub struct Pkcs11KeyStore {
    token: Arc<Token>,
}

impl Pkcs11KeyStore {
    /// Loads the module, unless this process has it already, and logs in to the token. The PIN is held for logging in again
    /// after a reset, and for keys that want it at each use; it is tried once, and never again once it was refused.
    ///
    /// # Errors
    /// [`ErrorKind::KeyStoreUnavailable`] if there is no such module or token; [`ErrorKind::InvalidArgument`] if the choice
    /// is of several tokens; [`ErrorKind::PassphraseWrong`]; [`ErrorKind::KeyLocked`] if the PIN is locked, expired or not set.
    pub fn open(module: &Path, token: &TokenChoice, pin: Passphrase) -> Result<Pkcs11KeyStore> {
        if pin.as_bytes().is_empty() {
            return Err(Error::new(ErrorKind::InvalidArgument).context("the PIN is empty"));
        }
        let module = Module::load(module)?;
        Ok(Pkcs11KeyStore { token: Token::open(&module, token, Pin::held(pin))? })
    }

    /// The same for a token on which the person types the PIN, on its reader's pad or at its sensor: the PIN is never in this process. The
    /// call waits until it is typed. The person is asked again after a reset, and at each use of a key that wants that; after a refusal
    /// only by opening the store anew.
    ///
    /// # Errors
    /// As [`Pkcs11KeyStore::open`]; [`ErrorKind::KeyStoreUnavailable`] if the token has no such pad; [`ErrorKind::KeyCancelled`];
    /// [`ErrorKind::PassphraseWrong`] also if this process is logged in to the token with a PIN that was given.
    pub fn open_by_pad(module: &Path, token: &TokenChoice) -> Result<Pkcs11KeyStore> {
        let module = Module::load(module)?;
        Ok(Pkcs11KeyStore { token: Token::open(&module, token, Pin::pad())? })
    }

    /// How often the token was logged in to by the stores of this process that share it now: once, unless the login was lost.
    #[must_use]
    pub fn logins(&self) -> u64 {
        self.token.logins()
    }

    fn find(&self, name: &str) -> Result<Found> {
        self.token.run(&|lent| object::by_name(lent, name))
    }

    fn sign_with(&self, lent: &Lent, name: &str, message: &[u8], algorithm: &SignatureAlgorithm) -> Result<Vec<u8>, Fault> {
        let key = match self.token.found(name) {
            Some(key) => key,
            None => self.token.keep(name, object::by_name(lent, name)?, lent),
        };
        let plan = self.token.mechanisms().plan(algorithm, key.public.algorithm(), message)?;
        let session = &lent.session;
        let value = if key.per_use {
            self.token.can_answer()?;
            session.sign_init(&plan.mechanism, key.private)?;
            self.token.answer(session)?;
            // From here on a signature may exist that the PIN was given for: none of it is done twice.
            session.sign_update(&plan.data).and_then(|()| session.sign_final()).map_err(Fault::Late)?
        } else {
            session.sign(&plan.mechanism, key.private, &plan.data)?
        };
        match (algorithm, key.public.algorithm().order_len()) {
            (SignatureAlgorithm::Ecdsa(_), Some(order)) => Ok(ecdsa_value::to_der(&value, order)?),
            _ => Ok(value),
        }
    }
}

impl DeviceKeyStore for Pkcs11KeyStore {
    /// The new key is sensitive, not extractable and lives on the token, as read back from it. `spec.prompt` is not asked of
    /// the token: the store would answer by itself.
    fn create(&self, name: &str, spec: &KeySpec) -> Result<KeyInfo> {
        check_name(name)?;
        let mechanism = self.token.mechanisms().generation(spec.algorithm)?;
        let _changing = self.token.changing.lock().unwrap_or_else(PoisonError::into_inner);
        match self.find(name) {
            Err(error) if error.kind() == ErrorKind::KeyNotFound => {}
            Err(error) if error.kind() != ErrorKind::KeyNotPermitted => return Err(error),
            _ => return Err(ErrorKind::KeyExists.into()),
        }
        self.token.change(&|lent| generate::generate(&lent.session, name, spec, &mechanism))?;
        Ok(self.find(name)?.info(name, self.token.has_pad()))
    }

    fn info(&self, name: &str) -> Result<KeyInfo> {
        Ok(self.find(name)?.info(name, self.token.has_pad()))
    }

    /// A key with CKA_ALWAYS_AUTHENTICATE gets the PIN at each use, or has the person type it, and is then not asked twice for one call.
    fn sign(&self, name: &str, message: &[u8], algorithm: &SignatureAlgorithm) -> Result<Vec<u8>> {
        self.token.run(&|lent| self.sign_with(lent, name, message, algorithm))
    }

    fn attest(&self, name: &str, _challenge: &[u8]) -> Result<Attestation> {
        self.find(name)?;
        Err(ErrorKind::AttestationUnavailable.into())
    }

    fn delete(&self, name: &str) -> Result<()> {
        let _changing = self.token.changing.lock().unwrap_or_else(PoisonError::into_inner);
        self.find(name)?;
        self.token.forget(name);
        self.token.change(&|lent| object::destroy(lent, name))
    }

    fn list(&self) -> Result<Vec<KeyInfo>> {
        let by_pad = self.token.has_pad();
        self.token.run(&|lent| object::all(lent, by_pad))
    }
}
