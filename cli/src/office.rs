//! What a back office shows of itself: takes files of a certificate and its key, gives what a connection is made with (RFC 8705). Only where the files
//! are is remembered: a renewed certificate is taken up by itself, and the state folder holds no further key.

use crate::output;
use crate::secret;
use clap::Args;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use thrivosign::host::file;
use thrivosign::journey::client_certificate;
use thrivosign::key::Passphrase;
use thrivosign::remote::client_certificate::ClientCertificate;
use thrivosign::remote::login::Client;
use thrivosign::{Error, ErrorKind, Result};

/// Largest file of a certificate with its issuers.
const MAX_CHAIN: usize = 1 << 20;

/// How a back office says who it is.
#[derive(Args)]
pub(crate) struct OfficeArgs {
    /// Certificate (PEM, its issuers behind it) to show to the service, which then binds the session to it.
    #[arg(long, value_name = "PEM", requires = "client_key")]
    client_cert: Option<PathBuf>,
    /// File with its private key.
    #[arg(long, value_name = "FILE", requires = "client_cert")]
    client_key: Option<PathBuf>,
    /// File with the passphrase of that key, if it has one; otherwise THRIVOSIGN_CLIENT_KEY_PASSPHRASE.
    #[arg(long, value_name = "FILE", requires = "client_key")]
    client_key_passphrase_file: Option<PathBuf>,
    /// Logs in as this back office, by the certificate alone: there is no user and no password.
    #[arg(long, value_name = "ID", requires = "client_cert", conflicts_with_all = ["user", "password_file"])]
    client_id: Option<String>,
}

/// The same, as kept.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Office {
    certificate: PathBuf,
    key: PathBuf,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    passphrase: Option<PathBuf>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id: Option<String>,
}

impl OfficeArgs {
    /// What was said, with paths that hold from any folder; `None` if nothing was.
    pub(crate) fn office(&self) -> Result<Option<Office>> {
        let whole = |path: &PathBuf| std::path::absolute(path).map_err(|error| Error::new(ErrorKind::SourceUnreadable).caused_by(error));
        let (Some(certificate), Some(key)) = (&self.client_cert, &self.client_key) else { return Ok(None) };
        let passphrase = self.client_key_passphrase_file.as_ref().map(whole).transpose()?;
        Ok(Some(Office { certificate: whole(certificate)?, key: whole(key)?, passphrase, id: self.client_id.clone() }))
    }
}

impl Office {
    /// Read anew for each command.
    pub(crate) fn certificate(&self) -> Result<ClientCertificate> {
        let chain = file::read_small(&self.certificate, MAX_CHAIN).map_err(output::about("--client-cert"))?;
        let key = file::read_secret_file(&self.key).map_err(output::about("--client-key"))?;
        let passphrase = match &self.passphrase {
            Some(path) => secret::find(Some(path), "", "").map_err(output::about("--client-key-passphrase-file"))?,
            None => std::env::var("THRIVOSIGN_CLIENT_KEY_PASSPHRASE").ok().map(zeroize::Zeroizing::new),
        };
        let passphrase = passphrase.map(|text| Passphrase::new(&text));
        client_certificate::of_file(&chain, &key, passphrase.as_ref()).map_err(output::about("--client-cert, --client-key"))
    }

    /// The same for somebody who logs in with a password behind it.
    pub(crate) fn of_a_user(self) -> Office {
        Office { id: None, ..self }
    }

    /// Whom the certificate speaks for, if it is not a user.
    pub(crate) fn client(&self) -> Option<Client> {
        self.id.clone().map(|id| Client { id, secret: None })
    }
}
