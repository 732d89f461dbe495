//! Lists of revoked certificates as they were issued: takes a list, gives the newest. A number is drawn once and never again, whatever
//! becomes of the list: two lists of one number would be a lie that a verifier can prove.

use super::Stored;
use super::engine::{Optional, Read, Row, Transaction, params};
use thrivosign::Time;

/// Superseded lists are kept for so long: a delta list goes on from one that is a day old.
const KEPT: i64 = 3 * 86_400;

/// A list as it was issued.
pub(crate) struct StoredCrl {
    pub(crate) number: u32,
    /// The last revocation that it knows (see [`credentials::last_revocation`](super::credentials::last_revocation)).
    pub(crate) seen: i64,
    pub(crate) this_update: Time,
    /// The complete list.
    pub(crate) complete: Vec<u8>,
    /// The delta list of the same number; empty where none is made.
    pub(crate) delta: Vec<u8>,
}

const COLUMNS: &str = "number, seen, this_update, complete, delta";

fn from_row(row: &Row<'_>) -> Read<StoredCrl> {
    Ok(StoredCrl {
        number: row.get(0)?,
        seen: row.get(1)?,
        this_update: Time::from_unix(row.get(2)?),
        complete: row.get(3)?,
        delta: row.get(4)?,
    })
}

/// The newest list of that issuer.
pub(crate) fn newest(tx: &Transaction<'_>, issuer: &str) -> Stored<Option<StoredCrl>> {
    let sql = format!("SELECT {COLUMNS} FROM crls WHERE issuer = ?1 ORDER BY number DESC LIMIT 1");
    tx.query_row(&sql, [issuer], from_row).optional()
}

/// What a delta list goes on from: the newest list that was issued by that time, else the oldest at hand.
pub(crate) fn base(tx: &Transaction<'_>, issuer: &str, by: Time) -> Stored<Option<StoredCrl>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM crls WHERE issuer = ?1 ORDER BY this_update <= ?2 DESC,
         CASE WHEN this_update <= ?2 THEN -number ELSE number END LIMIT 1"
    );
    tx.query_row(&sql, params![issuer, by.unix()], from_row).optional()
}

/// A number that no list had.
pub(crate) fn draw_number(tx: &Transaction<'_>) -> Stored<u32> {
    Ok(tx.query_row("UPDATE numbers SET crl = crl + 1 RETURNING crl", [], |row| row.get(0))?)
}

/// Keeps a list and forgets those long superseded.
pub(crate) fn keep(tx: &Transaction<'_>, issuer: &str, list: &StoredCrl) -> Stored<()> {
    tx.execute(
        "INSERT INTO crls (number, issuer, seen, this_update, complete, delta) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![list.number, issuer, list.seen, list.this_update.unix(), list.complete, list.delta],
    )?;
    let before = list.this_update.plus(-KEPT).unix();
    tx.execute("DELETE FROM crls WHERE issuer = ?1 AND number < ?2 AND this_update < ?3", params![issuer, list.number, before])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Failure;
    use crate::store::test_store;

    #[test]
    fn numbers_rise_and_a_base_is_a_day_old_if_there_is_one() {
        let (_folder, store) = test_store();
        let add = |at: i64| {
            store
                .transact(|tx| {
                    let number = draw_number(tx)?;
                    let list = StoredCrl { number, seen: 0, this_update: Time::from_unix(at), complete: vec![1], delta: vec![] };
                    keep(tx, "i", &list)?;
                    Ok::<_, Failure>(number)
                })
                .unwrap()
        };
        let base = |by: i64| store.transact(|tx| base(tx, "i", Time::from_unix(by))).unwrap().map(|list| list.number);
        assert_eq!(base(0), None);
        assert_eq!([add(1000), add(2000), add(3000)], [1, 2, 3]);
        assert_eq!([base(500), base(1000), base(2500), base(9000)], [Some(1), Some(1), Some(2), Some(3)]);
        let failed: Result<(), Failure> = store.transact(|tx| draw_number(tx).and(Err(Failure::new("signing failed"))));
        assert!(failed.is_err());
        let late = 3000 + 4 * 86_400;
        assert_eq!(add(late), 4, "what was rolled back was never published");
        assert_eq!(base(3000), Some(4), "those long superseded are gone");
        assert_eq!(store.transact(|tx| newest(tx, "i")).unwrap().unwrap().number, 4);
        assert!(store.transact(|tx| newest(tx, "other")).unwrap().is_none());
    }
}
