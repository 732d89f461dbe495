//! Each marker from the smallest document that has it, and from one that does not.

#![allow(clippy::ptr_arg, reason = "a document reads from a sized source")]

use super::*;
use crate::pdf::Document;

/// A one-page document: entries of the catalog, entries of the page, and objects from number 5 on (a content stream is number 4).
fn document(catalog: &str, page: &str, objects: &[&str]) -> Vec<u8> {
    let mut all = vec![
        format!("<</Type/Catalog/Pages 2 0 R{catalog}>>"),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]{page}>>"),
        "<</Length 0>>\nstream\n\nendstream".to_owned(),
    ];
    all.extend(objects.iter().map(|object| (*object).to_owned()));
    written(&all)
}

fn written(all: &[String]) -> Vec<u8> {
    let mut bytes = b"%PDF-1.4\n".to_vec();
    let mut offsets = Vec::new();
    for object in all {
        offsets.push(bytes.len());
        bytes.extend_from_slice(format!("{} 0 obj\n{object}\nendobj\n", offsets.len()).as_bytes());
    }
    let xref = bytes.len();
    bytes.extend_from_slice(format!("xref\n0 {}\n0000000000 65535 f \n", all.len() + 1).as_bytes());
    for offset in offsets {
        bytes.extend_from_slice(format!("{offset:010} 00000 n \n").as_bytes());
    }
    bytes.extend_from_slice(format!("trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{xref}\n%%EOF\n", all.len() + 1).as_bytes());
    bytes
}

fn of(bytes: &Vec<u8>) -> Inspection {
    inspect(&Document::open(bytes).unwrap()).unwrap()
}

fn risks(bytes: &Vec<u8>) -> Vec<&'static str> {
    let inspection = of(bytes);
    assert_eq!(inspection.unchecked, []);
    inspection.counts.keys().map(|risk| risk.code()).collect()
}

const EMBEDDED: &str = "<</Type/Font/Subtype/TrueType/BaseFont/A/FontDescriptor<</FontFile2 4 0 R>>>>";

#[test]
fn a_plain_document_has_no_marker() {
    let plain = document(
        "/Version/1.7/OpenAction[3 0 R/Fit]/OCProperties<</OCGs[]/D<<>>>>/Names<</JavaScript<</Names[]>>/EmbeddedFiles<</Names[]>>>>",
        "/Contents 4 0 R/Resources<</Font<</A 5 0 R/B 6 0 R/C 7 0 R>>/XObject<</X 8 0 R>>>>/Annots[<</Subtype/Link/A<</S/URI/URI(https://example.org)>>>>]",
        &[
            EMBEDDED,
            "<</Type/Font/Subtype/Type3>>",
            "<</Type/Font/Subtype/Type0/DescendantFonts[<</FontDescriptor<</FontFile3 4 0 R>>>>]>>",
            "<</Type/XObject/Subtype/Form/BBox[0 0 1 1]/Resources<</XObject<</X 8 0 R>>>>/Length 0>>\nstream\n\nendstream",
        ],
    );
    let inspection = of(&plain);
    assert_eq!((inspection.version.as_str(), inspection.pages, inspection.size), ("1.7", 1, plain.len() as u64));
    assert!(inspection.markers.is_empty() && inspection.unchecked.is_empty(), "{inspection}");
    assert_eq!(inspection.revisions.len(), 1);
    assert_eq!((inspection.revisions[0].start, inspection.revisions[0].end), (0, Some(plain.len() as u64)));
    assert!(inspection.encryption.is_none() && !inspection.xfa && !inspection.portfolio && !inspection.usage_rights);
}

#[test]
fn each_marker_is_found() {
    let cases: &[(&str, &str, &str, &[&str])] = &[
        ("hidden_layers", "/OCProperties<</OCGs[5 0 R]/D<</OFF[5 0 R]>>>>", "", &["<</Type/OCG/Name(x)>>"]),
        ("hidden_layers", "/OCProperties<</OCGs[5 0 R]/D<</BaseState/OFF>>>>", "", &["<</Type/OCG/Name(x)>>"]),
        ("hidden_layers", "/OCProperties<</OCGs[5 0 R]/D<</AS[<</Event/Print>>]>>>>", "", &["<</Type/OCG/Name(x)>>"]),
        ("layers", "/OCProperties<</OCGs[5 0 R]/D<<>>>>", "", &["<</Type/OCG/Name(x)>>"]),
        ("script", "/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>", "", &[]),
        ("script", "/OpenAction<</S/GoTo/D[3 0 R/Fit]/Next[<</S/JavaScript/JS(x)>>]>>", "", &[]),
        ("script", "/Names<</JavaScript<</Names[(a)5 0 R]>>>>", "", &["<</S/JavaScript/JS(x)>>"]),
        ("script", "", "/AA<</O 5 0 R>>", &["<</S/JavaScript/JS(x)>>"]),
        ("script", "", "/Annots[<</Subtype/Link/A 5 0 R>>]", &["<</S/JavaScript/JS(x)>>"]),
        ("script", "", "/Annots[<</Subtype/Widget/AA<</K 5 0 R>>>>]", &["<</S/JavaScript/JS(x)>>"]),
        ("automatic_action", "/OpenAction<</S/URI/URI(https://example.org)>>", "", &[]),
        ("automatic_action", "", "/Annots[<</Subtype/Link/A<</S/SetOCGState>>>>]", &[]),
        ("launch", "", "/Annots[<</Subtype/Link/A<</S/Launch/F(a.exe)>>>>]", &[]),
        ("external_content", "", "/Annots[<</Subtype/Link/A<</S/GoToR/F(a.pdf)/D[0/Fit]>>>>]", &[]),
        ("external_content", "", "/Contents 5 0 R", &["<</Length 0/F(other.bin)>>\nstream\n\nendstream"]),
        ("external_content", "", "/Resources<</XObject<</X 5 0 R>>>>", &["<</Subtype/Image/Length 0/F(a.jpg)>>\nstream\n\nendstream"]),
        ("external_content", "", "/Resources<</XObject<</X 5 0 R>>>>", &["<</Subtype/Form/Length 0/Ref<<>>>>\nstream\n\nendstream"]),
        ("multimedia", "", "/Annots[<</Subtype/RichMedia>>]", &[]),
        ("overlay", "", "/Annots[<</Subtype/Stamp>>]", &[]),
        ("value_without_appearance", "/AcroForm<</Fields[5 0 R]>>", "", &["<</FT/Tx/T(a)/V(x)>>"]),
        ("value_without_appearance", "/AcroForm<</Fields[<</FT/Tx/T(a)/V(x)/Kids[5 0 R]>>]>>", "", &["<</Subtype/Widget>>"]),
        ("need_appearances", "/AcroForm<</Fields[]/NeedAppearances true>>", "", &[]),
        ("xfa", "/AcroForm<</Fields[]/XFA 4 0 R>>", "", &[]),
        ("font_not_embedded", "", "/Resources<</Font<</F 5 0 R>>>>", &["<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"]),
        (
            "font_not_embedded",
            "",
            "/Resources<</XObject<</X 5 0 R>>>>",
            &[
                "<</Subtype/Form/Resources<</Font<</F 6 0 R>>>>/Length 0>>\nstream\n\nendstream",
                "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
            ],
        ),
        ("embedded_files", "/Names<</EmbeddedFiles<</Names[(a)5 0 R]>>>>", "", &["<</Type/Filespec/F(a)>>"]),
        ("embedded_files", "", "/Annots[<</Subtype/FileAttachment>>]", &[]),
        ("portfolio", "/Collection<<>>", "", &[]),
        ("usage_rights", "/Perms<</UR3 5 0 R>>", "", &["<</Type/Sig>>"]),
        (
            "signing_forbidden",
            "/Perms<</DocMDP 5 0 R>>",
            "",
            &["<</Type/Sig/Reference[<</TransformMethod/DocMDP/TransformParams<</P 1/V/1.2>>>>]>>"],
        ),
    ];
    for (code, catalog, page, objects) in cases {
        assert_eq!(risks(&document(catalog, page, objects)), [*code], "{catalog} {page} {objects:?}");
    }
    let covered: HashSet<&str> = cases.iter().map(|case| case.0).collect();
    // These need another structure or a big file and have tests of their own.
    let elsewhere = [
        "permission_bits",
        "signing_not_permitted",
        "hybrid",
        "damaged_structure",
        "large_document",
        "spoils_earlier_signature",
        "new_box_under_certification",
    ];
    for risk in Risk::ALL {
        assert!(covered.contains(risk.code()) || elsewhere.contains(&risk.code()), "{} has no case", risk.code());
    }
}

#[test]
fn markers_name_object_page_and_remedy() {
    let inspection = of(&document("", "/Resources<</Font<</F 5 0 R>>>>", &["<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"]));
    let marker = &inspection.markers[0];
    assert_eq!((marker.code, marker.object.as_deref(), marker.page), (Risk::FontNotEmbedded, Some("5 0 R"), Some(1)));
    assert_eq!(marker.remedy, Risk::FontNotEmbedded.remedy());
    let json = serde_json::to_value(&inspection).unwrap();
    assert_eq!(json["markers"][0]["code"], "font_not_embedded");
    assert_eq!(json["counts"]["font_not_embedded"], 1);
    let text = inspection.to_string();
    assert!(text.contains("risk font_not_embedded") && text.contains("5 0 R on page 1"), "{text}");
}

#[test]
fn signature_fields_are_named_with_their_state() {
    let bytes = document(
        "/AcroForm<</Fields[5 0 R 8 0 R]>>/Perms<</DocMDP 9 0 R>>",
        "",
        &[
            "<</T(contract)/Kids[6 0 R 7 0 R]>>",
            "<</T(lender)/FT/Sig/Rect[10 10 90 40]/P 3 0 R/V 9 0 R/Parent 5 0 R>>",
            "<</T(borrower)/FT/Sig/Rect[0 0 0 0]/Parent 5 0 R>>",
            "<</T(amount)/FT/Tx/V(5)/AP<</N 4 0 R>>>>",
            "<</Type/Sig/SubFilter/ETSI.CAdES.detached/Reference[<</TransformMethod/DocMDP>>]>>",
        ],
    );
    let inspection = of(&bytes);
    let [lender, borrower] = inspection.signature_fields.as_slice() else { panic!("{inspection}") };
    assert_eq!((lender.name.as_str(), lender.page, lender.signed, lender.visible), ("contract.lender", Some(1), true, true));
    assert_eq!(lender.sub_filter.as_deref(), Some("ETSI.CAdES.detached"));
    assert_eq!((borrower.name.as_str(), borrower.signed, borrower.visible), ("contract.borrower", false, false));
    assert_eq!((inspection.form_fields, inspection.certification), (1, Some(2)));
    assert!(!inspection.has(Risk::SigningForbidden));
    assert!(
        inspection.to_string().contains("signature field contract.lender (6 0 R): signed, ETSI.CAdES.detached, visible on page 1"),
        "{inspection}"
    );
}

#[test]
fn damage_is_named() {
    let plain = document("", "", &[]);
    assert_eq!(risks(&[plain.as_slice(), b"\n\n"].concat()), [""; 0], "blank lines at the end are harmless");
    assert_eq!(risks(&[plain.as_slice(), b"more"].concat()), ["damaged_structure"]);
    assert_eq!(risks(&[plain.as_slice(), b"startxref\n7\n%%EOF\n"].concat()), ["damaged_structure"]);
    let lying = String::from_utf8(plain).unwrap().replace("/Count 1", "/Count 9").into_bytes();
    let inspection = of(&lying);
    assert!(inspection.has(Risk::DamagedStructure) && inspection.pages == 9);
}

#[test]
fn a_hybrid_is_named() {
    let mut bytes = document("", "", &[]);
    let text = String::from_utf8_lossy(&bytes).into_owned();
    bytes.truncate(text.find("xref\n").unwrap());
    let stream = bytes.len();
    bytes.extend_from_slice(b"5 0 obj\n<</Type/XRef/Size 6/W[1 2 1]/Index[5 0]/Length 0>>\nstream\n\nendstream\nendobj\n");
    let table = text[text.find("xref\n").unwrap()..text.find("startxref").unwrap()].replace("/Root", &format!("/XRefStm {stream}/Root"));
    let xref = bytes.len();
    bytes.extend_from_slice(format!("{table}startxref\n{xref}\n%%EOF\n").as_bytes());
    assert_eq!(risks(&bytes), ["hybrid"]);
    assert_eq!(of(&bytes).revisions[0].cross_references, "hybrid");
}

#[test]
fn what_cannot_be_checked_is_said() {
    // A field tree that is a loop, a chain of actions without end, objects that are no objects.
    let looped = document("/AcroForm<</Fields[5 0 R]>>", "", &["<</T(a)/Kids[5 0 R]>>"]);
    assert_eq!(of(&looped).unchecked[0].part, "form fields");
    let chained = document("/OpenAction 5 0 R", "", &["<</S/GoTo/Next 5 0 R>>"]);
    assert_eq!(of(&chained).unchecked[0].part, "actions");
    let broken = document("", "/Resources<</Font<</F 5 0 R>>>>/Annots 5 0 R", &["<</Broken"]);
    let inspection = of(&broken);
    let parts: Vec<&str> = inspection.unchecked.iter().map(|unchecked| unchecked.part).collect();
    assert_eq!(parts, ["fonts and XObjects", "annotations"]);
    assert!(inspection.to_string().contains("not checked: fonts and XObjects, it cannot be read, from page 1 on"), "{inspection}");
    // A page tree that is a loop.
    let tree = String::from_utf8(document("", "", &[])).unwrap().replace("/Kids[3 0 R]", "/Kids[2 0 R]").into_bytes();
    assert!(of(&tree).unchecked.iter().any(|unchecked| unchecked.part == "pages"));
}

#[test]
fn an_inspection_ends_on_its_budget_and_says_so() {
    let mut all = vec![
        "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[<</FT/Sig/T(s)>>]>>>>".to_owned(),
        format!("<</Type/Pages/Count 5000/Kids[{}]>>", (3..5003).map(|n| format!("{n} 0 R ")).collect::<String>()),
    ];
    all.extend((0..5000).map(|_| "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>".to_owned()));
    let inspection = of(&written(&all));
    assert_eq!(inspection.pages, 5000);
    assert!(inspection.has(Risk::LargeDocument));
    assert!(inspection.unchecked.iter().any(|unchecked| unchecked.part == "pages" && unchecked.page == Some(2001)), "{inspection}");
    assert_eq!(inspection.signature_fields.len(), 1, "signature fields are found all the same");
    // Thousands of findings are counted and a few listed.
    let annotations = "<</Subtype/Stamp>>".repeat(900);
    let inspection = of(&document("", &format!("/Annots[{annotations}]"), &[]));
    assert_eq!((inspection.counts[&Risk::Overlay], inspection.markers.len()), (900, 20));
}

#[cfg(feature = "encrypted-pdf")]
#[test]
fn encryption_and_its_permissions() {
    let bytes = encrypted(&["256", "--modify=none"]);
    let inspection = of(&bytes);
    let encryption = inspection.encryption.as_ref().unwrap();
    assert_eq!((encryption.method.as_str(), encryption.revision, encryption.owner, encryption.create_fields), ("aes-256", 6, false, false));
    assert!(inspection.has(Risk::PermissionBits));
    assert!(inspection.to_string().contains("encrypted: aes-256, revision 6, opened as user; users may print, copy"), "{inspection}");
    let owner = inspect(&Document::open_with_password(&bytes, Some(b"owner")).unwrap()).unwrap();
    assert!(!owner.has(Risk::PermissionBits), "the owner may");
}

#[test]
fn claims_of_the_metadata() {
    let stream = |body: &str| {
        let text = format!(
            "<x xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:a='http://www.aiim.org/pdfa/ns/id/' \
             xmlns:u='http://www.aiim.org/pdfua/ns/id/'><r:RDF>{body}</r:RDF></x>"
        );
        format!("<</Type/Metadata/Subtype/XML/Length {}>>\nstream\n{text}\nendstream", text.len())
    };
    let claimed = |body: &str| of(&document("/Metadata 5 0 R", "", &[&stream(body)]));
    let both = claimed("<r:Description a:part='2' a:conformance='b'/><r:Description u:part='1'/>");
    assert_eq!(both.pdfa.as_ref().map(ToString::to_string).as_deref(), Some("PDF/A-2b"));
    assert_eq!(both.pdfua.as_ref().map(|ua| ua.part), Some(1));
    assert!(both.to_string().contains("claims to be PDF/A-2b and PDF/UA-1\n"));
    let four = claimed("<r:Description a:part='4' a:rev='2020'/>");
    assert_eq!((four.pdfa, four.pdfua, four.unchecked), (Some(PdfA { part: 4, level: None }), None, vec![]));
    assert_eq!(claimed("").unchecked, []);
    let metadata = [Unchecked { part: "the XMP metadata", why: "it cannot be read", page: None }];
    for body in ["<r:Description a:part='12'/>", "<r:Description a:part='2' a:conformance='AB'/>", "<r:Description a:part=2/>"] {
        let found = claimed(body);
        assert_eq!((found.pdfa, found.pdfua), (None, None), "{body}");
        assert_eq!(found.unchecked, metadata, "{body}");
    }
}

#[test]
fn tagged_is_marked_with_a_tree() {
    let tagged = |catalog: &str| of(&document(catalog, "", &["<</Type/StructTreeRoot>>"])).tagged;
    assert!(tagged("/MarkInfo<</Marked true>>/StructTreeRoot 5 0 R"));
    assert!(!tagged("/MarkInfo<</Marked false>>/StructTreeRoot 5 0 R"));
    assert!(!tagged("/StructTreeRoot 5 0 R"));
    assert!(!tagged("/MarkInfo<</Marked true>>"));
}

#[cfg(feature = "encrypted-pdf")]
#[allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests run an outside producer")]
fn encrypted(options: &[&str]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let (from, to) = (folder.path().join("in.pdf"), folder.path().join("out.pdf"));
    std::fs::write(&from, document("", "", &[])).unwrap();
    let run = std::process::Command::new("qpdf")
        .args(["--allow-weak-crypto", "--encrypt", "", "owner"])
        .args(options)
        .arg("--")
        .args([&from, &to])
        .status()
        .unwrap();
    assert!(run.success());
    std::fs::read(&to).unwrap()
}

#[cfg(feature = "encrypted-pdf")]
#[test]
fn a_new_field_and_one_that_is_there_are_permitted_apart() {
    // Options for qpdf, whether a new field is permitted, whether an existing one may be signed.
    let cases: &[(&[&str], bool, bool)] = &[
        (&["40", "--modify=y", "--annotate=y"], true, true),
        (&["40", "--modify=n", "--annotate=y"], false, true),
        (&["40", "--modify=y", "--annotate=n"], false, false),
        (&["128", "--use-aes=n", "--modify=all"], true, true),
        (&["128", "--use-aes=y", "--modify=annotate"], false, true),
        (&["256", "--modify=form"], false, true),
        (&["256", "--modify=assembly"], false, false),
        (&["256", "--modify=none"], false, false),
        (&["256", "--modify-other=n"], false, true),
        (&["256", "--annotate=n"], false, true),
        (&["256", "--annotate=n", "--form=n"], false, false),
    ];
    for (options, new, existing) in cases {
        let bytes = encrypted(options);
        let user = of(&bytes);
        assert_eq!((user.permits(Signing::NewField), user.permits(Signing::ExistingField)), (*new, *existing), "{options:?}");
        assert_eq!((user.has(Risk::PermissionBits), user.has(Risk::SigningNotPermitted)), (!new, !existing), "{options:?}");
        let owner = inspect(&Document::open_with_password(&bytes, Some(b"owner")).unwrap()).unwrap();
        assert!(owner.permits(Signing::NewField) && owner.permits(Signing::ExistingField) && !owner.has(Risk::PermissionBits));
    }
    assert!(of(&document("", "", &[])).permits(Signing::NewField), "no encryption, no permissions");
}

#[test]
fn an_object_that_is_not_where_it_should_be_is_damage() {
    let sound = document("", "/Contents 4 0 R", &[]);
    assert!(!of(&sound).has(Risk::DamagedStructure));
    let at = sound.windows(8).position(|w| w == b"\n4 0 obj").unwrap() + 1;
    let text = String::from_utf8_lossy(&sound).into_owned();
    let inspection = of(&text.replace(&format!("{at:010}"), &format!("{:010}", at + 2)).into_bytes());
    let marker = inspection.markers.iter().find(|marker| marker.code == Risk::DamagedStructure).unwrap();
    assert_eq!(marker.object.as_deref(), Some("4 0 R"));
    // So is a stream of another length.
    assert!(of(&text.replace("/Length 0", "/Length 9").into_bytes()).has(Risk::DamagedStructure));
}
