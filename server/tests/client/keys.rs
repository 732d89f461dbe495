//! A key store around another: it counts what each key is asked for, and may do something of its own about an answer.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::Mutex;
use thrivosign::Result;
use thrivosign::crypto::SignatureAlgorithm;
use thrivosign::key::{Attestation, DeviceKeyStore, KeyInfo, KeySpec, Prompt};

/// Gets the store's answer, or does not, and says what the caller gets.
pub type Around = Box<dyn Fn(&dyn Fn() -> Result<Vec<u8>>) -> Result<Vec<u8>> + Send + Sync>;

pub struct Watched<S> {
    inner: S,
    asked: Mutex<BTreeMap<String, usize>>,
    around: Option<Around>,
    prompt: Option<Prompt>,
}

impl<S> Watched<S> {
    pub fn new(inner: S) -> Watched<S> {
        Watched { inner, asked: Mutex::default(), around: None, prompt: None }
    }

    pub fn around(self, around: Around) -> Watched<S> {
        Watched { around: Some(around), ..self }
    }

    /// Its keys say that they ask the person so often.
    pub fn prompting(self, prompt: Prompt) -> Watched<S> {
        Watched { prompt: Some(prompt), ..self }
    }

    /// How often the key of that name was asked.
    pub fn asked(&self, name: &str) -> usize {
        self.asked.lock().unwrap().get(name).copied().unwrap_or_default()
    }
}

impl<S: Deref<Target: DeviceKeyStore> + Send + Sync> DeviceKeyStore for Watched<S> {
    fn create(&self, name: &str, spec: &KeySpec) -> Result<KeyInfo> {
        self.inner.create(name, spec)
    }
    fn info(&self, name: &str) -> Result<KeyInfo> {
        let mut info = self.inner.info(name)?;
        info.prompt = self.prompt.unwrap_or(info.prompt);
        Ok(info)
    }
    fn sign(&self, name: &str, message: &[u8], algorithm: &SignatureAlgorithm) -> Result<Vec<u8>> {
        *self.asked.lock().unwrap().entry(name.to_owned()).or_default() += 1;
        let answer = || self.inner.sign(name, message, algorithm);
        self.around.as_ref().map_or_else(&answer, |around| around(&answer))
    }
    fn attest(&self, name: &str, challenge: &[u8]) -> Result<Attestation> {
        self.inner.attest(name, challenge)
    }
    fn delete(&self, name: &str) -> Result<()> {
        self.inner.delete(name)
    }
    fn list(&self) -> Result<Vec<KeyInfo>> {
        self.inner.list()
    }
}
