//! Options of `thrivosign sign` about what the signature forbids from then on.

use clap::Args;
use thrivosign::sign::{DocMdp, FieldLock};

/// Certification and locks.
#[derive(Args)]
pub(crate) struct RestrictArgs {
    /// Certifies the document, as its first signature: afterwards allowed are nothing (no-changes), filling in forms and signing (form-filling),
    /// or annotations too (annotating).
    #[arg(long, value_name = "LEVEL", value_parser = level)]
    pub(crate) certify: Option<DocMdp>,
    /// Locks form fields: all, only:NAME,NAME or except:NAME,NAME.
    #[arg(long, value_name = "FIELDS", value_parser = lock)]
    pub(crate) lock: Option<FieldLock>,
}

fn level(text: &str) -> Result<DocMdp, String> {
    match text {
        "no-changes" => Ok(DocMdp::NoChanges),
        "form-filling" => Ok(DocMdp::FormFilling),
        "annotating" => Ok(DocMdp::Annotating),
        _ => Err("expected no-changes, form-filling or annotating".to_owned()),
    }
}

pub(crate) fn lock(text: &str) -> Result<FieldLock, String> {
    let names = |list: &str| list.split(',').map(|name| name.trim().to_owned()).collect::<Vec<_>>();
    match text.split_once(':') {
        None if text == "all" => Ok(FieldLock::All),
        Some(("only", list)) => Ok(FieldLock::Include(names(list))),
        Some(("except", list)) => Ok(FieldLock::Exclude(names(list))),
        _ => Err("expected all, only:NAME,NAME or except:NAME,NAME".to_owned()),
    }
}
