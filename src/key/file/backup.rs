//! The key room: backups of keys in a folder. Takes a key that was made to be backed up and a passphrase for the copy; gives an encrypted key file, and takes it
//! back. Refuses every other key: whether a key may leave is settled when it is made, and stands in its file under the passphrase's check.

use super::{Clear, FileKeyStore, fresh, open_key, read_as};
use crate::error::{Error, ErrorKind, Result};
use crate::key::file_format::{COST, KeyFile, seal};
use crate::key::software::SoftwareKey;
use crate::key::{KeyInfo, KeySpec, Passphrase, check_name};

impl FileKeyStore {
    /// As [`DeviceKeyStore::create`](crate::key::DeviceKeyStore::create), of a key that [`FileKeyStore::backup`] gives: for a key whose loss would be worse than a copy of it, as
    /// that of a seal. Never for a person's signing key: that nobody else has it is what its signatures are worth.
    ///
    /// # Errors
    /// As [`DeviceKeyStore::create`](crate::key::DeviceKeyStore::create).
    pub fn create_exportable(&self, name: &str, spec: &KeySpec) -> Result<KeyInfo> {
        check_name(name)?;
        if self.state().passphrase.is_none() {
            return Err(ErrorKind::KeyLocked.into());
        }
        let key = SoftwareKey::generate(spec.algorithm)?;
        self.put(Clear { name: name.to_owned(), purpose: spec.purpose, public_key: key.public_key().clone(), exportable: true }, &key)
    }

    /// The key in a file of its own, under a passphrase of its own. The key stays as it is.
    ///
    /// # Errors
    /// [`ErrorKind::KeyNotPermitted`] for a key that was not made to be backed up; [`ErrorKind::KeyLocked`]; [`ErrorKind::KeyNotFound`];
    /// [`ErrorKind::KeyFileDamaged`], [`ErrorKind::PassphraseWrong`] for its file; [`ErrorKind::InvalidArgument`] for an empty passphrase.
    pub fn backup(&self, name: &str, passphrase: &Passphrase) -> Result<Vec<u8>> {
        check_name(name)?;
        if passphrase.as_bytes().is_empty() {
            return Err(Error::new(ErrorKind::InvalidArgument).context("the passphrase is empty"));
        }
        let file = self.read(name)?;
        let clear = read_as(name, &file)?.clear;
        if !clear.exportable {
            return Err(Error::new(ErrorKind::KeyNotPermitted).context("the key was not made to be backed up"));
        }
        // Opened first: only then is it sure that the file was not changed to say so.
        let key = {
            let state = self.state();
            let own = state.passphrase.as_ref().ok_or_else(|| Error::new(ErrorKind::KeyLocked))?;
            open_key(name, &file, own)?
        };
        seal(&clear, key.pkcs8(), passphrase, COST, &fresh()?)
    }

    /// Takes a backup back, under its own name; it can be backed up again.
    ///
    /// # Errors
    /// [`ErrorKind::KeyFileDamaged`], [`ErrorKind::PassphraseWrong`] for the backup; [`ErrorKind::KeyNotPermitted`] for the file of a key that was not made to be backed
    /// up: it may be a stolen one; otherwise as [`FileKeyStore::import`].
    pub fn restore(&self, file: &[u8], passphrase: &Passphrase) -> Result<KeyInfo> {
        let clear = KeyFile::read(file)?.clear;
        if !clear.exportable {
            return Err(Error::new(ErrorKind::KeyNotPermitted).context("the key was not made to be backed up"));
        }
        let key = open_key(&clear.name, file, passphrase)?;
        self.put(clear, &key)
    }
}
