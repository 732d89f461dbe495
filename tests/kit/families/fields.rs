//! Signatures of every field and every revision: none is passed over because of where it stands or what became of it.

use super::super::Family;
use super::super::document::{body, patched, updated};
use super::super::page::{FIELD, FONT, FORM, PAGE, sealed_as, signed, with};
use super::super::seal::{Seal, countersigned, digits, seal, signature};

pub(crate) fn families() -> Vec<Family> {
    vec![no_dictionary(), removed(), overridden(), shared(), not_nested(), stray(), content_changed(), sub_filter()]
}

/// Beside the sound one, a field whose value is `value`.
fn beside(value: &str, more: &[(u32, &str)]) -> Vec<u8> {
    let field = FIELD.replace("(Bank)", "(Client)").replace("11 0 R", value);
    let form = FORM.replace("10 0 R", "10 0 R 20 0 R");
    let page = PAGE.replace("10 0 R]", "10 0 R 20 0 R]");
    let mut objects = vec![(6, form.as_str()), (3, page.as_str()), (20, field.as_str())];
    objects.extend_from_slice(more);
    with(&objects)
}

fn no_dictionary() -> Family {
    let mut family = Family::new(
        "value_no_dictionary",
        "a signature field whose value is no signature: shown as signed by one reader, passed over by another",
    )
    .control("no value", beside("null", &[]));
    for (name, value) in [
        ("a number", "7"),
        ("a number by reference", "13 0 R"),
        ("a name", "/Signed"),
        ("a string", "(Signed)"),
        ("an array", "[11 0 R]"),
        ("an array by reference", "12 0 R"),
        ("true", "true"),
        ("an empty dictionary", "<<>>"),
        ("a reference to nothing", "99 0 R"),
    ] {
        family = family.refused(name, beside(value, &[]), "signature_dictionary_malformed");
    }
    for (name, value) in [
        ("a font", "5 0 R"),
        ("the catalog", "1 0 R"),
        ("the field itself", "20 0 R"),
        ("a stream", "14 0 R"),
        ("a dictionary without a range", "<</Type/Sig/Filter/Adobe.PPKLite/Name(The Governor)>>"),
    ] {
        family = family.refused(name, beside(value, &[]), "byte_range_malformed");
    }
    family
        .refused("what cannot be read", beside("21 0 R", &[(21, "<</Type/Sig/Contents ]>>")]), "signature_dictionary_malformed")
        .refused("an open array", beside("21 0 R", &[(21, "[0 1 2")]), "signature_dictionary_malformed")
        .refused("nothing but a keyword", beside("21 0 R", &[(21, "signature")]), "signature_dictionary_malformed")
}

/// The first signature is false; a second one is sound, and the first is made to disappear.
fn removed() -> Family {
    let broken = patched(&signed(), b"repays 100", b"repays 900");
    let form = |fields: &str| format!("<</Fields[{fields}]/SigFlags 3>>");
    let second = FIELD.replace("(Bank)", "(Second)").replace("11 0 R", "41 0 R");
    let make = |base: &[u8], objects: &[(u32, &str)]| {
        let dictionary = signature("");
        let mut all: Vec<(u32, &str)> = vec![(40, &second), (41, &dictionary)];
        all.extend_from_slice(objects);
        seal(updated(base, &all, ""))
    };
    let both = form("10 0 R 40 0 R");
    let alone = form("40 0 R");
    let empty = FIELD.replace("/V 11 0 R", "");
    let nothing = FIELD.replace("/V 11 0 R", "/V null");
    let text = FIELD.replace("/FT/Sig", "/FT/Tx").replace("/V 11 0 R", "/V(paid)");
    let sound = body(&signed(), 11);
    // A field before it that cannot be read must not end the search.
    let damaged = patched(&with(&[(6, &form("20 0 R 10 0 R")), (20, "<</FT/Sig/T(Junk)/V ]>>")]), b"repays 100", b"repays 900");
    let group = patched(
        &with(&[(6, &form("21 0 R")), (21, "<</T(All)/Kids[20 0 R 10 0 R]>>"), (20, "<</FT/Sig/T(Junk)/V ]>>")]),
        b"repays 100",
        b"repays 900",
    );
    Family::new("signature_removed_later", "a false signature is taken out, so that only the sound one above it is seen")
        .control("a sound one, and one above it", make(&signed(), &[(6, &both)]))
        .all_refused(
            [
                ("still there", make(&broken, &[(6, &both)])),
                ("emptied", make(&broken, &[(6, &both), (10, &empty)])),
                ("emptied by null", make(&broken, &[(6, &both), (10, &nothing)])),
                ("the value is null", make(&broken, &[(6, &both), (11, "null")])),
                ("not in the form any more", make(&broken, &[(6, &alone)])),
                ("not on the page, either", make(&broken, &[(6, &alone), (3, &PAGE.replace("10 0 R", "40 0 R"))])),
                ("the field is null", make(&broken, &[(6, &both), (10, "null")])),
                ("a text field now", make(&broken, &[(6, &both), (10, &text)])),
                ("another value", make(&broken, &[(6, &both), (10, &FIELD.replace("11 0 R", "41 0 R"))])),
                ("its dictionary is another", make(&broken, &[(6, &both), (11, &sound)])),
                ("a new form", make(&broken, &[(30, &alone), (1, "<</Type/Catalog/Pages 2 0 R/AcroForm 30 0 R>>")])),
            ],
            "message_digest_mismatch",
        )
        .all_refused(
            [
                ("behind a field that cannot be read", make(&damaged, &[(6, &alone), (20, "null")])),
                ("in a group beside one that cannot be read", make(&group, &[(6, &alone), (20, "null"), (21, "null")])),
            ],
            "signed_structure_damaged",
        )
}

fn overridden() -> Family {
    let base = countersigned(&signed(), "", "", &[]);
    let sound = body(&base, 11);
    let other = body(&base, 41);
    let changed = |from: &str, to: &str| {
        let changed = sound.replacen(from, to, 1);
        assert_ne!(changed, sound);
        updated(&base, &[(11, &changed)], "")
    };
    Family::new(
        "dictionary_overridden",
        "a later revision puts another dictionary in the signature's place: what is shown is not what was signed",
    )
    .control("two signatures", base.clone())
    .control("written again as it was", updated(&base, &[(11, &sound)], ""))
    .all_refused(
        [
            ("another's signature", updated(&base, &[(11, &other)], "")),
            ("null", updated(&base, &[(11, "null")], "")),
            ("a font", updated(&base, &[(11, FONT)], "")),
            ("a name more", changed(">>>", ">/Name(The Governor)>>")),
            ("a reason more", changed(">>>", ">/Reason(I agree)>>")),
            ("another time", changed("D:2026", "D:2020")),
            ("another sub-filter", changed("ETSI.CAdES.detached", "adbe.pkcs7.detached")),
            ("another range", changed("/ByteRange[0 ", "/ByteRange[1 ")),
            ("another value", changed("/Contents<30", "/Contents<31")),
            ("no value", changed("/Contents<", "/Kontents<")),
            ("zeros", updated(&base, &[(11, &signature(""))], "")),
            ("the field names the other", updated(&base, &[(10, &FIELD.replace("11 0 R", "41 0 R"))], "")),
            ("the field is empty", updated(&base, &[(10, &FIELD.replace("/V 11 0 R", ""))], "")),
            ("the field is gone", updated(&base, &[(10, "null")], "")),
        ],
        "later_change",
    )
}

fn shared() -> Family {
    let form = |fields: &str| FORM.replace("10 0 R", fields);
    let other = FIELD.replace("(Bank)", "(Client)");
    let third = FIELD.replace("(Bank)", "(Witness)");
    let parent = "<</T(Group)/FT/Sig/V 11 0 R/Kids[21 0 R]>>";
    let kid = FIELD.replace("(Bank)", "(Client)").replace("/FT/Sig", "").replace("/T(", "/Parent 20 0 R/T(");
    Family::new("range_shared", "two fields show one signature: one person has signed, two are shown")
        .control("one field", signed())
        .all_refused(
            [
                ("two fields", with(&[(6, &form("10 0 R 20 0 R")), (20, &other)])),
                ("three fields", with(&[(6, &form("10 0 R 20 0 R 21 0 R")), (20, &other), (21, &third)])),
                ("on the page, too", with(&[(6, &form("10 0 R 20 0 R")), (20, &other), (3, &PAGE.replace("10 0 R", "10 0 R 20 0 R"))])),
                ("in a group", with(&[(6, &form("10 0 R 20 0 R")), (20, parent), (21, &kid)])),
            ],
            "ranges_overlap",
        )
}

/// The second signature's range stops short of its own revision.
fn not_nested() -> Family {
    let base = signed();
    let form = FORM.replace("10 0 R", "10 0 R 40 0 R");
    let field = FIELD.replace("(Bank)", "(Second)").replace("11 0 R", "41 0 R");
    let dictionary = signature("");
    let twice = updated(&base, &[(6, &form), (40, &field), (41, &dictionary)], "");
    let to = |end: usize| {
        let text = |[a, b, _]: [usize; 3]| super::super::seal::range([a, b, end.saturating_sub(b)]);
        let bytes = twice.clone();
        let whole = bytes.len();
        super::super::seal::sealed(bytes, whole, &Seal { range: &text, ..Seal::default() })
    };
    let elsewhere = |range: [usize; 3]| {
        let bytes = twice.clone();
        let whole = bytes.len();
        let text = |_: [usize; 3]| super::super::seal::range(range);
        super::super::seal::sealed(bytes, whole, &Seal { range: &text, ..Seal::default() })
    };
    let first: Vec<usize> = body(&base, 11)
        .split("/ByteRange[0 ")
        .nth(1)
        .and_then(|rest| rest.split(']').next())
        .expect("a range")
        .split_whitespace()
        .map(|n| n.parse().expect("a number"))
        .collect();
    let copy = body(&base, 11);
    Family::new("ranges_not_nested", "the second signature's range does not hold the first one's: neither has seen the other's part")
        .control("nested", seal(twice.clone()))
        .refused("up to its own value", to(twice.len() - 300), "coverage_broken")
        .refused("the first one's range", elsewhere([first[0], first[1], first[2]]), "byte_range_mismatch")
        .refused("the first one's gap, to the end", elsewhere([first[0], first[1], twice.len() - first[1]]), "byte_range_mismatch")
        .refused("the first one's dictionary again", updated(&base, &[(6, &form), (40, &field), (41, &copy)], ""), "byte_range_mismatch")
        .refused("nothing before the first one", elsewhere([1, first[1], 1]), "byte_range_mismatch")
        .refused("from behind the first one", elsewhere([base.len(), base.len() + 1, 10]), "byte_range_mismatch")
}

/// On a page, in no form: poppler and others show it as a signature.
fn stray() -> Family {
    let widget = |more: &str| format!("<</Type/Annot/Subtype/Widget/FT/Sig/T(Stray)/Rect[0 0 0 0]/F 132/P 3 0 R{more}>>");
    let on_page = |what: &str| PAGE.replace("10 0 R]", &format!("10 0 R {what}]"));
    let make = |value: &str| with(&[(3, &on_page("20 0 R")), (20, &widget(value))]);
    let junk = "/V<</Type/Sig/Filter/Adobe.PPKLite/Name(The Governor)>>";
    let mut family = Family::new("stray_signature", "a signature that only a page knows: shown by some readers, verified by none")
        .control("an empty one", make(""))
        .control("no value", make("/V null"))
        .control("a sound one, which no form lists", with(&[(6, "<</Fields[]/SigFlags 3>>")]))
        .control(
            "a sound one, which no form lists, and an update",
            updated(&with(&[(6, "<</Fields[]/SigFlags 3>>")]), &[(20, "<</Title(Loan)>>")], "/Info 20 0 R"),
        )
        .refused("in an object of its own", make(junk), "byte_range_malformed")
        .refused("in the page", with(&[(3, &on_page(&widget(junk)))]), "byte_range_malformed")
        .refused("a font", make("/V 5 0 R"), "byte_range_malformed")
        .refused(
            "in place, beside a sound one in place",
            with(&[(3, &on_page("20 0 R")), (10, &FIELD.replace("11 0 R", &signature(""))), (11, "null"), (20, &widget(junk))]),
            "byte_range_malformed",
        )
        .refused("a number", make("/V 7"), "signature_dictionary_malformed")
        .refused("a string", make("/V(Signed)"), "signature_dictionary_malformed")
        .refused("an empty dictionary", make("/V<<>>"), "signature_dictionary_malformed");
    let kid = "<</Type/Annot/Subtype/Widget/Rect[0 0 0 0]/F 132/P 3 0 R/Parent 21 0 R>>";
    let parent = format!("<</FT/Sig/T(Stray){junk}/Kids[20 0 R]>>");
    family = family.refused("in a parent", with(&[(3, &on_page("20 0 R")), (20, kid), (21, &parent)]), "byte_range_malformed");
    let array = with(&[(3, &PAGE.replace("[10 0 R]", " 22 0 R")), (22, "[10 0 R 20 0 R]"), (20, &widget(junk))]);
    family = family.refused("in an array of its own", array, "byte_range_malformed");
    let second = format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Annots[{}]>>", widget(junk));
    let pages = with(&[(2, "<</Type/Pages/Kids[3 0 R 23 0 R]/Count 2>>"), (23, &second)]);
    family = family.refused("on the second page", pages, "byte_range_malformed");
    // Behind more pages than anybody would look at.
    let many: String = (100..2300).map(|n| format!("{n} 0 R ")).collect();
    let kids = format!("<</Type/Pages/Kids[{many}3 0 R 23 0 R]/Count 2202>>");
    let kids_first = format!("<</Type/Pages/Kids[23 0 R 3 0 R {many}]/Count 2202>>");
    let blank = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>";
    for (name, kids) in [("on the last of 2,202 pages", &kids), ("on the first of 2,202 pages", &kids_first)] {
        let mut objects = vec![(2, kids.as_str()), (23, second.as_str())];
        objects.extend((100..2300).map(|n| (n, blank)));
        family = family.refused(name, with(&objects), "byte_range_malformed");
    }
    // A sound one whose text was changed, in no form.
    let alone = with(&[(6, &FORM.replace("10 0 R", ""))]);
    family = family.refused("changed text", patched(&alone, b"repays 100", b"repays 900"), "message_digest_mismatch");
    family.refused("added later", updated(&signed(), &[(3, &on_page("20 0 R")), (20, &widget(junk))], ""), "byte_range_malformed")
}

/// Bytes changed in place.
fn content_changed() -> Family {
    let base = signed();
    let mut family = Family::new("signed_bytes_changed", "a byte of the signed part is another").control("as signed", base.clone());
    for (name, from, to) in [
        ("the text", &b"repays 100"[..], &b"repays 900"[..]),
        ("the font", b"Helvetica", b"Helvetika"),
        ("the page's box", b"0 0 595 842", b"0 0 595 142"),
        ("the field's name", b"/T(Bank)", b"/T(Bonk)"),
        ("the time", b"D:20260101", b"D:20250101"),
        ("a number in the table", b"0000000000 65535 f", b"0000000000 65534 f"),
        ("the header's version", b"%PDF-1.7", b"%PDF-1.6"),
        ("a comment", b"%\xE2\xE3\xCF\xD3", b"%\xE2\xE3\xCF\xD2"),
        ("the document's identifier", b"/ID[<01><02>]", b"/ID[<01><03>]"),
        ("the end", b"%%EOF\n", b"%%EOF "),
    ] {
        family = family.refused(name, patched(&base, from, to), "message_digest_mismatch");
    }
    let mut other = base.clone();
    let a = super::super::document::find(&other, b"/Contents<").expect("contents") + 10;
    let cms = super::super::seal::cms(&[0; 32]);
    other[a..a + 2 * cms.len()].copy_from_slice(digits(&cms).as_bytes());
    family.refused("another document's signature", other, "message_digest_mismatch")
}

fn sub_filter() -> Family {
    let dictionary = signature("");
    let make = |value: &str| sealed_as(&dictionary.replace("/SubFilter/ETSI.CAdES.detached", value), &[], &Seal::default());
    let mut family = Family::new("sub_filter", "a format that is not known, or none: nothing says how the value is to be checked")
        .control("ETSI.CAdES.detached", signed())
        .control("adbe.pkcs7.detached", make("/SubFilter/adbe.pkcs7.detached"));
    for value in [
        "",
        "/SubFilter null",
        "/SubFilter(ETSI.CAdES.detached)",
        "/SubFilter/ETSI.CAdES.attached",
        "/SubFilter/etsi.cades.detached",
        "/SubFilter/adbe.pkcs7.md5",
        "/SubFilter/ETSI.CAdES",
        "/SubFilter/Adobe.PPKLite",
        "/SubFilter/None",
        "/SubFilter[/ETSI.CAdES.detached]",
        "/SubFilter/ETSI.CAdES.detached#20",
        "/SubFilter/ETSI.CAdES.detached#00",
    ] {
        let name = if value.is_empty() { "none" } else { value };
        family = family.refused(name, make(value), "sub_filter_unsupported");
    }
    family
}
