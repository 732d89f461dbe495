//! What annotations show, and where.

use super::*;

fn annotated(annotation: &str, form: &[u8], more: &str) -> Vec<u8> {
    page(b"", &format!("/Annots[<<{annotation}>>]"), more, &[form])
}

/// ISO 32000-2 12.5.5: the form's box through its matrix is stretched onto the rectangle.
#[test]
fn appearances_are_stretched_onto_their_rectangle() {
    let form = |content: &[u8]| stream("/Subtype/Form/BBox[5 3 25 13]/Matrix[2 0 0 2 1 1]", content);
    for rect in ["100 50 180 110", "180 110 100 50"] {
        let stamp = format!("/Subtype/Stamp/Rect[{rect}]/AP<</N 5 0 R>>");
        // The box goes from 11 7 to 51 27: twice as wide on the page, and three times as high.
        reaches(&annotated(&stamp, &form(b"10 5 4 2 re f"), ""), "inside", [120.0, 62.0, 136.0, 74.0]);
        reaches(&annotated(&stamp, &form(b"-100 -100 500 500 re f"), ""), "all of it", [100.0, 50.0, 180.0, 110.0]);
        assert_eq!(edges(&annotated(&stamp, &form(b"0 0 5 50 re n"), "")), None);
    }
    // Without resources of its own it uses the page's.
    let named = annotated("/Subtype/Stamp/Rect[0 0 40 20]/AP<</N 5 0 R>>", &form(b"/X Do"), "/XObject<</X 6 0 R>>");
    assert_eq!(marks(named).0, Marks::Clear);
    for (rect, bbox) in
        [("100 110 100 140", "0 0 9 9"), ("100 110 150 110", "0 0 9 9"), ("100 110 150 140", "0 0 0 9"), ("100 110 150 140", "0 0 9 0")]
    {
        let form = stream(&format!("/Subtype/Form/BBox[{bbox}]"), b"0 0 9 9 re f");
        assert_eq!(marks(annotated(&format!("/Subtype/Stamp/Rect[{rect}]/AP<</N 5 0 R>>"), &form, "")).0, Marks::Clear, "{rect} {bbox}");
    }
    for (annotation, bbox) in [
        ("/Subtype/Stamp/Rect[110 110 150 140]/AP<</N 5 0 R>>", ""),
        ("/Subtype/Stamp/Rect[110 110 150 140]/AP<</N 5 0 R>>", "/BBox[0 0 9]"),
        ("/Subtype/Stamp/Rect[110 110 150 140]/AP<</N 5 0 R>>", "/BBox[0 0 9 9]/Matrix[1 0 0 1]"),
        ("/Subtype/Stamp/Rect[110 110 150 140]/AP<</N 5 0 R>>", "/BBox[0 0 9 9]/Matrix[1000000000 0 0 1 0 0]"),
        ("/Subtype/Stamp/Rect[110 110 150]", "/BBox[0 0 9 9]"),
        ("/Subtype/Stamp", "/BBox[0 0 9 9]"),
    ] {
        let form = stream(&format!("/Subtype/Form{bbox}"), b"");
        assert_eq!(marks(annotated(annotation, &form, "")).0, Marks::Undecidable, "{annotation} {bbox}");
    }
}

/// Without an appearance, what viewers draw themselves is in the rectangle or two points beside it; an icon is up to 32 points large.
#[test]
fn annotations_without_appearance_reach_around_their_rectangle() {
    let bare = [98.0, 48.0, 182.0, 72.0];
    let icon = [68.0, 18.0, 212.0, 102.0];
    for (annotation, expected) in [
        ("/Subtype/FreeText", Some(bare)),
        ("/Subtype/Text", Some(icon)),
        ("/Subtype/FileAttachment", Some(icon)),
        ("", Some(bare)),
        ("/Subtype/Link", Some(bare)),
        ("/Subtype/Link/Border[0 0 2]", Some(bare)),
        ("/Subtype/Link/Border[0 2]", Some(bare)),
        ("/Subtype/Link/Border[0 0 /x]", Some(bare)),
        ("/Subtype/Link/Border[0 2 0]", None),
        ("/Subtype/Link/Border[1 0 0 [3]]", None),
        ("/Subtype/Link/BS<<>>", Some(bare)),
        ("/Subtype/Link/BS<</W 0>>", None),
        ("/Subtype/Link/BS<</W 0>>/Border[0 0 1]", None),
        ("/Subtype/Link/BS<</W 2>>/Border[0 0 0]", Some(bare)),
        ("/Subtype/Widget/FT/Sig", None),
        ("/Subtype/Widget/Parent<</FT/Sig>>", None),
        ("/Subtype/Widget/FT/Tx/Parent<</FT/Sig>>", Some(bare)),
        ("/Subtype/Widget/Parent<</FT/Tx>>", Some(bare)),
        ("/Subtype/Widget", Some(bare)),
        ("/Subtype/Stamp/FT/Sig", Some(bare)),
        // A state that has no appearance shows nothing for a widget; nobody knows what other annotations show, nor without a state.
        ("/Subtype/Widget/FT/Btn/AS/Off/AP<</N<</On 5 0 R>>>>", None),
        ("/Subtype/Widget/FT/Btn/AS/On/AP<</N<</On 5 0 R>>>>", Some([100.0, 50.0, 180.0, 70.0])),
        ("/Subtype/Widget/FT/Sig/AP<</N<</On 5 0 R>>>>", Some(bare)),
        ("/Subtype/Widget/FT/Sig/AP<</N 7>>", Some(bare)),
        ("/Subtype/Square/AS/Off/AP<</N<</On 5 0 R>>>>", Some(bare)),
        // Hidden is one flag; what is only invisible for unknown types, or not printed, is seen.
        ("/Subtype/Square/F 2", None),
        ("/Subtype/Square/F 6", None),
        ("/Subtype/Square/F 1", Some(bare)),
        ("/Subtype/Square/F 33", Some(bare)),
        ("/Subtype/Popup", None),
    ] {
        let form = stream("/Subtype/Form/BBox[0 0 9 9]", b"0 0 9 9 re f");
        let bytes = annotated(&format!("/Rect[100 50 180 70]{annotation}"), &form, "");
        match expected {
            Some(expected) => reaches(&bytes, annotation, expected),
            None => assert_eq!(edges(&bytes), None, "{annotation}"),
        }
    }
}

/// ISO 32000-2 12.5.3: on a turned page an annotation may stay upright, turned about its corner, and so paint beside its rectangle.
#[test]
fn annotations_that_stay_upright_on_a_turned_page_may_be_beside_their_rectangle() {
    let inside = [100.0, 50.0, 140.0, 60.0];
    for (rotate, annotation, expected) in [
        (0, "/Subtype/Stamp/F 16", inside),
        (90, "/Subtype/Stamp/F 4", inside),
        (90, "/Subtype/Stamp/F 20", [18.0, -32.0, 262.0, 152.0]),
        (270, "/Subtype/Stamp/F 16", [18.0, -32.0, 262.0, 152.0]),
        (0, "/Subtype/Text", inside),
        (180, "/Subtype/Text", [-12.0, -62.0, 292.0, 182.0]),
    ] {
        let form = stream("/Subtype/Form/BBox[0 0 80 20]", b"0 0 40 10 re f");
        let entries = format!("/Rotate {rotate}/Annots[<</Rect[100 50 180 70]{annotation}/AP<</N 5 0 R>>>>]");
        reaches(&page(b"", &entries, "", &[&form]), &entries, expected);
    }
    assert_eq!(edges(&page(b"", "/Rotate 90/Annots[<</Rect[100 50 180 70]/F 16/Subtype/Link/Border[0 0 0]>>]", "", &[])), None);
}

#[test]
fn annotations_are_counted() {
    for (count, expected) in [(10_000, Marks::Clear), (10_001, Marks::Undecidable)] {
        assert_eq!(marks(page(b"", &format!("/Annots[{}]", "7 ".repeat(count)), "", &[])).0, expected, "{count}");
    }
    assert_eq!(marks(page(b"", "/Annots[7 <</Rect[110 110 120 120]>>]", "", &[])).0, Marks::Touched, "the second");
}
