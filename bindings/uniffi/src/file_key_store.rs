//! Key pairs in files that a passphrase encrypts (Argon2id, AES-256-GCM): for devices without a key store of their own.

use crate::algorithm::SignatureAlgorithm;
use crate::call::guard;
use crate::error::{Result, ThrivoSignError};
use crate::key::{Attestation, DeviceKeyStore, KeyInfo, KeyPurpose, KeySpec};
use crate::secret::Secret;
use std::path::Path;
use std::sync::Arc;
use thrivosign::key::software::SoftwareKey;
use thrivosign::key::{DeviceKeyStore as _, file};

/// A key store in a folder. Its calls take about a third of a second where a key is opened: call it from a worker thread.
#[derive(uniffi::Object)]
pub struct FileKeyStore(file::FileKeyStore);

#[uniffi::export]
impl FileKeyStore {
    /// Opens the store, locked. After the call the folder exists; a new one has mode 0700.
    ///
    /// # Errors
    /// `KeyStoreUnavailable` if the folder cannot be made or is none.
    #[uniffi::constructor]
    pub fn open(folder: String) -> Result<Arc<FileKeyStore>> {
        guard(|| Ok(Arc::new(FileKeyStore(file::FileKeyStore::open(Path::new(&folder))?))))
    }

    /// After the call keys can be used and made. If there are keys already, the passphrase has opened one of them.
    ///
    /// # Errors
    /// `PassphraseWrong`; `InvalidArgument` for an empty one; `KeyStoreUnavailable`. The store is then as it was.
    pub fn unlock(&self, passphrase: &Secret) -> Result<()> {
        guard(|| Ok(self.0.unlock(passphrase.to_passphrase())?))
    }

    /// After the call the passphrase and all opened keys are wiped from memory.
    pub fn lock(&self) {
        self.0.lock();
    }

    /// Takes over the first private key of a file, PEM or DER.
    ///
    /// # Errors
    /// `PemMalformed`, `DerMalformed`, `PassphraseWrong`, `KeyAlgorithmUnsupported` for the file; otherwise as `create`.
    #[uniffi::method(default(passphrase = None))]
    pub fn import_key(&self, name: &str, purpose: KeyPurpose, file: Vec<u8>, passphrase: Option<Arc<Secret>>) -> Result<KeyInfo> {
        guard(|| {
            let passphrase = passphrase.map(|secret| secret.to_passphrase());
            let key = SoftwareKey::from_file(&file, passphrase.as_ref())?;
            Ok(self.0.import(name, purpose.into(), &key)?.into())
        })
    }

    /// After the call every key is under the new passphrase, and the store is unlocked with it. If the call is cut off in the middle, calling
    /// again finishes the work.
    ///
    /// # Errors
    /// `KeyLocked`; `PassphraseWrong` or `KeyFileDamaged` if a key cannot be opened: nothing was changed then; `InvalidArgument` for an empty
    /// one; `KeyStoreUnavailable`.
    pub fn change_passphrase(&self, passphrase: &Secret) -> Result<()> {
        guard(|| Ok(self.0.change_passphrase(passphrase.to_passphrase())?))
    }

    /// As `create`, of a key that `backup` gives: for a key whose loss would be worse than a copy of it, as that of a seal. Never for a person's
    /// signing key.
    ///
    /// # Errors
    /// As `create`.
    pub fn create_exportable(&self, name: &str, spec: KeySpec) -> Result<KeyInfo> {
        guard(|| Ok(self.0.create_exportable(name, &spec.into())?.into()))
    }

    /// The key as an encrypted file, under a passphrase of its own. The key stays as it is.
    ///
    /// # Errors
    /// `KeyNotPermitted` for a key that was not made by `create_exportable`; `KeyLocked`; `KeyNotFound`; `KeyFileDamaged`, `PassphraseWrong` for
    /// the store's own file; `InvalidArgument` for an empty passphrase.
    pub fn backup(&self, name: &str, passphrase: &Secret) -> Result<Vec<u8>> {
        guard(|| Ok(self.0.backup(name, &passphrase.to_passphrase())?))
    }

    /// Takes a backup back, under the key's own name; it can be backed up again.
    ///
    /// # Errors
    /// `KeyFileDamaged`, `PassphraseWrong` for the backup; `KeyNotPermitted` for the file of a key that was not made to be backed up: it may be a
    /// stolen one; otherwise as `import_key`.
    pub fn restore(&self, file: Vec<u8>, passphrase: &Secret) -> Result<KeyInfo> {
        guard(|| Ok(self.0.restore(&file, &passphrase.to_passphrase())?.into()))
    }

    /// Names of keys whose files are damaged; `list` leaves them out.
    ///
    /// # Errors
    /// `KeyStoreUnavailable`.
    pub fn damaged(&self) -> Result<Vec<String>> {
        guard(|| Ok(self.0.damaged()?))
    }
}

#[uniffi::export]
impl DeviceKeyStore for FileKeyStore {
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
