//! Keys in memory, gone with the store: for tests, and for keys that come from a file of the app's own.

use crate::algorithm::SignatureAlgorithm;
use crate::call::guard;
use crate::error::{Result, ThrivoSignError};
use crate::key::{Attestation, DeviceKeyStore, KeyInfo, KeyPurpose, KeySpec};
use crate::secret::Secret;
use std::sync::Arc;
use thrivosign::key::{DeviceKeyStore as _, software};

/// A key store in memory.
#[derive(Default, uniffi::Object)]
pub struct SoftwareKeyStore(software::SoftwareKeyStore);

#[uniffi::export]
impl SoftwareKeyStore {
    /// A store without keys.
    #[uniffi::constructor]
    #[must_use]
    pub fn new() -> Arc<SoftwareKeyStore> {
        Arc::new(SoftwareKeyStore::default())
    }

    /// Takes over the first private key of a file, PEM or DER.
    ///
    /// # Errors
    /// `PemMalformed`, `DerMalformed`, `PassphraseWrong`, `KeyAlgorithmUnsupported` for the file; `KeyExists`; `InvalidArgument` for the name.
    #[uniffi::method(default(passphrase = None))]
    pub fn import_key(&self, name: &str, purpose: KeyPurpose, file: Vec<u8>, passphrase: Option<Arc<Secret>>) -> Result<KeyInfo> {
        guard(|| {
            let passphrase = passphrase.map(|secret| secret.to_passphrase());
            let key = software::SoftwareKey::from_file(&file, passphrase.as_ref())?;
            Ok(self.0.insert(name, purpose.into(), key)?.into())
        })
    }
}

#[uniffi::export]
impl DeviceKeyStore for SoftwareKeyStore {
    fn create(&self, name: String, spec: KeySpec) -> Result<KeyInfo, ThrivoSignError> {
        guard(|| Ok(self.0.create(&name, &spec.into())?.into()))
    }

    fn info(&self, name: String) -> Result<KeyInfo, ThrivoSignError> {
        guard(|| Ok(self.0.info(&name)?.into()))
    }

    fn sign(&self, name: String, message: Vec<u8>, algorithm: SignatureAlgorithm) -> Result<Vec<u8>, ThrivoSignError> {
        guard(|| Ok(self.0.sign(&name, &message, &algorithm.try_into()?)?))
    }

    fn attest(&self, name: String, challenge: Vec<u8>) -> Result<Attestation, ThrivoSignError> {
        guard(|| Ok(self.0.attest(&name, &challenge)?.into()))
    }

    fn delete(&self, name: String) -> Result<(), ThrivoSignError> {
        guard(|| Ok(self.0.delete(&name)?))
    }

    fn list(&self) -> Result<Vec<KeyInfo>, ThrivoSignError> {
        guard(|| Ok(self.0.list()?.into_iter().map(KeyInfo::from).collect()))
    }
}
