//! Where remote credentials' keys live: takes a credential's id, gives a P-256 key that stays here, and signature values over digests. Private keys
//! stand in a folder of encrypted files or on a token with a PKCS#11 module, never in the store. Who may have something signed is `api`'s business.

mod files;
mod token;

use crate::failure::Failure;
use crate::folder::Folder;
use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, KeyInit, Nonce};
use argon2::{Algorithm, Argon2, Params, Version};
use files::Files;
use std::path::PathBuf;
use token::Token;
use zeroize::Zeroizing;

/// Where the keys of remote credentials live.
#[derive(Clone, Default)]
pub enum VaultChoice {
    /// In encrypted files of the data folder, under a key that stands beside them: for trying out.
    #[default]
    Files,
    /// In encrypted files of the data folder, under this passphrase, which stands elsewhere.
    Passphrase(Zeroizing<String>),
    /// On a token with a PKCS#11 module.
    Token {
        /// The module.
        module: PathBuf,
        /// The token's label.
        label: String,
        /// Its PIN.
        pin: Zeroizing<String>,
    },
}

/// The keys.
pub(crate) struct Vault {
    keys: Keys,
    seal: Aes256Gcm,
}

enum Keys {
    Files(Files),
    Token(Token),
}

const FOLDER: &str = "vault";
const SALT: &str = "vault/salt";
const OWN_KEY: &str = "vault/sealing.key";
/// What is sealed under a passphrase when it is first used, so that a wrong one is told at the start and not at a signature.
const CHECK: &str = "vault/check";
const NONCE: usize = 12;

impl Vault {
    /// The vault of that folder, made if it is missing.
    pub(crate) fn open(folder: &Folder, choice: &VaultChoice) -> Result<Vault, Failure> {
        let path = folder.inner(FOLDER)?;
        let key = match choice {
            VaultChoice::Passphrase(passphrase) => stretched(folder, passphrase)?,
            VaultChoice::Files | VaultChoice::Token { .. } => drawn(folder, OWN_KEY)?,
        };
        let seal = Aes256Gcm::new_from_slice(&key[..]).map_err(|_| Failure::new("cannot set up the vault"))?;
        check(folder, &seal)?;
        let keys = match choice {
            VaultChoice::Files | VaultChoice::Passphrase(_) => Keys::Files(Files { folder: path }),
            VaultChoice::Token { module, label, pin } => Keys::Token(Token::open(module, label, pin)?),
        };
        Ok(Vault { keys, seal })
    }

    /// Makes the key of a credential that has none; gives its public half, SubjectPublicKeyInfo DER.
    pub(crate) fn make(&self, credential: &str) -> Result<Vec<u8>, Failure> {
        match &self.keys {
            Keys::Files(files) => files.make(credential, |bytes| self.seal(credential, bytes)),
            Keys::Token(token) => token.make(credential),
        }
    }

    /// Forgets the key of a credential that came to nothing.
    pub(crate) fn forget(&self, credential: &str) -> Result<(), Failure> {
        match &self.keys {
            Keys::Files(files) => files.forget(credential),
            Keys::Token(token) => token.forget(credential),
        }
    }

    /// ECDSA over that digest, DER.
    pub(crate) fn sign(&self, credential: &str, digest: &[u8]) -> Result<Vec<u8>, Failure> {
        match &self.keys {
            Keys::Files(files) => files.sign(credential, digest, |sealed| self.unseal(credential, sealed)),
            Keys::Token(token) => token.sign(credential, digest),
        }
    }

    /// Encrypts what belongs to that name and to no other.
    pub(crate) fn seal(&self, name: &str, bytes: &[u8]) -> Result<Vec<u8>, Failure> {
        seal(&self.seal, name, bytes)
    }

    /// What was sealed for that name.
    pub(crate) fn unseal(&self, name: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Failure> {
        unseal(&self.seal, name, sealed).ok_or_else(|| Failure::new("what is sealed in the vault is damaged, or sealed by another key"))
    }
}

fn seal(cipher: &Aes256Gcm, name: &str, bytes: &[u8]) -> Result<Vec<u8>, Failure> {
    let nonce = crate::random::bytes::<NONCE>()?;
    let payload = Payload { msg: bytes, aad: name.as_bytes() };
    let sealed = cipher.encrypt(&Nonce::from(nonce), payload).map_err(|_| Failure::new("cannot seal in the vault"))?;
    Ok([&nonce[..], &sealed].concat())
}

fn unseal(cipher: &Aes256Gcm, name: &str, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE>()?;
    cipher.decrypt(&Nonce::from(*nonce), Payload { msg: sealed, aad: name.as_bytes() }).ok().map(Zeroizing::new)
}

/// The random bytes of that file, drawn on the first start.
fn drawn(folder: &Folder, name: &str) -> Result<Zeroizing<[u8; 32]>, Failure> {
    if let Some(bytes) = folder.read(name)?.map(Zeroizing::new) {
        return <[u8; 32]>::try_from(&bytes[..]).map(Zeroizing::new).map_err(|_| Failure::new("a file of the vault is damaged"));
    }
    let bytes = Zeroizing::new(crate::random::bytes::<32>()?);
    folder.write(name, &*bytes)?;
    Ok(bytes)
}

/// 64 MiB, 3 passes (RFC 9106 4, the second choice): it is done once a start.
fn stretched(folder: &Folder, passphrase: &str) -> Result<Zeroizing<[u8; 32]>, Failure> {
    if passphrase.is_empty() {
        return Err(Failure::new("the vault's passphrase is empty"));
    }
    let salt = drawn(folder, SALT)?;
    let doing = || Failure::new("cannot stretch the vault's passphrase");
    let parameters = Params::new(64 << 10, 3, 4, Some(32)).map_err(|_| doing())?;
    let mut key = Zeroizing::new([0; 32]);
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters);
    argon2.hash_password_into(passphrase.as_bytes(), &*salt, &mut *key).map_err(|_| doing())?;
    Ok(key)
}

fn check(folder: &Folder, cipher: &Aes256Gcm) -> Result<(), Failure> {
    match folder.read(CHECK)? {
        Some(sealed) => match unseal(cipher, CHECK, &sealed) {
            Some(_) => Ok(()),
            None => Err(Failure::new("the vault's passphrase is wrong, or its files are damaged")),
        },
        None => folder.write(CHECK, &seal(cipher, CHECK, b"vault")?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use p256::ecdsa::signature::hazmat::PrehashVerifier;
    use p256::ecdsa::{DerSignature, VerifyingKey};
    use p256::pkcs8::DecodePublicKey;

    #[test]
    fn keys_stay_sealed_and_sign_after_a_restart() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::open(place.path()).unwrap();
        let choice = VaultChoice::Passphrase(Zeroizing::new("correct horse".to_owned()));
        let vault = Vault::open(&folder, &choice).unwrap();
        let spki = vault.make("cred-1").unwrap();
        assert!(vault.make("cred-1").is_err(), "a key is never replaced");
        let vault = Vault::open(&folder, &choice).unwrap();
        let digest = [7; 32];
        let value = DerSignature::try_from(&vault.sign("cred-1", &digest).unwrap()[..]).unwrap();
        VerifyingKey::from_public_key_der(&spki).unwrap().verify_prehash(&digest, &value).unwrap();
        assert!(vault.sign("cred-2", &digest).is_err());
        let wrong = VaultChoice::Passphrase(Zeroizing::new("wrong horse".to_owned()));
        assert!(Vault::open(&folder, &wrong).is_err() && Vault::open(&folder, &VaultChoice::Files).is_err());
        // The file of one credential under the name of another opens nothing.
        let file = |name: &str| place.path().join("vault").join(format!("{name}.sealed"));
        std::fs::copy(file("cred-1"), file("cred-2")).unwrap();
        assert!(vault.sign("cred-2", &digest).is_err());
        let bytes = std::fs::read(file("cred-1")).unwrap();
        assert!(!bytes.windows(20).any(|window| spki.windows(20).any(|part| part == window)), "not even the public half stands open");
        vault.forget("cred-1").unwrap();
        assert!(vault.sign("cred-1", &digest).is_err() && !file("cred-1").exists());
    }
}
