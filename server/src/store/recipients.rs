//! Recipients of packages: who is asked for which signature, in which order, and whether it was made. Kept by user name: a person may be asked before
//! there is an account.

use super::Stored;
use super::engine::{Transaction, Unread, params};
use crate::failure::Failure;
use thrivosign::Time;
use thrivosign::remote::package::{Place, RecipientState};

/// One signature that is asked for.
pub(crate) struct Recipient {
    pub(crate) id: String,
    pub(crate) document: String,
    /// The user name.
    pub(crate) user: String,
    /// The account of that name, if there is one.
    pub(crate) account: Option<String>,
    pub(crate) order: u32,
    pub(crate) place: Place,
    pub(crate) state: RecipientState,
}

/// Asks for a signature.
pub(crate) fn add(tx: &Transaction<'_>, package: &str, new: &Recipient, now: Time) -> Stored<()> {
    let rect = new.place.rect.map(|rect| serde_json::to_string(&rect)).transpose().map_err(Failure::at("cannot store a box"))?;
    tx.execute(
        "INSERT INTO recipients (id, package_id, document_id, username, turn, field, page, rect, state, changed)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        params![new.id, package, new.document, new.user, new.order, new.place.field, new.place.page, rect, new.state.as_str(), now.unix()],
    )?;
    Ok(())
}

/// The package's recipients in their order.
pub(crate) fn list(tx: &Transaction<'_>, package: &str) -> Stored<Vec<Recipient>> {
    let sql = "SELECT r.id, r.document_id, r.username, u.id, r.turn, r.field, r.page, r.rect, r.state FROM recipients r
         LEFT JOIN users u ON u.username = r.username WHERE r.package_id = ?1 ORDER BY r.turn, r.rowid";
    tx.query_all(sql, [package], |row| {
        let (rect, state): (Option<String>, String) = (row.get(7)?, row.get(8)?);
        let damaged = Unread::strange;
        Ok(Recipient {
            id: row.get(0)?,
            document: row.get(1)?,
            user: row.get(2)?,
            account: row.get(3)?,
            order: row.get(4)?,
            place: Place {
                field: row.get(5)?,
                page: row.get(6)?,
                rect: rect.map(|text| serde_json::from_str(&text).map_err(|_| damaged())).transpose()?,
            },
            state: RecipientState::from_text(&state).ok_or_else(damaged)?,
        })
    })
}

/// After the call the signature was made or declined; false if it was answered before.
pub(crate) fn answer(tx: &Transaction<'_>, id: &str, to: RecipientState, now: Time) -> Stored<bool> {
    let sql = "UPDATE recipients SET state = ?2, changed = ?3 WHERE id = ?1 AND state = ?4";
    Ok(tx.execute(sql, params![id, to.as_str(), now.unix(), RecipientState::Pending.as_str()])? == 1)
}

/// The order whose turn it is: the lowest that has yet to sign.
pub(crate) fn turn(all: &[Recipient]) -> Option<u32> {
    all.iter().filter(|one| one.state == RecipientState::Pending).map(|one| one.order).min()
}
