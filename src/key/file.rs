//! The key room: keys in a folder, one encrypted file each.
//!
//! Takes a folder and a passphrase; may reach `host` for files and randomness. The form of the files stands in
//! `file_format`. A file is replaced atomically, so that a killed write leaves the old one whole; files have mode 0600, the
//! folder 0700. Names, purposes and public keys can be read while the store is locked; signing, making and importing keys
//! need [`FileKeyStore::unlock`]. A key that was opened stays in memory until [`FileKeyStore::lock`] or the end of the
//! store, but is used only while its file is unchanged, so that a key deleted elsewhere is gone here too.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "this store is files")]

mod backup;
mod naming;

use super::file_format::{COST, Clear, Fresh, KeyFile, MAX_FILE, seal};
use super::software::SoftwareKey;
use super::{Attestation, DeviceKeyStore, KeyInfo, KeyPurpose, KeySpec, Passphrase, Prompt, Protection, check_name};
use crate::crypto::SignatureAlgorithm;
use crate::error::{Error, ErrorKind, Result};
use crate::host::file::{Durability, FileSink, read_small};
use crate::host::random;
use naming::{file_name, key_name};
use std::collections::BTreeMap;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

const LOCK: &str = ".lock";

/// Keys in a folder, one encrypted file each.
pub struct FileKeyStore {
    folder: PathBuf,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    passphrase: Option<Passphrase>,
    /// Keys that were opened, with the bytes of the file they came from.
    open: BTreeMap<String, (Vec<u8>, Arc<SoftwareKey>)>,
}

fn unavailable(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::new(ErrorKind::KeyStoreUnavailable).caused_by(cause)
}

impl FileKeyStore {
    /// Opens the store, locked. After the call the folder exists; a new one has mode 0700.
    ///
    /// # Errors
    /// [`ErrorKind::KeyStoreUnavailable`] if the folder cannot be made or is none.
    pub fn open(folder: &Path) -> Result<FileKeyStore> {
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder).map_err(unavailable)?;
        Ok(FileKeyStore { folder: folder.to_owned(), state: Mutex::default() })
    }

    /// After the call keys can be used and made. If there are keys already, the passphrase has opened one of them.
    ///
    /// # Errors
    /// [`ErrorKind::PassphraseWrong`]; [`ErrorKind::InvalidArgument`] for an empty one;
    /// [`ErrorKind::KeyStoreUnavailable`]. The store is then as it was.
    pub fn unlock(&self, passphrase: Passphrase) -> Result<()> {
        if passphrase.as_bytes().is_empty() {
            return Err(Error::new(ErrorKind::InvalidArgument).context("the passphrase is empty"));
        }
        let mut open = BTreeMap::new();
        let mut wrong = None;
        for (name, file) in self.files()? {
            match open_key(&name, &file, &passphrase) {
                Ok(key) => {
                    wrong = None;
                    open.insert(name, (file, Arc::new(key)));
                    break;
                }
                Err(error) if error.kind() == ErrorKind::PassphraseWrong => wrong = Some(error),
                // A damaged file says nothing about the passphrase; using its key says that it is damaged.
                Err(_) => {}
            }
        }
        if let Some(wrong) = wrong {
            return Err(wrong);
        }
        *self.state() = State { passphrase: Some(passphrase), open };
        Ok(())
    }

    /// After the call the passphrase and all opened keys are wiped from memory.
    pub fn lock(&self) {
        *self.state() = State::default();
    }

    /// Takes over a key, as when moving from PKCS#12.
    ///
    /// # Errors
    /// As [`DeviceKeyStore::create`].
    pub fn import(&self, name: &str, purpose: KeyPurpose, key: &SoftwareKey) -> Result<KeyInfo> {
        self.put(Clear { name: name.to_owned(), purpose, public_key: key.public_key().clone(), exportable: false }, key)
    }

    /// Writes a key that is not there yet.
    fn put(&self, clear: Clear, key: &SoftwareKey) -> Result<KeyInfo> {
        let name = &*clear.name;
        check_name(name)?;
        let file = {
            let state = self.state();
            let passphrase = state.passphrase.as_ref().ok_or_else(|| Error::new(ErrorKind::KeyLocked))?;
            seal(&clear, key.pkcs8(), passphrase, COST, &fresh()?)?
        };
        let _lock = self.lock_folder()?;
        self.sweep();
        let path = self.path(name);
        match fs::symlink_metadata(&path) {
            Ok(_) => return Err(ErrorKind::KeyExists.into()),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => {}
            Err(cause) => return Err(unavailable(cause)),
        }
        write(&path, &file)?;
        Ok(info(clear))
    }

    /// After the call every key is under the new passphrase, and the store is unlocked with it. If the call is cut off in
    /// the middle, some keys are under the one and some under the other; calling again finishes the work.
    ///
    /// # Errors
    /// [`ErrorKind::KeyLocked`]; [`ErrorKind::PassphraseWrong`] or [`ErrorKind::KeyFileDamaged`] if a key cannot be opened:
    /// nothing was changed then; [`ErrorKind::InvalidArgument`] for an empty one; [`ErrorKind::KeyStoreUnavailable`].
    pub fn change_passphrase(&self, new: Passphrase) -> Result<()> {
        if new.as_bytes().is_empty() {
            return Err(Error::new(ErrorKind::InvalidArgument).context("the passphrase is empty"));
        }
        let mut state = self.state();
        let old = state.passphrase.as_ref().ok_or_else(|| Error::new(ErrorKind::KeyLocked))?;
        let _lock = self.lock_folder()?;
        self.sweep();
        let mut sealed = Vec::new();
        for (name, file) in self.files()? {
            let key = match open_key(&name, &file, old) {
                Err(error) if error.kind() == ErrorKind::PassphraseWrong && open_key(&name, &file, &new).is_ok() => continue,
                other => other?,
            };
            let clear = KeyFile::read(&file)?.clear;
            sealed.push((self.path(&name), seal(&clear, key.pkcs8(), &new, COST, &fresh()?)?));
        }
        for (path, file) in sealed {
            write(&path, &file)?;
        }
        *state = State { passphrase: Some(new), open: BTreeMap::new() };
        Ok(())
    }

    /// Names of keys whose files are damaged; [`DeviceKeyStore::list`] leaves them out.
    ///
    /// # Errors
    /// [`ErrorKind::KeyStoreUnavailable`].
    pub fn damaged(&self) -> Result<Vec<String>> {
        Ok(self
            .names()?
            .into_iter()
            .filter(|name| matches!(self.info(name), Err(error) if error.kind() == ErrorKind::KeyFileDamaged))
            .collect())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(file_name(name))
    }

    fn read(&self, name: &str) -> Result<Vec<u8>> {
        let path = self.path(name);
        match fs::symlink_metadata(&path) {
            // Neither a link nor a pipe was ever written here; following one is what an attacker would like.
            Ok(found) if !found.is_file() => return Err(Error::new(ErrorKind::KeyFileDamaged).context("not a regular file")),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Err(ErrorKind::KeyNotFound.into()),
            _ => {}
        }
        read_small(&path, MAX_FILE).map_err(|error| match error.kind() {
            ErrorKind::LimitReached => Error::new(ErrorKind::KeyFileDamaged).context("the file is too long"),
            _ => unavailable(error),
        })
    }

    fn names(&self) -> Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.folder).map_err(unavailable)? {
            names.extend(entry.map_err(unavailable)?.file_name().to_str().and_then(key_name));
        }
        names.sort();
        Ok(names)
    }

    fn files(&self) -> Result<Vec<(String, Vec<u8>)>> {
        let mut files = Vec::new();
        for name in self.names()? {
            match self.read(&name) {
                Ok(file) => files.push((name, file)),
                Err(error) if matches!(error.kind(), ErrorKind::KeyNotFound | ErrorKind::KeyFileDamaged) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(files)
    }

    /// Held while files are changed, also against other processes; the system lets go of it when a process dies.
    fn lock_folder(&self) -> Result<File> {
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).write(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(self.folder.join(LOCK)).map_err(unavailable)?;
        file.lock().map_err(unavailable)?;
        Ok(file)
    }

    /// Removes what killed writes left behind; called with the folder locked, so that nobody is writing.
    fn sweep(&self) {
        let Ok(entries) = fs::read_dir(&self.folder) else { return };
        for entry in entries.flatten() {
            if entry.file_name().to_str().is_some_and(crate::host::file::is_temporary) {
                // Left behind it does no harm; the next call tries again.
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

fn info(clear: Clear) -> KeyInfo {
    KeyInfo::new(&clear.name, clear.public_key, Protection::Software, clear.purpose, Prompt::None)
}

/// Takes the file apart and refuses one that was given another name.
fn read_as<'a>(name: &str, file: &'a [u8]) -> Result<KeyFile<'a>> {
    let parsed = KeyFile::read(file)?;
    if parsed.clear.name != name {
        return Err(Error::new(ErrorKind::KeyFileDamaged).context("the file was renamed"));
    }
    Ok(parsed)
}

fn open_key(name: &str, file: &[u8], passphrase: &Passphrase) -> Result<SoftwareKey> {
    let parsed = read_as(name, file)?;
    let key = SoftwareKey::from_owned(parsed.open(passphrase)?).map_err(|error| Error::new(ErrorKind::KeyFileDamaged).caused_by(error))?;
    if *key.public_key() != parsed.clear.public_key {
        return Err(Error::new(ErrorKind::KeyFileDamaged).context("the public key"));
    }
    Ok(key)
}

fn fresh() -> Result<Fresh> {
    Ok(Fresh { salt: random::bytes()?, nonce: random::bytes()? })
}

fn write(path: &Path, file: &[u8]) -> Result<()> {
    let mut sink = FileSink::create(path, Durability::Fsync).map_err(unavailable)?.private();
    sink.write(file).map_err(unavailable)?;
    sink.finish().map_err(unavailable)
}

impl DeviceKeyStore for FileKeyStore {
    fn create(&self, name: &str, spec: &KeySpec) -> Result<KeyInfo> {
        check_name(name)?;
        if self.state().passphrase.is_none() {
            return Err(ErrorKind::KeyLocked.into());
        }
        if fs::symlink_metadata(self.path(name)).is_ok() {
            return Err(ErrorKind::KeyExists.into());
        }
        self.import(name, spec.purpose, &SoftwareKey::generate(spec.algorithm)?)
    }

    /// While the store is locked, the answer is whole but not authenticated: whoever can write the folder can change it.
    /// Signing notices.
    fn info(&self, name: &str) -> Result<KeyInfo> {
        check_name(name)?;
        Ok(info(read_as(name, &self.read(name)?)?.clear))
    }

    fn sign(&self, name: &str, message: &[u8], algorithm: &SignatureAlgorithm) -> Result<Vec<u8>> {
        check_name(name)?;
        let file = self.read(name)?;
        let key = {
            let mut state = self.state();
            let passphrase = state.passphrase.as_ref().ok_or_else(|| Error::new(ErrorKind::KeyLocked))?;
            match state.open.get(name) {
                Some((known, key)) if *known == file => key.clone(),
                _ => {
                    let key = Arc::new(open_key(name, &file, passphrase)?);
                    state.open.insert(name.to_owned(), (file, key.clone()));
                    key
                }
            }
        };
        key.sign(message, algorithm)
    }

    fn attest(&self, name: &str, _challenge: &[u8]) -> Result<Attestation> {
        self.info(name)?;
        Err(ErrorKind::AttestationUnavailable.into())
    }

    fn delete(&self, name: &str) -> Result<()> {
        check_name(name)?;
        self.state().open.remove(name);
        let _lock = self.lock_folder()?;
        match fs::remove_file(self.path(name)) {
            Ok(()) => crate::host::file::sync_folder(&self.folder).map_err(unavailable),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => Err(ErrorKind::KeyNotFound.into()),
            Err(cause) => Err(unavailable(cause)),
        }
    }

    fn list(&self) -> Result<Vec<KeyInfo>> {
        let mut found = Vec::new();
        for (name, file) in self.files()? {
            found.extend(read_as(&name, &file).ok().map(|parsed| info(parsed.clear)));
        }
        Ok(found)
    }
}
