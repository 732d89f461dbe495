//! The operator's tasks on registration officers: takes the data folder of a server that is not running, or the store of one that starts.

use crate::config::{SeedUser, system_clock, time_of};
use crate::failure::Failure;
use crate::folder::Folder;
use crate::start::add_seed;
use crate::store::{Store, officers, users};
use std::path::Path;
use thrivosign::Time;

/// Appoints a user: afterwards that user decides on the certificates of the company's users, or on everybody's if none is named. One who is an officer
/// already is it from now on for these.
///
/// # Errors
/// [`Failure`] if the folder is in use or damaged, or there is no such user.
pub fn appoint(data: &Path, username: &str, company: Option<&str>) -> Result<(), Failure> {
    let folder = Folder::open(data)?;
    let now = time_of(system_clock()());
    Store::open(&folder.file("store.db"))?.transact(|tx| {
        let (user, _) = users::by_username(tx, username)?.ok_or_else(|| Failure::new("there is no such user"))?;
        officers::appoint(tx, &user.id, company, now)
    })
}

/// Takes the office from a user, who decides on nothing from then on. What was decided stands.
///
/// # Errors
/// [`Failure`] if the folder is in use or damaged, or the user is no officer.
pub fn dismiss(data: &Path, username: &str) -> Result<(), Failure> {
    let folder = Folder::open(data)?;
    let now = time_of(system_clock()());
    let dismissed = Store::open(&folder.file("store.db"))?.transact(|tx| match users::by_username(tx, username)? {
        Some((user, _)) => officers::dismiss(tx, &user.id, now),
        None => Ok(false),
    })?;
    if dismissed { Ok(()) } else { Err(Failure::new("there is no such officer")) }
}

/// Makes the user and appoints it. One who stood already keeps password and office, or the lack of one: whoever registered under that name before is not made
/// an officer by it.
pub(crate) fn seed(store: &Store, seed: &SeedUser, now: Time) -> Result<bool, Failure> {
    if !add_seed(store, seed, false, now)? {
        return Ok(false);
    }
    store.transact(|tx| {
        let (user, _) = users::by_username(tx, &seed.username)?.ok_or_else(|| Failure::new("there is no such user"))?;
        officers::appoint(tx, &user.id, None, now)
    })?;
    Ok(true)
}
