//! One object with two roles: as a form field, a form or a catalog it may change, and the page uses the same object as a list of pictures,
//! letters or states of a pen, whose names are the keys that may change. And what is right in its place stands in another's.

use super::super::Family;
use super::super::document::updated;
use super::super::page::{CATALOG, FIELD, FONT, FORM, more, with};
use super::super::seal::{countersigned, seal, signature};
use super::deed::stream;

const LATER: &str = "later_change";

pub(crate) fn families() -> Vec<Family> {
    vec![metadata(), signed_field(), filled_field(), parent_elsewhere(), widget_elsewhere()]
}

/// The page, whose resources and content are these.
fn page(resources: &str, content: &str) -> [(u32, String); 2] {
    let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Annots[10 0 R 20 0 R]/Resources";
    [(3, format!("{page}{resources}>>")), (4, stream("", content))]
}

fn signed(more: &[(u32, String)]) -> Vec<u8> {
    let more: Vec<(u32, &str)> = more.iter().map(|(number, body)| (*number, body.as_str())).collect();
    with(&more)
}

fn picture(kind: &str, sum: &str) -> String {
    stream(
        &format!("{kind}/Subtype/Form/BBox[0 0 595 842]/Resources<</Font<</F1 5 0 R>>>>"),
        &format!("BT /F1 12 Tf 72 700 Td ({sum}) Tj ET"),
    )
}

/// Metadata may change; who lists the catalog among the page's pictures draws them.
fn metadata() -> Family {
    let catalog = more(CATALOG, "/Metadata 21 0 R");
    let base = |resources: &str| {
        let [page, content] = page(resources, "/Metadata Do");
        signed(&[
            page,
            content,
            (1, catalog.clone()),
            (20, FIELD.replace("(Bank)", "(Note)").replace("/V 11 0 R", "")),
            (21, picture("/Type/Metadata", "100")),
        ])
    };
    let two = base("<</XObject 1 0 R>>");
    let other = picture("/Type/Metadata", "999");
    Family::new("twofold_catalog", "the page draws the catalog's metadata, which may change")
        .control("drawn by nobody", updated(&base("<<>>"), &[(21, &other)], ""))
        .control("as they were", updated(&two, &[], ""))
        .refused("other metadata", updated(&two, &[(21, &other)], ""), LATER)
        .refused("metadata of another number", updated(&two, &[(1, &catalog.replace("21 0 R", "22 0 R")), (22, &other)], ""), LATER)
        .refused("a catalog in a list of lists", updated(&base("<</XObject<</A 1 0 R>>/Properties 1 0 R>>"), &[(21, &other)], ""), LATER)
}

/// An empty signature field may be signed, and then has a value and a look.
fn signed_field() -> Family {
    let empty = "<</Type/Annot/Subtype/Widget/FT/Sig/T(Witness)/Rect[0 0 0 0]/F 132/P 3 0 R>>";
    let form = FORM.replace("[10 0 R]", "[10 0 R 20 0 R]");
    let base = |resources: &str, content: &str| {
        let [page, content] = page(resources, content);
        signed(&[page, content, (6, form.clone()), (20, empty.to_owned())])
    };
    let second = |base: &[u8], entries: &str, objects: &[(u32, &str)]| {
        let field = more(empty, &format!("/V 41 0 R{entries}"));
        let value = signature("");
        let all = [&[(20, field.as_str()), (41, value.as_str())], objects].concat();
        seal(updated(base, &all, ""))
    };
    let text = "BT /F1 12 Tf 72 720 Td (The borrower repays 100 rupees.) Tj ET";
    let pen = base("<</Font<</F1 5 0 R>>/ExtGState 20 0 R>>", &format!("/MK gs {text}"));
    let look = picture("/Type/XObject", "999");
    let letters = base("<</Font 20 0 R>>", &text.replace("/F1", "/AP"));
    let drawn = base("<</Font<</F1 5 0 R>>/XObject 20 0 R>>", &format!("{text} /AP Do"));
    let plain = base("<</Font<</F1 5 0 R>>>>", text);
    Family::new(
        "twofold_signature_field",
        "the page uses an empty signature field as a list of its resources, and signing it fills the list",
    )
    .control("a field that is nothing else", second(&plain, "/MK<</ca 0>>", &[]))
    .control("signed beside it", countersigned(&pen, "", "", &[]))
    .refused("a pen that draws nothing", second(&pen, "/MK<</ca 0/CA 0>>", &[]), LATER)
    .refused(
        "a pen in the look's place",
        second(&base("<</Font<</F1 5 0 R>>/ExtGState 20 0 R>>", &format!("/AP gs {text}")), "/AP<</ca 0>>", &[]),
        LATER,
    )
    .refused("other letters", second(&letters, &format!("/AP{}", FONT.replace("Helvetica", "Symbol")), &[]), LATER)
    .refused("a picture", second(&drawn, "/AP 42 0 R", &[(42, &look)]), LATER)
}

/// A field that may be filled in.
fn filled_field() -> Family {
    let level = "/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</Type/TransformParams/V/1.2/P 2>>>>]";
    let catalog = more(CATALOG, "/Perms<</DocMDP 11 0 R>>");
    let form = FORM.replace("[10 0 R]", "[10 0 R 20 0 R]");
    let field = "<</Type/Annot/Subtype/Widget/FT/Tx/T(amount)/Rect[300 400 400 420]/F 4/P 3 0 R/V 43 0 R>>";
    let base = |resources: &str, content: &str| {
        let [page, content] = page(resources, content);
        let value = signature(level);
        let first = picture("", "100");
        let all: Vec<(u32, &str)> = vec![(1, &catalog), (page.0, &page.1), (content.0, &content.1), (6, &form), (20, field), (43, &first)];
        seal(super::super::page::unsealed(&value, &all, ""))
    };
    let other = picture("", "999");
    let (plain, drawn) = (base("<<>>", ""), base("<</XObject 20 0 R>>", "/V Do"));
    let moved = field.replace("43 0 R", "44 0 R");
    let states = base("<<>>", "");
    let note = "<</Type/Annot/Subtype/Stamp/Rect[72 700 300 740]/F 4/P 3 0 R/AS/V/AP<</N 20 0 R>>>>";
    let stamped = {
        let (page, content) =
            ("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Annots[10 0 R 20 0 R 45 0 R]/Resources<<>>>>", stream("", ""));
        let (value, first) = (signature(level), picture("", "100"));
        let all: Vec<(u32, &str)> = vec![(1, &catalog), (3, page), (4, &content), (6, &form), (20, field), (43, &first), (45, note)];
        seal(super::super::page::unsealed(&value, &all, ""))
    };
    Family::new("twofold_field", "the page draws what stands in a field that may be filled in")
        .control("filled in", updated(&plain, &[(20, &moved), (44, &other)], ""))
        .control("the value written anew", updated(&states, &[(43, &other)], ""))
        .refused("another value", updated(&drawn, &[(20, &moved), (44, &other)], ""), "forbidden_change")
        .refused("the value written anew where it is drawn", updated(&drawn, &[(43, &other)], ""), "forbidden_change")
        .refused("a stamp whose look it is", updated(&stamped, &[(20, &moved), (44, &other)], ""), "forbidden_change")
}

/// A new signature field of the form itself.
fn parent_elsewhere() -> Family {
    let text = "<</Type/Annot/Subtype/Widget/FT/Tx/T(amount)/Rect[300 400 400 420]/F 4/P 3 0 R>>";
    let [page, content] = page("<<>>", "");
    let base = signed(&[page, content, (6, FORM.replace("[10 0 R]", "[10 0 R 20 0 R]")), (20, text.to_owned())]);
    let below = |parent: u32| countersigned(&base, &format!("/Parent {parent} 0 R"), "", &[]);
    Family::new("parent_elsewhere", "a new signature field names a parent that does not list it, so that one viewer gives it another name")
        .control("no parent", countersigned(&base, "", "", &[]))
        .refused("a text field", below(20), LATER)
        .refused("the page", below(3), LATER)
        .refused("nothing that is there", below(59), LATER)
}

/// A new widget belongs into a page's annotations.
fn widget_elsewhere() -> Family {
    let [mut page, content] = page("<</Font<</F1 5 0 R>>>>", "BT /F1 12 Tf 72 720 Td (100) Tj ET");
    page.1 = page.1.replace("/Contents 4 0 R", "/Contents 30 0 R");
    let template = "<</Type/Template/MediaBox[0 0 9 9]/Annots 31 0 R>>";
    let parts = [(30, "[4 0 R]".to_owned()), (31, "[]".to_owned()), (32, template.to_owned()), (20, "null".to_owned())];
    let base = signed(&[&[page, content], &parts[..]].concat());
    let second = |number: u32, list: &str| countersigned(&base, "", "", &[(number, list)]);
    Family::new("widget_elsewhere", "a new signature's widget is put where something else than a page's annotations stands")
        .control("the same list of contents", second(30, "[4 0 R]"))
        .refused("among the page's contents", second(30, "[4 0 R 40 0 R]"), LATER)
        .refused("among the annotations of what is no page", second(31, "[40 0 R]"), LATER)
}
