//! The sign room: the next free place for a box. Takes a page and a size, gives a box as a reader sees it that touches no annotation and no
//! written line: below the last signature, in the column of it, then in the columns to the right. The first of these places where nothing is
//! painted either; where a picture or a drawing leaves none (a scan is all picture), the first of them.

use super::placement::{Size, as_seen, in_user_space, paper};
use crate::error::{ErrorKind, Result};
use crate::marks::{Marks, examine};
use crate::pdf::{Dictionary, Object, Page, Rect, View};
use crate::text::PageText;

/// Between two boxes.
const GAP: f64 = 6.0;
/// To the edges of the page, where no signature says otherwise.
const MARGIN: f64 = 36.0;
/// Most annotations of a page that are looked at.
const MAX_ANNOTATIONS: usize = 10_000;
/// Most places that are looked at for paint; each is one reading of the page's content.
const MAX_PLACES: usize = 50;

/// `None` if there is none.
///
/// # Errors
/// Those of reading.
pub(super) fn find(view: View<'_>, page: &Page, size: Size) -> Result<Option<Rect>> {
    let annotations = annotations(view, page)?;
    let mut taken: Vec<Rect> = annotations.iter().map(|(rect, _)| *rect).collect();
    let written = written(view, page)?;
    let lowest = written.iter().chain(&taken).map(|rect| rect.y0).reduce(f64::min);
    taken.extend(&written);
    // From bottom to top a box meets the upper ones first.
    taken.sort_by(|a, b| b.y1.total_cmp(&a.y1));
    let paper = paper(page);
    // Over a margin that is smaller than usual the page has been used before.
    let bottom = lowest.map_or(MARGIN, |lowest| lowest.min(MARGIN)).max(0.0);
    let signatures: Vec<Rect> = annotations.iter().filter(|(_, signature)| *signature).map(|(rect, _)| *rect).collect();
    let (left, start, top) = match signatures.last() {
        Some(last) => {
            let above = signatures.iter().map(|rect| rect.y1).fold(last.y1, f64::max);
            (last.x0, last.y0 - GAP, above)
        }
        // Below everything, or the first gap from the top.
        None => match lowest.map(|lowest| lowest - GAP).filter(|start| start - size.height >= bottom) {
            Some(start) => (MARGIN, start, paper.y1 - MARGIN),
            None => (MARGIN, paper.y1 - MARGIN, paper.y1 - MARGIN),
        },
    };
    let (mut x, mut start, mut first, mut places) = (left, start, None, 0);
    while x + size.width <= paper.x1 {
        let Some(rect) = down(&taken, paper, Rect::new(x, 0.0, x + size.width, size.height), start.min(paper.y1), bottom) else {
            (x, start) = (x + size.width + GAP, top);
            continue;
        };
        places += 1;
        match examine(view, page, in_user_space(rect, page)?).0 {
            Marks::Clear => return Ok(Some(rect)),
            Marks::Touched if places < MAX_PLACES => first = first.or(Some(rect)),
            Marks::Touched | Marks::Undecidable => return Ok(first.or(Some(rect))),
        }
        start = rect.y1 - (size.height / 2.0).max(GAP);
    }
    Ok(first)
}

/// The highest place in a column at or below `top`: what is in the way is passed below.
fn down(taken: &[Rect], paper: Rect, column: Rect, top: f64, bottom: f64) -> Option<Rect> {
    let mut rect = Rect { y0: top - column.height(), y1: top, ..column };
    for other in taken {
        let meets = other.x0 < rect.x1 && other.x1 > rect.x0 && other.y0 < rect.y1 && other.y1 > rect.y0;
        if meets {
            let top = other.y0 - GAP;
            rect = Rect { y0: top - column.height(), y1: top, ..column };
        }
    }
    // Boxes are sorted by their upper edge, so that a later one never lies above the place that an earlier one led to.
    (rect.y0 >= bottom && paper.contains(rect)).then_some(rect)
}

/// The lines of text; none where the page cannot be read.
fn written(view: View<'_>, page: &Page) -> Result<Vec<Rect>> {
    match PageText::read(view, page) {
        Ok(text) => Ok(text.written().into_iter().map(|rect| as_seen(rect, page)).collect()),
        Err(error) if matches!(error.kind(), ErrorKind::PdfDamaged | ErrorKind::PdfUnsupported) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// What has an area, each with whether it is a signature's box, in the order of the page.
fn annotations(view: View<'_>, page: &Page) -> Result<Vec<(Rect, bool)>> {
    let mut found = Vec::new();
    for annotation in view.get_array(&page.dict, b"Annots")?.unwrap_or_default().iter().take(MAX_ANNOTATIONS) {
        view.document().budget().step(1)?;
        let Object::Dictionary(annotation) = view.resolve(annotation)? else { continue };
        let items = view.get_array(&annotation, b"Rect")?.unwrap_or_default();
        let items = items.iter().map(|item| view.resolve(item)).collect::<Result<Vec<_>>>()?;
        let Some(rect) = Rect::from_array(&items).filter(|rect| !rect.is_empty()) else { continue };
        if view.get(&annotation, b"Subtype")?.as_name() != Some(b"Popup") {
            found.push((as_seen(rect, page), is_signature(view, &annotation)?));
        }
    }
    Ok(found)
}

/// By its own kind of field or that of the field above.
fn is_signature(view: View<'_>, widget: &Dictionary) -> Result<bool> {
    let kind = match view.get(widget, b"FT")? {
        Object::Null => view.get_dict(widget, b"Parent")?.map_or(Ok(Object::Null), |parent| view.get(&parent, b"FT"))?,
        own => own,
    };
    Ok(kind.as_name() == Some(b"Sig"))
}
