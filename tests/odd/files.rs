//! How a file is put together: header, line ends, tables, streams, hybrids, earlier updates (ISO 32000-2 7.5).

use crate::document::{find_last, last_xref, updated};
use crate::paper::{CONTENT, Paper, Runs, Style, deflate, paper, with};
use crate::{Case, all, case, saved};
use std::process::Command;

fn changed(change: impl Fn(&mut Paper)) -> Vec<u8> {
    let mut paper = paper();
    change(&mut paper);
    paper.write()
}

fn all_generations(generation: u16) -> Vec<u8> {
    let mut paper = paper();
    for (held, body) in paper.objects.values_mut() {
        *held = generation;
        let text = String::from_utf8_lossy(body).replace(" 0 R", &format!(" {generation} R"));
        *body = text.into_bytes();
    }
    paper.write()
}

#[test]
fn headers_and_line_ends() {
    let head = |bytes: &'static [u8]| changed(move |p| p.head = bytes.to_vec());
    let end = |end: &'static str| changed(move |p| p.end = end);
    let cases: Vec<Case> = vec![
        case("plain", paper().write()),
        case("PDF 1.0", head(b"%PDF-1.0\n")),
        case("PDF 1.3 without a binary comment", head(b"%PDF-1.3\n")),
        case("PDF 2.0", head(b"%PDF-2.0\n%\x80\x81\x82\x83\n")),
        case("a long comment behind the header", head(&[b"%PDF-1.7\n%".as_slice(), &[b'x'; 3000], b"\n"].concat().leak()[..])),
        case("/Version above the header", {
            let mut p = with(&[(1, "<</Type/Catalog/Version/1.7/Pages 2 0 R>>")]);
            p.head = b"%PDF-1.3\n".to_vec();
            p.write()
        }),
        case("CR alone", changed(|p| (p.eol, p.entry_end, p.end, p.after_trailer) = ("\r", " \r", "\r", "\r"))),
        case("CR LF", changed(|p| (p.eol, p.entry_end, p.end, p.after_trailer) = ("\r\n", "\r\n", "\r\n", "\r\n"))),
        case("no line end at the end", end("")),
        case("CR at the end", end("\r")),
        case("two line ends at the end", end("\n\n")),
        case("white space at the end", end("\r\n\r\n  \t\r\n")),
        case("a comment at the end", end("\n% made by hand\n")),
        case("NULs at the end", end("\n\0\0\0\0")),
        case("junk before the header, offsets from 0", changed(|p| p.junk = junk(1000))),
        case("an empty line before the header", changed(|p| p.junk = b"\r\n".to_vec())),
        case("a comment before the header", changed(|p| p.junk = b"% queued by a printer\n".to_vec())),
        case("junk before the header, offsets from the header", changed(|p| (p.junk, p.from_header) = (junk(1000), true))),
        case(
            "junk and a stream, offsets from the header",
            changed(|p| (p.junk, p.from_header, p.style) = (junk(300), true, Style::Stream)),
        ),
        case("junk and a stream", changed(|p| (p.junk, p.style) = (junk(300), Style::Stream))),
    ];
    all(&cases, 20);
}

fn junk(len: u32) -> Vec<u8> {
    (0..len).map(|n| (n * 7 % 251) as u8 | 0x80).chain([b'\n']).collect()
}

#[test]
fn tables() {
    let free = |entries: &[(u32, &str)]| {
        let mut p = with(&[(9, "<</Unused true>>")]);
        for (number, text) in entries {
            p.free.insert(*number, (*text).to_owned());
        }
        p.write()
    };
    let own_eol = |end: &'static str| changed(move |p| p.entry_end = end);
    let cases: Vec<Case> = vec![
        case("white space before xref", changed(|p| p.before_xref = "\n\r\n \t\n")),
        case("startxref names the white space before xref", changed(|p| (p.before_xref, p.named_before) = ("\n \n", 2))),
        case("nothing between trailer and <<", changed(|p| p.after_trailer = "")),
        case("white space between trailer and <<", changed(|p| p.after_trailer = " \t\r\n\n\n ")),
        case("a comment between trailer and <<", changed(|p| p.after_trailer = " % here it comes\n")),
        case("subsections with gaps", {
            let mut p = with(&[(20, "<</Unused 1>>"), (40, "<</Unused 2>>")]);
            p.runs = Runs::Gaps;
            p.write()
        }),
        case("a subsection for each entry, backwards", changed(|p| p.runs = Runs::Backwards)),
        case("entries that end in CR LF", own_eol("\r\n")),
        case("entries that end in space and CR", own_eol(" \r")),
        case("entries of 19 bytes", own_eol("\n")),
        case(
            "a linked free list",
            free(&[(0, "0000000006 65535 f"), (6, "0000000008 00001 f"), (8, "0000000000 00001 f"), (7, "0000000000 65535 f")]),
        ),
        case("free entries that link to nothing", free(&[(6, "0000000099 00000 f"), (7, "0000000007 00003 f"), (8, "0000000000 00000 f")])),
        case("in use at offset 0", free(&[(6, "0000000000 00000 n"), (7, "0000000000 65535 n")])),
        case("a free head of generation 0", free(&[(0, "0000000000 00000 f")])),
        case("objects in no order", changed(|p| p.backwards = true)),
        case("generation 7 everywhere", all_generations(7)),
        case("generation 1 of the page alone", {
            let mut p = with(&[(2, "<</Type/Pages/Kids[3 1 R]/Count 1>>")]);
            p.objects.get_mut(&3).expect("a page").0 = 1;
            p.write()
        }),
        case("generations in a stream", {
            let mut p = with(&[(2, "<</Type/Pages/Kids[3 300 R]/Count 1>>")]);
            p.objects.get_mut(&3).expect("a page").0 = 300;
            p.style = Style::Stream;
            p.write()
        }),
        case("no /ID", changed(|p| p.id = false)),
        case("no /ID and a stream", changed(|p| (p.id, p.style) = (false, Style::Stream))),
        case(
            "unknown keys by the hundred in the trailer",
            changed(|p| {
                p.trailer = (0..300).map(|n| format!("/Xx{n} [1 2 (three){}]", " ".repeat(n % 40))).collect();
            }),
        ),
        case("/Info and odd keys in the trailer", {
            let mut p = with(&[(6, "<</Title(Loan)/Producer(\\376\\377\\000L)>>")]);
            p.trailer = "/Info 6 0 R/DocChecksum /0011223344/ModDate (no date)/#4eo null".to_owned();
            p.write()
        }),
        case(
            "comments and blank lines between objects",
            changed(|p| p.between = "\n\n% next: 9 9 obj endobj xref trailer startxref %%EOF\n\r\n"),
        ),
        case("unused objects and a broken one", {
            let mut p = with(&[(6, "<</Type/Page>>"), (7, "[1 2 3]"), (8, "null"), (9, "(string)"), (10, "4.5"), (11, "true")]);
            p.put(12, "/Name");
            p.write()
        }),
    ];
    all(&cases, 24);
}

#[test]
fn streams_and_hybrids() {
    let stream = |change: &dyn Fn(&mut Paper)| {
        let mut p = paper();
        p.style = Style::Stream;
        change(&mut p);
        p.write()
    };
    let hidden = |packed: &[&[u32]]| {
        let mut p = with(&[(6, "<</Kind(hidden)>>"), (7, "<</Kind(hidden too)>>")]);
        p.style = Style::Hybrid;
        p.packed = packed.iter().map(|list| list.to_vec()).collect();
        p.write()
    };
    let packed = stream(&|p| p.packed = vec![vec![1, 2, 3, 5]]);
    let cases: Vec<Case> = vec![
        case("W 1 2 1", stream(&|p| p.widths = [1, 2, 1])),
        case("W 1 4 0", stream(&|p| p.widths = [1, 4, 0])),
        case("W 0 4 0", stream(&|p| (p.widths, p.runs) = ([0, 4, 0], Runs::Gaps))),
        case("W 0 3 2", stream(&|p| (p.widths, p.runs) = ([0, 3, 2], Runs::Gaps))),
        case("W 1 8 2", stream(&|p| p.widths = [1, 8, 2])),
        case("W 4 4 4", stream(&|p| p.widths = [4, 4, 4])),
        case(
            "/Index with gaps",
            stream(&|p| {
                p.runs = Runs::Gaps;
                p.put(30, "<</Unused 1>>");
                p.put(50, "<</Unused 2>>");
            }),
        ),
        case("/Index backwards", stream(&|p| p.runs = Runs::Backwards)),
        case("Flate", stream(&|p| p.filter = "Flate")),
        case("predictor 12", stream(&|p| p.filter = "Predictor")),
        case("ASCIIHex", stream(&|p| p.filter = "Hex")),
        case("catalog and pages in an object stream", packed.clone()),
        case("three object streams", stream(&|p| p.packed = vec![vec![1], vec![3, 2], vec![5]])),
        case("an object stream with white space and a comment", {
            let index = "1 0 2 42 ";
            let body = format!("{index}{:42}<</Type/Pages % of one\n/Kids\n[ 3 0 R ]/Count 1>>", "<</Type/Catalog/Pages 2 0 R>> ");
            let mut p = with(&[
                (6, &format!("<</Type/ObjStm/N 2/First {}/Length 7 0 R>>\nstream\n{body}\nendstream", index.len())),
                (7, &body.len().to_string()),
            ]);
            p.objects.remove(&1);
            p.objects.remove(&2);
            p.style = Style::Stream;
            p.write_with(&[(1, (2, 6, 0)), (2, (2, 6, 1))])
        }),
        case("a packed object stream with a predictor-free filter", {
            let body = "1 0 2 30 <</Type/Catalog/Pages 2 0 R>>  <</Type/Pages/Kids[3 0 R]/Count 1>>";
            let data = deflate(body.as_bytes());
            let hex: String = data.iter().map(|b| format!("{b:02X}")).collect();
            let text = format!("<</Type/ObjStm/N 2/First 9/Filter[/AHx/FlateDecode]/Length {}>>\nstream\n{hex}>\nendstream", hex.len() + 1);
            let text = text.replace("/AHx", "/ASCIIHexDecode");
            let mut p = with(&[(6, &text)]);
            p.objects.remove(&1);
            p.objects.remove(&2);
            p.style = Style::Stream;
            p.write_with(&[(1, (2, 6, 0)), (2, (2, 6, 1))])
        }),
        case("a hybrid with nothing hidden that matters", hidden(&[&[6, 7]])),
        case("a hybrid with two object streams", hidden(&[&[6], &[7]])),
        case("a hybrid whose page is hidden", hidden(&[&[2, 3, 5], &[6, 7]])),
    ];
    all(&cases, 18);
}

/// A hybrid that shows old viewers one object and new viewers another is signed by nobody in good faith: judged, and never clean. The
/// control is built alike, with the same object in both places.
#[test]
fn a_hybrid_with_two_faces() {
    let faces = |other: &str| {
        let mut p = with(&[(6, "<</Kind(shown)>>")]);
        p.style = Style::Hybrid;
        let index = "6 0 ";
        let body = format!("{index}{other}");
        p.put(7, &format!("<</Type/ObjStm/N 1/First {}/Length {}>>\nstream\n{body}\nendstream", index.len(), body.len()));
        p.twofaced = Some((6, 7));
        crate::document::signed(&p.write())
    };
    let report = crate::judged(&faces("<</Kind(shown)>>")).expect("a report");
    assert!(report.clean, "{report}");
    let report = crate::judged(&faces("<</Kind(hidden)>>")).expect("a report");
    assert!(!report.clean && report.signatures[0].reasons.iter().any(|r| r.code == "hybrid_conflict"), "{report}");
}

#[test]
fn earlier_updates() {
    let plain = paper().write();
    let twice = updated(&updated(&plain, &[(6, "<</Title(A)>>")], "/Info 6 0 R"), &[(6, "<</Title(B)>>")], "/Info 6 0 R");
    let many = (0..30).fold(plain.clone(), |bytes, n| updated(&bytes, &[(6, &format!("<</Title({n})>>"))], "/Info 6 0 R"));
    let page_again = updated(&plain, &[(4, &CONTENT.replace("100", "200"))], "");
    // Object 6 is made, freed, and made again with the next generation (7.5.4).
    let freed = crate::document::finish(&twice, twice.clone(), "0 1\n0000000006 65535 f \n6 1\n0000000000 00001 f \n", "");
    let mut again = freed.clone();
    let at = again.len();
    again.extend_from_slice(b"6 1 obj\n<</Title(C)>>\nendobj\n");
    let again = crate::document::finish(&freed, again, &format!("0 1\n0000000000 65535 f \n6 1\n{at:010} 00001 n \n"), "/Info 6 1 R");
    let mut stream_last = paper();
    stream_last.style = Style::Stream;
    let stream_last = stream_last.write();
    // A table behind a stream, as several producers append it.
    let mixed = updated(&stream_last, &[(7, "<</Title(M)>>")], "/Info 7 0 R");
    let mut no_eol = paper();
    no_eol.end = "";
    let no_eol = updated(&[no_eol.write(), b"\n".to_vec()].concat(), &[(6, "<</Title(A)>>")], "/Info 6 0 R");
    let nothing = updated(&plain, &[], "");
    let mut blank = plain.clone();
    blank.extend_from_slice(b"\n\n\n");
    let blank = updated(&blank, &[(6, "<</Title(A)>>")], "/Info 6 0 R");
    let zero = {
        let bytes = twice.clone();
        let at = find_last(&bytes, b"xref\n6 1").expect("a table");
        assert_eq!(last_xref(&bytes), at);
        crate::document::finish(&bytes, bytes.clone(), "0 0\n", "")
    };
    let cases: Vec<Case> = vec![
        case("updated twice", twice),
        case("updated thirty times", many),
        case("the content updated", page_again),
        case("freed", freed),
        case("freed and used again", again),
        case("a table behind a stream", mixed),
        case("an update behind no line end", no_eol),
        case("an update of nothing", nothing),
        case("an update of an empty subsection", zero),
        case("blank lines before an update", blank),
    ];
    all(&cases, 10);
}

/// What qpdf makes of the plain document.
#[test]
fn rewritten_by_qpdf() {
    if !crate::judges() {
        return;
    }
    let names = ["linearised", "linearised with object streams", "object streams", "normalised for people", "linearised, then updated"];
    let options: [&[&str]; 5] =
        [&["--linearize"], &["--linearize", "--object-streams=generate"], &["--object-streams=generate"], &["--qdf"], &["--linearize"]];
    let input = saved(&paper().write());
    let mut cases = Vec::new();
    for (name, options) in names.into_iter().zip(options) {
        let out = tempfile::NamedTempFile::new().expect("a temporary file");
        let status = Command::new("qpdf").args(options).arg(input.path()).arg(out.path()).status().expect("qpdf runs");
        assert!(status.success(), "{name}");
        let mut bytes = std::fs::read(out.path()).expect("qpdf wrote it");
        if name.ends_with("updated") {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let root = text.split("/Root ").nth(1).and_then(|rest| rest.split(" R").next()).expect("a root").to_owned();
            bytes = updated(&bytes, &[(59, "<</Title(L)>>")], &format!("/Info 59 0 R/Root {root} R"));
        }
        cases.push(case(name, bytes));
    }
    all(&cases, 5);
}
