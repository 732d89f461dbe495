//! The schema and its migrations: takes a connection, leaves it at the newest version (`user_version`).

use super::Stored;
use super::audit::link;
use super::officers::Act;
use crate::failure::Failure;
use rusqlite::Connection;
use thrivosign::Time;

/// One entry per version, applied in order and never edited once released.
const MIGRATIONS: &[&str] = &[
    r"
CREATE TABLE api_keys (
    id TEXT PRIMARY KEY, salt BLOB NOT NULL, hash BLOB NOT NULL, created INTEGER NOT NULL, revoked INTEGER
) STRICT;
CREATE TABLE users (
    id TEXT PRIMARY KEY, username TEXT NOT NULL UNIQUE COLLATE NOCASE, password TEXT NOT NULL, name TEXT NOT NULL,
    email TEXT NOT NULL, mobile TEXT NOT NULL, kind TEXT NOT NULL, company TEXT, country TEXT, customer TEXT NOT NULL UNIQUE,
    status TEXT NOT NULL, created INTEGER NOT NULL
) STRICT;
-- Wrong tries, counted by what is guessed at: a user name (known or not), or a user's one-time codes.
CREATE TABLE throttle (
    what BLOB PRIMARY KEY, failures INTEGER NOT NULL, locked_until INTEGER NOT NULL, last INTEGER NOT NULL
) STRICT;
CREATE TABLE families (
    id TEXT PRIMARY KEY, user_id TEXT REFERENCES users(id), created INTEGER NOT NULL, revoked INTEGER
) STRICT;
CREATE TABLE access_tokens (
    hash BLOB PRIMARY KEY, family TEXT NOT NULL REFERENCES families(id), expires INTEGER NOT NULL
) STRICT;
CREATE INDEX access_tokens_family ON access_tokens(family);
CREATE INDEX access_tokens_expires ON access_tokens(expires);
CREATE TABLE refresh_tokens (
    hash BLOB PRIMARY KEY, family TEXT NOT NULL REFERENCES families(id), expires INTEGER NOT NULL, used INTEGER, dead INTEGER
) STRICT;
CREATE INDEX refresh_tokens_family ON refresh_tokens(family);
CREATE TABLE codes (
    id INTEGER PRIMARY KEY, user_id TEXT NOT NULL REFERENCES users(id), purpose TEXT NOT NULL, salt BLOB NOT NULL,
    hash BLOB NOT NULL, created INTEGER NOT NULL, expires INTEGER NOT NULL, used INTEGER
) STRICT;
CREATE INDEX codes_user ON codes(user_id, purpose);
CREATE TABLE challenges (
    hash BLOB PRIMARY KEY, text TEXT NOT NULL, user_id TEXT NOT NULL REFERENCES users(id), device TEXT NOT NULL, purpose TEXT NOT NULL,
    subject TEXT NOT NULL, method TEXT NOT NULL, code INTEGER REFERENCES codes(id), created INTEGER NOT NULL,
    expires INTEGER NOT NULL, used INTEGER
) STRICT;
CREATE INDEX challenges_user ON challenges(user_id);
CREATE TABLE devices (
    uuid TEXT PRIMARY KEY, user_id TEXT NOT NULL REFERENCES users(id), name TEXT NOT NULL, platform TEXT NOT NULL,
    spki BLOB NOT NULL, key_hash BLOB NOT NULL, level TEXT NOT NULL, created INTEGER NOT NULL, revoked INTEGER
) STRICT;
CREATE INDEX devices_key ON devices(key_hash);
CREATE INDEX devices_user ON devices(user_id);
CREATE TABLE credentials (
    id TEXT PRIMARY KEY, user_id TEXT NOT NULL REFERENCES users(id), device TEXT NOT NULL, state TEXT NOT NULL,
    key_hash BLOB NOT NULL, der BLOB NOT NULL, serial TEXT NOT NULL UNIQUE, not_before INTEGER NOT NULL,
    not_after INTEGER NOT NULL, created INTEGER NOT NULL, revoked INTEGER, reason TEXT
) STRICT;
CREATE INDEX credentials_user ON credentials(user_id);
CREATE INDEX credentials_key ON credentials(key_hash);
CREATE INDEX credentials_device ON credentials(device);
CREATE TABLE once (
    user_id TEXT NOT NULL, operation TEXT NOT NULL, key_hash BLOB NOT NULL, request BLOB NOT NULL, status INTEGER NOT NULL,
    headers TEXT NOT NULL, body BLOB NOT NULL, created INTEGER NOT NULL, PRIMARY KEY (user_id, operation, key_hash)
) STRICT, WITHOUT ROWID;
CREATE TABLE documents (
    id TEXT PRIMARY KEY, user_id TEXT NOT NULL REFERENCES users(id), file_name TEXT NOT NULL, sha256 BLOB NOT NULL,
    size INTEGER NOT NULL, pages INTEGER NOT NULL, signatures INTEGER NOT NULL, file TEXT NOT NULL, created INTEGER NOT NULL,
    changed INTEGER NOT NULL
) STRICT;
CREATE INDEX documents_user ON documents(user_id);
CREATE TABLE signatures (
    id TEXT PRIMARY KEY, document_id TEXT NOT NULL REFERENCES documents(id), credential_id TEXT NOT NULL,
    state TEXT NOT NULL, base BLOB NOT NULL, prepared BLOB NOT NULL, value BLOB, answer BLOB, created INTEGER NOT NULL
) STRICT;
CREATE INDEX signatures_document ON signatures(document_id);
CREATE TABLE audit (
    document_id TEXT NOT NULL REFERENCES documents(id), seq INTEGER NOT NULL, at INTEGER NOT NULL, actor TEXT NOT NULL,
    action TEXT NOT NULL, detail TEXT, previous BLOB NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (document_id, seq)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER audit_stays BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit records stay'); END;
CREATE TRIGGER audit_stands BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit records stand'); END;
",
    r"
-- The order of revocations: what a delta list leaves out is what its base has seen.
ALTER TABLE credentials ADD COLUMN revocation INTEGER;
UPDATE credentials SET revocation = rowid WHERE revoked IS NOT NULL;
CREATE UNIQUE INDEX credentials_revocation ON credentials(revocation);
CREATE TABLE crls (
    number INTEGER PRIMARY KEY, issuer TEXT NOT NULL, seen INTEGER NOT NULL, this_update INTEGER NOT NULL, complete BLOB NOT NULL,
    delta BLOB NOT NULL
) STRICT;
CREATE INDEX crls_issuer ON crls(issuer, number);
-- One row: the last number of a list, and the time of the last time stamp in milliseconds.
CREATE TABLE numbers (one INTEGER PRIMARY KEY CHECK (one = 1), crl INTEGER NOT NULL, stamped INTEGER NOT NULL) STRICT;
INSERT INTO numbers VALUES (1, 0, 0);
-- Certificates of the trust services themselves.
CREATE TABLE services (serial TEXT PRIMARY KEY, der BLOB NOT NULL, created INTEGER NOT NULL) STRICT;
",
    r"
-- How far a signature is to be raised once it is complete.
ALTER TABLE signatures ADD COLUMN level TEXT NOT NULL DEFAULT 'B-B';
",
    r"
-- The thumbprint of the key that a family of tokens is bound to (RFC 9449 6.1).
ALTER TABLE families ADD COLUMN bound_key TEXT;
",
    r"
-- What was verified of keys: SHA-256 of the attestation; and the app's credential on a device, whose assertions attest later keys.
ALTER TABLE devices ADD COLUMN attestation BLOB;
ALTER TABLE devices ADD COLUMN app_key BLOB;
ALTER TABLE devices ADD COLUMN app_counter INTEGER NOT NULL DEFAULT 0;
ALTER TABLE credentials ADD COLUMN level TEXT NOT NULL DEFAULT 'software';
ALTER TABLE credentials ADD COLUMN attestation BLOB;
",
    r"
-- Clients that log in by the certificate of their connection (RFC 8705 2.1), each for one account; whose a family of tokens is, and the SHA-256 of the
-- certificate that it is bound to (RFC 8705 3.1).
CREATE TABLE clients (
    id TEXT PRIMARY KEY, user_id TEXT NOT NULL REFERENCES users(id), kind TEXT NOT NULL, name BLOB NOT NULL, created INTEGER NOT NULL
) STRICT;
ALTER TABLE families ADD COLUMN client TEXT;
ALTER TABLE families ADD COLUMN bound_certificate BLOB;
CREATE INDEX families_client ON families(client);
",
    r"
-- Credentials whose keys are in the vault, and what their use takes: a PIN (hashed) and perhaps a code (SCAL 1), or the device's approval (SCAL 2).
CREATE TABLE remote_credentials (
    credential TEXT PRIMARY KEY REFERENCES credentials(id), scal INTEGER NOT NULL, pin TEXT, otp TEXT NOT NULL, totp BLOB,
    totp_step INTEGER NOT NULL DEFAULT 0
) STRICT;
-- What a device is asked to approve, and its signed answer, which stays as evidence.
CREATE TABLE authorizations (
    id TEXT PRIMARY KEY, user_id TEXT NOT NULL REFERENCES users(id), credential TEXT NOT NULL REFERENCES credentials(id),
    device TEXT NOT NULL, challenge TEXT NOT NULL, description TEXT, names TEXT NOT NULL, hashes TEXT NOT NULL, state TEXT NOT NULL,
    created INTEGER NOT NULL, expires INTEGER NOT NULL, answered INTEGER, answer BLOB, algorithm TEXT
) STRICT;
CREATE INDEX authorizations_device ON authorizations(device, state);
-- Signature activation data: hashed, with the signatures that are left and, if they are bound, the hashes that are.
CREATE TABLE activations (
    hash BLOB PRIMARY KEY, credential TEXT NOT NULL REFERENCES credentials(id), remaining INTEGER NOT NULL, hashes TEXT,
    expires INTEGER NOT NULL
) STRICT;
CREATE INDEX activations_expires ON activations(expires);
",
    r"
-- Packages: agreements that several people sign in order. `shared` is when its recipients first saw it.
CREATE TABLE packages (
    id TEXT PRIMARY KEY, user_id TEXT NOT NULL REFERENCES users(id), name TEXT NOT NULL, state TEXT NOT NULL, version INTEGER NOT NULL,
    reason TEXT, created INTEGER NOT NULL, changed INTEGER NOT NULL, shared INTEGER, expires INTEGER NOT NULL
) STRICT;
CREATE INDEX packages_user ON packages(user_id);
CREATE INDEX packages_expires ON packages(state, expires);
CREATE TABLE package_documents (
    document_id TEXT PRIMARY KEY REFERENCES documents(id), package_id TEXT NOT NULL REFERENCES packages(id)
) STRICT;
CREATE INDEX package_documents_package ON package_documents(package_id);
CREATE TABLE recipients (
    id TEXT PRIMARY KEY, package_id TEXT NOT NULL REFERENCES packages(id), document_id TEXT NOT NULL REFERENCES documents(id),
    username TEXT NOT NULL COLLATE NOCASE, turn INTEGER NOT NULL, field TEXT, page INTEGER, rect TEXT, state TEXT NOT NULL,
    changed INTEGER NOT NULL
) STRICT;
CREATE INDEX recipients_package ON recipients(package_id);
CREATE INDEX recipients_username ON recipients(username);
-- Which asked-for signature a session is about.
ALTER TABLE signatures ADD COLUMN recipient TEXT;
-- Agreements that are copied to be signed, and which role signs them where.
CREATE TABLE templates (
    id TEXT PRIMARY KEY, user_id TEXT NOT NULL REFERENCES users(id), name TEXT NOT NULL, document_id TEXT NOT NULL UNIQUE REFERENCES documents(id),
    places TEXT NOT NULL, created INTEGER NOT NULL
) STRICT;
CREATE INDEX templates_user ON templates(user_id);
-- Where a user's events go, when the next one is due, and how often it was tried; and the events, which wait until they are taken.
CREATE TABLE webhooks (
    user_id TEXT PRIMARY KEY REFERENCES users(id), url TEXT NOT NULL, tries INTEGER NOT NULL, due INTEGER NOT NULL
) STRICT;
CREATE TABLE events (
    id TEXT PRIMARY KEY, user_id TEXT NOT NULL REFERENCES users(id), kind TEXT NOT NULL, package_id TEXT NOT NULL, state TEXT NOT NULL,
    version INTEGER NOT NULL, recipient TEXT, at INTEGER NOT NULL
) STRICT;
CREATE INDEX events_user ON events(user_id);
CREATE INDEX events_at ON events(at);
",
    r"
-- When an agreement was removed; its row stays for its audit records.
ALTER TABLE documents ADD COLUMN removed INTEGER;
CREATE INDEX documents_changed ON documents(changed) WHERE removed IS NULL;
",
    r"
-- What is forgotten by its age is found by it: without these each kept answer read all others, their bodies too.
CREATE INDEX once_created ON once(created);
CREATE INDEX challenges_expires ON challenges(expires);
",
    r"
-- Who decides on certificates: for one company's users, or for everybody's.
CREATE TABLE officers (user_id TEXT PRIMARY KEY REFERENCES users(id), company TEXT, created INTEGER NOT NULL) STRICT;
-- Requests that wait for a decision, and what came of them.
CREATE TABLE certificate_requests (
    id TEXT PRIMARY KEY, user_id TEXT NOT NULL REFERENCES users(id), device TEXT NOT NULL, csr BLOB NOT NULL, level TEXT NOT NULL,
    attestation BLOB, state TEXT NOT NULL, version INTEGER NOT NULL, reason TEXT, credential TEXT REFERENCES credentials(id),
    created INTEGER NOT NULL, decided INTEGER
) STRICT;
CREATE INDEX certificate_requests_state ON certificate_requests(state, created);
CREATE INDEX certificate_requests_user ON certificate_requests(user_id, state);
CREATE INDEX certificate_requests_device ON certificate_requests(device, state);
-- What officers did.
CREATE TABLE officer_acts (
    seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, officer TEXT NOT NULL, action TEXT NOT NULL, subject TEXT NOT NULL, user_id TEXT NOT NULL,
    detail TEXT
) STRICT;
CREATE TRIGGER officer_acts_stay BEFORE DELETE ON officer_acts BEGIN SELECT RAISE(ABORT, 'what officers did stays'); END;
CREATE TRIGGER officer_acts_stand BEFORE UPDATE ON officer_acts BEGIN SELECT RAISE(ABORT, 'what officers did stands'); END;
",
    r"
-- Each user's picture for visible signatures, as its file was sent.
CREATE TABLE signature_images (user_id TEXT PRIMARY KEY REFERENCES users(id), image BLOB NOT NULL, changed INTEGER NOT NULL) STRICT;
",
    r"
-- What officers did, as a chain like an agreement's. `chain_acts` puts into it what they did before.
DROP TRIGGER officer_acts_stay;
DROP TRIGGER officer_acts_stand;
ALTER TABLE officer_acts RENAME TO unchained_acts;
CREATE TABLE officer_acts (
    seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, detail TEXT NOT NULL, previous BLOB NOT NULL,
    hash BLOB NOT NULL
) STRICT;
CREATE TRIGGER officer_acts_stay BEFORE DELETE ON officer_acts BEGIN SELECT RAISE(ABORT, 'what officers did stays'); END;
CREATE TRIGGER officer_acts_stand BEFORE UPDATE ON officer_acts BEGIN SELECT RAISE(ABORT, 'what officers did stands'); END;
",
];

/// The version that chains what officers did.
const CHAINED: i64 = 13;

/// Applies what is missing, each step in its own transaction; a database from a newer server is refused.
pub(super) fn migrate(connection: &mut Connection) -> Stored<()> {
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let done = usize::try_from(version).unwrap_or(usize::MAX);
    let missing = MIGRATIONS.get(done..).ok_or_else(|| Failure::new("the store was written by a newer server"))?;
    for (migration, version) in missing.iter().zip(version + 1..) {
        let transaction = connection.transaction()?;
        transaction.execute_batch(migration)?;
        if version == CHAINED {
            chain_acts(&transaction)?;
        }
        transaction.pragma_update(None, "user_version", version)?;
        transaction.commit()?;
    }
    Ok(())
}

/// Puts the acts that stood by themselves into the chain, in their order.
fn chain_acts(transaction: &rusqlite::Transaction<'_>) -> Stored<()> {
    let mut last = None;
    {
        let mut acts = transaction.prepare("SELECT at, officer, action, subject, user_id, detail FROM unchained_acts ORDER BY seq")?;
        let mut rows = acts.query([])?;
        while let Some(row) = rows.next()? {
            let (at, actor, action): (i64, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let (subject, user, detail): (String, String, Option<String>) = (row.get(3)?, row.get(4)?, row.get(5)?);
            let act = Act { action: &action, subject: &subject, user: &user, detail: detail.as_deref() };
            let (seq, record) = link(last, &actor, &action, Some(&act.told()), Time::from_unix(at));
            transaction.execute(
                "INSERT INTO officer_acts (seq, at, actor, action, detail, previous, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                (seq, at, &record.actor, &record.action, &record.detail, record.previous, record.hash),
            )?;
            last = Some((seq, record.hash));
        }
    }
    transaction.execute_batch("DROP TABLE unchained_acts")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_officers_did_before_is_chained_in_its_order() {
        let mut connection = Connection::open_in_memory().unwrap();
        for (migration, _) in MIGRATIONS.iter().zip(1..CHAINED) {
            connection.execute_batch(migration).unwrap();
        }
        connection
            .execute_batch(
                "INSERT INTO officer_acts VALUES (4, 20, 'o', 'rejected', 'r2', 'v', 'because'), (2, 10, 'o', 'approved', 'r1', 'u', NULL);
                 PRAGMA user_version = 12",
            )
            .unwrap();
        migrate(&mut connection).unwrap();
        let mut acts = connection.prepare("SELECT seq, action, detail, previous, hash FROM officer_acts ORDER BY seq").unwrap();
        let mut rows = acts.query([]).unwrap();
        let mut last = [0; 32];
        for (seq, action, detail) in
            [(1, "approved", r#"{"subject":"r1","user":"u"}"#), (2, "rejected", r#"{"subject":"r2","user":"v","detail":"because"}"#)]
        {
            let row = rows.next().unwrap().unwrap();
            let text = |column: usize| row.get::<_, String>(column).unwrap();
            assert_eq!((row.get(0), text(1).as_str(), text(2).as_str(), row.get(3)), (Ok(seq), action, detail, Ok(last)));
            last = row.get(4).unwrap();
        }
        assert!(rows.next().unwrap().is_none());
        assert!(connection.execute("DELETE FROM officer_acts", []).is_err());
    }

    #[test]
    fn migrating_twice_changes_nothing_and_a_newer_store_is_refused() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection).unwrap();
        migrate(&mut connection).unwrap();
        connection.pragma_update(None, "user_version", 99).unwrap();
        assert!(migrate(&mut connection).is_err());
    }
}
