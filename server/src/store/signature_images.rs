//! Signature images: each user's one picture, as its file was sent.

use super::Stored;
use super::engine::{Optional, Transaction, params};
use thrivosign::Time;

/// Sets or replaces the user's.
pub(crate) fn set(tx: &Transaction<'_>, user: &str, image: &[u8], now: Time) -> Stored<()> {
    tx.execute(
        "INSERT INTO signature_images (user_id, image, changed) VALUES (?1, ?2, ?3)
         ON CONFLICT(user_id) DO UPDATE SET image = excluded.image, changed = excluded.changed",
        params![user, image, now.unix()],
    )?;
    Ok(())
}

/// The user's.
pub(crate) fn find(tx: &Transaction<'_>, user: &str) -> Stored<Option<Vec<u8>>> {
    tx.query_row("SELECT image FROM signature_images WHERE user_id = ?1", [user], |row| row.get(0)).optional()
}

/// After the call the user has none.
pub(crate) fn remove(tx: &Transaction<'_>, user: &str) -> Stored<()> {
    tx.execute("DELETE FROM signature_images WHERE user_id = ?1", [user])?;
    Ok(())
}
