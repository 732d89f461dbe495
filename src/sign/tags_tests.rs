//! The sign room, tags: every shape of a structure tree gets one element and one number for a new widget, a damaged one is left alone,
//! and our own verifier takes the second one for part of its signature.

use super::testing::{Signer, Style, document, judged_by_pdfsig, judged_by_qpdf, now};
use super::{Placement, SignatureRequest};
use crate::cancel::Progress;
use crate::pdf::{Dictionary, Document, Object, ObjectId, Rect, View, number_tree};
use crate::pki::trust::TrustAnchors;
use crate::verify::{Policy, VerifyOptions, verify};

const CLAIM: &str = "<x xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:u='http://www.aiim.org/pdfua/ns/id/'>\
    <r:RDF><r:Description u:part='1'/></r:RDF></x>";
const LEAF: &str = "<</Type/StructElem/S/P/P 9 0 R/Pg 3 0 R/K 0>>";

/// Tagged, claiming PDF/UA; the tree is object 8, its other objects follow from number 9.
fn tagged(style: Style, tree: &[&str]) -> Vec<u8> {
    let claim = format!("<</Type/Metadata/Subtype/XML/Length {}>>\nstream\n{CLAIM}\nendstream", CLAIM.len());
    let mut objects = vec![claim.as_str()];
    objects.extend(tree);
    document(style, "/MarkInfo<</Marked true>>/Metadata 7 0 R/StructTreeRoot 8 0 R", "/StructParents 0", &objects)
}

fn visible(left: f64) -> SignatureRequest {
    let rect = Rect::new(left, 60.0, left + 150.0, 120.0);
    SignatureRequest { placement: Placement::Visible { page: 1, rect }, ..SignatureRequest::new(now()) }
}

fn invisible() -> SignatureRequest {
    SignatureRequest::new(now())
}

fn widget(view: View<'_>, last: usize) -> (ObjectId, Dictionary) {
    let page = view.page(0).unwrap();
    let annotations = view.get_array(&page.dict, b"Annots").unwrap().unwrap();
    let id = annotations[annotations.len() - 1 - last].as_reference().unwrap();
    (id, view.object(id).unwrap().object.as_dict().unwrap().clone())
}

/// Where the parent tree leads from that number.
fn found(view: View<'_>, key: i64) -> Option<Object> {
    let root = view.get_dict(&view.catalog().unwrap(), b"StructTreeRoot").unwrap().unwrap();
    let tree = view.get_dict(&root, b"ParentTree").unwrap().unwrap();
    let branch = number_tree::last_branch(view, (None, tree)).unwrap();
    let numbers = view.get_array(&branch.last().unwrap().1, b"Nums").unwrap().unwrap();
    numbers.chunks(2).find(|pair| pair[0].as_i64() == Some(key)).map(|pair| pair[1].clone())
}

/// The number of the `nth` widget from the end, after every link between it and the tree was followed.
fn linked(file: &[u8], nth: usize) -> i64 {
    let document = Document::open(&file).unwrap();
    let view = document.latest();
    let (id, widget) = widget(view, nth);
    let key = widget.get(b"StructParent").and_then(Object::as_i64).expect("the widget has a number");
    let element_ref = found(view, key).expect("the number leads to an element");
    let Object::Dictionary(element) = view.resolve(&element_ref).unwrap() else { panic!("no element") };
    assert_eq!(element.get(b"S").and_then(Object::as_name), Some(&b"Form"[..]));
    let reference = element.get(b"K").and_then(Object::as_dict).unwrap();
    assert_eq!(reference.get(b"Obj").and_then(Object::as_reference), Some(id));
    let parent = view.get_dict(&element, b"P").unwrap().unwrap();
    let kids = view.get_array(&parent, b"K").unwrap().expect("an array of kids");
    assert_eq!(kids.iter().filter(|kid| **kid == element_ref).count(), 1, "once among the kids of its parent");
    let root = view.get_dict(&view.catalog().unwrap(), b"StructTreeRoot").unwrap().unwrap();
    assert!(root.get(b"ParentTreeNextKey").and_then(Object::as_i64).unwrap() > key);
    assert!(number_tree::contains(view, &view.get_dict(&root, b"ParentTree").unwrap().unwrap(), key).unwrap(), "within the limits");
    assert_eq!(view.page(0).unwrap().dict.get(b"Tabs").and_then(Object::as_name), Some(&b"S"[..]));
    assert!(widget.get(b"TU").is_some() && widget.get(b"Contents").is_some());
    key
}

fn assert_clean(file: &[u8], what: &str) {
    let anchors = TrustAnchors::default();
    let options = VerifyOptions { trust: &anchors, time: now(), policy: Policy::default(), password: None, evidence: None };
    let source = file.to_vec();
    let report = verify(&source, &options, &Progress::default()).unwrap();
    for signature in &report.signatures {
        let changes: Vec<&str> = signature.change_details.iter().map(|change| change.detail.as_str()).collect();
        assert!(signature.intact, "{what}: {}: {changes:?}", signature.field);
    }
}

const DOCUMENT: &str = "<</Type/StructElem/S/Document/P 8 0 R/K[10 0 R]>>";

#[test]
fn every_shape_of_a_tree() {
    let signer = Signer::p256();
    let root = "<</Type/StructTreeRoot/K 9 0 R/ParentTree 11 0 R/ParentTreeNextKey 1>>";
    let one = "<</Nums[0[10 0 R]]>>";
    for (what, key, tree) in [
        ("plain", 1, vec![root, DOCUMENT, LEAF, one]),
        ("an array of one kid", 1, vec!["<</Type/StructTreeRoot/K[9 0 R]/ParentTree 11 0 R>>", DOCUMENT, LEAF, one]),
        ("two kids of the root", 1, vec!["<</Type/StructTreeRoot/K[9 0 R 12 0 R]/ParentTree 11 0 R>>", DOCUMENT, LEAF, one, DOCUMENT]),
        ("one kid that is no array", 1, vec![root, "<</Type/StructElem/S/Document/P 8 0 R/K 10 0 R>>", LEAF, one]),
        ("kids in an object of their own", 1, vec![root, "<</Type/StructElem/S/Document/P 8 0 R/K 12 0 R>>", LEAF, one, "[10 0 R]"]),
        ("a tree inside the root", 1, vec!["<</Type/StructTreeRoot/K 9 0 R/ParentTree<</Nums[0[10 0 R]]>>>>", DOCUMENT, LEAF]),
        ("numbers in an object of their own", 1, vec![root, DOCUMENT, LEAF, "<</Nums 12 0 R>>", "[0[10 0 R]]"]),
        (
            "leaves with limits",
            8,
            vec![
                "<</Type/StructTreeRoot/K 9 0 R/ParentTree 11 0 R/ParentTreeNextKey 3>>",
                DOCUMENT,
                LEAF,
                "<</Kids[12 0 R 13 0 R]>>",
                "<</Limits[0 1]/Nums[0[10 0 R]1 10 0 R]>>",
                "<</Limits[4 7]/Kids[14 0 R]>>",
                "<</Limits[4 7]/Nums[4 10 0 R 7 10 0 R]>>",
            ],
        ),
        (
            "a count ahead of the tree",
            40,
            vec!["<</Type/StructTreeRoot/K 9 0 R/ParentTree 11 0 R/ParentTreeNextKey 40>>", DOCUMENT, LEAF, one],
        ),
        ("no parent tree", 0, vec!["<</Type/StructTreeRoot/K 9 0 R>>", DOCUMENT, "<</Type/StructElem/S/P/P 9 0 R>>"]),
    ] {
        for style in [Style::Table, Style::Stream] {
            let once = signer.sign(&tagged(style, &tree), &visible(50.0)).unwrap();
            assert_eq!(linked(&once, 0), key, "{what}");
            judged_by_qpdf(&once);
            assert_clean(&once, what);
            let twice = signer.sign(&once, &visible(250.0)).unwrap();
            assert_eq!((linked(&twice, 1), linked(&twice, 0)), (key, key + 1), "{what}");
            judged_by_pdfsig(&twice, 2);
            assert_clean(&twice, what);
        }
    }
}

/// Where nothing is owed, the tags of a signed document stay as they are.
#[test]
fn a_second_signature_leaves_the_tags_alone_where_it_may() {
    let signer = Signer::p256();
    let tree = ["<</Type/StructTreeRoot/K 9 0 R/ParentTree 11 0 R/ParentTreeNextKey 1>>", DOCUMENT, LEAF, "<</Nums[0[10 0 R]]>>"];
    let number = |file: &[u8]| {
        let document = Document::open(&file).unwrap();
        widget(document.latest(), 0).1.get(b"StructParent").cloned()
    };
    let once = signer.sign(&tagged(Style::Table, &tree), &invisible()).unwrap();
    assert_eq!(number(&once), Some(Object::Integer(1)));
    assert_eq!(number(&signer.sign(&once, &invisible()).unwrap()), None, "a box without an area");
    // Part 2 takes what has no area for an artifact, from the first signature on.
    let mut second = tagged(Style::Table, &tree);
    let at = second.windows(6).position(|w| w == b"part='").unwrap();
    second[at + 6] = b'2';
    assert_eq!(number(&signer.sign(&second, &invisible()).unwrap()), None, "PDF/UA-2");
    assert_eq!(number(&signer.sign(&second, &visible(50.0)).unwrap()), Some(Object::Integer(1)), "PDF/UA-2");
    // The same length, another namespace: no claim.
    let mut unclaimed = tagged(Style::Table, &tree);
    let at = unclaimed.windows(11).position(|w| w == b"pdfua/ns/id").unwrap();
    unclaimed[at] = b'q';
    let once = signer.sign(&unclaimed, &visible(50.0)).unwrap();
    assert_eq!(number(&once), Some(Object::Integer(1)));
    assert_eq!(number(&signer.sign(&once, &visible(250.0)).unwrap()), None, "no claim");
}

#[test]
fn a_tree_that_is_damaged_is_left_alone() {
    let signer = Signer::p256();
    let one = "<</Nums[0[10 0 R]]>>";
    for (what, tree) in [
        ("the document is no element", vec!["<</Type/StructTreeRoot/K 9 0 R/ParentTree 11 0 R>>", "(x)", LEAF, one]),
        ("the parent tree is no tree", vec!["<</Type/StructTreeRoot/K 9 0 R/ParentTree 11 0 R>>", DOCUMENT, LEAF, "[1]"]),
        ("the parent tree is a name", vec!["<</Type/StructTreeRoot/K 9 0 R/ParentTree/X>>", DOCUMENT, LEAF]),
        ("a tree without an end", vec!["<</Type/StructTreeRoot/K 9 0 R/ParentTree 11 0 R>>", DOCUMENT, LEAF, "<</Kids[11 0 R]>>"]),
        (
            "numbers at their end",
            vec!["<</Type/StructTreeRoot/K 9 0 R/ParentTree 11 0 R/ParentTreeNextKey 2147483647>>", DOCUMENT, LEAF, one],
        ),
        ("a key twice", vec!["<</Type/StructTreeRoot/K 9 0 R/K 9 0 R/ParentTree 11 0 R>>", DOCUMENT, LEAF, one]),
    ] {
        let file = signer.sign(&tagged(Style::Table, &tree), &visible(50.0)).unwrap();
        let document = Document::open(&file).unwrap();
        assert_eq!(widget(document.latest(), 0).1.get(b"StructParent"), None, "{what}");
        judged_by_pdfsig(&file, 1);
    }
}
