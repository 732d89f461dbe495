//! What a page shows, changed after signing: contents, fonts, pictures, forms, graphics states, layers. Everything that can be reached from
//! a page is content.

use super::super::Family;
use super::super::document::finish;
use super::deed::{BLACK, CONTENT, INFO, Objects, changed, deed, more, set, stream, swap};

const LATER: &str = "later_change";

pub(crate) fn families() -> Vec<Family> {
    vec![contents(), contents_of_nothing(), fonts(), pictures(), forms(), states(), layers()]
}

fn other() -> String {
    stream("", &CONTENT.replace("100 rupees", "999 rupees"))
}

fn contents() -> Family {
    let base = deed();
    let flate = stream("/Filter/ASCIIHexDecode", "42540a>");
    let cases: Vec<(&str, Objects)> = vec![
        ("another sum", vec![set(4, &other())]),
        ("a longer text", vec![set(4, &stream("", &format!("{CONTENT} BT /F1 12 Tf 72 680 Td (And the house.) Tj ET")))]),
        ("all black", vec![set(4, &stream("", &format!("{CONTENT} {BLACK}")))]),
        ("white over it", vec![set(4, &stream("", &format!("{CONTENT} 1 g {BLACK}")))]),
        ("nothing", vec![set(4, &stream("", ""))]),
        ("null", vec![set(4, "null")]),
        ("a dictionary", vec![set(4, "<<>>")]),
        ("an array of another", vec![set(4, "[44 0 R]")]),
        ("behind a filter", vec![set(4, &flate)]),
        ("in another file", vec![set(4, &stream("/F(other.txt)", CONTENT))]),
        ("the second page", vec![set(43, &stream("", "BT /F1 12 Tf 72 720 Td (Page three.) Tj ET"))]),
        ("the page names another", vec![swap(&base, 3, "4 0 R", "44 0 R")]),
        ("the page names one more", vec![swap(&base, 3, "33 0 R]", "33 0 R 44 0 R]")]),
        ("the page names one less", vec![swap(&base, 3, "[4 0 R 33 0 R]", "[33 0 R]")]),
        ("the pages trade contents", vec![swap(&base, 3, "[4 0 R 33 0 R]", "43 0 R"), swap(&base, 42, "43 0 R", "[4 0 R 33 0 R]")]),
        ("a copy that differs", vec![swap(&base, 3, "4 0 R", "52 0 R"), set(52, &other())]),
        (
            "a copy and more",
            vec![swap(&base, 3, "4 0 R 33 0 R", "52 0 R 53 0 R"), set(52, &stream("", CONTENT)), set(53, &stream("", BLACK))],
        ),
    ];
    changed("content_replaced", "the page's own content is another", &base, LATER, cases)
}

/// Numbers that a page named and nobody had.
fn contents_of_nothing() -> Family {
    let base = deed();
    let form = stream("/Type/XObject/Subtype/Form/BBox[0 0 9 9]", BLACK);
    let cases: Vec<(&str, Objects)> = vec![
        ("a content", vec![set(33, &stream("", BLACK))]),
        ("a content that calls itself metadata", vec![set(33, &stream("/Type/Metadata/Subtype/XML", BLACK))]),
        ("a content that calls itself a font", vec![set(33, &stream("/Type/Font", BLACK))]),
        ("a content that calls itself an object stream", vec![set(33, &stream("/Type/ObjStm/N 0/First 0", ""))]),
        ("a content that calls itself cross-references", vec![set(33, &stream("/Type/XRef/Size 1/W[1 1 1]/Index[0 0]", ""))]),
        ("an array of an old one", vec![set(33, "[44 0 R]")]),
        ("a reference to an old one", vec![set(33, "44 0 R")]),
        ("an XObject", vec![set(50, &form)]),
        ("a font", vec![set(51, "<</Type/Font/Subtype/Type1/BaseFont/Courier>>")]),
        (
            "a font, first named by the form",
            vec![set(51, "<</Type/Font/Subtype/Type1/BaseFont/Courier>>"), swap(&base, 6, "48 0 R", "48 0 R/F9 51 0 R")],
        ),
        ("as information", vec![set(33, "<</Title(Deed)>>")]),
        ("an unused one overridden", vec![set(44, &stream("", "BT ET"))]),
    ];
    let family =
        changed("content_comes_alive", "the signed page names a number that nobody has, and an update brings it", &base, LATER, cases);
    family.refused("freed and brought back", finish(&base, base.clone(), "4 1\n0000000000 00001 f \n", INFO), LATER)
}

fn fonts() -> Family {
    let base = deed();
    let cases: Vec<(&str, Objects)> = vec![
        ("another base font", vec![swap(&base, 5, "/BaseFont/Deed", "/BaseFont/Debt")]),
        ("another kind", vec![swap(&base, 5, "/TrueType", "/Type3")]),
        ("the encoding's differences", vec![swap(&base, 29, "/one/two", "/nine/two")]),
        ("a base encoding", vec![more(&base, 29, "/BaseEncoding/MacRomanEncoding")]),
        ("another encoding", vec![swap(&base, 5, "29 0 R", "/WinAnsiEncoding")]),
        ("widths", vec![set(30, "[0 0 0]")]),
        ("widths elsewhere", vec![swap(&base, 5, "30 0 R", "[9 9 9]")]),
        ("the first character", vec![swap(&base, 5, "/FirstChar 32", "/FirstChar 31")]),
        ("what is copied from it", vec![set(34, &stream("", "1 beginbfchar <31> <0039> endbfchar"))]),
        ("nothing is copied from it", vec![swap(&base, 5, "/ToUnicode 34 0 R", "")]),
        ("the font program", vec![set(32, &stream("", "another program"))]),
        ("the font program taken out", vec![swap(&base, 31, "/FontFile2 32 0 R", "")]),
        ("the descriptor's flags", vec![swap(&base, 31, "/Flags 32", "/Flags 4")]),
        ("the descriptor", vec![swap(&base, 5, "31 0 R", "<</Type/FontDescriptor/FontName/X/Flags 4>>")]),
        ("another under its name", vec![swap(&base, 28, "/F1 5 0 R", "/F1 48 0 R")]),
        ("a composite one", vec![set(5, "<</Type/Font/Subtype/Type0/BaseFont/Deed/Encoding/Identity-H/DescendantFonts[48 0 R]>>")]),
        ("the form's font", vec![swap(&base, 48, "/Helvetica", "/Symbol")]),
        ("null", vec![set(5, "null")]),
    ];
    changed("fonts_swapped", "the same codes draw other letters, or are read as others", &base, LATER, cases)
}

fn pictures() -> Family {
    let base = deed();
    let image = "/Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8";
    let cases: Vec<(&str, Objects)> = vec![
        ("other bytes", vec![set(35, &stream(image, "y"))]),
        ("inverted", vec![set(35, &stream(&format!("{image}/Decode[1 0]"), "x"))]),
        ("masked", vec![set(35, &stream(&format!("{image}/SMask 52 0 R"), "x")), set(52, &stream(image, "z"))]),
        ("a colour key", vec![set(35, &stream(&format!("{image}/Mask[0 255]"), "x"))]),
        (
            "an alternate for print",
            vec![
                set(35, &stream(&format!("{image}/Alternates[<</Image 52 0 R/DefaultForPrinting true>>]"), "x")),
                set(52, &stream(image, "z")),
            ],
        ),
        ("another size", vec![set(35, &stream(&image.replace("/Width 1", "/Width 2"), "xy"))]),
        ("a layer", vec![set(35, &stream(&format!("{image}/OC 26 0 R"), "x"))]),
        ("in another file", vec![set(35, &stream(&format!("{image}/F(other.png)"), "x"))]),
        ("a form in its place", vec![set(35, &stream("/Type/XObject/Subtype/Form/BBox[0 0 1 1]", "0 0 1 1 re f"))]),
        ("another under its name", vec![swap(&base, 28, "/Im 35 0 R", "/Im 52 0 R"), set(52, &stream(image, "z"))]),
        ("under no name", vec![swap(&base, 28, "/Im 35 0 R", "")]),
        ("a dangling name filled", vec![swap(&base, 28, "/Gx 50 0 R", "/Gx 35 0 R")]),
    ];
    changed("pictures_swapped", "an image of the signed page is another", &base, LATER, cases)
}

fn forms() -> Family {
    let base = deed();
    let form = "/Type/XObject/Subtype/Form/BBox[0 0 200 20]/Resources<</Font<</F1 5 0 R>>>>";
    let text = "BT /F1 9 Tf (Signed and sealed.) Tj ET";
    let with = |extra: &str| set(36, &stream(&format!("{form}{extra}"), text));
    let cases: Vec<(&str, Objects)> = vec![
        ("another text", vec![set(36, &stream(form, "BT /F1 9 Tf (Void.) Tj ET"))]),
        ("another box", vec![set(36, &stream(&form.replace("200 20", "1 1"), text))]),
        ("a matrix", vec![with("/Matrix[1 0 0 1 0 900]")]),
        ("a group", vec![with("/Group<</S/Transparency>>")]),
        ("a layer", vec![with("/OC 26 0 R")]),
        ("other resources", vec![set(36, &stream(&form.replace("5 0 R", "48 0 R"), text))]),
        ("no resources", vec![set(36, &stream("/Type/XObject/Subtype/Form/BBox[0 0 200 20]", text))]),
        ("a reference to another file", vec![with("/Ref<</F(other.pdf)/Page 0>>")]),
        ("measured otherwise", vec![with("/Measure<</Subtype/RL>>")]),
        (
            "an image in its place",
            vec![set(36, &stream("/Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8", "x"))],
        ),
        ("null", vec![set(36, "null")]),
    ];
    changed("forms_swapped", "a form XObject of the signed page is another", &base, LATER, cases)
}

fn states() -> Family {
    let base = deed();
    let resources = |from: &str, to: &str| vec![swap(&base, 28, from, to)];
    let cases: Vec<(&str, Objects)> = vec![
        ("transparent", vec![swap(&base, 37, "/ca 1", "/ca 0")]),
        ("a blend mode", vec![more(&base, 37, "/BM/Difference")]),
        ("a soft mask", vec![more(&base, 37, "/SMask<</S/Alpha/G 36 0 R>>")]),
        ("a font", vec![more(&base, 37, "/Font[48 0 R 40]")]),
        ("a transfer function", vec![more(&base, 37, "/TR 52 0 R"), set(52, "<</FunctionType 2/Domain[0 1]/N 1/C0[1]/C1[1]>>")]),
        ("another state under its name", resources("/GS 37 0 R", "/GS<</ca 0>>")),
        ("a colour space", resources("<</Font", "<</ColorSpace<</DefaultGray[/Separation/All/DeviceGray 52 0 R]>>/Font")),
        ("a default colour", resources("<</Font", "<</ColorSpace<</DefaultRGB/DeviceCMYK>>/Font")),
        ("a shading", resources("<</Font", "<</Shading<</Sh<</ShadingType 1>>>>/Font")),
        ("a pattern", resources("<</Font", "<</Pattern<</P 36 0 R>>/Font")),
        ("no resources", vec![set(28, "<<>>")]),
        ("other resources for one page", vec![swap(&base, 42, "28 0 R", "<<>>")]),
        ("the resources by value, and more", vec![swap(&base, 42, "28 0 R", "<</Font<</F1 48 0 R>>>>")]),
    ];
    changed("states_swapped", "what the page's resources say of colours, states and patterns is another", &base, LATER, cases)
}

fn layers() -> Family {
    let base = deed();
    let catalog = |from: &str, to: &str| vec![swap(&base, 1, from, to)];
    let cases: Vec<(&str, Objects)> = vec![
        ("switched on", catalog("/OFF[26 0 R]", "/ON[26 0 R]")),
        ("no longer off", catalog("/OFF[26 0 R]", "")),
        ("everything off", catalog("/OFF[26 0 R]", "/BaseState/OFF")),
        ("off, but by another reference", catalog("/OFF[26 0 R]", "/OFF[52 0 R]")),
        ("by what it is used for", catalog("/OFF[26 0 R]", "/OFF[26 0 R]/AS[<</Event/Print/Category[/Print]/OCGs[26 0 R]>>]")),
        ("other configurations", catalog("/Order[26 0 R]>>", "/Order[26 0 R]>>/Configs[<</OFF[]>>]")),
        ("a group that excludes", catalog("/OFF[26 0 R]", "/OFF[26 0 R]/RBGroups[[26 0 R]]")),
        ("no layers", catalog("/OCProperties<</OCGs[26 0 R]/D<</OFF[26 0 R]/Order[26 0 R]>>>>", "")),
        ("another intent", vec![more(&base, 26, "/Intent/Design")]),
        ("printed only", vec![more(&base, 26, "/Usage<</Print<</PrintState/ON>>>>")]),
        ("the mark names a copy", vec![swap(&base, 28, "/MC0 26 0 R", "/MC0 52 0 R"), set(52, "<</Type/OCG/Name(Draft)>>")]),
        ("the mark holds a copy", vec![swap(&base, 28, "/MC0 26 0 R", "/MC0<</Type/OCG/Name(Draft)>>")]),
        (
            "the mark names a membership",
            vec![swap(&base, 28, "/MC0 26 0 R", "/MC0 52 0 R"), set(52, "<</Type/OCMD/OCGs 26 0 R/P/AllOff>>")],
        ),
        ("the layer is no layer", vec![set(26, "<</Type/Font>>")]),
        ("the layer is gone", vec![set(26, "null")]),
    ];
    changed("layers_switched", "optional content that was hidden is shown, or the reverse", &base, LATER, cases)
}
