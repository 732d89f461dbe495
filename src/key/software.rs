//! The key room: keys in the process's own memory.
//!
//! Takes key files or makes keys, gives signature values. For tests, samples and migration: whoever can read the
//! process's memory has the key, and [`Protection::Software`] says so. The secret is wiped when the key is dropped, but
//! for what `ring` holds, which has no wiping of its own.

use super::software_secret::{Secret, generate};
use super::{Attestation, DeviceKeyStore, KeyInfo, KeyPurpose, KeySpec, Passphrase, Prompt, Protection, check_name, load};
use crate::crypto::{KeyAlgorithm, PublicKey, SignatureAlgorithm};
use crate::error::{Error, ErrorKind, Result};
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};
use zeroize::Zeroizing;

/// A private key that was read once and is ready to sign, from several threads at once.
///
/// ```compile_fail
/// fn needs_debug<T: std::fmt::Debug>() {}
/// needs_debug::<thrivosign::key::software::SoftwareKey>();
/// ```
/// ```compile_fail
/// fn needs_clone<T: Clone>() {}
/// needs_clone::<thrivosign::key::software::SoftwareKey>();
/// ```
pub struct SoftwareKey {
    secret: Secret,
    public: PublicKey,
    pkcs8: Zeroizing<Vec<u8>>,
}

impl SoftwareKey {
    /// Reads the first private key in a file, PEM or DER: PKCS#8, SEC1 `EC PRIVATE KEY`, PKCS#1 `RSA PRIVATE KEY`, and
    /// with the feature `pkcs12` PKCS#8 encrypted under PBES2. P-256, P-384, P-521, RSA of 2048 to 4096 bits, Ed25519.
    ///
    /// # Errors
    /// [`ErrorKind::PemMalformed`] or [`ErrorKind::DerMalformed`] if no private key can be read;
    /// [`ErrorKind::PassphraseWrong`] if it is encrypted and the passphrase is missing or wrong;
    /// [`ErrorKind::KeyAlgorithmUnsupported`] for other kinds and sizes.
    pub fn from_file(file: &[u8], passphrase: Option<&Passphrase>) -> Result<SoftwareKey> {
        SoftwareKey::from_owned(load::to_pkcs8(file, passphrase)?)
    }

    /// Reads unencrypted PKCS#8 DER (RFC 5958).
    ///
    /// # Errors
    /// [`ErrorKind::DerMalformed`]; [`ErrorKind::KeyAlgorithmUnsupported`].
    pub fn from_pkcs8_der(pkcs8: &[u8]) -> Result<SoftwareKey> {
        SoftwareKey::from_owned(Zeroizing::new(pkcs8.to_vec()))
    }

    pub(super) fn from_owned(pkcs8: Zeroizing<Vec<u8>>) -> Result<SoftwareKey> {
        let (secret, public) = Secret::from_pkcs8(&pkcs8)?;
        Ok(SoftwareKey { secret, public, pkcs8 })
    }

    /// Makes a new key.
    ///
    /// # Errors
    /// [`ErrorKind::KeyAlgorithmUnsupported`]; [`ErrorKind::RandomUnavailable`].
    pub fn generate(algorithm: KeyAlgorithm) -> Result<SoftwareKey> {
        SoftwareKey::from_owned(generate(algorithm)?)
    }

    /// Its public key.
    #[must_use]
    pub fn public_key(&self) -> &PublicKey {
        &self.public
    }

    /// Signs the message; ECDSA values are DER (RFC 3279 2.2.3), PSS salts as long as the digest.
    ///
    /// # Errors
    /// [`ErrorKind::KeyAlgorithmUnsupported`] if the key cannot do the algorithm, and always for SHA-1;
    /// [`ErrorKind::RandomUnavailable`].
    pub fn sign(&self, message: &[u8], algorithm: &SignatureAlgorithm) -> Result<Vec<u8>> {
        self.secret.sign(message, algorithm)
    }

    /// The private key as PKCS#8, for the encrypted file alone.
    pub(crate) fn pkcs8(&self) -> &[u8] {
        &self.pkcs8
    }

    pub(super) fn info(&self, name: &str, purpose: KeyPurpose) -> KeyInfo {
        KeyInfo::new(name, self.public.clone(), Protection::Software, purpose, Prompt::None)
    }
}

/// Keys in memory, gone when the store is dropped.
#[derive(Default)]
pub struct SoftwareKeyStore(RwLock<BTreeMap<String, (KeyPurpose, Arc<SoftwareKey>)>>);

impl SoftwareKeyStore {
    /// A store without keys.
    #[must_use]
    pub fn new() -> SoftwareKeyStore {
        SoftwareKeyStore::default()
    }

    /// A store with that one key.
    ///
    /// # Errors
    /// As [`SoftwareKeyStore::insert`].
    pub fn with_key(name: &str, purpose: KeyPurpose, key: SoftwareKey) -> Result<SoftwareKeyStore> {
        let store = SoftwareKeyStore::new();
        store.insert(name, purpose, key)?;
        Ok(store)
    }

    /// Takes over a key.
    ///
    /// # Errors
    /// [`ErrorKind::KeyExists`]; [`ErrorKind::InvalidArgument`] for a name that [`check_name`] refuses.
    pub fn insert(&self, name: &str, purpose: KeyPurpose, key: SoftwareKey) -> Result<KeyInfo> {
        check_name(name)?;
        let mut keys = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if keys.contains_key(name) {
            return Err(ErrorKind::KeyExists.into());
        }
        let info = key.info(name, purpose);
        keys.insert(name.to_owned(), (purpose, Arc::new(key)));
        Ok(info)
    }

    fn get(&self, name: &str) -> Result<(KeyPurpose, Arc<SoftwareKey>)> {
        let keys = self.0.read().unwrap_or_else(PoisonError::into_inner);
        keys.get(name).cloned().ok_or_else(|| Error::new(ErrorKind::KeyNotFound))
    }
}

impl DeviceKeyStore for SoftwareKeyStore {
    fn create(&self, name: &str, spec: &KeySpec) -> Result<KeyInfo> {
        check_name(name)?;
        if self.get(name).is_ok() {
            return Err(ErrorKind::KeyExists.into());
        }
        // Made outside the lock: an RSA key takes a second.
        self.insert(name, spec.purpose, SoftwareKey::generate(spec.algorithm)?)
    }

    fn info(&self, name: &str) -> Result<KeyInfo> {
        self.get(name).map(|(purpose, key)| key.info(name, purpose))
    }

    fn sign(&self, name: &str, message: &[u8], algorithm: &SignatureAlgorithm) -> Result<Vec<u8>> {
        self.get(name)?.1.sign(message, algorithm)
    }

    fn attest(&self, name: &str, _challenge: &[u8]) -> Result<Attestation> {
        self.get(name)?;
        Err(ErrorKind::AttestationUnavailable.into())
    }

    fn delete(&self, name: &str) -> Result<()> {
        let mut keys = self.0.write().unwrap_or_else(PoisonError::into_inner);
        keys.remove(name).map(drop).ok_or_else(|| ErrorKind::KeyNotFound.into())
    }

    fn list(&self) -> Result<Vec<KeyInfo>> {
        let keys = self.0.read().unwrap_or_else(PoisonError::into_inner);
        Ok(keys.iter().map(|(name, (purpose, key))| key.info(name, *purpose)).collect())
    }
}
