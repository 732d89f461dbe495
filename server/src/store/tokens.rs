//! Access and refresh tokens: random 256-bit values stored as SHA-256, in families that a reuse or a logout ends.
//!
//! A token needs no salt: it cannot be guessed from its hash.

use super::Stored;
use crate::random;
use rusqlite::{OptionalExtension, Transaction, params};
use sha2::{Digest, Sha256};
use thrivosign::Time;
use zeroize::Zeroizing;

/// How long tokens live.
#[derive(Clone, Copy)]
pub(crate) struct Lifetimes {
    pub(crate) access: i64,
    pub(crate) refresh: i64,
}

/// A pair handed out once. The refresh token is missing where none is due.
pub(crate) struct Pair {
    pub(crate) access: Zeroizing<String>,
    pub(crate) refresh: Zeroizing<String>,
}

/// Whose an access token is.
pub(crate) struct Holder {
    /// The user; a client's own token is nobody's.
    pub(crate) user: Option<String>,
    /// The thumbprint of the key that it was given to, if it is bound to one.
    pub(crate) key: Option<String>,
}

/// What a presented refresh token led to.
pub(crate) enum Refresh {
    /// A new pair.
    Pair(Pair),
    /// Unknown, expired, or of a family that has ended.
    Refused,
    /// A token that was replaced and whose successor is in use: someone holds a copy. The family has been ended; the caller must
    /// let the transaction commit.
    Reused,
}

fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// Starts a family with its first pair, for a user (or for a client of its own, without user), bound to the key of that thumbprint if there is one.
pub(crate) fn start(tx: &Transaction<'_>, user: Option<&str>, key: Option<&str>, lives: Lifetimes, now: Time) -> Stored<Pair> {
    let family = random::id("fam-")?;
    tx.execute("INSERT INTO families (id, user_id, bound_key, created) VALUES (?1, ?2, ?3, ?4)", params![family, user, key, now.unix()])?;
    tx.execute("DELETE FROM access_tokens WHERE expires < ?1", [now.unix()])?;
    pair(tx, &family, lives, now)
}

fn pair(tx: &Transaction<'_>, family: &str, lives: Lifetimes, now: Time) -> Stored<Pair> {
    let pair = Pair { access: random::token()?, refresh: random::token()? };
    tx.execute(
        "INSERT INTO access_tokens (hash, family, expires) VALUES (?1, ?2, ?3)",
        params![hash(&pair.access), family, now.plus(lives.access).unix()],
    )?;
    tx.execute(
        "INSERT INTO refresh_tokens (hash, family, expires) VALUES (?1, ?2, ?3)",
        params![hash(&pair.refresh), family, now.plus(lives.refresh).unix()],
    )?;
    Ok(pair)
}

/// Whose a good access token is.
pub(crate) fn holder_of(tx: &Transaction<'_>, access: &str, now: Time) -> Stored<Option<Holder>> {
    Ok(tx
        .query_row(
            "SELECT f.user_id, f.bound_key FROM access_tokens a JOIN families f ON f.id = a.family
             WHERE a.hash = ?1 AND a.expires > ?2 AND f.revoked IS NULL",
            params![hash(access), now.unix()],
            |row| Ok(Holder { user: row.get(0)?, key: row.get(1)? }),
        )
        .optional()?)
}

/// Rotates a refresh token. The presented token stays good until its successor is first used, so that a lost answer locks
/// nobody out; a token whose successor was used is a copy in foreign hands and ends the family. `key` is the thumbprint of the key that was proved: a
/// bound family needs its own (RFC 9449 5), and without it nothing of the family changes; one that is not bound yet is bound to it from here on.
pub(crate) fn refresh(tx: &Transaction<'_>, token: &str, key: Option<&str>, lives: Lifetimes, now: Time) -> Stored<Refresh> {
    let row = tx
        .query_row(
            "SELECT r.family, r.used IS NULL, r.dead IS NOT NULL, r.expires, f.bound_key FROM refresh_tokens r JOIN families f ON f.id = r.family
             WHERE r.hash = ?1 AND f.revoked IS NULL",
            [hash(token)],
            |row| Ok((row.get::<_, String>(0)?, row.get::<_, bool>(1)?, row.get::<_, bool>(2)?, row.get::<_, i64>(3)?, row.get::<_, Option<String>>(4)?)),
        )
        .optional()?;
    let Some((family, first, dead, expires, bound)) = row else { return Ok(Refresh::Refused) };
    if bound.is_some() && bound.as_deref() != key {
        return Ok(Refresh::Refused);
    }
    if dead {
        end_family(tx, &family, now)?;
        return Ok(Refresh::Reused);
    }
    if expires <= now.unix() {
        return Ok(Refresh::Refused);
    }
    if bound.is_none() && key.is_some() {
        tx.execute("UPDATE families SET bound_key = ?2 WHERE id = ?1", params![family, key])?;
    }
    if first {
        // Everything else of the family is an ancestor, or a sibling whose answer was lost.
        tx.execute("UPDATE refresh_tokens SET dead = ?3 WHERE family = ?1 AND hash <> ?2", params![family, hash(token), now.unix()])?;
        tx.execute("UPDATE refresh_tokens SET used = ?2 WHERE hash = ?1", params![hash(token), now.unix()])?;
    }
    Ok(Refresh::Pair(pair(tx, &family, lives, now)?))
}

fn end_family(tx: &Transaction<'_>, family: &str, now: Time) -> Stored<()> {
    tx.execute("UPDATE families SET revoked = ?2 WHERE id = ?1 AND revoked IS NULL", params![family, now.unix()])?;
    tx.execute("DELETE FROM access_tokens WHERE family = ?1", [family])?;
    Ok(())
}

/// Ends the family of an access or refresh token of that user; an unknown token is no error (RFC 7009 2.2).
pub(crate) fn revoke(tx: &Transaction<'_>, token: &str, user: Option<&str>, now: Time) -> Stored<()> {
    let family = tx
        .query_row(
            "SELECT f.id FROM families f WHERE f.user_id IS ?2 AND f.id IN (
               SELECT family FROM access_tokens WHERE hash = ?1 UNION SELECT family FROM refresh_tokens WHERE hash = ?1)",
            params![hash(token), user],
            |row| row.get::<_, String>(0),
        )
        .optional()?;
    family.map_or(Ok(()), |family| end_family(tx, &family, now))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Failure;
    use crate::store::test_store;

    const LIVES: Lifetimes = Lifetimes { access: 100, refresh: 1000 };

    fn rotated(tx: &Transaction<'_>, token: &str, at: i64) -> Pair {
        match refresh(tx, token, None, LIVES, Time::from_unix(at)).unwrap() {
            Refresh::Pair(pair) => pair,
            _ => panic!("the token should have been good"),
        }
    }

    #[test]
    fn a_lost_answer_locks_nobody_out_and_reuse_ends_the_family() {
        let (_folder, store) = test_store();
        let at = Time::from_unix;
        store
            .transact(|tx| {
                let first = start(tx, None, None, LIVES, at(0))?;
                assert!(holder_of(tx, &first.access, at(99))?.is_some());
                assert!(holder_of(tx, &first.access, at(100))?.is_none(), "expired");
                assert!(holder_of(tx, &first.refresh, at(1))?.is_none(), "a refresh token opens nothing");
                let _lost = rotated(tx, &first.refresh, 10);
                let second = rotated(tx, &first.refresh, 11);
                let third = rotated(tx, &second.refresh, 12);
                assert!(holder_of(tx, &third.access, at(13))?.is_some());
                assert!(matches!(refresh(tx, &first.refresh, None, LIVES, at(14))?, Refresh::Reused));
                assert!(holder_of(tx, &third.access, at(15))?.is_none(), "every token of the family is gone");
                assert!(matches!(refresh(tx, &third.refresh, None, LIVES, at(16))?, Refresh::Refused));
                Ok::<_, Failure>(())
            })
            .unwrap();
    }

    #[test]
    fn a_sibling_that_was_overtaken_counts_as_reuse() {
        let (_folder, store) = test_store();
        store
            .transact(|tx| {
                let first = start(tx, None, None, LIVES, Time::from_unix(0))?;
                let (left, right) = (rotated(tx, &first.refresh, 1), rotated(tx, &first.refresh, 2));
                rotated(tx, &left.refresh, 3);
                assert!(matches!(refresh(tx, &right.refresh, None, LIVES, Time::from_unix(4))?, Refresh::Reused));
                Ok::<_, Failure>(())
            })
            .unwrap();
    }

    #[test]
    fn revoking_ends_the_family_and_only_that() {
        let (_folder, store) = test_store();
        let at = Time::from_unix;
        store
            .transact(|tx| {
                let (one, other) = (start(tx, None, None, LIVES, at(0))?, start(tx, None, None, LIVES, at(0))?);
                revoke(tx, &one.refresh, Some("someone else"), at(1))?;
                assert!(holder_of(tx, &one.access, at(1))?.is_some(), "not their token");
                revoke(tx, &one.refresh, None, at(1))?;
                revoke(tx, "unknown", None, at(1))?;
                assert!(holder_of(tx, &one.access, at(2))?.is_none() && holder_of(tx, &other.access, at(2))?.is_some());
                assert!(matches!(refresh(tx, &one.refresh, None, LIVES, at(2))?, Refresh::Refused));
                assert!(matches!(refresh(tx, &other.refresh, None, LIVES, at(1000))?, Refresh::Refused), "expired");
                Ok::<_, Failure>(())
            })
            .unwrap();
    }

    #[test]
    fn a_bound_family_is_for_one_key() {
        let (_folder, store) = test_store();
        let at = Time::from_unix;
        store
            .transact(|tx| {
                let first = start(tx, None, Some("k1"), LIVES, at(0))?;
                assert_eq!(holder_of(tx, &first.access, at(1))?.and_then(|holder| holder.key).as_deref(), Some("k1"));
                for key in [None, Some("k2")] {
                    assert!(matches!(refresh(tx, &first.refresh, key, LIVES, at(2))?, Refresh::Refused));
                }
                let Refresh::Pair(second) = refresh(tx, &first.refresh, Some("k1"), LIVES, at(3))? else { panic!() };
                let Refresh::Pair(_) = refresh(tx, &second.refresh, Some("k1"), LIVES, at(4))? else { panic!() };
                // Whoever has an old token and not the key ends nothing; whoever has both ends the family.
                assert!(matches!(refresh(tx, &first.refresh, None, LIVES, at(5))?, Refresh::Refused));
                assert!(holder_of(tx, &second.access, at(6))?.is_some());
                assert!(matches!(refresh(tx, &first.refresh, Some("k1"), LIVES, at(7))?, Refresh::Reused));
                assert!(holder_of(tx, &second.access, at(8))?.is_none());

                let plain = start(tx, None, None, LIVES, at(0))?;
                let Refresh::Pair(bound) = refresh(tx, &plain.refresh, Some("k3"), LIVES, at(1))? else { panic!() };
                assert!(matches!(refresh(tx, &bound.refresh, None, LIVES, at(2))?, Refresh::Refused));
                assert_eq!(holder_of(tx, &plain.access, at(2))?.and_then(|holder| holder.key).as_deref(), Some("k3"));
                Ok::<_, Failure>(())
            })
            .unwrap();
    }
}
