//! Page trees, boxes, rotation, annotations (ISO 32000-2 7.7.3, 12.5).

use crate::paper::{Paper, Style, page_with, paper, with};
use crate::{Case, all, case};

fn chain(depth: u32) -> Paper {
    // 2 -> 100 -> 101 -> ... -> 3, and what the page needs is inherited from the top.
    let mut p = with(&[
        (2, "<</Type/Pages/Kids[100 0 R]/Count 1/MediaBox[0 0 595 842]/Rotate 0/Resources<</Font<</F1 5 0 R>>>>>>"),
        (3, &format!("<</Type/Page/Parent {} 0 R/Contents 4 0 R>>", 99 + depth)),
    ]);
    for n in 0..depth {
        let (parent, kid) = (if n == 0 { 2 } else { 99 + n }, if n + 1 == depth { 3 } else { 101 + n });
        p.put(100 + n, &format!("<</Type/Pages/Parent {parent} 0 R/Kids[{kid} 0 R]/Count 1>>"));
    }
    p
}

fn wide(pages: u32) -> Paper {
    let mut p = paper();
    let kids: String = (0..pages).map(|n| format!("{} 0 R ", if n == 0 { 3 } else { 99 + n })).collect();
    p.put(2, &format!("<</Type/Pages/Kids[{kids}]/Count {pages}>>"));
    for n in 1..pages {
        p.put(99 + n, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Resources<<>>>>");
    }
    p
}

#[test]
fn trees() {
    let cases: Vec<Case> = vec![
        case("attributes from the root", chain(1).write()),
        case("sixty levels", chain(58).write()),
        case("3,000 pages in one array", wide(3000).write()),
        case("1,500 pages in object streams", {
            let mut p = wide(1500);
            p.style = Style::Stream;
            let numbers: Vec<u32> = p.objects.keys().copied().filter(|n| *n != 4).collect();
            p.packed = numbers.chunks(100).map(<[u32]>::to_vec).collect();
            p.write()
        }),
        case(
            "an empty node before the page",
            with(&[(2, "<</Type/Pages/Kids[6 0 R 3 0 R]/Count 1>>"), (6, "<</Type/Pages/Parent 2 0 R/Kids[]/Count 0>>")]).write(),
        ),
        case("everything behind references", indirect().write()),
        case(
            "/Contents of an empty array",
            with(&[(3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents[]/Resources<<>>>>")]).write(),
        ),
        case("no /Contents", with(&[(3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>>>")]).write()),
        case(
            "/Contents shared by two pages",
            with(&[
                (2, "<</Type/Pages/Kids[3 0 R 6 0 R]/Count 2>>"),
                (6, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents[4 0 R 4 0 R]/Resources<</Font<</F1 5 0 R>>>>>>"),
            ])
            .write(),
        ),
        case("/Type missing in the nodes' kids' order", with(&[(2, "<</Kids[3 0 R]/Count 1/Type/Pages>>")]).write()),
    ];
    all(&cases, 10);
}

fn indirect() -> Paper {
    with(&[
        (1, "<</Type 20 0 R/Pages 2 0 R/AcroForm 21 0 R>>"),
        (2, "<</Type/Pages/Kids 22 0 R/Count 23 0 R>>"),
        (3, "<</Type 50 0 R/Parent 2 0 R/MediaBox 24 0 R/Rotate 30 0 R/Contents 31 0 R/Resources 32 0 R/Annots 33 0 R>>"),
        (4, "<</Length 34 0 R>>\nstream\nBT /F1 12 Tf 72 720 Td (The borrower repays 100 rupees.) Tj ET  \nendstream"),
        (20, "/Catalog"),
        (21, "<</Fields 40 0 R/SigFlags 41 0 R>>"),
        (22, "[3 0 R]"),
        (23, "1"),
        (24, "[25 0 R 25 0 R 26 0 R 27 0 R]"),
        (25, "0"),
        (26, "595"),
        (27, "842"),
        (30, "0"),
        (31, "[4 0 R]"),
        (32, "<</Font 35 0 R>>"),
        (33, "[42 0 R]"),
        (34, "64"),
        (35, "<</F1 5 0 R>>"),
        (40, "[42 0 R]"),
        (41, "0"),
        (42, "<</Type/Annot/Subtype 43 0 R/FT 44 0 R/T 45 0 R/V 46 0 R/Rect 47 0 R/F 48 0 R>>"),
        (43, "/Widget"),
        (44, "/Tx"),
        (45, "(amount)"),
        (46, "(100)"),
        (47, "[25 0 R 25 0 R 49 0 R 49 0 R]"),
        (48, "4"),
        (49, "20"),
        (50, "/Page"),
    ])
}

#[test]
fn boxes() {
    let boxed = |name, keys: &str| {
        let body = format!("<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>{keys}>>");
        case(name, with(&[(3, &body)]).write())
    };
    let (low, high) = ([10.0, 10.0, 160.0, 50.0], [10.0, 100.0, 160.0, 50.0]);
    let cases: Vec<Case> = vec![
        boxed("a visible signature", "/MediaBox[0 0 595 842]").visible(low, high),
        boxed("UserUnit 2", "/MediaBox[0 0 595 842]/UserUnit 2").visible(low, high),
        boxed("a negative media box", "/MediaBox[-300 -421 295 421]").visible(low, high),
        boxed("a media box by its other corners", "/MediaBox[595 842 0 0]").visible(low, high),
        boxed("a smaller crop box", "/MediaBox[0 0 595 842]/CropBox[100 100 495 742]").visible(low, high),
        boxed("a crop box beyond the media box", "/MediaBox[0 0 595 842]/CropBox[-50 -50 900 900]").visible(low, high),
        boxed("real numbers", "/MediaBox[0.0 0 595.276 841.89]").visible(low, high),
        boxed("rotated by 90", "/MediaBox[0 0 595 842]/Rotate 90").visible(low, high),
        boxed("rotated by -90", "/MediaBox[0 0 595 842]/Rotate -90").visible(low, [10.0, 300.0, 160.0, 50.0]),
        boxed("rotated by 180", "/MediaBox[0 0 595 842]/Rotate 180").visible(low, [10.0, 200.0, 160.0, 50.0]),
        boxed("rotated by 450", "/MediaBox[0 0 595 842]/Rotate 450").visible(low, high),
    ];
    all(&cases, 11);
}

#[test]
fn annotations() {
    let many: String = (0..1000).map(|n| format!("{} 0 R ", 100 + n)).collect();
    let mut thousand = page_with(&format!("/Annots[{many}]"), &[]);
    for n in 0..1000 {
        thousand.put(100 + n, &format!("<</Type/Annot/Subtype/Link/Rect[{n} 0 {} 1]/Border[0 0 0]/Dest[3 0 R/Fit]>>", n + 1));
    }
    let link = "<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/Border[0 0 0]/Dest[3 0 R/Fit]>>";
    let cases: Vec<Case> = vec![
        case("/Annots null", page_with("/Annots null", &[]).write()),
        case("/Annots of an empty array", page_with("/Annots[]", &[]).write()),
        case("/Annots of direct dictionaries", page_with(&format!("/Annots[{link}{link}]"), &[]).write()),
        case("/Annots behind a reference", page_with("/Annots 6 0 R", &[(6, "[7 0 R]"), (7, link)]).write()),
        case("/Annots behind a reference, empty", page_with("/Annots 6 0 R", &[(6, "[]")]).write()),
        case("/Annots behind a reference, null", page_with("/Annots 6 0 R", &[(6, "null")]).write()),
        case("/Annots behind a reference to nothing", page_with("/Annots 66 0 R", &[]).write()),
        case("/Annots with null and a reference to nothing", page_with("/Annots[null 66 0 R 7 0 R]", &[(7, link)]).write()),
        case("a thousand annotations", thousand.write()),
        case("one empty array for the annotations of two pages", {
            let mut p = page_with("/Annots 6 0 R", &[(6, "[]"), (2, "<</Type/Pages/Kids[3 0 R 7 0 R]/Count 2>>")]);
            p.put(7, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>/Annots 6 0 R>>");
            p.write()
        }),
        case(
            "annotations that refer to each other",
            page_with(
                "/Annots[6 0 R 7 0 R]",
                &[
                    (6, "<</Type/Annot/Subtype/Text/Rect[0 0 9 9]/Contents(a)/Popup 7 0 R/P 3 0 R>>"),
                    (7, "<</Type/Annot/Subtype/Popup/Rect[0 0 9 9]/Parent 6 0 R/P 3 0 R>>"),
                ],
            )
            .write(),
        ),
        case("an annotation array in an object stream", {
            let mut p = page_with("/Annots 6 0 R", &[(6, "[7 0 R]"), (7, link)]);
            p.style = Style::Stream;
            p.packed = vec![vec![3, 6, 7]];
            p.write()
        }),
    ];
    all(&cases, 12);
}
