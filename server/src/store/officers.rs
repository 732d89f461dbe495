//! Registration officers: users who decide on other users' certificates, either on everybody's or on those of one company; and the record of what they
//! did, a chain that stays. An operator makes them, never a registration: whatever kind and company somebody registers with is what he said himself.

use super::Stored;
use super::audit::link;
use super::engine::{Optional, Transaction, params};
use serde_json::json;
use thrivosign::Time;

/// An officer.
pub(crate) struct Officer {
    pub(crate) user: String,
    /// The company whose users the officer answers for; everybody's without.
    pub(crate) company: Option<String>,
}

/// Which users (`u`) an officer (`?1`, company `?2`) answers for. Nobody decides on himself.
pub(super) const SCOPE: &str = "u.id <> ?1 AND (?2 IS NULL OR u.company = ?2)";

/// What an officer did.
pub(crate) struct Act<'a> {
    /// `approved`, `rejected` or `revoked`.
    pub(crate) action: &'a str,
    /// The request or the device.
    pub(crate) subject: &'a str,
    /// Whose it is.
    pub(crate) user: &'a str,
    pub(crate) detail: Option<&'a str>,
}

impl Act<'_> {
    /// What a record says beyond who did what, as one text: in columns of their own the parts could change places under one hash.
    pub(super) fn told(&self) -> String {
        let mut told = json!({ "subject": self.subject, "user": self.user });
        if let Some(detail) = self.detail {
            told["detail"] = detail.into();
        }
        told.to_string()
    }
}

/// Whom the record of an appointment names: the operator has no name here.
const OPERATOR: &str = "operator";

/// The officer that this user is.
pub(crate) fn find(tx: &Transaction<'_>, user: &str) -> Stored<Option<Officer>> {
    let sql = "SELECT user_id, company FROM officers WHERE user_id = ?1";
    tx.query_row(sql, [user], |row| Ok(Officer { user: row.get(0)?, company: row.get(1)? })).optional()
}

/// Afterwards the user is an officer, for that company alone if one is named.
pub(crate) fn appoint(tx: &Transaction<'_>, user: &str, company: Option<&str>, now: Time) -> Stored<()> {
    let sql = "INSERT INTO officers (user_id, company, created) VALUES (?1, ?2, ?3) ON CONFLICT(user_id) DO UPDATE SET company = ?2";
    tx.execute(sql, params![user, company, now.unix()])?;
    append(tx, OPERATOR, &Act { action: "appointed", subject: user, user, detail: company }, now)
}

/// Afterwards the user is none; false if there was none.
pub(crate) fn dismiss(tx: &Transaction<'_>, user: &str, now: Time) -> Stored<bool> {
    let found = tx.execute("DELETE FROM officers WHERE user_id = ?1", [user])? == 1;
    if found {
        append(tx, OPERATOR, &Act { action: "dismissed", subject: user, user, detail: None }, now)?;
    }
    Ok(found)
}

/// Writes down what the officer did, in the transaction that does it.
pub(crate) fn record(tx: &Transaction<'_>, officer: &Officer, act: &Act<'_>, now: Time) -> Stored<()> {
    append(tx, &officer.user, act, now)
}

fn append(tx: &Transaction<'_>, actor: &str, act: &Act<'_>, now: Time) -> Stored<()> {
    let last = tx
        .query_row("SELECT seq, hash FROM officer_acts ORDER BY seq DESC LIMIT 1", [], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let detail = act.told();
    let (seq, record) = link(last, actor, act.action, Some(&detail), now);
    let sql = "INSERT INTO officer_acts (seq, at, actor, action, detail, previous, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    tx.execute(sql, params![seq, now.unix(), actor, act.action, detail, record.previous, record.hash])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Failure;
    use crate::store::test_store;

    #[test]
    fn officers_come_and_go_and_what_they_did_stays() {
        let (_folder, store) = test_store();
        let at = Time::from_unix(1);
        store
            .transact(|tx| {
                tx.execute_batch("INSERT INTO users VALUES ('u','u','','','','','',NULL,NULL,'c','active',0)")?;
                assert!(find(tx, "u")?.is_none() && !dismiss(tx, "u", at)?);
                appoint(tx, "u", Some("Bank"), at)?;
                assert_eq!(find(tx, "u")?.and_then(|officer| officer.company).as_deref(), Some("Bank"));
                appoint(tx, "u", None, at)?;
                let officer = find(tx, "u")?.unwrap();
                assert_eq!(officer.company, None);
                record(tx, &officer, &Act { action: "approved", subject: "r", user: "v", detail: None }, at)?;
                assert!(dismiss(tx, "u", at)? && find(tx, "u")?.is_none());
                let acts: Vec<(String, String)> =
                    tx.query_all("SELECT actor, action FROM officer_acts ORDER BY seq", [], |row| Ok((row.get(0)?, row.get(1)?)))?;
                let acts: Vec<&str> = acts.iter().flat_map(|(actor, action)| [actor.as_str(), action]).collect();
                assert_eq!(acts, ["operator", "appointed", "operator", "appointed", "u", "approved", "operator", "dismissed"]);
                for sql in ["DELETE FROM officer_acts", "UPDATE officer_acts SET actor = 'x'"] {
                    assert!(tx.execute(sql, []).is_err(), "{sql}");
                }
                Ok::<_, Failure>(())
            })
            .unwrap();
    }
}
