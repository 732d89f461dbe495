//! What ends a search, and what cannot be searched: pages that multiply, nest, are damaged or cannot be read.

#![allow(clippy::disallowed_types, reason = "a thread with a small stack")]

use super::*;

#[test]
fn forms_that_multiply_end_on_the_budget() {
    // Seven levels, each calling the next fifty times: 781,250,000,000 runs if nobody counted.
    let calls = b"/X Do ".repeat(50);
    let forms: Vec<Vec<u8>> = (6..13)
        .map(|next| {
            stream(&format!("/Subtype/Form/BBox[0 0 500 500]/Resources<</XObject<</X {next} 0 R>>>>"), if next < 12 { &calls } else { b"" })
        })
        .collect();
    let forms: Vec<&[u8]> = forms.iter().map(Vec::as_slice).collect();
    assert_eq!(marks(page(b"/X Do", "", "/XObject<</X 5 0 R>>", &forms)).0, Marks::Undecidable);
}

/// Eight levels of forms or drawn glyphs are entered, and as many one behind the other as there are; a thousand states are kept.
#[test]
fn nesting_has_a_depth_and_no_length() {
    for (levels, expected) in [(8, Marks::Touched), (9, Marks::Undecidable)] {
        let forms: Vec<Vec<u8>> = (6..6 + levels)
            .map(|next| {
                let content: &[u8] = if next < 5 + levels { b"/X Do" } else { b"0 0 500 500 re f" };
                stream(&format!("/Subtype/Form/BBox[0 0 500 500]/Resources<</XObject<</X {next} 0 R>>>>"), content)
            })
            .collect();
        let forms: Vec<&[u8]> = forms.iter().map(Vec::as_slice).collect();
        assert_eq!(marks(page(b"/X Do", "", "/XObject<</X 5 0 R>>", &forms)).0, expected, "{levels}");
    }
    let form = stream("/Subtype/Form/BBox[0 0 500 500]", b"0 0 9 9 re f");
    assert_eq!(marks(page(&b"/X Do ".repeat(20), "", "/XObject<</X 5 0 R>>", &[&form])).0, Marks::Clear);
    let font = b"<</Subtype/Type3/FontMatrix[.01 0 0 .01 0 0]/Widths[1]/Encoding<</Differences[0/a]>>/CharProcs<</a 6 0 R>>>>";
    let glyphs = page(b"BT /T 1 Tf (\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0) Tj ET", "", "", &[font, &form]);
    assert_eq!(marks(glyphs).0, Marks::Clear);
    for (states, expected) in [(1_000, Marks::Clear), (1_001, Marks::Undecidable)] {
        assert_eq!(content(&"q ".repeat(states)), expected, "{states}");
        assert_eq!(content(&format!("{} q q", "q Q ".repeat(states))), Marks::Clear, "{states}");
    }
}

/// No path goes on behind its millionth point. Each of these curves has 256, so that with the first point there are 999,937.
#[test]
fn a_path_ends_at_its_millionth_point() {
    let curves = "0 -21845 0 -21845 0 0 c ".repeat(3_906);
    // What goes on behind a closed path has a point more, a rectangle has four.
    for (more, lines) in [("", 63), ("h 0 0 l 0 0 l ", 60), ("0 0 1 1 re ", 58), ("0 0 m ", 62), ("0 0 1 1 re h 0 0 l ", 57)] {
        for (over, expected) in [(0, Marks::Clear), (1, Marks::Undecidable)] {
            let text = format!("0 0 m {curves}{more}{}9 9 l f", "0 0 l ".repeat(lines + over));
            assert_eq!(content(&text), expected, "{more} {over}");
        }
    }
}

#[test]
fn nested_forms_fit_a_small_stack() {
    let forms: Vec<Vec<u8>> =
        (6..16).map(|next| stream(&format!("/Subtype/Form/BBox[0 0 500 500]/Resources<</XObject<</X {next} 0 R>>>>"), b"/X Do")).collect();
    let forms: Vec<&[u8]> = forms.iter().map(Vec::as_slice).collect();
    let bytes = page(b"/X Do", "", "/XObject<</X 5 0 R>>", &forms);
    let small = std::thread::Builder::new().stack_size(128 << 10);
    assert_eq!(small.spawn(move || marks(bytes)).unwrap().join().unwrap(), (Marks::Undecidable, Some("forms nested too deep")));
}

#[test]
fn unreadable_pages_and_boxes_are_undecidable() {
    let filtered = page(b"", "/Contents 5 0 R", "", &[&stream("/Filter/DCTDecode", b"x")]);
    // The first /Contents counts; a content stream under an image filter cannot be read.
    let filtered = String::from_utf8_lossy(&filtered).replacen("/Contents 4 0 R", "/Ignored_ 4 0 R", 1).into_bytes();
    assert_eq!(marks(filtered).0, Marks::Undecidable);
    // The parts of a page's content are one text, in which white space stands between them.
    for (parts, expected) in [
        ("[4 0 R 5 0 R]", Some([10.0, 20.0, 40.0, 60.0])),
        ("[4 0 R null 9 0 R 5 0 R]", Some([10.0, 20.0, 40.0, 60.0])),
        ("5 0 R", None),
        ("[4 0 R 7 5 0 R]", None),
        ("7", None),
    ] {
        let bytes = page(b"10 20 30", &format!("/Contents {parts}"), "", &[&stream("", b"40 re f")]);
        let bytes = String::from_utf8_lossy(&bytes).replacen("/Contents 4 0 R", "/Ignored_ 4 0 R", 1).into_bytes();
        match expected {
            Some(expected) => reaches(&bytes, parts, expected),
            None => assert_eq!(marks(bytes).0, Marks::Undecidable, "{parts}"),
        }
    }
    let bytes = page(b"", "", "", &[]);
    let document = Document::open(&bytes).unwrap();
    let view = document.latest();
    let page = view.page(0).unwrap();
    for side in [f64::NAN, f64::INFINITY, 1e12, 1e6] {
        assert_eq!(examine(view, &page, Rect { x0: 0.0, y0: 0.0, x1: side, y1: 10.0 }).0, Marks::Undecidable);
    }
}

/// Damages a document at random places and looks for a panic; the seed makes a failure repeatable.
#[test]
fn damaged_documents_never_panic() {
    let mut seed = 0x9E37_79B9_7F4A_7C15_u64;
    let mut random = move |n: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed % n.max(1) as u64) as usize
    };
    let content =
        b"q 1 0 0 1 10 10 cm BT /F 12 Tf 20 170 Td [(Signed) 20 (at)] TJ ET BI /W 1 /H 1 /BPC 8 /CS /G ID x EI Q 0 0 10 10 re W n /X Do sh";
    let original = page(content, "/Rotate 90", "", &[]);
    let mut read = 0;
    for _ in 0..3_000 {
        let mut bytes = original.clone();
        for _ in 0..=random(20) {
            let at = random(bytes.len());
            match random(4) {
                0 => bytes[at] = random(256) as u8,
                1 => bytes[at] = b"0123456789 -./<>[]()"[random(20)],
                2 => bytes[at] ^= 1 << random(8),
                _ => {
                    let from = random(bytes.len());
                    let n = random(40).min(bytes.len() - from.max(at));
                    bytes.copy_within(from..from + n, at);
                }
            }
        }
        let Ok(document) = Document::open(&bytes) else { continue };
        let _ = crate::inspect::inspect(&document);
        let view = document.latest();
        let Ok(page) = view.page(0) else { continue };
        let _ = examine(view, &page, Rect::new(0.0, 0.0, 10.0, 10.0));
        read += 1;
    }
    assert!(read > 100, "{read} were read as far as the page");
}
