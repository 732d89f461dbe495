//! Clients that log in by the certificate of their connection: registered by the operator, each under the name that its certificates have.

use super::engine::{Optional, Transaction, params};
use super::{Stored, tokens};
use crate::client_certificate::ClientName;
use crate::failure::Failure;
use thrivosign::Time;

const SUBJECT: &str = "subject";
const SAN_DNS: &str = "san_dns";
const SAN_URI: &str = "san_uri";

/// A registered client.
pub(crate) struct Client {
    /// The user whose account it acts for.
    pub(crate) user: String,
    /// By what its certificates are known.
    pub(crate) name: ClientName,
}

/// Registers a client in place of the one of that id.
pub(crate) fn register(tx: &Transaction<'_>, id: &str, client: &Client, now: Time) -> Stored<()> {
    remove(tx, id, now)?;
    let (kind, name) = match &client.name {
        ClientName::Subject(der) => (SUBJECT, der.as_slice()),
        ClientName::SanDns(host) => (SAN_DNS, host.as_bytes()),
        ClientName::SanUri(uri) => (SAN_URI, uri.as_bytes()),
    };
    let sql = "INSERT INTO clients (id, user_id, kind, name, created) VALUES (?1, ?2, ?3, ?4, ?5)";
    tx.execute(sql, params![id, client.user, kind, name, now.unix()])?;
    Ok(())
}

/// Forgets the client of that id and ends its tokens; false if there is none.
pub(crate) fn remove(tx: &Transaction<'_>, id: &str, now: Time) -> Stored<bool> {
    tokens::end_client(tx, id, now)?;
    Ok(tx.execute("DELETE FROM clients WHERE id = ?1", [id])? == 1)
}

/// The client of that id.
pub(crate) fn by_id(tx: &Transaction<'_>, id: &str) -> Stored<Option<Client>> {
    let sql = "SELECT user_id, kind, name FROM clients WHERE id = ?1";
    let row = tx.query_row(sql, [id], |row| Ok((row.get(0)?, row.get::<String>(1)?, row.get::<Vec<u8>>(2)?))).optional()?;
    let Some((user, kind, name)) = row else { return Ok(None) };
    let text = |name: Vec<u8>| String::from_utf8(name).map_err(|_| Failure::new("a client's name is damaged"));
    let name = match kind.as_str() {
        SUBJECT => ClientName::Subject(name),
        SAN_DNS => ClientName::SanDns(text(name)?),
        SAN_URI => ClientName::SanUri(text(name)?),
        _ => return Err(Failure::new("a client's name is of an unknown kind")),
    };
    Ok(Some(Client { user, name }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::test_store;

    #[test]
    fn every_kind_of_name_is_kept_and_a_client_is_replaced_whole() {
        let (_folder, store) = test_store();
        let now = Time::from_unix(7);
        let names = [ClientName::Subject(vec![0x30, 1, 0xff]), ClientName::SanDns("a.example".into()), ClientName::SanUri("urn:a".into())];
        store
            .transact(|tx| {
                tx.execute_batch("INSERT INTO users VALUES ('u','u','','','','','','',NULL,'c','active',0)")?;
                for name in &names {
                    register(tx, "desk", &Client { user: "u".to_owned(), name: name.clone() }, now)?;
                    assert_eq!(by_id(tx, "desk")?.map(|client| client.name).as_ref(), Some(name));
                }
                assert!(by_id(tx, "other")?.is_none());
                assert!(remove(tx, "desk", now)? && !remove(tx, "desk", now)? && by_id(tx, "desk")?.is_none());
                Ok::<_, Failure>(())
            })
            .unwrap();
    }
}
