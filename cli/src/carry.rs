//! Options of `thrivosign sign` about the evidence record that a signature carries.

use clap::Args;
use std::path::PathBuf;
use thrivosign::Result;
use thrivosign::host::file;
use thrivosign::journey::carried::Carried;
use thrivosign::{Error, ErrorKind};

/// Largest file with a consent.
const MAX_CONSENT: usize = 64 << 10;

/// What the signature carries.
#[derive(Args)]
pub(crate) struct CarryArgs {
    /// Attaches a record of the signing (JSON) before it is signed: digest of IN, what was found in it, consent, key. Not to a document that is signed
    /// already, nor to PDF/A-1 and PDF/A-2; not with --remote=submit.
    #[arg(long)]
    carry_evidence: bool,
    /// File with the text that the person agreed to, for the record; whoever has the document can read it.
    #[arg(long, value_name = "FILE", requires = "carry_evidence")]
    consent_file: Option<PathBuf>,
}

impl CarryArgs {
    /// The text of the consent.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidUtf8`]; as [`file::read_small`].
    pub(crate) fn consent(&self) -> Result<Option<String>> {
        let Some(path) = &self.consent_file else { return Ok(None) };
        let text = String::from_utf8(file::read_small(path, MAX_CONSENT)?);
        text.map(|text| Some(text.trim_end().to_owned())).map_err(|_| Error::new(ErrorKind::InvalidUtf8).context("the consent's file"))
    }

    /// Whether a record is wanted.
    pub(crate) fn wanted(&self) -> bool {
        self.carry_evidence
    }

    /// What is to be carried, if anything.
    pub(crate) fn carried<'o>(&self, consent: Option<&'o str>) -> Option<Carried<'o>> {
        self.carry_evidence.then_some(Carried { consent, key: None })
    }
}
