//! Packages: agreements that go from person to person, and where each stands. A change is made only from the state and version that it was decided
//! on, and counts the version up.

use super::Stored;
use super::engine::{Optional, Read, Row, Transaction, Unread, params};
use thrivosign::Time;
use thrivosign::remote::package::PackageState;
use thrivosign::remote::package::list::Show;

/// A package.
pub(crate) struct Package {
    pub(crate) id: String,
    /// The user who made it.
    pub(crate) owner: String,
    pub(crate) name: String,
    pub(crate) state: PackageState,
    pub(crate) version: u64,
    pub(crate) reason: Option<String>,
    pub(crate) created: Time,
    pub(crate) expires: Time,
}

/// A document of a package.
pub(crate) struct Inside {
    pub(crate) id: String,
    pub(crate) file_name: String,
    pub(crate) sha256: [u8; 32],
    pub(crate) size: u64,
    pub(crate) pages: u64,
    pub(crate) signatures: u64,
}

const COLUMNS: &str = "p.id, p.user_id, p.name, p.state, p.version, p.reason, p.created, p.expires";
/// Whether that user (?2) is a recipient. A draft is nobody's but its owner's, and so is one that was taken back as a draft.
const RECEIVED: &str = "p.shared IS NOT NULL AND EXISTS (SELECT 1 FROM recipients r JOIN users u ON u.username = r.username
    WHERE r.package_id = p.id AND u.id = ?2)";
/// Whether it is that user's (?2) turn: nobody before has yet to sign.
const WAITING: &str = "p.state = 'shared' AND p.expires > ?4 AND EXISTS (SELECT 1 FROM recipients r JOIN users u ON u.username = r.username
    WHERE r.package_id = p.id AND u.id = ?2 AND r.state = 'pending' AND NOT EXISTS (SELECT 1 FROM recipients b WHERE b.package_id = p.id
    AND b.state = 'pending' AND b.turn < r.turn))";

fn number(n: i64) -> u64 {
    u64::try_from(n).unwrap_or_default()
}

fn from_row(row: &Row<'_>) -> Read<Package> {
    let state: String = row.get(3)?;
    Ok(Package {
        id: row.get(0)?,
        owner: row.get(1)?,
        name: row.get(2)?,
        state: PackageState::from_text(&state).ok_or_else(Unread::strange)?,
        version: number(row.get(4)?),
        reason: row.get(5)?,
        created: Time::from_unix(row.get(6)?),
        expires: Time::from_unix(row.get(7)?),
    })
}

/// Adds a package that has nothing in it yet.
pub(crate) fn add(tx: &Transaction<'_>, package: &Package) -> Stored<()> {
    tx.execute(
        "INSERT INTO packages (id, user_id, name, state, version, created, changed, expires) VALUES (?1, ?2, ?3, ?4, 1, ?5, ?5, ?6)",
        params![package.id, package.owner, package.name, package.state.as_str(), package.created.unix(), package.expires.unix()],
    )?;
    Ok(())
}

/// The package of that id, if it is the user's own or was shared with the user.
pub(crate) fn seen_by(tx: &Transaction<'_>, id: &str, user: &str) -> Stored<Option<Package>> {
    let sql = format!("SELECT {COLUMNS} FROM packages p WHERE p.id = ?1 AND (p.user_id = ?2 OR ({RECEIVED}))");
    tx.query_row(&sql, [id, user], from_row).optional()
}

/// The package that the document is in.
pub(crate) fn of_document(tx: &Transaction<'_>, document: &str) -> Stored<Option<Package>> {
    let sql = format!("SELECT {COLUMNS} FROM packages p JOIN package_documents d ON d.package_id = p.id WHERE d.document_id = ?1");
    tx.query_row(&sql, [document], from_row).optional()
}

/// What there is to show to the user, newest first, at most so many.
pub(crate) fn list(tx: &Transaction<'_>, user: &str, show: Show, most: u32, now: Time) -> Stored<Vec<Package>> {
    let condition = match show {
        Show::Owned => "p.user_id = ?2",
        Show::Received => RECEIVED,
        Show::Waiting => WAITING,
    };
    // ?1 is the id elsewhere, and is no condition here.
    let sql = format!("SELECT {COLUMNS} FROM packages p WHERE ?1 = '' AND ?4 = ?4 AND {condition} ORDER BY p.rowid DESC LIMIT ?3");
    tx.query_all(&sql, params!["", user, most, now.unix()], from_row)
}

/// Packages whose time has run out and that nobody has ended.
pub(crate) fn due(tx: &Transaction<'_>, now: Time, most: u32) -> Stored<Vec<Package>> {
    let sql =
        format!("SELECT {COLUMNS} FROM packages p WHERE p.state IN ('draft', 'shared') AND p.expires <= ?1 ORDER BY p.expires LIMIT ?2");
    tx.query_all(&sql, params![now.unix(), most], from_row)
}

/// After the call the package is in that state and has the next version; false if it was changed since it was read.
pub(crate) fn change(tx: &Transaction<'_>, package: &mut Package, to: PackageState, reason: Option<&str>, now: Time) -> Stored<bool> {
    let changed = tx.execute(
        "UPDATE packages SET state = ?2, reason = coalesce(?3, reason), version = version + 1, changed = ?4,
         shared = CASE WHEN ?2 = 'shared' THEN coalesce(shared, ?4) ELSE shared END WHERE id = ?1 AND state = ?5 AND version = ?6",
        params![package.id, to.as_str(), reason, now.unix(), package.state.as_str(), i64::try_from(package.version).unwrap_or(i64::MAX)],
    )?;
    package.state = to;
    package.version = package.version.saturating_add(1);
    if let Some(reason) = reason {
        package.reason = Some(reason.to_owned());
    }
    Ok(changed == 1)
}

/// Puts the document into the package; it must be in none.
pub(crate) fn put(tx: &Transaction<'_>, package: &str, document: &str) -> Stored<()> {
    tx.execute("INSERT INTO package_documents (document_id, package_id) VALUES (?1, ?2)", [document, package])?;
    Ok(())
}

/// The package's documents that are kept, in the order in which they were put in.
pub(crate) fn documents(tx: &Transaction<'_>, package: &str) -> Stored<Vec<Inside>> {
    let sql = "SELECT d.id, d.file_name, d.sha256, d.size, d.pages, d.signatures FROM package_documents i JOIN documents d ON d.id = i.document_id
         WHERE i.package_id = ?1 AND d.removed IS NULL ORDER BY i.rowid";
    tx.query_all(sql, [package], |row| {
        Ok(Inside {
            id: row.get(0)?,
            file_name: row.get(1)?,
            sha256: row.get(2)?,
            size: number(row.get(3)?),
            pages: number(row.get(4)?),
            signatures: number(row.get(5)?),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Failure;
    use crate::store::test_store;

    #[test]
    fn a_change_is_made_from_the_version_it_was_decided_on_and_no_other() {
        let (_folder, store) = test_store();
        store
            .transact(|tx| {
                tx.execute_batch("INSERT INTO users VALUES ('u','u','','','','','','',NULL,'c','active',0)")?;
                let at = Time::from_unix;
                let package = || Package {
                    id: "p".to_owned(),
                    owner: "u".to_owned(),
                    name: "n".to_owned(),
                    state: PackageState::Draft,
                    version: 1,
                    reason: None,
                    created: at(1),
                    expires: at(10),
                };
                add(tx, &package())?;
                let mut read = seen_by(tx, "p", "u")?.unwrap();
                assert!(seen_by(tx, "p", "v")?.is_none());
                assert!(change(tx, &mut read, PackageState::Shared, None, at(2))?);
                assert_eq!((read.version, seen_by(tx, "p", "u")?.unwrap().version), (2, 2));
                assert!(!change(tx, &mut package(), PackageState::Cancelled, Some("x"), at(2))?, "decided on version 1");
                assert_eq!(seen_by(tx, "p", "u")?.unwrap().state, PackageState::Shared);
                assert!(due(tx, at(9), 5)?.is_empty());
                assert_eq!(due(tx, at(10), 5)?.len(), 1);
                Ok::<_, Failure>(())
            })
            .unwrap();
    }
}
