//! Signature sessions of submit mode: what was prepared, and with which value it was completed.

use super::Stored;
use super::engine::{Optional, Transaction, params};
use thrivosign::Time;
use thrivosign::remote::start_signature::Level;

/// Prepared, waiting for the device.
pub(crate) const AWAITING: &str = "awaiting_signature";
/// Signed and filed.
pub(crate) const COMPLETED: &str = "completed";

/// A session.
pub(crate) struct Session {
    pub(crate) id: String,
    pub(crate) credential: String,
    pub(crate) state: String,
    /// SHA-256 of the agreement it was prepared over.
    pub(crate) base: [u8; 32],
    /// What the core's signing room prepared, in its own versioned form.
    pub(crate) prepared: Vec<u8>,
    /// The recipient of a package whose signature it is.
    pub(crate) recipient: Option<String>,
    /// The level that was asked for.
    pub(crate) level: Level,
    /// SHA-256 of the signature value it was completed with.
    pub(crate) value: Option<[u8; 32]>,
    /// The answer to the completing call.
    pub(crate) answer: Option<Vec<u8>>,
}

/// Adds a session about that document.
pub(crate) fn add(tx: &Transaction<'_>, session: &Session, document: &str, now: Time) -> Stored<()> {
    tx.execute(
        "INSERT INTO signatures (id, document_id, credential_id, state, base, prepared, created, level, recipient)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        params![
            session.id,
            document,
            session.credential,
            session.state,
            session.base,
            session.prepared,
            now.unix(),
            session.level.as_str(),
            session.recipient
        ],
    )?;
    Ok(())
}

/// The session of that id under that document.
pub(crate) fn find(tx: &Transaction<'_>, id: &str, document: &str) -> Stored<Option<Session>> {
    tx.query_row(
        "SELECT id, credential_id, state, base, prepared, value, answer, level, recipient FROM signatures
             WHERE id = ?1 AND document_id = ?2",
        [id, document],
        |row| {
            Ok(Session {
                id: row.get(0)?,
                credential: row.get(1)?,
                state: row.get(2)?,
                base: row.get(3)?,
                prepared: row.get(4)?,
                value: row.get(5)?,
                answer: row.get(6)?,
                level: Level::from_text(&row.get::<String>(7)?).unwrap_or(Level::BB),
                recipient: row.get(8)?,
            })
        },
    )
    .optional()
}

/// Completes a waiting session; false if it was completed meanwhile.
pub(crate) fn complete(tx: &Transaction<'_>, id: &str, value: [u8; 32], answer: &[u8]) -> Stored<bool> {
    let sql = "UPDATE signatures SET state = ?2, value = ?3, answer = ?4, prepared = x'' WHERE id = ?1 AND state = ?5";
    Ok(tx.execute(sql, params![id, COMPLETED, value, answer, AWAITING])? == 1)
}
