//! Challenges: random values that bind a certificate request or an activation to this server, this user and this moment.

use super::Stored;
use super::engine::{Optional, Read, Row, Transaction, params};
use crate::random;
use sha2::{Digest, Sha256};
use thrivosign::Time;

/// What a challenge was given for.
pub(crate) struct Challenge {
    hash: [u8; 32],
    /// The challenge itself; no secret, but nothing that anybody else could know beforehand.
    pub(crate) text: String,
    /// The device it was given to.
    pub(crate) device: String,
    /// What it is about: a credential, or empty.
    pub(crate) subject: String,
    /// How the user is to be authenticated.
    pub(crate) method: String,
    /// The one-time code that goes with it.
    pub(crate) code: Option<i64>,
}

/// What a new challenge is for.
pub(crate) struct For<'a> {
    pub(crate) user: &'a str,
    pub(crate) device: &'a str,
    pub(crate) purpose: &'a str,
    pub(crate) subject: &'a str,
    pub(crate) method: &'a str,
    pub(crate) code: Option<i64>,
    pub(crate) seconds: i64,
}

/// Makes a challenge and gives its text.
pub(crate) fn issue(tx: &Transaction<'_>, what: &For<'_>, now: Time) -> Stored<String> {
    let text = random::token()?;
    tx.execute("DELETE FROM challenges WHERE expires < ?1", [now.plus(-86_400).unix()])?;
    tx.execute(
        "INSERT INTO challenges (hash, text, user_id, device, purpose, subject, method, code, created, expires)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        params![
            <[u8; 32]>::from(Sha256::digest(text.as_bytes())),
            *text,
            what.user,
            what.device,
            what.purpose,
            what.subject,
            what.method,
            what.code,
            now.unix(),
            now.plus(what.seconds).unix()
        ],
    )?;
    Ok(text.to_string())
}

const COLUMNS: &str = "hash, text, device, subject, method, code";

fn from_row(row: &Row<'_>) -> Read<Challenge> {
    Ok(Challenge {
        hash: row.get(0)?,
        text: row.get(1)?,
        device: row.get(2)?,
        subject: row.get(3)?,
        method: row.get(4)?,
        code: row.get(5)?,
    })
}

/// The challenge of that text, if it was given to this user for this purpose, is unused and in time.
pub(crate) fn open(tx: &Transaction<'_>, text: &[u8], user: &str, purpose: &str, now: Time) -> Stored<Option<Challenge>> {
    let hash = <[u8; 32]>::from(Sha256::digest(text));
    let sql =
        format!("SELECT {COLUMNS} FROM challenges WHERE hash = ?1 AND user_id = ?2 AND purpose = ?3 AND used IS NULL AND expires > ?4");
    tx.query_row(&sql, params![hash, user, purpose, now.unix()], from_row).optional()
}

/// The newest open challenge about that subject, for calls in which the challenge is signed and not sent.
pub(crate) fn newest(tx: &Transaction<'_>, subject: &str, user: &str, purpose: &str, now: Time) -> Stored<Option<Challenge>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM challenges WHERE subject = ?1 AND user_id = ?2 AND purpose = ?3 AND used IS NULL AND expires > ?4
         ORDER BY created DESC, rowid DESC LIMIT 1"
    );
    tx.query_row(&sql, params![subject, user, purpose, now.unix()], from_row).optional()
}

/// Uses the challenge up; false if it was used before.
pub(crate) fn spend(tx: &Transaction<'_>, challenge: &Challenge, now: Time) -> Stored<bool> {
    let sql = "UPDATE challenges SET used = ?2 WHERE hash = ?1 AND used IS NULL";
    Ok(tx.execute(sql, params![challenge.hash, now.unix()])? == 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Failure;
    use crate::store::test_store;

    #[test]
    fn a_challenge_is_for_one_user_one_purpose_one_use() {
        let (_folder, store) = test_store();
        let at = Time::from_unix;
        store
            .transact(|tx| {
                tx.execute_batch("INSERT INTO users VALUES ('u','u','','','','','','',NULL,'c','active',0)")?;
                let what = For { user: "u", device: "d", purpose: "issue", subject: "", method: "otp", code: None, seconds: 60 };
                let text = issue(tx, &what, at(0))?;
                assert!(open(tx, text.as_bytes(), "u", "issue", at(60))?.is_none(), "expired");
                assert!(open(tx, text.as_bytes(), "v", "issue", at(1))?.is_none());
                assert!(open(tx, text.as_bytes(), "u", "activate", at(1))?.is_none());
                assert!(open(tx, b"other", "u", "issue", at(1))?.is_none());
                let challenge = open(tx, text.as_bytes(), "u", "issue", at(1))?.unwrap();
                assert!(spend(tx, &challenge, at(2))? && !spend(tx, &challenge, at(2))?);
                assert!(open(tx, text.as_bytes(), "u", "issue", at(3))?.is_none(), "used");
                Ok::<_, Failure>(())
            })
            .unwrap();
    }
}
