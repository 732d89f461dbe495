//! Tagged documents: a signature's widget brings its structure element, and nothing else changes what is read aloud. Around it, what
//! producers rewrite when they sign, and what a page is made of.

use crate::document::{CONTENT, body, updated, write};
use crate::seal::{countersigned, seal, signature};
use crate::{assert_clean, assert_refused};
use thrivosign::verify::ChangeKind;

const PAGE: &str = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/StructParents 0/Annots[10 0 R]>>";
const STREAM: &str = "<</Length 3>>\nstream\nabc\nendstream";
const OTHER: &str = "<</Length 3>>\nstream\nxyz\nendstream";

/// Signed; tagged, with a font, a picture and what a page inherits.
fn base() -> Vec<u8> {
    base_with(&[])
}

/// The same with other objects in place of some.
fn base_with(others: &[(u32, &str)]) -> Vec<u8> {
    let font = "<</Type/Font/Subtype/TrueType/BaseFont/A/Encoding 31 0 R/ToUnicode 32 0 R/Widths 33 0 R/FontDescriptor 34 0 R>>";
    let signature = signature("");
    let mut objects = vec![
        (1, "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R/StructTreeRoot 20 0 R/MarkInfo<</Marked true>>/OCProperties 38 0 R/Names 39 0 R>>"),
        (2, "<</Type/Pages/Kids[3 0 R]/Count 1/Resources 30 0 R>>"),
        (3, PAGE),
        (4, CONTENT),
        (5, font),
        (6, "<</Fields[10 0 R]/SigFlags 3>>"),
        (10, "<</Type/Annot/Subtype/Widget/FT/Sig/T(Bank)/V 11 0 R/Rect[0 0 0 0]/F 132/P 3 0 R>>"),
        (11, signature.as_str()),
        (20, "<</Type/StructTreeRoot/K 21 0 R/ParentTree 22 0 R/ParentTreeNextKey 1>>"),
        (21, "<</Type/StructElem/S/Document/P 20 0 R/K[23 0 R]>>"),
        (22, "<</Nums[0[23 0 R]]>>"),
        (23, "<</Type/StructElem/S/P/P 21 0 R/Pg 3 0 R/K 0/ActualText(The borrower repays 100 rupees.)>>"),
        (30, "<</Font<</F1 5 0 R>>/XObject<</I 36 0 R>>>>"),
        (31, "<</Type/Encoding/Differences[65/B]>>"),
        (32, STREAM),
        (33, "[500 500]"),
        (34, "<</Type/FontDescriptor/FontName/A/FontFile2 35 0 R>>"),
        (35, STREAM),
        (36, "<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>\nstream\nx\nendstream"),
        (38, "<</OCGs[]/D<</OFF[]>>>>"),
        (39, "<</JavaScript 70 0 R/EmbeddedFiles 71 0 R>>"),
        (43, "<</Names[]>>"),
    ];
    objects.retain(|(number, _)| others.iter().all(|(other, _)| number != other));
    objects.extend_from_slice(others);
    seal(write(&objects, ""))
}

#[test]
fn a_widget_with_its_element() {
    let base = base();
    assert_clean("tagged", &base);
    let root = body(&base, 20).replace("NextKey 1", "NextKey 2");
    let document = body(&base, 21).replace("23 0 R]", "23 0 R 50 0 R]");
    let tree = "<</Nums[0[23 0 R]1 50 0 R]>>";
    let element = "<</Type/StructElem/S/Form/P 21 0 R/Pg 3 0 R/K<</Type/OBJR/Obj 40 0 R/Pg 3 0 R>>>>";
    let page = body(&base, 3).replace("10 0 R]", "10 0 R 40 0 R]/Tabs/S");
    // Objects 40 and 41 are the widget and the dictionary of `countersigned`.
    let sign = |objects: &[(u32, &str)]| countersigned(&base, "/StructParent 1", "", objects);
    let with = |number: u32, other: &str| {
        let mut all = vec![(3, page.as_str()), (20, root.as_str()), (21, document.as_str()), (22, tree), (50, element)];
        all.retain(|(n, _)| *n != number);
        all.push((number, other));
        sign(&all)
    };
    let names = "<</JavaScript 43 0 R>>";
    assert_refused("names changed along with it", &with(39, names), "later_change");
    let control = with(50, element);
    let report = assert_clean("a widget with its element", &control);
    assert_eq!(report.signatures[0].changes, [ChangeKind::SignatureAdded]);
    for (name, number, other) in [
        ("an element that speaks", 50, element.replace("/S/Form", "/S/Form/ActualText(paid)")),
        ("an element of another kind", 50, element.replace("/S/Form", "/S/P")),
        ("an element for another object", 50, element.replace("/Obj 40 0 R", "/Obj 10 0 R")),
        ("an element that replaces another", 21, body(&base, 21).replace("23 0 R]", "50 0 R]")),
        ("an entry that replaces another", 22, "<</Nums[0 50 0 R]>>".to_owned()),
        ("an entry that comes before another", 22, "<</Nums[0 50 0 R 0[23 0 R]]>>".to_owned()),
        ("an entry that comes behind another", 22, "<</Nums[0[23 0 R]0 50 0 R]>>".to_owned()),
        ("an entry under a number that is not the widget's", 22, "<</Nums[0[23 0 R]7 50 0 R]>>".to_owned()),
        ("an entry that is another's, too", 22, "<</Nums[0[23 0 R]1 50 0 R 2 23 0 R]>>".to_owned()),
        ("an element with content", 50, element.replace("/K<<", "/K[0<<").replace(">>>>", ">>]>>")),
        ("an element that speaks by another name", 50, element.replace("/S/Form", "/S/Form/Alt(paid)")),
        ("an element with an expansion", 50, element.replace("/S/Form", "/S/Form/E(paid)")),
        ("an element with attributes", 50, element.replace("/S/Form", "/S/Form/A<</O/Layout/BBox[0 0 1 1]>>")),
        ("an element with a class", 50, element.replace("/S/Form", "/S/Form/C/X")),
        ("an element that takes the place of a page's content", 21, body(&base, 21).replace("K[23 0 R]", "K[50 0 R 23 0 R 0]")),
        ("words put over content", 21, document.replace("/S/Document", "/S/Document/ActualText(paid)")),
        ("another kind of content", 21, document.replace("/S/Document", "/S/Artifact")),
        ("classes", 20, root.replace("/K 21 0 R", "/K 21 0 R/ClassMap<</X<<>>>>")),
        ("other words", 23, body(&base, 23).replace("100", "999")),
        ("another role", 20, root.replace("/K 21 0 R", "/K 21 0 R/RoleMap<</P/Artifact>>")),
    ] {
        assert_refused(name, &with(number, &other), "later_change");
    }
}

/// Lists of kids and of numbers that are objects of their own, and elements that do not say what they are.
#[test]
fn a_widget_with_its_element_where_lists_stand_apart() {
    let element = "<</S/Form/P 21 0 R/Pg 3 0 R/K[<</Type/OBJR/Obj 40 0 R/Pg 3 0 R>>]>>";
    let documents = ["<</Type/StructElem/S/Document/P 20 0 R/K 24 0 R>>", "<</S/Document/P 20 0 R/K 24 0 R>>"];
    let base = |document: &str| base_with(&[(21, document), (22, "<</Nums 25 0 R>>"), (24, "[23 0 R]"), (25, "[0[23 0 R]]")]);
    let sign = |base: &[u8], kids: &str, numbers: &str, element: &str| {
        let root = body(base, 20).replace("NextKey 1", "NextKey 2");
        let page = body(base, 3).replace("10 0 R]", "10 0 R 40 0 R]/Tabs/S");
        let objects = [(3, page.as_str()), (20, root.as_str()), (24, kids), (25, numbers), (50, element)];
        countersigned(base, "/StructParent 1", "", &objects)
    };
    let (kids, numbers) = ("[23 0 R 50 0 R]", "[0[23 0 R]1 50 0 R]");
    for document in documents {
        assert_clean(document, &sign(&base(document), kids, numbers, element));
    }
    let plain = base(documents[0]);
    for (name, kids, numbers, element) in [
        ("a kid in another's place", "[50 0 R]", numbers, element),
        ("content with it", "[23 0 R 50 0 R 0]", numbers, element),
        ("a number in another's place", kids, "[0 50 0 R]", element),
        ("a number of another element", kids, "[0[23 0 R]1 23 0 R]", element),
        ("a reference that does not say so", kids, numbers, "<</S/Form/P 21 0 R/Pg 3 0 R/K<</Obj 40 0 R/Pg 3 0 R>>>>"),
        ("a reference of another kind", kids, numbers, "<</S/Form/P 21 0 R/Pg 3 0 R/K<</Type/MCR/Obj 40 0 R/Pg 3 0 R>>>>"),
        ("a reference that speaks", kids, numbers, "<</S/Form/P 21 0 R/Pg 3 0 R/K<</Type/OBJR/Obj 40 0 R/Pg 3 0 R/Alt(paid)>>>>"),
        ("an element without a parent", kids, numbers, "<</S/Form/Pg 3 0 R/K<</Type/OBJR/Obj 40 0 R/Pg 3 0 R>>>>"),
        ("an element with two kids", kids, numbers, "<</S/Form/P 21 0 R/Pg 3 0 R/K[<</Type/OBJR/Obj 40 0 R>><</Type/OBJR/Obj 40 0 R>>]>>"),
    ] {
        assert_refused(name, &sign(&plain, kids, numbers, element), "later_change");
    }
    // A list that hangs elsewhere is none of kids.
    for document in [
        "<</Type/StructElem/S/Document/P 20 0 R/A 24 0 R/K[23 0 R]>>",
        "<</Type/Other/S/Document/P 20 0 R/K 24 0 R>>",
        "<</S/Document/K 24 0 R>>",
        "<</P 20 0 R/K 24 0 R>>",
    ] {
        assert_refused(document, &sign(&base(document), kids, numbers, element), "later_change");
    }
}

/// Two widgets of one signature, each with an element under its own number.
#[test]
fn two_widgets_with_their_elements() {
    let base = base();
    let root = body(&base, 20).replace("NextKey 1", "NextKey 3");
    let document = body(&base, 21).replace("23 0 R]", "23 0 R 50 0 R 51 0 R]");
    let page = body(&base, 3).replace("10 0 R]", "10 0 R 45 0 R 46 0 R]/Tabs/S");
    let element = |widget: u32| format!("<</Type/StructElem/S/Form/P 21 0 R/Pg 3 0 R/K<</Type/OBJR/Obj {widget} 0 R/Pg 3 0 R>>>>");
    let widget = |key: u32| format!("<</Type/Annot/Subtype/Widget/Parent 40 0 R/Rect[0 0 0 0]/F 132/P 3 0 R/StructParent {key}>>");
    let sign = |keys: [u32; 2], tree: &str| {
        let (first, second) = (element(45), element(46));
        let widgets = keys.map(widget);
        let objects = [
            (3, page.as_str()),
            (20, root.as_str()),
            (21, document.as_str()),
            (22, tree),
            (45, widgets[0].as_str()),
            (46, widgets[1].as_str()),
            (50, first.as_str()),
            (51, second.as_str()),
        ];
        countersigned(&base, "/Kids[45 0 R 46 0 R]", "", &objects)
    };
    assert_clean("each its own", &sign([1, 2], "<</Nums[0[23 0 R]1 50 0 R 2 51 0 R]>>"));
    assert_refused("one for both", &sign([1, 1], "<</Nums[0[23 0 R]1 50 0 R 2 51 0 R]>>"), "later_change");
    assert_refused("each the other's", &sign([2, 1], "<</Nums[0[23 0 R]1 50 0 R 2 51 0 R]>>"), "later_change");
}

/// The widget claims the number of the page's content: whoever looks up what was said there finds the form field.
#[test]
fn a_widget_that_takes_the_number_of_content() {
    let base = base();
    let root = body(&base, 20).replace("NextKey 1", "NextKey 2");
    let document = body(&base, 21).replace("23 0 R]", "23 0 R 50 0 R]");
    let element = "<</Type/StructElem/S/Form/P 21 0 R/Pg 3 0 R/K<</Type/OBJR/Obj 40 0 R/Pg 3 0 R>>>>";
    let page = body(&base, 3).replace("10 0 R]", "10 0 R 40 0 R]");
    for tree in ["<</Nums[0 50 0 R 0[23 0 R]]>>", "<</Nums[0[23 0 R]0 50 0 R]>>", "<</Nums[0[23 0 R]]>>"] {
        let objects = [(3, page.as_str()), (20, root.as_str()), (21, document.as_str()), (22, tree), (50, element)];
        assert_refused(tree, &countersigned(&base, "/StructParent 0", "", &objects), "later_change");
    }
}

/// Limits of the parent tree grow at the end and nowhere else: a leaf whose limits exclude its numbers is not found.
#[test]
fn limits_that_lose_numbers() {
    let base = base_with(&[
        (20, "<</Type/StructTreeRoot/K 21 0 R/ParentTree 22 0 R/ParentTreeNextKey 9>>"),
        (22, "<</Kids[24 0 R 25 0 R]>>"),
        (24, "<</Limits[0 2]/Nums[0[23 0 R]2[23 0 R]]>>"),
        (25, "<</Limits[4 8]/Nums[4[23 0 R]8[23 0 R]]>>"),
    ]);
    let root = "<</Type/StructTreeRoot/K 21 0 R/ParentTree 22 0 R/ParentTreeNextKey 10>>";
    let document = body(&base, 21).replace("23 0 R]", "23 0 R 50 0 R]");
    let element = "<</Type/StructElem/S/Form/P 21 0 R/Pg 3 0 R/K<</Type/OBJR/Obj 40 0 R/Pg 3 0 R>>>>";
    let page = body(&base, 3).replace("10 0 R]", "10 0 R 40 0 R]");
    let sign = |leaf: u32, text: &str, key: &str| {
        let objects = [(3, page.as_str()), (20, root), (21, document.as_str()), (leaf, text), (50, element)];
        countersigned(&base, &format!("/StructParent {key}"), "", &objects)
    };
    let last = "<</Limits[4 9]/Nums[4[23 0 R]8[23 0 R]9 50 0 R]>>";
    assert_clean("limits that grow", &sign(25, last, "9"));
    for (leaf, text, key) in [
        (25, "<</Limits[5 9]/Nums[4[23 0 R]8[23 0 R]9 50 0 R]>>", "9"),
        (25, "<</Limits[9 9]/Nums[4[23 0 R]8[23 0 R]9 50 0 R]>>", "9"),
        (25, "<</Limits[4 7]/Nums[4[23 0 R]8[23 0 R]9 50 0 R]>>", "9"),
        (25, "<</Limits[4]/Nums[4[23 0 R]8[23 0 R]9 50 0 R]>>", "9"),
        (24, "<</Limits[0 3]/Nums[0[23 0 R]2[23 0 R]3 50 0 R]>>", "3"),
        (24, "<</Limits[1 2]/Nums[0[23 0 R]2[23 0 R]]>>", "9"),
    ] {
        assert_refused(text, &sign(leaf, text, key), "later_change");
    }
}

/// Each thing that a page is made of, replaced in its place.
#[test]
fn what_a_page_is_made_of() {
    let base = base();
    let courier = "<</Type/Font/Subtype/Type1/BaseFont/Courier>>";
    for (name, number, other) in [
        ("inherited resources", 30, "<</Font<</F1 31 0 R>>>>".to_owned()),
        ("the page tree", 2, body(&base, 2).replace("/Count 1", "/Count 1/Rotate 90")),
        ("a font", 5, courier.to_owned()),
        ("an encoding", 31, body(&base, 31).replace("65/B", "65/C")),
        ("a map to Unicode", 32, OTHER.to_owned()),
        ("widths", 33, "[900 900]".to_owned()),
        ("a descriptor", 34, body(&base, 34).replace("35 0 R", "32 0 R")),
        ("a font program", 35, OTHER.to_owned()),
        ("a picture", 36, body(&base, 36).replace("\nx\n", "\ny\n")),
        ("words read aloud", 23, body(&base, 23).replace("100", "999")),
        ("layers", 38, "<</OCGs[]/D<</ON[]>>>>".to_owned()),
        ("scripts", 39, "<</JavaScript 43 0 R>>".to_owned()),
        ("scripts that come alive", 70, "<</Names[(a)<</S/JavaScript/JS(1)>>]>>".to_owned()),
        ("files that come alive", 71, "<</Names[]>>".to_owned()),
    ] {
        let forged = updated(&base, &[(number, &other)], "");
        assert_refused(name, &forged, "later_change");
        // Nor do they ride along with something harmless.
        assert_refused(name, &updated(&base, &[(number, &other), (60, "<</Title(Loan)>>")], "/Info 60 0 R"), "later_change");
    }
    assert_clean("as it was", &updated(&base, &[(5, &body(&base, 5)), (30, &body(&base, 30))], ""));
}
