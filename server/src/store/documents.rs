//! Agreements: what is known of each uploaded or filed PDF; its bytes stand in a file of the data folder.

use super::Stored;
use rusqlite::{OptionalExtension, Transaction, params};
use thrivosign::Time;

/// An agreement.
pub(crate) struct Agreement {
    pub(crate) id: String,
    pub(crate) sha256: [u8; 32],
    pub(crate) size: u64,
    pub(crate) pages: u64,
    pub(crate) signatures: u64,
    /// The name of its file in the folder of documents.
    pub(crate) file: String,
}

/// Adds an agreement of that user.
pub(crate) fn add(tx: &Transaction<'_>, document: &Agreement, user: &str, file_name: &str, now: Time) -> Stored<()> {
    let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    tx.execute(
        "INSERT INTO documents (id, user_id, file_name, sha256, size, pages, signatures, file, created, changed)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9)",
        params![
            document.id,
            user,
            file_name,
            document.sha256,
            number(document.size),
            number(document.pages),
            number(document.signatures),
            document.file,
            now.unix()
        ],
    )?;
    Ok(())
}

/// The user's own agreement of that id.
pub(crate) fn of_user(tx: &Transaction<'_>, id: &str, user: &str) -> Stored<Option<Agreement>> {
    Ok(tx
        .query_row("SELECT id, sha256, size, pages, signatures, file FROM documents WHERE id = ?1 AND user_id = ?2", [id, user], |row| {
            let number = |n: i64| u64::try_from(n).unwrap_or_default();
            Ok(Agreement {
                id: row.get(0)?,
                sha256: row.get(1)?,
                size: number(row.get(2)?),
                pages: number(row.get(3)?),
                signatures: number(row.get(4)?),
                file: row.get(5)?,
            })
        })
        .optional()?)
}

/// The agreement has new bytes: a signature was completed.
pub(crate) fn replace(tx: &Transaction<'_>, document: &Agreement, now: Time) -> Stored<()> {
    let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    tx.execute(
        "UPDATE documents SET sha256 = ?2, size = ?3, signatures = ?4, file = ?5, changed = ?6 WHERE id = ?1",
        params![document.id, document.sha256, number(document.size), number(document.signatures), document.file, now.unix()],
    )?;
    Ok(())
}

/// Every file that an agreement stands in.
pub(crate) fn files(tx: &Transaction<'_>) -> Stored<Vec<String>> {
    let mut statement = tx.prepare("SELECT file FROM documents")?;
    let rows = statement.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<Result<Vec<_>, _>>()?)
}
