//! The operator's tasks on clients that log in by certificate (RFC 8705): takes the data folder of a server that is not running.

use crate::client_certificate::{ClientCertificate, ClientName};
use crate::config::{system_clock, time_of};
use crate::failure::Failure;
use crate::folder::Folder;
use crate::store::clients::{self, Client};
use crate::store::{Store, users};
use std::path::Path;
use thrivosign::host::file;
use thrivosign::pki::pem::certificates_from_pem;

/// Largest file of a certificate.
const MAX_FILE: usize = 64 << 10;

/// The name that a certificate (PEM or DER) is registered by: its subject.
///
/// # Errors
/// [`Failure`] if there is none, or it has no subject.
pub fn subject_of(path: &Path) -> Result<ClientName, Failure> {
    let doing = "cannot read the client's certificate";
    let bytes = file::read_small(path, MAX_FILE).map_err(Failure::at(doing))?;
    let found = certificates_from_pem(&bytes).map_err(Failure::at(doing))?;
    let first = found.first().and_then(|certificate| ClientCertificate::from_der(certificate.der()));
    first.and_then(|certificate| certificate.subject()).ok_or_else(|| Failure::new("the client's certificate has no subject"))
}

/// Registers a client: afterwards a connection with a certificate of that name may log in as it, and acts for the account of that user. A client of
/// that id that was registered before is replaced, and its tokens end.
///
/// # Errors
/// [`Failure`] if the folder is in use or damaged, or there is no such user.
pub fn register(data: &Path, id: &str, username: &str, name: &ClientName) -> Result<(), Failure> {
    let folder = Folder::open(data)?;
    let now = time_of(system_clock()());
    Store::open(&folder.file("store.db"))?.transact(|tx| {
        let (user, _) = users::by_username(tx, username)?.ok_or_else(|| Failure::new("there is no such user"))?;
        clients::register(tx, id, &Client { user: user.id, name: name.clone() }, now)
    })
}

/// Forgets a client; afterwards it cannot log in, and its tokens open nothing.
///
/// # Errors
/// [`Failure`] if the folder is in use or damaged, or there is no such client.
pub fn remove(data: &Path, id: &str) -> Result<(), Failure> {
    let folder = Folder::open(data)?;
    let now = time_of(system_clock()());
    let removed = Store::open(&folder.file("store.db"))?.transact(|tx| clients::remove(tx, id, now))?;
    if removed { Ok(()) } else { Err(Failure::new("there is no such client")) }
}
