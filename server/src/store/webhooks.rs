//! Webhooks, and the events that wait to be taken: put down in the transaction that made them happen, gone once they were taken. A user's events go out
//! one by one, in their order.

use super::Stored;
use super::engine::{Optional, Transaction, Unread, params};
use thrivosign::Time;
use thrivosign::remote::package::PackageState;
use thrivosign::remote::webhook::event::{Event, EventKind};

/// How long an event is tried, in seconds: three days.
const KEPT: i64 = 3 * 86_400;
/// The first pause after a failure, in seconds; it doubles. A try is over well within it, so that no event is on its way twice.
const PAUSE: i64 = 15;
/// The longest pause.
const LONGEST: i64 = 3_600;

/// A user's webhook.
pub(crate) struct Webhook {
    pub(crate) url: String,
    pub(crate) pending: u64,
    pub(crate) tries: u64,
}

/// An event that is on its way.
pub(crate) struct Delivery {
    pub(crate) user: String,
    pub(crate) url: String,
    pub(crate) event: Event,
}

/// Sets the user's address; what waits goes there, at once.
pub(crate) fn set(tx: &Transaction<'_>, user: &str, url: &str, now: Time) -> Stored<()> {
    tx.execute(
        "INSERT INTO webhooks (user_id, url, tries, due) VALUES (?1, ?2, 0, ?3)
         ON CONFLICT(user_id) DO UPDATE SET url = excluded.url, tries = 0, due = excluded.due",
        params![user, url, now.unix()],
    )?;
    Ok(())
}

/// The user's webhook.
pub(crate) fn find(tx: &Transaction<'_>, user: &str) -> Stored<Option<Webhook>> {
    let sql = "SELECT url, (SELECT count(*) FROM events WHERE user_id = ?1), tries FROM webhooks WHERE user_id = ?1";
    let number = |n: i64| u64::try_from(n).unwrap_or_default();
    tx.query_row(sql, [user], |row| Ok(Webhook { url: row.get(0)?, pending: number(row.get(1)?), tries: number(row.get(2)?) })).optional()
}

/// Takes the webhook away, with what waits for it.
pub(crate) fn remove(tx: &Transaction<'_>, user: &str) -> Stored<()> {
    tx.execute("DELETE FROM events WHERE user_id = ?1", [user])?;
    tx.execute("DELETE FROM webhooks WHERE user_id = ?1", [user])?;
    Ok(())
}

/// Puts an event down for the user, if there is a webhook.
pub(crate) fn put(tx: &Transaction<'_>, user: &str, event: &Event) -> Stored<()> {
    tx.execute(
        "INSERT INTO events (id, user_id, kind, package_id, state, version, recipient, at)
         SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8 WHERE EXISTS (SELECT 1 FROM webhooks WHERE user_id = ?2)",
        params![
            event.id,
            user,
            event.kind.as_str(),
            event.package_id,
            event.state.as_str(),
            i64::try_from(event.version).unwrap_or(i64::MAX),
            event.recipient_id,
            event.time.unix()
        ],
    )?;
    Ok(())
}

/// The next event that is due, of some user. It counts as tried from now on: should the server end before it knows how that went, it is tried again
/// after the pause of a failure.
pub(crate) fn claim(tx: &Transaction<'_>, now: Time) -> Stored<Option<Delivery>> {
    tx.execute("DELETE FROM events WHERE at <= ?1", [now.plus(-KEPT).unix()])?;
    let found = tx
        .query_row(
            "SELECT w.user_id, w.url, w.tries, e.id, e.kind, e.package_id, e.state, e.version, e.recipient, e.at FROM webhooks w
             JOIN events e ON e.user_id = w.user_id WHERE w.due <= ?1 ORDER BY w.due, e.rowid LIMIT 1",
            [now.unix()],
            |row| {
                let (kind, state, version): (String, String, i64) = (row.get(4)?, row.get(6)?, row.get(7)?);
                let damaged = Unread::strange;
                let event = Event {
                    id: row.get(3)?,
                    time: Time::from_unix(row.get(9)?),
                    kind: EventKind::from_text(&kind).ok_or_else(damaged)?,
                    package_id: row.get(5)?,
                    state: PackageState::from_text(&state).ok_or_else(damaged)?,
                    version: u64::try_from(version).unwrap_or_default(),
                    recipient_id: row.get(8)?,
                };
                Ok((Delivery { user: row.get(0)?, url: row.get(1)?, event }, row.get::<i64>(2)?))
            },
        )
        .optional()?;
    let Some((delivery, tries)) = found else { return Ok(None) };
    let pause = PAUSE.saturating_mul(1 << tries.clamp(0, 20)).min(LONGEST);
    let sql = "UPDATE webhooks SET tries = tries + 1, due = ?2 WHERE user_id = ?1";
    tx.execute(sql, params![delivery.user, now.plus(pause).unix()])?;
    Ok(Some(delivery))
}

/// The event was taken: the user's next one is due.
pub(crate) fn taken(tx: &Transaction<'_>, delivery: &Delivery, now: Time) -> Stored<()> {
    tx.execute("DELETE FROM events WHERE id = ?1", [&delivery.event.id])?;
    // Of another address meanwhile nothing is known.
    let sql = "UPDATE webhooks SET tries = 0, due = ?3 WHERE user_id = ?1 AND url = ?2";
    tx.execute(sql, params![delivery.user, delivery.url, now.unix()])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Failure;
    use crate::store::test_store;

    #[test]
    fn events_wait_in_their_order_until_they_are_taken_and_not_for_ever() {
        let (_folder, store) = test_store();
        let at = Time::from_unix;
        let event = |id: &str, time: i64| Event {
            id: id.to_owned(),
            time: at(time),
            kind: EventKind::Shared,
            package_id: "p".to_owned(),
            state: PackageState::Shared,
            version: 2,
            recipient_id: None,
        };
        store
            .transact(|tx| {
                tx.execute_batch("INSERT INTO users VALUES ('u','u','','','','','','',NULL,'c','active',0)")?;
                put(tx, "u", &event("e0", 1_000))?;
                set(tx, "u", "https://a.example/", at(1_000))?;
                put(tx, "u", &event("e1", 1_000))?;
                put(tx, "u", &event("e2", 1_001))?;
                let id = |tx: &Transaction<'_>, now: i64| claim(tx, at(now)).map(|found| found.map(|one| one.event.id));
                assert_eq!(id(tx, 1_001)?.as_deref(), Some("e1"), "what happened before there was a webhook is not told");
                assert!(id(tx, 1_015)?.is_none(), "one at a time");
                assert_eq!(id(tx, 1_016)?.as_deref(), Some("e1"), "not taken, so once more");
                assert!(id(tx, 1_045)?.is_none(), "the pause doubles");
                let second = claim(tx, at(1_046))?.unwrap();
                assert_eq!(find(tx, "u")?.map(|hook| (hook.pending, hook.tries)), Some((2, 3)));
                taken(tx, &second, at(1_047))?;
                assert_eq!(id(tx, 1_047)?.as_deref(), Some("e2"), "at once, without the pause");
                assert!(id(tx, 1_001 + KEPT)?.is_none() && find(tx, "u")?.unwrap().pending == 0, "given up");
                remove(tx, "u")?;
                assert!(find(tx, "u")?.is_none());
                Ok::<_, Failure>(())
            })
            .unwrap();
    }
}
