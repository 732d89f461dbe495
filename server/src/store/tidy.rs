//! Forgetting: what has expired and can no longer matter is removed at each start, so that the store does not grow for ever.

use super::Stored;
use super::engine::{Transaction, params};
use thrivosign::Time;

/// How long after its end something is kept: long enough to tell a late try from an unknown one.
const KEPT: i64 = 2 * 86_400;

/// Removes expired tokens, codes, challenges, registrations that nobody ended, kept answers and old slips. Credentials, devices, documents and audit records stay.
pub(crate) fn tidy(tx: &Transaction<'_>, now: Time) -> Stored<()> {
    let before = now.plus(-KEPT).unix();
    for sql in [
        "DELETE FROM access_tokens WHERE expires < ?1",
        "DELETE FROM refresh_tokens WHERE expires < ?1",
        "DELETE FROM families WHERE created < ?1 AND id NOT IN (SELECT family FROM refresh_tokens)
         AND id NOT IN (SELECT family FROM access_tokens)",
        "DELETE FROM challenges WHERE expires < ?1",
        "DELETE FROM codes WHERE expires < ?1 AND id NOT IN (SELECT code FROM challenges WHERE code IS NOT NULL)",
        "DELETE FROM codes WHERE user_id IN (SELECT id FROM users WHERE status = 'pending_activation' AND created < ?1)",
        "DELETE FROM users WHERE status = 'pending_activation' AND created < ?1",
        "DELETE FROM once WHERE created < ?1",
        "DELETE FROM activations WHERE expires < ?1",
        "DELETE FROM authorizations WHERE expires < ?1 AND answer IS NULL",
        "DELETE FROM throttle WHERE last < ?1 AND locked_until < ?1",
    ] {
        tx.execute(sql, params![before])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Failure;
    use crate::store::throttle::{self, Rule};
    use crate::store::tokens::{self, Given, Lifetimes};
    use crate::store::{codes, test_store};

    #[test]
    fn what_has_ended_goes_and_what_holds_stays() {
        let (_folder, store) = test_store();
        let count = |tx: &Transaction<'_>, table: &str| -> u32 {
            tx.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
        };
        store
            .transact(|tx| {
                tx.execute_batch("INSERT INTO users VALUES ('u','u','','','','','','',NULL,'c','active',0)")?;
                let lives = Lifetimes { access: 100, refresh: 1000 };
                let rule = Rule { tries: 5, lock_seconds: 60 };
                let late = 10 * 86_400;
                for at in [0, late] {
                    tokens::start(tx, Given { user: Some("u"), ..Given::default() }, lives, Time::from_unix(at))?;
                    codes::issue(tx, "u", "device", 60, Time::from_unix(at))?;
                    let waits = format!("reg-{at}");
                    let status = "pending_activation";
                    tx.execute("INSERT INTO users VALUES (?1,?1,'','','','','','',NULL,?1,?2,?3)", params![waits, status, at])?;
                    codes::issue(tx, &waits, "account", 60, Time::from_unix(at))?;
                    throttle::wrong(tx, "otp", &at.to_string(), rule, Time::from_unix(at))?;
                }
                tidy(tx, Time::from_unix(late + 1))?;
                for (table, left) in
                    [("families", 1), ("access_tokens", 1), ("refresh_tokens", 1), ("codes", 2), ("throttle", 1), ("users", 2)]
                {
                    assert_eq!(count(tx, table), left, "{table}");
                }
                Ok::<_, Failure>(())
            })
            .unwrap();
    }
}
