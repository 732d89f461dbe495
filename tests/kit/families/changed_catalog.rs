//! The catalog and the trailer, changed after signing: navigation, actions, files, and what stands behind them.

use super::super::Family;
use super::super::document::{body, find, find_last, finish, write};
use super::super::seal::{countersigned, seal, signature};
use super::deed::{INFO, Objects, changed, deed, more, objects, set, stream, swap, update, with_objects};

const EXTENSION: &str = "/Extensions<</ESIC<</BaseVersion/1.7/ExtensionLevel 2>>>>";

const LATER: &str = "later_change";

pub(crate) fn families() -> Vec<Family> {
    vec![navigation(), actions(), files(), catalog(), trailer(), alone(), size(), metadata()]
}

fn navigation() -> Family {
    let base = deed();
    let cases: Vec<(&str, Objects)> = vec![
        ("a bookmark's title", vec![swap(&base, 21, "(Terms)", "(Void)")]),
        ("a bookmark's aim", vec![swap(&base, 21, "[3 0 R/Fit]", "[42 0 R/Fit]")]),
        ("a bookmark's action", vec![more(&base, 21, "/A<</S/JavaScript/JS(1)>>")]),
        ("one more bookmark", vec![swap(&base, 20, "/Last 21 0 R", "/Last 52 0 R"), set(52, "<</Title(More)/Parent 20 0 R>>")]),
        ("no bookmarks", vec![swap(&base, 1, "/Outlines 20 0 R", "")]),
        ("other bookmarks", vec![swap(&base, 1, "/Outlines 20 0 R", "/Outlines 52 0 R"), set(52, "<</Type/Outlines>>")]),
        ("a destination", vec![swap(&base, 1, "/home[3 0 R/Fit]", "/home[42 0 R/Fit]")]),
        ("one more destination", vec![swap(&base, 1, "/home[3 0 R/Fit]", "/home[3 0 R/Fit]/end[42 0 R/Fit]")]),
        ("named destinations", vec![more(&base, 22, "/Dests<</Names[(end)[42 0 R/Fit]]>>")]),
        ("page labels", vec![swap(&base, 1, "/S/D", "/S/r")]),
        ("page labels from elsewhere", vec![swap(&base, 1, "/Nums[0<</S/D>>]", "/Nums[0<</S/D/St 100>>]")]),
        ("the page mode", vec![swap(&base, 1, "/UseNone", "/FullScreen")]),
        ("the page layout", vec![more(&base, 1, "/PageLayout/TwoColumnLeft")]),
        ("a viewer preference", vec![swap(&base, 49, "true", "false")]),
        ("another viewer preference", vec![more(&base, 49, "/HideMenubar true")]),
        ("articles", vec![more(&base, 1, "/Threads[52 0 R]")]),
        ("where it opens", vec![more(&base, 1, "/OpenAction[42 0 R/Fit]")]),
        ("a base address", vec![more(&base, 1, "/URI<</Base(https://bank.invalid)>>")]),
    ];
    changed("navigation", "bookmarks, destinations and labels lead elsewhere", &base, LATER, cases)
}

fn actions() -> Family {
    let base = deed();
    let catalog = |entry: &str| vec![more(&base, 1, entry)];
    let cases: Vec<(&str, Objects)> = vec![
        ("a script that opens with it", catalog("/OpenAction<</S/JavaScript/JS(1)>>")),
        ("a script by reference", vec![more(&base, 1, "/OpenAction 52 0 R"), set(52, "<</S/JavaScript/JS(1)>>")]),
        ("a program", catalog("/OpenAction<</S/Launch/F(x)>>")),
        ("a form sent home", catalog("/OpenAction<</S/SubmitForm/F(https://bank.invalid)>>")),
        ("before it closes", catalog("/AA<</WC<</S/JavaScript/JS(1)>>>>")),
        ("after it is printed", catalog("/AA<</DP<</S/JavaScript/JS(2)>>>>")),
        ("a script by name", vec![swap(&base, 22, "/JavaScript<</Names[]>>", "/JavaScript<</Names[(a)<</S/JavaScript/JS(1)>>]>>")]),
        (
            "a script by name, in another tree",
            vec![swap(&base, 1, "/Names 22 0 R", "/Names 52 0 R"), set(52, "<</JavaScript<</Names[(a)<</S/JavaScript/JS(1)>>]>>>>")],
        ),
        ("renditions", vec![more(&base, 22, "/Renditions<</Names[]>>")]),
        ("looks by name", vec![more(&base, 22, "/AP<</Names[(x)36 0 R]>>")]),
        ("pages by name", vec![more(&base, 22, "/Pages<</Names[(x)47 0 R]>>")]),
        ("templates by name", vec![more(&base, 22, "/Templates<</Names[(x)47 0 R]>>")]),
    ];
    changed("actions_added", "the document acts by itself after it was signed", &base, LATER, cases)
}

fn files() -> Family {
    let base = deed();
    let cases: Vec<(&str, Objects)> = vec![
        ("another content", vec![set(24, &stream("/Type/EmbeddedFile", "Other terms."))]),
        ("another name", vec![swap(&base, 23, "/F(terms.txt)", "/F(other.txt)")]),
        ("a name for other systems", vec![more(&base, 23, "/UF(other.txt)")]),
        ("another file", vec![swap(&base, 23, "24 0 R", "52 0 R"), set(52, &stream("/Type/EmbeddedFile", "Other."))]),
        ("one more", vec![swap(&base, 22, "(terms.txt) 23 0 R", "(a) 52 0 R(terms.txt) 23 0 R"), set(52, "<</Type/Filespec/F(a)>>")]),
        ("none", vec![swap(&base, 22, "/EmbeddedFiles<</Names[(terms.txt) 23 0 R]>>", "")]),
        ("outside", vec![set(23, "<</Type/Filespec/FS/URL/F(https://bank.invalid)>>")]),
        ("a portfolio", vec![more(&base, 1, "/Collection<</View/T>>")]),
        ("associated files", vec![more(&base, 1, "/AF[23 0 R]")]),
        ("a relationship", vec![more(&base, 23, "/AFRelationship/Source")]),
    ];
    changed("files_embedded", "an embedded file is another, or the document becomes a portfolio of others", &base, LATER, cases)
}

fn catalog() -> Family {
    let base = deed();
    let catalog = |entry: &str| vec![more(&base, 1, entry)];
    let cases: Vec<(&str, Objects)> = vec![
        ("permissions", catalog("/Perms<</DocMDP 11 0 R>>")),
        ("usage rights", catalog("/Perms<</UR3 11 0 R>>")),
        ("legal attestation", catalog("/Legal<</JavaScriptActions 0>>")),
        ("requirements", catalog("/Requirements[<</Type/Requirement/S/EnableJavaScripts>>]")),
        ("rendered by XFA", catalog("/NeedsRendering true")),
        ("outputs", catalog("/OutputIntents[<</S/GTS_PDFX/OutputConditionIdentifier(x)>>]")),
        ("pieces of an application", catalog("/PieceInfo<<>>")),
        ("web capture", catalog("/SpiderInfo<</V 1.0>>")),
        ("document parts", catalog("/DPartRoot 42 0 R")),
        ("an unknown entry", catalog("/Thrivo true")),
        ("a key twice", catalog("/Pages 46 0 R")),
        ("a hidden key", catalog("/Op#65nAction[42 0 R/Fit]")),
        ("a hidden tree", catalog("/P#61ges 46 0 R")),
        ("another catalog in its place", vec![set(1, "<</Type/Catalog/Pages 46 0 R>>")]),
        ("no type", vec![swap(&base, 1, "/Type/Catalog", "")]),
        ("no form", vec![swap(&base, 1, "/AcroForm 6 0 R", "")]),
    ];
    changed("catalog_entries", "the catalog says more, less or something else", &base, LATER, cases)
}

fn trailer() -> Family {
    let base = deed();
    let with = |trailer: &str| finish(&base, base.clone(), "0 0\n", trailer);
    let twice = |from: &str, to: &str| {
        let bytes = with(INFO);
        let at = find_last(&bytes, from.as_bytes()).expect("there");
        [&bytes[..at], to.as_bytes(), &bytes[at + from.len()..]].concat()
    };
    let copy = |more: &str| {
        let copied = body(&base, 1);
        update(&base, &vec![(52, format!("{}{more}>>", copied.strip_suffix(">>").expect("a dictionary")))], "/Root 52 0 R")
    };
    // As PDFHummus writes: each update has a catalog of its own, the signed one too.
    let recopied = |page: &str| {
        let mut all: Vec<(u32, String)> = objects("", "", "").into_iter().filter(|(number, _)| *number != 11).collect();
        all.iter_mut().filter(|(number, _)| *number == 10).for_each(|(_, field)| *field = field.replace("/V 11 0 R", ""));
        let all: Vec<(u32, &str)> = all.iter().map(|(number, body)| (*number, body.as_str())).collect();
        let first = write(&all, INFO);
        let signed = update(
            &first,
            &vec![(52, body(&first, 1)), (11, signature("")), more(&first, 10, "/V 11 0 R"), more(&first, 42, page)],
            "/Root 52 0 R/Info 27 0 R",
        );
        let signed = seal(signed);
        let font = set(54, "<</Type/Font/Subtype/Type1/BaseFont/Courier>>");
        let grown = swap(&signed, 6, "/Helv 48 0 R", "/Helv 48 0 R/Cour 54 0 R");
        update(&signed, &vec![(53, body(&signed, 52)), grown, font], "/Root 53 0 R/Info 27 0 R")
    };
    let mut family = Family::new("trailers", "the trailer of an update names another catalog or another key")
        .control("the trailer as it was", with(INFO))
        .control("another file identifier", twice("/ID[<01>", "/ID[<07>"))
        .control("no information any more", with(""))
        .control("a copy of the catalog", copy(""))
        .control("a copy of a copy, and a font more", recopied(""));
    for (name, bytes) in [
        ("an unused catalog", with("/Root 45 0 R")),
        ("a page as catalog", with("/Root 3 0 R")),
        ("a new catalog", update(&base, &vec![set(52, "<</Type/Catalog/Pages 46 0 R>>")], "/Root 52 0 R")),
        ("a copy of the catalog with more in it", copy("/PageLayout/TwoColumnLeft")),
        ("a copy of the catalog where a page waits for one", {
            let waiting =
                with_objects(objects("", "", ""), &[(47, "<</Type/Page/Parent 46 0 R/MediaBox[0 0 9 9]/PieceInfo<</X 52 0 R>>>>")]);
            update(&waiting, &vec![(52, body(&waiting, 1))], "/Root 52 0 R")
        }),
        ("a copy of the catalog and another one in its place", {
            let copied = body(&base, 1);
            update(&base, &vec![(52, copied), set(1, "<</Type/Catalog/Pages 46 0 R>>")], "/Root 52 0 R")
        }),
        ("a copy of a copy, the first one part of a page", recopied("/PieceInfo<</X 1 0 R>>")),
        ("two catalogs", with("/Root 1 0 R/Root 45 0 R")),
        ("a hidden catalog", with("/Root 1 0 R/R#6fot 45 0 R")),
        ("two informations", with("/Info 27 0 R/Info 45 0 R")),
        ("the page tree as information", with("/Info 46 0 R")),
    ] {
        family = family.refused(name, bytes, LATER);
    }
    let streamed = stream(body(&base, 1).trim_start_matches("<<").trim_end_matches(">>"), "x");
    family.unreadable("a copy of the catalog that is a stream", update(&base, &vec![(52, streamed)], "/Root 52 0 R"), "pdf_damaged")
}

/// A signature of its own over the whole file, in a section that leads to no page: what people see is found by rebuilding the file.
fn alone() -> Family {
    let base = deed();
    let with = |prev: &str| {
        let (mut out, mut entries) = (base.clone(), String::new());
        let value = signature("");
        for (number, body) in [
            (1, "<</Type/Catalog/Pages 2 0 R/AcroForm 52 0 R>>"),
            (52, "<</Fields[53 0 R]/SigFlags 3>>"),
            (53, "<</FT/Sig/T(Alone)/V 54 0 R>>"),
            (54, value.as_str()),
        ] {
            entries.push_str(&format!("{number} 1\n{:010} 00000 n \n", out.len()));
            out.extend_from_slice(format!("{number} 0 obj\n{body}\nendobj\n").as_bytes());
        }
        let at = out.len();
        let trailer = format!("trailer\n<</Size 60/ID[<01><03>]/Root 1 0 R{prev}>>\nstartxref\n{at}\n%%EOF\n");
        out.extend_from_slice(format!("xref\n{entries}{trailer}").as_bytes());
        seal(out)
    };
    Family::new("signature_alone", "the last section leads to a signature and to no page; viewers rebuild the file and show other people's")
        .control("beside the others", countersigned(&base, "", "", &[]))
        .unreadable("no /Prev", with(""), "pdf_damaged")
        .unreadable("/Prev 0", with("/Prev 0"), "pdf_damaged")
}

/// Numbers from /Size on do not exist (ISO 32000-2 table 15).
fn size() -> Family {
    let base = deed();
    let sized = |size: &str| {
        let mut bytes = finish(&base, base.clone(), "0 0\n", INFO);
        let at = find_last(&bytes, b"/Size 60").expect("a size");
        bytes[at..at + 8].copy_from_slice(format!("/Size {size}").as_bytes());
        bytes
    };
    let mut family = Family::new("size_lowered", "viewers that obey /Size miss the objects behind it: the signed text, or the signature")
        .control("enough", sized("59"))
        .control("more than enough", sized("90"));
    for size in ["58", "49", "36", "33", "12", "11", "06", "04", "01", "00"] {
        family = family.refused(format!("/Size {size}"), sized(size), LATER);
    }
    family
}

fn metadata() -> Family {
    let base = deed();
    let xmp = |dict: &str| vec![set(25, &stream(dict, "<x:xmpmeta xmlns:x='adobe:ns:meta/'/>"))];
    let whole = "/Type/Metadata/Subtype/XML";
    let control = update(&base, &xmp(whole), INFO);
    let mut family = Family::new("metadata_smuggled", "information about the document holds something else")
        .control("other metadata", update(&base, &vec![set(25, &stream(whole, "<x:xmpmeta xmlns:x='adobe:ns:meta/'>2</x:xmpmeta>"))], INFO))
        .control("the same metadata", control)
        .control("other information", update(&base, &vec![set(27, "<</Title(Deed)/ModDate 52 0 R>>"), set(52, "(D:2026)")], INFO))
        .control("a version", update(&base, &vec![more(&base, 1, "/Version/1.7")], INFO))
        .control("an extension", update(&base, &vec![more(&base, 1, EXTENSION)], INFO))
        .control("no extension any more", {
            let extended = with_objects(objects(EXTENSION, "", ""), &[]);
            update(&extended, &vec![swap(&extended, 1, EXTENSION, "")], INFO)
        });
    let cases: Vec<(&str, Objects, &str)> = vec![
        ("metadata that are a dictionary", vec![set(25, "<</Type/Metadata>>")], INFO),
        ("metadata that are a picture", xmp("/Type/XObject/Subtype/Image"), INFO),
        ("metadata in another file", xmp("/Type/Metadata/Subtype/XML/F(other.xml)"), INFO),
        ("metadata elsewhere that are a page", vec![swap(&base, 1, "25 0 R", "52 0 R"), set(52, "<</Type/Page/Contents 44 0 R>>")], INFO),
        ("metadata that are content", vec![swap(&base, 1, "25 0 R", "33 0 R"), set(33, &stream(whole, "0 0 9 9 re f"))], INFO),
        (
            "metadata of a page",
            vec![more(&base, 3, "/Metadata 52 0 R"), set(52, &stream(whole, "<x:xmpmeta xmlns:x='adobe:ns:meta/'/>"))],
            INFO,
        ),
        ("metadata that are the page's", vec![swap(&base, 1, "25 0 R", "4 0 R")], INFO),
        ("information that is the catalog", vec![more(&base, 1, "/OpenAction[42 0 R/Fit]")], "/Info 1 0 R"),
        ("information that is the page", vec![more(&base, 3, "/Rotate 90")], "/Info 3 0 R"),
        ("information that is content", vec![set(33, &stream("/Title(Deed)", "0 0 9 9 re f"))], "/Info 33 0 R"),
        ("information that is a stream", vec![set(52, &stream("", "0 0 9 9 re f"))], "/Info 52 0 R"),
        ("information with a dictionary", vec![set(27, "<</Title(Deed)/Sub<</S/JavaScript/JS(1)>>>>")], INFO),
        ("information with a stream", vec![set(27, "<</Title 52 0 R>>"), set(52, &stream("", "0 0 9 9 re f"))], INFO),
        ("a version that is a dictionary", vec![more(&base, 1, "/Version<</S/JavaScript/JS(1)>>")], INFO),
        ("a version that is a stream", vec![more(&base, 1, "/Version 52 0 R"), set(52, &stream("", "0 0 9 9 re f"))], INFO),
        ("extensions with an action", vec![more(&base, 1, "/Extensions<</X<</BaseVersion/1.7/OpenAction[42 0 R/Fit]>>>>")], INFO),
        ("extensions that are a stream", vec![more(&base, 1, "/Extensions 52 0 R"), set(52, &stream("", "0 0 9 9 re f"))], INFO),
    ];
    for (name, objects, trailer) in cases {
        family = family.refused(name, update(&base, &objects, trailer), LATER);
    }
    assert!(find(&base, b"/Info 27 0 R").is_some());
    family
}
