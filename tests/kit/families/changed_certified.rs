//! Certified documents and locked fields (ISO 32000-2 12.8.2.2, 12.8.2.4): the signed revision says what may change. After "Breaking the
//! Specification: PDF Certification" (2021): annotations and signatures drawn over certified content.

use super::super::Family;
use super::super::document::{body, signed};
use super::super::seal::{countersigned, seal, signature};
use super::deed::{INFO, Objects, certified, locked, look, more, set, stream, swap, update, with_objects};

const FORBIDDEN: &str = "forbidden_change";
const LATER: &str = "later_change";

pub(crate) fn families() -> Vec<Family> {
    vec![
        nothing_allowed(),
        forms_allowed(),
        annotations_under_2(),
        evil_annotations(),
        sneaky_under_certification(),
        odd_levels(),
        weakened(),
        locks(),
        filled_otherwise(),
        called_a_stamp(),
    ]
}

fn filled(base: &[u8]) -> Objects {
    vec![swap(base, 7, "(100)", "(999)"), set(12, &look("999"))]
}

fn noted(base: &[u8], kind: &str) -> Objects {
    let note = format!("<</Type/Annot/Subtype/{kind}/Rect[72 700 300 740]/F 4/P 3 0 R/Contents(999 rupees)/AP<</N 53 0 R>>>>");
    vec![swap(base, 3, "38 0 R 10 0 R]", "38 0 R 10 0 R 52 0 R]"), set(52, &note), set(53, &look("999 rupees"))]
}

/// A store of validation data: permitted at every level.
fn stored(base: &[u8]) -> Vec<u8> {
    update(base, &vec![more(base, 1, "/DSS<</Certs[52 0 R]>>"), set(52, &stream("", "abc"))], INFO)
}

fn nothing_allowed() -> Family {
    let base = certified("1");
    let mut family = Family::new("certified_final", "a change to a document that was certified as final")
        .control("as it was certified", base.clone())
        .control("validation data", stored(&base))
        .control("the same objects again", update(&base, &vec![(4, body(&base, 4)), (7, body(&base, 7))], INFO));
    for (name, objects) in [
        ("a value", filled(&base)),
        ("a tick", vec![swap(&base, 9, "/V/Off/AS/Off", "/V/Yes/AS/Yes")]),
        ("a note", noted(&base, "Text")),
        ("a stamp", noted(&base, "Stamp")),
        ("the page's text", vec![set(4, &stream("", "BT ET"))]),
        ("a font", vec![swap(&base, 5, "/Deed", "/Debt")]),
        ("a bookmark", vec![swap(&base, 21, "(Terms)", "(Void)")]),
        ("a script", vec![more(&base, 1, "/OpenAction<</S/JavaScript/JS(1)>>")]),
        ("a link's address", vec![swap(&base, 39, "bank.example", "bank.invalid")]),
        ("an embedded file", vec![set(24, &stream("/Type/EmbeddedFile", "Other."))]),
        ("a page turned", vec![more(&base, 42, "/Rotate 90")]),
        ("looks made anew", vec![swap(&base, 6, "/SigFlags", "/NeedAppearances true/SigFlags")]),
    ] {
        family = family.refused(name, update(&base, &objects, INFO), FORBIDDEN);
    }
    family.refused("a signature", countersigned(&base, "", "", &[]), FORBIDDEN).refused(
        "a signature in the empty field",
        witnessed(&base),
        FORBIDDEN,
    )
}

/// Signed in the empty field 19.
fn witnessed(base: &[u8]) -> Vec<u8> {
    seal(update(base, &vec![more(base, 19, "/V 41 0 R/AP<</N 52 0 R>>"), (41, signature("")), (52, look("signed"))], INFO))
}

fn forms_allowed() -> Family {
    let base = certified("2");
    let mut family = Family::new("certified_forms", "more than filling in a form and signing, where no more is permitted")
        .control("filled", update(&base, &filled(&base), INFO))
        .control("ticked", update(&base, &vec![swap(&base, 9, "/V/Off/AS/Off", "/V/Yes/AS/Yes")], INFO))
        .control(
            "the other rate",
            update(
                &base,
                &vec![swap(&base, 16, "/V/Low", "/V/High"), swap(&base, 17, "/AS/Low", "/AS/Off"), swap(&base, 18, "/AS/Off", "/AS/High")],
                INFO,
            ),
        )
        .control("filled and signed", signed(&update(&base, &filled(&base), INFO)))
        .control("witnessed", witnessed(&base));
    let with = |what: (u32, String)| [filled(&base), vec![what]].concat();
    for (name, objects) in [
        ("filled, and the text", with(set(4, &stream("", "BT ET")))),
        ("filled, and the font", with(swap(&base, 5, "/Deed", "/Debt"))),
        ("filled, and the form's font", with(swap(&base, 48, "/Helvetica", "/Symbol"))),
        ("filled, and a widget moved", with(swap(&base, 8, "300 360", "300 700"))),
        ("filled, and another look", with(set(13, &look("void")))),
        ("filled, and an action", with(more(&base, 8, "/AA<</F<</S/JavaScript/JS(1)>>>>"))),
        ("filled, and a flag", with(more(&base, 8, "/Ff 4096"))),
        ("filled, and the order of calculation", with(swap(&base, 6, "/CO[7 0 R]", "/CO[]"))),
        ("filled, and looks made anew", with(swap(&base, 6, "/SigFlags", "/NeedAppearances true/SigFlags"))),
        ("filled, and a layer", with(swap(&base, 1, "/OFF[26 0 R]", ""))),
        ("filled, and a link", with(swap(&base, 39, "bank.example", "bank.invalid"))),
        ("filled, and a script", with(more(&base, 1, "/AA<</WS<</S/JavaScript/JS(1)>>>>"))),
        ("a new text field", vec![swap(&base, 6, "10 0 R]", "10 0 R 52 0 R]"), set(52, "<</FT/Tx/T(more)/V(999)>>")]),
        ("a field less", vec![swap(&base, 6, "8 0 R ", "")]),
    ] {
        family = family.refused(name, update(&base, &objects, INFO), FORBIDDEN);
    }
    family
}

/// The evil annotation attack where annotations are not permitted.
fn annotations_under_2() -> Family {
    let base = certified("2");
    let mut family = Family::new("annotations_under_certification", "an annotation of a kind that a viewer forgets to forbid")
        .control("filled", update(&base, &filled(&base), INFO));
    for kind in [
        "FreeText",
        "Stamp",
        "Redact",
        "Highlight",
        "Ink",
        "Square",
        "Line",
        "Watermark",
        "Link",
        "FileAttachment",
        "Popup",
        "Caret",
        "Widget",
        "Screen",
        "3D",
        "RichMedia",
        "PrinterMark",
        "TrapNet",
    ] {
        family = family.refused(kind, update(&base, &noted(&base, kind), INFO), FORBIDDEN);
    }
    family.refused("filled, and a stamp", update(&base, &[filled(&base), noted(&base, "Stamp")].concat(), INFO), FORBIDDEN)
}

/// The evil annotation attack where annotations are permitted: permitted, named, and never clean.
fn evil_annotations() -> Family {
    let base = certified("3");
    let mut family = Family::new("evil_annotations", "an annotation that is permitted hides or replaces certified content")
        .control("filled", update(&base, &filled(&base), INFO));
    for kind in ["FreeText", "Stamp", "Redact", "Highlight", "Ink", "Square", "Circle", "Line", "PolyLine", "Watermark"] {
        family = family.refused(kind, update(&base, &noted(&base, kind), INFO), LATER);
    }
    for (name, objects) in [
        ("a link elsewhere", vec![swap(&base, 38, "72 640", "72 100")]),
        ("a note taken out", vec![swap(&base, 3, "38 0 R 10 0 R]", "10 0 R]")]),
    ] {
        family = family.refused(name, update(&base, &objects, INFO), LATER);
    }
    for (name, objects) in [
        ("the address of a link", vec![swap(&base, 39, "bank.example", "bank.invalid")]),
        ("a widget taken out", vec![swap(&base, 3, "[7 0 R ", "[")]),
        ("the order of widgets", vec![swap(&base, 3, "7 0 R 8 0 R", "8 0 R 7 0 R")]),
        ("the page's text", vec![set(4, &stream("", "BT ET"))]),
        (
            "a note that is content, too",
            [
                noted(&base, "Stamp").into_iter().map(|(n, o)| (n, o.replace("53 0 R", "33 0 R"))).take(2).collect(),
                vec![set(33, &look("x"))],
            ]
            .concat(),
        ),
    ] {
        family = family.refused(name, update(&base, &objects, INFO), FORBIDDEN);
    }
    family
}

/// The sneaky signature attack on a certified document.
fn sneaky_under_certification() -> Family {
    let mut family = Family::new("sneaky_under_certification", "a signature that is permitted hides or replaces certified content");
    for level in ["2", "3"] {
        let base = certified(level);
        let at = |rect: &str, form: &str| {
            let widget = format!("<</Type/Annot/Subtype/Widget/FT/Sig/T(Second)/V 41 0 R/Rect[{rect}]/F 132/P 3 0 R/AP<</N 52 0 R>>>>");
            let objects = vec![
                swap(&base, 6, "10 0 R]", "10 0 R 40 0 R]"),
                swap(&base, 3, "10 0 R]", "10 0 R 40 0 R]"),
                (40, widget),
                (41, signature("")),
                set(52, form),
            ];
            seal(update(&base, &objects, INFO))
        };
        family = family.control(format!("on blank paper, level {level}"), at("300 100 500 160", &look("signed")));
        for (name, rect) in [
            ("over the sum", "72 700 300 740"),
            ("over the picture", "80 610 90 640"),
            ("over a field", "300 400 400 420"),
            ("over all", "0 0 595 842"),
        ] {
            family = family.refused(format!("{name}, level {level}"), at(rect, &look("signed")), FORBIDDEN);
        }
        let unbounded = stream("/Type/XObject/Subtype/Form", "0 0 595 842 re f");
        family = family.refused(format!("a look without bounds, level {level}"), at("300 100 500 160", &unbounded), FORBIDDEN);
    }
    family
}

/// A level that is none is the strictest.
fn odd_levels() -> Family {
    let mut family = Family::new("odd_levels", "a level of permission that one reader understands otherwise than another")
        .control("level 2, filled", {
            let base = certified("2");
            update(&base, &filled(&base), INFO)
        })
        .control("no level, which is 2", {
            let base = certified("null");
            update(&base, &filled(&base), INFO)
        });
    for level in ["0", "4", "-1", "1.0", "2.0", "(2)", "/2", "[2]", "true", "<</P 2>>", "99999999999"] {
        let base = certified(level);
        family = family.refused(format!("/P {level}"), update(&base, &filled(&base), INFO), FORBIDDEN);
    }
    let many = format!(
        "/Reference[{}<</TransformMethod/DocMDP/TransformParams<</P 1>>>>]",
        "<</TransformMethod/DocMDP/TransformParams<</P 2>>>>".repeat(64)
    );
    let base = with_objects(super::deed::objects("", &many, ""), &[]);
    family.refused("behind sixty-four others", update(&base, &filled(&base), INFO), FORBIDDEN)
}

/// The permissions of the signed revision hold, whatever a later one says.
fn weakened() -> Family {
    let base = certified("1");
    let raised = body(&base, 11).replacen("/P 1", "/P 2", 1);
    let mut family = Family::new("permissions_weakened", "the permission is raised, taken out or swapped, and then made use of")
        .control("as it was certified", base.clone());
    let perms = |to: &str| swap(&base, 1, "/Perms<</DocMDP 11 0 R>>", to);
    for (name, objects) in [
        ("raised", vec![set(11, &raised)]),
        ("taken out", vec![perms("")]),
        ("swapped", vec![perms("/Perms<</DocMDP 52 0 R>>"), set(52, &raised)]),
        ("another right", vec![perms("/Perms<</UR3 11 0 R>>")]),
        ("null", vec![perms("/Perms null")]),
        ("the signature emptied", vec![swap(&base, 10, "/V 11 0 R", "")]),
        ("the field taken out", vec![swap(&base, 6, " 10 0 R]", "]")]),
    ] {
        family = family.refused(format!("{name}, and filled"), update(&base, &[objects.clone(), filled(&base)].concat(), INFO), FORBIDDEN);
        family = family.refused(name, update(&base, &objects, INFO), FORBIDDEN);
    }
    family
}

fn locks() -> Family {
    let mut family = Family::new("locked_fields", "a field is filled that a signature locked");
    for (action, fields) in [("Include", "(note)"), ("Exclude", "(amount)"), ("Include", "(amoun)(amount.x)")] {
        let base = locked(action, fields);
        family = family.control(format!("{action} {fields}"), update(&base, &filled(&base), INFO));
    }
    for (action, fields) in [
        ("All", ""),
        ("Unknown", ""),
        ("Include", "(amount)"),
        ("Include", "(note)(amount)"),
        ("Include", "<FEFF0061006D006F0075006E0074>"),
        ("Exclude", "(note)"),
        ("Exclude", ""),
        ("Exclude", "(amoun)"),
        ("Exclude", "(amount.x)"),
        // What cannot be read may be any name.
        ("Include", "/amount"),
        ("Include", "(note)7"),
    ] {
        let base = locked(action, fields);
        family = family.refused(format!("{action} {fields}"), update(&base, &filled(&base), INFO), FORBIDDEN);
    }
    let rate = |base: &[u8]| {
        vec![swap(base, 16, "/V/Low", "/V/High"), swap(base, 17, "/AS/Low", "/AS/Off"), swap(base, 18, "/AS/Off", "/AS/High")]
    };
    let base = locked("Include", "(rate)");
    family = family.refused("a choice", update(&base, &rate(&base), INFO), FORBIDDEN);
    let by = |params: &str| {
        let reference = format!("/Reference[<</TransformMethod/FieldMDP/TransformParams<<{params}>>>>]");
        with_objects(super::deed::objects("", &reference, ""), &[])
    };
    for (name, params) in
        [("Include without a list", "/Action/Include"), ("Include with a name for a list", "/Action/Include/Fields(note)")]
    {
        let base = by(params);
        family = family.refused(name, update(&base, &filled(&base), INFO), FORBIDDEN);
    }
    let base = locked("Include", "");
    family = family.refused("Include, and none", update(&base, &filled(&base), INFO), LATER);
    // One name in two encodings: PDFDocEncoding has the dash at 0x84.
    let dashed = "<</Type/Annot/Subtype/Widget/F 4/P 3 0 R/FT/Tx/T(a\\204b)/V(100)/Rect[300 400 400 420]/AP<</N 12 0 R>>>>";
    let reference = "/Reference[<</TransformMethod/FieldMDP/TransformParams<</Action/Include/Fields[<FEFF006120140062>]>>>>]";
    let base = with_objects(super::deed::objects("", reference, ""), &[(7, dashed)]);
    family = family.refused("in another encoding", update(&base, &filled(&base), INFO), FORBIDDEN);
    // What the first signature locked stays locked for the second, which signs that it is.
    let base = locked("Include", "(amount)");
    let twice = seal(update(&base, &vec![swap(&base, 19, "/T(Witness)", "/T(Witness)/V 52 0 R"), set(52, &signature(""))], INFO));
    family = family.refused("after a second signature", update(&twice, &filled(&twice), INFO), FORBIDDEN);
    let locked_by = |lock: &str| with_objects(super::deed::objects("", "", lock), &[]);
    let base = locked_by("/Lock<</Type/SigFieldLock/Action/All>>");
    family = family.refused("by the field's own lock", update(&base, &filled(&base), INFO), FORBIDDEN);
    let base = locked_by("/Lock<</Type/SigFieldLock/Action/Include/Fields[(note)]/P 1.5>>");
    family.refused("by a lock with half a level", update(&base, &filled(&base), INFO), FORBIDDEN)
}

/// Filling is permitted; this is none.
fn filled_otherwise() -> Family {
    let base = certified("2");
    let button = "<</Type/Annot/Subtype/Widget/F 4/P 3 0 R/FT/Btn/Ff 65536/T(note)/Rect[300 360 400 380]/AP<</N 13 0 R>>>>";
    let pushed = with_objects(
        super::deed::objects("/Perms<</DocMDP 11 0 R>>", "/Reference[<</TransformMethod/DocMDP/TransformParams<</P 2>>>>]", ""),
        &[(8, button)],
    );
    let unbounded = stream("/Type/XObject/Subtype/Form", "0 0 595 842 re f");
    let mut family = Family::new("filled_otherwise", "a permitted value brings a look that is none of its field's")
        .control("filled", update(&base, &filled(&base), INFO));
    for (name, objects) in [
        ("a look without bounds", vec![swap(&base, 7, "(100)", "(999)"), set(12, &unbounded)]),
        ("half a box", vec![swap(&base, 7, "(100)", "(999)"), set(12, &stream("/Subtype/Form/BBox[0 0 9]", "0 0 9 9 re f"))]),
        ("filled and hidden", vec![(7, swap(&base, 7, "(100)", "(999)").1.replacen("/F 4", "/F 6", 1)), set(12, &look("999"))]),
        ("a look without a value", vec![set(12, &look("999"))]),
        ("a state without a value", vec![swap(&base, 9, "/AS/Off", "/AS/Yes")]),
        ("another rate to see", vec![swap(&base, 17, "/AS/Low", "/AS/Off"), swap(&base, 18, "/AS/Off", "/AS/High")]),
        ("a look that another field shares", vec![swap(&base, 9, "/V/Off/AS/Off", "/V/Yes/AS/Yes"), set(14, &look("not"))]),
        ("a font that the page shares", vec![swap(&base, 7, "(100)", "(999)"), swap(&base, 48, "/Helvetica", "/Symbol")]),
        ("a look that is content", vec![swap(&base, 7, "/V(100)", "/V(999)/MK<</I 33 0 R>>"), set(33, &look("999"))]),
        ("the look of the page", vec![(7, swap(&base, 7, "(100)", "(999)").1.replacen("12 0 R", "50 0 R", 1)), set(50, &look("999"))]),
    ] {
        family = family.refused(name, update(&base, &objects, INFO), FORBIDDEN);
    }
    family.refused("the face of a button", update(&pushed, &vec![set(13, &look("void"))], INFO), FORBIDDEN).refused(
        "the value of a button",
        update(&pushed, &vec![more(&pushed, 8, "/V(x)"), set(13, &look("void"))], INFO),
        FORBIDDEN,
    )
}

/// A time stamp is permitted where nothing else is.
fn called_a_stamp() -> Family {
    let base = certified("1");
    let stamp = |kind: &str, rect: &str| {
        let own = if kind.contains("SubFilter") { "" } else { "/SubFilter/ETSI.CAdES.detached" };
        let dictionary = signature("").replacen("/SubFilter/ETSI.CAdES.detached", own, 1).replacen("/Type/Sig", kind, 1);
        let widget = format!("<</Type/Annot/Subtype/Widget/FT/Sig/T(Second)/V 41 0 R/Rect[{rect}]/F 132/P 3 0 R>>");
        let objects = vec![swap(&base, 6, "10 0 R]", "10 0 R 40 0 R]"), (40, widget), set(41, &dictionary)];
        seal(update(&base, &objects, INFO))
    };
    let token = signature("").replacen("/SubFilter/ETSI.CAdES.detached", "/SubFilter/ETSI.RFC3161", 1).replacen(
        "/Type/Sig",
        "/Type/DocTimeStamp",
        1,
    );
    let widget = "/Type/Annot/Subtype/Widget/F 4/P 3 0 R";
    // Seen two levels below the field that holds the value.
    let below = {
        let seen = format!("<<{widget}/Parent 52 0 R/Rect[300 100 500 160]/AP<</N 53 0 R>>>>");
        let objects = vec![
            swap(&base, 6, "10 0 R]", "10 0 R 40 0 R]"),
            swap(&base, 3, "38 0 R 10 0 R]", "38 0 R 10 0 R 54 0 R]"),
            set(40, "<</FT/Sig/T(Second)/V 41 0 R/Kids[52 0 R]>>"),
            set(52, "<</Parent 40 0 R/Kids[54 0 R]>>"),
            set(54, &seen),
            set(53, &look("paid")),
            set(41, &token),
        ];
        seal(update(&base, &objects, INFO))
    };
    // An empty field whose widget is a kid.
    let kid = {
        let all = super::deed::objects("/Perms<</DocMDP 11 0 R>>", &super::deed::doc_mdp("1"), "");
        let base = with_objects(
            all,
            &[(19, "<</FT/Sig/T(Witness)/Kids[52 0 R]>>"), (52, &format!("<<{widget}/Parent 19 0 R/Rect[300 200 500 260]>>"))],
        );
        let objects = vec![more(&base, 19, "/V 41 0 R"), more(&base, 52, "/AP<</N 53 0 R>>"), set(53, &look("paid")), set(41, &token)];
        seal(update(&base, &objects, INFO))
    };
    Family::new("called_a_time_stamp", "a signature calls itself a time stamp, which is permitted at every level")
        .control("validation data", stored(&base))
        .refused("by its type", stamp("/Type/DocTimeStamp", "0 0 0 0"), FORBIDDEN)
        .refused("by its type, and seen", stamp("/Type/DocTimeStamp", "300 100 500 160"), FORBIDDEN)
        .refused("by no type", stamp("", "0 0 0 0"), FORBIDDEN)
        .refused("by type and sub-filter, and seen", stamp("/Type/DocTimeStamp/SubFilter/ETSI.RFC3161", "300 100 500 160"), FORBIDDEN)
        .refused("seen below", below, FORBIDDEN)
        .refused("in an empty field, seen", kid, FORBIDDEN)
}
