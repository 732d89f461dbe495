//! Wrong tries: counts what is guessed at and locks it for a while.

use super::Stored;
use super::engine::{Optional, Transaction, params};
use sha2::{Digest, Sha256};
use thrivosign::Time;

/// How many wrong tries, and how long the lock holds.
#[derive(Clone, Copy)]
pub(crate) struct Rule {
    pub(crate) tries: u32,
    pub(crate) lock_seconds: i64,
}

/// What guessing may go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gate {
    /// So many tries are left.
    Open(u32),
    /// Locked for so many more seconds.
    Locked(i64),
}

fn key(kind: &str, what: &str) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(kind.as_bytes());
    hasher.update([0]);
    hasher.update(what.to_lowercase().as_bytes());
    hasher.finalize().into()
}

/// Whether a try may be made.
pub(crate) fn gate(tx: &Transaction<'_>, kind: &str, what: &str, rule: Rule, now: Time) -> Stored<Gate> {
    let row = tx
        .query_row("SELECT failures, locked_until, last FROM throttle WHERE what = ?1", [key(kind, what)], |row| {
            Ok((row.get::<u32>(0)?, row.get::<i64>(1)?, row.get::<i64>(2)?))
        })
        .optional()?;
    Ok(match row {
        Some((_, until, _)) if until > now.unix() => Gate::Locked(until.saturating_sub(now.unix())),
        // Old slips are forgiven after the time a lock would have held.
        Some((failures, _, last)) if failures < rule.tries && last.saturating_add(rule.lock_seconds) > now.unix() => {
            Gate::Open(rule.tries.saturating_sub(failures))
        }
        _ => Gate::Open(rule.tries),
    })
}

/// Notes a wrong try; gives what is left. The caller must let the transaction commit.
pub(crate) fn wrong(tx: &Transaction<'_>, kind: &str, what: &str, rule: Rule, now: Time) -> Stored<Gate> {
    let left = match gate(tx, kind, what, rule, now)? {
        Gate::Open(left) => left.saturating_sub(1),
        locked => return Ok(locked),
    };
    let until = if left == 0 { now.plus(rule.lock_seconds).unix() } else { 0 };
    tx.execute(
        "INSERT INTO throttle (what, failures, locked_until, last) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT(what) DO UPDATE SET failures = ?2, locked_until = ?3, last = ?4",
        params![key(kind, what), rule.tries.saturating_sub(left), until, now.unix()],
    )?;
    Ok(if left == 0 { Gate::Locked(rule.lock_seconds) } else { Gate::Open(left) })
}

/// Notes a right try: earlier slips are forgotten.
pub(crate) fn right(tx: &Transaction<'_>, kind: &str, what: &str) -> Stored<()> {
    tx.execute("DELETE FROM throttle WHERE what = ?1", [key(kind, what)])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Failure;
    use crate::store::test_store;

    #[test]
    fn locks_after_the_last_try_and_opens_again() {
        let (_folder, store) = test_store();
        let rule = Rule { tries: 3, lock_seconds: 60 };
        let at = |s: i64| Time::from_unix(1_000_000 + s);
        store
            .transact(|tx| {
                assert_eq!(gate(tx, "otp", "u", rule, at(0))?, Gate::Open(3));
                assert_eq!(wrong(tx, "otp", "u", rule, at(0))?, Gate::Open(2));
                right(tx, "otp", "u")?;
                for left in [2, 1] {
                    assert_eq!(wrong(tx, "otp", "u", rule, at(1))?, Gate::Open(left));
                }
                assert_eq!(wrong(tx, "otp", "u", rule, at(2))?, Gate::Locked(60));
                assert_eq!(gate(tx, "otp", "u", rule, at(61))?, Gate::Locked(1));
                assert_eq!(wrong(tx, "otp", "u", rule, at(61))?, Gate::Locked(1), "tries during the lock do not lengthen it");
                assert_eq!(gate(tx, "login", "u", rule, at(3))?, Gate::Open(3), "another kind of guessing is counted apart");
                assert_eq!(gate(tx, "otp", "u", rule, at(62))?, Gate::Open(3));
                assert_eq!(wrong(tx, "otp", "u", rule, at(63))?, Gate::Open(2), "after the lock the count starts again");
                Ok::<_, Failure>(())
            })
            .unwrap();
    }
}
