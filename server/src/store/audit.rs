//! Audit records, of each agreement and of what officers did: each carries the SHA-256 of the one before it, so that none can be changed, left out or put in
//! between without the chain showing it.

use super::Stored;
use super::engine::{Optional, Transaction, params};
use super::sqlite::Sqlite;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use thrivosign::Time;
use thrivosign::remote::audit::AuditRecord;

/// Who a record names for what nobody did.
pub(crate) const NOBODY: &str = "server";

/// The chain of what officers did, among the agreements' chains. No agreement's id is a word.
pub(crate) const OFFICERS: &str = "officers";

/// The record that comes behind the last one (number and hash), and its number. The hash is over the bytes that the contract names, so that a client can check it.
pub(super) fn link(last: Option<(u32, [u8; 32])>, actor: &str, action: &str, detail: Option<&str>, now: Time) -> (u32, AuditRecord) {
    let (seq, previous) = last.map_or((1, [0; 32]), |(seq, hash)| (seq.saturating_add(1), hash));
    let mut record = AuditRecord {
        sequence: u64::from(seq),
        time: now,
        actor: actor.to_owned(),
        action: action.to_owned(),
        detail: detail.map(str::to_owned),
        previous,
        hash: [0; 32],
    };
    record.hash = Sha256::digest(record.to_be_hashed()).into();
    (seq, record)
}

/// Appends a record to the agreement's chain.
pub(crate) fn append(tx: &Transaction<'_>, document: &str, actor: &str, action: &str, detail: Option<&str>, now: Time) -> Stored<()> {
    let last = tx
        .query_row("SELECT seq, hash FROM audit WHERE document_id = ?1 ORDER BY seq DESC LIMIT 1", [document], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    let (seq, record) = link(last, actor, action, detail, now);
    tx.execute(
        "INSERT INTO audit (document_id, seq, at, actor, action, detail, previous, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![document, seq, now.unix(), actor, action, detail, record.previous, record.hash],
    )?;
    Ok(())
}

/// The agreement's records in order.
pub(crate) fn list(tx: &Transaction<'_>, document: &str) -> Stored<Vec<AuditRecord>> {
    tx.query_all(
        "SELECT seq, at, actor, action, detail, previous, hash FROM audit WHERE document_id = ?1 ORDER BY seq",
        [document],
        |row| {
            Ok(AuditRecord {
                sequence: u64::from(row.get::<u32>(0)?),
                time: Time::from_unix(row.get(1)?),
                actor: row.get(2)?,
                action: row.get(3)?,
                detail: row.get(4)?,
                previous: row.get(5)?,
                hash: row.get(6)?,
            })
        },
    )
}

/// Every agreement's records in order, none for an agreement that has none, and those of what officers did, if they did anything, from a store that is
/// only read, also one of an older server.
/// A value that no server wrote reads as one that no hash fits.
pub(crate) fn read_all(store: &Path) -> Stored<BTreeMap<String, Vec<AuditRecord>>> {
    let engine = Sqlite::open_to_read(store)?;
    let tx = Transaction::begin(&engine)?;
    let mut all: BTreeMap<String, Vec<AuditRecord>> = BTreeMap::new();
    for document in tx.query_all("SELECT id FROM documents", [], |row| row.get(0))? {
        all.entry(document).or_default();
    }
    let mut sql = "SELECT document_id, seq, at, actor, action, detail, previous, hash FROM audit".to_owned();
    let chained = "SELECT count(*) FROM pragma_table_info('officer_acts') WHERE name = 'hash'";
    if tx.query_row(chained, [], |row| row.get::<i64>(0))? == 1 {
        let _ = write!(sql, " UNION ALL SELECT '{OFFICERS}', seq, at, actor, action, detail, previous, hash FROM officer_acts");
    }
    sql.push_str(" ORDER BY 1, 2");
    let hash = |bytes: Vec<u8>| bytes.try_into().unwrap_or([0xff; 32]);
    let records = tx.query_all(&sql, [], |row| {
        let record = AuditRecord {
            sequence: u64::try_from(row.get::<i64>(1)?).unwrap_or(u64::MAX),
            time: Time::from_unix(row.get(2)?),
            actor: row.get(3)?,
            action: row.get(4)?,
            detail: row.get(5)?,
            previous: hash(row.get(6)?),
            hash: hash(row.get(7)?),
        };
        Ok((row.get(0)?, record))
    })?;
    for (document, record) in records {
        all.entry(document).or_default().push(record);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Failure;
    use crate::store::test_store;

    #[test]
    fn records_chain_and_cannot_be_edited() {
        let (_folder, store) = test_store();
        store
            .transact(|tx| {
                tx.execute_batch(
                    "INSERT INTO users VALUES ('u','u','','','','','','',NULL,'c','active',0);
                     INSERT INTO documents VALUES ('d','u','',x'',0,1,0,'f',0,0,NULL);",
                )?;
                append(tx, "d", "u", "submitted", None, Time::from_unix(5))?;
                append(tx, "d", "u", "signed", Some("x"), Time::from_unix(6))?;
                let records = list(tx, "d")?;
                assert_eq!(records[0].previous, [0; 32]);
                assert_eq!(records[1].previous, records[0].hash);
                for record in &records {
                    assert_eq!(record.hash, <[u8; 32]>::from(Sha256::digest(record.to_be_hashed())));
                }
                assert!(tx.execute("UPDATE audit SET actor = 'x'", []).is_err());
                assert!(tx.execute("DELETE FROM audit", []).is_err());
                Ok::<_, Failure>(())
            })
            .unwrap();
    }
}
