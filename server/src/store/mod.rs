//! What the server remembers: takes facts, gives them back after a restart. SQLite in the data folder, WAL with
//! synchronous=FULL, one connection behind a mutex; called on blocking threads only.
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
pub(crate) mod credentials;
pub(crate) mod crls;
pub(crate) mod devices;
pub(crate) mod documents;
pub(crate) mod officers;
pub(crate) mod once;
pub(crate) mod packages;
pub(crate) mod recipients;
pub(crate) mod remote_credentials;
pub(crate) mod requests;
pub(crate) mod retention;
mod schema;
pub(crate) mod services;
pub(crate) mod signatures;
pub(crate) mod stamps;
pub(crate) mod templates;
pub(crate) mod throttle;
pub(crate) mod tidy;
pub(crate) mod tokens;
pub(crate) mod users;
pub(crate) mod webhooks;

use crate::failure::Failure;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};
use sha2::{Digest, Sha256};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// The store's result: the failure is the operator's, never the client's.
pub(crate) type Stored<T> = Result<T, Failure>;

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Failure {
        // The code alone: SQLite's texts can quote values.
        let code = error.sqlite_error_code().map_or_else(|| "row of another shape".to_owned(), |code| format!("{code:?}"));
        Failure::new("the store failed").because(code)
    }
}

/// The open store.
pub(crate) struct Store {
    connection: Mutex<Connection>,
}

impl Store {
    /// Opens or makes the database and brings its schema up to date.
    pub(crate) fn open(path: &Path) -> Stored<Store> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(Duration::from_secs(5))?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.pragma_update(None, "secure_delete", true)?;
        connection.pragma_update(None, "trusted_schema", false)?;
        schema::migrate(&mut connection)?;
        Ok(Store { connection: Mutex::new(connection) })
    }

    /// Runs the work in one transaction: committed if it gives `Ok`, otherwise nothing of it stays.
    pub(crate) fn transact<T, E: From<Failure>>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T, E>) -> Result<T, E> {
        // A panic inside `work` rolled its transaction back; the connection itself is whole.
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(Failure::from)?;
        let value = work(&transaction)?;
        transaction.commit().map_err(Failure::from)?;
        Ok(value)
    }
}

/// Opens a store to read and nothing else: as evidence, which no migration may touch.
fn open_to_read(path: &Path) -> Stored<Connection> {
    if !path.is_file() {
        return Err(Failure::new("there is no such store"));
    }
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.pragma_update(None, "trusted_schema", false)?;
    Ok(connection)
}

/// What SQLite finds damaged in a store, and what the work reads of it at the same moment.
pub(crate) fn inspect<T>(path: &Path, work: impl FnOnce(&Transaction<'_>) -> Stored<T>) -> Stored<(Vec<String>, T)> {
    let mut connection = open_to_read(path)?;
    let tx = connection.transaction()?;
    let mut damage = Vec::new();
    for (pragma, column) in [("integrity_check", 0), ("foreign_key_check", 2)] {
        let mut statement = tx.prepare(&format!("PRAGMA {pragma}"))?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let text: String = row.get(column)?;
            if text != "ok" {
                damage.push(format!("{pragma}: {}", text.escape_debug()));
            }
        }
    }
    let value = work(&tx)?;
    Ok((damage, value))
}

/// Brings all that was written into the one file of the store, so that a copy of it is whole.
pub(crate) fn settle(path: &Path) -> Stored<()> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    let busy: bool = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    if busy { Err(Failure::new("the store is being read; try again")) } else { Ok(()) }
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
