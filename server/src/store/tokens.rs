//! Access and refresh tokens: random 256-bit values stored as SHA-256, in families that a reuse or a logout ends.
//!
//! A token needs no salt: it cannot be guessed from its hash.

use super::Stored;
use super::engine::{Optional, Row, Transaction, params};
use crate::random;
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
    pub(crate) refresh: Option<Zeroizing<String>>,
}

/// What whoever shows a token has shown beside it, or what a family is bound to.
#[derive(Clone, Copy, Default)]
pub(crate) struct Possession<'p> {
    /// The thumbprint of a key that was proved (RFC 9449 6.1).
    pub(crate) key: Option<&'p str>,
    /// The SHA-256 of the connection's certificate (RFC 8705 3.1).
    pub(crate) certificate: Option<[u8; 32]>,
}

/// To whom a family is given.
#[derive(Clone, Copy, Default)]
pub(crate) struct Given<'g> {
    /// The user whose account it opens.
    pub(crate) user: Option<&'g str>,
    /// The client that acts for that account by itself. It logs in again instead of refreshing (RFC 6749 4.4.3).
    pub(crate) client: Option<&'g str>,
    /// What it is bound to.
    pub(crate) bound: Possession<'g>,
}

/// Whose an access token is.
pub(crate) struct Holder {
    /// The user; a client's own token is nobody's.
    pub(crate) user: Option<String>,
    /// The thumbprint of the key that it was given to, if it is bound to one.
    pub(crate) key: Option<String>,
    /// The certificate that it was given to, if it is bound to one.
    pub(crate) certificate: Option<[u8; 32]>,
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

/// Starts a family with its first tokens.
pub(crate) fn start(tx: &Transaction<'_>, given: Given<'_>, lives: Lifetimes, now: Time) -> Stored<Pair> {
    let Given { user, client, bound: Possession { key, certificate } } = given;
    let family = random::id("fam-")?;
    tx.execute(
        "INSERT INTO families (id, user_id, client, bound_key, bound_certificate, created) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![family, user, client, key, certificate, now.unix()],
    )?;
    tx.execute("DELETE FROM access_tokens WHERE expires < ?1", [now.unix()])?;
    let access = access(tx, &family, lives, now)?;
    let refresh = if client.is_none() { Some(successor(tx, &family, lives, now)?) } else { None };
    Ok(Pair { access, refresh })
}

fn access(tx: &Transaction<'_>, family: &str, lives: Lifetimes, now: Time) -> Stored<Zeroizing<String>> {
    let token = random::token()?;
    let sql = "INSERT INTO access_tokens (hash, family, expires) VALUES (?1, ?2, ?3)";
    tx.execute(sql, params![hash(&token), family, now.plus(lives.access).unix()])?;
    Ok(token)
}

fn successor(tx: &Transaction<'_>, family: &str, lives: Lifetimes, now: Time) -> Stored<Zeroizing<String>> {
    let token = random::token()?;
    let sql = "INSERT INTO refresh_tokens (hash, family, expires) VALUES (?1, ?2, ?3)";
    tx.execute(sql, params![hash(&token), family, now.plus(lives.refresh).unix()])?;
    Ok(token)
}

/// Whose a good access token is.
pub(crate) fn holder_of(tx: &Transaction<'_>, access: &str, now: Time) -> Stored<Option<Holder>> {
    tx.query_row(
        "SELECT f.user_id, f.bound_key, f.bound_certificate FROM access_tokens a JOIN families f ON f.id = a.family
             WHERE a.hash = ?1 AND a.expires > ?2 AND f.revoked IS NULL",
        params![hash(access), now.unix()],
        |row| Ok(Holder { user: row.get(0)?, key: row.get(1)?, certificate: row.get(2)? }),
    )
    .optional()
}

/// Rotates a refresh token. The presented token stays good until its successor is first used, so that a lost answer locks
/// nobody out; a token whose successor was used is a copy in foreign hands and ends the family. A family that is bound needs what it is bound to
/// (RFC 9449 5, RFC 8705 4), and without it nothing of the family changes; one that is bound to no key yet is bound to the one shown from here on.
pub(crate) fn refresh(tx: &Transaction<'_>, token: &str, shown: Possession<'_>, lives: Lifetimes, now: Time) -> Stored<Refresh> {
    let Some(found) = find(tx, token)? else { return Ok(Refresh::Refused) };
    let wrong_key = found.key.is_some() && found.key.as_deref() != shown.key;
    let wrong_certificate = found.certificate.is_some() && found.certificate != shown.certificate;
    if wrong_key || wrong_certificate {
        return Ok(Refresh::Refused);
    }
    let family = &found.family;
    if found.dead {
        end_family(tx, family, now)?;
        return Ok(Refresh::Reused);
    }
    if found.expires <= now.unix() {
        return Ok(Refresh::Refused);
    }
    if found.key.is_none() && shown.key.is_some() {
        tx.execute("UPDATE families SET bound_key = ?2 WHERE id = ?1", params![family, shown.key])?;
    }
    if found.first {
        // Everything else of the family is an ancestor, or a sibling whose answer was lost.
        tx.execute("UPDATE refresh_tokens SET dead = ?3 WHERE family = ?1 AND hash <> ?2", params![family, hash(token), now.unix()])?;
        tx.execute("UPDATE refresh_tokens SET used = ?2 WHERE hash = ?1", params![hash(token), now.unix()])?;
    }
    Ok(Refresh::Pair(Pair { access: access(tx, family, lives, now)?, refresh: Some(successor(tx, family, lives, now)?) }))
}

/// A refresh token of a family that has not ended, and what the family is bound to.
struct Found {
    family: String,
    first: bool,
    dead: bool,
    expires: i64,
    key: Option<String>,
    certificate: Option<[u8; 32]>,
}

fn find(tx: &Transaction<'_>, token: &str) -> Stored<Option<Found>> {
    let sql = "SELECT r.family, r.used IS NULL, r.dead IS NOT NULL, r.expires, f.bound_key, f.bound_certificate
         FROM refresh_tokens r JOIN families f ON f.id = r.family WHERE r.hash = ?1 AND f.revoked IS NULL";
    let read = |row: &Row<'_>| {
        let (family, first, dead, expires) = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
        Ok(Found { family, first, dead, expires, key: row.get(4)?, certificate: row.get(5)? })
    };
    tx.query_row(sql, [hash(token)], read).optional()
}

fn end_family(tx: &Transaction<'_>, family: &str, now: Time) -> Stored<()> {
    tx.execute("UPDATE families SET revoked = ?2 WHERE id = ?1 AND revoked IS NULL", params![family, now.unix()])?;
    tx.execute("DELETE FROM access_tokens WHERE family = ?1", [family])?;
    Ok(())
}

/// Ends all families of that client.
pub(crate) fn end_client(tx: &Transaction<'_>, client: &str, now: Time) -> Stored<()> {
    tx.execute("DELETE FROM access_tokens WHERE family IN (SELECT id FROM families WHERE client = ?1)", [client])?;
    tx.execute("UPDATE families SET revoked = ?2 WHERE client = ?1 AND revoked IS NULL", params![client, now.unix()])?;
    Ok(())
}

/// Ends all logins of the user's own; a back office that acts for the account goes on.
pub(crate) fn end_user(tx: &Transaction<'_>, user: &str, now: Time) -> Stored<()> {
    let sql = "DELETE FROM access_tokens WHERE family IN (SELECT id FROM families WHERE user_id = ?1 AND client IS NULL)";
    tx.execute(sql, [user])?;
    let sql = "UPDATE families SET revoked = ?2 WHERE user_id = ?1 AND client IS NULL AND revoked IS NULL";
    tx.execute(sql, params![user, now.unix()])?;
    Ok(())
}

/// Ends the family of an access or refresh token of that user; an unknown token is no error (RFC 7009 2.2).
pub(crate) fn revoke(tx: &Transaction<'_>, token: &str, user: Option<&str>, now: Time) -> Stored<()> {
    let family = tx
        .query_row(
            "SELECT f.id FROM families f WHERE f.user_id IS ?2 AND f.id IN (
               SELECT family FROM access_tokens WHERE hash = ?1 UNION SELECT family FROM refresh_tokens WHERE hash = ?1)",
            params![hash(token), user],
            |row| row.get::<String>(0),
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

    impl Pair {
        fn token(&self) -> &str {
            self.refresh.as_ref().unwrap()
        }
    }

    fn of_key(key: &str) -> Possession<'_> {
        Possession { key: Some(key), certificate: None }
    }

    fn rotated(tx: &Transaction<'_>, token: &str, at: i64) -> Pair {
        match refresh(tx, token, Possession::default(), LIVES, Time::from_unix(at)).unwrap() {
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
                let first = start(tx, Given::default(), LIVES, at(0))?;
                assert!(holder_of(tx, &first.access, at(99))?.is_some());
                assert!(holder_of(tx, &first.access, at(100))?.is_none(), "expired");
                assert!(holder_of(tx, first.token(), at(1))?.is_none(), "a refresh token opens nothing");
                let _lost = rotated(tx, first.token(), 10);
                let second = rotated(tx, first.token(), 11);
                let third = rotated(tx, second.token(), 12);
                assert!(holder_of(tx, &third.access, at(13))?.is_some());
                assert!(matches!(refresh(tx, first.token(), Possession::default(), LIVES, at(14))?, Refresh::Reused));
                assert!(holder_of(tx, &third.access, at(15))?.is_none(), "every token of the family is gone");
                assert!(matches!(refresh(tx, third.token(), Possession::default(), LIVES, at(16))?, Refresh::Refused));
                Ok::<_, Failure>(())
            })
            .unwrap();
    }

    #[test]
    fn a_sibling_that_was_overtaken_counts_as_reuse() {
        let (_folder, store) = test_store();
        store
            .transact(|tx| {
                let first = start(tx, Given::default(), LIVES, Time::from_unix(0))?;
                let (left, right) = (rotated(tx, first.token(), 1), rotated(tx, first.token(), 2));
                rotated(tx, left.token(), 3);
                assert!(matches!(refresh(tx, right.token(), Possession::default(), LIVES, Time::from_unix(4))?, Refresh::Reused));
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
                let (one, other) = (start(tx, Given::default(), LIVES, at(0))?, start(tx, Given::default(), LIVES, at(0))?);
                revoke(tx, one.token(), Some("someone else"), at(1))?;
                assert!(holder_of(tx, &one.access, at(1))?.is_some(), "not their token");
                revoke(tx, one.token(), None, at(1))?;
                revoke(tx, "unknown", None, at(1))?;
                assert!(holder_of(tx, &one.access, at(2))?.is_none() && holder_of(tx, &other.access, at(2))?.is_some());
                assert!(matches!(refresh(tx, one.token(), Possession::default(), LIVES, at(2))?, Refresh::Refused));
                assert!(matches!(refresh(tx, other.token(), Possession::default(), LIVES, at(1000))?, Refresh::Refused), "expired");
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
                let first = start(tx, Given { bound: of_key("k1"), ..Given::default() }, LIVES, at(0))?;
                assert_eq!(holder_of(tx, &first.access, at(1))?.and_then(|holder| holder.key).as_deref(), Some("k1"));
                for key in [None, Some("k2")] {
                    assert!(matches!(refresh(tx, first.token(), Possession { key, certificate: None }, LIVES, at(2))?, Refresh::Refused));
                }
                let Refresh::Pair(second) = refresh(tx, first.token(), of_key("k1"), LIVES, at(3))? else { panic!() };
                let Refresh::Pair(_) = refresh(tx, second.token(), of_key("k1"), LIVES, at(4))? else { panic!() };
                // Whoever has an old token and not the key ends nothing; whoever has both ends the family.
                assert!(matches!(refresh(tx, first.token(), Possession::default(), LIVES, at(5))?, Refresh::Refused));
                assert!(holder_of(tx, &second.access, at(6))?.is_some());
                assert!(matches!(refresh(tx, first.token(), of_key("k1"), LIVES, at(7))?, Refresh::Reused));
                assert!(holder_of(tx, &second.access, at(8))?.is_none());

                let plain = start(tx, Given::default(), LIVES, at(0))?;
                let Refresh::Pair(bound) = refresh(tx, plain.token(), of_key("k3"), LIVES, at(1))? else { panic!() };
                assert!(matches!(refresh(tx, bound.token(), Possession::default(), LIVES, at(2))?, Refresh::Refused));
                assert_eq!(holder_of(tx, &plain.access, at(2))?.and_then(|holder| holder.key).as_deref(), Some("k3"));
                Ok::<_, Failure>(())
            })
            .unwrap();
    }

    #[test]
    fn a_family_of_a_certificate_is_for_that_one_and_a_client_gets_no_refresh_token() {
        let (_folder, store) = test_store();
        let at = Time::from_unix;
        let (own, other) = ([1; 32], [2; 32]);
        let with = |certificate| Possession { key: None, certificate: Some(certificate) };
        store
            .transact(|tx| {
                let first = start(tx, Given { bound: with(own), ..Given::default() }, LIVES, at(0))?;
                assert_eq!(holder_of(tx, &first.access, at(1))?.and_then(|holder| holder.certificate), Some(own));
                for shown in [Possession::default(), with(other), of_key("k1")] {
                    assert!(matches!(refresh(tx, first.token(), shown, LIVES, at(2))?, Refresh::Refused));
                }
                let Refresh::Pair(second) = refresh(tx, first.token(), with(own), LIVES, at(3))? else { panic!() };
                assert_eq!(holder_of(tx, &second.access, at(4))?.and_then(|holder| holder.certificate), Some(own));

                // A family that began without a certificate is not bound by one that comes along.
                let plain = start(tx, Given::default(), LIVES, at(0))?;
                let Refresh::Pair(second) = refresh(tx, plain.token(), with(own), LIVES, at(3))? else { panic!() };
                assert!(holder_of(tx, &second.access, at(4))?.is_some_and(|holder| holder.certificate.is_none()));

                let given = Given { client: Some("desk"), bound: with(own), ..Given::default() };
                let (one, two) = (start(tx, given, LIVES, at(0))?, start(tx, Given { client: Some("x"), ..given }, LIVES, at(0))?);
                assert!(one.refresh.is_none());
                end_client(tx, "desk", at(5))?;
                assert!(holder_of(tx, &one.access, at(6))?.is_none() && holder_of(tx, &two.access, at(6))?.is_some());
                Ok::<_, Failure>(())
            })
            .unwrap();
    }
}
