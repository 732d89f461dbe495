//! Signature activation data: good for one credential, for so many signatures or for these very hashes, and for a short time. Stored hashed.

use super::engine::{Optional, Transaction, params};
use super::{Stored, lines, unlines};
use sha2::{Digest, Sha256};
use thrivosign::Time;

/// Activation data as they stand.
#[derive(Clone)]
pub(crate) struct Activation {
    hash: [u8; 32],
    pub(crate) credential: String,
    pub(crate) remaining: u64,
    /// The hashes that are left, if they are bound to hashes.
    pub(crate) hashes: Option<Vec<Vec<u8>>>,
    pub(crate) expires: Time,
}

fn hash(sad: &str) -> [u8; 32] {
    Sha256::digest(sad.as_bytes()).into()
}

/// Keeps new activation data; those that stand already stay as they are.
pub(crate) fn add(
    tx: &Transaction<'_>,
    sad: &str,
    credential: &str,
    remaining: u64,
    hashes: Option<&[Vec<u8>]>,
    expires: Time,
) -> Stored<()> {
    tx.execute(
        "INSERT INTO activations (hash, credential, remaining, hashes, expires) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
        params![hash(sad), credential, i64::try_from(remaining).unwrap_or(i64::MAX), hashes.map(lines), expires.unix()],
    )?;
    Ok(())
}

/// What stands under those activation data, expired or not.
pub(crate) fn find(tx: &Transaction<'_>, sad: &str) -> Stored<Option<Activation>> {
    let sql = "SELECT credential, remaining, hashes, expires FROM activations WHERE hash = ?1";
    let row = tx
        .query_row(sql, [hash(sad)], |row| Ok((row.get(0)?, row.get::<i64>(1)?, row.get::<Option<String>>(2)?, row.get(3)?)))
        .optional()?;
    row.map(|(credential, remaining, hashes, expires)| {
        let hashes = hashes.map(|text| unlines(&text)).transpose()?;
        let remaining = u64::try_from(remaining).unwrap_or_default();
        Ok(Activation { hash: hash(sad), credential, remaining, hashes, expires: Time::from_unix(expires) })
    })
    .transpose()
}

impl Activation {
    /// Takes those hashes out of what is left; false if they are not all in it, and then nothing is taken.
    pub(crate) fn take(&mut self, wanted: &[Vec<u8>]) -> bool {
        let Some(remaining) = self.remaining.checked_sub(wanted.len() as u64) else { return false };
        if let Some(hashes) = &self.hashes {
            let mut left = hashes.clone();
            for hash in wanted {
                let Some(at) = left.iter().position(|one| one == hash) else { return false };
                left.swap_remove(at);
            }
            self.hashes = Some(left);
        }
        self.remaining = remaining;
        true
    }

    /// Writes what is left.
    pub(crate) fn keep(&self, tx: &Transaction<'_>) -> Stored<()> {
        let sql = "UPDATE activations SET remaining = ?2, hashes = ?3 WHERE hash = ?1";
        tx.execute(sql, params![self.hash, i64::try_from(self.remaining).unwrap_or_default(), self.hashes.as_deref().map(lines)])?;
        Ok(())
    }

    /// Ends them.
    pub(crate) fn end(&self, tx: &Transaction<'_>) -> Stored<()> {
        tx.execute("DELETE FROM activations WHERE hash = ?1", [self.hash])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(remaining: u64, hashes: Option<Vec<Vec<u8>>>) -> Activation {
        Activation { hash: [0; 32], credential: "c".to_owned(), remaining, hashes, expires: Time::from_unix(9) }
    }

    #[test]
    fn what_is_signed_is_used_up_once() {
        let (a, b) = (vec![1; 32], vec![2; 32]);
        let mut bound = data(2, Some(vec![a.clone(), b.clone()]));
        assert!(!bound.take(&[a.clone(), a.clone()]) && bound.remaining == 2, "no hash counts twice");
        assert!(!bound.take(&[vec![3; 32]]) && bound.take(std::slice::from_ref(&b)) && !bound.take(&[b]));
        assert!(bound.take(std::slice::from_ref(&a)) && bound.remaining == 0 && !bound.take(std::slice::from_ref(&a)));
        let mut free = data(2, None);
        assert!(!free.take(&[a.clone(), a.clone(), a.clone()]) && free.take(&[a.clone(), a.clone()]) && !free.take(&[a]));
    }
}
