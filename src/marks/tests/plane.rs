//! The plane geometry against other ways to reckon the same.

use super::geometry::{Point, Subpath, fill_touches, flatten, segment_meets, stroke_touches};
use super::*;

/// Numbers that look like chance and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % n
    }

    fn up_to(&mut self, most: f64) -> f64 {
        self.below(1_000_001) as f64 / 1e6 * most
    }

    fn point(&mut self, most: f64) -> Point {
        (self.up_to(most), self.up_to(most))
    }
}

/// On which side of the line from `a` to `b` the point lies.
fn side(a: Point, b: Point, p: Point) -> f64 {
    ((b.0 - a.0) * (p.1 - a.1) - (b.1 - a.1) * (p.0 - a.0)).signum()
        * f64::from(u8::from((b.0 - a.0) * (p.1 - a.1) != (b.1 - a.1) * (p.0 - a.0)))
}

/// Whether two lines have a point in common.
fn cross(a: Point, b: Point, c: Point, d: Point) -> bool {
    let within = |a: Point, b: Point, p: Point| {
        p.0 >= a.0.min(b.0) && p.0 <= a.0.max(b.0) && p.1 >= a.1.min(b.1) && p.1 <= a.1.max(b.1) && side(a, b, p) == 0.0
    };
    side(a, b, c) * side(a, b, d) < 0.0 && side(c, d, a) * side(c, d, b) < 0.0
        || within(a, b, c)
        || within(a, b, d)
        || within(c, d, a)
        || within(c, d, b)
}

/// What meets a rectangle begins or ends in it, or crosses one of its diagonals.
#[test]
fn lines_meet_a_box_where_they_enter_it_or_cross_its_diagonals() {
    let r = Rect { x0: 2.0, y0: 2.0, x1: 4.0, y1: 5.0 };
    let grid = || (0..56).map(|i| (f64::from(i % 7), f64::from(i / 7)));
    let mut met = 0;
    for (a, b) in grid().flat_map(|a| grid().map(move |b| (a, b))) {
        let inside = |p: Point| p.0 >= r.x0 && p.0 <= r.x1 && p.1 >= r.y0 && p.1 <= r.y1;
        let expected = inside(a) || inside(b) || cross(a, b, (r.x0, r.y0), (r.x1, r.y1)) || cross(a, b, (r.x0, r.y1), (r.x1, r.y0));
        assert_eq!(segment_meets(a, b, r), expected, "{a:?} {b:?}");
        met += usize::from(expected);
    }
    assert!(met > 1_000 && met < 2_500, "{met}");
}

/// How often the path goes around the point, by the angles under which it sees the path's lines.
fn turns(path: &[Subpath], p: Point) -> i64 {
    let seen = path.iter().flat_map(|subpath| {
        let points = &subpath.points;
        (0..points.len()).map(move |i| {
            let (a, b) = (points[i], points[(i + 1) % points.len()]);
            let (u, v) = ((a.0 - p.0, a.1 - p.1), (b.0 - p.0, b.1 - p.1));
            (u.0 * v.1 - u.1 * v.0).atan2(u.0 * v.0 + u.1 * v.1)
        })
    });
    (seen.sum::<f64>() / std::f64::consts::TAU).round() as i64
}

#[test]
fn a_box_within_a_fill_is_told_by_the_turns_around_it() {
    let mut dice = Dice(0x5EED_0001);
    let mut met = std::collections::BTreeMap::new();
    for _ in 0..8_000 {
        let path: Vec<Subpath> = (0..=dice.below(3))
            .map(|_| Subpath { points: (0..3 + dice.below(5)).map(|_| dice.point(100.0)).collect(), closed: dice.below(2) == 0 })
            .collect();
        let (at, size) = (dice.point(95.0), dice.point(8.0));
        let r = Rect { x0: at.0, y0: at.1, x1: at.0 + size.0, y1: at.1 + size.1 };
        let crossed = path.iter().any(|subpath| {
            let points = &subpath.points;
            (0..points.len()).any(|i| segment_meets(points[i], points[(i + 1) % points.len()], r))
        });
        let around = turns(&path, (r.x0, r.y1));
        for even_odd in [false, true] {
            let filled = if even_odd { around.rem_euclid(2) == 1 } else { around != 0 };
            assert_eq!(fill_touches(&path, even_odd, r), crossed || filled, "{path:?} {even_odd} {r:?}");
        }
        *met.entry((crossed, around)).or_insert(0) += 1;
    }
    for case in [(true, 0), (false, 0), (false, 1), (false, -1), (false, 2), (false, -2)] {
        assert!(met.get(&case).is_some_and(|count| *count >= 10), "{met:?}");
    }
}

/// How far from `p` in that direction the stroke still reaches.
fn reach(path: &[Subpath], half: f64, limit: Option<f64>, p: Point, direction: Point) -> f64 {
    let beyond = |far: f64| {
        let q = (p.0 + direction.0 * far, p.1 + direction.1 * far);
        let side = |at: f64, way: f64| {
            if way > 0.5 {
                (at, 1e6)
            } else if way < -0.5 {
                (-1e6, at)
            } else {
                (-1e6, 1e6)
            }
        };
        let (x, y) = (side(q.0, direction.0), side(q.1, direction.1));
        Rect { x0: x.0, y0: y.0, x1: x.1, y1: y.1 }
    };
    let (mut within, mut out) = (0.0, 1_000.0);
    while out - within > 1e-9 {
        let middle = (within + out) / 2.0;
        if stroke_touches(path, half, limit, beyond(middle)) { within = middle } else { out = middle }
    }
    out
}

/// Only corners have mitres: at the ends of an open line are caps, which the right angle's reach stands for.
#[test]
fn ends_of_open_lines_have_no_mitres() {
    for (closed, expected) in [(false, std::f64::consts::SQRT_2), (true, 10.0)] {
        let line = |points: &[Point]| [Subpath { points: points.to_vec(), closed }];
        for path in [line(&[(5.0, 5.0), (5.0, 45.0)]), line(&[(5.0, 45.0), (5.0, 5.0)])] {
            assert!((reach(&path, 1.0, Some(10.0), (5.0, 45.0), (0.0, 1.0)) - expected).abs() < 1e-6);
            assert!((reach(&path, 1.0, Some(10.0), (5.0, 5.0), (0.0, -1.0)) - expected).abs() < 1e-6);
        }
    }
    // A sharp zigzag: of its four points the two in the middle are corners.
    let zigzag = [Subpath { points: vec![(0.0, 0.0), (40.0, 1.0), (0.0, 2.0), (40.0, 3.0)], closed: false }];
    let [left, right] = [(-1.0, 0.0), (1.0, 0.0)].map(|direction| reach(&zigzag, 1.0, Some(10.0), (20.0, 1.0), direction));
    assert!((left - 30.0).abs() < 1e-6 && (right - 30.0).abs() < 1e-6, "{left} {right}");
}

/// ISO 32000-2 8.4.3.5: a mitre is as long as the line is wide, over the sine of half the angle.
#[test]
fn mitres_reach_as_far_as_their_angle_says() {
    for degrees in [6.0_f64, 20.0, 45.0, 70.0, 89.0, 91.0, 120.0, 150.0] {
        for quarter in 0..4 {
            let turned = |angle: f64, length: f64| {
                let angle = angle + f64::from(quarter) * std::f64::consts::FRAC_PI_2;
                (30.0 + length * angle.cos(), -20.0 + length * angle.sin())
            };
            let lean = degrees.to_radians() / 2.0;
            let (tip, arms) = ((30.0, -20.0), [turned(lean, 40.0), turned(-lean, 25.0)]);
            let direction = turned(std::f64::consts::PI, 1.0);
            let direction = ((direction.0 - tip.0).round(), (direction.1 - tip.1).round());
            let ratio = 1.0 / lean.sin();
            let [a, b] = arms;
            // The corner in the middle of an open line, at its ends, and with points that are there twice.
            let open = |points: &[Point]| Subpath { points: points.to_vec(), closed: false };
            let ring = |points: &[Point]| Subpath { points: points.to_vec(), closed: true };
            let far = turned(0.0, 60.0);
            for path in [
                open(&[a, tip, b]),
                ring(&[a, tip, b, far]),
                ring(&[tip, b, far, a]),
                ring(&[b, far, a, tip]),
                open(&[a, tip, tip, tip, b]),
                open(&[tip, b, far, a, tip]),
                ring(&[tip, b, far, a, tip]),
                ring(&[tip, tip, b, far, a, tip, tip]),
            ] {
                for (limit, expected) in [(None, 1.0), (Some(100.0), ratio), (Some(3.0), ratio.min(3.0)), (Some(1.0), 1.0)] {
                    let expected = 2.0 * f64::max(expected, std::f64::consts::SQRT_2);
                    let found = reach(std::slice::from_ref(&path), 2.0, limit, tip, direction);
                    assert!((found - expected).abs() < 1e-6, "{degrees} {limit:?} {path:?}: {found}, {expected}");
                }
            }
        }
    }
}

/// The curve's point by halving lines (de Casteljau).
fn on_curve(mut points: Vec<Point>, t: f64) -> Point {
    while points.len() > 1 {
        points = points.windows(2).map(|p| (p[0].0 + (p[1].0 - p[0].0) * t, p[0].1 + (p[1].1 - p[0].1) * t)).collect();
    }
    points[0]
}

fn apart(p: Point, a: Point, b: Point) -> f64 {
    let (u, v) = ((b.0 - a.0, b.1 - a.1), (p.0 - a.0, p.1 - a.1));
    let length = u.0 * u.0 + u.1 * u.1;
    let t = if length > 0.0 { ((u.0 * v.0 + u.1 * v.1) / length).clamp(0.0, 1.0) } else { 0.0 };
    (v.0 - t * u.0).hypot(v.1 - t * u.1)
}

#[test]
fn flattened_curves_are_near_the_curve_and_no_finer_than_that_takes() {
    let mut dice = Dice(0x5EED_0002);
    let mut curves: Vec<[Point; 4]> = vec![
        [(0.0, 0.0), (0.0, 100.0), (100.0, 100.0), (100.0, 0.0)],
        // Lines, which take no more than two points.
        [(0.0, 0.0), (10.0, 20.0), (20.0, 40.0), (30.0, 60.0)],
        [(90.0, -60.0), (60.0, -40.0), (30.0, -20.0), (0.0, 0.0)],
        [(7.0, 500.0), (7.0, 500.0), (7.0, 500.0), (7.0, 500.0)],
    ];
    for most in [10, 100, 2_000] {
        curves.extend((0..200).map(|_| [(); 4].map(|()| (dice.below(most) as f64, dice.below(most) as f64))));
    }
    for curve in curves {
        let [a, b, c, d] = curve;
        let found: Vec<Point> = flatten(a, b, c, d).unwrap();
        // 0.75 of the larger second difference over the square of how many is at most a quarter.
        let steps = curve.windows(2).map(|p| (p[1].0 - p[0].0, p[1].1 - p[0].1)).collect::<Vec<_>>();
        let bend = steps.windows(2).map(|s| (s[1].0 - s[0].0).abs() + (s[1].1 - s[0].1).abs()).fold(0.0, f64::max);
        let needed = (2..).find(|n| f64::from(n * n) >= 3.0 * bend).unwrap();
        assert_eq!(found.len(), needed as usize, "{curve:?}");
        let mut from = a;
        for (i, to) in found.iter().enumerate() {
            let t = |part: f64| (i as f64 + part) / f64::from(needed);
            let on = on_curve(curve.to_vec(), t(1.0));
            assert!((on.0 - to.0).hypot(on.1 - to.1) < 1e-6, "{curve:?} {i}");
            for part in [0.25, 0.5, 0.75] {
                let off = apart(on_curve(curve.to_vec(), t(part)), from, *to);
                assert!(off <= 0.2501, "{curve:?} {i}: {off}");
            }
            from = *to;
        }
    }
}

/// The last point behind which a fixed number of chords would leave the curve: as far as 256 reach, and not a step farther.
#[test]
fn curves_too_large_to_be_followed_are_undecidable() {
    // The second difference is the height, or twice the height, in one direction alone.
    for (curve, followed) in [
        ([(0.0, 0.0), (0.0, 21_845.0), (0.0, 21_845.0), (0.0, 0.0)], true),
        ([(0.0, 0.0), (21_846.0, 0.0), (21_846.0, 0.0), (0.0, 0.0)], false),
        ([(0.0, 0.0), (1e6, 1e6), (-1e6, 1e6), (0.0, 0.0)], false),
    ] {
        let [a, b, c, d] = curve;
        let found = flatten(a, b, c, d).map(|points| points.len()).ok();
        assert_eq!(found, followed.then_some(256), "{curve:?}");
    }
    for text in
        ["-1000000 125 m 1000000 1000000 -1000000 1000000 1000000 125 c S", "0 125 m 999999 0 999999 0 v S", "0 0 m 9 -999999 9 9 y f"]
    {
        assert_eq!(content(text), Marks::Undecidable, "{text}");
    }
}
