//! Users and their passwords (Argon2id).

use super::Stored;
use super::engine::{Optional, Read, Row, Transaction, params};
use crate::failure::Failure;
use crate::random;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use thrivosign::Time;

/// The status of a user who may log in.
pub(crate) const ACTIVE: &str = "active";

/// A registered user.
pub(crate) struct User {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) mobile: String,
    pub(crate) country: Option<String>,
    pub(crate) customer: String,
    pub(crate) status: String,
}

/// What registers a user.
pub(crate) struct NewUser<'a> {
    pub(crate) username: &'a str,
    pub(crate) password_hash: &'a str,
    pub(crate) name: &'a str,
    pub(crate) email: &'a str,
    pub(crate) mobile: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) company: Option<&'a str>,
    pub(crate) country: Option<&'a str>,
    pub(crate) status: &'a str,
}

const COLUMNS: &str = "id, name, mobile, country, customer, status";

fn from_row(row: &Row<'_>) -> Read<User> {
    Ok(User { id: row.get(0)?, name: row.get(1)?, mobile: row.get(2)?, country: row.get(3)?, customer: row.get(4)?, status: row.get(5)? })
}

/// Registers the user; `None` if the user name is taken.
pub(crate) fn add(tx: &Transaction<'_>, new: &NewUser<'_>, now: Time) -> Stored<Option<String>> {
    let id = random::id("usr-")?;
    let customer = format!("C-{}", random::hex(&random::bytes::<8>()?));
    let added = tx.execute(
        "INSERT INTO users (id, username, password, name, email, mobile, kind, company, country, customer, status, created)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) ON CONFLICT(username) DO NOTHING",
        params![
            id,
            new.username,
            new.password_hash,
            new.name,
            new.email,
            new.mobile,
            new.kind,
            new.company,
            new.country,
            customer,
            new.status,
            now.unix()
        ],
    )?;
    Ok((added == 1).then_some(id))
}

/// The user of that id.
pub(crate) fn by_id(tx: &Transaction<'_>, id: &str) -> Stored<Option<User>> {
    tx.query_row(&format!("SELECT {COLUMNS} FROM users WHERE id = ?1"), [id], from_row).optional()
}

/// What the user of that id logs in with.
pub(crate) fn username_of(tx: &Transaction<'_>, id: &str) -> Stored<String> {
    Ok(tx.query_row("SELECT username FROM users WHERE id = ?1", [id], |row| row.get(0))?)
}

/// The user of that user name, with the password's hash.
pub(crate) fn by_username(tx: &Transaction<'_>, username: &str) -> Stored<Option<(User, String)>> {
    let sql = format!("SELECT {COLUMNS}, password FROM users WHERE username = ?1");
    tx.query_row(&sql, [username], |row| Ok((from_row(row)?, row.get(6)?))).optional()
}

/// Afterwards the user's password is the one of that hash.
pub(crate) fn set_password(tx: &Transaction<'_>, id: &str, hash: &str) -> Stored<()> {
    tx.execute("UPDATE users SET password = ?2 WHERE id = ?1", [id, hash])?;
    Ok(())
}

/// Afterwards the user logs in with the address and that password; false, and nothing is changed, if somebody has the address.
pub(crate) fn activate(tx: &Transaction<'_>, id: &str, hash: &str) -> Stored<bool> {
    let sql = "UPDATE users SET username = email, password = ?2, status = ?3 WHERE id = ?1
         AND NOT EXISTS (SELECT 1 FROM users other WHERE other.username = users.email AND other.id <> users.id)";
    Ok(tx.execute(sql, [id, hash, ACTIVE])? == 1)
}

/// How many registrations with that mobile number were made since then.
pub(crate) fn registered_since(tx: &Transaction<'_>, mobile: &str, since: Time) -> Stored<u32> {
    let digits = "replace(mobile, ' ', '')";
    let sql = format!("SELECT count(*) FROM users WHERE {digits} = replace(?1, ' ', '') AND created > ?2");
    Ok(tx.query_row(&sql, params![mobile, since.unix()], |row| row.get(0))?)
}

/// The hash of the user's password.
pub(crate) fn password_of(tx: &Transaction<'_>, id: &str) -> Stored<Option<String>> {
    tx.query_row("SELECT password FROM users WHERE id = ?1", [id], |row| row.get(0)).optional()
}

/// 19 MiB, 2 passes: the first of OWASP's equivalent settings, and few enough bytes for logins side by side.
fn argon2() -> Result<Argon2<'static>, Failure> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(|_| Failure::new("cannot set up the password hash"))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The password's hash as a PHC string with its own salt.
pub(crate) fn hash_password(password: &str) -> Result<String, Failure> {
    argon2()?.hash_password(password.as_bytes()).map(|hash| hash.to_string()).map_err(|_| Failure::new("cannot hash a password"))
}

/// Whether the password belongs to the hash. An empty hash (an unknown user, or one who has no password yet) costs the same time and is never right.
pub(crate) fn password_matches(password: &str, hash: &str) -> Result<bool, Failure> {
    if hash.is_empty() {
        hash_password(password)?;
        return Ok(false);
    }
    let hash = PasswordHash::new(hash).map_err(|_| Failure::new("a stored password hash is damaged"))?;
    Ok(argon2()?.verify_password(password.as_bytes(), &hash).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::test_store;

    #[test]
    fn user_names_are_unique_and_passwords_hashed() {
        let (_folder, store) = test_store();
        let hash = hash_password("correct horse").unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(password_matches("correct horse", &hash).unwrap());
        assert!(!password_matches("correct horsf", &hash).unwrap() && !password_matches("", &hash).unwrap());
        assert!(!password_matches("", "").unwrap());
        let new = NewUser {
            username: "anna",
            password_hash: &hash,
            name: "Anna",
            email: "a@example.org",
            mobile: "+49123",
            kind: "individual",
            company: None,
            country: Some("DE"),
            status: "active",
        };
        store
            .transact(|tx| {
                let id = add(tx, &new, Time::from_unix(1))?.unwrap();
                assert!(add(tx, &NewUser { username: "ANNA", ..new }, Time::from_unix(1))?.is_none(), "case does not make another user");
                assert_eq!(by_username(tx, "Anna")?.unwrap().0.id, id);
                assert_eq!(by_id(tx, &id)?.unwrap().name, "Anna");
                Ok::<_, Failure>(())
            })
            .unwrap();
    }
}
