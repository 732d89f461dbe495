//! Certificates of the trust services: takes them as they are issued, tells whether one of that number was.

use super::Stored;
use super::engine::{Transaction, params};
use thrivosign::Time;

/// Records a certificate; one that is recorded already stays.
pub(crate) fn record(tx: &Transaction<'_>, serial: &str, der: &[u8], now: Time) -> Stored<()> {
    tx.execute("INSERT INTO services (serial, der, created) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING", params![serial, der, now.unix()])?;
    Ok(())
}

/// Whether a certificate of that serial number (lower-case hexadecimal) was issued to one of them.
pub(crate) fn is_known(tx: &Transaction<'_>, serial: &str) -> Stored<bool> {
    Ok(tx.query_row("SELECT EXISTS (SELECT 1 FROM services WHERE serial = ?1)", [serial], |row| row.get(0))?)
}
