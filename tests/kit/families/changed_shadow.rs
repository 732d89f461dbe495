//! Shadow attacks (Mainka, Mladenov, Rohlmann, 2021): the document is made with its second content, which an update hides, replaces or
//! activates; and what is smuggled in below a harmless place. Numbers and generations with them.

use super::super::Family;
use super::super::authority::authority;
use super::super::document::{body, find, find_last, finish};
use super::super::seal::{seal, signature};
use super::super::sections::put;
use super::deed::{INFO, Objects, changed, deed, look, more, objects, set, stream, swap, update, with_objects};
use base64ct::Encoding as _;

const LATER: &str = "later_change";

pub(crate) fn families() -> Vec<Family> {
    vec![hide(), replace(), activate(), waiting(), store(), store_parts(), damaged(), numbers(), bytes()]
}

/// An overlay of the signed page is taken away.
fn hide() -> Family {
    let cover = "<</Type/Annot/Subtype/Square/Rect[72 700 300 740]/F 4/P 3 0 R/IC[1]/AP<</N 53 0 R>>>>";
    let base = with_objects(
        objects("", "", ""),
        &[
            (
                3,
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents[4 0 R 33 0 R 44 0 R]/Resources 28 0 R/Annots[52 0 R 7 0 R 10 0 R]>>",
            ),
            (52, cover),
            (53, &stream("/Type/XObject/Subtype/Form/BBox[0 0 9 9]", "1 g 0 0 9 9 re f")),
            (44, &stream("", "/Im Do")),
        ],
    );
    let freed = |number: u32| finish(&base, base.clone(), &format!("{number} 1\n0000000000 00001 f \n"), INFO);
    let cases: Vec<(&str, Objects)> = vec![
        ("the picture is null", vec![set(35, "null")]),
        ("the picture is of another kind", vec![set(35, "<</Type/XObject/Subtype/Image>>")]),
        ("the picture is empty", vec![set(35, &stream("/Type/XObject/Subtype/Form/BBox[0 0 0 0]", ""))]),
        ("the covering content is empty", vec![set(44, &stream("", ""))]),
        ("the covering annotation is null", vec![set(52, "null")]),
        ("the covering annotation is hidden", vec![swap(&base, 52, "/F 4", "/F 2")]),
        ("the covering annotation is small", vec![swap(&base, 52, "72 700 300 740", "0 0 1 1")]),
        ("the covering annotation's look", vec![set(53, &stream("/Type/XObject/Subtype/Form/BBox[0 0 9 9]", ""))]),
        ("the covering annotation is taken out", vec![swap(&base, 3, "[52 0 R ", "[")]),
        ("the covering layer", vec![swap(&base, 1, "/OFF[26 0 R]", "")]),
        ("the covering field", vec![swap(&base, 7, "/F 4", "/F 2")]),
    ];
    let family = changed("shadow_hide", "what covered the second text is taken away", &base, LATER, cases);
    family.refused("the picture is freed", freed(35), LATER).refused("the annotation is freed", freed(52), LATER).refused(
        "its look is freed",
        freed(53),
        LATER,
    )
}

/// What is seen is swapped through something that looks harmless.
fn replace() -> Family {
    let base = deed();
    let cases: Vec<(&str, Objects)> = vec![
        ("the sum through its font's letters", vec![swap(&base, 29, "/one/two", "/nine/two"), swap(&base, 27, "(Deed)", "(Deed.)")]),
        ("the sum through its font's program", vec![set(32, &stream("", "another program")), more(&base, 1, "/Version/1.7")]),
        ("a value and its font", vec![swap(&base, 7, "(100)", "(999)"), swap(&base, 48, "/Helvetica", "/Symbol")]),
        ("a value under its old look", vec![swap(&base, 7, "/V(100)", "/V(999)"), set(25, &stream("/Type/Metadata/Subtype/XML", "<x/>"))]),
        ("a look over its old value", vec![set(12, &look("999")), set(25, &stream("/Type/Metadata/Subtype/XML", "<x/>"))]),
        ("the form's fonts through a new name", vec![swap(&base, 6, "/Helv 48 0 R", "/Helv 5 0 R/Old 48 0 R")]),
        (
            "looks made anew with another font",
            vec![swap(&base, 6, "/SigFlags", "/NeedAppearances true/SigFlags"), swap(&base, 7, "/Helv 9", "/Symb 9")],
        ),
        (
            "the overlay's picture",
            vec![set(35, &stream("/Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8", "\u{1}"))],
        ),
    ];
    changed("shadow_replace", "the signed text stays, and is seen otherwise", &base, LATER, cases)
}

/// Objects that nothing used come to be used: through references, or through a table that leads to their bytes.
fn activate() -> Family {
    // A twin of objects 3, 4 and 6 hidden in a stream.
    let twins = "3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 44 0 R/Resources 28 0 R>>\nendobj\n\
                 4 0 obj\n<</Length 9>>\nstream\n0 0 9 9 re\nendstream\nendobj\n6 0 obj\n<</Fields[]>>\nendobj\n\
                 2 0 obj\n<</Type/Pages/Kids[47 0 R]/Count 1>>\nendobj\n1 0 obj\n<</Type/Catalog/Pages 46 0 R>>\nendobj\n"
        .replace("/Length 9", "/Length 10")
        .replace(" 0 obj\n", " 0 obj ");
    let base = with_objects(objects("", "", ""), &[(44, &stream("", &format!("BT ET\n{twins}")))]);
    let at = |what: &str, from: &[u8]| find_last(from, what.as_bytes()).expect("a twin") + 1;
    let led = |number: u32| {
        let place = at(&format!("\n{number} 0 obj"), &base);
        finish(&base, base.clone(), &format!("{number} 1\n{place:010} 00000 n \n"), INFO)
    };
    let to = |number: u32, other: u32| {
        let place = find(&base, format!("\n{other} 0 obj").as_bytes()).expect("there") + 1;
        finish(&base, base.clone(), &format!("{number} 1\n{place:010} 00000 n \n"), INFO)
    };
    let cases: Vec<(&str, Objects)> = vec![
        ("the content", vec![swap(&base, 3, "[4 0 R", "[44 0 R")]),
        ("the page", vec![swap(&base, 2, "3 0 R", "47 0 R")]),
        ("the page tree", vec![swap(&base, 1, "/Pages 2 0 R", "/Pages 46 0 R")]),
        ("the catalog's entries", vec![set(1, "<</Type/Catalog/Pages 46 0 R/AcroForm 6 0 R>>")]),
    ];
    let mut family = changed(
        "shadow_hide_and_replace",
        "the second content stands unused in the signed document, and an update activates it",
        &base,
        LATER,
        cases,
    )
    .control("a table that leads where the old one led", {
        let place = find(&base, b"\n4 0 obj").expect("there") + 1;
        finish(&base, base.clone(), &format!("4 1\n{place:010} 00000 n \n"), INFO)
    });
    for (name, bytes) in [
        ("the twin of the page", led(3)),
        ("the twin of the content", led(4)),
        ("the twin of the form", led(6)),
        ("the twin of the page tree", led(2)),
        ("the twin of the catalog", led(1)),
        ("the unused catalog", finish(&base, base.clone(), "0 0\n", "/Root 45 0 R")),
    ] {
        family = family.refused(name, bytes, LATER);
    }
    // Another object's number stands there: no reader of the standard finds the object.
    for (number, other) in [(4, 44), (3, 47), (2, 46)] {
        family = family.refused(format!("{number} read where {other} stands"), to(number, other), "changes_undecided");
    }
    family
}

/// The kit's own root as a stream of validation data.
fn certificate() -> String {
    let lines = String::from_utf8(authority().root.clone()).expect("PEM");
    let der = base64ct::Base64::decode_vec(&lines.lines().filter(|line| !line.starts_with('-')).collect::<String>()).expect("base64");
    let hex: String = der.iter().map(|byte| format!("{byte:02x}")).collect();
    stream("/Filter/ASCIIHexDecode", &format!("{hex}>"))
}

/// Brought by an update and used by nothing yet: a second update would only have to name it.
fn waiting() -> Family {
    let base = deed();
    let mut family = Family::new("waiting_objects", "an update brings what nothing names yet")
        .control("a font that nothing names", update(&base, &vec![set(52, "<</Type/Font/Subtype/Type1/BaseFont/Courier>>")], INFO))
        .control("information replaced by other information", {
            let once = update(&base, &vec![set(52, "<</Title(A)>>")], "/Info 52 0 R");
            update(&once, &vec![set(53, "<</Title(B)>>")], "/Info 53 0 R")
        })
        .control(
            "information that no trailer names",
            update(&base, &vec![set(52, "<</CreationDate(D:20260102000000Z)/Producer()>>")], INFO),
        )
        .control("a certificate", update(&base, &vec![set(52, &certificate())], INFO))
        .control(
            "the store before the last, with its certificates",
            update(
                &base,
                &vec![
                    set(52, &certificate()),
                    set(53, "[52 0 R]"),
                    set(54, "<</Cert 53 0 R>>"),
                    set(55, "<</Type/VRI/0123456789ABCDEF0123456789ABCDEF01234567 54 0 R>>"),
                    set(56, "<</Type/DSS/Certs 53 0 R/VRI 55 0 R>>"),
                ],
                INFO,
            ),
        )
        .control(
            "a cross-reference stream that no reader comes by",
            update(&base, &vec![set(52, &stream("/Type/XRef/Size 60/W[1 4 2]/Index[0 0]/Root 1 0 R", ""))], INFO),
        )
        .control("nothing", update(&base, &Objects::new(), INFO));
    for (name, body) in [
        ("a certificate that is a picture", certificate().replace("<<", "<</Type/XObject/Subtype/Image")),
        ("a store with a page", "<</Type/DSS/Certs[3 0 R]>>".into()),
        ("a store with nothing in it", "<<>>".into()),
        ("a cross-reference stream to another catalog", stream("/Type/XRef/Size 60/W[1 4 2]/Index[0 0]/Root 45 0 R", "")),
        ("information with an outline's key", "<</Title(A)/Parent 20 0 R>>".into()),
        ("information with a list", "<</Title[(A)]>>".into()),
        ("a content", stream("", "0 0 9 9 re f")),
        ("a content that calls itself a font", stream("/Type/Font", "0 0 9 9 re f")),
        ("a page", "<</Type/Page/Parent 2 0 R/Contents 44 0 R>>".into()),
        ("a page tree", "<</Type/Pages/Kids[47 0 R]/Count 1>>".into()),
        ("a catalog", "<</Type/Catalog/Pages 46 0 R>>".into()),
        ("a field", "<</FT/Tx/T(more)/V(999)>>".into()),
        ("an annotation", "<</Type/Annot/Subtype/Stamp/Rect[0 0 9 9]>>".into()),
        ("an action", "<</S/JavaScript/JS(1)>>".into()),
        ("an embedded file", stream("/Type/EmbeddedFile", "x")),
        ("a signature", "<</Type/Sig/Filter/Adobe.PPKLite>>".into()),
        ("an array", "[3 0 R]".into()),
        ("a number", "7".into()),
        ("validation data", stream("", "abc")),
    ] {
        family = family.refused(name, update(&base, &vec![set(52, &body)], INFO), LATER);
    }
    family
}

/// Content that comes in as validation data.
fn store() -> Family {
    let base = deed();
    let store = |dss: &str| more(&base, 1, &format!("/DSS{dss}"));
    let data = || set(52, &stream("", "abc"));
    let content = || stream("", "0 0 595 842 re f");
    let mut family = Family::new("store_smuggled", "page content comes in as validation data")
        .control("certificates", update(&base, &vec![store("<</Certs[52 0 R]>>"), data()], INFO))
        .control(
            "all of it, by reference",
            update(
                &base,
                &vec![
                    store(" 53 0 R"),
                    data(),
                    set(53, "<</Type/DSS/Certs[52 0 R]/OCSPs 54 0 R/CRLs[52 0 R]/VRI 55 0 R>>"),
                    set(54, "[52 0 R]"),
                    set(55, "<</0123456789ABCDEF0123456789ABCDEF01234567<</Type/VRI/Cert[52 0 R]/OCSP[52 0 R]/TU(D:20260101)>>>>"),
                ],
                INFO,
            ),
        );
    for (name, objects) in [
        ("a content that the page named", vec![store("<</Certs[33 0 R]>>"), set(33, &content())]),
        ("an XObject that the page named", vec![store("<</CRLs[50 0 R]>>"), set(50, &look("999"))]),
        ("a font that the page named", vec![store("<</Certs[52 0 R 51 0 R]>>"), data(), set(51, &stream("/Type/Font", "x"))]),
        ("in an entry", vec![store("<</VRI<</A<</Cert[33 0 R]>>>>>>"), set(33, &content())]),
        ("as a time stamp", vec![store("<</VRI<</A<</TS 33 0 R>>>>>>"), set(33, &content())]),
        ("as the list itself", vec![store("<</Certs 33 0 R>>"), set(33, "[44 0 R]")]),
        ("as the store itself", vec![store(" 33 0 R"), set(33, "<</Certs[]>>")]),
        ("the page's own content", vec![store("<</Certs[4 0 R]>>"), set(4, &content())]),
        ("and the page's own content", vec![store("<</Certs[52 0 R]>>"), data(), set(4, &content())]),
        ("the font program", vec![store("<</Certs[32 0 R]>>"), set(32, &stream("", "another program"))]),
        ("below a certificate", vec![store("<</Certs[52 0 R]>>"), set(52, &stream("/Name 33 0 R", "abc")), set(33, &content())]),
        ("the look of a field", vec![store("<</Certs[12 0 R]>>"), set(12, &look("999"))]),
    ] {
        family = family.refused(name, update(&base, &objects, INFO), LATER);
    }
    family
}

/// A store that holds or loses something else than validation data.
fn store_parts() -> Family {
    let entry = "0123456789ABCDEF0123456789ABCDEF01234567";
    let base = with_objects(
        objects("/DSS 52 0 R", "", ""),
        &[(52, &format!("<</Certs[53 0 R]/OCSPs[53 0 R]/VRI<</{entry}<</Cert[53 0 R]>>>>>>")), (53, &stream("", "abc"))],
    );
    let cases: Vec<(&str, Objects)> = vec![
        ("an unknown key", vec![more(&base, 52, "/Outlines 20 0 R")]),
        ("an action", vec![more(&base, 52, "/OpenAction<</S/JavaScript/JS(1)>>")]),
        ("an unknown key of an entry", vec![swap(&base, 52, "/Cert[53 0 R]", "/Cert[53 0 R]/AP 12 0 R")]),
        ("an entry that is a stream", vec![swap(&base, 52, "<</Cert[53 0 R]>>", "54 0 R"), set(54, &stream("", "0 0 9 9 re f"))]),
        ("an entry's time as a stream", vec![swap(&base, 52, "/Cert[53 0 R]", "/Cert[53 0 R]/TU 54 0 R"), set(54, &stream("", "x"))]),
        (
            "a dictionary among the certificates",
            vec![swap(&base, 52, "[53 0 R]/OCSPs", "[53 0 R 54 0 R]/OCSPs"), set(54, "<</Type/Page>>")],
        ),
        ("a text among the certificates", vec![swap(&base, 52, "[53 0 R]/OCSPs", "[53 0 R(x)]/OCSPs")]),
        (
            "a picture among the certificates",
            vec![swap(&base, 52, "[53 0 R]/OCSPs", "[53 0 R 54 0 R]/OCSPs"), set(54, &stream("/Subtype/Image/Width 1", "x"))],
        ),
        ("a certificate in another file", vec![swap(&base, 52, "[53 0 R]/OCSPs", "[53 0 R 54 0 R]/OCSPs"), set(54, &stream("/F(x)", "x"))]),
        ("a number for a list", vec![more(&base, 52, "/CRLs 7")]),
        ("a key twice", vec![more(&base, 52, "/Certs[]")]),
        ("no store", vec![swap(&base, 1, "/DSS 52 0 R", "")]),
        ("a store that is null", vec![set(52, "null")]),
        ("no answers", vec![swap(&base, 52, "/OCSPs[53 0 R]", "")]),
        ("no entries", vec![swap(&base, 52, &format!("/VRI<</{entry}<</Cert[53 0 R]>>>>"), "")]),
        ("another entry in its place", vec![swap(&base, 52, entry, "76543210FEDCBA9876543210FEDCBA9876543210")]),
    ];
    let grown = update(&base, &vec![swap(&base, 52, "[53 0 R]/OCSPs", "[53 0 R 54 0 R]/OCSPs"), set(54, &stream("", "def"))], INFO);
    changed("store_parts", "the store of validation data holds something else, or loses a part", &base, LATER, cases)
        .control("one more certificate", grown)
}

/// An object that only lenient viewers can read names a number that comes alive later.
fn damaged() -> Family {
    let form = |reference: &str, length: &str| {
        format!(
            "<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</Late {reference}>>>>/Length {length}>>\nstream\n/Late Do\nendstream"
        )
    };
    let base = |object: &str| with_objects(objects("", "", ""), &[(55, object)]);
    let late = |base: &[u8]| {
        let store = more(base, 1, "/DSS<</Certs[54 0 R]>>");
        update(base, &vec![store, set(54, &stream("", "0 0 9 9 re f"))], INFO)
    };
    Family::new("damaged_reference", "what names the number that is to come alive cannot be read strictly, and so is not seen")
        .control("names another number", late(&base(&form("53 0 R", "999"))))
        .refused("a length that is too long", late(&base(&form("54 0 R", "999"))), LATER)
        .refused("a length that is too short", late(&base(&form("54 0 R", "2"))), LATER)
        .refused("no length", late(&base(&form("54 0 R", "null"))), LATER)
        .refused("a sound length", late(&base(&form("54 0 R", "8"))), LATER)
        .refused("a dictionary that does not end", late(&base("<</Late 54 0 R")), LATER)
}

fn numbers() -> Family {
    let base = with_objects(
        objects("", "", ""),
        &[(
            28,
            "<</Font<</F1 5 0 R/F9 51 0 R>>/XObject<</Im 35 0 R/Fm 36 0 R/Gx 44 1 R>>/Properties<</MC0 26 0 R>>/ExtGState<</GS 37 0 R>>>>",
        )],
    );
    let place = |number: u32| find(&base, format!("\n{number} 0 obj").as_bytes()).expect("there") + 1;
    let entry = |rows: &str| finish(&base, base.clone(), rows, INFO);
    let appended = |number: u32, generation: u32, body: &str| {
        let mut out = base.clone();
        let at = out.len();
        out.extend_from_slice(format!("{number} {generation} obj\n{body}\nendobj\n").as_bytes());
        finish(&base, out, &format!("{number} 1\n{at:010} {generation:05} n \n"), INFO)
    };
    let black = stream("", "0 0 595 842 re f");
    let mut family = Family::new("numbers", "numbers are freed, used again or given another generation")
        .control("the entry as it was", entry(&format!("4 1\n{:010} 00000 n \n", place(4))))
        .control("a free number freed", entry("59 1\n0000000000 00001 f \n"));
    for (name, bytes, reason) in [
        ("the content freed", entry("4 1\n0000000000 00001 f \n"), LATER),
        ("the content at offset nothing", entry("4 1\n0000000000 00000 n \n"), LATER),
        ("the font freed", entry("5 1\n0000000000 00001 f \n"), LATER),
        ("the font descriptor freed", entry("31 1\n0000000000 00001 f \n"), LATER),
        ("another font at the same number", appended(5, 0, "<</Type/Font/Subtype/Type1/BaseFont/Courier>>"), LATER),
        ("another generation of the content", appended(4, 1, &black), LATER),
        ("a generation that a page named", appended(44, 1, &black), LATER),
        ("the content under its number and another place", appended(4, 0, &black), LATER),
        ("a dangling number", appended(33, 0, &black), LATER),
        ("the unused one", appended(44, 0, &black), LATER),
        ("the page is an array", appended(42, 0, "[3 0 R]"), LATER),
        ("the page is a stream", appended(42, 0, &stream("/Type/Page/Parent 2 0 R/Contents 43 0 R", "")), LATER),
        ("the content is a number", appended(4, 0, "7"), LATER),
        ("the widths are a dictionary", appended(30, 0, "<<>>"), LATER),
        ("the font is a reference", appended(5, 0, "48 0 R"), LATER),
        ("two places for one number", entry(&format!("4 1\n{:010} 00000 n \n4 1\n{:010} 00000 n \n", place(4), place(4) + 1)), LATER),
    ] {
        family = family.refused(name, bytes, reason);
    }
    family
}

fn bytes() -> Family {
    let base = deed();
    let with = |between: &str| {
        let mut out = base.clone();
        out.extend_from_slice(between.as_bytes());
        let at = put(&mut out, 52, "<</Title(Deed)>>");
        finish(&base, out, &format!("52 1\n{at:010} 00000 n \n"), "/Info 52 0 R")
    };
    let signed_along = {
        let mut out = base.clone();
        out.extend_from_slice(b"4 0 obj\n<</Length 3>>\nstream\nabc\nendstream\nendobj\n");
        let mut entries = String::new();
        let field = body(&base, 19).replacen("/T(Witness)", "/T(Witness)/V 52 0 R", 1);
        for (number, text) in [(19, field), (52, signature(""))] {
            let at = put(&mut out, number, &text);
            entries += &format!("{number} 1\n{at:010} 00000 n \n");
        }
        seal(finish(&base, out, &entries, INFO))
    };
    let mut family =
        Family::new("bytes_of_nothing", "an update holds objects that its table does not name: viewers that rebuild a file use them")
            .control("nothing", with(""))
            .control("a comment", with("% made by nobody\n"))
            .control("white space", with("\n\n   \n"))
            .refused("an object, and a second signature over it", signed_along, LATER);
    for (name, text) in [
        ("an object", "4 0 obj\n<</Length 3>>\nstream\nabc\nendstream\nendobj\n"),
        ("an object of another generation", "4 1 obj\n<<>>\nendobj\n"),
        ("a catalog", "1 0 obj\n<</Type/Catalog/Pages 46 0 R>>\nendobj\n"),
        ("half an object", "4 0 obj\n<</Length 3>>\n"),
        ("a word", "endstream\n"),
        ("a table", "xref\n0 0\n"),
        ("a trailer", "trailer\n<</Root 45 0 R>>\n"),
        ("an end", "startxref\n9\n"),
        ("a text", "(abc)\n"),
        ("zeros and a text", "\0\0\0abc\n"),
    ] {
        family = family.refused(name, with(text), LATER);
    }
    family
}
