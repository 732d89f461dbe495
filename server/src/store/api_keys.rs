//! API keys: issued once in clear, stored as salted hashes, revocable.

use super::engine::{Optional, Transaction, params};
use super::{Stored, salted};
use crate::random;
use subtle::ConstantTimeEq;
use thrivosign::Time;
use zeroize::Zeroizing;

/// Makes a key and gives it in clear for the only time: `tsk_<id>_<secret>`.
pub(crate) fn issue(tx: &Transaction<'_>, now: Time) -> Stored<Zeroizing<String>> {
    let id = random::hex(&random::bytes::<6>()?);
    let secret = random::token()?;
    let salt = random::bytes::<16>()?;
    tx.execute(
        "INSERT INTO api_keys (id, salt, hash, created) VALUES (?1, ?2, ?3, ?4)",
        params![id, salt, salted(&salt, secret.as_bytes()), now.unix()],
    )?;
    Ok(Zeroizing::new(format!("tsk_{id}_{}", &*secret)))
}

/// Whether any key was ever issued.
pub(crate) fn any(tx: &Transaction<'_>) -> Stored<bool> {
    Ok(tx.query_row("SELECT EXISTS (SELECT 1 FROM api_keys)", [], |row| row.get(0))?)
}

/// The id of the key if it is right and not revoked. The secret is compared in constant time, an unknown id against a
/// hash that nothing has, so that the time tells neither.
pub(crate) fn check(tx: &Transaction<'_>, given: &[u8]) -> Stored<Option<String>> {
    let text = std::str::from_utf8(given).unwrap_or_default();
    let (id, secret) = text.strip_prefix("tsk_").and_then(|rest| rest.split_once('_')).unwrap_or(("", ""));
    let row = tx
        .query_row("SELECT salt, hash FROM api_keys WHERE id = ?1 AND revoked IS NULL", [id], |row| {
            Ok((row.get::<[u8; 16]>(0)?, row.get::<[u8; 32]>(1)?))
        })
        .optional()?;
    let (salt, hash) = row.unwrap_or(([0; 16], [0; 32]));
    let equal = bool::from(salted(&salt, secret.as_bytes()).ct_eq(&hash));
    Ok((equal && row.is_some()).then(|| id.to_owned()))
}

/// Revokes the key of that id; false if there is none.
pub(crate) fn revoke(tx: &Transaction<'_>, id: &str, now: Time) -> Stored<bool> {
    Ok(tx.execute("UPDATE api_keys SET revoked = ?2 WHERE id = ?1 AND revoked IS NULL", params![id, now.unix()])? == 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Failure;
    use crate::store::test_store;

    #[test]
    fn only_the_whole_key_opens_and_revocation_ends_it() {
        let (_folder, store) = test_store();
        let now = Time::from_unix(1000);
        store
            .transact(|tx| {
                assert!(!any(tx)?);
                let key = issue(tx, now)?;
                let other = issue(tx, now)?;
                let id = check(tx, key.as_bytes())?.unwrap();
                assert_ne!(Some(&id), check(tx, other.as_bytes())?.as_ref());
                for wrong in ["", "tsk_", "tsk__", &key[..key.len() - 1], &format!("{}A", &*key), &key.replace("tsk_", "")] {
                    assert!(check(tx, wrong.as_bytes())?.is_none());
                }
                assert!(check(tx, &[0xff, 0xfe])?.is_none());
                assert!(revoke(tx, &id, now)? && !revoke(tx, &id, now)?);
                assert!(check(tx, key.as_bytes())?.is_none());
                assert!(check(tx, other.as_bytes())?.is_some());
                let stored: Vec<u8> = tx.query_row("SELECT CAST(hash || salt || id AS BLOB) FROM api_keys", [], |row| row.get(0))?;
                assert!(!stored.windows(20).any(|w| key.as_bytes().windows(20).any(|k| k == w)));
                Ok::<_, Failure>(())
            })
            .unwrap();
    }
}
