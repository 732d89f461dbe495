//! Tests of marks: here what most of them stand on, and one page of each kind; in the files below by noun.

use super::*;
use crate::pdf::Document;

mod annotations;
mod colours;
mod fonts;
mod limits;
mod picture;
mod plane;
mod shapes;
mod text;

/// A page of 300 x 200 with that content and more entries; `objects` count from 5. Its font /F is Helvetica, /C is Courier.
fn page(content: &[u8], entries: &str, resources: &str, objects: &[&[u8]]) -> Vec<u8> {
    let mut all: Vec<Vec<u8>> = vec![
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R{entries}/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont\
             /Helvetica/Encoding/WinAnsiEncoding>>/C<</Type/Font/Subtype/Type1/BaseFont/Courier>>/T 5 0 R>>{resources}>>>>"
        )
        .into_bytes(),
        stream("", content),
    ];
    all.extend(objects.iter().map(|object| object.to_vec()));
    let mut bytes = b"%PDF-1.7\n".to_vec();
    let mut offsets = Vec::new();
    for object in &all {
        offsets.push(bytes.len());
        bytes.extend_from_slice(format!("{} 0 obj\n", offsets.len()).as_bytes());
        bytes.extend_from_slice(object);
        bytes.extend_from_slice(b"\nendobj\n");
    }
    let xref = bytes.len();
    bytes.extend_from_slice(format!("xref\n0 {}\n0000000000 65535 f \n", all.len() + 1).as_bytes());
    for offset in offsets {
        bytes.extend_from_slice(format!("{offset:010} 00000 n \n").as_bytes());
    }
    bytes.extend_from_slice(format!("trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{xref}\n%%EOF\n", all.len() + 1).as_bytes());
    bytes
}

fn stream(entries: &str, data: &[u8]) -> Vec<u8> {
    [format!("<<{entries}/Length {}>>\nstream\n", data.len()).as_bytes(), data, b"\nendstream"].concat()
}

/// What the box 100 100 200 150 of that page holds.
fn marks(bytes: Vec<u8>) -> (Marks, Option<&'static str>) {
    let document = Document::open(&bytes).unwrap();
    let view = document.latest();
    examine(view, &view.page(0).unwrap(), Rect::new(100.0, 100.0, 200.0, 150.0))
}

fn content(content: &str) -> Marks {
    marks(page(content.as_bytes(), "", "", &[])).0
}

/// The left, lower, right and upper edge of the box around everything that the page paints, where strips from each side begin to touch.
fn edges(bytes: &[u8]) -> Option<[f64; 4]> {
    const FAR: f64 = 4_000.0;
    let document = Document::open(&bytes).unwrap();
    let view = document.latest();
    let page = view.page(0).unwrap();
    let touched = |rect: Rect| match examine(view, &page, rect) {
        (Marks::Undecidable, why) => panic!("{why:?}"),
        (marks, _) => marks == Marks::Touched,
    };
    let all = Rect { x0: -FAR, y0: -FAR, x1: FAR, y1: FAR };
    // How far a strip may reach from its side before it touches.
    let room = |strip: &dyn Fn(f64) -> Rect| {
        let (mut clear, mut marked) = (-FAR, FAR);
        while marked - clear > 1e-5 {
            let middle = (clear + marked) / 2.0;
            if touched(strip(middle)) { marked = middle } else { clear = middle }
        }
        marked + NEAR
    };
    touched(all).then(|| {
        [
            room(&|x1| Rect { x1, ..all }),
            room(&|y1| Rect { y1, ..all }),
            -room(&|x| Rect { x0: -x, ..all }),
            -room(&|y| Rect { y0: -y, ..all }),
        ]
    })
}

/// That those are the edges of what the page paints.
#[track_caller]
fn reaches(bytes: &[u8], what: &str, expected: [f64; 4]) {
    let found = edges(bytes);
    let same = found.is_some_and(|found| found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-3));
    assert!(same, "{what}: {found:?} in place of {expected:?}");
}

#[test]
fn shapes_text_and_pictures_are_found_where_they_are() {
    for clear in [
        "",
        "0 0 300 90 re f",
        "90 90 120 70 re S",
        "1 j 6 w 140 0 m 150 80 l 160 0 l S",
        "50 50 200 140 re 80 80 140 100 re f*",
        "1 0 0 1 0 -20 cm 0 0 300 110 re f",
        "q 0 0 50 50 re W n 0 0 300 200 re f Q",
        "1 g 0 0 300 200 re f 0 g",
        "1 1 1 rg 0 0 300 200 re f",
        "/DeviceRGB cs 1 1 1 sc 0 0 300 200 re f",
        "0 0 0 0 k 0 0 300 200 re f",
        "BT /F 12 Tf 10 170 Td (Some text above the box) Tj ET",
        "BT /F 12 Tf 10 80 Td (Some text below the box) Tj ET",
        "BT /F 12 Tf 10 120 Td (Left) Tj ET",
        "BT /F 12 Tf 3 Tr 110 120 Td (invisible) Tj ET",
        "BT /C 10 Tf 10 120 Td [(x) -1000 (x)] TJ ET",
        "q 80 0 0 80 0 0 cm BI /W 1/H 1/BPC 8/CS/G ID x EI Q",
        "10 10 m 20 20 l n 0 0 300 200 re n",
        "Q Q /P <</MCID 0>> BDC EMC BX 1 2 anything EX",
    ] {
        assert_eq!(content(clear), Marks::Clear, "{clear}");
    }
    for touched in [
        "0 0 300 200 re f",
        "150 125 1 1 re f",
        "0 120 m 300 120 l S",
        "0 98 m 300 98 l 4 w S",
        "100 100 100 50 re s",
        // A corner below the box, whose mitre reaches into it.
        "6 w 140 0 m 150 80 l 160 0 l S",
        "50 50 200 140 re 80 80 140 100 re f",
        "0 0 m 0 300 300 300 300 0 c f",
        "BT /F 12 Tf 110 120 Td (inside) Tj ET",
        "BT /F 12 Tf 10 120 Td (reaching into the box from the left) Tj ET",
        "BT /F 12 Tf 1 0 0 1 10 90 Tm 40 TL T* 0 -40 TD (x) ' ET BT /F 12 Tf 110 120 Td (x) Tj ET",
        "BT /C 10 Tf 10 120 Td [(x) -10000 (x)] TJ ET",
        "BT /C 10 Tf 5 Tc 10 120 Td (xxxxxxxxxx) Tj ET",
        "BT /C 10 Tf 30 Tw 10 120 Td (x x x x) Tj ET",
        "BT /C 10 Tf 300 Tz 10 120 Td (xxxxxx) Tj ET",
        "BT /C 10 Tf 20 Ts 110 85 Td (x) Tj ET",
        "BT /C 10 Tf 0 1 -1 0 150 80 Tm (upwards) Tj ET",
        "BT /C 10 Tf 110 140 Td 3 2 (x) \" ET",
        "q 150 0 0 150 0 0 cm BI /W 1/H 1/BPC 8/CS/G ID x EI Q",
        "/Pattern cs /P scn 0 0 300 200 re f",
        "/P sh",
        "0.9 g 0 0 300 200 re f",
        "1 g q 0 g Q q 0 g 0 0 300 200 re f",
    ] {
        assert_eq!(content(touched), Marks::Touched, "{touched}");
    }
    for undecidable in [
        "]",
        "(open",
        "1 2 3 whatever",
        "1 2 re f",
        "/Missing Do",
        "/Missing gs",
        "BT /Missing 12 Tf (x) Tj ET",
        "BT (x) Tj ET",
        "10 20 l S",
        "1e30 0 m 1 1 l S",
        "(a) (b) m",
        "99999999999999999999999 0 0 1 0 0 cm 0 0 1 1 re f",
        "BI /W 1 /H 1 /F /LZW ID xxx EI",
    ] {
        assert_eq!(content(undecidable), Marks::Undecidable, "{undecidable}");
    }
}

#[test]
fn what_turns_white_into_ink_is_noticed() {
    let white = b"/G gs 1 g 0 0 300 200 re f";
    for (resources, expected) in [
        ("/ExtGState<</G<</BM/Normal>>>>", Marks::Clear),
        ("/ExtGState<</G<</BM/Multiply/ca 0.5>>>>", Marks::Clear),
        ("/ExtGState<</G<</BM/Difference>>>>", Marks::Touched),
        ("/ExtGState<</G<</BM[/Exclusion/Normal]>>>>", Marks::Touched),
        ("/ExtGState<</G<<>>>>/ColorSpace<</DefaultGray[/CalGray<<>>]>>", Marks::Touched),
    ] {
        assert_eq!(marks(page(white, "", resources, &[])).0, expected, "{resources}");
    }
    // An ICC profile is white's friend only as far as it can be read.
    let named = b"/S cs 1 1 1 sc 0 0 300 200 re f";
    let profile = stream("/N 3", b"no profile");
    assert_eq!(marks(page(named, "", "/ColorSpace<</S[/ICCBased 5 0 R]>>", &[&profile])).0, Marks::Touched);
}

/// Of operators that nobody knows viewers skip those between BX and EX, and do as they like elsewhere.
#[test]
fn unknown_operators_are_nothing_in_a_compatibility_section_alone() {
    for (text, expected) in [
        ("BX 1 2 nobody EX", Marks::Clear),
        ("BX BX EX 1 nobody EX", Marks::Clear),
        ("BX EX 1 nobody", Marks::Undecidable),
        ("EX BX 1 nobody EX", Marks::Clear),
        ("1 nobody", Marks::Undecidable),
        ("BX 1 nobody 90 90 50 50 re f EX", Marks::Touched),
    ] {
        assert_eq!(content(text), expected, "{text}");
    }
}

#[test]
fn forms_are_entered_clipped_and_bounded() {
    let resources = "/XObject<</X 5 0 R>>";
    let form = |entries: &str, content: &[u8]| stream(&format!("/Type/XObject/Subtype/Form{entries}"), content);
    let run = |form: Vec<u8>| marks(page(b"q 1 0 0 1 10 10 cm /X Do Q", "", resources, &[&form])).0;
    assert_eq!(run(form("/BBox[0 0 50 50]", b"0 0 300 300 re f")), Marks::Clear);
    assert_eq!(run(form("/BBox[0 0 150 150]", b"0 0 300 300 re f")), Marks::Touched);
    assert_eq!(run(form("/BBox[0 0 50 50]/Matrix[4 0 0 4 0 0]", b"0 0 300 300 re f")), Marks::Touched);
    assert_eq!(run(form("/BBox[0 0 500 500]", b"0 0 10 10 re f")), Marks::Clear);
    // Without resources of its own it uses the page's, and so can call itself for ever.
    assert_eq!(run(form("/BBox[0 0 500 500]", b"/X Do")), Marks::Undecidable);
    assert_eq!(run(form("/BBox[0 0 500 500]", b"/X Do /X Do /X Do /X Do")), Marks::Undecidable);
    assert_eq!(run(form("", b"0 0 1 1 re f")), Marks::Undecidable);
    assert_eq!(run(stream("/Subtype/PS", b"")), Marks::Undecidable);
    assert_eq!(run(stream("/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray", b"x")), Marks::Clear);
}

#[test]
fn glyphs_drawn_by_content_streams_are_run() {
    let font = b"<</Type/Font/Subtype/Type3/FontBBox[0 0 0 0]/FontMatrix[0.001 0 0 0.001 0 0]/FirstChar 97/LastChar 97/Widths[1000]\
        /Encoding<</Differences[97/a]>>/CharProcs<</a 6 0 R>>>>";
    let glyph = |content: &[u8]| stream("", content);
    let run = |text: &[u8], glyph: Vec<u8>| marks(page(text, "", "", &[font, &glyph])).0;
    assert_eq!(run(b"BT /T 20 Tf 10 120 Td (a) Tj ET", glyph(b"1000 0 d0 0 0 900 900 re f")), Marks::Clear);
    assert_eq!(run(b"BT /T 20 Tf 10 120 Td (aaaaaa) Tj ET", glyph(b"1000 0 d0 0 0 900 900 re f")), Marks::Touched);
    // A glyph that paints far from where it stands.
    assert_eq!(run(b"BT /T 20 Tf 10 10 Td (a) Tj ET", glyph(b"1000 0 d0 5000 5000 900 900 re f")), Marks::Touched);
    assert_eq!(run(b"BT /T 20 Tf 10 10 Td (a) Tj ET", glyph(b"BT /T 1 Tf (a) Tj ET")), Marks::Undecidable);
}

#[test]
fn annotations_count_where_they_show_something() {
    let run = |annotation: &str, form: &[u8]| {
        let form = stream("/Type/XObject/Subtype/Form/BBox[0 0 10 10]", form);
        marks(page(b"", &format!("/Annots[<</Type/Annot/Rect[110 110 150 140]{annotation}>>]"), "", &[&form])).0
    };
    for clear in [
        "/Subtype/Popup",
        "/Subtype/Link/Border[0 0 0]",
        "/Subtype/Link/BS<</W 0>>",
        "/Subtype/Widget/FT/Sig",
        "/Subtype/Square/F 2",
        "/Subtype/Widget/FT/Btn/AS/Off/AP<</N<</On 5 0 R>>>>",
    ] {
        assert_eq!(run(clear, b"0 0 10 10 re f"), Marks::Clear, "{clear}");
    }
    for touched in ["/Subtype/Link", "/Subtype/Widget/FT/Tx/V(x)", "/Subtype/FreeText", "/Subtype/Text", "/Subtype/Stamp/AP<</N 5 0 R>>"] {
        assert_eq!(run(touched, b"0 0 10 10 re f"), Marks::Touched, "{touched}");
    }
    assert_eq!(run("/Subtype/Stamp/AP<</N 5 0 R>>", b""), Marks::Clear);
    assert_eq!(run("/Subtype/Widget/FT/Sig/AP<</N 5 0 R>>", b"1 g 0 0 10 10 re f"), Marks::Clear);
    // An icon has its own size, whatever its rectangle.
    let beside = |kind: &str| marks(page(b"", &format!("/Annots[<</Type/Annot/Subtype/{kind}/Rect[80 110 90 120]>>]"), "", &[])).0;
    assert_eq!(["Text", "FileAttachment", "Square"].map(beside), [Marks::Touched, Marks::Touched, Marks::Clear]);
    // Only the appearance's upper right corner is painted; the box below ends short of it.
    let form = stream("/Type/XObject/Subtype/Form/BBox[0 0 10 10]", b"9 9 1 1 re f");
    let bytes = page(b"", "/Annots[<</Subtype/Stamp/Rect[110 110 290 190]/AP<</N 5 0 R>>>>]", "", &[&form]);
    assert_eq!(marks(bytes).0, Marks::Clear);
}
