//! Where fills, strokes, clips, pictures and forms begin and end.

use super::*;

const IMAGE: &str = "BI /W 1/H 1/BPC 8/CS/G ID x EI";

fn drawn(content: &str, resources: &str, objects: &[&[u8]]) -> Option<[f64; 4]> {
    edges(&page(content.as_bytes(), "", resources, objects))
}

#[test]
fn fills_clips_and_pictures_end_where_their_numbers_say() {
    for (content, expected) in [
        ("10 20 30 40 re f", [10.0, 20.0, 40.0, 60.0]),
        ("40 60 -30 -40 re f", [10.0, 20.0, 40.0, 60.0]),
        ("2 0 0 3 5 7 cm 10 20 30 40 re f", [25.0, 67.0, 85.0, 187.0]),
        ("1 0 0 1 5 0 cm 2 0 0 2 0 0 cm 10 20 30 40 re f", [25.0, 40.0, 85.0, 120.0]),
        ("q 2 0 0 2 0 0 cm q 1 0 0 1 5 5 cm Q 10 10 10 10 re f Q", [20.0, 20.0, 40.0, 40.0]),
        ("0 1 -1 0 100 0 cm 10 20 30 40 re f", [40.0, 10.0, 80.0, 40.0]),
        ("10 10 m 60 10 l 10 40 l f", [10.0, 10.0, 60.0, 40.0]),
        // Behind `h` and `re` the next line begins at the first point of what was closed.
        ("10 10 m 60 10 l h 5 30 l 7 50 l f", [5.0, 10.0, 60.0, 50.0]),
        ("30 30 m 60 40 l 50 35 l h 30 70 l 31 70 l f", [30.0, 30.0, 60.0, 70.0]),
        ("10 10 5 5 re 12 40 l 20 40 l f", [10.0, 10.0, 20.0, 40.0]),
        ("80 80 m 10 10 m 60 10 l 10 40 l F", [10.0, 10.0, 80.0, 80.0]),
        // A cubic curve's middle is at three quarters of its control points' height.
        ("10 10 m 10 90 50 90 50 10 c f", [10.0, 10.0, 50.0, 70.0]),
        ("50 60 20 10 re W n 0 0 300 200 re f", [50.0, 60.0, 70.0, 70.0]),
        ("50 60 20 10 re W* n 55 0 100 65 re W n 0 0 300 200 re f", [55.0, 60.0, 70.0, 65.0]),
        ("q 50 60 20 10 re W n Q 10 20 30 40 re f", [10.0, 20.0, 40.0, 60.0]),
        // A clip counts behind the operator that paints its path, and once.
        ("50 60 20 10 re W f 0 0 10 10 re f", [50.0, 60.0, 70.0, 70.0]),
        ("0 0 100 100 re W n 10 10 20 20 re n 50 60 20 10 re f", [50.0, 60.0, 70.0, 70.0]),
        ("50 60 20 10 re W n /P sh", [50.0, 60.0, 70.0, 70.0]),
        // Farther than a thousand points from the paper nothing is shown by anybody.
        ("-3000 0 6000 10 re f", [-1000.0, 0.0, 1300.0, 10.0]),
        ("0 -3000 10 6000 re f", [0.0, -1000.0, 10.0, 1200.0]),
    ] {
        let found = drawn(content, "", &[]);
        let same = found.is_some_and(|found| found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 0.2));
        assert!(same, "{content}: {found:?} in place of {expected:?}");
    }
    for (matrix, expected) in [
        ("20 0 0 10 50 60", [50.0, 60.0, 70.0, 70.0]),
        ("-20 0 0 -10 50 60", [30.0, 50.0, 50.0, 60.0]),
        ("0 10 20 0 50 60", [50.0, 60.0, 70.0, 70.0]),
        ("0 10 -20 0 50 60", [30.0, 60.0, 50.0, 70.0]),
    ] {
        reaches(&page(format!("q {matrix} cm {IMAGE} Q").as_bytes(), "", "", &[]), matrix, expected);
    }
    for nothing in [
        "10 20 30 40 re n",
        "W n 0 0 300 200 re f",
        "5 0 0 5 0 0 cm W n /P sh",
        "10 10 5 5 re W n 50 50 5 5 re W n 0 0 300 200 re f /P sh",
        "0.5 i /Perceptual ri [3 1] 0 d 1 J /M MP /M <<>> DP /M BMC EMC",
    ] {
        assert_eq!(drawn(nothing, "", &[]), None, "{nothing}");
    }
}

#[test]
fn curves_take_the_control_points_of_their_operator() {
    // The middle of a curve is an eighth of its ends and three eighths of each control point.
    for (curve, middle) in [
        ("0 0 m 0 80 80 80 80 0 c", (40.0, 60.0)),
        ("0 0 m 160 80 80 0 v", (70.0, 30.0)),
        ("0 0 m 0 160 80 0 y", (40.0, 60.0)),
        ("0 0 m 160 0 80 80 y", (100.0, 40.0)),
        ("0 0 m 10 0 l 10 80 90 80 90 0 c", (50.0, 60.0)),
    ] {
        let within = |by: f64| {
            let (x, y) = (middle.0 + by, middle.1 + by);
            drawn(&format!("q {} {} 0.2 0.2 re W n 0.01 w 1 j {curve} S Q", x - 0.1, y - 0.1), "", &[]).is_some()
        };
        assert!(within(0.0), "{curve}");
        assert!(!within(4.0) && !within(-4.0), "{curve}");
    }
    // What goes on behind a curve goes on at its end.
    reaches(&page(b"1 j 10 10 m 10 30 l 10 30 40 30 40 30 c 60 30 l S", "", "", &[]), "behind", [9.0, 9.0, 61.0, 31.0]);
}

/// A line reaches half its width times the root of 2 (a square cap), and the matrix is taken to stretch by the root of all it holds.
#[test]
fn strokes_are_as_wide_as_they_may_be() {
    for (content, expected) in [
        ("10 20 30 40 re S", [9.0, 19.0, 41.0, 61.0]),
        ("4 w 10 20 30 40 re S", [6.0, 16.0, 44.0, 64.0]),
        ("-4 w 10 20 30 40 re S", [6.0, 16.0, 44.0, 64.0]),
        ("q 9 w Q 10 20 30 40 re s", [9.0, 19.0, 41.0, 61.0]),
        ("4 w 10 20 m 30 20 l S", [6.0, 16.0, 34.0, 24.0]),
        // A dot.
        ("4 w 10 20 m h S", [6.0, 16.0, 14.0, 24.0]),
        ("4 w 10 20 m S", [6.0, 16.0, 14.0, 24.0]),
        (
            "3 0 0 4 0 0 cm 2 w 10 10 10 10 re S",
            [30.0 - 50.0_f64.sqrt(), 40.0 - 50.0_f64.sqrt(), 60.0 + 50.0_f64.sqrt(), 80.0 + 50.0_f64.sqrt()],
        ),
        ("/W gs 10 20 30 40 re S", [6.0, 16.0, 44.0, 64.0]),
    ] {
        reaches(&page(content.as_bytes(), "", "/ExtGState<</W<</LW 4>>>>", &[]), content, expected);
    }
    // The mitre of a corner of 10 degrees is 11.47 times as long as the line is wide; the bevel of any other join ends at the width.
    let (out, up) = (100.0 * 5.0_f64.to_radians().cos(), 100.0 * 5.0_f64.to_radians().sin());
    let corner = format!("{} {} m 0 0 l {} {} l S", 150.0 + out, 50.0 + up, 150.0 + out, 50.0 - up).replace("m 0 0", "m 150 50");
    let half = std::f64::consts::FRAC_1_SQRT_2;
    for (state, expected) in [
        ("20 M", half / 5.0_f64.to_radians().sin()),
        ("", 10.0 * half),
        ("0 j 5 M", 5.0 * half),
        ("-5 M", 5.0 * half),
        ("0.5 M", 1.0),
        ("1 j", 1.0),
        ("2 j", 1.0),
        ("1 j 0 j 5 M", 5.0 * half),
        ("/B gs", 1.0),
        ("1 j /A gs", 3.0 * half),
    ] {
        let bytes = page(format!("{state} {corner}").as_bytes(), "", "/ExtGState<</A<</LJ 0/ML 3>>/B<</LJ 1>>>>", &[]);
        let left = edges(&bytes).unwrap()[0];
        assert!((150.0 - left - expected).abs() < 1e-3, "{state}: {left}, {expected}");
    }
    // The line that closes a triangle, in the middle of which is the only place to be seen.
    for (operator, expected) in [("S", false), ("B", false), ("s", true), ("b", true), ("b*", true)] {
        let text = format!("28 22 2 2 re W n 1 g 10 10 m 50 10 l 50 40 l {operator}");
        assert_eq!(drawn(&text, "", &[]).is_some(), expected, "{operator}");
    }
}

#[test]
fn each_operator_paints_what_it_names_in_a_colour_to_be_seen() {
    for (operator, fills, strokes, even_odd) in [
        ("n", false, false, false),
        ("S", false, true, false),
        ("s", false, true, false),
        ("f", true, false, false),
        ("F", true, false, false),
        ("f*", true, false, true),
        ("B", true, true, false),
        ("B*", true, true, true),
        ("b", true, true, false),
        ("b*", true, true, true),
    ] {
        for (colours, filled, stroked) in
            [("0 g 0 G", true, true), ("1 g 0 G", false, true), ("0 g 1 G", true, false), ("1 g 1 G", false, false)]
        {
            let whole = drawn(&format!("{colours} 4 w 10 20 30 40 re {operator}"), "", &[]);
            let expected = match (fills && filled, strokes && stroked) {
                (_, true) => Some(6.0),
                (true, false) => Some(10.0),
                (false, false) => None,
            };
            let left = whole.map(|found| (found[0] * 100.0).round() / 100.0);
            assert_eq!(left, expected, "{colours} {operator}");
            // The middle of one ring, and that of two.
            for (rings, odd) in [("10 20 30 40 re", true), ("10 20 30 40 re 15 25 20 30 re", false)] {
                let middle = drawn(&format!("22 32 6 6 re W n {colours} 1 w {rings} {operator}"), "", &[]);
                assert_eq!(middle.is_some(), fills && filled && (odd || !even_odd), "{colours} {rings} {operator}");
            }
        }
    }
    for (text, seen) in [
        ("1 g BI /W 1/H 1/IM true ID x EI", false),
        ("1 g BI /W 1/H 1/ImageMask true ID x EI", false),
        ("0 g BI /W 1/H 1/IM true ID x EI", true),
        ("1 g BI /W 1/H 1/IM false/BPC 8/CS/G ID x EI", true),
        ("1 g BI /W 1/H 1/BPC 8/CS/G ID x EI", true),
        ("1 g /M Do", false),
        ("0 g 1 G /M Do", true),
        ("1 g /I Do", true),
    ] {
        let image = |mask: &str| stream(&format!("/Subtype/Image/Width 1/Height 1{mask}"), b"x");
        let (mask, picture) = (image("/ImageMask true"), image("/BitsPerComponent 8/ColorSpace/DeviceGray"));
        let found = drawn(&format!("20 0 0 10 50 60 cm {text}"), "/XObject<</M 5 0 R/I 6 0 R>>", &[&mask, &picture]);
        assert_eq!(found.is_some(), seen, "{text}");
    }
}

#[test]
fn forms_stand_where_their_matrix_puts_them_and_end_at_their_box() {
    let form = stream("/Subtype/Form/BBox[5 3 25 13]/Matrix[2 0 0 3 10 20]/Resources<</XObject<</X 6 0 R>>>>", b"0 0 10 10 re f /X Do");
    let inner = stream("/Subtype/Form/BBox[0 0 90 90]", b"20 5 90 6 re f");
    let run = |content: &str| drawn(content, "/XObject<</X 5 0 R>>", &[&form, &inner]);
    // From 5 3 to 10 10 and from 20 5 to 25 11 in the form's own space.
    reaches(&page(b"/X Do", "", "/XObject<</X 5 0 R>>", &[&form, &inner]), "plain", [20.0, 29.0, 60.0, 53.0]);
    reaches(&page(b"q 2 0 0 1 0 5 cm /X Do Q", "", "/XObject<</X 5 0 R>>", &[&form, &inner]), "scaled", [40.0, 34.0, 120.0, 58.0]);
    assert_eq!(run("1 g /X Do"), None, "the colour of its caller");
    // What a form does to the state ends with it.
    let dark = stream("/Subtype/Form/BBox[0 0 1 1]", b"0 g 50 w 2 0 0 2 0 0 cm");
    let found = drawn("1 g /X Do 10 20 30 40 re f 1 w 10 20 30 40 re S", "/XObject<</X 5 0 R>>", &[&dark]);
    assert!(found.is_some_and(|found| (found[0] - 9.0).abs() < 1e-3), "{found:?}");
    // A box without room leaves nothing.
    let flat = stream("/Subtype/Form/BBox[0 0 20 20]/Matrix[1 0 0 1 2000 0]", b"0 0 300 300 re f");
    assert_eq!(drawn("/X Do", "/XObject<</X 5 0 R>>", &[&flat]), None);
}
