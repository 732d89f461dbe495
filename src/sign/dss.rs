//! The sign room: evidence for signatures that are there (EN 319 142-1 5.4.2, level B-LT). Takes an open document and a bundle, gives the revision to
//! append. Nobody signs it, so that neither person nor key is needed.

use super::field::{catalog_id, current};
use super::plan::sound;
use crate::error::Result;
use crate::evidence::{Bundle, Vri, dss};
use crate::pdf::append::Update;
use crate::pdf::{Dictionary, Document};

/// What is to be put into a document security store.
#[derive(Clone, Debug, Default)]
pub struct Additions {
    /// For the document.
    pub bundle: Bundle,
    /// For single signatures; it is listed for the document, too.
    pub vri: Vec<Vri>,
}

impl Additions {
    /// Into the update and its catalog. Gives back whether anything was new.
    pub(super) fn put(&self, update: &mut Update<'_>, catalog: &mut Dictionary) -> Result<bool> {
        let held = dss::read(update.view())?.unwrap_or_default();
        dss::write(update, catalog, &held, &self.bundle, &self.vri)
    }
}

/// The revision that adds evidence to a document; `None` if all of it is there. `random` becomes the second `/ID` string.
///
/// # Errors
/// [`ErrorKind::PdfDamaged`](crate::ErrorKind::PdfDamaged), [`ErrorKind::LimitReached`](crate::ErrorKind::LimitReached),
/// [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument) for a list that was read as a stream,
/// [`ErrorKind::SourceUnreadable`](crate::ErrorKind::SourceUnreadable).
pub fn add_evidence(document: &Document<'_>, additions: &Additions, random: [u8; 16]) -> Result<Option<Vec<u8>>> {
    sound(document)?;
    let mut update = Update::new(document.latest())?;
    let id = catalog_id(update.view())?;
    let mut catalog = current(&update, id)?;
    if !additions.put(&mut update, &mut catalog)? {
        return Ok(None);
    }
    update.replace(id, catalog);
    Ok(Some(update.finish(random)?.bytes))
}

#[cfg(test)]
pub(crate) mod tests;
