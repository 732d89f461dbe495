//! What the use of a remote credential takes: a PIN and perhaps a second factor (SCAL 1), or the device's approval (SCAL 2).

use super::Stored;
use super::credentials::{self, Credential};
use super::engine::{Optional, Transaction, params};

/// A remote credential's own facts, beside those of every credential.
pub(crate) struct Remote {
    pub(crate) credential: Credential,
    pub(crate) scal: u8,
    /// Argon2id, as a PHC string.
    pub(crate) pin: Option<String>,
    /// In the words of the contract's second factors.
    pub(crate) otp: String,
    /// The generator's secret, sealed by the vault.
    pub(crate) totp: Option<Vec<u8>>,
}

/// What makes a credential a remote one.
pub(crate) struct NewRemote<'a> {
    pub(crate) credential: &'a str,
    pub(crate) scal: u8,
    pub(crate) pin: Option<&'a str>,
    pub(crate) otp: &'a str,
    pub(crate) totp: Option<&'a [u8]>,
}

/// Adds it.
pub(crate) fn add(tx: &Transaction<'_>, new: &NewRemote<'_>) -> Stored<()> {
    tx.execute(
        "INSERT INTO remote_credentials (credential, scal, pin, otp, totp) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![new.credential, new.scal, new.pin, new.otp, new.totp],
    )?;
    Ok(())
}

/// The user's own remote credential of that id.
pub(crate) fn of_user(tx: &Transaction<'_>, id: &str, user: &str) -> Stored<Option<Remote>> {
    let Some(credential) = credentials::of_user(tx, id, user)? else { return Ok(None) };
    let sql = "SELECT scal, pin, otp, totp FROM remote_credentials WHERE credential = ?1";
    let row = tx.query_row(sql, [id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))).optional()?;
    Ok(row.map(|(scal, pin, otp, totp)| Remote { credential, scal, pin, otp, totp }))
}

/// The ids of the user's remote credentials after that one, in their order.
pub(crate) fn ids(tx: &Transaction<'_>, user: &str, after: &str, most: u64) -> Stored<Vec<String>> {
    let sql = "SELECT credential FROM remote_credentials JOIN credentials ON id = credential
               WHERE user_id = ?1 AND credential > ?2 ORDER BY credential LIMIT ?3";
    tx.query_all(sql, params![user, after, i64::try_from(most).unwrap_or(i64::MAX)], |row| row.get(0))
}

/// Uses up a generator's step and those before it; false if it was used before.
pub(crate) fn use_step(tx: &Transaction<'_>, id: &str, step: i64) -> Stored<bool> {
    let sql = "UPDATE remote_credentials SET totp_step = ?2 WHERE credential = ?1 AND totp_step < ?2";
    Ok(tx.execute(sql, params![id, step])? == 1)
}
