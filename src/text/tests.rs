//! The text room: places of words in the smallest page that has them, and pages that would read for ever.

#![allow(clippy::ptr_arg, reason = "a document reads from a sized source")]

use super::*;
use crate::error::ErrorKind;
use crate::pdf::Document;

/// One page of 300 x 200 with that content and those resources; `more` are objects from number 5.
fn page(content: &str, resources: &str, more: &[&str]) -> Vec<u8> {
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<<{resources}>>>>"),
        format!("<</Length {}>>\nstream\n{content}\nendstream", content.len()),
    ];
    objects.extend(more.iter().map(|object| (*object).to_owned()));
    let mut bytes = b"%PDF-1.4\n".to_vec();
    let mut offsets = Vec::new();
    for object in &objects {
        offsets.push(bytes.len());
        bytes.extend_from_slice(format!("{} 0 obj\n{object}\nendobj\n", offsets.len()).as_bytes());
    }
    let xref = bytes.len();
    bytes.extend_from_slice(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).as_bytes());
    for offset in offsets {
        bytes.extend_from_slice(format!("{offset:010} 00000 n \n").as_bytes());
    }
    bytes.extend_from_slice(format!("trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{xref}\n%%EOF\n", objects.len() + 1).as_bytes());
    bytes
}

fn read(bytes: &Vec<u8>) -> Result<PageText> {
    let document = Document::open(bytes).unwrap();
    let view = document.latest();
    PageText::read(view, &view.page(0)?)
}

fn find(bytes: &Vec<u8>, text: &str) -> Vec<[i64; 4]> {
    let whole = |r: &Rect| [r.x0, r.y0, r.x1, r.y1].map(|n| n.round() as i64);
    read(bytes).unwrap().find(text).places.iter().map(whole).collect()
}

const COURIER: &str = "/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Courier/Encoding/WinAnsiEncoding>>>>";

/// Courier of 10 points: 6 points a letter, from 2.5 below the baseline to 9 above.
#[test]
fn words_by_every_operator_that_shows_or_moves() {
    for (content, place) in [
        ("BT /F 10 Tf 20 100 Td (say Hello you) Tj ET", [44, 98, 74, 109]),
        ("BT /F 10 Tf 20 TL 20 120 Td T* (Hello) Tj ET", [20, 98, 50, 109]),
        ("BT /F 10 Tf 20 TL 20 120 Td (Hello) ' ET", [20, 98, 50, 109]),
        ("BT /F 10 Tf 20 TL 20 120 Td 0 1 (Hello) \" ET", [20, 98, 54, 109]),
        ("BT /F 10 Tf 20 120 Td 0 -20 TD [(He)-100(l)100(lo)] TJ ET", [20, 98, 50, 109]),
        ("BT /F 10 Tf 5 Tw 20 100 Td (a Hello) Tj ET", [37, 98, 67, 109]),
        ("BT /F 10 Tf 200 Tz 20 100 Td (Hello) Tj ET", [20, 98, 80, 109]),
        ("BT /F 10 Tf 3 Ts 20 100 Td (Hello) Tj ET", [20, 101, 50, 112]),
        ("BT /F 1 Tf 10 0 0 10 20 100 Tm (Hello) Tj ET", [20, 98, 50, 109]),
        ("q 2 0 0 2 10 50 cm BT /F 5 Tf 5 25 Td (Hello) Tj ET Q", [20, 98, 50, 109]),
        ("BT /F 10 Tf 0 1 -1 0 100 20 Tm (Hello) Tj ET", [91, 20, 103, 50]),
        ("BT /F 10 Tf -1 0 0 -1 100 100 Tm (Hello) Tj ET", [70, 91, 100, 103]),
        ("BT /F 10 Tf 38 100 Td (lo) Tj -18 0 Td (Hel) Tj ET", [20, 98, 50, 109]),
        ("BT /F 10 Tf 20 100 Td (Hello) Tj 0.5 0 Td (Hello) Tj ET", [20, 98, 50, 109]),
        ("BT 3 Tr /F 10 Tf 20 100 Td (Hello) Tj ET", [20, 98, 50, 109]),
    ] {
        assert_eq!(find(&page(content, COURIER, &[]), "Hello"), [place], "{content}");
    }
}

#[test]
fn gaps_are_spaces_and_columns_end_lines() {
    let file = page("BT /F 10 Tf 20 100 Td (Signed) Tj 42 0 Td (here) Tj 150 0 Td (Signed) Tj 0 -30 Td (here) Tj ET", COURIER, &[]);
    assert_eq!(find(&file, "Signed here"), [[20, 98, 86, 109]]);
    assert_eq!(find(&file, " Signed   here "), [[20, 98, 86, 109]]);
    assert_eq!(find(&file, "Signedhere"), Vec::<[i64; 4]>::new());
    assert_eq!(find(&file, "here"), [[62, 98, 86, 109], [212, 68, 236, 79]], "from the top, then from the left");
    assert_eq!(find(&file, ""), Vec::<[i64; 4]>::new());
    assert_eq!(find(&page("BT /F 10 Tf 290 300 Td (Hello) Tj ET", COURIER, &[]), "Hello"), Vec::<[i64; 4]>::new(), "off the page");
    assert_eq!(read(&file).unwrap().written().len(), 3);
}

#[test]
fn what_codes_mean() {
    let map = |text: &str| format!("<</Length {}>>\nstream\n{text}\nendstream", text.len());
    let simple = |entries: &str| format!("/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Courier{entries}>>>>");
    let shown = |codes: &str, entries: &str, text: &str| {
        let map = map("1 beginbfchar <41> <00660069> endbfchar");
        let file = page(&format!("BT /F 10 Tf 20 100 Td {codes} Tj ET"), &simple(entries), &[&map]);
        find(&file, text).len()
    };
    assert_eq!(shown("(caf\\351)", "/Encoding/WinAnsiEncoding", "caf\u{E9}"), 1);
    assert_eq!(shown("(caf\\216)", "/Encoding/MacRomanEncoding", "caf\u{E9}"), 1);
    assert_eq!(shown("(\\256x)", "", "fix"), 1, "a ligature of the standard encoding");
    assert_eq!(shown("(\\001\\002)", "/Encoding<</Differences[1/Euro/f_i]>>", "\u{20AC}fi"), 1);
    assert_eq!(shown("(AB)", "/Encoding/WinAnsiEncoding/ToUnicode 5 0 R", "fiB"), 1);
    assert_eq!(shown("(A)", "/Encoding<</Differences[65/g17]>>", "A"), 0);
    // Of two-byte codes, with widths.
    let composite = |encoding: &str, codes: &str| {
        let font = format!(
            "/Font<</F<</Type/Font/Subtype/Type0/Encoding/{encoding}/ToUnicode 5 0 R/DescendantFonts[<</Subtype/CIDFontType2/DW 500/W[1[600]2 3 700]>>]>>>>"
        );
        let map = map("1 beginbfrange <0001> <0003> <0061> endbfrange");
        let file = page(&format!("BT /F 10 Tf 20 100 Td {codes} Tj ET"), &font, &[&map]);
        let search = read(&file).unwrap().find("bc");
        (search.places.first().map(|r| (r.x0.round() as i64, r.x1.round() as i64)), search.unread)
    };
    assert_eq!(composite("Identity-H", "<000100020003>"), (Some((26, 40)), false));
    assert_eq!(composite("Identity-H", "<0001000200030009>"), (Some((26, 40)), true));
    assert_eq!(composite("Identity-V", "<000100020003>"), (None, true));
    let hebrew = simple("/Encoding<</Differences[65/uni05D0/uni05D1/uni05D2]>>");
    assert_eq!(find(&page("BT /F 10 Tf 20 100 Td (CBA) Tj ET", &hebrew, &[]), "\u{5D0}\u{5D1}\u{5D2}").len(), 1, "from right to left");
}

#[test]
fn text_inside_forms() {
    let form = |more: &str, content: &str| {
        format!("<</Type/XObject/Subtype/Form/BBox[0 0 99 99]{more}/Length {}>>\nstream\n{content}\nendstream", content.len())
    };
    let own = form(&format!("/Matrix[1 0 0 1 10 0]/Resources<<{COURIER}>>"), "BT /F 10 Tf 0 0 Td (Hello) Tj ET");
    let file = page("q 1 0 0 1 10 100 cm /X Do Q BT /F 10 Tf 20 50 Td (Hello) Tj ET", &format!("/XObject<</X 5 0 R>>{COURIER}"), &[&own]);
    assert_eq!(find(&file, "Hello"), [[20, 98, 50, 109], [20, 48, 50, 59]]);
    // A form without resources uses those of its page.
    let bare = form("", "BT /F 10 Tf 20 100 Td (Hello) Tj ET");
    assert_eq!(find(&page("/X Do", &format!("/XObject<</X 5 0 R>>{COURIER}"), &[&bare]), "Hello").len(), 1);
}

#[test]
fn pages_without_an_end_end() {
    let kind = |file: &Vec<u8>| read(file).err().map(|error| error.kind());
    let form = |content: &str| {
        format!(
            "<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 5 0 R>>>>/Length {}>>\nstream\n{content}\nendstream",
            content.len()
        )
    };
    assert_eq!(kind(&page("/X Do", "/XObject<</X 5 0 R>>", &[&form("/X Do")])), Some(ErrorKind::LimitReached));
    assert_eq!(kind(&page(&"q ".repeat(5_000), "", &[])), Some(ErrorKind::LimitReached));
    let long = format!("BT /F 10 Tf ({}) Tj ET", "a".repeat(600_000));
    assert_eq!(kind(&page(&long, COURIER, &[])), Some(ErrorKind::LimitReached));
    for content in ["BT /F Tf", "1 0 0 cm", "BT /F 10 Tf (a) (b) TJ", "BT /F 10 Tf 1e9 0 Td (a) Tj", "BT /F 10 Tf [(a)/b] TJ"] {
        assert_eq!(kind(&page(content, COURIER, &[])), Some(ErrorKind::PdfDamaged), "{content}");
    }
    for content in ["", "Q Q Q", "BT (a) Tj", "/X Do", "BT /G 10 Tf (a) Tj", "BT /F 0 Tf (a) Tj", "BT /F 10 Tf 0 0 0 0 0 0 Tm (a) Tj"] {
        assert_eq!(kind(&page(content, COURIER, &[])), None, "{content}");
    }
}
