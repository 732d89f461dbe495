//! Retention: agreements that were kept as long as the operator said are removed, a few each round. What a removed agreement was is still told by its
//! audit records, to whoever could see it.

use super::Service;
use crate::failure::Failure;
use crate::store::{audit as records, retention};

/// How many agreements go in one round, while calls wait for the store.
const AT_ONCE: u32 = 20;

/// Removes what is due; nothing where no time was said.
pub(crate) fn remove_due(service: &Service) -> Result<(), Failure> {
    let Some(days) = service.kept_days() else { return Ok(()) };
    let now = service.now();
    let since = now.plus(-i64::from(days).saturating_mul(86_400));
    let removed = service.store.transact(|tx| {
        let due = retention::due(tx, since, AT_ONCE)?;
        for agreement in &due {
            retention::remove(tx, &agreement.id, now)?;
            records::append(tx, &agreement.id, records::NOBODY, "removed", Some(&format!("kept {days} days")), now)?;
        }
        Ok::<_, Failure>(due)
    })?;
    // After the record: a file that no record names is removed by the next start at the latest.
    for agreement in &removed {
        let file = service.documents().join(&agreement.file);
        if let Err(error) = std::fs::remove_file(file) {
            tracing::warn!(agreement = agreement.id, %error, "the file of a removed agreement is still there");
        }
    }
    if !removed.is_empty() {
        tracing::info!(count = removed.len(), "agreements were removed");
    }
    Ok(())
}
