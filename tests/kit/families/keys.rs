//! Keys that stand twice, and standard keys hidden behind escapes: one reader takes the first value, another the last, a third misses both.

use super::super::Family;
use super::super::document::{CONTENT, finish, write};
use super::super::page::{CATALOG, FIELD, FORM, PAGE, PAGES, more, objects, roomy, sealed_as, signed, unsealed, with};
use super::super::seal::{Seal, range, seal, signature};

pub(crate) fn families() -> Vec<Family> {
    let mut all = vec![signature_twice(), signature_hidden(), field_twice()];
    all.extend([trailer_twice(), trailer_hidden(), deep_tree(), far_page()]);
    for place in [&CATALOG_KEYS, &FORM_KEYS, &PAGE_KEYS, &TREE_KEYS] {
        all.extend([twice(place), hidden(place)]);
    }
    all
}

/// A key written with its last character escaped.
fn escaped(key: &str) -> String {
    let (start, last) = key.split_at(key.len() - 1);
    format!("/{start}#{:02x}", last.as_bytes()[0])
}

fn signature_twice() -> Family {
    let mut family =
        Family::new("signature_key_twice", "a key of the signature dictionary stands twice: two readers verify two signatures")
            .control("once each", sealed_as(&signature("/Name(A)/Reason(B)/Location(C)/ContactInfo(D)"), &[], &Seal::default()));
    for entry in [
        "/Type/Sig",
        "/Type/DocTimeStamp",
        "/Filter/Adobe.PPKLite",
        "/Filter/Other",
        "/SubFilter/ETSI.CAdES.detached",
        "/SubFilter/adbe.pkcs7.sha1",
        "/M(D:20200101000000Z)",
        "/ByteRange[0 1 2 3]",
        "/Contents<00>",
        "/Name(A)/Name(B)",
        "/Name(A)/Name(A)",
        "/Reason(I agree)/Reason(I do not)",
        "/Location(A)/Location(B)",
        "/ContactInfo(A)/ContactInfo(B)",
        "/Reference[]/Reference[]",
        "/Prop_Build<<>>/Prop_Build<<>>",
        "/Cert()/Cert()",
        "/Unknown 1/Unknown 2",
    ] {
        family = family.refused(entry, sealed_as(&signature(entry), &[], &Seal::default()), "duplicate_key");
    }
    let other = Seal { range: &|place| format!("/ByteRange[0 1 2 3]{}", range(place)), ..Seal::default() };
    family.refused("the other range first", sealed_as(&roomy(""), &[], &other), "duplicate_key")
}

fn signature_hidden() -> Family {
    let dictionary = signature("");
    let mut family = Family::new("signature_key_hidden", "a key of the signature dictionary behind an escape: some readers miss it")
        .control("an unknown key escaped", sealed_as(&signature(&format!("{} 1", escaped("Unknown"))), &[], &Seal::default()))
        .control("an escape in a value", sealed_as(&dictionary.replace("/Adobe.PPKLite", "/Adobe#2ePPKLite"), &[], &Seal::default()));
    for (key, value) in [("Type", "/Sig"), ("Filter", "/Adobe"), ("SubFilter", "/ETSI"), ("M", "(D:")] {
        let plain = format!("/{key}{value}");
        let changed = dictionary.replacen(&plain, &format!("{}{value}", escaped(key)), 1);
        assert_ne!(changed, dictionary);
        family = family.refused(format!("/{key}"), sealed_as(&changed, &[], &Seal::default()), "escaped_key");
    }
    let contents = Seal { open: "/C#6fntents<", ..Seal::default() };
    family = family.refused("/Contents", sealed_as(&dictionary.replacen("/Contents<", "/C#6fntents<", 1), &[], &contents), "escaped_key");
    let wide = Seal { range: &|place| range(place).replace("/ByteRange", "/B#79teRange"), ..Seal::default() };
    family = family.refused("/ByteRange", sealed_as(&roomy(""), &[], &wide), "escaped_key");
    for (key, value) in [
        ("Name", "(A)"),
        ("Reason", "(A)"),
        ("Location", "(A)"),
        ("ContactInfo", "(A)"),
        ("Prop_Build", "<<>>"),
        ("Cert", "()"),
        ("Reference", "[]"),
        ("Changes", "[0 0 0]"),
    ] {
        let extra = format!("{}{value}", escaped(key));
        family = family.refused(format!("/{key}"), sealed_as(&signature(&extra), &[], &Seal::default()), "escaped_key");
    }
    family
}

fn field_twice() -> Family {
    let mut family = Family::new("field_key_twice", "a key of the signature's field stands twice: two readers find two values")
        .control("once each", signed());
    for entry in [
        "/V 11 0 R",
        "/V null",
        "/V 12 0 R",
        "/FT/Sig",
        "/FT/Tx",
        "/T(Client)",
        "/Kids[]",
        "/Rect[0 0 99 99]",
        "/F 4",
        "/P 3 0 R",
        "/Lock<<>>/Lock<<>>",
    ] {
        let entry = if entry == "/Kids[]" { "/Kids[]/Kids[]" } else { entry };
        family = family.refused(entry, with(&[(10, &more(FIELD, entry))]), "duplicate_key");
    }
    family
}

/// A dictionary of the signed revision that decides what is shown, and keys to put into it.
struct Place {
    twice: &'static str,
    hidden: &'static str,
    number: u32,
    body: &'static str,
    entries: &'static [(&'static str, &'static str)],
    /// Keys that stand there once already: another value makes them two.
    present: &'static [&'static str],
}

const CATALOG_KEYS: Place = Place {
    twice: "catalog_key_twice",
    hidden: "catalog_key_hidden",
    number: 1,
    body: CATALOG,
    entries: &[
        ("Version", "/1.7"),
        ("Names", "<<>>"),
        ("Dests", "<<>>"),
        ("OpenAction", "[3 0 R/Fit]"),
        ("AA", "<<>>"),
        ("Outlines", "<<>>"),
        ("Metadata", "14 0 R"),
        ("PageLabels", "<<>>"),
        ("ViewerPreferences", "<<>>"),
        ("OCProperties", "<<>>"),
        ("StructTreeRoot", "<<>>"),
        ("Lang", "(en)"),
        ("Extensions", "<<>>"),
        ("Collection", "<<>>"),
    ],
    present: &["/Pages 2 0 R", "/AcroForm 6 0 R", "/AcroForm null", "/Pages 12 0 R", "/Type/Catalog"],
};

const FORM_KEYS: Place = Place {
    twice: "form_key_twice",
    hidden: "form_key_hidden",
    number: 6,
    body: FORM,
    entries: &[("DA", "(/F1 0 Tf)"), ("DR", "<<>>"), ("Q", "0"), ("CO", "[]"), ("NeedAppearances", "false"), ("XFA", "[]")],
    present: &["/Fields[10 0 R]", "/Fields[]", "/SigFlags 0", "/SigFlags 3"],
};

const PAGE_KEYS: Place = Place {
    twice: "page_key_twice",
    hidden: "page_key_hidden",
    number: 3,
    body: PAGE,
    entries: &[
        ("Rotate", "0"),
        ("CropBox", "[0 0 595 842]"),
        ("BleedBox", "[0 0 595 842]"),
        ("TrimBox", "[0 0 595 842]"),
        ("ArtBox", "[0 0 595 842]"),
        ("UserUnit", "1"),
        ("Group", "<<>>"),
        ("AA", "<<>>"),
        ("Metadata", "14 0 R"),
        ("AF", "[]"),
    ],
    present: &["/Contents 14 0 R", "/Contents 4 0 R", "/MediaBox[0 0 1 1]", "/Resources<<>>", "/Annots[]", "/Parent 2 0 R", "/Type/Page"],
};

const TREE_KEYS: Place = Place {
    twice: "page_tree_key_twice",
    hidden: "page_tree_key_hidden",
    number: 2,
    body: PAGES,
    entries: &[("Rotate", "0"), ("MediaBox", "[0 0 595 842]"), ("CropBox", "[0 0 595 842]"), ("Resources", "<<>>")],
    present: &["/Kids[3 0 R]", "/Kids[]", "/Count 1", "/Count 2", "/Type/Pages"],
};

fn twice(place: &Place) -> Family {
    let all: String = place.entries.iter().map(|(key, value)| format!("/{key} {value}")).collect();
    let mut family = Family::new(place.twice, "a key stands twice where it decides what is shown: two readers show two documents")
        .control("once each", signed())
        .control("more keys, once each", with(&[(place.number, &more(place.body, &all))]));
    for (key, value) in place.entries {
        let body = more(place.body, &format!("/{key} {value}/{key} {value}"));
        family = family.refused(format!("/{key}"), with(&[(place.number, &body)]), "duplicate_key");
    }
    for entry in place.present {
        family = family.refused(*entry, with(&[(place.number, &more(place.body, entry))]), "duplicate_key");
    }
    family
}

fn hidden(place: &Place) -> Family {
    let mut family = Family::new(place.hidden, "a standard key behind an escape where it decides what is shown: some readers miss it")
        .control("plain", signed())
        .control("an ordinary key escaped", with(&[(place.number, &more(place.body, "/M#61rk 1"))]));
    for (key, value) in place.entries {
        let body = more(place.body, &format!("{} {value}", escaped(key)));
        family = family.refused(format!("/{key}"), with(&[(place.number, &body)]), "escaped_key");
    }
    family
}

fn trailer_twice() -> Family {
    let make = |extra: &str| seal(unsealed(&signature(""), &[], extra));
    let mut family = Family::new("trailer_key_twice", "a trailer's key stands twice: two readers open two documents")
        .control("once each", make("/Info<</Title(Loan)>>"));
    for entry in [
        "/Root 1 0 R",
        "/Root 2 0 R",
        "/Size 60",
        "/ID[<03><04>]",
        "/Info null/Info null",
        "/Prev 0/Prev 0",
        "/Unknown 1/Unknown 2",
        "/Extensions<<>>/Extensions<<>>",
    ] {
        family = family.refused(entry, make(entry), "duplicate_key");
    }
    // The trailer of an older revision leads to everything below it, too.
    let older = write(&[(1, "<</Type/Catalog/Pages 2 0 R>>"), (2, PAGES), (3, PAGE), (4, CONTENT)], "");
    let between = |extra: &str| finish(&older, older.clone(), "0 0\n", extra);
    family = family.control("three revisions", above(&between("")));
    for extra in ["/Prev 0", "/Size 5", "/Info null/Info null"] {
        family = family.refused(format!("{extra} in an older revision"), above(&between(extra)), "duplicate_key");
    }
    family
}

/// One more revision that signs.
fn above(base: &[u8]) -> Vec<u8> {
    let dictionary = signature("");
    let objects = objects(&dictionary, &[]);
    seal(super::super::document::updated(base, &objects, ""))
}

/// So many levels of the page tree above the second page, which is `page`.
fn nested(levels: u32, page: &str) -> Vec<u8> {
    let tree: Vec<(u32, String)> = (0..levels)
        .map(|n| {
            let (parent, kid) = (if n == 0 { 2 } else { 99 + n }, if n + 1 == levels { 99 } else { 101 + n });
            (100 + n, format!("<</Type/Pages/Parent {parent} 0 R/Kids[{kid} 0 R]/Count 1>>"))
        })
        .collect();
    let mut objects: Vec<(u32, &str)> = tree.iter().map(|(n, body)| (*n, body.as_str())).collect();
    objects.extend([(2, "<</Type/Pages/Kids[3 0 R 100 0 R]/Count 2>>"), (99, page)]);
    with(&objects)
}

fn deep_tree() -> Family {
    let plain = "<</Type/Page/MediaBox[0 0 9 9]>>";
    let mut family = Family::new("page_tree_too_deep", "a page below more levels than a verifier walks: it is shown and not looked at")
        .control("a few levels", nested(5, plain))
        .control("as many as may be", nested(60, plain));
    for levels in [64, 65, 70, 200] {
        family = family.refused(format!("{levels} levels"), nested(levels, plain), "signed_structure_damaged");
    }
    family.refused(
        "a key twice below them",
        nested(80, "<</Type/Page/MediaBox[0 0 9 9]/Contents 4 0 R/Contents 14 0 R>>"),
        "signed_structure_damaged",
    )
}

/// More pages than anybody would look at.
fn far_page() -> Family {
    let make = |page: &str, first: bool| {
        let many: String = (100..2300).map(|n| format!("{n} 0 R ")).collect();
        let kids = if first { format!("23 0 R 3 0 R {many}") } else { format!("{many}3 0 R 23 0 R") };
        let tree = format!("<</Type/Pages/Kids[{kids}]/Count 2202>>");
        let mut objects = vec![(2, tree.as_str()), (23, page)];
        objects.extend((100..2300).map(|n| (n, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>")));
        with(&objects)
    };
    let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>";
    let twice = more(page, "/Contents 14 0 R");
    let hidden = page.replace("/Contents", "/Content#73");
    Family::new("fault_on_a_far_page", "a doubtful key behind more pages than a verifier walks")
        .control("2,202 pages", make(page, false))
        .refused("twice on the last page", make(&twice, false), "duplicate_key")
        .refused("twice on the first page", make(&twice, true), "duplicate_key")
        .refused("hidden on the last page", make(&hidden, false), "escaped_key")
        .refused("hidden on the first page", make(&hidden, true), "escaped_key")
}

fn trailer_hidden() -> Family {
    let make = |extra: &str| seal(unsealed(&signature(""), &[], extra));
    let mut family = Family::new("trailer_key_hidden", "a trailer's standard key behind an escape: some readers miss it")
        .control("plain", make(""))
        .control("an ordinary key escaped", make("/M#61rk 1"));
    for (key, value) in [
        ("Info", "<</Title(Loan)>>"),
        ("Prev", "0"),
        ("XRefStm", "0"),
        ("Encrypt", "null"),
        ("Version", "/1.7"),
        ("Extensions", "<<>>"),
        ("Metadata", "null"),
        ("Type", "/XRef"),
    ] {
        family = family.refused(format!("/{key}"), make(&format!("{} {value}", escaped(key))), "escaped_key");
    }
    family
}
