//! The signer of `thrivosign sign`: a key on a token, or one from a file, with its certificates.

use crate::{output, secret};
use clap::Args;
use std::path::{Path, PathBuf};
use thrivosign::host::file::{self, FileSource};
use thrivosign::key::pkcs11::{Pkcs11KeyStore, TokenChoice};
use thrivosign::key::software::{SoftwareKey, SoftwareKeyStore};
use thrivosign::key::{DeviceKeyStore, KeyPurpose, Passphrase, pkcs12};
use thrivosign::pki::certificate::{Certificate, certificates_from_pem};
use thrivosign::{Error, ErrorKind, Result};

/// Largest file of certificates.
const MAX_CERTIFICATES: usize = 4 << 20;
const NAME: &str = "signing key";

#[derive(Args)]
pub(crate) struct SignerArgs {
    /// A private key file (PKCS#8, SEC1 or PKCS#1), a test and migration aid; with --pkcs11 the name (CKA_LABEL) of a key on the token.
    #[arg(long, value_name = "PKCS8.pem", requires = "cert")]
    key: Option<PathBuf>,
    /// The certificate of that key and its issuers.
    #[arg(long, value_name = "CHAIN.pem", requires = "key")]
    cert: Option<PathBuf>,
    /// A PKCS#12 file with key and certificates. A test and migration aid as well.
    #[arg(long, value_name = "FILE", conflicts_with = "pkcs11")]
    p12: Option<PathBuf>,
    /// The PKCS#11 module of an HSM or smart card that holds the key.
    #[arg(long, value_name = "MODULE", requires = "token", requires = "key")]
    pkcs11: Option<PathBuf>,
    /// The token's label.
    #[arg(long, value_name = "LABEL", requires = "pkcs11")]
    token: Option<String>,
    /// The token's serial number, where several have the label.
    #[arg(long, value_name = "SERIAL", requires = "pkcs11")]
    token_serial: Option<String>,
    /// File with the token's PIN; otherwise THRIVOSIGN_PIN, or it is asked for. A wrong one is tried once.
    #[arg(long, value_name = "FILE", requires = "pkcs11")]
    pin_file: Option<PathBuf>,
    /// The PIN is typed on the token's own pad or sensor, and this program never has it.
    #[arg(long, requires = "pkcs11", conflicts_with = "pin_file")]
    pin_pad: bool,
}

/// Whose key signs.
pub(crate) struct Signer {
    pub(crate) store: Box<dyn DeviceKeyStore>,
    /// The key's name in the store.
    pub(crate) name: String,
    pub(crate) certificates: Vec<Certificate>,
}

impl SignerArgs {
    /// The output replaces what is there: a slip of the hand must not cost the key.
    pub(crate) fn spare_files(&self, output: &Path, passphrase_file: Option<&Path>) -> Result<()> {
        let own = [
            ("--key", self.key.as_deref().filter(|_| self.pkcs11.is_none())),
            ("--cert", self.cert.as_deref()),
            ("--p12", self.p12.as_deref()),
            ("--pkcs11", self.pkcs11.as_deref()),
            ("--pin-file", self.pin_file.as_deref()),
            ("--passphrase-file", passphrase_file),
        ];
        for (option, path) in own {
            // What cannot be opened as a file is told by whoever reads it.
            if let Some(Ok(file)) = path.map(FileSource::open) {
                file.refuse_as_output(output).map_err(output::about(option))?;
            }
        }
        Ok(())
    }

    pub(crate) fn open(&self, passphrase_file: Option<&Path>, json: bool) -> Result<Signer> {
        if let (Some(module), Some(label), Some(key), Some(cert)) = (&self.pkcs11, &self.token, &self.key, &self.cert) {
            let name = key.to_str().ok_or_else(|| output::about("--key")(ErrorKind::InvalidUtf8.into()))?.to_owned();
            let certificates = certificates(cert)?;
            let choice = self.token_serial.iter().fold(TokenChoice::label(label), |choice, serial| choice.and_serial(serial));
            let store = if self.pin_pad {
                output::hint("type the PIN on the token's pad", json);
                Pkcs11KeyStore::open_by_pad(module, &choice)
            } else {
                Pkcs11KeyStore::open(module, &choice, self.pin()?)
            };
            let store = store.map_err(output::about("--pkcs11"))?;
            return Ok(Signer { store: Box::new(store), name, certificates });
        }
        output::hint("signing with a key from a file is a test and migration aid; such a key can be copied", json);
        let (key, certificates) = match (&self.key, &self.cert, &self.p12) {
            (Some(key), Some(cert), None) => (private_key(key, passphrase_file)?, certificates(cert)?),
            (None, None, Some(p12)) => {
                let bytes = file::read_secret_file(p12).map_err(output::about("--p12"))?;
                let passphrase = secret::passphrase(passphrase_file, "Passphrase of the PKCS#12 file")?;
                pkcs12::open(&bytes, &passphrase).map_err(output::about("--p12"))?
            }
            _ => return Err(Error::new(ErrorKind::InvalidArgument).context("--key with --cert, or --p12")),
        };
        let store = SoftwareKeyStore::with_key(NAME, KeyPurpose::Signing, key)?;
        Ok(Signer { store: Box::new(store), name: NAME.to_owned(), certificates })
    }

    fn pin(&self) -> Result<Passphrase> {
        match secret::find(self.pin_file.as_deref(), "THRIVOSIGN_PIN", "PIN of the token").map_err(output::about("--pin-file"))? {
            Some(text) => Ok(Passphrase::new(&text)),
            None => {
                Err(Error::new(ErrorKind::InvalidArgument).context("a PIN is needed: --pin-file, THRIVOSIGN_PIN, or a terminal to ask at"))
            }
        }
    }
}

fn certificates(path: &Path) -> Result<Vec<Certificate>> {
    let certificates = file::read_small(path, MAX_CERTIFICATES).and_then(|bytes| certificates_from_pem(&bytes));
    certificates.map_err(output::about("--cert"))
}

/// The passphrase is asked for only if the file needs one.
fn private_key(path: &Path, passphrase_file: Option<&Path>) -> Result<SoftwareKey> {
    let bytes = file::read_secret_file(path).map_err(output::about("--key"))?;
    let key = match SoftwareKey::from_file(&bytes, None) {
        Err(error) if error.kind() == ErrorKind::PassphraseWrong => {
            SoftwareKey::from_file(&bytes, Some(&secret::passphrase(passphrase_file, "Passphrase of the key")?))
        }
        other => other,
    };
    key.map_err(output::about("--key"))
}
