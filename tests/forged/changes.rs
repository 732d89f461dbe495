//! Changes after signing: what is recognised is named, everything else is not clean.

use crate::document::{agreement, body, find_last, finish, patched, signed, signed_visibly, updated};
use crate::{assert_clean, assert_refused, judged};
use thrivosign::verify::ChangeKind;

#[test]
fn controls_are_clean_and_name_what_changed() {
    let signed_once = signed(&agreement());
    let report = assert_clean("signed once", &signed_once);
    assert_eq!(report.signatures[0].changes, [ChangeKind::None]);

    let info = updated(&signed_once, &[(20, "<</Title(Loan)>>")], "/Info 20 0 R");
    let report = assert_clean("information added", &info);
    assert_eq!(report.signatures[0].changes, [ChangeKind::Metadata]);

    let store = updated(
        &signed_once,
        &[(1, &with(&body(&signed_once, 1), "/DSS 20 0 R")), (20, "<</Certs[21 0 R]>>"), (21, "<</Length 3>>\nstream\nabc\nendstream")],
        "",
    );
    let report = assert_clean("validation data added", &store);
    assert_eq!(report.signatures[0].changes, [ChangeKind::Ltv]);

    let twice = signed(&signed_once);
    let report = assert_clean("signed twice", &twice);
    assert_eq!(report.signatures[0].changes, [ChangeKind::SignatureAdded]);
    assert_eq!(report.signatures[1].changes, [ChangeKind::None]);

    let beside = signed_visibly(&signed_once, 1, [72.0, 100.0, 200.0, 60.0]);
    assert_clean("signed visibly on blank paper", &beside);

    let again = updated(&signed_once, &[(5, &body(&signed_once, 5))], "");
    assert_clean("an object written again as it was", &again);

    let font = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>";
    assert_clean("a font that nothing names", &updated(&signed_once, &[(40, font)], ""));
    let replaced =
        updated(&updated(&signed_once, &[(20, "<</Title(Loan)>>")], "/Info 20 0 R"), &[(21, "<</Title(Debt)>>")], "/Info 21 0 R");
    assert_clean("information replaced by other information", &replaced);

    let emptied = updated(&signed_once, &[], "");
    assert_clean("an update of nothing", &emptied);
}

fn with(dict: &str, more: &str) -> String {
    format!("{}{more}>>", dict.trim_end().strip_suffix(">>").expect("a dictionary"))
}

#[test]
fn what_is_shown_changed() {
    let base = signed(&agreement());
    let other = "<</Length 64>>\nstream\nBT /F1 12 Tf 72 720 Td (The borrower repays 999 rupees.) Tj ET  \nendstream";
    let page = body(&base, 3);
    let catalog = body(&base, 1);
    let cases: Vec<(&str, Vec<(u32, String)>)> = vec![
        ("page content", vec![(4, other.into())]),
        ("a font", vec![(5, "<</Type/Font/Subtype/Type1/BaseFont/Courier>>".into())]),
        ("the page's content list", vec![(3, page.replace("[4 0 R 33 0 R]", "9 0 R"))]),
        ("a reference that came alive", vec![(33, other.into())]),
        (
            "a reference that came alive as an object stream",
            vec![(33, "<</Type/ObjStm/N 0/First 0/Length 0>>\nstream\n\nendstream".into())],
        ),
        ("rotation", vec![(3, with(&page, "/Rotate 180"))]),
        ("the media box", vec![(3, page.replace("595 842", "595 300"))]),
        (
            "another page",
            vec![(2, "<</Type/Pages/Kids[3 0 R 30 0 R]/Count 2>>".into()), (30, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>".into())],
        ),
        (
            "the page tree replaced",
            vec![(1, catalog.replace("/Pages 2 0 R", "/Pages 31 0 R")), (31, "<</Type/Pages/Kids[3 0 R]/Count 1>>".into())],
        ),
        ("an open action", vec![(1, with(&catalog, "/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>"))]),
        ("embedded files", vec![(1, with(&catalog, "/Names<</EmbeddedFiles<</Names[]>>>>"))]),
        ("permissions", vec![(1, with(&catalog, "/Perms<</DocMDP 11 0 R>>"))]),
        ("layers", vec![(1, with(&catalog, "/OCProperties<</OCGs[]/D<<>>>>"))]),
        ("viewer preferences", vec![(1, with(&catalog, "/ViewerPreferences<</HideToolbar true>>"))]),
        ("an unused object overridden", vec![(9, other.into())]),
        ("a catalog left over", vec![(40, "<</Type/Catalog/Pages 2 0 R>>".into())]),
        ("a content that calls itself a font", vec![(40, other.replace("<<", "<</Type/Font"))]),
        ("an object nobody refers to", vec![(40, other.into())]),
        ("the field's name", vec![(7, body(&base, 7).replace("(amount)", "(amoont)"))]),
        (
            "a look without its value",
            vec![(8, "<</Type/XObject/Subtype/Form/BBox[0 0 100 20]/Length 25>>\nstream\nBT /Helv 9 Tf (999) Tj ET\nendstream".into())],
        ),
        ("a form field's action", vec![(7, with(&body(&base, 7), "/AA<</K<</S/JavaScript/JS(1)>>>>"))]),
    ];
    for (name, objects) in cases {
        let objects: Vec<(u32, &str)> = objects.iter().map(|(n, o)| (*n, o.as_str())).collect();
        let report = assert_refused(name, &updated(&base, &objects, ""), "later_change");
        assert!(report.signatures[0].changes.contains(&ChangeKind::Other), "{name}:\n{report}");
    }
}

#[test]
fn a_form_filled_later_is_named_and_not_clean() {
    let base = signed(&agreement());
    let filled = body(&base, 7).replace("(100)", "(999)");
    let look = "<</Type/XObject/Subtype/Form/BBox[0 0 100 20]/Length 25>>\nstream\nBT /Helv 9 Tf (999) Tj ET\nendstream";
    let report = assert_refused("form filled", &updated(&base, &[(7, &filled), (8, look)], ""), "later_change");
    let change = &report.signatures[0].change_details[0];
    assert_eq!(change.kind, ChangeKind::FormFilled, "{report}");
    assert_eq!((change.old.as_deref(), change.new.as_deref()), (Some("100"), Some("999")));
}

#[test]
fn an_annotation_added_later_is_named_and_not_clean() {
    let base = signed(&agreement());
    let page = body(&base, 3);
    let annots = page.find("/Annots[").expect("annotations") + 8;
    let page = format!("{}30 0 R {}", &page[..annots], &page[annots..]);
    let note = "<</Type/Annot/Subtype/FreeText/Rect[72 700 300 740]/Contents(paid)/DA(/Helv 12 Tf)>>";
    assert_refused("a note before the others", &updated(&base, &[(3, &page), (30, note)], ""), "later_change");
    let page = body(&base, 3).replace("/Annots[7 0 R", "/Annots[7 0 R 30 0 R");
    let report = assert_refused("a note", &updated(&base, &[(3, &page), (30, note)], ""), "later_change");
    assert!(report.signatures[0].changes.contains(&ChangeKind::Annotated), "{report}");
}

#[test]
fn a_visible_signature_over_text_is_not_harmless() {
    let base = signed(&agreement());
    assert_refused("over the text", &signed_visibly(&base, 1, [72.0, 700.0, 200.0, 60.0]), "later_change");
}

#[test]
fn a_later_signature_that_fails_clears_clean() {
    let base = signed(&agreement());
    let mut twice = signed(&base);
    let last = crate::document::find_last(&twice, b"/Contents<").expect("contents") + 60;
    twice[last] = if twice[last] == b'0' { b'1' } else { b'0' };
    assert_refused("a broken second signature", &twice, "added_signature_unverified");
}

#[test]
fn a_signature_emptied_or_replaced_is_still_judged() {
    let base = signed(&agreement());
    let form = body(&base, 6);
    let fields = form.replace("[7 0 R 10 0 R]", "[7 0 R]").replace("[7 0 R 11 0 R]", "[7 0 R]");
    assert_ne!(form, fields, "{form}");
    let report = assert_refused("the field taken out", &updated(&base, &[(6, &fields)], ""), "later_change");
    assert_eq!(report.document.emptied_fields, ["Signature1"]);
}

#[test]
fn bytes_that_belong_to_nothing() {
    let base = signed(&agreement());
    let tail = |more: &[u8]| [base.as_slice(), more].concat();
    assert_clean("one line end", &tail(b"\n"));
    assert_clean("one line end of two", &tail(b"\r\n"));
    for (name, more) in [
        ("text", &b"hello"[..]),
        ("two line ends", b"\n\n"),
        ("an object", b"4 0 obj\n<</Length 3>>\nstream\nabc\nendstream\nendobj\n"),
        ("a startxref that leads nowhere", b"startxref\n5\n%%EOF\n"),
        ("a trailer only", b"trailer\n<</Root 1 0 R/Size 20>>\nstartxref\n0\n%%EOF\n"),
        ("a comment that looks like an end", b"%%EOF\n"),
    ] {
        assert_refused(name, &tail(more), "trailing_bytes");
    }
    // Between the objects of a proper update.
    let mut out = base.clone();
    out.extend_from_slice(b"4 0 obj\n<</Length 3>>\nstream\nabc\nendstream\nendobj\n");
    let at = out.len();
    out.extend_from_slice(b"20 0 obj\n<</Title(Loan)>>\nendobj\n");
    let forged = finish(&base, out, &format!("20 1\n{at:010} 00000 n \n"), "/Info 20 0 R");
    assert_refused("an object between objects that no table names", &forged, "later_change");
    let mut out = base.clone();
    out.extend_from_slice(b"% a comment is nothing\n");
    let at = out.len();
    out.extend_from_slice(b"20 0 obj\n<</Title(Loan)>>\nendobj\n");
    assert_clean("a comment between objects", &finish(&base, out, &format!("20 1\n{at:010} 00000 n \n"), "/Info 20 0 R"));
}

#[test]
fn tables_that_lead_back_into_signed_bytes() {
    let base = signed(&agreement());
    // Object 4 is now read where the unused object 9 stands: hide and replace.
    let at = crate::document::find(&base, b"9 0 obj").expect("object 9");
    let forged = finish(&base, base.clone(), &format!("4 1\n{at:010} 00000 n \n"), "");
    let report = crate::judged(&forged).expect("a report");
    assert!(!report.clean, "{report}");
    // The same with the object renumbered inside the signed document beforehand.
    let shadow = patched(&agreement(), b"9 0 obj", b"4 0 obj");
    let base = signed(&shadow);
    assert_clean("an unused twin", &signed(&agreement()));
    let at = crate::document::find_last(&base, b"\n4 0 obj").expect("the twin") + 1;
    let forged = finish(&base, base.clone(), &format!("4 1\n{at:010} 00000 n \n"), "");
    let report = crate::judged(&forged).expect("a report");
    assert!(!report.clean, "{report}");
}

#[test]
fn another_catalog() {
    let base = signed(&agreement());
    let catalog = body(&base, 1);
    // Writers on PDFHummus make a new one with every update: what it says counts, not its number.
    assert_clean("a copy of the catalog", &updated(&base, &[(50, &catalog)], "/Root 50 0 R"));
    let opened = catalog.replacen("<<", "<</OpenAction<</S/JavaScript/JS(1)>>", 1);
    assert_refused("a second catalog", &updated(&base, &[(50, &opened)], "/Root 50 0 R"), "later_change");
    assert_refused("a number freed", &finish(&base, base.clone(), "8 1\n0000000000 00001 f \n", ""), "later_change");
}

/// Of more objects than are noted one by one: who refers to what is touched is known all the same.
#[test]
fn a_document_of_very_many_objects() {
    let sized = |bytes: Vec<u8>, size: &str| {
        let at = find_last(&bytes, b"/Size 60").expect("a size");
        [&bytes[..at], b"/Size ", size.as_bytes(), &bytes[at + 8..]].concat()
    };
    let base = signed(&sized(updated(&agreement(), &[(300_500, "(the last)")], ""), "300501"));
    assert_clean("signed", &base);
    let stream = "<</Length 3>>\nstream\nabc\nendstream";
    let store = |number: u32| {
        let catalog = body(&base, 1).replacen("<<", &format!("<</DSS<</Certs[{number} 0 R]>>"), 1);
        sized(updated(&base, &[(1, &catalog), (number, stream)], ""), "300599")
    };
    assert_clean("a certificate", &store(50));
    // 33 is what the page names and was not there.
    assert_refused("what the page waits for", &store(33), "later_change");
}

/// What a revision brings and nobody can read stays unknown, whatever the next one puts in its place.
#[test]
fn an_object_that_cannot_be_read_and_then_can() {
    let base = signed(&agreement());
    let once = updated(&base, &[(50, "<</Title(A")], "/Info 50 0 R");
    let twice = updated(&once, &[(50, "<</Title(B)>>")], "/Info 50 0 R");
    assert!(!judged(&twice).is_ok_and(|report| report.clean), "damaged in between");
    assert_clean(
        "never damaged",
        &updated(&updated(&base, &[(50, "<</Title(A)>>")], "/Info 50 0 R"), &[(50, "<</Title(B)>>")], "/Info 50 0 R"),
    );
}
