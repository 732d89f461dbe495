//! The server's TLS identity: takes the data folder, host names and whose certificates clients may show, gives a rustls configuration; its root stands
//! in the folder as `tls-root.pem`, to be given to clients.

use super::authority::{must_match, parse, pem};
use super::profile::{self, Issuer};
use super::{key, name};
use crate::config::{ClientAuthorities, Clock, time_of};
use crate::failure::Failure;
use crate::folder::Folder;
use p256::ecdsa::SigningKey;
use p256::pkcs8::{EncodePrivateKey, EncodePublicKey};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, UnixTime};
use rustls::server::danger::ClientCertVerifier;
use rustls::server::{NoServerSessionStorage, WebPkiClientVerifier};
use rustls::time_provider::TimeProvider;
use rustls::{RootCertStore, ServerConfig};
use sha2::{Digest, Sha256};
use std::fmt;
use std::sync::Arc;

const ROOT_KEY: &str = "tls-root.key.pem";
const ROOT_CERTIFICATE: &str = "tls-root.pem";
const SERVER_KEY: &str = "tls-server.key.pem";

/// The key that comes after the server's: pinned before it is used.
const NEXT_KEY: &str = "tls-server.next.key.pem";

/// Pins (RFC 7469 2.4) of the server's key and of the one that comes after it; both are made if missing.
pub(crate) fn pins(folder: &Folder) -> Result<[[u8; 32]; 2], Failure> {
    Ok([pin(&key::open_or_make(folder, SERVER_KEY)?)?, pin(&key::open_or_make(folder, NEXT_KEY)?)?])
}

/// Afterwards the server has the key that came next. A crash in between leaves one of the two files or both the same; the next try ends it.
pub(crate) fn rotate(folder: &Folder) -> Result<(), Failure> {
    let next = key::open(folder, NEXT_KEY)?.ok_or_else(|| Failure::new("there is no next key; publish pins first"))?;
    key::keep(folder, SERVER_KEY, &next)?;
    std::fs::remove_file(folder.file(NEXT_KEY)).map_err(Failure::at("cannot remove the next key's old file"))
}

fn pin(key: &SigningKey) -> Result<[u8; 32], Failure> {
    let spki = key.verifying_key().to_public_key_der().map_err(|_| Failure::new("cannot encode a public key"))?;
    Ok(Sha256::digest(spki.as_bytes()).into())
}

/// What the server shows to its clients.
pub(crate) struct ServerIdentity {
    pub(crate) config: Arc<ServerConfig>,
    pub(crate) root_pem: String,
}

impl ServerIdentity {
    /// Root and key of the folder, made on the first start; the server's certificate is issued anew at each start, so that it
    /// never expires on a server that is restarted once a year and always carries the names given now.
    pub(crate) fn open(
        folder: &Folder,
        hosts: &[String],
        clients: Option<&ClientAuthorities>,
        clock: &Clock,
    ) -> Result<ServerIdentity, Failure> {
        let now = time_of(clock());
        let root_name = name::authority("ThrivoSign Demo TLS Root")?;
        let root_key = key::open_or_make(folder, ROOT_KEY)?;
        let issuer = Issuer { name: &root_name, key: &root_key };
        let root = match folder.read(ROOT_CERTIFICATE)? {
            Some(bytes) => parse(&bytes)?,
            None => {
                let root = profile::root(&issuer, now)?;
                folder.write(ROOT_CERTIFICATE, pem(&root)?.as_bytes())?;
                root
            }
        };
        must_match(&root, &root_key)?;
        let server_key = key::open_or_make(folder, SERVER_KEY)?;
        let certificate = profile::tls(&issuer, &name::authority("ThrivoSign Demo Server")?, &server_key, hosts, now)?;
        let key = server_key.to_pkcs8_der().map_err(|_| Failure::new("cannot encode the server's key"))?;
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.as_bytes().to_vec()));
        let chain = vec![CertificateDer::from(profile::der(&certificate)?)];
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let verifier = match clients {
            Some(clients) => verifier(clients, &provider)?,
            None => WebPkiClientVerifier::no_client_auth(),
        };
        let mut config = ServerConfig::builder_with_details(provider, Arc::new(ServerTime(Arc::clone(clock))))
            .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
            .and_then(|builder| builder.with_client_cert_verifier(verifier).with_single_cert(chain, key))
            .map_err(Failure::at("cannot set up TLS"))?;
        if clients.is_some() {
            // A session that goes on would carry its certificate past the end of it: each connection shows its own.
            config.session_storage = Arc::new(NoServerSessionStorage {});
            config.send_tls13_tickets = 0;
        }
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(ServerIdentity { config: Arc::new(config), root_pem: pem(&root)? })
    }
}

/// Asks for a certificate of these authorities, and takes a client without one as it is: most are users' devices.
fn verifier(clients: &ClientAuthorities, provider: &Arc<CryptoProvider>) -> Result<Arc<dyn ClientCertVerifier>, Failure> {
    let doing = "cannot read the client authorities";
    let mut roots = RootCertStore::empty();
    for root in CertificateDer::pem_slice_iter(&clients.roots_pem) {
        roots.add(root.map_err(Failure::at(doing))?).map_err(Failure::at(doing))?;
    }
    WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider))
        .allow_unauthenticated()
        .build()
        .map(|verifier| verifier as Arc<dyn ClientCertVerifier>)
        .map_err(Failure::at(doing))
}

/// The server's own clock judges clients' certificates, as it judges everything else.
struct ServerTime(Clock);

impl fmt::Debug for ServerTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ServerTime")
    }
}

impl TimeProvider for ServerTime {
    fn current_time(&self) -> Option<UnixTime> {
        Some(UnixTime::since_unix_epoch((self.0)()))
    }
}
