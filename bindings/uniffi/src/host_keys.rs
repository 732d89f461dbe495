//! An app's key store as the core knows one, for the length of one call. Each use is a step outside: it may block for ever, and a call that was
//! cancelled neither takes it nor uses what it brings.

use crate::call::Call;
use crate::error::Result;
use crate::key::DeviceKeyStore;
use std::sync::Arc;
use thrivosign::Error;
use thrivosign::crypto::SignatureAlgorithm;
use thrivosign::key::{self, Attestation, KeyInfo, KeySpec};

/// A key store in one call.
pub(crate) struct HostKeys {
    store: Arc<dyn DeviceKeyStore>,
    call: Arc<Call>,
}

impl HostKeys {
    pub(crate) fn new(store: Arc<dyn DeviceKeyStore>, call: &Arc<Call>) -> HostKeys {
        HostKeys { store, call: call.clone() }
    }

    fn ask<T>(&self, question: impl FnOnce(&dyn DeviceKeyStore) -> Result<T>) -> Result<T, Error> {
        self.call.outside(|| question(&*self.store))
    }
}

impl key::DeviceKeyStore for HostKeys {
    fn create(&self, name: &str, spec: &KeySpec) -> Result<KeyInfo, Error> {
        self.ask(|store| store.create(name.to_owned(), spec.into()))?.try_into()
    }

    fn info(&self, name: &str) -> Result<KeyInfo, Error> {
        self.ask(|store| store.info(name.to_owned()))?.try_into()
    }

    fn sign(&self, name: &str, message: &[u8], algorithm: &SignatureAlgorithm) -> Result<Vec<u8>, Error> {
        self.ask(|store| store.sign(name.to_owned(), message.to_vec(), algorithm.into()))
    }

    fn attest(&self, name: &str, challenge: &[u8]) -> Result<Attestation, Error> {
        Ok(self.ask(|store| store.attest(name.to_owned(), challenge.to_vec()))?.into())
    }

    fn delete(&self, name: &str) -> Result<(), Error> {
        self.ask(|store| store.delete(name.to_owned()))
    }

    fn list(&self) -> Result<Vec<KeyInfo>, Error> {
        self.ask(|store| store.list())?.into_iter().map(KeyInfo::try_from).collect()
    }
}

/// The same for a call that keeps what the key answered, whether or not somebody still waits for it.
pub(crate) struct KeptKeys(HostKeys);

impl KeptKeys {
    pub(crate) fn new(store: Arc<dyn DeviceKeyStore>, call: &Arc<Call>) -> KeptKeys {
        KeptKeys(HostKeys::new(store, call))
    }
}

impl key::DeviceKeyStore for KeptKeys {
    fn create(&self, name: &str, spec: &KeySpec) -> Result<KeyInfo, Error> {
        self.0.create(name, spec)
    }

    fn info(&self, name: &str) -> Result<KeyInfo, Error> {
        self.0.info(name)
    }

    fn sign(&self, name: &str, message: &[u8], algorithm: &SignatureAlgorithm) -> Result<Vec<u8>, Error> {
        let HostKeys { store, call } = &self.0;
        call.outside_for_good(|| store.sign(name.to_owned(), message.to_vec(), algorithm.into()))
    }

    fn attest(&self, name: &str, challenge: &[u8]) -> Result<Attestation, Error> {
        self.0.attest(name, challenge)
    }

    fn delete(&self, name: &str) -> Result<(), Error> {
        self.0.delete(name)
    }

    fn list(&self) -> Result<Vec<KeyInfo>, Error> {
        self.0.list()
    }
}
