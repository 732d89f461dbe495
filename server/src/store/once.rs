//! Idempotency keys: the answer to a call is kept with it, so that the same call again gets the same answer and does nothing.

use super::Stored;
use super::engine::{Optional, Transaction, params};
use sha2::{Digest, Sha256};
use thrivosign::Time;

/// How long answers are kept.
const KEPT: i64 = 86_400;

/// A kept answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// One `name: value` a line.
    pub(crate) headers: String,
    pub(crate) body: Vec<u8>,
}

/// What is known of a key.
pub(crate) enum Seen {
    /// Nothing.
    Never,
    /// The same call was answered.
    Same(Answer),
    /// Another call was made under this key.
    Other,
}

/// Which call a key belongs to.
#[derive(Clone, Copy)]
pub(crate) struct Key<'a> {
    pub(crate) user: &'a str,
    pub(crate) operation: &'a str,
    pub(crate) key: &'a str,
    /// SHA-256 of what was asked.
    pub(crate) request: [u8; 32],
}

fn hash(key: &str) -> [u8; 32] {
    Sha256::digest(key.as_bytes()).into()
}

/// What is known of that key.
pub(crate) fn seen(tx: &Transaction<'_>, key: Key<'_>, now: Time) -> Stored<Seen> {
    let row = tx
        .query_row(
            "SELECT request, status, headers, body FROM once
             WHERE user_id = ?1 AND operation = ?2 AND key_hash = ?3 AND created > ?4",
            params![key.user, key.operation, hash(key.key), now.plus(-KEPT).unix()],
            |row| {
                let answer = Answer { status: row.get(1)?, headers: row.get(2)?, body: row.get(3)? };
                Ok((row.get::<[u8; 32]>(0)?, answer))
            },
        )
        .optional()?;
    Ok(match row {
        None => Seen::Never,
        Some((request, answer)) if request == key.request => Seen::Same(answer),
        Some(_) => Seen::Other,
    })
}

/// Keeps the answer, and forgets those that are old.
pub(crate) fn keep(tx: &Transaction<'_>, key: Key<'_>, answer: &Answer, now: Time) -> Stored<()> {
    tx.execute("DELETE FROM once WHERE created <= ?1", [now.plus(-KEPT).unix()])?;
    tx.execute(
        "INSERT INTO once (user_id, operation, key_hash, request, status, headers, body, created) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![key.user, key.operation, hash(key.key), key.request, answer.status, answer.headers, answer.body, now.unix()],
    )?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Failure;
    use crate::store::test_store;

    /// A look at every kept answer, its body too, at each new one once took a quarter of a busy server's time.
    #[test]
    fn what_is_old_is_found_by_its_age() {
        let (_folder, store) = test_store();
        let plan = |sql: &str| {
            store
                .transact(|tx| Ok::<_, Failure>(tx.query_row(&format!("EXPLAIN QUERY PLAN {sql}"), [], |row| row.get::<String>(3))?))
                .unwrap()
        };
        for (sql, index) in
            [("DELETE FROM once WHERE created <= 1", "once_created"), ("DELETE FROM challenges WHERE expires < 1", "challenges_expires")]
        {
            let plan = plan(sql);
            assert!(plan.starts_with("SEARCH") && plan.contains(index), "{plan}");
        }
    }

    #[test]
    fn the_same_call_is_known_and_another_is_told_apart() {
        let (_folder, store) = test_store();
        let at = Time::from_unix;
        store
            .transact(|tx| {
                let key = Key { user: "u", operation: "issue", key: "k", request: [1; 32] };
                assert!(matches!(seen(tx, key, at(100_000))?, Seen::Never));
                keep(tx, key, &Answer { status: 201, headers: String::new(), body: b"x".to_vec() }, at(100_000))?;
                assert!(matches!(seen(tx, key, at(100_001))?, Seen::Same(Answer { status: 201, .. })));
                assert!(matches!(seen(tx, Key { request: [2; 32], ..key }, at(100_001))?, Seen::Other));
                assert!(matches!(seen(tx, Key { user: "v", ..key }, at(100_001))?, Seen::Never));
                assert!(matches!(seen(tx, key, at(100_000 + KEPT))?, Seen::Never), "old answers are forgotten");
                Ok::<_, Failure>(())
            })
            .unwrap();
    }
}
