//! A P-256 key of a CA, a server, or of the audit records' checkpoints: takes the data folder, gives the key that stands there, made on the first start (mode 0600).

use crate::failure::Failure;
use crate::folder::Folder;
use crate::random;
use p256::ecdsa::SigningKey;
use p256::pkcs8::{DecodePrivateKey, EncodePrivateKey, LineEnding};
use zeroize::Zeroizing;

/// The key of that name, if there is one.
pub(super) fn open(folder: &Folder, name: &str) -> Result<Option<SigningKey>, Failure> {
    let Some(pem) = folder.read(name)?.map(Zeroizing::new) else { return Ok(None) };
    let text = std::str::from_utf8(&pem).map_err(|_| Failure::new("a key file in the data folder is damaged"))?;
    SigningKey::from_pkcs8_pem(text).map(Some).map_err(|_| Failure::new("a key file in the data folder is damaged"))
}

/// The key of that name, read or made.
pub(crate) fn open_or_make(folder: &Folder, name: &str) -> Result<SigningKey, Failure> {
    if let Some(key) = open(folder, name)? {
        return Ok(key);
    }
    let key = generate()?;
    keep(folder, name, &key)?;
    Ok(key)
}

/// Writes the key under that name, in the place of whichever stood there.
pub(super) fn keep(folder: &Folder, name: &str, key: &SigningKey) -> Result<(), Failure> {
    let pem = key.to_pkcs8_pem(LineEnding::LF).map_err(|_| Failure::new("cannot encode a key"))?;
    folder.write(name, pem.as_bytes())
}

/// A new key: candidates outside 1..n are drawn again (FIPS 186-5 A.2.2).
pub(crate) fn generate() -> Result<SigningKey, Failure> {
    loop {
        let candidate = Zeroizing::new(random::bytes::<32>()?);
        if let Ok(key) = SigningKey::from_slice(&*candidate) {
            return Ok(key);
        }
    }
}
