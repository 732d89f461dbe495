//! The PDF room: transformations of the plane (ISO 32000-2 8.3). Takes six numbers, gives where points go. A point that is off any page, or
//! no number, is no point.

use super::page::Rect;

/// Farther than any page reaches; a coordinate beyond is not understood.
const FAR: f64 = 1e7;

/// A point of the page.
pub type Point = (f64, f64);

/// A transformation (ISO 32000-2 8.3.3).
#[derive(Clone, Copy, Debug)]
pub struct Matrix(pub [f64; 6]);

impl Matrix {
    /// Leaves everything where it is.
    pub const IDENTITY: Matrix = Matrix([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    /// This one first, then `next`.
    #[must_use]
    pub fn then(self, next: Matrix) -> Matrix {
        let ([a, b, c, d, e, f], [g, h, i, j, k, l]) = (self.0, next.0);
        Matrix([a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + l])
    }

    /// The point on the page; `None` if it is off any page or no number.
    #[must_use]
    pub fn map(self, (x, y): Point) -> Option<Point> {
        let [a, b, c, d, e, f] = self.0;
        let (x, y) = (a * x + c * y + e, b * x + d * y + f);
        (x.abs() < FAR && y.abs() < FAR).then_some((x, y))
    }

    /// An upper bound of how much longer it makes a line.
    #[must_use]
    pub fn stretch(self) -> f64 {
        let [a, b, c, d, ..] = self.0;
        (a * a + b * b + c * c + d * d).sqrt()
    }

    /// The four corners of a rectangle.
    #[must_use]
    pub fn quad(self, r: Rect) -> Option<Vec<Point>> {
        [(r.x0, r.y0), (r.x1, r.y0), (r.x1, r.y1), (r.x0, r.y1)].into_iter().map(|p| self.map(p)).collect()
    }
}

/// The upright box around points.
#[must_use]
pub fn bounds(points: impl IntoIterator<Item = Point>) -> Option<Rect> {
    points.into_iter().map(|(x, y)| Rect { x0: x, y0: y, x1: x, y1: y }).reduce(|a, b| Rect {
        x0: a.x0.min(b.x0),
        y0: a.y0.min(b.y0),
        x1: a.x1.max(b.x1),
        y1: a.y1.max(b.y1),
    })
}
