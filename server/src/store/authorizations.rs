//! Remote signatures that a device is asked to approve, with its signed answers.

use super::engine::{Optional, Read, Row, Transaction, params};
use super::{Stored, lines, unlines};
use crate::failure::Failure;
use thrivosign::Time;
use thrivosign::remote::authorization_response::Decision;

/// Nobody has answered yet.
pub(crate) const PENDING: &str = "pending";

/// A request for approval.
pub(crate) struct Authorization {
    pub(crate) id: String,
    pub(crate) credential: String,
    pub(crate) device: String,
    pub(crate) challenge: String,
    pub(crate) description: Option<String>,
    pub(crate) names: Vec<String>,
    pub(crate) hashes: Vec<Vec<u8>>,
    /// `pending`, or that of a [`Decision`].
    pub(crate) state: String,
    pub(crate) expires: Time,
}

const COLUMNS: &str = "id, credential, device, challenge, description, names, hashes, state, expires";

fn from_row(row: &Row<'_>) -> Read<(Authorization, String, String)> {
    let found = Authorization {
        id: row.get(0)?,
        credential: row.get(1)?,
        device: row.get(2)?,
        challenge: row.get(3)?,
        description: row.get(4)?,
        names: Vec::new(),
        hashes: Vec::new(),
        state: row.get(7)?,
        expires: Time::from_unix(row.get(8)?),
    };
    Ok((found, row.get(5)?, row.get(6)?))
}

fn whole((found, names, hashes): (Authorization, String, String)) -> Stored<Authorization> {
    let names = serde_json::from_str(&names).map_err(Failure::at("a stored list of names is damaged"))?;
    Ok(Authorization { names, hashes: unlines(&hashes)?, ..found })
}

/// Keeps a new request for approval.
pub(crate) fn add(tx: &Transaction<'_>, user: &str, new: &Authorization, now: Time) -> Stored<()> {
    let names = serde_json::to_string(&new.names).map_err(Failure::at("cannot store a list of names"))?;
    tx.execute(
        "INSERT INTO authorizations (id, user_id, credential, device, challenge, description, names, hashes, state, created, expires)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        params![
            new.id,
            user,
            new.credential,
            new.device,
            new.challenge,
            new.description,
            names,
            lines(&new.hashes),
            new.state,
            now.unix(),
            new.expires.unix()
        ],
    )?;
    Ok(())
}

/// The user's own request of that id.
pub(crate) fn of_user(tx: &Transaction<'_>, id: &str, user: &str) -> Stored<Option<Authorization>> {
    let sql = format!("SELECT {COLUMNS} FROM authorizations WHERE id = ?1 AND user_id = ?2");
    tx.query_row(&sql, [id, user], from_row).optional()?.map(whole).transpose()
}

/// What waits for that device of the user, oldest first.
pub(crate) fn waiting(tx: &Transaction<'_>, device: &str, user: &str, now: Time) -> Stored<Vec<Authorization>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM authorizations WHERE device = ?1 AND user_id = ?2 AND state = ?3 AND expires > ?4 ORDER BY created, rowid"
    );
    let rows = tx.query_all(&sql, params![device, user, PENDING, now.unix()], from_row)?;
    rows.into_iter().map(whole).collect()
}

/// Keeps the answer; false if there is one already.
pub(crate) fn answer(tx: &Transaction<'_>, id: &str, decision: Decision, signature: &[u8], algorithm: &str, now: Time) -> Stored<bool> {
    let sql = "UPDATE authorizations SET state = ?2, answer = ?3, algorithm = ?4, answered = ?5 WHERE id = ?1 AND state = ?6";
    Ok(tx.execute(sql, params![id, decision.state(), signature, algorithm, now.unix(), PENDING])? == 1)
}
