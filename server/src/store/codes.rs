//! One-time codes: six digits, stored salted and hashed, good once and for a short time. Who may guess how often is
//! [`super::throttle`]'s business.

use super::engine::{Optional, Transaction, params};
use super::{Stored, salted};
use crate::random;
use subtle::ConstantTimeEq;
use thrivosign::Time;
use zeroize::Zeroizing;

/// Makes a code for that purpose; earlier codes of the same user and purpose end.
pub(crate) fn issue(tx: &Transaction<'_>, user: &str, purpose: &str, seconds: i64, now: Time) -> Stored<(i64, Zeroizing<String>)> {
    let code = random::code()?;
    let salt = random::bytes::<16>()?;
    tx.execute("UPDATE codes SET used = ?3 WHERE user_id = ?1 AND purpose = ?2 AND used IS NULL", params![user, purpose, now.unix()])?;
    let id = tx.query_row(
        "INSERT INTO codes (user_id, purpose, salt, hash, created, expires) VALUES (?1, ?2, ?3, ?4, ?5, ?6) RETURNING id",
        params![user, purpose, salt, salted(&salt, code.as_bytes()), now.unix(), now.plus(seconds).unix()],
        |row| row.get(0),
    )?;
    Ok((id, code))
}

/// How many codes of that purpose the user was sent since then.
pub(crate) fn issued_since(tx: &Transaction<'_>, user: &str, purpose: &str, since: Time) -> Stored<u32> {
    let sql = "SELECT count(*) FROM codes WHERE user_id = ?1 AND purpose = ?2 AND created > ?3";
    Ok(tx.query_row(sql, params![user, purpose, since.unix()], |row| row.get(0))?)
}

/// The open code of that purpose, if there is one.
pub(crate) fn open_of(tx: &Transaction<'_>, user: &str, purpose: &str, now: Time) -> Stored<Option<i64>> {
    let sql = "SELECT id FROM codes WHERE user_id = ?1 AND purpose = ?2 AND used IS NULL AND expires > ?3";
    tx.query_row(sql, params![user, purpose, now.unix()], |row| row.get(0)).optional()
}

/// Whether that is the code, unused and in time. Does not use it up.
pub(crate) fn matches(tx: &Transaction<'_>, id: i64, given: &str, now: Time) -> Stored<bool> {
    let row = tx
        .query_row("SELECT salt, hash FROM codes WHERE id = ?1 AND used IS NULL AND expires > ?2", params![id, now.unix()], |row| {
            Ok((row.get::<[u8; 16]>(0)?, row.get::<[u8; 32]>(1)?))
        })
        .optional()?;
    Ok(row.is_some_and(|(salt, hash)| bool::from(salted(&salt, given.as_bytes()).ct_eq(&hash))))
}

/// Uses the code up.
pub(crate) fn spend(tx: &Transaction<'_>, id: i64, now: Time) -> Stored<()> {
    tx.execute("UPDATE codes SET used = ?2 WHERE id = ?1", params![id, now.unix()])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Failure;
    use crate::store::test_store;

    #[test]
    fn a_code_is_good_once_in_time_and_until_the_next() {
        let (_folder, store) = test_store();
        let at = Time::from_unix;
        store
            .transact(|tx| {
                tx.execute_batch("INSERT INTO users VALUES ('u','u','','','','','','',NULL,'c','active',0)")?;
                let (id, code) = issue(tx, "u", "device", 60, at(0))?;
                assert!(matches(tx, id, &code, at(59))? && !matches(tx, id, &code, at(60))?);
                assert!(!matches(tx, id, "", at(1))? && !matches(tx, id + 1, &code, at(1))?);
                let (newer, other) = issue(tx, "u", "device", 60, at(1))?;
                assert!(!matches(tx, id, &code, at(2))?, "a newer code ends the older");
                assert_eq!(open_of(tx, "u", "device", at(2))?, Some(newer));
                spend(tx, newer, at(3))?;
                assert!(!matches(tx, newer, &other, at(4))?, "used up");
                assert_eq!(open_of(tx, "u", "device", at(4))?, None);
                assert_eq!(issued_since(tx, "u", "device", at(0))?, 1);
                Ok::<_, Failure>(())
            })
            .unwrap();
    }
}
