//! Signature fields in odd places: widgets of their own, values in the field, inherited types, orphans on a page; and looks that lie
//! elsewhere than their rectangle says.

use crate::document::{CONTENT, agreement, body, signed, updated, write};
use crate::seal::{countersigned, seal, signature};
use crate::{assert_clean, assert_refused, judged, report};
use thrivosign::verify::ChangeKind;

const LOOK: &str = "<</Type/XObject/Subtype/Form/BBox[0 0 100 20]/Length 25>>\nstream\nBT /Helv 9 Tf (yes) Tj ET\nendstream";
const PAGE: &str = "/Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>";

/// A document with these fields, annotations and further objects, the last signature sealed.
fn with(fields: &str, annots: &str, objects: &[(u32, &str)], page: &str) -> Vec<u8> {
    let form = format!("<</Fields[{fields}]/SigFlags 3>>");
    let page = format!("<<{PAGE}{page}/Annots[{annots}]>>");
    let mut all = vec![
        (1, "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R>>"),
        (2, "<</Type/Pages/Kids[3 0 R]/Count 1>>"),
        (3, page.as_str()),
        (4, CONTENT),
        (5, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"),
        (6, form.as_str()),
    ];
    all.extend_from_slice(objects);
    write(&all, "")
}

const WIDGET: &str = "/Type/Annot/Subtype/Widget/Rect[0 0 0 0]/F 132/P 3 0 R";

#[test]
fn signatures_in_every_place_of_a_field() {
    let dictionary = signature("");
    let plain = format!("<</FT/Sig/T(Bank)/V 11 0 R{WIDGET}>>");
    assert_clean("merged", &seal(with("10 0 R", "10 0 R", &[(10, &plain), (11, &dictionary)], "")));
    let kid = format!("<<{WIDGET}/Parent 10 0 R>>");
    let parent = "<</FT/Sig/T(Bank)/V 11 0 R/Kids[12 0 R]>>";
    assert_clean("a widget of its own", &seal(with("10 0 R", "12 0 R", &[(10, parent), (11, &dictionary), (12, &kid)], "")));
    let inherited = format!("<<{WIDGET}/Parent 10 0 R/T(Sign)/V 11 0 R>>");
    let group = "<</FT/Sig/T(Bank)/Kids[12 0 R]>>";
    let report =
        assert_clean("type from the parent", &seal(with("10 0 R", "12 0 R", &[(10, group), (11, &dictionary), (12, &inherited)], "")));
    assert_eq!(report.signatures[0].field, "Bank.Sign");
    let direct = format!("<</FT/Sig/T(Bank){WIDGET}/V{dictionary}>>");
    assert_clean("the value in the field", &seal(with("10 0 R", "10 0 R", &[(10, &direct)], "")));
    assert_clean("a page with no annotations", &seal(with("10 0 R", "", &[(10, &plain), (11, &dictionary)], "")));
}

/// On a page, in no form: poppler and others show it as a signature. It counts, and it cannot hide a broken one.
#[test]
fn a_signature_that_only_a_page_knows() {
    let dictionary = signature("");
    let plain = format!("<</FT/Sig/T(Bank)/V 11 0 R{WIDGET}>>");
    let alone = seal(with("", "10 0 R", &[(10, &plain), (11, &dictionary)], ""));
    let seen = report("alone", &alone);
    assert_eq!(seen.signatures.len(), 1, "{seen}");
    let broken = crate::document::patched(&alone, b"repays 100", b"repays 900");
    let seen = report("alone and broken", &broken);
    assert!(!seen.clean && seen.signatures.len() == 1, "{seen}");
    // Beside a good one.
    let junk = format!("<</FT/Sig/T(Fake)/V<</Type/Sig/Filter/Adobe.PPKLite/Name(The Governor)>>{WIDGET}>>");
    let both = seal(with("10 0 R", "10 0 R 13 0 R", &[(10, &plain), (11, &dictionary), (13, &junk)], ""));
    let seen = report("a false one beside it", &both);
    assert!(!seen.clean && seen.signatures.len() == 2, "{seen}");
    let empty = format!("<</FT/Sig/T(Fake){WIDGET}>>");
    assert_clean("an empty one beside it", &seal(with("10 0 R", "10 0 R 13 0 R", &[(10, &plain), (11, &dictionary), (13, &empty)], "")));
}

/// An empty field of the signed revision, signed later; its own widget or one of several.
#[test]
fn empty_fields_signed_later() {
    let dictionary = signature("");
    let bank = format!("<</FT/Sig/T(Bank)/V 11 0 R{WIDGET}>>");
    let box_of = |flags: u32, more: &str| format!("<</Type/Annot/Subtype/Widget/Rect[72 700 300 740]/F {flags}/P 3 0 R{more}>>");
    let empty = |flags: u32| box_of(flags, "/FT/Sig/T(Client)");
    let base = |field: &str| seal(with("10 0 R 20 0 R", "10 0 R 20 0 R", &[(10, &bank), (20, field), (11, &dictionary)], ""));
    let sign = |base: &[u8], field: &str, look: &str| seal(updated(base, &[(20, field), (21, &signature("")), (22, look)], ""));
    let made = "/FT/Sig/T(Client)/V 21 0 R/AP<</N 22 0 R>>";
    let before = base(&empty(4));
    assert_clean("in its place", &sign(&before, &box_of(132, made), LOOK));
    assert_refused("moved", &sign(&before, &box_of(132, made).replace("72 700", "72 600"), LOOK), "later_change");
    assert_refused("not turned with the page", &sign(&before, &box_of(132 | 16, made), LOOK), "later_change");
    assert_refused("a look without a box", &sign(&before, &box_of(132, made), &LOOK.replace("/BBox[0 0 100 20]", "")), "later_change");
    assert_refused("an action", &sign(&before, &box_of(132, &format!("{made}/A<</S/JavaScript/JS(1)>>")), LOOK), "later_change");
    assert_refused("hidden, then shown over the text", &sign(&base(&empty(2)), &box_of(132, made), LOOK), "later_change");
    // The field and its widget are two objects.
    let parent = "<</FT/Sig/T(Client)/Kids[23 0 R]>>";
    let kid = box_of(4, "/Parent 20 0 R");
    let split = seal(with("10 0 R 20 0 R", "10 0 R 23 0 R", &[(10, &bank), (20, parent), (23, &kid), (11, &dictionary)], ""));
    let parent = "<</FT/Sig/T(Client)/V 21 0 R/Kids[23 0 R]>>";
    let kid = box_of(132, "/Parent 20 0 R/AP<</N 22 0 R>>");
    let control = seal(updated(&split, &[(20, parent), (23, &kid), (21, &signature("")), (22, LOOK)], ""));
    let seen = assert_clean("a widget of its own", &control);
    assert_eq!(seen.signatures[0].changes, [ChangeKind::SignatureAdded]);
    let moved = kid.replace("72 700", "72 600");
    assert_refused(
        "its widget moved",
        &seal(updated(&split, &[(20, parent), (23, &moved), (21, &signature("")), (22, LOOK)], "")),
        "later_change",
    );
    assert_refused("a look without a signature", &updated(&split, &[(23, &kid), (22, LOOK)], ""), "later_change");
    // Once signed, a look stays.
    let other = LOOK.replace("(yes)", "(no!)");
    let forged = report("another look", &updated(&control, &[(22, &other)], ""));
    assert!(!forged.clean && !forged.signatures[1].clean, "{forged}");
}

/// New widgets: where they lie is where they are drawn.
#[test]
fn new_widgets_lie_where_they_say() {
    let base = signed(&agreement());
    let annots = |base: &[u8]| body(base, 3).replace("/Annots[7 0 R", "/Annots[40 0 R 7 0 R");
    let at = |rect: &str, flags: u32, more: &str| format!("/Rect[{rect}]/F {flags}{more}");
    let visible = |place: &str, look: &str| {
        let page = annots(&base).replace("/Annots[40 0 R 7 0 R", "/Annots[7 0 R 40 0 R");
        let form = body(&base, 6).replace("/Fields[", "/Fields[40 0 R ");
        let widget = format!("<</Type/Annot/Subtype/Widget/FT/Sig/T(Second)/V 41 0 R{place}/P 3 0 R/AP<</N 42 0 R>>>>");
        seal(updated(&base, &[(3, &page), (6, &form), (40, &widget), (41, &signature("")), (42, look)], ""))
    };
    assert_clean("invisible", &countersigned(&base, "", "", &[]));
    assert_refused("a look that nothing names", &countersigned(&base, "", "", &[(42, LOOK)]), "later_change");
    assert_clean("on blank paper", &visible(&at("72 100 200 140", 132, ""), LOOK));
    assert_clean("hidden", &visible(&at("72 700 300 740", 2, ""), LOOK));
    for (name, place, look) in [
        ("over the text", at("72 700 300 740", 132, ""), LOOK.to_owned()),
        ("over everything", at("-5000 -5000 5000 5000", 132, ""), LOOK.to_owned()),
        ("no numbers", at("/a 0 1 2", 132, ""), LOOK.to_owned()),
        ("no rotation", at("72 100 200 140", 132 | 16, ""), LOOK.to_owned()),
        ("no zoom", at("72 100 200 140", 132 | 8, ""), LOOK.to_owned()),
        ("no box", at("72 100 200 140", 132, ""), LOOK.replace("/BBox[0 0 100 20]", "")),
        ("an action", at("72 100 200 140", 132, "/A<</S/JavaScript/JS(1)>>"), LOOK.to_owned()),
        ("a layer", at("72 100 200 140", 132, "/OC 5 0 R"), LOOK.to_owned()),
    ] {
        assert_refused(name, &visible(&place, &look), "later_change");
    }
    // Hidden when signed, shown by a later update.
    let hidden = visible(&at("72 700 300 740", 2, ""), LOOK);
    let shown = updated(&hidden, &[(40, &body(&hidden, 40).replace("/F 2", "/F 4"))], "");
    assert_refused("hidden, then shown", &shown, "later_change");
    // An empty field with a look is no signature.
    let page = annots(&base).replace("/Annots[40 0 R 7 0 R", "/Annots[7 0 R 40 0 R");
    let form = body(&base, 6).replace("/Fields[", "/Fields[40 0 R ");
    let widget = "<</Type/Annot/Subtype/Widget/FT/Sig/T(Second)/Rect[72 100 200 140]/F 4/P 3 0 R/AP<</N 42 0 R>>>>";
    assert_refused("empty, with a look", &updated(&base, &[(3, &page), (6, &form), (40, widget), (42, LOOK)], ""), "later_change");
    let text = widget.replace("/FT/Sig", "/FT/Tx/V(paid)");
    assert_refused("a text field", &updated(&base, &[(3, &page), (6, &form), (40, &text), (42, LOOK)], ""), "later_change");
}

/// Fonts and resources of the form, scripts, XFA, and keys twice.
#[test]
fn what_a_form_brings_along() {
    let objects = |font: &str| {
        let form = "<</Fields[7 0 R]/DA(/Helv 0 Tf 0 g)/DR<</Font<</Helv 15 0 R>>>>>>";
        let source = agreement();
        let mut all: Vec<(u32, String)> = (1..10).map(|n| (n, body(&source, n))).collect();
        all[5].1 = form.to_owned();
        all.push((15, font.to_owned()));
        all
    };
    let helvetica = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>";
    let all = objects(helvetica);
    let all: Vec<(u32, &str)> = all.iter().map(|(n, o)| (*n, o.as_str())).collect();
    let base = signed(&write(&all, ""));
    let form = body(&base, 6);
    let more = form.replace("/Helv 15 0 R", "/Helv 15 0 R/ZaDb 50 0 R");
    let dingbats = "<</Type/Font/Subtype/Type1/BaseFont/ZapfDingbats>>";
    assert_clean("a font more", &updated(&base, &[(6, &more), (50, dingbats)], ""));
    assert_refused("a font more, another changed", &updated(&base, &[(6, &more), (50, dingbats), (15, dingbats)], ""), "later_change");
    let renamed = form.replace("/Helv 15 0 R", "/Helv 15 0 R/Again 15 0 R");
    assert_refused("a changed font by a new name", &updated(&base, &[(6, &renamed), (15, dingbats)], ""), "later_change");
    let swapped = form.replace("/Helv 15 0 R", "/Helv 50 0 R");
    assert_refused("another font by the old name", &updated(&base, &[(6, &swapped), (50, dingbats)], ""), "later_change");
    let field = body(&base, 7);
    for (name, number, changed) in [
        ("looks made anew", 6, form.replace("/DA(", "/NeedAppearances true/DA(")),
        ("XFA", 6, form.replace("/DA(", "/XFA[]/DA(")),
        ("a calculation order", 6, form.replace("/DA(", "/CO[7 0 R]/DA(")),
        ("a look by default", 6, form.replace("/DA(/Helv 0 Tf 0 g)", "/DA(/Helv 0 Tf 1 g)")),
        ("a value twice", 7, field.replace("/V(100)", "/V(100)/V(999)")),
        ("a value hidden", 7, field.replace("/V(100)", "/#56(100)")),
        ("an action", 7, field.replace("/V(100)", "/V(100)/AA<</F<</S/JavaScript/JS(1)>>>>")),
    ] {
        let forged = updated(&base, &[(number, &changed)], "");
        assert_ne!(changed, body(&base, number), "{name}");
        assert_refused(name, &forged, "later_change");
    }
    assert_clean("as it was", &updated(&base, &[(6, &form), (7, &field)], ""));
}

/// What cannot be read in a revision that nobody signed is no business of who mended it and signed.
#[test]
fn a_field_that_was_damaged_before_anyone_signed() {
    let value = signature("");
    let field = format!("<<{WIDGET}/FT/Sig/T(Bank)/V 11 0 R>>");
    let base = with("40 0 R 10 0 R", "", &[(10, "<<>>"), (40, "<</FT/Tx/T(a)/Kids[41 0 R]/V(x")], "");
    let mended = seal(updated(&base, &[(10, &field), (11, &value), (40, "<</FT/Tx/T(a)/V(x)>>")], ""));
    assert_clean("mended and signed", &mended);
    let broken = updated(&mended, &[(40, "<</FT/Tx/T(a)/V(x")], "");
    assert!(!judged(&broken).is_ok_and(|report| report.clean), "damaged after it was signed");
}

/// A form deeper than a verifier walks is refused by name, and one that leads back to itself ends.
#[test]
fn trees_without_end() {
    let value = signature("");
    let nested = |levels: u32| {
        let mut all: Vec<(u32, String)> = (0..levels).map(|n| (100 + n, format!("<</T(a)/Kids[{} 0 R]>>", 101 + n))).collect();
        all.push((100 + levels, format!("<<{WIDGET}/FT/Sig/T(Bank)/V 11 0 R>>")));
        all.push((11, value.clone()));
        let all: Vec<(u32, &str)> = all.iter().map(|(n, o)| (*n, o.as_str())).collect();
        seal(with("100 0 R", "", &all, ""))
    };
    assert_clean("as deep as it may be", &nested(64));
    for levels in [65, 66, 200] {
        assert_eq!(judged(&nested(levels)).map_err(|e| e.kind()).err(), Some(thrivosign::ErrorKind::LimitReached), "{levels}");
    }
    let field = format!("<<{WIDGET}/FT/Sig/T(Bank)/V 11 0 R>>");
    let looped = with("10 0 R 40 0 R", "", &[(10, &field), (11, &value), (40, "<</T(a)/Kids[40 0 R]>>")], "");
    assert_clean("a group that holds itself", &seal(looped));
    let looped = updated(
        &with("10 0 R", "", &[(10, "<<>>")], ""),
        &[(2, "<</Type/Pages/Kids[3 0 R 2 0 R]/Count 1>>"), (10, &field), (11, &value)],
        "",
    );
    assert!(judged(&seal(looped)).is_ok(), "a page tree that holds itself");
}

/// Nor is a form that could not be read at all.
#[test]
fn a_form_that_was_damaged_before_anyone_signed() {
    let value = signature("");
    let field = format!("<<{WIDGET}/FT/Sig/T(Bank)/V 11 0 R>>");
    let base = updated(&with("10 0 R", "", &[(10, "<<>>")], ""), &[(6, "<</Fields[10 0 R")], "");
    let mended = seal(updated(&base, &[(6, "<</Fields[10 0 R]/SigFlags 3>>"), (10, &field), (11, &value)], ""));
    assert_clean("mended and signed", &mended);
}
