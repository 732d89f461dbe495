//! The operator's tasks on API keys: takes the data folder of a server that is not running.

use crate::config::{system_clock, time_of};
use crate::failure::Failure;
use crate::folder::Folder;
use crate::store::{Store, api_keys};
use std::path::Path;
use zeroize::Zeroizing;

/// Makes an API key; it is shown once.
///
/// # Errors
/// [`Failure`] if the folder is in use or damaged.
pub fn make(data: &Path) -> Result<Zeroizing<String>, Failure> {
    let folder = Folder::open(data)?;
    let now = time_of(system_clock()());
    Store::open(&folder.file("store.db"))?.transact(|tx| api_keys::issue(tx, now))
}

/// Revokes the API key of that id; afterwards it opens nothing.
///
/// # Errors
/// [`Failure`] if the folder is in use or damaged, or there is no such key.
pub fn revoke(data: &Path, id: &str) -> Result<(), Failure> {
    let folder = Folder::open(data)?;
    let now = time_of(system_clock()());
    let revoked = Store::open(&folder.file("store.db"))?.transact(|tx| api_keys::revoke(tx, id, now))?;
    if revoked { Ok(()) } else { Err(Failure::new("there is no such API key")) }
}
