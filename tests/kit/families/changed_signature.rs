//! Signatures made later: where they lie, what they bring along, what only calls itself one.

use super::super::Family;
use super::super::document::{body, signed_visibly};
use super::super::seal::{seal, signature};
use super::deed::{INFO, Objects, changed, deed, look, more, objects, set, stream, swap, update, with_objects};

const LATER: &str = "later_change";
/// Nothing is there.
const BLANK: &str = "300 100 500 160";

pub(crate) fn families() -> Vec<Family> {
    vec![
        sneaky(),
        undecidable(),
        shown(),
        floating(),
        brought_along(),
        widgets(),
        names(),
        doubles(),
        unverified(),
        once_more(),
        defaults(),
    ]
}

/// A signature in field 40 and dictionary 41 with a look in 52, where `rect` says.
fn signed_at(base: &[u8], rect: &str, field: &str, look: &str, more: &Objects) -> Vec<u8> {
    let widget = format!("<</Type/Annot/Subtype/Widget/FT/Sig/T(Second)/V 41 0 R/Rect[{rect}]/F 132/P 3 0 R/AP<</N 52 0 R>>{field}>>");
    let mut objects = vec![
        swap(base, 6, "10 0 R]", "10 0 R 40 0 R]"),
        swap(base, 3, "10 0 R]", "10 0 R 40 0 R]"),
        (40, widget),
        (41, signature("")),
        (52, look.to_owned()),
    ];
    for (number, body) in more {
        match objects.iter_mut().find(|(n, _)| n == number) {
            Some((_, known)) => known.clone_from(body),
            None => objects.push((*number, body.clone())),
        }
    }
    seal(update(base, &objects, INFO))
}

fn plain(base: &[u8], rect: &str) -> Vec<u8> {
    signed_at(base, rect, "", &look("signed"), &Vec::new())
}

/// The sneaky signature attack (Mainka and others, 2021): a signature's look covers what was signed.
fn sneaky() -> Family {
    let base = deed();
    let mut family = Family::new("sneaky_signature", "a second signature's box covers what the first one signed")
        .control("on blank paper", plain(&base, BLANK))
        .control("without an area", plain(&base, "0 0 0 0"))
        .control("as it is made here", signed_visibly(&base, 1, [300.0, 100.0, 200.0, 60.0]))
        .control("in the empty field", {
            let field = format!("{}/V 41 0 R/AP<</N 52 0 R>>>>", body(&base, 19).strip_suffix(">>").expect("a dictionary"));
            seal(update(&base, &vec![(19, field), (41, signature("")), (52, look("signed"))], INFO))
        });
    for (name, rect) in [
        ("over the sum", "72 700 300 740"),
        ("over one letter", "72 720 78 726"),
        ("over the picture", "80 610 90 640"),
        ("over the form", "72 540 100 550"),
        ("over the hidden layer", "80 505 160 515"),
        ("over a field", "300 400 400 420"),
        ("over the tick", "300 330 320 350"),
        ("over a rate", "330 300 350 320"),
        ("over the whole page", "0 0 595 842"),
        ("over more than the page", "-1000 -1000 2000 2000"),
        ("with its corners in the other order", "300 740 72 700"),
        ("with its edge on the text", "100 600 200 721"),
        ("without a width, over the sum", "100 700 100 740"),
        ("without a height, over the sum", "72 724 300 724"),
    ] {
        family = family.refused(name, plain(&base, rect), LATER);
    }
    family.refused("as it is made here, over the sum", signed_visibly(&base, 1, [72.0, 700.0, 200.0, 60.0]), LATER)
}

/// Pages of which nobody can tell what they show.
fn undecidable() -> Family {
    let page = |content: &str| with_objects(objects("", "", ""), &[(4, &stream("", content))]);
    let unclear = page("/Missing Do");
    let mut family = Family::new("undecidable_place", "a signature lies where the signed page may show something to some viewers")
        .control("on blank paper", plain(&page("BT /F1 12 Tf 72 720 Td (100) Tj ET"), BLANK))
        .control("without an area", plain(&unclear, "0 0 0 0"));
    for (name, content) in [
        ("an object that is not there", "/Missing Do"),
        ("a state that is not there", "/Missing gs"),
        ("a font that is not there", "BT /Missing 12 Tf (x) Tj ET"),
        ("text without a font", "BT (x) Tj ET"),
        ("a path without a beginning", "10 20 l S"),
        ("an operator that nobody knows", "1 2 3 whatever"),
        ("too few operands", "1 2 re f"),
        ("a string that does not end", "(open"),
    ] {
        family = family.refused(name, plain(&page(content), BLANK), LATER);
    }
    family
}

/// An empty field that nobody saw is signed, and seen.
fn shown() -> Family {
    let hidden = "<</Type/Annot/Subtype/Widget/F 2/P 3 0 R/FT/Sig/T(Witness)/Rect[72 700 300 740]>>";
    let base = with_objects(objects("", "", ""), &[(19, hidden)]);
    let signed = |flags: &str| {
        let field = hidden.replace("/F 2", flags).replace(">>", "/V 41 0 R/AP<</N 52 0 R>>>>");
        seal(update(&base, &vec![set(19, &field), (41, signature("")), (52, look("signed"))], INFO))
    };
    let mut family = Family::new("hidden_field_shown", "a field that was hidden over the text is signed and shown there")
        .control("signed, and hidden as it was", signed("/F 2"));
    for (name, flags) in [("shown", "/F 4"), ("without flags", ""), ("locked", "/F 132"), ("where it does not turn", "/F 18")] {
        family = family.refused(name, signed(flags), LATER);
    }
    // The flags as a number of its own.
    let apart = hidden.replace("/F 2", "/F 53 0 R");
    let base = with_objects(objects("", "", ""), &[(19, &apart), (53, "2")]);
    let signed = |flags: &str| {
        let field = apart.replace("/F 53 0 R", flags).replace(">>", "/V 41 0 R/AP<</N 52 0 R>>>>");
        seal(update(&base, &vec![set(19, &field), (41, signature("")), (52, look("signed"))], INFO))
    };
    family
        .control("signed, and hidden by a number of its own", signed("/F 53 0 R"))
        .refused("shown, hidden by a number of its own", signed("/F 4"), LATER)
        .refused("without flags, hidden by a number of its own", signed(""), LATER)
}

/// Boxes that lie on blank paper, and looks that do not stay there.
fn floating() -> Family {
    let base = deed();
    let with = |field: &str, look: &str| signed_at(&base, BLANK, field, look, &Vec::new());
    let form = |dict: &str| stream(&format!("/Type/XObject/Subtype/Form{dict}"), "0 0 1000 1000 re f");
    let usual = look("signed");
    let mut family = Family::new("floating_signature", "a signature's box is harmless, and its look lies elsewhere")
        .control("in its box", with("", &usual))
        .control("with a matrix", with("", &form("/BBox[0 0 100 100]/Matrix[2 0 0 2 9 9]")));
    for (name, bytes) in [
        ("without a box", with("", &form(""))),
        ("with half a box", with("", &form("/BBox[0 0]"))),
        ("with a box of names", with("", &form("/BBox[/a/b/c/d]"))),
        ("with a box of nothing", with("", &form("/BBox null"))),
        ("with a box that is not there", with("", &form("/BBox 59 0 R"))),
    ] {
        family = family.refused(name, bytes, LATER);
    }
    let widget = |flags: u32, rect: &str| {
        let field = format!("<</Type/Annot/Subtype/Widget/FT/Sig/T(Second)/V 41 0 R{rect}/F {flags}/P 3 0 R/AP<</N 52 0 R>>>>");
        signed_at(&base, BLANK, "", &usual, &vec![set(40, &field)])
    };
    family
        .refused("does not turn with the page", widget(148, &format!("/Rect[{BLANK}]")), LATER)
        .refused("does not grow with the page", widget(140, &format!("/Rect[{BLANK}]")), LATER)
        .refused("without a place", widget(132, "/Subtype/Widget"), LATER)
        .refused("with half a place", widget(132, "/Rect[300 100]"), LATER)
        .refused("with a place of names", widget(132, "/Rect[/a/b/c/d]"), LATER)
}

fn brought_along() -> Family {
    let base = deed();
    let with = |field: &str, more: Objects| signed_at(&base, BLANK, field, &look("signed"), &more);
    let mut family = Family::new("brought_along", "a sound second signature, and something else in the same update")
        .control("nothing else", plain(&base, BLANK));
    for (name, bytes) in [
        ("another text", with("", vec![set(4, &stream("", "BT ET"))])),
        ("another font", with("", vec![swap(&base, 5, "/BaseFont/Deed", "/BaseFont/Debt")])),
        ("a value", with("", vec![swap(&base, 7, "(100)", "(999)")])),
        ("a page's entry", with("", vec![swap(&base, 3, "10 0 R]", "10 0 R 40 0 R]/Rotate 90")])),
        (
            "a note beside it",
            with(
                "",
                vec![
                    swap(&base, 3, "10 0 R]", "10 0 R 40 0 R 53 0 R]"),
                    set(53, "<</Type/Annot/Subtype/FreeText/Rect[72 700 300 740]/Contents(999)>>"),
                ],
            ),
        ),
        (
            "a note on the other page",
            with("", vec![more(&base, 42, "/Annots[53 0 R]"), set(53, "<</Type/Annot/Subtype/Stamp/Rect[72 700 300 740]>>")]),
        ),
        ("its widget on the other page, too", with("", vec![more(&base, 42, "/Annots[40 0 R]"), set(43, &stream("", "BT ET"))])),
        ("an action of the field", with("/AA<</E<</S/JavaScript/JS(1)>>>>", Objects::new())),
        ("an action of the widget", with("/A<</S/JavaScript/JS(1)>>", Objects::new())),
        ("a layer of the widget", with("/OC 26 0 R", Objects::new())),
        ("a key twice", with(&format!("/Rect[{BLANK}]"), Objects::new())),
        ("a hidden key", with("/R#65ct[72 700 300 740]", Objects::new())),
        ("a script of the document", with("", vec![more(&base, 1, "/OpenAction<</S/JavaScript/JS(1)>>")])),
        ("permissions", with("", vec![more(&base, 1, "/Perms<</DocMDP 41 0 R>>")])),
        ("an object nobody names", with("", vec![set(53, "<</Type/Page/Contents 44 0 R>>")])),
        ("a look that is the page's content", with("/MK<</I 4 0 R>>", vec![set(4, &stream("", "BT ET"))])),
        (
            "a name that nobody had",
            with("/MK<</I 50 0 R>>", vec![set(50, &stream("/Type/XObject/Subtype/Form/BBox[0 0 9 9]", "0 0 9 9 re f"))]),
        ),
    ] {
        family = family.refused(name, bytes, LATER);
    }
    family
}

/// The first signature, which verifies, is given a second face; or a face that belongs to none.
fn widgets() -> Family {
    let base = deed();
    let face = |extra: &str| format!("<</Type/Annot/Subtype/Widget/Rect[{BLANK}]/F 4/P 3 0 R/AP<</N 53 0 R>>{extra}>>");
    let on_page = || swap(&base, 3, "38 0 R 10 0 R]", "38 0 R 10 0 R 52 0 R]");
    let listed =
        |field: &str| vec![on_page(), swap(&base, 6, "10 0 R]", "10 0 R 52 0 R]"), set(52, field), set(53, &look("And the house."))];
    let below = |field: &str| vec![on_page(), more(&base, 10, "/Kids[52 0 R]"), set(52, field), set(53, &look("And the house."))];
    let group = |node: &str, kid: &str| {
        vec![
            swap(&base, 3, "38 0 R 10 0 R]", "38 0 R 10 0 R 54 0 R]"),
            swap(&base, 6, "10 0 R]", "10 0 R 52 0 R]"),
            set(52, node),
            set(54, kid),
            set(53, &look("And the house.")),
        ]
    };
    let cases: Vec<(&str, Objects)> = vec![
        ("a kid of the signed field", below(&face("/Parent 10 0 R"))),
        ("a kid that names no parent", below(&face(""))),
        ("a kid with a type", below(&face("/FT/Sig/Parent 10 0 R"))),
        ("a kid with a name", below(&face("/FT/Sig/T(x)/Parent 10 0 R"))),
        ("listed, below the signed field", listed(&face("/FT/Sig/T(x)/Parent 10 0 R"))),
        ("listed without a name, below the signed field", listed(&face("/FT/Sig/Parent 10 0 R"))),
        ("listed without a type, below the signed field", listed(&face("/Parent 10 0 R"))),
        ("listed, below a text", listed(&face("/FT/Sig/T(x)/Parent 7 0 R"))),
        ("a node without a type", group("<</T(x)/Kids[54 0 R]>>", &face("/Parent 52 0 R"))),
        ("a node with a type", group("<</FT/Sig/T(x)/Kids[54 0 R]>>", &face("/Parent 52 0 R"))),
        ("a node without a name", group("<</Kids[54 0 R]>>", &face("/Parent 52 0 R"))),
        ("a group of an empty one", group("<</T(x)/Kids[54 0 R]>>", &face("/FT/Sig/T(y)/Parent 52 0 R"))),
        ("a group of none", vec![swap(&base, 6, "10 0 R]", "10 0 R 52 0 R]"), set(52, "<</FT/Sig/T(x)/Kids[]>>")]),
        ("a face in no form", vec![on_page(), set(52, &face("/FT/Sig/T(x)")), set(53, &look("And the house."))]),
        ("the empty field gets a face", vec![more(&base, 19, "/AP<</N 53 0 R>>"), set(53, &look("And the house."))]),
        (
            "the empty field gets a kid",
            vec![on_page(), more(&base, 19, "/Kids[52 0 R]"), set(52, &face("/Parent 19 0 R")), set(53, &look("And the house."))],
        ),
    ];
    changed("second_faces", "a widget that shows whatever it likes hides behind a signature that verifies", &base, LATER, cases)
}

fn names() -> Family {
    let base = deed();
    let named = |name: &str| {
        signed_at(
            &base,
            BLANK,
            "",
            &look("signed"),
            &vec![set(40, &format!("<</Type/Annot/Subtype/Widget/FT/Sig/T{name}/V 41 0 R/Rect[{BLANK}]/F 132/P 3 0 R/AP<</N 52 0 R>>>>"))],
        )
    };
    let mut family =
        Family::new("names_taken", "a second signature takes the name of another field, so that lists and viewers confuse the two")
            .control("a name of its own", named("(Third)"));
    for (name, text) in [
        ("the first signature's", "(Bank)"),
        ("the first signature's in other letters", "<FEFF00420061006E006B>"),
        ("the empty field's", "(Witness)"),
        ("a text's", "(amount)"),
        ("a group's", "(rate)"),
    ] {
        family = family.refused(name, named(text), LATER);
    }
    family
}

/// A key that stands twice when it is signed, once more with another value afterwards.
fn doubles() -> Family {
    let with = |resources: &str, form: &str| super::deed::with_objects(super::deed::objects("", "", ""), &[(28, resources), (36, form)]);
    let resources = |second: &str| {
        format!("<</Font<</F1 5 0 R/F1 {second}>>/XObject<</Im 35 0 R/Fm 36 0 R>>/Properties<</MC0 26 0 R>>/ExtGState<</GS 37 0 R>>>>")
    };
    let form = |second: &str| {
        stream(
            &format!("/Type/XObject/Subtype/Form/BBox[0 0 200 20]{second}/Resources<</Font<</F1 5 0 R>>>>"),
            "BT /F1 9 Tf (Signed and sealed.) Tj ET",
        )
    };
    let base = with(&resources("5 0 R"), &form("/BBox[0 0 200 20]"));
    let cases: Vec<(&str, Objects)> = vec![
        ("the second font", vec![set(28, &resources("48 0 R"))]),
        ("another name for the second", vec![set(28, &resources("5 0 R").replacen("/F1 5 0 R/F1", "/F1 5 0 R/F2", 1))]),
        ("the second box", vec![set(36, &form("/BBox[0 0 1 1]"))]),
        ("a matrix for the second box", vec![set(36, &form("/Matrix[1 0 0 1 900 0]"))]),
        ("the second name hidden", vec![set(28, &resources("5 0 R").replacen("/F1 5 0 R/F1", "/F1 5 0 R/#461", 1))]),
        ("the first font", vec![set(28, &resources("5 0 R").replacen("/F1 5 0 R", "/F1 48 0 R", 1))]),
    ];
    changed(
        "keys_twice_changed",
        "a key that was signed twice with one value gets a second value: one viewer takes the first, another the last",
        &base,
        LATER,
        cases,
    )
}

fn unverified() -> Family {
    const REASON: &str = "added_signature_unverified";
    let base = deed();
    let sound = plain(&base, BLANK);
    let with = |value: &str, dictionary: &str| {
        let field = format!("<</Type/Annot/Subtype/Widget/FT/Sig/T(Second)/V {value}/Rect[{BLANK}]/F 132/P 3 0 R/AP<</N 52 0 R>>>>");
        let objects = vec![
            swap(&base, 6, "10 0 R]", "10 0 R 40 0 R]"),
            swap(&base, 3, "10 0 R]", "10 0 R 40 0 R]"),
            (40, field),
            set(41, dictionary),
            (52, look("signed")),
        ];
        update(&base, &objects, INFO)
    };
    Family::new("unverified_second", "a second signature that does not verify stands beside one that does")
        .control("one that verifies", sound)
        .refused("never sealed", with("41 0 R", &signature("")), REASON)
        .refused("the first one's dictionary", with("11 0 R", "<</Type/Sig>>").to_vec(), REASON)
        .refused("a copy of the first", with("41 0 R", &body(&base, 11)), REASON)
        .refused("an empty dictionary", with("41 0 R", "<<>>"), REASON)
        .refused("no dictionary", with("41 0 R", "(signed)"), REASON)
        .refused("a dictionary by value", with("<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached>>", "<</Type/Sig>>"), REASON)
}

/// What iText writes beside a look: its data once more, as an object that nothing names.
fn once_more() -> Family {
    let base = deed();
    let drawn = "BT (signed) Tj ET";
    let form = stream("/Type/XObject/Subtype/Form/BBox[0 0 100 20]", drawn);
    let with = |number: u32, object: String| signed_at(&base, BLANK, "", &form, &vec![(number, object)]);
    Family::new("drawn_once_more", "a content lies ready beside a look, as data that nothing names")
        .control("the look's data", with(53, stream("", drawn)))
        .refused("other data", with(53, stream("", "BT (Signed) Tj ET")), LATER)
        .refused("its data as a form", with(53, stream("/Type/XObject/Subtype/Form/BBox[0 0 900 900]", drawn)), LATER)
        .refused("its data where the page waits for a content", with(33, stream("", drawn)), LATER)
}

/// A value to which a signature field would be reset.
fn defaults() -> Family {
    let base = deed();
    let with = |field: &str| signed_at(&base, BLANK, field, &look("signed"), &Vec::new());
    Family::new("signature_as_default", "a new signature field is reset to something else than its signature")
        .control("to its signature", with("/DV 41 0 R"))
        .refused("to another's", with("/DV 11 0 R"), LATER)
        .refused("to a text", with("/DV(signed)"), LATER)
        .refused("to a signature of its own", with("/DV<</Type/Sig/Filter/Adobe.PPKLite>>"), LATER)
}
