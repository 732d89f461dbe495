//! The PDF room: a damaged document whose intent is beyond doubt. Takes its bytes, gives a [`Document`] whose next update undoes the
//! damage; the bytes stay as they are (decision 10). For signing alone: a verifier must read what is there and nothing else.
//!
//! Beyond doubt means all of this: between objects stand sections, trailers and comments and nothing else; every object is whole; the
//! end of every stream is told by its `/Length`, or by one `endstream` with nothing before it that looks like an object (and where it is
//! encrypted by what is to be decrypted); a number that is there twice is explained by the file's own sections, and none of them names an object that is missing or frees one that is there;
//! nothing stands behind the last section; one catalog, which every trailer names, and its pages; an encryption only where a trailer
//! names it; and no signature anywhere, not even in a revision or an object that is no longer used.

mod choose;
mod reading;
mod rewrite;
mod scan;
mod scanner;
mod sealed;
mod sound;

use super::document::Document;
use super::object::ObjectId;
use super::source::Source;
use crate::error::{Error, ErrorKind, Result};
use crate::limits::Budget;
use std::collections::BTreeMap;

pub use rewrite::rewrite;
pub use sound::fault;

/// What was done about a document's damage before it was signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Repair {
    /// Nothing: there was none that a reader meets.
    #[default]
    None,
    /// The update undoes it; the bytes of the document are those that were given.
    Appended,
    /// The document was written anew; its bytes are others than those that were given.
    Rewritten,
}

impl Repair {
    /// The stable name, `snake_case`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Repair::None => "none",
            Repair::Appended => "appended",
            Repair::Rewritten => "rewritten",
        }
    }
}

/// How a damaged document is read, and what an update has to put right.
#[derive(Debug)]
pub(super) struct Recovery {
    /// Whether the file's own sections are of no use: the update's own is to name every object.
    complete: bool,
    /// Streams with a wrong `/Length`: by offset, with the number and the right length.
    lengths: BTreeMap<u64, (ObjectId, i64)>,
}

impl Recovery {
    pub(super) fn length(&self, offset: u64) -> Option<i64> {
        self.lengths.get(&offset).map(|(_, length)| *length)
    }

    pub(super) const fn is_complete(&self) -> bool {
        self.complete
    }

    /// Offset and name of what the update has to write again, if it is in use.
    pub(super) fn to_rewrite(&self) -> impl Iterator<Item = (u64, ObjectId)> + '_ {
        self.lengths.iter().map(|(offset, (id, _))| (*offset, *id))
    }
}

fn refused((what, at): scan::Doubt) -> Error {
    Error::new(ErrorKind::PdfDamaged).context(what).at(at)
}

/// Opens a damaged document whose intent is beyond doubt. After the call every object of it can be read, and an update of it names them
/// all (ISO 32000-2 7.5.6): what was damaged is no longer on a reader's way. At most 250,000 objects are looked for.
///
/// # Errors
/// [`ErrorKind::PdfDamaged`] with what is in doubt, and where; [`ErrorKind::NotPdf`], [`ErrorKind::PasswordRequired`],
/// [`ErrorKind::PasswordWrong`], [`ErrorKind::EncryptionUnsupported`], [`ErrorKind::LimitReached`], [`ErrorKind::SourceUnreadable`].
pub fn recover<'s>(source: &'s dyn Source, password: Option<&[u8]>) -> Result<Document<'s>> {
    let budget = Budget::for_len(source.len());
    let header = super::revision::Layout::header(source)?;
    let mut scan = scan::Scan::of(source, header, &budget)?;
    if scan.signed || mentions_signature(source, &budget)? {
        return Err(refused(("it is or was signed; a signed document is never repaired", 0)));
    }
    if let Some(doubt) = scan.doubt {
        return Err(refused(doubt));
    }
    reading::Reading::of(source, header, &mut scan, password)?.strictly(&scan, password)
}

/// Whether the bytes speak of a byte range anywhere, be it in a piece that no object can be made of.
fn mentions_signature(source: &dyn Source, budget: &Budget) -> Result<bool> {
    const WORD: &[u8] = b"/ByteRange";
    const BLOCK: usize = 64 << 10;
    let mut at = 0;
    while at < source.len() {
        let block = source.read_range(at, BLOCK + WORD.len())?;
        budget.step(block.len() as u64 / 8)?;
        if block.windows(WORD.len()).any(|w| w == WORD) {
            return Ok(true);
        }
        at += BLOCK as u64;
    }
    Ok(false)
}

#[cfg(test)]
mod tests;
