//! The time of the last time stamp: takes the time now, says whether it may be stamped. Kept over restarts, so that a clock that was set back
//! while the server was down is noticed too.

use super::Stored;
use super::engine::Transaction;

/// Records that time, in milliseconds since 1970; false, and nothing recorded, if a later one was stamped before.
pub(crate) fn advance(tx: &Transaction<'_>, millis: i64) -> Stored<bool> {
    Ok(tx.execute("UPDATE numbers SET stamped = ?1 WHERE stamped <= ?1", [millis])? == 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::test_store;

    #[test]
    fn time_never_goes_back() {
        let (_folder, store) = test_store();
        let said: Vec<bool> = [5, 5, 7, 6, 0, 7, 8].iter().map(|millis| store.transact(|tx| advance(tx, *millis)).unwrap()).collect();
        assert_eq!(said, [true, true, true, false, false, true, true]);
    }
}
