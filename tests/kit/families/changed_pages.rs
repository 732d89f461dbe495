//! Pages, their boxes and entries, and annotations, changed after signing.

use super::super::Family;
use super::deed::{INFO, Objects, changed, deed, look, more, objects, set, stream, swap, update, with_objects};

const LATER: &str = "later_change";

pub(crate) fn families() -> Vec<Family> {
    vec![tree(), boxes(), entries(), annotations_added(), annotations_changed(), annotations_again(), structure()]
}

fn tree() -> Family {
    let base = deed();
    let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 44 0 R/Resources 28 0 R>>";
    let kids = |kids: &str| vec![swap(&base, 2, "3 0 R 42 0 R", kids)];
    let cases: Vec<(&str, Objects)> = vec![
        ("the other order", kids("42 0 R 3 0 R")),
        ("one page less", vec![set(2, "<</Type/Pages/Kids[42 0 R]/Count 1>>")]),
        ("one page more", vec![set(2, "<</Type/Pages/Kids[3 0 R 42 0 R 52 0 R]/Count 3>>"), set(52, page)]),
        ("an unused page", vec![set(2, "<</Type/Pages/Kids[3 0 R 42 0 R 47 0 R]/Count 3>>")]),
        ("an unused tree", vec![set(2, "<</Type/Pages/Kids[3 0 R 42 0 R 46 0 R]/Count 3>>")]),
        ("one page twice", vec![set(2, "<</Type/Pages/Kids[3 0 R 42 0 R 3 0 R]/Count 3>>")]),
        ("a page for another", vec![swap(&base, 2, "42 0 R", "52 0 R"), set(52, page)]),
        (
            "a copy of a page",
            vec![
                swap(&base, 2, "42 0 R", "52 0 R"),
                set(52, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 43 0 R/Resources 28 0 R>>"),
            ],
        ),
        ("fewer pages counted", vec![swap(&base, 2, "/Count 2", "/Count 1")]),
        ("no pages counted", vec![swap(&base, 2, "/Count 2", "/Count -2")]),
        ("a level more", vec![swap(&base, 2, "42 0 R", "52 0 R"), set(52, "<</Type/Pages/Parent 2 0 R/Kids[42 0 R]/Count 1>>")]),
        ("another parent", vec![swap(&base, 42, "/Parent 2 0 R", "/Parent 46 0 R")]),
        ("another root", vec![swap(&base, 1, "/Pages 2 0 R", "/Pages 46 0 R")]),
        ("a page is a node", vec![set(42, "<</Type/Pages/Parent 2 0 R/Kids[47 0 R]/Count 1>>")]),
        ("what pages inherit: resources", vec![more(&base, 2, "/Resources<</Font<</F1 48 0 R>>>>")]),
        ("null", vec![set(42, "null")]),
    ];
    changed("page_tree", "pages are added, dropped, doubled or put in another order", &base, LATER, cases)
}

fn boxes() -> Family {
    let base = deed();
    let cases: Vec<(&str, Objects)> = vec![
        ("the media box", vec![swap(&base, 3, "/MediaBox[0 0 595 842]", "/MediaBox[0 0 595 700]")]),
        ("the media box, moved", vec![swap(&base, 3, "/MediaBox[0 0 595 842]", "/MediaBox[0 842 595 1684]")]),
        ("the crop box", vec![swap(&base, 3, "/CropBox[0 0 595 842]", "/CropBox[0 0 595 700]")]),
        ("no crop box", vec![swap(&base, 3, "/CropBox[0 0 595 842]", "")]),
        ("the crop box by reference", vec![swap(&base, 3, "/CropBox[0 0 595 842]", "/CropBox 52 0 R"), set(52, "[0 0 595 700]")]),
        ("turned", vec![more(&base, 3, "/Rotate 180")]),
        ("turned a quarter", vec![more(&base, 42, "/Rotate 90")]),
        ("all turned", vec![more(&base, 2, "/Rotate 180")]),
        ("all cropped", vec![more(&base, 2, "/CropBox[0 0 9 9]")]),
        ("a user unit", vec![more(&base, 3, "/UserUnit 10")]),
        ("the bleed box", vec![more(&base, 3, "/BleedBox[0 0 9 9]")]),
        ("the trim box", vec![more(&base, 3, "/TrimBox[0 0 9 9]")]),
        ("the art box", vec![more(&base, 3, "/ArtBox[0 0 9 9]")]),
        ("box colours", vec![more(&base, 3, "/BoxColorInfo<<>>")]),
    ];
    changed("page_boxes", "the page is cropped, turned or scaled so that something else of it is seen", &base, LATER, cases)
}

fn entries() -> Family {
    let base = deed();
    let page = |entry: &str| vec![more(&base, 3, entry)];
    let cases: Vec<(&str, Objects)> = vec![
        ("an action when it opens", page("/AA<</O<</S/JavaScript/JS(1)>>>>")),
        ("a group", page("/Group<</S/Transparency/CS/DeviceCMYK>>")),
        ("a transition", page("/Trans<</S/Dissolve>>/Dur 1")),
        ("articles", page("/B[52 0 R]")),
        ("metadata", page("/Metadata 25 0 R")),
        ("a piece of an application", page("/PieceInfo<</Other<</LastModified(D:2026)>>>>")),
        ("structure", page("/StructParents 0")),
        ("the order of tabs", page("/Tabs/S")),
        ("a thumbnail", page("/Thumb 35 0 R")),
        ("a viewport", page("/VP[<</BBox[0 0 9 9]>>]")),
        ("associated files", page("/AF[23 0 R]")),
        ("a template", page("/TemplateInstantiated/Deed")),
        ("presentation steps", page("/PresSteps<</NA 52 0 R>>")),
        ("a type", vec![swap(&base, 42, "/Type/Page", "/Type/Template")]),
        ("separations", page("/SeparationInfo<</Pages[3 0 R]/DeviceColorant(Black)>>")),
        ("outputs", page("/OutputIntents[<</S/GTS_PDFX/OutputConditionIdentifier(x)>>]")),
        ("a key twice", page("/Contents 44 0 R")),
        ("a hidden key", page("/Cont#65nts 44 0 R")),
    ];
    changed("page_entries", "a page gets an entry that acts, describes or replaces", &base, LATER, cases)
}

/// Every kind of annotation (ISO 32000-2 table 171).
fn annotations_added() -> Family {
    let base = deed();
    let with = |annotation: &str| vec![swap(&base, 3, "38 0 R 10 0 R]", "38 0 R 10 0 R 52 0 R]"), set(52, annotation)];
    let mut cases: Vec<(&str, Objects)> = Vec::new();
    for kind in [
        "Text",
        "Link",
        "FreeText",
        "Line",
        "Square",
        "Circle",
        "Polygon",
        "PolyLine",
        "Highlight",
        "Underline",
        "Squiggly",
        "StrikeOut",
        "Caret",
        "Stamp",
        "Ink",
        "Popup",
        "FileAttachment",
        "Redact",
        "Watermark",
        "Projection",
    ] {
        let annotation = format!("<</Type/Annot/Subtype/{kind}/Rect[72 700 300 740]/F 4/P 3 0 R/Contents(999 rupees)/AP<</N 53 0 R>>>>");
        let mut objects = with(&annotation);
        objects.push(set(53, &look("999 rupees")));
        cases.push((kind, objects));
    }
    changed("annotations_added", "an annotation of any kind is drawn over the signed page", &base, LATER, cases)
}

fn annotations_changed() -> Family {
    let base = deed();
    let list = |from: &str, to: &str| vec![swap(&base, 3, from, to)];
    let cases: Vec<(&str, Objects)> = vec![
        ("another address", vec![swap(&base, 39, "bank.example", "bank.invalid")]),
        ("a script", vec![set(39, "<</S/JavaScript/JS(1)>>")]),
        ("another action", vec![swap(&base, 38, "/A 39 0 R", "/A<</S/Launch/F(x)>>")]),
        ("elsewhere", vec![swap(&base, 38, "72 640", "72 100")]),
        ("a look", vec![more(&base, 38, "/AP<</N 52 0 R>>"), set(52, &look("999"))]),
        ("a border", vec![swap(&base, 38, "/Border[0 0 0]", "/Border[0 0 40]")]),
        ("hidden", vec![more(&base, 38, "/F 2")]),
        ("another kind", vec![swap(&base, 38, "/Link", "/Stamp")]),
        ("a layer", vec![more(&base, 38, "/OC 26 0 R")]),
        ("null", vec![set(38, "null")]),
        ("taken out", list("38 0 R 10 0 R]", "10 0 R]")),
        ("taken out, and its object", vec![swap(&base, 3, "38 0 R 10 0 R]", "10 0 R]"), set(38, "null")]),
        ("on top of what was above", list("7 0 R 8 0 R", "8 0 R 7 0 R")),
        ("a field's widget taken out", list("[7 0 R ", "[")),
        ("all taken out", list("/Annots[7 0 R 8 0 R 9 0 R 17 0 R 18 0 R 19 0 R 38 0 R 10 0 R]", "")),
        ("none left", list("[7 0 R 8 0 R 9 0 R 17 0 R 18 0 R 19 0 R 38 0 R 10 0 R]", "[]")),
        (
            "one without an object",
            list("38 0 R 10 0 R]", "38 0 R 10 0 R<</Type/Annot/Subtype/FreeText/Rect[72 700 300 740]/Contents(999)>>]"),
        ),
        ("a field on another page", vec![more(&base, 42, "/Annots[7 0 R]")]),
        ("without a box, so that it is none", vec![swap(&base, 38, "/Rect[72 640 200 660]", "")]),
        ("the list is none", list("/Annots[7 0 R 8 0 R 9 0 R 17 0 R 18 0 R 19 0 R 38 0 R 10 0 R]", "/Annots<<>>")),
    ];
    changed("annotations_changed", "an annotation that was signed leads elsewhere, looks otherwise or is gone", &base, LATER, cases)
}

/// What stands in the list once more is drawn once more, on top of what lay on it.
fn annotations_again() -> Family {
    let note = |ink: &str| {
        let look = stream("/Type/XObject/Subtype/Form/BBox[0 0 100 20]", &format!("{ink} rg 0 0 100 20 re f"));
        (
            format!(
                "<</Type/Annot/Subtype/Square/F 4/P 3 0 R/Rect[72 600 172 620]/AP<</N {} 0 R>>>>",
                if ink == "1 0 0" { 54 } else { 55 }
            ),
            look,
        )
    };
    let ((red, red_look), (green, green_look)) = (note("1 0 0"), note("0 1 0"));
    let direct = "<</Type/Annot/Subtype/Square/F 4/Rect[72 600 172 620]/AP<</N 54 0 R>>>>";
    let listed = |list: &str| {
        let page =
            objects("", "", "").into_iter().find(|(n, _)| *n == 3).expect("the page").1.replace("[7 0 R ", &format!("[{list} 7 0 R "));
        with_objects(objects("", "", ""), &[(3, &page), (52, &red), (53, &green), (54, &red_look), (55, &green_look)])
    };
    let again = |list: &str, more: &str| {
        let base = listed(list);
        update(&base, &vec![swap(&base, 3, "10 0 R]", &format!("10 0 R{more}]"))], INFO)
    };
    Family::new("annotations_again", "an annotation is listed once more, so that it lies on top of what covered it")
        .control("as they were", again("52 0 R 53 0 R", ""))
        .control("one that was there twice", again("52 0 R 53 0 R 52 0 R", ""))
        .refused("the one below", again("52 0 R 53 0 R", " 52 0 R"), LATER)
        .refused("a third time", again("52 0 R 53 0 R 52 0 R", " 52 0 R"), LATER)
        .refused("one without an object", again(&format!("{direct}53 0 R"), direct), LATER)
        .refused("a field", again("52 0 R 53 0 R", " 7 0 R"), LATER)
}

fn structure() -> Family {
    let base = super::deed::with_objects(
        super::deed::objects("/StructTreeRoot 52 0 R/MarkInfo<</Marked true>>", "", ""),
        &[
            (52, "<</Type/StructTreeRoot/K 53 0 R/ParentTree 54 0 R/RoleMap<</Sum/P>>/ParentTreeNextKey 1>>"),
            (53, "<</Type/StructElem/S/Sum/P 52 0 R/Pg 3 0 R/K 0/Alt(one hundred)>>"),
            (54, "<</Nums[0[53 0 R]]>>"),
        ],
    );
    let cases: Vec<(&str, Objects)> = vec![
        ("another text read aloud", vec![swap(&base, 53, "(one hundred)", "(nine hundred)")]),
        ("a text in place of what is shown", vec![more(&base, 53, "/ActualText(999)")]),
        ("another expansion", vec![more(&base, 53, "/E(nine hundred)")]),
        ("another role", vec![swap(&base, 52, "/Sum/P", "/Sum/Artifact")]),
        ("another kind", vec![swap(&base, 53, "/S/Sum", "/S/NonStruct")]),
        ("no kids", vec![swap(&base, 52, "/K 53 0 R", "")]),
        ("another content", vec![swap(&base, 53, "/K 0", "/K 1")]),
        (
            "one more element",
            vec![swap(&base, 52, "/K 53 0 R", "/K[53 0 R 55 0 R]"), set(55, "<</Type/StructElem/S/P/P 52 0 R/Alt(and the house)>>")],
        ),
        ("another owner of the content", vec![set(54, "<</Nums[0[55 0 R]]>>"), set(55, "<</Type/StructElem/S/P/P 52 0 R/Alt(999)>>")]),
        ("no owner of the content", vec![set(54, "<</Nums[]>>")]),
        ("no longer marked", vec![swap(&base, 1, "/Marked true", "/Marked false")]),
        ("no tree", vec![swap(&base, 1, "/StructTreeRoot 52 0 R", "")]),
        ("another language", vec![swap(&base, 1, "/Lang(en)", "/Lang(tlh)")]),
        ("names for pronunciation", vec![more(&base, 52, "/PronunciationLexicon[23 0 R]")]),
    ];
    changed("structure_tree", "what is read aloud is another text than what is seen", &base, LATER, cases)
}
