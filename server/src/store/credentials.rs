//! Credentials: issued certificates and their states New, Activated, Cancelled.

use super::Stored;
use super::engine::{Optional, Read, Row, Transaction, params};
use thrivosign::Time;
use thrivosign::pki::KeyProtection;
use thrivosign::remote::revoke_certificate::RevocationReason;

/// Stored names of the states; the wire's spelling is the codecs' business.
pub(crate) const NEW: &str = "new";
/// In use.
pub(crate) const ACTIVATED: &str = "activated";
/// Revoked.
pub(crate) const CANCELLED: &str = "cancelled";

/// The reason of a revocation after which a key is never certified again.
const KEY_COMPROMISE: &str = RevocationReason::KeyCompromise.as_str();

/// A credential.
pub(crate) struct Credential {
    pub(crate) id: String,
    pub(crate) device: String,
    pub(crate) state: String,
    /// The certificate, DER.
    pub(crate) der: Vec<u8>,
    /// Its serial number in lower-case hexadecimal.
    pub(crate) serial: String,
    pub(crate) not_before: Time,
    pub(crate) not_after: Time,
}

/// What makes a credential.
pub(crate) struct NewCredential<'a> {
    /// Where its key lives, as far as was verified.
    pub(crate) protection: KeyProtection,
    pub(crate) id: &'a str,
    pub(crate) user: &'a str,
    pub(crate) device: &'a str,
    pub(crate) key_hash: [u8; 32],
    pub(crate) der: &'a [u8],
    pub(crate) serial: &'a str,
    pub(crate) not_before: Time,
    pub(crate) not_after: Time,
}

const COLUMNS: &str = "id, device, state, der, serial, not_before, not_after";

fn from_row(row: &Row<'_>) -> Read<Credential> {
    Ok(Credential {
        id: row.get(0)?,
        device: row.get(1)?,
        state: row.get(2)?,
        der: row.get(3)?,
        serial: row.get(4)?,
        not_before: Time::from_unix(row.get(5)?),
        not_after: Time::from_unix(row.get(6)?),
    })
}

/// Adds it in state New.
pub(crate) fn add(tx: &Transaction<'_>, new: &NewCredential<'_>, now: Time) -> Stored<()> {
    tx.execute(
        "INSERT INTO credentials (id, user_id, device, state, key_hash, der, serial, not_before, not_after, created, level, attestation)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        params![
            new.id,
            new.user,
            new.device,
            NEW,
            new.key_hash,
            new.der,
            new.serial,
            new.not_before.unix(),
            new.not_after.unix(),
            now.unix(),
            new.protection.level.name(),
            new.protection.attestation
        ],
    )?;
    Ok(())
}

/// The user's own credential of that id.
pub(crate) fn of_user(tx: &Transaction<'_>, id: &str, user: &str) -> Stored<Option<Credential>> {
    let sql = format!("SELECT {COLUMNS} FROM credentials WHERE id = ?1 AND user_id = ?2");
    tx.query_row(&sql, [id, user], from_row).optional()
}

/// All credentials of the user, newest first.
pub(crate) fn list(tx: &Transaction<'_>, user: &str) -> Stored<Vec<Credential>> {
    let sql = format!("SELECT {COLUMNS} FROM credentials WHERE user_id = ?1 ORDER BY created DESC, id LIMIT 1000");
    tx.query_all(&sql, [user], from_row)
}

/// What was certified on that device, newest first.
pub(crate) fn of_device(tx: &Transaction<'_>, device: &str) -> Stored<Vec<Credential>> {
    let sql = format!("SELECT {COLUMNS} FROM credentials WHERE device = ?1 ORDER BY created DESC, id");
    tx.query_all(&sql, [device], from_row)
}

/// Who holds a certificate for that key: the user ids.
pub(crate) fn users_of_key(tx: &Transaction<'_>, key_hash: &[u8; 32]) -> Stored<Vec<String>> {
    tx.query_all("SELECT DISTINCT user_id FROM credentials WHERE key_hash = ?1", [key_hash], |row| row.get(0))
}

/// Whether a certificate for that key was revoked because the key is in foreign hands.
pub(crate) fn is_compromised(tx: &Transaction<'_>, key_hash: &[u8; 32]) -> Stored<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM credentials WHERE key_hash = ?1 AND reason = ?2)";
    Ok(tx.query_row(sql, params![key_hash, KEY_COMPROMISE], |row| row.get(0))?)
}

/// New -> Activated; false from any other state.
pub(crate) fn activate(tx: &Transaction<'_>, id: &str) -> Stored<bool> {
    let sql = "UPDATE credentials SET state = ?2 WHERE id = ?1 AND state = ?3 AND revoked IS NULL";
    Ok(tx.execute(sql, [id, ACTIVATED, NEW])? == 1)
}

/// Any state -> Cancelled, with the time and reason of the revocation; false if it was cancelled before.
pub(crate) fn cancel(tx: &Transaction<'_>, id: &str, reason: &str, now: Time) -> Stored<bool> {
    let sql = "UPDATE credentials SET state = ?2, revoked = ?3, reason = ?4,
               revocation = (SELECT coalesce(max(revocation), 0) + 1 FROM credentials) WHERE id = ?1 AND state <> ?2";
    Ok(tx.execute(sql, params![id, CANCELLED, now.unix(), reason])? == 1)
}

/// The device was revoked: its activated credentials go back to New.
pub(crate) fn device_lost(tx: &Transaction<'_>, device: &str) -> Stored<usize> {
    tx.execute("UPDATE credentials SET state = ?2 WHERE device = ?1 AND state = ?3", [device, NEW, ACTIVATED])
}

/// A revocation as it was recorded.
pub(crate) struct Revocation {
    /// The certificate's serial number in lower-case hexadecimal.
    pub(crate) serial: String,
    pub(crate) at: Time,
    /// In the words of [`RevocationReason`].
    pub(crate) reason: String,
}

fn revocation(row: &Row<'_>) -> Read<Revocation> {
    Ok(Revocation { serial: row.get(0)?, at: Time::from_unix(row.get(1)?), reason: row.get(2)? })
}

/// The number of the last revocation, 0 before the first.
pub(crate) fn last_revocation(tx: &Transaction<'_>) -> Stored<i64> {
    Ok(tx.query_row("SELECT coalesce(max(revocation), 0) FROM credentials", [], |row| row.get(0))?)
}

/// The revocations after that number, in their order. Those of expired certificates too: a signature made before is judged by them.
pub(crate) fn revocations_after(tx: &Transaction<'_>, number: i64) -> Stored<Vec<Revocation>> {
    let sql = "SELECT serial, revoked, coalesce(reason, '') FROM credentials WHERE revocation > ?1 ORDER BY revocation";
    tx.query_all(sql, [number], revocation)
}

/// Whether a certificate of that serial number was issued, and its revocation if it was revoked.
pub(crate) fn standing(tx: &Transaction<'_>, serial: &str) -> Stored<Option<Option<Revocation>>> {
    let sql = "SELECT serial, revoked, coalesce(reason, '') FROM credentials WHERE serial = ?1";
    let read = |row: &Row<'_>| Ok(if row.get::<Option<i64>>(1)?.is_some() { Some(revocation(row)?) } else { None });
    tx.query_row(sql, [serial], read).optional()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Failure;
    use crate::store::test_store;
    use thrivosign::pki::ProtectionLevel;

    #[test]
    fn states_move_only_along_the_contract() {
        let (_folder, store) = test_store();
        let at = Time::from_unix;
        store
            .transact(|tx| {
                tx.execute_batch("INSERT INTO users VALUES ('u','u','','','','','','',NULL,'c','active',0)")?;
                let new = NewCredential {
                    protection: KeyProtection { level: ProtectionLevel::Software, attestation: None },
                    id: "c",
                    user: "u",
                    device: "d",
                    key_hash: [1; 32],
                    der: b"der",
                    serial: "1",
                    not_before: at(0),
                    not_after: at(9),
                };
                add(tx, &new, at(1))?;
                assert!(of_user(tx, "c", "v")?.is_none(), "another user's credential is not there");
                assert_eq!(of_user(tx, "c", "u")?.unwrap().state, NEW);
                assert!(activate(tx, "c")? && !activate(tx, "c")?);
                assert_eq!(device_lost(tx, "d")?, 1);
                assert_eq!(list(tx, "u")?[0].state, NEW);
                assert!(last_revocation(tx)? == 0 && standing(tx, "1")?.is_some_and(|revoked| revoked.is_none()));
                assert!(cancel(tx, "c", "superseded", at(5))? && !cancel(tx, "c", "superseded", at(6))?);
                assert_eq!(of_user(tx, "c", "u")?.unwrap().state, CANCELLED);
                let recorded: (i64, String) =
                    tx.query_row("SELECT revoked, reason FROM credentials", [], |row| Ok((row.get(0)?, row.get(1)?)))?;
                assert_eq!(recorded, (5, "superseded".to_owned()), "the first revocation counts");
                let revoked = standing(tx, "1")?.flatten().unwrap();
                assert_eq!((revoked.at, revoked.reason.as_str()), (at(5), "superseded"));
                assert!(last_revocation(tx)? == 1 && revocations_after(tx, 0)?.len() == 1 && revocations_after(tx, 1)?.is_empty());
                assert!(standing(tx, "2")?.is_none());
                assert!(!activate(tx, "c")?, "cancelled for good");
                assert_eq!(users_of_key(tx, &[1; 32])?, ["u"]);
                Ok::<_, Failure>(())
            })
            .unwrap();
    }
}
