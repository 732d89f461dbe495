//! The verify room: a signature's box, judged before it is signed. Takes a document, a page and a box; gives what this verifier will say of
//! a new signature there, under the signatures that the document has already. Pure, and the same question that the difference analysis
//! asks afterwards, so that nobody's approval is spent on a signature that makes an earlier one not clean.

use crate::error::{Error, ErrorKind, Result};
use crate::marks::{Marks, examine};
use crate::pdf::{Document, Rect};

/// What a box of a new signature would do to the signatures before it (ISO 32000-2 12.8.1 leaves it to the verifier; `docs/adr/0015`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BoxPlace {
    /// It touches no mark of the page, or has no area: earlier signatures stay clean.
    Harmless,
    /// It touches what is painted there: every earlier signature would be called changed.
    OverMarks,
    /// What is painted there cannot be told, for the named reason (a picture fills the page, say): treated as [`BoxPlace::OverMarks`].
    Undecidable(&'static str),
}

impl BoxPlace {
    /// Whether earlier signatures stay clean.
    #[must_use]
    pub const fn is_harmless(self) -> bool {
        matches!(self, BoxPlace::Harmless)
    }
}

/// Whether a new signature's visible box would count as harmless against the document as it is.
///
/// `page` counts from 1, `rect` is in the page's default user space, as the widget's `/Rect` will be. Nothing is rendered: marks come from
/// the content stream and the widths that its fonts declare. It matters only where the document has a signature already, and not for an
/// empty field that is there: its box was seen by whoever signed before.
///
/// # Errors
/// [`ErrorKind::PageNotFound`], [`ErrorKind::NoPages`]; as [`View::object`](crate::pdf::View::object).
pub fn box_is_harmless(document: &Document<'_>, page: u64, rect: Rect) -> Result<BoxPlace> {
    let view = document.latest();
    let index = page.checked_sub(1).ok_or_else(|| Error::new(ErrorKind::PageNotFound))?;
    let page = view.page(index)?;
    if rect.width() <= 0.0 && rect.height() <= 0.0 {
        return Ok(BoxPlace::Harmless);
    }
    Ok(match examine(view, &page, rect) {
        (Marks::Clear, _) => BoxPlace::Harmless,
        (Marks::Touched, _) => BoxPlace::OverMarks,
        (Marks::Undecidable, why) => BoxPlace::Undecidable(why.unwrap_or("the page is not understood")),
    })
}
