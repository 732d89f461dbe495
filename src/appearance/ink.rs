//! The appearance room: handwriting. Takes the strokes of a pen on a pad, gives smooth curves through their points, as PDF paths
//! (ISO 32000-2 8.5).

use super::canvas::{Area, Canvas};
use crate::error::{Error, ErrorKind, Result};
use std::sync::Arc;

/// Most strokes, and most points of all of them.
const MAX_STROKES: usize = 1_000;
const MAX_POINTS: usize = 20_000;
/// Largest side of a pad.
const MAX_PAD: f64 = 100_000.0;

/// What a pen drew on a pad. The pad is scaled into its part of the box, with its proportions kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Ink(Arc<Drawing>);

#[derive(Debug, PartialEq)]
struct Drawing {
    width: f64,
    height: f64,
    pen: f64,
    strokes: Vec<Vec<(f64, f64)>>,
}

impl Ink {
    /// Strokes on a pad of that size with a pen of that width; a stroke is its points in order, x to the right and y *downwards* from the
    /// pad's upper left corner, as touch screens count. A single point is a dot.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] for a pad without area, a pen wider than the pad is high, a point outside the pad, no stroke at all or an
    /// empty one, over 1,000 strokes or 20,000 points.
    pub fn new(width: f64, height: f64, pen: f64, strokes: Vec<Vec<(f64, f64)>>) -> Result<Ink> {
        let wrong = |what: &'static str| Err(Error::new(ErrorKind::InvalidArgument).context(what));
        let side = |side: f64| side > 0.0 && side <= MAX_PAD;
        if !(side(width) && side(height) && pen > 0.0 && pen <= height) {
            return wrong("the pad of a drawn signature has no usable size");
        }
        if strokes.is_empty() || strokes.len() > MAX_STROKES || strokes.iter().map(Vec::len).sum::<usize>() > MAX_POINTS {
            return wrong("a drawn signature has 1 to 1,000 strokes and at most 20,000 points");
        }
        let inside = |(x, y): &(f64, f64)| (0.0..=width).contains(x) && (0.0..=height).contains(y);
        if strokes.iter().any(|stroke| stroke.is_empty() || !stroke.iter().all(inside)) {
            return wrong("a stroke of a drawn signature is empty or leaves the pad");
        }
        Ok(Ink(Arc::new(Drawing { width, height, pen, strokes })))
    }

    pub(super) fn aspect(&self) -> f64 {
        self.0.width / self.0.height
    }

    /// Draws into an area of the pad's proportions.
    pub(super) fn draw(&self, canvas: &mut Canvas, area: Area) {
        let drawing = &*self.0;
        let scale = area.width / drawing.width;
        // Half a pen inside, so that strokes along the edge keep their width.
        let pen = drawing.pen * scale;
        let shrink = |size: f64| ((size - pen) / size).max(0.0);
        let place = |(x, y): (f64, f64)| {
            let (x, y) = (x * scale, area.height - y * scale);
            (area.x + pen / 2.0 + x * shrink(area.width), area.y + pen / 2.0 + y * shrink(area.height))
        };
        canvas.pen(pen.max(0.1));
        for stroke in &drawing.strokes {
            let points: Vec<(f64, f64)> = stroke.iter().copied().map(place).collect();
            curve(canvas, &points, area);
        }
    }
}

/// A curve through the points: each piece bends towards its neighbours by a sixth of the chord between them (Catmull-Rom as Bézier).
fn curve(canvas: &mut Canvas, points: &[(f64, f64)], area: Area) {
    let at = |i: usize| points.get(i.min(points.len() - 1)).copied().unwrap_or_default();
    canvas.numbers(&[at(0).0, at(0).1], b"m");
    if points.len() < 3 {
        canvas.numbers(&[at(1).0, at(1).1], b"l");
    } else {
        // The bend may not leave the area that the points are in.
        let inside = |x: f64, y: f64| (x.clamp(area.x, area.x + area.width), y.clamp(area.y, area.y + area.height));
        for i in 0..points.len() - 1 {
            let (before, from, to, behind) = (at(i.saturating_sub(1)), at(i), at(i + 1), at(i + 2));
            let first = inside(from.0 + (to.0 - before.0) / 6.0, from.1 + (to.1 - before.1) / 6.0);
            let second = inside(to.0 - (behind.0 - from.0) / 6.0, to.1 - (behind.1 - from.1) / 6.0);
            canvas.numbers(&[first.0, first.1, second.0, second.1, to.0, to.1], b"c");
        }
    }
    canvas.numbers(&[], b"S");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_drawing_is_refused() {
        let pad = |width, height, pen, strokes| Ink::new(width, height, pen, strokes).is_ok();
        let line = || vec![vec![(0.0, 0.0), (100.0, 50.0)]];
        assert!(pad(100.0, 50.0, 2.0, line()));
        for (width, height, pen) in [(0.0, 50.0, 2.0), (f64::NAN, 50.0, 2.0), (100.0, 1e9, 2.0), (100.0, 50.0, 0.0), (100.0, 50.0, 51.0)] {
            assert!(!pad(width, height, pen, line()));
        }
        assert!(!pad(100.0, 50.0, 2.0, vec![]) && !pad(100.0, 50.0, 2.0, vec![vec![]]));
        assert!(!pad(100.0, 50.0, 2.0, vec![vec![(101.0, 0.0)]]) && !pad(100.0, 50.0, 2.0, vec![vec![(0.0, f64::NAN)]]));
        assert!(!pad(100.0, 50.0, 2.0, vec![vec![(0.0, 0.0); MAX_POINTS + 1]]) && !pad(100.0, 50.0, 2.0, vec![vec![(0.0, 0.0)]; 1_001]));
    }

    #[test]
    fn curves_stay_inside_their_area() {
        let zigzag: Vec<(f64, f64)> = (0..200).map(|i| (f64::from(i % 2) * 100.0, f64::from(i / 2 % 2) * 50.0)).collect();
        let mut canvas = Canvas::default();
        Ink::new(100.0, 50.0, 3.0, vec![zigzag]).unwrap().draw(&mut canvas, Area { x: 5.0, y: 7.0, width: 20.0, height: 10.0 });
        let text = String::from_utf8(canvas.finish()).unwrap();
        for line in text.lines().filter(|line| line.ends_with(" c")) {
            let numbers: Vec<f64> = line.split(' ').filter_map(|n| n.parse().ok()).collect();
            assert!(numbers.chunks(2).all(|p| (5.0..=25.0).contains(&p[0]) && (7.0..=17.0).contains(&p[1])), "{line}");
        }
        assert_eq!(text.matches(" c\n").count(), 199);
    }
}
