//! The marks room: marks on a page (what a second signature could cover). Takes a page of one revision and a rectangle, gives whether
//! anything painted there touches it. Nothing is rendered and no font program or picture is opened: shapes come from the content
//! stream's numbers, text from the widths that fonts declare. May not guess: what is not understood is "undecidable", which no
//! verdict calls clean.
//!
//! The answer errs towards touching: marks within half a point count, clips count as their bounding boxes, optional content as
//! shown, pictures as opaque, curves and letters as the boxes around them. White paint on paper is no mark.

mod font;
mod geometry;
mod paint;
mod painter;
mod profile;
mod resources;

use crate::error::Error;
use crate::pdf::{Dictionary, Object, Page, Rect, View};
use geometry::{Matrix, bounds, grown};
use paint::State;
use painter::{Painter, matrix_of, page_content, resolved};
use resources::Resources;

/// What lies under a rectangle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Marks {
    /// Nothing visible.
    Clear,
    /// Something is painted there, or so close that it may be.
    Touched,
    /// The page uses something that is not understood, so that nothing can be promised.
    Undecidable,
}

/// Why a search ends early.
#[derive(Debug)]
enum Stop {
    Touched,
    Unclear(&'static str),
    Unreadable,
}

impl From<Error> for Stop {
    fn from(_: Error) -> Stop {
        Stop::Unreadable
    }
}

/// Marks this close to the rectangle touch it: a viewer's pixels and its way of rounding lines reach that far.
const NEAR: f64 = 0.5;
/// Most annotations of a page that are looked at.
const MAX_ANNOTATIONS: usize = 10_000;
/// A note's icon has its own size, whatever its rectangle says.
const ICON: f64 = 32.0;

/// What the page's content and its annotations paint in `rect` (default user space), in that revision; and for people, why nothing can be
/// promised if so.
#[must_use]
pub(crate) fn examine(view: View<'_>, page: &Page, rect: Rect) -> (Marks, Option<&'static str>) {
    match search(view, page, rect) {
        Ok(()) => (Marks::Clear, None),
        Err(Stop::Touched) => (Marks::Touched, None),
        Err(Stop::Unclear(why)) => (Marks::Undecidable, Some(why)),
        Err(Stop::Unreadable) => (Marks::Undecidable, Some("the page cannot be read")),
    }
}

fn search(view: View<'_>, page: &Page, rect: Rect) -> Result<(), Stop> {
    if ![rect.x0, rect.y0, rect.x1, rect.y1].iter().all(|n| n.is_finite() && n.abs() < 1e6) {
        return Err(Stop::Unclear("a rectangle off any page"));
    }
    let target = grown(rect, NEAR);
    let mut painter = Painter::new(view, target);
    // What lies outside the page's boxes is not shown; a margin stands for viewers that show bleed.
    let (media, crop) = (page.media_box, page.crop_box);
    let paper = Rect { x0: media.x0.min(crop.x0), y0: media.y0.min(crop.y0), x1: media.x1.max(crop.x1), y1: media.y1.max(crop.y1) };
    let state = State::new(Matrix::IDENTITY, grown(paper, 1000.0));
    let resources = Resources::new(view, page.resources.clone());
    painter.run(&page_content(view, &page.dict)?, &resources, state.clone())?;
    let annotations = view.get_array(&page.dict, b"Annots")?.unwrap_or_default();
    if annotations.len() > MAX_ANNOTATIONS {
        return Err(Stop::Unclear("too many annotations"));
    }
    for annotation in &annotations {
        if let Object::Dictionary(annotation) = view.resolve(annotation)? {
            annotation_marks(&mut painter, page, &annotation, &resources, &state, target)?;
        }
    }
    Ok(())
}

/// The appearance of one annotation, put where its rectangle is (ISO 32000-2 12.5.5); without one, what viewers draw themselves.
fn annotation_marks<'d>(
    painter: &mut Painter<'d>,
    page: &Page,
    annotation: &Dictionary,
    resources: &Resources<'d>,
    state: &State,
    target: Rect,
) -> Result<(), Stop> {
    const HIDDEN: i64 = 1 << 1;
    const NO_ROTATE: i64 = 1 << 4;
    let view = resources.view();
    let kind = view.get(annotation, b"Subtype")?;
    let kind = kind.as_name().unwrap_or_default();
    let flags = view.get(annotation, b"F")?.as_i64().unwrap_or(0);
    if flags & HIDDEN != 0 || kind == b"Popup" {
        return Ok(());
    }
    let rect = match view.get_array(annotation, b"Rect")? {
        Some(items) => Rect::from_array(&resolved(view, &items)?).ok_or(Stop::Unclear("an annotation with a malformed rectangle"))?,
        None => return Err(Stop::Unclear("an annotation without a rectangle")),
    };
    let icon = kind == b"Text" || kind == b"FileAttachment";
    // What stays upright on a turned page is turned about a corner of its rectangle, and stands beside it.
    let upright = page.rotate != 0 && (icon || flags & NO_ROTATE != 0);
    let beside = if upright { rect.width().max(rect.height()) } else { 0.0 };
    let reach = grown(rect, if icon { ICON } else { 2.0 } + beside);
    if reach.x0 > target.x1 || reach.x1 < target.x0 || reach.y0 > target.y1 || reach.y1 < target.y0 {
        return Ok(());
    }
    let looks = view.get_dict(annotation, b"AP")?.map_or(Ok(Object::Null), |looks| view.get(&looks, b"N"))?;
    let look = match &looks {
        Object::Dictionary(states) => match view.get(annotation, b"AS")? {
            Object::Name(state) => view.get(states, state)?,
            _ => return Err(Stop::Touched),
        },
        other => other.clone(),
    };
    let Object::Stream(form) = look else { return without_look(view, annotation, kind, &looks) };
    if upright {
        return Err(Stop::Touched);
    }
    // The form's box through its matrix, then stretched onto the rectangle.
    let items = |key: &str| view.get_array(&form.dict, key)?.map(|items| resolved(view, &items)).transpose();
    let matrix = items("Matrix")?.map_or(Ok(Matrix::IDENTITY), |m| matrix_of(&m))?;
    let bbox = items("BBox")?.as_deref().and_then(Rect::from_array).ok_or(Stop::Unclear("an appearance without /BBox"))?;
    let Some(from) = matrix.quad(bbox).and_then(bounds) else { return Err(Stop::Unclear("an appearance off the page")) };
    if from.is_empty() || rect.is_empty() {
        return Ok(());
    }
    let (sx, sy) = (rect.width() / from.width(), rect.height() / from.height());
    let onto = Matrix([sx, 0.0, 0.0, sy, rect.x0 - from.x0 * sx, rect.y0 - from.y0 * sy]);
    painter.form(&form, resources, State { ctm: onto, ..state.clone() })
}

/// What viewers draw where there is no appearance stream, near the target.
fn without_look(view: View<'_>, annotation: &Dictionary, kind: &[u8], looks: &Object) -> Result<(), Stop> {
    match kind {
        // A link is nothing but its border, which is one point wide if nothing is said (ISO 32000-2 12.5.2).
        b"Link" => {
            let style = view.get_dict(annotation, b"BS")?;
            let width = match style {
                Some(style) => view.get(&style, b"W")?.as_f64().unwrap_or(1.0),
                None => match view.get_array(annotation, b"Border")? {
                    Some(border) => border.get(2).map_or(Ok(Object::Null), |w| view.resolve(w))?.as_f64().unwrap_or(1.0),
                    None => 1.0,
                },
            };
            if width == 0.0 { Ok(()) } else { Err(Stop::Touched) }
        }
        // An empty signature field shows nothing; other fields may show their value.
        b"Widget" if looks.is_null() => {
            let own = view.get(annotation, b"FT")?;
            let kind = match own {
                Object::Null => view.get_dict(annotation, b"Parent")?.map_or(Ok(Object::Null), |parent| view.get(&parent, b"FT"))?,
                own => own,
            };
            if kind.as_name() == Some(b"Sig") { Ok(()) } else { Err(Stop::Touched) }
        }
        // A state without an appearance, such as /Off, shows nothing.
        b"Widget" if matches!(looks, Object::Dictionary(_)) => Ok(()),
        _ => Err(Stop::Touched),
    }
}

#[cfg(test)]
mod tests;
