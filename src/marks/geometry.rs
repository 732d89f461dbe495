//! The marks room: the plane geometry of marks. Takes matrices and points, gives whether a shape touches a rectangle. Every answer
//! errs towards touching; a number that is not finite never gets in.

use super::Stop;
use crate::pdf::Rect;
pub(super) use crate::pdf::{Matrix, Point, bounds};

/// A rectangle grown on all sides.
pub(super) fn grown(r: Rect, by: f64) -> Rect {
    Rect { x0: r.x0 - by, y0: r.y0 - by, x1: r.x1 + by, y1: r.y1 + by }
}

/// What both have; inside out where they have nothing.
pub(super) fn shared(a: Rect, b: Rect) -> Rect {
    Rect { x0: a.x0.max(b.x0), y0: a.y0.max(b.y0), x1: a.x1.min(b.x1), y1: a.y1.min(b.y1) }
}

/// Whether a line from `a` to `b` meets the rectangle, its edge included (Liang-Barsky).
pub(super) fn segment_meets(a: Point, b: Point, r: Rect) -> bool {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let (mut from, mut to) = (0.0_f64, 1.0_f64);
    for (p, q) in [(-dx, a.0 - r.x0), (dx, r.x1 - a.0), (-dy, a.1 - r.y0), (dy, r.y1 - a.1)] {
        if p == 0.0 {
            if q < 0.0 {
                return false;
            }
        } else if p < 0.0 {
            from = from.max(q / p);
        } else {
            to = to.min(q / p);
        }
    }
    from <= to
}

/// One run of points; a curve comes flattened.
#[derive(Clone, Debug, Default)]
pub(super) struct Subpath {
    pub(super) points: Vec<Point>,
    pub(super) closed: bool,
}

impl Subpath {
    /// Its lines, the one that closes it included if `close`.
    fn lines(&self, close: bool) -> impl Iterator<Item = (Point, Point)> {
        let last = self.points.last().copied().zip(self.points.first().copied()).filter(|_| close);
        self.points.windows(2).map(|pair| (pair[0], pair[1])).chain(last)
    }
}

/// Whether a filled path touches the rectangle: one of its edges crosses it, or else all of it lies inside or outside at once, which
/// the winding number at any of its points tells (ISO 32000-2 8.5.3.3).
pub(super) fn fill_touches(path: &[Subpath], even_odd: bool, r: Rect) -> bool {
    if path.iter().flat_map(|subpath| subpath.lines(true)).any(|(a, b)| segment_meets(a, b, r)) {
        return true;
    }
    let (x, y) = ((r.x0 + r.x1) / 2.0, (r.y0 + r.y1) / 2.0);
    let mut winding = 0_i64;
    for (a, b) in path.iter().flat_map(|subpath| subpath.lines(true)) {
        if (a.1 <= y) != (b.1 <= y) && a.0 + (y - a.1) / (b.1 - a.1) * (b.0 - a.0) > x {
            winding += if a.1 < b.1 { 1 } else { -1 };
        }
    }
    if even_odd { winding % 2 != 0 } else { winding != 0 }
}

/// Whether a stroked path touches the rectangle; `half` is half the line width on the page.
pub(super) fn stroke_touches(path: &[Subpath], half: f64, miter_limit: Option<f64>, r: Rect) -> bool {
    // A square cap, or the mitre of a right angle, reaches half the width times the root of 2.
    let near = grown(r, half * std::f64::consts::SQRT_2);
    path.iter().any(|subpath| {
        let dot = subpath.points.first().filter(|_| subpath.points.len() == 1).map(|p| (*p, *p));
        subpath.lines(subpath.closed).chain(dot).any(|(a, b)| segment_meets(a, b, near))
            || miter_limit
                .is_some_and(|limit| spikes(subpath).into_iter().any(|(p, ratio)| segment_meets(p, p, grown(r, half * ratio.min(limit)))))
    })
}

/// Corners sharper than a right angle, and how far their mitre reaches in half line widths (ISO 32000-2 8.4.3.5). A point that is there
/// twice, as where a ring is led back to its first point, hides no corner.
fn spikes(subpath: &Subpath) -> Vec<(Point, f64)> {
    let mut points = subpath.points.clone();
    points.dedup();
    let led_back = points.first() == points.last();
    if led_back {
        points.pop();
    }
    if led_back || subpath.closed {
        points.extend_from_within(..points.len().min(2));
    }
    let spike = |corner: &[Point]| {
        let &[a, p, b] = corner else { return None };
        let (u, v) = ((a.0 - p.0, a.1 - p.1), (b.0 - p.0, b.1 - p.1));
        let lengths = (u.0 * u.0 + u.1 * u.1).sqrt() * (v.0 * v.0 + v.1 * v.1).sqrt();
        let cosine = (u.0 * v.0 + u.1 * v.1) / lengths;
        // sin(angle / 2) is the root of (1 - cos) / 2; a turn on the spot has no limit but the mitre limit.
        (cosine > 0.0).then(|| (p, 1.0 / ((1.0 - cosine) / 2.0).max(1e-9).sqrt()))
    };
    points.windows(3).filter_map(spike).collect()
}

/// The points of a cubic curve behind its first, close enough that the chord is within a quarter point of the curve; one so large that this
/// takes more points than any page needs is not followed.
pub(super) fn flatten(a: Point, b: Point, c: Point, d: Point) -> Result<Vec<Point>, Stop> {
    // The error is at most 0.75 * second difference / n^2.
    let bend = |a: Point, b: Point, c: Point| (a.0 - 2.0 * b.0 + c.0).abs() + (a.1 - 2.0 * b.1 + c.1).abs();
    let needed = (bend(a, b, c).max(bend(b, c, d)) * 3.0).sqrt().ceil();
    if needed > 256.0 {
        return Err(Stop::Unclear("a curve larger than any page"));
    }
    let n = needed.max(2.0) as u32;
    let point = |i: u32| {
        let t = f64::from(i) / f64::from(n);
        let s = 1.0 - t;
        let at = |a: f64, b: f64, c: f64, d: f64| s * s * s * a + 3.0 * s * s * t * b + 3.0 * s * t * t * c + t * t * t * d;
        (at(a.0, b.0, c.0, d.0), at(a.1, b.1, c.1, d.1))
    };
    Ok((1..=n).map(point).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOX: Rect = Rect { x0: 10.0, y0: 10.0, x1: 20.0, y1: 20.0 };

    fn ring(points: &[Point]) -> Subpath {
        Subpath { points: points.to_vec(), closed: true }
    }

    fn square(from: f64, to: f64) -> Subpath {
        ring(&[(from, from), (to, from), (to, to), (from, to)])
    }

    #[test]
    fn lines_and_fills() {
        assert!(segment_meets((0.0, 0.0), (30.0, 30.0), BOX));
        assert!(!segment_meets((0.0, 25.0), (25.0, 60.0), BOX));
        assert!(segment_meets((15.0, 15.0), (15.0, 15.0), BOX));
        assert!(fill_touches(&[square(0.0, 30.0)], false, BOX), "around it");
        assert!(!fill_touches(&[square(0.0, 30.0), square(5.0, 25.0)], true, BOX), "in the hole of a frame");
        assert!(fill_touches(&[square(0.0, 30.0), square(5.0, 25.0)], false, BOX), "no hole without the even-odd rule");
        assert!(fill_touches(&[square(12.0, 13.0)], false, BOX), "inside it");
        assert!(!fill_touches(&[ring(&[(0.0, 0.0), (9.0, 40.0), (0.0, 40.0)])], false, BOX));
    }

    #[test]
    fn strokes_have_width_and_mitres() {
        let frame = [square(0.0, 30.0)];
        assert!(!stroke_touches(&frame, 1.0, Some(10.0), BOX));
        assert!(stroke_touches(&frame, 8.0, Some(10.0), BOX));
        let spike = [Subpath { points: vec![(0.0, 30.0), (15.0, 24.0), (30.0, 30.0)], closed: false }];
        assert!(!stroke_touches(&spike, 1.0, Some(10.0), BOX));
        let sharp = [Subpath { points: vec![(14.5, 40.0), (15.0, 24.0), (15.5, 40.0)], closed: false }];
        assert!(stroke_touches(&sharp, 1.0, Some(10.0), BOX));
        assert!(!stroke_touches(&sharp, 1.0, None, BOX));
        assert!(stroke_touches(&[Subpath { points: vec![(15.0, 21.0)], closed: true }], 1.0, None, BOX), "a dot");
    }

    #[test]
    fn matrices() {
        let turn = Matrix([0.0, 1.0, -1.0, 0.0, 5.0, 0.0]);
        assert_eq!(turn.map((1.0, 2.0)), Some((3.0, 1.0)));
        assert_eq!(Matrix([2.0, 0.0, 0.0, 2.0, 0.0, 0.0]).then(turn).map((1.0, 2.0)), Some((1.0, 2.0)));
        assert_eq!(Matrix([f64::NAN; 6]).map((1.0, 1.0)), None);
        assert_eq!(Matrix([1e300, 0.0, 0.0, 1e300, 0.0, 0.0]).map((1e300, 1.0)), None);
    }
}
