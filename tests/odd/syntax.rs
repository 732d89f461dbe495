//! How objects are written: comments, white space, escapes, numbers, references where values are usual (ISO 32000-2 7.2, 7.3).

use crate::paper::{CONTENT, Paper, Style, catalog_with, page_with, paper, with};
use crate::{Case, all, case};

fn tight() -> Vec<u8> {
    // Objects without any white space that is not needed.
    let mut bytes = b"%PDF-1.7\n".to_vec();
    let mut offsets = Vec::new();
    for object in [
        "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj ",
        "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n",
        "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents[4 0 R]/Resources<</Font<</F1 5 0 R>>>>>>endobj ",
        "4 0 obj<</Length 6 0 R>>stream\r\nBT/F1 12 Tf 72 720 Td(x)Tj ETendstream endobj ",
        "5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj ",
        "6 0 obj 30 endobj ",
    ] {
        offsets.push(bytes.len());
        bytes.extend_from_slice(object.as_bytes());
    }
    let xref = bytes.len();
    bytes.extend_from_slice(b"xref\n0 7\n0000000000 65535 f \n");
    for offset in offsets {
        bytes.extend_from_slice(format!("{offset:010} 00000 n \n").as_bytes());
    }
    bytes.extend_from_slice(format!("trailer<</Size 7/Root 1 0 R>>startxref\n{xref}\n%%EOF").as_bytes());
    bytes
}

#[test]
fn ways_to_write() {
    let commented = |p: &mut Paper| {
        p.put(1, "% a\n<<% b\r/Type% c\n/Catalog%d\n/Pages 2% e\n0 % f\nR% g\n>>% h\n");
        p.put(2, "<</Type/Pages/Kids%(\n[%]\n3 0 R%]\n]/Count%>>\n1>>%endobj");
    };
    let mut cases: Vec<Case> = vec![
        case("comments wherever they may stand", {
            let mut p = paper();
            commented(&mut p);
            p.write()
        }),
        case("a comment of 5,000 bytes in a dictionary", catalog_with(&format!("%{}\n/Lang(en)", "x".repeat(5000)), &[]).write()),
        case("tabs, form feeds and NULs", with(&[(1, "<<\t/Type\x0c/Catalog\0/Pages\t2\x0c0\0R\r\n>>")]).write()),
        case("no white space at all", tight()),
        case(
            "escapes in the names of values",
            with(&[(2, "<</Type/P#61ges/Kids[3 0 R]/Count 1>>"), (5, "<</Type/F#6Fnt/Subtype/Type1/BaseFont/H#65lvetica>>")]).write(),
        ),
        case(
            "names with blanks, hashes and bytes above 127",
            catalog_with("/PieceInfo<</A#20B#23<</Private 1>>/\u{e9}<</Private 2>>>>", &[]).write(),
        ),
        case("empty and long names", catalog_with(&format!("/PieceInfo<</ <</Private 1>>/{} null>>", "N".repeat(127)), &[]).write()),
        case("hexadecimal strings with white space and an odd digit", catalog_with("/Lang< 65\n 6\t E >/URI<</Base<5>>>", &[]).write()),
        case(
            "octal escapes, nested parentheses, broken lines",
            catalog_with("/Lang(e\\156)/URI<</Base(a(b(c)d)e\\(\\)\\\\\\0053\\53\\\r\n\\q\r\n)>>", &[]).write(),
        ),
        case(
            "strings that look like structure",
            catalog_with("/URI<</Base(endobj\nxref\ntrailer\n<<>>\nstartxref\n9\n%%EOF\n)>>", &[]).write(),
        ),
        case("numbers in every form", page_with("/UserUnit +1.0/Dur 4./Tabs/S/BleedBox[-.0 +.5 595. 00842.000]", &[]).write()),
        case(
            "numbers beyond 32 and 64 bits",
            catalog_with("/PieceInfo<</A<</Private[4294967296 -99999999999999999999 0.00000000000001]>>>>", &[]).write(),
        ),
        case("null values", catalog_with("/AcroForm null/Outlines null/Lang null", &[]).write()),
        case(
            "sixty arrays in one another",
            catalog_with(&format!("/PieceInfo<</A<</Private {}0{}>>>>", "[".repeat(58), "]".repeat(58)), &[]).write(),
        ),
        case("an array of 20,000 integers", with(&[(9, &format!("[{}]", "1 ".repeat(20_000)))]).write()),
        case("UTF-16 and UTF-8 text", {
            let mut p = with(&[(6, "<</Title<FEFF004C006F0061006E>/Subject(\\357\\273\\277caf\\303\\251)>>")]);
            p.trailer = "/Info 6 0 R".to_owned();
            p.write()
        }),
    ];
    for (name, text) in [
        ("borders in the data of a stream", "%%EOF\nstartxref\n0\ntrailer <</Root 9 0 R>>\nendobj xref 0 1"),
        ("the word endstream in the data of a stream", "(endstream) Tj endstream\nendobj\n1 0 obj"),
        ("an empty stream", ""),
    ] {
        let body = format!("<</Length {}>>\nstream\n{text}\nendstream", text.len());
        cases.push(case(name, with(&[(9, &body)]).write()));
    }
    all(&cases, 19);
}

#[test]
fn streams() {
    let data = "BT /F1 12 Tf 72 720 Td (The borrower repays 10000 rupees.) Tj ET";
    let len = data.len();
    let filler = "X".repeat(1024 - "4 0 obj\n<</Length 64/Y()>>stream\r".len());
    let window = |missing: usize| {
        let keep = &filler[..filler.len() - missing];
        with(&[(4, &format!("<</Length {len}/Y({keep})>>stream\r\n{data}\r\nendstream"))]).write()
    };
    let cases: Vec<Case> = vec![
        case("/Length behind", with(&[(4, &CONTENT.replace("64", "6 0 R")), (6, "64")]).write()),
        case("/Length in an object stream", {
            let mut p = with(&[(4, &CONTENT.replace("64", "6 0 R")), (6, "64")]);
            p.style = Style::Stream;
            p.packed = vec![vec![6, 5]];
            p.write()
        }),
        case("CR LF behind stream", with(&[(4, &format!("<</Length {len}>>\r\nstream\r\n{data}\r\nendstream"))]).write()),
        case("nothing before endstream", with(&[(4, &format!("<</Length {len}>>stream\n{data}endstream"))]).write()),
        case("CR before endstream", with(&[(4, &format!("<</Length {len}>>\nstream\n{data}\rendstream"))]).write()),
        case(
            "/Filter null and /DecodeParms null",
            with(&[(4, &CONTENT.replace("/Length", "/Filter null/DecodeParms null/Length"))]).write(),
        ),
        case("/Filter of an empty array", with(&[(4, &CONTENT.replace("/Length", "/Filter[]/DecodeParms[]/Length"))]).write()),
        // The reader's first window ends between CR and LF.
        case("CR and LF in two windows", window(0)),
        case("CR and LF in two windows, one byte less", window(1)),
        case("CR and LF in two windows, two bytes less", window(2)),
    ];
    all(&cases, 10);
}
