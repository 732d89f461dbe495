//! The C border: a key store of one of the five kinds, as the core sees it.

use crate::host_key_store::HostKeyStore;
use thrivosign::crypto::SignatureAlgorithm;
use thrivosign::journey::csc::CscKeyStore;
use thrivosign::key::file::FileKeyStore;
use thrivosign::key::pkcs11::Pkcs11KeyStore;
use thrivosign::key::software::{SoftwareKey, SoftwareKeyStore};
use thrivosign::key::{Attestation, DeviceKeyStore, KeyInfo, KeyPurpose, KeySpec};
use thrivosign::{Error, ErrorKind, Result};

/// A store of one of the five kinds.
pub(crate) enum Store {
    Folder(FileKeyStore),
    Memory(SoftwareKeyStore),
    Token(Pkcs11KeyStore),
    Remote(CscKeyStore),
    Host(HostKeyStore),
}

impl Store {
    /// The core's view of it.
    pub(crate) fn keys(&self) -> &dyn DeviceKeyStore {
        match self {
            Store::Folder(store) => store,
            Store::Memory(store) => store,
            Store::Token(store) => store,
            Store::Remote(store) => store,
            Store::Host(store) => store,
        }
    }

    /// The store, if it is one that is locked and unlocked.
    ///
    /// # Errors
    /// [`ErrorKind::WrongOrder`].
    pub(crate) fn folder(&self) -> Result<&FileKeyStore> {
        match self {
            Store::Folder(store) => Ok(store),
            Store::Memory(_) | Store::Token(_) | Store::Remote(_) | Store::Host(_) => {
                Err(Error::new(ErrorKind::WrongOrder).context("only a key store in a folder is locked"))
            }
        }
    }

    /// The store, if it is one of the service's keys.
    ///
    /// # Errors
    /// [`ErrorKind::WrongOrder`].
    pub(crate) fn remote(&self) -> Result<&CscKeyStore> {
        match self {
            Store::Remote(store) => Ok(store),
            Store::Folder(_) | Store::Memory(_) | Store::Token(_) | Store::Host(_) => {
                Err(Error::new(ErrorKind::WrongOrder).context("only a key store of the service's keys knows certificates"))
            }
        }
    }

    /// Takes over a key.
    ///
    /// # Errors
    /// As [`FileKeyStore::import`]; [`ErrorKind::KeyNotPermitted`] for a token, the service's keys or a store of the host.
    pub(crate) fn import(&self, name: &str, purpose: KeyPurpose, key: SoftwareKey) -> Result<KeyInfo> {
        match self {
            Store::Folder(store) => store.import(name, purpose, &key),
            Store::Memory(store) => store.insert(name, purpose, key),
            Store::Token(_) => Err(Error::new(ErrorKind::KeyNotPermitted).context("a token makes its own keys")),
            Store::Remote(_) => Err(Error::new(ErrorKind::KeyNotPermitted).context("the service makes its keys itself")),
            Store::Host(_) => Err(Error::new(ErrorKind::KeyNotPermitted).context("a key store of the host makes its own keys")),
        }
    }
}

impl DeviceKeyStore for Store {
    fn create(&self, name: &str, spec: &KeySpec) -> Result<KeyInfo> {
        self.keys().create(name, spec)
    }

    fn info(&self, name: &str) -> Result<KeyInfo> {
        self.keys().info(name)
    }

    fn sign(&self, name: &str, message: &[u8], algorithm: &SignatureAlgorithm) -> Result<Vec<u8>> {
        self.keys().sign(name, message, algorithm)
    }

    fn attest(&self, name: &str, challenge: &[u8]) -> Result<Attestation> {
        self.keys().attest(name, challenge)
    }

    fn delete(&self, name: &str) -> Result<()> {
        self.keys().delete(name)
    }

    fn list(&self) -> Result<Vec<KeyInfo>> {
        self.keys().list()
    }
}
