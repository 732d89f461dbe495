//! The room `journey`: a back office's certificate for mutual TLS, joined with its key. Takes a chain and a key of any key store (an HSM's, or one
//! that was read from a file), gives what a transport shows; refuses a certificate of another key.

use crate::crypto::{PublicKey, SignatureAlgorithm};
use crate::error::{Error, ErrorKind, Result};
use crate::key::software::{SoftwareKey, SoftwareKeyStore};
use crate::key::{DeviceKeyStore, KeyInfo, KeyPurpose, Passphrase, Prompt, sign_as};
use crate::pki::pem::certificates_from_pem;
use crate::remote::client_certificate::{ClientCertificate, ConnectionKey};
use std::sync::Arc;

/// Most certificates of a chain.
const MAX_CHAIN: usize = 8;

/// A key of a key store, for connections.
struct StoredKey {
    store: Arc<dyn DeviceKeyStore>,
    info: KeyInfo,
}

impl ConnectionKey for StoredKey {
    fn public_key(&self) -> &PublicKey {
        &self.info.public_key
    }

    fn sign(&self, message: &[u8], algorithm: &SignatureAlgorithm) -> Result<Vec<u8>> {
        sign_as(&*self.store, &self.info, KeyPurpose::Authentication, message, algorithm)
    }
}

/// The certificate of this PEM text (the client's own first, then its issuers; the root may be left out) with the authentication key of that name.
/// The key signs once for each connection that is made, on the network's thread, so it must be one that does not ask the person.
///
/// # Errors
/// [`ErrorKind::KeyNotPermitted`] for a key of another purpose or one that asks the person; [`ErrorKind::CertificateForeign`] if the first
/// certificate is not that key's; [`ErrorKind::PemMalformed`], [`ErrorKind::CertificateMalformed`]; [`ErrorKind::ChainBroken`] if one did not issue
/// the one before it; what the store says of the key.
pub fn of_key(store: Arc<dyn DeviceKeyStore>, name: &str, chain_pem: &[u8]) -> Result<ClientCertificate> {
    let info = store.info(name)?;
    info.require(KeyPurpose::Authentication)?;
    if info.prompt == Prompt::PerUse {
        return Err(Error::new(ErrorKind::KeyNotPermitted).context("a key that asks the person each time cannot make connections"));
    }
    let chain = certificates_from_pem(chain_pem)?;
    if chain.first().is_none_or(|leaf| *leaf.public_key() != info.public_key) {
        return Err(ErrorKind::CertificateForeign.into());
    }
    let issued = chain.iter().zip(chain.iter().skip(1)).all(|(subject, issuer)| subject.names_issuer(issuer));
    if !issued || chain.len() > MAX_CHAIN {
        return Err(ErrorKind::ChainBroken.into());
    }
    let chain = chain.iter().map(|certificate| certificate.der().to_vec()).collect();
    Ok(ClientCertificate::new(chain, Arc::new(StoredKey { store, info })))
}

/// The same with the first private key of a file (PEM or DER, as [`SoftwareKey::from_file`] reads it). It is held in memory and wiped with the last
/// transport that has it.
///
/// # Errors
/// As [`of_key`] and [`SoftwareKey::from_file`].
pub fn of_file(chain_pem: &[u8], key_file: &[u8], passphrase: Option<&Passphrase>) -> Result<ClientCertificate> {
    const NAME: &str = "connection";
    let key = SoftwareKey::from_file(key_file, passphrase)?;
    of_key(Arc::new(SoftwareKeyStore::with_key(NAME, KeyPurpose::Authentication, key)?), NAME, chain_pem)
}
