//! The server's TLS identity: takes the data folder and host names, gives a rustls configuration; its root stands in the
//! folder as `tls-root.pem`, to be given to clients.

use super::authority::{must_match, parse, pem};
use super::profile::{self, Issuer};
use super::{key, name};
use crate::failure::Failure;
use crate::folder::Folder;
use p256::pkcs8::EncodePrivateKey;
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use std::sync::Arc;
use thrivosign::Time;

const ROOT_KEY: &str = "tls-root.key.pem";
const ROOT_CERTIFICATE: &str = "tls-root.pem";
const SERVER_KEY: &str = "tls-server.key.pem";

/// What the server shows to its clients.
pub(crate) struct ServerIdentity {
    pub(crate) config: Arc<ServerConfig>,
    pub(crate) root_pem: String,
}

impl ServerIdentity {
    /// Root and key of the folder, made on the first start; the server's certificate is issued anew at each start, so that it
    /// never expires on a server that is restarted once a year and always carries the names given now.
    pub(crate) fn open(folder: &Folder, hosts: &[String], now: Time) -> Result<ServerIdentity, Failure> {
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
        let mut config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
            .map_err(Failure::at("cannot set up TLS"))?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(ServerIdentity { config: Arc::new(config), root_pem: pem(&root)? })
    }
}
