//! The sign room, places: boxes told by a text and by what is free, on pages turned every way, and every refusal.

use super::testing::{Signer, Style, build, now};
use super::{Anchor, Placement, SignatureRequest, Size};
use crate::cancel::Progress;
use crate::error::ErrorKind;
use crate::pdf::{Document, Rect};
use crate::pki::trust::TrustAnchors;
use crate::verify::{Policy, VerifyOptions, verify};

const SIZE: Size = Size { width: 100.0, height: 30.0 };

/// Two pages of 400 x 600, crop box from 10, 20, with that content; `more` are objects from 7 on.
fn document(rotate: i64, content: [&str; 2], page: &str, more: &[&str]) -> Vec<u8> {
    let text = |content: &str| format!("<</Length {}>>\nstream\n{content}\nendstream", content.len());
    let font = "/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Courier>>>>>>";
    let one = |contents: u32, more: &str| {
        format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 420 640]/CropBox[10 20 410 620]/Rotate {rotate}/Contents {contents} 0 R{font}{more}>>"
        )
    };
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Count 2/Kids[3 0 R 4 0 R]>>".to_owned(),
        one(5, page),
        one(6, ""),
        text(content[0]),
        text(content[1]),
    ];
    objects.extend(more.iter().map(|object| (*object).to_owned()));
    build(&objects, Style::Table, "")
}

/// Page and box, or why not.
fn resolve(file: &[u8], placement: &Placement) -> Result<(u32, [i64; 4]), (ErrorKind, String)> {
    let document = Document::open(&file).unwrap();
    match placement.resolve(document.latest()) {
        Ok(Placement::Visible { page, rect }) => Ok((page, [rect.x0, rect.y0, rect.x1, rect.y1].map(|n| n.round() as i64))),
        Ok(other) => panic!("{other:?}"),
        Err(error) => Err((error.kind(), error.to_string())),
    }
}

fn anchor(text: &str, page: Option<u32>, occurrence: Option<u32>) -> Placement {
    Placement::Anchor(Anchor { text: text.into(), page, occurrence, offset: (0.0, -40.0), size: SIZE })
}

fn free(page: Option<u32>) -> Placement {
    Placement::NextFree { page, size: SIZE }
}

const HERE: &str = "BT /F 10 Tf 60 500 Td (Sign here:) Tj ET";
const TWICE: &str = "BT /F 10 Tf 60 500 Td (Sign here:) Tj 0 -100 Td (Sign here: or Sign there) Tj ET";

#[test]
fn beside_a_text_on_pages_turned_every_way() {
    for (rotate, seen) in [(0, [50, 438, 150, 468]), (90, [478, 250, 578, 280]), (180, [290, 71, 390, 101]), (270, [111, 10, 211, 40])] {
        let file = document(rotate, [HERE, ""], "", &[]);
        assert_eq!(resolve(&file, &anchor("Sign  here:", None, None)), Ok((1, seen)), "{rotate}");
    }
}

#[test]
fn a_text_that_is_there_once_often_or_not_at_all() {
    let file = document(0, [HERE, TWICE], "", &[]);
    let at = |page: Option<u32>, occurrence: Option<u32>| resolve(&file, &anchor("Sign here:", page, occurrence));
    let (first, second) = ([50, 438, 150, 468], [50, 338, 150, 368]);
    assert_eq!(at(Some(1), None), Ok((1, first)));
    assert_eq!(at(None, Some(1)), Ok((1, first)));
    assert_eq!(at(None, Some(2)), Ok((2, first)));
    assert_eq!(at(None, Some(3)), Ok((2, second)));
    assert_eq!(at(Some(2), Some(2)), Ok((2, second)));
    let refused = |found: Result<(u32, [i64; 4]), (ErrorKind, String)>, why: &str| {
        let (kind, text) = found.unwrap_err();
        assert!(kind == ErrorKind::BoxUnusable && text.contains(why), "{text}");
    };
    refused(at(None, None), "more than once");
    refused(at(None, Some(4)), "not found that often");
    refused(resolve(&file, &anchor("sign here:", None, None)), "was not found");
    refused(resolve(&document(0, ["BT /F 10 Tf (\\001) Tj ET", ""], "", &[]), &anchor("Sign", None, None)), "cannot be read");
    assert_eq!(resolve(&file, &anchor("Sign", Some(3), None)).unwrap_err().0, ErrorKind::PageNotFound);
    assert_eq!(resolve(&file, &anchor("Sign", Some(0), None)).unwrap_err().0, ErrorKind::PageNotFound);
    for wrong in [anchor(" ", None, None), anchor("Sign", None, Some(0)), anchor(&"x".repeat(201), None, None)] {
        assert_eq!(resolve(&file, &wrong).unwrap_err().0, ErrorKind::InvalidArgument);
    }
    // Beside the text, but not on the page.
    let off = Placement::Anchor(Anchor { text: "Sign here:".into(), page: Some(1), occurrence: None, offset: (300.0, 0.0), size: SIZE });
    let request = SignatureRequest { placement: off, ..SignatureRequest::new(now()) };
    assert_eq!(Signer::p256().sign(&file, &request).unwrap_err().kind(), ErrorKind::BoxUnusable);
}

#[test]
fn below_the_last_signature_and_then_beside_it() {
    let signer = Signer::p256();
    let mut file = document(0, ["BT /F 10 Tf 60 140 Td (The end.) Tj ET", ""], "", &[]);
    // Below the text, then two more; the column ends above the margin.
    for expected in
        [[36, 82, 136, 112], [36, 46, 136, 76], [142, 82, 242, 112], [142, 46, 242, 76], [248, 82, 348, 112], [248, 46, 348, 76]]
    {
        assert_eq!(resolve(&file, &free(Some(1))), Ok((1, expected)));
        file = signer.sign(&file, &SignatureRequest { placement: free(Some(1)), ..SignatureRequest::new(now()) }).unwrap();
        let document = Document::open(&file).unwrap();
        let view = document.latest();
        let page = view.page(0).unwrap();
        let last = view.get_array(&page.dict, b"Annots").unwrap().unwrap().pop().unwrap();
        let widget = view.resolve(&last).unwrap();
        let rect = Rect::from_array(&view.get_array(widget.as_dict().unwrap(), b"Rect").unwrap().unwrap()).unwrap();
        assert_eq!([rect.x0 - 10.0, rect.y0 - 20.0].map(|n| n.round() as i64), [expected[0], expected[1]], "in default user space");
    }
    let (kind, text) = resolve(&file, &free(Some(1))).unwrap_err();
    assert!(kind == ErrorKind::BoxUnusable && text.contains("no place is left"), "{text}");
    assert_eq!(resolve(&file, &free(None)), Ok((2, [36, 534, 136, 564])), "the last page is empty");
}

#[test]
fn what_is_painted_is_not_covered_where_there_is_other_room() {
    // A frame where the first place would be: below it there is room, and to the right of one that reaches down.
    let framed = |more: &str| document(0, [&format!("{HERE} {more}"), ""], "", &[]);
    assert_eq!(resolve(&framed(""), &free(Some(1))), Ok((1, [36, 442, 136, 472])));
    let (_, below) = resolve(&framed("30 470 500 10 re f"), &free(Some(1))).unwrap();
    assert!(below[0] == 36 && below[3] < 450 && below[3] > 430, "{below:?}");
    let (_, right) = resolve(&framed("30 0 110 500 re f"), &free(Some(1))).unwrap();
    assert!(right[0] > 130, "{right:?}");
    // White paint is no paint; a picture over all leaves the first place free of text.
    assert_eq!(resolve(&framed("1 g 30 0 500 800 re f"), &free(Some(1))), Ok((1, [36, 442, 136, 472])));
    assert_eq!(resolve(&framed("0 0 800 900 re f"), &free(Some(1))), Ok((1, [36, 442, 136, 472])));
    // Unless the painter cannot be told.
    assert_eq!(resolve(&framed("/None Do"), &free(Some(1))), Ok((1, [36, 442, 136, 472])));
}

/// A page gets its first annotation after the document was signed: all else of it stays as it was, its numbers' kind included.
#[test]
fn a_page_of_whole_reals_is_the_same_page_with_an_annotation_more() {
    let signer = Signer::p256();
    let page = "<</Type/Page/Parent 2 0 R/MediaBox[0.0 0 420.00 640.]/Rotate 0/UserUnit 1.0/Resources<<>>>>".to_owned();
    let tree = "<</Type/Pages/Count 2/Kids[3 0 R 4 0 R]>>".to_owned();
    let file = build(&["<</Type/Catalog/Pages 2 0 R>>".to_owned(), tree, page.clone(), page], Style::Table, "");
    let first = signer.sign(&file, &SignatureRequest::new(now())).unwrap();
    let placement = Placement::NextFree { page: Some(2), size: SIZE };
    let second = signer.sign(&first, &SignatureRequest { placement, ..SignatureRequest::new(now()) }).unwrap();
    assert!(String::from_utf8_lossy(&second).contains("/MediaBox[0.0 0 420.0 640.0]"));
    let trust: TrustAnchors = signer.identity.chain().last().cloned().into_iter().collect();
    let options = VerifyOptions { trust: &trust, time: now(), policy: Policy::default(), password: None, evidence: None };
    let report = verify(&second, &options, &Progress::default()).unwrap();
    assert!(report.clean && report.signatures.len() == 2, "{report}");
}

#[test]
fn nothing_is_covered() {
    let widget = |rect: &str, kind: &str| format!("<</Type/Annot/Subtype/Widget/FT/{kind}/T(w)/Rect[{rect}]>>");
    let with = |objects: &[&str]| document(0, [HERE, ""], "/Annots[7 0 R 8 0 R]", objects);
    let signature = widget("60 40 160 70", "Sig");
    // To the right of the last signature another field is in the way, and there is no room below it.
    assert_eq!(resolve(&with(&[&signature, &widget("170 30 210 65", "Tx")]), &free(Some(1))), Ok((1, [262, 20, 362, 50])));
    // A link is in the way as well.
    let link = "<</Type/Annot/Subtype/Link/Rect[170 30 210 65]>>";
    assert_eq!(resolve(&with(&[&signature, link]), &free(Some(1))), Ok((1, [262, 20, 362, 50])));
    // Below the last signature there is text.
    let high = widget("60 515 160 545", "Sig");
    assert_eq!(resolve(&with(&[&high, "null"]), &free(Some(1))), Ok((1, [50, 442, 150, 472])));
    // A page that is written on down to its end has its first gap further up.
    let full = document(0, ["BT /F 10 Tf 60 500 Td (top) Tj 0 -470 Td (end) Tj ET", ""], "", &[]);
    assert_eq!(resolve(&full, &free(Some(1))), Ok((1, [36, 534, 136, 564])));
    let wide = Placement::NextFree { page: None, size: Size { width: 500.0, height: 30.0 } };
    assert!(resolve(&full, &wide).is_err());
    let none = Placement::NextFree { page: None, size: Size { width: 0.0, height: 30.0 } };
    assert_eq!(resolve(&full, &none).unwrap_err().0, ErrorKind::BoxUnusable);
}
