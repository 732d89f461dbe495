//! How long agreements are kept: finds those whose time is over, and takes from the store what they were made of. The audit records stay, and with them
//! whose agreement it was, its digest and its size.

use super::Stored;
use super::engine::{Transaction, params};
use thrivosign::Time;

/// Where an agreement's bytes are, which go with it.
pub(crate) struct Due {
    pub(crate) id: String,
    pub(crate) file: String,
}

/// Agreements that nobody has changed since then, at most so many: none that is on its way through a package, and none that a template is made of.
pub(crate) fn due(tx: &Transaction<'_>, since: Time, most: u32) -> Stored<Vec<Due>> {
    let sql = "SELECT id, file FROM documents WHERE removed IS NULL AND changed < ?1
         AND NOT EXISTS (SELECT 1 FROM package_documents i JOIN packages p ON p.id = i.package_id
                         WHERE i.document_id = documents.id AND p.state IN ('draft', 'shared'))
         AND NOT EXISTS (SELECT 1 FROM templates t WHERE t.document_id = documents.id) ORDER BY changed LIMIT ?2";
    tx.query_all(sql, params![since.unix(), most], |row| Ok(Due { id: row.get(0)?, file: row.get(1)? }))
}

/// Afterwards the agreement is as if it were not there, but for its records.
pub(crate) fn remove(tx: &Transaction<'_>, id: &str, now: Time) -> Stored<()> {
    // A prepared revision and its answer are parts of the document.
    tx.execute("DELETE FROM signatures WHERE document_id = ?1", [id])?;
    tx.execute("UPDATE documents SET removed = ?2, file = '', file_name = '' WHERE id = ?1", params![id, now.unix()])?;
    Ok(())
}
