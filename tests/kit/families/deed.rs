//! The document that is changed after signing: it has one of everything that an update could touch. Object 11 signs in field 10.
//!
//! Numbers that lead nowhere when it is signed: 33 (content), 50 (XObject `/Gx`), 51 (font `/F9`). Objects that nothing uses then: 44 (content),
//! 45 to 47 (catalog, page tree, page). 52 to 57 and 59 are free for updates.

use super::super::Family;
use super::super::document::{body, updated, write};
use super::super::seal::{seal, signature};

/// The changed objects of one forged file.
pub(crate) type Objects = Vec<(u32, String)>;

pub(crate) const BLACK: &str = "0 0 595 842 re f";

/// A stream of that text.
pub(crate) fn stream(dict: &str, text: &str) -> String {
    format!("<<{dict}/Length {}>>\nstream\n{text}\nendstream", text.len())
}

/// The look of a field.
pub(crate) fn look(text: &str) -> String {
    stream("/Type/XObject/Subtype/Form/BBox[0 0 100 20]/Resources<</Font<</Helv 48 0 R>>>>", &format!("BT /Helv 9 Tf ({text}) Tj ET"))
}

pub(crate) const CONTENT: &str = "BT /F1 12 Tf 72 720 Td (The borrower repays 100 rupees.) Tj ET q 100 0 0 50 72 600 cm /Im Do Q \
                                  q 1 0 0 1 72 540 cm /Fm Do Q /OC /MC0 BDC 72 500 100 20 re f EMC /GS gs";

pub(crate) fn objects(catalog: &str, dictionary: &str, field: &str) -> Vec<(u32, String)> {
    let own = |text: &str| text.to_owned();
    let widget = "/Type/Annot/Subtype/Widget/F 4/P 3 0 R";
    vec![
        (
            1,
            format!(
                "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R/Outlines 20 0 R/Names 22 0 R/Dests<</home[3 0 R/Fit]>>/Metadata 25 0 R\
                 /PageLabels<</Nums[0<</S/D>>]>>/PageMode/UseNone/ViewerPreferences 49 0 R/Lang(en)\
                 /OCProperties<</OCGs[26 0 R]/D<</OFF[26 0 R]/Order[26 0 R]>>>>{catalog}>>"
            ),
        ),
        (2, own("<</Type/Pages/Kids[3 0 R 42 0 R]/Count 2>>")),
        (
            3,
            own("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/CropBox[0 0 595 842]/Contents[4 0 R 33 0 R]/Resources 28 0 R\
                 /Annots[7 0 R 8 0 R 9 0 R 17 0 R 18 0 R 19 0 R 38 0 R 10 0 R]>>"),
        ),
        (4, stream("", CONTENT)),
        (
            5,
            own("<</Type/Font/Subtype/TrueType/BaseFont/Deed/FirstChar 32/LastChar 34/Widths 30 0 R/Encoding 29 0 R/FontDescriptor 31 0 R\
                 /ToUnicode 34 0 R>>"),
        ),
        (6, own("<</Fields[7 0 R 8 0 R 9 0 R 16 0 R 19 0 R 10 0 R]/SigFlags 3/CO[7 0 R]/DA(/Helv 0 Tf 0 g)/DR<</Font<</Helv 48 0 R>>>>>>")),
        (7, format!("<<{widget}/FT/Tx/T(amount)/V(100)/DA(/Helv 9 Tf 0 g)/Rect[300 400 400 420]/AP<</N 12 0 R>>>>")),
        (8, format!("<<{widget}/FT/Tx/T(note)/V(none)/Rect[300 360 400 380]/AP<</N 13 0 R>>>>")),
        (9, format!("<<{widget}/FT/Btn/T(agreed)/V/Off/AS/Off/Rect[300 330 320 350]/AP<</N<</Yes 14 0 R/Off 15 0 R>>>>>>")),
        (10, format!("<<{widget}/FT/Sig/T(Bank)/V 11 0 R/Rect[0 0 0 0]{field}>>").replace("/F 4", "/F 132")),
        (11, signature(dictionary)),
        (12, look("100")),
        (13, look("none")),
        (14, look("x")),
        (15, look(" ")),
        (16, own("<</FT/Btn/Ff 32768/T(rate)/V/Low/Kids[17 0 R 18 0 R]>>")),
        (17, format!("<<{widget}/Parent 16 0 R/AS/Low/Rect[300 300 320 320]/AP<</N<</Low 14 0 R/Off 15 0 R>>>>>>")),
        (18, format!("<<{widget}/Parent 16 0 R/AS/Off/Rect[330 300 350 320]/AP<</N<</High 14 0 R/Off 15 0 R>>>>>>")),
        (19, format!("<<{widget}/FT/Sig/T(Witness)/Rect[300 200 500 260]>>")),
        (20, own("<</Type/Outlines/First 21 0 R/Last 21 0 R/Count 1>>")),
        (21, own("<</Title(Terms)/Parent 20 0 R/Dest[3 0 R/Fit]>>")),
        (22, own("<</EmbeddedFiles<</Names[(terms.txt) 23 0 R]>>/JavaScript<</Names[]>>>>")),
        (23, own("<</Type/Filespec/F(terms.txt)/EF<</F 24 0 R>>>>")),
        (24, stream("/Type/EmbeddedFile", "The terms.")),
        (25, stream("/Type/Metadata/Subtype/XML", "<x:xmpmeta xmlns:x='adobe:ns:meta/'/>")),
        (26, own("<</Type/OCG/Name(Draft)>>")),
        (27, own("<</Title(Deed)>>")),
        (
            28,
            own(
                "<</Font<</F1 5 0 R/F9 51 0 R>>/XObject<</Im 35 0 R/Fm 36 0 R/Gx 50 0 R>>/Properties<</MC0 26 0 R>>/ExtGState<</GS 37 0 R>>>>",
            ),
        ),
        (29, own("<</Type/Encoding/Differences[49/one/two]>>")),
        (30, own("[500 500 500]")),
        (31, own("<</Type/FontDescriptor/FontName/Deed/Flags 32/FontFile2 32 0 R>>")),
        (32, stream("", "a font program")),
        (34, stream("", "1 beginbfchar <31> <0031> endbfchar")),
        (35, stream("/Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8", "x")),
        (
            36,
            stream("/Type/XObject/Subtype/Form/BBox[0 0 200 20]/Resources<</Font<</F1 5 0 R>>>>", "BT /F1 9 Tf (Signed and sealed.) Tj ET"),
        ),
        (37, own("<</Type/ExtGState/ca 1>>")),
        (38, own("<</Type/Annot/Subtype/Link/Rect[72 640 200 660]/Border[0 0 0]/P 3 0 R/A 39 0 R>>")),
        (39, own("<</S/URI/URI(https://bank.example/terms)>>")),
        (42, own("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 43 0 R/Resources 28 0 R>>")),
        (43, stream("", "BT /F1 12 Tf 72 720 Td (Page two.) Tj ET")),
        (44, stream("", "BT /F1 12 Tf 72 720 Td (The borrower repays 999 rupees.) Tj ET")),
        (45, own("<</Type/Catalog/Pages 46 0 R>>")),
        (46, own("<</Type/Pages/Kids[47 0 R]/Count 1>>")),
        (47, own("<</Type/Page/Parent 46 0 R/MediaBox[0 0 595 842]/Contents 44 0 R/Resources 28 0 R>>")),
        (48, own("<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")),
        (49, own("<</DisplayDocTitle true>>")),
        // So that a signature made here takes higher numbers than those that lead nowhere.
        (58, own("(the last)")),
    ]
}

/// Sealed, with the replacements and additions in `objects`.
pub(crate) fn with_objects(mut all: Vec<(u32, String)>, more: &[(u32, &str)]) -> Vec<u8> {
    for (number, body) in more {
        match all.iter_mut().find(|(n, _)| n == number) {
            Some((_, known)) => *known = (*body).to_owned(),
            None => all.push((*number, (*body).to_owned())),
        }
    }
    let all: Vec<(u32, &str)> = all.iter().map(|(n, o)| (*n, o.as_str())).collect();
    seal(write(&all, "/Info 27 0 R"))
}

/// Under an approval signature that states nothing.
pub(crate) fn deed() -> Vec<u8> {
    with_objects(objects("", "", ""), &[])
}

pub(crate) fn doc_mdp(level: &str) -> String {
    format!("/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</Type/TransformParams/P {level}/V/1.2>>>>]")
}

/// Certified at that level.
pub(crate) fn certified(level: &str) -> Vec<u8> {
    with_objects(objects("/Perms<</DocMDP 11 0 R>>", &doc_mdp(level), ""), &[])
}

/// With fields locked by FieldMDP.
pub(crate) fn locked(action: &str, fields: &str) -> Vec<u8> {
    let params = format!("<</Type/TransformParams/V/1.2/Action/{action}/Fields[{fields}]>>");
    let reference = format!("/Reference[<</Type/SigRef/TransformMethod/FieldMDP/TransformParams{params}>>]");
    with_objects(objects("", &reference, ""), &[])
}

/// The object with one text for another.
pub(crate) fn swap(base: &[u8], number: u32, from: &str, to: &str) -> (u32, String) {
    let old = body(base, number);
    assert!(old.contains(from), "{number}: {from} is not in {old}");
    (number, old.replacen(from, to, 1))
}

/// The dictionary with more entries.
pub(crate) fn more(base: &[u8], number: u32, entries: &str) -> (u32, String) {
    let old = body(base, number);
    (number, format!("{}{entries}>>", old.trim_end().strip_suffix(">>").expect("a dictionary")))
}

pub(crate) fn set(number: u32, body: &str) -> (u32, String) {
    (number, body.to_owned())
}

/// One more revision with these objects.
pub(crate) fn update(base: &[u8], objects: &Objects, trailer: &str) -> Vec<u8> {
    let objects: Vec<(u32, &str)> = objects.iter().map(|(n, o)| (*n, o.as_str())).collect();
    updated(base, &objects, trailer)
}

/// The trailer of an update that keeps the document information.
pub(crate) const INFO: &str = "/Info 27 0 R";

/// A family whose files each change these objects; its control writes the first file's objects again as they are.
pub(crate) fn changed(name: &'static str, attack: &'static str, base: &[u8], reason: &'static str, cases: Vec<(&str, Objects)>) -> Family {
    let again: Objects =
        cases.iter().flat_map(|(_, objects)| objects).map(|(n, _)| *n).filter(|n| exists(base, *n)).map(|n| (n, body(base, n))).collect();
    let mut once: Objects = Vec::new();
    for object in again {
        if !once.contains(&object) {
            once.push(object);
        }
    }
    let mut family = Family::new(name, attack).control("the same objects as they were", update(base, &once, INFO));
    for (name, objects) in cases {
        family = family.refused(name, update(base, &objects, INFO), reason);
    }
    family
}

fn exists(base: &[u8], number: u32) -> bool {
    super::super::document::find(base, format!("\n{number} 0 obj\n").as_bytes()).is_some()
}
