//! What writers do to a document that they sign or fill, and what looks like it. Most files here are controls: a verifier that refuses them cries wolf.

use super::super::Family;
use super::super::document::{body, find};
use super::deed::{INFO, Objects, deed, look, objects, set, stream, swap, update, with_objects};

const LATER: &str = "later_change";

pub(crate) fn families() -> Vec<Family> {
    vec![put_elsewhere(), copies(), form_grows(), waiting_names()]
}

/// A family of updates of one document: those that change nothing, then those that do.
fn updates(name: &'static str, attack: &'static str, base: &[u8], controls: Vec<(&str, Objects)>, forged: Vec<(&str, Objects)>) -> Family {
    let mut family = Family::new(name, attack);
    for (name, objects) in controls {
        family = family.control(name, update(base, &objects, INFO));
    }
    for (name, objects) in forged {
        family = family.refused(name, update(base, &objects, INFO), LATER);
    }
    family
}

/// A value that is put into an object of its own or out of one (ISO 32000-2 7.3.10: it is the same value).
fn put_elsewhere() -> Family {
    let base = deed();
    let out = |number: u32, from: &str, what: &str| vec![swap(&base, number, from, " 52 0 R"), set(52, what)];
    let form = |fonts: &str| vec![swap(&base, 6, "<</Font<</Helv 48 0 R>>>>", " 52 0 R"), set(52, fonts)];
    let page = body(&base, 3);
    let annotations = "[7 0 R 8 0 R 9 0 R 17 0 R 18 0 R 19 0 R 38 0 R 10 0 R]";
    assert!(page.contains(annotations));
    let looped = with_objects(objects("", "", ""), &[(49, "[49 0 R]")]);
    let family = updates(
        "put_elsewhere",
        "a value is put into an object of its own, and is another there",
        &base,
        vec![
            ("the form's resources", form("<</Font<</Helv 48 0 R>>>>")),
            ("the form's fonts", vec![swap(&base, 6, "<</Helv 48 0 R>>", " 52 0 R"), set(52, "<</Helv 48 0 R>>")]),
            (
                "both, one below the other",
                vec![swap(&base, 6, "<</Font<</Helv 48 0 R>>>>", " 52 0 R"), set(52, "<</Font 53 0 R>>"), set(53, "<</Helv 48 0 R>>")],
            ),
            ("the order of calculation", out(6, "[7 0 R]", "[7 0 R]")),
            ("the default look", out(6, "(/Helv 0 Tf 0 g)", "(/Helv 0 Tf 0 g)")),
            ("the labels", out(1, "<</Nums[0<</S/D>>]>>", "<</Nums[0<</S/D>>]>>")),
            ("the destinations", out(1, "<</home[3 0 R/Fit]>>", "<</home[3 0 R/Fit]>>")),
            ("a field's looks", out(7, "<</N 12 0 R>>", "<</N 12 0 R>>")),
            ("a field's box", out(7, "[300 400 400 420]", "[300 400 400 420]")),
            ("a page's annotations", out(3, annotations, annotations)),
            ("a page's box", out(3, "[0 0 595 842]", "[0 0 595 842]")),
        ],
        vec![
            ("other resources of the form", form("<</Font<</Helv 5 0 R>>>>")),
            ("other fonts of the form", vec![swap(&base, 6, "<</Helv 48 0 R>>", " 52 0 R"), set(52, "<</Helv 5 0 R>>")]),
            ("another order of calculation", out(6, "[7 0 R]", "[8 0 R]")),
            ("one more to calculate", out(6, "[7 0 R]", "[7 0 R 8 0 R]")),
            ("another default look", out(6, "(/Helv 0 Tf 0 g)", "(/Helv 0 Tf 1 g)")),
            ("other preferences", vec![swap(&base, 1, "49 0 R", "<</DisplayDocTitle false>>")]),
            ("one preference more", vec![swap(&base, 1, "49 0 R", "<</DisplayDocTitle true/HideToolbar true>>")]),
            ("a preference under another key", vec![swap(&base, 1, "49 0 R", "<</HideToolbar true>>")]),
            ("other labels", out(1, "<</Nums[0<</S/D>>]>>", "<</Nums[0<</S/r>>]>>")),
            ("another destination", out(1, "<</home[3 0 R/Fit]>>", "<</home[42 0 R/Fit]>>")),
            ("other looks", out(7, "<</N 12 0 R>>", "<</N 13 0 R>>")),
            ("another box", out(7, "[300 400 400 420]", "[300 700 400 720]")),
            ("an annotation less", out(3, annotations, &annotations.replace("38 0 R ", ""))),
            ("other resources", vec![swap(&base, 3, "28 0 R", &body(&base, 28).replace("/F1 5 0 R", "/F1 48 0 R"))]),
            ("the box as a stream", out(7, "[300 400 400 420]", &stream("", "[300 400 400 420]"))),
            ("a key twice on the way", vec![swap(&base, 1, "49 0 R", "<</DisplayDocTitle true/DisplayDocTitle true>>")]),
        ],
    );
    family.refused(
        "a list that holds itself, in another that does",
        update(&looped, &vec![swap(&looped, 1, "49 0 R", "52 0 R"), set(52, "[52 0 R]")], INFO),
        LATER,
    )
}

/// A copy of an object in its place: the same where nothing tells the two apart by their number.
fn copies() -> Family {
    let base = deed();
    let copy = |holder: u32, of: u32| {
        let from = format!("{of} 0 R");
        vec![swap(&base, holder, &from, "52 0 R"), (52, body(&base, of))]
    };
    let changed = |holder: u32, of: u32, from: &str, to: &str| {
        let copied = body(&base, of);
        assert!(copied.contains(from), "{copied}");
        vec![swap(&base, holder, &format!("{of} 0 R"), "52 0 R"), (52, copied.replacen(from, to, 1))]
    };
    updates(
        "copies",
        "a copy stands in an object's place, and is not the same",
        &base,
        vec![("the form's font", copy(6, 48))],
        vec![
            ("a layer that is off", copy(1, 26)),
            ("a field", copy(6, 8)),
            ("an outline", copy(20, 21)),
            ("a file", copy(22, 23)),
            (
                "the form's font, with a hidden key",
                vec![swap(&base, 6, "48 0 R", "52 0 R"), set(52, "<</T#79pe/Font/Subtype/Type1/BaseFont/Helvetica>>")],
            ),
            ("another font of the page", changed(28, 5, "/Deed", "/Dead")),
            ("another encoding", changed(5, 29, "/one/two", "/two/one")),
            ("other widths", changed(5, 30, "500 500 500", "500 900 500")),
            ("another pen", changed(28, 37, "/ca 1", "/ca 0")),
        ],
    )
}

/// A form that a signer adds to: flags, fonts, procedure sets.
fn form_grows() -> Family {
    let form =
        "<</Fields[7 0 R 8 0 R 9 0 R 16 0 R 19 0 R 10 0 R]/SigFlags 1/DR<</Font<</Helv 48 0 R>>/ProcSet[/PDF/Text]/Encoding 54 0 R>>>>";
    let base = with_objects(objects("", "", ""), &[(6, form), (54, "<</Doc 29 0 R>>")]);
    let swapped = |from: &str, to: &str| vec![swap(&base, 6, from, to)];
    let font = || set(52, "<</Type/Font/Subtype/Type1/BaseFont/Courier>>");
    let bare = with_objects(objects("", "", ""), &[(6, "<</Fields[7 0 R 8 0 R 9 0 R 16 0 R 19 0 R 10 0 R]/SigFlags 3>>")]);
    let first = |resources: &str| update(&bare, &vec![swap(&bare, 6, "/SigFlags", &format!("/DR{resources}/SigFlags")), font()], INFO);
    let (fonts, sets) = (first("<</Font<</Cour 52 0 R>>>>"), first("<</Font<</Cour 52 0 R>>/ProcSet[/PDF/Text]>>"));
    let family = updates(
        "form_grows",
        "what a signer may add to a form is not all that was added",
        &base,
        vec![
            ("the second signature flag", swapped("/SigFlags 1", "/SigFlags 3")),
            ("a default look, where there was none", swapped("/SigFlags", "/DA(/Helv 0 Tf 0 g)/SigFlags")),
            ("a font", vec![swap(&base, 6, "/Helv 48 0 R", "/Helv 48 0 R/Cour 52 0 R"), font()]),
            ("a font by value", swapped("/Helv 48 0 R", "/Helv 48 0 R/Cour<</Type/Font/Subtype/Type1/BaseFont/Courier>>")),
            (
                "a font with parts of its own",
                vec![
                    swap(&base, 6, "/Helv 48 0 R", "/Helv 48 0 R/Cour 52 0 R"),
                    set(52, "<</Type/Font/Subtype/Type1/BaseFont/Courier/Encoding 53 0 R>>"),
                    set(53, "<</Type/Encoding/Differences[65/A]>>"),
                ],
            ),
            ("a kind of resources", swapped("/ProcSet", "/ExtGState<</N<</ca 1>>>>/ProcSet")),
            ("an encoding, in the list that is an object", vec![set(54, "<</Doc 29 0 R/Win 52 0 R>>"), set(52, "<</Type/Encoding>>")]),
            (
                "a font, the resources in an object of their own",
                vec![
                    swap(&base, 6, "<</Font<</Helv 48 0 R>>/ProcSet[/PDF/Text]/Encoding 54 0 R>>", " 53 0 R"),
                    set(53, "<</Font<</Helv 48 0 R/Cour 52 0 R>>/ProcSet[/PDF/Text]/Encoding 54 0 R>>"),
                    font(),
                ],
            ),
        ],
        vec![
            ("no flag any more", swapped("/SigFlags 1", "/SigFlags 2")),
            ("a flag that is none", swapped("/SigFlags 1", "/SigFlags 5")),
            ("a flag below none", swapped("/SigFlags 1", "/SigFlags -1")),
            ("flags that are no number", swapped("/SigFlags 1", "/SigFlags/3")),
            ("a default look that is no text", swapped("/SigFlags", "/DA/Helv/SigFlags")),
            ("another procedure set", swapped("[/PDF/Text]", "[/PDF/ImageB]")),
            ("procedures as fonts", swapped("[/PDF/Text]", "<</PDF 48 0 R>>")),
            ("no procedure set", swapped("/ProcSet[/PDF/Text]", "")),
            ("another encoding under the name", vec![set(54, "<</Doc 52 0 R>>"), set(52, "<</Type/Encoding/Differences[49/two]>>")]),
            ("an encoding less", vec![set(54, "<</Win 29 0 R>>")]),
            (
                "a font that changes another",
                vec![
                    swap(&base, 6, "/Helv 48 0 R", "/Helv 48 0 R/Cour 52 0 R"),
                    set(52, "<</Type/Font/Subtype/Type1/BaseFont/Courier/Encoding 29 0 R>>"),
                    set(29, "<</Type/Encoding/Differences[49/two/one]>>"),
                ],
            ),
        ],
    );
    family.control("a font, where there were no resources", fonts).control("a font and procedure sets, where there was nothing", sets)
}

/// Fields that show a value through a name that the form does not have yet.
fn waiting_names() -> Family {
    let widget = "/Type/Annot/Subtype/Widget/F 4/P 3 0 R/FT/Tx/T(note)/Rect[300 360 400 380]";
    let form =
        |entries: &str| format!("<</Fields[7 0 R 8 0 R 9 0 R 16 0 R 19 0 R 10 0 R]/SigFlags 3/DR<</Font<</Helv 48 0 R>>>>{entries}>>");
    let late = |form_entries: &str, field: &str, others: &[(u32, &str)]| {
        let (form, field) = (form(form_entries), format!("<<{widget}{field}>>"));
        let base = with_objects(objects("", "", ""), &[&[(6, form.as_str()), (8, field.as_str())], others].concat());
        assert!(find(&base, b"/Late 52 0 R").is_none());
        let objects =
            vec![swap(&base, 6, "/Helv 48 0 R", "/Helv 48 0 R/Late 52 0 R"), set(52, "<</Type/Font/Subtype/Type1/BaseFont/Symbol>>")];
        update(&base, &objects, INFO)
    };
    let drawn = |resources: &str| stream(&format!("/Type/XObject/Subtype/Form/BBox[0 0 100 20]{resources}"), "BT /Late 9 Tf (none) Tj ET");
    let anew = "/NeedAppearances true";
    let (borrowed, own) = (drawn(""), drawn("/Resources<</Font<</Late 48 0 R>>>>"));
    Family::new("waiting_names", "a field waits for a font that the form brings later, and shows other letters then")
        .control("another name", late("", "/V(none)/DA(/Helv 9 Tf)", &[]))
        .control("no value", late("", "/DA(/Late 9 Tf)", &[]))
        .control("a look of its own", late("", "/V(none)/DA(/Late 9 Tf)/AP<</N 13 0 R>>", &[(13, &look("none"))]))
        .control("a look with fonts of its own", late("", "/V(none)/DA(/Helv 9 Tf)/AP<</N 13 0 R>>", &[(13, &own)]))
        .control("looks by state", late("", "/V(none)/DA(/Late 9 Tf)/AP<</N<</a 14 0 R>>>>", &[]))
        .control("made anew under another name", late(anew, "/V(none)/DA(/Helv 9 Tf)/AP<</N 13 0 R>>", &[(13, &own)]))
        .control("made anew without a value", late(anew, "/DA(/Late 9 Tf)/AP<</N 13 0 R>>", &[(13, &own)]))
        .refused("a value without a look", late("", "/V(none)/DA(/Late 9 Tf)", &[]), LATER)
        .refused("a value without a look, by the form's", late("/DA(/Late 9 Tf)", "/V(none)", &[]), LATER)
        .refused("a look without fonts", late("", "/V(none)/DA(/Helv 9 Tf)/AP<</N 13 0 R>>", &[(13, &borrowed)]), LATER)
        .refused("made anew", late(anew, "/V(none)/DA(/Late 9 Tf)/AP<</N 13 0 R>>", &[(13, &look("none"))]), LATER)
        .refused("made anew, by states", late(anew, "/V(none)/DA(/Late 9 Tf)/AP<</N<</a 14 0 R>>>>", &[]), LATER)
        .refused(
            "made anew, by the form's",
            late(&format!("{anew}/DA(/Late 9 Tf)"), "/V(none)/AP<</N 13 0 R>>", &[(13, &look("none"))]),
            LATER,
        )
        .refused(
            "a look in a stream that is damaged",
            late(
                "",
                "/V(none)/DA(/Helv 9 Tf)/AP<</N 13 0 R>>",
                &[(13, "<</Filter/FlateDecode/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 3>>\nstream\nabc\nendstream")],
            ),
            LATER,
        )
}
