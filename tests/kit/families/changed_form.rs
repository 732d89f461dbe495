//! The form, changed after signing: values, looks, entries, fields that are new.

use super::super::Family;
use super::super::document::finish;
use super::deed::{INFO, Objects, changed, deed, look, more, objects, set, stream, swap, update, with_objects};

const LATER: &str = "later_change";

pub(crate) fn families() -> Vec<Family> {
    vec![values(), looks(), entries(), form(), resources(), fields_added(), emptied()]
}

fn values() -> Family {
    let base = deed();
    let filled = swap(&base, 7, "(100)", "(999)").1;
    let cases: Vec<(&str, Objects)> = vec![
        ("a text and its look", vec![swap(&base, 7, "(100)", "(999)"), set(12, &look("999"))]),
        ("a text alone", vec![swap(&base, 7, "(100)", "(999)")]),
        ("a text and a new look", vec![(7, filled.replacen("12 0 R", "52 0 R", 1)), set(52, &look("999"))]),
        ("a text by reference", vec![swap(&base, 7, "/V(100)", "/V 52 0 R"), set(52, "(999)")]),
        ("a text as a stream", vec![swap(&base, 7, "/V(100)", "/V 52 0 R"), set(52, &stream("", "999"))]),
        ("no text", vec![swap(&base, 7, "/V(100)", "")]),
        ("a text in other letters", vec![swap(&base, 7, "(100)", "<FEFF0031003000300030>")]),
        ("another text", vec![swap(&base, 8, "(none)", "(void)"), set(13, &look("void"))]),
        ("two texts", vec![swap(&base, 7, "(100)", "(999)"), swap(&base, 8, "(none)", "(void)")]),
        ("rich text", vec![more(&base, 7, "/RV(<p>999</p>)")]),
        ("a tick", vec![swap(&base, 9, "/V/Off/AS/Off", "/V/Yes/AS/Yes")]),
        ("a tick in the value alone", vec![swap(&base, 9, "/V/Off", "/V/Yes")]),
        (
            "the other rate",
            vec![swap(&base, 16, "/V/Low", "/V/High"), swap(&base, 17, "/AS/Low", "/AS/Off"), swap(&base, 18, "/AS/Off", "/AS/High")],
        ),
        ("the other rate in the value alone", vec![swap(&base, 16, "/V/Low", "/V/High")]),
        ("no rate", vec![swap(&base, 16, "/V/Low", "/V/Off"), swap(&base, 17, "/AS/Low", "/AS/Off")]),
        ("a text, with information about it", vec![swap(&base, 7, "(100)", "(998)"), more(&base, 27, "/Author(A)")]),
        ("the default value", vec![more(&base, 7, "/DV(999)")]),
    ];
    changed("values_filled", "a form's value is another after an approval signature", &base, LATER, cases)
}

fn looks() -> Family {
    let base = deed();
    let cases: Vec<(&str, Objects)> = vec![
        ("another text", vec![set(12, &look("999"))]),
        ("a new look", vec![swap(&base, 7, "12 0 R", "52 0 R"), set(52, &look("999"))]),
        ("another field's look", vec![swap(&base, 7, "12 0 R", "13 0 R")]),
        ("no look", vec![swap(&base, 7, "/AP<</N 12 0 R>>", "")]),
        ("a look under the pointer", vec![swap(&base, 7, "/AP<</N 12 0 R>>", "/AP<</N 12 0 R/R 52 0 R>>"), set(52, &look("999"))]),
        ("a look when pressed", vec![swap(&base, 7, "/AP<</N 12 0 R>>", "/AP<</N 12 0 R/D 52 0 R>>"), set(52, &look("999"))]),
        (
            "moved within its box",
            vec![set(
                12,
                &stream(
                    "/Type/XObject/Subtype/Form/BBox[0 0 100 20]/Matrix[9 0 0 9 0 0]/Resources<</Font<</Helv 48 0 R>>>>",
                    "BT /Helv 9 Tf (100) Tj ET",
                ),
            )],
        ),
        ("ticked to see", vec![swap(&base, 9, "/AS/Off", "/AS/Yes")]),
        ("off looks like on", vec![swap(&base, 9, "/Off 15 0 R", "/Off 14 0 R")]),
        ("the look of off", vec![set(15, &look("x"))]),
        ("the other rate to see", vec![swap(&base, 17, "/AS/Low", "/AS/Off"), swap(&base, 18, "/AS/Off", "/AS/High")]),
        ("both rates to see", vec![swap(&base, 18, "/AS/Off", "/AS/High")]),
        ("a background", vec![more(&base, 7, "/MK<</BG[0]>>")]),
        ("a caption", vec![more(&base, 9, "/MK<</CA(8)>>")]),
        ("turned", vec![more(&base, 7, "/MK<</R 180>>")]),
        ("another font", vec![swap(&base, 7, "/Helv 9 Tf", "/Symb 9 Tf")]),
        ("white", vec![swap(&base, 7, "0 g", "1 g")]),
        (
            "the look's font",
            vec![set(
                12,
                &stream("/Type/XObject/Subtype/Form/BBox[0 0 100 20]/Resources<</Font<</Helv 51 0 R>>>>", "BT /Helv 9 Tf (100) Tj ET"),
            )],
        ),
    ];
    changed("looks_changed", "a field shows something else than it holds", &base, LATER, cases)
}

fn entries() -> Family {
    let base = deed();
    let field = |entry: &str| vec![more(&base, 7, entry)];
    let cases: Vec<(&str, Objects)> = vec![
        ("moved", vec![swap(&base, 7, "300 400 400 420", "300 700 400 720")]),
        ("over everything", vec![swap(&base, 7, "300 400 400 420", "0 0 595 842")]),
        ("hidden", vec![swap(&base, 7, "/F 4", "/F 2")]),
        ("not printed", vec![swap(&base, 7, "/F 4", "/F 0")]),
        ("another name", vec![swap(&base, 7, "(amount)", "(price)")]),
        ("another kind", vec![swap(&base, 7, "/FT/Tx", "/FT/Ch")]),
        ("several lines", field("/Ff 4096")),
        ("a password", field("/Ff 8192")),
        ("read-only without a signature", field("/Ff 1")),
        ("an action", field("/AA<</F<</S/JavaScript/JS(1)>>>>")),
        ("an action when clicked", field("/A<</S/JavaScript/JS(1)>>")),
        ("at most one letter", field("/MaxLen 1")),
        ("to the right", field("/Q 2")),
        ("a layer", field("/OC 26 0 R")),
        ("a parent", field("/Parent 16 0 R")),
        ("another page", vec![swap(&base, 7, "/P 3 0 R", "/P 42 0 R")]),
        ("a border", field("/BS<</W 20>>")),
        ("the other rate's state", vec![swap(&base, 18, "/High 14 0 R", "/Low 14 0 R")]),
        ("a key twice", field("/V(100)/V(999)")),
        ("a hidden key", vec![more(&base, 8, "/#56 (void)")]),
    ];
    changed("field_entries", "a field lies elsewhere, acts, or is of another kind", &base, LATER, cases)
}

fn form() -> Family {
    let base = deed();
    let form = |from: &str, to: &str| vec![swap(&base, 6, from, to)];
    let cases: Vec<(&str, Objects)> = vec![
        ("looks are to be made anew", form("/SigFlags", "/NeedAppearances true/SigFlags")),
        ("looks need not be made anew", form("/SigFlags", "/NeedAppearances false/SigFlags")),
        ("calculated in no order", form("/CO[7 0 R]", "")),
        ("calculated in another order", form("/CO[7 0 R]", "/CO[8 0 R 7 0 R]")),
        ("XFA", vec![swap(&base, 6, "/SigFlags", "/XFA 52 0 R/SigFlags"), set(52, &stream("", "<xdp/>"))]),
        ("another default look", form("(/Helv 0 Tf 0 g)", "(/Helv 0 Tf 1 g)")),
        ("to the right", form("/SigFlags", "/Q 2/SigFlags")),
        ("no signature flags", form("/SigFlags 3", "/SigFlags 0")),
        ("fewer signature flags", form("/SigFlags 3", "/SigFlags 1")),
        ("odd signature flags", form("/SigFlags 3", "/SigFlags 7")),
        ("a field less", form("[7 0 R 8 0 R", "[8 0 R")),
        ("no fields", vec![set(6, "<</Fields[]/SigFlags 3/CO[7 0 R]/DA(/Helv 0 Tf 0 g)/DR<</Font<</Helv 48 0 R>>>>>>")]),
        ("a field by value", form("10 0 R]", "10 0 R<</FT/Tx/T(more)/V(999)>>]")),
        ("an unknown entry", form("/SigFlags", "/Thrivo 1/SigFlags")),
        ("a key twice", form("/SigFlags 3", "/SigFlags 3/Fields[10 0 R]")),
        ("a hidden key", form("/SigFlags 3", "/SigFlags 3/X#46A 52 0 R")),
        ("another form", vec![swap(&base, 1, "/AcroForm 6 0 R", "/AcroForm 45 0 R")]),
        ("null", vec![set(6, "null")]),
    ];
    changed("form_entries", "the form as a whole is made to look or act otherwise", &base, LATER, cases)
}

/// A field that shows its value through a font that is not there (yet).
fn resources() -> Family {
    let widget = "/Type/Annot/Subtype/Widget/F 4/P 3 0 R/FT/Tx/T(note)/V(none)/Rect[300 360 400 380]";
    let bare = with_objects(objects("", "", ""), &[(8, &format!("<<{widget}/DA(/Late 9 Tf)>>"))]);
    let borrowed = stream("/Type/XObject/Subtype/Form/BBox[0 0 100 20]", "BT /Late 9 Tf (none) Tj ET");
    let looking = with_objects(objects("", "", ""), &[(13, &borrowed)]);
    let base = deed();
    let late = |base: &[u8]| {
        update(
            base,
            &vec![swap(base, 6, "/Helv 48 0 R", "/Helv 48 0 R/Late 52 0 R"), set(52, "<</Type/Font/Subtype/Type1/BaseFont/Symbol>>")],
            INFO,
        )
    };
    let form = |to: &str| vec![swap(&base, 6, "<</Font<</Helv 48 0 R>>>>", to)];
    let mut family = Family::new("form_resources", "a font of the form draws other letters, or one that a field waited for appears")
        .control("a font that nobody waits for", late(&base))
        .refused("a font that a value waits for", late(&bare), LATER)
        .refused("a font that a look waits for", late(&looking), LATER);
    // Not of the field itself, but of its widgets, of a field above it, or of a note.
    let plain = "/Type/Annot/Subtype/Widget/F 4/P 3 0 R";
    let kid = |field: &str, rest: &str| {
        let kids =
            [17, 18].map(|n| (n, format!("<<{plain}/Parent 16 0 R/Rect[{n}0 300 {n}9 320]{}>>", rest.replace("(n)", &format!("(n{n})")))));
        let field = format!("<</FT/Tx{field}/Kids[17 0 R 18 0 R]>>");
        with_objects(objects("", "", ""), &[(16, &field), (17, &kids[0].1), (18, &kids[1].1), (8, "null"), (13, &borrowed)])
    };
    let note = "<</Type/Annot/Subtype/FreeText/DA(/Late 9 Tf)/Contents(100)/Rect[72 640 200 660]/P 3 0 R/F 4>>";
    for (name, waits) in [
        ("a font that a widget's look waits for", kid("/T(rate)/V(low)", "/AP<</N 13 0 R>>")),
        ("a font that a widget's value waits for", kid("/T(rate)/V(low)", "/DA(/Late 9 Tf)")),
        ("a font that the field above names", kid("/T(rate)/DA(/Late 9 Tf)", "/T(n)/V(low)")),
        ("a font that a note waits for", with_objects(objects("", "", ""), &[(38, note)])),
    ] {
        family = family.refused(name, late(&waits), LATER);
    }
    let grey = stream("/Type/XObject/Subtype/Form/BBox[0 0 100 20]", "0 g BT /Helv 9 Tf (none) Tj ET");
    let grey = with_objects(objects("", "", ""), &[(13, &grey)]);
    let white = "[/Separation/X/DeviceGray<</FunctionType 2/Domain[0 1]/C0[1]/C1[1]/N 1>>]";
    let spaces = format!("<</Font<</Helv 48 0 R>>/ColorSpace<</DefaultGray{white}>>>>");
    family =
        family.refused("a grey that is white", update(&grey, &vec![swap(&grey, 6, "<</Font<</Helv 48 0 R>>>>", &spaces)], INFO), LATER);
    // A value is drawn by what the form says, which says nothing yet.
    let silent = objects("", "", "").into_iter().find(|(n, _)| *n == 6).expect("the form").1.replace("/DA(/Helv 0 Tf 0 g)", "");
    let shown = format!("<<{plain}/FT/Tx/T(note)/V(none)/Rect[300 360 400 380]>>");
    let silent = with_objects(objects("", "", ""), &[(6, &silent), (8, &shown)]);
    let white = update(&silent, &vec![swap(&silent, 6, "/SigFlags", "/DA(/Helv 0 Tf 1 g)/SigFlags")], INFO);
    family = family.refused("a default look that a value waits for", white, LATER);
    let cases: Vec<(&str, Objects)> = vec![
        ("another font under the name", form("<</Font<</Helv 5 0 R>>>>")),
        (
            "a new font under the name",
            vec![swap(&base, 6, "/Helv 48 0 R", "/Helv 52 0 R"), set(52, "<</Type/Font/Subtype/Type1/BaseFont/Symbol>>")],
        ),
        ("no font", form("<</Font<<>>>>")),
        ("no fonts", form("<<>>")),
        ("no resources", vec![swap(&base, 6, "/DR<</Font<</Helv 48 0 R>>>>", "")]),
        (
            "a new name for a changed font",
            vec![swap(&base, 6, "/Helv 48 0 R", "/Helv 48 0 R/New 48 0 R"), swap(&base, 48, "/Helvetica", "/Symbol")],
        ),
        ("fonts twice", form("<</Font<</Helv 48 0 R>>/Font<</Helv 5 0 R>>>>")),
        ("the name twice", form("<</Font<</Helv 48 0 R/Helv 5 0 R>>>>")),
        ("an array", form("[48 0 R]")),
    ];
    for (name, objects) in cases {
        family = family.refused(name, update(&base, &objects, INFO), LATER);
    }
    family
}

fn fields_added() -> Family {
    let base = deed();
    let add = |field: &str| {
        let field = field.replace("<<", "<</Type/Annot/Subtype/Widget/F 4/P 3 0 R/Rect[300 100 400 120]");
        vec![swap(&base, 6, "10 0 R]", "10 0 R 52 0 R]"), swap(&base, 3, "38 0 R 10 0 R]", "38 0 R 10 0 R 52 0 R]"), set(52, &field)]
    };
    let kid = |kids: &str, kid: &str| vec![swap(&base, 16, "17 0 R 18 0 R", kids), set(52, kid)];
    let cases: Vec<(&str, Objects)> = vec![
        ("a text", add("<</FT/Tx/T(more)/V(999)>>")),
        ("a text without a name", add("<</FT/Tx/V(999)>>")),
        ("a tick", add("<</FT/Btn/T(more)/V/Yes/AS/Yes>>")),
        ("a button", add("<</FT/Btn/Ff 65536/T(more)/A 39 0 R>>")),
        ("a choice", add("<</FT/Ch/T(more)/Opt[(a)(b)]/V(a)>>")),
        ("an unknown kind", add("<</FT/Xx/T(more)/V(999)>>")),
        ("no kind", add("<</T(more)/V(999)>>")),
        ("no kind, no value", add("<</T(more)>>")),
        ("an empty signature", add("<</FT/Sig/T(more)>>")),
        ("an empty signature without a name", add("<</FT/Sig>>")),
        (
            "a second widget of a text",
            vec![
                swap(&base, 7, "/FT/Tx", "/Kids[52 0 R]/FT/Tx"),
                set(52, "<</Type/Annot/Subtype/Widget/Parent 7 0 R/Rect[300 100 400 120]>>"),
            ],
        ),
        ("one more rate", kid("17 0 R 18 0 R 52 0 R", "<</Type/Annot/Subtype/Widget/Parent 16 0 R/AS/Max/Rect[360 300 380 320]>>")),
        ("a rate less", kid("17 0 R", "null")),
        ("a rate replaced", kid("17 0 R 52 0 R", "<</Type/Annot/Subtype/Widget/Parent 16 0 R/AS/Off/Rect[330 300 350 320]>>")),
        ("what is no field", vec![swap(&base, 6, "10 0 R]", "10 0 R 52 0 R]"), set(52, "[(more)]")]),
        ("the page as a field", vec![swap(&base, 6, "10 0 R]", "10 0 R 42 0 R]")]),
        ("a field without a widget", vec![swap(&base, 6, "10 0 R]", "10 0 R 52 0 R]"), set(52, "<</FT/Tx/T(more)/V(999)>>")]),
    ];
    changed("fields_added", "a new field that is no signature", &base, LATER, cases)
}

fn emptied() -> Family {
    let base = deed();
    let value = super::super::document::body(&base, 11);
    let forged = value.replacen("/Filter/Adobe.PPKLite", "/Filter/Adobe.PPKLite/Reason(Void)", 1);
    let cases: Vec<(&str, Objects)> = vec![
        ("no value", vec![swap(&base, 10, "/V 11 0 R", "")]),
        ("null for a value", vec![set(11, "null")]),
        ("another reason", vec![set(11, &forged)]),
        ("another dictionary", vec![swap(&base, 10, "11 0 R", "52 0 R"), set(52, &forged)]),
        ("a text for a value", vec![swap(&base, 10, "/V 11 0 R", "/V(signed)")]),
        ("no field", vec![swap(&base, 6, " 10 0 R]", "]")]),
        ("null for a field", vec![set(10, "null")]),
        ("another name", vec![swap(&base, 10, "(Bank)", "(Tank)")]),
        ("another kind", vec![swap(&base, 10, "/FT/Sig", "/FT/Tx")]),
        ("a look", vec![more(&base, 10, "/AP<</N 52 0 R>>"), set(52, &look("void"))]),
        ("a box", vec![swap(&base, 10, "[0 0 0 0]", "[300 100 500 160]")]),
        ("a lock", vec![more(&base, 10, "/Lock<</Type/SigFieldLock/Action/All>>")]),
        ("a seed value", vec![more(&base, 10, "/SV<</Type/SV/Ff 1>>")]),
        ("off its page", vec![swap(&base, 3, " 10 0 R]", "]")]),
    ];
    let family =
        changed("signature_emptied", "the signature that is there is emptied, replaced or given another face", &base, LATER, cases);
    let freed = |number: u32| finish(&base, base.clone(), &format!("{number} 1\n0000000000 00001 f \n"), INFO);
    family.refused("the dictionary freed", freed(11), LATER).refused("the field freed", freed(10), LATER)
}
