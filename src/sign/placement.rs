//! The sign room: where a signature shows. Takes what was asked for and the document, gives a page and a rectangle in default user space, or
//! a refusal: a box that reaches beyond what is shown is nobody's intention.
//!
//! Boxes are measured as a reader sees the page, `/Rotate` applied, from the lower left corner of the crop box, in units of user space: a
//! point unless the page's `/UserUnit` says otherwise, so that a box keeps its place on the page whatever the unit.

use super::free_place;
use crate::error::{Error, ErrorKind, Result};
use crate::pdf::{Page, Rect, View};
use crate::text::PageText;

/// Longest text to look for, in characters.
const MAX_ANCHOR: usize = 200;
/// Most pages that are searched for a text.
const MAX_PAGES: u64 = 10_000;

/// Where the signature shows. A field that exists keeps the box it has.
#[derive(Clone, Debug, PartialEq)]
pub enum Placement {
    /// Nowhere.
    Invisible,
    /// In a box on a page.
    Visible {
        /// The page, counted from 1.
        page: u32,
        /// The box on the page as a reader sees it, `/Rotate` applied: in units of user space from the lower left corner of the crop box.
        rect: Rect,
    },
    /// In a box beside a text of the document.
    Anchor(Anchor),
    /// In the next free place: below the last signature box of the page and left-aligned with it, then at the top of a column to its
    /// right. On a page without one: below everything written, or where else there is room. It covers no annotation and
    /// no text, and nothing that is painted unless pictures and drawings leave no such place.
    NextFree {
        /// The page, counted from 1; `None` for the last one.
        page: Option<u32>,
        /// The box.
        size: Size,
    },
}

/// Width and height as a reader sees them, in units of user space.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Size {
    /// From left to right.
    pub width: f64,
    /// From bottom to top.
    pub height: f64,
}

/// A place told by a text on the page.
#[derive(Clone, Debug, PartialEq)]
pub struct Anchor {
    /// The text, within one line; runs of white space count as one space. Letter case matters.
    pub text: String,
    /// The page to look at, counted from 1; `None` for all.
    pub page: Option<u32>,
    /// Which place of the text, counted from 1 in the order of pages, on each from the top and then from the left. `None`: there must be
    /// exactly one.
    pub occurrence: Option<u32>,
    /// From the lower left corner of the text to the lower left corner of the box, to the right and up as a reader sees the page.
    pub offset: (f64, f64),
    /// The box.
    pub size: Size,
}

fn unusable(what: &'static str) -> Error {
    Error::new(ErrorKind::BoxUnusable).context(what)
}

impl Placement {
    /// Refuses what no document could take.
    pub(super) fn check(&self) -> Result<()> {
        let page = match self {
            Placement::Invisible => None,
            Placement::Visible { page, .. } => Some(*page),
            Placement::NextFree { page, size } => {
                size.check()?;
                *page
            }
            Placement::Anchor(anchor) => {
                anchor.size.check()?;
                let text = anchor.text.trim();
                if text.is_empty() || text.chars().count() > MAX_ANCHOR || anchor.occurrence == Some(0) {
                    return Err(Error::new(ErrorKind::InvalidArgument)
                        .context("a text to place a box at has 1 to 200 characters; places count from 1"));
                }
                if !(anchor.offset.0.is_finite() && anchor.offset.1.is_finite()) {
                    return Err(unusable("an offset is no number"));
                }
                anchor.page
            }
        };
        if page == Some(0) { Err(Error::new(ErrorKind::PageNotFound)) } else { Ok(()) }
    }

    /// The same place as page and box, which anybody with the document can tell. Invisible stays so.
    ///
    /// # Errors
    /// [`ErrorKind::NoPages`], [`ErrorKind::PageNotFound`]; [`ErrorKind::BoxUnusable`] if the box is empty or reaches beyond the crop box,
    /// if the text was not found, was found more than once though no occurrence was chosen, or not as often as that, or if no place
    /// is free; those of reading.
    pub fn resolve(&self, view: View<'_>) -> Result<Placement> {
        self.check()?;
        match self {
            Placement::Invisible | Placement::Visible { .. } => Ok(self.clone()),
            Placement::Anchor(anchor) => {
                let (page, text) = anchor.find(view)?;
                let (x, y) = (text.x0 + anchor.offset.0, text.y0 + anchor.offset.1);
                Ok(Placement::Visible { page, rect: Rect::new(x, y, x + anchor.size.width, y + anchor.size.height) })
            }
            Placement::NextFree { page, size } => {
                let number = match page {
                    Some(page) => *page,
                    None => u32::try_from(view.page_count()?).unwrap_or(u32::MAX).max(1),
                };
                let page = page_at(view, number)?;
                let rect = free_place::find(view, &page, *size)?.ok_or_else(|| unusable("no place is left on the page"))?;
                Ok(Placement::Visible { page: number, rect })
            }
        }
    }

    /// The page of a new field's widget, counted from 1, and its box in the page's default user space, as its `/Rect` will be
    /// (ISO 32000-2 12.5.2); `None` if it is invisible.
    ///
    /// # Errors
    /// As [`Placement::resolve`].
    pub fn in_user_space(&self, view: View<'_>) -> Result<Option<(u64, Rect)>> {
        match self.resolve(view)? {
            Placement::Visible { page, rect } => Ok(Some((u64::from(page), in_user_space(rect, &page_at(view, page)?)?))),
            _ => Ok(None),
        }
    }

    /// The page that gets the widget, and its box in default user space; empty if it is invisible.
    ///
    /// # Errors
    /// As [`Placement::resolve`].
    pub(super) fn on_page(&self, view: View<'_>) -> Result<(Page, Rect)> {
        match self.resolve(view)? {
            Placement::Visible { page, rect } => {
                let page = page_at(view, page)?;
                let rect = in_user_space(rect, &page)?;
                Ok((page, rect))
            }
            _ => Ok((view.page(0)?, Rect::new(0.0, 0.0, 0.0, 0.0))),
        }
    }
}

fn page_at(view: View<'_>, number: u32) -> Result<Page> {
    view.page(u64::from(number.saturating_sub(1)))
}

impl Size {
    fn check(self) -> Result<()> {
        let fits = [self.width, self.height].iter().all(|side| side.is_finite() && *side > 0.0);
        if fits { Ok(()) } else { Err(unusable("a box has an area")) }
    }
}

impl Anchor {
    /// The page's number and the text's box as a reader sees it.
    fn find(&self, view: View<'_>) -> Result<(u32, Rect)> {
        let pages = match self.page {
            Some(page) => u64::from(page)..=u64::from(page),
            None => 1..=view.page_count()?.min(MAX_PAGES),
        };
        let wanted = self.occurrence.map_or(0, |n| n as usize - 1);
        let (mut unread, mut passed, mut found) = (false, 0, None);
        for number in pages {
            let page = view.page(number - 1)?;
            let search = PageText::read(view, &page)?.find(&self.text);
            unread |= search.unread;
            let mut places: Vec<Rect> = search.places.iter().map(|place| as_seen(*place, &page)).collect();
            places.sort_by(|a, b| b.y1.total_cmp(&a.y1).then(a.x0.total_cmp(&b.x0)));
            if found.is_none() {
                found = places.get(wanted.saturating_sub(passed)).map(|place| (number, *place));
            }
            passed += places.len();
            if self.occurrence.is_some() && found.is_some() {
                break;
            }
        }
        match found {
            Some(_) if self.occurrence.is_none() && passed > 1 => Err(unusable("the text was found more than once; choose an occurrence")),
            Some((number, place)) => Ok((u32::try_from(number).map_err(|_| ErrorKind::PageNotFound)?, place)),
            None if passed > 0 => Err(unusable("the text was not found that often")),
            None if unread => Err(unusable("the text was not found, and there is text that cannot be read")),
            None => Err(unusable("the text was not found")),
        }
    }
}

/// A rectangle in default user space as a reader sees it: the way back from [`in_user_space`].
pub(super) fn as_seen(rect: Rect, page: &Page) -> Rect {
    let crop = page.crop_box;
    let corner = |x: f64, y: f64| match page.rotate {
        90 => (y - crop.y0, crop.x1 - x),
        180 => (crop.x1 - x, crop.y1 - y),
        270 => (crop.y1 - y, x - crop.x0),
        _ => (x - crop.x0, y - crop.y0),
    };
    let ((xa, ya), (xb, yb)) = (corner(rect.x0, rect.y0), corner(rect.x1, rect.y1));
    Rect::new(xa, ya, xb, yb)
}

/// The visible part of the page as a reader sees it.
pub(super) fn paper(page: &Page) -> Rect {
    as_seen(page.crop_box, page)
}

/// The box in default user space that a reader sees at `seen`.
///
/// # Errors
/// [`ErrorKind::BoxUnusable`] if it is empty or reaches beyond the crop box.
pub(super) fn in_user_space(seen: Rect, page: &Page) -> Result<Rect> {
    let (w, h) = (page.crop_box.width(), page.crop_box.height());
    let finite = [seen.x0, seen.y0, seen.x1, seen.y1].iter().all(|n| n.is_finite());
    if !finite || seen.is_empty() || !paper(page).contains(seen) {
        return Err(Error::new(ErrorKind::BoxUnusable));
    }
    // A corner as seen, turned back. A page shown turned clockwise has its lower left corner at the upper left.
    let corner = |x: f64, y: f64| match page.rotate {
        90 => (w - y, x),
        180 => (w - x, h - y),
        270 => (y, h - x),
        _ => (x, y),
    };
    let ((xa, ya), (xb, yb)) = (corner(seen.x0, seen.y0), corner(seen.x1, seen.y1));
    let (left, bottom) = (page.crop_box.x0, page.crop_box.y0);
    // A thousandth of a unit is finer than anything shown and keeps floating-point noise out of the file.
    let round = |n: f64| (n * 1000.0).round() / 1000.0;
    Ok(Rect::new(round(xa + left), round(ya + bottom), round(xb + left), round(yb + bottom)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::{Dictionary, ObjectId};

    #[test]
    fn boxes_turn_with_the_page() {
        let page = |rotate| Page {
            id: ObjectId::new(1, 0),
            dict: Dictionary::new(),
            media_box: Rect::new(0.0, 0.0, 700.0, 900.0),
            crop_box: Rect::new(10.0, 20.0, 610.0, 820.0),
            rotate,
            resources: Dictionary::new(),
            user_unit: 1.0,
        };
        let seen = Rect::new(50.0, 60.0, 250.0, 100.0);
        let turned = |rotate| in_user_space(seen, &page(rotate)).unwrap();
        assert_eq!(turned(0), Rect::new(60.0, 80.0, 260.0, 120.0));
        assert_eq!(turned(90), Rect::new(510.0, 70.0, 550.0, 270.0));
        assert_eq!(turned(180), Rect::new(360.0, 720.0, 560.0, 760.0));
        assert_eq!(turned(270), Rect::new(70.0, 570.0, 110.0, 770.0));
        for rotate in [0, 90, 180, 270] {
            assert_eq!(as_seen(turned(rotate), &page(rotate)), seen);
        }
        // 700 wide fits a page of 600 x 800 only when it lies on its side.
        let wide = Rect::new(0.0, 0.0, 700.0, 10.0);
        assert!(in_user_space(wide, &page(90)).is_ok());
        for bad in [wide, Rect::new(-1.0, 0.0, 5.0, 5.0), Rect::new(5.0, 5.0, 5.0, 9.0), Rect::new(0.0, 0.0, f64::INFINITY, 1.0)] {
            assert_eq!(in_user_space(bad, &page(0)).unwrap_err().kind(), ErrorKind::BoxUnusable);
        }
    }
}
