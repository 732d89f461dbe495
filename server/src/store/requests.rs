//! Requests for certificates that a registration officer decides on: they are kept with what was verified of them, and move once, from pending to approved
//! or rejected.

use super::Stored;
use super::engine::{Optional, Read, Row, Transaction, params};
use super::officers::{Officer, SCOPE};
use thrivosign::Time;
use thrivosign::remote::officer::decide::Decision;

/// Not decided yet.
pub(crate) const PENDING: &str = "pending";
/// Most that are listed.
const MOST: u32 = 1000;
/// How long a request waits; after that whoever made it may make another.
const WAITS: i64 = 30 * 86_400;

/// A request.
pub(crate) struct Request {
    pub(crate) id: String,
    pub(crate) user: String,
    pub(crate) device: String,
    /// PKCS#10, DER.
    pub(crate) csr: Vec<u8>,
    /// Where the key lives, as far as was verified.
    pub(crate) level: String,
    pub(crate) attestation: Option<[u8; 32]>,
    pub(crate) state: String,
    pub(crate) reason: Option<String>,
    /// What was issued.
    pub(crate) credential: Option<String>,
}

/// What makes a request.
pub(crate) struct NewRequest<'a> {
    pub(crate) id: &'a str,
    pub(crate) user: &'a str,
    pub(crate) device: &'a str,
    pub(crate) csr: &'a [u8],
    pub(crate) level: &'a str,
    pub(crate) attestation: Option<[u8; 32]>,
}

/// A request as it stands in the queue.
pub(crate) struct Waiting {
    pub(crate) id: String,
    pub(crate) user: String,
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) company: Option<String>,
    pub(crate) device: String,
    pub(crate) device_name: String,
    pub(crate) platform: String,
    pub(crate) level: String,
    pub(crate) asked: Time,
}

const COLUMNS: &str = "r.id, r.user_id, r.device, r.csr, r.level, r.attestation, r.state, r.reason, r.credential";

fn from_row(row: &Row<'_>) -> Read<Request> {
    Ok(Request {
        id: row.get(0)?,
        user: row.get(1)?,
        device: row.get(2)?,
        csr: row.get(3)?,
        level: row.get(4)?,
        attestation: row.get(5)?,
        state: row.get(6)?,
        reason: row.get(7)?,
        credential: row.get(8)?,
    })
}

/// Adds it, pending.
pub(crate) fn add(tx: &Transaction<'_>, new: &NewRequest<'_>, now: Time) -> Stored<()> {
    let sql = "INSERT INTO certificate_requests (id, user_id, device, csr, level, attestation, state, version, created)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, ?8)";
    tx.execute(sql, params![new.id, new.user, new.device, new.csr, new.level, new.attestation, PENDING, now.unix()])?;
    Ok(())
}

/// How many of the user's requests wait.
pub(crate) fn open_of(tx: &Transaction<'_>, user: &str) -> Stored<u32> {
    let sql = "SELECT count(*) FROM certificate_requests WHERE user_id = ?1 AND state = ?2";
    Ok(tx.query_row(sql, [user, PENDING], |row| row.get(0))?)
}

/// The user's own request of that id.
pub(crate) fn of_user(tx: &Transaction<'_>, id: &str, user: &str) -> Stored<Option<Request>> {
    let sql = format!("SELECT {COLUMNS} FROM certificate_requests r WHERE r.id = ?1 AND r.user_id = ?2");
    tx.query_row(&sql, [id, user], from_row).optional()
}

/// The request of that id, if the officer answers for whoever made it.
pub(crate) fn of_officer(tx: &Transaction<'_>, id: &str, officer: &Officer) -> Stored<Option<Request>> {
    let sql = format!("SELECT {COLUMNS} FROM certificate_requests r JOIN users u ON u.id = r.user_id WHERE {SCOPE} AND r.id = ?3");
    tx.query_row(&sql, params![officer.user, officer.company, id], from_row).optional()
}

/// What waits for that officer, oldest first.
pub(crate) fn waiting(tx: &Transaction<'_>, officer: &Officer) -> Stored<Vec<Waiting>> {
    let sql = format!(
        "SELECT r.id, u.id, u.name, u.email, u.company, r.device, d.name, d.platform, r.level, r.created
         FROM certificate_requests r JOIN users u ON u.id = r.user_id JOIN devices d ON d.uuid = r.device
         WHERE {SCOPE} AND r.state = ?3 ORDER BY r.created, r.rowid LIMIT ?4"
    );
    tx.query_all(&sql, params![officer.user, officer.company, PENDING, MOST], |row| {
        Ok(Waiting {
            id: row.get(0)?,
            user: row.get(1)?,
            name: row.get(2)?,
            email: row.get(3)?,
            company: row.get(4)?,
            device: row.get(5)?,
            device_name: row.get(6)?,
            platform: row.get(7)?,
            level: row.get(8)?,
            asked: Time::from_unix(row.get(9)?),
        })
    })
}

/// Pending -> approved with what was issued, or rejected with a reason; false if it was decided before.
pub(crate) fn decide(
    tx: &Transaction<'_>,
    id: &str,
    decision: Decision,
    (reason, credential): (Option<&str>, Option<&str>),
    now: Time,
) -> Stored<bool> {
    let sql = "UPDATE certificate_requests SET state = ?2, reason = ?3, credential = ?4, decided = ?5, version = version + 1
               WHERE id = ?1 AND state = ?6";
    Ok(tx.execute(sql, params![id, decision.state(), reason, credential, now.unix(), PENDING])? == 1)
}

/// The device is revoked: what waits for a certificate on it waits in vain.
pub(crate) fn device_lost(tx: &Transaction<'_>, device: &str, reason: &str, now: Time) -> Stored<()> {
    let sql = "UPDATE certificate_requests SET state = ?2, reason = ?3, decided = ?4, version = version + 1
               WHERE device = ?1 AND state = ?5";
    tx.execute(sql, params![device, Decision::Reject.state(), reason, now.unix(), PENDING])?;
    Ok(())
}

/// What nobody decided on in its time is rejected: a forgotten queue must not keep its people from asking again.
pub(crate) fn expire(tx: &Transaction<'_>, now: Time) -> Stored<()> {
    let sql = "UPDATE certificate_requests SET state = ?1, reason = ?2, decided = ?3, version = version + 1
               WHERE state = ?4 AND created <= ?5";
    let reason = "nobody decided on it within thirty days";
    tx.execute(sql, params![Decision::Reject.state(), reason, now.unix(), PENDING, now.plus(-WAITS).unix()])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Failure;
    use crate::store::{officers, test_store};

    #[test]
    fn a_request_is_decided_once_and_seen_by_whom_it_concerns() {
        let (_folder, store) = test_store();
        let at = Time::from_unix;
        store
            .transact(|tx| {
                for (id, company) in [("ann", "'Bank'"), ("bob", "NULL"), ("off", "'Bank'")] {
                    tx.execute_batch(&format!(
                        "INSERT INTO users VALUES ('{id}','{id}','','{id}','','','',{company},NULL,'c-{id}','active',0);
                         INSERT INTO devices (uuid, user_id, name, platform, spki, key_hash, level, created)
                         VALUES ('d-{id}','{id}','phone','test',x'00',x'00','software',0)"
                    ))?;
                    let new = NewRequest {
                        id: &format!("r-{id}"),
                        user: id,
                        device: &format!("d-{id}"),
                        csr: b"csr",
                        level: "software",
                        attestation: None,
                    };
                    add(tx, &new, at(1))?;
                }
                officers::appoint(tx, "off", None, at(1))?;
                let everybody = officers::find(tx, "off")?.unwrap();
                officers::appoint(tx, "off", Some("Bank"), at(1))?;
                let banks = officers::find(tx, "off")?.unwrap();
                let ids = |officer| Ok::<_, Failure>(waiting(tx, officer)?.into_iter().map(|one| one.id).collect::<Vec<_>>());
                assert_eq!(ids(&everybody)?, ["r-ann", "r-bob"], "nobody decides on himself");
                assert_eq!(ids(&banks)?, ["r-ann"]);
                assert!(of_officer(tx, "r-bob", &banks)?.is_none() && of_officer(tx, "r-off", &everybody)?.is_none());
                assert!(of_user(tx, "r-ann", "bob")?.is_none() && open_of(tx, "ann")? == 1);
                assert!(decide(tx, "r-ann", Decision::Reject, (Some("no"), None), at(2))?);
                assert!(!decide(tx, "r-ann", Decision::Approve, (None, Some("c")), at(3))?, "once");
                let ann = of_user(tx, "r-ann", "ann")?.unwrap();
                assert_eq!((ann.state.as_str(), ann.reason.as_deref(), ann.credential), ("rejected", Some("no"), None));
                device_lost(tx, "d-bob", "lost", at(4))?;
                assert!(open_of(tx, "ann")? == 0 && open_of(tx, "bob")? == 0 && open_of(tx, "off")? == 1);
                expire(tx, at(WAITS))?;
                assert_eq!(open_of(tx, "off")?, 1);
                expire(tx, at(WAITS + 1))?;
                assert_eq!((open_of(tx, "off")?, of_user(tx, "r-off", "off")?.unwrap().state.as_str()), (0, "rejected"));
                Ok::<_, Failure>(())
            })
            .unwrap();
    }
}
