//! Registered devices and their authentication keys.

use super::Stored;
use super::engine::{Optional, Transaction, params};
use super::officers::{Officer, SCOPE};
use crate::failure::Failure;
use thrivosign::Time;
use thrivosign::key::attestation::AppAttestKey;
use thrivosign::pki::algorithm::PublicKey;

/// A registered device.
pub(crate) struct Device {
    pub(crate) uuid: String,
    pub(crate) user: String,
    /// The authentication key, SubjectPublicKeyInfo DER.
    pub(crate) spki: Vec<u8>,
    pub(crate) revoked: bool,
}

/// What registers a device.
pub(crate) struct NewDevice<'a> {
    pub(crate) uuid: &'a str,
    pub(crate) user: &'a str,
    pub(crate) name: &'a str,
    pub(crate) platform: &'a str,
    pub(crate) spki: &'a [u8],
    pub(crate) key_hash: [u8; 32],
    pub(crate) level: &'a str,
    /// SHA-256 of the attestation that was verified.
    pub(crate) attestation: Option<[u8; 32]>,
}

/// The device of that UUID, whoever it belongs to.
pub(crate) fn find(tx: &Transaction<'_>, uuid: &str) -> Stored<Option<Device>> {
    tx.query_row("SELECT uuid, user_id, spki, revoked IS NOT NULL FROM devices WHERE uuid = ?1", [uuid], |row| {
        Ok(Device { uuid: row.get(0)?, user: row.get(1)?, spki: row.get(2)?, revoked: row.get(3)? })
    })
    .optional()
}

/// The user's own device, if it is registered and not revoked.
pub(crate) fn of_user(tx: &Transaction<'_>, uuid: &str, user: &str) -> Stored<Option<Device>> {
    Ok(find(tx, uuid)?.filter(|device| device.user == user && !device.revoked))
}

/// A device as an officer sees it.
pub(crate) struct Listed {
    pub(crate) uuid: String,
    pub(crate) user: String,
    pub(crate) owner: String,
    pub(crate) email: String,
    pub(crate) company: Option<String>,
    pub(crate) name: String,
    pub(crate) platform: String,
    pub(crate) level: String,
}

/// The devices of the users that the officer answers for, newest first, without those that are revoked.
pub(crate) fn of_officer(tx: &Transaction<'_>, officer: &Officer) -> Stored<Vec<Listed>> {
    let sql = format!(
        "SELECT d.uuid, u.id, u.name, u.email, u.company, d.name, d.platform, d.level FROM devices d JOIN users u ON u.id = d.user_id
         WHERE {SCOPE} AND d.revoked IS NULL ORDER BY d.created DESC, d.uuid LIMIT 1000"
    );
    tx.query_all(&sql, params![officer.user, officer.company], |row| {
        Ok(Listed {
            uuid: row.get(0)?,
            user: row.get(1)?,
            owner: row.get(2)?,
            email: row.get(3)?,
            company: row.get(4)?,
            name: row.get(5)?,
            platform: row.get(6)?,
            level: row.get(7)?,
        })
    })
}

/// Whose that device is or was, if the officer answers for that user.
pub(crate) fn owner_for(tx: &Transaction<'_>, uuid: &str, officer: &Officer) -> Stored<Option<String>> {
    let sql = format!("SELECT u.id FROM devices d JOIN users u ON u.id = d.user_id WHERE {SCOPE} AND d.uuid = ?3");
    tx.query_row(&sql, params![officer.user, officer.company, uuid], |row| row.get(0)).optional()
}

/// Whether that key is or was the authentication key of a registered device other than that one.
pub(crate) fn has_key(tx: &Transaction<'_>, key_hash: &[u8; 32], but: &str) -> Stored<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM devices WHERE key_hash = ?1 AND uuid <> ?2)";
    Ok(tx.query_row(sql, params![key_hash, but], |row| row.get(0))?)
}

/// Registers the device, or registers it anew with another key after it was revoked.
pub(crate) fn register(tx: &Transaction<'_>, new: &NewDevice<'_>, now: Time) -> Stored<()> {
    tx.execute(
        "INSERT INTO devices (uuid, user_id, name, platform, spki, key_hash, level, created, attestation)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
         ON CONFLICT(uuid) DO UPDATE SET name = ?3, platform = ?4, spki = ?5, key_hash = ?6, level = ?7, created = ?8, attestation = ?9,
             app_key = NULL, app_counter = 0, revoked = NULL
         WHERE revoked IS NOT NULL AND user_id = ?2",
        params![new.uuid, new.user, new.name, new.platform, new.spki, new.key_hash, new.level, now.unix(), new.attestation],
    )?;
    Ok(())
}

/// Revokes the device.
pub(crate) fn revoke(tx: &Transaction<'_>, uuid: &str, now: Time) -> Stored<()> {
    tx.execute("UPDATE devices SET revoked = ?2 WHERE uuid = ?1 AND revoked IS NULL", params![uuid, now.unix()])?;
    Ok(())
}

/// The app's credential on that device, with the counter of its last statement.
pub(crate) fn app_key(tx: &Transaction<'_>, uuid: &str) -> Stored<Option<AppAttestKey>> {
    let sql = "SELECT app_key, app_counter FROM devices WHERE uuid = ?1 AND app_key IS NOT NULL";
    let found: Option<(Vec<u8>, u32)> = tx.query_row(sql, [uuid], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let Some((spki, counter)) = found else { return Ok(None) };
    let public_key = PublicKey::from_spki_der(&spki).map_err(Failure::at("a stored key is damaged"))?;
    Ok(Some(AppAttestKey { public_key, counter }))
}

/// Keeps the app's credential, or its new counter. The one that is kept never counts down: a statement that is sent again would otherwise open the
/// door to all that came after it.
pub(crate) fn keep_app_key(tx: &Transaction<'_>, uuid: &str, app: &AppAttestKey) -> Stored<()> {
    let sql = "UPDATE devices SET app_key = ?2, app_counter = ?3 WHERE uuid = ?1 AND (app_key IS NOT ?2 OR app_counter < ?3)";
    tx.execute(sql, params![uuid, app.public_key.spki_der(), app.counter])?;
    Ok(())
}
