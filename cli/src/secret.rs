//! Secrets: from a file, from the environment, or asked for at a terminal. Never from an argument, which every process can read.

use crate::output;
use std::io::IsTerminal;
use std::path::Path;
use thrivosign::host::file;
use thrivosign::key::Passphrase;
use thrivosign::remote::secret::Secret;
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
    if !variable.is_empty()
        && let Ok(text) = std::env::var(variable)
    {
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
    let found = find(file, "THRIVOSIGN_PASSPHRASE", prompt);
    match found.map_err(|error| if file.is_some() { output::about("--passphrase-file")(error) } else { error })? {
        Some(text) => Ok(Passphrase::new(&text)),
        None => {
            let context = "a passphrase is needed: --passphrase-file, THRIVOSIGN_PASSPHRASE, or a terminal to ask at";
            Err(Error::new(ErrorKind::InvalidArgument).context(context))
        }
    }
}

/// A code that was sent to the person while the command runs: from `file` (which may be a pipe), asked for at a terminal, or one line of stdin.
pub(crate) fn code(file: Option<&Path>, prompt: &str) -> Result<Secret> {
    if file.is_some() || std::io::stdin().is_terminal() {
        let found = find(file, "", prompt)?.unwrap_or_default();
        return Ok(Secret::new(found.trim()));
    }
    let mut line = Zeroizing::new(String::new());
    std::io::stdin().read_line(&mut line).map_err(|error| Error::new(ErrorKind::Cancelled).caused_by(error))?;
    if line.trim().is_empty() {
        return Err(
            Error::new(ErrorKind::InvalidArgument).context("a code is needed: --code-file, a terminal to ask at, or a line on stdin")
        );
    }
    Ok(Secret::new(line.trim()))
}

/// A secret that must be there: from a file, from the variable, or asked for.
pub(crate) fn needed(file: Option<&Path>, variable: &'static str, prompt: &str) -> Result<Secret> {
    match find(file, variable, prompt)? {
        Some(text) => Ok(Secret::new(text.as_str())),
        None => Err(Error::new(ErrorKind::InvalidArgument).context(format!("{variable}, its file, or a terminal to ask at is needed"))),
    }
}
