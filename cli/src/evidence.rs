//! Files with evidence: certificates that may be on a path, lists of revoked ones, OCSP responses. Takes paths, gives a bundle; judges nothing.

use crate::certificates;
use crate::output;
use clap::{Args, ValueEnum};
use std::path::PathBuf;
use thrivosign::Result;
use thrivosign::evidence::{Bundle, Item};
use thrivosign::pki::revocation::RevocationMode;

/// Whether revocation is asked for.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Asked {
    /// Each certificate needs a fresh statement.
    Require,
    /// A statement at hand counts, none is needed.
    IfAvailable,
    /// Statements are not looked at.
    None,
}

impl From<Asked> for RevocationMode {
    fn from(asked: Asked) -> RevocationMode {
        match asked {
            Asked::Require => RevocationMode::Require,
            Asked::IfAvailable => RevocationMode::IfAvailable,
            Asked::None => RevocationMode::Off,
        }
    }
}

/// What is at hand beside the document.
#[derive(Args)]
pub(crate) struct Evidence {
    /// Certificates that may be on a path, PEM or DER, in any order; may be repeated.
    #[arg(long, value_name = "FILE")]
    intermediates: Vec<PathBuf>,
    /// Lists of revoked certificates: a folder of .crl, .der, .pem, or a file; may be repeated.
    #[arg(long, value_name = "DIR|FILE")]
    crls: Vec<PathBuf>,
    /// OCSP responses in DER: a folder of .ocsp, .ors, .der, or a file; may be repeated.
    #[arg(long, value_name = "DIR|FILE")]
    ocsp: Vec<PathBuf>,
}

impl Evidence {
    /// Whether there is any.
    pub(crate) fn is_given(&self) -> bool {
        [&self.intermediates, &self.crls, &self.ocsp].into_iter().any(|paths| !paths.is_empty())
    }

    /// Everything in the files. What cannot be read is named on stderr and left out.
    pub(crate) fn bundle(&self, json: bool) -> Result<Bundle> {
        let mut bundle = Bundle::default();
        let mut add = |item: Item| bundle.add(item).map(drop);
        for path in &self.intermediates {
            let found = certificates::readable(path, json).map_err(output::about("--intermediates"))?;
            found.into_iter().map(Item::Certificate).try_for_each(&mut add).map_err(output::about("--intermediates"))?;
        }
        for path in &self.crls {
            let found = certificates::lists(path, json).map_err(output::about("--crls"))?;
            found.into_iter().map(Item::Crl).try_for_each(&mut add).map_err(output::about("--crls"))?;
        }
        for path in &self.ocsp {
            let found = certificates::responses(path, json).map_err(output::about("--ocsp"))?;
            found.into_iter().map(Item::Ocsp).try_for_each(&mut add).map_err(output::about("--ocsp"))?;
        }
        Ok(bundle)
    }
}
