//! What the server remembers: takes facts, gives them back after a restart. A database behind [`engine::Engine`], one connection behind a mutex; called
//! on blocking threads only.
//!
//! Each noun has its file with functions over an open transaction, so that a call's reads and writes stand or fall together.
//! Secrets are stored hashed; this room knows neither HTTP nor certificates' insides.

pub(crate) mod activations;
pub(crate) mod api_keys;
pub(crate) mod audit;
pub(crate) mod authorizations;
pub(crate) mod challenges;
pub(crate) mod clients;
pub(crate) mod codes;
#[cfg(test)]
mod contract;
pub(crate) mod credentials;
pub(crate) mod crls;
pub(crate) mod devices;
pub(crate) mod documents;
pub(crate) mod engine;
#[cfg(feature = "faults")]
mod fault;
pub(crate) mod officers;
pub(crate) mod once;
pub(crate) mod packages;
pub(crate) mod recipients;
pub(crate) mod remote_credentials;
pub(crate) mod requests;
pub(crate) mod retention;
mod schema;
pub(crate) mod services;
pub(crate) mod signature_images;
pub(crate) mod signatures;
mod sqlite;
pub(crate) mod stamps;
pub(crate) mod templates;
pub(crate) mod throttle;
pub(crate) mod tidy;
pub(crate) mod tokens;
pub(crate) mod users;
pub(crate) mod webhooks;

use crate::failure::Failure;
use engine::Engine;
pub(crate) use engine::Transaction;
use sha2::{Digest, Sha256};
use sqlite::Sqlite;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// The store's result: the failure is the operator's, never the client's.
pub(crate) type Stored<T> = Result<T, Failure>;

/// The open store.
pub(crate) struct Store {
    engine: Mutex<Box<dyn Engine>>,
}

impl Store {
    /// Opens or makes the database and brings its schema up to date.
    pub(crate) fn open(path: &Path) -> Stored<Store> {
        let engine: Box<dyn Engine> = Box::new(Sqlite::open(path)?);
        #[cfg(feature = "faults")]
        let engine = fault::over(engine);
        Ok(Store { engine: Mutex::new(engine) })
    }

    /// Runs the work in one transaction: committed if it gives `Ok`, otherwise nothing of it stays.
    pub(crate) fn transact<T, E: From<Failure>>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T, E>) -> Result<T, E> {
        // A panic inside `work` rolled its transaction back; the connection itself is whole.
        let engine = self.engine.lock().unwrap_or_else(PoisonError::into_inner);
        let transaction = Transaction::begin(engine.as_ref())?;
        let value = work(&transaction)?;
        transaction.commit()?;
        Ok(value)
    }
}

/// What is damaged in a store, and what the work reads of it at the same moment.
pub(crate) fn inspect<T>(path: &Path, work: impl FnOnce(&Transaction<'_>) -> Stored<T>) -> Stored<(Vec<String>, T)> {
    let engine = Sqlite::open_to_read(path)?;
    let tx = Transaction::begin(&engine)?;
    let damage = engine.damage()?;
    let value = work(&tx)?;
    Ok((damage, value))
}

/// Brings all that was written into the one file of the store, so that a copy of it is whole.
pub(crate) fn settle(path: &Path) -> Stored<()> {
    sqlite::settle(path)
}

/// SHA-256 of a salt and a secret, for secrets that are random themselves.
pub(crate) fn salted(salt: &[u8], secret: &[u8]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(salt);
    hasher.update(secret);
    hasher.finalize().into()
}

/// Byte strings as one text, a line of hexadecimal each.
fn lines(values: &[Vec<u8>]) -> String {
    values.iter().map(|value| crate::random::hex(value)).collect::<Vec<_>>().join("\n")
}

/// What [`lines`] wrote.
fn unlines(text: &str) -> Stored<Vec<Vec<u8>>> {
    let damaged = || Failure::new("a stored list of hashes is damaged");
    text.lines().map(|line| crate::random::unhex(line).ok_or_else(damaged)).collect()
}

#[cfg(test)]
pub(crate) fn test_store() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("store.db")).unwrap();
    (folder, store)
}
