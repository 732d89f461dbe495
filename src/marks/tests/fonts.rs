//! How wide fonts of each kind make their text, and how high.

use super::*;

/// Text at 50 100 in size 10 of the font /T, which is object 5; `more` begin with object 6.
fn text(font: &str, more: &[&[u8]], shown: &str) -> Vec<u8> {
    let objects: Vec<&[u8]> = [font.as_bytes()].into_iter().chain(more.iter().copied()).collect();
    page(format!("BT /T 10 Tf 50 100 Td {shown} ET").as_bytes(), "", "/XObject<</X 8 0 R>>", &objects)
}

/// The right end of text on the line: it leans out by a quarter of the size.
#[track_caller]
fn ends(font: &str, more: &[&[u8]], shown: &str, right: f64) {
    reaches(&text(font, more, shown), &format!("{font} {shown}"), [47.5, 97.0, right, 110.0]);
}

fn undecidable(font: &str, more: &[&[u8]], shown: &str) {
    assert_eq!(marks(text(font, more, shown)).0, Marks::Undecidable, "{font} {more:?}");
}

#[test]
fn simple_fonts_are_as_wide_as_they_declare() {
    let font = |more: &str| format!("<</Subtype/TrueType/BaseFont/X/FirstChar 97/LastChar 98/Widths[500 6 0 R]{more}>>");
    let width: &[u8] = b"1200";
    let plain = font("");
    ends(&plain, &[width], "(a) Tj", 57.5);
    ends(&plain, &[width], "(b) Tj", 64.5);
    ends(&plain, &[width], "(ab) Tj", 69.5);
    ends(&plain, &[width], "(a) Tj /C 10 Tf (x) Tj", 63.5);
    // Codes below the first and above the last have the missing width, which is none if nobody says another.
    for (code, right) in [("A", 55.5), ("`", 55.5), ("c", 55.5), ("bc", 67.5)] {
        ends(&font("/FontDescriptor<</MissingWidth 300>>"), &[width], &format!("({code}) Tj"), right);
    }
    // A glyph without width has its shape on either side.
    for code in ["A", "c"] {
        reaches(&text(&plain, &[width], &format!("({code}) Tj")), code, [40.0, 97.0, 60.0, 110.0]);
    }
    let turned = "<</Subtype/Type1/BaseFont/X/Widths[-2000 500]>>";
    reaches(&text(turned, &[], "<00> Tj"), "to the left", [40.0, 97.0, 60.0, 110.0]);
    reaches(&text(turned, &[], "<0001> Tj"), "to the left", [27.5, 97.0, 60.0, 110.0]);
    for wrong in ["/Widths[/x]", "/Widths[1000000]", "/Widths[-1000000]", "/Widths[1 (x)]", "/Widths[1]/FontDescriptor<</FontBBox[/x]>>"] {
        undecidable(&format!("<</Subtype/Type1/BaseFont/X{wrong}>>"), &[], "(x) Tj");
    }
    for wrong in ["<<>>", "<</Subtype/Type9>>", "<</Subtype/CIDFontType2>>", "7"] {
        undecidable(wrong, &[], "(x) Tj");
    }
}

#[test]
fn fonts_are_as_high_as_their_descriptor_says_and_never_less_than_letters() {
    for (descriptor, below, above) in [
        ("", 97.0, 110.0),
        ("/FontBBox[-100 -400 900 1500]", 96.0, 115.0),
        ("/FontBBox[-100 -200 900 700]/Ascent 900/Descent -250/MissingWidth 1", 97.0, 110.0),
        ("/Ascent 1600", 97.0, 116.0),
        ("/Descent -700", 93.0, 110.0),
        ("/FontBBox[-100 1500 900 -400]", 96.0, 115.0),
        ("/FontBBox[-2000 0 2000 0]", 97.0, 110.0),
    ] {
        for font in ["/Subtype/Type1/BaseFont/X/FirstChar 97/Widths[500]", "/Subtype/MMType1/BaseFont/X/FirstChar 97/Widths[500]"] {
            let bytes = text(&format!("<<{font}/FontDescriptor<<{descriptor}>>>>"), &[], "(a) Tj");
            reaches(&bytes, descriptor, [47.5, below, 57.5, above]);
        }
        let composite = "<</Subtype/Type0/Encoding/Identity-H/DescendantFonts[6 0 R]>>";
        let bytes = text(composite, &[format!("<</DW 500/FontDescriptor<<{descriptor}>>>>").as_bytes()], "<0061> Tj");
        reaches(&bytes, descriptor, [47.5, below, 57.5, above]);
    }
    let rise =
        text("<</Subtype/Type1/BaseFont/X/FirstChar 97/Widths[500]/FontDescriptor<</Ascent 2000/Descent -500>>>>", &[], "5 Ts (a) Tj");
    reaches(&rise, "risen", [47.5, 100.0, 57.5, 125.0]);
}

/// The standard fonts may come without widths: what is drawn then is another font of that name, or of any.
#[test]
fn fonts_without_widths_are_as_wide_as_any_that_may_stand_for_them() {
    let font = |name: &str| format!("<</Subtype/Type1/BaseFont/{name}>>");
    for name in ["Courier", "Courier-Bold", "CourierNew/Encoding<<>>"] {
        ends(&font(name), &[], "(x) Tj", 58.5);
        ends(&font(name), &[], "(xx) Tj", 64.5);
    }
    let standard = [
        "Helvetica",
        "Times-Roman/Encoding/WinAnsiEncoding",
        "Arial,Bold/Encoding/MacRomanEncoding",
        "Helvetica/Encoding/StandardEncoding",
    ];
    for name in standard {
        ends(&font(name), &[], "( ) Tj", 55.28);
        ends(&font(name), &[], "(~) Tj", 58.34);
        ends(&font(name), &[], "(WW) Tj", 72.5);
    }
    let any = [
        "Symbol",
        "ZapfDingbats",
        "X",
        "Helvetica/Encoding<<>>",
        "Times-Roman/Encoding/MacExpertEncoding",
        "Symbol/Encoding/WinAnsiEncoding",
    ];
    for name in any {
        ends(&font(name), &[], "( ) Tj", 62.92);
        ends(&font(name), &[], "(xx) Tj", 73.34);
        // Where the third begins is not known: from 50 to 70.84; back by 20 it is from 30.
        reaches(&text(&font(name), &[], "[(xx) 2000 (x)] TJ"), name, [27.5, 97.0, 73.34, 110.0]);
    }
    for code in ["\\037", "\\177", "\\377"] {
        ends(&font("Helvetica"), &[], &format!("({code}) Tj"), 62.92);
    }
}

#[test]
fn composite_fonts_are_as_wide_as_w_and_dw_say() {
    let identity = "<</Subtype/Type0/Encoding/Identity-H/DescendantFonts[6 0 R]>>";
    let widths: &[u8] = b"<</DW 800/W[1[500 7 0 R] 10 12 2000 256[3000] 40 30 9000 65535[700] 65534 65534 7 0 R]>>";
    let width: &[u8] = b"600";
    for (codes, right) in [
        ("0000", 60.5),
        ("0001", 57.5),
        ("0002", 58.5),
        ("0003", 60.5),
        ("0009", 60.5),
        ("000A", 72.5),
        ("000C", 72.5),
        ("000D", 60.5),
        ("0023", 60.5),
        ("0100", 82.5),
        ("FFFE", 58.5),
        ("FFFF", 59.5),
        ("0001000A0003", 85.5),
        // Half a code at the end.
        ("000101", 62.5),
    ] {
        ends(identity, &[widths, width], &format!("<{codes}> Tj"), right);
    }
    // Word spacing is for codes of one byte alone.
    ends(identity, &[widths, width], "5 Tw 1 Tc <00200001> Tj", 66.5);
    ends(identity, &[b"<<>>"], "<00010002> Tj", 72.5);
    let malformed: [&[u8]; 12] = [
        b"1",
        b"1 2",
        b"-1[5]",
        b"1[/x]",
        b"65535[1 2]",
        b"1 2/x",
        b"70000[5]",
        b"1 70000 5",
        b"1 -2 5",
        b"/x[5]",
        b"1[1000000]",
        b"1 2 1000000",
    ];
    for wrong in malformed {
        undecidable(identity, &[&[b"<</W[", wrong, b"]>>"].concat()], "<0001> Tj");
    }
    for wrong in ["", "/DescendantFonts[]", "/DescendantFonts[7]"] {
        undecidable(&format!("<</Subtype/Type0/Encoding/Identity-H{wrong}>>"), &[], "<0001> Tj");
    }
}

/// Character maps are not opened: each of their codes is as narrow as nothing and as wide as the widest.
#[test]
fn mapped_codes_are_as_wide_as_the_widest() {
    let widths: &[u8] = b"<</DW 800/W[1[500 2000]]>>";
    let font = |encoding: &str| format!("<</Subtype/Type0/Encoding/{encoding}/DescendantFonts[6 0 R]>>");
    for two in ["UniGB-UCS2-H", "UniJIS-UTF16-H"] {
        ends(&font(two), &[widths], "<00010002> Tj", 92.5);
        ends(&font(two), &[widths], "5 Tw <00010002> Tj", 92.5);
    }
    for one in ["90ms-RKSJ-H", "UniJIS-UTF8-H"] {
        ends(&font(one), &[widths], "<00010002> Tj", 132.5);
        // Whether a code is a space, nobody knows.
        ends(&font(one), &[widths], "5 Tw <00010002> Tj", 147.5);
        reaches(&text(&font(one), &[widths], "-5 Tw <00010002> Tj"), one, [32.5, 97.0, 132.5, 110.0]);
        reaches(&text(&font(one), &[b"<</DW 800/W[1[-500 2000]]>>"], "<0102> Tj"), one, [42.5, 97.0, 92.5, 110.0]);
        // The default counts, too.
        ends(&font(one), &[b"<</DW 3000/W[1[500]]>>"], "<01> Tj", 82.5);
    }
    let map = |entries: &str, data: &str| stream(&format!("/Type/CMap{entries}"), data.as_bytes());
    let own = "<</Subtype/Type0/Encoding 7 0 R/DescendantFonts[6 0 R]>>";
    for (entries, data) in [("", ""), ("/WMode 0", "/WMode 0 def"), ("", "/WMode  0\ndef"), ("/CMapName/UniGB-UCS2-H", "")] {
        ends(own, &[widths, &map(entries, data)], "<0102> Tj", 92.5);
    }
    for (entries, data) in
        [("/WMode 1", ""), ("", "/WMode 1 def"), ("/WMode 0", "/WMode 0 def /WMode 1 def"), ("", "/WMode"), ("", "/WMode/x")]
    {
        undecidable(own, &[widths, &map(entries, data)], "<0102> Tj");
    }
    for vertical in ["Identity-V", "UniJIS-UTF16-V", "V"] {
        undecidable(&font(vertical), &[widths], "<0001> Tj");
    }
}

#[test]
fn drawn_glyphs_stand_where_matrix_and_text_state_put_them() {
    let font = "<</Subtype/Type3/FontMatrix[.01 0 0 .02 .5 .25]/FirstChar 97/Widths[100 200 0 50]/CharProcs<</a 6 0 R/b 7 0 R/d 7 0 R>>\
                /Encoding<</Differences[97/a/b 100/d 1000/a]>>>>";
    let (a, nothing) = (stream("", b"0 0 d0 10 20 30 40 re f"), stream("", b"0 0 d0"));
    let run = |shown: &str| text(font, &[&a, &nothing], shown);
    for (shown, expected) in [
        // 10 20 is at 0.6 0.65 of the text space, 40 60 at 0.9 1.45.
        ("(a) Tj", [56.0, 106.5, 59.0, 114.5]),
        ("150 Tz 4 Ts (a) Tj", [59.0, 110.5, 63.5, 118.5]),
        ("150 Tz 2 Tc 4 Ts (a) Tj", [59.0, 110.5, 63.5, 118.5]),
        ("(ba) Tj", [76.0, 106.5, 79.0, 114.5]),
        ("150 Tz 2 Tc (ba) Tj", [92.0, 106.5, 96.5, 114.5]),
        ("(da) Tj", [61.0, 106.5, 64.0, 114.5]),
        ("(ca) Tj", [56.0, 106.5, 59.0, 114.5]),
        ("3 Tc (za) Tj", [59.0, 106.5, 62.0, 114.5]),
        ("[(b) -3000 (a)] TJ", [106.0, 106.5, 109.0, 114.5]),
        ("2 0 0 3 50 100 Tm (a) Tj", [62.0, 119.5, 68.0, 143.5]),
        ("(aa) Tj", [56.0, 106.5, 69.0, 114.5]),
        // What another font shows on the same line begins where the glyphs ended.
        ("(b) Tj /C 10 Tf (x) Tj", [67.5, 97.0, 78.5, 110.0]),
        ("3 Tc (bb) Tj /C 10 Tf (x) Tj", [93.5, 97.0, 104.5, 110.0]),
        // The mode of text is not for them (ISO 32000-2 9.3.6), though some viewers think so.
        ("3 Tr (a) Tj", [56.0, 106.5, 59.0, 114.5]),
        ("7 Tr (a) Tj", [56.0, 106.5, 59.0, 114.5]),
    ] {
        reaches(&run(shown), shown, expected);
    }
    assert_eq!(edges(&run("(bcdz) Tj")), None);
    // Where a glyph begins behind text without widths is not known.
    assert_eq!(marks(run("/F 10 Tf (W) Tj /T 10 Tf (a) Tj")).0, Marks::Undecidable);
    assert_eq!(marks(run("/F 10 Tf (W) Tj /T 10 Tf (z) Tj")).0, Marks::Clear);
    assert_eq!(marks(run("/F 10 Tf (W) Tj 0 0 Td /T 10 Tf (a) Tj")).0, Marks::Clear);
    let resources = |own: &str| format!("{}{own}>>", font.trim_end_matches(">>").to_owned() + ">>");
    let (named, picture) = (stream("", b"0 0 d0 100 0 0 50 0 0 cm /X Do"), stream("/Subtype/Image/Width 1/Height 1", b"x"));
    for own in ["", "/Resources<</XObject<</X 8 0 R>>>>"] {
        reaches(&text(&resources(own), &[&named, &nothing, &picture], "(a) Tj"), own, [55.0, 102.5, 65.0, 112.5]);
    }
    assert_eq!(marks(text(&resources("/Resources<<>>"), &[&named, &nothing, &picture], "(a) Tj")).0, Marks::Undecidable);
    for wrong in [
        font.replace("/FontMatrix", "/Other"),
        font.replace(" .25]", "]"),
        font.replace("/Widths", "/Other"),
        font.replace("[97/a", "[97(x)/a"),
        font.replace("/a 6 0 R", "/a 5 0 R"),
    ] {
        undecidable(&wrong, &[&a, &nothing], "(a) Tj");
    }
}

/// `d1` says that a glyph is a shape alone: a viewer paints it in the colour of the text, whatever colour the glyph sets.
#[test]
fn a_glyph_that_is_a_shape_cannot_paint_itself_white() {
    let font =
        "<</Subtype/Type3/FontMatrix[.01 0 0 .01 0 0]/FirstChar 97/Widths[100]/CharProcs<</a 6 0 R>>/Encoding<</Differences[97/a]>>>>";
    let form = stream("/Subtype/Form/BBox[0 0 100 100]", b"1 g 0 0 50 50 re f");
    for (colour, glyph, seen) in [
        ("0 g", "0 0 d0 1 g 0 0 50 50 re f", false),
        ("0 g", "0 0 0 0 9 9 d1 1 g 0 0 50 50 re f", true),
        ("1 g", "0 0 0 0 9 9 d1 0 0 50 50 re f", false),
        ("1 g", "0 0 0 0 9 9 d1 0 g 0 0 50 50 re f", true),
        ("0 g", "0 0 0 0 9 9 d1 1 1 1 rg 0 0 50 50 re f", true),
        ("0 g", "0 0 0 0 9 9 d1 /DeviceGray cs 1 sc 0 0 50 50 re f", true),
        ("0 G", "0 0 0 0 9 9 d1 1 G 0 0 50 50 re S", true),
        ("1 g 0 G", "0 0 0 0 9 9 d1 1 G 0 0 50 50 re f", false),
        ("0 g", "q 0 0 0 0 9 9 d1 Q 1 g 0 0 50 50 re f", true),
        ("0 g", "0 0 0 0 9 9 d1 q /X Do Q", true),
        ("0 g", "0 0 d0 q /X Do Q", false),
        ("1 g", "0 0 0 0 9 9 d1 q /X Do Q", false),
    ] {
        let bytes = page(
            format!("{colour} BT /T 10 Tf 50 100 Td (a) Tj ET").as_bytes(),
            "",
            "/XObject<</X 7 0 R>>",
            &[font.as_bytes(), &stream("", glyph.as_bytes()), &form],
        );
        assert_eq!(edges(&bytes).is_some(), seen, "{colour} {glyph}");
    }
    // Behind the glyph colours count as ever.
    let bytes = page(b"BT /T 10 Tf (a) Tj 1 g ET 0 0 300 200 re f", "", "", &[font.as_bytes(), &stream("", b"0 0 0 0 9 9 d1")]);
    assert_eq!(edges(&bytes), None);
}
