//! The key room: private keys behind one trait, wherever they live.
//!
//! Takes a [`KeySpec`], gives a [`KeyInfo`]; takes a message, gives a signature value. Knows neither who signs nor what
//! is signed. May see the base and `pki::algorithm` (`file` and `pkcs11`: `host` too). No type here that holds a secret has `Debug`,
//! `Display`, `Clone` or a serial form.
//!
//! ```
//! use thrivosign::crypto::KeyAlgorithm;
//! use thrivosign::key::{DeviceKeyStore, KeyPurpose, KeySpec, software::SoftwareKeyStore};
//!
//! let store = SoftwareKeyStore::new();
//! let info = store.create("loan-desk", &KeySpec::new(KeyAlgorithm::P256, KeyPurpose::Signing))?;
//! let algorithm = info.preferred_algorithm()?;
//! let value = thrivosign::key::sign_checked(&store, "loan-desk", b"message", &algorithm)?;
//! assert!(!value.is_empty());
//! # Ok::<(), thrivosign::Error>(())
//! ```

#[cfg(feature = "attestation")]
pub mod attestation;
pub mod contract;
pub mod file;
mod file_format;
mod load;
#[cfg(feature = "pkcs11")]
pub mod pkcs11;
#[cfg(feature = "pkcs12")]
pub mod pkcs12;
pub mod software;
mod software_secret;

use crate::crypto::{KeyAlgorithm, PublicKey, SignatureAlgorithm, verify};
use crate::error::{Error, ErrorKind, Result};
use zeroize::Zeroizing;

/// What a key is for. The two are never mixed: the authentication key signs proofs, approvals and activation answers,
/// the signing key its own certification request and CMS signed attributes, nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyPurpose {
    /// Registered with the device; answers the service.
    Authentication,
    /// Certified; signs documents.
    Signing,
}

impl KeyPurpose {
    /// The stable name: `authentication` or `signing`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            KeyPurpose::Authentication => "authentication",
            KeyPurpose::Signing => "signing",
        }
    }
}

/// Where a private key lives, as the store found it and never as it was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Protection {
    /// A secure element beside the processor (Android StrongBox).
    Strongbox,
    /// A trusted execution environment.
    Tee,
    /// Apple's Secure Enclave.
    SecureEnclave,
    /// A hardware security module or smart card.
    Hsm,
    /// The process's own memory or an encrypted file.
    Software,
}

impl Protection {
    /// The stable name: `strongbox`, `tee`, `secure_enclave`, `hsm`, `software`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Protection::Strongbox => "strongbox",
            Protection::Tee => "tee",
            Protection::SecureEnclave => "secure_enclave",
            Protection::Hsm => "hsm",
            Protection::Software => "software",
        }
    }
}

/// How often the person is asked when the key is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Prompt {
    /// For each signature.
    PerUse,
    /// Once for a while, so that several documents can share one approval.
    Window,
    /// Never.
    None,
}

impl Prompt {
    /// The stable name: `per_use`, `window`, `none`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Prompt::PerUse => "per_use",
            Prompt::Window => "window",
            Prompt::None => "none",
        }
    }
}

/// The key that is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeySpec {
    /// Kind and size.
    pub algorithm: KeyAlgorithm,
    /// What it is for.
    pub purpose: KeyPurpose,
    /// How often the person should be asked; a store that cannot ask says so in [`KeyInfo::prompt`].
    pub prompt: Prompt,
    /// Challenge of the service to bind into the key's attestation, for platforms that attest at creation.
    pub attestation_challenge: Option<Vec<u8>>,
}

impl KeySpec {
    /// A key of that kind for that purpose; the person is asked for each use where the store can ask.
    #[must_use]
    pub fn new(algorithm: KeyAlgorithm, purpose: KeyPurpose) -> KeySpec {
        KeySpec { algorithm, purpose, prompt: Prompt::PerUse, attestation_challenge: None }
    }
}

/// What a store says about a key; nothing secret.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyInfo {
    /// The name it was created under.
    pub name: String,
    /// Its public key.
    pub public_key: PublicKey,
    /// The protection actually obtained.
    pub protection: Protection,
    /// What it may be used for.
    pub purpose: KeyPurpose,
    /// How often its use asks the person.
    pub prompt: Prompt,
}

impl KeyInfo {
    /// All facts of a key, for whoever writes a store.
    #[must_use]
    pub fn new(name: &str, public_key: PublicKey, protection: Protection, purpose: KeyPurpose, prompt: Prompt) -> KeyInfo {
        KeyInfo { name: name.to_owned(), public_key, protection, purpose, prompt }
    }

    /// Refuses a key that was made for something else.
    ///
    /// # Errors
    /// [`ErrorKind::KeyNotPermitted`].
    pub fn require(&self, purpose: KeyPurpose) -> Result<()> {
        if self.purpose == purpose {
            return Ok(());
        }
        Err(Error::new(ErrorKind::KeyNotPermitted).context(match purpose {
            KeyPurpose::Authentication => "an authentication key is needed",
            KeyPurpose::Signing => "a signing key is needed",
        }))
    }

    /// The algorithm this library signs with when nothing else is asked.
    ///
    /// # Errors
    /// [`ErrorKind::KeyAlgorithmUnsupported`] for a kind of key it cannot use.
    pub fn preferred_algorithm(&self) -> Result<SignatureAlgorithm> {
        SignatureAlgorithm::preferred_for(self.public_key.algorithm()).ok_or_else(|| ErrorKind::KeyAlgorithmUnsupported.into())
    }
}

/// What a platform says to a third party about a key.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attestation {
    /// `android-key` or `apple-appattest`.
    pub format: String,
    /// Certificates (DER), the attested key's first.
    pub certificates: Vec<Vec<u8>>,
    /// The platform's own statement, if it has one beside the certificates.
    pub statement: Vec<u8>,
}

impl Attestation {
    /// An attestation of that format.
    #[must_use]
    pub fn new(format: &str, certificates: Vec<Vec<u8>>, statement: Vec<u8>) -> Attestation {
        Attestation { format: format.to_owned(), certificates, statement }
    }
}

/// A passphrase or PKCS#12 password, wiped from memory when dropped.
///
/// ```compile_fail
/// let secret = thrivosign::key::Passphrase::new("x");
/// println!("{secret:?}");
/// ```
pub struct Passphrase(Zeroizing<Vec<u8>>);

impl Passphrase {
    /// The UTF-8 bytes as typed. The caller's own copy is the caller's to wipe; [`Passphrase::from_bytes`] takes it over.
    #[must_use]
    pub fn new(text: &str) -> Passphrase {
        Passphrase(Zeroizing::new(text.as_bytes().to_vec()))
    }

    /// Takes over the bytes.
    #[must_use]
    pub fn from_bytes(bytes: Zeroizing<Vec<u8>>) -> Passphrase {
        Passphrase(bytes)
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Private keys of a device. Synchronous; called on the caller's own thread, from several at once. May take as long as a
/// person needs to answer a prompt.
///
/// Outcomes that are errors of their own: cancelled by the person, invalidated, locked, gone, not permitted.
pub trait DeviceKeyStore: Send + Sync {
    /// Makes a new key that cannot be exported. After the call a key of that name exists and is durable.
    ///
    /// # Errors
    /// [`ErrorKind::KeyExists`] and the old key is untouched; [`ErrorKind::KeyAlgorithmUnsupported`];
    /// [`ErrorKind::InvalidArgument`] for a name that [`check_name`] refuses; [`ErrorKind::KeyLocked`];
    /// [`ErrorKind::KeyStoreUnavailable`].
    fn create(&self, name: &str, spec: &KeySpec) -> Result<KeyInfo>;

    /// What the store knows of a key, without asking the person.
    ///
    /// # Errors
    /// [`ErrorKind::KeyNotFound`]; [`ErrorKind::KeyInvalidated`]; [`ErrorKind::KeyStoreUnavailable`].
    fn info(&self, name: &str) -> Result<KeyInfo>;

    /// Signs the message, not a digest of it: every enclave takes that, and nobody can slip in a foreign hash. ECDSA
    /// values are DER. Signing never creates a key.
    ///
    /// # Errors
    /// [`ErrorKind::KeyNotFound`]; [`ErrorKind::KeyAlgorithmUnsupported`] if the key cannot do the algorithm;
    /// [`ErrorKind::KeyCancelled`]; [`ErrorKind::KeyLocked`]; [`ErrorKind::KeyInvalidated`];
    /// [`ErrorKind::KeyNotPermitted`]; [`ErrorKind::KeyStoreUnavailable`].
    fn sign(&self, name: &str, message: &[u8], algorithm: &SignatureAlgorithm) -> Result<Vec<u8>>;

    /// Proves to a third party, over its challenge, where the key lives.
    ///
    /// # Errors
    /// [`ErrorKind::AttestationUnavailable`] where the platform has no such proof; otherwise as [`DeviceKeyStore::info`].
    fn attest(&self, name: &str, challenge: &[u8]) -> Result<Attestation>;

    /// After the call no key of that name exists.
    ///
    /// # Errors
    /// [`ErrorKind::KeyNotFound`]; [`ErrorKind::KeyStoreUnavailable`].
    fn delete(&self, name: &str) -> Result<()>;

    /// All keys, sorted by name.
    ///
    /// # Errors
    /// [`ErrorKind::KeyStoreUnavailable`].
    fn list(&self) -> Result<Vec<KeyInfo>>;
}

/// Longest name of a key, in bytes.
pub const MAX_NAME: usize = 64;

/// Refuses names that no store takes: empty, longer than [`MAX_NAME`] bytes, or with control characters.
///
/// # Errors
/// [`ErrorKind::InvalidArgument`].
pub fn check_name(name: &str) -> Result<()> {
    if name.is_empty() || name.len() > MAX_NAME || name.chars().any(char::is_control) {
        return Err(Error::new(ErrorKind::InvalidArgument).context("a key name has 1 to 64 bytes and no control characters"));
    }
    Ok(())
}

/// Signs, and checks the returned value against the key's public key before anybody gets it.
///
/// # Errors
/// [`ErrorKind::KeySignatureWrong`] if the store returned something else than a right signature; otherwise as
/// [`DeviceKeyStore::sign`].
pub fn sign_checked(store: &dyn DeviceKeyStore, name: &str, message: &[u8], algorithm: &SignatureAlgorithm) -> Result<Vec<u8>> {
    let info = store.info(name)?;
    let purpose = info.purpose;
    sign_as(store, &info, purpose, message, algorithm)
}

/// As [`sign_checked`] with facts the caller holds already, and only with a key made for `purpose`. The value is checked
/// against the public key in `info`, so that a store which changed its key meanwhile is found out.
///
/// # Errors
/// [`ErrorKind::KeyNotPermitted`] before the key is asked; [`ErrorKind::KeyAlgorithmUnsupported`] likewise; otherwise as
/// [`sign_checked`].
pub fn sign_as(
    store: &dyn DeviceKeyStore,
    info: &KeyInfo,
    purpose: KeyPurpose,
    message: &[u8],
    algorithm: &SignatureAlgorithm,
) -> Result<Vec<u8>> {
    info.require(purpose)?;
    if !algorithm.fits(info.public_key.algorithm()) {
        return Err(ErrorKind::KeyAlgorithmUnsupported.into());
    }
    let value = store.sign(&info.name, message, algorithm)?;
    match verify(&info.public_key, algorithm, message, &value) {
        Ok(()) => Ok(value),
        Err(_) => Err(ErrorKind::KeySignatureWrong.into()),
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests are an edge")]
mod tests;
