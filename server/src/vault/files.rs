//! Keys in encrypted files: takes a credential's id, gives its key; the sealing is the vault's.

use crate::ca::key::generate;
use crate::failure::Failure;
use crate::folder::{private, sync_folder};
use p256::ecdsa::signature::hazmat::PrehashSigner;
use p256::ecdsa::{DerSignature, SigningKey};
use p256::pkcs8::{DecodePrivateKey, EncodePrivateKey, EncodePublicKey};
use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;
use zeroize::Zeroizing;

/// One file a credential. Ids are ours: they hold no character that leads out of the folder.
pub(super) struct Files {
    pub(super) folder: PathBuf,
}

impl Files {
    fn path(&self, credential: &str) -> PathBuf {
        self.folder.join(format!("{credential}.sealed"))
    }

    pub(super) fn make(&self, credential: &str, seal: impl FnOnce(&[u8]) -> Result<Vec<u8>, Failure>) -> Result<Vec<u8>, Failure> {
        let doing = "cannot keep a key in the vault";
        let key = generate()?;
        let private_der = key.to_pkcs8_der().map_err(|_| Failure::new(doing))?;
        let sealed = seal(private_der.as_bytes())?;
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        private(&mut options);
        let mut file = options.open(self.path(credential)).map_err(Failure::at(doing))?;
        file.write_all(&sealed).and_then(|()| file.sync_all()).map_err(Failure::at(doing))?;
        sync_folder(&self.folder).map_err(Failure::at(doing))?;
        Ok(key.verifying_key().to_public_key_der().map_err(|_| Failure::new(doing))?.into_vec())
    }

    pub(super) fn forget(&self, credential: &str) -> Result<(), Failure> {
        std::fs::remove_file(self.path(credential)).map_err(Failure::at("cannot remove a key from the vault"))
    }

    pub(super) fn sign(
        &self,
        credential: &str,
        digest: &[u8],
        unseal: impl FnOnce(&[u8]) -> Result<Zeroizing<Vec<u8>>, Failure>,
    ) -> Result<Vec<u8>, Failure> {
        let sealed = std::fs::read(self.path(credential)).map_err(Failure::at("cannot read a key of the vault"))?;
        let key = SigningKey::from_pkcs8_der(&unseal(&sealed)?).map_err(|_| Failure::new("a key of the vault is damaged"))?;
        let value: DerSignature = key.sign_prehash(digest).map_err(|_| Failure::new("a key of the vault does not sign"))?;
        Ok(value.as_bytes().to_vec())
    }
}
