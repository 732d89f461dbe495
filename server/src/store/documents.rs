//! Agreements: what is known of each uploaded or filed PDF; its bytes stand in a file of the data folder.

use super::Stored;
use super::engine::{Optional, Read, Row, Transaction, params};
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

fn from_row(row: &Row<'_>) -> Read<Agreement> {
    let number = |n: i64| u64::try_from(n).unwrap_or_default();
    Ok(Agreement {
        id: row.get(0)?,
        sha256: row.get(1)?,
        size: number(row.get(2)?),
        pages: number(row.get(3)?),
        signatures: number(row.get(4)?),
        file: row.get(5)?,
    })
}

/// The user's own agreement of that id.
pub(crate) fn of_user(tx: &Transaction<'_>, id: &str, user: &str) -> Stored<Option<Agreement>> {
    tx.query_row(
        "SELECT id, sha256, size, pages, signatures, file FROM documents WHERE id = ?1 AND user_id = ?2 AND removed IS NULL",
        [id, user],
        from_row,
    )
    .optional()
}

/// The agreement of that id, if it is the user's own or stands in a package that goes round with the user as a recipient. What somebody else ended is
/// seen no more, but by who had signed it.
pub(crate) fn seen_by(tx: &Transaction<'_>, id: &str, user: &str) -> Stored<Option<Agreement>> {
    let sql = format!("SELECT id, sha256, size, pages, signatures, file FROM documents WHERE removed IS NULL AND {SEEN}");
    tx.query_row(&sql, [id, user], from_row).optional()
}

/// Whether [`seen_by`] holds, or would if the agreement had not been removed.
pub(crate) fn was_seen_by(tx: &Transaction<'_>, id: &str, user: &str) -> Stored<bool> {
    Ok(tx.query_row(&format!("SELECT EXISTS (SELECT 1 FROM documents WHERE {SEEN})"), [id, user], |row| row.get(0))?)
}

const SEEN: &str = "id = ?1 AND (user_id = ?2 OR EXISTS (
        SELECT 1 FROM package_documents i JOIN packages p ON p.id = i.package_id JOIN recipients r ON r.package_id = p.id
        JOIN users u ON u.username = r.username WHERE i.document_id = documents.id AND u.id = ?2 AND p.shared IS NOT NULL
        AND (p.state IN ('shared', 'completed') OR r.state = 'signed')))";

/// The name that the agreement's file was sent with.
pub(crate) fn file_name(tx: &Transaction<'_>, id: &str) -> Stored<String> {
    Ok(tx.query_row("SELECT file_name FROM documents WHERE id = ?1", [id], |row| row.get(0))?)
}

/// An agreement as a list shows it.
pub(crate) struct Listed {
    pub(crate) agreement: Agreement,
    pub(crate) file_name: String,
    pub(crate) changed: Time,
    /// A signature was prepared over the agreement as it stands, and the device has not answered yet.
    pub(crate) waiting: bool,
}

const LISTED: &str = "SELECT id, sha256, size, pages, signatures, file, file_name, changed, EXISTS (SELECT 1 FROM signatures
    WHERE document_id = documents.id AND state = 'awaiting_signature' AND base = documents.sha256) FROM documents";

fn listed_row(row: &Row<'_>) -> Read<Listed> {
    Ok(Listed { agreement: from_row(row)?, file_name: row.get(6)?, changed: Time::from_unix(row.get(7)?), waiting: row.get(8)? })
}

/// The user's own agreements, newest first, at most so many.
pub(crate) fn list(tx: &Transaction<'_>, user: &str, most: u32) -> Stored<Vec<Listed>> {
    tx.query_all(&format!("{LISTED} WHERE user_id = ?1 AND removed IS NULL ORDER BY rowid DESC LIMIT ?2"), params![user, most], listed_row)
}

/// The user's own agreement of that id.
pub(crate) fn listed(tx: &Transaction<'_>, id: &str, user: &str) -> Stored<Option<Listed>> {
    tx.query_row(&format!("{LISTED} WHERE id = ?1 AND user_id = ?2 AND removed IS NULL"), [id, user], listed_row).optional()
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

/// Every agreement that is kept.
pub(crate) fn all(tx: &Transaction<'_>) -> Stored<Vec<Agreement>> {
    tx.query_all("SELECT id, sha256, size, pages, signatures, file FROM documents WHERE removed IS NULL ORDER BY rowid", [], from_row)
}

/// Every file that an agreement stands in.
pub(crate) fn files(tx: &Transaction<'_>) -> Stored<Vec<String>> {
    tx.query_all("SELECT file FROM documents WHERE removed IS NULL", [], |row| row.get(0))
}
