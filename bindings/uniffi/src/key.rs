//! Keys: the trait that an app implements over its platform's key store, and what goes in and out of it.

use crate::algorithm::{KeyAlgorithm, SignatureAlgorithm};
use crate::error::{Result, ThrivoSignError};
use thrivosign::{Error, crypto, key};

/// What a key is for; the two are never mixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum KeyPurpose {
    /// Registered with the device; answers the service.
    Authentication,
    /// Certified; signs documents.
    Signing,
}

/// Where a private key lives, as the store found it and never as it was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
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

/// How often the person is asked when the key is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Prompt {
    /// For each signature.
    PerUse,
    /// Once for a while, so that several documents can share one approval.
    Window,
    /// Never.
    None,
}

/// The key that is wanted.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct KeySpec {
    /// Kind and size.
    pub algorithm: KeyAlgorithm,
    /// What it is for.
    pub purpose: KeyPurpose,
    /// How often the person should be asked, where the store can ask; `PerUse` if absent.
    #[uniffi(default = None)]
    pub prompt: Option<Prompt>,
    /// Challenge of the service to bind into the key's attestation, for platforms that attest at creation.
    #[uniffi(default = None)]
    pub attestation_challenge: Option<Vec<u8>>,
}

/// What a store says about a key; nothing secret.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct KeyInfo {
    /// The name it was created under.
    pub name: String,
    /// Its public key, SubjectPublicKeyInfo in DER: what Java's `PublicKey.getEncoded` gives.
    pub public_key: Vec<u8>,
    /// The protection actually obtained.
    pub protection: Protection,
    /// What it may be used for.
    pub purpose: KeyPurpose,
    /// How often its use asks the person.
    pub prompt: Prompt,
}

/// What a platform says to a third party about a key.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Attestation {
    /// `android-key` or `apple-appattest`.
    pub format: String,
    /// Certificates (DER), the attested key's first.
    pub certificates: Vec<Vec<u8>>,
    /// The platform's own statement, if it has one beside the certificates.
    #[uniffi(default = None)]
    pub statement: Option<Vec<u8>>,
}

/// Private keys of a device. Implemented by the app over its platform's key store, or by [`FileKeyStore`](crate::FileKeyStore).
///
/// Synchronous: the library calls it on a thread of its own, several at once, and never on the app's main thread; it may take as long as a
/// person needs to answer a prompt, and may call the library. It throws `ThrivoSignError`'s key cases; anything else it throws arrives as
/// `KeyStoreUnavailable`. What it returns is checked before it is used.
#[uniffi::export(with_foreign)]
pub trait DeviceKeyStore: Send + Sync {
    /// Makes a new key that cannot be exported. After the call a key of that name exists and is durable.
    ///
    /// # Errors
    /// `KeyExists` and the old key is untouched; `KeyAlgorithmUnsupported`; `InvalidArgument` for a name it cannot take; `KeyLocked`;
    /// `KeyStoreUnavailable`.
    fn create(&self, name: String, spec: KeySpec) -> Result<KeyInfo, ThrivoSignError>;

    /// What the store knows of a key, without asking the person.
    ///
    /// # Errors
    /// `KeyNotFound`; `KeyInvalidated`; `KeyStoreUnavailable`.
    fn info(&self, name: String) -> Result<KeyInfo, ThrivoSignError>;

    /// Signs the message, not a digest of it. ECDSA values are DER. Signing never creates a key.
    ///
    /// # Errors
    /// `KeyNotFound`; `KeyAlgorithmUnsupported`; `KeyCancelled`; `KeyLocked`; `KeyInvalidated`; `KeyNotPermitted`; `KeyStoreUnavailable`.
    fn sign(&self, name: String, message: Vec<u8>, algorithm: SignatureAlgorithm) -> Result<Vec<u8>, ThrivoSignError>;

    /// Proves to a third party, over its challenge, where the key lives.
    ///
    /// # Errors
    /// `AttestationUnavailable` where the platform has no such proof; otherwise as `info`.
    fn attest(&self, name: String, challenge: Vec<u8>) -> Result<Attestation, ThrivoSignError>;

    /// After the call no key of that name exists.
    ///
    /// # Errors
    /// `KeyNotFound`; `KeyStoreUnavailable`.
    fn delete(&self, name: String) -> Result<(), ThrivoSignError>;

    /// All keys, sorted by name.
    ///
    /// # Errors
    /// `KeyStoreUnavailable`.
    fn list(&self) -> Result<Vec<KeyInfo>, ThrivoSignError>;
}

impl From<key::KeyPurpose> for KeyPurpose {
    fn from(purpose: key::KeyPurpose) -> KeyPurpose {
        match purpose {
            key::KeyPurpose::Authentication => KeyPurpose::Authentication,
            _ => KeyPurpose::Signing,
        }
    }
}

impl From<KeyPurpose> for key::KeyPurpose {
    fn from(purpose: KeyPurpose) -> key::KeyPurpose {
        match purpose {
            KeyPurpose::Authentication => key::KeyPurpose::Authentication,
            KeyPurpose::Signing => key::KeyPurpose::Signing,
        }
    }
}

impl From<key::Protection> for Protection {
    fn from(protection: key::Protection) -> Protection {
        match protection {
            key::Protection::Strongbox => Protection::Strongbox,
            key::Protection::Tee => Protection::Tee,
            key::Protection::SecureEnclave => Protection::SecureEnclave,
            key::Protection::Hsm => Protection::Hsm,
            _ => Protection::Software,
        }
    }
}

impl From<Protection> for key::Protection {
    fn from(protection: Protection) -> key::Protection {
        match protection {
            Protection::Strongbox => key::Protection::Strongbox,
            Protection::Tee => key::Protection::Tee,
            Protection::SecureEnclave => key::Protection::SecureEnclave,
            Protection::Hsm => key::Protection::Hsm,
            Protection::Software => key::Protection::Software,
        }
    }
}

impl From<key::Prompt> for Prompt {
    fn from(prompt: key::Prompt) -> Prompt {
        match prompt {
            key::Prompt::Window => Prompt::Window,
            key::Prompt::None => Prompt::None,
            _ => Prompt::PerUse,
        }
    }
}

impl From<Prompt> for key::Prompt {
    fn from(prompt: Prompt) -> key::Prompt {
        match prompt {
            Prompt::PerUse => key::Prompt::PerUse,
            Prompt::Window => key::Prompt::Window,
            Prompt::None => key::Prompt::None,
        }
    }
}

impl From<&key::KeySpec> for KeySpec {
    fn from(spec: &key::KeySpec) -> KeySpec {
        KeySpec {
            algorithm: spec.algorithm.into(),
            purpose: spec.purpose.into(),
            prompt: Some(spec.prompt.into()),
            attestation_challenge: spec.attestation_challenge.clone(),
        }
    }
}

impl From<KeySpec> for key::KeySpec {
    fn from(spec: KeySpec) -> key::KeySpec {
        let mut core = key::KeySpec::new(spec.algorithm.into(), spec.purpose.into());
        if let Some(prompt) = spec.prompt {
            core.prompt = prompt.into();
        }
        core.attestation_challenge = spec.attestation_challenge;
        core
    }
}

impl From<key::KeyInfo> for KeyInfo {
    fn from(info: key::KeyInfo) -> KeyInfo {
        KeyInfo {
            name: info.name,
            public_key: info.public_key.spki_der().to_vec(),
            protection: info.protection.into(),
            purpose: info.purpose.into(),
            prompt: info.prompt.into(),
        }
    }
}

impl TryFrom<KeyInfo> for key::KeyInfo {
    type Error = Error;

    fn try_from(info: KeyInfo) -> Result<key::KeyInfo, Error> {
        let public_key = crypto::PublicKey::from_spki_der(&info.public_key)?;
        Ok(key::KeyInfo::new(&info.name, public_key, info.protection.into(), info.purpose.into(), info.prompt.into()))
    }
}

impl From<key::Attestation> for Attestation {
    fn from(attestation: key::Attestation) -> Attestation {
        let statement = Some(attestation.statement).filter(|statement| !statement.is_empty());
        Attestation { format: attestation.format, certificates: attestation.certificates, statement }
    }
}

impl From<Attestation> for key::Attestation {
    fn from(attestation: Attestation) -> key::Attestation {
        key::Attestation::new(&attestation.format, attestation.certificates, attestation.statement.unwrap_or_default())
    }
}
