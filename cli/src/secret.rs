//! Secrets: from a file, from the environment, or asked for at a terminal. Never from an argument, which every process can read.

use std::io::IsTerminal;
use std::path::Path;
use thrivosign::host::file;
use thrivosign::key::Passphrase;
use thrivosign::{Error, ErrorKind, Result};
use zeroize::Zeroizing;

/// A secret from `file`, else from the variable, else asked for with `prompt`; `None` if there is no terminal to ask at.
pub(crate) fn find(file: Option<&Path>, variable: &str, prompt: &str) -> Result<Option<Zeroizing<String>>> {
    if let Some(path) = file {
        let bytes = file::read_secret_file(path)?;
        let text = std::str::from_utf8(&bytes).map_err(|_| Error::new(ErrorKind::InvalidUtf8).context("the file of a secret"))?;
        // Editors end a file with a line end that nobody typed.
        let text = text.strip_suffix('\n').unwrap_or(text);
        return Ok(Some(Zeroizing::new(text.strip_suffix('\r').unwrap_or(text).to_owned())));
    }
    if let Ok(text) = std::env::var(variable) {
        return Ok(Some(Zeroizing::new(text)));
    }
    if !std::io::stdin().is_terminal() {
        return Ok(None);
    }
    let asked = rpassword::prompt_password(format!("{prompt}: "));
    asked.map(|text| Some(Zeroizing::new(text))).map_err(|error| Error::new(ErrorKind::Cancelled).caused_by(error))
}

/// The same for a passphrase that must be there.
pub(crate) fn passphrase(file: Option<&Path>, prompt: &str) -> Result<Passphrase> {
    match find(file, "THRIVOSIGN_PASSPHRASE", prompt)? {
        Some(text) => Ok(Passphrase::new(&text)),
        None => {
            let context = "a passphrase is needed: --passphrase-file, THRIVOSIGN_PASSPHRASE, or a terminal to ask at";
            Err(Error::new(ErrorKind::InvalidArgument).context(context))
        }
    }
}
