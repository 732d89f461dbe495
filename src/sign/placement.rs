//! The sign room: where a signature shows. Takes the box that was asked for and the page, gives a rectangle in default user space, or a
//! refusal: a box that reaches beyond what is shown is nobody's intention.

use crate::error::{Error, ErrorKind, Result};
use crate::pdf::{Page, Rect};

/// Where the signature shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Placement {
    /// Nowhere. A field that exists keeps the box it has.
    Invisible,
    /// In a box on a page. A field that exists keeps the box it has.
    Visible {
        /// The page, counted from 1.
        page: u32,
        /// The box on the page as a reader sees it, `/Rotate` applied: in units of user space from the lower left corner of the crop box.
        rect: Rect,
    },
}

/// The box in default user space that a reader sees at `seen`.
///
/// # Errors
/// [`ErrorKind::BoxUnusable`] if it is empty or reaches beyond the crop box.
pub(super) fn in_user_space(seen: Rect, page: &Page) -> Result<Rect> {
    let (w, h) = (page.crop_box.width(), page.crop_box.height());
    let finite = [seen.x0, seen.y0, seen.x1, seen.y1].iter().all(|n| n.is_finite());
    let flip = page.rotate == 90 || page.rotate == 270;
    let shown = if flip { Rect::new(0.0, 0.0, h, w) } else { Rect::new(0.0, 0.0, w, h) };
    if !finite || seen.is_empty() || !shown.contains(seen) {
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
        // 700 wide fits a page of 600 x 800 only when it lies on its side.
        let wide = Rect::new(0.0, 0.0, 700.0, 10.0);
        assert!(in_user_space(wide, &page(90)).is_ok());
        for bad in [wide, Rect::new(-1.0, 0.0, 5.0, 5.0), Rect::new(5.0, 5.0, 5.0, 9.0), Rect::new(0.0, 0.0, f64::INFINITY, 1.0)] {
            assert_eq!(in_user_space(bad, &page(0)).unwrap_err().kind(), ErrorKind::BoxUnusable);
        }
    }
}
