//! An agreement's audit records: each carries the SHA-256 of the one before it, so that none can be changed, left out or put in
//! between without the chain showing it.

use super::Stored;
use rusqlite::{OptionalExtension, Transaction, params};
use sha2::{Digest, Sha256};
use thrivosign::Time;

/// A record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) seq: u64,
    pub(crate) at: Time,
    pub(crate) event: String,
    pub(crate) actor: String,
    /// JSON text; digests and ids, never document text.
    pub(crate) details: String,
    pub(crate) previous: [u8; 32],
    pub(crate) hash: [u8; 32],
}

/// The hash of a record: every field with its length before it, so that no two records share an encoding.
pub(crate) fn chain(previous: &[u8; 32], document: &str, seq: u64, at: Time, event: &str, actor: &str, details: &str) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(b"thrivosign-audit-1\0");
    hasher.update(previous);
    hasher.update(seq.to_be_bytes());
    hasher.update(at.unix().to_be_bytes());
    for field in [document, event, actor, details] {
        hasher.update((field.len() as u64).to_be_bytes());
        hasher.update(field.as_bytes());
    }
    hasher.finalize().into()
}

/// Appends a record to the agreement's chain.
pub(crate) fn append(tx: &Transaction<'_>, document: &str, event: &str, actor: &str, details: &str, now: Time) -> Stored<()> {
    let last = tx
        .query_row("SELECT seq, hash FROM audit WHERE document_id = ?1 ORDER BY seq DESC LIMIT 1", [document], |row| {
            Ok((row.get::<_, u32>(0)?, row.get::<_, [u8; 32]>(1)?))
        })
        .optional()?;
    let (seq, previous) = last.map_or((1, [0; 32]), |(seq, hash)| (seq.saturating_add(1), hash));
    let hash = chain(&previous, document, u64::from(seq), now, event, actor, details);
    tx.execute(
        "INSERT INTO audit (document_id, seq, at, event, actor, details, previous, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![document, seq, now.unix(), event, actor, details, previous, hash],
    )?;
    Ok(())
}

/// The agreement's records in order.
pub(crate) fn list(tx: &Transaction<'_>, document: &str) -> Stored<Vec<Record>> {
    let mut statement =
        tx.prepare("SELECT seq, at, event, actor, details, previous, hash FROM audit WHERE document_id = ?1 ORDER BY seq")?;
    let rows = statement.query_map([document], |row| {
        Ok(Record {
            seq: u64::from(row.get::<_, u32>(0)?),
            at: Time::from_unix(row.get(1)?),
            event: row.get(2)?,
            actor: row.get(3)?,
            details: row.get(4)?,
            previous: row.get(5)?,
            hash: row.get(6)?,
        })
    })?;
    Ok(rows.collect::<Result<Vec<_>, _>>()?)
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
                     INSERT INTO documents VALUES ('d','u','',x'',0,1,0,'f',0,0);",
                )?;
                append(tx, "d", "uploaded", "u", "{}", Time::from_unix(5))?;
                append(tx, "d", "signed", "u", "{\"a\":1}", Time::from_unix(6))?;
                let records = list(tx, "d")?;
                assert_eq!(records[0].previous, [0; 32]);
                assert_eq!(records[1].previous, records[0].hash);
                for r in &records {
                    assert_eq!(r.hash, chain(&r.previous, "d", r.seq, r.at, &r.event, &r.actor, &r.details));
                }
                assert!(tx.execute("UPDATE audit SET actor = 'x'", []).is_err());
                assert!(tx.execute("DELETE FROM audit", []).is_err());
                assert_ne!(
                    chain(&[0; 32], "d", 1, Time::from_unix(5), "ab", "c", ""),
                    chain(&[0; 32], "d", 1, Time::from_unix(5), "a", "bc", "")
                );
                Ok::<_, Failure>(())
            })
            .unwrap();
    }
}
